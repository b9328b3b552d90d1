-- Owns: a bounce that is held against the present: each of its recipients is asked for again, and the answer set beside what the bounce
-- said. Nothing is sent. Callers: the command explain, with --live.
local trouble, delivery = require "ehlo.trouble", require "ehlo.delivery"
local live = {}

local MOST = 20 -- recipients of one mail that are asked for

-- What is judged only once the message is there: an accepted RCPT says nothing of it.
local of_the_message = {}
for word in ([[spam-content virus-found attachment-refused content-malformed dkim-fail dmarc-fail arc-fail mail-unauthenticated message-too-large
  url-blocklisted mail-loop accepted-unverified]]):gmatch("%S+") do of_the_message[word] = true end

local about = {
  name = "explain", title = "A bounce, and whether it still holds", answers = "Would the mail be refused today too?",
  verdicts = {pass = "the servers take the mailbox now: send the mail again", fail = "it still holds",
    warn = "something has changed since", unknown = "only the message itself can show it"},
}

-- Outcomes that are the same trouble as what a bounce tells without a reply of the server's.
local same_trouble = {["timed-out"] = "timeout", ["tls-not-offered"] = "tls-unavailable", ["tls-failed"] = "tls-failed", ["tls-untrusted"] = "tls-untrusted",
  unreachable = "connection-failed"}

local function no_address(e)
  return not e.address or not e.address:match("^[^@%s]+@[^@%s]+$")
end

-- The record that decides for a domain: the one with its outcome, else the first.
local function decisive(r)
  for _, record in ipairs(r.probes) do
    if record.outcome == r.outcome then return record end
  end
  return r.probes[1]
end

local function accepted(e, record, args)
  local reply = tostring(record.reply or "accepted")
  if of_the_message[e.cause] or e.phase == "data" then
    return {unknown = "the mailbox is accepted; the message was what was refused (" .. e.cause .. ")", evidence = reply,
      next = delivery.command("send --allow send", e.address, args)}
  end
  return {pass = "accepted now: " .. reply, fix = "Send the mail again.", evidence = reply}
end

local function compare(e, r, args)
  local record = decisive(r)
  local next = delivery.command("check", e.address, args)
  if not record then return {fail = "it cannot be delivered now either: " .. r.failure.text, cause = r.failure.reason, next = next} end
  if record.outcome == "ready" then return accepted(e, record, args) end
  local now = record.explanation and record.explanation.cause
  local same = now == e.cause or now == nil and same_trouble[record.outcome] == e.cause
  local more = {next = next}
  local text = record.reply and tostring(record.reply) or require("ehlo.view.probe").verdict(record)
  more[same and "fail" or "warn"] = (same and "the same today: " or "another answer today: ") .. text
  return runbook.probed(record, more)
end

local function add_recipient(book, i, e, sender, args)
  book:step {name = "recipient-" .. i, title = report.escape(e.address or "an unnamed recipient"), run = function()
    if no_address(e) then return {skip = "the bounce names no mailbox"} end
    local domain, asked = e.address:match("@([^@]+)$"), {to = e.address, from = sender, port = args.port, ca_file = args.ca_file}
    if e.cause:find("^tls%-") then asked.tls = "dane" end -- who insisted then may have done so for DANE
    local r, message = smtp.probe_mx(domain, asked)
    if not r then return {unknown = message} end
    local result = compare(e, r, args)
    result.evidence = {"then: " .. (e.said and e.said:gsub("%s+", " ") or e.cause) .. " (" .. e.cause .. ")",
      "now: " .. (result.pass or result.warn or result.fail or result.unknown)}
    return result
  end}
end

-- item: what mail.explain told of one mail.
function live.run(item, args)
  local list = item and item.kind == "bounce" and item.explanations or {}
  if not list[1] then trouble.usage("explain: --live takes one bounce, as a file or - for standard input.") end
  require("ehlo.probing").set_up(args)
  local book = runbook.new({manifest = about, quiet = args.quiet, verbose = args.verbose, timeout = args.timeout},
    {subject = item.message and item.message.subject and report.escape(item.message.subject) or item.input})
  for i = 1, math.min(#list, MOST) do add_recipient(book, i, list[i], item.message and item.message.from, args) end
  return book:run()
end

return live
