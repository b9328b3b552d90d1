-- Owns: a runbook's outcome in the text form of Prometheus, as a file for the node exporter's collector. Callers: the view of runbooks.
local prometheus = {}

local function quoted(text) return '"' .. report.escape(text):gsub("\\", "\\\\"):gsub('"', '\\"') .. '"' end

local function labels(list)
  local out = {}
  for i, each in ipairs(list) do out[i] = each[1] .. "=" .. quoted(each[2]) end
  return "{" .. table.concat(out, ",") .. "}"
end

local function number(value) return require("ehlo.view.runbook").measure(value) end

local writer = {}
writer.__index = writer

function writer:family(name, help)
  self.name = "ehlo_runbook_" .. name
  self[#self + 1] = ("# HELP %s %s\n# TYPE %s gauge"):format(self.name, help, self.name)
end

function writer:sample(value, ...)
  local list = {{"runbook", self.record.name}, {"subject", self.record.subject or ""}, ...}
  self[#self + 1] = self.name .. labels(list) .. " " .. number(value)
end

local function states(w, verdict, words, ...)
  for _, word in ipairs(words) do
    local list = {...}
    list[#list + 1] = {"verdict", word}
    w:sample(word == verdict and 1 or 0, table.unpack(list))
  end
end

function prometheus.write(r)
  local w = setmetatable({record = r}, writer)
  w:family("verdict", "What came of the runbook: 1 for the verdict that holds.")
  states(w, r.verdict, {"pass", "warn", "fail", "unknown"})
  w:family("seconds", "How long the runbook took.")
  w:sample(r.seconds)
  w:family("started_timestamp_seconds", "When it began, in seconds since 1970.")
  w:sample(r.started)
  w:family("step_verdict", "What came of each step: 1 for the verdict that holds.")
  for _, step in ipairs(r.steps) do states(w, step.verdict, require("ehlo.runbook.steps").verdicts, {"step", step.name}) end
  w:family("step_seconds", "How long each step took.")
  for _, step in ipairs(r.steps) do w:sample(step.seconds, {"step", step.name}) end
  w:family("measure", "What the steps measured; the unit is in the name of the measure.")
  for _, step in ipairs(r.steps) do
    for _, metric in ipairs(step.metrics) do w:sample(metric.value, {"step", step.name}, {"measure", metric.name}) end
  end
  return table.concat(w, "\n") .. "\n"
end

return prometheus
