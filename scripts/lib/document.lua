-- Owns catalogues as documents: reading and checking one that came from anywhere, comparing two, making the binary form that
-- look-ups read, and writing the one in force. Callers: the catalogue's commands and layers. What it needs is loaded late.
local document = {}

document.BYTES_MAX = 16 << 20

-- The first of a list of faults, and how many more there are, in one line.
function document.told(troubles, most)
  local list, more = {table.unpack(troubles, 1, most or 3)}, #troubles - (most or 3)
  if more > 0 then list[#list + 1] = more == 1 and "1 more fault follows." or ("%d more faults follow."):format(more) end
  return table.concat(list, " ")
end

-- A catalogue from the bytes of its JSON document, with every rule of the form kept: {format, name, version, issued, expires,
-- entries}. Or nil and a message of one line.
function document.read(bytes)
  if #bytes > document.BYTES_MAX then return nil, "the document is longer than 16 MiB." end
  local doc, why = require("ehlo.json").read(bytes)
  if not doc then return nil, ("the document is no JSON: %s."):format(why) end
  local troubles = require("ehlo.catalogue.check").document(doc)
  if #troubles > 0 then return nil, document.told(troubles) end
  return doc
end

-- The binary form of a document that document.read gave.
function document.compile(doc)
  return require("ehlo.catalogue.image").make(doc, require "ehlo.catalogue.digits")
end

-- The document's JSON text: the same bytes for the same catalogue.
function document.text(doc)
  return require("ehlo.catalogue.document").json(doc)
end

local function same(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not same(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local key_field = {reply = "code", enhanced = "code", phrase = "id"}

local function by_key(doc)
  local known = {}
  for _, entry in ipairs(doc.entries) do
    known[entry.kind .. " " .. entry[key_field[entry.kind]]] = entry
  end
  return known
end

local function changed_fields(old, new)
  local fields, seen = {}, {}
  for _, entry in ipairs {old, new} do
    for key in pairs(entry) do
      if not seen[key] and not same(old[key], new[key]) then fields[#fields + 1] = key end
      seen[key] = true
    end
  end
  table.sort(fields)
  return fields
end

local rank = {reply = 1, enhanced = 2, phrase = 3}

local function sort_key(row)
  local subject, detail = row.code:match("^X%.(%d+)%.(%d+)$")
  if row.kind ~= "enhanced" or not subject then return row.code end
  return ("%04d.%04d"):format(subject, detail)
end

local function before(a, b)
  if a.kind ~= b.kind then return rank[a.kind] < rank[b.kind] end
  return sort_key(a) < sort_key(b)
end

-- What `new` has otherwise than `old`, in the order of codes: a list of {change = "added"|"changed"|"withdrawn", kind, code,
-- fields}; `code` is a phrase's id, `fields` names what differs in a changed entry and is empty in others.
function document.diff(old, new)
  local before_it, after, rows = by_key(old), by_key(new), {}
  local function add(change, entry, fields)
    rows[#rows + 1] = {change = change, kind = entry.kind, code = entry[key_field[entry.kind]], fields = fields or {}}
  end
  for key, entry in pairs(after) do
    local was = before_it[key]
    if not was then
      add("added", entry)
    elseif not same(was, entry) then
      add("changed", entry, changed_fields(was, entry))
    end
  end
  for key, entry in pairs(before_it) do
    if not after[key] then add("withdrawn", entry) end
  end
  table.sort(rows, before)
  return rows
end

-- The text of the catalogue that was built in.
function document.builtin()
  return require("ehlo.layer_files").builtin()
end

-- The most important layer of that name, or whose document calls itself so.
local function in_force(name)
  local found
  for _, row in ipairs(require("ehlo.layers").list()) do
    if row.name == name or row.document == name then found = row end
  end
  return found
end

-- The text of a catalogue in force, by its name; without one, of all of them together. Or nil and a message.
function document.export(name)
  local layers = require "ehlo.layers"
  if not name then
    if not layers.any() then return document.builtin() end
    return document.text((require("ehlo.layers_merge").document(layers.find())))
  end
  local row = in_force(name)
  if row and row.path then return require("ehlo.layers_merge").text(row) end
  if row then return document.builtin() end
  return nil, ("no catalogue \"%s\" is in force."):format(report.escape(name))
end

return document
