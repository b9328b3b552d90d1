-- Owns how a comparison of codes looks: columns where there is room, stacked where there is not.
-- Callers: the renderer, for records of kind "comparison"; the prompt and tostring.
local words = require "ehlo.words"

local comparison = {}

local function labels(c)
  return #c.items == 2 and "both" or "all"
end

function comparison.title(c)
  local list = {}
  for i, item in ipairs(c.items) do
    list[i] = item.code
  end
  return #list == 2 and table.concat(list, " vs ") or words.join(list)
end

function comparison.command(c)
  local list = {"ehlo compare"}
  for i, item in ipairs(c.items) do
    list[i + 1] = item.code
  end
  return table.concat(list, " ")
end

-- The names stand over the columns already.
function comparison.differences(c)
  local list = {}
  for _, difference in ipairs(c.differences) do
    if difference.field ~= "name" then list[#list + 1] = difference end
  end
  return list
end

-- What they share, without what the names over the columns say.
function comparison.common(c)
  local list = {}
  for _, shared in ipairs(c.common) do
    if shared.field ~= "name" then list[#list + 1] = shared end
  end
  return list
end

local function tone_of(item)
  local style = require "ehlo.style"
  local tone = words.tone[words.class[item.class]]
  return tone and style[tone] or style.bold
end

local function in_table(p, c)
  local heads, rows = {}, {}
  for i, item in ipairs(c.items) do heads[i] = {item.code .. " " .. (item.name or ""), tone_of(item)} end
  for _, difference in ipairs(comparison.differences(c)) do
    local row = {words.field[difference.field] or difference.field}
    for i, value in ipairs(difference.values) do row[i + 1] = words.value(difference.field, value) end
    rows[#rows + 1] = row
  end
  require("ehlo.side_by_side").add(p, heads, rows)
end

function comparison.text(record)
  local style = require "ehlo.style"
  local c = record.comparison
  local p = require("ehlo.page").new()
  p.table = math.min(style.width, #c.items == 2 and 96 or 132)
  local fits = require("ehlo.side_by_side").fits(style.width, #c.items)
  p:title(comparison.title(c), c.headline, style.bold, style.accent, fits and p.table)
  p:blank()
  p:text(c.summary)
  p:blank()
  if #c.differences > 0 then
    in_table(p, c)
    p:blank()
  end
  local common = comparison.common(c)
  if #common > 0 then
    p:line(style.bold("The same for " .. labels(c)))
    for _, shared in ipairs(common) do
      p:row(words.field[shared.field] or shared.field, words.value(shared.field, shared.value))
    end
    p:blank()
  end
  p:text(c.when_to_use)
  p:blank()
  local commands = {}
  for i = 1, math.min(#c.items, 3) do
    commands[i] = "ehlo " .. c.items[i].code
  end
  commands[#commands + 1] = comparison.command(c) .. " --format html"
  p:commands(commands)
  return p:finish()
end

function comparison.markdown(record)
  return require("ehlo.markdown").comparison(record.comparison)
end

function comparison.html(record)
  return require("ehlo.html.comparison").page(record.comparison)
end

function comparison.json(record)
  return report.json(record.comparison)
end

return comparison
