-- Owns laying catalogues over each other, by kind and code (or id), field by field: what a later one says counts, its notes are
-- added in front. Callers: the layers of a running program.
local check = require "ehlo.catalogue.check"
local document = require "ehlo.catalogue.document"
local words = require "ehlo.catalogue.words"

local merge = {}

local function key_of(entry)
  return entry.kind .. " " .. entry[check.key_field[entry.kind]]
end

local function add_notes(entry, notes)
  local made, seen = {}, {}
  for _, list in ipairs {notes, entry.notes or {}} do
    for _, note in ipairs(list) do
      if not seen[note] then made[#made + 1] = note end
      seen[note] = true
    end
  end
  entry.added_notes = (entry.added_notes or 0) + #made - #(entry.notes or {})
  entry.notes = made
end

-- What is said of one class counts for that class only, and its class is one of the entry's.
local function add_by_class(entry, by_class)
  entry.by_class = entry.by_class or {}
  for class, row in pairs(by_class) do
    local own, listed = entry.by_class[class] or {}, not entry.classes
    for key, value in pairs(row) do
      own[key] = value
    end
    entry.by_class[class] = own
    for _, each in ipairs(entry.classes or {}) do
      listed = listed or each == class
    end
    if not listed then table.insert(entry.classes, class) end
  end
  if entry.classes then table.sort(entry.classes) end
end

local function add_fields(entry, addition)
  for key, value in pairs(addition) do
    if key == "notes" then
      add_notes(entry, value)
    elseif key ~= "by_class" then
      entry[key] = value
      -- said of all classes, so no class keeps what it had
      for _, row in pairs(entry.by_class or {}) do
        row[key] = nil
      end
    end
  end
  if addition.by_class then add_by_class(entry, addition.by_class) end
end

-- A phrase of somebody's own server needs no more than what it says and what that means.
function merge.with_defaults(entry, kind, name, source)
  if kind ~= "phrase" then return entry end
  entry.provider = entry.provider or name
  entry.source = entry.source or source
  if entry.names_provider == nil then entry.names_provider = false end
  return entry
end

local function lay_over(known, layer, notices)
  for _, addition in ipairs(layer.doc.entries) do
    local key = key_of(addition)
    local entry = known[key]
    if entry then
      add_fields(entry, addition)
      entry.origin = words.origins(entry.origin, layer.origin)
    else
      entry = merge.with_defaults(addition, addition.kind, layer.doc.name, layer.origin)
      entry.origin = layer.origin
      entry.added_notes = #(entry.notes or {})
      local lacks = entry.kind == "phrase" and check.lacks(entry)
      if lacks then
        notices[#notices + 1] = ("%s: the phrase %s has no %s and is left out"):format(layer.origin, entry.id, lacks)
      else
        known[key] = entry
      end
    end
  end
end

-- A later edition of the base: what it has not is withdrawn, and what it says in full takes the place of what was there.
local function renew(known, edition)
  local renewed = {}
  for _, entry in ipairs(edition.doc.entries) do
    local key = key_of(entry)
    local old = known[key]
    if old and check.lacks(entry) then
      add_fields(old, entry)
      entry = old
    end
    entry.origin = edition.origin
    renewed[key] = entry
  end
  return renewed
end

-- `base` is a document; `layers` are {doc, origin, edition}, the most important last; `edition` says that a layer is a later
-- edition of the base. Returns the merged document, whose entries name their `origin` where a layer spoke, and a list of notices. All
-- documents are used up: their entries become those of the result.
function merge.documents(base, layers)
  local known, notices, about = {}, {}, base
  for _, entry in ipairs(base.entries) do
    known[key_of(entry)] = entry
  end
  for _, layer in ipairs(layers) do
    if layer.edition then
      known, about = renew(known, layer), layer.doc
    else
      lay_over(known, layer, notices)
    end
  end
  local entries = {}
  for _, entry in pairs(known) do
    entries[#entries + 1] = entry
  end
  return document.of(about, entries), notices
end

return merge
