-- Owns: finding help: on a command, a topic, a code, a function, a value; by words. One source for the shell and the prompt. Callers: the
-- help and apropos commands, the prompt.
local trouble = require "ehlo.trouble"
local help = {}

local KINDS = {
  ["ehlo.session"] = {"session:"}, ["ehlo.reply"] = {"reply:"}, ["ehlo.task"] = {"task:"},
  ["ehlo.record"] = {"smtp.probe"}, ["ehlo.entry"] = {"codes.lookup"}, ["ehlo.comparison"] = {"codes.compare"},
  ["ehlo.explanation"] = {"codes.explain"},
}

local function manual() return require "ehlo.manual" end

-- Rows of the manual by a name, the name of a module, or a method's alone.
local function rows_named(name)
  local exact, members, methods = {}, {}, {}
  for _, row in ipairs(manual()) do
    if row.name == name then exact[#exact + 1] = row end
    if row.name:match("^(.-)[.:]") == name:gsub("[.:]$", "") then members[#members + 1] = row end
    if row.name:match("[.:]([%w_]+)$") == name:match("([%w_]+)$") and not name:find("[.:]") then methods[#methods + 1] = row end
  end
  return #exact > 0 and exact or #members > 0 and members or methods
end

-- What scripts can call under a row's name, or nil.
local function function_of(row)
  local owner, name = row.name:match("^([%w_]+)[.:]([%w_]+)$")
  local value = owner and rawget(_G, owner)
  if type(value) == "table" then return rawget(value, name) end
  local meta = owner and debug.getregistry()["ehlo." .. owner]
  local index = type(meta) == "table" and rawget(meta, "__index")
  if type(index) == "function" then index = select(2, debug.getupvalue(index, 1)) end
  return type(index) == "table" and rawget(index, name) or nil
end

local function about_function(f)
  for _, row in ipairs(manual()) do
    if function_of(row) == f then return {kind = "help", rows = {row}} end
  end
  local info = debug.getinfo(f, "Su")
  local where = info.what == "C" and "a function of Lua's own libraries, or of a module in C"
    or ("a function from %s, line %d"):format(report.escape(info.short_src), info.linedefined)
  local takes = info.what ~= "C" and ("; it takes %d %s%s"):format(info.nparams, info.nparams == 1 and "argument" or "arguments",
    info.isvararg and " or more" or "") or ""
  return {kind = "help", note = where .. takes .. ". The manual has nothing on it."}
end

-- Help on a value: a function, one of our objects, or what Lua has.
function help.on(value)
  if type(value) == "string" then return help.find(value) end
  if type(value) == "function" then return about_function(value) end
  local kind = require("ehlo.pretty").kind_of(value)
  if kind then
    local rows, fields = {}, {}
    for _, name in ipairs(KINDS[kind]) do
      for _, row in ipairs(rows_named(name)) do rows[#rows + 1] = row end
    end
    local meta = debug.getmetatable(value)
    if rawget(meta, "__pairs") then
      for key in pairs(value) do fields[#fields + 1] = tostring(key) end
    end
    table.sort(fields)
    return {kind = "help", object = kind:match("%w+$"), fields = fields, rows = rows}
  end
  for name, field in next, _G do
    if field == value and type(value) == "table" and #rows_named(name) > 0 then return {kind = "help", rows = rows_named(name)} end
  end
  local size = ""
  if type(value) == "table" then
    local n = 0
    for _ in next, value do n = n + 1 end
    size = (" with %d %s"):format(n, n == 1 and "field" or "fields")
  end
  return {kind = "help", note = ("a %s%s"):format(type(value), size)}
end

-- The value that a path such as s.tls names, without running anything; nil where there is none.
local function value_at(path)
  if not path:match("^[%a_][%w_]*[%w_.]*$") then return nil end
  local value, first = nil, true
  for name in path:gmatch("[%w_]+") do
    if first then
      value, first = rawget(_G, name), false
    elseif type(value) == "table" then
      value = rawget(value, name)
    elseif require("ehlo.pretty").kind_of(value) then
      value = value[name]
    else
      return nil
    end
  end
  return value
end

-- s:rcpt with s a session: the manual's row of the method.
local function method_row(topic)
  local path, method = topic:match("^([%w_.]+)[:.]([%w_]+)$")
  local kind = path and require("ehlo.pretty").kind_of(value_at(path))
  if not kind then return nil end
  local rows = rows_named(kind:match("%w+$") .. ":" .. method)
  return #rows > 0 and rows or nil
end

local function option_rows(name)
  local found, command = {}, require "ehlo.command"
  local function look(list, where)
    for _, row in ipairs(list or {}) do
      local words = "--" .. row.name .. (row.value and " " .. row.value or "")
      if row.name == name then found[#found + 1] = {name = words, summary = where .. ": " .. row.help} end
    end
  end
  look(require("ehlo.options").shared, "every command")
  for _, each in ipairs(command.names()) do look((command.manifest(each) or {}).options, each) end
  return found
end

-- Everything in which all the words occur: {name, summary}, those first whose name has them.
function help.search(query)
  local words, named, other = {}, {}, {}
  for word in query:lower():gmatch("%S+") do words[#words + 1] = word end
  if #words == 0 then trouble.usage("apropos: give a word or two.") end
  local function has(text)
    for _, word in ipairs(words) do
      if not text:lower():find(word, 1, true) then return false end
    end
    return true
  end
  local function add(name, summary, text)
    local list = has(name) and named or has(name .. " " .. text) and other
    if list then list[#list + 1] = {name = name, summary = summary} end
  end
  for _, page in ipairs(require("ehlo.topics").all()) do
    add(page.name, page.summary, table.concat(page.also, " ") .. " " .. page.source)
  end
  local command = require "ehlo.command"
  for _, name in ipairs(command.names()) do
    local manifest = command.manifest(name)
    local text = {manifest.summary}
    for _, option in ipairs(manifest.options or {}) do text[#text + 1] = option.name .. " " .. option.help end
    add(name, manifest.summary, table.concat(text, " "))
  end
  for _, row in ipairs(require("ehlo.prompt.colon").rows) do add(":" .. row.name, row.help, "") end
  for _, row in ipairs(manual()) do add(row.name, row.summary, row.summary) end
  for _, entry in ipairs(codes.search(query, {limit = 5})) do
    if entry.kind ~= "phrase" then named[#named + 1] = {name = entry.code, summary = entry.name} end
  end
  return table.move(other, 1, #other, #named + 1, named)
end

local function all_names()
  local names = require("ehlo.topics").names()
  for _, name in ipairs(require("ehlo.command").names()) do names[#names + 1] = name end
  for _, row in ipairs(manual()) do names[#names + 1] = row.name end
  return names
end

-- The record of what there is on a topic; raises wrong usage, with the nearest name, where there is nothing.
function help.find(topic)
  topic = topic:match("^%s*(.-)%s*$")
  local command = require "ehlo.command"
  if topic == "" then return help.contents() end
  if topic:match("^:") then
    local row = require("ehlo.prompt.colon").find(topic:sub(2))
    return {kind = "help", found = {{name = ":" .. row.name .. (row.takes and " " .. row.takes or ""), summary = row.help}}}
  end
  if topic:match("^%-%-") then
    local found = option_rows(topic:sub(3))
    if #found > 0 then return {kind = "help", found = found} end
  end
  if topic:match("^%d") then return (command.run("code", {topic})) end
  local page = require("ehlo.topics").find(topic)
  local about = page and page.name == topic -- tells more than the options of the command of that name, which stand below it
  if command.exists(topic) then return {kind = "help", page = about and page or nil, manifest = command.manifest(topic)} end
  local late = topic == "smtp" or topic == "dns" or topic == "task" or topic == "policy" or topic == "crypto" -- opened when first touched
  local module = rawget(_G, topic) ~= nil or topic:find("[.:]") or late
  local exact = module and rows_named(topic) or {}
  if page and #exact == 0 then return {kind = "help", page = page} end
  local method = method_row(topic)
  if method then return {kind = "help", rows = method} end
  local value = value_at(topic)
  if value ~= nil then return help.on(value) end
  local rows = #exact > 0 and exact or rows_named(topic)
  if #rows > 0 then return {kind = "help", rows = rows} end
  local near = trouble.nearest(topic, all_names())
  if near then trouble.usage("no help on \"%s\". Did you mean: %s?", report.escape(topic), near) end
  local found = #topic > 2 and help.search(topic) or {}
  if #found > 0 then return {kind = "help", found = found, query = topic} end
  trouble.usage("no help on \"%s\". See: ehlo help", report.escape(topic))
end

-- What there is altogether.
function help.contents()
  local command, list = require "ehlo.command", {}
  for _, name in ipairs(command.names()) do list[#list + 1] = command.manifest(name) end
  return {kind = "help", commands = list, topics = require("ehlo.topics").names()}
end

return help
