-- Owns: running a line again and again at the prompt, and marking what changed since the time before. Callers: the prompt.
local style = require "ehlo.style"
local tee = require "ehlo.tee"
local trouble = require "ehlo.trouble"
local watch = {}

local USUAL, LEAST, MOST = 2, 0.1, 86400

-- "i=5 c=3 LINE", the interval also as a bare number: seconds, times, line.
local function read(rest)
  local seconds, times, line = USUAL, math.huge, rest
  while true do
    local word, after = line:match("^(%S+)%s+(.*)$")
    local count = word and word:match("^c=(%d+)$")
    local interval = word and (word:match("^i=([%d.]+)$") or word:match("^([%d.]+)$"))
    local number = interval and tonumber(interval)
    -- a lone code is a line to watch, and no interval
    if count then
      times = math.tointeger(tonumber(count))
    elseif number and (word:match("^i=") or not require("ehlo.prompt.words").code(line)) then
      if number < LEAST or number > MOST then trouble.usage("watch: the interval is %g to %d seconds.", LEAST, MOST) end
      seconds = number
    else
      return seconds, times, line
    end
    line = after
  end
end

-- Times that pass differ always: they are no news.
local function timeless(line) return (line:gsub("%d+%.%d%d%d%f[^%d]", "0.000"):gsub("\27%[[%d;]*m", "")) end

-- A changed line with what is new in it marked, whole words at a time.
local function marked(before, now)
  if not before or not style.colour then return now end
  local first, last = 1, 0
  while first <= #now and first <= #before and now:byte(first) == before:byte(first) do first = first + 1 end
  while last < #now - first + 1 and last < #before - first + 1 and now:byte(#now - last) == before:byte(#before - last) do last = last + 1 end
  while first > 1 and now:sub(first - 1, first - 1):match("%S") do first = first - 1 end
  while last > 0 and now:sub(#now - last + 1, #now - last + 1):match("%S") do last = last - 1 end
  return now:sub(1, first - 1) .. style.accent(now:sub(first, #now - last)) .. now:sub(#now - last + 1)
end

local function lines_of(text)
  local lines = {}
  for line in (text:sub(-1) == "\n" and text or text .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

-- Lines that the text before did not have are marked at the edge: colour is never the only sign.
local function show(lines, before)
  local had = {}
  for _, line in ipairs(before or {}) do had[timeless(line)] = true end
  for i, line in ipairs(lines) do
    local new = before and not had[timeless(line)]
    local plain = line:gsub("\27%[[%d;]*m", "")
    io.write(new and style.accent("* ") or "  ", new and marked(before[i] and before[i]:gsub("\27%[[%d;]*m", ""), plain) or line, "\n")
  end
end

-- What a line writes, as text; errors of the line as well, and whether there was one.
local function capture(session, line)
  local parts = {}
  tee.set("watch", function(...)
    for i = 1, select("#", ...) do parts[#parts + 1] = tostring((select(i, ...))) end
    return true
  end)
  style.margin = 2
  local ok, problem = pcall(require("ehlo.prompt").perform, session, line)
  watch.stop()
  if not ok then parts[#parts + 1] = require("ehlo.trouble_view").raised(problem) .. "\n" end
  return table.concat(parts)
end

-- Undoes what watching has put in place, however it ended.
function watch.stop()
  tee.set("watch", nil)
  style.margin = nil
end

function watch.run(session, rest)
  local seconds, times, line = read(rest)
  if line == "" or line:match("^:") then trouble.usage("watch: give a line to repeat: :watch i=5 probe mx1.example.org") end
  local begun, before = #session.log, nil
  for i = 1, times do
    io.write(style.dim(("every %g s, %s"):format(seconds, os.date("%H:%M:%S"))), "\n")
    local lines = lines_of(capture(session, line))
    show(lines, before)
    io.stdout:flush()
    before = lines
    for k = #session.log, begun + 2, -1 do session.log[k] = nil end
    if i < times and not session.editor.pause(seconds) then return end
  end
end

return watch
