-- Owns: who takes the mail of a domain (RFC 5321 section 5.1): its MX hosts in order with every address, the domain itself where it has
-- none, nobody where it says so (RFC 7505), and what is wrong with that. Callers: dns.mail_hosts.
local findings = require "ehlo.mail_hosts_findings"
local mail_hosts = {}

local HOSTS, AT_ONCE, SECONDS = 100, 20, 12

-- An IPv4 address, or what begins like an IPv6 one: no host can have such a name.
function mail_hosts.is_address(host)
  return host:find("^%d+%.%d+%.%d+%.%d+$") ~= nil or host:find("^%[?[%x:]*:[%x:.]*%]?$") ~= nil
end

local function by_preference(a, b)
  if a.preference ~= b.preference then return a.preference < b.preference end
  return a.host < b.host
end

-- What MX records amount to, without a question: kind and hosts in the order in which senders try them. A root as host means that no
-- mail is taken; beside others it counts for nothing.
function mail_hosts.choose(domain, records)
  local hosts, null = {}, nil
  for _, r in ipairs(records) do
    if r.host == "." then
      null = r
    else
      hosts[#hosts + 1] = {host = r.host, preference = r.preference, secure = r.secure, addresses = {}}
    end
  end
  table.sort(hosts, by_preference)
  if #hosts > 0 then return "mx", hosts, null end
  if null then return "null", {}, null end
  return "implicit", {{host = domain, preference = 0, secure = records.secure, addresses = {}}}
end

-- The two look-ups of each host become its addresses, or why there are none.
local function take(host, list, message, err)
  if list then
    host.secure = host.secure and list.secure
    if #list.aliases > 0 then host.canonical, host.aliases = list.canonical, list.aliases end
    for _, r in ipairs(list) do table.insert(host.addresses, {address = r.address, secure = r.secure, ttl = r.ttl}) end
    return
  end
  host.failures = host.failures or {}
  table.insert(host.failures, {reason = err.reason, message = message, secure = err.secure})
  host.secure = host.secure and err.reason == "nxdomain" and err.secure == true
end

local grave = {bogus = 1, loop = 2, servfail = 3, refused = 4, timeout = 5, malformed = 6, resolver = 7, name = 8, nxdomain = 9}

-- Why a host has no address: the gravest of its failures.
local function conclude(host)
  if #host.addresses > 0 or host.reason then return end
  host.reason, host.message = "no-address", host.host .. ": it has no address"
  local worst = math.huge
  for _, failure in ipairs(host.failures or {}) do
    local rank = grave[failure.reason] or 7
    if rank < worst then worst, host.reason, host.message = rank, failure.reason, failure.message end
  end
end

local function look_up(hosts, timeout)
  local questions = {}
  for i, host in ipairs(hosts) do
    if mail_hosts.is_address(host.host) then
      host.reason, host.message = "ip-literal", host.host .. ": this is an address, and an MX record must name a host"
    elseif i > HOSTS then
      host.reason, host.message = "limit", ("%s: not looked up, for it is past the first %d"):format(host.host, HOSTS)
    else
      for _, type in ipairs {"a", "aaaa"} do table.insert(questions, {host = host, type = type}) end
    end
  end
  local answers, errors = task.map(questions, function(q)
    return table.pack(dns[q.type](q.host.host, {timeout = timeout}))
  end, {concurrency = AT_ONCE})
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
  for i, q in ipairs(questions) do take(q.host, table.unpack(answers[i], 1, 3)) end -- A before AAAA, whichever came first
  for _, host in ipairs(hosts) do conclude(host) end
end

-- A domain without MX and without an address of its own takes no mail: nothing is left of the implicit host.
local function settle_implicit(result)
  local host = result.hosts[1]
  if host.reason == "no-address" then
    result.kind, result.hosts = "none", {}
  end
end

local function options_of(options)
  if options == nil then return SECONDS end
  if type(options) ~= "table" then error("bad argument #2 to 'mail_hosts' (table expected, got " .. type(options) .. ")", 4) end
  for key in pairs(options) do
    if key ~= "timeout" then error(("bad argument #2 to 'mail_hosts' (unknown option '%s')"):format(report.escape(tostring(key))), 4) end
  end
  return options.timeout or SECONDS
end

-- The record of a domain, or nil, message, err where its MX cannot be looked up or it does not exist.
function mail_hosts.find(domain, options)
  if type(domain) ~= "string" then error("bad argument #1 to 'mail_hosts' (string expected, got " .. type(domain) .. ")", 2) end
  local timeout = options_of(options)
  local records, message, err = dns.mx(domain, {timeout = timeout})
  if not records then return nil, message, err end
  local kind, hosts, null = mail_hosts.choose(domain, records)
  local result = {domain = domain, kind = kind, secure = records.secure, hosts = hosts}
  if #records.aliases > 0 then result.canonical, result.aliases = records.canonical, records.aliases end
  look_up(hosts, timeout)
  if kind == "implicit" then settle_implicit(result) end
  result.findings = findings.of(result, null)
  return result
end

return mail_hosts
