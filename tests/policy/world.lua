-- Owns: what a test of policies does with the name server beside it: zones that hold from now on, and what was asked since. Callers:
-- tests/policy/test_*.lua.
local harness = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = {}

-- Zones as name_server.py reads them. The resolver is a new one, so that it remembers nothing.
function world.zones(zones)
  local path = os.getenv("EHLO_ZONES")
  local file = assert(io.open(path .. ".new", "w"))
  file:write(report.json(setmetatable(zones, {__order = {}})))
  file:close()
  assert(os.rename(path .. ".new", path))
  assert(io.open(os.getenv("EHLO_QUERIES"), "w")):close()
  assert(smtp.resolver {server = os.getenv("EHLO_TEST_RESOLVER"), trust_anchor = "", hosts = ""})
end

-- What was asked since: a list of "name TYPE udp".
function world.asked()
  local list = {}
  for line in io.lines(os.getenv("EHLO_QUERIES")) do list[#list + 1] = line end
  return list
end

-- What every policy finds here is written down.
for name in pairs(policy) do harness.note(policy, name) end

return world
