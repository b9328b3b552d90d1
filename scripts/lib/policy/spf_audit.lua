-- Owns: an SPF record walked without a sender: all networks that it lets send, and what it costs receivers. Callers: spf.lua.
local check = require "ehlo.policy.spf_check"
local ip = require "ehlo.policy.ip"
local lint = require "ehlo.policy.spf_lint"
local macro = require "ehlo.policy.spf_macro"
local parse = require "ehlo.policy.spf_parse"
local audit = {}

local ENOUGH, NEAR = 60, 8 -- look-ups where the walk ends, and from which on there is little room

local walk

-- A name that depends on no mail: nil where it does.
local function fixed_name(term, domain)
  if not term.parts then return domain end
  if macro.uses(term.parts, "slipvhcrt") or macro.uses(term.parts, "o") then return nil end
  return macro.name(macro.expand(term.parts, function() return domain end))
end

local function add(s, bytes, prefix, term, domain)
  s.networks[#s.networks + 1] = {network = ip.network(bytes, prefix), result = term.result, domain = domain, term = term.text}
end

local function depends(s, term, domain)
  s.dynamic[#s.dynamic + 1] = {domain = domain, term = term.text, result = term.result}
  return "depends on the mail"
end

-- Records of a name, both kinds of addresses; trouble is a finding, and the walk goes on.
local function ask(s, type, name)
  local list, message, err = s.r:lookup(type, name)
  local reason = err and err.reason
  if not list and reason ~= "nxdomain" and reason ~= "name" then
    lint.stopped(s.r, {result = "temperror", text = message, name = name, id = "spf-dns"})
    s.trouble = true
  end
  return list or {}, list ~= nil or reason == "nxdomain" or reason == "name"
end

local function addresses(s, name)
  local out, known = {}, true
  for _, type in ipairs {"a", "aaaa"} do
    local list, answered = ask(s, type, name)
    known = known and answered
    for _, r in ipairs(list) do out[#out + 1] = ip.read(r.address) end
  end
  return out, known
end

local function add_hosts(s, names, term, domain)
  local n = 0
  for _, name in ipairs(names) do
    local list, known = addresses(s, name)
    if #list == 0 and known then s.void_lookups = s.void_lookups + 1 end
    for _, bytes in ipairs(list) do add(s, bytes, #bytes == 4 and term.prefix4 or term.prefix6, term, domain) end
    n = n + #list
  end
  return ("%d address%s"):format(n, n == 1 and "" or "es")
end

-- What each kind of term says; the answer goes to the trace.
local tells = {}

function tells.all(s, term, domain)
  if term.result == "pass" then s.everybody = domain end
  return term.result
end

function tells.ip4(s, term, domain)
  add(s, term.network, term.prefix, term, domain)
end
tells.ip6 = tells.ip4

function tells.a(s, term, domain)
  local name = fixed_name(term, domain)
  if not name then return depends(s, term, domain) end
  return add_hosts(s, {check.presentable(name)}, term, domain)
end

function tells.mx(s, term, domain)
  local name = fixed_name(term, domain)
  if not name then return depends(s, term, domain) end
  local list, known = ask(s, "mx", check.presentable(name))
  if #list == 0 and known then s.void_lookups = s.void_lookups + 1 end
  if #list > check.NAMES then
    lint.stopped(s.r, {result = "permerror", id = "spf-too-many-names", domain = domain, term = term.text,
      text = ("%s has %d MX hosts, and %d at most are allowed"):format(name, #list, check.NAMES), reference = "RFC 7208 section 4.6.4"})
    s.broken = true
  end
  local names = {}
  for i = 1, math.min(#list, check.NAMES) do
    if list[i].host ~= "." and list[i].host ~= "" then names[#names + 1] = list[i].host end
  end
  return add_hosts(s, names, term, domain)
end

tells.ptr, tells.exists = depends, depends

function tells.include(s, term, domain)
  local name = fixed_name(term, domain)
  if not name then return depends(s, term, domain) end
  local key = name:lower()
  if s.open[key] then
    lint.stopped(s.r, {result = "permerror", id = "spf-loop", domain = domain, term = term.text, text = "the include leads back to where it came from"})
    s.broken = true
    return "a loop"
  end
  if s.included[key] and s.included[key] ~= domain .. term.text then
    s.r:finding {id = "spf-duplicate-include", level = "warn", text = ("%s is included more than once, and costs its look-ups each time."):format(name),
      evidence = term.text, fix = "Take all but one out."}
  end
  s.included[key] = domain .. term.text
  s.open[key] = true
  local record = walk(s, name, false)
  s.open[key] = nil
  if record then return nil end
  s.broken = true
  lint.stopped(s.r, {result = "permerror", id = "spf-include-none", domain = domain, term = term.text, reference = "RFC 7208 section 5.2",
    text = ("include:%s leads to no SPF record"):format(name)})
end

local function count(s, term)
  if parse.asks[term.name] then s.lookups = s.lookups + 1 end
  return s.lookups <= ENOUGH
end

local function read_terms(s, record, own)
  for _, term in ipairs(record.terms) do
    if not term.modifier then
      if not count(s, term) then return end
      local line, before = s.r:note(term.text), #s.networks
      line.answer = s.r:inside(tells[term.name], s, term, record.domain)
      -- of an include only what passes counts
      for i = not own and term.result ~= "pass" and #s.networks or 0, before + 1, -1 do s.networks[i] = nil end
      if term.name == "all" then return term end
    end
  end
end

local function follow_redirect(s, record, own)
  local term = record.redirect
  if not count(s, term) then return nil end
  s.r:note(term.text)
  return s.r:inside(function()
    local name = fixed_name(term, record.domain)
    if not name then return depends(s, term, record.domain) and nil end
    local key = name:lower()
    local found = not s.open[key] and walk(s, name, own)
    if found then return found.all end
    s.broken = true
    lint.stopped(s.r, {result = "permerror", id = s.open[key] and "spf-loop" or "spf-redirect-none", domain = record.domain, term = term.text,
      text = s.open[key] and "the redirect leads back to where it came from" or term.text .. " leads to no SPF record", reference = "RFC 7208 section 6.1"})
  end)
end

-- A domain's record with all that it leads to; nil where there is none.
function walk(s, domain, own)
  local record, why = check.guarded(check.fetch, s, domain)
  if why then
    lint.stopped(s.r, why)
    s.trouble = s.trouble or why.result == "temperror"
    s.broken = s.broken or why.result == "permerror"
    return {}
  end
  if not record then return nil end
  s.open[domain:lower()] = true
  lint.record(s.r, record, own)
  s.broken = s.broken or #record.errors > 0
  record.all = read_terms(s, record, own)
  if not record.all and record.redirect then record.all = follow_redirect(s, record, own) end
  return record
end

-- The limits of section 4.6.4, and the room that is left.
local function judge_limits(s)
  local r = s.r
  local evidence = ("%d look-ups"):format(s.lookups)
  if s.lookups > check.LOOKUPS then
    r:finding {id = "spf-too-many-lookups", level = "fail", text = ("The record needs %s%d look-ups, and %d are allowed: receivers "
      .. "that reach the limit take it for broken (permerror)."):format(s.lookups > ENOUGH and "more than " or "",
      math.min(s.lookups, ENOUGH), check.LOOKUPS), evidence = evidence, reference = "RFC 7208 section 4.6.4",
      fix = "Take includes out that nobody uses, and put ip4 and ip6 in place of a and mx."}
  elseif s.lookups >= NEAR then
    r:finding {id = "spf-near-limit", level = "warn", text = ("The record needs %d of the %d look-ups that are allowed: one more service may break it."):format(
      s.lookups, check.LOOKUPS), evidence = evidence, fix = "Take includes out that nobody uses, and put ip4 and ip6 in place of a and mx.",
      reference = "RFC 7208 section 4.6.4"}
  end
  if s.void_lookups > check.VOIDS then
    r:finding {id = "spf-too-many-void-lookups", level = "fail", text = ("%d look-ups find nothing, and %d are allowed."):format(s.void_lookups, check.VOIDS),
      evidence = ("%d void look-ups"):format(s.void_lookups), fix = "Take the terms out whose names do not exist any more.",
      reference = "RFC 7208 section 4.6.4"}
  elseif s.void_lookups > 0 then
    r:finding {id = "spf-void-lookup", level = "warn", text = ("%s nothing; with more than %d the record is broken (permerror)."):format(
      s.void_lookups == 1 and "One look-up finds" or s.void_lookups .. " look-ups find", check.VOIDS),
      evidence = ("%d void look-up%s"):format(s.void_lookups, s.void_lookups == 1 and "" or "s"), fix = "Take the terms out whose names do not exist any more."}
  end
end

local others = {fail = "all others fail", softfail = "all others are doubtful (softfail)",
  neutral = "about all others it says nothing"}

local function summary_of(s, domain, record)
  local passing = 0
  for _, row in ipairs(s.networks) do passing = passing + (row.result == "pass" and 1 or 0) end
  if s.everybody then return ("Everybody may send mail for %s: the record of %s ends in +all."):format(domain, s.everybody) end
  local rest = others[record.all and record.all.result or "neutral"]
  local n = #s.dynamic
  if passing == 0 and n == 0 and record.all and record.all.result == "fail" then return ("Nobody may send mail for %s."):format(domain) end
  local besides = n > 0 and (", besides what %d term%s by the mail itself"):format(n, n == 1 and " decides" or "s decide") or ""
  return ("%d network%s may send mail for %s%s; %s. It takes %d of %d look-ups."):format(passing, passing == 1 and "" or "s", domain, besides,
    rest, s.lookups, check.LOOKUPS)
end

-- The record under way r becomes the audit of a domain.
function audit.run(r, domain)
  local s = {r = r, lookups = 0, void_lookups = 0, networks = {}, dynamic = {}, open = {}, included = {}}
  local record = walk(s, domain, true)
  r.lookups, r.void_lookups, r.networks, r.dynamic = s.lookups, s.void_lookups, s.networks, s.dynamic
  if not record then
    return r:finish {verdict = "none", summary = ("%s publishes no SPF record: anybody may pretend to send for it."):format(domain),
      fix = "Publish a TXT record: \"v=spf1 mx -all\", say, or \"v=spf1 -all\" where the domain sends no mail.", reference = "RFC 7208 section 4.5"}
  end
  if record.text then judge_limits(s) end
  r.record = record.text
  local broken = s.broken or s.lookups > check.LOOKUPS or s.void_lookups > check.VOIDS
  local verdict = broken and "permerror" or s.trouble and "temperror" or "valid"
  local summary = verdict == "permerror" and ("Receivers cannot use the SPF record of %s: see below."):format(domain)
    or not record.text and ("The SPF record of %s could not be read: the DNS failed."):format(domain) or summary_of(s, domain, record)
  return r:finish {verdict = verdict, summary = summary, evidence = record.text}
end

return audit
