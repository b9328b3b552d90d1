-- Owns: the command line as a whole: which command is meant, and how everything ends. Callers: the program, with its arguments.
local trouble = require "ehlo.trouble"

-- tostring of an entry, a comparison or an explanation is its page.
debug.getregistry()["ehlo.show"] = function(object)
  return (require("ehlo.pretty").text(object, {how = "auto"}):gsub("\n$", ""))
end

local function looks_like_code(word)
  return word:match("^%d") ~= nil or word:match("^%-?%d+%.%d") ~= nil
end

local function run_script(path, args)
  return require("ehlo.command").run_file(path, args)
end

-- -e CODE [ARGUMENTS], with options of all commands before the code.
local function evaluate(args)
  local values, plain = require("ehlo.options").read({name = "-e", rest = true}, {table.unpack(args, 2)})
  require("ehlo.command").apply_shared(values)
  local text = plain[1]
  if not text then trouble.usage("-e needs Lua code: ehlo -e 'print(codes.lookup(\"521\"))'") end
  local chunk = load("return " .. text, "=-e", "t")
  local message
  if not chunk then
    chunk, message = load(text, "=-e", "t")
  end
  if not chunk then trouble.fail("%s", report.escape(message)) end
  local results = table.pack(chunk(table.unpack(plain, 2)))
  for i = 1, results.n do io.write(i > 1 and "\t" or "", tostring(results[i])) end
  if results.n > 0 then io.write("\n") end
end

-- Options may stand before the command as well: they are moved behind it.
local function reorder(args)
  local shared = require("ehlo.options").shared
  local takes = {}
  for _, row in ipairs(shared) do
    takes["--" .. row.name] = row.value and 2 or 1
    if row.short then takes["-" .. row.short] = row.value and 2 or 1 end
  end
  local i = 1
  while args[i] and args[i]:match("^%-.") and args[i] ~= "--" and args[i] ~= "-e" do
    local name = args[i]:match("^(%-%-[^=]+)=") or args[i]
    local words = args[i]:find("=", 1, true) and 1 or takes[name]
    if not words then return args end
    i = i + words
  end
  if i == 1 or not args[i] then return args end
  local moved = {args[i]}
  for k = 1, i - 1 do moved[#moved + 1] = args[k] end
  for k = i + 1, #args do moved[#moved + 1] = args[k] end
  return moved
end

local function run_named(args)
  local command = require "ehlo.command"
  local name = table.remove(args, 1)
  if looks_like_code(name) then
    table.insert(args, 1, name)
    name = "code"
  end
  return command.run(name, args)
end

-- The prompt, or a script from standard input: no command, and perhaps one of these.
local interactive = {["--no-init"] = "no_init", ["-q"] = "quiet", ["--quiet"] = "quiet"}

local function without_command(args)
  local chosen = {}
  for _, word in ipairs(args) do
    if not interactive[word] then return nil end
    chosen[interactive[word]] = true
  end
  return chosen
end

local function dispatch(args)
  local chosen = without_command(args)
  if chosen then
    if terminal.is_tty(0) then return require("ehlo.prompt").run(chosen) end
    return run_script("-", {})
  end
  local first = args[1]
  if first == "-h" or first == "--help" then return require("ehlo.command").run("help", {}) end
  if first == "--version" then return print("ehlo " .. shell.version) end
  if first == "--" and args[2] then return run_named {table.unpack(args, 2)} end
  if first == "-" then return run_script("-", {table.unpack(args, 2)}) end
  args = reorder(args)
  if args[1] == "-e" then return evaluate(args) end
  if args[1]:match("^%-") then
    trouble.usage("no option \"%s\" here. See: ehlo --help", report.escape(args[1]))
  end
  return run_named(args)
end

local function exit_of(result)
  if type(result) == "table" and math.type(result.exit) == "integer" then return result.exit end
  if math.type(result) == "integer" then return result end
  return result == false and 1 or 0
end

local verbose, quiet, monitored = false, false, false
for i, word in ipairs {...} do
  if word == "--format=nagios" or word == "nagios" and (select(i, "", ...)):match("^%-%-?f") then monitored = true end
  if word == "-v" or word == "--verbose" then verbose = true end
  if word == "-q" or word == "--quiet" then quiet = true end
end

-- A message, and where it came from when the person wants to know.
local function handler(problem)
  if trouble.is(problem) then return problem end
  local text = type(problem) == "string" and problem or tostring(problem)
  -- where in our own scripts a binding refused says nothing to the person
  return {message = text:gsub("^ehlo/[%w_/]+%.lua:%d+: ", ""), trace = debug.traceback(text, 2), exit = 1}
end

local args = {...}
local ok, result = shell.guard(function()
  require("ehlo.layers").load(quiet, args[1] == "catalogue" or args[1] == "doctor") -- these two tell it themselves
  local record, options = dispatch(args)
  if type(record) == "table" and not record.shown then
    local pages = record.kind == "help" and terminal.is_tty(1) and require("ehlo.programs").page or nil
    local render = require "ehlo.render"
    render.show(record, options, pages)
    return render.exit(record, options and options.format) or record
  end
  return record
end, handler)
if ok then return exit_of(result) end
if ok == nil then
  local exit = result == "terminated" and 143 or 130
  trouble.say_interrupted(exit)
  io.stderr:write("ehlo: ", result, "\n")
  return exit
end
if result.message and monitored then
  print("UNKNOWN - " .. result.message:gsub("[|\n]", " ")) -- a plugin of Nagios that cannot check says so, and exits 3
  return 3
end
if result.message then io.stderr:write("ehlo: ", verbose and result.trace or result.message, "\n") end
return result.exit or 1
