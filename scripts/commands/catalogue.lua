local args = manifest {
  summary = "catalogues of codes: renew them, make and add your organisation's, go back",
  arguments = {
    {name = "action", help = "what to do: update, add, list, show, diff, rollback, remove, verify, build or export"},
    {name = "items", many = true, optional = true, help = "name, URL, file or folder, by the action"},
  },
  options = {
    {name = "key", value = "KEY", many = true, help = "add, verify: a public key of minisign's, or a file that holds it; may be repeated"},
    {name = "ca-file", value = "FILE", help = "add: trust these certificates (PEM) in place of the system's"},
    {name = "dry-run", help = "update: show what would change, and change nothing"},
    {name = "check", help = "update: only ask; exit 0: all is current, 1: something newer exists, 3: one could not be asked, or is refused"},
  },
  examples = {"ehlo catalogue update", "ehlo catalogue update --dry-run",
    "ehlo catalogue add https://mail.example.org/catalogue.json --key minisign.pub", "ehlo catalogue list", "ehlo catalogue rollback",
    "ehlo catalogue verify catalogue.json --key minisign.pub", "ehlo catalogue build DIR -o catalogue.json", "ehlo catalogue export"},
}

return require("ehlo.catalogue_actions").run(args)
