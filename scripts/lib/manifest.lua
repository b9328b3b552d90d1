-- Owns: what a manifest may say, checked before anything of its script runs. Callers: the command loader, tests.
local trouble = require "ehlo.trouble"
local types = require "ehlo.types"
local manifest = {}

-- What each field is: a type of Lua, what every item of a list is, or true for what has a check of its own.
local fields = {
  name = "string", title = "string", summary = "string", answers = "string", rest = "boolean", arguments = {}, options = {},
  permission = true, examples = {"string"}, verdicts = "table",
}
local of_argument = {name = "string", type = "string", help = "string", optional = "boolean", many = "boolean", min = "number", offers = {"string"}}
local of_option = {
  name = "string", short = "string", value = "string", values = {"string"}, type = "string", min = "number", max = "number",
  many = "boolean", commas = "boolean", help = "string", permission = true,
}
local permissions = {safe = true, recipient = true, login = true, intrusive = true, send = true}

local function wrong(format, ...) return format:format(...) end

local function wrong_value(value, wanted, where)
  if wanted == true then return nil end
  if type(wanted) == "string" then
    return type(value) ~= wanted and wrong("%s is a %s, not a %s", where, wanted, type(value)) or nil
  end
  if type(value) ~= "table" then return wrong("%s is a list, not a %s", where, type(value)) end
  for i, item in ipairs(value) do
    local kind = wanted[1] or "table"
    if type(item) ~= kind then return wrong("%s[%d] is a %s, not a %s", where, i, kind, type(item)) end
  end
end

local function wrong_field(row, known, where)
  local names = {}
  for name in pairs(known) do names[#names + 1] = name end
  for key, value in pairs(row) do
    local wanted = known[key]
    if not wanted then
      local near = type(key) == "string" and trouble.nearest(key, names)
      return wrong("%s has no field \"%s\"%s", where, tostring(key), near and ": did you mean " .. near .. "?" or "")
    end
    local why = wrong_value(value, wanted, where .. ": " .. key)
    if why then return why end
  end
end

local function wrong_permission(list)
  if type(list) == "number" or type(list) == "boolean" then return "the permission is a word, or a list of such" end
  for _, word in ipairs(type(list) == "string" and {list} or list or {}) do
    if not permissions[word] then return wrong("the permission \"%s\" is none of safe, recipient, login, intrusive and send", tostring(word)) end
  end
end

local function wrong_row(row, known, where)
  if type(row.name) ~= "string" then return where .. " has no name" end
  local why = wrong_field(row, known, where .. " \"" .. row.name .. "\"") or wrong_permission(row.permission)
  if why then return why end
  if row.type and not types.known[row.type] then
    return wrong("%s \"%s\" is of no known type: %s (there are %s)", where, row.name, row.type, table.concat(types.names(), ", "))
  end
end

local function shared_names()
  local taken = {}
  for _, row in ipairs(require("ehlo.options").shared) do taken[row.name] = "one that all commands share" end
  return taken
end

-- Two of one name could not be told apart, by the person or by the script.
local function wrong_names(rows, where, taken)
  for _, row in ipairs(rows) do
    if taken[row.name] then return wrong("%s \"%s\" is %s already", where, row.name, taken[row.name]) end
    taken[row.name] = "described above"
  end
end

-- Puts the rows of options that a manifest names by their words in the place of these; what is wrong with a word, or nil.
local function expand(given)
  local common = require "ehlo.common_options"
  for i, row in ipairs(type(given.options) == "table" and given.options or {}) do
    if type(row) == "string" then
      if not common[row] then return wrong("there is no common option \"%s\": describe it as a table", row) end
      given.options[i] = common[row]
    elseif type(row) == "table" and row.help == nil then
      row.help = ""
    end
  end
end

-- What is wrong with a manifest, in a sentence; nil where nothing is. Its options are rows afterwards, all of them.
function manifest.trouble(given)
  if type(given) ~= "table" or type(given.summary) ~= "string" then
    return "a manifest is a table with a summary: manifest{summary = \"...\", arguments = {...}, options = {...}}"
  end
  local why = expand(given) or wrong_field(given, fields, "the manifest") or wrong_permission(given.permission)
  for _, row in ipairs(not why and given.arguments or {}) do why = why or wrong_row(row, of_argument, "the argument") end
  for _, row in ipairs(not why and given.options or {}) do why = why or wrong_row(row, of_option, "the option") end
  return why or wrong_names(given.arguments or {}, "the argument", {}) or wrong_names(given.options or {}, "the option", shared_names())
end

-- The permissions that a manifest or an option names, as a list.
function manifest.permissions(given)
  return type(given.permission) == "string" and {given.permission} or given.permission or {}
end

return manifest
