local args = manifest {
  summary = "what a server's reply means: cause, whether to retry, who must act",
  arguments = {{name = "input", many = true, help = "reply, such as '550 5.1.1 <a@b>: no such user', or file, or - for standard input"}},
  options = {{name = "phase", value = "PHASE",
    values = {"greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "quit"}, help = "the command that it answered"}},
  examples = {"ehlo explain '550 5.1.1 <a@example.org>: no such user'", "ehlo explain 5.7.26", "ehlo explain - < reply.txt"},
}

return require("ehlo.inputs").explain(args)
