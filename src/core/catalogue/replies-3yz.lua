-- Reply codes 300 to 399: go on, the server waits for the next part of a login or a message.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "334",
    name = "Server challenge",
    meaning = "The server expects the next step of the login; its text is base64, or empty.",
    when = "In the middle of AUTH. VXNlcm5hbWU6 is the LOGIN prompt for the user name, UGFzc3dvcmQ6 the one for the " ..
      "password.",
    fix = "Nothing to repair: answer with one line of base64, or with a lone asterisk to give up, which brings a " ..
      "501. If the client stops here, compare the mechanisms on both sides.",
    retry = "no",
    acts = "nobody",
    commands = {"AUTH"},
    standards = {{rfc = 4954, section = "4"}},
    status = "standard",
    see_also = {"235", "501", "535"},
    notes = {
      "Do not post a session log that shows these lines: base64 hides nothing, and the next line may hold the " ..
        "password.",
      "RFC 2034 puts no enhanced code on 3yz replies.",
    },
  },
  {
    code = "353",
    name = "Per-recipient answers follow",
    meaning = "The server lists one answer for each recipient, and then the result for the whole message.",
    when = "Exim, where client and server agreed on PRDR in EHLO and MAIL, once the message was sent.",
    fix = "Nothing to repair: read one reply for each accepted recipient in turn, then the final one. If the client " ..
      "stumbles over it, switch PRDR off (hosts_try_prdr in Exim's smtp transport).",
    retry = "no",
    acts = "nobody",
    commands = {"end-of-data"},
    status = "nonstandard",
    see_also = {"250", "354"},
    notes = {
      "PRDR was proposed in draft-hall-prdr and never became an RFC.",
      "LMTP brings the same gain without a 353: there each recipient gets a reply of its own by rule.",
    },
  },
  {
    code = "354",
    name = "Start mail input",
    meaning = "Send the message now, and end it with a line that holds only a dot.",
    when = "The good answer to DATA, once at least one recipient has been accepted.",
    fix = "Nothing to repair: end every line with CRLF and double each dot that begins a line. If the session hangs " ..
      "from here, suspect an MTU fault or a firewall on the way, since the large packets start now.",
    retry = "no",
    acts = "nobody",
    commands = {"DATA"},
    standards = {{rfc = 5321, section = "4.1.1.4, 4.2.3, 4.3.2, 4.5.2"}},
    status = "standard",
    see_also = {"250", "503", "554"},
    notes = {
      "It promises nothing: the message is accepted only with the 250 after the end of data.",
      "BDAT has no 354; each chunk gets its reply at once.",
      "RFC 2034 puts no enhanced code on 3yz replies.",
    },
  },
  {
    code = "355",
    name = "Transaction offset",
    meaning = "The server already holds part of this message, and says from which byte the client shall resume.",
    when = "The experimental CHECKPOINT extension of 1995; no server in use today is known to offer it.",
    fix = "Nothing to repair: if it turns up all the same, look at the software that offers CHECKPOINT in EHLO and " ..
      "switch that off.",
    retry = "no",
    acts = "receiving-admin",
    commands = {"MAIL"},
    standards = {{rfc = 1845, section = "4"}},
    status = "obsolete",
    see_also = {"354"},
  },
}
