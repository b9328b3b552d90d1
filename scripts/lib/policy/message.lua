-- Owns: what a mail can prove of itself, all together: SPF where the address that sent it is known, DKIM, ARC, and DMARC over them.
-- Callers: policy.message, the command dkim.
local arc = require "ehlo.policy.arc"
local dkim = require "ehlo.policy.dkim"
local dmarc = require "ehlo.policy.dmarc"
local record = require "ehlo.policy.record"
local message = {}

local known = {ip = true, helo = true, from = true, timeout = true, lookups = true, time = true}
local FROM_BYTES = 1 << 16

-- The text without comments, and without what stands in quotes.
local function bare(text)
  local parts, depth, quoted, at = {}, 0, false, 1
  while at <= #text do
    local c = text:sub(at, at)
    if c == "\\" and (depth > 0 or quoted) then
      at = at + 1
    elseif c == '"' and depth == 0 then
      quoted = not quoted
    elseif c == "(" and not quoted then
      depth = depth + 1
    elseif c == ")" and not quoted and depth > 0 then
      depth = depth - 1
    elseif depth == 0 and not quoted then
      parts[#parts + 1] = c
    end
    at = at + 1
  end
  return table.concat(parts)
end

-- The domains of the mailboxes in an address field, each once.
function message.domains(value)
  local list, seen = {}, {}
  for item in (bare(value:sub(1, FROM_BYTES)) .. ","):gmatch("([^,]*),") do
    local address = item:match("<([^<>]*)>") or item:match("(%S*@%S+)")
    local domain = address and address:match("@([^@%s]+)%s*$")
    domain = domain and domain:gsub("[%.;]+$", ""):lower()
    if domain and domain ~= "" and not seen[domain] then
      seen[domain] = true
      list[#list + 1] = domain
    end
  end
  return list
end

local function field_of(fields, wanted)
  local found, count = nil, 0
  for _, field in ipairs(fields) do
    if field.name:lower() == wanted then found, count = found or field, count + 1 end
  end
  return found, count
end

-- The domain of the From field; nil and what is wrong with it.
local function author(fields)
  local field, count = field_of(fields, "from")
  if not field then return nil, "from-missing", "The mail has no From field." end
  if count > 1 then return nil, "from-several", ("The mail has %d From fields; readers differ on which they show."):format(count) end
  local domains = message.domains(field.value)
  if #domains == 0 then return nil, "from-missing", "The From field names no domain." end
  if #domains > 1 then return nil, "from-several", ("The From field names several domains: %s."):format(table.concat(domains, ", "):sub(1, 300)) end
  return domains[1]
end

local function sender_of(fields, options)
  if options.from then return options.from end
  local path = field_of(fields, "return-path")
  return path and path.value:match("<%s*([^<>]*)>") or nil
end

local function spf_of(fields, options)
  if not options.ip then return end
  local from = sender_of(fields, options)
  if not (from and from ~= "") and not options.helo then
    error("policy.message: with ip, the sender is needed too: from or helo, or a Return-Path in the mail", 4)
  end
  return policy.spf {ip = options.ip, helo = options.helo, from = from, timeout = options.timeout}
end

local function add(r, name, child)
  r[name] = child
  r:note(name, child and ("%s: %s"):format(child.verdict, child.summary) or "not looked at: the address that sent it is not known")
  for _, finding in ipairs(child and child.findings or {}) do r:finding(finding) end
end

local function judge(r, from)
  local proofs = {}
  for i, s in ipairs(r.dkim.signatures) do proofs[i] = {result = s.verdict, domain = s.domain} end
  local spf = r.spf and {result = r.spf.verdict, domain = r.spf.domain}
  local child = record.new {policy = "dmarc", subject = "mail from " .. from}
  add(r, "dmarc", dmarc.judge_mail(child, from, spf, proofs))
  if r.dmarc.verdict ~= "fail" or r.arc.verdict ~= "pass" then return end
  local first = r.arc.instances[1]
  r:finding {id = "dmarc-arc", level = "info", evidence = first.domain, reference = "RFC 8617 section 7.2.1",
    text = "DMARC fails, but an ARC chain holds: a receiver that trusts its sealers may believe what the first of them found."}
end

-- policy.message(message, {ip=, helo=, from=})
function message.message(bytes, options)
  options = record.check_options(options, known, "policy.message")
  local fields, body, err = dkim.open(bytes, "policy.message")
  if not fields then return nil, body, err end
  local from, id, text = author(fields)
  local r = record.new {policy = "message", subject = from and "mail from " .. from or "a mail", from = from}
  add(r, "spf", spf_of(fields, options))
  local limits = {timeout = options.timeout, lookups = options.lookups, time = options.time}
  add(r, "dkim", dkim.dkim(bytes, limits))
  add(r, "arc", arc.arc(bytes, limits))
  if not from then
    r:finding {id = id, level = "fail", text = text, fix = "Send mail with one From field that names one mailbox.", reference = "RFC 7489 section 6.6.1"}
    return r:finish {verdict = "permerror", summary = text, fix = "Send mail with one From field that names one mailbox."}
  end
  judge(r, from)
  local of = r.dmarc
  return r:finish {verdict = of.verdict, summary = of.summary, fix = of.fix, evidence = of.evidence, reference = of.reference}
end

return message
