-- Owns: records of DNS as zone files and dig write them: a name with its dot, and the data of each type. Callers: the dns command's view.
local dns_text = {}

function dns_text.name(name)
  if not name or name == "" then return "." end
  return name:sub(-1) == "." and name or name .. "."
end

local function escaped(byte)
  if byte == '"' or byte == "\\" then return "\\" .. byte end
  return ("\\%03d"):format(byte:byte())
end

local function quoted(text) return '"' .. text:gsub('[%c"\\\x7f-\xff]', escaped) .. '"' end

-- A TXT record's strings one by one: where one ends may matter, and its text has them joined.
local function strings(r)
  local parts, at = {}, 1
  while at <= #r.rdata do
    local length = r.rdata:byte(at)
    parts[#parts + 1] = quoted(r.rdata:sub(at + 1, at + length))
    at = at + 1 + length
  end
  return table.concat(parts, " ")
end

local function host(r) return dns_text.name(r.host) end
local function address(r) return r.address end

local forms = {
  A = address, AAAA = address, NS = host, CNAME = host, PTR = host, TXT = strings,
  MX = function(r) return ("%d %s"):format(r.preference, host(r)) end,
  TLSA = function(r) return ("%d %d %d %s"):format(r.usage, r.selector, r.matching, r.data) end,
  CAA = function(r) return ("%d %s %s"):format(r.flags, r.tag, quoted(r.value)) end,
  SRV = function(r) return ("%d %d %d %s"):format(r.priority, r.weight, r.port, host(r)) end,
  SOA = function(r)
    return ("%s %s %d %d %d %d %d"):format(dns_text.name(r.primary), dns_text.name(r.mailbox), r.serial, r.refresh, r.retry, r.expire, r.minimum)
  end,
  DS = function(r) return ("%d %d %d %s"):format(r.key_tag, r.algorithm, r.digest_type, r.digest) end,
  DNSKEY = function(r) return ("%d %d %d %s"):format(r.flags, r.protocol, r.algorithm, r.key) end,
}

-- Types without a form of their own are bytes: RFC 3597 section 5.
local function bytes(r)
  if #r.rdata == 0 then return "\\# 0" end
  return ("\\# %d %s"):format(#r.rdata, (r.rdata:gsub(".", function(c) return ("%02x"):format(c:byte()) end)))
end

function dns_text.data(type, record) return (forms[type] or bytes)(record) end

return dns_text
