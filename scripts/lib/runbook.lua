-- Owns: the language of runbooks: runbook.new, book:step, book:run, and what a step may say. Callers: runbooks, ours and the person's own;
-- the global `runbook`.
--
--   local book = runbook.new(args, {subject = args.host})
--   book:step {name = "connect", title = "the server answers", run = function()
--     local session, message, err = smtp.connect(args.host)
--     if not session then return runbook.failure(message, err) end
--     return {pass = session.banner, keep = session}
--   end}
--   book:step {name = "starttls", title = "STARTTLS is offered", needs = {"connect"}, run = function(found)
--     found.connect:ehlo() ...
--   end}
--   return book:run()
local steps = require "ehlo.runbook.steps"
local runbook = {}

local book = {}
book.__index = book
debug.getregistry()["ehlo.book"] = book -- where help and completion look for methods

local book_options = {subject = "string", timeout = "number", verdicts = "table"}

local function check_options(given, known, what)
  for key, value in pairs(given) do
    if not known[key] then error(("%s has no option '%s'"):format(what, tostring(key)), 3) end
    if type(value) ~= known[key] then error(("option '%s' of %s must be a %s, not a %s"):format(key, what, known[key], type(value)), 3) end
  end
end

-- A book for what `manifest{...}` returned. Options: subject (what is looked at), timeout of the whole in seconds, verdicts (what each
-- outcome means in words, in place of the manifest's).
function runbook.new(args, options)
  if type(args) ~= "table" or type(args.manifest) ~= "table" then
    error("bad argument #1 to 'new' (what manifest{...} returned was expected)", 2)
  end
  options = options or {}
  check_options(options, book_options, "runbook.new")
  local about = args.manifest
  return setmetatable({
    name = (about.name:match("([^/]*)$"):gsub("%.lua$", "")), command = about.name, title = about.title or about.summary, answers = about.answers,
    subject = options.subject, verdicts = options.verdicts or about.verdicts or {}, timeout = options.timeout or args.timeout,
    quiet = args.quiet, verbose = args.verbose, steps = {}, by_name = {},
  }, book)
end

-- Adds a step. It begins as soon as the steps of `needs` have passed (a warning is no hindrance) and those of `after` have ended; steps
-- that need nothing of each other run at once. See help runbooks for all fields.
function book:step(row)
  local step = steps.new(row, self.by_name)
  self.steps[#self.steps + 1], self.by_name[step.name] = step, step
  step.number = #self.steps
  if self.launch then self.launch(step) end -- a step that another one adds while the book runs
  return step
end

-- Runs all steps; returns the record that the program shows and exits by.
function book:run()
  if #self.steps == 0 then error("the runbook has no steps: book:step {name = ..., run = ...}", 2) end
  return require("ehlo.runbook.run").run(self)
end

local says = require "ehlo.runbook.says"
for name, f in pairs(says) do runbook[name] = f end

return runbook
