-- Owns: what names, fields and methods there are for completion, and what the manual says of a function. Looks at tables as they
-- lie: no function of a script's own runs because somebody pressed Tab. Callers: completion.
local values = {}

values.late = {"smtp", "dns", "task", "http", "mail", "catalogue", "policy", "crypto", "runbook"} -- opened when first touched

values.modules = {"ehlo.catalogue", "ehlo.codes", "ehlo.crypto", "ehlo.dns", "ehlo.http", "ehlo.mail", "ehlo.policy", "ehlo.report", "ehlo.runbook",
  "ehlo.smtp", "ehlo.task"}

local function index_of(value)
  local meta = debug.getmetatable(value)
  local index = type(meta) == "table" and rawget(meta, "__index")
  return type(index) == "table" and index or nil
end

-- Whether a value is one of ours, whose fields are told by C.
local function ours(value) return require("ehlo.pretty").kind_of(value) ~= nil end

function values.global(name)
  local value = rawget(_G, name)
  if value ~= nil then return value end
  local meta = debug.getmetatable(_G)
  local index = type(meta) == "table" and rawget(meta, "__index")
  if type(index) ~= "function" or debug.getinfo(index, "S").what ~= "C" then return nil end
  for _, word in ipairs(values.late) do
    if word == name then
      local ok, opened = pcall(index, _G, name)
      return ok and opened or nil
    end
  end
end

-- Methods of our objects lie in a table that __index, which is C, holds; fields are told by pairs, C as well.
local function own_fields(value, visit)
  if not ours(value) then return end
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

function values.each_field(value, visit)
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
  values.each_field(value, function(key, field)
    if key == name and found == nil then found = field end
  end)
  return found
end

-- "s.capabilities": the value of a path of names, or nil.
function values.at(path)
  local value, first = nil, true
  for name in path:gmatch("[%a_][%w_]*") do
    if first then value = values.global(name) else value = field_of(value, name) end
    first = false
    if value == nil then return nil end
  end
  return value
end

local kinds = {["ehlo.session"] = "session", ["ehlo.reply"] = "reply", ["ehlo.task"] = "task"}

-- Objects of ours are known by their metatables; a runbook's is a script's table, which pretty does not need to know.
local function kind_of(value)
  local meta = debug.getmetatable(value)
  if meta and rawequal(meta, debug.getregistry()["ehlo.book"]) then return "book" end
  return kinds[require("ehlo.pretty").kind_of(value) or ""]
end

-- The manual's row for what is called so here, by its name, its object's kind, or because it is that function.
function values.row(path)
  local manual = require "ehlo.manual"
  local owner, method = path:match("^(.*):([%w_]+)$")
  local kind = owner and kind_of(values.at(owner))
  local wanted = kind and kind .. ":" .. method or path
  for _, row in ipairs(manual) do
    if row.name == wanted then return row end
  end
  local value = values.at(path)
  if type(value) ~= "function" then return nil end
  for _, row in ipairs(manual) do
    if row.name:find(".", 1, true) and rawequal(values.at(row.name), value) then return row end
  end
end

-- What an argument's description says; "and the options of smtp.connect" brings that one's along.
local function description(argument)
  local text = argument[3] or ""
  local other = text:match("the options of ([%w_.:]+%w)")
  for _, row in ipairs(other and require "ehlo.manual" or {}) do
    for _, each in ipairs(row.name == other and row.arguments or {}) do
      if each[2] == "table" then return text .. ", " .. (each[3] or "") end
    end
  end
  return text
end

-- The keys of the table that an argument takes, from its description: "helo, family (\"ipv4\", \"ipv6\"), tls_min and tls_max".
function values.keys(argument)
  local keys, text = {}, description(argument)
  for key in text:gmatch("[{ ]([%u][%u%d_%-]+) =") do keys[#keys + 1] = key end
  if #keys > 0 then return keys end
  text = text:gsub("%b()", ""):gsub("%b{}", "")
  for part in (text .. ";"):gmatch("(.-);") do
    local head = part:match("^([%w_, ]-): ") or part
    for piece in (head:gsub(" and ", ", ") .. ","):gmatch("%s*(.-)%s*,") do
      local key = piece:match("^([%a_][%w_]*)$") or piece:match("^([%a_][%w_]*) in ") or piece:match("^([%a_][%w_]*) of ")
        or piece:match("^([%a_][%w_]*) by ")
      if key then keys[#keys + 1] = key end
    end
  end
  return keys
end

-- The words that a key's value can be, where the description lists them in brackets behind it.
function values.words(argument, key)
  local list = {}
  local inside = description(argument):match("%f[%w_]" .. key .. "%f[^%w_]%s*(%b())")
  for word in (inside or ""):sub(2, -2):gmatch("[^,]+") do
    word = word:match('^%s*"([%w%.%-_]+)"%s*$') or word:match("^%s*([%a][%w%-_]*)%s*$")
    if word then list[#list + 1] = word end
  end
  return #list > 1 and list or {}
end

-- The words in quotes of which an argument is one: "A", "AAAA" and so on.
function values.quoted(argument)
  local list = {}
  if argument[2] == "string" then
    for word in (argument[3] or ""):gmatch('"([%w%-_]+)"') do list[#list + 1] = word end
  end
  return #list > 1 and list or {}
end

-- What a function of a script's own is called with.
local function parameters(f)
  local info, names = debug.getinfo(f, "Su"), {}
  if info.what == "C" then return nil end
  for i = 1, info.nparams do names[i] = debug.getlocal(f, i) end
  if info.isvararg then names[#names + 1] = "..." end
  return names
end

-- The signature, the first line of the help, and what the argument at hand is: a text of a few lines; nil where nothing is known.
function values.signature(path, index)
  local row = values.row(path)
  if not row then
    local value = values.at(path)
    local names = type(value) == "function" and parameters(value)
    return names and ("%s(%s)"):format(path, table.concat(names, ", ")) or nil
  end
  local style = require "ehlo.style"
  local names = {}
  for i, argument in ipairs(row.arguments or {}) do names[i] = argument[1] end
  local lines = {style.bold(("%s(%s)"):format(row.name, table.concat(names, ", "))), "  " .. style.wrap(row.summary or "", style.width - 2, "  ")}
  local argument = (row.arguments or {})[index]
  if argument then
    local text = ("%s: %s%s"):format(argument[1], argument[2] or "", argument[3] and ", " .. argument[3] or "")
    lines[#lines + 1] = style.dim("  " .. style.wrap(text, style.width - 2, "  "))
  end
  return table.concat(lines, "\n")
end

return values
