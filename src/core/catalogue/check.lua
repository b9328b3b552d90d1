-- Owns the rules that a catalogue's entries must keep. Callers: the builder, before it writes anything.
-- Every breach is reported with its file and code, all of them at once.
local words = require "words"

local check = {}

local function is_string(value)
  return type(value) == "string" and value ~= "", "must be a text that is not empty"
end

local function is_ascii(value)
  if not is_string(value) then return is_string(value) end
  local bad = value:find("[^\x20-\x7e]")
  return not bad, "holds a byte outside printable ASCII"
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
    return known[value] == true or type(known[value]) == "string", ("has the unknown word %q"):format(tostring(value))
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
  if type(value) ~= "table" or math.type(value.rfc) ~= "integer" then return false, "must name an RFC by number" end
  for key in pairs(value) do
    if key ~= "rfc" and key ~= "section" then return false, "has a standard with an unknown field" end
  end
  return value.section == nil or is_ascii(value.section), "has a section that is no text"
end

local function is_boolean(value)
  return type(value) == "boolean", "must be true or false"
end

local function is_id(value)
  return type(value) == "string" and value:find("^[a-z0-9][a-z0-9-]*$") ~= nil, "must be lowercase words and hyphens"
end

-- A phrase needs a run of letters to be found by, and no star at its ends.
local function is_text(value)
  local ok, why = is_ascii(value)
  if not ok then return ok, why end
  if value:find("^%*") or value:find("%*$") then return false, "must not begin or end with a star" end
  for run in value:gmatch("[^*]+") do
    if #run >= 4 then return true end
  end
  return false, "needs four bytes in a row that are no star"
end

local is_class_list = is_list(is_word {["2"] = true, ["4"] = true, ["5"] = true})

local function is_by_class(value)
  if type(value) ~= "table" then return false, "must be a table" end
  local fields = {
    name = is_ascii, meaning = is_sentence, when = is_sentence, fix = is_sentence,
    acts = is_word(words.acts), retry = is_word(words.retry),
  }
  for class, row in pairs(value) do
    if not words.enhanced_class[class] or type(row) ~= "table" then return false, "has an unknown class" end
    for key, text in pairs(row) do
      if not fields[key] then return false, ("has the unknown field %q"):format(tostring(key)) end
      local ok, why = fields[key](text)
      if not ok then return false, ("%s.%s %s"):format(class, key, why) end
    end
  end
  return true
end

local function fields_of(own)
  local fields = {
    name = {is_ascii, true}, meaning = {is_sentence, true}, when = {is_sentence, true}, fix = {is_sentence, true},
    retry = {is_word(words.retry), true}, acts = {is_word(words.acts), true},
    commands = {is_list(is_word(words.commands))}, standards = {is_list(is_standard)},
    status = {is_word(words.status), true}, see_also = {is_list(is_any_code)},
    notes = {is_list(is_sentence)},
  }
  for key, row in pairs(own) do
    fields[key] = row
  end
  return fields
end

-- field = {test, required}
local fields = {
  reply = fields_of {
    code = {check.is_reply, true}, enhanced = {is_list(check.is_enhanced)},
    commands = {is_list(is_word(words.commands)), true},
  },
  enhanced = fields_of {
    code = {is_pattern, true}, classes = {is_class_list, true}, replies = {is_list(check.is_reply)},
    by_class = {is_by_class},
  },
  phrase = {
    id = {is_id, true}, text = {is_text, true}, also = {is_list(is_text)}, code = {one_or_list(check.is_reply)},
    enhanced = {one_or_list(check.is_enhanced)}, code_guess = {check.is_reply}, enhanced_guess = {check.is_enhanced},
    commands = {is_list(is_word(words.commands))}, provider = {is_ascii, true}, names_provider = {is_boolean, true},
    direction = {is_word(words.direction)}, cause = {is_word(words.cause), true}, retry = {is_word(words.retry), true},
    acts = {is_word(words.acts), true}, meaning = {is_sentence, true}, fix = {is_sentence, true},
    source = {is_ascii, true}, notes = {is_list(is_sentence)},
  },
}

local function check_entry(entry, kind, where, report)
  if type(entry) ~= "table" then return report(where, "an entry must be a table") end
  local name = ("%s: %s"):format(where, tostring(entry.code and kind ~= "phrase" and entry.code or entry.id))
  for key, value in pairs(entry) do
    local row = fields[kind][key]
    if key == "kind" then
      -- present in documents, derived in sources
    elseif not row then
      report(name, ("has the unknown field %q"):format(tostring(key)))
    else
      local ok, why = row[1](value)
      if not ok then report(name, ("%s %s"):format(key, why)) end
    end
  end
  for key, row in pairs(fields[kind]) do
    if row[2] and entry[key] == nil then report(name, key .. " is missing") end
  end
end

local function check_by_class(entry, where, report)
  for class in pairs(type(entry.by_class) == "table" and entry.by_class or {}) do
    local listed = false
    for _, each in ipairs(type(entry.classes) == "table" and entry.classes or {}) do
      listed = listed or each == class
    end
    if not listed then report(where, ("by_class has the class %s, which is not in classes"):format(class)) end
  end
end

local function check_links(rows, known, report)
  for _, row in ipairs(rows) do
    local entry = row.entry
    for _, code in ipairs(type(entry) == "table" and type(entry.see_also) == "table" and entry.see_also or {}) do
      local pattern = tostring(code):gsub("^[245]%.", "X.")
      if not known[code] and not known[pattern] then
        local where = ("%s: %s"):format(row.where, tostring(entry.code))
        report(where, ("see_also names %s, which is not here"):format(code))
      end
    end
  end
end

-- `rows` are {entry =, kind =, where =}; returns a list of sentences, empty where all is well.
function check.entries(rows)
  local troubles, known = {}, {}
  local function report(where, what)
    troubles[#troubles + 1] = ("%s: %s."):format(where, what)
  end
  for _, row in ipairs(rows) do
    check_entry(row.entry, row.kind, row.where, report)
    local key = type(row.entry) == "table" and (row.kind == "phrase" and row.entry.id or row.entry.code)
    if key then
      if known[key] then report(row.where, ("%s is here twice; first in %s"):format(key, known[key])) end
      known[key] = row.where
    end
    if row.kind == "enhanced" and type(row.entry) == "table" then check_by_class(row.entry, row.where, report) end
  end
  check_links(rows, known, report)
  table.sort(troubles)
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
