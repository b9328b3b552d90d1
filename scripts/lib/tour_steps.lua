-- Owns: the steps of the tour: a title, what to say before it, and the lines that are typed, as at the prompt. A step's `setup` lines are
-- what later steps build on: they run again, unseen, where the tour is resumed. Callers: the tour.
return {
  {
    title = "A code",
    text = "A server answers with three digits and a text. Type the digits: what they say, when servers say so, what to do, whether to "
      .. "retry, and who must act. In the shell this is: ehlo 550",
    lines = {"550"},
  },
  {
    title = "Two codes side by side",
    text = "Codes are easily taken for each other. Both of these are temporary; what sets them apart, and which one when?",
    lines = {"compare 421 450"},
  },
  {
    title = "A reply from a log",
    text = "Mostly you have a whole line, from a log or a bounce. Paste it: the text says more than the code.",
    lines = {"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org"},
  },
  {
    title = "A server to practise on",
    text = "What follows needs a mail server, so here is one: on this machine only, it keeps no mail, and it answers as it is told. This one "
      .. "refuses the first recipient for now, and takes it when asked again. `ehlo rehearse --list` has more of the kind.",
    lines = {'answers = {"450 4.2.0 Greylisted: come back in a moment", "250 2.1.5 Ok"}', "server = smtp.listen {tls = true, rcpt = answers}",
      'target = "127.0.0.1:" .. server.port'},
    setup = true,
  },
  {
    title = "A live session",
    text = "Now talk to it, step by step. Each line is Lua; each call sends one command and gives the server's reply.",
    lines = {"s = smtp.connect(target)", "s:ehlo()", "s:starttls()", "s:ehlo()", 's:mail("")', 'reply = s:rcpt("user@example.org")'},
    setup = true,
  },
  {
    title = "What did it say, and why?",
    text = "The reply is a value that explains itself; it knows which command it answered. The server puts off strangers, so ask once more, "
      .. "and look at the session as a whole: what was said when, and how long it took.",
    lines = {"reply", "reply:explain().cause", 's:rcpt("user@example.org")', "s", "s:quit()"},
    setup = true,
  },
  {
    title = "All of it in one call",
    text = "A probe is such a session from beginning to end, with one outcome. No mail is sent: RSET follows RCPT. In the shell: "
      .. "ehlo probe --to user@example.org HOST",
    lines = {'r = smtp.probe(target, {to = "user@example.org"})', "r", "r.outcome"},
    setup = true,
  },
  {
    title = "Keep it as a script",
    text = "What you have typed is a check already. :save writes it down as a script that does the same again, on any machine.",
    lines = {"server:close()", ":save FILE"},
  },
}
