-- Owns the enhanced codes X.5.*: the SMTP dialogue itself, its commands and their arguments.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 3463, 4468, 4954, 5248, 5321 and 7208, IANA's registry, and the habits of common servers.
return {
  {
    code = "X.5.0",
    name = "Other or undefined protocol status",
    meaning = "Something in the SMTP dialogue was wrong, and no finer code fits.",
    when = "Postfix at a client that talks out of turn: 503 5.5.0 Improper use of SMTP command pipelining, or 554 " ..
      "5.5.0 SMTP protocol synchronization.",
    fix = "Take a transcript of the session and look at what the client sent before it had read the last reply. A " ..
      "client that does not wait must be repaired.",
    retry = "no",
    acts = "sending-admin",
    classes = {"2", "4", "5"},
    commands = {"any"},
    replies = {"554", "503", "250", "220", "501", "502", "251", "252", "253", "451", "452", "454", "458", "459"},
    standards = {{rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}, {rfc = 4468, section = "6"}},
    status = "standard",
    see_also = {"X.5.1", "X.5.2", "X.5.4"},
    by_class = {
      ["2"] = {
        meaning = "The command is accepted.",
        when = "Oracle and older Sun servers, which say 250 2.5.0 where others say 2.1.0 or 2.0.0, and 220 2.5.0 to " ..
          "STARTTLS.",
        fix = "Nothing to repair: treat it like 2.0.0, a plain success.",
        acts = "nobody",
        retry = "no",
      },
      ["4"] = {
        meaning = "The SMTP dialogue failed for now, and no finer code fits.",
        when = "A filter or proxy in front of the server that lost the session, or an ETRN server that cannot queue " ..
          "for the node at present.",
        fix = "Let the queue retry. If it repeats with one host only, take a transcript of the session and send it " ..
          "to the admin there.",
        acts = "nobody",
        retry = "yes",
      },
    },
  },
  {
    code = "X.5.1",
    name = "Invalid command",
    meaning = "The command is unknown to this server, switched off, or came at the wrong moment.",
    when = "Postfix says 503 5.5.1 to RCPT without MAIL, 502 5.5.1 where VRFY is disabled, and 554 5.5.1 no valid " ..
      "recipients to DATA after every RCPT failed.",
    fix = "Look for the first refused command above this one, for a failed MAIL or RCPT makes the next one fail. " ..
      "Keep the order EHLO, MAIL, RCPT, DATA, and use AUTH or STARTTLS only where EHLO lists it.",
    retry = "no",
    acts = "sending-admin",
    classes = {"5"},
    commands = {"any"},
    replies = {"503", "502", "500", "554", "501", "530", "521", "550", "555", "430"},
    standards = {{rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.5.2", "X.5.4", "X.3.3", "503"},
    notes = {
      "With 530 the server wants a login first: Gmail has said 530 5.5.1 Authentication Required, where the " ..
        "standard code is 5.7.0.",
      "Postscreen says 521 5.5.1 Protocol error to a client that breaks the protocol, and hangs up.",
    },
  },
  {
    code = "X.5.2",
    name = "Syntax error",
    meaning = "The server could not parse what the client sent.",
    when = "A typing slip in a session by hand, a missing angle bracket, bad base64 in AUTH, or a bare LF. Postfix " ..
      "also says 504 5.5.2 to a HELO name that is not a full host name.",
    fix = "Compare the logged command with the grammar: MAIL FROM:<address> without a space after the colon, lines " ..
      "that end in CRLF, and a full host name in EHLO.",
    retry = "no",
    acts = "sending-admin",
    classes = {"2", "5"},
    commands = {"any"},
    replies = {"500", "501", "504", "502", "555", "550", "503", "521", "252"},
    standards = {
      {rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}, {rfc = 4954, section = "4"},
      {rfc = 7208, section = "8.7"},
    },
    status = "standard",
    see_also = {"X.5.1", "X.5.4", "X.7.24", "501"},
    by_class = {
      ["2"] = {
        name = "Cannot verify, will try anyway",
        meaning = "The server will not verify the address, but would accept a message for it.",
        when = "Sendmail's answer to VRFY, 252 2.5.2 Cannot VRFY user, and that of servers which copy it. Nothing " ..
          "was wrong with the syntax.",
        fix = "Nothing to repair: VRFY is closed against harvesters. To test the address, use MAIL and RCPT.",
        acts = "nobody",
        retry = "no",
      },
    },
    notes = {
      "RFC 7208 gives 550 5.5.2 to an SPF record with a permanent error, for which RFC 7372 has the finer 5.7.24: " ..
        "then the sender domain's SPF record is at fault, and no command.",
      "Exchange says 5.5.2 Send hello first for a command out of order, where other servers say 5.5.1.",
    },
  },
  {
    code = "X.5.3",
    name = "Too many recipients",
    meaning = "The message has more recipients than one transaction may have, and the rest must follow in another.",
    when = "At RCPT, as 452 4.5.3: Postfix past its smtpd_recipient_limit, which is 1000 unless changed, and other " ..
      "servers past limits of their own.",
    fix = "Let the queue send the rest, as mail servers do by themselves. In a program of your own, send to at most " ..
      "100 recipients at a time, the number that RFC 5321 guarantees.",
    retry = "yes",
    acts = "sending-admin",
    classes = {"4", "5"},
    commands = {"RCPT", "DATA"},
    replies = {"452", "451", "550", "552"},
    standards = {{rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}, {rfc = 5321, section = "4.5.3.1.10"}},
    status = "standard",
    see_also = {"X.2.2", "X.3.1", "452", "552"},
    by_class = {
      ["5"] = {
        meaning = "The message has too many recipients, and the server will not take it so.",
        when = "Exchange, in a bounce with RESOLVER.ADR.RecipLimit; Postfix with 550 5.5.3 Multi-recipient bounce, " ..
          "to mail from the null sender for several recipients.",
        fix = "Split the recipients over several messages, or write to a mailing list. Mail from the null sender " ..
          "goes to one recipient at a time.",
        acts = "sender",
        retry = "no",
      },
    },
    notes = {
      "The registry pairs this code with 451, which OpenSMTPD sends; RFC 5321 wants 452, and so do Postfix and most " ..
        "others.",
      "RFC 821 had 552 for too many recipients. RFC 5321 wants 452 and asks clients to treat a 552 to RCPT as " ..
        "temporary in this case.",
    },
  },
  {
    code = "X.5.4",
    name = "Invalid command arguments",
    meaning = "The command is known, but the server does not accept what came with it.",
    when = "A parameter of MAIL or RCPT that EHLO did not list, with 555; a bad EHLO name, with 501; an AUTH " ..
      "mechanism that is not offered or needs TLS, with 504.",
    fix = "Send only parameters and mechanisms that the latest EHLO reply lists, and read it again after STARTTLS. " ..
      "For a refused EHLO, set a full host name of letters, digits, hyphens and dots.",
    retry = "no",
    acts = "sending-admin",
    classes = {"5"},
    commands = {"any"},
    replies = {"501", "555", "504", "553", "503", "502", "550", "451"},
    standards = {
      {rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}, {rfc = 4954, section = "4"},
      {rfc = 2852, section = "4"},
    },
    status = "standard",
    see_also = {"X.5.1", "X.5.2", "X.7.4", "555"},
    notes = {
      "Sendmail says 553 5.5.4 Domain name required for a sender without a domain: complete the envelope sender.",
      "A 550 5.5.4 whose text says listed by Invaluement is a block of your IP address, and no fault of a command.",
    },
  },
  {
    code = "X.5.5",
    name = "Wrong protocol version",
    meaning = "The two sides speak versions of the protocol that do not fit, and neither can give way.",
    when = "Hardly ever in SMTP, which has no version number; a gateway to another mail system may report it.",
    fix = "Find in the bounce or the greeting which product sent the reply, and read its log. Then upgrade or " ..
      "reconfigure the older side.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    standards = {{rfc = 3463, section = "3.6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.5.0", "X.3.3"},
    by_class = {
      ["4"] = {
        meaning = "The two sides do not agree on a version of the protocol for now, and the mail is kept.",
        fix = "Let the queue retry while one side is being upgraded. If nothing is under way, ask the admin of the " ..
          "host that wrote the reply.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
  },
  {
    code = "X.5.6",
    name = "Authentication exchange line is too long",
    meaning = "A line of the AUTH exchange is longer than the server's buffer for it.",
    when = "Large Kerberos tickets or OAuth tokens, sent as one line of base64. RFC 4954 holds 12288 bytes to be " ..
      "enough for the mechanisms in use.",
    fix = "Use a smaller token, with fewer groups or claims in it, or another mechanism. The server's admin can " ..
      "raise the limit, where the software has such a setting.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    commands = {"AUTH"},
    replies = {"500"},
    standards = {{rfc = 4954, section = "4"}, {rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.5.2", "X.5.4", "X.7.8"},
    by_class = {
      ["4"] = {
        meaning = "A line of the AUTH exchange was too long for the server's buffer at this moment.",
        when = "No common server: RFC 4954 joins the code to 500, which is permanent.",
        fix = "Try once more, then use a smaller token or another mechanism, for the buffer will not grow by itself.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
  },
}
