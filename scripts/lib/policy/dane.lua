-- Owns: what DANE asks of who delivers to a host or a domain (RFC 7672, 6698): the TLSA records, which of them count, and what a sender
-- then demands. Callers: policy.dane; probes of a domain with --tls dane.
local record = require "ehlo.policy.record"
local tlsa = require "ehlo.policy.tlsa"
local module = {}

local KNOWN = {timeout = true, port = true, live = true, mx = true, ca_file = true}

-- --- one host ---

local sought = {
  tlsa = {"The TLSA records of ", "they must answer questions for TLSA, too, if only with a denial."},
  address = {"The addresses of ", "they fail, or stay silent."}, mx = {"The MX records of ", "they fail, or stay silent."},
}

local function failed(r, host, message, err, what)
  local bogus = err.reason == "bogus"
  local about = sought[what][1] .. host
  r:finding {id = ("dane-%s-%s"):format(what, bogus and "bogus" or "failed"), level = "fail", evidence = message,
    text = about .. (bogus and " fail validation by DNSSEC" or " could not be looked up") .. ": senders that do DANE hold mail back until they can be.",
    fix = bogus and "Have the zone signed anew, or the DS record in its parent corrected."
      or "Look into the name servers of its zone: " .. sought[what][2],
    reference = "RFC 7672 section 2.1"}
  return "unknown", "defer"
end

-- True where the resolver keeps DNSSEC back: then nobody can tell what is signed.
local function is_blind()
  local resolver = dns.resolver and dns.resolver()
  return resolver ~= nil and resolver.validates == false
end

local function note_resolver(r)
  r:finding {id = "resolver-not-validating", level = "warn",
    text = "The resolver in use does not hand on what DNSSEC needs: what is signed cannot be told from what is not.",
    fix = "Name another with --resolver, or ask the world itself with --recursive.", reference = "RFC 7672 section 2.1.1"}
end

-- Without DNSSEC senders do not ask for TLSA records at all (RFC 7672 section 2.2): what there is counts for nothing.
local function unsigned(r, host, port)
  local lost, message = tlsa.unprotected(r, host, port)
  if is_blind() then
    note_resolver(r)
    return "unknown", "may"
  end
  if not lost then
    r:finding {id = "dane-tlsa-unanswered", level = "warn", evidence = message,
      text = ("The name servers of %s fail when they are asked for TLSA: once the zone is signed, that holds mail back."):format(host),
      fix = "Have them answer, if only with a denial, before the zone is signed.", reference = "RFC 7672 section 2.1.2"}
  elseif #lost > 0 then
    r:finding {id = "dane-unsigned", level = "fail", evidence = tlsa.text(lost[1]),
      text = ("DNSSEC does not protect %s: its TLSA records count for nothing."):format(host),
      fix = "Sign the zone, and have the DS record put into its parent.", reference = "RFC 7672 section 2.2"}
  end
  return "none", "may"
end

local function add_records(r, list)
  local usable = 0
  r.records = {}
  for i, each in ipairs(list) do
    local useless = tlsa.useless(each)
    r.records[i] = {usage = each.usage, selector = each.selector, matching = each.matching, data = each.data, usable = not useless, why = useless}
    if useless then
      r:finding {id = each.usage and each.usage < 2 and "dane-usage" or "dane-record-malformed", level = "warn", evidence = tlsa.text(each),
        text = ("SMTP cannot use the TLSA record %s: %s."):format(tlsa.text(each), useless),
        fix = "Publish \"3 1 1\" and the SHA-256 of the key in its place.", reference = "RFC 7672 section 3.1.3"}
    else
      usable = usable + 1
    end
  end
  return usable
end

-- What makes a change of keys harder than need be.
local function judge_habits(r)
  for _, each in ipairs(r.records) do
    if each.usable and each.usage == 3 and each.selector == 0 then
      r:finding {id = "dane-whole-certificate", level = "info", evidence = tlsa.text(each),
        text = "A record is about the whole certificate: it must change at every renewal, even where the key stays.",
        fix = "Publish \"3 1 1\", which is about the key, and keep the key when the certificate is renewed.", reference = "RFC 7672 section 3.1.1"}
    end
    if each.usable and each.matching == 0 then
      r:finding {id = "dane-no-digest", level = "info", evidence = tlsa.text(each),
        text = "A record holds a key or certificate in full, which makes answers large.", fix = "Publish its SHA-256 (matching type 1).",
        reference = "RFC 7671 section 10.1"}
    end
  end
end

local function judge_host(r, host, port)
  local found, message, err, what = tlsa.find(r, host, port)
  if not found then return failed(r, host, message, err, what) end
  r.addresses, r.secure, r.base = found.addresses, found.secure, found.base
  if not found.base then return unsigned(r, host, port) end
  if #found.records == 0 then return "none", "may" end
  local usable = add_records(r, found.records)
  if usable == 0 then
    r:finding {id = "dane-only-unusable", level = "fail",
      text = "None of the TLSA records can be used: senders demand TLS and take any certificate.",
      fix = "Publish \"3 1 1\" and the SHA-256 of the server's key.", reference = "RFC 7672 section 2.2"}
    return "unusable", "encrypt"
  end
  judge_habits(r)
  return "valid", "dane"
end

local summaries = {
  none = "%s has no DANE: nothing in DNS says which certificate to expect.", unknown = "Whether %s has DANE cannot be told now.",
  blind = "Whether %s has DANE cannot be told through this resolver.",
  unusable = "%s publishes TLSA records of which SMTP can use none.",
  valid = "Senders that do DANE demand TLS of %s, with a key that its TLSA records name.",
  match = "%s shows a certificate that its TLSA records name.", fail = "%s does not show a certificate that its TLSA records name.",
}

local of_domains = {
  partial = "Some MX hosts of %s have DANE, and some have not.", unusable = "An MX host of %s publishes TLSA records of which SMTP can use none.",
  none = "%s has no DANE: nothing in DNS says which certificates to expect.",
  valid = "Senders that do DANE demand TLS of every MX host of %s, with keys that TLSA records name.",
  match = "Every MX host of %s shows a certificate that its TLSA records name.",
  fail = "An MX host of %s does not show a certificate that its TLSA records name.",
}

local function finish(r, verdict, demand)
  local key = verdict == "unknown" and is_blind() and "blind" or verdict
  local summary = r.hosts and of_domains[key] or summaries[key]
  return r:finish {verdict = verdict, demand = demand, summary = summary:format(r.subject), fix = record.first_fix(r), reference = "RFC 7672"}
end

-- `domain`: whose signed MX records name the host, or nil.
local function of_host(host, options, domain)
  local port = options.port or 25
  local r = record.new {policy = "dane", subject = host, timeout = options.timeout, host = host, port = port, domain = domain}
  local verdict, demand = judge_host(r, host, port)
  if options.live and demand ~= "may" and demand ~= "defer" then verdict = require("ehlo.policy.dane_live").judge(r, verdict, demand, options) end
  return finish(r, verdict, demand)
end

-- --- a mail domain: its MX records must be signed as well ---

local worst = {"unknown", "fail", "unusable", "none", "valid", "match"}

local function gather(r, hosts)
  local verdicts = {}
  for _, each in ipairs(hosts) do
    verdicts[each.verdict] = true
    for _, finding in ipairs(each.findings) do r:finding(finding) end
    r:note(each.subject, each.verdict)
    r:inside(function()
      for _, line in ipairs(each.trace) do r:note(line.what, line.answer, {seconds = line.seconds, secure = line.secure}) end
    end)
  end
  for _, verdict in ipairs(worst) do
    if verdicts[verdict] then return verdict, verdicts end
  end
  return "none", verdicts
end

local function mx_names(r, domain)
  local list, message, err = r:lookup("mx", domain)
  if not list and err.reason ~= "nxdomain" then return nil, message, err end
  local names = {}
  table.sort(list or {}, function(a, b) return a.preference < b.preference end)
  for _, mx in ipairs(list or {}) do
    if mx.host ~= "." and mx.host ~= "" then names[#names + 1] = mx.host:lower() end
  end
  if list and #list == 0 then names[1] = domain end
  return names, list and list.secure == true
end

local function unsigned_mx(r, domain, hosts)
  if is_blind() then return note_resolver(r) end
  for _, each in ipairs(hosts) do
    if each.verdict ~= "none" then
      r:finding {id = "dane-mx-unsigned", level = "fail",
        text = ("The MX records of %s are not signed: whoever forges them leads mail past the DANE of its hosts."):format(domain),
        fix = ("Sign the zone of %s, and have the DS record put into its parent."):format(domain), reference = "RFC 7672 section 2.2.1"}
      return
    end
  end
end

local function of_domain(domain, options)
  local r = record.new {policy = "dane", subject = domain, timeout = options.timeout}
  local names, signed, err = mx_names(r, domain)
  if not names then return finish(r, failed(r, domain, signed, err, "mx")) end
  r.secure = signed
  r.hosts = task.map(names, function(host) return of_host(host, options, signed and domain or nil) end, {concurrency = 8})
  local verdict, verdicts = gather(r, r.hosts)
  if not signed then unsigned_mx(r, domain, r.hosts) end
  if verdict == "none" and signed and (verdicts.valid or verdicts.match) then
    verdict = "partial"
    r:finding {id = "dane-partial", level = "warn", text = "Some MX hosts have DANE and some have not: an attacker leads mail to those without.",
      fix = "Publish TLSA records for every MX host.", reference = "RFC 7672 section 2.1"}
  end
  return finish(r, not signed and (is_blind() and "unknown" or verdict ~= "unknown" and "none") or verdict, nil)
end

-- dane(host, {port, live, timeout, ca_file}), or of all MX hosts of a domain: dane(domain, {mx = true, ...}).
function module.dane(host, options)
  if type(host) ~= "string" or host == "" then error("policy.dane: the host must be a string", 2) end
  options = record.check_options(options, KNOWN, "policy.dane")
  host = host:lower():gsub("%.$", "")
  if host:find("^%d+%.%d+%.%d+%.%d+$") or host:find(":", 1, true) then error("policy.dane: records hang on a name, and " .. host .. " is an address", 2) end
  if options.mx then return of_domain(host, options) end
  return of_host(host, options)
end

return module
