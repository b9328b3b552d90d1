-- Owns: what there is to compare in the record of a runbook: its verdict, and each step as one thing. Callers: compare/facts.
local runbook = {}

local function text(value) return type(value) == "string" and value or nil end
local function list(value) return type(value) == "table" and value or {} end

local function texts(from, key)
  local out = {}
  for _, each in ipairs(list(from)) do out[#out + 1] = text(key and type(each) == "table" and each[key] or not key and each) end
  return out
end

-- A step is what it says; its evidence is looked at only where that is the same.
local function add_step(add, step)
  local name = text(step.name)
  if not name then return end
  local said = text(step.text)
  local label = text(step.title) or name
  add("steps." .. name, label, "text", (text(step.verdict) or "unknown") .. (said and ": " .. said or ""), {group = "steps." .. name})
  local weak = {group = "steps." .. name, weak = true}
  add("steps." .. name .. ".findings", label .. ": findings", "set", texts(step.findings, "id"), weak)
  add("steps." .. name .. ".evidence", label .. ": evidence", "set", texts(step.evidence), weak)
end

local function add_matrix(add, matrix)
  local out = {}
  for _, row in ipairs(list(list(matrix).rows)) do
    if type(row) == "table" and text(row.host) then
      out[#out + 1] = ("%s %s: %s"):format(row.host, text(row.address) or "no address", text(row.outcome) or "unknown")
    end
  end
  if #out > 0 then add("hosts", "hosts", "set", out) end
end

-- add(field, label, type, value, more), as compare/facts has it.
function runbook.add(add, record)
  add("verdict", "verdict", "text", text(record.verdict))
  add("first_cause", "first cause", "text", text(record.first_cause))
  add_matrix(add, record.matrix)
  for _, step in ipairs(list(record.steps)) do
    if type(step) == "table" then add_step(add, step) end
  end
end

return runbook
