local args = manifest {
  summary = "whether blocklists name an address or a domain, told from lists that refuse to answer",
  arguments = {{name = "subject", help = "IP address or domain"}},
  options = {
    {name = "zone", value = "ZONE", many = true, help = "ask this list, in place of the well-known ones; may be repeated"},
    "resolver", "recursive", "trust-anchor",
  },
  examples = {"ehlo dnsbl 192.0.2.1", "ehlo dnsbl example.org", "ehlo dnsbl --zone bl.spamcop.net 192.0.2.1"},
}

local subject = args.subject
if not require("ehlo.policy.ip").read(subject) then subject = require("ehlo.policy.domain").of(subject) end
require("ehlo.probing").set_up(args)
local r = policy.dnsbl(subject, {zones = args.zone, timeout = args.timeout})
r.exit = r.verdict == "clean" and 0 or 1
return r
