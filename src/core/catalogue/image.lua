-- Owns the catalogue's binary form, which core reads in place (src/core/catalogue.c, which has the same numbers).
-- Little-endian, offsets from the start of the image, 0 for absent. Callers: the builder.
local flatten = require "ehlo.catalogue.flatten"

local image = {}

local MAGIC, FORMAT, HEADER = "EHLO-CAT", 1, 128
local SLOTS = 4096 -- of the table of four-byte runs, as in src/core/phrase.c

-- The order of enum ehlo_field.
local fields = {
  "code", "id", "kind", "pattern", "name", "class", "category", "meaning", "when", "fix", "retry", "acts", "status",
  "text", "provider", "cause", "source", "direction", "commands", "enhanced", "replies", "codes", "see_also", "notes",
  "also", "standards", "origin",
}

local function new_pool()
  local pool = {parts = {}, size = HEADER, known = {}}
  function pool.add(bytes)
    if pool.known[bytes] then return pool.known[bytes] end
    local at = pool.size
    pool.known[bytes] = at
    pool.parts[#pool.parts + 1] = bytes
    pool.size = at + #bytes
    return at
  end
  function pool.string(text)
    return pool.add(string.pack("<s4", text))
  end
  function pool.numbers(numbers)
    local packed = {string.pack("<I4", #numbers)}
    for k, number in ipairs(numbers) do
      packed[k + 1] = string.pack("<I4", number)
    end
    return pool.add(table.concat(packed))
  end
  function pool.strings(list)
    local offsets = {}
    for k, text in ipairs(list) do
      offsets[k] = pool.string(text)
    end
    return pool.numbers(offsets)
  end
  return pool
end

local function field_offset(pool, value)
  if value == nil or (type(value) == "table" and #value == 0) then return 0 end
  return type(value) == "table" and pool.strings(value) or pool.string(value)
end

local function flags_of(entry)
  return (entry.names_provider and 1 or 0) | (entry.from_phrases and 2 or 0) | (entry.partial and 4 or 0) |
    math.min(entry.added_notes or 0, 255) << 8
end

local function pack_entry(pool, entry, index_of)
  local packed, phrases = {}, {}
  for k, field in ipairs(fields) do
    packed[k] = string.pack("<I4", field_offset(pool, entry[field]))
  end
  for k, phrase in ipairs(entry.phrases or {}) do
    phrases[k] = index_of[phrase]
  end
  packed[#packed + 1] = string.pack("<I4I4I4I4", #phrases > 0 and pool.numbers(phrases) or 0, flags_of(entry),
    field_offset(pool, entry.code_guess), field_offset(pool, entry.enhanced_guess))
  return table.concat(packed)
end

local function reply_index(replies)
  local index, packed = {}, {}
  for k, entry in ipairs(replies) do
    index[tonumber(entry.code)] = k
  end
  for code = 0, 999 do
    packed[code + 1] = string.pack("<I2", index[code] or 0)
  end
  return table.concat(packed)
end

local function enhanced_index(entries)
  local packed = {}
  for k, entry in ipairs(entries) do
    packed[k] = string.pack("<I4", flatten.enhanced_key(entry.code))
  end
  return table.concat(packed)
end

-- What is compared: ASCII case and runs of white space folded.
local function folded(text)
  return (text:lower():gsub("%s+", " "))
end

local function slot_of(run)
  return ((string.unpack("<I4", run) * 2654435761) & 0xffffffff) >> 20
end

local function slots_of(text)
  local slots = {}
  for literal in text:gmatch("[^*]+") do
    for k = 1, #literal - 3 do
      slots[#slots + 1] = slot_of(literal:sub(k, k + 3))
    end
  end
  return slots
end

-- For each wording of each phrase its entry and its four rarest runs of four bytes: a text that lacks one of them
-- cannot hold the wording.
local function anchors(pool, phrases, index_of)
  local often, packed, wordings = {}, {}, {}
  for slot = 0, SLOTS - 1 do
    often[slot] = 0
  end
  for _, phrase in ipairs(phrases) do
    for k = 0, #(phrase.also or {}) do
      local text = folded(k == 0 and phrase.text or phrase.also[k])
      wordings[#wordings + 1] = {text = text, entry = index_of[phrase]}
      for _, slot in ipairs(slots_of(text)) do
        often[slot] = often[slot] + 1
      end
    end
  end
  for k, wording in ipairs(wordings) do
    local slots = slots_of(wording.text)
    table.sort(slots, function(a, b)
      if often[a] ~= often[b] then return often[a] < often[b] end
      return a < b
    end)
    local function slot(n) return slots[math.min(n, #slots)] end
    local at = pool.string(wording.text)
    packed[k] = string.pack("<I4I4I2I2I2I2", at, wording.entry, slot(1), slot(2), slot(3), slot(4))
  end
  return table.concat(packed), #wordings
end

local digit_groups = {
  {"reply_class", {"2", "3", "4", "5"}},
  {"reply_category", {"0", "1", "2", "3", "4", "5"}},
  {"enhanced_class", {"2", "4", "5"}},
  {"enhanced_subject", {"0", "1", "2", "3", "4", "5", "6", "7"}},
}

local function pack_digits(pool, digits)
  local packed = {}
  local function add(row)
    local standards = {}
    for k, each in ipairs(row.standards or {}) do
      standards[k] = ("%d %s"):format(each.rfc, each.section or ""):gsub(" $", "")
    end
    packed[#packed + 1] = string.pack("<I4I4I4I4I4I4", field_offset(pool, row.name), field_offset(pool, row.meaning),
      field_offset(pool, row.fix), field_offset(pool, row.retry), field_offset(pool, row.acts),
      field_offset(pool, standards))
  end
  for _, group in ipairs(digit_groups) do
    for _, key in ipairs(group[2]) do
      add(digits[group[1]][key])
    end
  end
  add(digits.enhanced_subject_other)
  return table.concat(packed)
end

-- `digits` may be nil: a catalogue that adds to another leaves them to it.
function image.make(doc, digits)
  local groups, pool, index_of = flatten.document(doc), new_pool(), {}
  local all = {}
  for _, kind in ipairs {"reply", "enhanced", "phrase"} do
    for _, entry in ipairs(groups[kind]) do
      index_of[entry] = #all
      all[#all + 1] = entry
    end
  end
  local entries = {}
  for k, entry in ipairs(all) do
    entries[k] = pack_entry(pool, entry, index_of)
  end
  local digit_rows = digits and pack_digits(pool, digits)
  local match, wordings = anchors(pool, groups.phrase, index_of)
  local about = {pool.string(doc.name), pool.string(doc.issued), pool.string(doc.expires)}
  local entries_at = pool.add(table.concat(entries))
  local replies_at = pool.add(reply_index(groups.reply))
  local enhanced_at = pool.add(enhanced_index(groups.enhanced))
  local match_at = pool.add(match)
  local digits_at = digit_rows and pool.add(digit_rows) or 0
  local header = MAGIC .. string.pack("<I4I4I8" .. ("I4"):rep(14), FORMAT, pool.size, doc.version, about[1],
    about[2], about[3], #fields, (#fields + 4) * 4, #groups.reply, #groups.enhanced, #groups.phrase, entries_at,
    replies_at, enhanced_at, match_at, digits_at, wordings)
  return header .. ("\0"):rep(HEADER - #header) .. table.concat(pool.parts)
end

return image
