-- Owns how entries of the catalogue look: a card in text, Markdown, HTML.
-- Callers: the renderer, for records of kind "card".
local words = require "ehlo.words"

local card = {}

local PHRASES, PAIRS, COMMANDS, NOTES = 6, 6, 3, 2

-- "greeting", "MAIL, RCPT" or, where there are many, how many.
local function moments(entry)
  local list = words.commands(entry.commands)
  if #list == 0 then return nil end
  if #list > COMMANDS then return #list .. " commands" end
  return table.concat(list, ", ")
end

function card.tags(entry)
  local tags = {words.class[entry.class] or entry.class}
  tags[#tags + 1] = moments(entry)
  if entry.status and entry.status ~= "standard" then tags[#tags + 1] = entry.status end
  return tags
end

local function pairs_of(entry)
  return entry.enhanced or entry.replies or {}
end

local function name_of(code)
  local entry = codes and codes.lookup(code)
  return entry and not entry.from_digits and entry.name or nil
end

local function more(entry, n)
  return ("and %d more: ehlo search %s"):format(n, entry.code)
end

local function code_of(phrase)
  local enhanced = phrase.enhanced
  if type(enhanced) == "table" then enhanced = enhanced[1] end
  return ((phrase.code or "") .. " " .. (enhanced or "")):match("^%s*(.-)%s*$")
end

-- The text with what varies in it shown as dots, and dots where it goes on.
local function said(phrase)
  return (phrase.text or ""):gsub("%s*%*+%s*", " ... "):gsub("%s+", " "):match("^%s*(.-)%s*$")
end

-- {code, text, provider, cause} of each phrase. Some differ only in the command that they answer: each is shown once.
function card.phrases(entry)
  local seen, rows = {}, {}
  for _, phrase in ipairs(entry.phrases or {}) do
    local row = {code_of(phrase), said(phrase), phrase.provider or "", phrase.cause or ""}
    local key = table.concat(row, "\n")
    if not seen[key] then
      seen[key] = true
      rows[#rows + 1] = row
    end
  end
  return rows
end

function card.commands(entry)
  local list = {}
  local other = entry.see_also and entry.see_also[1]
  if other and entry.pattern and other:sub(1, 1) == "X" then other = entry.code:sub(1, 1) .. other:sub(2) end
  if other then list[#list + 1] = "ehlo compare " .. entry.code .. " " .. other end
  if #list == 0 then list[1] = "ehlo explain '" .. entry.code .. " ...'" end
  return list
end

local function add_pairs(p, entry)
  local list = pairs_of(entry)
  for i = 1, math.min(#list, PAIRS) do
    local name = name_of(list[i])
    p:row(i == 1 and "With" or "", list[i] .. (name and "  " .. name or ""))
  end
  if #list > PAIRS then p:row("", ("and %d more: %s"):format(#list - PAIRS, table.concat(list, " ", PAIRS + 1))) end
end

local function add_phrases(p, entry)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local phrases = card.phrases(entry)
  if #phrases == 0 then return end
  local rows = {}
  local narrow = p.prose < 72
  for i = 1, math.min(#phrases, PHRASES) do
    local phrase = phrases[i]
    local text = report.escape((phrase[1] .. " " .. phrase[2]):match("^%s*(.-)$"))
    local who, cause = report.escape(phrase[3]), report.escape(phrase[4])
    if narrow then
      rows[#rows + 1] = {text}
      rows[#rows + 1] = {"  " .. who .. (cause ~= "" and ", " .. cause or ""), paint = {style.dim}}
    else
      rows[#rows + 1] = {text, who, cause, paint = {nil, style.dim, style.dim}}
    end
  end
  p:blank()
  p:line("  " .. style.dim("Also said by software:"))
  p:lines(columns.lines(rows, narrow and 1 or 3,
    {width = p.prose, indent = 4, flexible = {true}, clip = {true}}))
  if #phrases > PHRASES then p:line("    " .. style.dim(more(entry, #phrases - PHRASES))) end
end

-- What layers added is what people here wrote: all of it is shown, and first.
local function notes_of(entry)
  local all, added = entry.notes or {}, entry.added_notes or 0
  return {table.unpack(all, 1, added)}, {table.unpack(all, added + 1)}
end

-- What servers do says more to most people than how the standards came about.
local function practice_first(notes)
  local practice, history = {}, {}
  for _, note in ipairs(notes) do
    local list = note:find("RFC", 1, true) and history or practice
    list[#list + 1] = note
  end
  return table.move(history, 1, #history, #practice + 1, practice)
end

local function add_notes(p, entry, verbose)
  local added, rest = notes_of(entry)
  local notes = practice_first(rest)
  local shown = #added + (verbose and #notes or math.min(#notes, NOTES))
  notes = table.move(notes, 1, #notes, #added + 1, added)
  if shown == 0 then return end
  p:blank()
  for i = 1, shown do p:row("-", notes[i], nil, 2, 2) end
  local left = #notes - shown
  if left == 0 then return end
  p:text(("%d more %s: ehlo %s --verbose"):format(left, left == 1 and "note" or "notes", entry.code), 4, require("ehlo.style").dim)
end

-- Who says so, where it is not the built-in catalogue alone.
local function origin_of(entry)
  if not entry.origin or entry.origin == "built-in" then return nil end
  return entry.origin .. (entry.stale and " (beyond its date)" or "")
end

local function add_entry(p, entry, verbose)
  local style = require "ehlo.style"
  local tone = words.tone[words.class[entry.class]]
  p:title(entry.code .. "  " .. (entry.name or ""), table.concat(card.tags(entry), " " .. style.dot() .. " "), style.bold,
    tone and style[tone])
  if entry.from_digits then
    p:text("Not in the catalogue: what follows is read from the digits alone.", 2, style.warn)
  end
  p:blank()
  p:row("Says", entry.meaning)
  p:row("Seen", entry.when)
  p:row("Do", entry.fix)
  p:pair("Retry", entry.retry, "Acts", words.acts[entry.acts] or entry.acts)
  if entry.commands and #entry.commands > COMMANDS then
    p:row("Where", table.concat(words.commands(entry.commands), ", "))
  end
  add_pairs(p, entry)
  p:row("From", origin_of(entry), entry.stale and style.warn)
  add_phrases(p, entry)
  add_notes(p, entry, verbose)
  local standards = words.standards(entry.standards)
  if #standards > 0 then
    p:blank()
    p:text(table.concat(standards, "; ") .. ".", 2, style.dim)
  else
    p:blank()
  end
  p:commands(card.commands(entry))
end

function card.text(record)
  local p = require("ehlo.page").new()
  for i, entry in ipairs(record.items) do
    if i > 1 then
      p:blank()
      p:line("")
    end
    add_entry(p, entry, record.verbose)
  end
  return p:finish()
end

-- Facts in the order of the card, for Markdown and HTML: {heading, text}.
function card.facts(entry)
  local rows = {}
  local function add(field, text)
    if text and text ~= "" then rows[#rows + 1] = {field = field, heading = words.heading[field], text = text} end
  end
  add("meaning", entry.meaning)
  add("when", entry.when)
  add("fix", entry.fix)
  add("retry", entry.retry)
  add("acts", words.acts[entry.acts] or entry.acts)
  add("commands", table.concat(words.commands(entry.commands), ", "))
  add(entry.enhanced and "enhanced" or "replies", table.concat(pairs_of(entry), ", "))
  add("see_also", table.concat(entry.see_also or {}, ", "))
  add("standards", table.concat(words.standards(entry.standards), "; "))
  add("origin", origin_of(entry))
  return rows
end

function card.markdown(record)
  return require("ehlo.markdown").cards(record.items)
end

function card.html(record)
  return require("ehlo.html.card").page(record.items)
end

function card.json(record)
  local list = {}
  for i, entry in ipairs(record.items) do
    list[i] = report.json(entry)
  end
  return list
end

return card
