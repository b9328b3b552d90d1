local args = manifest {
  summary = "who may send mail for a domain by SPF; with --ip, whether an address may",
  arguments = {{name = "domain", help = "mail domain"}},
  options = {
    {name = "ip", value = "ADDRESS", help = "evaluate the record for a client with this address"},
    {name = "helo", value = "NAME", help = "the name that the client presents in EHLO (for --ip)"},
    {name = "from", value = "MAILBOX", help = "the sender, or the part of it before the @ (for --ip; postmaster)"},
    "resolver", "recursive", "trust-anchor",
  },
  examples = {"ehlo spf example.org", "ehlo spf --ip 192.0.2.1 example.org", "ehlo spf --ip 2001:db8::1 --helo mx.example.org --from user example.org"},
}

local trouble = require "ehlo.trouble"
local of = require "ehlo.policy.domain"
local domain = of.of(args.domain)

-- The sender whose domain is the one that was named.
local function sender()
  local from = args.from or args.domain:find("@", 1, true) and args.domain or "postmaster"
  local local_part, other = from:match("^(.*)@([^@]*)$")
  if other and other:lower():gsub("%.$", "") ~= domain then trouble.usage("--from %s is no sender of %s.", report.escape(from), domain) end
  return (local_part or from) .. "@" .. domain
end

if not args.ip and (args.helo or args.from) then trouble.usage("--helo and --from need --ip: whose mail is it?") end
if args.ip and not require("ehlo.policy.ip").read(args.ip) then trouble.usage("--ip takes an IP address, not \"%s\".", report.escape(args.ip)) end
require("ehlo.probing").set_up(args)
if not args.ip then
  local r = policy.spf_record(domain, {timeout = args.timeout})
  r.exit = r.verdict == "valid" and of.exit {r} or 1
  return r
end
local r = policy.spf {ip = args.ip, helo = args.helo, from = sender(), timeout = args.timeout}
r.exit = r.result == "pass" and 0 or 1
return r
