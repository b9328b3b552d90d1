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

local function in_columns(p, c)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local n = #c.items
  local head = {"", paint = {}}
  for i, item in ipairs(c.items) do
    head[i + 1] = report.escape(item.code .. " " .. (item.name or ""))
    head.paint[i + 1] = tone_of(item)
  end
  local rows, flexible = {head}, {}
  for i = 2, n + 1 do
    flexible[i] = true
  end
  for _, difference in ipairs(comparison.differences(c)) do
    local row = {words.field[difference.field] or difference.field, paint = {style.dim}}
    for i, value in ipairs(difference.values) do
      row[i + 1] = report.escape(words.value(difference.field, value))
    end
    rows[#rows + 1] = row
  end
  local widths = columns.widths(rows, n + 1, {width = p.table, flexible = flexible, equal = true, gap = 3})
  local total = widths[1]
  for i = 2, n + 1 do
    total = total + widths[i] + 3
  end
  for i, row in ipairs(rows) do
    -- prose of several lines in a cell needs air around it
    local lines = columns.lines({row}, n + 1, {width = p.table, widths = widths, gap = 3})
    if i > 2 and (#lines > 2 or p.tall) then p:blank() end
    p.tall = #lines > 2 and i > 1
    p:lines(lines)
    if i == 1 then p:line(style.dim(("-"):rep(total))) end
  end
end

local function stacked(p, c)
  local style = require "ehlo.style"
  for i, item in ipairs(c.items) do
    p:text(item.code .. " " .. (item.name or ""), 0, tone_of(item))
    for _, difference in ipairs(comparison.differences(c)) do
      p:row(words.field[difference.field] or difference.field, words.value(difference.field, difference.values[i]))
    end
    if i < #c.items then p:line(style.dim(("-"):rep(math.min(p.prose, 24)))) end
  end
end

local function fits_columns(width, n)
  return width >= 16 + 28 * n
end

function comparison.text(record)
  local style = require "ehlo.style"
  local c = record.comparison
  local p = require("ehlo.page").new()
  p.table = math.min(style.width, #c.items == 2 and 96 or 132)
  p:title(comparison.title(c), c.headline, style.bold, style.accent, fits_columns(style.width, #c.items) and p.table)
  p:blank()
  p:text(c.summary)
  p:blank()
  if #c.differences > 0 then
    if fits_columns(style.width, #c.items) then in_columns(p, c) else stacked(p, c) end
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
  return require("ehlo.html_comparison").page(record.comparison)
end

function comparison.json(record)
  return report.json(record.comparison)
end

return comparison
