-- Owns: what a person can try next after an error at the prompt: rows of what a message says and what helps. Callers: the view of trouble.
local trouble = require "ehlo.trouble"
local advice = {}

local function names_of(value)
  local names = {}
  if type(value) ~= "table" then return names end
  for key in next, value do names[#names + 1] = type(key) == "string" and key or nil end
  return names
end

local function globals()
  local names = names_of(_G)
  for _, name in ipairs {"smtp", "dns", "task"} do names[#names + 1] = name end
  return names
end

local function meant(near)
  return near and {text = "Did you mean: " .. near .. "?"} or nil
end

local function command_line(line)
  local first = (line or ""):match("^%s*(%a[%w_%-]*)")
  return first and require("ehlo.command").exists(first) and first
end

-- A global that nobody set.
local function unknown_global(name, line)
  local near = #name > 2 and meant(trouble.nearest(name, globals()))
  if near then return near end
  local err = rawget(_G, "_err")
  if type(err) == "table" and rawget(err, "class") and (line or ""):find("%f[%w_]" .. name .. "%s*[:.]") then
    return {text = ("%s has no value. If a call was to give it one, _err tells why it did not."):format(name)}
  end
  return {text = ("%s has no value: nothing was assigned to it."):format(name), command = "help"}
end

-- codes.lokup(...): the nearest name of the module.
local function unknown_field(name, line)
  local owner = (line or ""):match("([%a_][%w_]*)%s*[.:]%s*" .. name .. "%f[^%w_]")
  local value = owner and rawget(_G, owner)
  local near = trouble.nearest(name, names_of(value))
  if near then return {text = ("Did you mean: %s.%s?"):format(owner, near)} end
  for _, row in ipairs(owner and require "ehlo.manual" or {}) do
    if row.name:match("^" .. owner .. "[.:]") then return {text = ("%s has no %s."):format(owner, name), command = "help " .. owner} end
  end
end

local function unknown_method(name)
  local names, full = {}, {}
  for _, row in ipairs(require "ehlo.manual") do
    local method = row.name:match(":(.+)$")
    if method then names[#names + 1], full[method] = method, row.name end
  end
  local near = trouble.nearest(name, names)
  return near and {text = ("Did you mean: %s?"):format(full[near])} or nil
end

-- bad argument #1 to 'lookup': the manual says what it takes.
local function wrong_argument(name)
  for _, row in ipairs(require "ehlo.manual") do
    if row.name:match("[.:]([%w_]+)$") == name then return {command = "help " .. row.name} end
  end
end

-- What a message says (a pattern) and what helps: a function of what the pattern caught, and the line where it happened.
local rows = {
  {"nil value %(global '([%w_]+)'%)", unknown_global},
  {"nil value %(field '([%w_]+)'%)", unknown_field},
  {"nil value %(method '([%w_]+)'%)", unknown_method},
  {"bad argument #%d+ to '([%w_.:]+)'", function(name) return wrong_argument(name:match("[%w_]+$")) end},
  {"add %-%-allow (%a+)", function(kind)
    return {text = "This session has not been given leave for it.", command = ":allow " .. kind}
  end},
  {"stack overflow", function() return {text = "A function calls itself without an end."} end},
  {"module '([^']+)' not found", function()
    return {text = "It is neither one of ehlo's modules nor on package.path.", command = "package.path"}
  end},
  {"attempt to compare", function()
    return {text = "Only two numbers or two strings can be compared: tonumber and tostring turn one into the other."}
  end},
  {"attempt to perform arithmetic on a string", function() return {text = "tonumber(...) makes a number of a text."} end},
  {"not enough memory", function() return {text = "Let go of what is large (name = nil), then collectgarbage()."} end},
}

-- A list of {text =, command =} for a message that was raised, and the line of source where it was.
function advice.for_message(message, line)
  for _, row in ipairs(rows) do
    local caught = message:match(row[1])
    if caught then
      local item = row[2](caught, line)
      return item and {item} or {}
    end
  end
  local syntax = message:match(" near ") or message:match("expected")
  local name = syntax and command_line(line)
  if not name then return {} end
  return {{text = ("As a command, %s takes its arguments as in the shell, without brackets or commas."):format(name), command = "help " .. name}}
end

-- The same for nil, message, err: what the world refused, by its class.
function advice.for_failure(message, err)
  local list = advice.for_message(message)
  local probe = require "ehlo.view.probe"
  local fix = probe.fix(err.class)
  if fix then list[#list + 1] = {text = fix} end
  local session = err.session
  if session and require("ehlo.pretty").kind_of(session) == "ehlo.session" then
    local target = session.target or session.host or session.address
    local port = session.port
    if target then
      target = tostring(target)
      if port and port ~= 25 and not target:find(":%d+$") then target = target .. ":" .. port end
      list[#list + 1] = {command = "probe " .. require("ehlo.words").quote(target)}
    end
  elseif err.class == "dns-failed" then
    list[#list].command = "help resolving"
  end
  return list
end

return advice
