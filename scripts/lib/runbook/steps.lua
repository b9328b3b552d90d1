-- Owns: what a step is and what it may return; mistakes in either are named at once. Callers: the runbook module, the runner.
local trouble = require "ehlo.trouble"
local steps = {}

steps.verdicts = {"pass", "warn", "fail", "skip", "unknown"}

local is_verdict = {}
for _, word in ipairs(steps.verdicts) do is_verdict[word] = true end

-- How much a failure weighs where several have no other reason; the heaviest is the first cause.
local severities = {high = 3, normal = 2, low = 1}

local fields = {name = "string", title = "string", run = "function", needs = "table", after = "table", because = "table", severity = "string",
  permission = "string", reference = "string"}

-- What a step returns. `pass = "text"` is short for `verdict = "pass", text = "text"`.
local results = {
  verdict = "string", text = "string", evidence = true, cause = "string", acts = "string", fix = "string", next = "string", reference = "string",
  keep = true, table = "table", metrics = "table", probes = "table", findings = "table",
  doubt = "boolean", -- with unknown: the whole is unknown then
}

local function names_of(known)
  local names = {}
  for name in pairs(known) do names[#names + 1] = name end
  return names
end

-- A key that is none of `known`, in words; nil where all are.
local function unknown_key(row, known)
  for key in pairs(row) do
    if not known[key] and not is_verdict[key] then
      local near = type(key) == "string" and trouble.nearest(key, names_of(known))
      return ("'%s'%s"):format(tostring(key), near and " (did you mean " .. near .. "?)" or "")
    end
  end
end

local function check_types(row, known, what)
  for key, value in pairs(row) do
    local wanted = known[key]
    if type(wanted) == "string" and type(value) ~= wanted then
      error(("%s: %s must be a %s, not a %s"):format(what, key, wanted, type(value)), 4)
    end
  end
end

local function check_needs(row, by_name, field)
  for _, name in ipairs(row[field] or {}) do
    if not by_name[name] then
      error(("step %s: %s names \"%s\", and no step above has that name"):format(row.name, field, tostring(name)), 4)
    end
  end
end

-- A step as a script describes it; by_name: those above it.
function steps.new(row, by_name)
  if type(row) ~= "table" or type(row.name) ~= "string" or not row.name:match("^[%w_%-%.: ]+$") then
    error("a step is a table with a name of letters, digits, - and _: book:step {name = \"connect\", run = function() ... end}", 3)
  end
  local wrong = unknown_key(row, fields)
  if wrong then error(("step %s has no field %s"):format(row.name, wrong), 3) end
  check_types(row, fields, "step " .. row.name)
  if not row.run then error(("step %s has no run = function() ... end"):format(row.name), 3) end
  if by_name[row.name] then error(("two steps are named %s"):format(row.name), 3) end
  if row.severity and not severities[row.severity] then error(("step %s: severity is high, normal or low"):format(row.name), 3) end
  for _, field in ipairs {"needs", "after", "because"} do check_needs(row, by_name, field) end
  return {
    name = row.name, title = row.title or row.name, run = row.run, needs = row.needs or {}, after = row.after or {},
    because = row.because or {}, severity = row.severity or "normal", weight = severities[row.severity or "normal"],
    permission = row.permission, reference = row.reference,
  }
end

-- Evidence as a list of texts: of a text, a reply, or a list of such.
local function evidence_of(value)
  if value == nil then return {} end
  local list = {}
  for _, each in ipairs(type(value) == "table" and value or {value}) do list[#list + 1] = tostring(each) end
  return list
end

local function take_metrics(step, metrics)
  for name, value in pairs(metrics) do
    if type(name) ~= "string" or not name:match("^[%a][%w_]*$") or type(value) ~= "number" then
      error(("a metric is a name and a number, not %s = %s"):format(tostring(name), tostring(value)), 0)
    end
    step.metrics[#step.metrics + 1] = {name = name, value = value}
  end
  table.sort(step.metrics, function(a, b) return a.name < b.name end)
end

-- The result with its verdict spelled out.
local function plain_of(result)
  local plain = {}
  for key, value in pairs(result) do plain[key] = value end
  for _, word in ipairs(steps.verdicts) do
    if result[word] then
      if plain.verdict then error("its result has more than one verdict", 0) end
      plain.verdict, plain.text, plain[word] = word, result[word], nil
    end
  end
  return plain
end

local function check_result(result)
  if type(result) ~= "table" then
    error(("it returned a %s in place of a verdict such as {pass = \"it answers\"}"):format(type(result)), 0)
  end
  local wrong = unknown_key(result, results)
  if wrong then error("its result has a field it should not: " .. wrong, 0) end
  local plain = plain_of(result)
  for key, wanted in pairs(results) do
    if type(wanted) == "string" and plain[key] ~= nil and type(plain[key]) ~= wanted then
      error(("its result: %s must be a %s, not a %s"):format(key, wanted, type(plain[key])), 0)
    end
  end
  if not is_verdict[plain.verdict] then
    error(("its verdict is %s: give pass, warn, fail, skip or unknown"):format(tostring(plain.verdict)), 0)
  end
  if not plain.text then error("its result has no text: {" .. plain.verdict .. " = \"why\"}", 0) end
  return plain
end

-- Puts what a step returned into it; raises for what cannot be meant.
function steps.take(step, result)
  local plain = check_result(result)
  for _, key in ipairs {"verdict", "text", "cause", "acts", "fix", "next", "table", "probes"} do step[key] = plain[key] end
  step.evidence, step.reference = evidence_of(plain.evidence), plain.reference or step.reference
  step.findings, step.kept, step.metrics, step.fault = plain.findings or {}, plain.keep, {}, plain.doubt
  take_metrics(step, plain.metrics or {})
end

return steps
