-- Owns: the module `catalogue`: where catalogues come from, renewing them, looking at what is here, going back. Callers: scripts and
-- the command of that name. What the world refuses comes back as nil, message, err.
local sources = require "ehlo.catalogue_sources"
local landed = require "ehlo.catalogue_landed"
local catalogue = {}

local KEY_FILE_MAX = 4096

local function failed(message, class) return nil, message, {class = class or "refused", message = message} end

local function check(name, value, kind, level)
  if type(value) ~= kind then error(("%s must be a %s, not a %s"):format(name, kind, type(value)), level or 3) end
end

local function check_options(options, known)
  for key in pairs(options or {}) do
    if not known[key] then error(("unknown option '%s'"):format(tostring(key)), 3) end
  end
end

-- What changed on disk counts at once, also in a program that goes on.
local function put_into_force(value)
  require("ehlo.layers").load(false, true)
  return value
end

-- A key in base64, or a file that holds one: its text in base64, or nil, message.
local function key_of(text)
  local store = require "ehlo.store"
  local key = store.key(text)
  if key then return key.text end
  local bytes, message = sources.read(text, KEY_FILE_MAX)
  if not bytes then
    return nil, ("\"%s\" is neither a public key of minisign's nor a file with one (%s)"):format(report.escape(text), report.escape(message))
  end
  key, message = store.key(bytes)
  if not key then return nil, ("%s: %s"):format(report.escape(text), message) end
  return key.text
end

local function keys_of(list)
  local keys, seen = {}, {}
  for _, text in ipairs(type(list) == "table" and list or {list}) do
    local key, message = key_of(text)
    if not key then return nil, message end
    if not seen[key] then keys[#keys + 1] = key end
    seen[key] = true
  end
  return keys
end

-- The name of a source that was given none: its host's, or its folder's.
local function name_from(url)
  local name = url:match("^https?://([%w.-]+)") or url:match("^file:.*/([^/]+)/[^/]*$") or "catalogue"
  name = name:lower():gsub("^www%.", ""):gsub("[^a-z0-9]+", "-"):gsub("^%-", "")
  return sources.is_name(name) and name or "catalogue"
end

local function merged(old, source)
  local keys, seen = {}, {}
  for _, list in ipairs {old.keys, source.keys} do
    for _, key in ipairs(list) do
      if not seen[key] then keys[#keys + 1] = key end
      seen[key] = true
    end
  end
  source.keys, source.ca_file = keys, source.ca_file or old.ca_file
end

-- add(url, {keys, name, ca_file}): configures a source, or gives one that is there further keys. Nothing is fetched.
function catalogue.add(url, options)
  check("url", url, "string")
  check_options(options, {keys = true, name = true, ca_file = true})
  options = options or {}
  local name = options.name or name_from(url)
  if not sources.is_name(name) then
    return failed(("\"%s\" is no name for a catalogue: small letters, digits and dashes"):format(report.escape(name)), "syntax")
  end
  local fine, message = http.allowed(url)
  if not fine then return failed(("%s: %s"):format(report.escape(url), message), "syntax") end
  local keys
  keys, message = keys_of(options.keys or {})
  if not keys then return failed(message, "syntax") end
  if #keys == 0 then return failed("a catalogue needs a key that signs it: --key KEY", "syntax") end
  local source = {name = name, url = url, keys = keys, ca_file = options.ca_file}
  local old
  old, message = sources.get(name)
  if message then return failed(message) end
  if old and old.url ~= url then
    return failed(("catalogue %s is configured already, from %s: give another name, or remove it first"):format(name, report.escape(old.url)))
  end
  if old then merged(old, source) end
  local ok
  ok, message = sources.save(source)
  if not ok then return failed(("%s: %s"):format(sources.path(name), message)) end
  source.added = not old
  return source
end

local function about(name)
  local source, message = sources.get(name)
  local here = landed.versions(name) or {}
  local row = {name = name, url = source and source.url, trouble = message, version = here.current, previous = here.previous, keys = {}}
  for i, key in ipairs(source and source.keys or {}) do row.keys[i] = require("ehlo.store").key(key).id end
  if not here.current then return row end
  local was = landed.origin(name, here.current)
  row.expires, row.received, row.signed_by, row.comment, row.document = was.expires, was.received, was.key, was.comment, was.document
  row.folder = landed.folder(name, here.current)
  row.expired = row.expires ~= nil and row.expires < landed.now()
  return row
end

-- A row for each: name, url, keys (their numbers), version, previous, expires, expired, received, signed_by, comment, folder.
function catalogue.list()
  local rows = {}
  for i, name in ipairs(landed.names()) do rows[i] = about(name) end
  return rows
end

-- The same of one, with what its document says of itself.
function catalogue.show(name)
  check("name", name, "string")
  local row = sources.is_name(name) and about(name)
  if not row or not (row.url or row.version or row.trouble) then return failed(("there is no catalogue \"%s\""):format(report.escape(name))) end
  if not row.version then return row end
  local doc, message = landed.document(name, row.version)
  if not doc then return failed(message) end
  row.issued, row.entries = doc.issued, #doc.entries
  return row
end

-- update(name, {dry_run, check, quiet, timeout}): renews one, or all. A list of {name, url, status, version, previous, offered,
-- changes, expired, message}.
function catalogue.update(name, options)
  check_options(options, {dry_run = true, check = true, quiet = true, timeout = true})
  local names = name and {name} or sources.names()
  local results = {}
  for i, each in ipairs(names) do
    local source, message = sources.get(each)
    if source then
      local with = {}
      for key, value in pairs(options or {}) do with[key] = value end
      results[i] = require("ehlo.catalogue_update").run(source, with)
    elseif message then
      results[i] = {name = each, status = "refused", message = message}
    else
      return failed(("there is no catalogue \"%s\""):format(report.escape(each)))
    end
  end
  return put_into_force(results)
end

-- Compares two documents in files, or the version in force of one with the previous one: {old, new, changes}.
function catalogue.diff(a, b)
  check("name", a, "string")
  local document = require "ehlo.document"
  local old, new, message
  if b then
    local function load(path)
      local bytes, why = sources.read(path, document.BYTES_MAX)
      if not bytes then return nil, why end
      local doc
      doc, why = document.read(bytes)
      return doc, why and path .. ": " .. why
    end
    old, message = load(a)
    if old then new, message = load(b) end
  else
    local here = sources.is_name(a) and landed.versions(a) or {}
    if not here.previous then return failed(("of \"%s\" there are no two versions here to compare"):format(report.escape(a))) end
    old, message = landed.document(a, here.previous)
    if old then new, message = landed.document(a, here.current) end
  end
  if not new then return failed(report.escape(message)) end
  return {old = old.version, new = new.version, name = new.name, changes = document.diff(old, new)}
end

-- rollback(name): the version in force before is in force again: {name, version, previous}. Without a name where there is one only.
function catalogue.rollback(name)
  if not name then
    local names = landed.names()
    if #names ~= 1 then return failed(#names == 0 and "there is no catalogue" or "say which catalogue: " .. table.concat(names, ", ")) end
    name = names[1]
  end
  local lock <close>, message = landed.lock()
  if not lock then return failed(message) end
  local version, before = landed.rollback(lock, name)
  if not version then return failed(("catalogue %s: %s"):format(report.escape(name), before)) end
  return put_into_force {name = name, version = version, previous = before}
end

-- remove(name): forgets where it came from and all versions of it.
function catalogue.remove(name)
  check("name", name, "string")
  local configured = sources.is_name(name) and io.open(sources.path(name), "rb")
  local here = sources.is_name(name) and landed.versions(name)
  if configured then configured:close() end
  if not configured and not (here and here.highest) then return failed(("there is no catalogue \"%s\""):format(report.escape(name))) end
  local lock <close>, message = landed.lock()
  if not lock then return failed(message) end
  local ok
  ok, message = lock:remove(name)
  if ok and configured then ok, message = os.remove(sources.path(name)) end
  if not ok then return failed(("catalogue %s cannot be removed: %s"):format(name, message)) end
  return put_into_force(true)
end

-- verify(path, {keys}): whether a document in a file, with its signature beside it, could be taken: {name, version, ...}. Without keys
-- those of all sources count.
function catalogue.verify(path, options)
  check("path", path, "string")
  check_options(options, {keys = true})
  local keys, message = keys_of(options and options.keys or {})
  if not keys then return failed(message, "syntax") end
  if #keys == 0 then
    for _, name in ipairs(sources.names()) do
      for _, key in ipairs((sources.get(name) or {}).keys or {}) do keys[#keys + 1] = key end
    end
    if #keys == 0 then return failed("no key is known here: --key KEY", "syntax") end
  end
  local bytes, signature
  bytes, message = sources.read(path, require("ehlo.document").BYTES_MAX)
  if bytes then signature, message = sources.read(path .. ".minisig", KEY_FILE_MAX * 4) end
  if not signature then return failed(report.escape(message)) end
  local doc, signed = require("ehlo.catalogue_update").believe(bytes, signature, keys)
  if not doc then return failed(("%s: %s"):format(report.escape(path), signed)) end
  return {name = doc.name, version = doc.version, issued = doc.issued, expires = doc.expires, expired = doc.expires < landed.now(),
    entries = #doc.entries, key = signed.key, comment = signed.comment}
end

-- layers(): what answers now, the least important first.
function catalogue.layers() return require("ehlo.layers").list() end

-- read(bytes): a document from its JSON text, with every rule of the form kept.
function catalogue.read(bytes)
  check("bytes", bytes, "string")
  local doc, message = require("ehlo.document").read(bytes)
  if not doc then return failed(message) end
  return doc
end

-- build(path): the text of the document that the sources in a folder make. A message may have a line for each fault.
function catalogue.build(path)
  check("path", path, "string")
  local text, message = require("ehlo.catalogue_build").build(path)
  if not text then return failed(message) end
  return text
end

-- export(name): the text of a catalogue in force; of all together where no name is given.
function catalogue.export(name)
  if name ~= nil then check("name", name, "string") end
  local text, message = require("ehlo.document").export(name)
  if not text then return failed(message) end
  return text
end

return catalogue
