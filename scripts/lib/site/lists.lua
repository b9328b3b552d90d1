-- Owns: the pages of a site that lead to others: the first one, families, providers, pairs. Callers: site.
local html = require "ehlo.html"
local frame = require "ehlo.site.frame"
local words = require "ehlo.words"
local pages = require "ehlo.site.pages"
local safe = html.escape
local lists = {}

local function grid(entries, m)
  local out = {}
  for i, entry in ipairs(entries) do
    local rare = entry.status and entry.status ~= "standard" and " rare" or ""
    out[i] = ('<li class="%s%s"><a href="%s"><b>%s</b><span>%s</span></a></li>'):format(html.tone(entry), rare, safe(m.file(entry.code)),
      safe(entry.code), safe(entry.name or ""))
  end
  return '<ul class="grid">\n' .. table.concat(out, "\n") .. "\n</ul>"
end

local function chips(rows)
  local out = {}
  for i, row in ipairs(rows) do out[i] = "<li>" .. frame.link(row[2], safe(row[1])) .. "</li>" end
  return '<ul class="chips">\n' .. table.concat(out, "\n") .. "\n</ul>"
end

-- Pairs that people ask about most; those of them that have a page.
local known = {"421 450", "450 550", "550 554", "451 452", "421 554", "521 554", "550 553", "5.1.1 5.7.1", "5.7.1 5.7.26", "4.2.2 5.2.2", "211 214",
  "250 251", "500 502", "530 535"}

local function first_pairs(m, asked)
  local rows, seen = {}, {}
  local function add(pair)
    if pair and not seen[pair.file] then rows[#rows + 1] = {pair.a.code .. " vs " .. pair.b.code, pair.file} end
    seen[pair and pair.file or ""] = true
  end
  for _, each in ipairs(asked) do
    add(m.pair_of[each[1].code .. " " .. each[2].code] or m.pair_of[each[2].code .. " " .. each[1].code])
  end
  for _, key in ipairs(known) do add(m.pair_of[key]) end
  rows[#rows + 1] = {"all pairs", "pairs.html"}
  return rows
end

local function family_line(family)
  local about = family.about
  return ('<h3>%s</h3>\n<p class="quiet">%s</p>'):format(frame.link(family.file, safe(family.name)), safe(about.meaning or ""))
end

function lists.index(site, m)
  local body = {"<header>", "<h1>" .. safe(site.title) .. "</h1>",
    '<p class="lede">What a mail server said, what it means, and what to do about it.</p>',
    ("<p>%d reply codes and enhanced status codes, %d pairs side by side, and %d texts that mail software and providers say. "
      .. "Search for a code, two codes, or words of a bounce: press <b>/</b>.</p>")
      :format(#m.codes, #m.pairs, site.phrases), "</header>", "<h2>Often compared</h2>", chips(first_pairs(m, site.asked)), "<h2>Reply codes</h2>"}
  for _, family in ipairs(m.families) do
    if family.kind == "reply" then
      body[#body + 1] = family_line(family)
      body[#body + 1] = grid(family.codes, m)
    end
  end
  body[#body + 1] = "<h2>Enhanced status codes</h2>\n"
    .. "<p>Three numbers after the reply code: what came of it (2, 4 or 5), what it is about, and the detail.</p>"
  local subjects, providers = {}, {}
  for _, family in ipairs(m.families) do
    if family.kind == "enhanced" then
      subjects[#subjects + 1] = ('<li><a href="%s"><b>%s</b><span>%s, %d codes</span></a></li>'):format(safe(family.file), safe(family.short),
        safe((family.about.name or ""):lower()), #family.codes)
    end
  end
  body[#body + 1] = '<ul class="grid">\n' .. table.concat(subjects, "\n") .. "\n</ul>"
  for i, provider in ipairs(m.providers) do providers[i] = {provider.title, provider.file} end
  body[#body + 1] = "<h2>What providers and software say</h2>\n" .. chips(providers)
  return {file = "index.html", title = site.title .. ": every reply and status code, explained and compared",
    description = "Every SMTP reply code and enhanced status code: what it means, when you see it, how to fix it, and how it differs from others.",
    trail = {}, body = table.concat(body, "\n")}
end

local function code_table(m, entries)
  local out = {'<div class="sheet">\n<table class="stack dense">\n<thead><tr><th scope="col">Code</th><th scope="col">Name</th>'
    .. '<th scope="col">Try again?</th>'
    .. '<th scope="col">Who acts</th></tr></thead>\n<tbody>'}
  for _, entry in ipairs(entries) do
    out[#out + 1] = ('<tr><th scope="row">%s</th><td>%s</td><td class="side"><span class="small">retry: </span>%s</td><td class="side">%s</td></tr>')
      :format(frame.code(m, entry.code), safe(entry.name or ""), safe(entry.retry or "unclear"), safe(words.acts[entry.acts] or entry.acts or ""))
  end
  return table.concat(out, "\n") .. "\n</tbody>\n</table>\n</div>"
end

function lists.family(m, family)
  local about = family.about
  local what = family.kind == "reply" and "Reply codes" or "Enhanced status codes"
  local body = {"<header>", "<h1>" .. safe(family.name) .. "</h1>", '<p class="lede">' .. safe(about.meaning or "") .. "</p>",
    about.fix and "<p>" .. safe(about.fix) .. "</p>" or "", "</header>", code_table(m, family.codes),
    about.standards and "<p class=\"quiet\">" .. frame.standards(about.standards) .. ".</p>" or ""}
  return {file = family.file, title = ("%s %s"):format(what, family.name), description = ("%s %s. %s"):format(what, family.name, about.meaning or ""),
    trail = {{family.short}}, body = table.concat(body, "\n")}
end

local function phrase(m, each)
  local row = require("ehlo.view.card").phrases({phrases = {each}})[1]
  local codes_of = {}
  for code in row[1]:gmatch("%S+") do codes_of[#codes_of + 1] = code end
  local about = {}
  if #codes_of > 0 then about[#about + 1] = "With " .. frame.codes(m, codes_of) end
  about[#about + 1] = "Cause: " .. safe((each.cause or "unclear"):gsub("%-", " "))
  about[#about + 1] = "Try again: " .. safe(each.retry or "unclear")
  about[#about + 1] = "Acts: " .. safe(words.acts[each.acts] or each.acts or "unclear")
  if each.origin and each.origin ~= "built-in" then about[#about + 1] = "Whose words: " .. safe(each.origin) end
  local fix = each.fix and "<p>" .. frame.prose(m, each.fix) .. "</p>" or ""
  local out = {('<section class="phrase" id="%s"><h2 class="said">%s</h2>'):format(safe(pages.anchor(each)), safe(row[2])),
    each.meaning and "<p>" .. frame.prose(m, each.meaning) .. "</p>" or "", fix}
  for _, note in ipairs(each.notes or {}) do out[#out + 1] = "<p>" .. frame.prose(m, note) .. "</p>" end
  out[#out + 1] = '<p class="quiet">' .. table.concat(about, " &middot; ") .. "</p></section>"
  return table.concat(out, "\n")
end

function lists.provider(m, provider)
  local any = provider.name == "generic"
  local body = {"<header>", ("<h1>%s</h1>"):format(any and "Said by any software" or "Said by " .. safe(provider.title)),
    ('<p class="lede">%d %s, and what to do about each.</p>'):format(#provider.phrases, #provider.phrases == 1 and "text" or "texts"), "</header>"}
  for _, each in ipairs(provider.phrases) do body[#body + 1] = phrase(m, each) end
  local name = any and "any software" or provider.title
  return {file = provider.file, title = ("What %s says in SMTP replies and bounces"):format(name),
    description = ("Texts that %s says when it refuses or delays mail: what each means, and what to do."):format(name),
    trail = {{provider.title}}, body = table.concat(body, "\n")}
end

function lists.pairs(m)
  local body = {"<header>", "<h1>Pairs of codes</h1>", '<p class="lede">Codes that are easily mixed up, side by side.</p>', "</header>"}
  local rows, last = {}, nil
  local function flush()
    if last then body[#body + 1] = ("<h2>%s %s</h2>\n%s"):format(frame.code(m, last.code), safe(last.name or ""), chips(rows)) end
    rows = {}
  end
  for _, pair in ipairs(m.pairs) do
    if last and last.code ~= pair.a.code then flush() end
    last = pair.a
    rows[#rows + 1] = {pair.a.code .. " vs " .. pair.b.code, pair.file}
  end
  flush()
  return {file = "pairs.html", title = "SMTP codes compared, pair by pair",
    description = "SMTP reply codes and enhanced status codes that are easily mixed up, side by side.",
    trail = {{"Pairs"}}, body = table.concat(body, "\n")}
end

return lists
