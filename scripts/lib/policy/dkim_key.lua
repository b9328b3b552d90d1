-- Owns: the public keys of DKIM: the record at SELECTOR._domainkey.DOMAIN, read and judged (RFC 6376 section 3.6, RFC 8301, RFC 8463).
-- Callers: policy.dkim_key, and the verifiers of signatures beside it.
local record = require "ehlo.policy.record"
local tags = require "ehlo.policy.tags"
local dkim_key = {}

local LEAST, GOOD = 1024, 2048 -- bits of an RSA key: RFC 8301 section 3.2
local known = {timeout = true}

local function set_of(list)
  local set = {}
  for _, item in ipairs(list) do set[item:lower()] = true end
  return set
end

-- 1024 as "1,024".
local function grouped(n) return (tostring(n):reverse():gsub("(%d%d%d)", "%1,"):reverse():gsub("^,", "")) end

local function malformed(text) return {malformed = text} end

local function read_bytes(key, encoded)
  local bytes = crypto.unbase64(tags.bare(encoded))
  if not bytes then
    key.malformed = "p= is no base64: the record may have been cut, or quotes or blanks got into it when it was pasted"
    return
  end
  local opened, message = crypto.key(key.type, bytes)
  if not opened then
    key.malformed = ("p= is no key of the type k=%s: %s; it may have been cut when it was pasted"):format(key.type, message)
    return
  end
  key.key, key.bits, key.form = opened, opened:bits(), opened:form()
end

-- A record as a table: version, type, bits, form, hashes, services, flags, notes, revoked, key (the object that verifies), or
-- malformed, which says why.
function dkim_key.parse(text)
  local values, list = tags.parse(text)
  if not values then return malformed(list) end
  if values.v and (values.v ~= "DKIM1" or list[1].name ~= "v") then
    return malformed(values.v == "DKIM1" and "v= is not its first tag" or ("its version is not DKIM1 but \"%s\""):format(values.v))
  end
  if not values.p then return malformed("it has no p=, which holds the key") end
  local key = {version = values.v, type = (values.k or "rsa"):lower(), notes = values.n,
    hashes = values.h and tags.list(values.h, ":"), services = values.s and tags.list(values.s, ":"), flags = tags.list(values.t or "", ":")}
  local flags = set_of(key.flags)
  key.testing, key.strict = flags.y == true, flags.s == true
  if values.p == "" then
    key.revoked = true
  elseif key.type ~= "rsa" and key.type ~= "ed25519" then
    key.malformed = ("nobody knows keys of the type k=%s"):format(key.type)
  else
    read_bytes(key, values.p)
  end
  return key
end

-- Whether the key may be used with this hash ("sha256"), and for mail.
function dkim_key.allows(key, hash) return not key.hashes or set_of(key.hashes)[hash] == true end
function dkim_key.for_mail(key)
  local services = key.services and set_of(key.services)
  return not services or services["*"] == true or services.email == true
end

-- Which of the TXT records is the key: they must be one; others that are no keys at all are told of.
local function choose(list)
  local keys = {}
  for _, r in ipairs(list) do
    local values = tags.parse(r.text or "")
    if values and (values.p or values.v == "DKIM1") then keys[#keys + 1] = r end
  end
  if #keys == 0 then return list[1], #list end
  return keys[1], #keys
end

-- Records in a line of the trace: long keys are shortened, for nobody reads them.
local function shown(list)
  local parts = {}
  for i, r in ipairs(list) do
    parts[i] = '"' .. (r.text or ""):gsub("([%w+/]+[%w+/%s]*)", function(run)
      return #run > 60 and run:sub(1, 24) .. "..." .. run:sub(-12) or run
    end) .. '"'
  end
  return table.concat(parts, ", ")
end

-- The key record of a name, within the record of a policy: a key with text, secure, aliases and strangers (TXT records that are no keys).
-- Else nil, "temperror" or "permerror", an id, and what to say.
function dkim_key.fetch(r, name)
  local list, message, err = r:lookup("txt", name, {show = shown})
  local reason = err and err.reason
  if not list and reason ~= "nxdomain" and reason ~= "no-data" then
    if reason == "name" then return nil, "permerror", "dkim-key-name", "the name of the key is none that DNS could hold" end
    return nil, "temperror", "dkim-key-lookup", ("the key could not be looked up (%s)"):format(record.answer("txt", nil, message, err))
  end
  if not list or #list == 0 then return nil, "permerror", "dkim-key-missing", "there is no key at " .. name end
  local chosen, count = choose(list)
  if count > 1 then
    return nil, "permerror", "dkim-key-several", ("there are %d keys at %s, and no rule says which one counts"):format(count, name)
  end
  local key = dkim_key.parse(chosen.text or "")
  key.text, key.secure, key.strangers = chosen.text, list.secure == true, #list - 1
  key.canonical = list.canonical
  return key
end

-- What is to be said of any key: used where one is looked at for itself, and with the signatures made by it.
function dkim_key.findings(key, name)
  local found = {}
  local function add(id, level, text, fix, reference)
    found[#found + 1] = {id = id, level = level, text = text, evidence = name, fix = fix, reference = reference}
  end
  if key.bits and key.type == "rsa" and key.bits < LEAST then
    add("dkim-key-weak", "fail", ("The key has %d bits: receivers must not accept keys of fewer than 1,024."):format(key.bits),
      "Publish a key of 2,048 bits under a new selector, and sign with it.", "RFC 8301 section 3.2")
  elseif key.bits and key.type == "rsa" and key.bits < GOOD then
    add("dkim-key-short", "warn", ("The key has %s bits; 2,048 are what signers should use."):format(grouped(key.bits)),
      "Publish a key of 2,048 bits under a new selector, and sign with it.", "RFC 8301 section 3.2")
  end
  if key.form == "pkcs1" or key.form == "spki" and key.type == "ed25519" then
    add("dkim-key-form", "warn", ("The key is written in another form (%s) than DKIM's, which some receivers cannot read."):format(key.form),
      "Write the key as the standard has it: RSA as SubjectPublicKeyInfo, Ed25519 as its 32 bytes alone.",
      "RFC 6376 section 3.6.1; RFC 8463 section 4")
  end
  if key.testing then
    add("dkim-key-testing", "warn", "The key says that it is being tested (t=y): receivers treat the mail as if it were not signed.",
      "Take t=y out of the record once signatures pass.", "RFC 6376 section 3.6.1")
  end
  if key.hashes and not dkim_key.allows(key, "sha256") then
    add("dkim-key-hashes", "fail", "The key allows no SHA-256 (h=), and nothing else may be used.", "Take h= out of the record.",
      "RFC 8301 section 3.1")
  end
  if not dkim_key.for_mail(key) then
    add("dkim-key-service", "fail", "The key is not meant for mail (s=).", "Take s= out of the record.", "RFC 6376 section 3.6.1")
  end
  if (key.strangers or 0) > 0 then
    add("dkim-key-strangers", "warn", "Other TXT records stand beside the key: some receivers take any of them for it.",
      "Leave nothing but the key at that name.", "RFC 6376 section 3.6.2.2")
  end
  return found
end

-- The facts of a key as they go into records: no objects.
function dkim_key.facts(key)
  return {type = key.type, bits = key.bits, form = key.form, testing = key.testing, strict = key.strict, hashes = key.hashes, services = key.services,
    revoked = key.revoked or false, notes = key.notes, secure = key.secure, text = key.text, malformed = key.malformed}
end

local function article(key)
  if key.type == "ed25519" then return "an Ed25519 key" end
  return ("an RSA key of %s bits"):format(grouped(key.bits))
end

local missing = {
  ["dkim-key-missing"] = {"none", "Publish the key at this name, or sign with a selector whose key is published."},
  ["dkim-key-several"] = {"invalid", "Leave one of them; a new key gets a selector of its own."},
  ["dkim-key-lookup"] = {"temperror", "Try again; if it stays so, look at the name servers of the domain."},
  ["dkim-key-name"] = {"invalid", "Look at the selector and the domain: labels have at most 63 bytes, names 253."},
}

local function conclude(r, key)
  if key.malformed then
    r:finding {id = "dkim-key-malformed", level = "fail", text = "The record is malformed: " .. key.malformed .. ".", evidence = key.text,
      fix = "Publish the record anew, in one piece.", reference = "RFC 6376 section 3.6.1"}
    return r:finish {verdict = "invalid", summary = "The key cannot be used: " .. key.malformed .. ".",
      fix = "Publish the record anew, in one piece."}
  elseif key.revoked then
    r:finding {id = "dkim-key-revoked", level = "warn", text = "The key was revoked (p= is empty): signatures of this selector fail.",
      reference = "RFC 6376 section 3.6.1"}
    return r:finish {verdict = "revoked", summary = "The key was revoked.", fix = "Nothing, unless mail is still signed with this selector."}
  end
  local fix, broken = nil, nil
  for _, finding in ipairs(dkim_key.findings(key, r.subject)) do
    r:finding(finding)
    if finding.level == "fail" then broken = broken or finding end
    fix = fix or finding.fix
  end
  if broken then return r:finish {verdict = "invalid", summary = broken.text, fix = broken.fix} end
  return r:finish {verdict = key.testing and "testing" or "present", fix = fix,
    summary = ("There is %s%s."):format(article(key), key.testing and ", which is being tested" or "")}
end

local function check_name(value, what)
  if type(value) ~= "string" or value == "" then error(("policy.dkim_key: %s: a string was expected"):format(what), 4) end
  return (value:gsub("%.$", ""))
end

-- policy.dkim_key(selector, domain [, options])
function dkim_key.dkim_key(selector, domain, options)
  selector, domain = check_name(selector, "selector"), check_name(domain, "domain")
  options = record.check_options(options, known, "policy.dkim_key")
  local name = selector .. "._domainkey." .. domain
  local r = record.new {policy = "dkim_key", subject = name, selector = selector, domain = domain, timeout = options.timeout}
  local key, _, id, text = dkim_key.fetch(r, name)
  if key then
    for fact, value in pairs(dkim_key.facts(key)) do r[fact] = value end
    return conclude(r, key)
  end
  local verdict, fix = table.unpack(missing[id])
  local sentence = text:sub(1, 1):upper() .. text:sub(2) .. "."
  if verdict ~= "none" then r:finding {id = id, level = "fail", text = sentence, fix = fix, reference = "RFC 6376 section 3.6.2"} end
  return r:finish {verdict = verdict, summary = sentence, fix = fix, reference = "RFC 6376 section 3.6.2"}
end

return dkim_key
