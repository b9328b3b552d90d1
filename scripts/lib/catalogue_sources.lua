-- Owns: where catalogues come from and where they lie: the configuration (a file a catalogue, with its URL and keys) and the folder of
-- landed versions. Callers: the catalogue's other parts.
local sources = {}

local MAX_CONFIG = 1 << 16

local function home(kind)
  return require("ehlo.xdg").home(kind) or require("ehlo.trouble").fail("there is no place for catalogues: HOME is not set.")
end

-- NAME.lua each.
function sources.config() return home("config") .. "/catalogues" end

-- NAME/VERSION/ and NAME/current.
function sources.root() return home("data") .. "/catalogue" end

-- Up to `max` bytes of a file; or nil and why not.
function sources.read(path, max)
  local file, message = io.open(path, "rb")
  if not file then return nil, message end
  local bytes
  bytes, message = file:read(max + 1)
  file:close()
  if not bytes and message then return nil, path .. ": " .. message end
  if bytes and #bytes > max then return nil, ("%s: it is larger than %d bytes"):format(path, max) end
  return bytes or ""
end

-- A table from a file of ours: Lua as text, with nothing in sight.
function sources.table(path)
  local text, message = sources.read(path, MAX_CONFIG)
  if not text then return nil, message end
  local chunk
  chunk, message = load(text, "=" .. path, "t", {})
  if not chunk then return nil, message end
  local runner = coroutine.create(chunk)
  debug.sethook(runner, function() error("it is no plain table", 0) end, "", 10000)
  local ok, value = coroutine.resume(runner)
  if ok and type(value) == "table" then return value end
  return nil, ("%s: it must be a table: return {...}"):format(path)
end

-- The text of such a file.
function sources.text(comment, row)
  local lines = {"-- " .. comment, "return {"}
  local keys = {}
  for key in pairs(row) do keys[#keys + 1] = key end
  table.sort(keys)
  for _, key in ipairs(keys) do
    local value = row[key]
    if type(value) == "table" then
      local list = {}
      for i, each in ipairs(value) do list[i] = ("%q"):format(each) end
      value = "{" .. table.concat(list, ", ") .. "}"
    else
      value = ("%q"):format(value)
    end
    lines[#lines + 1] = ("  %s = %s,"):format(key, value)
  end
  return table.concat(lines, "\n") .. "\n}\n"
end

-- A name is that of a file and a folder, and one under which the layers look for what has landed.
function sources.is_name(name) return #name <= 64 and name:match("^[a-z0-9][a-z0-9-]*$") ~= nil end

function sources.path(name) return sources.config() .. "/" .. name .. ".lua" end

local function check(name, row)
  if type(row.url) ~= "string" then return nil, "url must be a string" end
  if type(row.keys) ~= "table" or #row.keys == 0 then return nil, "keys must be a list of minisign's public keys" end
  for _, key in ipairs(row.keys) do
    local ok, message = require("ehlo.store").key(tostring(key))
    if not ok then return nil, "keys: " .. message end
  end
  return {name = name, url = row.url, keys = row.keys, ca_file = row.ca_file}
end

-- {name, url, keys, ca_file}; nil where there is none; nil, message where its file cannot be used.
function sources.get(name)
  if not sources.is_name(name) then return nil end
  local path = sources.path(name)
  local file = io.open(path, "rb")
  if not file then return nil end
  file:close()
  local row, message = sources.table(path)
  if not row then return nil, message end
  local source
  source, message = check(name, row)
  if not source then return nil, path .. ": " .. message end
  return source
end

-- The names of all that are configured, sorted.
function sources.names()
  local names = {}
  for _, file in ipairs(terminal.files(sources.config())) do
    local name = file:gsub("%.lua$", "")
    if sources.is_name(name) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

function sources.save(source)
  local text = sources.text("Where ehlo gets the catalogue, and the keys (minisign's) that may sign it.",
    {url = source.url, keys = source.keys, ca_file = source.ca_file})
  return require("ehlo.store").write(sources.path(source.name), text)
end

return sources
