-- Owns a folder of sources: about.lua, a file a family (replies*.lua, enhanced*.lua, phrases*.lua) and, for the built-in
-- catalogue, digits.lua. Callers: the builder, at build time and for organisations.
local sources = require "ehlo.catalogue.sources"

local folder = {}

local function read_text(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why .. "." end
  local text
  text, why = file:read("a")
  file:close()
  return text, why and ("%s: %s."):format(path, why)
end

local function read_table(path)
  local text, why = read_text(path)
  if not text then return nil, why end
  return sources.load(text, path)
end

-- Adds the entries of one family to `rows`; or why not.
local function add_family(path, kind, rows)
  local text, found, why
  text, why = read_text(path)
  if not text then return why end
  found, why = sources.rows(text, path, kind)
  if not found then return why end
  table.move(found, 1, #found, #rows + 1, rows)
  return nil
end

-- Entries in a file that no family has would be lost without a word.
local function is_misnamed(path, name)
  local value = name:find("%.lua$") and name ~= "about.lua" and name ~= "digits.lua" and read_table(path .. "/" .. name)
  return value and #value > 0
end

-- Returns what about.lua says, the rows of all families in the order of their files' names, and the digits or nil; or nil and
-- why not. `names` are those of the files in the folder.
function folder.read(path, names)
  local about, why = read_table(path .. "/about.lua")
  if not about then return nil, why end
  local rows, digits = {}, nil
  table.sort(names)
  for _, name in ipairs(names) do
    local kind = sources.family(name)
    if kind then
      why = add_family(path .. "/" .. name, kind, rows)
    elseif name == "digits.lua" then
      digits, why = read_table(path .. "/" .. name)
    elseif is_misnamed(path, name) then
      why = ("%s/%s: the name of a source begins with replies, enhanced or phrases."):format(path, name)
    end
    if why then return nil, why end
  end
  if #rows == 0 then return nil, path .. ": there are no sources here: replies*.lua, enhanced*.lua or phrases*.lua." end
  return about, rows, digits
end

return folder
