-- Owns: what a finished book says as a whole: its verdict, and the first cause, which is the failure that no other failure explains.
-- Callers: the runner of runbooks.
local verdict = {}

-- Whether the failure of another step is declared to bring this one about. A skipped step stands for the one that kept it from being tried.
local function is_explained(step, by_name)
  for _, name in ipairs(step.because) do
    local other = by_name[name]
    other = by_name[other.blocked_by] or other
    if other.verdict == "fail" or other.verdict == step.verdict then return true end
  end
  return false
end

-- The heaviest of those with a verdict that nothing else explains; of equals, the one that stands first.
local function first_of(book, word)
  local found, fallback
  for _, step in ipairs(book.steps) do
    if step.verdict == word then
      fallback = fallback or step
      if not is_explained(step, book.by_name) and (not found or step.weight > found.weight) then found = step end
    end
  end
  return found or fallback
end

-- An unknown step leaves the whole unknown where it is a fault, or kept others from being tried. Else it is told, and no more.
local function first_doubt(book)
  local blocking = {}
  for _, step in ipairs(book.steps) do
    if step.blocked_by then blocking[step.blocked_by] = true end
  end
  local first
  for _, step in ipairs(book.steps) do
    step.decides = step.verdict == "fail" or step.verdict == "unknown" and (step.fault or blocking[step.name]) or false
    if step.decides and step.verdict == "unknown" then first = first or step end
  end
  return first
end

local function counts_of(book)
  local counts = {pass = 0, warn = 0, fail = 0, skip = 0, unknown = 0}
  for _, step in ipairs(book.steps) do counts[step.verdict] = counts[step.verdict] + 1 end
  return counts
end

local function decide(book, counts)
  local doubt, first = first_doubt(book), first_of(book, "fail")
  if first then return "fail", first end
  if doubt then return "unknown", doubt end
  first = first_of(book, "warn")
  if first then return "warn", first end
  if counts.pass == 0 then return "unknown", first_of(book, "unknown") or first_of(book, "skip") end
  return "pass"
end

local default = {pass = "all is well", warn = "it works, with a fault", fail = "it does not work", unknown = "this cannot be said"}

-- What of a step goes into the record.
local function row_of(step)
  local row = {}
  for _, key in ipairs {"name", "title", "verdict", "text", "evidence", "cause", "acts", "fix", "next", "reference", "needs", "began", "seconds",
    "metrics", "findings", "table", "blocked_by", "decides"} do row[key] = step[key] end
  return row
end

local function probes_of(book)
  local list = {}
  for _, step in ipairs(book.steps) do
    for _, each in ipairs(step.probes or {}) do list[#list + 1] = each end
  end
  return list
end

local exits = {pass = 0, warn = 0, fail = 1, unknown = 1}

function verdict.record(book, seconds)
  local counts = counts_of(book)
  local word, first = decide(book, counts)
  local rows = {}
  for i, step in ipairs(book.steps) do rows[i] = row_of(step) end
  return {
    kind = "runbook", name = book.name, command = book.command, verbose = book.verbose, title = book.title,
    answers = book.answers, subject = book.subject, verdict = word,
    text = book.verdicts[word] or default[word], exit = exits[word], started = book.started, seconds = seconds, counts = counts, steps = rows,
    first_cause = first and rows[first.number] or nil, matrix = require("ehlo.matrix").of(probes_of(book)),
  }
end

return verdict
