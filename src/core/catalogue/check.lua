-- Owns the rules that a catalogue's entries must keep. Callers: the builder, before it writes anything.
-- Every breach is reported with its file and code, all of them at once.
local words = require "ehlo.catalogue.words"

local check = {}

-- What a catalogue from elsewhere may hold at most: it must not fill memory or make a look-up slow.
local TEXT_MAX, NAME_MAX, LIST_MAX, PHRASE_MAX, STARS_MAX, ENTRIES_MAX = 4096, 128, 256, 512, 8, 20000
local VERSION_END = 1 << 53

-- Characters that a terminal or a reader would not show as what they are: controls, marks of direction, line ends.
local function is_hidden(c)
  return c < 0x20 or (c >= 0x7f and c <= 0x9f) or c == 0x61c or (c >= 0x200b and c <= 0x200f) or
    (c >= 0x2028 and c <= 0x202e) or (c >= 0x2060 and c <= 0x206f) or c == 0xfeff
end

-- A value as a message may show it: short, printable.
local function shown(value)
  local text = tostring(value):sub(1, 40):gsub("[^\x20-\x7e]", "?")
  return '"' .. text .. '"'
end

local function is_text(value, max)
  if type(value) ~= "string" or value == "" then return false, "must be a text that is not empty" end
  if #value > (max or TEXT_MAX) then return false, ("must have at most %d bytes"):format(max or TEXT_MAX) end
  if not value:find("[^\x20-\x7e]") then return true end
  if not utf8.len(value) then return false, "is no valid UTF-8" end
  for _, c in utf8.codes(value) do
    if is_hidden(c) then return false, ("holds the control character U+%04X"):format(c) end
  end
  return true
end

local function is_name(value)
  return is_text(value, NAME_MAX)
end

-- Ours is written in ASCII, in whole sentences: those who publish others decide for themselves.
local function is_ascii(value)
  local ok, why = is_text(value)
  if not ok then return ok, why end
  return not value:find("[^\x20-\x7e]"), "holds a byte outside printable ASCII"
end

local function is_sentence(value)
  local ok, why = is_ascii(value)
  if not ok then return ok, why end
  if not value:find("[.?!]$") then return false, "must end in a full stop" end
  if value:find("  ", 1, true) or value:find("^ ") then return false, "holds a superfluous space" end
  if value:find("%f[%w](%a+) %1%f[%W]") then return false, "holds a doubled word" end
  return true
end

local function is_list(test)
  return function(value)
    if type(value) ~= "table" or #value == 0 then return false, "must be a list with at least one item" end
    if #value > LIST_MAX then return false, ("must have at most %d items"):format(LIST_MAX) end
    for key, item in pairs(value) do
      if math.type(key) ~= "integer" or key < 1 or key > #value then return false, "must be a plain list" end
      local ok, why = test(item)
      if not ok then return false, why end
    end
    return true
  end
end

local function is_word(known)
  return function(value)
    return known[value] == true or type(known[value]) == "string", "has the unknown word " .. shown(value)
  end
end

function check.is_reply(value)
  return type(value) == "string" and value:find("^[2-5]%d%d$") ~= nil, "must be three digits from 200 to 599"
end

local function is_part(text)
  return #text <= 3 and (text == "0" or not text:find("^0"))
end

function check.is_enhanced(value)
  local class, subject, detail = tostring(value):match("^([245])%.(%d+)%.(%d+)$")
  return class ~= nil and is_part(subject) and is_part(detail), "must be an enhanced code such as 5.7.1"
end

local function is_pattern(value)
  local subject, detail = tostring(value):match("^X%.(%d+)%.(%d+)$")
  return subject ~= nil and is_part(subject) and is_part(detail), "must be a pattern such as X.7.1"
end

-- A pattern stands for its classes; an addition may speak of one code alone.
local function is_enhanced_entry(value)
  return is_pattern(value) or check.is_enhanced(value), "must be a pattern such as X.7.1, or a code such as 5.7.1"
end

local function is_any_code(value)
  return check.is_reply(value) or check.is_enhanced(value) or is_pattern(value), "must be a code"
end

local function one_or_list(test)
  local list = is_list(test)
  return function(value)
    if type(value) == "table" then return list(value) end
    return test(value)
  end
end

local function is_standard(value)
  if type(value) ~= "table" or math.type(value.rfc) ~= "integer" or value.rfc < 1 or value.rfc > 99999 then
    return false, "must name an RFC by number"
  end
  for key in pairs(value) do
    if key ~= "rfc" and key ~= "section" then return false, "has a standard with an unknown field" end
  end
  return value.section == nil or is_name(value.section), "has a section that is no short text"
end

local function is_boolean(value)
  return type(value) == "boolean", "must be true or false"
end

local function is_id(value)
  return type(value) == "string" and #value <= 64 and value:find("^[a-z0-9][a-z0-9-]*$") ~= nil,
    "must be lowercase letters, digits and hyphens, at most 64"
end

-- A phrase needs a run of letters to be found by, and no star at its ends.
local function is_wording(value)
  local ok, why = is_text(value, PHRASE_MAX)
  if not ok then return ok, why end
  if value:find("^%*") or value:find("%*$") then return false, "must not begin or end with a star" end
  if select(2, value:gsub("%*", "")) > STARS_MAX then return false, ("must have at most %d stars"):format(STARS_MAX) end
  for run in value:gmatch("[^*]+") do
    if #run >= 4 then return true end
  end
  return false, "needs four bytes in a row that are no star"
end

local is_class_list = is_list(is_word {["2"] = true, ["4"] = true, ["5"] = true})

local function is_by_class(text, sentence)
  local fields = {
    name = text, meaning = sentence, when = sentence, fix = sentence, acts = is_word(words.acts), retry = is_word(words.retry),
  }
  return function(value)
    if type(value) ~= "table" or not next(value) then return false, "must be a table with at least one class" end
    for class, row in pairs(value) do
      if not words.enhanced_class[class] or type(row) ~= "table" then return false, "has an unknown class" end
      for key, field in pairs(row) do
        if not fields[key] then return false, "has the unknown field " .. shown(key) end
        local ok, why = fields[key](field)
        if not ok then return false, ("%s.%s %s"):format(class, key, why) end
      end
    end
    return true
  end
end

local function fields_of(text, sentence, own)
  local fields = {
    name = {text, true}, meaning = {sentence, true}, when = {sentence, true}, fix = {sentence, true},
    retry = {is_word(words.retry), true}, acts = {is_word(words.acts), true},
    commands = {is_list(is_word(words.commands))}, standards = {is_list(is_standard)},
    status = {is_word(words.status), true}, see_also = {is_list(is_any_code)}, notes = {is_list(sentence)},
  }
  for key, row in pairs(own) do
    fields[key] = row
  end
  return fields
end

-- field = {test, required}
local function rules(text, sentence)
  return {
    reply = fields_of(text, sentence, {
      code = {check.is_reply, true}, enhanced = {is_list(check.is_enhanced)},
      commands = {is_list(is_word(words.commands)), true},
    }),
    enhanced = fields_of(text, sentence, {
      code = {sentence == is_sentence and is_pattern or is_enhanced_entry, true}, classes = {is_class_list, true}, replies = {is_list(check.is_reply)},
      by_class = {is_by_class(text, sentence)},
    }),
    phrase = {
      id = {is_id, true}, text = {is_wording, true}, also = {is_list(is_wording)}, code = {one_or_list(check.is_reply)},
      enhanced = {one_or_list(check.is_enhanced)}, code_guess = {check.is_reply}, enhanced_guess = {check.is_enhanced},
      commands = {is_list(is_word(words.commands))}, provider = {is_name, true}, names_provider = {is_boolean, true},
      direction = {is_word(words.direction)}, cause = {is_word(words.cause), true}, retry = {is_word(words.retry), true},
      acts = {is_word(words.acts), true}, meaning = {sentence, true}, fix = {sentence, true},
      source = {text, true}, notes = {is_list(sentence)},
    },
  }
end
local ours, theirs = rules(is_ascii, is_sentence), rules(is_text, is_text)

check.key_field = {reply = "code", enhanced = "code", phrase = "id"}

-- 5.7.1, not X.7.1.
function check.is_of_one_class(entry)
  return entry.kind == "enhanced" and check.is_enhanced(entry.code)
end

-- The first field that an entry needs to stand by itself and has not; nil where it has them all.
function check.lacks(entry)
  local lacking = {}
  for key, field in pairs(theirs[entry.kind]) do
    local needed = field[2] and not (key == "classes" and check.is_of_one_class(entry))
    if needed and entry[key] == nil then lacking[#lacking + 1] = key end
  end
  table.sort(lacking)
  return lacking[1]
end

-- What documents hold and sources need not: it follows from the code.
local function is_derived(entry, kind, key)
  if key == "kind" then return entry.kind == kind end
  if kind == "phrase" or type(entry.code) ~= "string" then return false end
  return entry[key] == words.derived(kind, entry.code)[key]
end

local function check_entry(row, fields, report, complete)
  local entry, kind = row.entry, row.kind
  if type(entry) ~= "table" then return report(row, "an entry must be a table") end
  for key, value in pairs(entry) do
    local field = fields[kind][key]
    if field then
      local ok, why = field[1](value)
      if not ok then report(row, ("%s %s"):format(key, why)) end
    elseif not is_derived(entry, kind, key) then
      report(row, "has the unknown field " .. shown(key))
    end
  end
  for key, field in pairs(fields[kind]) do
    local needed = field[2] and (complete or key == check.key_field[kind])
    if needed and entry[key] == nil then report(row, key .. " is missing") end
  end
end

local function check_by_class(row, report)
  local entry = row.entry
  if check.is_enhanced(entry.code) then
    for _, key in ipairs {"classes", "by_class"} do
      if entry[key] ~= nil then report(row, key .. " is for a pattern such as X.7.1") end
    end
    return
  end
  for class in pairs(type(entry.by_class) == "table" and type(entry.classes) == "table" and entry.by_class or {}) do
    local listed = false
    for _, each in ipairs(entry.classes) do
      listed = listed or each == class
    end
    if not listed then report(row, ("by_class has the class %s, which is not in classes"):format(shown(class))) end
  end
end

local function check_links(rows, known, report)
  for _, row in ipairs(rows) do
    local entry = row.entry
    for _, code in ipairs(type(entry) == "table" and type(entry.see_also) == "table" and entry.see_also or {}) do
      local pattern = tostring(code):gsub("^[245]%.", "X.")
      local found = false
      for _, names in ipairs(known) do
        found = found or names["reply " .. code] or names["enhanced " .. pattern] or names["enhanced " .. code]
      end
      if not found then
        report(row, ("see_also names %s, which is not here"):format(shown(code)))
      end
    end
  end
end

-- "replies-2yz.lua:12: 250": sources know their lines, documents have none.
function check.where(row)
  local key = type(row.entry) == "table" and row.entry[check.key_field[row.kind]]
  local place = row.where
  if row.line then place = place .. ":" .. row.line(row.entry) end
  return key and ("%s: %s"):format(place, tostring(key):sub(1, 64):gsub("[^\x20-\x7e]", "?")) or place
end

-- Whether an entry must have all that it needs: a code may be an addition, a phrase only to one that another catalogue has.
local function must_stand(row, how)
  local id = row.kind == "phrase" and type(row.entry) == "table" and row.entry.id
  return how.ours or (how.known and id and not how.known["phrase " .. tostring(id)])
end

-- `rows` are {entry, kind, where, line}. `how.ours`: the rules of the built-in catalogue, its prose included; `how.known`: what
-- another catalogue has, as {["reply 550"] = true}, so that links and additions can be checked. Returns the breaches, each a
-- sentence; empty where all is well.
function check.entries(rows, how)
  local troubles, known = {}, {}
  local function report(row, what)
    troubles[#troubles + 1] = ("%s: %s."):format(check.where(row), what)
  end
  for _, row in ipairs(rows) do
    check_entry(row, how.ours and ours or theirs, report, must_stand(row, how))
    local key = type(row.entry) == "table" and row.entry[check.key_field[row.kind]]
    if type(key) == "string" then
      local name = row.kind .. " " .. key
      if known[name] then report(row, "is here twice; first in " .. known[name]) end
      known[name] = row.where
    end
    if row.kind == "enhanced" and type(row.entry) == "table" then check_by_class(row, report) end
  end
  if how.ours or how.known then check_links(rows, {known, how.known or {}}, report) end
  table.sort(troubles)
  return troubles
end

local function is_version(value)
  return math.type(value) == "integer" and value >= 1 and value < VERSION_END,
    "must be a whole number from 1 to below 2^53"
end

local days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

-- RFC 3339, in UTC, to the second: such texts sort by time.
function check.is_time(value)
  local why = "must be a time in UTC such as 2026-11-24T00:00:00Z"
  local pattern = "^(%d%d%d%d)%-(%d%d)%-(%d%d)T(%d%d):(%d%d):(%d%d)Z$"
  local parts = {tostring(value):match(pattern)}
  if type(value) ~= "string" or #parts == 0 then return false, why end
  local year, month, day, hour, minute, second = table.unpack(parts)
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local leap = month == 2 and year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  local fits = days[month] and day >= 1 and day <= days[month] + (leap and 1 or 0)
  return fits and tonumber(hour) < 24 and tonumber(minute) < 60 and tonumber(second) < 60 or false, why
end

local about = {name = is_id, version = is_version, issued = check.is_time, expires = check.is_time}

-- What a catalogue says about itself.
function check.about(value, where)
  local troubles = {}
  for key, test in pairs(about) do
    local ok, why = test(value[key])
    if not ok then troubles[#troubles + 1] = ("%s: %s %s."):format(where, key, value[key] == nil and "is missing" or why) end
  end
  if #troubles == 0 and value.issued >= value.expires then
    troubles[1] = ("%s: it expires before it is issued."):format(where)
  end
  table.sort(troubles)
  return troubles
end

local function rows_of(entries, report)
  local rows = {}
  for k, entry in ipairs(entries) do
    local kind = type(entry) == "table" and entry.kind
    if not check.key_field[kind] then
      report(("entry %d: kind must be reply, enhanced or phrase."):format(k))
    else
      rows[#rows + 1] = {entry = entry, kind = kind, where = "entry " .. k}
    end
  end
  return rows
end

-- A whole document, as JSON gave it. Entries may be additions to those of another catalogue, and lack what that one has.
function check.document(doc)
  local troubles = {}
  local function report(what)
    troubles[#troubles + 1] = what
  end
  if type(doc) ~= "table" then return {"the document must be an object."} end
  if doc.format ~= 1 then
    return {("format is %s, and only 1 is known: a newer ehlo may read it."):format(doc.format and shown(doc.format) or "missing")}
  end
  for key in pairs(doc) do
    if not about[key] and key ~= "format" and key ~= "entries" then report(("unknown field %s."):format(shown(key))) end
  end
  table.move(check.about(doc, "the document"), 1, 8, #troubles + 1, troubles)
  local entries = doc.entries
  if type(entries) ~= "table" or #entries == 0 or #entries > ENTRIES_MAX then
    report(("entries must be a list of 1 to %d."):format(ENTRIES_MAX))
    return troubles
  end
  local found = check.entries(rows_of(entries, report), {})
  table.move(found, 1, #found, #troubles + 1, troubles)
  return troubles
end

-- What the digits say: every row that composed answers need, in sentences.
function check.digits(digits, where)
  local troubles = {}
  local groups = {
    reply_class = {"2", "3", "4", "5"}, reply_category = {"0", "1", "2", "3", "4", "5"},
    enhanced_class = {"2", "4", "5"}, enhanced_subject = {"0", "1", "2", "3", "4", "5", "6", "7"},
  }
  local function row_of(row, name)
    if type(row) ~= "table" or not is_ascii(row.name) or not is_sentence(row.meaning) then
      troubles[#troubles + 1] = ("%s: %s needs a name and a meaning."):format(where, name)
    end
  end
  for group, keys in pairs(groups) do
    for _, key in ipairs(keys) do
      row_of(digits[group] and digits[group][key], group .. " " .. key)
    end
  end
  row_of(digits.enhanced_subject_other, "enhanced_subject_other")
  table.sort(troubles)
  return troubles
end

return check
