-- Owns the HTML page of a comparison.
-- Callers: the comparison's view.
local html = require "ehlo.html"
local words = require "ehlo.words"

local safe = html.escape
local page = {}

local function heading(c)
  if #c.items ~= 2 then return safe(require("ehlo.view_comparison").title(c)) end
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

local function differences(c)
  local rows = require("ehlo.view_comparison").differences(c)
  if #rows == 0 then return "" end
  local out = {'<h2 id="differences">What differs</h2>\n<div class="sheet">\n<table class="compare stack" style="--n:' .. #c.items ..
    '">\n<thead><tr>',
    '<th scope="col"><span class="skip">Aspect</span></th>'}
  for _, item in ipairs(c.items) do
    out[#out + 1] = ('<th scope="col"><b>%s</b></th>'):format(safe(item.code))
  end
  out[#out + 1] = "</tr></thead>\n<tbody>\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = '<tr><th scope="row">' .. safe(words.heading[row.field] or row.field) .. "</th>"
    for i, value in ipairs(row.values) do
      out[#out + 1] = ('<td class="%s" data-of="%s">%s</td>'):format(html.tone(c.items[i]), safe(c.items[i].code),
        safe(words.value(row.field, value)))
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody>\n</table>\n</div>"
  return table.concat(out)
end

local function common(c)
  local rows = require("ehlo.view_comparison").common(c)
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

local function notes(c)
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
  local view = require "ehlo.view_comparison"
  local title = view.title(c)
  local body = {"<header>", "<h1>" .. heading(c) .. "</h1>", '<p class="lede">' .. safe(words.sentence(c.headline)) .. "</p>",
    "<p>" .. safe(c.summary) .. "</p>", from_digits(c), "</header>", cards(c), differences(c), common(c),
    '<h2>When to use which</h2>\n<div class="callout"><p>' .. safe(c.when_to_use) .. "</p></div>", notes(c),
    "<h2>Next</h2>\n" .. html.commands {view.command(c), "ehlo code " .. c.items[1].code},
    "<footer>SMTP codes, side by side. Made by ehlo.</footer>"}
  return html.page(title .. ": SMTP codes compared", words.sentence(c.headline), table.concat(body, "\n"))
end

return page
