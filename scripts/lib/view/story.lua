-- Owns: how one message's story looks: when it arrived, each attempt with its delays in words, and the end. Callers: the renderer, for
-- records of kind "story".
local words = require "ehlo.words"
local tally = require "ehlo.view.tally"

local story = {}

local products = {postfix = "Postfix", exim = "Exim", sendmail = "Sendmail", opensmtpd = "OpenSMTPD", qmail = "qmail"}
local phases = {greeting = " in its greeting", ehlo = " after EHLO", starttls = " after STARTTLS", auth = " after AUTH", mail = " after MAIL",
  rcpt = " after RCPT", data = " after DATA"}
local ended = {sent = "delivered", deferred = "still waiting", bounced = "failed", expired = "given up"}

local function host_of(l)
  local name = l.relay or l.relay_address
  if not name then return nil end
  return name .. (l.relay and l.relay_address and " (" .. l.relay_address .. ")" or "")
end

-- 0.06 s, 2.1 s, 12 s, 9 min 30 s, 2 h 5 min, 3 d 1 h
local function duration(seconds)
  if seconds < 10 then return (("%.2f"):format(seconds):gsub("%.?0+$", "")) .. " s" end
  if seconds < 120 then return ("%d s"):format(seconds) end
  local s = math.floor(seconds)
  if s < 7200 then return ("%d min"):format(s // 60) .. (s % 60 > 0 and s < 1800 and (" %d s"):format(s % 60) or "") end
  if s < 172800 then return ("%d h %d min"):format(s // 3600, s % 3600 // 60) end
  return ("%d d %d h"):format(s // 86400, s % 86400 // 3600)
end

local steps = {
  {"before_queue", "until the queue manager took it up"}, {"in_queue", "waiting its turn"}, {"connecting", "connecting"}, {"sending", "sending"},
}

-- Postfix's delays=a/b/c/d in words, and which took most. `listed`: a queue's listing tells how long it waits already.
function story.delays(l, listed)
  if not l.delays then return l.delay and (listed and "waiting for " or "after ") .. duration(l.delay) or nil end
  local parts, most, which = {}, -1, nil
  for i, step in ipairs(steps) do
    local seconds = l.delays[step[1]] or 0
    local words_of = i == 1 and (l.attempts or 0) > 1 and "before this attempt" or step[2] -- what it waited between attempts is in it
    if seconds > most then most, which = seconds, words_of end
    parts[#parts + 1] = ("%s %s"):format(duration(seconds), words_of)
  end
  local total = l.delay or 0
  local text = ("%s in all: %s"):format(duration(total), table.concat(parts, ", "))
  if total >= 10 and most > total / 2 then text = text .. ("; most of it %s"):format(which) end
  return text
end

local tellers = {}

function tellers.attempt(l)
  local host = host_of(l)
  local to = ("to <%s>"):format(l.to or "")
  if l.orig_to then to = to .. (" (written to <%s>)"):format(l.orig_to) end
  if l.status == "sent" then return to .. ": delivered" .. (host and " to " .. host or "") end
  if l.status == "expired" then return to .. ": given up, it had waited too long" end
  local verb = l.status == "deferred" and "put off" or "refused"
  if not host then return to .. (l.status == "deferred" and ": could not be delivered yet" or ": failed") end
  return ("%s: %s by %s%s"):format(to, verb, host, phases[l.phase] or "")
end

-- Exim's queue runs note a message that they leave alone.
local function is_left_alone(l) return l.event == "trial" and (l.text or ""):find("retry time not reached", 1, true) ~= nil end

function tellers.trial(l)
  if is_left_alone(l) then return "not tried: the time for it had not come" end
  local host = host_of(l)
  return "tried" .. (host and " " .. host or "") .. ", to no avail" .. (phases[l.phase] or "")
end

function tellers.rejected(l) return ("%s refused%s%s"):format(host_of(l) or "a client", phases[l.phase] or "", l.status == "put-off" and ", for now" or "") end

function tellers.notice(l)
  return "a notice about it was sent" .. (l.other_id and ", as message " .. l.other_id or "") .. (l.text and l.text ~= "" and ": " .. l.text or "")
end

function tellers.ended() return "it left the queue" end

-- What the lines about its arrival know together.
local function facts_of(record)
  local known = {first = nil}
  for _, item in ipairs(record.events) do
    local l = item.log
    for _, key in ipairs {"from", "message_id", "subject", "product"} do known[key] = known[key] or l[key] end
    if l.event == "arrived" then
      known.first = known.first or l.wall
      known.client = known.client or host_of(l)
    end
  end
  return known
end

-- The state of each recipient when the log ended, in the order of their first attempt.
local function ends_of(record)
  local list, place = {}, {}
  for _, item in ipairs(record.events) do
    local l = item.log
    if l.event == "attempt" and l.to then
      if not place[l.to] then
        list[#list + 1] = {address = l.to, attempts = 0}
        place[l.to] = list[#list]
      end
      place[l.to].status, place[l.to].item = l.status, item
      place[l.to].attempts = place[l.to].attempts + (l.status ~= "expired" and 1 or 0)
    end
  end
  return list
end

-- The columns of the moments: they have a year where it is not this one.
local function width_of(record)
  local wide = 15
  for _, item in ipairs(record.events) do wide = math.max(wide, #tally.when(item.log.wall, true)) end
  return wide + 2
end

local function add_event(p, item, wide)
  local l = item.log
  p:row(tally.when(l.wall, true), tellers[l.event](l), nil, 2, wide)
  if l.event == "attempt" or l.event == "trial" or l.event == "rejected" then
    for line in (l.text or ""):gmatch("[^\r\n]+") do p:row("", line, nil, 2, wide + 2) end
  end
  local e = item.explanations[1]
  if e and not is_left_alone(l) then p:row("", ("%s; retry: %s; acts: %s"):format(e.cause, e.retry, words.acts[e.acts] or e.acts), nil, 2, wide + 2) end
  if l.event == "attempt" then p:row("", story.delays(l, item.kind == "queue"), nil, 2, wide + 2) end
end

local function end_text(each)
  if each.item.kind == "queue" then return ("<%s> %s"):format(each.address, ended[each.status] or each.status) end -- attempts are not told
  return ("<%s> %s after %d attempt%s"):format(each.address, ended[each.status] or each.status, each.attempts, each.attempts == 1 and "" or "s")
end

-- What checks live those that it did not reach, each command once.
local function add_next(p, ends, known)
  local told = {}
  for _, each in ipairs(ends) do
    local e = each.item.explanations[1]
    local command = e and require("ehlo.bounce_page").next(e, {from = known.from})
    if command and not told[command] then
      if not next(told) then p:blank() end
      p:command(next(told) and "" or "Next", command)
      told[command] = true
    end
  end
end

function story.text(record)
  local p = require("ehlo.page").new()
  local known = facts_of(record)
  local from = known.from and (known.from == "" and ", from the null sender (a bounce or notice)" or ", from <" .. known.from .. ">") or ""
  p:title(("Message %s of %s%s"):format(record.queue_id, products[known.product] or known.product, from))
  p:row("Subject", known.subject)
  p:row("Id", known.message_id)
  p:blank()
  local wide = width_of(record)
  if known.first then p:row(tally.when(known.first, true), "it arrived" .. (known.client and " from " .. known.client or ""), nil, 2, wide) end
  for _, item in ipairs(record.events) do
    if tellers[item.log.event] then add_event(p, item, wide) end
  end
  p:blank()
  local ends = ends_of(record)
  for i, each in ipairs(ends) do p:row(i == 1 and "In the end" or "", end_text(each), nil, 2, 12) end
  add_next(p, ends, known)
  return p:finish()
end

local order = {"time", "event", "status", "to", "relay", "relay_address", "phase", "attempts", "delay", "delays", "other_id", "text", "explanation"}

function story.json(record)
  local known, events, recipients = facts_of(record), {}, {}
  for i, item in ipairs(record.events) do
    local row = {explanation = item.explanations[1]}
    for _, key in ipairs(order) do row[key] = row[key] or item.log[key] or report.null end
    if row.delays ~= report.null then setmetatable(row.delays, {__order = {"before_queue", "in_queue", "connecting", "sending"}}) end
    events[i] = setmetatable(row, {__order = order})
  end
  for i, each in ipairs(ends_of(record)) do
    recipients[i] = setmetatable({address = each.address, status = each.status, attempts = each.attempts}, {__order = {"address", "status", "attempts"}})
  end
  return {report.json(setmetatable({queue_id = record.queue_id, product = known.product, from = known.from, message_id = known.message_id,
    subject = known.subject, recipients = recipients, events = events},
    {__order = {"queue_id", "product", "from", "message_id", "subject", "recipients", "events"}}))}
end

return story
