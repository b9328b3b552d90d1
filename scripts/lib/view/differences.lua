-- Owns how a comparison of records looks: hosts, sessions, saved runs. Callers: the renderer, for records of kind "differences"; tostring.
local words = require "ehlo.words"
local view = {}

local SHOWN, LONGEST, COMMON = 100, 400, 40 -- a page is for reading: JSON has everything

local function title(c)
  local list = {}
  for i, item in ipairs(c.items) do list[i] = item.label end
  return #list == 2 and table.concat(list, " vs ") or words.join(list)
end

local function cut(text)
  return #text > LONGEST and require("ehlo.columns").cut(report.escape(text), LONGEST) or text
end

local spans = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}}

-- "30 days earlier", of the second against the first.
local function shift(seconds)
  for _, span in ipairs(spans) do
    local n = math.floor(math.abs(seconds) / span[1] + 0.5)
    if n > 1 or n == 1 and span[1] == 1 then
      return (" (%d %s%s %s)"):format(n, span[2], n == 1 and "" or "s", seconds < 0 and "earlier" or "later")
    end
  end
  return ""
end

local function scalar(value, kind)
  if value == nil or value == report.null then return "none" end
  if kind == "date" then return tostring(value):match("^%d%d%d%d%-%d%d%-%d%d") or tostring(value) end
  if type(value) == "boolean" then return value and "yes" or "no" end
  if type(value) == "table" then return table.concat(value, ", ") end
  return cut(tostring(value))
end

-- The cells of a difference: of a set, what not all of them have.
local function cells(difference)
  local out = {words.capital(difference.label)}
  local function listed(list)
    local text = table.concat(list, ", ")
    return cut(difference.field:find("findings$") and text:gsub("%-", " ") or text)
  end
  for i, value in ipairs(difference.values) do
    if difference.only then
      local only = difference.only[i]
      out[i + 1] = #only > 0 and listed(only) or #value > 0 and "nothing beyond what all have" or "none"
    else
      if difference.field:find("sha256$") and type(value) == "string" then value = value:sub(1, 16) .. " ..." end
      if difference.field:find("acts$") then value = words.acts[value] or value end
      out[i + 1] = scalar(value, difference.type) .. (i == 2 and difference.change and shift(difference.change) or "")
    end
  end
  return out
end

local function rows_of(c)
  local rows = {}
  for i = 1, math.min(#c.differences, SHOWN) do rows[i] = cells(c.differences[i]) end
  return rows, #c.differences - #rows
end

local function labels(list)
  local out = {}
  for i = 1, math.min(#list, COMMON) do out[i] = type(list[i]) == "table" and list[i].label or list[i] end
  if #list > COMMON then out[#out + 1] = ("%d more"):format(#list - COMMON) end
  return words.join(out)
end

-- What was not looked at, in a sentence or two.
local function noise(c)
  local text = ("Left out as noise: %s."):format(words.join(c.left_out))
  if #c.masked > 0 then text = ("%s Read as the same, for only names of hosts, dates or ids differ: %s."):format(text, labels(c.masked)) end
  if #c.one_sided > 0 then text = ("%s Not compared, for not all have it: %s."):format(text, labels(c.one_sided)) end
  return text
end

local function rest(more)
  return more > 0 and ("%d more %s: --format json has all of them."):format(more, more == 1 and "difference" or "differences") or nil
end

-- What they share, in a line: of several results those that are the same altogether.
local function agreement(c, heading)
  if not c.unchanged then
    local list, differs, said = {}, {}, false
    for _, each in ipairs(c.differences) do
      differs[each.field] = true
      differs.certificate = differs.certificate or each.field:find("^tls%.certificate%.") ~= nil
    end
    for _, each in ipairs(c.common) do
      -- a certificate that is the same in all its parts is one thing to a reader
      local whole = not differs.certificate and each.field:find("^tls%.certificate%.")
      if not differs[each.field] and not (whole and said) then list[#list + 1] = whole and "certificate" or each.label end
      said = said or whole
    end
    return #list > 0 and ("%s: %s."):format(heading, labels(list)) or nil
  end
  return #c.unchanged > 0 and ("Without a difference: %s."):format(labels(c.unchanged)) or nil
end

local function shared(c) return #c.items == 2 and "The same for both" or "The same for all" end

function view.text(record)
  local style, side = require "ehlo.style", require "ehlo.side_by_side"
  local c = record.comparison
  local p = require("ehlo.page").new()
  p.table = math.min(style.width, #c.items == 2 and 96 or 132)
  local fits = side.fits(style.width, #c.items)
  p:title(title(c), c.headline, style.bold, #c.differences > 0 and style.warn or style.good, fits and p.table)
  p:blank()
  p:text(c.summary)
  p:blank()
  local rows, more = rows_of(c)
  if #rows > 0 then
    local heads, widest = {}, 8
    for i, item in ipairs(c.items) do heads[i] = {item.label, style.bold} end
    for _, row in ipairs(rows) do widest = math.max(widest, report.width(report.escape(row[1]))) end
    side.add(p, heads, rows, math.min(widest + 2, p.prose // 2))
    if more > 0 then p:text(rest(more), 0, style.dim) end
    p:blank()
  end
  if #c.common > 0 then
    if record.verbose and not c.unchanged then
      p:line(style.bold(shared(c)))
      for _, each in ipairs(c.common) do
        p:row(report.escape(words.capital(each.label)), scalar(each.value, "text"), nil, 2, math.max(26, report.width(report.escape(each.label)) + 2))
      end
    else
      local said = agreement(c, shared(c))
      if said then p:text(said) end
    end
  end
  p:text(noise(c), 0, style.dim)
  return p:finish()
end

function view.markdown(record)
  local markdown, c = require "ehlo.markdown", record.comparison
  local escape = markdown.escape
  local rows, more = rows_of(c)
  local heads, out = {""}, {"# " .. escape(title(c)), "", "**" .. escape(words.capital(c.headline)) .. ".** " .. escape(c.summary), ""}
  for i, item in ipairs(c.items) do heads[i + 1] = item.label end
  if #rows > 0 then out[#out + 1] = markdown.table(heads, rows) .. "\n" end
  if more > 0 then out[#out + 1] = rest(more) .. "\n" end
  if #c.common > 0 then
    out[#out + 1] = "## In common\n"
    for i = 1, math.min(#c.common, SHOWN) do
      local each = c.common[i]
      out[#out + 1] = ("- **%s**: %s"):format(escape(words.capital(each.label)), escape(scalar(each.value, "text")))
    end
    out[#out + 1] = ""
  end
  out[#out + 1] = escape(noise(c))
  return table.concat(out, "\n") .. "\n"
end

local function html_common(c)
  local safe, out = require("ehlo.html").escape, {}
  for i = 1, math.min(#c.common, SHOWN) do
    local each = c.common[i]
    out[#out + 1] = ('<tr><th scope="row">%s</th><td>%s</td></tr>\n'):format(safe(words.capital(each.label)), safe(scalar(each.value, "text")))
  end
  if #out == 0 then return "" end
  return ("<h2>%s</h2>\n"):format(shared(c)) .. '<div class="sheet">\n<table class="stack dense"><tbody>\n' .. table.concat(out)
    .. "</tbody></table>\n</div>"
end

function view.html(record)
  local html, c = require "ehlo.html", record.comparison
  local safe, heads = html.escape, {}
  for i, item in ipairs(c.items) do heads[i] = {item.label} end
  local rows, more = rows_of(c)
  local body = {"<header>", "<h1>" .. safe(title(c)) .. "</h1>", '<p class="lede">' .. safe(words.capital(c.headline)) .. ".</p>",
    "<p>" .. safe(c.summary) .. "</p>", "</header>"}
  if #rows > 0 then body[#body + 1] = "<h2>What differs</h2>\n" .. require("ehlo.side_by_side").html(heads, rows) end
  if more > 0 then body[#body + 1] = "<p>" .. safe(rest(more)) .. "</p>" end
  body[#body + 1] = html_common(c)
  body[#body + 1] = '<p class="quiet">' .. safe(noise(c)) .. "</p>\n<footer>Side by side. Made by ehlo.</footer>"
  return html.page(title(c) .. ": side by side", c.summary, table.concat(body, "\n"))
end

function view.json(record)
  return report.json(record.comparison)
end

return view
