-- Owns the catalogue's binary form, which core reads in place (src/core/catalogue.c, which has the same numbers).
-- Little-endian, offsets from the start of the image, 0 for absent. Callers: the builder.
local flatten = require "ehlo.catalogue.flatten"

local image = {}

local MAGIC, FORMAT, HEADER = "EHLO-CAT", 2, 128
local SLOT_BITS = 14 -- of the table of four-byte runs

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
  return ((string.unpack("<I4", run) * 2654435761) & 0xffffffff) >> (32 - SLOT_BITS)
end

-- The runs of four bytes in it that have no star, as {run, place}.
local function runs_of(text)
  local runs = {}
  for k = 1, #text - 3 do
    local run = text:sub(k, k + 3)
    if not run:find("*", 1, true) then runs[#runs + 1] = {run, k - 1} end
  end
  return runs
end

local function wordings_of(phrases, index_of)
  local wordings, often = {}, {}
  for _, phrase in ipairs(phrases) do
    for k = 0, #(phrase.also or {}) do
      local text = folded(k == 0 and phrase.text or phrase.also[k])
      local runs = runs_of(text)
      wordings[#wordings + 1] = {text = text, entry = index_of[phrase], runs = runs}
      for _, run in ipairs(runs) do often[run[1]] = (often[run[1]] or 0) + 1 end
    end
  end
  return wordings, often
end

local function rarest(runs, often)
  local best = runs[1]
  for _, run in ipairs(runs) do
    if often[run[1]] < often[best[1]] then best = run end
  end
  return best[1], best[2]
end

-- For each wording of each phrase its entry, its rarest run of four bytes and where that stands; in the order of the slots of those runs,
-- with the number of the first of each slot: whoever reads a text looks only at wordings whose rarest run it has.
local function anchors(pool, phrases, index_of)
  local wordings, often = wordings_of(phrases, index_of)
  for k, wording in ipairs(wordings) do
    wording.run, wording.place = rarest(wording.runs, often)
    wording.slot, wording.order = slot_of(wording.run), k
  end
  table.sort(wordings, function(a, b)
    if a.slot ~= b.slot then return a.slot < b.slot end
    return a.order < b.order
  end)
  local packed, first, k = {}, {}, 1
  for slot = 0, (1 << SLOT_BITS) - 1 do
    first[slot + 1] = string.pack("<I4", k - 1)
    while wordings[k] and wordings[k].slot == slot do
      local wording = wordings[k]
      packed[k] = string.pack("<I4I4c4I4", pool.string(wording.text), wording.entry, wording.run, wording.place)
      k = k + 1
    end
  end
  first[#first + 1] = string.pack("<I4", #wordings)
  return table.concat(packed), #wordings, table.concat(first)
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
  local match, wordings, first = anchors(pool, groups.phrase, index_of)
  local about = {pool.string(doc.name), pool.string(doc.issued), pool.string(doc.expires)}
  local entries_at = pool.add(table.concat(entries))
  local replies_at = pool.add(reply_index(groups.reply))
  local enhanced_at = pool.add(enhanced_index(groups.enhanced))
  local match_at, first_at = pool.add(match), pool.add(first)
  local digits_at = digit_rows and pool.add(digit_rows) or 0
  local header = MAGIC .. string.pack("<I4I4I8" .. ("I4"):rep(15), FORMAT, pool.size, doc.version, about[1],
    about[2], about[3], #fields, (#fields + 4) * 4, #groups.reply, #groups.enhanced, #groups.phrase, entries_at,
    replies_at, enhanced_at, match_at, digits_at, wordings, first_at)
  return header .. ("\0"):rep(HEADER - #header) .. table.concat(pool.parts)
end

return image
