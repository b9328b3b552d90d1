local args = manifest {
  summary = "what a reply, a log or a bounce means: cause, whether to retry, who must act",
  arguments = {{name = "input", many = true, optional = true,
    help = "reply, such as '550 5.1.1 <a@b>: no such user', or files and folders (replies, logs, journals, queue listings, mails, mbox, Maildir; "
      .. "gz, bz2, xz, zst), or - for standard input"}},
  options = {
    {name = "phase", value = "PHASE", values = {"greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "quit"},
      help = "the command that the reply answered"},
    {name = "queue-id", value = "ID", help = "tell the story of this one message"},
    {name = "journal", help = "read what the mail servers of this machine wrote to systemd's journal"},
    {name = "since", value = "WHEN", help = "of logs, nothing older: today, yesterday, 36h, 2d or 2026-11-03"},
    {name = "live", help = "of a bounce: ask the mailbox's servers whether it still holds (RCPT; nothing is sent)"},
    {name = "port", value = "N", type = "count", max = 65535, help = "with --live: the servers' port (25)"},
    {name = "resolver", value = "ADDRESS", help = "with --live: ask this name server, ADDRESS or ADDRESS:PORT"},
    {name = "trust-anchor", value = "FILE", help = "with --live: the keys that DNSSEC begins with (the root's)"},
    {name = "ca-file", value = "FILE", type = "file", help = "with --live: trust these certificates (PEM) in place of the system's"},
    {name = "follow", help = "go on as the log grows, through rotation, a line for each delivery, until Ctrl-C"},
  },
  examples = {"ehlo explain '550 5.1.1 <a@example.org>: no such user'", "ehlo explain 5.7.26", "ehlo explain - < reply.txt",
    "ehlo explain bounce.eml", "ehlo explain --verbose ~/Maildir",
    "ehlo explain /var/log/mail.log*", "ehlo explain --since yesterday /var/log/mail.log",
    "ehlo explain --queue-id 4ZfQ1b3xyzz1aB /var/log/mail.log", "postqueue -j | ehlo explain -",
    "ehlo explain --journal --since yesterday", "journalctl -o json -M mail | ehlo explain -", "ehlo explain --follow --format ndjson /var/log/mail.log",
    "ehlo explain --live bounce.eml"},
}

return require("ehlo.inputs").explain(args)
