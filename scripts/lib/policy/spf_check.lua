-- Owns: check_host (RFC 7208 section 4): a record evaluated for an address, a sender and an EHLO name, with every look-up counted and
-- traced. Callers: spf.lua.
local ip = require "ehlo.policy.ip"
local macro = require "ehlo.policy.spf_macro"
local parse = require "ehlo.policy.spf_parse"
local check = {}

check.LOOKUPS, check.VOIDS, check.NAMES = 10, 2, 10 -- section 4.6.4

local stopped = {}

-- Ends the whole evaluation. why: text, domain, term, and what a finding has.
local function stop(result, why)
  why.result = result
  error(setmetatable(why, stopped), 0)
end

local host

-- A name on its way into the DNS: what presentation form would read otherwise is written as \DDD.
function check.presentable(name)
  return (name:gsub("[\\%c \"();@$]", function(c) return ("\\%03d"):format(c:byte()) end))
end

-- Lists; an empty one for what does not exist, which counts as void unless `free`. Trouble in the DNS ends the evaluation.
local function ask(s, type, name, free)
  local list, message, err = s.r:lookup(type, name)
  if list and #list > 0 then return list end
  local reason = err and err.reason
  if not list and reason ~= "nxdomain" and reason ~= "name" then
    stop("temperror", {text = message, name = name, id = "spf-dns"})
  end
  if free then return {} end
  s.void_lookups = s.void_lookups + 1
  if s.void_lookups > check.VOIDS then
    stop("permerror", {text = ("more than %d look-ups find nothing"):format(check.VOIDS), name = name, id = "spf-too-many-void-lookups",
      reference = "RFC 7208 section 4.6.4"})
  end
  return {}
end

-- f(...) with what stops an evaluation caught: nil and why.
function check.guarded(f, ...)
  local results = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  if getmetatable(results[2]) ~= stopped then error(results[2], 0) end
  return nil, results[2]
end

-- The same where trouble in the DNS is no more than no answer (section 5.5); limits hold.
local function asked(s, ...)
  local list, why = check.guarded(ask, s, ...)
  if why and why.result ~= "temperror" then error(why, 0) end
  return list
end

local function addresses(s, name, free)
  local out = {}
  for i, r in ipairs(ask(s, #s.bytes == 4 and "a" or "aaaa", name, free)) do out[i] = ip.read(r.address) end
  return out
end

local function ends_in(name, domain)
  name, domain = name:lower():gsub("%.$", ""), domain:lower():gsub("%.$", "")
  return name == domain or name:sub(-#domain - 1) == "." .. domain
end

-- The names of the address that lead back to it (section 5.5); trouble on the way is no name.
local function validated(s)
  if s.names and not s.nameless then return s.names end -- a void look-up counts each time
  s.names = {}
  local list = asked(s, "ptr", ip.text(s.bytes)) or {}
  s.nameless = #list == 0
  for i, r in ipairs(list) do
    if i > check.NAMES then break end
    for _, address in ipairs(asked(s, #s.bytes == 4 and "a" or "aaaa", r.host, true) or {}) do
      if ip.read(address.address) == s.bytes then
        s.names[#s.names + 1] = r.host
        break
      end
    end
  end
  return s.names
end

-- %{p}: the domain itself, else a name in it, else any (section 7.3).
local function a_name(s, domain)
  local names, within = validated(s), nil
  for _, name in ipairs(names) do
    if name:lower() == domain:lower() then return name end
    if not within and ends_in(name, domain) then within = name end
  end
  return within or names[1] or "unknown"
end

local values = {
  s = function(s) return s.local_part .. "@" .. s.sender_domain end,
  l = function(s) return s.local_part end,
  o = function(s) return s.sender_domain end,
  d = function(_, domain) return domain end,
  i = function(s) return ip.dotted(s.bytes) end,
  p = a_name,
  v = function(s) return #s.bytes == 4 and "in-addr" or "ip6" end,
  h = function(s) return s.helo end,
  c = function(s) return ip.text(s.bytes) end,
  r = function(s) return s.receiver end,
  t = function() return tostring(os.time()) end,
}

local function expanded(s, parts, domain)
  return macro.expand(parts, function(letter) return values[letter](s, domain) end)
end

-- The name that a term is about; nil where it cannot be one. Local parts beyond ASCII match nothing (RFC 8616 section 4).
local function target(s, term, domain)
  if not term.parts then return domain end
  if macro.uses(term.parts, "sl") and s.local_part:find("[\128-\255]") then return nil end
  return macro.name(expanded(s, term.parts, domain))
end

local function matches_any(s, list, term)
  for _, bytes in ipairs(list) do
    if ip.inside(s.bytes, bytes, #bytes == 4 and term.prefix4 or term.prefix6) then return true end
  end
  return false
end

-- Does the term match the client (section 5)?
local matches = {}

function matches.all() return true end

function matches.ip4(s, term) return ip.inside(s.bytes, term.network, term.prefix) end
matches.ip6 = matches.ip4

function matches.a(s, term, domain)
  local name = target(s, term, domain)
  return name and matches_any(s, addresses(s, check.presentable(name)), term)
end

function matches.mx(s, term, domain)
  local name = target(s, term, domain)
  local hosts = name and ask(s, "mx", check.presentable(name)) or {}
  if #hosts > check.NAMES then
    stop("permerror", {text = ("%s has more than %d MX hosts"):format(name, check.NAMES), id = "spf-too-many-names",
      reference = "RFC 7208 section 4.6.4"})
  end
  table.sort(hosts, function(a, b) return a.preference < b.preference end)
  for _, r in ipairs(hosts) do
    if r.host ~= "." and r.host ~= "" and matches_any(s, addresses(s, r.host), term) then return true end
  end
  return false
end

function matches.ptr(s, term, domain)
  local name = target(s, term, domain)
  for _, found in ipairs(name and validated(s) or {}) do
    if ends_in(found, name) then return true end
  end
  return false
end

function matches.exists(s, term, domain)
  local name = target(s, term, domain)
  return name and #ask(s, "a", check.presentable(name)) > 0
end

function matches.include(s, term, domain)
  local name = target(s, term, domain)
  if not name then return false end
  local result, found = host(s, name)
  if result == "none" then
    stop("permerror", {text = ("include:%s leads to no SPF record"):format(name), id = "spf-include-none", reference = "RFC 7208 section 5.2"})
  end
  return result == "pass", found
end

local function count(s)
  s.lookups = s.lookups + 1
  if s.lookups > check.LOOKUPS then
    stop("permerror", {text = ("more than %d look-ups are needed"):format(check.LOOKUPS), id = "spf-too-many-lookups",
      reference = "RFC 7208 section 4.6.4"})
  end
end

-- Why a term could not be evaluated, with where it stood.
local function at_term(s, domain, term, f, ...)
  local results = table.pack(pcall(f, ...))
  if results[1] then return table.unpack(results, 2, results.n) end
  local why = results[2]
  if getmetatable(why) == stopped and not why.term then
    why.term, why.domain = term.text, domain
    s.mechanism = s.mechanism or term.text
  end
  error(why, 0)
end

local function try_term(s, term, domain)
  local line = s.r:note(term.text)
  local match, inner = at_term(s, domain, term, s.r.inside, s.r, function()
    if parse.asks[term.name] then count(s) end
    return matches[term.name](s, term, domain)
  end)
  line.answer = match and "match" .. (term.name ~= "include" and ": " .. term.result or "") or "no match"
  return match, inner
end

local function redirected(s, term, domain)
  s.r:note(term.text)
  return at_term(s, domain, term, s.r.inside, s.r, function()
    count(s)
    local name = target(s, term, domain)
    local result, found = "none", nil
    if name then result, found = host(s, name) end
    if result == "none" then
      stop("permerror", {text = ("%s leads to no SPF record"):format(term.text), id = "spf-redirect-none", reference = "RFC 7208 section 6.1"})
    end
    return result, found
  end)
end

local function record_of(s, name, list)
  local found = {}
  for _, r in ipairs(list) do
    if parse.is_spf(r.text) then found[#found + 1] = r.text end
  end
  if #found > 1 then
    stop("permerror", {text = ("%s has %d SPF records, and may have one"):format(name, #found), domain = name, id = "spf-several-records",
      reference = "RFC 7208 section 4.5", evidence = table.concat(found, " | ")})
  end
  return found[1]
end

-- The texts of SPF, or how many other ones there are.
local function shown(list)
  local out = {}
  for _, r in ipairs(list) do
    if parse.is_spf(r.text) then out[#out + 1] = '"' .. r.text .. '"' end
  end
  return #out > 0 and table.concat(out, ", ") or ("no SPF among %d text%s"):format(#list, #list == 1 and "" or "s")
end

-- The record of a domain, parsed; nil where it has none.
function check.fetch(s, name)
  local list, message, err = s.r:lookup("txt", check.presentable(name), {show = shown})
  local reason = err and err.reason
  if not list and reason ~= "nxdomain" and reason ~= "name" then
    stop("temperror", {text = message, name = name, domain = name, id = "spf-dns"})
  end
  local text = record_of(s, name, list or {})
  if not text then return nil end
  local record = parse.record(text)
  record.domain = name
  if s.seen then s.seen(record) end
  return record
end

-- check_host() of a domain: the result, and what decided: {record, term, inner (the same of an include's record)}.
function host(s, name)
  local record = check.fetch(s, name)
  if not record then return "none" end
  local mistake = record.errors[1]
  if mistake then
    stop("permerror", {text = mistake.text, domain = name, term = mistake.term, at = mistake.at, id = "spf-syntax",
      reference = "RFC 7208 section 12", evidence = record.text})
  end
  for _, term in ipairs(record.terms) do
    local match, inner
    if not term.modifier then match, inner = try_term(s, term, name) end
    if match then return term.result, {record = record, term = term, inner = inner and (inner.inner or inner)} end
  end
  if record.redirect then return redirected(s, record.redirect, name) end
  return "neutral", {record = record}
end

-- Section 6.2: the text that the domain gives for a fail; nil, or a stop, for whatever goes wrong with it.
local function explained(s, record)
  local domain = record.domain
  local name = target(s, record.exp, domain)
  local list = name and ask(s, "txt", check.presentable(name), true)
  local text = list and #list == 1 and list[1].text
  local parts = text and macro.parse(text, true)
  return parts and expanded(s, parts, domain) or nil
end

local function explain(s, record)
  if not record.exp then return nil end
  s.r:note(record.exp.text)
  return (s.r:inside(check.guarded, explained, s, record))
end

-- s: r (the record under way), bytes, helo, local_part, sender_domain, receiver; gets lookups and void_lookups. Gives the result, what
-- decided {record, term}, the explanation of a fail, and why it could not be told.
function check.run(s, domain)
  s.lookups, s.void_lookups = 0, 0
  local result, found = check.guarded(host, s, domain)
  if not result then return found.result, nil, nil, found end
  return result, found, result == "fail" and explain(s, found.record) or nil
end

return check
