-- Owns: what a site is about: the codes of the catalogue in force, their pairs, families and providers, and the names of their pages.
-- Callers: site and its pages.
local words = require "ehlo.words"
local model = {}

local PAIRS_MOST = 600

-- Codes as people count: 421 before 4.2.1, 5.1.2 before 5.1.10.
local function before(a, b)
  if a.kind ~= b.kind then return a.kind == "reply" end
  if a.kind == "reply" then return a.code < b.code end
  local x, y = {a.code:match("(%d+)%.(%d+)%.(%d+)")}, {b.code:match("(%d+)%.(%d+)%.(%d+)")}
  for i = 1, 3 do
    if x[i] ~= y[i] then return tonumber(x[i]) < tonumber(y[i]) end
  end
  return false
end

-- A name fit for files and anchors.
function model.slug(text)
  local slug = text:lower():gsub("[^%w]+", "-"):gsub("^%-", ""):gsub("%-$", "")
  return slug == "" and "other" or slug
end

local function add_code(m, entry)
  if m.by_code[entry.code] then return end
  m.by_code[entry.code] = entry
  m.codes[#m.codes + 1] = entry
end

local function read_codes(m)
  for _, kind in ipairs {"reply", "enhanced"} do
    for entry in codes.each(kind) do add_code(m, entry) end
  end
end

local function pair_key(a, b) return before(a, b) and a.code .. " " .. b.code or b.code .. " " .. a.code end

local function add_pair(m, a, b)
  if not a or not b or a.code == b.code or m.pair_of[pair_key(a, b)] then return end
  if before(b, a) then a, b = b, a end
  local pair = {a = a, b = b, file = a.code .. "-vs-" .. b.code .. ".html"}
  m.pair_of[a.code .. " " .. b.code] = pair
  m.pairs[#m.pairs + 1] = pair
  for _, each in ipairs {a, b} do
    m.pairs_of[each.code] = m.pairs_of[each.code] or {}
    table.insert(m.pairs_of[each.code], pair)
  end
end

-- Codes that people mix up name each other; those that were asked for come first, so that none of them falls to the bound.
local function read_pairs(m, asked)
  for _, each in ipairs(asked) do
    for _, entry in ipairs(each) do add_code(m, entry) end
    add_pair(m, each[1], each[2])
  end
  table.sort(m.codes, before)
  for _, entry in ipairs(m.codes) do
    for _, other in ipairs(entry.see_also or {}) do
      local b = m.by_code[other]
      if b and b.kind == entry.kind and #m.pairs < PAIRS_MOST + #asked then add_pair(m, entry, b) end
    end
  end
  local function by_codes(a, b)
    if a.a.code ~= b.a.code then return before(a.a, b.a) end
    return a.b.code ~= b.b.code and before(a.b, b.b)
  end
  table.sort(m.pairs, by_codes)
  for _, list in pairs(m.pairs_of) do table.sort(list, by_codes) end
end

local families = {
  {digit = "2", file = "2yz.html", kind = "reply", name = "2yz: it worked"}, {digit = "3", file = "3yz.html", kind = "reply", name = "3yz: go on"},
  {digit = "4", file = "4yz.html", kind = "reply", name = "4yz: not now"}, {digit = "5", file = "5yz.html", kind = "reply", name = "5yz: no"},
}

local function family_of(m, entry)
  local key = entry.kind == "reply" and entry.code:sub(1, 1) or "subject " .. entry.code:match("^%d+%.(%d+)")
  local family = m.family_by[key]
  if family then return family end
  local digits = require "ehlo.catalogue.digits"
  if entry.kind == "reply" then
    local row = {name = key .. "yz", file = key .. "yz.html"}
    for _, each in ipairs(families) do
      if each.digit == key then row = each end
    end
    family = {name = row.name, short = key .. "yz", file = row.file, kind = "reply", about = digits.reply_class[key] or {}, codes = {}}
  else
    local subject = key:match("%d+$")
    local about = digits.enhanced_subject[subject] or digits.enhanced_subject_other or {}
    family = {name = ("X.%s: %s"):format(subject, (about.name or "other"):lower()), short = "X." .. subject .. ".*",
      file = "x." .. subject .. ".html", kind = "enhanced", about = about, codes = {}}
  end
  m.family_by[key] = family
  m.families[#m.families + 1] = family
  return family
end

local function read_families(m)
  for _, entry in ipairs(m.codes) do table.insert(family_of(m, entry).codes, entry) end
  table.sort(m.families, function(a, b) return before(a.codes[1], b.codes[1]) end)
  local function number(f) return f.kind == "enhanced" and tonumber(f.file:match("%d+")) or -1 end
  table.sort(m.families, function(a, b)
    if a.kind ~= b.kind then return a.kind == "reply" end
    if a.kind == "enhanced" then return number(a) < number(b) end
    return a.file < b.file
  end)
end

local function provider_of(m, name)
  if m.provider_by[name] then return m.provider_by[name] end
  local slug, n = model.slug(name), 1
  while m.slugs[slug] do
    n = n + 1
    slug = model.slug(name) .. "-" .. n
  end
  m.slugs[slug] = true
  local provider = {name = name, title = name == "generic" and "Any software" or name, file = "said-by-" .. slug .. ".html", phrases = {}}
  m.provider_by[name] = provider
  m.providers[#m.providers + 1] = provider
  return provider
end

local function read_phrases(m)
  local list = {}
  for phrase in codes.each("phrase") do list[#list + 1] = phrase end
  table.sort(list, function(a, b) return a.id < b.id end)
  for _, phrase in ipairs(list) do
    local provider = provider_of(m, phrase.provider or "generic")
    table.insert(provider.phrases, phrase)
    m.provider_of[phrase.id] = provider
  end
  table.sort(m.providers, function(a, b)
    if (a.name == "generic") ~= (b.name == "generic") then return b.name == "generic" end
    if a.title:lower() ~= b.title:lower() then return a.title:lower() < b.title:lower() end
    return a.title < b.title
  end)
end

-- asked: pairs of entries. The model: codes, by_code, pairs, pair_of, pairs_of, families, family_by, providers, provider_of.
function model.new(asked)
  local m = {codes = {}, by_code = {}, pairs = {}, pair_of = {}, pairs_of = {}, families = {}, family_by = {}, providers = {}, provider_by = {},
    provider_of = {}, slugs = {}}
  read_codes(m)
  read_pairs(m, asked)
  read_families(m)
  read_phrases(m)
  function m.file(code) return m.by_code[code] and code .. ".html" or nil end
  function m.family(entry) return family_of(m, entry) end
  return m
end

-- "211,521" as two entries, or nil and why not.
function model.pair(text)
  local a, b = text:match("^%s*([^,]-)%s*,%s*([^,]-)%s*$")
  if not a then return nil, ("\"%s\" is no pair of codes: write 211,521"):format(report.escape(text)) end
  local out = {}
  for i, word in ipairs {a, b} do
    local entry, why = codes.lookup(word)
    if not entry then return nil, why:gsub("%.$", "") end
    if select("#", codes.lookup(word)) > 1 and select(2, codes.lookup(word)) then
      return nil, ("\"%s\" is a pair by itself: write one code on each side of the comma"):format(report.escape(word))
    end
    out[i] = entry
  end
  if out[1].code == out[2].code then return nil, ("\"%s\" names one code twice"):format(report.escape(text)) end
  return out
end

model.words = words
return model
