-- Owns: the signatures of a mail (DKIM: RFC 6376, 8301, 8463): each verified, and the reason where one does not hold. Callers:
-- policy.dkim, and policy.message.
local dkim_key = require "ehlo.policy.dkim_key"
local record = require "ehlo.policy.record"
local signature = require "ehlo.policy.signature"
local why = require "ehlo.policy.dkim_why"
local dkim = {}

local MOST, TRIED = 20, 6 -- signatures of one mail that are verified, and how often what was done to it is looked for
local known = {timeout = true, lookups = true, time = true}
local of_signature = {__order = {"domain", "selector", "verdict", "reason", "text", "fix"}}

-- ---- one signature ----

-- Looking for what was done costs far more than verifying: a mail with many signatures is no means to keep others busy.
local function may_try(keys)
  keys.tried = (keys.tried or 0) + 1
  return keys.tried <= TRIED
end

-- s.problem's kind of table for a body that is not what was signed.
local function body_problem(s, body, keys)
  local hash, canonical = signature.hash_body(s, body)
  local whole = s.length and mail.canonical_body(body, s.body_form) or canonical
  s.body = {bytes = #whole, signed = s.length and math.min(s.length, #whole) or #whole, hash = crypto.base64(hash), holds = hash == s.body_hash}
  if s.length and s.length > #whole then
    return signature.problem("permerror", "dkim-length",
      ("it covers %d bytes of the body (l=), and there are only %d"):format(s.length, #whole), {reference = "RFC 6376 section 3.5"})
  end
  if s.body.holds then return end
  local change = may_try(keys) and why.body(s, body, whole) or nil
  s.change = change
  local text = "the body was changed after it was signed"
  if change then text = change.text end
  return signature.problem("fail", "dkim-body", text, {evidence = change and change.evidence, reference = "RFC 6376 section 6.1.3",
    fix = "Sign after the last program that changes mails (footers, virus scanners), or have that program leave this mail alone."})
end

-- Whether it holds over other fields: by the digest that RSA gives back where it does, which costs less.
local function tester(s, key)
  local digest = key.key:signed_digest(s.hash, s.signature)
  return function(picked, form)
    local bytes = signature.bytes(s, picked, form)
    if digest then return crypto.hash(s.hash, bytes) == digest end
    return key.key:verify(s.hash, bytes, s.signature)
  end, digest ~= nil
end

local function header_problem(s, key, fields, keys)
  local picked, places = signature.pick(fields, s.signed)
  s.picked = picked
  if key.key:verify(s.hash, signature.bytes(s, picked, s.header_form), s.signature) then return end
  local holds, ours = tester(s, key)
  local _, all = signature.pick(fields, {})
  local change = (ours or key.type == "ed25519") and may_try(keys) and why.header(s, fields, picked, all, holds)
  if change then
    s.change = s.change or change
    return signature.problem("fail", "dkim-header", change.text, {evidence = change.evidence, reference = "RFC 6376 section 6.1.3",
      fix = "Sign after the last program that changes headers, or have that program leave signed fields alone."})
  elseif ours then
    return signature.problem("fail", "dkim-header", "the key made it, but a signed field was changed, added or removed since: "
      .. table.concat(s.signed, ", "):sub(1, 300), {reference = "RFC 6376 section 6.1.3",
      fix = "Compare these fields with those of the mail as it was sent."})
  elseif key.type == "rsa" then
    return signature.problem("fail", "dkim-other-key", "it was not made with the key that is published, or was damaged",
      {fix = "Publish the key that signs: after a rotation, the old selector and the new one need a record each.",
        reference = "RFC 6376 section 6.1.3"})
  end
  return signature.problem("fail", "dkim-header", "a signed field was changed, or another key made it", {reference = "RFC 6376 section 6.1.3",
    fix = "Compare the signed fields with those of the mail as it was sent, and the key with the one that signs."})
end

-- Verifies one; its first problem decides, and the body is looked at in any case. keys: those looked up so far, by name, and what was tried.
function dkim.verify(r, s, fields, body, keys, now)
  local first = s.problem
  if first then return first end
  local key, of_key = signature.key(r, s, keys)
  local of_body = body_problem(s, body, keys)
  local of_header = key and key.key and key.type == s.key_type and header_problem(s, key, fields, keys)
  local of_dates = signature.dates(s, now)
  s.header_holds = key and key.key and key.type == s.key_type and not of_header or nil
  return of_key or of_dates or of_body or of_header or nil
end

-- ---- the record ----

local function facts(s, first)
  local out = {domain = s.domain, selector = s.selector, verdict = first and first.verdict or "pass", reason = first and first.id,
    text = first and first.text, fix = first and first.fix, algorithm = s.algorithm, canonicalization = s.canonicalization, identity = s.identity,
    signed = s.signed, length = s.length, time = s.time, expires = s.expires, body = s.body, header_holds = s.header_holds, change = s.change,
    key = s.key and dkim_key.facts(s.key) or nil}
  return setmetatable(out, of_signature)
end

local function label(s) return ("d=%s s=%s"):format(s.domain or "?", s.selector or "?") end

local singular = {from = true, date = true, subject = true, to = true, cc = true, ["reply-to"] = true, ["message-id"] = true}

-- Fields above those that were signed: a reader may show them, and the signature says nothing of them.
local function doubled(r, s, fields)
  local signed, there = {}, {}
  for _, name in ipairs(s.signed) do signed[name] = (signed[name] or 0) + 1 end
  for _, field in ipairs(fields) do
    local name = field.name:lower()
    there[name] = (there[name] or 0) + 1
  end
  for name, n in pairs(there) do
    if singular[name] and n > 1 and signed[name] and signed[name] < n then
      r:finding {id = "dkim-doubled", level = "warn", evidence = label(s), reference = "RFC 6376 section 8.15",
        text = ("The field %s is there %d times, and the signature covers %d."):format(name, n, signed[name]),
        fix = "Sign From, Subject and the like once more than they are there, so that none can be added."}
    end
  end
end

local function judge_holding(r, s, fields)
  if s.length and s.body.signed < s.body.bytes then
    r:finding {id = "dkim-length-short", level = "warn", evidence = label(s),
      text = ("It covers only the first %d of %d bytes of the body (l=): anybody may have added the rest."):format(s.body.signed, s.body.bytes),
      fix = "Sign without l=.", reference = "RFC 6376 section 8.2"}
  elseif s.length then
    r:finding {id = "dkim-length", level = "info", text = "It says how much of the body it covers (l=): text can be added without breaking it.",
      evidence = label(s), fix = "Sign without l=.", reference = "RFC 6376 section 8.2"}
  end
  doubled(r, s, fields)
  for _, finding in ipairs(dkim_key.findings(s.key, label(s))) do r:finding(finding) end
end

local order = {"temperror", "fail", "policy", "permerror", "neutral"}

-- "pass" where one holds; else the worst word that another look could better.
local function overall(list)
  local seen = {}
  for _, s in ipairs(list) do seen[s.verdict] = seen[s.verdict] or s end
  if seen.pass then return "pass", seen.pass end
  for _, word in ipairs(order) do
    if seen[word] then return word, seen[word] end
  end
  return "none"
end

local function conclude(r)
  local verdict, decisive = overall(r.signatures)
  if verdict == "none" then
    return r:finish {verdict = "none", summary = "The mail is not signed.", fix = "Sign outgoing mail with DKIM for the domain of its From field."}
  end
  local count, holding = #r.signatures, 0
  for _, s in ipairs(r.signatures) do holding = holding + (s.verdict == "pass" and 1 or 0) end
  if verdict == "pass" then
    return r:finish {verdict = verdict, summary = count == 1 and ("The signature of %s holds."):format(decisive.domain)
      or ("%d of %d signatures hold: that of %s does."):format(holding, count, decisive.domain)}
  end
  local who = decisive.domain or "an unknown domain"
  local subject = count == 1 and ("The signature of %s does not hold"):format(who) or ("None of %d signatures holds. That of %s"):format(count, who)
  return r:finish {verdict = verdict, summary = subject .. ": " .. decisive.text .. ".", fix = decisive.fix}
end

local function add_failures(r, problems)
  local verdict = overall(r.signatures)
  for i, first in pairs(problems) do
    r:finding {id = first.id, level = verdict == "pass" and "warn" or "fail", fix = first.fix, reference = first.reference,
      text = ("The signature of %s does not hold: %s."):format(r.signatures[i].domain or "an unknown domain", first.text),
      evidence = first.evidence or label(r.signatures[i])}
  end
end

-- Adds the signatures of a mail to a record: r.signatures. Callers: below, and policy.message, which shares the keys.
function dkim.examine(r, fields, body, now)
  local keys, problems = {}, {}
  r.signatures = {}
  for _, field in ipairs(fields) do
    if field.name:lower() == "dkim-signature" and #r.signatures < MOST then
      local s = signature.read(field)
      local line = r:note("signature " .. label(s))
      local first = r:inside(dkim.verify, r, s, fields, body, keys, now)
      line.answer = first and first.verdict .. ": " .. first.text or "pass"
      r.signatures[#r.signatures + 1] = facts(s, first)
      problems[#r.signatures] = first
      if not first then judge_holding(r, s, fields) end
    elseif field.name:lower() == "dkim-signature" then
      r:finding {id = "dkim-many", level = "warn", text = ("It has more than %d signatures; the others were not verified."):format(MOST)}
    end
  end
  add_failures(r, problems)
end

-- The fields and the body of what a script passed; raises where that is no string.
function dkim.open(message, what)
  if type(message) ~= "string" then error(("%s: a mail as a string was expected, not a %s"):format(what, type(message)), 4) end
  local fields, body, err = mail.fields(message)
  if not fields then return nil, body, err end
  return fields, body
end

-- policy.dkim(message [, {timeout=, lookups=, time=}])
function dkim.dkim(message, options)
  options = record.check_options(options, known, "policy.dkim")
  local fields, body, err = dkim.open(message, "policy.dkim")
  if not fields then return nil, body, err end
  local r = record.new {policy = "dkim", subject = "a mail", timeout = options.timeout, lookups = options.lookups}
  for _, field in ipairs(fields) do
    if field.name:lower() == "from" then r.subject = "mail from" .. field.value:gsub("%s+", " "):sub(1, 200) end
  end
  dkim.examine(r, fields, body, options.time or os.time())
  return conclude(r)
end

return dkim
