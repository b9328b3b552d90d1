-- Owns: the pages of a site on codes and on pairs of them. Callers: site.
local html = require "ehlo.html"
local frame = require "ehlo.site.frame"
local words = require "ehlo.words"
local card = require "ehlo.view.card"
local safe = html.escape
local pages = {}

local MEANS = "What it means, when you see it and how to fix it."

local function section(title, text, class)
  if not text or text == "" then return "" end
  return ('<section%s><h2>%s</h2><p>%s</p></section>'):format(class and ' class="' .. class .. '"' or "", title, text)
end

local function answers(m, entry)
  local rows = {}
  local function add(label, text)
    if text and text ~= "" then rows[#rows + 1] = ("<li><b>%s</b>%s</li>"):format(label, text) end
  end
  add("Try again?", safe(entry.retry or ""))
  add("Who acts", safe(words.acts[entry.acts] or entry.acts or ""))
  add("Where it appears", safe(table.concat(words.commands(entry.commands), ", ")))
  add("Comes with", frame.codes(m, entry.enhanced or entry.replies, entry.code))
  if entry.status and entry.status ~= "standard" then add("Status", safe(entry.status)) end
  return '<ul class="answers">' .. table.concat(rows) .. "</ul>"
end

local function said_by(m, entry)
  local rows, seen = {}, {}
  for _, phrase in ipairs(entry.phrases or {}) do
    local provider = m.provider_of[phrase.id]
    local row = card.phrases({phrases = {phrase}})[1]
    local key = table.concat(row, "\0")
    if provider and not seen[key] then
      seen[key] = true
      rows[#rows + 1] = ('<tr><td class="num">%s</td><td class="said">%s</td><td class="side">%s</td><td class="side">%s</td></tr>\n'):format(
        safe(row[1]), frame.link(provider.file .. "#" .. pages.anchor(phrase), safe(row[2])), safe(provider.title), safe(row[4]))
    end
  end
  if #rows == 0 then return "" end
  return '<h2>Said by software</h2>\n<div class="sheet">\n<table class="stack dense">\n<thead><tr><th scope="col">Code</th><th scope="col">Text</th>'
    .. '<th scope="col">Software</th><th scope="col">Cause</th></tr></thead>\n<tbody>\n' .. table.concat(rows) .. "</tbody>\n</table>\n</div>"
end

-- Where a phrase stands on its provider's page.
function pages.anchor(phrase) return require("ehlo.site.model").slug(phrase.id) end

local function notes(m, entry)
  if not entry.notes or #entry.notes == 0 then return "" end
  local out = {}
  for i, note in ipairs(entry.notes) do out[i] = "<li>" .. frame.prose(m, note, entry.code) .. "</li>" end
  return "<h2>Good to know</h2>\n<ul>\n" .. table.concat(out, "\n") .. "\n</ul>"
end

local function compared(m, entry)
  local list = m.pairs_of[entry.code]
  if not list then return "" end
  local out = {}
  for i, pair in ipairs(list) do
    local other = pair.a.code == entry.code and pair.b or pair.a
    out[i] = ('<li>%s</li>'):format(frame.link(pair.file, ("%s vs %s"):format(safe(entry.code), safe(other.code))))
  end
  return '<h2>Compared with</h2>\n<ul class="chips">\n' .. table.concat(out, "\n") .. "\n</ul>"
end

local function turn(m, at)
  local before, after = m.codes[at - 1], m.codes[at + 1]
  local out = {}
  if before then out[1] = frame.link(m.file(before.code), "&larr; " .. safe(before.code)) end
  if after then out[#out + 1] = frame.link(m.file(after.code), safe(after.code) .. " &rarr;", "next") end
  return #out > 0 and '<nav class="turn" aria-label="Other codes">' .. table.concat(out, "\n") .. "</nav>" or ""
end

local function origin(entry)
  local whose = not entry.origin and "read from the digits" or entry.origin == "built-in" and "the built-in catalogue" or entry.origin
  return ("Whose words: %s%s."):format(whose, entry.stale and " (beyond its date)" or "")
end

-- The page of the code at that place in the model's list.
function pages.code(m, at)
  local entry = m.codes[at]
  local family = m.family(entry)
  local name, own = entry.name or "", entry.code
  local standards = frame.standards(entry.standards)
  local body = {('<article class="%s">'):format(html.tone(entry)),
    ('<h1 class="num">%s <span class="what">%s</span></h1>'):format(safe(own), safe(name)), "<p>" .. html.pills(entry) .. "</p>",
    entry.from_digits and '<p class="flag">Not in the catalogue: what follows is read from the digits alone.</p>' or "",
    '<div class="three">', section("What it says", frame.prose(m, entry.meaning or "", own)),
    section("When you see it", frame.prose(m, entry.when or "", own)), section("What to do", frame.prose(m, entry.fix or "", own), "do"), "</div>",
    answers(m, entry), notes(m, entry), compared(m, entry), said_by(m, entry), "<h2>On the command line</h2>",
    html.commands({"ehlo " .. own, card.commands(entry)[1]}),
    standards ~= "" and "<h2>Standards</h2>\n<p>" .. standards .. ".</p>" or "",
    '<p class="quiet">' .. safe(origin(entry)) .. "</p>", turn(m, at), "</article>"}
  local kind = entry.kind == "reply" and "SMTP reply code" or "SMTP enhanced status code"
  return {file = m.file(own), title = ("%s %s: %s"):format(entry.kind == "reply" and "SMTP" or "Status", own, name),
    description = ("%s %s, %s. %s %s"):format(kind, own, name, entry.meaning or "", MEANS),
    trail = {{family.short, family.file}, {own}}, body = table.concat(body, "\n")}
end

local function pair_head(m, c)
  local out = {'<div class="cards">'}
  for _, item in ipairs(c.items) do
    out[#out + 1] = ('<section class="card %s"><div class="code">%s</div><div class="name">%s</div>%s</section>'):format(html.tone(item),
      frame.code(m, item.code), safe(item.name or ""), html.pills(item))
  end
  return table.concat(out, "\n") .. "\n</div>"
end

function pages.pair(m, pair)
  local c = codes.compare(pair.a.code, pair.b.code)
  local a, b = pair.a, pair.b
  local parts = require "ehlo.html.comparison"
  local title = ("%s vs %s"):format(a.code, b.code)
  local body = {"<header>", ('<h1>%s <span class="vs">vs</span> %s</h1>'):format(safe(a.code), safe(b.code)),
    '<p class="lede">' .. safe(words.sentence(c.headline)) .. "</p>",
    "<p>" .. frame.prose(m, c.summary) .. "</p>", "</header>", pair_head(m, c),
    '<h2>When to use which</h2>\n<div class="callout"><p>' .. frame.prose(m, c.when_to_use) .. "</p></div>",
    parts.differences(c), parts.common(c), parts.notes(c), "<h2>On the command line</h2>",
    html.commands({("ehlo compare %s %s"):format(a.code, b.code)})}
  return {file = pair.file, title = ("%s: %s or %s?"):format(title, a.name or a.code, b.name or b.code),
    description = ("SMTP %s and %s compared: %s"):format(a.code, b.code, words.sentence(c.headline)),
    trail = {{"Pairs", "pairs.html"}, {title}}, body = table.concat(body, "\n")}
end

return pages
