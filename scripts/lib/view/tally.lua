-- Owns: how many explanations look together: a table by cause, and where each is frequent; one line for each as it comes. Callers: the
-- renderer, for records of kind "tally"; results, for what is followed.
local words = require "ehlo.words"

local tally = {}

local OUT_ACTS = words.acts
-- A client that was refused here: the sides change places.
local IN_ACTS = setmetatable({["sending-admin"] = words.acts["receiving-admin"], ["receiving-admin"] = words.acts["sending-admin"]},
  {__index = words.acts})

local function number(n)
  local text = tostring(n)
  while true do
    local more, changed = text:gsub("^(%d+)(%d%d%d)", "%1,%2")
    text = more
    if changed == 0 then return text end
  end
end
tally.number = number

-- "3 Nov 04:05", with the year where it is not this one; seconds too where they are asked for.
function tally.when(wall, seconds)
  if not wall then return "" end
  local year = os.date("!%Y", wall)
  return (os.date("!%d %b", wall):gsub("^0", "")) .. (year ~= os.date("%Y") and " " .. year or "") .. os.date(seconds and "! %H:%M:%S" or "! %H:%M", wall)
end

local function span(rows)
  local first, last
  for _, row in ipairs(rows) do
    if row.first then
      first = math.min(first or row.first, row.first)
      last = math.max(last or row.last, row.last)
    end
  end
  return first, last
end

local function sorted(list)
  table.sort(list, function(a, b)
    if a.count ~= b.count then return a.count > b.count end
    return (a.cause or a.name or "") < (b.cause or b.name or "")
  end)
  return list
end

-- The rows of one direction, the most frequent first, their sum and their span.
local function part(all, inbound)
  local rows, sum = {}, 0
  for _, row in ipairs(all) do
    if row.inbound == inbound and row.count > 0 then
      sorted(row.places)
      rows[#rows + 1], sum = row, sum + row.count
    end
  end
  sorted(rows)
  local first, last = span(rows)
  return {rows = rows, sum = sum, first = first, last = last, acts = inbound and IN_ACTS or OUT_ACTS, inbound = inbound}
end

local function parts(record)
  local all, later = record.counts:rows()
  return part(all, false), part(all, true), later
end

local MANY = 10 -- so many that their beginning is news

-- Where it happens: a place or two that hold most of it, or their number; and since when, where it began late and at one place.
local function mostly_at(row, of)
  for _, place in ipairs(row.places) do place.name = place.name or "unknown" end
  local one, two = row.places[1], row.places[2]
  if not one then return "" end
  if row.distinct == 1 and row.elsewhere == 0 then
    local began_late = row.first and of.first and row.count >= MANY and row.first - of.first > (of.last - of.first) / 10 and
      tally.when(row.first) ~= tally.when(of.first)
    return one.name .. (began_late and (" (all since %s)"):format(tally.when(row.first)) or "")
  end
  if one.count * 10 >= row.count * 8 then return ("%s (%s)"):format(one.name, number(one.count)) end
  if two and (one.count + two.count) * 2 >= row.count then return one.name .. ", " .. two.name end
  local more = row.elsewhere > 0 and "more than " or ""
  return ("%s%s %s"):format(more, number(row.distinct), of.inbound and "clients" or "domains")
end

local function heading(of, later)
  local one = of.sum == 1
  local text
  if of.inbound then
    text = ("%s command%s of clients %s refused here"):format(number(of.sum), one and "" or "s", one and "was" or "were")
  else
    text = ("%s deliver%s failed or waited"):format(number(of.sum), one and "y" or "ies")
    if later > 0 then text = text .. (", %s of which went out later"):format(number(later)) end
  end
  if not of.first then return text end
  local first, last = tally.when(of.first), tally.when(of.last)
  return text .. ", " .. first .. (last ~= first and " to " .. last or "")
end

local HEAD = {"cause", "count", "retry", "who acts", "mostly at"}

local function cells(of)
  local rows = {}
  for i, row in ipairs(of.rows) do
    rows[i] = {row.cause or "unclear", number(row.count), row.retry or "", of.acts[row.acts or ""] or row.acts or "", mostly_at(row, of)}
  end
  return rows
end

local ROOM = 20 -- columns that names of domains want

-- Where names of domains would be cut to pieces they stand below their row.
local function add_table(p, of)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local rows = cells(of)
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do row[i] = report.escape(cell) end
  end
  local head = {table.unpack(HEAD)}
  head.paint = {style.dim, style.dim, style.dim, style.dim, style.dim}
  table.insert(rows, 1, head)
  local options = {width = p.width, indent = 2, right = {[2] = true}, flexible = {[5] = true}}
  options.widths = columns.widths(rows, #HEAD, options)
  if options.widths[5] >= ROOM or p.width >= 80 then return p:lines(columns.lines(rows, #HEAD, options)) end
  options.widths[5] = nil
  for _, row in ipairs(rows) do
    p:lines(columns.lines({row}, #HEAD - 1, options))
    for _, line in ipairs(report.wrap(row[5], p.width - 4)) do p:line("    " .. (row == head and style.dim(line) or line)) end
  end
end

local PLACES_TOLD = 8

-- "example.org 12, Gmail 3, and 41 more"
local function places_line(row)
  local list = {}
  for i = 1, math.min(#row.places, PLACES_TOLD) do list[i] = ("%s %s"):format(row.places[i].name, number(row.places[i].count)) end
  local more = row.distinct - #list
  if more > 0 then list[#list + 1] = ("and %s%s more"):format(row.elsewhere > 0 and "at least " or "", number(more)) end
  return "at " .. table.concat(list, ", ")
end

local function add_example(p, e)
  local facts, list = {e.time and tally.when(e.time), e.queue_id or not e.time and e.input, e.address and "<" .. e.address .. ">"}, {}
  for i = 1, 3 do
    if facts[i] and facts[i] ~= "" then list[#list + 1] = facts[i] end
  end
  p:text(table.concat(list, "  "), 4)
  p:text((e.text or ""):gsub("%s+", " "), 6)
end

local function add_examples(p, of)
  for _, row in ipairs(of.rows) do
    p:blank()
    p:text(("%s, retry: %s"):format(row.cause or "unclear", row.retry or "unclear"), 2, require("ehlo.style").bold)
    if #row.places > 1 then p:text(places_line(row), 4) end
    for _, e in ipairs(row.examples) do add_example(p, e) end
  end
end

-- What shows more of it: the examples; with them, one of those by itself.
local function next_of(record, of)
  local words_of, list = require "ehlo.words", {}
  for i, path in ipairs(record.paths or {}) do list[i] = words_of.quote(path) end
  if #list == 0 or #list > 4 or record.paths[1] == "-" then return nil end
  if not record.verbose then return "ehlo explain --verbose " .. table.concat(list, " ") end
  for _, row in ipairs(of.rows) do
    local e = row.examples[1] or {}
    if (e.queue_id or ""):find("^%w[%w-]*$") then return ("ehlo explain --queue-id %s %s"):format(e.queue_id, table.concat(list, " ")) end
    if e.input and e.input ~= "" and not e.queue_id then return "ehlo explain " .. words_of.quote(e.input) end
  end
end

local NOTHING = "Nothing failed and nothing waited in what was read."

local names = {["feedback-report"] = {"feedback report", "feedback reports"}, ["auto-reply"] = {"automatic reply", "automatic replies"},
  ["delivery-notice"] = {"notice of success", "notices of success"}, mail = {"ordinary mail", "ordinary mails"}}

local function kinds_line(others)
  local list = {}
  for kind, n in pairs(others or {}) do
    local name = names[kind] or {kind, kind}
    list[#list + 1] = ("%s %s"):format(number(n), n == 1 and name[1] or name[2])
  end
  table.sort(list)
  return #list > 0 and "No bounces: " .. table.concat(list, ", ") or nil
end

function tally.text(record)
  local p = require("ehlo.page").new()
  local outward, inward, later = parts(record)
  for _, of in ipairs {outward, inward} do
    if of.sum > 0 then
      p:blank()
      p:title(heading(of, of.inbound and 0 or later))
      add_table(p, of)
      if record.verbose then add_examples(p, of) end
    end
  end
  local others = kinds_line(record.others)
  if others then
    p:blank()
    p:text(others)
  end
  if outward.sum + inward.sum == 0 and not others then p:text(NOTHING) end
  local command = outward.sum + inward.sum > 0 and next_of(record, outward.sum > 0 and outward or inward)
  if command then
    p:blank()
    p:command("Next", command)
  end
  return p:finish()
end

function tally.markdown(record)
  local markdown = require "ehlo.markdown"
  local outward, inward, later = parts(record)
  local out = {}
  for _, of in ipairs {outward, inward} do
    if of.sum > 0 then
      out[#out + 1] = heading(of, of.inbound and 0 or later) .. "\n\n" .. markdown.table(HEAD, cells(of))
    end
  end
  out[#out + 1] = kinds_line(record.others)
  if #out == 0 then return NOTHING end
  return table.concat(out, "\n\n")
end

local function stamp(wall) return wall and os.date("!%Y-%m-%dT%H:%M:%S", wall) or report.null end

local PLACES = 20

local function json_row(row)
  local places, examples = {}, {}
  for i = 1, math.min(PLACES, #row.places) do
    local place = row.places[i]
    places[i] = setmetatable({name = place.name, provider = place.provider, count = place.count, first = stamp(place.first), last = stamp(place.last)},
      {__order = {"name", "provider", "count", "first", "last"}})
  end
  for i, e in ipairs(row.examples) do
    examples[i] = setmetatable({address = e.address, queue_id = e.queue_id, input = e.input, time = stamp(e.time), text = e.text},
      {__order = {"address", "queue_id", "input", "time", "text"}})
  end
  return setmetatable({cause = row.cause, count = row.count, retry = row.retry, acts = row.acts, inbound = row.inbound, first = stamp(row.first),
    last = stamp(row.last), distinct = row.distinct, places = places, examples = examples},
    {__order = {"cause", "count", "retry", "acts", "inbound", "first", "last", "distinct", "places", "examples"}})
end

-- The counts as the JSON object that ends the results.
function tally.summary_json(counts)
  local outward, inward, later = parts({counts = counts})
  local causes = {}
  for _, of in ipairs {outward, inward} do
    for _, row in ipairs(of.rows) do causes[#causes + 1] = json_row(row) end
  end
  local first, last = span {outward, inward}
  return report.json(setmetatable({deliveries = outward.sum, sent_later = later, refused_here = inward.sum, first = stamp(first), last = stamp(last),
    causes = causes}, {__order = {"deliveries", "sent_later", "refused_here", "first", "last", "causes"}}))
end

function tally.json(record) return {tally.summary_json(record.counts)} end

-- One delivery in one line, as it comes.
function tally.line(item)
  local e, l = (item.explanations or {item.explanation})[1] or {}, item.log or {}
  local said = (e.said or l.text or ""):gsub("%s+", " ")
  local who = l.event == "rejected" and ("refused " .. (l.relay_address or l.relay or "")) or "<" .. (e.address or "") .. ">"
  local acts = (l.event == "rejected" and IN_ACTS or OUT_ACTS)[e.acts or ""] or e.acts or ""
  return report.escape(("%s  %s  %s  %s, retry: %s, acts: %s  %s"):format(l.wall and tally.when(l.wall, true) or "", l.queue_id or "-", who, e.cause or "",
    e.retry or "", acts, said))
end

return tally
