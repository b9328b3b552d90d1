-- Owns: policy.spf and policy.spf_record: what SPF says of an address and a sender, or of a record as a whole. Callers: policy.lua.
local check = require "ehlo.policy.spf_check"
local ip = require "ehlo.policy.ip"
local lint = require "ehlo.policy.spf_lint"
local record = require "ehlo.policy.record"
local spf = {}

local KNOWN = {ip = true, helo = true, from = true, receiver = true, timeout = true}

-- A name of two labels or more that the DNS can hold (RFC 7208 section 4.3).
local function is_domain(name)
  name = name:gsub("%.$", "")
  if #name > 253 or not name:find(".", 1, true) then return false end
  for label in (name .. "."):gmatch("(.-)%.") do
    if #label > 63 or not label:match("^[%w_\128-\255][%w_%-\128-\255]*$") then return false end
  end
  return true
end

-- Local part and domain of a sender; one that is null or missing is postmaster of the EHLO name (section 2.4).
local function sender_of(from, helo)
  if not from or from == "" or from == "<>" then return "postmaster", helo end
  from = from:match("^<(.*)>$") or from
  local local_part, domain = from:match("^(.*)@([^@]*)$")
  if not domain then return "postmaster", from end
  return local_part ~= "" and local_part or "postmaster", domain
end

local function string_option(options, key)
  local value = options[key]
  if value ~= nil and type(value) ~= "string" then error(("policy.spf: \"%s\" must be a string"):format(key), 4) end
  return value
end

local says = {
  pass = "%s may send mail for %s.", fail = "%s may not send mail for %s.",
  softfail = "%s probably may not send mail for %s: the domain does not want to be sure yet.",
  neutral = "%2$s says nothing about %1$s.", none = "%2$s publishes no SPF record, so that nothing is known about %1$s.",
}

-- A format with %1$s and %2$s, which Lua lacks.
local function say(text, address, domain)
  if not text:find("$s", 1, true) then return text:format(address, domain) end
  return (text:gsub("%%(%d)%$s", {["1"] = address, ["2"] = domain}))
end

local function because(found)
  if not found then return nil end
  local inner = found.inner
  if not found.term then return ("no term of its record matches: %s"):format(found.record.text) end
  if inner and inner.term then return ("\"%s\", and \"%s\" of %s"):format(found.term.text, inner.term.text, inner.record.domain) end
  return ("\"%s\" of %s"):format(found.term.text, found.record.domain)
end

local function add_to(address, s)
  return ("If %s is to send, add \"%s:%s\" to the record of %s, before its \"all\"."):format(address, #s.bytes == 4 and "ip4" or "ip6", address, s.domain)
end

local fixes = {
  fail = add_to, softfail = add_to, neutral = add_to,
  none = function(_, s) return ("Publish a TXT record for %s: \"v=spf1 mx -all\", say."):format(s.domain) end,
  temperror = function() return "Receivers put the mail off. Look at the name servers of the domain in question." end,
  permerror = function() return "Mend the record: receivers reject the mail, or take the domain for one without SPF." end,
}

local function summary_of(result, address, s, why)
  if says[result] then return say(says[result], address, s.domain) end
  local text = ("SPF of %s could not be told for %s: %s."):format(s.domain, address, why.text)
  return result == "permerror" and text:gsub("could not be told", "is broken, as it turns out", 1) or text
end

-- The findings of the records that were read: the first is the domain's own.
local function lint_all(r, seen, own)
  for _, each in ipairs(seen) do lint.record(r, each, each.domain == own) end
end

local function finish(r, s, result, found, explanation, why)
  local address = ip.text(s.bytes)
  r.result, r.lookups, r.void_lookups, r.record = result, s.lookups, s.void_lookups, s.seen_list[1] and s.seen_list[1].text
  r.mechanism = found and found.term and found.term.text or why and s.mechanism or nil
  r.matched = found and found.inner and found.inner.term and {domain = found.inner.record.domain, term = found.inner.term.text} or nil
  r.explanation = explanation and report.escape(explanation) or nil
  lint_all(r, s.seen_list, s.domain)
  if why then lint.stopped(r, why) end
  local fix = fixes[result]
  return r:finish {verdict = result, summary = summary_of(result, address, s, why), fix = fix and fix(address, s) or nil,
    evidence = because(found) or why and why.term and ("\"%s\" of %s"):format(why.term, why.domain) or nil,
    reference = why and why.reference or nil}
end

local function evaluate(options, bytes)
  local helo, from = string_option(options, "helo"), string_option(options, "from")
  local local_part, domain = sender_of(from, helo)
  if not domain or domain == "" then error("policy.spf: \"from\" or \"helo\" must name a sender", 3) end
  domain = domain:gsub("%.$", "")
  local r = record.new {policy = "spf", subject = ("%s, sent by %s"):format(domain, ip.text(bytes)), timeout = options.timeout, domain = domain,
    ip = ip.text(bytes), helo = helo, sender = local_part .. "@" .. domain}
  local seen = {}
  local s = {r = r, bytes = bytes, helo = helo or domain, local_part = local_part, sender_domain = domain, domain = domain,
    receiver = options.receiver or "unknown", lookups = 0, void_lookups = 0, seen_list = seen, seen = function(each) seen[#seen + 1] = each end}
  if not is_domain(domain) then
    r.result, r.lookups, r.void_lookups = "none", 0, 0
    return r:finish {verdict = "none", summary = ("\"%s\" is no domain with two labels or more: SPF says nothing of it."):format(domain),
      reference = "RFC 7208 section 4.3"}
  end
  return finish(r, s, check.run(s, domain))
end

-- What SPF says of an address ({ip, helo, from}), or without one the audit of the sender's record.
function spf.spf(options)
  record.check_options(options, KNOWN, "policy.spf")
  local address = string_option(options or {}, "ip")
  if not address then
    local _, domain = sender_of(string_option(options or {}, "from"), string_option(options or {}, "helo"))
    if not domain or domain == "" then error("policy.spf: \"ip\" and \"from\" are wanted, or \"from\" alone", 2) end
    return spf.spf_record(domain, {timeout = options.timeout})
  end
  local bytes = ip.read(address)
  if not bytes then error(("policy.spf: \"ip\" is no IP address: %s"):format(report.escape(address)), 2) end
  return evaluate(options, ip.unmapped(bytes))
end

function spf.spf_record(domain, options)
  if type(domain) ~= "string" then error("policy.spf_record: the domain must be a string", 2) end
  options = record.check_options(options, {timeout = true}, "policy.spf_record")
  domain = domain:gsub("%.$", "")
  local r = record.new {policy = "spf", subject = domain, timeout = options.timeout, domain = domain}
  if not is_domain(domain) then
    return r:finish {verdict = "none", summary = ("\"%s\" is no domain with two labels or more: SPF says nothing of it."):format(domain),
      reference = "RFC 7208 section 4.3"}
  end
  return require("ehlo.policy.spf_audit").run(r, domain)
end

return spf
