-- Owns: probing a mail domain as a sender would come to it: its MX hosts, what MTA-STS and DANE demand of each, and a probe of every
-- address. Callers: smtp.probe_mx, the probe command with --mx.
local probe_mx = {}

local AT_ONCE, MOST, SECONDS = 8, 128, 12 -- probes of one domain at a time, and in all; for one question to DNS

local ORDER = {"target", "kind", "outcome", "exit", "phase", "mx", "mta_sts", "failure", "findings", "probes"}
local meta = {
  result = {__order = ORDER}, mx = {__order = {"kind", "secure", "hosts"}}, failure = {__order = {"error", "reason", "text"}},
  host = {__order = {"host", "preference", "secure", "base", "tls", "covered", "outcome", "addresses", "reason", "message"}},
  sts = {__order = {"verdict", "mode", "id", "max_age", "mx", "url", "heeded"}},
  finding = {__order = {"id", "level", "text", "evidence", "fix", "reference"}},
}

local exits = {["dns-failed"] = 10, ["no-mail-service"] = 22, ["tls-untrusted"] = 16}

local function add_finding(result, finding)
  for _, other in ipairs(result.findings) do
    if other.id == finding.id and other.text == finding.text then return end
  end
  result.findings[#result.findings + 1] = setmetatable(finding, meta.finding)
end

local function settle(result, outcome, phase, failure)
  result.outcome, result.exit, result.phase = outcome, exits[outcome], phase
  result.failure = failure and setmetatable(failure, meta.failure)
  return result
end

-- Of the time that the whole may take, what is left; nil where no end was set.
local function left(options) return options.ends and math.max(options.ends - shell.clock(), 0.01) end

-- --- what policies demand ---

-- The policy of MTA-STS, where the domain has one; its findings are the domain's.
local function read_sts(result, domain, options)
  if options.tls == "none" or options.mta_sts == false then return end
  local names = {}
  for i, host in ipairs(result.mx.hosts) do names[i] = dns.ascii(host.host) or host.host end
  local sts = policy.mta_sts(domain, {hosts = names, ca_file = options.ca_file, timeout = left(options)})
  for _, finding in ipairs(sts.findings) do add_finding(result, finding) end
  if sts.verdict == "none" then return end
  local heeded = sts.verdict == "enforce"
  result.mta_sts = setmetatable({verdict = sts.verdict, mode = sts.mode, id = sts.id, max_age = sts.max_age, mx = sts.mx, url = sts.url,
    heeded = heeded}, meta.sts)
  for i, row in ipairs(heeded and sts.hosts or {}) do result.mx.hosts[i].covered = row.covered end
end

-- MTA-STS demands a trusted certificate of every host, where it is enforced (RFC 8461 section 5); DANE comes first (section 2).
local function level_without_dane(result, wanted)
  local raised = wanted == "may" or wanted == "encrypt" or wanted == "dane"
  if result.mta_sts and result.mta_sts.heeded and raised then return "verify" end
  return wanted == "dane" and "may" or wanted
end

local levels = {dane = "dane", defer = "dane", encrypt = "encrypt"} -- of what DANE demands; defer: the probe fails as the look-up did

local function set_dane(result, host, r)
  for _, finding in ipairs(r.findings) do
    if finding.level ~= "info" then add_finding(result, finding) end
  end
  host.base = r.base ~= host.host and r.base or nil
  host.tls = levels[r.demand] or level_without_dane(result, "dane")
end

local function unsigned(result, domain)
  if dns.resolver().validates == false then
    add_finding(result, {id = "dane-not-told", level = "warn", reference = "RFC 7672 section 2.1.1",
      text = ("Whether DANE protects mail to %s cannot be told through this resolver: it was left aside."):format(domain),
      fix = "Name another with --resolver."})
    return
  end
  add_finding(result, {id = "dane-mx-unsigned", level = "warn", reference = "RFC 7672 section 2.2.1",
    text = ("The MX records of %s are not protected by DNSSEC, so that DANE protects no mail to it: it was left aside."):format(domain),
    fix = "Sign the zone, and have the DS record put into its parent."})
end

-- The records of DANE of all hosts by their places; none where DANE was not asked for, or cannot hold.
local function read_dane(result, port, options)
  if options.tls ~= "dane" or not result.mx.secure then return {} end
  local records, errors = task.map(result.mx.hosts, function(host)
    return policy.dane(host.host, {port = port, timeout = left(options)})
  end, {concurrency = AT_ONCE})
  if errors then error(select(2, next(errors)), 0) end
  return records
end

-- Both policies are asked for at once; which demands what of a host is known once both are there.
local function ask_policies(result, domain, port, options)
  local records, errors = task.map({read_sts, read_dane}, function(read)
    if read == read_sts then return read_sts(result, domain, options) end
    return read_dane(result, port, options)
  end)
  if errors then error(select(2, next(errors)), 0) end
  if options.tls == "dane" and not result.mx.secure then unsigned(result, domain) end
  for i, host in ipairs(result.mx.hosts) do
    local dane = records[2][i]
    if dane then set_dane(result, host, dane) else host.tls = level_without_dane(result, options.tls or "may") end
  end
end

-- --- the probes ---

local own = {mta_sts = true, concurrency = true, port = true, timeout = true, ends = true}

local function options_for(host, address, domain, options)
  local made = {timeout = left(options)}
  for key, value in pairs(options) do
    if not own[key] then made[key] = value end
  end
  made.tls, made.address = host.tls, address
  if host.tls == "dane" then made.domain = dns.ascii(domain) end
  return made
end

-- One job an address. Who has none is probed by its name, so that the record says why.
local function jobs_of(result, options)
  local jobs = {}
  for i, host in ipairs(result.mx.hosts) do
    local before = #jobs
    for _, each in ipairs(host.addresses) do
      local family = each.address:find(":", 1, true) and "ipv6" or "ipv4"
      if not options.family or options.family == family then jobs[#jobs + 1] = {host = host, place = i, address = each.address} end
    end
    if #jobs == before then jobs[#jobs + 1] = {host = host, place = i} end
  end
  if #jobs > MOST then
    add_finding(result, {id = "probes-limited", level = "warn", text = ("There are %d addresses, and only the first %d were probed."):format(#jobs, MOST)})
  end
  return {table.unpack(jobs, 1, MOST)}
end

local function probe_all(result, domain, port, options)
  local jobs = jobs_of(result, options)
  local records, errors = task.map(jobs, function(job)
    local host = job.host
    local record, why = smtp.probe(("%s:%d"):format(job.address and host.base or host.host, port), options_for(host, job.address, domain, options))
    if not record then host.reason, host.message = host.reason or "unusable", host.message or why end
    return record or false
  end, {concurrency = options.concurrency or AT_ONCE})
  if errors then error(select(2, next(errors)), 0) end
  for i, job in ipairs(jobs) do
    if records[i] then
      result.probes[#result.probes + 1] = records[i]
      job.host.probes = job.host.probes or {}
      table.insert(job.host.probes, records[i])
    end
  end
end

-- --- what comes of it ---

-- A host is as good as its best address: a sender tries them one after the other.
local function decisive(list)
  for _, record in ipairs(list or {}) do
    if record.outcome == "ready" then return record end
  end
  return list and list[1]
end

local function uncovered(host) return host.covered == false end

-- The most preferred host that is ready, else the most preferred one; a host that MTA-STS forbids is none where it is heeded.
local function decide(result)
  local first, ready
  for _, host in ipairs(result.mx.hosts) do
    local record = decisive(host.probes)
    host.outcome = record and record.outcome
    if record and not uncovered(host) then
      first = first or record
      if record.outcome == "ready" then ready = ready or record end
    end
    host.probes = nil
  end
  local record = ready or first
  if record then
    result.outcome, result.exit, result.phase = record.outcome, record.exit, record.phase
    return result
  end
  if #result.probes == 0 then
    local host = result.mx.hosts[1]
    return settle(result, "dns-failed", "dns", {error = "dns", reason = host.reason, text = host.message})
  end
  return settle(result, "tls-untrusted", "tls", {error = "trust", reason = "sts-policy-invalid",
    text = "the MTA-STS policy is enforced and covers none of the MX hosts, so that senders that heed it deliver nowhere"})
end

local function mx_of(found)
  local hosts = {}
  for i, host in ipairs(found.hosts) do
    local row = {host = host.host, preference = host.preference, secure = host.secure, addresses = {}, reason = host.reason, message = host.message}
    for k, each in ipairs(host.addresses) do row.addresses[k] = {address = each.address, secure = each.secure} end
    hosts[i] = setmetatable(row, meta.host)
  end
  return setmetatable({kind = found.kind, secure = found.secure == true, hosts = hosts}, meta.mx)
end

local nobody = {
  null = {"no-mail-service", "null-mx", "%s says that it takes no mail (null MX)"},
  none = {"dns-failed", "no-address", "%s has neither MX records nor an address: nobody takes its mail"},
}

-- The record of a domain: {target, outcome, exit, phase, mx, mta_sts, failure, findings, probes}; nil, message, err for what is no domain.
function probe_mx.run(target, given)
  local options = {}
  for key, value in pairs(given or {}) do options[key] = value end
  if options.timeout then options.ends = shell.clock() + options.timeout end
  local domain, port = target:match("^(.-):(%d+)$")
  domain, port = (domain or target):gsub("%.$", ""), math.tointeger(tonumber(port or options.port or options.implicit_tls and 465 or 25))
  if domain == "" or domain:find("[%s%c/%[%]@:]") or require("ehlo.mail_hosts").is_address(domain) or port < 1 or port > 65535 then
    return nil, ("the target \"%s\" cannot be used with MX: it is no mail domain"):format(report.escape(target)), {class = "syntax", error = "syntax"}
  end
  local result = setmetatable({target = target, kind = "mx_probe", findings = {}, probes = {}}, meta.result)
  local found, message, err = dns.mail_hosts(domain, {timeout = math.min(left(options) or SECONDS, SECONDS)})
  if not found then return settle(result, "dns-failed", "dns", {error = "dns", reason = err.reason, text = message}) end
  result.mx = mx_of(found)
  for _, finding in ipairs(found.findings or {}) do add_finding(result, finding) end
  local row = nobody[found.kind]
  if row then return settle(result, row[1], "dns", {error = "dns", reason = row[2], text = row[3]:format(domain)}) end
  ask_policies(result, domain, port, options)
  probe_all(result, domain, port, options)
  return decide(result)
end

return probe_mx
