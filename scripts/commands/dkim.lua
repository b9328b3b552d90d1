local args = manifest {
  summary = "verify the signatures of a mail (DKIM, ARC) and what DMARC makes of them, or look at a key",
  arguments = {{name = "words", many = true, help = "SELECTOR DOMAIN for a key, or a file with a mail (- for standard input). The exit status is "
    .. "that of DKIM alone: 0 where a signature holds, or the key can be used, else 1, whatever SPF, ARC and DMARC make of it"}},
  options = {
    {name = "ip", value = "ADDRESS", help = "of a mail: the address that sent it, so that SPF counts too"},
    {name = "from", value = "ADDRESS", help = "of a mail: its envelope's sender (that of Return-Path)"},
    {name = "helo", value = "NAME", help = "of a mail: the EHLO name that it came with"},
    "resolver", "recursive", "trust-anchor",
  },
  permission = "safe",
  examples = {"ehlo dkim mail.eml", "ehlo dkim mail example.org", "ehlo dkim --ip 192.0.2.25 mail.eml", "ehlo dkim --format json - < mail.eml"},
}

require("ehlo.probing").set_up(args)
return require("ehlo.policy.command").dkim(args)
