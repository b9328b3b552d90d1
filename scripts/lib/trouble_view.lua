-- Owns how trouble looks at the prompt: what happened, where (with the lines around it), how it came to it, and what to try next.
-- Callers: the prompt, what shows the results of a call.
local style = require "ehlo.style"
local advice = require "ehlo.advice"
local view = {}

local AROUND, CALLERS = 1, 4

local function escape(text) return require("ehlo.pretty").escape(text) end

-- A message in the colour of trouble, wrapped, further lines indented.
local function bad(text)
  local lines = {}
  for line in (escape(text) .. "\n"):gmatch("(.-)\n") do
    for i, piece in ipairs(report.wrap(line, math.max(style.width - 2, 20))) do
      lines[#lines + 1] = (i > 1 and "  " or "") .. style.bad(piece)
    end
  end
  return table.concat(lines, "\n")
end

local function lines_of(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do lines[#lines + 1] = line end
  return lines
end

local function file_lines(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read(1 << 20)
  file:close()
  return text and lines_of(text)
end

-- A place of a message as words, and the lines of what lies there.
local function place(name, number)
  local source, latest = require("ehlo.prompt.chunk").source(name)
  if not source then return ("%s, line %d"):format(report.escape(name), number), file_lines(name) end
  local lines = lines_of(source)
  if not latest then return ("line %d of something typed before"):format(number), lines end
  return #lines > 1 and "line " .. number or nil, lines
end

-- The name that a message accuses: (global 'x'), (field 'x'), near 'x'.
local function accused(message)
  return message:match("%(%a+ '([^']+)'%)") or message:match("near '([^']+)'")
end

-- Where the accused name stands in the line, as a row of marks below it, or nil.
local function carets(line, name)
  local first, last
  if name and name:match("^[%a_][%w_]*$") then first, last = line:find("%f[%w_]" .. name .. "%f[^%w_]") end
  if not first and name then first, last = line:find(name, 1, true) end
  if not first then return nil end
  return (" "):rep(report.width(report.escape(line:sub(1, first - 1)))) .. ("^"):rep(report.width(report.escape(line:sub(first, last))))
end

local function excerpt(out, lines, number, message)
  if not lines or not lines[number] then return end
  local width = #tostring(number + AROUND)
  local first, last = math.max(1, number - AROUND), math.min(#lines, number + AROUND)
  for i = first, last do
    local here = i == number
    local row = ("%s %" .. width .. "d | %s"):format(here and ">" or " ", i, (report.escape(lines[i]:gsub("\t", " "))))
    out[#out + 1] = "  " .. (here and row or style.dim(row))
    local marks = here and carets((lines[i]:gsub("\t", " ")), accused(message))
    if marks then out[#out + 1] = "  " .. (" "):rep(width + 5) .. style.bad(marks) end
  end
end

-- Who called whom, of what the person wrote: from a traceback. The place of the error itself is told already.
local function callers(out, traceback, name, number)
  local shown, first = 0, true
  for where, at, what in (traceback or ""):gmatch("\n%s+([^\n]-):(%d+): in ([^\n]+)") do
    local ours = where:match("^ehlo/")
    local same = first and where == name and at == number
    if not ours and not same and shown < CALLERS then
      shown = shown + 1
      local words, lines = place(where, math.tointeger(at) or 0)
      local line = lines and lines[math.tointeger(at)]
      out[#out + 1] = style.dim("  called from " .. (words or "this line") .. (line and ": " .. report.escape(line:match("^%s*(.-)%s*$")) or ""))
    end
    if not ours then first = false end
  end
end

local function add_advice(out, list)
  for _, item in ipairs(list) do
    if item.text then out[#out + 1] = "  " .. style.wrap(escape(item.text), math.min(style.width, 88) - 2, "  ") end
    if item.command then out[#out + 1] = "  " .. style.dim("Next") .. "     " .. style.accent(report.escape(item.command)) end
  end
end

-- What an error value says below its message: class and phase, what stands behind it, what to do.
local function add_facts(out, err)
  local seen = {}
  while type(err) == "table" and not seen[err] do
    seen[err] = true
    local class, phase = rawget(err, "class"), rawget(err, "phase")
    if type(class) == "string" then
      local words = {report.escape(class)}
      if type(phase) == "string" then words[2] = "at " .. require("ehlo.words").phase(phase) end
      out[#out + 1] = "  " .. style.dim(table.concat(words, " "))
    end
    local cause = rawget(err, "cause")
    local text = type(cause) == "string" and cause or type(cause) == "table" and rawget(cause, "message")
    if type(text) == "string" then out[#out + 1] = "  because " .. escape(text) end
    err = cause
  end
end

-- nil, message, err: what the world refused. `before` may say what is nil now.
function view.refused(message, err, before)
  local out = {bad((before or "") .. "nil  " .. message)}
  add_facts(out, err)
  add_advice(out, advice.for_failure(message, type(err) == "table" and err or {}))
  return table.concat(out, "\n")
end

local function value_text(value)
  local message = type(value) == "table" and rawget(value, "message")
  if type(message) ~= "string" then return style.bad("error value: ") .. (require("ehlo.pretty").text(value)) end
  local out = {bad(message)}
  if not require("ehlo.trouble").is(value) then add_facts(out, value) end
  add_advice(out, advice.for_message(message))
  return table.concat(out, "\n")
end

-- The words for what was raised, with its traceback where there is one.
function view.raised(value, traceback)
  if type(value) ~= "string" then return value_text(value) end
  local name, number, message = value:match("^([^\n]-):(%d+): (.*)$")
  if name and name:match("^ehlo/") then name, value = nil, message end
  local first = (name and message or value):match("^(module '[^\n]-' not found):") or name and message or value
  if not name then
    local out = {bad(first)}
    add_advice(out, advice.for_message(first))
    return table.concat(out, "\n")
  end
  local at = math.tointeger(number) or 0
  local where, lines = place(name, at)
  local out = {bad((where and where .. ": " or "") .. first)}
  excerpt(out, lines, at, message)
  callers(out, traceback, name, number)
  add_advice(out, advice.for_message(first, lines and lines[at]))
  return table.concat(out, "\n")
end

-- All there is: the traceback, and what the server was told and said.
function view.whole(failure)
  local out = {}
  if failure.traceback then out[#out + 1] = escape(failure.traceback) end
  local err = failure.value
  local session = type(err) == "table" and rawget(err, "session")
  if session and require("ehlo.pretty").kind_of(session) and #session.transcript > 0 then
    out[#out + 1] = (require("ehlo.pretty").text(session.transcript))
  elseif type(err) == "table" then
    out[#out + 1] = (require("ehlo.pretty").text(err))
  end
  return #out > 0 and table.concat(out, "\n") or nil
end

return view
