-- Owns the enhanced status codes X.7.15 to X.7.30: priority, ownership, DKIM, SPF, PTR, floods, ARC, REQUIRETLS.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the RFCs that each entry names, the IANA registry and seen replies; the prose is our own.
return {
  {
    code = "X.7.15",
    name = "Priority level is too low",
    classes = {"4", "5"},
    meaning = "The message has a lower priority than the server takes at present.",
    when = "Servers with the MT-PRIORITY extension in military or emergency networks, at times when only urgent " ..
      "mail may pass.",
    fix = "Send the message later, or with a higher MT-PRIORITY if the sender is entitled to one.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["4"] = {
        fix = "Leave the message in the queue until the restriction ends; raise its priority only if the sender is " ..
          "entitled to that.",
        acts = "nobody",
      },
    },
    commands = {"MAIL", "end-of-data"},
    replies = {"450", "550"},
    standards = {{rfc = 6710, section = "4.1"}, {rfc = 6710, section = "10"}},
    status = "standard",
    see_also = {"X.7.16"},
    notes = {
      "RFC 6710 permits other 4yz and 5yz replies with it as well.",
    },
  },
  {
    code = "X.7.16",
    name = "Message is too big for its priority",
    classes = {"4", "5"},
    meaning = "The message is larger than the server takes at the priority it carries.",
    when = "Servers with the MT-PRIORITY extension, which may hold urgent mail to a few kilobytes so that it passes " ..
      "slow links.",
    fix = "Make the message smaller, for instance by leaving out attachments, or send it with a different priority.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL", "end-of-data"},
    replies = {"552"},
    standards = {{rfc = 6710, section = "5"}, {rfc = 6710, section = "10"}, {rfc = 4865, section = "6"}},
    status = "standard",
    see_also = {"X.7.15", "X.3.4", "X.7.17"},
    notes = {
      "RFC 4865 had given the same number to a user's full quota of future-release messages. The registry holds the " ..
        "meaning of RFC 6710.",
    },
  },
  {
    code = "X.7.17",
    name = "Mailbox owner has changed",
    classes = {"5"},
    meaning = "The mailbox belongs to another person now than at the date that the sender named.",
    when = "Mail with an RRVS parameter or a Require-Recipient-Valid-Since header, such as password resets, to an " ..
      "address that the provider gave away again.",
    fix = "Stop sending to the address and take it off the account. Reach the person by another way and ask for the " ..
      "new address.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7293, section = "5.1"}, {rfc = 7293, section = "15.3"}, {rfc = 4865, section = "6"}},
    status = "standard",
    see_also = {"X.7.18", "X.7.19", "X.1.6"},
    notes = {
      "RFC 4865 had given the same number to a system's full quota of future-release messages. The registry holds " ..
        "the meaning of RFC 7293.",
    },
  },
  {
    code = "X.7.18",
    name = "Domain owner has changed",
    classes = {"5"},
    meaning = "The recipient's domain has passed to another owner since the date that the sender named.",
    when = "RRVS mail to a domain that lapsed or was sold and was registered by somebody else.",
    fix = "Treat every address under that domain as given to strangers: hold back personal mail and ask each person " ..
      "for a new address.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7293, section = "15.3"}},
    status = "standard",
    see_also = {"X.7.17", "X.7.19"},
  },
  {
    code = "X.7.19",
    name = "RRVS test cannot be completed",
    classes = {"5"},
    meaning = "The server cannot tell whether the mailbox still has the same owner, since it keeps no record of the " ..
      "date.",
    when = "RRVS mail to a mailbox that is older than its provider's records.",
    fix = "Decide whether the message may go without that protection. If it may, send it again without RRVS; if it " ..
      "holds secrets, confirm the address with the person first.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7293, section = "15.3"}},
    status = "standard",
    see_also = {"X.7.17", "X.7.18"},
  },
  {
    code = "X.7.20",
    name = "No passing DKIM signature found",
    classes = {"5"},
    meaning = "The server wants a DKIM signature that verifies, and the message has none.",
    when = "Unsigned mail, a selector without its DNS record, or a body that was altered after signing. Sent at the " ..
      "end of data by filters with strict local rules.",
    fix = "Send a test mail and read its Authentication-Results header. If there is no signature, make your signer " ..
      "sign; if the body hash fails, look for what changes the mail after signing; if the key is missing, publish " ..
      "the selector's TXT record.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7372, section = "3.1"}, {rfc = 6376, section = "6.1"}},
    status = "standard",
    see_also = {"X.7.21", "X.7.22", "X.7.26", "X.7.30"},
    notes = {
      "RFC 6376 section 6.1 advises against refusing mail for this reason alone.",
      "Most providers refuse with 5.7.26, 5.7.9 or 5.7.1 instead; Gmail has 5.7.30 for missing DKIM.",
    },
  },
  {
    code = "X.7.21",
    name = "No acceptable DKIM signature found",
    classes = {"5"},
    meaning = "The message has a DKIM signature that verifies, but none that satisfies the receiver's own rules.",
    when = "A key or hash that the receiver holds to be too weak, a signature over too few header fields or over a " ..
      "part of the body, or one by a domain it does not accept.",
    fix = "Sign with your own domain, a key of 2048 bits and rsa-sha256, over the whole body and at least From, To, " ..
      "Subject and Date. Leave out the l= tag.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7372, section = "3.1"}, {rfc = 6376, section = "6.1"}},
    status = "standard",
    see_also = {"X.7.20", "X.7.22"},
    notes = {
      "RFC 6376 section 6.1 advises against refusing mail for this reason alone.",
    },
  },
  {
    code = "X.7.22",
    name = "No author-matched DKIM signature found",
    classes = {"5"},
    meaning = "The message is validly signed, but by no domain that matches the author in the From header.",
    when = "Newsletters and hosted mail that only the service provider's domain signs.",
    fix = "Have the sending service sign with the domain of the From header. Most services ask for two or three " ..
      "CNAME records in your DNS for that.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data"},
    replies = {"550"},
    standards = {{rfc = 7372, section = "3.1"}, {rfc = 6376, section = "6.1"}},
    status = "standard",
    see_also = {"X.7.20", "X.7.21", "X.7.26"},
    notes = {
      "RFC 6376 section 6.1 advises against refusing mail for this reason alone.",
      "It is a special case of X.7.21.",
    },
  },
  {
    code = "X.7.23",
    name = "SPF validation failed",
    classes = {"4", "5"},
    meaning = "The sender's domain does not list this address in its SPF record, and the receiver refuses for that.",
    when = "A new mail server or a hired sending service that the record lacks, or mail forwarded under its first " ..
      "envelope sender. Microsoft 365 calls it a \"Sender Policy Framework violation\".",
    fix = "Compare the address in the bounce with the domain's SPF record and add it with ip4, ip6 or include. If a " ..
      "forwarder sent it, that host has to rewrite the sender with SRS.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "No matching PTR record, at Gmail",
        meaning = "The sending address has no PTR record, or its name does not lead back to the address; a use of " ..
          "Google's, not of the registry.",
        when = "Gmail at 421, while it slows down mail from that address instead of refusing it.",
        fix = "Have the owner of the address set a PTR record to your host name and an A or AAAA record back to the " ..
          "address. The mail can stay in the queue meanwhile.",
      },
    },
    commands = {"MAIL", "RCPT", "end-of-data"},
    replies = {"550", "421"},
    standards = {{rfc = 7372, section = "3.2"}, {rfc = 7208, section = "8.4"}},
    status = "standard",
    see_also = {"X.7.24", "X.7.25", "X.7.26", "X.7.27"},
    notes = {
      "It takes the place of 5.7.1, which SPF refusals used before RFC 7372 and often still do.",
      "Google uses 4.7.23 for a PTR record and 5.7.27 for SPF: at Gmail the registry's number does not tell.",
    },
  },
  {
    code = "X.7.24",
    name = "SPF validation error",
    classes = {"4", "5"},
    meaning = "The SPF record of the sender's domain could not be evaluated, because the record itself is wrong.",
    when = "Two SPF records on one name, a syntax error, more than ten DNS look-ups. Gmail also says it of " ..
      "suspicious entries in the record.",
    fix = "Read the TXT records of the envelope sender's domain: leave exactly one that starts with v=spf1, mend " ..
      "its syntax, and bring include, a, mx and redirect down to ten look-ups.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "SPF look-up failed for now",
        meaning = "The SPF record of the sender's domain could not be fetched, so the check has no result yet.",
        when = "Name servers of the domain, or of a domain it includes, that do not answer or answer SERVFAIL.",
        fix = "Ask every name server of the domain for its TXT record, and check DNSSEC. Repair the one that fails; " ..
          "the queue then delivers by itself.",
      },
    },
    commands = {"MAIL", "RCPT", "end-of-data"},
    replies = {"550", "451", "421"},
    standards = {{rfc = 7372, section = "3.2"}, {rfc = 7208, section = "8.6"}, {rfc = 7208, section = "8.7"}},
    status = "standard",
    see_also = {"X.7.23", "X.7.26", "X.4.3"},
    notes = {
      "RFC 7372 pairs 451 with SPF's temporary error and 550 with its permanent error. It replaces 4.4.3 and 5.5.2 " ..
        "of RFC 7208.",
    },
  },
  {
    code = "X.7.25",
    name = "Reverse DNS validation failed",
    classes = {"4", "5"},
    meaning = "The sending address has no PTR record, or the name in it does not lead back to the same address.",
    when = "A new server or a new IPv6 address whose PTR record was forgotten. Gmail and Microsoft 365 insist on " ..
      "it, Microsoft above all for IPv6.",
    fix = "Ask whoever owns the address, mostly the hosting provider, to set its PTR to your host name. Publish the " ..
      "A or AAAA record of that name with the very same address, for IPv6 too.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        meaning = "The server could not confirm the PTR record of the sending address and takes no mail from it for " ..
          "now.",
        when = "Postfix with reject_unknown_client_hostname, as \"cannot find your hostname\", both for a missing " ..
          "record and for DNS that did not answer.",
        fix = "Look up the PTR of the sending address and the address of the name it gives. If both agree, let the " ..
          "queue try again; if not, have the owner of the address set them.",
      },
    },
    commands = {"greeting", "MAIL", "RCPT", "end-of-data"},
    replies = {"550", "450", "421"},
    standards = {{rfc = 7372, section = "3.3"}, {rfc = 7001, section = "3"}},
    status = "standard",
    see_also = {"X.7.23", "X.7.26", "X.7.1"},
    notes = {
      "Google sends 5.7.25 when it refuses and 4.7.23 when it slows the mail down for the same fault.",
      "Microsoft's 5.7.25 for IPv6 senders agrees with the registry.",
    },
  },
  {
    code = "X.7.26",
    name = "Multiple authentication checks failed",
    classes = {"4", "5"},
    meaning = "The message failed more than one check of where it comes from, such as SPF and DKIM together.",
    when = "Gmail for mail without SPF and DKIM, for a domain whose DMARC policy says reject, and for a hard SPF fail.",
    fix = "Sign with DKIM for the domain in From, list the sending address in its SPF record, and let one of the " ..
      "two align with From for DMARC. Gmail's text says which check failed.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "Unauthenticated mail, held or slowed",
        when = "Gmail at 421, when it slows down unauthenticated mail. Microsoft 365 for mail over IPv6 that passes " ..
          "neither SPF nor DKIM.",
        fix = "Set up SPF and DKIM. Mail that waits in the queue passes SPF at its next attempt, once the record " ..
          "lists the address; it gets no DKIM signature unless it goes through the signer again.",
      },
    },
    commands = {"end-of-data"},
    replies = {"550", "421", "451"},
    standards = {{rfc = 7372, section = "3.4"}},
    status = "standard",
    see_also = {"X.7.20", "X.7.23", "X.7.27", "X.7.30"},
    notes = {
      "RFC 7372 leaves it open which checks failed.",
      "It is never a reason to drop the recipient's address: the mailbox was not the trouble.",
    },
  },
  {
    code = "X.7.27",
    name = "Sender address has null MX",
    classes = {"4", "5"},
    meaning = "The sender's domain declares by a null MX record that it takes no mail, so no bounce could ever " ..
      "return to it. At Gmail the number means that SPF did not pass.",
    when = "An envelope sender or From domain with the record \"MX 0 .\", mostly a no-reply domain. In practice " ..
      "chiefly Gmail, which asks senders in bulk for SPF.",
    fix = "Send from a domain that takes mail, or replace the null MX by a working one. At Gmail, list the sending " ..
      "address in the SPF record of the envelope sender's domain.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "SPF did not pass, at Gmail",
        meaning = "The envelope sender's domain does not pass SPF; a use of Google's, not of the registry.",
        when = "Gmail at 421, while it slows down the bulk mail of a sender without SPF.",
        fix = "List the sending address in the SPF record of the envelope sender's domain and let the queue try again.",
      },
    },
    commands = {"MAIL", "RCPT", "end-of-data"},
    replies = {"550", "421"},
    standards = {{rfc = 7505, section = "4.1"}, {rfc = 7505, section = "6"}},
    status = "standard",
    see_also = {"X.1.10", "X.7.23", "X.7.26"},
    notes = {
      "Google reuses 4.7.27 and 5.7.27 for the SPF of bulk senders; the text tells the two uses apart.",
      "A recipient's domain with a null MX is X.1.10, with reply 556.",
    },
  },
  {
    code = "X.7.28",
    name = "Mail flood detected",
    classes = {"4", "5"},
    meaning = "The message belongs to a flood of similar mail, and the receiver shuts it out.",
    when = "A mailbox bombed with subscription mails, or a host that sends far more than it used to. Gmail gives " ..
      "the lasting form after an unusual rate of unsolicited mail.",
    fix = "Stop the campaign or the web form that sends, and look in the mail log for an account or script that was " ..
      "broken into. Put a captcha and a limit on the form before you send again.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "Unusual rate of mail",
        meaning = "The receiver sees an unusual rate of mail from this address, network or domain and slows it down.",
        when = "Gmail at 421, for new addresses, sudden campaigns and forwarded spam.",
        fix = "Lower the number of connections and of mails an hour to that provider, and raise it over days. Check " ..
          "the log for a hijacked account; a forwarder should drop spam before it forwards.",
      },
    },
    commands = {"greeting", "MAIL", "RCPT", "end-of-data"},
    replies = {"421", "550", "450"},
    standards = {{rfc = 5248, section = "2.1"}},
    status = "standard",
    see_also = {"X.7.0", "X.7.1", "X.7.26"},
    notes = {
      "No RFC defines it: the registry that RFC 5248 set up names only a draft for it, draft-levine-mailbomb-header.",
      "Gmail writes the code into each line of a long reply; the words \"unusual rate\" identify it.",
    },
  },
  {
    code = "X.7.29",
    name = "ARC validation failure",
    classes = {"4", "5"},
    meaning = "The chain of ARC seals that forwarders left on the message does not validate. At Gmail the number " ..
      "means that the mail came without TLS.",
    when = "Mail through lists or forwarders of which one altered a sealed message, under strict local rules. In " ..
      "practice chiefly Gmail, which asks senders for TLS.",
    fix = "Read the ARC-Seal headers in the order of their i= tags: the first with cv=fail met a chain that was " ..
      "already broken, so the forwarder before it has to mend its sealing. At Gmail, turn on STARTTLS for outgoing " ..
      "mail: smtp_tls_security_level=may in Postfix.",
    retry = "no",
    acts = "forwarder",
    by_class = {
      ["4"] = {
        name = "Mail came without TLS, at Gmail",
        meaning = "The mail came over a connection without TLS; a use of Google's, not of the registry.",
        when = "Gmail at 421, while it slows down a sender that does not use STARTTLS. Some other servers use it " ..
          "where a key of the ARC chain cannot be looked up for now.",
        fix = "Turn on STARTTLS for outgoing mail (smtp_tls_security_level=may in Postfix) and let the queue try " ..
          "again.",
        acts = "sending-admin",
      },
    },
    commands = {"MAIL", "RCPT", "end-of-data"},
    replies = {"550", "421"},
    standards = {{rfc = 8617, section = "5.2.2"}},
    status = "standard",
    see_also = {"X.7.7", "X.7.10", "X.7.26"},
    notes = {
      "Google reuses 4.7.29 and 5.7.29 for mail without TLS; there the sending administrator acts, not a forwarder.",
      "RFC 8617 lets a receiver treat a failed chain as no chain at all, so few servers refuse for it.",
    },
  },
  {
    code = "X.7.30",
    name = "REQUIRETLS support required",
    classes = {"4", "5"},
    meaning = "The message demands protected delivery on every hop, and no next server promises it. At Gmail the " ..
      "number means that DKIM did not pass.",
    when = "Non-delivery reports for mail that was sent with REQUIRETLS to a domain whose servers do not offer that " ..
      "extension. In practice chiefly Gmail, which asks senders in bulk for DKIM.",
    fix = "Send without REQUIRETLS if the content permits, or ask the receiving administrator to offer the " ..
      "extension. At Gmail, sign with DKIM and check that the selector's TXT record is published.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["4"] = {
        name = "DKIM did not pass, at Gmail",
        meaning = "The message has no DKIM signature that verifies; a use of Google's, not of the registry.",
        when = "Gmail at 421, while it slows down the bulk mail of a sender without DKIM.",
        fix = "Sign with DKIM for the From domain and publish the selector's TXT record. Mail that already waits " ..
          "has to pass the signer again.",
        acts = "sending-admin",
      },
    },
    commands = {"MAIL", "end-of-data"},
    replies = {"550", "421"},
    standards = {{rfc = 8689, section = "4.2.1"}, {rfc = 8689, section = "7"}},
    status = "standard",
    see_also = {"X.7.10", "X.7.20", "X.7.26"},
    notes = {
      "Google reuses 4.7.30 and 5.7.30 for missing DKIM; there the sending administrator acts.",
      "Microsoft 365 answers 550 5.7.30 \"Basic authentication is not supported for Client Submission\": that " ..
        "client has to log in with OAuth 2.0.",
    },
  },
}
