-- Owns: getting a catalogue's document and signature: asking only for what is new, going on where a fetch broke off, showing progress.
-- Callers: the catalogue's update.
local sources = require "ehlo.catalogue_sources"
local fetch = {}

local SIGNATURE_MAX = 16 << 10
local TIMEOUT = 120

local function part_paths(source)
  local path = ("%s/%s/part"):format(sources.root(), source.name)
  return path, path .. ".lua"
end

local function drop_part(source)
  for _, path in ipairs {part_paths(source)} do os.remove(path) end
end

-- {bytes, etag} of a fetch that broke off, of this very URL; or nil.
local function read_part(source, max)
  local path, about = part_paths(source)
  local state = sources.table(about)
  local bytes = state and state.url == source.url and state.etag and sources.read(path, max)
  return bytes and #bytes > 0 and {bytes = bytes, etag = state.etag} or nil
end

-- Only what is the same bytes at the next try can be gone on with: a strong ETag, nothing compressed.
local function keep_part(source, before, err)
  local headers = err.headers or {}
  local etag = before and before.etag or headers.etag
  local bytes = (before and before.bytes or "") .. (err.body or "")
  if not etag or not etag:match('^"') or headers["content-encoding"] or not err.body or err.body == "" then return end
  if err.class ~= "timed-out" and err.class ~= "unreachable" and err.class ~= "cancelled" then return end
  local store = require "ehlo.store"
  local path, about = part_paths(source)
  os.remove(about)
  if store.write(path, bytes) then
    store.write(about, sources.text("A fetch that broke off: its first bytes are beside.", {url = source.url, etag = etag}))
  end
end

-- A bar on a terminal, and nothing elsewhere.
local function bar(source, options)
  if options.quiet or not terminal.is_tty(2) then return nil, function() end end
  local shown
  local function show(now, total)
    local share = total and total > 0 and math.min(now / total, 1)
    local cells = share and math.floor(share * 24 + 0.5)
    io.stderr:write("\r", report.escape(source.name), "  ",
      share and ("%s%s %3d %%  "):format(("#"):rep(cells), ("-"):rep(24 - cells), math.floor(share * 100)) or "",
      ("%.1f MB\27[K"):format(now / 1e6))
    io.stderr:flush()
    shown = true
  end
  return show, function()
    if shown then io.stderr:write("\r\27[K") end
  end
end

local function get(source, url, with, options)
  local show, clear = bar(source, options)
  with.on_progress, with.ca_file, with.timeout = show, source.ca_file, options.timeout or TIMEOUT
  local response, message, err = http.get(url, with)
  clear()
  return response, message, err
end

-- {bytes, etag, last_modified, resumed}; "same" where the server says that nothing is new; or nil, message.
local function get_document(source, known, options)
  local max = require("ehlo.document").BYTES_MAX
  local part = not options.peek and not options.anew and read_part(source, max)
  local with = {max_size = max}
  if part then
    with.resume_from, with.etag, with.max_size = #part.bytes, part.etag, max - #part.bytes + 1
  elseif known then
    with.etag, with.last_modified = known.etag, known.last_modified
  end
  local response, message, err = get(source, source.url, with, options)
  if not response then
    if not options.peek then keep_part(source, part, err) end
    return nil, message
  end
  if response.status == 304 and known and not part then return "same" end
  local found = {etag = response.headers.etag, last_modified = response.headers["last-modified"], bytes = response.body}
  if part and response.status == 206 and (response.headers["content-range"] or ""):find(("bytes %d-"):format(#part.bytes), 1, true) then
    found.bytes, found.resumed = part.bytes .. response.body, true
  elseif part and (response.status == 206 or response.status == 416) then
    drop_part(source)
    return get_document(source, known, options)
  elseif response.status ~= 200 then
    return nil, ("%s: the server answered %d in place of a catalogue"):format(source.url, response.status)
  end
  if not options.peek then drop_part(source) end
  return found
end

-- What is new at the source: {bytes, signature, etag, last_modified}, "same", or nil, message. `known` is what is here already
-- {etag, last_modified}. options: peek (write nothing), anew (heed no part), quiet, timeout.
function fetch.run(source, known, options)
  local found, message = get_document(source, known, options)
  if found == "same" or not found then return found, message end
  local response
  response, message = get(source, source.url .. ".minisig", {max_size = SIGNATURE_MAX}, options)
  if not response then return nil, "its signature cannot be had: " .. message end
  if response.status ~= 200 then
    return nil, ("%s.minisig: the server answered %d in place of a signature"):format(source.url, response.status)
  end
  found.signature = response.body
  return found
end

return fetch
