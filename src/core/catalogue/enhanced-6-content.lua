-- Owns the enhanced status codes X.6.*: content and its conversion, UTF-8 addresses and headers.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the RFCs that each entry names, the IANA registry and seen replies; the prose is our own.
return {
  {
    code = "X.6.0",
    name = "Other or undefined media error",
    classes = {"2", "4", "5"},
    meaning = "Something in the content made the message undeliverable, and no finer code names it.",
    when = "Broken MIME structure or raw 8-bit text, after the end of data: Postfix with strict_7bit_headers or " ..
      "strict_8bitmime set, Sendmail with \"Data format error\", Exchange with \"Corrupt message content\".",
    fix = "Save a copy of the message and look at its MIME boundaries, its Content-Transfer-Encoding and any raw " ..
      "8-bit bytes in the header. Have the program that wrote it repaired, then send the message anew.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["2"] = {
        name = "Message content accepted",
        meaning = "The content was accepted and the message is in the server's hands.",
        when = "Exchange and Microsoft 365 for every message they queue; amavis, passing on what the next server " ..
          "said; the mailbox simulator of Amazon SES.",
        fix = "Nothing to repair: keep the Message-ID or queue id of the text, since the receiving administrator " ..
          "can find the message by it.",
        acts = "nobody",
      },
      ["4"] = {
        name = "Content not handled for now",
        meaning = "The server could not deal with the content of this message for the moment.",
        when = "A content filter or converter behind the receiving server failed or ran out of time, mostly on a " ..
          "very large or oddly built message.",
        fix = "Leave the message in the queue. If it alone waits for hours, look at its MIME structure; if all mail " ..
          "to that server waits, tell the receiving administrator, whose filter log has the reason.",
        acts = "receiving-admin",
      },
    },
    commands = {"end-of-data"},
    replies = {"250", "554", "550", "501", "451"},
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.3", "X.6.5", "X.7.1"},
  },
  {
    code = "X.6.1",
    name = "Media not supported",
    classes = {"5"},
    meaning = "The receiving system, or the protocol that leads to it, cannot carry this kind of content.",
    when = "Gateways to fax, text messages or ticket systems that take plain text alone, and filters that refuse a " ..
      "file type. Sendmail with EightBitMode=strict says it of unlabelled 8-bit data.",
    fix = "Send the same words as plain text, or the document in a common format such as PDF, or a link to it. " ..
      "Where Sendmail objects to 8-bit data, have the sending program label it as 8BITMIME.",
    retry = "no",
    acts = "sender",
    commands = {"end-of-data"},
    replies = {"554", "550"},
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.0", "X.6.3", "X.7.1"},
    notes = {
      "Most servers refuse an attachment with 5.7.1 or 5.7.0 instead, since they treat it as policy.",
    },
  },
  {
    code = "X.6.2",
    name = "Conversion required and prohibited",
    classes = {"4", "5"},
    meaning = "The message has to be converted to travel further, and its sender or a policy forbids that.",
    when = "Rare: signed or encrypted mail on a path that carries 7 bits only, or mail that a gateway to another " ..
      "mail system may not alter.",
    fix = "Send the message in a form that needs no conversion: ASCII header, body in base64 or quoted-printable. " ..
      "Otherwise ask the administrator of the gateway to allow the conversion.",
    retry = "no",
    acts = "sender",
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.3", "X.6.4", "X.7.3"},
  },
  {
    code = "X.6.3",
    name = "Conversion required but not supported",
    classes = {"4", "5"},
    meaning = "The next host cannot take the content as it is, and this host cannot convert it.",
    when = "Mail with 8-bit or binary content on its way to a server without 8BITMIME or BINARYMIME: Sendmail " ..
      "reports \"does not support 8BITMIME\". BURL gives it where the URL points to binary data.",
    fix = "Look for 8BITMIME in the EHLO reply of the next hop. If it is missing, set the sending program or the " ..
      "last capable relay to encode text as quoted-printable and files as base64.",
    retry = "no",
    acts = "sending-admin",
    commands = {"MAIL", "end-of-data", "BURL"},
    replies = {"554"},
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 4468, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.1", "X.6.2", "X.6.7"},
    notes = {
      "Postfix and Exim convert or pass 8-bit text without asking, so the code mostly points at an old gateway.",
    },
  },
  {
    code = "X.6.4",
    name = "Conversion with loss performed",
    classes = {"2", "4", "5"},
    meaning = "The message was delivered, but a conversion on the way lost a part of it.",
    when = "A gateway or submission server re-encoded unlabelled 8-bit headers, or dropped what the next system " ..
      "cannot show. BURL reports guessed character sets this way.",
    fix = "Nothing to repair in the delivery: if the lost part matters, send it again as UTF-8 text with correct " ..
      "MIME labels, or as a PDF.",
    retry = "no",
    acts = "nobody",
    by_class = {
      ["4"] = {
        name = "Conversion with loss, held",
        meaning = "The message waits, because for now it could pass only with a loss of content.",
        when = "Hardly ever seen: RFC 3463 knows this code as a warning or as a permanent error.",
        fix = "Leave the message in the queue and ask the administrator of the gateway which conversion is missing.",
        acts = "receiving-admin",
      },
      ["5"] = {
        name = "Conversion with loss not allowed",
        meaning = "The message could pass only with a loss of content, and its sender or a policy forbids that.",
        when = "Gateways between mail systems, for messages that are marked as not to be changed.",
        fix = "Send the message in a simpler form, such as plain UTF-8 text, or permit the loss in the sending " ..
          "program.",
        acts = "sender",
      },
    },
    commands = {"BURL", "end-of-data"},
    replies = {"250"},
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 4468, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.2", "X.6.3", "X.6.5"},
  },
  {
    code = "X.6.5",
    name = "Conversion failed",
    classes = {"4", "5"},
    meaning = "A conversion that the message needed was tried, and it went wrong.",
    when = "Content that a gateway or filter cannot decode: a base64 part cut short, an unknown character set, a " ..
      "damaged winmail.dat.",
    fix = "Find the part that does not decode in a saved copy of the message. Have the sender write it anew, " ..
      "without rich text and with a plain character set such as UTF-8.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["4"] = {
        meaning = "A conversion that the message needed did not work this time.",
        when = "A converter or content filter that is down, short of memory or too slow for a large message.",
        fix = "Keep the message queued. If it is not through after some hours, the receiving administrator should " ..
          "read the log of the conversion service.",
        acts = "receiving-admin",
      },
    },
    standards = {{rfc = 3463, section = "3.7"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.6.0", "X.6.3", "X.6.4"},
  },
  {
    code = "X.6.6",
    name = "Message content not available",
    classes = {"4", "5"},
    meaning = "The submission server could not fetch the content that the client told it to take from elsewhere.",
    when = "BURL, where the IMAP server refuses the URL, no longer has the message or returns no data. Mail " ..
      "programs use it to forward a mail without loading it first.",
    fix = "Check that the URL still names an existing message and that its URLAUTH token has not expired, then read " ..
      "the logs of both servers. Until it works, let the client send the whole message with DATA.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        when = "BURL at a moment when the IMAP server is busy or restarting.",
        fix = "Try the submission again in some minutes. If it fails again, ask the server's administrator whether " ..
          "the submission host can log in to the IMAP server.",
      },
    },
    commands = {"BURL"},
    replies = {"554"},
    standards = {{rfc = 4468, section = "5"}, {rfc = 4468, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.14", "X.6.0"},
    notes = {
      "An IMAP server that cannot be reached at all is 451 4.4.1 in RFC 4468; missing trust between the two servers " ..
        "is X.7.14.",
    },
  },
  {
    code = "X.6.7",
    name = "Non-ASCII addresses not permitted",
    classes = {"5"},
    meaning = "An address with non-ASCII characters was given where only ASCII addresses may stand.",
    when = "MAIL or RCPT with an internationalised address and no SMTPUTF8 parameter, which Postfix answers with " ..
      "\"Must declare SMTPUTF8\". Also in bounces, where the next hop does not offer SMTPUTF8.",
    fix = "Look for SMTPUTF8 in the EHLO reply of the refusing host. If it is there, have the client declare it on " ..
      "MAIL; if not, use an ASCII address of the same person.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL", "RCPT"},
    replies = {"553", "550"},
    standards = {{rfc = 6531, section = "3.5"}, {rfc = 6531, section = "4.2"}, {rfc = 5336, section = "3.5"}},
    status = "standard",
    see_also = {"X.6.8", "X.6.9", "X.6.3"},
    notes = {
      "RFC 6531 section 3.5 answers 553 to RCPT and 550 to MAIL.",
      "RFC 5336, experimental and replaced, used the number for a missing ALT-ADDRESS parameter.",
    },
  },
  {
    code = "X.6.8",
    name = "UTF-8 reply required, but not permitted",
    classes = {"2", "5"},
    meaning = "A full answer would contain UTF-8, and the client has not said that it can read UTF-8.",
    when = "VRFY or EXPN of a mailbox with an internationalised name, sent without the SMTPUTF8 parameter.",
    fix = "Repeat the command with SMTPUTF8 as its last word, provided that EHLO listed that keyword. The delivery " ..
      "of mail is not affected.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["2"] = {
        meaning = "Mail for the address will be taken, but its name cannot be shown without UTF-8.",
        fix = "Nothing to repair for delivery: add SMTPUTF8 to VRFY or EXPN where the full name is wanted.",
        acts = "nobody",
      },
    },
    commands = {"VRFY", "EXPN"},
    replies = {"252", "550", "553"},
    standards = {{rfc = 6531, section = "3.7.4.2"}, {rfc = 6531, section = "4.2"}},
    status = "standard",
    see_also = {"X.6.7", "X.6.10"},
    notes = {
      "The prose of RFC 6531 allows 252 or 550; its registration adds 553.",
      "RFC 5336 used X.6.8 for the refusal and X.6.10 for the same case with 252; RFC 6531 made them one.",
    },
  },
  {
    code = "X.6.9",
    name = "UTF-8 header cannot go to all recipients",
    classes = {"5"},
    meaning = "The header of the message contains UTF-8, and at least one recipient cannot take such a message.",
    when = "After the end of data, when a mailbox or a next hop behind the server lacks SMTPUTF8. It refuses the " ..
      "message for all recipients of the transaction.",
    fix = "Send the message once more with an ASCII header: encoded words in the subject and names, ASCII addresses " ..
      "in From and To. Keep the UTF-8 form for a second message to the capable recipients alone.",
    retry = "no",
    acts = "sender",
    commands = {"end-of-data"},
    replies = {"554", "550"},
    standards = {{rfc = 6531, section = "3.5"}, {rfc = 6531, section = "4.2"}},
    status = "standard",
    see_also = {"X.6.7", "X.6.3"},
    notes = {
      "RFC 6531 contradicts itself: its section 3.5 pairs this code with 554, its registration with 550.",
      "In the experimental RFC 5336 the number said that the downgrade of a UTF8SMTP message had failed.",
    },
  },
  {
    code = "X.6.10",
    name = "Withdrawn duplicate of X.6.8",
    classes = {"2", "5"},
    meaning = "A full answer would contain UTF-8 that the client may not be able to read; the number is withdrawn.",
    when = "Software of the experimental UTF8SMTP days, in reply to VRFY. Current servers send X.6.8 in its place.",
    fix = "Read it as X.6.8 and repeat the command with SMTPUTF8 if EHLO lists it. A server that still sends this " ..
      "number is due for an update.",
    retry = "no",
    acts = "receiving-admin",
    by_class = {
      ["2"] = {
        acts = "nobody",
      },
    },
    commands = {"VRFY", "EXPN"},
    replies = {"252"},
    standards = {{rfc = 6531, section = "4.2"}},
    status = "obsolete",
    see_also = {"X.6.8"},
    notes = {
      "RFC 5336 paired it with 252; RFC 6531 marks it as a deprecated duplicate.",
    },
  },
}
