-- Owns: chains of ARC (RFC 8617): each set of fields that a forwarder added, its seal and its signature verified, and where the chain
-- breaks. Callers: policy.arc, policy.message.
local authres = require "ehlo.policy.authentication_results"
local dkim = require "ehlo.policy.dkim"
local dkim_key = require "ehlo.policy.dkim_key"
local record = require "ehlo.policy.record"
local signature = require "ehlo.policy.signature"
local tags = require "ehlo.policy.tags"
local arc = {}

local MOST = 50 -- sets: RFC 8617 section 4.2.1
local known = {timeout = true, lookups = true, time = true}
local problem = signature.problem

local names = {["arc-authentication-results"] = "results", ["arc-message-signature"] = "message_signature", ["arc-seal"] = "seal"}
local titles = {results = "ARC-Authentication-Results", message_signature = "ARC-Message-Signature", seal = "ARC-Seal"}
local in_order = {"results", "message_signature", "seal"}

local function broken(text, more)
  more = more or {}
  return problem("fail", more.id or "arc-structure", text, {fix = more.fix, reference = more.reference or "RFC 8617 section 5.2"})
end

-- ---- the sets ----

local function instance_of(field)
  local text = field.value:match("^%s*i%s*=%s*(%d+)%s*;") or field.value:match(";%s*i%s*=%s*(%d+)%s*;")
    or field.value:match(";%s*i%s*=%s*(%d+)%s*$")
  return tags.number(text)
end

-- The sets by instance, and how many; a problem where they are no chain.
local function collect(fields)
  local sets, highest, count = {}, 0, 0
  for _, field in ipairs(fields) do
    local part = names[field.name:lower()]
    if part then
      count = count + 1
      local i = instance_of(field)
      if not i or i < 1 then return sets, highest, broken(("a field %s has no instance (i=)"):format(field.name)) end
      if i > MOST then return sets, highest, broken(("it has more than %d instances"):format(MOST)) end
      sets[i] = sets[i] or {}
      if sets[i][part] then return sets, math.max(highest, i), broken(("instance %d has two fields %s"):format(i, field.name)) end
      sets[i][part], highest = field, math.max(highest, i)
    end
  end
  for i = 1, highest do
    for _, part in ipairs(in_order) do
      if not (sets[i] and sets[i][part]) then return sets, highest, broken(("instance %d has no %s"):format(i, titles[part])) end
    end
  end
  return sets, highest
end

-- ---- the seal ----

local function read_seal(field)
  local s = {field = field}
  local values, why = tags.parse(field.value)
  if not values then return s, broken("its seal cannot be read: " .. why) end
  s.values, s.domain, s.selector, s.cv = values, values.d, values.s, values.cv and values.cv:lower()
  for _, name in ipairs {"a", "b", "d", "s", "cv"} do
    if not values[name] then return s, broken(("its seal has no %s="):format(name)) end
  end
  if values.h or values.bh then return s, broken("its seal has h= or bh=, which seals have not", {reference = "RFC 8617 section 4.1.3"}) end
  s.algorithm = values.a:lower()
  s.key_type, s.hash = s.algorithm:match("^(rsa)%-(sha256)$")
  if not s.hash then s.key_type, s.hash = s.algorithm:match("^(ed25519)%-(sha256)$") end
  if not s.hash then return s, broken(("the algorithm of its seal, a=%s, is none of ARC's"):format(values.a)) end
  s.signature = crypto.unbase64(tags.bare(values.b))
  if not s.signature or s.signature == "" then return s, broken("its seal is no base64 (b=)") end
  return s
end

-- A seal covers all sets up to its own; a chain that had failed before, only its own.
local function sealed(sets, i, cv)
  local list = {}
  for n = cv == "fail" and i or 1, i do
    for _, part in ipairs(in_order) do
      if not (n == i and part == "seal") then list[#list + 1] = sets[n][part] end
    end
  end
  return list
end

local function verify_seal(r, sets, i, keys)
  local s, wrong = read_seal(sets[i].seal)
  if wrong then return s, wrong end
  local key, of_key = signature.key(r, s, keys)
  if of_key then return s, problem(of_key.verdict == "temperror" and "temperror" or "fail", "arc-seal", of_key.text, of_key) end
  local bytes = signature.bytes(s, sealed(sets, i, s.cv), "relaxed")
  if key.key:verify(s.hash, bytes, s.signature) then return s end
  local other = key.type == "rsa" and not key.key:signed_digest(s.hash, s.signature)
  return s, broken(other and "its seal was not made with the key that is published"
    or "an ARC field of this set or of one before was changed after it was sealed", {id = "arc-seal"})
end

-- ---- the signature over the mail ----

local function verify_message(r, field, fields, body, keys, now)
  local s = signature.read(field, true)
  if not s.problem and table.concat(s.signed, " "):find("arc-seal", 1, true) then
    s.problem = broken("its signature covers ARC-Seal, which it must not", {reference = "RFC 8617 section 4.1.2"})
  end
  return s, dkim.verify(r, s, fields, body, keys, now)
end

-- ---- the chain ----

local function part_facts(s, wrong)
  return {domain = s.domain, selector = s.selector, algorithm = s.algorithm, verdict = wrong and wrong.verdict or "pass", text = wrong and wrong.text,
    change = s.change, time = s.time or tags.number(s.values and s.values.t), key = s.key and dkim_key.facts(s.key) or nil}
end

local of_set = {__order = {"instance", "domain", "cv", "seal", "message_signature", "results"}}

local function examine_set(r, sets, i, fields, body, keys, now)
  local line = r:note(("set %d"):format(i))
  local seal, of_seal = r:inside(verify_seal, r, sets, i, keys)
  local message, of_message = r:inside(verify_message, r, sets[i].message_signature, fields, body, keys, now)
  line.what = ("set %d of %s"):format(i, seal.domain or "?")
  local words = {"cv=" .. (seal.cv or "?"), "seal " .. (of_seal and of_seal.verdict .. ": " .. of_seal.text or "pass"),
    "signature " .. (of_message and of_message.verdict .. ": " .. of_message.text or "pass")}
  line.answer = table.concat(words, "; ")
  local facts = setmetatable({instance = i, domain = seal.domain, cv = seal.cv, seal = part_facts(seal, of_seal),
    message_signature = part_facts(message, of_message), results = authres.read(sets[i].results.value)}, of_set)
  return facts, of_seal, of_message
end

local function of_cv(i, cv)
  if cv == "fail" then return broken(("instance %d says that the chain was broken already (cv=fail)"):format(i), {id = "arc-cv"}) end
  local wanted = i == 1 and "none" or "pass"
  if cv ~= wanted then return broken(("instance %d says cv=%s, where only cv=%s can be"):format(i, cv or "", wanted), {id = "arc-cv"}) end
end

-- What breaks the chain, from the newest set on; the oldest set over whose signature the mail still is.
local function examine(r, sets, highest, fields, body, now)
  local keys, first, where, oldest = {}, nil, nil, nil
  local whole = true
  for i = highest, 1, -1 do
    local facts, of_seal, of_message = examine_set(r, sets, i, fields, body, keys, now)
    table.insert(r.instances, 1, facts)
    local wrong = of_cv(i, facts.cv) or of_seal
    if not wrong and i == highest and of_message then
      wrong = problem(of_message.verdict == "temperror" and "temperror" or "fail", "arc-message-signature", of_message.text, of_message)
    end
    if wrong and not first then first, where = wrong, i end
    whole = whole and not of_message
    if whole then oldest = i end
    if of_message and i < highest then
      r:finding {id = "arc-changed", level = "info", evidence = facts.message_signature.domain,
        text = ("The mail was changed behind instance %d, by %s or before it: %s."):format(i, r.instances[2].domain or "the next", of_message.text)}
    end
    if facts.cv == "fail" and i == highest then break end
  end
  return first, where, oldest
end

local function sealer(r, instance)
  for _, set in ipairs(r.instances) do
    if set.instance == instance then return set.domain or "nobody known" end
  end
  return "nobody known"
end

local function conclude(r, highest, first, where, oldest)
  if first then
    local cannot = first.verdict == "temperror"
    local at = where and (" at instance %d, of %s"):format(where, sealer(r, where)) or ""
    local text = ("The chain %s%s: %s."):format(cannot and "cannot be judged" or "is broken", at, first.text)
    r.broken_at = where
    r:finding {id = first.id, level = cannot and "warn" or "fail", text = text, fix = first.fix, reference = first.reference}
    return r:finish {verdict = first.verdict, fix = first.fix, reference = first.reference, summary = text}
  end
  r.oldest_pass = oldest
  return r:finish {verdict = "pass",
    summary = ("The chain of %d set%s holds; the last was sealed by %s."):format(highest, highest == 1 and "" or "s", sealer(r, highest))}
end

-- Adds the chain to a record. Callers: below, and policy.message.
function arc.examine(r, fields, body, now)
  local sets, highest, wrong = collect(fields)
  r.instances = {}
  if highest == 0 and not wrong then
    return r:finish {verdict = "none", summary = "The mail carries no ARC chain: nobody on its way vouches for what was found of it before."}
  end
  if wrong then return conclude(r, highest, wrong) end
  return conclude(r, highest, examine(r, sets, highest, fields, body, now))
end

-- policy.arc(message [, {timeout=, lookups=, time=}])
function arc.arc(message, options)
  options = record.check_options(options, known, "policy.arc")
  local fields, body, err = dkim.open(message, "policy.arc")
  if not fields then return nil, body, err end
  local r = record.new {policy = "arc", subject = "a mail", timeout = options.timeout, lookups = options.lookups}
  return arc.examine(r, fields, body, options.time or os.time())
end

return arc
