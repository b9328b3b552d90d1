-- Owns: which catalogues answer: the built-in one, then those downloaded, the organisation's own, the person's own. Callers: the
-- program at start-up, the catalogue's commands. Where there is none but the built-in, no file is opened; else one merged image is
-- mapped, which is made anew when any of the files changed.
local files = require "ehlo.layer_files"
local xdg = require "ehlo.xdg"
local layers = {}

local told = {} -- what was said on standard error already

local function sorted(folder, pattern)
  local names = {}
  for _, name in ipairs(files.list(folder) or {}) do
    if name:find(pattern) then names[#names + 1] = name end
  end
  table.sort(names)
  return names
end

local function add(found, layer, name, path)
  local identity = files.identity(path)
  if identity then found[#found + 1] = {layer = layer, name = name, path = path, identity = identity} end
end

-- Documents and sources, by name.
local function add_folder(found, layer, folder)
  for _, file in ipairs(sorted(folder, "%.%a+$")) do
    local name, form = file:match("^(.*)%.(%a+)$")
    if form == "json" or form == "lua" then add(found, layer, name, folder .. "/" .. file) end
  end
end

-- Where downloaded catalogues lie: a folder each, whose `current` is the one in force. Nil where there is no home.
function layers.downloads()
  local data = xdg.home("data")
  return data and data .. "/catalogue" or nil
end

-- The files that layers are made of, the least important first: a list of {layer, name, path, identity}.
function layers.find()
  local found, downloads, own = {}, layers.downloads(), xdg.home("config")
  for _, name in ipairs(downloads and sorted(downloads, "^%w[%w._-]*$") or {}) do
    add(found, "downloaded", name, ("%s/%s/current/catalogue.json"):format(downloads, name))
  end
  for _, folder in ipairs(xdg.machine()) do add_folder(found, "organisation", folder .. "/catalogue.d") end
  if own then add_folder(found, "user", own .. "/catalogue.d") end
  return found
end

-- What a merged image was made from: it is good for these files and this program only.
local function inputs_of(found)
  local lines = {"program " .. (files.identity("/proc/self/exe") or "unknown")}
  for k, file in ipairs(found) do lines[k + 1] = ("%s %q %s"):format(file.layer, file.path, file.identity) end
  return table.concat(lines, "\n")
end

local fields = {"layer", "name", "version", "issued", "expires", "entries", "origin", "path", "document"}

-- Layers as text and back: a line each, tabs between the fields, "-" for what is absent.
function layers.pack(list)
  local lines = {}
  for k, row in ipairs(list) do
    local cells = {}
    for i, field in ipairs(fields) do cells[i] = tostring(row[field] or "-"):gsub("[%c]", "?") end
    lines[k] = table.concat(cells, "\t")
  end
  return table.concat(lines, "\n")
end

local function unpack_layers(text)
  local list = {}
  for line in text:gmatch("[^\n]+") do
    local row, i = {}, 0
    for cell in line:gmatch("[^\t]+") do
      i = i + 1
      local field = fields[i]
      local number = field == "version" or field == "entries"
      if cell ~= "-" and field then row[field] = number and math.tointeger(tonumber(cell)) or cell end
    end
    list[#list + 1] = row
  end
  return list
end

local function is_stale(row, now)
  return row.expires ~= nil and row.expires <= now
end

local function renew(row)
  if row.layer == "downloaded" then return "Renew it: ehlo catalogue update " .. row.name end
  return "It lies in " .. row.path
end

-- One clear line each, once.
local function say(quiet, list)
  for _, line in ipairs(list) do
    if not told[line] and not quiet then io.stderr:write("ehlo: ", report.escape(line), "\n") end
    told[line] = true
  end
end

local function put_into_force(found)
  local inputs, cache = inputs_of(found), xdg.home("cache")
  local path = cache and cache .. "/catalogue.merged"
  local rows, notices
  if path then rows, notices = files.map(path, inputs) end
  if rows then return unpack_layers(rows), notices end
  local made = require("ehlo.layers_merge").make(found)
  files.use(made.image)
  rows = layers.pack(made.layers)
  notices = table.concat(made.notices, "\n")
  if path then files.save(path, inputs, rows, notices, made.image) end
  return unpack_layers(rows), notices
end

local in_force = {} -- the layers above the built-in catalogue that answer now

-- Puts the catalogue into force that the files of this moment make, and says on standard error what is wrong with any of them, unless
-- `quiet`. `undated`: not that one is beyond its date, for whoever says so otherwise.
function layers.load(quiet, undated)
  local found = layers.find()
  if #found == 0 then
    if #in_force > 0 then files.reset() end
    in_force = {}
    return
  end
  local list, notices = put_into_force(found)
  local lines, stale, now = {}, {}, os.date("!%Y-%m-%dT%H:%M:%SZ")
  for line in notices:gmatch("[^\n]+") do lines[#lines + 1] = line end
  for _, row in ipairs(list) do
    if is_stale(row, now) then
      row.stale = true
      stale[#stale + 1] = row.origin
      lines[#lines + 1] = not undated and ("the catalogue %s expired on %s; it still answers. %s"):format(row.name, row.expires:sub(1, 10), renew(row)) or nil
    end
  end
  if stale[1] then files.stale(table.concat(stale, "\n")) end
  in_force = list
  say(quiet, lines)
end

-- The layers that answer now, the least important first: {layer, name, version, issued, expires, entries, origin, path, document,
-- stale}; `document` is what it calls itself. The built-in catalogue is the first, unless a later edition stands in its place.
function layers.list()
  local list, edition = {}, false
  local base = files.about()
  for k, row in ipairs(in_force) do
    list[k] = row
    edition = edition or (row.layer == "downloaded" and row.document == base.name)
  end
  if not edition then
    base.layer, base.origin, base.document = "built-in", "built-in", base.name
    table.insert(list, 1, base)
  end
  return list
end

function layers.any() return #in_force > 0 end

return layers
