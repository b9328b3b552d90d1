-- Owns: the check that every function which scripts can call is documented, and that what the manual says runs. Callers: ctest,
-- through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = t.test, t.equal, t.truthy
local manual = require "ehlo.manual"

local rows = {}
for _, row in ipairs(manual) do rows[row.name] = row end

-- What scripts can call, by the names of the manual.
local function callable()
  local registry = truthy(smtp and mail) and debug.getregistry() -- opened when they are touched
  truthy(mail.open("/") and runbook)
  local _, source = debug.getupvalue(registry["ehlo.source"].__index, 1)
  local log, tally = getmetatable(mail.log()), getmetatable(mail.tally())
  truthy(log == "ehlo.log" and tally == "ehlo.tally")
  local _, server = debug.getupvalue(registry["ehlo.server"].__index, 1)
  local _, session = debug.getupvalue(registry["ehlo.session"].__index, 1)
  local tables = {
    ["codes."] = codes, ["report."] = report, ["smtp."] = smtp, ["dns."] = dns, ["http."] = http, ["task."] = task, ["mail."] = mail,
    ["crypto."] = crypto, ["key:"] = registry["ehlo.verify_key"].__index,
    ["catalogue."] = catalogue, ["policy."] = policy, ["runbook."] = runbook, ["book:"] = registry["ehlo.book"],
    ["session:"] = session, ["source:"] = source, ["log:"] = registry["ehlo.log"].__index,
    ["tally:"] = registry["ehlo.tally"].__index, ["server:"] = server,
    ["task:"] = registry["ehlo.task"].__index, ["reply:"] = {explain = print},
  }
  local names = {}
  for prefix, functions in pairs(tables) do
    truthy(type(functions) == "table" and (next(functions) or prefix == "policy."), prefix)
    for name, value in pairs(functions) do
      if type(value) == "function" then names[prefix .. name] = true end
    end
  end
  return names
end

test("every function has a row in the manual", function()
  for name in pairs(callable()) do truthy(rows[name], "a row for " .. name) end
end)

test("every row is about a function that is there, and there once", function()
  local names, seen = callable(), {}
  for _, row in ipairs(manual) do
    truthy(names[row.name], row.name)
    equal(seen[row.name], nil, row.name)
    seen[row.name] = true
  end
end)

test("every row tells arguments, results, errors and an example", function()
  for _, row in ipairs(manual) do
    for _, field in ipairs {"summary", "returns", "errors", "example"} do
      truthy(type(row[field]) == "string" and #row[field] > 0, row.name .. ": " .. field)
    end
    for _, argument in ipairs(row.arguments) do
      for i = 1, 3 do truthy(type(argument[i]) == "string" and #argument[i] > 0, row.name .. ": argument") end
    end
  end
end)

test("every example parses, and runs where it needs no server", function()
  for _, row in ipairs(manual) do
    local printed = 0
    local scope = setmetatable({print = function(...)
      printed = printed + 1
      for i = 1, select("#", ...) do tostring((select(i, ...))) end
    end}, {__index = _G})
    local chunk = truthy(load(row.example, "=" .. row.name, "t", scope), row.name)
    if not row.network then chunk() end
  end
end)

os.exit(t.finish())
