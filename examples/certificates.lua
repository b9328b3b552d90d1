-- When do the certificates of many mail servers end? The first to end comes first.
-- Run: ehlo run examples/certificates.lua [--days N] HOST[:PORT]... (or - for a list on standard input)
local args = manifest {
  summary = "list the certificates of hosts by the days that they have left",
  arguments = {{name = "hosts", many = true, help = "host or host:port; - reads them from standard input, a line each"}},
  options = {{name = "days", value = "N", type = "count", help = "exit 1 where one has fewer days left (30)"}},
  permission = "safe",
  examples = {"ehlo run examples/certificates.lua mx1.example.org mx2.example.org", "ehlo run examples/certificates.lua --days 14 - < hosts"},
}
local hosts = {}
for _, word in ipairs(args.hosts) do
  if word ~= "-" then hosts[#hosts + 1] = word end
  if word == "-" then
    for line in io.lines() do
      if line:match("%S") then hosts[#hosts + 1] = line:match("%S+") end
    end
  end
end

local rows = task.map(hosts, function(host)
  local r = assert(smtp.probe(host, {tls = "encrypt", timeout = 60}))
  local leaf = r.tls and r.tls.chain[1]
  local days = leaf and leaf.not_after and (leaf.not_after - os.time()) // 86400
  return {host = host, days = days, what = leaf and leaf.subject or r.outcome, trusted = r.tls and r.tls.trusted}
end, {concurrency = 20})

-- Hosts without a certificate come last.
table.sort(rows, function(a, b)
  if (a.days or math.huge) ~= (b.days or math.huge) then return (a.days or math.huge) < (b.days or math.huge) end
  return a.host < b.host
end)
local soon = false
for _, row in ipairs(rows) do
  soon = soon or row.days ~= nil and row.days < (args.days or 30)
  local days = row.days and ("%5d days"):format(row.days) or "   no TLS "
  print(("%s  %-30s  %s%s"):format(days, report.escape(row.host), report.escape(row.what), row.trusted == false and "  (not trusted)" or ""))
end
return soon and 1 or 0
