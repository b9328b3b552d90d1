-- Owns: what explain does with logs and queue listings: read piece by piece, followed as they grow, or searched for one message.
-- Callers: explain's inputs.
local trouble = require "ehlo.trouble"
local logs = {}

local PIECE, EVENTS_MAX = 1 << 18, 5000

local units = {m = 60, h = 3600, d = 86400, w = 604800}

-- "yesterday", "today", "36h", "2026-11-03" or "2026-11-03 04:05" as seconds since 1970.
function logs.since(text)
  local now = os.date("*t")
  local n, unit = text:match("^(%d%d?%d?%d?)([mhdw])$")
  if n then return os.time() - tonumber(n) * units[unit] end
  if text == "today" or text == "yesterday" then
    return os.time {year = now.year, month = now.month, day = now.day - (text == "yesterday" and 1 or 0), hour = 0}
  end
  local year, month, day, rest = text:match("^(%d%d%d%d)%-(%d%d)%-(%d%d)(.*)$")
  local hour, minute = (rest or ""):match("^[ T](%d%d):(%d%d)$")
  if not year or rest ~= "" and not hour then
    trouble.usage("--since takes today, yesterday, an age such as 36h or 2d, or a date such as 2026-11-03, not \"%s\".", report.escape(text))
  end
  return os.time {year = year, month = month, day = day, hour = hour or 0, min = minute or 0}
end

local function reader_of(sink, args)
  if not sink.log then
    sink.log = mail.log {tally = not args.queue_id and sink:tally() or nil, queue_id = args.queue_id,
      since = args.since and logs.since(args.since)}
  end
  return sink.log
end

local function form_of(sink, args)
  if args.queue_id then return "tables" end
  if sink.streams then return "ndjson" end
  return sink:wants_items() and "tables" or "count"
end

local function take(sink, args, made)
  if args.queue_id then
    sink.story = sink.story or {}
    for _, each in ipairs(made) do
      if #sink.story < EVENTS_MAX then sink.story[#sink.story + 1] = each end
    end
  elseif type(made) == "string" then
    sink:lines(made)
  elseif type(made) == "table" then
    for _, each in ipairs(made) do sink:add(each, true) end
  else
    sink:counted(made)
  end
end

-- One line on a terminal, renewed in place, for what takes more than a moment.
local function progress(source, args)
  local began, told = os.clock(), 0
  if args.quiet or args.follow or not terminal.is_tty(2) then return function() end end
  return function(ended)
    if ended then
      if told > 0 then io.stderr:write("\r\27[K") end
    elseif os.clock() - began > 0.5 and os.clock() - told > 0.2 then
      told = os.clock()
      local share = source.size > 0 and (" %d %%"):format(source.position * 100 // source.size) or ""
      local amount = source.journal and "" or (", %d MB"):format(source.position >> 20)
      io.stderr:write(("\r%s:%s%s read\27[K"):format(report.escape(source.path), share, amount))
    end
  end
end

-- Also takes a text in place of a source.
function logs.read(source, sink, args)
  local log, tell = reader_of(sink, args), progress(source, args)
  local first = true
  while true do
    local piece, message = source:read(PIECE)
    if message then sink:damaged(source.path, message) end
    if not piece then break end
    if piece ~= "" then
      if first then log:begin(piece, source.path, source.kind) end
      first = false
      take(sink, args, log:feed(piece, form_of(sink, args)))
      tell()
    elseif args.follow then
      source:wait(1)
    end
  end
  take(sink, args, log:finish(form_of(sink, args)))
  tell(true)
end

-- Lines that were pasted as an argument.
function logs.text(text, sink, args)
  local left = {text}
  logs.read({path = text, kind = mail.kind(text), size = 0, position = 0, read = function() return table.remove(left) end}, sink, args)
end

-- The record of one message's story.
function logs.story(sink, args)
  if not sink.story or #sink.story == 0 then
    trouble.fail("explain: no line is about %s. Give the log of that day as well: queue ids are used again.", report.escape(args.queue_id))
  end
  return {kind = "story", queue_id = args.queue_id, events = sink.story}
end

return logs
