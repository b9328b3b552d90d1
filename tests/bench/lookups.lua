-- Owns: the MX of many names. Run: ehlo run tests/bench/lookups.lua SERVER ANCHOR AT_ONCE NAMES; "-" for no anchor.
local server, anchor, at_once, file = ...
assert(smtp.resolver {server = server, trust_anchor = anchor ~= "-" and anchor or "", hosts = ""})

local names = {}
for name in io.lines(file) do names[#names + 1] = name end
local answers = task.map(names, function(name) return (dns.mx(name)) end, {concurrency = tonumber(at_once)})

local good = 0
for i = 1, #names do
  if answers[i] and answers[i][1] and answers[i][1].preference == 10 then good = good + 1 end
end
print(good .. " of " .. #names)
os.exit(good == #names, true)
