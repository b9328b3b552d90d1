-- Owns the enhanced codes X.3.*: the receiving mail system as a whole.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 3463, 4468, 6710 and 7504, IANA's registry, and the habits of common servers and large providers.
return {
  {
    code = "X.3.0",
    name = "Other or undefined mail system status",
    meaning = "The receiving system has trouble of its own and wants the mail again later.",
    when = "Postfix with a table, a database or a milter that does not answer, or a queue file that it cannot " ..
      "write; Dovecot LMTP with an internal error or too many deliveries to one user.",
    fix = "Let the queue retry. If the host is yours, read its mail log at that very second: it names the map, " ..
      "milter or filter that failed.",
    retry = "yes",
    acts = "receiving-admin",
    classes = {"2", "4", "5"},
    replies = {"451", "421", "450", "554", "550", "553", "221", "250"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.3.2", "X.3.5", "X.4.0", "451"},
    by_class = {
      ["2"] = {
        meaning = "The mail system did what was asked.",
        when = "Oracle and older Sun servers, which take their leave with 221 2.3.0.",
        fix = "Nothing to repair: treat it like 2.0.0, a plain success.",
        acts = "nobody",
        retry = "no",
      },
      ["5"] = {
        meaning = "The receiving system refuses the mail for a reason of its own that no finer code covers.",
        when = "Content filters, and delivery programs that end with an error, as in Sendmail's unknown mailer " ..
          "error. AT&T writes its DNSBL block as 553 5.3.0.",
        fix = "Read the text: a blocklist in it means that your IP address needs delisting. Anything else is for " ..
          "the other postmaster, who needs the full bounce.",
        acts = "receiving-admin",
        retry = "no",
      },
    },
  },
  {
    code = "X.3.1",
    name = "Mail system full",
    meaning = "The server has no room left to store mail: its own disk or memory is short, not one user's mailbox.",
    when = "Postfix with 452 4.3.1 when free space on the queue disk falls below its minimum, and Exchange under " ..
      "back pressure.",
    fix = "Let the queue retry. If the server is yours, look with df at the disks of queue and logs, then at what " ..
      "fills them; on Exchange, search the event log for back pressure.",
    retry = "yes",
    acts = "receiving-admin",
    classes = {"4"},
    commands = {"MAIL", "end-of-data"},
    replies = {"452"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.2.2", "X.3.4", "X.4.5", "452"},
    notes = {
      "A 452 also stands for too many recipients, as 4.5.3, and for one full mailbox, as 4.2.2: with 4.3.1 neither " ..
        "your message nor the address is at fault.",
      "Sendmail reports a disk that is short of space as 452 4.4.5.",
    },
  },
  {
    code = "X.3.2",
    name = "System not accepting network messages",
    meaning = "The host is not taking mail at the moment.",
    when = "A shutdown, maintenance or a limit on load. Postscreen says 450 to a client that it does not know yet " ..
      "and 421 when all ports are busy; Sendmail says 452 past a connection limit, Exchange 421.",
    fix = "Let the queue retry from the same IP address, with fewer connections at once if the text speaks of " ..
      "rates. If the host is yours, see whether the mail service runs and which limit it met.",
    retry = "yes",
    acts = "nobody",
    classes = {"4", "5"},
    replies = {"421", "450", "452", "451", "521", "432", "453"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}, {rfc = 7504, section = "6"}},
    status = "standard",
    see_also = {"X.3.0", "X.1.10", "521", "421"},
    by_class = {
      ["5"] = {
        meaning = "The host takes no mail, at least not from you.",
        when = "A 521 greeting of a host that only sends, or of a dummy listener on an old address. Postscreen also " ..
          "drops a client with 521 5.3.2 when it is on a blocklist or fails a test.",
        fix = "Look up the domain's MX records and see whether this host is among them. If it is, read the text, " ..
          "then check your client's IP address on blocklists and its manners before the greeting.",
        acts = "sender",
        retry = "no",
      },
    },
    notes = {
      "Microsoft 365 says 432 4.3.2 with recipient thread limit exceeded when one mailbox gets too many messages at " ..
        "once: spread them over time.",
      "RFC 5248 pairs the code with 453, the answer to ATRN when no mail waits.",
    },
  },
  {
    code = "X.3.3",
    name = "System not capable of selected features",
    meaning = "The destination lacks a feature that this message or session asks for.",
    when = "Exchange says 500 5.3.3 Unrecognized command to a verb that its connector does not offer; gateways use " ..
      "it when a feature has no match on the other side.",
    fix = "Compare what was asked with the EHLO reply of that host: leave out the verb or parameter that it does " ..
      "not list, or send by a route that offers it.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    replies = {"500", "554"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.5.1", "X.5.4", "X.6.3"},
    by_class = {
      ["4"] = {
        meaning = "The destination lacks a needed feature at the moment.",
        when = "A host that has lost an extension such as STARTTLS or AUTH after an update or a change of certificate.",
        fix = "Let the queue retry, and compare the EHLO reply with an earlier one: the extension that is missing " ..
          "shows what their admin must repair.",
        acts = "receiving-admin",
        retry = "yes",
      },
    },
    notes = {
      "Where EHLO or STARTTLS itself is unrecognised, a firewall that rewrites SMTP may have blanked the command: " ..
        "rows of X in the EHLO reply betray it.",
    },
  },
  {
    code = "X.3.4",
    name = "Message too big for system",
    meaning = "The message is larger than this server accepts for anyone.",
    when = "At MAIL, when the SIZE parameter is above the limit in the EHLO reply, or at end of data. Postfix, " ..
      "Gmail, Exchange and qmail all use it.",
    fix = "Send a link, or split the mail: base64 makes attachments a third larger, so compare the encoded size " ..
      "with SIZE. An admin raises message_size_limit in Postfix, or the connector's limit in Exchange.",
    retry = "no",
    acts = "sender",
    classes = {"5"},
    commands = {"MAIL", "end-of-data", "BDAT"},
    replies = {"552", "554"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}, {rfc = 4468, section = "6"}},
    status = "standard",
    see_also = {"X.2.3", "X.2.2", "X.3.1", "552"},
    notes = {
      "A 552 can also mean a full mailbox or, by an old rule, too many recipients: 5.3.4 settles that the message " ..
        "is too big and the address is good.",
    },
  },
  {
    code = "X.3.5",
    name = "System incorrectly configured",
    meaning = "The receiving system is set up in a way that keeps it from taking this message.",
    when = "Sendmail with 554 5.3.5 Local configuration error, most often because an MX record names a host that " ..
      "does not know the domain as its own.",
    fix = "On the host that says it, compare the list of local domains with the MX records. As a sender, forward " ..
      "the bounce to that postmaster, for nothing on your side will help.",
    retry = "no",
    acts = "receiving-admin",
    classes = {"4", "5"},
    replies = {"451", "554", "553"},
    standards = {{rfc = 3463, section = "3.4"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.3.0", "X.4.6", "451"},
    by_class = {
      ["4"] = {
        meaning = "A fault in the server's configuration stops the mail until somebody mends it.",
        when = "Postfix with 451 4.3.5 Server configuration error: a bad restriction, a missing table or a policy " ..
          "service that does not run.",
        fix = "Let the queue retry. If the host is yours, the log line just before this one names the table or " ..
          "service; run postfix check, then repair it.",
        acts = "receiving-admin",
        retry = "yes",
      },
    },
  },
  {
    code = "X.3.6",
    name = "Requested priority was changed",
    meaning = "The message is accepted, but with another priority than the one asked for.",
    when = "Servers with the MT-PRIORITY extension, rare outside military and emergency networks. The text begins " ..
      "with the new priority.",
    fix = "Nothing to repair: if the old priority matters, ask the server's admin which priorities your login may use.",
    retry = "no",
    acts = "nobody",
    classes = {"2"},
    commands = {"MAIL", "end-of-data"},
    replies = {"250", "251"},
    standards = {{rfc = 6710, section = "4.1"}, {rfc = 6710, section = "10"}},
    status = "standard",
    see_also = {"X.7.15", "X.7.16"},
  },
}
