-- Owns: that memory and descriptors stay what they are, however many probes were made. Run: ehlo run soak.lua PORT COUNT [tls]
local port, count, tls = ...
count = tonumber(count)
local ROUNDS, WARM, SETS, AT_ONCE = 10, 3, 4, 100
local GROWTH = 1024 -- kilobytes, over a set of rounds

local function own(what)
  local file <close> = assert(io.open("/proc/self/" .. what))
  return file:read("a")
end
local function resident()
  collectgarbage()
  collectgarbage()
  return tonumber(own("status"):match("VmRSS:%s+(%d+)"))
end
local process = own("stat"):match("^%d+")
local function descriptors()
  local name = os.tmpname()
  assert(os.execute(("ls /proc/%s/fd > %s"):format(process, name))) -- no pipe of ours, which would be counted, or not
  local list <close> = assert(io.open(name))
  os.remove(name)
  return select(2, list:read("a"):gsub("%d+", ""))
end

-- All that a record holds is looked at, as a script that keeps records would.
local function weigh(record)
  assert(record.outcome == "ready", record.outcome)
  assert(#record.transcript >= 5 and record.capabilities.PIPELINING and record.timing.total > 0)
  return #report.json(record)
end
local function round()
  local targets = {}
  for i = 0, count // ROUNDS - 1 do targets[i + 1] = ("127.4.%d.%d"):format(i // 250 + 1, i % 250 + 1) end
  local records, errors = task.map(targets, function(host)
    return smtp.probe(host, {port = tonumber(port), tls = tls and "encrypt" or "none", rate = 0})
  end, {concurrency = AT_ONCE})
  assert(not errors or not next(errors))
  local bytes = 0
  for i = 1, #targets do bytes = bytes + weigh(records[i]) end
  return bytes // #targets
end

for _ = 1, WARM do round() end
local open, kept, each = descriptors(), false, 0
for _ = 1, SETS do -- a leak grows in every set; what the allocator and the collector keep back does not
  local before = resident()
  for _ = WARM + 1, ROUNDS do each = round() end
  local after = resident()
  print(("%d probes, %d bytes of JSON each: %d KB before, %d KB after"):format(count, each, before, after))
  kept = after - before <= GROWTH
  if kept then break end
end
local still = descriptors()
print(("%d descriptors before, %d after"):format(open, still))
os.exit(kept and still == open, true)
