-- Owns: a runbook's outcome in the Test Anything Protocol, version 13, with what there is to say of a step as YAML. Callers: the view of
-- runbooks.
local tap = {}

local function line_of(text) return (report.escape((text:gsub("[\r\n]+", " "))):gsub("\\", "\\\\"):gsub("#", "\\#")) end

-- A YAML scalar in double quotes, which is a string of JSON as well.
local function scalar(text) return report.json((text:gsub("[\r\n]+", " "))) end

local function details(step)
  local out = {"  ---", "  verdict: " .. step.verdict, "  text: " .. scalar(step.text)}
  for _, key in ipairs {"cause", "acts", "fix", "next", "reference"} do
    if step[key] then out[#out + 1] = ("  %s: %s"):format(key, scalar(step[key])) end
  end
  if #step.evidence > 0 then out[#out + 1] = "  evidence:" end
  for _, line in ipairs(step.evidence) do out[#out + 1] = "    - " .. scalar(line) end
  out[#out + 1] = ("  seconds: %.6f"):format(step.seconds)
  out[#out + 1] = "  ..."
  return table.concat(out, "\n")
end

function tap.write(r)
  local view = require "ehlo.view.runbook"
  local out = {"TAP version 13", ("1..%d"):format(#r.steps), "# " .. line_of(view.heading(r))}
  for i, step in ipairs(r.steps) do
    local line = ("%s %d - %s"):format(step.decides and "not ok" or "ok", i, line_of(step.title))
    if not step.decides and (step.verdict == "skip" or step.verdict == "unknown") then line = line .. " # SKIP " .. line_of(step.text) end
    out[#out + 1] = line
    out[#out + 1] = details(step)
  end
  out[#out + 1] = "# " .. line_of(view.words[r.verdict] .. ": " .. r.text)
  if r.first_cause then out[#out + 1] = "# first cause: " .. line_of(view.cause(r.first_cause)) end
  return table.concat(out, "\n") .. "\n"
end

return tap
