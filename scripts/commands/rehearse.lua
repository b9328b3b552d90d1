local args = manifest {
  summary = "a mail server on this machine that plays a scenario, to try things on",
  arguments = {{name = "scenario", optional = true, help = "scenario (ready); --list names them"}},
  options = {
    {name = "list", help = "name the scenarios and what each plays"},
    {name = "port", value = "N", type = "count", max = 65535, help = "listen on this port (one that is free)"},
  },
  permission = "safe",
  examples = {"ehlo rehearse --list", "ehlo rehearse greylisting", "ehlo rehearse unknown-user --port 2525"},
}

local trouble = require "ehlo.trouble"
local scenarios = require "ehlo.rehearsal"

if args.list then return {kind = "rehearsal", items = scenarios} end

local wanted, names, row = args.scenario or "ready", {}, nil
for i, each in ipairs(scenarios) do
  names[i] = each.name
  if each.name == wanted then row = each end
end
if not row then
  local near = trouble.nearest(wanted, names)
  trouble.usage("no scenario \"%s\".%s", report.escape(wanted), near and (" Did you mean: " .. near .. "?") or " See: ehlo rehearse --list")
end

local options = row.listen()
options.port = args.port
local server, message = smtp.listen(options)
if not server then trouble.fail("%s", message) end

local words = {"ehlo probe"}
for _, key in ipairs {"from", "to", "tls", "timeout"} do
  local value = row.probe and row.probe[key]
  if value then words[#words + 1] = ("--%s %s"):format(key, value) end
end
words[#words + 1] = ("%s:%d"):format(server.address, server.port)
io.write(("%s: %s\nlistening on %s:%d, until Ctrl-C\ntry: %s\n"):format(row.name, row.summary, server.address, server.port,
  table.concat(words, " ")))
io.flush()
server:wait()
return {shown = true, exit = 0}
