-- Owns: a runbook's outcome as a plugin of Nagios prints it: a line with performance data, then what went wrong. Callers: the view of
-- runbooks.
local nagios = {}

local rows = {pass = {"OK", 0}, warn = {"WARNING", 1}, fail = {"CRITICAL", 2}, unknown = {"UNKNOWN", 3}}

function nagios.exit(r) return rows[r.verdict][2] end

-- A | begins the performance data, so that no text may hold one.
local function line_of(text) return (report.escape((text:gsub("[\r\n]+", " "))):gsub("|", "/")) end

local units = {{"seconds$", "s"}, {"_bytes$", "B"}, {"_percent$", "%"}}

local function datum(label, value)
  local unit = ""
  for _, each in ipairs(units) do
    if label:find(each[1]) then unit = each[2] end
  end
  return ("'%s'=%s%s"):format(label:gsub("[='|]", "_"), require("ehlo.view.runbook").measure(value), unit)
end

function nagios.write(r)
  local what, first = r.text, r.first_cause
  if first then what = require("ehlo.view.runbook").cause(first) end
  local data = {datum("total_seconds", r.seconds)}
  for _, step in ipairs(r.steps) do
    for _, metric in ipairs(step.metrics) do data[#data + 1] = datum(step.name .. "." .. metric.name, metric.value) end
  end
  local subject = r.subject and r.subject .. ": " or ""
  local out = {("%s %s - %s%s | %s"):format(line_of(r.name:upper()), rows[r.verdict][1], line_of(subject), line_of(what), table.concat(data, " "))}
  local view = require "ehlo.view.runbook"
  for _, step in ipairs(view.folded(r)) do
    if step.verdict ~= "pass" then
      out[#out + 1] = ("[%s] %s: %s"):format(view.signs[step.verdict], line_of(step.title), line_of(step.text))
    end
  end
  if first and first.next then out[#out + 1] = "next: " .. line_of(first.next) end
  return table.concat(out, "\n") .. "\n"
end

return nagios
