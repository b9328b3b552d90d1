-- Owns the command that builds the catalogue: build.lua SOURCES DOCUMENT IMAGE. It reads the data files of the folder
-- SOURCES, checks them, and writes the JSON document and the image. Called by the build under lua5.4.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/?.lua"
package.cpath = ""

local check = require "check"
local document = require "document"
local image = require "image"

local function fail(...)
  io.stderr:write("The catalogue cannot be built. ", ...)
  io.stderr:write("\n")
  os.exit(1)
end

-- Data is loaded as text and sees no names at all.
local function load_data(path)
  local chunk, why = loadfile(path, "t", {})
  if not chunk then fail(why) end
  local ok, value = pcall(chunk)
  if not ok then fail(tostring(value)) end
  if type(value) ~= "table" then fail(path, ": the file must return a table.") end
  return value
end

local function names_in(folder)
  local names = {}
  local list <close> = assert(io.popen("ls -1 '" .. folder:gsub("'", "'\\''") .. "'"))
  for name in list:lines() do
    names[#names + 1] = name
  end
  table.sort(names)
  return names
end

local families = {
  {pattern = "^replies%-.*%.lua$", kind = "reply"},
  {pattern = "^enhanced%-.*%.lua$", kind = "enhanced"},
  {pattern = "^phrases%-.*%.lua$", kind = "phrase"},
}

local function read_sources(folder)
  local rows = {}
  for _, name in ipairs(names_in(folder)) do
    for _, family in ipairs(families) do
      if name:find(family.pattern) then
        for _, entry in ipairs(load_data(folder .. "/" .. name)) do
          rows[#rows + 1] = {entry = entry, kind = family.kind, where = name}
        end
      end
    end
  end
  return rows
end

local function write(path, bytes)
  local file, why = io.open(path, "wb")
  if not file then fail(why) end
  local ok, trouble = file:write(bytes)
  if not ok or not file:close() then fail(path, ": ", trouble or "the file could not be written") end
end

local folder, document_path, image_path = arg[1], arg[2], arg[3]
if not image_path then fail("Give the folder of the sources, the document's path and the image's path.") end
local rows = read_sources(folder)
local digits = load_data(folder .. "/digits.lua")
local troubles = check.entries(rows)
table.move(check.digits(digits, "digits.lua"), 1, 1000, #troubles + 1, troubles)
if #troubles > 0 then fail(#troubles, " faults:\n  ", table.concat(troubles, "\n  ")) end

local made = document.make(load_data(folder .. "/about.lua"), rows)
write(document_path, document.json(made))
write(image_path, image.make(made, digits))
