#!/usr/bin/env -S ehlo run
-- Do the MX hosts of a domain still agree, and what changed since last time? Run it daily, with a folder of its own:
-- ehlo run examples/mx-drift.lua FOLDER HOST[:PORT] HOST[:PORT]...
-- It prints what differs and exits 1 where something does, so that cron sends a mail about changes only.
local folder, hosts = (...), {select(2, ...)}
assert(folder and #hosts > 0, "FOLDER and at least one HOST are needed")

local differs = false
local function tell(c)
  if #c.differences == 0 then return end
  differs = true
  print(c)
  print()
end

local records = task.map(hosts, function(host) return assert(smtp.probe(host, {timeout = 60})) end, {concurrency = 4})
for i, record in ipairs(records) do
  local path = ("%s/%s.json"):format(folder, hosts[i]:gsub("[^%w.-]", "_"))
  local before = io.open(path)
  if before then
    before:close()
    tell(report.compare(path, record))
  end
  local file <close> = assert(io.open(path, "w"))
  file:write(report.json(record), "\n")
end
if #records > 1 then tell(report.compare(table.unpack(records))) end
return differs and 1 or 0
