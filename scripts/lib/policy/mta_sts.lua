-- Owns: what a domain asks of its senders by MTA-STS (RFC 8461): the record, the policy, and whether its MX hosts are covered. Callers:
-- policy.mta_sts; probes of a domain, which heed it.
local record = require "ehlo.policy.record"
local fields = require "ehlo.policy.fields"
local text = require "ehlo.policy.mta_sts_text"
local module = {}

local KNOWN = {timeout = true, ca_file = true, hosts = true}
local DAY, WEEK = 86400, 7 * 86400

-- --- the record ---

local function sample(domain)
  return ("Publish \"v=STSv1; id=%s;\" as the one TXT record at _mta-sts.%s."):format(os.date("!%Y%m%dT%H%M%S"), domain)
end

local function malformed(r, evidence, why)
  r:finding {id = "mta-sts-record-malformed", level = "fail", text = "The TXT record cannot be used: " .. why .. ".", evidence = evidence,
    fix = sample(r.subject), reference = "RFC 8461 section 3.1"}
  return "invalid"
end

local function judge_several(r, chosen)
  r:finding {id = "mta-sts-several-records", level = "fail", evidence = table.concat(chosen, " | "),
    text = ("%d TXT records begin with v=STSv1, and senders heed none where there are several."):format(#chosen),
    fix = "Take away all but one.", reference = "RFC 8461 section 3.1"}
  return "invalid"
end

-- nil where the policy is to be fetched, else the verdict.
local function judge_record(r, domain)
  local list, message, err = r:lookup("txt", "_mta-sts." .. domain)
  if not list and err.reason ~= "nxdomain" then
    r:finding {id = "mta-sts-record-unknown", level = "fail", evidence = message,
      text = "Whether there is a policy could not be looked up; senders go by the one that they remember, if any.",
      fix = ("Look into the name servers of %s."):format(domain)}
    return "unknown"
  end
  local chosen, near = fields.choose(list or {}, "STSv1")
  if #chosen > 1 then return judge_several(r, chosen) end
  if #chosen == 0 and #near > 0 then return malformed(r, near[1], "it does not begin with exactly \"v=STSv1;\"") end
  if #chosen == 0 then return "none" end
  local id, why = text.id(chosen[1])
  r.record, r.id = chosen[1], id
  if not id then return malformed(r, chosen[1], why) end
end

-- --- the policy ---

local function judge_lines(r, policy, faults)
  for _, fault in ipairs(faults) do
    r:finding {id = "mta-sts-policy-invalid", level = "fail", text = "The policy cannot be used: " .. fault .. ".", evidence = fault,
      fix = "Correct the policy, and give the TXT record a new id.", reference = "RFC 8461 section 3.2"}
  end
  for _, name in ipairs(policy.repeated) do
    r:finding {id = "mta-sts-field-repeated", level = "warn", text = ("%s stands in the policy more than once: the first counts."):format(name),
      fix = "Take the others away.", reference = "RFC 8461 section 3.2"}
  end
  for _, name in ipairs(policy.unknown) do
    r:finding {id = "mta-sts-field-unknown", level = "info", text = ("The policy has a field that no standard knows: %s."):format(name)}
  end
end

local function judge_age(r, age)
  if age > text.MAX_AGE then
    r:finding {id = "mta-sts-max-age-long", level = "warn",
      text = ("max_age is %d seconds, and a year (%d) is the most."):format(age, text.MAX_AGE),
      fix = ("Set max_age to %d or less."):format(text.MAX_AGE), reference = "RFC 8461 section 3.2"}
  elseif age < WEEK then
    r:finding {id = "mta-sts-max-age-short", level = r.mode == "testing" and "info" or "warn",
      text = age < DAY and ("max_age is %d seconds: senders forget the policy between two mails, and it protects nobody."):format(age)
        or ("max_age is %d seconds, less than a week: who sends rarely has forgotten the policy by the next mail."):format(age),
      fix = r.mode == "testing" and "Set max_age to weeks when the mode becomes enforce." or "Set max_age to 604800 (a week) or more.",
      reference = "RFC 8461 section 3.2"}
  end
end

local modes = {
  testing = {"mta-sts-mode-testing", "warn", "The mode is testing: senders report failures, and deliver all the same.",
    "When the reports show no failures, set mode: enforce and give the TXT record a new id."},
  none = {"mta-sts-mode-none", "info", "The mode is none: the domain takes its policy back.",
    "Nothing, if that is meant; else set mode: enforce and give the TXT record a new id."},
}

local function judge_mode(r)
  local row = modes[r.mode]
  if row then r:finding {id = row[1], level = row[2], text = row[3], fix = row[4], reference = "RFC 8461 section 5"} end
end

-- --- the MX hosts ---

-- The names to match: those of the MX records, or the domain itself where it has none (RFC 5321 5.1).
local function mx_names(r, domain)
  local list, message, err = r:lookup("mx", domain)
  if not list and err.reason ~= "nxdomain" then return nil, message end
  local names, seen = {}, {}
  table.sort(list or {}, function(a, b)
    if a.preference ~= b.preference then return a.preference < b.preference end
    return a.host < b.host
  end)
  for _, mx in ipairs(list or {}) do
    local name = (mx.host or ""):lower()
    if name ~= "" and name ~= "." and not seen[name] then names[#names + 1], seen[name] = name, true end
  end
  if #(list or {}) == 0 then names[1] = dns.ascii(domain) or domain end
  return names
end

local function judge_unused(r, used)
  for _, pattern in ipairs(r.mx) do
    if not used[pattern] then
      r:finding {id = "mta-sts-pattern-unused", level = "info", text = ("mx: %s covers no MX host of today."):format(pattern), evidence = pattern}
    end
  end
end

local function judge_hosts(r, domain, given)
  local names, message = given, nil
  if not names then names, message = mx_names(r, domain) end
  if not names then
    r:finding {id = "mta-sts-mx-unknown", level = "warn", text = "The MX hosts could not be looked up, so that none was held against the policy.",
      evidence = message, fix = ("Look into the name servers of %s."):format(domain)}
    return
  end
  local used = {}
  r.hosts = {}
  for i, name in ipairs(names) do
    local pattern = text.covered(r.mx, name)
    r.hosts[i] = {host = name, pattern = pattern, covered = pattern ~= nil}
    if pattern then used[pattern] = true end
    if not pattern and r.mode ~= "none" then
      r:finding {id = "mta-sts-mx-uncovered", level = r.mode == "enforce" and "fail" or "warn", evidence = name,
        text = ("No mx of the policy covers %s: %s."):format(name, r.mode == "enforce" and "senders that heed it do not deliver there"
          or "in mode enforce it would get no mail from senders that heed it"),
        fix = ("Add \"mx: %s\" to the policy and give the TXT record a new id, or take the host out of the MX records."):format(name),
        reference = "RFC 8461 section 4.1"}
    end
  end
  if r.mode ~= "none" then judge_unused(r, used) end
end

-- --- all together ---

-- No record: is there a policy all the same, that nobody looks at?
local function look_for_orphan(r, domain, options)
  if not dns.addresses("mta-sts." .. domain) then return end
  local body = require("ehlo.policy.mta_sts_fetch").policy(record.new {policy = "mta_sts", subject = domain}, domain, options)
  local policy, faults = text.policy(body or "")
  if #faults > 0 then return end
  r:finding {id = "mta-sts-record-missing", level = "fail", evidence = ("mode: %s"):format(policy.mode),
    text = ("There is a policy at mta-sts.%s, and no TXT record announces it: no sender looks at it."):format(domain),
    fix = sample(domain), reference = "RFC 8461 section 3.1"}
end

local summaries = {
  none = "%s has no MTA-STS policy: TLS towards it is opportunistic, unless DANE protects it.",
  unknown = "Whether %s has an MTA-STS policy in force cannot be told now.",
  invalid = "%s announces an MTA-STS policy that senders cannot use: to them there is none.",
  off = "%s has an MTA-STS policy in mode none: senders treat it as if there were none.",
  testing = "%s tests MTA-STS: senders report failures of TLS and deliver all the same.",
  enforce = "Senders that heed MTA-STS deliver to %s over trusted TLS only, to the hosts that its policy names.",
}

local function finish(r, verdict)
  local fix = record.first_fix(r)
  if verdict == "none" and not fix then
    fix = "To have one: publish a policy at https://mta-sts." .. r.subject .. "/.well-known/mta-sts.txt, and a TXT record at _mta-sts." .. r.subject .. "."
  end
  return r:finish {verdict = verdict, summary = summaries[verdict]:format(r.subject), fix = fix, evidence = r.record, reference = "RFC 8461"}
end

local function judge_policy(r, domain, body, options)
  local policy, faults = text.policy(body)
  r.mode, r.max_age, r.mx = policy.mode, policy.max_age, policy.mx
  judge_lines(r, policy, faults)
  if #faults > 0 then return "invalid" end
  judge_mode(r)
  if r.mode ~= "none" then judge_age(r, r.max_age) end
  judge_hosts(r, domain, options.hosts)
  return r.mode == "none" and "off" or r.mode
end

-- mta_sts(domain, {timeout, ca_file, hosts}): hosts are names of MX hosts that are known already.
function module.mta_sts(domain, options)
  if type(domain) ~= "string" or domain == "" then error("policy.mta_sts: the domain must be a string", 2) end
  options = record.check_options(options, KNOWN, "policy.mta_sts")
  domain = domain:lower():gsub("%.$", "")
  local r = record.new {policy = "mta_sts", subject = domain, timeout = options.timeout}
  local verdict = judge_record(r, domain)
  if verdict == "none" and not options.hosts then look_for_orphan(r, domain, options) end
  if verdict then return finish(r, verdict) end
  local body, transient = require("ehlo.policy.mta_sts_fetch").policy(r, domain, options)
  if not body then return finish(r, transient and "unknown" or "invalid") end
  return finish(r, judge_policy(r, domain, body, options))
end

return module
