-- Owns: a runbook's outcome as JUnit's XML, as build servers read it: a step is a test case. Callers: the view of runbooks.
local junit = {}

-- Controls and the two code points that XML knows no way to write are shown.
local function safe(text)
  local shown = report.escape(text):gsub("\xEF\xBF\xBE", "\\uFFFE"):gsub("\xEF\xBF\xBF", "\\uFFFF")
  return report.escape_html(shown)
end

-- Lines stay lines.
local function body(list)
  local out = {}
  for i, line in ipairs(list) do out[i] = safe(line) end
  return table.concat(out, "\n")
end

local function told(step)
  local list = {}
  for _, fact in ipairs(require("ehlo.view.runbook").facts(step)) do
    list[#list + 1] = (fact[1] == "" and "      " or fact[1] .. ": ") .. fact[2]
  end
  if step.next then list[#list + 1] = "Next: " .. step.next end
  return list
end

local function element(name, step)
  return ('<%s message="%s" type="%s">%s</%s>'):format(name, safe(step.text), safe(step.cause or step.verdict), body(told(step)), name)
end

local function inside(step)
  if step.verdict == "fail" then return element("failure", step) end
  if step.verdict == "unknown" and step.decides then return element("error", step) end
  if step.verdict == "skip" or step.verdict == "unknown" then return ('<skipped message="%s"/>'):format(safe(step.text)) end
  local list = told(step)
  table.insert(list, 1, step.verdict .. ": " .. step.text)
  return "<system-out>" .. body(list) .. "</system-out>"
end

function junit.write(r)
  local counts = {failures = 0, errors = 0, skipped = 0}
  local cases = {}
  for i, step in ipairs(r.steps) do
    local key = step.verdict == "fail" and "failures" or step.decides and "errors" or (step.verdict == "skip" or step.verdict == "unknown") and "skipped"
    if key then counts[key] = counts[key] + 1 end
    cases[i] = ('  <testcase classname="ehlo.%s" name="%s" time="%.6f">%s</testcase>'):format(safe(r.name), safe(step.title), step.seconds, inside(step))
  end
  local about = ('tests="%d" failures="%d" errors="%d" skipped="%d" time="%.6f"'):format(#r.steps, counts.failures, counts.errors, counts.skipped,
    r.seconds)
  return table.concat {'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ', about, '>\n<testsuite name="',
    safe(require("ehlo.view.runbook").heading(r)), '" ', about, ' timestamp="', (require("ehlo.runbook.json").time(r.started):gsub("Z$", "")), '">\n',
    table.concat(cases, "\n"), "\n</testsuite>\n</testsuites>\n"}
end

return junit
