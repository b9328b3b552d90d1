-- Owns: what begins with a colon at the prompt: things about the session, which no Lua can mean. Callers: the prompt.
local trouble = require "ehlo.trouble"
local colon = {}

local rows

-- A session's entry as the line of a script.
local function script_line(entry)
  if entry.command then
    local args = {}
    for i, word in ipairs(entry.args) do args[i] = ("%q"):format(word):gsub("\\\n", "\\n") end
    return ('require("ehlo.render").show(require("ehlo.command").run(%q, {%s}))'):format(entry.command, table.concat(args, ", "))
  end
  local source = entry.source:gsub("^%s*=", "return ")
  local expression = source:match("^%s*return%f[^%w_](.*)$") or source
  if load("return " .. expression) then return "show(" .. expression .. (expression:find("--", 1, true) and "\n)" or ")") end
  if not load(source .. "\n;do end") then source = "(function() " .. source .. "\nend)()" end
  return source:match("^%s*%(") and ";" .. source or source
end

local function save(session, path)
  if path == "" then trouble.usage("save: give a file: :save morning.lua") end
  local lines = {}
  for _, entry in ipairs(session.log) do lines[#lines + 1] = script_line(entry) end
  if #lines == 0 then trouble.fail("nothing has run yet that could be saved.") end
  local head = "#!/usr/bin/env -S ehlo run\n-- A session of ehlo %s, saved %s.\n"
    .. "local function show(...)\n  _ = ...\n  return require(\"ehlo.pretty\").show(...)\nend\n\n"
  local text = head:format(shell.version, os.date("!%Y-%m-%d %H:%MZ")) .. table.concat(lines, "\n") .. "\n"
  local file, message = io.open(path, "wb")
  if not file then trouble.fail("the session could not be saved: %s", report.escape(message)) end
  local written, why = file:write(text)
  local closed, late = file:close()
  if not (written and closed) then trouble.fail("the session could not be saved whole: %s", why or late) end
  local n = #lines
  io.write(("%d %s saved; run it with: ehlo run %s\n"):format(n, n == 1 and "line" or "lines", report.escape(path)))
end

-- :watch [SECONDS] [c=TIMES] LINE
local function watch(session, rest)
  local seconds, times, line = 2, math.huge, rest
  while true do
    local word, after = line:match("^(%S+)%s+(.*)$")
    local number = word and tonumber((word:gsub("^i=", "")))
    local count = word and tonumber(word:match("^c=(%d+)$"))
    if count then
      times = count
    elseif number and word:match("^i?=?[%d.]+$") and number >= 0.1 and number <= 86400 then
      seconds = number
    else
      break
    end
    line = after
  end
  if line == "" or line:match("^:") then trouble.usage("watch: give seconds and a line: :watch 5 probe mx1.example.org") end
  local before = #session.log
  for i = 1, times do
    io.write(require("ehlo.style").dim(("every %g s, %s"):format(seconds, os.date("%H:%M:%S"))), "\n")
    require("ehlo.prompt").perform(session, line)
    io.stdout:flush()
    for k = #session.log, before + 2, -1 do session.log[k] = nil end
    if i < times and not session.editor.pause(seconds) then return end
  end
end

local function trace(session)
  if not session.traceback then trouble.fail("no error has happened yet.") end
  io.write(require("ehlo.pretty").escape(session.traceback), "\n")
end

local function help()
  io.write([[
521                      what a code means; 5.7.1 and 550/5.1.1 as well
compare 211 521          any command, as in the shell; help lists them
x = codes.lookup "521"   Lua; the value of an expression is shown, and kept as _
= x.meaning              a leading = forces Lua where a line looks like a command
codes.lookup?            help on one thing

]])
  for _, row in ipairs(rows) do
    io.write((":" .. row.name .. (row.takes and " " .. row.takes or "") .. (" "):rep(25)):sub(1, 25), row.help, "\n")
  end
  io.write("\nA local at the top level stays for the session, as a global.\n",
    "Tab completes, Ctrl-R searches the history, Ctrl-C ends what runs, Ctrl-D leaves.\n")
end

rows = {
  {name = "help", run = help, help = "this page"},
  {name = "save", takes = "FILE", run = save, help = "write what worked in this session as a script"},
  {name = "watch", takes = "SEC LINE", run = watch, help = "run a line again and again, until Ctrl-C (c=5: five times)"},
  {name = "trace", run = trace, help = "the last error, with its traceback"},
  {name = "quit", run = function(session) session.over = true end, help = "leave (Ctrl-D does too)"},
}
colon.rows = rows

function colon.run(session, name, rest)
  local names = {}
  for i, row in ipairs(rows) do
    if row.name == name then return row.run(session, rest) end
    names[i] = row.name
  end
  local near = trouble.nearest(name, names)
  trouble.usage("no :%s here.%s", report.escape(name), near and (" Did you mean: :" .. near .. "?") or " See :help")
end

return colon
