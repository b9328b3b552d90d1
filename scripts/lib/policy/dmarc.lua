-- Owns: DMARC (RFC 7489): the record of a domain found and judged, and the verdict on a mail of which SPF and DKIM are known. Callers:
-- policy.dmarc, policy.message.
local dmarc_record = require "ehlo.policy.dmarc_record"
local record = require "ehlo.policy.record"
local dmarc = {}

local DESTINATIONS = 10 -- domains of report addresses that are asked for their consent
local known = {timeout = true}
local known_of_mail = {from = true, spf = true, dkim = true, timeout = true}

local function organisation(name) return dns.organisational_domain(name) or name end

-- ---- finding the record ----

-- The DMARC records at a name: a list; or nil and true where it could not be asked.
local function records_at(r, name)
  local list, message, err = r:lookup("txt", "_dmarc." .. name)
  local reason = err and err.reason
  if not list and reason ~= "nxdomain" and reason ~= "no-data" then return nil, record.answer("txt", nil, message, err) end
  local found = {}
  for _, each in ipairs(list or {}) do
    local text = each.text or ""
    if dmarc_record.is(text) then
      found[#found + 1] = text
    elseif text:lower():find("dmarc1", 1, true) then
      r:finding {id = "dmarc-near", level = "warn", text = "A record was surely meant to be one of DMARC, but does not begin with v=DMARC1.", evidence = text,
        fix = "Begin it with \"v=DMARC1;\".", reference = "RFC 7489 section 6.6.3"}
    end
  end
  return found
end

local function several(r, name, found)
  r:finding {id = "dmarc-several", level = "fail", text = ("There are %d DMARC records at _dmarc.%s: receivers apply none of them."):format(#found, name),
    fix = "Leave one of them.", reference = "RFC 7489 section 6.6.3"}
end

-- The record that counts for a domain, and where it was found; nil and "none", "several" or "temperror" with what was answered.
function dmarc.discover(r, domain)
  local places = {domain}
  if organisation(domain) ~= domain then places[2] = organisation(domain) end
  for _, name in ipairs(places) do
    local found, why = records_at(r, name)
    if not found then return nil, "temperror", why end
    if #found > 1 then
      several(r, name, found)
      return nil, "several"
    end
    if #found == 1 then
      local parsed = dmarc_record.parse(found[1])
      parsed.at, parsed.inherited = name, name ~= domain
      return parsed
    end
  end
  return nil, "none"
end

-- Whether nothing at all lives at a name: only then np= counts (RFC 9091 section 3).
local function is_absent(r, domain)
  for _, type in ipairs {"a", "aaaa", "mx"} do
    local list, _, err = r:lookup(type, domain)
    if list and #list > 0 then return false end
    if not list and err.reason ~= "nxdomain" and err.reason ~= "no-data" then return false end
    if err and err.reason == "nxdomain" then return true end
  end
  return true
end

-- What is asked for mail of the domain: its policy, and the tag that says so.
function dmarc.requested(r, parsed, domain)
  if not parsed.inherited then return parsed.p, "p" end
  if parsed.np and is_absent(r, domain) then return parsed.np, "np" end
  if parsed.sp then return parsed.sp, "sp" end
  return parsed.p, "p"
end

-- ---- the audit ----

-- Reports to another organisation need its consent: RFC 7489 section 7.1.
local function check_destinations(r, parsed)
  local asked, count = {}, 0
  for _, tag in ipairs {"rua", "ruf"} do
    for _, uri in ipairs(parsed[tag] or {}) do
      local external = organisation(uri.domain) ~= organisation(parsed.at)
      uri.external = external
      if external and asked[uri.domain] == nil and count < DESTINATIONS then
        count = count + 1
        local name = parsed.at .. "._report._dmarc." .. uri.domain
        local list, _, err = r:lookup("txt", name)
        local consents, unknown = false, not list and err.reason ~= "nxdomain" and err.reason ~= "no-data"
        for _, each in ipairs(list or {}) do consents = consents or (each.text or ""):match("^v%s*=%s*DMARC1") ~= nil end
        asked[uri.domain] = {consents = consents, unknown = unknown, name = name}
      end
      local answer = asked[uri.domain]
      if external and answer then uri.authorised = answer.consents end
      if external and answer and not answer.consents then
        r:finding {id = answer.unknown and "dmarc-report-unknown" or "dmarc-report-unauthorised", level = "warn", evidence = ("%s=%s"):format(tag, uri.uri),
          text = answer.unknown and ("Whether %s takes reports about %s could not be asked."):format(uri.domain, parsed.at)
            or ("%s does not say that it takes reports about %s: receivers will not send them there."):format(uri.domain, parsed.at),
          fix = ("%s must publish a TXT record \"v=DMARC1\" at %s."):format(uri.domain, answer.name), reference = "RFC 7489 section 7.1"}
      end
    end
  end
end

local strength = {none = 1, quarantine = 2, reject = 3}

local function judge(r, parsed)
  local function add(id, level, text, fix, reference)
    r:finding {id = id, level = level, text = text, fix = fix, reference = reference or "RFC 7489 section 6.3"}
  end
  for _, problem in ipairs(parsed.problems) do r:finding(problem) end
  if not parsed.usable then return end
  if parsed.p == "none" then
    add("dmarc-policy-none", "warn", "The policy is none: whoever forges the domain is told of, and not stopped.",
      "When reports show that your own mail passes, go on to p=quarantine, then p=reject.")
  end
  if parsed.p and parsed.sp and strength[parsed.sp] < strength[parsed.p] then
    add("dmarc-subdomains-weaker", "warn", ("Subdomains are protected less (sp=%s) than the domain (p=%s)."):format(parsed.sp, parsed.p),
      "Take sp= out, or raise it.")
  end
  if parsed.pct < 100 then
    add("dmarc-pct", "warn", ("Only %d%% of failing mail is treated so (pct=): other failing mail goes one step easier."):format(parsed.pct),
      "Take pct= out when you are done with trying.", "RFC 7489 section 6.6.4")
  end
  if not parsed.rua then
    add("dmarc-no-reports", "warn", "The record names no address for reports (rua=): nobody learns who sends in the domain's name.",
      "Add rua=mailto:ADDRESS.", "RFC 7489 section 7")
  end
end

local asks = {none = "asks for nothing but reports where mail fails", quarantine = "asks receivers to set failing mail aside as suspicious",
  reject = "asks receivers to reject failing mail"}

local absent = {
  none = function(domain)
    return {verdict = "none", summary = ("%s has no DMARC record: nothing keeps others from writing in its name."):format(domain),
      fix = ("Publish \"v=DMARC1; p=none; rua=mailto:ADDRESS\" as a TXT record at _dmarc.%s, and raise p= from there."):format(organisation(domain))}
  end,
  several = function(domain)
    return {verdict = "invalid", summary = ("%s has more than one DMARC record, which is as good as none."):format(domain), fix = "Leave one of them."}
  end,
  temperror = function(domain, why)
    return {verdict = "temperror", summary = ("The DMARC record of %s could not be looked up: %s."):format(domain, why),
      fix = "Try again; if it stays so, look at the name servers of the domain."}
  end,
}

local function no_record(r, domain, why, answer)
  local result = absent[why](domain, answer)
  if why == "none" then
    r:finding {id = "dmarc-missing", level = "warn", text = result.summary, fix = result.fix, reference = "RFC 7489 section 6.6.3"}
  end
  result.reference = "RFC 7489 section 6.6.3"
  return result
end

local function copy_facts(r, parsed)
  r.record, r.found_at, r.inherited = parsed.text, parsed.at, parsed.inherited
  for _, name in ipairs {"p", "sp", "np", "adkim", "aspf", "pct", "ri", "fo", "rf", "rua", "ruf", "psd", "t"} do r[name] = parsed[name] end
end

local function audit(domain, options)
  local r = record.new {policy = "dmarc", subject = domain, domain = domain, organisational_domain = organisation(domain), timeout = options.timeout}
  local parsed, why, answer = dmarc.discover(r, domain)
  if not parsed then return r:finish(no_record(r, domain, why, answer)) end
  copy_facts(r, parsed)
  judge(r, parsed)
  check_destinations(r, parsed)
  if not parsed.usable then
    return r:finish {verdict = "invalid", summary = ("The DMARC record of %s cannot be used."):format(domain), evidence = parsed.text,
      fix = record.first_fix(r)}
  end
  local tag
  r.requested, tag = dmarc.requested(r, parsed, domain)
  local from = parsed.inherited and (", by the record of %s (%s=)"):format(parsed.at, tag) or ""
  return r:finish {verdict = "present", summary = ("%s %s%s."):format(domain, asks[r.requested], from), evidence = parsed.text,
    fix = record.first_fix(r)}
end

-- ---- a mail ----

-- A mail may write in Unicode what its signature writes as xn--.
local function as_asked(name) return dns.ascii(name) or name:lower() end

-- Whether a domain that was proved is that of the From field, or belongs to it.
function dmarc.aligned(domain, from, mode)
  if not domain then return false end
  domain, from = as_asked(domain), as_asked(from)
  if domain == from then return true end
  return mode == "relaxed" and organisation(domain) == organisation(from)
end

local function align(r, parsed, from, spf, signatures)
  local proof = {spf = {result = spf and spf.result, domain = spf and spf.domain, mode = parsed.aspf, aligned = false}, dkim = {}}
  if spf and spf.result == "pass" and dmarc.aligned(spf.domain, from, parsed.aspf) then proof.spf.aligned = true end
  r:note("spf", spf and ("%s for %s, %saligned (%s)"):format(spf.result, spf.domain or "?", proof.spf.aligned and "" or "not ", parsed.aspf) or "not known")
  local passes, trouble = proof.spf.aligned, spf and spf.result == "temperror" and dmarc.aligned(spf.domain, from, parsed.aspf)
  for i, each in ipairs(signatures or {}) do
    local aligned = dmarc.aligned(each.domain, from, parsed.adkim)
    local proves = each.result == "pass" and aligned
    proof.dkim[i] = {result = each.result, domain = each.domain, mode = parsed.adkim, aligned = aligned}
    passes, trouble = passes or proves, trouble or each.result == "temperror" and aligned
    r:note("dkim", ("%s for %s, %saligned (%s)"):format(each.result, each.domain or "?", aligned and "" or "not ", parsed.adkim))
  end
  r.alignment = proof
  return passes, trouble
end

local function why_not(r)
  local proof, parts = r.alignment, {}
  if proof.spf.result == "pass" then
    parts[1] = ("SPF passes for %s, which is another domain"):format(proof.spf.domain or "?")
  elseif proof.spf.result then
    parts[1] = ("SPF gives %s"):format(proof.spf.result)
  end
  for _, each in ipairs(proof.dkim) do
    if each.result == "pass" then
      parts[#parts + 1] = ("a signature holds, of %s, which is another domain"):format(each.domain or "?")
    elseif each.aligned then
      parts[#parts + 1] = ("the signature of %s does not hold"):format(each.domain)
    end
  end
  if #proof.dkim == 0 then parts[#parts + 1] = "there is no signature" end
  return table.concat(parts, "; ")
end

-- A verdict on a mail, in a record: from is a domain. Callers: below, and policy.message.
function dmarc.judge_mail(r, from, spf, signatures)
  r.from, r.organisational_domain = from, organisation(from)
  local parsed, why, answer = dmarc.discover(r, from)
  if not parsed or not parsed.usable then
    if parsed then
      judge(r, parsed)
      return r:finish {verdict = "permerror", summary = ("The DMARC record of %s cannot be used."):format(from), evidence = parsed.text,
        fix = record.first_fix(r)}
    end
    local result = no_record(r, from, why, answer)
    if why == "several" then result.verdict = "none" end
    return r:finish(result)
  end
  copy_facts(r, parsed)
  local passes, trouble = align(r, parsed, from, spf, signatures)
  r.requested = dmarc.requested(r, parsed, from)
  if passes then return r:finish {verdict = "pass", disposition = "none", summary = ("The mail is proved to be of %s."):format(from)} end
  if trouble then
    return r:finish {verdict = "temperror", disposition = "none", summary = ("Whether the mail is of %s cannot be told now: a look-up failed."):format(from)}
  end
  r.disposition = r.requested
  return r:finish {verdict = "fail", evidence = parsed.text, reference = "RFC 7489 section 3.1",
    summary = ("Nothing proves that the mail is of %s: %s. The domain %s."):format(from, why_not(r), asks[r.requested]),
    fix = ("Sign with DKIM for %s, or send with an envelope sender of that domain from an address in its SPF record."):format(from)}
end

local results = {pass = true, fail = true, softfail = true, neutral = true, none = true, policy = true, temperror = true, permerror = true}

local function check_proof(each, what)
  if type(each) ~= "table" or not results[each.result] then
    error(("policy.dmarc: %s: a table {result=, domain=} was expected, with a result such as \"pass\""):format(what), 5)
  end
  return each
end

local function of_mail(options)
  record.check_options(options, known_of_mail, "policy.dmarc")
  if type(options.from) ~= "string" or options.from == "" then error("policy.dmarc: from: a domain or a mailbox was expected", 4) end
  local signatures = options.dkim or {}
  if type(signatures) == "table" and signatures.result then signatures = {signatures} end
  for _, each in ipairs(signatures) do check_proof(each, "dkim") end
  if options.spf then check_proof(options.spf, "spf") end
  local from = options.from:gsub("^.*@", ""):gsub("%.$", ""):lower()
  local r = record.new {policy = "dmarc", subject = "mail from " .. from, timeout = options.timeout}
  return dmarc.judge_mail(r, from, options.spf, signatures)
end

-- policy.dmarc(domain [, options]), or policy.dmarc{from=, spf={result=, domain=}, dkim={{result=, domain=}...}}
function dmarc.dmarc(what, options)
  if type(what) == "table" then return of_mail(what) end
  if type(what) ~= "string" or what == "" then error("policy.dmarc: a domain, or a table {from=, spf=, dkim=}, was expected", 3) end
  options = record.check_options(options, known, "policy.dmarc")
  return audit(what:gsub("%.$", ""):lower(), options)
end

return dmarc
