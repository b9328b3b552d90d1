-- Owns: a runbook's outcome as JSON. Callers: the view of runbooks.
local json = {}

local null = report.null

local function ordered(keys, row)
  local out = {}
  for _, key in ipairs(keys) do out[key] = row[key] == nil and null or row[key] end
  return setmetatable(out, {__order = keys})
end

local of_step = {"name", "title", "verdict", "text", "evidence", "cause", "acts", "fix", "next", "reference", "needs", "blocked_by", "began",
  "seconds", "metrics", "findings", "table"}
local of_finding = {"id", "level", "text", "evidence", "fix", "reference"}
local of_row = {"host", "address", "port", "outcome", "cells", "differs"}

local function rounded(seconds) return tonumber(("%.6f"):format(math.max(seconds or 0, 0))) end

local function step_of(step)
  local row = ordered(of_step, step)
  row.began, row.seconds = rounded(step.began), rounded(step.seconds)
  row.metrics = setmetatable({}, {__order = {}, __name = "object"})
  local names = {}
  for i, metric in ipairs(step.metrics) do row.metrics[metric.name], names[i] = metric.value, metric.name end
  row.metrics = #names > 0 and setmetatable(row.metrics, {__order = names}) or null
  row.findings = {}
  for i, finding in ipairs(step.findings) do row.findings[i] = ordered(of_finding, finding) end
  if step.table then row.table = ordered({"heads", "rows"}, {heads = step.table.heads, rows = select(2, require("ehlo.view.runbook").table_of(step))}) end
  return row
end

local function matrix_of(matrix)
  local rows = {}
  for i, row in ipairs(matrix.rows) do rows[i] = ordered(of_row, row) end
  return ordered({"columns", "rows"}, {columns = matrix.columns, rows = rows})
end

-- RFC 3339, in UTC.
function json.time(seconds) return os.date("!%Y-%m-%dT%H:%M:%SZ", seconds) end

function json.write(r)
  local steps = {}
  for i, step in ipairs(r.steps) do steps[i] = step_of(step) end
  return report.json(ordered({"kind", "runbook", "title", "answers", "subject", "verdict", "exit", "text", "started", "seconds", "first_cause",
    "counts", "steps", "matrix"}, {
    kind = "runbook", runbook = r.name, title = r.title, answers = r.answers, subject = r.subject, verdict = r.verdict, exit = r.exit,
    text = r.text, started = json.time(r.started), seconds = rounded(r.seconds), first_cause = r.first_cause and r.first_cause.name,
    counts = ordered({"pass", "warn", "fail", "skip", "unknown"}, r.counts), steps = steps, matrix = r.matrix and matrix_of(r.matrix),
  }))
end

return json
