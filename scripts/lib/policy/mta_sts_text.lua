-- Owns: MTA-STS as text (RFC 8461 section 3): the TXT record, the policy, and which hosts a pattern covers. Nothing is asked here. Callers:
-- policy.mta_sts, the tests.
local fields = require "ehlo.policy.fields"
local text = {}

text.MAX_AGE = 31557600 -- a year; no policy may be kept for longer
local MODES = {enforce = true, testing = true, none = true}

-- The id of a record that fields.choose took, or nil and why there is none.
function text.id(record)
  local list, why = fields.read(record)
  if not list then return nil, why end
  local id = fields.first(list, "id")
  if not id then return nil, "it has no id" end
  if not id:match("^%w+$") or #id > 32 then return nil, ("its id \"%s\" is not 1 to 32 letters and digits"):format(id) end
  return id
end

-- A host name of letters, digits and hyphens, A-labels included; a pattern may begin with "*.".
local function is_pattern(word)
  local name = word:gsub("^%*%.", "")
  if #name > 253 or not name:find(".", 1, true) then return false end
  for label in (name .. "."):gmatch("(.-)%.") do
    if not label:match("^[%w_][%w_%-]*$") or #label > 63 or label:match("%-$") then return false end
  end
  return true
end

local function read_mode(policy, value)
  if not MODES[value] then return ("its mode \"%s\" is none of enforce, testing and none"):format(value) end
  policy.mode = value
end

local function read_max_age(policy, value)
  if not value:match("^%d+$") or #value > 10 then return ("its max_age \"%s\" is no number of seconds"):format(value) end
  policy.max_age = math.tointeger(tonumber(value))
end

local function read_mx(policy, value)
  local pattern = value:lower():gsub("%.$", "")
  if not is_pattern(pattern) then return ("its mx \"%s\" is no host name, nor one behind \"*.\""):format(value) end
  if pattern ~= value:lower() then policy.dotted = value end
  table.insert(policy.mx, pattern)
end

local function read_version(policy, value)
  if value ~= "STSv1" then return ("its version \"%s\" is not STSv1"):format(value) end
  policy.version = value
end

local readers = {version = read_version, mode = read_mode, max_age = read_max_age, mx = read_mx}

local function read_line(policy, line, faults)
  local name, value = line:match("^([%w][%w_%-%.]*)[ \t]*:[ \t]*(.-)[ \t]*$")
  if not name or #name > 32 then
    faults[#faults + 1] = ("its line \"%s\" is no \"name: value\""):format(line:sub(1, 60))
  elseif not readers[name] then
    table.insert(policy.unknown, name)
  elseif policy.seen[name] and name ~= "mx" then
    table.insert(policy.repeated, name)
  else
    policy.seen[name] = true
    faults[#faults + 1] = readers[name](policy, value)
  end
end

-- What a policy says, and a list of what keeps it from being one (empty for a sound one). Lines end in LF or CRLF; empty ones and blanks
-- at their ends do not count. Of a field that comes twice the first counts, but for mx.
function text.policy(body)
  local policy, faults = {mx = {}, unknown = {}, repeated = {}, seen = {}}, {}
  if body:sub(1, 3) == "\u{FEFF}" then faults[1] = "it begins with a byte order mark" end
  for line in (body:gsub("^\u{FEFF}", "") .. "\n"):gmatch("([^\n]*)\n") do
    line = line:gsub("\r$", "")
    if line:find("\r", 1, true) then
      faults[#faults + 1] = "a line of it holds a carriage return that no line feed follows"
    elseif line:match("%S") then
      read_line(policy, line, faults)
    end
  end
  for _, name in ipairs {"version", "mode", "max_age"} do
    if not policy.seen[name] then faults[#faults + 1] = "it has no " .. name end
  end
  if not policy.seen.mx and policy.mode ~= "none" then faults[#faults + 1] = "it has no mx" end
  policy.seen = nil
  return policy, faults
end

-- The first pattern that covers a host, or nil. "*." stands for exactly one label (RFC 8461 section 4.1).
function text.covered(patterns, host)
  host = host:lower():gsub("%.$", "")
  for _, pattern in ipairs(patterns) do
    if pattern == host then return pattern end
    local behind = pattern:match("^%*(%..+)$")
    if behind and #host > #behind and host:sub(-#behind) == behind and not host:sub(1, -#behind - 1):find(".", 1, true) then return pattern end
  end
end

return text
