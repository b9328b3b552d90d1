local args = manifest {
  summary = "what DANE asks of who delivers to a host: its TLSA records, and whether its certificate matches them",
  arguments = {{name = "host", help = "host, host:port, or with --mx a mail domain"}},
  options = {
    {name = "live", help = "ask the host for its certificate, and hold the records against it"},
    {name = "mx", help = "all MX hosts of a mail domain"},
    "resolver", "recursive", "trust-anchor",
  },
  permission = "safe",
  examples = {"ehlo dane mx.example.org", "ehlo dane --live mx.example.org", "ehlo dane --mx --live example.org"},
}

local domain = require "ehlo.policy.domain"
require("ehlo.probing").set_up(args)
if require("ehlo.mail_hosts").is_address((args.host:gsub(":%d+$", ""))) then
  require("ehlo.trouble").usage("TLSA records hang on a name, and %s is an address: give the name of the host.", report.escape(args.host))
end
local name, port = args.host:match("^(.*):(%d+)$")
port = port and math.tointeger(tonumber(port))
if port and (port < 1 or port > 65535) then require("ehlo.trouble").usage("\"%s\" is no host.", report.escape(args.host)) end
local r = policy.dane(domain.of(name or args.host), {port = port, live = args.live, mx = args.mx, timeout = args.timeout})
r.exit = domain.exit {r}
return r
