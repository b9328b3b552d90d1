-- Owns what the digits of a code say by themselves, for well-formed codes that the catalogue lacks.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 5321 section 4.2.1 and RFC 3463 section 2. An unknown detail of an enhanced code means nothing by itself.
return {
  reply_class = {
    ["2"] = {
      name = "Positive completion",
      meaning = "The server did what was asked, and the next command may follow.",
      retry = "no",
      acts = "nobody",
      fix = "Nothing to repair: go on with the session.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["3"] = {
      name = "Positive intermediate",
      meaning = "So far so good: the server waits for more before it decides.",
      retry = "no",
      acts = "nobody",
      fix = "Send what the server waits for: the message after DATA, or the next answer in an AUTH exchange.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["4"] = {
      name = "Transient negative",
      meaning = "The server could not do it now, and the same request may succeed later.",
      retry = "yes",
      acts = "nobody",
      fix = "Leave the mail in the queue and let it retry. If it still fails after hours, read the text and ask the " ..
        "other postmaster.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["5"] = {
      name = "Permanent negative",
      meaning = "The server will not do it, and the same request will be refused again.",
      retry = "no",
      acts = "sending-admin",
      fix = "Read the text for the reason, and change what it names before you send again.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
  },
  reply_category = {
    ["0"] = {
      name = "Syntax",
      meaning = "The reply concerns the command itself: its form, or a verb that fits no other field.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["1"] = {
      name = "Information",
      meaning = "The reply gives information, such as help or a status.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["2"] = {
      name = "Connections",
      meaning = "The reply concerns the connection between the two hosts.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["3"] = {
      name = "Unspecified",
      meaning = "The second digit 3 has no field in RFC 5321; in practice login and encryption use it.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["4"] = {
      name = "Unspecified",
      meaning = "The second digit 4 has no field in RFC 5321, so only the text can tell what the reply is about.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
    ["5"] = {
      name = "Mail system",
      meaning = "The reply concerns the receiving mail system and the mail at hand.",
      standards = {{rfc = 5321, section = "4.2.1"}},
    },
  },
  enhanced_class = {
    ["2"] = {
      name = "Success",
      meaning = "The mail was accepted or delivered, or the command succeeded.",
      retry = "no",
      fix = "Nothing to repair: the text may tell of a change that was made on the way.",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["4"] = {
      name = "Persistent transient failure",
      meaning = "The message is good as it is, but a passing state of affairs holds it up.",
      retry = "yes",
      fix = "Leave the mail in the queue and let it retry. If it is a bounce that says so, send again once the " ..
        "cause is mended.",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["5"] = {
      name = "Permanent failure",
      meaning = "The message will not go through as it is: something about it, its address or its destination must " ..
        "change first.",
      retry = "no",
      fix = "Read the text for the reason, and change what it names before you send again.",
      standards = {{rfc = 3463, section = "2"}},
    },
  },
  enhanced_subject = {
    ["0"] = {
      name = "Other or undefined",
      meaning = "The code does not say what the matter concerns.",
      acts = "receiving-admin",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["1"] = {
      name = "Addressing",
      meaning = "The matter concerns the sender or recipient address: its grammar, or whether it exists.",
      acts = "sender",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["2"] = {
      name = "Mailbox",
      meaning = "The matter concerns the recipient's mailbox.",
      acts = "recipient",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["3"] = {
      name = "Mail system",
      meaning = "The matter concerns the receiving mail system as a whole.",
      acts = "receiving-admin",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["4"] = {
      name = "Network and routing",
      meaning = "The matter concerns the way to the destination: network, routing or DNS.",
      acts = "network",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["5"] = {
      name = "Mail delivery protocol",
      meaning = "The matter concerns the SMTP dialogue between the two hosts.",
      acts = "sending-admin",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["6"] = {
      name = "Message content or media",
      meaning = "The matter concerns the content of the message or its conversion.",
      acts = "sender",
      standards = {{rfc = 3463, section = "2"}},
    },
    ["7"] = {
      name = "Security or policy",
      meaning = "The matter concerns security or policy: permission, login, encryption, sender authentication or " ..
        "reputation.",
      acts = "sending-admin",
      standards = {{rfc = 3463, section = "2"}},
    },
  },
  enhanced_subject_other = {
    name = "Unregistered subject",
    meaning = "The middle number is not registered, so only the class and the text can be relied on.",
    acts = "sending-admin",
    standards = {{rfc = 3463, section = "2"}, {rfc = 5248, section = "2.4"}},
  },
}
