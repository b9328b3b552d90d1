local args = manifest {
  summary = "set things side by side: codes, hosts, sessions, saved results",
  arguments = {{name = "things", many = true, optional = true,
    help = "codes (211 521), hosts to probe, replies ('550 5.1.1 no such user'), or files that ehlo wrote as JSON (with a slash, or ending in "
      .. ".json or .ndjson; -)"}},
  options = {
    {name = "exit-code", help = "exit 1 where they differ, 0 where they do not"},
    {name = "mx", help = "for mail domains: every address of every MX host"},
    {name = "to", value = "MAILBOX", help = "for hosts: ask whether they would take mail for this mailbox"},
    {name = "from", value = "MAILBOX", help = "for hosts: the sender to name (the null sender)"},
    {name = "helo", value = "NAME", help = "for hosts: the name that EHLO presents (this machine's)"},
    "tls",
    {name = "implicit-tls", help = "for hosts: speak TLS first, as on port 465"},
    {name = "family", value = "FAMILY", values = {"ipv4", "ipv6"}, help = "for hosts: over this family only"},
    {name = "source", value = "ADDRESS", help = "for hosts: connect from this address"},
    {name = "resolver", value = "ADDRESS", help = "for hosts: ask this name server, ADDRESS or ADDRESS:PORT"},
  },
  permission = "safe",
  examples = {"ehlo compare 211 521", "ehlo compare 421 450 451", "ehlo compare mx1.example.org mx2.example.org",
    "ehlo compare --mx example.org", "ehlo compare --to user@example.org mx1.example.org mx2.example.org", "ehlo compare saved.json now.json",
    "ehlo compare --exit-code --quiet saved.json mx1.example.org", "ehlo compare 211 521 --format html --output page.html"},
}

return require("ehlo.compare.words").record(args)
