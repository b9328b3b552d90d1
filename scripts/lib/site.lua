-- Owns: writing a site: which pages there are, the index of its search, and the folder, where nothing that is not the site's own is
-- touched. Callers: the site command.
local trouble = require "ehlo.trouble"
local site = {}

local MARK = "site.json" -- says that a folder holds a site, and which files are the site's

-- What the search knows of everything: kind, title, name, file, words, and who says it.
local function index(m)
  local rows = {}
  local function add(...) rows[#rows + 1] = report.json({...}) end
  local function text(...) return (table.concat({...}, " "):lower():gsub("%s+", " ")) end
  local card = require "ehlo.view.card"
  local pages = require "ehlo.site.pages"
  for _, entry in ipairs(m.codes) do
    add("c", entry.code, entry.name or "", m.file(entry.code), text(entry.meaning or "", entry.when or "", table.concat(entry.notes or {}, " "),
      table.concat(entry.commands or {}, " ")))
  end
  for _, pair in ipairs(m.pairs) do
    add("v", pair.a.code .. " vs " .. pair.b.code, ("%s or %s"):format(pair.a.name or "", pair.b.name or ""), pair.file, "")
  end
  for _, provider in ipairs(m.providers) do
    for _, each in ipairs(provider.phrases) do
      local row = card.phrases({phrases = {each}})[1]
      add("s", row[1], row[2], provider.file .. "#" .. pages.anchor(each), text(provider.title, each.cause or "", each.meaning or ""), provider.title)
    end
  end
  return "window.smtpIndex = [\n" .. table.concat(rows, ",\n") .. "\n];\n"
end

local function about()
  local known = codes.about()
  local names = {}
  for _, layer in ipairs(catalogue.layers()) do names[#names + 1] = ("%s, version %s"):format(layer.name, layer.version or "?") end
  if #names == 0 then names[1] = ("%s, version %s"):format(known.name, known.version) end
  return ("From the catalogue %s. Made by ehlo; works offline."):format(require("ehlo.words").join(names))
end

-- Calls each(file, bytes) for every file of the site.
function site.files(settings, each)
  local frame, pages, lists = require "ehlo.site.frame", require "ehlo.site.pages", require "ehlo.site.lists"
  local m = require("ehlo.site.model").new(settings.asked)
  local s = {title = settings.title, about = about(), asked = settings.asked, phrases = 0}
  for _, provider in ipairs(m.providers) do s.phrases = s.phrases + #provider.phrases end
  local function page(made) each(made.file, frame.page(s, made)) end
  page(lists.index(s, m))
  page(lists.pairs(m))
  for _, family in ipairs(m.families) do page(lists.family(m, family)) end
  for _, provider in ipairs(m.providers) do page(lists.provider(m, provider)) end
  for at = 1, #m.codes do page(pages.code(m, at)) end
  for _, pair in ipairs(m.pairs) do page(pages.pair(m, pair)) end
  each("style.css", require("ehlo.html").css .. require "ehlo.site.style")
  each("search.js", require "ehlo.site.script")
  each("index.js", index(m))
end

-- ---- the folder ----

local function refuse(folder, why) trouble.fail("%s: %s", report.escape(folder), why) end

local function is_own(name) return type(name) == "string" and name:match("^[%w][%w%.%-]*%.%l+$") ~= nil end

-- The files that an earlier run wrote, or nil where the folder holds no site.
local function earlier(folder)
  local file = io.open(folder .. "/" .. MARK, "rb")
  if not file then return nil end
  local text = file:read(4 << 20) or ""
  file:close()
  local mark = require("ehlo.json").read(text)
  if type(mark) ~= "table" or mark.site ~= "ehlo" or type(mark.files) ~= "table" then return nil end
  local known = {}
  for _, name in ipairs(mark.files) do
    if is_own(name) then known[name] = true end
  end
  return known
end

-- Makes sure that nothing of somebody else's is written over.
local function check(folder, force)
  local names = mail.list(folder)
  local known = earlier(folder)
  if known or force or not names or #names == 0 then return known or {} end
  refuse(folder, "this folder holds other files. Name a new folder, or say --force to write among them.")
end

local function write(path, bytes)
  local file, why = io.open(path, "wb")
  if not file then return why end
  local ok, trouble_there = file:write(bytes)
  local closed, late = file:close()
  return not ok and trouble_there or not closed and late or nil
end

local function mark(list) return report.json({site = "ehlo", files = list}, {indent = 1}) .. "\n" end

-- Writes the site into the folder; returns how many pages, files and bytes, and how many old files went.
function site.write(folder, settings)
  local old = check(folder, settings.force)
  local files, names, pages, bytes = {}, {}, 0, 0
  site.files(settings, function(name, text)
    files[#files + 1], names[#names + 1] = {name, text}, name
    bytes = bytes + #text
    if name:find("%.html$") then pages = pages + 1 end
  end)
  table.sort(names)
  -- Before anything else, and it makes the folder: a run that is cut off leaves a folder that the next one takes for its own.
  local ok, why = require("ehlo.store").write(folder .. "/" .. MARK, mark(names))
  if not ok then refuse(folder, why .. ".") end
  for _, each in ipairs(files) do
    local failed = write(folder .. "/" .. each[1], each[2])
    if failed then refuse(folder, failed:gsub("^.*: ", "") .. ".") end
    old[each[1]] = nil
  end
  local gone = 0
  for name in pairs(old) do
    if os.remove(folder .. "/" .. name) then gone = gone + 1 end
  end
  return {pages = pages, files = #names + 1, bytes = bytes, removed = gone}
end

function site.command(args)
  local asked = {}
  for i, text in ipairs(args.pair or {}) do
    local pair, why = require("ehlo.site.model").pair(text)
    if not pair then trouble.usage("--pair: %s.", why) end
    asked[i] = pair
  end
  if args.folder == "" then trouble.usage("site: name a folder.") end
  local made = site.write(args.folder, {asked = asked, title = args.title or "SMTP codes", force = args.force})
  return {kind = "site", folder = args.folder, made = made, shown = args.quiet}
end

return site
