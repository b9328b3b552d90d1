-- Owns: the options that commands share, and reading a command line by the tables that describe it. Callers: the command loader, help.
local trouble = require "ehlo.trouble"
local types = require "ehlo.types"
local options = {}

-- One row an option: name, short letter, value (its name in the help, none for a switch), values (a closed list), type, help.
options.shared = {
  {name = "format", short = "f", value = "FORM",
    help = "how to print, where it makes sense: text, json, ndjson, markdown, html; runbooks also junit, tap, nagios, prometheus"},
  {name = "output", short = "o", value = "FILE", help = "write there in place of standard output"},
  {name = "color", value = "WHEN", values = {"auto", "always", "never"}, help = "auto (the default), always or never; NO_COLOR counts"},
  {name = "timeout", value = "SECONDS", type = "seconds", help = "how long the whole may take"},
  {name = "allow", value = "KIND", values = {"recipient", "login", "intrusive", "send"}, many = true,
    commas = true, help = "give leave for a kind of probe, or several parted by commas; may be repeated"},
  {name = "quiet", short = "q", help = "say less"},
  {name = "verbose", short = "v", help = "say more; errors of scripts with their traceback"},
  {name = "help", short = "h", help = "this text"},
}

local function key_of(name) return (name:gsub("%-", "_")) end

local function index(manifest)
  local by_name, names = {}, {}
  for _, list in ipairs {options.shared, manifest.options or {}} do
    for _, row in ipairs(list) do
      by_name["--" .. row.name] = row
      names[#names + 1] = "--" .. row.name
      if row.short then by_name["-" .. row.short] = row end
    end
  end
  return by_name, names
end

local function read_value(row, text)
  if row.values then
    for _, word in ipairs(row.values) do
      if word == text then return text end
    end
    local near = trouble.nearest(text, row.values)
    trouble.usage("--%s takes %s, not \"%s\".%s", row.name, options.list(row.values), report.escape(text),
      near and (" Did you mean: " .. near .. "?") or "")
  end
  local value, wanted = types.read(row, text)
  if value == nil then trouble.usage("--%s takes %s %s, not \"%s\".", row.name, wanted:find("^[AEIO]") and "an" or "a", wanted, report.escape(text)) end
  return value
end

-- A plain argument, by its described type.
local function read_argument(given, row, text)
  local value, wanted = types.read(row, text)
  if value == nil then trouble.usage("%s: \"%s\" is no %s.", given.name, report.escape(text), wanted) end
  return value
end

-- "a, b or c"
function options.list(words)
  if #words < 2 then return words[1] or "" end
  return table.concat(words, ", ", 1, #words - 1) .. " or " .. words[#words]
end

local function store(values, row, value)
  local key = key_of(row.name)
  if not row.many then values[key] = value return end
  values[key] = values[key] or {}
  table.insert(values[key], value)
end

local function unknown(manifest, name, names)
  local near = trouble.nearest(name, names)
  local command = (manifest.name or ""):match("^[%w-]+$")
  trouble.usage("no option \"%s\" here.%s", report.escape(name), near and (" Did you mean: " .. near .. "?")
    or (" See %s--help."):format(command and "ehlo " .. command .. " " or ""))
end

-- What is missing, in a line: without what the help says in brackets or behind a semicolon.
local function missing(manifest, argument)
  local name, help = argument.name:upper(), (argument.help or ""):match("^[^;(]*[^;( ]")
  if argument.min and argument.min > 1 then trouble.usage("%s: give at least %d %s.", manifest.name, argument.min, help or name) end
  trouble.usage("%s: give %s%s.", manifest.name, name, help and ": " .. help or "")
end

-- One option at args[i]; returns how many words it took.
local function read_option(values, by_name, names, args, i, manifest)
  local word = args[i]
  local name, value = word:match("^(%-%-[^=]+)=(.*)$")
  name = name or word
  local row = by_name[name]
  if not row then unknown(manifest, name, names) end
  if not row.value then
    if value then trouble.usage("%s takes no value.", name) end
    store(values, row, true)
    return 1
  end
  local words = value and 1 or 2
  value = value or args[i + 1]
  if not value then trouble.usage("%s needs a value: %s.", name, row.value) end
  if not row.commas then
    store(values, row, read_value(row, value))
    return words
  end
  for each in (value .. ","):gmatch("([^,]*),") do store(values, row, read_value(row, each)) end
  return words
end

-- Splits a command line into option values and plain arguments. With manifest.rest everything from the first plain argument on is plain.
function options.read(manifest, args)
  local by_name, names = index(manifest)
  local values, plain = {}, {}
  local i, ended = 1, false
  while i <= #args do
    local word = args[i]
    if ended or word == "-" or not word:match("^%-") then
      plain[#plain + 1] = word
      ended = ended or manifest.rest
      i = i + 1
    elseif word == "--" then
      ended = true
      i = i + 1
    else
      i = i + read_option(values, by_name, names, args, i, manifest)
    end
  end
  return values, plain
end

-- Gives the plain arguments their names. The last described one may take many.
function options.assign(manifest, values, plain)
  local described = manifest.arguments or {}
  local at = 1
  for _, argument in ipairs(described) do
    if argument.many then
      local list = {table.unpack(plain, at)}
      if #list < (argument.min or (argument.optional and 0 or 1)) then missing(manifest, argument) end
      for i, word in ipairs(list) do list[i] = read_argument(manifest, argument, word) end
      values[key_of(argument.name)] = list
      at = #plain + 1
    else
      local word = plain[at]
      if not word and not argument.optional then missing(manifest, argument) end
      values[key_of(argument.name)] = word and read_argument(manifest, argument, word)
      at = at + 1
    end
  end
  if at <= #plain and not manifest.rest then
    trouble.usage("%s: \"%s\" is one argument too many.", manifest.name, report.escape(plain[at]))
  end
  values.rest = {table.unpack(plain, at)}
  return values
end

return options
