-- Owns: proposing words at the prompt: names, fields, methods, commands, options, codes. Callers: the prompt.
-- Looks at tables as they lie: no function of a script's own runs because somebody pressed Tab.
local complete = {}

local keywords = {
  "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
  "repeat", "return", "then", "true", "until", "while",
}
local late = {"smtp", "dns", "task", "http", "mail", "catalogue"} -- opened when first touched

local function adder(prefix)
  local list, seen = {}, {}
  return list, function(word)
    if not seen[word] and word:sub(1, #prefix) == prefix and word ~= prefix then
      seen[word] = true
      list[#list + 1] = word
    end
  end
end

local function global(name)
  local value = rawget(_G, name)
  for _, word in ipairs(late) do
    if value == nil and word == name then
      local ok, opened = pcall(function() return _G[word] end)
      value = ok and opened or nil
    end
  end
  return value
end

local function index_of(value)
  local meta = debug.getmetatable(value)
  local index = type(meta) == "table" and rawget(meta, "__index")
  return type(index) == "table" and index or nil
end

-- Objects of ours: methods lie in a table that __index, which is C, holds; fields are told by pairs, C as well.
local function own_fields(value, visit)
  if not require("ehlo.pretty").kind_of(value) then return end
  local meta = debug.getmetatable(value)
  local index = rawget(meta, "__index")
  local _, methods = nil, nil
  if type(index) == "function" then _, methods = debug.getupvalue(index, 1) end
  if type(methods) == "table" then
    for key, method in next, methods do visit(key, method) end
  end
  if rawget(meta, "__pairs") then
    for key, field in pairs(value) do visit(key, field) end
  end
end

local function each_field(value, visit)
  local depth = 0
  if type(value) ~= "string" then pcall(own_fields, value, visit) end
  if type(value) ~= "table" then value = index_of(value) end
  while value and depth < 8 do
    for key, field in next, value do visit(key, field) end
    value = index_of(value)
    depth = depth + 1
  end
end

local function field_of(value, name)
  local found
  each_field(value, function(key, field)
    if key == name and found == nil then found = field end
  end)
  return found
end

-- "codes.loo": the value of what stands before the last dot or colon.
local function owner_of(path)
  local value, first = nil, true
  for name in path:gmatch("[%a_][%w_]*") do
    if first then value = global(name) else value = field_of(value, name) end
    first = false
    if value == nil then return nil end
  end
  return value
end

local function callable(value)
  return type(value) == "function"
end

local function fields(text)
  local path, separator, prefix = text:match("^(.-)([.:])([%w_]*)$")
  if not path:match("^[%a_][%w_.]*$") then return {} end
  local owner = owner_of(path)
  local list, add = adder(text)
  if owner == nil then return list end
  each_field(owner, function(key, value)
    if type(key) ~= "string" or not key:match("^[%a_][%w_]*$") then return end
    if separator == ":" and not callable(value) then return end
    if prefix == "" and key:match("^_") then return end
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
    if type(key) == "string" and key:match("^[%a_][%w_]*$") and (text ~= "" or key ~= "_") then
      add(key .. (callable(value) and "(" or ""))
    end
  end
  for _, word in ipairs(late) do add(word) end
  if text ~= "" then
    for _, word in ipairs(keywords) do add(word) end
  end
  return list
end

-- Codes are few: all are looked at.
local function codes_from(text, suffix)
  local list, add = adder(text)
  for entry in codes.each() do
    if type(entry.code) == "string" then add(entry.code .. suffix) end
  end
  return list
end

local function option_words(name, text, single)
  local ok, manifest = pcall(require("ehlo.command").manifest, name)
  local list, add = adder(text)
  for _, rows in ipairs {require("ehlo.options").shared, ok and manifest and manifest.options or {}} do
    for _, row in ipairs(rows) do add((single and "-" or "") .. row.name .. (row.value and "=" or " ")) end
  end
  return list
end

local function colon_words(text)
  local list, add = adder(text)
  for _, row in ipairs(require("ehlo.prompt_colon").rows) do add(":" .. row.name .. (row.takes and " " or "")) end
  return list
end

local function option_values(name, option)
  local ok, manifest = pcall(require("ehlo.command").manifest, name)
  for _, rows in ipairs {require("ehlo.options").shared, ok and manifest and manifest.options or {}} do
    for _, row in ipairs(rows) do
      if row.name == option then return row.values end
    end
  end
end

-- Behind a command's name: options, codes, topics, files.
local function arguments(name, before, text)
  if before:match("%-%-$") then return option_words(name, text, false) end
  if before:match("%s%-$") and text == "" then return option_words(name, text, true) end
  local option = before:match("%-%-([%w%-]+)[=%s]$")
  local values = option and option_values(name, option)
  if values then
    local list, add = adder(text)
    for _, value in ipairs(values) do add(value .. " ") end
    return list
  end
  if name == "help" then
    local list, add = adder(text)
    for _, word in ipairs(require("ehlo.command").names()) do add(word) end
    for _, word in ipairs(require("ehlo.topics").names()) do add(word) end
    local ok, manual = pcall(require, "ehlo.manual")
    for _, row in ipairs(ok and manual or {}) do add(row.name) end
    return list
  end
  if text:match("^%d") then return codes_from(text, " ") end
  return {}
end

local function in_string(before)
  local quote
  local i = 1
  while i <= #before do
    local c = before:sub(i, i)
    if c == "\\" and quote then
      i = i + 1
    elseif quote then
      if c == quote then quote = nil end
    elseif c == "'" or c == '"' then
      quote = c
    end
    i = i + 1
  end
  return quote
end

-- candidates(line, start, length): the list for line:sub(start + 1, start + length), and whether file names may do.
function complete.candidates(line, start, length)
  local text, before = line:sub(start + 1, start + length), line:sub(1, start)
  local first = before:match("^%s*$") ~= nil
  if first and text == "" then return {} end
  if first and text:match("^:") then return colon_words(text) end
  local list, files
  local name = not first and require("ehlo.prompt_words").command(before)
  local quote = in_string(before)
  if name then
    list, files = arguments(name, before, text), true
  elseif before:match("^%s*:%a") then
    list, files = {}, true
  elseif quote then
    list, files = text:match("^%d") and codes_from(text, quote) or {}, true
  elseif text:find("[.:]") then
    list = fields(text)
  elseif first and text:match("^%d") then
    list = codes_from(text, "")
  else
    list = names(text, first)
  end
  if #list == 0 and text:match("^%d") and first then list = codes_from(text, "") end
  table.sort(list)
  return list, files or false
end

return complete
