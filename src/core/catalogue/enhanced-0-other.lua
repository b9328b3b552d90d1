-- Owns the enhanced codes X.0.*: a status of which only the class is known.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 3463, IANA's registry of enhanced status codes, and the habits of Postfix, Exim and Sendmail.
return {
  {
    code = "X.0.0",
    name = "Other undefined status",
    meaning = "The refusal is final, and the code gives no reason for it.",
    when = "Software without a finer code, Exim's bounces above all. Postfix logs dsn=5.0.0 where a remote 5yz " ..
      "reply carried no enhanced code.",
    fix = "Read the text after the code: it carries the reason. If it says nothing useful, ask the postmaster of " ..
      "that host for its log lines, and give the time, your IP address and the queue id.",
    retry = "no",
    acts = "sending-admin",
    classes = {"2", "4", "5"},
    replies = {"250", "221", "220", "550", "554", "450", "451"},
    standards = {{rfc = 3463, section = "3.1"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.0", "X.3.0", "X.7.0"},
    by_class = {
      ["2"] = {
        meaning = "The command succeeded, and there is nothing more to tell.",
        when = "The usual mark of success: Postfix sends 250 2.0.0 Ok: queued as QUEUEID after the message, and 221 " ..
          "2.0.0 Bye at QUIT.",
        fix = "Nothing to repair: if the mail is missed all the same, search the receiving host's log for the queue " ..
          "id in this reply.",
        acts = "nobody",
        retry = "no",
      },
      ["4"] = {
        meaning = "The server could not do this now, and the code gives no reason for it.",
        when = "Exim's delay warnings and Postfix logs, where dsn=4.0.0 stands for a 4yz reply without an enhanced " ..
          "code.",
        fix = "Leave the mail in the queue and read the text of the reply. If every attempt fails for hours, ask " ..
          "the other postmaster what their log says.",
        acts = "nobody",
        retry = "yes",
      },
    },
    notes = {
      "RFC 2034 puts enhanced codes on 2yz, 4yz and 5yz replies only, never on the greeting or on the reply to " ..
        "EHLO. Postfix sends 220 2.0.0 to STARTTLS, which is allowed.",
    },
  },
}
