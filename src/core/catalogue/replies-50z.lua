-- Reply codes 500 to 505: commands that the server cannot parse, does not offer or meets at the wrong moment.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "500",
    name = "Command not recognised",
    meaning = "The server does not know this command, or the line was too long for it to read.",
    when = "Typing errors, stray bytes and TLS records sent to a plain-text port. An LMTP server says it to HELO " ..
      "and EHLO. Firewalls that inspect SMTP overwrite commands with XXXX, and the server then answers 500 to a " ..
      "client that did nothing wrong.",
    fix = "Compare client and port: TLS from the first byte belongs on 465, plain SMTP with STARTTLS on 25 or 587. " ..
      "Fall back to HELO where EHLO is unknown, and greet an LMTP server with LHLO. Switch off SMTP inspection in " ..
      "any firewall on the way.",
    retry = "no",
    acts = "sending-admin",
    commands = {"any", "EHLO", "HELO", "AUTH"},
    enhanced = {"5.5.1", "5.5.2", "5.5.6"},
    standards = {
      {rfc = 5321, section = "4.2.3, 4.2.4, 4.5.3.1.9"},
      {rfc = 4954, section = "4, 6"},
      {rfc = 2033, section = "4.1"},
    },
    status = "standard",
    see_also = {"501", "502", "503"},
    notes = {
      "With 5.5.6 the base64 line of an AUTH exchange was too long (RFC 4954).",
      "Some texts overrule the code: OpenSMTPD says 500 Loop detected, and a 500 5.7.1 that names Symantec Zodiac " ..
        "is a block of the client's address.",
    },
  },
  {
    code = "501",
    name = "Bad parameter or argument",
    meaning = "The command is known, but what follows it is malformed: an address, a host name or an option.",
    when = "Addresses without a domain or a closing bracket, a HELO name that is no host name, an argument where " ..
      "none is allowed, broken base64 in AUTH. A client that cancels AUTH with an asterisk gets 501 too.",
    fix = "Find the rejected argument in the reply text or the log. Give the sending host a valid full name " ..
      "(myhostname in Postfix, primary_hostname in Exim). Correct or drop the broken address in the list or form it " ..
      "came from.",
    retry = "no",
    acts = "sending-admin",
    commands = {"MAIL", "RCPT", "HELO", "EHLO", "AUTH", "DATA", "STARTTLS", "any"},
    enhanced = {"5.5.4", "5.5.2", "5.1.3", "5.1.7", "5.1.8", "5.7.0"},
    standards = {
      {rfc = 5321, section = "4.2.3, 4.3.2, 4.5.3.1.9"},
      {rfc = 4954, section = "4"},
      {rfc = 3207, section = "4"},
      {rfc = 6409, section = "5.1, 6.3"},
    },
    status = "standard",
    see_also = {"500", "504", "553", "555"},
    notes = {
      "5.1.3 blames the recipient address, 5.1.7 the sender address, and 5.1.8 says that the sender's domain does " ..
        "not exist.",
      "Postfix answers 501 5.7.1 where a RCPT asks for delivery reports and the server has switched DSN off.",
      "On submission, RFC 6409 gives 501 to malformed addresses and 554 to other improper MAIL, RCPT or DATA commands.",
    },
  },
  {
    code = "502",
    name = "Command not implemented",
    meaning = "The server knows the command but does not offer it: switched off, or never built.",
    when = "Mostly VRFY and EXPN, switched off so that address harvesters learn nothing (disable_vrfy_command in " ..
      "Postfix). HELP, TURN and ATRN meet it as well.",
    fix = "Nothing to repair for VRFY and EXPN: test an address with MAIL, RCPT and RSET. Where a command of " ..
      "ordinary mail is refused, compare it with the EHLO list and look for a proxy in between.",
    retry = "no",
    acts = "nobody",
    commands = {"VRFY", "EXPN", "HELP", "TURN", "ATRN", "any"},
    enhanced = {"5.5.1"},
    standards = {{rfc = 5321, section = "4.2.3, 4.2.4"}, {rfc = 2645, section = "7"}},
    status = "standard",
    see_also = {"500", "252", "504"},
    notes = {
      "RFC 5321 section 4.2.4 forbids a server to list in EHLO what it then answers with 500 or 502.",
      "Postfix long answered 502 5.5.2 to commands it did not recognise, where RFC 5321 expects 500.",
    },
  },
  {
    code = "503",
    name = "Bad sequence of commands",
    meaning = "The command is valid, but this is not its moment: an earlier step is missing or has failed.",
    when = "DATA after every RCPT was refused, MAIL before EHLO, a second AUTH, DATA after BDAT. Postfix says 503 " ..
      "5.5.1 to AUTH where login is not enabled on that port or not before TLS. Some providers use it for clients " ..
      "that have not logged in.",
    fix = "Look one or two replies up in the session log: the real cause stands there. For a login, start TLS, send " ..
      "EHLO again and check that AUTH is listed. Stop a client from sending ahead before PIPELINING has been " ..
      "offered.",
    retry = "no",
    acts = "sending-admin",
    commands = {"DATA", "RCPT", "MAIL", "AUTH", "BDAT", "BURL", "STARTTLS"},
    enhanced = {"5.5.1", "5.5.0", "5.7.0"},
    standards = {
      {rfc = 5321, section = "4.1.4, 4.2.3, 4.3.2"},
      {rfc = 4954, section = "4"},
      {rfc = 3030, section = "2, 3"},
      {rfc = 4468, section = "6"},
      {rfc = 2033, section = "4.2"},
    },
    status = "standard",
    see_also = {"500", "530", "554"},
    notes = {
      "With no good recipient, an LMTP server must answer DATA with 503 (RFC 2033). An SMTP server may say 503 or " ..
        "554; Postfix says 554 5.5.1.",
      "Postfix's 503 5.5.0, improper use of SMTP command pipelining, is a client that talked ahead, as spam " ..
        "software does.",
    },
  },
  {
    code = "504",
    name = "Command parameter not implemented",
    meaning = "The command exists, but one of its parameters is not supported here.",
    when = "AUTH with a mechanism that EHLO did not list. Postfix gives 504 5.5.2 to a HELO name or an address " ..
      "without a full domain, under reject_non_fqdn_helo_hostname and its kin.",
    fix = "Pick a mechanism from the AUTH line of EHLO, read again after STARTTLS. For the Postfix texts, give the " ..
      "sending host a full name with a dot in it, and complete the short address.",
    retry = "no",
    acts = "sending-admin",
    commands = {"AUTH", "HELO", "EHLO", "MAIL", "RCPT", "VRFY", "EXPN", "HELP"},
    enhanced = {"5.5.4", "5.5.2", "5.7.4"},
    standards = {{rfc = 5321, section = "4.2.3, 4.3.2"}, {rfc = 4954, section = "4"}},
    status = "standard",
    see_also = {"501", "502", "534", "555"},
    notes = {
      "Postfix takes the code for its full-name rules from non_fqdn_reject_code, 504 by default.",
      "Postfix also says 504 5.5.4, encryption required for requested authentication mechanism, where RFC 4954's " ..
        "old code was 538.",
      "RFC 4141 uses 504 where content conversion (CONPERM, CONNEG) is refused.",
    },
  },
  {
    code = "505",
    name = "Login required, or account suspended",
    meaning = "A private code of some providers: the client has not logged in, or its account is suspended.",
    when = "Submission servers of small hosting companies, in reply to MAIL.",
    fix = "Turn on AUTH in the mail program and use port 587 or 465. Where the text speaks of a suspended account, " ..
      "ask the provider's support: another password does not help.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL"},
    enhanced = {"5.7.1"},
    status = "nonstandard",
    see_also = {"530", "535", "525"},
    notes = {
      "The standard code for a missing login is 530. The pair with 5.7.1 is inferred from the texts.",
    },
  },
}
