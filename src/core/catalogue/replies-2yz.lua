-- Reply codes 200 to 299: success, from the greeting to the goodbye.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "200",
    name = "Command okay, before SMTP",
    meaning = "The command succeeded, in the words of FTP and of the mail protocol of 1980 that came before SMTP.",
    when = "Home-made servers and test stubs whose authors copied FTP or HTTP habits. Mail servers of today say 250.",
    fix = "Take it for success by its first digit. Check that the port really belongs to a mail server, and tell " ..
      "whoever wrote the server that SMTP wants 250.",
    retry = "no",
    acts = "receiving-admin",
    commands = {"NOOP"},
    standards = {{rfc = 772}, {rfc = 876}},
    status = "obsolete",
    see_also = {"250"},
    notes = {
      "RFC 772 and RFC 876 name it; RFC 821 and its successors dropped it.",
    },
  },
  {
    code = "211",
    name = "System status or help",
    meaning = "The server tells something about itself, or gives help on how to use it.",
    when = "A possible answer to HELP, though nearly every server prefers 214 there.",
    fix = "Nothing to repair: read the text, which often names the software or the postmaster.",
    retry = "no",
    acts = "nobody",
    commands = {"HELP"},
    standards = {{rfc = 5321, section = "4.2.3, 4.3.2"}, {rfc = 821, section = "4.2.2, 4.3"}},
    status = "standard",
    see_also = {"214", "250"},
    notes = {
      "RFC 5321 lists 211 only under HELP, and RFC 821 gave HELP both 211 and 214. Web lists call 211 a system " ..
        "status, yet no command of RFC 5321 asks for one.",
      "211 and 521 are never alternatives: 211 answers HELP, 521 stands in place of the 220 greeting.",
    },
  },
  {
    code = "214",
    name = "Help text",
    meaning = "Help for a person: the commands that the server knows, or where to ask.",
    when = "The usual answer to HELP, often over several lines. Exim and Sendmail list their commands; qmail names " ..
      "its home page.",
    fix = "Nothing to repair: for the extensions on offer trust EHLO, since the help text is free prose and may be " ..
      "stale.",
    retry = "no",
    acts = "nobody",
    commands = {"HELP"},
    enhanced = {"2.0.0"},
    standards = {{rfc = 5321, section = "4.2.3, 4.3.2"}, {rfc = 821, section = "4.2.2, 4.3"}},
    status = "standard",
    see_also = {"211", "502"},
    notes = {
      "Postfix sends 214 2.0.0. A server without HELP says 502.",
    },
  },
  {
    code = "220",
    name = "Service ready",
    meaning = "The server is ready: as a greeting, the session may begin; after STARTTLS, the TLS handshake may.",
    when = "The first line of every healthy session, with the server's name as its first word, and the good answer " ..
      "to STARTTLS.",
    fix = "Nothing to repair: if the greeting is slow, look for reverse DNS look-ups that hang, ident queries to " ..
      "port 113 and deliberate greeting pauses. A client must wait five minutes for it.",
    retry = "no",
    acts = "nobody",
    commands = {"greeting", "STARTTLS"},
    enhanced = {"2.0.0"},
    standards = {{rfc = 5321, section = "4.2, 4.2.3, 4.3.1, 4.5.3.2.1"}, {rfc = 3207, section = "4"}},
    status = "standard",
    see_also = {"421", "454", "521", "554"},
    notes = {
      "RFC 2034 wants enhanced codes on replies of classes 2, 4 and 5, but not on the greeting or on EHLO. Postfix " ..
        "answers STARTTLS with 220 2.0.0, which is allowed.",
      "A greeting full of asterisks comes from a firewall that rewrites SMTP. Switch its SMTP inspection off: it " ..
        "breaks EHLO and STARTTLS.",
      "postscreen sends a first line 220- and waits. A client that talks before the last line, 220 with a space, is " ..
        "taken for a spam robot.",
      "The registry pairs 220 with X.5.0 and X.7.0 too; servers hardly send these.",
    },
  },
  {
    code = "221",
    name = "Closing the channel",
    meaning = "The server says goodbye and closes the connection.",
    when = "The good answer to QUIT. Some servers send it unasked to a client that misbehaves, as Postfix does to " ..
      "one that speaks HTTP to it.",
    fix = "Nothing to repair: QUIT is done. If the goodbye came unasked, read its text: a browser, a monitor or a " ..
      "scanner may be talking to the mail port.",
    retry = "no",
    acts = "nobody",
    commands = {"QUIT", "any"},
    enhanced = {"2.0.0", "2.7.0", "2.3.0"},
    standards = {{rfc = 5321, section = "4.1.1.10, 4.2.3, 4.3.2"}},
    status = "standard",
    see_also = {"421", "250"},
    notes = {
      "221 2.7.0, I can break rules too, is Postfix hanging up on a client that sent a forbidden command such as " ..
        "GET or POST (smtpd_forbidden_commands).",
      "Mail that got its 250 before the 221 is safe: a goodbye takes nothing back.",
    },
  },
  {
    code = "235",
    name = "Authentication succeeded",
    meaning = "The login worked: the session is now authenticated.",
    when = "The last reply of an AUTH exchange, mostly on ports 587 and 465.",
    fix = "Nothing to repair: go on with MAIL. If sending fails later all the same, ask which addresses this " ..
      "account may send as.",
    retry = "no",
    acts = "nobody",
    commands = {"AUTH"},
    enhanced = {"2.7.0"},
    standards = {{rfc = 4954, section = "4, 6"}},
    status = "standard",
    see_also = {"334", "432", "454", "535"},
    notes = {
      "A second AUTH in the same session is refused with 503.",
      "Where the mechanism brought a security layer of its own, the client must send EHLO again.",
    },
  },
  {
    code = "250",
    name = "Requested action completed",
    meaning = "The command worked. After the end of data it says more: the server has taken responsibility for the " ..
      "message.",
    when = "The success reply to nearly every command, and to EHLO with one extension on each line.",
    fix = "Nothing to repair: keep the queue id from the last 250 of a message. If that mail never shows up, its " ..
      "log lines at the receiver are found by this id.",
    retry = "no",
    acts = "nobody",
    commands = {
      "EHLO", "HELO", "MAIL", "RCPT", "end-of-data", "BDAT", "RSET", "VRFY", "EXPN", "NOOP", "ETRN", "ATRN", "BURL",
      "LHLO",
    },
    enhanced = {"2.0.0", "2.1.0", "2.1.5", "2.6.0", "2.5.0", "2.6.4", "2.3.6", "2.3.0"},
    standards = {
      {rfc = 5321, section = "4.2.3, 4.2.5, 4.3.2"},
      {rfc = 2033, section = "4.1, 4.2"},
      {rfc = 3030, section = "2"},
      {rfc = 1985, section = "5.2"},
      {rfc = 2645, section = "5.2.1, 7"},
      {rfc = 6710, section = "4.1"},
    },
    status = "standard",
    see_also = {"251", "252", "354", "221"},
    notes = {
      "2.1.0 goes with MAIL, 2.1.5 with RCPT, and 2.0.0 or 2.6.0 with the end of data.",
      "Accepted is not delivered: a filter may still file the mail as spam or drop it, and a catch-all says 250 to " ..
        "every RCPT.",
      "An LMTP server gives one reply for each accepted recipient after the end of data, so read them all.",
      "The EHLO reply carries no enhanced code.",
    },
  },
  {
    code = "251",
    name = "User not local, will forward",
    meaning = "Accepted: the mailbox is elsewhere, and the server will send the mail on to the address it names.",
    when = "A mailbox that has moved. It is rare now, because it gives the new address away. To ETRN it says that " ..
      "no mail is waiting for that host.",
    fix = "Nothing to repair: put the new address, if the text names one, into your address book or list.",
    retry = "no",
    acts = "nobody",
    commands = {"RCPT", "VRFY", "ETRN"},
    enhanced = {"2.1.5", "2.3.6"},
    standards = {
      {rfc = 5321, section = "3.4, 4.2.3, 4.3.2"},
      {rfc = 1985, section = "5.2"},
      {rfc = 6710, section = "4.1"},
    },
    status = "standard",
    see_also = {"551", "250", "252"},
    notes = {
      "551 is the unfriendly form of the same news: the server names the new address, but does not forward.",
      "Forwarded mail may fail SPF at its new home, as the forwarder's address is not in the sender's record.",
    },
  },
  {
    code = "252",
    name = "Cannot verify, will try anyway",
    meaning = "The server will not say whether the address exists, but would take mail for it.",
    when = "The usual answer to VRFY: Postfix, Exim, Sendmail and qmail give it so as not to feed address " ..
      "harvesters. To ETRN it says that delivery of waiting mail has begun.",
    fix = "Nothing to repair: ask with RCPT instead, and RSET after it. Do not count the address as checked.",
    retry = "no",
    acts = "nobody",
    commands = {"VRFY", "EXPN", "ETRN"},
    enhanced = {"2.0.0", "2.5.2", "2.1.5", "2.6.8"},
    standards = {
      {rfc = 5321, section = "3.5.3, 4.2.3"},
      {rfc = 1123, section = "5.2.3"},
      {rfc = 1985, section = "5.2"},
      {rfc = 6531, section = "3.7.4"},
    },
    status = "standard",
    see_also = {"250", "251", "550", "502"},
    notes = {
      "Sendmail sends 252 2.5.2 and Postfix 252 2.0.0; qmail says 252 to every VRFY, whatever the address.",
      "With 2.6.8 the answer would need UTF-8: repeat the command with SMTPUTF8.",
    },
  },
  {
    code = "253",
    name = "Pending messages started",
    meaning = "Delivery of waiting mail has begun, and the text says how many messages wait.",
    when = "An answer to ETRN, from a provider that holds mail for a host with a part-time connection.",
    fix = "Nothing to repair: the mail comes over a new connection to your own port 25, so see that the provider " ..
      "can reach it.",
    retry = "no",
    acts = "nobody",
    commands = {"ETRN"},
    enhanced = {"2.5.0"},
    standards = {{rfc = 1985, section = "5.2"}},
    status = "standard",
    see_also = {"250", "251", "458", "459"},
  },
}
