-- Owns: making a document of a folder of sources, so that an organisation can publish its own. Callers: the module `catalogue` and
-- its command.
local document = require "ehlo.document"
local catalogue_build = {}

local TOLD = 40 -- faults, a line each

-- What the built-in catalogue has, for additions to be made to.
local function known_entries()
  local known = {}
  for _, entry in ipairs(assert(document.read(document.builtin())).entries) do
    known[entry.kind .. " " .. (entry.id or entry.code)] = true
  end
  return known
end

local function lines_of(troubles)
  local lines = {table.unpack(troubles, 1, TOLD)}
  if #troubles > TOLD then lines[#lines + 1] = ("%d more faults follow."):format(#troubles - TOLD) end
  return table.concat(lines, "\n")
end

local function check(about, rows, path)
  local checks = require "ehlo.catalogue.check"
  local troubles = checks.about(about, path .. "/about.lua")
  if #troubles > 0 then return troubles end
  local merge = require "ehlo.catalogue.merge"
  for _, row in ipairs(rows) do
    if type(row.entry) == "table" then merge.with_defaults(row.entry, row.kind, about.name, "the catalogue " .. about.name) end
  end
  return checks.entries(rows, {known = known_entries()})
end

-- The document's text from the sources in the folder `path`; or nil and why not: file, line and fault, a line each.
function catalogue_build.build(path)
  local names = require("ehlo.layer_files").list(path)
  if not names then return nil, ("%s: there is no such folder."):format(report.escape(path)) end
  local about, rows = require("ehlo.catalogue.folder").read(path, names)
  if not about then return nil, report.escape(rows) end
  local troubles = check(about, rows, path)
  for k, line in ipairs(troubles) do troubles[k] = report.escape(line) end
  if #troubles > 0 then return nil, lines_of(troubles) end
  return document.text(require("ehlo.catalogue.document").make(about, rows))
end

return catalogue_build
