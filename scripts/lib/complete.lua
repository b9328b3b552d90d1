-- Owns: proposing words at the prompt: names, fields, methods, keys of options, commands and their options, codes, hosts. Callers: the
-- prompt. A proposal is a word, or a word, a tab and what it is.
local complete = {}

local values = require "ehlo.complete.values"

local keywords = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
  "repeat", "return", "then", "true", "until", "while",
}

-- A list, and what adds a word that goes on from `prefix`. `about` is shown beside it, and never becomes part of the line.
local function adder(prefix)
  local list, seen = {}, {}
  return list, function(word, about)
    if not seen[word] and word:sub(1, #prefix) == prefix and word ~= prefix then
      seen[word] = true
      list[#list + 1] = about and word .. "\t" .. report.escape(about) or word
    end
  end
end

-- The editor parts words at "-": what is offered goes on behind `head`, which stands on the line already.
local function behind(head, list)
  if head == "" then return list end
  for i, word in ipairs(list) do list[i] = word:sub(#head + 1) end
  return list
end

local function callable(value) return type(value) == "function" end
local function is_name(key) return type(key) == "string" and key:match("^[%a_][%w_]*$") ~= nil end

local function fields(text)
  local list, add = adder(text)
  local path, separator, prefix = text:match("^(.-)([.:])([%w_]*)$")
  if not path or not path:match("^[%a_][%w_.]*$") then return list end
  local owner = values.at(path)
  if owner == nil then return list end
  values.each_field(owner, function(key, value)
    if not is_name(key) or (separator == ":" and not callable(value)) or (prefix == "" and key:match("^_")) then return end
    add(path .. separator .. key .. (callable(value) and "(" or ""))
  end)
  return list
end

local function names(text, first)
  local list, add = adder(text)
  if first then
    for _, name in ipairs(require("ehlo.command").names()) do add(name .. " ") end
  end
  for key, value in next, _G do
    if is_name(key) and (text ~= "" or key ~= "_") then add(key .. (callable(value) and "(" or "")) end
  end
  for _, word in ipairs(values.late) do add(word) end
  if text ~= "" then
    for _, word in ipairs(keywords) do add(word) end
  end
  return list
end

local function commands(head, text)
  local list, add = adder(head .. text)
  for _, name in ipairs(require("ehlo.command").names()) do add(name .. " ") end
  return behind(head, list)
end

-- Codes are few: all are looked at.
local function codes_from(text, suffix)
  local list, add = adder(text)
  for entry in codes.each() do
    if type(entry.code) == "string" then add(entry.code .. suffix, entry.name) end
  end
  return list
end

-- Hosts seen before. What stands before the word on the line belongs to the name where it parts a name for the editor.
local function hosts(before, text, suffix)
  local head = before:match("[%w%.%-:%[%]]*$")
  local list, add = adder(text)
  if head .. text == "" then head = "" end
  for _, host in ipairs(require("ehlo.history").hosts()) do
    if host:sub(1, #head) == head then add(host:sub(#head + 1) .. suffix) end
  end
  return list
end

local function options_of(name)
  local ok, manifest = pcall(require("ehlo.command").manifest, name)
  return {require("ehlo.options").shared, ok and manifest and manifest.options or {}}, ok and manifest or {}
end

local function option_words(name, text, single)
  local list, add = adder(text)
  for _, rows in ipairs((options_of(name))) do
    for _, row in ipairs(rows) do add((single and "-" or "") .. row.name .. (row.value and "=" or " "), row.help) end
  end
  return list
end

local function choice(words, text, suffix)
  local list, add = adder(text)
  for _, word in ipairs(words) do add(word .. suffix) end
  return list
end

local function topics(text)
  local list, add = adder(text)
  for _, word in ipairs(require("ehlo.command").names()) do add(word) end
  for _, word in ipairs(require("ehlo.topics").names()) do add(word) end
  for _, row in ipairs(require "ehlo.manual") do add(row.name) end
  return list
end

local host_arguments = {targets = true, target = true, host = true, hosts = true, domain = true, domains = true}

local function takes_hosts(manifest)
  for _, argument in ipairs(manifest.arguments or {}) do
    if host_arguments[argument.name] then return true end
  end
end

-- Behind a command's name: options, their values, codes, topics, hosts, files.
local function arguments(name, before, text)
  local head = before:match("%s%-%-([%w%-]*)$")
  if head and (head == "" or head:match("%-$")) then return behind(head, option_words(name, head .. text, false)) end
  if before:match("%s%-$") and text == "" then return option_words(name, text, true) end
  local rows, manifest = options_of(name)
  local option = before:match("%s%-%-([%w%-]+)[=%s]%s*$")
  for _, list in ipairs(option and rows or {}) do
    for _, row in ipairs(list) do
      if row.name == option and row.values then return choice(row.values, text, " ") end
      if row.name == option and row.value and row.value:match("^[A-Z]*HOST") then return hosts(before, text, " "), true end
      if row.name == option and row.value then return {}, true end
    end
  end
  if name == "help" then
    head = before:match("[%w%-]*%-$") or ""
    return behind(head, topics(head .. text))
  end
  for at, argument in ipairs(manifest.arguments or {}) do -- what follows the first argument
    if argument.offers and (at == 1 or before:match("^%s*%S+%s+[^%s%-]%S*%s")) then
      local list = choice(argument.offers, text:upper(), " ")
      if #list > 0 then return list end
    end
  end
  if takes_hosts(manifest) then return hosts(before, text, " "), true end
  if text:match("^%d") then return codes_from(text, " "), true end
  return {}, true
end

local function colon_words(text)
  local list, add = adder(text)
  for _, row in ipairs(require("ehlo.prompt.colon").rows) do add(":" .. row.name .. (row.takes and " " or ""), row.help) end
  return list
end

-- Behind a colon command: what its row says it takes.
local function colon_arguments(name, rest, text, again)
  if name == "help" then return topics(text) end
  if name == "watch" then
    local line = rest:gsub("^[ic]?=?[%d.]+%s+", ""):gsub("^[ic]?=?[%d.]+%s+", "")
    return complete.candidates(line .. text, #line, #text, again)
  end
  if name == "set" then
    local set = rest:match("^(%S+)%s+$")
    local list, add = adder(text)
    for _, row in ipairs(require("ehlo.settings").rows) do
      if not set then add(row.name .. " ", row.help) end
      for _, value in ipairs(set == row.name and row.values or {}) do add(value) end
    end
    return list
  end
  for _, row in ipairs(require("ehlo.prompt.colon").rows) do
    if row.name == name then return choice(rest:match("%S") and {} or row.values or {}, text, ""), row.files end
  end
  return {}
end

-- Inside a string, which the editor closes: codes, hosts and the words that an option can be, where the call is known; else files.
local function in_string(where, call, index, in_table, before, text)
  local owner = before:match("([%a_][%w_.]*)%[%s*[\"']$")
  if owner then
    local list, add = adder(text)
    values.each_field(values.at(owner), function(key) if type(key) == "string" then add(key) end end)
    return list
  end
  local row = call and values.row(call)
  local argument = row and (row.arguments or {})[index]
  local key = in_table and before:match("([%a_][%w_]*)%s*=%s*[\"']$")
  if argument and key then
    local list = choice(values.words(argument, key), text, "")
    return list, #list == 0
  end
  if call == "require" then return choice(values.modules, text, "") end
  if argument and not in_table then
    local list = choice(values.quoted(argument), text, "")
    if #list > 0 then return list end
  end
  if row and (row.name:match("^smtp%.") or row.name:match("^dns%.")) and index == 1 then return hosts(before, text, "") end
  if text:match("^%d") then return codes_from(text, ""), true end
  return {}, true
end

local function option_keys(call, index, text)
  local row = values.row(call)
  local argument = row and (row.arguments or {})[index]
  local list, add = adder(text)
  if argument and argument[2]:find("table", 1, true) then
    for _, key in ipairs(values.keys(argument)) do
      if is_name(key) then add(key .. " = ") else add('["' .. key .. '"] = ') end
    end
  end
  return list
end

-- A line of Lua: candidates, whether files may be offered, and a text to show in place of candidates.
local function in_lua(before, text, first, again)
  local context = require "ehlo.complete.context"
  local where = context.of(before)
  local call, index, in_table = context.call(where, before)
  if again and call then
    local signature = values.signature(call, index)
    if signature then return {}, false, signature end
  end
  if where.comment then return {} end
  if where.quote then return in_string(where, call, index, in_table, before, text) end
  if in_table and not before:match("=%s*$") then
    local list = option_keys(call, index, text)
    if #list > 0 or text == "" then return list end
  end
  if call and text == "" then return {} end -- the second Tab shows the signature
  if text:find("[.:]") then return fields(text) end
  if first and text:match("^%d") then return codes_from(text, "") end
  return names(text, first)
end

-- candidates(line, start, length, again) for line:sub(start + 1, start + length); `again`: Tab was pressed just before.
-- Returns the sorted list, whether file names may do where it is empty, and a text to show instead, or nil.
function complete.candidates(line, start, length, again)
  local text, before = line:sub(start + 1, start + length), line:sub(1, start)
  local first = before:match("^%s*$") ~= nil
  if first and text == "" then return {}, false end
  local list, files, shown
  local colon, rest = before:match("^%s*:(%a+)%s(.*)$")
  local name = not first and require("ehlo.prompt.words").command(before)
  local head = before:match("^%s*(%w[%w%-]*%-)$")
  local hyphened = head and commands(head, text) or {}
  if first and text:match("^:") then
    list = colon_words(text)
  elseif hyphened[1] then
    list = hyphened
  elseif colon then
    list, files, shown = colon_arguments(colon, rest, text, again)
  elseif name then
    list, files = arguments(name, before, text)
  else
    list, files, shown = in_lua(before:match("^%s*=(.*)$") or before, text, first, again)
  end
  table.sort(list)
  return list, files or false, shown
end

return complete
