local args = manifest {
  summary = "the name of an address, and whether it leads back; with --helo, whether a name can be presented from there",
  arguments = {{name = "address", help = "IP address"}},
  options = {
    {name = "helo", value = "NAME", help = "judge this name for EHLO as well"},
    "resolver", "recursive", "trust-anchor",
  },
  examples = {"ehlo fcrdns 192.0.2.1", "ehlo fcrdns --helo mx.example.org 192.0.2.1"},
}

if not require("ehlo.policy.ip").read(args.address) then
  require("ehlo.trouble").usage("fcrdns takes an IP address, not \"%s\".", report.escape(args.address))
end
if args.helo == "" then require("ehlo.trouble").usage("--helo takes a name.") end
require("ehlo.probing").set_up(args)
local items = {policy.fcrdns(args.address), args.helo and policy.helo(args.helo, args.address) or nil}
local r = {kind = "policy", items = items}
r.exit = require("ehlo.policy.domain").exit(items)
for _, each in ipairs(items) do r.exit = each.verdict == "temperror" and 1 or r.exit end
return r
