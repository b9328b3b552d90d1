-- Owns the HTML page of a comparison.
-- Callers: the comparison's view.
local html = require "ehlo.html"
local words = require "ehlo.words"

local safe = html.escape
local page = {}

local function heading(c)
  if #c.items ~= 2 then return safe(require("ehlo.view.comparison").title(c)) end
  return safe(c.items[1].code) .. ' <span class="vs">vs</span> ' .. safe(c.items[2].code)
end

local function cards(c)
  local out = {'<div class="cards">'}
  for _, item in ipairs(c.items) do
    out[#out + 1] = ('<section class="card %s"><div class="code">%s</div><div class="name">%s</div>%s</section>'):format(
      html.tone(item), safe(item.code), safe(item.name or ""), html.pills(item))
  end
  out[#out + 1] = "</div>"
  return table.concat(out, "\n")
end

function page.differences(c)
  local list, heads, rows = require("ehlo.view.comparison").differences(c), {}, {}
  if #list == 0 then return "" end
  for i, item in ipairs(c.items) do heads[i] = {item.code, html.tone(item)} end
  for i, difference in ipairs(list) do
    rows[i] = {words.heading[difference.field] or difference.field}
    for k, value in ipairs(difference.values) do rows[i][k + 1] = words.value(difference.field, value) end
  end
  return '<h2 id="differences">What differs</h2>\n' .. require("ehlo.side_by_side").html(heads, rows)
end

function page.common(c)
  local rows = require("ehlo.view.comparison").common(c)
  if #rows == 0 then return "" end
  local out = {("<h2>The same for %s</h2>\n"):format(#c.items == 2 and "both" or "all"),
    '<div class="sheet">\n<table class="stack"><tbody>\n'}
  for _, row in ipairs(rows) do
    out[#out + 1] = ('<tr><th scope="row">%s</th><td>%s</td></tr>\n'):format(safe(words.heading[row.field] or row.field),
      safe(words.value(row.field, row.value)))
  end
  out[#out + 1] = "</tbody></table>\n</div>"
  return table.concat(out)
end

function page.notes(c)
  local out = {}
  for _, item in ipairs(c.items) do
    for _, note in ipairs(item.notes or {}) do
      out[#out + 1] = ("<li><b>%s</b> %s</li>"):format(safe(item.code), safe(note))
    end
  end
  if #out == 0 then return "" end
  return "<h2>Good to know</h2>\n<ul>\n" .. table.concat(out, "\n") .. "\n</ul>"
end

local function from_digits(c)
  local list = {}
  for _, item in ipairs(c.items) do
    if item.from_digits then list[#list + 1] = item.code end
  end
  if #list == 0 then return "" end
  return ('<p class="flag">Not in the catalogue, and read from the digits alone: %s.</p>'):format(safe(words.join(list)))
end

function page.page(c)
  local view = require "ehlo.view.comparison"
  local title = view.title(c)
  local body = {"<header>", "<h1>" .. heading(c) .. "</h1>", '<p class="lede">' .. safe(words.sentence(c.headline)) .. "</p>",
    "<p>" .. safe(c.summary) .. "</p>", from_digits(c), "</header>", cards(c), page.differences(c), page.common(c),
    '<h2>When to use which</h2>\n<div class="callout"><p>' .. safe(c.when_to_use) .. "</p></div>", page.notes(c),
    "<h2>Next</h2>\n" .. html.commands {view.command(c), "ehlo code " .. c.items[1].code},
    "<footer>SMTP codes, side by side. Made by ehlo.</footer>"}
  return html.page(title .. ": SMTP codes compared", words.sentence(c.headline), table.concat(body, "\n"))
end

return page
