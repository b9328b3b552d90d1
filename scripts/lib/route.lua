-- Owns: what the way of a mail tells: where it waited, whose clock is wrong, where it went in circles. Callers: the headers runbook.
local route = {}

local SLOW, SKEW = 300, 5 -- seconds at a hop that are worth a word; seconds that a clock may be off

-- "1 h 3 min": two units are enough.
function route.duration(seconds)
  local units, parts = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}}, {}
  local left = math.abs(math.floor(seconds + 0.5))
  for _, unit in ipairs(units) do
    if #parts < 2 and (left >= unit[1] or unit[1] == 1 and #parts == 0) then
      parts[#parts + 1] = ("%d %s"):format(left // unit[1], unit[2])
      left = left % unit[1]
    elseif #parts == 1 then
      break
    end
  end
  return (seconds < 0 and "-" or "") .. table.concat(parts, " ")
end

local function place(hop) return hop.by or hop.name or hop.address or "an unnamed host" end

-- Hops where the mail waited, the longest first: {hop, before, seconds}. It waited at the host that sent it on.
function route.waits(hops)
  local list = {}
  for i = 2, #hops do
    if hops[i].delay and hops[i].delay >= SLOW then
      list[#list + 1] = {hop = hops[i], before = hops[i - 1], seconds = hops[i].delay, at = place(hops[i - 1]), towards = place(hops[i])}
    end
  end
  table.sort(list, function(a, b) return a.seconds > b.seconds end)
  return list
end

-- Hops that were written before the mail had left the hop before: {hop, before, seconds}, the clocks' difference.
function route.skews(hops)
  local list = {}
  for i = 2, #hops do
    if hops[i].delay and hops[i].delay < -SKEW then
      list[#list + 1] = {seconds = -hops[i].delay, ahead = place(hops[i - 1]), behind = place(hops[i])}
    end
  end
  table.sort(list, function(a, b) return a.seconds > b.seconds end)
  return list
end

-- Hosts that took the mail in more than once with another host in between: {host, times}, most often first. A filter beside the server
-- hands mails back from this machine, which is no circle.
function route.circles(hops)
  local times, order, last = {}, {}, nil
  for _, hop in ipairs(hops) do
    local host = hop.by and hop.by:lower()
    if host and host ~= "localhost" and host ~= last then
      if not times[host] then order[#order + 1] = host end
      times[host] = (times[host] or 0) + 1
    end
    if host and host ~= "localhost" then last = host end
  end
  local list = {}
  for _, host in ipairs(order) do
    if times[host] > 1 then list[#list + 1] = {host = host, times = times[host]} end
  end
  table.sort(list, function(a, b) return a.times > b.times end)
  return list
end

-- Mailboxes whose Delivered-To stands there twice: the mark by which qmail and Postfix know a loop.
function route.delivered_twice(headers)
  local seen, list = {}, {}
  for _, header in ipairs(headers) do
    if header.name:lower() == "delivered-to" then
      local mailbox = header.value:lower():match("%S+") or ""
      if seen[mailbox] == 1 then list[#list + 1] = mailbox end
      seen[mailbox] = (seen[mailbox] or 0) + 1
    end
  end
  return list
end

local inside = {loopback = true, private = true, ["link-local"] = true}

-- The hop over which the mail came in from outside: the last whose sender's address is of no network within. nil where there is none.
function route.handed_over(hops)
  for i = #hops, 1, -1 do
    if hops[i].address and not inside[dns.address_kind(hops[i].address)] then return hops[i] end
  end
end

-- The way as a table for people: heads and rows.
function route.table(hops)
  local rows = {}
  for i, hop in ipairs(hops) do
    local from = hop.name or hop.address or "-"
    if hop.address and hop.name then from = ("%s [%s]"):format(hop.name, hop.address) end
    rows[i] = {tostring(i), hop.delay and route.duration(hop.delay) or "-", from, hop.by or "-",
      (hop.with or "-"):match("%S+") .. (hop.tls and " " .. hop.tls or "")}
  end
  return {heads = {"hop", "after", "from", "by", "with"}, rows = rows}
end

return route
