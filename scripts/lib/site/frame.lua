-- Owns: what the pages of a site have in common: the frame with its search, and links from what is said of a code to other pages.
-- Callers: the site's pages.
local html = require "ehlo.html"
local safe = html.escape
local frame = {}

-- page: {file, title, description, trail = {{text, file}...}, body, wide}
function frame.page(site, page)
  local trail = {('<a href="index.html">%s</a>'):format(safe(site.title))}
  for _, step in ipairs(page.trail or {}) do
    trail[#trail + 1] = step[2] and ('<a href="%s">%s</a>'):format(safe(step[2]), safe(step[1])) or ('<span>%s</span>'):format(safe(step[1]))
  end
  return table.concat {'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n',
    '<meta name="description" content="', safe(page.description), '">\n<title>', safe(page.title), "</title>\n",
    '<link rel="stylesheet" href="style.css">\n<script src="search.js" defer></script>\n</head>\n<body>\n',
    '<a class="jump" href="#content">To the content</a>\n<header class="bar">\n<nav class="trail" aria-label="Where you are">',
    table.concat(trail, ' <span class="sep">/</span> '),
    '</nav>\n<form class="search" role="search" action="index.html" method="get">\n<label class="skip" for="q">Search codes and texts</label>\n',
    '<input id="q" name="q" type="search" placeholder="521, 5.7.1, greylist, 421 450 ..." autocomplete="off" spellcheck="false">\n',
    '<kbd title="Press / to search">/</kbd>\n<div id="results" class="results" hidden></div>\n</form>\n</header>\n<main id="content">\n', page.body,
    "\n<footer>", safe(site.about), "</footer>\n</main>\n</body>\n</html>\n"}
end

function frame.link(file, text, class)
  return ('<a%s href="%s">%s</a>'):format(class and ' class="' .. class .. '"' or "", safe(file), text)
end

-- A code, linked where it has a page.
function frame.code(m, code, own)
  local file = code ~= own and m.file(code)
  return file and frame.link(file, safe(code)) or safe(code)
end

function frame.codes(m, list, own)
  local out = {}
  for i, code in ipairs(list or {}) do out[i] = frame.code(m, code, own) end
  return table.concat(out, ", ")
end

-- What a number in prose counts, where it is no code.
local counted = {"recipients", "messages", "bytes", "octets", "characters", "seconds", "minutes", "hours", "days", "MiB", "KiB", "MB", "KB", "GB",
  "ms", "columns", "lines", "connections", "times", "percent", "addresses"}

local function is_counted(rest)
  for _, word in ipairs(counted) do
    if rest:find("^ " .. word) then return true end
  end
  return rest:find("^ ?%%") ~= nil
end

-- A number in prose is a section, a port or an amount as well as a code: what stands around it tells.
local function is_code_there(text, first, last)
  local lead = text:sub(math.max(first - 24, 1), first - 1)
  if lead:find("[Ss]ections? [%d%., and]*$") or lead:find("RFC $") or lead:find("[Pp]ort $") or lead:find("[%w%.%-/:]$") then return false end
  local rest = text:sub(last + 1)
  return not rest:find("^[%w%-/:]") and not rest:find("^%.%w") and not is_counted(rest)
end

-- Prose as HTML, with the codes that it names as links, each once.
function frame.prose(m, text, own)
  local out, at, linked = {}, 1, {[own or ""] = true}
  while true do
    local first, last = text:find("%d+%.?%d*%.?%d*", at)
    if not first then break end
    local code = text:sub(first, last):gsub("%.$", "")
    last = first + #code - 1
    out[#out + 1] = safe(text:sub(at, first - 1))
    local file = not linked[code] and m.file(code)
    if file and is_code_there(text, first, last) then
      linked[code] = true
      out[#out + 1] = frame.link(file, safe(code))
    else
      out[#out + 1] = safe(code)
    end
    at = last + 1
  end
  return table.concat(out) .. safe(text:sub(at))
end

-- "RFC 5321 section 4.2.1", linked to where it can be read.
function frame.standards(list)
  local words, out = require "ehlo.words", {}
  for i, standard in ipairs(list or {}) do
    local text = words.standard(standard)
    local rfc = math.tointeger(standard.rfc)
    local section = type(standard.section) == "string" and standard.section:match("^%d[%d%.]*") or nil
    local url = rfc and ("https://www.rfc-editor.org/rfc/rfc%d%s"):format(rfc, section and "#section-" .. section:gsub("%.$", "") or "")
    out[i] = url and ('<a href="%s" rel="noreferrer">%s</a>'):format(safe(url), safe(text)) or safe(text)
  end
  return table.concat(out, "; ")
end

return frame
