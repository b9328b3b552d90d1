-- Owns: IP addresses as bytes: reading, writing, networks, and their names in the DNS. Callers: the policies.
local ip = {}

local function read_v4(text)
  local bytes = {}
  for number in (text .. "."):gmatch("(.-)%.") do
    if not number:match("^%d%d?%d?$") or (#number > 1 and number:sub(1, 1) == "0") or tonumber(number) > 255 then return nil end
    bytes[#bytes + 1] = string.char(tonumber(number))
  end
  return #bytes == 4 and table.concat(bytes) or nil
end

-- The groups of one side of "::"; a last one may be an IPv4 address. Nil for what is none.
local function groups_of(text)
  local out = {}
  if text == "" then return out end
  local head, tail = text:match("^(.-)([%d.]+%.[%d.]+)$")
  if tail then
    local v4 = read_v4(tail)
    if not v4 or (head ~= "" and head:sub(-1) ~= ":") then return nil end
    text = head .. ("%x:%x"):format(string.unpack(">I2I2", v4))
  end
  for group in (text .. ":"):gmatch("(.-):") do
    if not group:match("^%x%x?%x?%x?$") then return nil end
    out[#out + 1] = string.pack(">I2", tonumber(group, 16))
  end
  return out
end

local function read_v6(text)
  local left, right, extra = text:match("^(.-)::(.*)$")
  if right then extra = right:find("::", 1, true) end
  local head, tail = groups_of(left or text), groups_of(right or "")
  if extra or not head or not tail then return nil end
  local missing = 8 - #head - #tail
  if (left and missing < 1) or (not left and missing ~= 0) then return nil end
  return table.concat(head) .. ("\0\0"):rep(missing) .. table.concat(tail)
end

-- The 4 or 16 bytes of an address, or nil.
function ip.read(text)
  if #text > 45 then return nil end
  if text:find(":", 1, true) then return read_v6(text) end
  return read_v4(text)
end

-- ::ffff:192.0.2.1 is 192.0.2.1.
function ip.unmapped(bytes)
  return #bytes == 16 and bytes:sub(1, 12) == ("\0"):rep(10) .. "\255\255" and bytes:sub(13) or bytes
end

-- RFC 5952: the longest run of zeros is cut, small letters.
local function text_v6(bytes)
  local groups = {string.unpack(">I2I2I2I2I2I2I2I2", bytes)}
  local best, best_len, at = 0, 1, 1
  while at <= 8 do
    local len = 0
    while at + len <= 8 and groups[at + len] == 0 do len = len + 1 end
    if len > best_len then best, best_len = at, len end
    at = at + math.max(len, 1)
  end
  local function join(from, to)
    local out = {}
    for i = from, to do out[#out + 1] = ("%x"):format(groups[i]) end
    return table.concat(out, ":")
  end
  if best == 0 then return join(1, 8) end
  return join(1, best - 1) .. "::" .. join(best + best_len, 8)
end

function ip.text(bytes)
  if #bytes == 4 then return ("%d.%d.%d.%d"):format(bytes:byte(1, 4)) end
  return text_v6(bytes)
end

-- Are the first `prefix` bits of both the same? Of different families they never are.
function ip.inside(bytes, network, prefix)
  if #bytes ~= #network then return false end
  local whole, rest = prefix // 8, prefix % 8
  if bytes:sub(1, whole) ~= network:sub(1, whole) then return false end
  if rest == 0 then return true end
  return bytes:byte(whole + 1) >> (8 - rest) == network:byte(whole + 1) >> (8 - rest)
end

-- "192.0.2.0/24": the address with its last bits cleared; a host's own length is left out.
function ip.network(bytes, prefix)
  local out = {}
  for i = 1, #bytes do
    local bits = math.max(math.min(prefix - 8 * (i - 1), 8), 0)
    out[i] = string.char(bytes:byte(i) & (0xff << (8 - bits)) & 0xff)
  end
  local text = ip.text(table.concat(out))
  return prefix == #bytes * 8 and text or text .. "/" .. prefix
end

-- "1.2.3.4"; of IPv6 its 32 digits (RFC 7208 section 7.3).
function ip.dotted(bytes)
  if #bytes == 4 then return ip.text(bytes) end
  return (bytes:gsub(".", function(c) return ("%X.%X."):format(c:byte() >> 4, c:byte() & 15) end):sub(1, -2))
end

-- The labels of an address backwards, as in-addr.arpa and blocklists have them.
function ip.reversed(bytes)
  local labels = {}
  for label in ip.dotted(bytes):gmatch("[^.]+") do table.insert(labels, 1, label:lower()) end
  return table.concat(labels, ".")
end

return ip
