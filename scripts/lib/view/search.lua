-- Owns how found entries look: a line each, codes apart from what software says.
-- Callers: the renderer, for records of kind "search".
local words = require "ehlo.words"

local search = {}

local function is_phrase(entry)
  return entry.kind == "phrase"
end

local function code_of(entry)
  if not is_phrase(entry) then return entry.code end
  local enhanced = entry.enhanced
  if type(enhanced) == "table" then enhanced = enhanced[1] end
  return ((entry.code or "") .. " " .. (enhanced or "")):match("^%s*(.-)%s*$")
end

local function text_of(entry)
  if not is_phrase(entry) then return entry.name or "" end
  return '"' .. (entry.text or ""):gsub("%s*%*+%s*", " ... "):match("^%s*(.-)%s*$") .. '"'
end

local function about(entry)
  if is_phrase(entry) then return entry.provider or "" end
  return words.class[entry.class] or entry.class or ""
end

function search.text(record)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local p = require("ehlo.page").new()
  if #record.items == 0 then
    p:text(('Nothing found for "%s". Try fewer or shorter words: all of them must occur.'):format(record.query or ""))
    return p:finish()
  end
  local rows = {}
  local narrow = p.prose < 64
  for _, entry in ipairs(record.items) do
    local code = report.escape(code_of(entry))
    local text, side = report.escape(text_of(entry)), report.escape(about(entry))
    if narrow then
      rows[#rows + 1] = {code, text, paint = {style.bold}}
      rows[#rows + 1] = {"", side, paint = {nil, style.dim}}
    else
      rows[#rows + 1] = {code, text, side, paint = {style.bold, nil, style.dim}}
    end
  end
  p:lines(columns.lines(rows, narrow and 2 or 3, {width = p.prose, flexible = {[2] = true}, clip = {[2] = not narrow}}))
  p:blank()
  local first = record.items[1]
  local code = is_phrase(first) and code_of(first):match("[%d%.]+$") or first.code
  if code then p:commands {"ehlo " .. code} end
  return p:finish()
end

function search.markdown(record)
  local rows = {}
  for i, entry in ipairs(record.items) do
    rows[i] = {code_of(entry), text_of(entry), about(entry)}
  end
  return require("ehlo.markdown").table({"Code", "Text", "About"}, rows) .. "\n"
end

-- Even a single hit is one of several results, which is what a list of them says.
function search.json(record)
  local list = {}
  for i, entry in ipairs(record.items) do
    list[i] = report.json(entry)
  end
  return list
end

return search
