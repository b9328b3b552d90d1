-- Owns: what has landed: which versions of a catalogue lie here, which one is in force, and its files. Callers: the catalogue's other
-- parts.
local sources = require "ehlo.catalogue_sources"
local landed = {}

local document_max = 16 << 20

-- UTC as in a document: such texts sort by time.
function landed.now() return os.date("!%Y-%m-%dT%H:%M:%SZ") end

local function highest(versions, except)
  local best
  for _, version in ipairs(versions) do
    if version ~= except and (not best or version > best) then best = version end
  end
  return best
end

-- {current, previous, highest}: versions or nil. Or nil, message.
function landed.versions(name)
  local list, current = require("ehlo.store").versions(sources.root(), name)
  if not list then return nil, ("%s/%s: %s"):format(sources.root(), name, current) end
  return {current = current, previous = current and highest(list, current), highest = highest(list)}
end

function landed.folder(name, version) return ("%s/%s/%d"):format(sources.root(), name, version) end

function landed.bytes(name, version) return sources.read(landed.folder(name, version) .. "/catalogue.json", document_max) end

-- The document of a version, or nil, message.
function landed.document(name, version)
  local bytes, message = landed.bytes(name, version)
  if not bytes then return nil, message end
  return require("ehlo.document").read(bytes)
end

-- Where a version came from: {url, etag, last_modified, received, key, comment, document}; empty where that is not known.
function landed.origin(name, version) return sources.table(landed.folder(name, version) .. "/origin.lua") or {} end

local function aside_path(name) return ("%s/%s/set-aside.lua"):format(sources.root(), name) end

-- The version that was rolled back from last, or nil.
function landed.set_aside(name) return (sources.table(aside_path(name)) or {}).version end

-- Puts the previous version in force, under `lock`. Returns it and the one that was, or nil, message.
function landed.rollback(lock, name)
  local here, message = landed.versions(name)
  if not here then return nil, message end
  if not here.current then return nil, "nothing of it has landed here" end
  if not here.previous then return nil, ("version %d is in force, and no other is kept"):format(here.current) end
  local text = sources.text("An update does not bring this version back.", {version = here.current})
  local ok
  ok, message = require("ehlo.store").write(aside_path(name), text)
  if ok then ok, message = lock:switch(name, here.previous) end
  if not ok then return nil, ("%s/%s: %s"):format(sources.root(), name, message) end
  return here.previous, here.current
end

-- Names that are configured or have landed, sorted.
function landed.names()
  return require("ehlo.words").union {sources.names(), require("ehlo.store").names(sources.root()) or {}}
end

-- The lock of the whole folder, waited for; or nil, message.
function landed.lock(timeout)
  local store = require "ehlo.store"
  local left
  while true do
    local lock, message, busy = store.lock(sources.root())
    if lock then return lock end
    if not busy then return nil, ("%s: %s"):format(sources.root(), message) end
    if not left then
      collectgarbage() -- Ctrl-C ends a script so that its variables are not closed: a lock of this very process may be left
      left = timeout or 60
    end
    if left <= 0 then return nil, "another update is under way, and did not end in time" end
    task.sleep(0.05)
    left = left - 0.05
  end
end

return landed
