-- Owns: what is compared: records from live values, from files that ehlo wrote, as items {label, kind, identity, source, facts}.
-- Callers: the compare command, report.compare.
local facts = require "ehlo.compare.facts"
local inputs = {}

local BYTES_MAX = 64 << 20

-- null is as good as absent. What is a list stays one.
local function without_null(value)
  if type(value) ~= "table" then return value end
  local out = {}
  if #value > 0 then
    for _, each in ipairs(value) do
      if each ~= report.null then out[#out + 1] = without_null(each) end
    end
    return out
  end
  for key, each in pairs(value) do
    if each ~= report.null then out[key] = without_null(each) end
  end
  return out
end

-- What kind of record an object is, by what it has.
local function kind_of(object)
  if type(object.kind) == "string" and object.kind ~= "" and (object.kind == "policy" or object.kind == "runbook") then return object.kind end
  if object.outcome ~= nil and object.target ~= nil then return "probe" end
  if type(object.recipients) == "table" and object.input ~= nil then return "explanation" end
  if type(object.code) == "string" and object.class ~= nil and object.meaning ~= nil then return "code" end
  return type(object.kind) == "string" and object.kind:match("^[%w%-_]+$") or "record"
end

local named = {"target", "subject", "code", "input", "domain", "name"}

local function identity_of(object)
  for _, key in ipairs(named) do
    if type(object[key]) == "string" then return object[key] end
  end
  return nil
end

local function prefixed(list, prefix)
  for _, fact in ipairs(list) do
    fact.field, fact.label = prefix .. "." .. fact.field, prefix .. ": " .. fact.label
    fact.group = fact.group and prefix .. "." .. fact.group
    fact.names, fact.about = nil, prefix
  end
  return list
end

local function said(name) return report.escape(name:sub(1, 60)) end

-- Every object by what it is about, and of which kind they all are; or nil and why not.
local function sort_out(objects)
  local parts, seen, kind = {}, {}, nil
  for i, object in ipairs(objects) do
    if type(object) ~= "table" or #object > 0 then return nil, "it holds no object that ehlo writes" end
    local each, name = kind_of(object), identity_of(object) or tostring(i)
    if kind and each ~= kind then return nil, ("it has results of several kinds, %s and %s"):format(kind, each) end
    if seen[name] then return nil, ("it has two results about %s"):format(said(name)) end
    kind, seen[name], parts[i] = each, true, {name = name, object = object}
  end
  if #parts == 0 then return nil, "it holds no result" end
  return {kind = kind, parts = parts}
end

-- The facts of several results: what they are about, and those of each under its name.
local function facts_of_several(sorted)
  local names, all = {}, {}
  for i, part in ipairs(sorted.parts) do names[i] = part.name end
  all[1] = {field = "results", label = "results", type = "set", value = names}
  for _, part in ipairs(sorted.parts) do
    for _, fact in ipairs(prefixed(facts.of(sorted.kind, part.object), part.name)) do all[#all + 1] = fact end
  end
  return all
end

-- An item of parsed objects: {label, kind, identity, source, parts}; its facts come once it is known how many results each has.
local function item_of(label, source, objects)
  local sorted, why = sort_out(without_null(objects))
  if not sorted then return nil, why end
  return {label = label, kind = sorted.kind, source = source, parts = sorted.parts, identity = sorted.parts[1].name}
end

-- A file's objects: one, an object with results, or one a line.
local function objects_in(text)
  local json = require "ehlo.json"
  local value, why = json.read(text)
  if type(value) == "table" then return type(value.results) == "table" and value.results or {value} end
  local list = {}
  if not text:find("^%s*{.-}%s*\n%s*{") then return nil, "it is no JSON that ehlo writes" .. (why and ": " .. why or "") end
  for line in text:gmatch("[^\r\n]+") do
    local object, trouble = json.read(line)
    if type(object) ~= "table" then return nil, ("its line %d is no JSON object%s"):format(#list + 1, trouble and ": " .. trouble or "") end
    list[#list + 1] = object
  end
  return list
end

local function read(path)
  local file, why = io.stdin, nil
  if path ~= "-" then file, why = io.open(path, "rb") end
  if not file then return nil, (why:gsub("^.*: ", "")) end
  local text, trouble = file:read(BYTES_MAX + 1)
  if path ~= "-" then file:close() end
  if not text then return nil, trouble or "it is empty" end
  if #text > BYTES_MAX then return nil, "it is longer than 64 MiB" end
  return text
end

-- The item of a file, or nil and why there is none.
function inputs.file(path)
  local text, why = read(path)
  if not text then return nil, why end
  local objects, trouble = objects_in(text)
  if not objects then return nil, trouble end
  return item_of(path == "-" and "standard input" or path, path, objects)
end

local function name_of(object) return identity_of(object) or object.host or object.address or "value" end

-- The item of a live value: a probe's record, a session, an explanation, an entry, or a table such as a policy's record; a string is
-- the path of a file that was saved.
function inputs.value(value)
  if type(value) == "string" then return inputs.file(value) end
  if type(value) == "table" and rawget(value, "kind") == "probe" and rawget(value, "items") then value = value.items[1] end
  local ok, text = pcall(report.json, value)
  if not ok then return nil, text end
  local object = require("ehlo.json").read(text)
  if type(object) ~= "table" or #object > 0 or next(object) == nil then return nil, "it is no record" end
  object = without_null(object)
  if require("ehlo.pretty").kind_of(value) == "ehlo.session" then object.outcome, object.target = nil, object.target or object.host end
  local item, why = item_of(name_of(object), nil, {object})
  if item and require("ehlo.pretty").kind_of(value) == "ehlo.session" then item.kind = "probe" end
  return item, why
end

-- Names over the columns: short ones where they differ, else with what tells them apart.
local function label(items)
  local seen = {}
  for _, item in ipairs(items) do
    local short = item.source and item.source ~= "-" and item.source:match("[^/]+$") or item.label
    seen[short] = (seen[short] or 0) + 1
    item.short = short
  end
  local number = {}
  for _, item in ipairs(items) do
    if seen[item.short] == 1 then item.label = item.short end
    number[item.label] = (number[item.label] or 0) + 1
    if number[item.label] > 1 then item.label = ("%s (%d)"):format(item.label, number[item.label]) end
  end
end

local function a(kind) return (kind:find("^[aeiou]") and "an " or "a ") .. kind end

-- Makes items ready to be compared. Or nil and why they cannot be.
function inputs.ready(items)
  local several = false
  for _, item in ipairs(items) do
    if item.kind ~= items[1].kind then
      return nil, ("%s is %s and %s is %s: things of one kind can be compared"):format(said(items[1].label), a(items[1].kind), said(item.label),
        a(item.kind))
    end
    several = several or #item.parts > 1
  end
  for _, item in ipairs(items) do
    item.several = several
    item.facts = several and facts_of_several(item) or facts.of(item.kind, item.parts[1].object)
    if several then item.identity = nil end
    item.about = {}
    for _, part in ipairs(item.parts) do item.about[part.name] = true end
  end
  label(items)
  return items
end

return inputs
