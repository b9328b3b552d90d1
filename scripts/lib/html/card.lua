-- Owns the HTML page of one or more codes.
-- Callers: the card's view.
local html = require "ehlo.html"

local safe = html.escape
local page = {}

local function facts(view, entry)
  local out = {'<div class="sheet">\n<table class="stack"><tbody>\n'}
  for _, fact in ipairs(view.facts(entry)) do
    out[#out + 1] = ('<tr><th scope="row">%s</th><td>%s</td></tr>\n'):format(safe(fact.heading), safe(fact.text))
  end
  out[#out + 1] = "</tbody></table>\n</div>"
  return table.concat(out)
end

local function phrases(view, entry)
  local rows = view.phrases(entry)
  if #rows == 0 then return "" end
  local out = {'<h2>Said by software</h2>\n<div class="sheet">\n<table class="stack dense">\n<thead><tr>',
    '<th scope="col">Code</th><th scope="col">Text</th><th scope="col">Software</th><th scope="col">Cause</th>',
    "</tr></thead>\n<tbody>\n"}
  for _, row in ipairs(rows) do
    out[#out + 1] = ('<tr><td class="num">%s</td><td class="said">%s</td><td class="side">%s</td><td class="side">%s</td></tr>\n')
      :format(safe(row[1]), safe(row[2]), safe(row[3]), safe(row[4]))
  end
  out[#out + 1] = "</tbody>\n</table>\n</div>"
  return table.concat(out)
end

local function notes(entry)
  if not entry.notes or #entry.notes == 0 then return "" end
  local out = {}
  for i, note in ipairs(entry.notes) do
    out[i] = "<li>" .. safe(note) .. "</li>"
  end
  return "<h2>Good to know</h2>\n<ul>\n" .. table.concat(out, "\n") .. "\n</ul>"
end

local function article(view, entry)
  local flag = entry.from_digits and
    '<p class="flag">Not in the catalogue: what follows is read from the digits alone.</p>' or ""
  return table.concat({('<article class="%s">'):format(html.tone(entry)), "<h1>" .. safe(entry.code) .. "</h1>",
    '<p class="lede">' .. safe(entry.name or "") .. "</p>", "<p>" .. html.pills(entry) .. "</p>", flag, facts(view, entry),
    phrases(view, entry), notes(entry), "<h2>Next</h2>", html.commands(view.commands(entry)), "</article>"}, "\n")
end

function page.page(entries)
  local view = require "ehlo.view.card"
  local body, list = {}, {}
  for i, entry in ipairs(entries) do
    body[i], list[i] = article(view, entry), entry.code
  end
  body[#body + 1] = "<footer>SMTP codes explained. Made by ehlo.</footer>"
  local title = table.concat(list, ", ")
  if #entries == 1 then title = title .. " " .. (entries[1].name or "") end
  return html.page(title, entries[1] and entries[1].meaning or "", table.concat(body, "\n"))
end

return page
