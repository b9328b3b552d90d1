-- Owns: an SPF record's grammar (RFC 7208 sections 4.6, 5, 6 and 12): its text as terms, and every mistake with its place. Callers: the
-- modules of SPF beside it.
local ip = require "ehlo.policy.ip"
local macro = require "ehlo.policy.spf_macro"
local parse = {}

local QUALIFIERS = {["+"] = "pass", ["-"] = "fail", ["~"] = "softfail", ["?"] = "neutral"}

-- Is a TXT record one of SPF?
function parse.is_spf(text)
  return text:match("^[vV]=[sS][pP][fF]1$") ~= nil or text:match("^[vV]=[sS][pP][fF]1 ") ~= nil
end

local function number(text, most)
  if not text:match("^%d%d?%d?$") or (#text > 1 and text:sub(1, 1) == "0") or tonumber(text) > most then return nil end
  return math.tointeger(tonumber(text))
end

local function domain_spec(term, text)
  if text == "" then return nil, "a domain is missing" end
  local parts, message = macro.parse(text)
  if not parts then return nil, message end
  if not macro.ends_well(parts) then return nil, ("\"%s\" is no domain: it must end in a label with a letter, or in a macro"):format(text) end
  term.domain, term.parts = text, parts
  return term
end

local function needs_domain(term, rest)
  if rest:sub(1, 1) ~= ":" then return nil, ("\"%s\" needs a domain: %s:example.org"):format(term.name, term.name) end
  return domain_spec(term, rest:sub(2))
end

local function nothing(term, rest)
  if rest ~= "" then return nil, ("\"%s\" takes nothing behind it"):format(term.name) end
  return term
end

-- a and mx: [":" domain] ["/" bits of IPv4] ["//" bits of IPv6]
local function dual(term, rest)
  local head, six = rest:match("^(.*)//(%d+)$")
  rest = head or rest
  local before, four = rest:match("^(.*)/(%d+)$")
  rest = before or rest
  term.prefix4, term.prefix6 = number(four or "32", 32), number(six or "128", 128)
  if not term.prefix4 then return nil, ("\"/%s\" is no length of an IPv4 network: 0 to 32"):format(four) end
  if not term.prefix6 then return nil, ("\"//%s\" is no length of an IPv6 network: 0 to 128"):format(six) end
  if rest == "" then return term end
  return needs_domain(term, rest)
end

local function network(bytes, most)
  return function(term, rest)
    local address, length = rest:match("^:([^/]*)(.*)$")
    if not address then return nil, ("\"%s\" needs an address"):format(term.name) end
    local read = ip.read(address)
    if not read or #read ~= bytes then return nil, ("\"%s\" is no IPv%s address"):format(address, term.name:sub(3)) end
    term.network, term.prefix = read, length == "" and most or number(length:match("^/(.*)$") or "", most)
    if not term.prefix then return nil, ("\"%s\" is no length of an IPv%s network: /0 to /%d"):format(length, term.name:sub(3), most) end
    return term
  end
end

-- Each mechanism reads what follows its name; `asks` are those that count as a look-up.
local mechanisms = {
  all = nothing, include = needs_domain, exists = needs_domain, a = dual, mx = dual,
  ptr = function(term, rest) if rest == "" then return term end return needs_domain(term, rest) end,
  ip4 = network(4, 32), ip6 = network(16, 128),
}
parse.asks = {include = true, a = true, mx = true, ptr = true, exists = true, redirect = true}

local function modifier(term, name, value)
  term.modifier, term.name = true, name:lower()
  if term.name == "redirect" or term.name == "exp" then
    if domain_spec(term, value) then return term end
    return nil, select(2, domain_spec(term, value))
  end
  local parts, message = macro.parse(value)
  if not parts then return nil, message end
  term.name, term.unknown = nil, true -- it may have a mechanism's name
  return term
end

local function read_term(term)
  local name, value = term.text:match("^(%a[%w%-_%.]*)=(.*)$")
  if name then return modifier(term, name, value) end
  local sign, word, rest = term.text:match("^([%+%-~%?]?)(%a[%w%-_%.]*)(.*)$")
  local read = word and mechanisms[word:lower()]
  if not read then return nil, ("there is no mechanism \"%s\""):format(word or term.text) end
  term.sign, term.result, term.name = sign, QUALIFIERS[sign == "" and "+" or sign], word:lower()
  return read(term, rest)
end

local function check_once(record, term)
  if not term.modifier or term.unknown then return true end
  if record[term.name] then return nil, ("%s= stands there twice"):format(term.name) end
  record[term.name] = term
  return true
end

-- {text, terms, redirect, exp, errors}: terms are {text, at, name, ...}, with sign and result or with modifier; errors {text, term, at}.
function parse.record(text)
  local record = {text = text, terms = {}, errors = {}}
  local at = #"v=spf1" + 1
  for from, word in text:sub(at):gmatch("()([^ ]+)") do
    local term = {text = word, at = at + from - 1}
    local fine, message = read_term(term)
    if fine then fine, message = check_once(record, term) end
    if fine then
      record.terms[#record.terms + 1] = term
    else
      record.errors[#record.errors + 1] = {text = message, term = word, at = term.at}
    end
  end
  return record
end

return parse
