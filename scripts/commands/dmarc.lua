local args = manifest {
  summary = "what a domain wants done with mail that only pretends to be its own: its DMARC record, judged",
  arguments = {{name = "domain", help = "domain of a From field, or a mailbox"}},
  options = {
    "resolver", "recursive", "trust-anchor",
  },
  permission = "safe",
  examples = {"ehlo dmarc example.org", "ehlo dmarc --format json example.org"},
}

local domain = require "ehlo.policy.domain"
require("ehlo.probing").set_up(args)
local r = policy.dmarc(domain.of(args.domain), {timeout = args.timeout})
r.exit = domain.exit {r}
return r
