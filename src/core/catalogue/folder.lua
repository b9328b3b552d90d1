-- Owns a folder of sources: about.lua, a file a family (replies-*.lua, enhanced-*.lua, phrases-*.lua) and, for the built-in
-- catalogue, digits.lua. Callers: the builder, at build time and for organisations.
local sources = require "ehlo.catalogue.sources"

local folder = {}

local function read_text(path)
  local file, why = io.open(path, "rb")
  if not file then return nil, why end
  local text
  text, why = file:read("a")
  file:close()
  return text, why and path .. ": " .. why
end

local function read_table(path)
  local text, why = read_text(path)
  if not text then return nil, why end
  return sources.load(text, path)
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
      local text, found
      text, why = read_text(path .. "/" .. name)
      if not text then return nil, why end
      found, why = sources.rows(text, path .. "/" .. name, kind)
      if not found then return nil, why end
      table.move(found, 1, #found, #rows + 1, rows)
    elseif name == "digits.lua" then
      digits, why = read_table(path .. "/" .. name)
      if not digits then return nil, why end
    end
  end
  return about, rows, digits
end

return folder
