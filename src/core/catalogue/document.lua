-- Owns the catalogue's document: entries put in order with what their digits derive, and its JSON text.
-- Callers: the builder, at build time and for organisations that make their own.
local json = require "ehlo.catalogue.json"
local words = require "ehlo.catalogue.words"

local document = {}

local order = {
  reply = {
    "kind", "code", "name", "class", "category", "meaning", "when", "fix", "retry", "acts", "commands", "enhanced",
    "standards", "status", "see_also", "notes",
  },
  enhanced = {
    "kind", "code", "classes", "name", "category", "meaning", "when", "fix", "retry", "acts", "commands", "replies",
    "standards", "status", "see_also", "notes", "by_class",
  },
  phrase = {
    "kind", "id", "text", "also", "code", "enhanced", "code_guess", "enhanced_guess", "commands", "provider",
    "names_provider", "direction", "cause", "retry", "acts", "meaning", "fix", "source", "notes",
  },
}

local function derived(entry, kind)
  local made = {}
  for key, value in pairs(entry) do
    made[key] = value
  end
  made.kind = kind
  for key, value in pairs(kind ~= "phrase" and words.derived(kind, entry.code) or {}) do
    made[key] = value
  end
  return made
end

local kinds = {reply = 1, enhanced = 2, phrase = 3}

-- Codes sort by number, one class before the pattern of all; phrases by id.
local function key_of(entry)
  if entry.kind == "phrase" then return entry.id end
  if entry.kind == "reply" then return entry.code end
  local subject, detail = entry.code:match("^.%.(%d+)%.(%d+)$")
  return ("%03d.%03d %s"):format(tonumber(subject), tonumber(detail), entry.code)
end

local function before(a, b)
  if kinds[a.kind] ~= kinds[b.kind] then return kinds[a.kind] < kinds[b.kind] end
  return key_of(a) < key_of(b)
end

-- A document of entries that have their kind, which are put in order.
function document.of(about, entries)
  table.sort(entries, before)
  return {
    format = 1, name = about.name, version = about.version, issued = about.issued, expires = about.expires,
    entries = entries,
  }
end

-- `rows` as for check.entries, `about` with name, version, issued and expires.
function document.make(about, rows)
  local entries = {}
  for _, row in ipairs(rows) do
    entries[#entries + 1] = derived(row.entry, row.kind)
  end
  return document.of(about, entries)
end

local function object(value, keys)
  local made = {object = true}
  for _, key in ipairs(keys) do
    if value[key] ~= nil then made[#made + 1] = {key, value[key]} end
  end
  return made
end

local function entry_object(entry)
  local made = {}
  for key, value in pairs(entry) do
    made[key] = value
  end
  if entry.standards then
    made.standards = {}
    for k, each in ipairs(entry.standards) do
      made.standards[k] = object(each, {"rfc", "section"})
    end
  end
  if entry.by_class then
    made.by_class = {object = true}
    for _, class in ipairs {"2", "4", "5"} do
      local row = entry.by_class[class]
      if row then
        made.by_class[#made.by_class + 1] = {class, object(row, {"name", "meaning", "when", "fix", "retry", "acts"})}
      end
    end
  end
  return object(made, order[entry.kind])
end

function document.json(doc)
  local entries = {}
  for k, entry in ipairs(doc.entries) do
    entries[k] = entry_object(entry)
  end
  return json.text {
    object = true, {"format", doc.format}, {"name", doc.name}, {"version", doc.version}, {"issued", doc.issued},
    {"expires", doc.expires}, {"entries", entries},
  }
end

return document
