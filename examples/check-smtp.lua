-- A check for Nagios, Icinga and the like: a host's outcome, its answer's time, the days that its certificate has left.
-- Run: ehlo run examples/check-smtp.lua [--warning SECONDS] [--critical SECONDS] [--days N] HOST[:PORT]
local args = manifest {
  summary = "check a mail server: one line with performance data, exit status 0 to 3",
  arguments = {{name = "host", help = "host or host:port"}},
  options = {
    {name = "warning", value = "SECONDS", type = "seconds", help = "warn where the whole takes longer (5)"},
    {name = "critical", value = "SECONDS", type = "seconds", help = "critical where it takes longer (20)"},
    {name = "days", value = "N", type = "count", help = "warn where the certificate has fewer days left (14)"},
  },
  permission = "safe",
  examples = {"ehlo run examples/check-smtp.lua --days 21 mx.example.org"},
}
local warning, critical, least = args.warning or 5, args.critical or 20, args.days or 14
local OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
local names = {[OK] = "OK", [WARNING] = "WARNING", [CRITICAL] = "CRITICAL", [UNKNOWN] = "UNKNOWN"}

local r, why = smtp.probe(args.host, {timeout = critical + 5})
if not r then
  print("SMTP UNKNOWN - " .. report.escape(why))
  return UNKNOWN
end

local seconds = r.timing.total or 0
local leaf = r.tls and r.tls.chain[1]
local days = leaf and leaf.not_after and (leaf.not_after - os.time()) // 86400
local state, words = OK, {r.outcome}
local function at_least(level, text)
  state = math.max(state, level)
  words[#words + 1] = text
end
if r.outcome == "refused-temporarily" then at_least(WARNING, "it may be busy") elseif r.outcome ~= "ready" then at_least(CRITICAL, "at " .. r.phase) end
if seconds > critical then at_least(CRITICAL, "too slow") elseif seconds > warning then at_least(WARNING, "slow") end
if days and days < 0 then at_least(CRITICAL, "certificate expired") elseif days and days < least then at_least(WARNING, "certificate ends soon") end

print(("SMTP %s - %s|time=%.3fs;%g;%g;0%s"):format(names[state], report.escape(table.concat(words, ", ")), seconds, warning, critical,
  days and (" days=%d;%d:;0:"):format(days, least) or ""))
return state
