-- Owns: what begins with a colon at the prompt: things about the session, which no Lua can mean. One table of rows, from which help,
-- completion and did-you-mean come. Callers: the prompt, completion, help.
local settings = require "ehlo.settings"
local style = require "ehlo.style"
local trouble = require "ehlo.trouble"
local colon = {}

local rows
local KINDS = {"recipient", "login", "intrusive", "send"}
local SHOWN = 30 -- entries of the history at once

local function show_setting(name) io.write(name, " is ", settings.get(name), "\n") end

-- A command that sets what it is named after.
local function setter(name)
  return function(_, rest)
    if rest ~= "" then settings.set(name, rest) end
    show_setting(name)
  end
end

local function last_value(what)
  local last = require("ehlo.pretty").last
  if last.value == nil then trouble.fail("there is no value yet that could be shown%s.", what) end
  return last.value
end

local function vertical(session, rest)
  if rest ~= "" then return setter("x")(session, rest) end
  local text = require("ehlo.pretty").text(last_value(" below each other"), {how = "on"})
  require("ehlo.programs").page(text .. "\n")
end

local function json(_, rest)
  if rest ~= "" then trouble.usage("json: it takes nothing; it shows the last value.") end
  local value = last_value(" as JSON")
  if type(value) == "table" and type(rawget(value, "kind")) == "string" and #(rawget(value, "items") or {}) == 1 then value = value.items[1] end
  local ok, text = pcall(report.json, value, {indent = 2})
  if not ok or (type(value) == "table" and type(rawget(value, "kind")) == "string") then
    local record = require("ehlo.pretty").record_of(value)
    ok, text = record ~= nil, nil
    if record then ok, text = pcall(require("ehlo.render").text, record, "json") end
    if ok then text = require("ehlo.json_lines").of(text) end
  end
  if not ok then trouble.fail("this value has no JSON.") end
  require("ehlo.programs").page(text:gsub("\n*$", "") .. "\n")
end

local function more()
  local text = require("ehlo.pretty").more()
  if not text then trouble.fail("nothing was cut: the last value was shown whole.") end
  require("ehlo.programs").page(text .. "\n")
end

local function set(_, rest)
  local name, value = rest:match("^(%S+)%s*(.*)$")
  if name and value ~= "" then settings.set(name, value) end
  if name then return show_setting(name) end
  local page = require("ehlo.page").new()
  for _, row in ipairs(settings.rows) do
    local now = settings.get(row.name)
    page:row(row.name, ("%s (of %s): %s"):format(now, table.concat(row.values, ", "), row.help), nil, 0, 13)
  end
  io.write(page:finish())
end

local function allow(_, rest)
  if rest == "off" then
    shell.allowed {"safe", "recipient"}
  elseif rest ~= "" then
    local known = rest == "safe"
    for _, kind in ipairs(KINDS) do known = known or kind == rest end
    local near = trouble.nearest(rest, KINDS)
    if not known then
      trouble.usage("allow: %s is no kind of probe.%s It takes %s, or off.", report.escape(rest), near and " Did you mean: " .. near .. "?" or "",
        require("ehlo.options").list(KINDS))
    end
    shell.allow(rest)
  end
  io.write("allowed in this session: ", table.concat(shell.allowed(), ", "), "\n")
end

local function log(session, rest)
  local prompt_log = require "ehlo.prompt.log"
  if rest == "off" then
    local stopped = prompt_log.stop()
    if not stopped then trouble.fail("no log is being written.") end
    io.write("the log is in ", report.escape(stopped.path), "\n")
  elseif rest ~= "" then
    prompt_log.start(session, rest)
    io.write("from now on all goes to ", report.escape(rest), " as well; :log off ends it\n")
  else
    local path = prompt_log.path()
    io.write(path and "the log goes to " .. report.escape(path) or "no log is being written", "\n")
  end
end

local function load_file(session, rest)
  local words, message = require("ehlo.prompt.words").split(rest)
  if not words then trouble.usage("load: %s.", message) end
  if not words[1] then trouble.usage("load: give a file: :load morning.lua") end
  require("ehlo.prompt").load(session, table.unpack(words))
end

local function edit(session, rest)
  if rest ~= "" then trouble.usage("edit: it takes nothing; it edits what was typed last.") end
  local text, message = require("ehlo.programs").edit((session.typed or "") .. "\n")
  if not text then trouble.fail("nothing was run: %s.", message) end
  text = text:gsub("%s+$", "")
  if text == "" then trouble.fail("nothing was run: the text is empty.") end
  io.write("> ", (require("ehlo.pretty").escape(text):gsub("\n", "\n>> ")), "\n")
  session.typed = text
  require("ehlo.history").add(session.editor, text)
  require("ehlo.prompt").perform(session, text)
end

local function show_history(_, rest)
  local found = {}
  for _, entry in ipairs(require("ehlo.history").entries()) do
    if rest == "" or entry:lower():find(rest:lower(), 1, true) then found[#found + 1] = require("ehlo.pretty").escape(entry) end
  end
  if #found == 0 then trouble.fail("the history has nothing%s.", rest ~= "" and " with \"" .. report.escape(rest) .. "\" in it" or "") end
  local first = rest == "" and math.max(1, #found - SHOWN + 1) or 1
  require("ehlo.programs").page(table.concat(found, "\n", first) .. "\n")
end

local function errverbose(session)
  local whole = session.failure and require("ehlo.trouble_view").whole(session.failure)
  if not session.failure then trouble.fail("no error has happened yet.") end
  require("ehlo.programs").page((whole or "there is no more to tell of the last error.") .. "\n")
end

local function clear()
  if terminal.is_tty(1) and os.getenv("TERM") ~= "dumb" then io.write("\27[H\27[2J\27[3J") end
end

local function help(session, rest)
  if rest ~= "" then
    local name = rest:match("^:(.*)$")
    if not name then return require("ehlo.prompt").help(session, rest) end
    local row = colon.find(name)
    return io.write(":", row.name, row.takes and " " .. row.takes or "", "\n  ", row.help, "\n")
  end
  require("ehlo.render").show({kind = "help", colon = rows}, {})
end

rows = {
  {name = "help", takes = "[TOPIC]", run = help, help = "this page, or help on something"},
  {name = "watch", takes = "[i=SEC] [c=N] LINE", run = function(...) require("ehlo.prompt.watch").run(...) end,
    help = "run a line every 2 s, or as told, until Ctrl-C; * marks what changed"},
  {name = "save", takes = "FILE", run = function(...) require("ehlo.prompt.save").run(...) end, files = true,
    help = "write what worked in this session as a script"},
  {name = "load", takes = "FILE [ARGUMENT...]", run = load_file, files = true, help = "run a script in this session"},
  {name = "edit", run = edit, help = "edit what was typed last in $VISUAL or $EDITOR, then run it"},
  {name = "log", takes = "FILE|off", run = log, files = true, values = {"off"}, help = "keep what is typed and what comes in a file, without secrets"},
  {name = "history", takes = "[WORD]", run = show_history, help = "what was typed, in all sessions"},
  {name = "more", run = more, help = "what was cut from the last value"},
  {name = "x", takes = "[on|off|auto]", run = vertical, values = {"on", "off", "auto"},
    help = "the last value with its fields below each other; on: from now on"},
  {name = "json", run = json, help = "the last value as JSON"},
  {name = "timing", takes = "[on|off|auto]", run = setter("timing"), values = {"on", "off", "auto"}, help = "how long each line took, by phase for servers"},
  {name = "allow", takes = "[KIND|off]", run = allow, values = {"recipient", "login", "intrusive", "send", "off"},
    help = "give leave for a kind of probe, or show what there is leave for"},
  {name = "set", takes = "[NAME VALUE]", run = set, help = "the settings, or one of them"},
  {name = "errverbose", also = "trace", run = errverbose, help = "all about the last error: traceback, and the dialogue with the server"},
  {name = "clear", run = clear, help = "an empty screen"},
  {name = "quit", run = function(session) session.over = true end, help = "leave (Ctrl-D does too)"},
}
colon.rows = rows

-- The row of a name; raises wrong usage, with the nearest name, where there is none.
function colon.find(name)
  local names = {}
  for i, row in ipairs(rows) do
    if row.name == name or row.also == name then return row end
    names[i] = row.name
  end
  local near = trouble.nearest(name, names)
  trouble.usage("no :%s here.%s", report.escape(name), near and (" Did you mean: :" .. near .. "?") or " See :help")
end

function colon.run(session, name, rest)
  colon.find(name).run(session, rest)
end

return colon
