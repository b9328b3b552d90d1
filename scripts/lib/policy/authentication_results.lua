-- Owns: Authentication-Results fields (RFC 8601) and those of ARC, read: which server says what of a mail. Callers:
-- policy.authentication_results, policy.arc. What is not as the grammar has it is read as far as it can be, and told.
local record = require "ehlo.policy.record"
local authres = {}

local BYTES, RESULTS, PROPERTIES, DEPTH = 1 << 16, 200, 100, 20

-- Methods and their results: RFC 8601 section 2.7, and the registry of IANA.
local sender = "pass fail none policy neutral softfail temperror permerror"
local known = {
  spf = sender, ["sender-id"] = sender, dkim = "none pass fail policy neutral temperror permerror",
  domainkeys = "none pass fail policy neutral temperror permerror", auth = "none pass fail temperror permerror",
  iprev = "pass fail temperror permerror", dmarc = "none pass fail temperror permerror", arc = "none pass fail",
  ["dkim-adsp"] = "none pass unknown fail discard nxdomain temperror permerror", ["dkim-atps"] = "none pass fail temperror permerror",
  smime = "none pass fail policy neutral temperror permerror", rrvs = "none pass fail temperror permerror unknown",
  vbr = "none pass fail temperror permerror", dnswl = "none pass temperror permerror", bimi = "none pass fail temperror declined skipped",
}
for method, words in pairs(known) do
  local set = {}
  for word in words:gmatch("%S+") do set[word] = true end
  known[method] = set
end

-- ---- scanning: a state is {text, at, comments} ----

-- A comment, nested ones included, from the parenthesis at s.at; false where it has no end.
local function comment(s)
  local depth, at = 0, s.at
  while at <= #s.text do
    local c = s.text:sub(at, at)
    if c == "\\" then
      at = at + 1
    elseif c == "(" then
      depth = depth + 1
    elseif c == ")" then
      depth = depth - 1
    end
    at = at + 1
    if depth == 0 then
      if s.comments then s.comments[#s.comments + 1] = s.text:sub(s.at + 1, at - 2):gsub("%s+", " ") end
      s.at = at
      return true
    end
    if depth > DEPTH then return false end
  end
  return false
end

-- Blanks and comments.
local function skip(s)
  while s.at <= #s.text do
    s.at = s.text:match("^%s*()", s.at)
    if s.text:sub(s.at, s.at) ~= "(" then return end
    if not comment(s) then -- it swallows all that follows
      s.endless, s.at = true, #s.text + 1
    end
  end
end

local function quoted(s)
  local at, parts = s.at + 1, {}
  while at <= #s.text do
    local c = s.text:sub(at, at)
    if c == '"' then
      s.at = at + 1
      return table.concat(parts)
    end
    if c == "\\" then
      at = at + 1
      c = s.text:sub(at, at)
    end
    parts[#parts + 1] = c
    at = at + 1
  end
end

-- A value: quoted, or up to a blank, a semicolon or a comment.
local function value(s)
  skip(s)
  if s.text:sub(s.at, s.at) == '"' then
    local text = quoted(s)
    local rest = text and s.text:match("^@[^%s;()]+", s.at)
    if rest then s.at = s.at + #rest end
    return text and text .. (rest or "")
  end
  local text = s.text:match("^[^%s;()]+", s.at)
  if text then s.at = s.at + #text end
  return text
end

local function word(s, pattern)
  skip(s)
  local text = s.text:match("^" .. pattern, s.at)
  if text then s.at = s.at + #text end
  return text
end

local function sign(s, c)
  skip(s)
  if s.text:sub(s.at, s.at) ~= c then return false end
  s.at = s.at + 1
  return true
end

-- ---- the grammar ----

-- ptype.property=value, or reason=value.
local function property(s, result)
  local start = s.at
  local type = word(s, "[%w-]+")
  if type and type:lower() == "reason" and sign(s, "=") then
    result.reason = value(s) or ""
    return true
  end
  local name = type and sign(s, ".") and word(s, "[%w_-]+")
  if name and sign(s, "=") then
    result.properties[#result.properties + 1] = {type = type:lower(), property = name:lower(), value = value(s) or ""}
    return #result.properties < PROPERTIES
  end
  s.at = start
  return false
end

local of_result = {__order = {"method", "result", "version", "reason", "properties", "comments"}}

-- One result between two semicolons; nil where there is none.
local function result_of(s)
  local result = setmetatable({properties = {}, comments = {}}, of_result)
  s.comments = result.comments
  result.method = word(s, "[%w_-]+")
  if not result.method then return end
  if sign(s, "/") then result.version = word(s, "%d+") end
  if not sign(s, "=") then
    if result.method:lower() == "none" then return nil, true end
    return
  end
  result.result = word(s, "[%w_-]+")
  if not result.result then return end
  result.method, result.result = result.method:lower(), result.result:lower()
  repeat skip(s) until not property(s, result)
  skip(s)
  return result
end

local function head(s, out)
  out.server = value(s)
  if out.server and out.server:find("=", 1, true) then -- as Microsoft writes it: no name of the server, results at once
    out.server, s.at = nil, 1
    out.anomalies[#out.anomalies + 1] = "it does not name the server that says so"
    return
  end
  out.version = word(s, "%d+")
  if not out.server then out.anomalies[#out.anomalies + 1] = "it does not name the server that says so" end
end

local function results(s, out)
  while #out.results < RESULTS do
    skip(s)
    if s.at > #s.text then return end
    local from = s.at
    local result, none = result_of(s)
    if none then out.none = true end
    if result then out.results[#out.results + 1] = result end
    skip(s)
    if s.text:sub(s.at, s.at) ~= ";" and s.at <= #s.text or not result and not none and s.text:sub(from, from) ~= ";" then
      local stop = s.text:find(";", s.at, true) or #s.text + 1
      local text = s.text:sub(result and s.at or from, stop - 1):gsub("%s+", " "):sub(1, 80)
      if text:find("%S") then out.anomalies[#out.anomalies + 1] = ("\"%s\" is no result"):format(text) end
      s.at = stop
    end
    s.at = s.at + 1
  end
  out.anomalies[#out.anomalies + 1] = ("it has more than %d results"):format(RESULTS)
end

local of_field = {__order = {"field", "server", "version", "instance", "none", "results", "anomalies"}}

-- The value of one field: {server, version, results, none, anomalies}; of ARC's with its instance.
function authres.read(text)
  local out = setmetatable({results = {}, anomalies = {}, none = false}, of_field)
  if #text > BYTES then
    out.anomalies[1] = ("it has more than %d bytes"):format(BYTES)
    return out
  end
  local s = {text = text, at = 1}
  local instance, rest = text:match("^%s*i%s*=%s*(%d%d?%d?)%s*;()")
  if instance then out.instance, s.at, s.text = math.tointeger(tonumber(instance)), 1, text:sub(rest) end
  head(s, out)
  skip(s)
  if s.at <= #s.text and s.text:sub(s.at, s.at) == ";" then s.at = s.at + 1 end
  results(s, out)
  if s.endless then out.anomalies[#out.anomalies + 1] = "a comment in it has no end" end
  if #out.results == 0 and not out.none then out.anomalies[#out.anomalies + 1] = "it has no results" end
  return out
end

-- ---- the record ----

local function shown(result)
  local parts = {}
  for i, p in ipairs(result.properties) do parts[i] = ("%s.%s=%s"):format(p.type, p.property, p.value) end
  if result.reason then table.insert(parts, 1, ("reason=\"%s\""):format(result.reason)) end
  for _, text in ipairs(result.comments) do parts[#parts + 1] = "(" .. text .. ")" end
  return table.concat(parts, " ")
end

local function judge(r, field)
  local server = field.server or "no server"
  for _, anomaly in ipairs(field.anomalies) do
    r:finding {id = "authres-syntax", level = "warn", text = "A field is not as the standard has it: " .. anomaly .. ".", evidence = server,
      reference = "RFC 8601 section 2.2"}
  end
  if field.version and field.version ~= "1" then
    r:finding {id = "authres-version", level = "warn", text = "A field has a version that nobody knows: " .. field.version .. ".", evidence = server,
      reference = "RFC 8601 section 2.5"}
  end
  for _, result in ipairs(field.results) do
    local words = known[result.method]
    if words and not words[result.result] then
      r:finding {id = "authres-result", level = "warn", text = ("%s has no result \"%s\"."):format(result.method, result.result), evidence = server,
        reference = "RFC 8601 section 2.7"}
    end
  end
end

local function fields_of(text)
  local list = {}
  for _, field in ipairs(mail.fields(text) or {}) do
    local name = field.name:lower()
    if name == "authentication-results" or name == "arc-authentication-results" then list[#list + 1] = field end
  end
  if #list == 0 and not text:find("^[%w-]+:") then list[1] = {name = "Authentication-Results", value = text} end
  return list
end

-- policy.authentication_results(text): the fields of a mail or of a header, or the value of one.
function authres.authentication_results(text)
  if type(text) ~= "string" then error("policy.authentication_results: a string was expected, not a " .. type(text), 3) end
  local r = record.new {policy = "authentication_results", subject = "a mail", fields = {}}
  local count = 0
  for _, raw in ipairs(fields_of(text)) do
    local field = authres.read(raw.value)
    field.field = raw.name
    r.fields[#r.fields + 1] = field
    count = count + #field.results
    r:note(field.server or "a server that is not named", field.none and "no results" or nil)
    r:inside(function()
      for _, result in ipairs(field.results) do r:note(("%s=%s"):format(result.method, result.result), shown(result)) end
    end)
    judge(r, field)
  end
  if #r.fields == 0 then return r:finish {verdict = "none", summary = "There is no Authentication-Results field."} end
  local one = #r.fields == 1
  return r:finish {verdict = count > 0 and "present" or "none", reference = "RFC 8601 section 5",
    summary = ("%d %s in %d field%s. Anybody can write such fields: believe only those of servers that you trust."):format(count,
      count == 1 and "result" or "results", #r.fields, one and "" or "s")}
end

return authres
