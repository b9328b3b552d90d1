-- Owns: running the steps of a book: each as soon as what it needs has ended, those that need nothing of each other at once. A step that
-- raises is unknown, and the others go on. Callers: book:run.
local trouble = require "ehlo.trouble"
local steps = require "ehlo.runbook.steps"
local run = {}

local function set(step, verdict, text, more)
  step.verdict, step.text, step.evidence, step.findings, step.metrics = verdict, text, {}, {}, {}
  for key, value in pairs(more or {}) do step[key] = value end
end

-- Whether what a step needs came out well enough to go on.
local function good(step) return step.verdict == "pass" or step.verdict == "warn" end

-- Why a step is not even tried, and the step at fault; nil where nothing hinders.
local function hindrance(book, step)
  for _, name in ipairs(step.needs) do
    local other = book.by_name[name]
    if not good(other) then
      other = book.by_name[other.blocked_by] or other
      local how = ({fail = "failed", skip = "was skipped", unknown = "is not known"})[other.verdict]
      return ("not tried: \"%s\" %s"):format(other.title, how), other
    end
  end
end

local function has_leave(kind)
  for _, word in ipairs(shell.allowed()) do
    if word == kind then return true end
  end
  return false
end

-- What the steps that this one waits for keep, by their names. Any other name is a mistake, for it might not be there yet.
local function found_of(book, step)
  local visible = {}
  local function see(each)
    for _, field in ipairs {"needs", "after"} do
      for _, name in ipairs(each[field]) do
        visible[name] = true
        see(book.by_name[name])
      end
    end
  end
  see(step)
  return setmetatable({}, {__index = function(_, name)
    if not visible[name] then error(("step %s: found.%s is there only with needs = {\"%s\"}"):format(step.name, name, name), 2) end
    return book.by_name[name].kept
  end})
end

-- Where in a script it happened tells the person what to repair, its own modules do not.
local function reason_of(problem)
  return (tostring(problem):gsub("^ehlo/[%w_/]+%.lua:%d+: ", ""))
end

local function try(book, step)
  local ok, problem = pcall(function() steps.take(step, step.run(found_of(book, step))) end)
  if ok then return end
  if trouble.is(problem) then book.wrong_usage = book.wrong_usage or problem end
  set(step, "unknown", "the step could not be carried out: " .. reason_of(problem), {fault = true})
end

local function execute(book, step)
  step.began = shell.clock() - book.clock
  local why, at_fault = hindrance(book, step)
  if why then
    set(step, "skip", why, {blocked_by = at_fault.name})
  elseif step.permission and not has_leave(step.permission) then
    set(step, "skip", "not tried: this needs your leave, --allow " .. step.permission)
  else
    try(book, step)
  end
  step.seconds = shell.clock() - book.clock - step.began
  step.ended = true
  book.progress:step()
end

local function is_ready(book, step)
  for _, field in ipairs {"needs", "after"} do
    for _, name in ipairs(step[field]) do
      if not book.by_name[name].ended then return false end
    end
  end
  return true
end

local launch

-- A step, and behind it those that waited for it alone.
local function carry_out(book, step)
  execute(book, step)
  for _, other in ipairs(book.steps) do launch(book, other) end
end

function launch(book, step)
  if step.task or not is_ready(book, step) then return end
  step.task = true -- a step that never waits ends before spawn returns
  step.task = task.spawn(carry_out, book, step)
end

-- Steps name only those above them, so that each has been launched once all above it have ended.
local function run_all(book)
  book.launch = function(step) launch(book, step) end
  for _, step in ipairs(book.steps) do launch(book, step) end
  local i = 1
  while book.steps[i] do
    if not book.steps[i].ended then book.steps[i].task:wait() end
    i = i + 1
  end
end

local function cut_off(book)
  for _, step in ipairs(book.steps) do
    if not step.ended then
      set(step, "unknown", ("the time for the whole, %g s, was over"):format(book.timeout), {fault = true})
      step.began = step.began or shell.clock() - book.clock
      step.seconds = shell.clock() - book.clock - step.began
    end
  end
end

-- What a silent server costs is the time for the whole, less what it takes to say so: a step cut off would say nothing.
local function patience(timeout) return math.max(timeout - 1, timeout * 0.9) end

local function run_until(book)
  smtp.patience(patience(book.timeout))
  local _, _, err = task.deadline(book.timeout, run_all, book)
  smtp.patience()
  if err and err.class == "timed-out" then cut_off(book) elseif err then error(err.message or "cancelled", 0) end
end

function run.run(book)
  book.clock, book.started = shell.clock(), os.time()
  book.progress = require("ehlo.progress").new("checked", #book.steps, book.quiet)
  if book.timeout then run_until(book) else run_all(book) end
  book.progress:finish()
  book.launch = nil
  if book.wrong_usage then error(book.wrong_usage, 0) end
  return require("ehlo.runbook.verdict").record(book, shell.clock() - book.clock)
end

return run
