-- Owns: how much a crowd of tarpits slows the hosts beside it. Run: ehlo run tarpits.lua PORT TARPIT_PORT HOSTS TARPITS
local port, tarpit_port, hosts, tarpits = table.unpack({...}, 1, 4)
hosts, tarpits = tonumber(hosts), tonumber(tarpits)
local ROUNDS, AT_ONCE = 12, 200 -- in pairs, the best of each counts: noise only ever adds

local function addresses(net, count)
  local list = {}
  for i = 0, count - 1 do list[i + 1] = ("127.%d.%d.%d"):format(net, i // 250 + 1, i % 250 + 1) end
  return list
end
local normal, sticky = addresses(2, hosts), addresses(3, tarpits)

-- The clock of the wall less what this process stood in line for a core: what else the machine does is not the tarpits' doing.
local function now()
  local up <close> = assert(io.open("/proc/uptime"))
  local line <close> = assert(io.open("/proc/self/schedstat"))
  local _, waited = line:read("n", "n") -- nanoseconds on a core, and waiting for one
  return up:read("n") - waited / 1e9
end

-- Seconds for all normal hosts.
local function round()
  local began = now()
  local records, errors = task.map(normal, function(host)
    return smtp.probe(host, {port = tonumber(port), tls = "none", rate = 0}).outcome
  end, {concurrency = AT_ONCE})
  local took = now() - began
  assert(not errors, errors and next(errors) and tostring(select(2, next(errors))))
  for i = 1, hosts do assert(records[i] == "ready", records[i]) end
  return took
end

local held, ended = {}, 0
local function begin_tarpits()
  for i, host in ipairs(sticky) do
    held[i] = task.spawn(function()
      local r = smtp.probe(host, {port = tonumber(tarpit_port), tls = "none", rate = 0})
      ended = ended + 1
      return r.outcome
    end)
  end
  task.sleep(0.6) -- until each has sent more than its first bytes
end
local function end_tarpits()
  for _, each in ipairs(held) do each:cancel() end
  held = {}
end

round() -- what is set up once
local alone, beside = math.huge, math.huge
for _ = 1, ROUNDS do
  alone = math.min(alone, round())
  begin_tarpits()
  local took = round()
  assert(ended == 0, "a tarpit let go before the others were done")
  end_tarpits()
  ended = 0
  beside = math.min(beside, took)
  if beside < 1.2 * alone then break end
end
print(("%d hosts in %.2f s, beside %d tarpits in %.2f s: %.2f"):format(hosts, alone, tarpits, beside, beside / alone))
os.exit(beside < 1.2 * alone, true)
