-- Owns reading a catalogue's sources: Lua tables as text, which see no names at all, run under a limit of instructions, and
-- may hold no bytecode. Callers: the builder, at build time and for organisations; the reader of a person's own additions.
local sources = {}

local INSTRUCTIONS, BYTES = 2000000, 4 << 20

-- While data is read, texts have no methods either: ("x"):rep(1 << 40) is no data.
local function without_methods(run)
  local meta = getmetatable("")
  local methods = meta.__index
  meta.__index = nil
  local results = table.pack(pcall(run))
  meta.__index = methods
  return table.unpack(results, 1, results.n)
end

local function limited(chunk)
  local runner = coroutine.create(chunk)
  -- Past the limit every instruction raises, so that nothing in the data can catch its way on.
  debug.sethook(runner, function()
    debug.sethook(runner, function() error("the file runs too long", 0) end, "", 1)
    error("the file runs too long", 0)
  end, "", INSTRUCTIONS)
  return coroutine.resume(runner)
end

-- The table that a source returns; or nil and why not, with file and line.
function sources.load(text, path)
  local function refuse(why)
    local line, rest = tostring(why):match("^source:(%d+): (.*)$")
    return nil, ("%s:%s %s."):format(path, line and line .. ":" or "", rest or tostring(why))
  end
  if #text > BYTES then return refuse("the file is longer than 4 MiB") end
  local chunk, why = load(text, "=source", "t", {})
  if not chunk then return refuse(why) end
  local whole, ok, value = without_methods(function() return limited(chunk) end)
  if not whole or not ok then return refuse(whole and value or ok) end
  if type(value) ~= "table" then return refuse("the file must return a table") end
  return value
end

local families = {
  {pattern = "^replies%f[-.].*%.lua$", kind = "reply"},
  {pattern = "^enhanced%f[-.].*%.lua$", kind = "enhanced"},
  {pattern = "^phrases%f[-.].*%.lua$", kind = "phrase"},
}

-- The kind that all entries of a file have by its name, or nil.
function sources.family(name)
  for _, family in ipairs(families) do
    if name:find(family.pattern) then return family.kind end
  end
  return nil
end

local function kind_of(entry)
  if entry.kind then return entry.kind end
  if entry.id then return "phrase" end
  return tostring(entry.code):find(".", 1, true) and "enhanced" or "reply"
end

-- The line where an entry's code or id stands, for messages.
local function line_in(text)
  return function(entry)
    local key = type(entry) == "table" and (entry.id and "id" or "code")
    local at = key and text:find(key .. "%s*=%s*[\"']" .. tostring(entry[key]):gsub("%p", "%%%0") .. "[\"']")
    return at and select(2, text:sub(1, at):gsub("\n", "")) + 1 or 1
  end
end

local kinds = {reply = true, enhanced = true, phrase = true}

-- The entries of one file as rows for the checks: {entry, kind, where, line}. `kind` of all of them, or nil to see for each.
-- Returns rows, or nil and why not.
function sources.rows(text, path, kind)
  local value, why = sources.load(text, path)
  if not value then return nil, why end
  local rows, line = {}, line_in(text)
  for k, entry in ipairs(value) do
    local own = kind or (type(entry) == "table" and kind_of(entry)) or "reply"
    if not kinds[own] then return nil, ("%s:%d: entry %d: kind must be reply, enhanced or phrase."):format(path, line(entry), k) end
    rows[k] = {entry = entry, kind = own, where = path, line = line}
  end
  for key in pairs(value) do
    if math.type(key) ~= "integer" or key < 1 or key > #rows then
      return nil, ("%s: the file must return a plain list of entries."):format(path)
    end
  end
  return rows
end

return sources
