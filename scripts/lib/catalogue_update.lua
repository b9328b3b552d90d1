-- Owns: whether a catalogue that was fetched is to be believed, and putting it in force. Callers: the catalogue's module.
local sources = require "ehlo.catalogue_sources"
local landed = require "ehlo.catalogue_landed"
local update = {}

local DAY = 86400
local SIGNATURE_MAX = 16 << 10

-- The document, if it is signed by one of the keys and well formed; and what the signature says. Or nil, message.
function update.believe(bytes, signature, keys)
  local signed, message = require("ehlo.store").verify(bytes, signature, keys)
  if not signed then return nil, message end
  local doc
  doc, message = require("ehlo.document").read(bytes)
  if not doc then return nil, "it is signed, but cannot be used: " .. message end
  return doc, signed
end

-- Whether the version in force is still what was signed. A damaged one is fetched anew, whatever the server says is known here.
local function is_sound(source, version)
  local bytes = landed.bytes(source.name, version)
  local signature = bytes and sources.read(landed.folder(source.name, version) .. "/catalogue.json.minisig", SIGNATURE_MAX)
  return signature and require("ehlo.store").verify(bytes, signature, source.keys) ~= nil
end

-- What stands against a document whose signature is right; nil where nothing does. `here` is landed.versions and whether the one in
-- force is sound, `was` the origin of that.
local function objection(doc, bytes, here, was, source)
  local now = landed.now()
  local tomorrow = os.date("!%Y-%m-%dT%H:%M:%SZ", os.time() + DAY)
  if was.document and doc.name ~= was.document then
    return ("it is the catalogue \"%s\", where \"%s\" is expected"):format(doc.name, was.document)
  elseif here.highest and doc.version < here.highest then
    return ("version %d is older than version %d, which was here before: it may be replayed"):format(doc.version, here.highest)
  elseif here.current == doc.version then
    return here.sound and landed.bytes(source.name, doc.version) ~= bytes and ("it is another document under the same version %d"):format(doc.version) or nil
  elseif doc.expires < now then
    return ("version %d expired at %s (this machine's clock says %s)"):format(doc.version, doc.expires, now)
  elseif doc.issued > tomorrow then
    return ("version %d was issued at %s, but this machine's clock says %s"):format(doc.version, doc.issued, now)
  end
end

local function nothing() return {entries = {}} end

-- What the document would change, beside the version in force or, for the first, beside the built-in one where it bears its name.
local function changes(source, doc, here)
  local document = require "ehlo.document"
  local old
  if here.current then
    old = landed.document(source.name, here.current)
  elseif doc.name == codes.about().name then
    old = document.read(document.builtin())
  end
  return document.diff(old or nothing(), doc)
end

local function files(doc, found, source, signed)
  require("ehlo.document").compile(doc) -- raises for what could not be put into force; start-up maps the layers' image, merged
  return {
    ["catalogue.json"] = found.bytes,
    ["catalogue.json.minisig"] = found.signature,
    ["origin.lua"] = sources.text("Where this version came from.", {
      url = source.url, etag = found.etag, last_modified = found.last_modified, received = landed.now(), key = signed.key,
      comment = signed.comment, document = doc.name, expires = doc.expires,
    }),
  }
end

local function current(result, here, was)
  result.status, result.version = "current", here.current
  if was.expires and was.expires < landed.now() then result.expired = was.expires end
  return result
end

-- From the server's answer to a document worth landing: doc, signed, found. Or nil, and the result says why.
local function obtain(source, options, here, was, result)
  local fetch = require "ehlo.catalogue_fetch"
  local known = here.sound and was.url == source.url and was or nil
  local found, message = fetch.run(source, known, options)
  if found == "same" then
    current(result, here, was)
    return nil
  end
  local doc, signed
  if found then
    doc, signed = update.believe(found.bytes, found.signature, source.keys)
    if not doc and found.resumed then -- the beginning was of another document
      found, message = fetch.run(source, nil, {peek = options.peek, anew = true, quiet = options.quiet, timeout = options.timeout})
      if found then doc, signed = update.believe(found.bytes, found.signature, source.keys) end
    end
  end
  if found and not doc then message = signed end
  if doc then message = objection(doc, found.bytes, here, was, source) end
  if not message then return doc, signed, found end
  result.status, result.message, result.version = "refused", message, here.current
  return nil
end

-- Each file is replaced as a whole; until the last one is, the version is what it was: damaged.
local function repair(result, version, made)
  result.status, result.version = "repaired", version
  for name, bytes in pairs(made) do
    local path = landed.folder(result.name, version) .. "/" .. name
    local ok, message = require("ehlo.store").write(path, bytes)
    if not ok then
      result.status, result.message = "refused", ("%s: %s"):format(path, message)
      break
    end
  end
  return result
end

local function one(source, options, lock)
  local result = {name = source.name, url = source.url}
  local here, message = landed.versions(source.name)
  if lock and here then
    local ok
    ok, message = lock:clean(source.name)
    if not ok then here, message = nil, ("%s/%s: %s"):format(sources.root(), source.name, message) end
  end
  if not here then
    result.status, result.message = "refused", message
    return result
  end
  local was = here.current and landed.origin(source.name, here.current) or {}
  here.sound = here.current and is_sound(source, here.current)
  local doc, signed, found = obtain(source, options, here, was, result)
  if not doc then return result end
  if doc.version == here.current then
    if here.sound then return current(result, here, was) end
    if not options.peek then return repair(result, here.current, files(doc, found, source, signed)) end
    result.status, result.version = "damaged", here.current
    return result
  end
  if doc.version == landed.set_aside(source.name) then
    result.status, result.version, result.offered = "set-aside", here.current, doc.version
    return result
  end
  result.status, result.version, result.previous = "newer", doc.version, here.current
  if options.check then return result end
  result.changes = changes(source, doc, here)
  if options.dry_run then return result end
  local ok
  ok, message = lock:put(source.name, doc.version, files(doc, found, source, signed))
  result.status = "updated"
  if not ok then
    result.status, result.version, result.changes = "refused", here.current, nil
    result.message = ("version %d cannot be written to %s/%s: %s"):format(doc.version, sources.root(), source.name, message)
  end
  return result
end

-- Renews one source. Returns {name, url, status, version, previous, offered, changes, expired, message}; status is "current", "newer"
-- (with check or dry_run), "updated", "set-aside" (rolled back from here, and nothing newer), "damaged" (with
-- check or dry_run: the files of the one in force are not what was signed), "repaired" or "refused". options: check, dry_run,
-- quiet, timeout.
function update.run(source, options)
  options.peek = options.check or options.dry_run
  if options.peek then return one(source, options) end
  local lock <close>, message = landed.lock(options.timeout)
  if not lock then
    local here = landed.versions(source.name)
    return {name = source.name, url = source.url, status = "refused", version = here and here.current, message = message}
  end
  return one(source, options, lock)
end

return update
