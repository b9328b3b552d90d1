-- Owns the enhanced codes X.2.*: the recipient's mailbox, lists included.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 3463, 4468 and 5248, IANA's registry, and what Gmail, Exchange, iCloud, postgrey and others send.
return {
  {
    code = "X.2.0",
    name = "Other or undefined mailbox status",
    meaning = "The mailbox exists, but something about it makes the server refuse the mail.",
    when = "A damaged or half-created mailbox, or a rule of that one user. Exchange sends it for a mailbox without " ..
      "a valid primary address.",
    fix = "Ask the recipient or their admin what the log of the mailbox server says, and keep the address: it exists.",
    retry = "no",
    acts = "receiving-admin",
    classes = {"2", "4", "5"},
    replies = {"450", "550", "554", "250"},
    standards = {{rfc = 3463, section = "3.3"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.2.1", "X.2.2", "X.1.1"},
    by_class = {
      ["2"] = {
        meaning = "The mailbox took the message.",
        when = "Delivery reports and mailbox servers that speak of the mailbox where others say 2.1.5 or 2.0.0.",
        fix = "Nothing to repair: the message is in the mailbox. If the recipient misses it, they should look into " ..
          "the junk folder and at their own filter rules.",
        acts = "nobody",
        retry = "no",
      },
      ["4"] = {
        meaning = "The mailbox cannot take this mail for now.",
        when = "Greylisting by postgrey and other policy servers, as 450 4.2.0 with the text Greylisted; also a " ..
          "mailbox that is locked or being moved.",
        fix = "Let the queue retry from the same IP address: greylisting ends by itself after some minutes. If the " ..
          "text does not speak of greylisting and hours pass, ask the recipient's admin.",
        acts = "nobody",
        retry = "yes",
      },
    },
  },
  {
    code = "X.2.1",
    name = "Mailbox disabled, not accepting messages",
    meaning = "The mailbox exists but is switched off and takes no mail.",
    when = "Suspended or long idle accounts, as at Gmail, and addresses that an admin has closed in Sendmail's " ..
      "access map.",
    fix = "Stop sending to the address and reach the person some other way. If the account should work, its owner " ..
      "or its admin must enable it again.",
    retry = "no",
    acts = "sender",
    classes = {"4", "5"},
    commands = {"RCPT"},
    replies = {"550", "450"},
    standards = {{rfc = 3463, section = "3.3"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.1", "X.1.6", "X.2.2"},
    by_class = {
      ["4"] = {
        meaning = "The mailbox takes no mail for the moment.",
        when = "Gmail with 450 4.2.1 when a user receives mail too quickly; elsewhere a mailbox that is being moved " ..
          "or is suspended for a short time.",
        fix = "Let the queue retry, and send less to this one recipient: look for alarms, loops or lists that flood " ..
          "the mailbox.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
    notes = {
      "Gmail also says 550 5.2.1 when a user receives mail at too high a rate: that mailbox is alive, so keep the " ..
        "address and send less.",
      "Exchange says 5.2.1 when its content filter has quarantined a message: the mailbox is fine, and the admin " ..
        "can release the mail.",
    },
  },
  {
    code = "X.2.2",
    name = "Mailbox full",
    meaning = "The mailbox has used up its quota and has no room for this message.",
    when = "Gmail when the owner has also stopped using the account; iCloud and Exchange for any full mailbox, with " ..
      "a permanent reply at once.",
    fix = "Tell the recipient by other means to delete mail or raise the quota, then send again. Drop the address " ..
      "only after it has been full for weeks.",
    retry = "no",
    acts = "recipient",
    classes = {"4", "5"},
    commands = {"RCPT", "end-of-data"},
    replies = {"552", "452", "550", "554"},
    standards = {{rfc = 3463, section = "3.3"}, {rfc = 5248, section = "2.4"}, {rfc = 4468, section = "6"}},
    status = "standard",
    see_also = {"X.2.3", "X.3.1", "X.3.4", "552"},
    by_class = {
      ["4"] = {
        meaning = "The mailbox is full for now, and the mail may go in once there is room.",
        when = "Gmail with 452 4.2.2, and servers that keep to RFC 3463.",
        fix = "Leave the mail in the queue for its usual days, and tell the recipient by other means to make room.",
        acts = "recipient",
        retry = "yes",
      },
    },
    notes = {
      "RFC 3463 asks for a transient code, the registry pairs it with 552, and RFC 4468 shows 552 5.2.2: the first " ..
        "digit of the reply decides whether the queue tries again.",
      "Within 452 and 552 the enhanced code tells the cases apart: X.2.2 is one full mailbox, 4.3.1 the server's " ..
        "own disk, 5.3.4 a message too big, 4.5.3 too many recipients.",
      "Microsoft 365 also says 5.2.2 Submission quota exceeded: there the sending account is over its limit and " ..
        "must wait and send less.",
    },
  },
  {
    code = "X.2.3",
    name = "Message length exceeds administrative limit",
    meaning = "The message is larger than this one mailbox may receive.",
    when = "A size limit on a user or group that is lower than the server's own. Exchange names it " ..
      "RESOLVER.RST.RecipSizeLimit, and Cyrus speaks of a fixed limit.",
    fix = "Send a link instead of the attachment, or split the mail. The recipient's admin can raise the limit of " ..
      "that mailbox.",
    retry = "no",
    acts = "sender",
    classes = {"5"},
    commands = {"MAIL", "end-of-data"},
    replies = {"552", "550"},
    standards = {{rfc = 3463, section = "3.3"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.3.4", "X.2.2", "552"},
    notes = {
      "Sendmail says 552 5.2.3 for the limit of the whole server, where others say 5.3.4. Either way the message is " ..
        "at fault and the address is good.",
    },
  },
  {
    code = "X.2.4",
    name = "Mailing list expansion problem",
    meaning = "The address is a mailing list, and the server could not work out its members.",
    when = "A broken list file or directory query, or an alias that contains itself. OpenSMTPD says 524 5.2.4 when " ..
      "an alias or .forward cannot be expanded.",
    fix = "Send the text of the bounce to the list's owner or the postmaster there: they check the alias file, the " ..
      "directory query, and any alias that names itself.",
    retry = "no",
    acts = "receiving-admin",
    classes = {"4", "5"},
    commands = {"RCPT", "end-of-data"},
    replies = {"450", "452", "524", "424", "550"},
    standards = {{rfc = 3463, section = "3.3"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.2", "X.4.6", "524"},
    by_class = {
      ["4"] = {
        meaning = "The members of the list could not be looked up just now.",
        when = "A database or directory behind the list that does not answer; OpenSMTPD uses 424 for it.",
        fix = "Let the queue retry. If it goes on for hours, tell the postmaster of the list's host, for its own " ..
          "log names the look-up that fails.",
        acts = "receiving-admin",
        retry = "yes",
      },
    },
    notes = {
      "OpenSMTPD joins 524 to 5.2.4, while RFC 5248 gives 524 to X.7.11, encryption required: trust the first digit " ..
        "for the retry and the text for the reason.",
    },
  },
}
