-- Owns: many probes over 127/8 that keep every record. Run: ehlo run tests/bench/probes.lua [COUNT [AT_ONCE [PORT [tls]]]]
local count, at_once, port, tls = ...
count = tonumber(count) or 40000
at_once = tonumber(at_once) or 100
local options = {port = tonumber(port) or 25, tls = tls and "encrypt" or "none"}

local targets = {}
for i = 0, count - 1 do
  targets[i + 1] = ("127.%d.%d.%d"):format(1 + i // 62500, i // 250 % 250 + 1, i % 250 + 1)
end
local records = task.map(targets, function(target) return smtp.probe(target, options) end, {concurrency = at_once})

local good = 0
for i = 1, count do
  if records[i].outcome == "ready" then good = good + 1 end
end
print(good .. " of " .. count)
os.exit(good == count, true)
