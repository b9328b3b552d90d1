-- Owns the command that builds the built-in catalogue: build.lua SOURCES DOCUMENT IMAGE. It reads the data files of the
-- folder SOURCES, checks them, and writes the JSON document and the image. Called by the build under lua5.4.
local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path, package.cpath = "", ""
table.insert(package.searchers, 2, function(module)
  local name = module:match("^ehlo%.catalogue%.(%w+)$")
  return name and loadfile(("%s/%s.lua"):format(here, name), "t")
end)

local check = require "ehlo.catalogue.check"
local document = require "ehlo.catalogue.document"
local folder = require "ehlo.catalogue.folder"
local image = require "ehlo.catalogue.image"

local function fail(...)
  io.stderr:write("The catalogue cannot be built. ", ...)
  io.stderr:write("\n")
  os.exit(1)
end

local function names_in(path)
  local names = {}
  local list <close> = assert(io.popen("ls -1 '" .. path:gsub("'", "'\\''") .. "'"))
  for name in list:lines() do
    names[#names + 1] = name
  end
  return names
end

local function write(path, bytes)
  local file, why = io.open(path, "wb")
  if not file then fail(why) end
  local ok, trouble = file:write(bytes)
  if not ok or not file:close() then fail(path, ": ", trouble or "the file could not be written") end
end

local path, document_path, image_path = arg[1], arg[2], arg[3]
if not image_path then fail("Give the folder of the sources, the document's path and the image's path.") end
local about, rows, digits = folder.read(path, names_in(path))
if not about then fail(rows) end
local troubles = check.about(about, "about.lua")
for _, list in ipairs {check.entries(rows, {ours = true}), check.digits(digits, "digits.lua")} do
  table.move(list, 1, #list, #troubles + 1, troubles)
end
if #troubles > 0 then fail(#troubles, " faults:\n  ", table.concat(troubles, "\n  ")) end

local made = document.make(about, rows)
write(document_path, document.json(made))
write(image_path, image.make(made, digits))
