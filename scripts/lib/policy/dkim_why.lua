-- Owns: why a signature does not hold: what was done to the mail since, where that can be proved by undoing it. Callers: policy.dkim and
-- policy.arc. Every guess is tried against the signature itself: what is told is what makes it hold again.
local signature = require "ehlo.policy.signature"
local why = {}

local BODY, COPIED = 8 << 20, 16384 -- bytes of a body that is tried, and of a z=
local TRIALS, HEADER = 400, 16 << 20 -- headers that are tried, and bytes of all of them

local function plural(n, word) return ("%d %s%s"):format(n, word, n == 1 and "" or "s") end
local function count_lines(text) return select(2, text:gsub("\r\n", "")) end

-- ---- the body ----

-- What may have been done to a body, and how it is undone.
local repairs = {
  {"a line that begins with a dot lost that dot on the way", function(body) return ("\r\n" .. body):gsub("\r\n%.", "\r\n.."):sub(3) end},
  {"the dots that SMTP doubles were left doubled", function(body) return ("\r\n" .. body):gsub("\r\n%.%.", "\r\n."):sub(3) end},
  {"lines that begin with \"From \" were marked with \">\"", function(body) return ("\r\n" .. body):gsub("\r\n>From ", "\r\nFrom "):sub(3) end},
  {"blanks were added at the ends of lines", function(body) return (body:gsub("[ \t]+\r\n", "\r\n")) end},
  {"carriage returns were added at the ends of lines", function(body) return (body:gsub("\r+\n", "\r\n")) end},
  {"long lines were broken on the way", function(body) return (body:gsub("\r\n ", "")) end},
  {"empty lines were put in front", function(body) return (body:gsub("^[\r\n]+", "")) end},
}

local function by_form(s, body)
  local other = s.body_form == "simple" and "relaxed" or "simple"
  if crypto.hash(s.hash, mail.canonical_body(body, other, s.length)) == s.body_hash then
    return {how = "other-form", text = ("the body was hashed in the %s form, though the signature says %s (c=)"):format(other, s.body_form)}
  end
  if crypto.hash(s.hash, (mail.canonical_body(body, s.body_form, s.length):gsub("\r\n", "\n"))) == s.body_hash then
    return {how = "bare-lf", text = "the body was hashed with bare line feeds: the software that signs was not given lines as SMTP has them"}
  end
end

local function by_end(s, canonical)
  if crypto.hash(s.hash, mail.canonical_body("", s.body_form)) == s.body_hash then
    return {how = "was-empty", text = "an empty body was signed: the text came later"}
  end
  local length = crypto.prefix(s.hash, canonical, s.body_hash)
  if not length then return end
  local added = canonical:sub(length + 1):gsub("^[\r\n]+", "") -- empty lines at its end are no part of what was signed
  local first = added:match("^[^\r]*")
  return {how = "added-behind", bytes = #added, at = length, line = count_lines(canonical:sub(1, length)) + 1,
    text = ("%s (%s) were added behind the body after it was signed"):format(plural(#added, "byte"), plural(count_lines(added), "line")),
    evidence = first and first:sub(1, 200) or nil}
end

local function by_start(s, body)
  local at = 1
  for n = 1, 20 do
    local stop = body:find("\r\n", at, true)
    if not stop then return end
    at = stop + 2
    if signature.hash_body(s, body:sub(at)) == s.body_hash then
      return {how = "added-in-front", bytes = at - 1, line = 1, text = plural(n, "line") .. " were put in front of the body after it was signed",
        evidence = body:sub(1, 200):match("^[^\r]*")}
    end
  end
end

-- {how, text, evidence, bytes, line}, or nil where nothing simple explains it. canonical: of the whole body, without l=.
function why.body(s, body, canonical)
  if #body > BODY then return end
  local found = by_form(s, body) or by_end(s, canonical)
  if found then return found end
  for _, row in ipairs(repairs) do
    local undone = row[2](body)
    if undone ~= body and signature.hash_body(s, undone) == s.body_hash then return {how = "altered", text = row[1]} end
  end
  return by_start(s, body)
end

-- ---- the header ----

local function field_of(name, value) return {name = name, value = value, raw = name .. ":" .. value .. "\r\n"} end

-- Copies of the list, with one place changed.
local function with(picked, place, field)
  local list = table.move(picked, 1, #picked, 1, {})
  list[place] = field
  return list
end

local encodings = {" 7bit", " 8bit", " quoted-printable", " base64", " binary"}

-- Other values that a field may have had: (field, what was done to it).
local function earlier(field)
  local name, list = field.name, {}
  local function add(value, what) list[#list + 1] = {field_of(name, value), what} end
  local flat = field.value:gsub("\r\n", "")
  if flat ~= field.value then add(flat, "was folded anew") end
  add(" " .. flat:gsub("%s+", " "):match("^%s*(.-)%s*$"), "had its blanks changed")
  if name:lower() == "subject" then
    local rest = flat
    for _ = 1, 6 do
      local word
      word, rest = rest:match("^%s*(%S+)%s+(.*)$")
      if not word then break end
      local added = flat:sub(1, #flat - #rest):match("^%s*(.-)%s*$")
      add(" " .. rest, ("had \"%s\" put in front of it"):format(added:sub(1, 60)))
    end
  elseif name:lower() == "content-transfer-encoding" then
    for _, value in ipairs(encodings) do
      if value:lower() ~= flat:lower() then add(value, ("was \"%s\""):format(value:sub(2))) end
    end
  end
  return list
end

-- Fields as they were when it was signed, by its own account (z=).
local function copied(s)
  local list, text = {}, s.values.z
  if not text or #text > COPIED then return list end
  for item in (text:gsub("%s+", "") .. "|"):gmatch("([^|]*)|") do
    local name, value = item:match("^([^:]+):(.*)$")
    if name then
      value = value:gsub("=(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
      list[name:lower()] = value
    end
  end
  return list
end

local function flat(value) return (value:gsub("%s+", " "):match("^ ?(.-) ?$")) end

local function by_copy(s, picked, holds)
  local changed, list, copies = {}, picked, copied(s)
  for i, field in ipairs(picked) do
    local was = field and copies[s.signed[i]]
    if was and flat(was) ~= flat(field.value) then
      changed[#changed + 1] = ("%s was \"%s\""):format(field.name, flat(was):sub(1, 100))
      list = with(list, i, field_of(field.name, was))
    end
  end
  if #changed == 0 then return end
  local proved = holds(list, s.header_form)
  local account = proved and "" or ", by its own account (z=)"
  return {how = "changed", text = table.concat(changed, ", and ") .. " when it was signed" .. account}
end

-- What is tried: the field gone, another of its name, an earlier value; as (place, field, how, what is told).
local function guesses(s, picked, places)
  return coroutine.wrap(function()
    for i, field in ipairs(picked) do
      if field then coroutine.yield(i, false, "added", "the field %s was added after it was signed") end
    end
    for i, field in ipairs(picked) do
      for _, other in ipairs(field and places[s.signed[i]] or {}) do
        coroutine.yield(i, other, "moved", "another field %s stands where the one that was signed is looked for")
      end
      for _, row in ipairs(field and earlier(field) or {}) do
        coroutine.yield(i, row[1], "changed", "the field %s " .. row[2]:gsub("%%", "%%%%") .. " after it was signed")
      end
    end
  end)
end

local function by_one_field(s, picked, places, holds)
  local trials, bytes = 0, 1
  for _, field in ipairs(picked) do bytes = bytes + (field and #field.raw or 0) end
  local most = math.min(TRIALS, HEADER // bytes)
  for place, field, how, text in guesses(s, picked, places) do
    trials = trials + 1
    if trials > most then return end
    if holds(with(picked, place, field), s.header_form) then
      local name = picked[place].name
      return {how = how, field = name, text = text:format(name)}
    end
  end
end

-- holds(picked, form): whether the signature is over that. fields: all of the header.
function why.header(s, fields, picked, places, holds)
  local other = s.header_form == "simple" and "relaxed" or "simple"
  if holds(picked, other) then
    return {how = "other-form", text = ("the header was hashed in the %s form, though the signature says %s (c=)"):format(other, s.header_form)}
  end
  local rest = {} -- as fields, those of each name that are not signed
  for name, list in pairs(places) do
    rest[name] = {}
    for i, place in ipairs(list) do rest[name][i] = fields[place] end
  end
  return by_copy(s, picked, holds) or by_one_field(s, picked, rest, holds)
end

return why
