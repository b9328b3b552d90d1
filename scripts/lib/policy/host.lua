-- Owns: policy.fcrdns and policy.helo: what an address's names say, and whether a name can be presented in EHLO. Callers: policy.lua.
local ip = require "ehlo.policy.ip"
local record = require "ehlo.policy.record"
local host = {}

local MOST = 10 -- names of an address that are looked at

local function check_address(value, what)
  local bytes = type(value) == "string" and ip.read(value)
  if not bytes then error(("%s: the address must be an IP address"):format(what), 3) end
  return ip.unmapped(bytes)
end

-- The addresses of a name; nil where the DNS failed, and an empty list where it has none.
local function addresses_of(r, name, types)
  local out, failed = {}, false
  for _, type in ipairs(types) do
    local list, _, err = r:lookup(type, name)
    failed = failed or not list and err.reason ~= "nxdomain" and err.reason ~= "name"
    for _, each in ipairs(list or {}) do out[#out + 1] = ip.read(each.address) end
  end
  if failed and #out == 0 then return nil end
  return out
end

local function has(list, bytes)
  for _, each in ipairs(list or {}) do
    if each == bytes then return true end
  end
  return false
end

local pools = {"dsl", "dyn", "dynamic", "dhcp", "pool", "ppp", "dialup", "cable", "cust", "customer", "client", "broadband", "unassigned", "generic"}

-- Does a name look as if a program had made it of the address? Receivers take such for a home or a rented machine.
local function is_generated(name, bytes)
  if #bytes ~= 4 then return false end
  local a, b, c, d = bytes:byte(1, 4)
  for _, order in ipairs {{a, b, c, d}, {d, c, b, a}, {b, c, d}, {d, c, b}} do
    for _, mark in ipairs {"%-", "%.", "_"} do
      if name:find("%f[%d]" .. table.concat(order, mark) .. "%f[%D]") then return true end
    end
  end
  if name:find(("%02x%02x%02x%02x"):format(a, b, c, d), 1, true) then return true end
  for _, word in ipairs(pools) do
    if name:find("%f[%a]" .. word .. "%f[%A]") and name:find("%d") then return true end
  end
  return false
end

local ASK = "Ask whoever gave you the address (the provider) to set its PTR record to the name that your server presents in EHLO."

local function judge_names(r, names, bytes)
  if #names > 1 then
    r:finding {id = "fcrdns-several-names", level = "info", text = ("The address has %d names: some receivers look at one of them, whichever comes first.")
      :format(#names), evidence = tostring(#names) .. " PTR records", fix = "Keep one PTR record."}
  end
  for _, row in ipairs(names) do
    if row.confirmed == false then
      r:finding {id = "fcrdns-mismatch", level = "fail", text = ("%s does not lead back to the address."):format(row.name), evidence = row.name,
        fix = ("Give %s an address record for %s, or let the PTR record name another host."):format(row.name, r.ip)}
    end
    if is_generated(row.name:lower(), bytes) then
      r:finding {id = "fcrdns-generic-name", level = "warn", evidence = row.name, fix = ASK,
        text = ("%s reads like a machine's that nobody named: many receivers mistrust such."):format(row.name)}
    end
  end
end

local function confirm(r, list, bytes)
  local names, confirmed, unknown = {}, nil, false
  for i = 1, math.min(#list, MOST) do
    local name = list[i].host
    local found = r:inside(addresses_of, r, name, {#bytes == 4 and "a" or "aaaa"})
    local row = {name = name, confirmed = nil}
    if found then row.confirmed = has(found, bytes) else unknown = true end
    if row.confirmed and not confirmed then confirmed = name end
    names[i] = row
  end
  return names, confirmed, unknown
end

-- The names of an address, and whether one leads back to it.
function host.fcrdns(address)
  local bytes = check_address(address, "policy.fcrdns")
  local r = record.new {policy = "fcrdns", subject = ip.text(bytes), ip = ip.text(bytes), names = {}}
  local list, message, err = r:lookup("ptr", r.ip)
  if not list and err.reason ~= "nxdomain" then
    return r:finish {verdict = "temperror", summary = ("The name of %s could not be looked up: %s."):format(r.ip, message),
      fix = "Look at the name servers of its reverse zone; receivers put the mail off meanwhile."}
  end
  if not list or #list == 0 then
    r:finding {id = "fcrdns-no-ptr", level = "fail", text = ("%s has no PTR record: many receivers refuse its mail at once."):format(r.ip), fix = ASK}
    return r:finish {verdict = "none", summary = ("%s has no name."):format(r.ip), fix = ASK, reference = "RFC 1912 section 2.1"}
  end
  local confirmed, unknown
  r.names, confirmed, unknown = confirm(r, list, bytes)
  r.name = confirmed
  judge_names(r, r.names, bytes)
  if confirmed then return r:finish {verdict = "pass", summary = ("%s is %s, and that name leads back to it."):format(r.ip, confirmed)} end
  if unknown then
    return r:finish {verdict = "temperror", summary = ("Whether the name of %s leads back to it could not be told: the DNS failed."):format(r.ip)}
  end
  return r:finish {verdict = "fail", summary = ("%s is named %s, but that name does not lead back to it."):format(r.ip, r.names[1].name),
    fix = ("Give %s an address record for %s, or let the PTR record name another host."):format(r.names[1].name, r.ip), reference = "RFC 1912 section 2.1"}
end

-- Each rule: the words of a finding where a name cannot be a public host's, else nothing.
local function fault_of(name)
  local last = name:match("([^.]*)$"):lower()
  if ip.read(name) then return "helo-bare-address", "It is an address without brackets, which no EHLO may present." end
  for label in (name .. "."):gmatch("(.-)%.") do
    if #label > 63 or not label:match("^%w[%w%-]*$") or label:sub(-1) == "-" then
      return "helo-syntax", "It is no host name: labels have letters, digits and hyphens, and nothing else."
    end
  end
  if #name > 253 then return "helo-syntax", "It is longer than a name can be." end
  if not name:find(".", 1, true) then return "helo-not-fqdn", "It is no full name: a host name with its domain is wanted, such as mx.example.org." end
  for _, word in ipairs {"local", "localdomain", "localhost", "internal", "lan", "home", "corp", "invalid"} do
    if last == word then return "helo-not-public", ("Nobody outside can know a name that ends in .%s."):format(word) end
  end
end

local RENAME = "Let the server present its own full name, the one of its PTR record (myhostname in Postfix, primary_hostname in Exim)."

local function refused(r, id, text, reference)
  local named = text:gsub("^It is", function() return ("\"%s\" is"):format(r.name) end) -- a finding is read by itself
  r:finding {id = id, level = "fail", text = named, evidence = r.name, fix = RENAME, reference = reference}
  return r:finish {verdict = "fail", summary = ("\"%s\" cannot be presented in EHLO. %s"):format(r.name, text), fix = RENAME, reference = reference}
end

-- [192.0.2.1] and [IPv6:2001:db8::1] (RFC 5321 section 4.1.3).
local function judge_literal(r, inner, bytes)
  local six = inner:match("^[Ii][Pp][Vv]6:(.*)$")
  local read = ip.read(six or inner)
  if not read or (six ~= nil) ~= (#read == 16) then
    return refused(r, "helo-syntax", "It is no address literal: [192.0.2.1] or [IPv6:2001:db8::1].", "RFC 5321 section 4.1.3")
  end
  if bytes and ip.unmapped(read) ~= bytes then
    return refused(r, "helo-mismatch", ("The literal is not the address %s."):format(r.ip), "RFC 5321 section 4.1.3")
  end
  r:finding {id = "helo-literal", level = "warn", text = "An address in brackets is allowed, but many receivers refuse it or think less of the mail.",
    evidence = r.name, fix = RENAME, reference = "RFC 5321 section 4.1.4"}
  return r:finish {verdict = "literal", summary = ("%s is allowed, but a name is better."):format(r.name), fix = RENAME}
end

local function judge_addresses(r, found, bytes)
  if not found then
    return r:finish {verdict = "temperror", summary = ("%s could not be looked up: the DNS failed."):format(r.name)}
  end
  for i, each in ipairs(found) do r.addresses[i] = ip.text(each) end
  if #found == 0 then return refused(r, "helo-unresolved", "The name has no address.", "RFC 5321 section 4.1.4") end
  if not bytes then return r:finish {verdict = "pass", summary = ("%s is a full name, and has an address."):format(r.name)} end
  if has(found, bytes) then return r:finish {verdict = "pass", summary = ("%s is a full name, and %s is its address."):format(r.name, r.ip)} end
  local fix = ("Give %s an address record for %s, or present the name of that address."):format(r.name, r.ip)
  r:finding {id = "helo-mismatch", level = "warn", text = ("%s is not among the addresses of %s: receivers may not refuse that, but count it against the mail.")
    :format(r.ip, r.name), evidence = table.concat(r.addresses, ", "), fix = fix, reference = "RFC 5321 section 4.1.4"}
  return r:finish {verdict = "mismatch", summary = ("%s is a full name, but %s is not its address."):format(r.name, r.ip), fix = fix}
end

-- Whether a name can be presented in EHLO, from an address where one is given.
function host.helo(name, address)
  if type(name) ~= "string" or name == "" then error("policy.helo: the name must be a string", 2) end
  local bytes = address ~= nil and check_address(address, "policy.helo") or nil
  local r = record.new {policy = "helo", subject = name, name = name:gsub("%.$", ""), ip = bytes and ip.text(bytes), addresses = {}}
  local inner = name:match("^%[(.*)%]$")
  if inner then return judge_literal(r, inner, bytes) end
  local id, text = fault_of(r.name)
  if id then return refused(r, id, text, "RFC 5321 section 2.3.5") end
  return judge_addresses(r, addresses_of(r, r.name, {"a", "aaaa"}), bytes)
end

return host
