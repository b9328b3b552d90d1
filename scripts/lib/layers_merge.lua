-- Owns: making one catalogue of all layers. Callers: layers, when a file of them changed. A layer that cannot be read is left out,
-- with one line that says why; the others count.
local document = require "ehlo.document"
local layers_merge = {}

local function read_file(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local text
  text, why = file:read(document.BYTES_MAX + 1)
  file:close()
  if not text then return nil, why or "the file is empty" end
  return text
end

-- A person's own source: it has a file's name in place of a version and dates.
local function read_source(file, text)
  local rows, why = require("ehlo.catalogue.sources").rows(text, file.path)
  if not rows then return nil, why end
  local troubles = require("ehlo.catalogue.check").entries(rows, {})
  if #troubles > 0 then return nil, document.told(troubles, 1) end
  local name = file.name:lower():gsub("[^a-z0-9]+", "-")
  return require("ehlo.catalogue.document").make({name = name}, rows)
end

local function read_layer(file)
  local text, why = read_file(file.path)
  if not text then return nil, why end
  if file.path:match("%.lua$") then return read_source(file, text) end
  local doc
  doc, why = document.read(text)
  if not doc then return nil, ("%s: %s"):format(file.path, why) end
  return doc
end

-- A downloaded catalogue of the built-in one's name is another edition of it: a later one takes its place, an older one is passed over.
local function edition_of(base, file, doc)
  if file.layer ~= "downloaded" or doc.name ~= base.name then return nil end
  return doc.version >= base.version and "later" or "older"
end

-- What people call a layer: a downloaded one by the name that it is renewed by, others by what they call themselves.
local function name_of(file, doc)
  return file.layer == "downloaded" and file.name or doc.name
end

local function row_of(file, doc, origin)
  return {
    layer = file.layer, name = name_of(file, doc), version = doc.version, issued = doc.issued, expires = doc.expires,
    entries = #doc.entries, origin = origin, path = file.path, document = doc.name,
  }
end

-- The merged document of the files that layers.find found, the layers that are in it, and what is wrong with others.
function layers_merge.document(found)
  local base = assert(document.read(document.builtin()))
  local read, rows, notices = {}, {}, {}
  for _, file in ipairs(found) do
    local doc, why = read_layer(file)
    local edition = doc and edition_of(base, file, doc)
    if not doc then
      notices[#notices + 1] = ("a catalogue is left out. %s"):format(why:gsub("%c", " "))
    elseif edition ~= "older" then
      local origin = file.layer .. " " .. name_of(file, doc)
      read[#read + 1] = {doc = doc, origin = origin, edition = edition ~= nil}
      rows[#rows + 1] = row_of(file, doc, origin)
    end
  end
  local merged, more = require("ehlo.catalogue.merge").documents(base, read)
  table.move(more, 1, #more, #notices + 1, notices)
  return merged, rows, notices
end

-- The document of one layer, a row of layers.list: the bytes that were downloaded, or those that a source makes. Or nil and a message.
function layers_merge.text(row)
  if not row.path:match("%.lua$") then return read_file(row.path) end
  return nil, ("%s is a source without version and dates: ehlo catalogue build makes documents."):format(row.path)
end

-- {image, layers, notices} of the files that layers.find found.
function layers_merge.make(found)
  local merged, rows, notices = layers_merge.document(found)
  return {image = document.compile(merged), layers = rows, notices = notices}
end

return layers_merge
