-- Owns: a small test runner for bindings: test("what holds", function() ... end), then harness.finish(). Callers: tests/lua/test_*.lua.
-- Prints a line a test; the process fails when one failed, or when none ran.
local harness = {ran = 0, failed = 0}

-- What runs now, and the leave that its sessions have: the server beside it writes it down with what it heard.
local function announce(name, leave)
  harness.running, harness.leave = name, leave or ""
  local path = os.getenv("EHLO_CASE")
  if not path then return end
  local file = assert(io.open(path, "w"))
  file:write(name, "\t", harness.leave)
  file:close()
end

-- `leave`: the words of --allow that this test may need, and no other.
function harness.test(name, body, leave)
  harness.ran = harness.ran + 1
  announce(name, leave)
  local ok, message = xpcall(body, debug.traceback)
  collectgarbage() -- what was forgotten open shows at once
  if ok then
    print("ok   " .. name)
  else
    harness.failed = harness.failed + 1
    print("FAIL " .. name .. "\n  " .. tostring(message):gsub("\n", "\n  "))
  end
end

-- Writes down what a client said to a server of this script's own, as tests/records/record.py does for the others.
function harness.heard(commands)
  local folder = os.getenv("EHLO_RECORD")
  if not folder then return end
  local case, leave = "rehearsal: " .. harness.running, {}
  for word in harness.leave:gmatch("%S+") do leave[#leave + 1] = word end
  local file = assert(io.open(folder .. "/rehearsal.ndjson", "a"))
  file:write(report.json {case = case, leave = leave, bytes = table.concat(commands, "\r\n")}, "\n")
  file:close()
end

-- From now on what this function of a module finds is written down, as tests/records/found.py does it for others.
function harness.note(module, name)
  local folder, f = os.getenv("EHLO_RECORD"), module[name]
  if not folder or type(f) ~= "function" then return end
  module[name] = function(...)
    local results = table.pack(f(...))
    local r = results[1]
    if type(r) == "table" and type(r.findings) == "table" then
      local ids = {}
      for i, finding in ipairs(r.findings) do ids[i] = finding.id end
      local file = assert(io.open(folder .. "/lua.found", "a"))
      file:write(report.json {test = "lua", of = r.policy or "hosts", findings = ids}, "\n")
      file:close()
    end
    return table.unpack(results, 1, results.n)
  end
end

local function show(value)
  return type(value) == "string" and ("%q"):format(value) or tostring(value)
end

function harness.equal(got, wanted, what)
  if got ~= wanted then error(("%s: got %s, wanted %s"):format(what or "value", show(got), show(wanted)), 2) end
end

function harness.truthy(value, what)
  if not value then error((what or "value") .. ": got " .. show(value), 2) end
  return value
end

-- The body must raise, with a message in which `pattern` is found.
function harness.raises(pattern, body, ...)
  local ok, message = pcall(body, ...)
  if ok then error("nothing was raised; wanted " .. show(pattern), 2) end
  if not tostring(message):find(pattern) then error(("raised %s, wanted %s"):format(show(tostring(message)), show(pattern)), 2) end
end

function harness.finish()
  print(("%d tests, %d failed"):format(harness.ran, harness.failed))
  return (harness.failed > 0 or harness.ran == 0) and 1 or 0
end

return harness
