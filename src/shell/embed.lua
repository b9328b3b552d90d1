-- Packs the bundled scripts into a C file: embed.lua SCRIPTS_DIR CATALOGUE_DIR MANUAL_DIR OUTPUT.
-- Run by the build under lua5.4; nobody else calls it. A page of the manual becomes a chunk that returns its text.
-- Chunks are precompiled (debug information kept), for parsing them would be most of a look-up's start-up. The source of commands
-- goes along, since their manifests are read in an environment of their own and `help --source` shows them.
local dir, catalogue, manual, output = ...

local groups = {
  {folder = dir .. "/lib", prefix = "lib/"},
  -- what builds catalogues, without the data that it builds ours from
  {folder = catalogue, prefix = "lib/catalogue/", without = {about = true, build = true}, pattern = "^%w+%.lua$"},
  {folder = dir .. "/commands", prefix = "commands/"},
  {folder = dir .. "/runbooks", prefix = "runbooks/"},
  {folder = manual, prefix = "manual/", pattern = "^[%w%-]+%.md$", page = true},
}

local function names_in(group)
  local names = {}
  local list = assert(io.popen(("ls '%s' 2>/dev/null"):format(group.folder)))
  for file in list:lines() do
    local name = file:match(group.pattern or "^[%w_%-]+%.lua$") and file:gsub("%.%l+$", "")
    if name and not (group.without and group.without[name]) then names[#names + 1] = name end
  end
  list:close()
  table.sort(names)
  return names
end

-- Each folder in scripts/lib is a group of its own: ehlo.view.probe is lib/view/probe.
local function add_rooms()
  local list = assert(io.popen(("ls '%s'"):format(dir .. "/lib")))
  for name in list:lines() do
    if name:find("^%l+$") then
      table.insert(groups, 2, {folder = dir .. "/lib/" .. name, prefix = "lib/" .. name .. "/"})
    end
  end
  list:close()
end

local function bytes_of(text)
  local out = {}
  for i = 1, #text do out[i] = text:byte(i) .. "," .. (i % 24 == 0 and "\n" or "") end
  return table.concat(out)
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

add_rooms()
local arrays, rows = {}, {}
for _, group in ipairs(groups) do
  for _, file in ipairs(names_in(group)) do
    local name = group.prefix .. file
    local text = read(("%s/%s.%s"):format(group.folder, file, group.page and "md" or "lua"))
    if group.page then text = ("return %q"):format(text) end
    local chunk = assert(load(text, "@ehlo/" .. name .. ".lua", "t"))
    local id = #rows + 1
    arrays[#arrays + 1] = ("static const unsigned char chunk_%d[] = {\n%s};\n"):format(id, bytes_of(string.dump(chunk)))
    rows[id] = ('    {"%s", chunk_%d, sizeof chunk_%d},\n'):format(name, id, id)
  end
end

local file = assert(io.open(output, "wb"))
file:write('/* Made by src/shell/embed.lua: do not edit. */\n#include "ehlo/shell/scripts.h"\n\n', table.concat(arrays),
  "\nconst struct ehlo_script ehlo_scripts[] = {\n", table.concat(rows), "    {0, 0, 0}};\n")
file:close()
