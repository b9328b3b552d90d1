-- Owns: the prompt: reading, running, showing, until the person leaves. Callers: the program, when it starts without arguments.
local prompt = {}

local words = require "ehlo.prompt.words"
local history = require "ehlo.history"

local function say(text)
  io.stdout:flush()
  io.stderr:write(text, "\n")
end

local function run_command(session, name, args)
  session.borrowed = session.borrowed or shell.allowed()
  local record, options = require("ehlo.command").run(name, args)
  session.log[#session.log + 1] = {command = name, args = args}
  require("ehlo.prompt.result").record(session, record, options)
end

-- `s = smtp.connect(...)`: what the server said is worth seeing, and from now on the prompt names it.
local function notice_session(session, source)
  local name = source:match("^%s*([%a_][%w_]*)%s*=[^=]") or source:match("^%s*local%s+([%a_][%w_]*)%s*=")
  local value = name and rawget(_G, name)
  local pretty = require "ehlo.pretty"
  if type(value) ~= "userdata" or value == session.connected or pretty.kind_of(value) ~= "ehlo.session" then return end
  session.connected = value
  io.write(require("ehlo.view.session").line(value), "\n")
end

local told_phases = {mail = true, rcpt = true} -- those in which a transaction is open

-- Where a line goes to, in front of the prompt: the server of the session that was opened last, while it is open; whether TLS is on;
-- how far a transaction has come.
local function whereabouts(session)
  local connected = session.connected
  local ok, host, tls, phase = pcall(function()
    if not connected or connected.closed then return nil end
    local exchanges = connected.exchanges
    return connected.host or connected.address, connected.tls, exchanges[#exchanges].phase
  end)
  if not ok or not host then return "" end
  return report.escape(tostring(host)):sub(1, 40) .. (tls and " tls" or "") .. (told_phases[phase] and " " .. phase or "")
end

local function run_lua(session, source, made, argument)
  local result = require "ehlo.prompt.result"
  local name, expression = require("ehlo.prompt.chunk").assignment(source)
  local values = table.pack((expression or made)(argument))
  if name then rawset(_G, name, values[1]) end
  session.log[#session.log + 1] = {source = source}
  notice_session(session, source)
  if name then return result.assigned(session, name, values) end
  if not argument then result.values(session, values, require("ehlo.prompt.chunk").silent(source)) end
end

-- Runs a script in this session, as if it had been typed: its top-level locals stay.
function prompt.load(session, path, ...)
  local made = require("ehlo.prompt.chunk").file(path)
  if not made then
    run_command(session, "run", {path, ...})
    return
  end
  made(...)
  session.log[#session.log + 1] = {source = ("dofile(%q)"):format(path)}
end

function prompt.help(session, topic) run_command(session, "help", {topic}) end

local function leaving(line)
  local word = line:match("^%s*(%a+)%s*$")
  return (word == "quit" or word == "exit") and rawget(_G, word) == nil
end

-- What a line is, as a function that does it; or nil, "more"; or nil, "error", message.
local function plan(session, source)
  local colon, rest = source:match("^%s*:(%a+)%s*(.-)%s*$")
  if colon then return function() require("ehlo.prompt.colon").run(session, colon, rest) end end
  if leaving(source) then return function() session.over = true end end
  local code = words.code(source)
  if code then return function() run_command(session, "code", {code}) end end
  local name = words.command(source)
  if name then
    local args, message = words.split(source)
    if not args then return nil, "error", name .. ": " .. message .. "." end
    return function() run_command(session, name, {table.unpack(args, 2)}) end
  end
  local topic = source:match("^%s*([%a_][%w_.:]*)%s*%?%s*$")
  if topic then return function() run_command(session, "help", {topic}) end end
  local made, state, message = require("ehlo.prompt.chunk").compile(source)
  if made then return function() run_lua(session, source, made, state) end end
  local reply = state == "error" and words.reply(source)
  if reply then return function() run_command(session, "explain", {reply}) end end
  local near = state == "error" and require("ehlo.prompt.chunk").nearly_command(source)
  return nil, state, near or message
end

-- Runs a line and raises what it raises; `:watch` comes here too.
function prompt.perform(session, source)
  local act, state, message = plan(session, source)
  if act then return act() end
  error(message or ("the line is not finished" .. (state == "more" and ": something opens and does not close" or "")), 0)
end

-- Everything that can take long or go wrong runs in here, showing included.
local function protected(session, f, source)
  local result, waiting = require "ehlo.prompt.result", require "ehlo.prompt.waiting"
  result.begins(session, source)
  local ok, problem = session.editor.call(function()
    waiting.begin(source)
    f()
  end)
  session.editor.call(waiting.stop)
  io.stdout:flush()
  session.editor.call(function()
    if not ok then result.trouble(session, problem) end
    result.ends(session)
  end)
  result.restore(session)
end

-- Several lines pasted at once that are no Lua as a whole, but begin with something that is a line of its own.
local function separate(source)
  local first = source:match("^([^\n]*)\n.")
  if not first then return nil end
  if not (words.code(first) or words.command(first) or first:match("^%s*:%a")) then return nil end
  local lines = {}
  for line in (source .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

local function handle(session, source)
  local act, state, message = plan(session, source)
  if state == "more" then return "more" end
  local stored, why = history.add(session.editor, source)
  if not stored and not session.history_failed then
    session.history_failed = true
    say("the history cannot be written (" .. tostring(why) .. "): " .. history.path())
  end
  local lines = state == "error" and separate(source)
  if lines then
    session.pending = lines
  elseif act then
    protected(session, act, source)
  else
    require("ehlo.prompt.result").begins(session, source)
    say(require("ehlo.trouble_view").raised(message))
  end
end

local function next_line(session, text)
  local line = table.remove(session.pending, 1)
  session.pasted = line ~= nil
  if line then return line end
  io.stdout:flush()
  return session.editor.read(text)
end

-- One chunk, of one line or several. Returns false when it is time to go.
local function turn(session)
  local source
  while true do
    local line, why, detail = next_line(session, source and ">> " or whereabouts(session) .. "> ")
    if not line then return why, detail, source end
    if source and not session.pasted and line:match("^%s*$") then
      say(require("ehlo.style").dim("given up: an empty line ends what was not finished"))
      return "line"
    end
    source = (source and source .. "\n" or "") .. line:gsub("[\r\n]+$", "")
    if source:match("^%s*$") then return "line" end
    if handle(session, source) ~= "more" then return "line" end
  end
end

local function greet()
  local style = require "ehlo.style"
  local hint = "help, tour, or just type a code"
  local head = "ehlo " .. shell.version .. "   "
  if #head + #hint > style.width then hint = "help, tour" end
  io.write(head, style.dim(hint), "\n")
end

local function loop(session)
  while not session.over do
    local what, detail, unfinished = turn(session)
    if what == "eof" then
      io.write("\n")
      if not unfinished then return 0 end
    elseif what == "interrupt" then
      if detail and not unfinished then say(require("ehlo.style").dim("Ctrl-D or :quit leaves")) end
    elseif what == "signal" then
      session.editor.die(detail)
    elseif what == "broken" then
      require("ehlo.trouble").fail("the terminal cannot be read: %s", detail)
    end
  end
  return 0
end

-- The whole session; returns the exit status. Options: no_init, quiet.
function prompt.run(options)
  local editor = require "ehlo.line_editor"
  local session = {editor = editor, log = {}, pending = {}}
  editor.begin()
  editor.set_completer(function(...) return require("ehlo.complete").candidates(...) end)
  local damage = history.load(editor)
  rawset(_G, "print", function(...) return require("ehlo.pretty").print(...) end)
  rawset(_G, "help", function(value)
    require("ehlo.render").show(value == nil and require("ehlo.help").contents() or require("ehlo.help").on(value), {},
      require("ehlo.programs").page)
  end)
  if not options.quiet then greet() end
  if damage then say(damage.message) end
  session.history_failed = damage and damage.whole
  if not options.no_init then require("ehlo.startup").run(editor, say) end
  local ok, result = pcall(loop, session)
  editor.finish()
  if not ok then error(result, 0) end
  return result
end

return prompt
