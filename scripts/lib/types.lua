-- Owns: the types of arguments and options, a row each: mailbox, domain, host, address of a machine, file, number. Callers: the reader of
-- command lines, the check of manifests.
local types = {}

local function is_ipv4(text)
  local parts = {text:match("^(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)%.(%d%d?%d?)$")}
  for _, part in ipairs(parts) do
    if tonumber(part) > 255 then return false end
  end
  return #parts == 4
end

-- How many groups of 16 bits a part of an IPv6 address has; nil where it is none.
local function groups_of(text)
  local n = 0
  if text == "" then return 0 end
  for group in (text .. ":"):gmatch("([^:]*):") do
    if group:match("^%x%x?%x?%x?$") then
      n = n + 1
    elseif is_ipv4(group) and text:sub(-#group) == group then
      n = n + 2
    else
      return nil
    end
  end
  return n
end

local function is_ipv6(text)
  local bare = text:gsub("%%%w+$", "") -- without the interface of a link-local one
  local head, tail = bare:match("^(.-)::(.*)$")
  if not head then return groups_of(bare) == 8 end
  local before, behind = groups_of(head), groups_of(tail)
  return before ~= nil and behind ~= nil and before + behind < 8
end

local function is_ip(text) return is_ipv4(text) or is_ipv6(text) end

local function is_domain(text)
  text = text:gsub("%.$", "")
  if text == "" or #text > 253 or is_ip(text) then return false end
  for label in (text .. "."):gmatch("([^.]*)%.") do
    if #label == 0 or #label > 63 or not label:match("^[%w_\x80-\xff][%w%-_\x80-\xff]*$") or label:match("%-$") then return false end
  end
  return not text:match("%.%d+$") -- an address with a slip: no top-level domain is a number
end

local function is_port(text) return text:match("^%d%d?%d?%d?%d?$") ~= nil and tonumber(text) > 0 and tonumber(text) < 65536 end

local function is_host(text)
  local inner, rest = text:match("^%[(.-)%](.*)$")
  if inner then return is_ip((inner:gsub("^[Ii][Pp][Vv]6:", ""))) and (rest == "" or is_port(rest:match("^:(.*)$") or "")) end
  if is_ip(text) then return true end
  local name, port = text:match("^([^:]*):([^:]*)$")
  return (is_domain(name or text) or is_ip(name or text)) and (not port or is_port(port))
end

local function is_address(text)
  local part, domain = text:match("^(.+)@([^@]+)$")
  if not part or #part > 64 or text:find("[%c<>]") then return false end
  if not part:match("^\".*\"$") and (part:find("[%s@,;:\\\"%(%)%[%]]") or part:find("^%.") or part:find("%.$") or part:find("..", 1, true)) then
    return false
  end
  return is_domain(domain) or is_host(domain) and domain:match("^%[.*%]$") ~= nil
end

local function is_file(text)
  if text == "-" then return true end
  local file = io.open(text, "rb")
  if file then file:close() end
  return file ~= nil
end

-- A row a type: whether a text is one, and what it is in words.
types.known = {
  address = {is = is_address, what = "mailbox, such as user@example.org"},
  domain = {is = is_domain, what = "domain, such as example.org"},
  host = {is = is_host, what = "host or address, with :PORT where it is not the usual one"},
  machine = {is = function(text) return is_domain(text) or is_ip(text) end, what = "host or address, without a port"},
  ip = {is = is_ip, what = "IPv4 or IPv6 address"},
  file = {is = is_file, what = "file that can be read"},
  seconds = {is = function(text)
    local n = tonumber(text)
    return text:match("^%d*%.?%d+$") ~= nil and n > 0 and n < 1e6
  end, what = "number of seconds above 0", value = tonumber},
  count = {is = function(text, row)
    local n = text:match("^%d+$") and math.tointeger(tonumber(text))
    return n ~= nil and n >= (row.min or 1) and n <= (row.max or 1000000)
  end, value = function(text) return math.tointeger(tonumber(text)) end, what = function(row)
    return ("whole number from %d to %d"):format(row.min or 1, row.max or 1000000)
  end},
}

function types.names()
  local names = {}
  for name in pairs(types.known) do names[#names + 1] = name end
  table.sort(names)
  return names
end

-- What stands for a row's type in a text; nil and what was wanted where it is none.
function types.read(row, text)
  local kind = types.known[row.type]
  if not kind then return text end
  local what = type(kind.what) == "function" and kind.what(row) or kind.what
  if not kind.is(text, row) then return nil, what end
  return kind.value and kind.value(text) or text
end

return types
