-- Owns the step from a document to the entries of an image: one for each class of an enhanced code, one for each code
-- that only phrases carry, and for each code the phrases that carry it. Callers: the image writer.
local check = require "ehlo.catalogue.check"
local words = require "ehlo.catalogue.words"

local flatten = {}

local function list(value)
  if value == nil then return {} end
  return type(value) == "table" and value or {value}
end

local function standards(entry)
  local made = {}
  for _, each in ipairs(entry.standards or {}) do
    made[#made + 1] = ("%d %s"):format(each.rfc, each.section or ""):gsub(" $", "")
  end
  return made
end

local function copy(entry)
  local made = {}
  for key, value in pairs(entry) do
    made[key] = value
  end
  made.standards = standards(entry)
  return made
end

-- X.1.2 beside 5.1.1 is 5.1.2, or the first class that X.1.2 has.
local function concrete(codes, class, classes_of)
  local made = {}
  for _, code in ipairs(codes or {}) do
    local classes = classes_of[code]
    if classes then
      local fitting = classes[1]
      for _, each in ipairs(classes) do
        if each == class then fitting = class end
      end
      code = code:gsub("^X", fitting)
    end
    made[#made + 1] = code
  end
  return made
end

-- Replies of the same class only, where there are any: 5.7.1 goes with 550, not with 451.
local function fitting_replies(replies, class)
  local made = {}
  for _, code in ipairs(replies or {}) do
    if code:sub(1, 1) == class then made[#made + 1] = code end
  end
  return made
end

-- Whether the entry's own `retry` speaks of this class: a yes is for class 4, a no for the others.
local function usual_class(entry, class)
  if entry.retry == "unclear" then return class ~= "2" end
  return (entry.retry == "yes") == (class == "4")
end

local function enhanced_of(entry, class, classes_of)
  local made = copy(entry)
  made.by_class, made.classes = nil, nil
  made.pattern = entry.code
  made.code = entry.code:gsub("^X", class)
  made.class = words.enhanced_class[class]
  if not usual_class(entry, class) then made.retry = words.class_retry[class] end
  for key, value in pairs(entry.by_class and entry.by_class[class] or {}) do
    made[key] = value
  end
  made.replies = fitting_replies(entry.replies, class)
  made.see_also = concrete(entry.see_also, class, classes_of)
  return made
end

local function phrase_of(entry)
  local made = copy(entry)
  made.codes = list(entry.code)
  made.enhanced = list(entry.enhanced)
  made.code = made.codes[1]
  return made
end

local function by_provider(a, b)
  local pa, pb = a.provider:lower(), b.provider:lower()
  if pa ~= pb then return pa < pb end
  return a.id < b.id
end

local function carried_by(phrases)
  local carried = {}
  for _, phrase in ipairs(phrases) do
    for _, codes in ipairs {phrase.codes, phrase.enhanced} do
      for _, code in ipairs(codes) do
        carried[code] = carried[code] or {}
        table.insert(carried[code], phrase)
      end
    end
  end
  for _, carriers in pairs(carried) do
    table.sort(carriers, by_provider)
  end
  return carried
end

local function quote(phrase)
  return ('"%s"'):format(phrase.text:gsub("%s*%*%s*", " ... "))
end

local function seen_with(carriers)
  local parts, providers = {}, {}
  for _, phrase in ipairs(carriers) do
    if not providers[phrase.provider] then
      providers[phrase.provider] = true
      parts[#parts + 1] = ("%s sends it with the text %s."):format(phrase.provider, quote(phrase))
    end
  end
  return table.concat(parts, " ")
end

-- A code that no entry has: what its phrases say stands for it.
local function entry_from(code, carriers)
  local first, replies, seen = carriers[1], {}, {}
  local kind = #code == 3 and "reply" or "enhanced"
  for _, phrase in ipairs(carriers) do
    for _, reply in ipairs(phrase.codes[1] and phrase.codes or {phrase.code_guess}) do
      if not seen[reply] and reply:sub(1, 1) == code:sub(1, 1) then replies[#replies + 1] = reply end
      seen[reply] = true
    end
  end
  local class = code:sub(1, 1)
  return {
    kind = kind, code = code, pattern = kind == "enhanced" and code:gsub("^%d", "X") or nil,
    name = ("%s (%s)"):format(words.cause[first.cause], first.provider),
    class = kind == "reply" and words.reply_class[class] or words.enhanced_class[class],
    category = words.derived(kind, code).category, meaning = first.meaning, when = seen_with(carriers), fix = first.fix,
    retry = first.retry, acts = first.acts, cause = first.cause, commands = first.commands, status = "nonstandard",
    origin = first.origin,
    replies = kind == "enhanced" and replies or nil,
    notes = {"No standard knows this code: what stands here comes from the software that uses it."},
    from_phrases = true,
  }
end

local function enhanced_key(code)
  local class, subject, detail = code:match("^(%d)%.(%d+)%.(%d+)$")
  return (tonumber(subject) << 14) | (tonumber(detail) << 4) | tonumber(class)
end
flatten.enhanced_key = enhanced_key

-- An addition to a code that no catalogue has speaks of the classes that phrases carry, or of all refusals.
local function classes_of_entry(entry, carried)
  if entry.classes then return entry.classes end
  local classes = {}
  for _, class in ipairs {"2", "4", "5"} do
    local used = carried[entry.code:gsub("^X", class)] or (entry.by_class or {})[class]
    if used then classes[#classes + 1] = class end
  end
  return classes[1] and classes or {"4", "5"}
end

-- What an addition says of 5.7.1 alone, laid over what X.7.1 is in that class.
local function lay_over(made, entry)
  local notes = table.move(entry.notes or {}, 1, #(entry.notes or {}), 1, {})
  for key, value in pairs(copy(entry)) do
    if key ~= "standards" or #value > 0 then made[key] = value end
  end
  return notes
end

local function add_one_class(entry, groups, by_code, classes_of)
  local made = by_code[entry.code]
  if not made then
    made = enhanced_of(entry, entry.code:sub(1, 1), classes_of)
    made.pattern = entry.code:gsub("^%d", "X")
    made.retry = entry.retry or made.retry
    made.partial = check.lacks(entry) ~= nil
    table.insert(groups.enhanced, made)
    return
  end
  local below = {notes = made.notes or {}, origin = made.origin, added = made.added_notes or 0}
  made.notes = lay_over(made, entry)
  table.move(below.notes, 1, #below.notes, #made.notes + 1, made.notes)
  made.added_notes = below.added + (entry.added_notes or #(entry.notes or {}))
  made.origin = entry.origin and words.origins(below.origin, entry.origin) or below.origin
  made.see_also = concrete(made.see_also, entry.code:sub(1, 1), classes_of)
end

local function add_codes(entries, groups, carried)
  local classes_of = {}
  for _, entry in ipairs(entries) do
    local pattern = entry.kind == "enhanced" and not check.is_of_one_class(entry)
    if pattern then classes_of[entry.code] = classes_of_entry(entry, carried) end
  end
  for _, entry in ipairs(entries) do
    local partial = entry.kind ~= "phrase" and check.lacks(entry) ~= nil
    if entry.kind == "reply" then
      local made = copy(entry)
      made.partial = partial
      made.see_also = concrete(entry.see_also, entry.code:sub(1, 1), classes_of)
      table.insert(groups.reply, made)
    elseif entry.kind == "enhanced" then
      for _, class in ipairs(classes_of[entry.code] or {}) do
        local made = enhanced_of(entry, class, classes_of)
        made.partial = partial
        table.insert(groups.enhanced, made)
      end
    end
  end
  local by_code = {}
  for _, each in ipairs(groups.enhanced) do
    by_code[each.code] = each
  end
  for _, entry in ipairs(entries) do
    if check.is_of_one_class(entry) then add_one_class(entry, groups, by_code, classes_of) end
  end
end

-- What an addition lacks is what the phrases say; notes of both count.
local function fill(entry, from)
  for key, value in pairs(from) do
    if entry[key] == nil then entry[key] = value end
  end
  if entry.notes ~= from.notes then
    local notes = table.move(entry.notes, 1, #entry.notes, 1, {}) -- the list may be that of other classes too
    entry.notes = table.move(from.notes, 1, #from.notes, #notes + 1, notes)
  end
  if #entry.standards == 0 then entry.status = from.status end
  entry.partial = nil
end

local function add_derived(groups, carried)
  local known = {}
  for _, kind in ipairs {"reply", "enhanced"} do
    for _, entry in ipairs(groups[kind]) do
      known[entry.code] = entry
    end
  end
  for code, carriers in pairs(carried) do
    local entry = known[code]
    if not entry then
      local made = entry_from(code, carriers)
      table.insert(groups[made.kind], made)
    elseif entry.partial then
      fill(entry, entry_from(code, carriers))
    end
  end
end

local function phrases_of(entries)
  local made = {}
  for _, entry in ipairs(entries) do
    if entry.kind == "phrase" and not check.lacks(entry) then made[#made + 1] = phrase_of(entry) end
  end
  return made
end

-- Returns {reply = {...}, enhanced = {...}, phrase = {...}}, each in the image's order; codes hold `phrases`. Phrases that lack
-- what they need are left out, codes that do are marked `partial`: their digits say the rest.
function flatten.document(doc)
  local groups = {reply = {}, enhanced = {}, phrase = phrases_of(doc.entries)}
  local carried = carried_by(groups.phrase)
  add_codes(doc.entries, groups, carried)
  add_derived(groups, carried)
  table.sort(groups.reply, function(a, b) return a.code < b.code end)
  table.sort(groups.enhanced, function(a, b) return enhanced_key(a.code) < enhanced_key(b.code) end)
  table.sort(groups.phrase, function(a, b) return a.id < b.id end)
  for _, kind in ipairs {"reply", "enhanced"} do
    for _, entry in ipairs(groups[kind]) do
      entry.phrases = carried[entry.code] or {}
    end
  end
  return groups
end

return flatten
