-- Owns: what becomes of a line that ran at the prompt: its values shown and kept as _, its errors told and kept as _err, its time
-- measured. Callers: the prompt.
local settings = require "ehlo.settings"
local result = {}

local NOTICED, LONG = 0.1, 1 -- seconds from which on waiting for a server, and any line, is worth telling of
local KEPT = 9

local function keep(name, value) rawset(_G, name, value) end

-- _ is the last value, _2 the one before it, and so on.
local function remember(value)
  if value == nil then return end
  for i = KEPT, 2, -1 do keep("_" .. i, i == 2 and rawget(_G, "_") or rawget(_G, "_" .. i - 1)) end
  keep("_", value)
  keep("_1", value)
end

local function timing_of(value)
  local kind = require("ehlo.pretty").kind_of(value)
  if kind == "ehlo.record" or kind == "ehlo.session" then
    keep("_last", value.transcript)
    return value.timing
  end
  if kind == "ehlo.reply" then return {total = value.seconds} end
  local items = type(value) == "table" and rawget(value, "kind") == "probe" and rawget(value, "items")
  return items and #items == 1 and timing_of(items[1]) or nil
end

-- nil, message, err: the world said no.
local function refused(values)
  return values.n >= 2 and values[1] == nil and type(values[2]) == "string"
end

local function keep_failure(session, value, traceback)
  session.failure = {value = value, traceback = traceback}
  keep("_err", value)
end

-- The values of a Lua line, from table.pack; `silent`: they are kept and not shown.
function result.values(session, values, silent)
  if refused(values) then
    keep_failure(session, values[3] or values[2])
  elseif values.n > 0 then
    remember(values[1])
  end
  session.timing = timing_of(values[1])
  if not silent or refused(values) then require("ehlo.pretty").show(table.unpack(values, 1, values.n)) end
end

-- What `name = call()` gave: a refusal is told, for else the name would be nil without a word.
function result.assigned(session, name, values)
  if not refused(values) then
    session.timing = timing_of(values[1])
    return
  end
  keep_failure(session, values[3] or values[2])
  io.write(require("ehlo.trouble_view").refused(values[2], values[3], name .. " is "), "\n")
end

-- The record that a command returned, and its options.
function result.record(session, record, options)
  local pretty = require "ehlo.pretty"
  if type(record) == "table" and not record.shown then require("ehlo.render").show(record, options, require("ehlo.programs").page) end
  remember(record)
  session.timing = timing_of(record)
  if record ~= nil then pretty.last = {value = record, from = 1} end
end

-- What was raised: {value=, traceback=}; nil where Ctrl-C ended the line.
function result.trouble(session, problem)
  local say = result.say
  if problem == nil then return say(require("ehlo.style").warn("interrupted")) end
  local trouble, view = require "ehlo.trouble", require "ehlo.trouble_view"
  if trouble.is(problem.value) and not problem.value.message then return end
  local traceback = not trouble.is(problem.value) and problem.traceback or nil
  local text = view.raised(problem.value, traceback) -- which may look at the _err of before
  keep_failure(session, problem.value, traceback)
  say(text)
  if settings.get("errverbose") == "on" then
    local whole = view.whole(session.failure)
    if whole then say(whole) end
  end
end

function result.say(text)
  io.stdout:flush()
  io.stderr:write(text, "\n")
end

-- Before a line runs.
function result.begins(session, source)
  if not source:match("^%s*:") then session.typed = source end
  require("ehlo.prompt.log").typed(source)
  require("ehlo.programs").direct = nil
  session.timing = nil
  session.begun = shell.clock() - require("ehlo.programs").waited
end

-- What a command's options changed is as before: colour, and what there is leave for.
function result.restore(session)
  require("ehlo.prompt.watch").stop()
  require("ehlo.style").set(settings.get("color"))
  if session.borrowed then shell.allowed(session.borrowed) end
  session.borrowed = nil
end

-- After it ran: how long it took, where that is wanted. The time that a person spent in the pager does not count.
function result.ends(session)
  local how = settings.get("timing")
  local seconds = shell.clock() - require("ehlo.programs").waited - session.begun
  local timing = session.timing
  if how == "off" or (how == "auto" and seconds < (timing and NOTICED or LONG)) then return end
  local text
  if timing and timing.total and next(timing, (next(timing))) ~= nil then
    text = require("ehlo.view.timing").line(timing)
  else
    text = seconds < 1 and ("%.1f ms"):format(seconds * 1000) or ("%.2f s"):format(seconds)
  end
  result.say(require("ehlo.style").dim("time  " .. text))
end

return result
