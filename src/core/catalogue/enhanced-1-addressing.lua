-- Owns the enhanced codes X.1.*: the addresses of sender and recipient.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 3463, 3886, 7504 and 7505, IANA's registry, and the habits of common servers and large providers.
return {
  {
    code = "X.1.0",
    name = "Other address status",
    meaning = "Something about the sender or recipient address led to the refusal, and no finer code fits.",
    when = "Local rules on addresses. Exchange says 554 5.1.0 Sender Denied when its sender filter matches, and " ..
      "uses the code for addresses that its resolver cannot handle.",
    fix = "Find out from the log whether MAIL or RCPT was refused. Correct that address, or ask the receiving admin " ..
      "which rule it met.",
    retry = "no",
    acts = "sender",
    classes = {"2", "4", "5"},
    replies = {"250", "550", "554", "553", "450"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.1.5", "X.1.8"},
    by_class = {
      ["2"] = {
        name = "Sender address accepted",
        meaning = "The sender address is accepted.",
        when = "The usual answer to MAIL: Postfix, Sendmail and Exchange send 250 2.1.0.",
        fix = "Nothing to repair: the envelope sender passed the first check. Postfix puts its sender checks off " ..
          "until RCPT, so a refusal can still follow there.",
        acts = "nobody",
        retry = "no",
      },
      ["4"] = {
        meaning = "An address could not be judged just now, and no finer code fits.",
        when = "A look-up behind an address check failed, or a server defers mail by a rule of its own about " ..
          "addresses.",
        fix = "Leave the mail in the queue. If it stays for hours, see which address the text names and ask the " ..
          "receiving admin about it.",
        acts = "nobody",
        retry = "yes",
      },
    },
  },
  {
    code = "X.1.1",
    name = "Bad destination mailbox address",
    meaning = "There is no such mailbox: the part of the address left of the @ does not exist at that domain.",
    when = "A typing slip, someone who has left, a deleted account or an old list. Postfix, Sendmail, Gmail, " ..
      "Exchange and Dovecot all use it for an unknown user.",
    fix = "Compare the address letter by letter with a known good one, then take it off your lists. If the person " ..
      "swears by it, their admin should search the user and alias tables of the MX that refused.",
    retry = "no",
    acts = "sender",
    classes = {"4", "5"},
    commands = {"RCPT"},
    replies = {"550", "450", "451", "553", "554"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.2", "X.1.6", "X.2.1", "X.7.1"},
    by_class = {
      ["4"] = {
        meaning = "The address could not be confirmed yet, and the server asks you to come back.",
        when = "Postfix with address verification: 450 4.1.1 with the text unverified address says that its probe " ..
          "of the mailbox host has not succeeded yet.",
        fix = "Let the queue retry: within minutes the answer becomes a yes or a no. If it stays, the receiving " ..
          "admin must find out why the probes of the mailbox host fail.",
        acts = "nobody",
        retry = "yes",
      },
    },
    notes = {
      "With 550 5.1.1 the address is unknown and leaves your lists. With 550 5.7.1 a policy refused the mail, which " ..
        "says nothing against the address: mend the sender or the policy. Where the text says otherwise, believe " ..
        "the text.",
      "RFC 3463 calls this code useful only for permanent failures; Postfix sends 4.1.1 all the same while it " ..
        "verifies an address.",
      "Apple's iCloud also sends 550 5.1.1 for an inactive address.",
    },
  },
  {
    code = "X.1.2",
    name = "Bad destination system address",
    meaning = "The recipient's domain does not exist or cannot take mail.",
    when = "A misspelt or expired domain, or one without MX and address records. Sendmail says 550 5.1.2 Host " ..
      "unknown in its bounces.",
    fix = "Query the domain's MX, A and AAAA records. A typing slip is yours to correct; an expired or empty zone " ..
      "is for the domain's owner.",
    retry = "no",
    acts = "sender",
    classes = {"4", "5"},
    replies = {"550", "450", "554", "553"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.1.10", "X.4.4"},
    by_class = {
      ["4"] = {
        meaning = "The recipient's domain could not be found at this moment.",
        when = "Postfix relays answer 450 by default when a look-up finds no such domain, and qmail queues the mail " ..
          "with this code.",
        fix = "Check the spelling first, then query the domain through two resolvers. If only yours fails, mend it; " ..
          "if both fail, the domain's owner must repair the zone.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
    notes = {
      "RFC 3463 calls this code useful only for permanent failures. Postfix's default of 450 keeps mail to a " ..
        "misspelt domain in the queue for days; unknown_address_reject_code changes that.",
    },
  },
  {
    code = "X.1.3",
    name = "Bad destination mailbox address syntax",
    meaning = "The recipient address breaks the grammar for addresses, so no mailbox was even looked for.",
    when = "A space, a missing @ or domain, a stray bracket or comma, two dots in a row, or a display name that " ..
      "slipped into RCPT. Postfix says 501 5.1.3.",
    fix = "Correct the address where it is stored: the list, the form or the address book that it came from.",
    retry = "no",
    acts = "sender",
    classes = {"5"},
    commands = {"RCPT"},
    replies = {"501", "553", "550"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.1.7", "X.6.7"},
  },
  {
    code = "X.1.4",
    name = "Destination mailbox address ambiguous",
    meaning = "The address fits more than one mailbox, and the server will not choose between them.",
    when = "Look-ups by a person's name, or a directory in which two objects hold the same address: Exchange names " ..
      "that RESOLVER.ADR.Ambiguous.",
    fix = "Write to the person's full, unique address. On the receiving side, search the directory for the address " ..
      "and leave it on one object only.",
    retry = "no",
    acts = "receiving-admin",
    classes = {"5"},
    replies = {"550"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.1.5"},
    notes = {
      "Exchange also refuses recipients in domains that RFC 2606 reserves, such as example.com, with 5.1.4 or " ..
        "5.1.5: there the address is a placeholder and wants correcting.",
    },
  },
  {
    code = "X.1.5",
    name = "Destination address valid",
    meaning = "The recipient address is accepted.",
    when = "The usual answer to RCPT, as 250 2.1.5. Some servers also join it to the 252 with which they avoid a " ..
      "true answer to VRFY.",
    fix = "Nothing to repair: the address passed. The message can still be refused at end of data, and a relay or a " ..
      "catch-all accepts addresses that it cannot check.",
    retry = "no",
    acts = "nobody",
    classes = {"2", "5"},
    commands = {"RCPT", "VRFY"},
    replies = {"250", "252", "251"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.0", "X.1.1", "X.1.4"},
    by_class = {
      ["5"] = {
        name = "Recipient in a reserved domain",
        meaning = "The recipient's domain is one that RFC 2606 reserves for examples and tests, so the mail is " ..
          "refused.",
        when = "Exchange, which uses 5.1.4 as well; no standard gives this code a permanent class.",
        fix = "Replace the placeholder, such as user@example.com, by the real address in the list or form that it " ..
          "came from.",
        acts = "sender",
        retry = "no",
      },
    },
  },
  {
    code = "X.1.6",
    name = "Mailbox has moved, no forwarding address",
    meaning = "There was a mailbox at this address once, but it is closed and no new address is given.",
    when = "People who have left and accounts that were shut: iCloud says it of a recipient who is no longer on its " ..
      "server.",
    fix = "Find the person's new address some other way, and take the old one off your lists.",
    retry = "no",
    acts = "sender",
    classes = {"5"},
    commands = {"RCPT"},
    replies = {"550", "551"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.2.1", "551"},
    notes = {
      "Exchange also says 5.1.6 of an address whose domain is a single label without a dot: complete the domain.",
    },
  },
  {
    code = "X.1.7",
    name = "Bad sender's mailbox address syntax",
    meaning = "The sender address given in MAIL breaks the grammar for addresses.",
    when = "A program that puts a bare user name, a display name or an empty local part into MAIL. Postfix answers " ..
      "501 5.1.7.",
    fix = "Correct the envelope sender in the program that submits the mail: a full address such as " ..
      "news@example.org, or the null sender for bounces.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    commands = {"MAIL", "RCPT"},
    replies = {"501", "553", "550", "450"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.3", "X.1.8"},
    by_class = {
      ["4"] = {
        name = "Sender address not verified yet",
        meaning = "The receiver has not been able to verify the sender address, and defers the mail until it can.",
        when = "Postfix with sender verification: 450 4.1.7 with the text unverified address. Its probe of the " ..
          "sender's MX was refused, greylisted or got no answer.",
        fix = "See that the MX of the sender's domain accepts RCPT for that very address from strangers. After that " ..
          "the queue gets the mail through by itself.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
    notes = {
      "No code says that a sender is bad, so Postfix uses 4.1.7 and 5.1.7 for any sender that fails its " ..
        "verification, whatever the syntax.",
    },
  },
  {
    code = "X.1.8",
    name = "Bad sender's system address",
    meaning = "The domain of the sender address does not exist or cannot take mail, so no reply or bounce could go " ..
      "back.",
    when = "A sender such as root@host.localdomain, or a sender domain without MX and address records. Sendmail " ..
      "says 553 5.1.8 and Postfix, by default, 450 4.1.8.",
    fix = "Send from a domain with MX or address records in public DNS: set it in the sending program, or as " ..
      "myorigin in Postfix.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    commands = {"MAIL", "RCPT"},
    replies = {"553", "450", "550", "451", "501"},
    standards = {{rfc = 3463, section = "3.2"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.2", "X.1.7", "X.7.27"},
    by_class = {
      ["4"] = {
        meaning = "The sender's domain, or the name of the sending host, could not be resolved at this moment.",
        when = "Postfix at a sender domain that it cannot find; Sendmail with 451 4.1.8 when a look-up fails, or " ..
          "when the client's reverse name does not lead back to its address.",
        fix = "From outside, query the MX, A and AAAA records of the sender's domain and the PTR of the sending " ..
          "address. Repair the zone or its name servers; the queue does the rest.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
    notes = {
      "Microsoft 365 says 5.1.8 Access denied, bad outbound sender when it has blocked one of its own accounts for " ..
        "spam: the tenant's admin secures the account, then lifts the restriction.",
      "Postfix keeps to 450 even for a sender domain that will never exist, unless unknown_address_reject_code is " ..
        "changed.",
    },
  },
  {
    code = "X.1.9",
    name = "Message relayed to non-compliant mailer",
    meaning = "The message went on to a system that does not speak message tracking, so its trail ends here.",
    when = "Reports of message tracking, together with the action relayed. SMTP sessions hardly ever carry it.",
    fix = "Nothing to repair: to follow the message further, ask the admin of the host in the report's Remote-MTA " ..
      "field.",
    retry = "no",
    acts = "nobody",
    classes = {"2", "4", "5"},
    standards = {{rfc = 3886, section = "3.3.4"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.0.0", "X.1.5"},
    by_class = {
      ["4"] = {
        meaning = "A relay to a system without message tracking is reported as a delay, a use that RFC 3886 does " ..
          "not know.",
        when = "No common server: RFC 3886 allows 2.1.9 only.",
        fix = "Read the text of the report and the log of the host that wrote it, and leave the mail in the queue " ..
          "meanwhile.",
        acts = "sending-admin",
      },
      ["5"] = {
        meaning = "A relay to a system without message tracking is reported as a failure, a use that RFC 3886 does " ..
          "not know.",
        when = "No common server: RFC 3886 allows 2.1.9 only.",
        fix = "Read the text of the report and the log of the host that wrote it, for the number alone explains too " ..
          "little.",
        acts = "sending-admin",
      },
    },
  },
  {
    code = "X.1.10",
    name = "Recipient address has null MX",
    meaning = "The recipient's domain states in DNS, by a null MX record, that it takes no mail at all.",
    when = "At RCPT, or in a bounce of your own relay, for a domain that publishes MX 0 with a lone dot. Postfix " ..
      "and Sendmail join it to 556.",
    fix = "Check the spelling of the domain. If it is right, its owner wants no mail there: take the address off " ..
      "your lists and reach the person some other way.",
    retry = "no",
    acts = "sender",
    classes = {"4", "5"},
    commands = {"RCPT"},
    replies = {"556", "550"},
    standards = {{rfc = 7505, section = "4.1"}, {rfc = 7505, section = "6"}, {rfc = 7504, section = "6"}},
    status = "standard",
    see_also = {"X.1.2", "X.7.27", "556"},
    by_class = {
      ["4"] = {
        meaning = "The recipient's domain publishes a null MX, yet the mail is kept for another attempt.",
        when = "Hardly ever on the wire: Postfix holds 4.1.10 in its source, but sends 5.1.10.",
        fix = "Look up the MX of the domain. If it is MX 0 with a lone dot, take the mail out of the queue, for " ..
          "waiting changes nothing.",
        acts = "sender",
        retry = "no",
      },
    },
    notes = {
      "Microsoft 365 says 5.1.10 Recipient not found for a mailbox that does not exist: there the domain takes " ..
        "mail, and the name left of the @ is wrong.",
    },
  },
}
