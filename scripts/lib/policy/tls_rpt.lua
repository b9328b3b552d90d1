-- Owns: where a domain wants reports of failed TLS (TLS-RPT, RFC 8460): the record and its places. Callers: policy.tls_rpt.
local record = require "ehlo.policy.record"
local fields = require "ehlo.policy.fields"
local text = require "ehlo.policy.tls_rpt_text"
local module = {}

local KNOWN = {timeout = true}
local BY = "RFC 8460 section 3"

local function invalid(r, id, evidence, what, fix)
  r:finding {id = id, level = "fail", text = what, evidence = evidence, fix = fix, reference = BY}
  return "invalid"
end

-- One record, or nil and the verdict.
local function choose(r, domain)
  local list, message, err = r:lookup("txt", "_smtp._tls." .. domain)
  if not list and err.reason ~= "nxdomain" then
    r:finding {id = "tls-rpt-record-unknown", level = "fail", evidence = message, text = "Where reports go could not be looked up.",
      fix = ("Look into the name servers of %s."):format(domain)}
    return nil, "unknown"
  end
  local chosen, near = fields.choose(list or {}, "TLSRPTv1")
  local sample = ("\"v=TLSRPTv1; rua=mailto:tls-reports@%s\""):format(domain)
  if #chosen > 1 then
    return nil, invalid(r, "tls-rpt-several-records", table.concat(chosen, " | "),
      ("%d TXT records begin with v=TLSRPTv1, and senders heed none where there are several."):format(#chosen), "Take away all but one.")
  elseif #chosen == 0 and #near > 0 then
    return nil, invalid(r, "tls-rpt-record-malformed", near[1], "The TXT record cannot be used: it does not begin with exactly \"v=TLSRPTv1;\".",
      ("Publish %s as the one TXT record at _smtp._tls.%s."):format(sample, domain))
  elseif #chosen == 0 then
    return nil, "none"
  end
  return chosen[1]
end

local function same_organisation(a, b)
  if not dns.organisational_domain then return a == b or a:sub(-#b - 1) == "." .. b end
  return dns.organisational_domain(a) == dns.organisational_domain(b)
end

-- That somebody else collects the reports is usual and needs nobody's leave (unlike DMARC's); it is told so that it is meant.
local function judge_place(r, place)
  if place.wrong then
    r:finding {id = "tls-rpt-place-invalid", level = "fail", evidence = place.uri,
      text = ("Reports cannot go to %s: %s."):format(place.uri, place.wrong),
      fix = "Write it as mailto:MAILBOX or https://HOST/PATH; commas and semicolons in it as %2C and %3B.", reference = BY}
  elseif not same_organisation(place.domain, r.subject) then
    r:finding {id = "tls-rpt-external", level = "info", evidence = place.uri,
      text = ("%s collects the reports for this domain."):format(place.domain)}
  end
  return not place.wrong
end

local function judge(r)
  local places, why = text.places(r.record)
  if not places then
    return invalid(r, "tls-rpt-record-malformed", r.record, "The TXT record cannot be used: " .. why .. ".",
      ("Publish \"v=TLSRPTv1; rua=mailto:tls-reports@%s\"."):format(r.subject))
  end
  local usable = 0
  r.rua = {}
  for i, place in ipairs(places) do
    if judge_place(r, place) then usable = usable + 1 end
    r.rua[i] = place
  end
  return usable > 0 and "valid" or "invalid"
end

local summaries = {
  none = "%s asks for no reports: when TLS towards it fails, nobody tells.", unknown = "Whether %s asks for reports cannot be told now.",
  invalid = "%s asks for reports in a way that senders cannot follow.", valid = "Senders tell %s where TLS towards it fails.",
}

function module.tls_rpt(domain, options)
  if type(domain) ~= "string" or domain == "" then error("policy.tls_rpt: the domain must be a string", 2) end
  options = record.check_options(options, KNOWN, "policy.tls_rpt")
  domain = domain:lower():gsub("%.$", "")
  local r = record.new {policy = "tls_rpt", subject = domain, timeout = options.timeout}
  local chosen, verdict = choose(r, domain)
  r.record = chosen
  verdict = verdict or judge(r)
  local fix = r.findings[1] and r.findings[1].fix
  if verdict == "none" then
    fix = ("To have them: publish \"v=TLSRPTv1; rua=mailto:tls-reports@%s\" as a TXT record at _smtp._tls.%s."):format(domain, domain)
  end
  return r:finish {verdict = verdict, summary = summaries[verdict]:format(domain), fix = fix, evidence = chosen, reference = "RFC 8460"}
end

return module
