-- Reply codes 550 to 599: mailbox, storage, policy and transaction refusals, and the private codes beyond them.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "550",
    name = "Mailbox unavailable, or mail refused",
    meaning = "Either the mailbox does not exist, or the receiver refuses the mail by policy; the enhanced code " ..
      "tells which.",
    when = "The most used 5yz by far: unknown users, relay refusals, blocklists, failed SPF, DKIM or DMARC, missing " ..
      "PTR records, spam verdicts. Gmail and Microsoft 365 put nearly every permanent refusal here.",
    fix = "With 5.1.x check the address; with 5.7.x keep the address and mend SPF, DKIM, DMARC, PTR or reputation " ..
      "as the text says. For a relay refusal, log in to your own relay, or check the MX if the recipient's server " ..
      "said it.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "MAIL", "end-of-data", "EHLO", "HELO", "VRFY", "EXPN", "greeting"},
    enhanced = {
      "5.1.1", "5.7.1", "5.7.26", "5.4.1", "5.2.1", "5.1.0", "5.1.2", "5.7.0", "5.7.25", "5.7.23", "5.7.27", "5.7.20",
      "5.7.29", "5.7.30", "5.7.2", "5.7.15", "5.7.17", "5.6.7", "5.6.8",
    },
    standards = {
      {rfc = 5321, section = "4.2.3, 4.3.2"},
      {rfc = 6409, section = "3.2, 6.1, 6.2, 6.3"},
      {rfc = 6531, section = "3.5, 3.7.4"},
      {rfc = 7208, section = "8.4, 8.7"},
      {rfc = 7372, section = "3"},
      {rfc = 7489, section = "10.3"},
    },
    status = "standard",
    see_also = {"450", "551", "553", "554"},
    notes = {
      "550 5.1.1 says that the address is unknown: suppress it. 550 5.7.1 is a refusal by policy, never a reason to " ..
        "suppress the address: mend the sender or the policy. The text overrules both.",
      "RFC 5321 section 4.3.2 allows 550 after DATA for policy; RFC 821 and RFC 2821 did not.",
      "Classes get mixed: Microsoft documents 550 4.4.7 for a message that expired in the queue. Trust the first " ..
        "digit of the reply code for what to do.",
      "550 5.2.1 at Gmail is a disabled account or a mailbox that gets too much mail; at Exchange Server it can be " ..
        "a message held in quarantine.",
      "Google gives 5.7.25 to PTR faults, 5.7.27 to bulk SPF, 5.7.29 to TLS and 5.7.30 to DKIM. In the registry 27, " ..
        "29 and 30 mean a null MX of the sender's domain, an ARC failure and REQUIRETLS.",
      "Microsoft gives 5.1.4 and 5.1.5 to reserved domains, 5.1.6 to domains without a dot, 5.7.12 to senders " ..
        "outside the organisation and 5.7.13 to public folders.",
      "RFC 6531 answers a MAIL that needs an ASCII address with 550 5.6.7, and RCPT with 553 5.6.7. For X.6.9 its " ..
        "section 3.5 says 554, its IANA entry 550.",
      "Microsoft 365 says 550 5.4.1 Access denied for an unknown recipient at its edge.",
    },
  },
  {
    code = "551",
    name = "User not local",
    meaning = "The recipient has no mailbox here; the text may name the address to use instead.",
    when = "Moved users, rarely. Old software also refuses relaying this way, with 5.7.1. Postfix gives 551 to BDAT " ..
      "data that follows an error.",
    fix = "Send to the address in the text if you trust it, and correct the address book. Where it is a relay " ..
      "refusal, check that the MX records lead to the right host, or log in to your own relay.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "VRFY"},
    enhanced = {"5.1.6", "5.7.1"},
    standards = {{rfc = 5321, section = "3.4, 4.2.3"}, {rfc = 2034, section = "6"}, {rfc = 6531, section = "3.7.4.1"}},
    status = "standard",
    see_also = {"251", "550", "553"},
    notes = {
      "Clients do not follow the new address by themselves; 251 is the friendly form, where the server forwards.",
      "The pair with 5.1.6 is inferred; RFC 2034 shows 551 5.7.1 for refused forwarding.",
    },
  },
  {
    code = "552",
    name = "Mailbox full, or message too big",
    meaning = "The mailbox has used up its storage, or the message is larger than the server allows.",
    when = "After MAIL with a SIZE value, after RCPT, or at end of data. Gmail says 552 5.2.2 for a full mailbox, " ..
      "5.3.4 for size and 5.7.0 for a forbidden attachment.",
    fix = "With 5.2.2 reach the recipient another way to clear the mailbox. With 5.3.4 or 5.2.3 compare the size " ..
      "with EHLO's SIZE, shrink the message or send a link. With 5.7.0 take out the attachment.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL", "RCPT", "end-of-data", "BDAT", "BURL"},
    enhanced = {"5.2.2", "5.3.4", "5.2.3", "5.7.0", "5.7.16"},
    standards = {
      {rfc = 5321, section = "4.2.3, 4.5.3.1.9, 4.5.3.1.10"},
      {rfc = 1870, section = "6"},
      {rfc = 4468, section = "6"},
    },
    status = "standard",
    see_also = {"452", "522", "554"},
    notes = {
      "Tell 552 and 452 apart by their pairs: 5.2.2 and 4.2.2 mean that one mailbox is full, 4.3.1 that the " ..
        "server's disk is, 5.3.4 that the message is too big, 4.5.3 that it has too many recipients and must go in " ..
        "parts.",
      "RFC 821 used 552 for too many recipients. RFC 5321 section 4.5.3.1.10 wants 452 and asks clients to treat " ..
        "such a 552 to RCPT as temporary: send the rest in the next transaction.",
      "Gmail's 552 5.7.0 refuses a dangerous attachment, though 552 is a storage code.",
      "RFC 3463 asks for a transient code with X.2.2; the registry pairs it with 552, and RFC 4468 shows 552 5.2.2.",
      "With 5.7.16 the message is too big for the priority it asked for. RFC 4865 once gave X.7.16 to a " ..
        "future-release quota; the registry holds RFC 6710's meaning.",
      "Yahoo has sent 552 for a mailbox it did not find, GoDaddy for a virus; there the text overrules the code.",
    },
  },
  {
    code = "553",
    name = "Mailbox name not allowed",
    meaning = "The address is malformed, ambiguous or not permitted here.",
    when = "Used widely for policy: Sendmail for a sender domain that does not exist (5.1.8), Postfix for a sender " ..
      "address that the login does not own (5.7.1), qmail for refused relaying, Yahoo for blocked IPs.",
    fix = "Read which address the text names. Give the sender domain an MX or A record, or log in as the owner of " ..
      "the sender address; for a relay refusal, check the recipient domain's MX. For an IP block, ask for " ..
      "delisting.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL", "RCPT", "VRFY"},
    enhanced = {"5.1.8", "5.7.1", "5.1.3", "5.1.7", "5.6.7"},
    standards = {{rfc = 5321, section = "4.2.3, 4.3.2"}, {rfc = 6531, section = "3.5"}},
    status = "standard",
    see_also = {"501", "550", "551"},
    notes = {
      "Yahoo sends 553 5.7.2 to an IP that it will defer for good, although X.7.2 is the code for a list that may " ..
        "not be expanded. Waiting does not help.",
      "AT&T sends 553 5.3.0 with a text that holds DNSBL:RBL 521: a block of the client's IP.",
      "553 5.6.7 means that the address needs SMTPUTF8; RFC 5336 (experimental) gave X.6.7 another meaning, now void.",
      "Mimecast says 553 where a route demands TLS.",
    },
  },
  {
    code = "554",
    name = "Transaction failed, or no service here",
    meaning = "The server refuses the transaction as a whole. As a greeting it means: no mail from you, or none at " ..
      "this host.",
    when = "Blocklists and relay refusals (Postfix's default code), content filters, mail loops, clients that talk " ..
      "ahead of the greeting, DATA with no good recipient.",
    fix = "Go by the text: it names the list, the filter or the loop. Look up the sending IP and domain on the list " ..
      "named, and ask for delisting once the cause is gone. For a loop, read the Received fields and break the " ..
      "forwarding.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data", "RCPT", "greeting", "DATA", "MAIL", "STARTTLS", "BURL"},
    enhanced = {
      "5.7.1", "5.4.6", "5.5.1", "5.5.0", "5.6.0", "5.7.0", "5.3.4", "5.0.0", "5.6.3", "5.6.6", "5.7.7", "5.7.8",
    },
    standards = {
      {rfc = 5321, section = "3.1, 4.2.3, 4.3.2"},
      {rfc = 6409, section = "4.1, 4.2, 5.1, 6.3"},
      {rfc = 3207, section = "4.1"},
      {rfc = 4468, section = "6"},
      {rfc = 6531, section = "3.5"},
      {rfc = 7504, section = "3"},
    },
    status = "standard",
    see_also = {"521", "550", "556"},
    notes = {
      "RFC 5321 knows only 554 as a refusing greeting; RFC 7504 keeps it for selective refusal and gives 521 to " ..
        "hosts that never take mail.",
      "After a 554 greeting the client should send QUIT and nothing else. Postfix as a client skips such a greeting " ..
        "by default (smtp_skip_5xx_greeting = yes), tries the next MX and keeps the mail queued.",
      "When end of data gets 554, the text is often a spam filter's verdict; a RCPT refused with 554 5.7.1 'blocked " ..
        "using' is a blocklist.",
      "A text with 'Error: open resolver' or a /returnc/ link lists nobody: the receiving side asks the list " ..
        "through a resolver that the list refuses.",
      "RFC 6531 section 3.5 gives 554 to X.6.9; its IANA entry says 550.",
      "RFC 4468 used 554 5.7.8 where a trust relationship is missing; RFC 5248 moved that to X.7.14, and 5.7.8 is " ..
        "now for bad credentials.",
      "Yahoo pairs 554 with 5.7.9 for unauthenticated or unwanted mail, not for a weak login mechanism.",
    },
  },
  {
    code = "555",
    name = "MAIL or RCPT parameters not recognised",
    meaning = "The server does not know a parameter that follows the address in MAIL or RCPT.",
    when = "A client uses an extension that EHLO did not list, after HELO for instance. qmail and Gmail give 555 to " ..
      "addresses with broken syntax (Gmail with 5.5.2).",
    fix = "Compare the parameters in the client's debug log with the EHLO list. If none stands there, check the " ..
      "angle brackets round the address and look for spaces within.",
    retry = "no",
    acts = "sending-admin",
    commands = {"MAIL", "RCPT"},
    enhanced = {"5.5.4", "5.5.2"},
    standards = {{rfc = 5321, section = "4.1.1.11, 4.2.3"}, {rfc = 1869, section = "6.1"}},
    status = "standard",
    see_also = {"455", "501", "504"},
    notes = {
      "455 is the temporary sister: the parameter is known, but cannot be honoured just now.",
      "Postfix's text is 'Unsupported option', with 555 5.5.4.",
    },
  },
  {
    code = "556",
    name = "Domain does not accept mail",
    meaning = "The recipient's domain publishes a null MX and so never takes mail.",
    when = "A relay or submission server that finds MX 0 with a lone dot (Postfix and Sendmail do) answers RCPT " ..
      "with 556. The domain's own hosts are never asked.",
    fix = "Check the domain for a typing error and query its MX record: a lone dot confirms it. Take the address " ..
      "off the list, and find another address for the person.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.10"},
    standards = {{rfc = 7504, section = "4"}, {rfc = 7505, section = "4.1"}},
    status = "standard",
    see_also = {"521", "550", "512"},
    notes = {
      "RFC 1846 gave this relay case the code 521; RFC 7504 moved it to 556.",
      "The mirror case, a sender whose domain has a null MX, is 550 5.7.27 in RFC 7505. At Gmail 5.7.27 means bulk " ..
        "mail without SPF.",
    },
  },
  {
    code = "557",
    name = "Unassigned code of an expired draft",
    meaning = "An expired draft on address queries used it; no standard defines it.",
    when = "Rare, as a private code; some lists read it as too many recipients.",
    fix = "Go by the text. If it counts recipients, send to fewer at a time; else ask the postmaster of that server.",
    retry = "no",
    acts = "sender",
    commands = {"any"},
    status = "nonstandard",
    see_also = {"550", "552", "554"},
    notes = {
      "The draft is draft-moore-email-addrquery.",
    },
  },
  {
    code = "571",
    name = "Blocked by local policy",
    meaning = "A private code for mail that a local policy or block list refuses.",
    when = "Old Sendmail rule sets and Orange, which documents 571 5.7.1 for a DMARC failure.",
    fix = "Handle it like 550 5.7.1. At Orange, compare SPF and DKIM with the From domain until DMARC passes; " ..
      "elsewhere ask the receiving postmaster which list holds you.",
    retry = "no",
    acts = "sending-admin",
    commands = {"RCPT", "end-of-data", "MAIL"},
    enhanced = {"5.7.1"},
    status = "nonstandard",
    see_also = {"550", "554", "591"},
    notes = {
      "Looks like 5.7.1 with its dots removed.",
      "RFC 5321's grammar ends the second digit at 5, so 571 is not even well-formed; clients go by the first digit.",
    },
  },
  {
    code = "585",
    name = "Recipient rejected",
    meaning = "A private code that comes with a text about an undeliverable address.",
    when = "A few hosts only, in reply to RCPT.",
    fix = "Check the spelling of the address, and drop it when the text calls it unknown.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.1"},
    status = "nonstandard",
    see_also = {"550", "511"},
    notes = {
      "The second digit 8 lies outside RFC 5321's grammar (0 to 5), so 585 is not well-formed. The pair with 5.1.1 " ..
        "is inferred.",
    },
  },
  {
    code = "591",
    name = "Host on a blocklist",
    meaning = "A private code that comes with a blocklist text: the sending IP is listed.",
    when = "Reported from one small provider, in reply to RCPT.",
    fix = "Find the list that the text names, remove the cause of the listing (a hijacked account, a missing PTR) " ..
      "and ask the list for removal of the IP.",
    retry = "no",
    acts = "sending-admin",
    commands = {"RCPT"},
    enhanced = {"5.7.1"},
    status = "nonstandard",
    see_also = {"550", "554", "571"},
    notes = {
      "RFC 5321's grammar has no second digit above 5, which leaves 591 malformed, if readable. The pair with 5.7.1 " ..
        "is inferred.",
    },
  },
}
