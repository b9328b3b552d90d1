-- Owns: what one look-up and one field read cost. Run: ehlo run tests/bench/lookup.lua [rounds]
local rounds = tonumber((...)) or 5000000

local function measure(name, limit, f)
  f(rounds // 100)
  collectgarbage()
  local best = math.huge
  for _ = 1, 5 do
    local began = os.clock()
    f(rounds)
    best = math.min(best, os.clock() - began)
  end
  local each = best / rounds * 1e9
  print(("%-24s %7.1f ns   (at most %d)"):format(name, each, limit))
  return each <= limit
end

local entry = codes.lookup("521")
local lookup = codes.lookup

local fast = measure("codes.lookup(\"521\")", 400, function(n)
  for _ = 1, n do lookup("521") end
end)
local near = measure("entry.name", 60, function(n)
  local name
  for _ = 1, n do name = entry.name end
  return name
end)
os.exit(fast and near, true)
