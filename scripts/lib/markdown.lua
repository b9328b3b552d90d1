-- Owns Markdown pages: escaping, tables, the cards and comparisons as documents to paste into a ticket or a wiki.
-- Callers: the views.
local words = require "ehlo.words"

local markdown = {}

local special = "[\\`*_%[%]<>|~#]"

function markdown.escape(s)
  local flat = report.escape((tostring(s):gsub("[\r\n]+", " ")))
  return (flat:gsub("&", "&amp;"):gsub(special, function(char)
    if char == "<" then return "&lt;" end
    if char == ">" then return "&gt;" end
    return "\\" .. char
  end))
end
local escape = markdown.escape

local function row(cells)
  return "| " .. table.concat(cells, " | ") .. " |"
end

-- heads and cells are escaped here.
function markdown.table(heads, rows)
  local out, rule = {}, {}
  local top = {}
  for i, head in ipairs(heads) do
    top[i], rule[i] = escape(head), "---"
  end
  out[1], out[2] = row(top), row(rule)
  for _, cells in ipairs(rows) do
    local shown = {}
    for i = 1, #heads do
      shown[i] = escape(cells[i] or "")
    end
    out[#out + 1] = row(shown)
  end
  return table.concat(out, "\n")
end

local function one_card(entry)
  local card = require "ehlo.view.card"
  local out = {"# " .. escape(entry.code .. " " .. (entry.name or "")), "", "*" ..
    escape(table.concat(card.tags(entry), ", ")) .. "*", ""}
  if entry.from_digits then
    out[#out + 1] = "> Not in the catalogue: what follows is read from the digits alone.\n"
  end
  local rows = {}
  for _, fact in ipairs(card.facts(entry)) do
    rows[#rows + 1] = {fact.heading, fact.text}
  end
  out[#out + 1] = markdown.table({"", entry.code}, rows)
  local phrases = card.phrases(entry)
  if #phrases > 0 then
    out[#out + 1] = "\n## Said by software\n"
    out[#out + 1] = markdown.table({"Code", "Text", "Software", "Cause"}, phrases)
  end
  if entry.notes and #entry.notes > 0 then
    out[#out + 1] = "\n## Notes\n"
    for _, note in ipairs(entry.notes) do
      out[#out + 1] = "- " .. escape(note)
    end
  end
  return table.concat(out, "\n")
end

function markdown.cards(entries)
  local out = {}
  for i, entry in ipairs(entries) do
    out[i] = one_card(entry)
  end
  return table.concat(out, "\n\n") .. "\n"
end

local function difference_rows(view, c)
  local rows = {}
  for i, difference in ipairs(view.differences(c)) do
    rows[i] = {words.heading[difference.field] or difference.field}
    for k, value in ipairs(difference.values) do
      rows[i][k + 1] = words.value(difference.field, value)
    end
  end
  return rows
end

function markdown.comparison(c)
  local view = require "ehlo.view.comparison"
  local out = {"# " .. escape(view.title(c)), "", "**" .. escape(words.sentence(c.headline)) .. "**", "",
    escape(c.summary), ""}
  local heads = {""}
  for i, item in ipairs(c.items) do
    heads[i + 1] = item.code .. " " .. (item.name or "")
  end
  local rows = difference_rows(view, c)
  if #rows > 0 then
    out[#out + 1] = "## Differences\n"
    out[#out + 1] = markdown.table(heads, rows) .. "\n"
  end
  local common = view.common(c)
  if #common > 0 then
    out[#out + 1] = "## In common\n"
    for _, shared in ipairs(common) do
      out[#out + 1] = ("- **%s**: %s"):format(escape(words.heading[shared.field] or shared.field),
        escape(words.value(shared.field, shared.value)))
    end
    out[#out + 1] = ""
  end
  out[#out + 1] = "## When to use which\n"
  out[#out + 1] = escape(c.when_to_use) .. "\n"
  out[#out + 1] = "    " .. view.command(c)
  return table.concat(out, "\n") .. "\n"
end

return markdown
