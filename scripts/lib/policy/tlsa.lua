-- Owns: TLSA records as SMTP sees them (RFC 7672 section 3.1), and where a host's are (section 2.2): which name they hang on, and whether
-- DNSSEC protects the way there. Callers: policy.dane.
local tlsa = {}

local DIGESTS = {[1] = 64, [2] = 128} -- hex digits

-- Why SMTP has no use for a record, or nil for one that it has.
function tlsa.useless(record)
  if not record.usage then return "it is cut off" end
  if record.usage == 0 or record.usage == 1 then return ("usage %d is for the web's authorities, and SMTP does not look at it"):format(record.usage) end
  if record.usage > 3 then return ("nobody has defined usage %d"):format(record.usage) end
  if record.selector > 1 then return ("nobody has defined selector %d"):format(record.selector) end
  if record.matching > 2 then return ("nobody has defined matching type %d"):format(record.matching) end
  if record.data == "" then return "it holds no data" end
  local digits = DIGESTS[record.matching]
  if digits and #record.data ~= digits then
    return ("its digest has %d bytes, where matching type %d has %d"):format(#record.data // 2, record.matching, digits // 2)
  end
end

-- "3 1 1 8cb0fc6c...", short enough for a line.
function tlsa.text(record)
  local data = record.data or ""
  return ("%s %s %s %s"):format(record.usage or "?", record.selector or "?", record.matching or "?", #data > 24 and data:sub(1, 16) .. "..." or data)
end

local function denied(err) return err.reason == "nxdomain" or err.reason == "no-data" end

-- Both kinds of addresses. Secure where each answer is, denials included; err where one of the look-ups failed.
local function addresses(r, host)
  local found = {secure = true, list = {}, aliases = {}}
  for _, type in ipairs {"a", "aaaa"} do
    local list, message, err = r:lookup(type, host)
    if not list and not denied(err) then return nil, message, err end
    local secure = list and list.secure or not list and err.secure
    found.secure = found.secure and secure == true
    for _, each in ipairs(list or {}) do found.list[#found.list + 1] = each.address end
    local chain = list or err
    if chain.aliases and #chain.aliases > 0 then found.aliases, found.canonical = chain.aliases, chain.canonical end
  end
  return found
end

-- The names to try, in order. Behind an alias it is the name at its end first, where all the way there is signed, then the alias itself;
-- where only the alias is signed, that alone (RFC 7672 sections 2.2.2 and 2.2.3).
local function bases(r, host, found)
  if #found.aliases == 0 then return found.secure and {host} or {} end
  if found.secure then return {found.canonical, host} end
  local alias = r:lookup("cname", host)
  return alias and alias.secure == true and {host} or {}
end

-- {base, records, secure, addresses}: base nil where no name is protected, records empty where there are none. nil, message, err, what
-- where a look-up failed ("address" or "tlsa"): then nobody knows, and a sender that does DANE waits.
function tlsa.find(r, host, port)
  local found, message, err = addresses(r, host)
  if not found then return nil, message, err, "address" end
  local result = {addresses = found.list, records = {}, secure = false}
  for _, base in ipairs(bases(r, host, found)) do
    local list, why, wrong = r:lookup("tlsa", ("_%d._tcp.%s"):format(port, base))
    if not list and not denied(wrong) then return nil, why, wrong, "tlsa" end
    local secure = list and list.secure == true or not list and wrong.secure == true
    if secure and not result.secure then result.base, result.secure = base, true end
    if secure and list and #list > 0 then
      result.base, result.records = base, list
      return result
    end
  end
  return result
end

-- Records that nobody looks at, since nothing protects them: for findings only. nil, message where the look-up failed.
function tlsa.unprotected(r, host, port)
  local list, message, err = r:lookup("tlsa", ("_%d._tcp.%s"):format(port, host))
  if not list and not denied(err) then return nil, message end
  return list or {}
end

return tlsa
