-- Owns: one signature over a mail: DKIM-Signature (RFC 6376) and ARC-Message-Signature (RFC 8617) read, and the bytes that they cover.
-- Callers: policy.dkim and policy.arc. A problem is {verdict, id, text, fix, reference, evidence}; texts go on a sentence.
local dkim_key = require "ehlo.policy.dkim_key"
local tags = require "ehlo.policy.tags"
local signature = {}

local FUTURE, NAMES = 300, 500 -- seconds by which clocks may differ; fields that a signature may name
local algorithms = {["rsa-sha256"] = {"rsa", "sha256"}, ["rsa-sha1"] = {"rsa", "sha1"}, ["ed25519-sha256"] = {"ed25519", "sha256"}}
local forms = {simple = true, relaxed = true}

function signature.problem(verdict, id, text, more)
  more = more or {}
  return {verdict = verdict, id = id, text = text, fix = more.fix, reference = more.reference, evidence = more.evidence}
end
local problem = signature.problem

local function syntax(text)
  return problem("neutral", "dkim-syntax", text, {fix = "Look at the software that signs.", reference = "RFC 6376 section 3.5"})
end

-- "relaxed/simple": of the header and of the body.
local function forms_of(text)
  local header, body = (text or "simple/simple"):lower():match("^%s*(%a+)%s*/?%s*(%a*)%s*$")
  if body == "" then body = "simple" end
  if forms[header or ""] and forms[body or ""] then return header, body end
end

-- The domain below which an identity may lie: "user@a.example.org" is within "example.org".
function signature.within(name, domain)
  name, domain = name:lower(), domain:lower()
  return name == domain or name:sub(-#domain - 1) == "." .. domain
end

local function signed_names(s, values)
  s.signed = tags.list(tags.bare(values.h), ":")
  if #s.signed > NAMES then return syntax(("it covers more than %d fields (h=)"):format(NAMES)) end
  local from = false
  for i, name in ipairs(s.signed) do
    s.signed[i] = name:lower()
    from = from or s.signed[i] == "from"
  end
  if not from then
    return problem("permerror", "dkim-from-unsigned", "it does not cover the From field (h=)",
      {fix = "Have the software that signs cover From.", reference = "RFC 6376 section 5.4"})
  end
end

local function identity(s, values)
  s.identity = values.i or "@" .. s.domain
  local at = s.identity:match("^.*()@")
  if not at then return syntax("its identity (i=) has no @") end
  if not signature.within(s.identity:sub(at + 1), s.domain) then
    return problem("permerror", "dkim-identity", ("its identity i=%s does not lie within its domain d=%s"):format(s.identity, s.domain),
      {fix = "Sign with d= that is the domain of i=, or above it.", reference = "RFC 6376 section 6.1.1"})
  end
end

local function times(s, values)
  s.time, s.expires = tags.number(values.t), tags.number(values.x)
  if values.t and not s.time then return syntax("its time (t=) is no number of seconds") end
  if values.x and not s.expires then return syntax("its end (x=) is no number of seconds") end
  if s.time and s.expires and s.expires <= s.time then return syntax("it ends (x=) before it begins (t=)") end
end

local function binary(s, values)
  s.signature, s.body_hash = crypto.unbase64(tags.bare(values.b)), crypto.unbase64(tags.bare(values.bh))
  if not s.signature or s.signature == "" then return syntax("its signature (b=) is no base64") end
  if not s.body_hash then return syntax("its hash of the body (bh=) is no base64") end
end

local function method(s, values)
  s.algorithm = values.a:lower()
  local row = algorithms[s.algorithm]
  if not row then
    return problem("neutral", "dkim-algorithm", ("nobody knows its algorithm a=%s"):format(values.a), {reference = "RFC 6376 section 3.3"})
  end
  s.key_type, s.hash = row[1], row[2]
  s.header_form, s.body_form = forms_of(values.c)
  if not s.header_form then return syntax(("nobody knows its canonical form c=%s"):format(values.c)) end
  s.canonicalization = s.header_form .. "/" .. s.body_form
  s.length = tags.number(values.l)
  if values.l and not s.length then return syntax("its length (l=) is no number") end
  local queries = values.q and tags.list(values.q:lower(), ":")
  if queries and not table.concat(queries, " "):find("dns/txt", 1, true) then
    return problem("neutral", "dkim-query", "its key is not to be had from DNS (q=)", {reference = "RFC 6376 section 3.5"})
  end
end

local required = {"b", "bh", "d", "h", "s", "a"}

-- A signature read from a field {name, value, raw}; its `problem` says why it cannot be used. arc: i= is a number, and there is no v=.
function signature.read(field, arc)
  local s = {field = field}
  local values, why = tags.parse(field.value)
  if not values then
    s.problem = syntax("its tags cannot be read: " .. why)
    return s
  end
  s.values, s.domain, s.selector = values, values.d, values.s
  if not arc and values.v ~= "1" then
    s.problem = syntax(values.v and ("nobody knows its version v=%s"):format(values.v) or "it has no version (v=)")
    return s
  end
  for _, name in ipairs(required) do
    if not values[name] then
      s.problem = syntax(("it has no %s="):format(name))
      return s
    end
  end
  s.problem = method(s, values) or binary(s, values) or signed_names(s, values) or not arc and identity(s, values) or times(s, values) or nil
  return s
end

-- What its dates say at a time.
function signature.dates(s, now)
  if s.expires and s.expires < now then
    return problem("permerror", "dkim-expired", ("it expired on %s (x=)"):format(os.date("!%Y-%m-%d %H:%M UTC", s.expires)),
      {fix = "Nothing, if the mail is old; else let signatures hold for at least a week.", reference = "RFC 6376 section 3.5"})
  elseif s.time and s.time > now + FUTURE then
    return problem("policy", "dkim-future", ("it is dated %s, in the future (t=)"):format(os.date("!%Y-%m-%d %H:%M UTC", s.time)),
      {fix = "Set the clock of the machine that signs.", reference = "RFC 6376 section 3.5"})
  end
end

-- The fields that the names stand for, in their order, from the bottom of the header up; false where there is none (any more).
function signature.pick(fields, names)
  local places, picked = {}, {}
  for i, field in ipairs(fields) do
    local name = field.name:lower()
    places[name] = places[name] or {}
    table.insert(places[name], i)
  end
  for i, name in ipairs(names) do
    local list = places[name]
    picked[i] = list and #list > 0 and fields[table.remove(list)] or false
  end
  return picked, places
end

-- The bytes that are signed: the fields picked, and the signature's own without its value.
function signature.bytes(s, picked, form)
  local parts = {}
  for _, field in ipairs(picked) do
    if field then parts[#parts + 1] = mail.canonical_field(field.raw, form) end
  end
  local colon = s.field.raw:find(":", 1, true)
  local own = s.field.raw:sub(1, colon) .. tags.without_value(s.field.raw:sub(colon + 1):gsub("\r\n$", ""), "b")
  parts[#parts + 1] = mail.canonical_field(own, form):gsub("\r\n$", "")
  return table.concat(parts)
end

-- The hash of the body as this signature wants it, and the body's canonical form.
function signature.hash_body(s, body)
  local canonical = mail.canonical_body(body, s.body_form, s.length)
  return crypto.hash(s.hash, canonical), canonical
end

local OF_KEY = "RFC 6376 section 3.6.1"

-- Why a key must not be used: when, the finding, what is said of the signature, what to do, by which rule.
local refusals = {
  {function(_, key) return key.revoked end, "dkim-key-revoked", function() return "its key was revoked (p= is empty)" end, nil, OF_KEY},
  {function(_, key) return key.malformed end, "dkim-key-malformed", function(_, key) return "its key is malformed: " .. key.malformed end,
    "Publish the record anew, in one piece.", OF_KEY},
  {function(s, key) return key.type ~= s.key_type end, "dkim-key-type",
    function(s, key) return ("its key is of the type %s, and its algorithm is %s"):format(key.type, s.algorithm) end,
    "Publish the key that signs.", "RFC 6376 section 6.1.2"},
  {function(s) return s.hash == "sha1" end, "dkim-sha1", function() return "it was made with SHA-1, which must no longer be accepted" end,
    "Sign with rsa-sha256.", "RFC 8301 section 3.1"},
  {function(s, key) return not dkim_key.allows(key, s.hash) end, "dkim-key-hashes",
    function(s) return ("its key does not allow %s (h=)"):format(s.hash) end, "Take h= out of the key's record.", OF_KEY},
  {function(_, key) return not dkim_key.for_mail(key) end, "dkim-key-service", function() return "its key is not meant for mail (s=)" end,
    "Take s= out of the key's record.", OF_KEY},
  {function(s, key) return key.strict and s.identity and s.identity:lower():match("@([^@]*)$") ~= s.domain:lower() end, "dkim-key-strict",
    function(s) return ("its key forbids subdomains (t=s), and its identity is i=%s"):format(s.identity) end,
    "Sign with i= in the domain itself, or take t=s out of the key's record.", OF_KEY},
  {function(_, key) return key.type == "rsa" and key.bits < 1024 end, "dkim-key-weak",
    function(_, key) return ("its key has only %d bits"):format(key.bits) end, "Sign with a key of 2,048 bits.", "RFC 8301 section 3.2"},
}

local function refuse_key(s, key)
  for _, row in ipairs(refusals) do
    if row[1](s, key) then
      return problem("permerror", row[2], row[3](s, key), {fix = row[4], reference = row[5], evidence = key.malformed and key.text})
    end
  end
end

-- Its key, looked up once for all that share it; nil and the problem, where there is none that may be used.
function signature.key(r, s, keys)
  local name = s.selector .. "._domainkey." .. s.domain
  local known = keys[name]
  if not known then
    known = table.pack(dkim_key.fetch(r, name))
    keys[name] = known
  end
  local key, verdict, id, text = table.unpack(known, 1, 4)
  if not key then
    local fix = id == "dkim-key-missing" and "Publish the key, or sign with a selector whose key is published." or nil
    return nil, problem(verdict, id, text, {fix = fix, reference = "RFC 6376 section 6.1.2"})
  end
  s.key = key
  return key, refuse_key(s, key)
end

return signature
