-- Owns: how a mail that tells of deliveries looks: who wrote to whom, which host refused, in what words, and what comes next; and one line
-- for mails of other kinds. Callers: the view of explanations.
local bounce = {}

local after = {
  greeting = " in its greeting", ehlo = " after EHLO", starttls = " after STARTTLS", auth = " after AUTH", mail = " after MAIL",
  rcpt = " after RCPT", data = " after DATA",
}

bounce.kinds = {
  ["feedback-report"] = "This is a feedback report: somebody took the mail for spam, or it failed a check. It is no bounce, the mail arrived.",
  ["auto-reply"] = "This is an automatic reply: the mail arrived, and nobody needs to act on this answer.",
  ["delivery-notice"] = "This is a notice of success: the mail was delivered or passed on.",
  mail = "This is ordinary mail: it reports no delivery.",
}

-- What may stand in a command that is pasted into a shell.
local function safe_address(address)
  local user, domain = (address or ""):match("^([%w.+_=\x80-\xff-]+)@([%w.\x80-\xff-]+)$") -- UTF-8, for mail in all scripts
  if user and report.escape(address) ~= address then return end
  if user and not user:find("^%-") and not domain:find("^%-") then return address, domain end
end

local live = {
  address = {{"check", "ehlo check %a"}, {"probe", "ehlo probe --mx --to %a %d"}},
  greylist = {{"greylist", "ehlo greylist %a"}, {"probe", "ehlo probe --mx --to %a %d"}},
  sender = {{"audit", "ehlo audit %s"}, {"dns", "ehlo dns %s TXT MX"}},
  dmarc = {{"audit", "ehlo audit %s"}, {"dns", "ehlo dns _dmarc.%s TXT"}},
  ip = {{"listed", "ehlo listed %i"}, {"dns", "ehlo dns %i"}, {"audit", "ehlo audit %s"}, {"dns", "ehlo dns %s TXT MX"}},
  ptr = {{"dns", "ehlo dns %i"}, {"audit", "ehlo audit %s"}},
  listed = {{"listed", "ehlo listed %s"}, {"dns", "ehlo dns %s TXT MX"}},
  domain = {{"dns", "ehlo dns %d"}, {"probe", "ehlo probe --mx %d"}},
  tls = {{"probe", "ehlo probe --mx --tls verify %d"}},
  host = {{"probe", "ehlo probe --mx %d"}},
}

local checks = {
  ["mailbox-unknown"] = "address", ["mailbox-moved"] = "address", ["mailbox-disabled"] = "address", ["mailbox-full"] = "address",
  ["recipient-restricted"] = "address", ["domain-unknown"] = "domain", ["domain-refuses-mail"] = "domain", ["dns-failure"] = "domain",
  ["connection-failed"] = "host", timeout = "host", ["delivery-expired"] = "host", ["relay-denied"] = "address",
  ["sender-invalid"] = "sender", ["sender-domain-unknown"] = "sender", ["sender-not-permitted"] = "sender", ["domain-blocklisted"] = "listed",
  ["ip-blocklisted"] = "ip", reputation = "ip", ["no-ptr"] = "ptr", ["helo-invalid"] = "sender", ["spf-fail"] = "sender",
  ["spf-error"] = "sender", ["dkim-fail"] = "sender", ["dmarc-fail"] = "dmarc", ["arc-fail"] = "sender",
  ["mail-unauthenticated"] = "sender", greylisted = "greylist", ["rate-limited"] = "host", ["server-busy"] = "host",
  ["server-fault"] = "address", ["tls-required"] = "tls", ["tls-unavailable"] = "tls", ["tls-failed"] = "tls", ["tls-untrusted"] = "tls",
  ["message-too-large"] = "host", ["smtputf8-required"] = "host", unclear = "address", policy = "address",
}

-- The address that a text accuses, where it names one.
local function accused_ip(e)
  for _, word in ipairs(e.about or {}) do
    if word:find("^%d+%.%d+%.%d+%.%d+$") or word:find("^%x*:[%x:]+$") then return word end
  end
end

-- The command that checks the cause live, of those that this program has; nil where there is none.
function bounce.next(e, message)
  local command = require "ehlo.command"
  local address, domain = safe_address(e.address)
  local _, own = safe_address(message and message.from)
  for _, row in ipairs(live[checks[e.cause]] or {}) do
    local values = {a = address, d = domain, s = own, i = accused_ip(e)}
    local lacking
    local text = row[2]:gsub("%%(%a)", function(key)
      lacking = lacking or not values[key]
      return values[key]
    end)
    if not lacking and command.exists(row[1]) then return text end
  end
end

local function bracketed(address)
  if address == "" then return "the null sender" end
  return address and "<" .. address .. ">" or "somebody"
end

-- The reply in one piece, as it was before the report folded it.
local function reply_of(e)
  if not e.code or not e.text then return e.said end
  local enhanced = e.enhanced and (e.said or ""):find(e.enhanced, 1, true) and e.enhanced .. " " or ""
  return ("%d %s%s"):format(e.code, enhanced, e.text)
end

local hows = {delayed = "put off", delivered = "accepted", relayed = "accepted", expanded = "accepted"}

-- "refused by mx.example.org (203.0.113.9) after RCPT", or whose word it is that it was.
local function verdict_of(e, item)
  local how = hows[e.action] or "refused"
  local reporter = (item.message or {}).reporter
  if e.host then return ("%s by %s%s%s"):format(how, e.host, e.ip and " (" .. e.ip .. ")" or "", after[e.phase] or "") end
  if item.log then return e.action == "delayed" and "waiting in the queue" or "failed" end
  return reporter and ("%s, as %s reports"):format(how, reporter)
end

local function add_heading(p, e, item)
  local style, message = require "ehlo.style", item.message or {}
  local line = "To " .. bracketed(e.address) .. (message.from and ", from " .. bracketed(message.from) or "")
  if message.subject then line = line .. ', "' .. message.subject .. '"' end
  p:text(line, 0, style.bold)
  local verdict, log = verdict_of(e, item), item.log or {}
  if verdict then p:text(verdict) end
  if log.queue_id then
    p:text(("queue id %s%s"):format(log.queue_id, log.wall and ", " .. require("ehlo.view.tally").when(log.wall) or ""))
  end
  p:blank()
  for line_said in (reply_of(e) or ""):gmatch("[^\r\n]+") do p:text((line_said:gsub("^%s+", "")), 2, style.bold) end
  p:blank()
end

local logs = {exim = "/var/log/exim4/mainlog"}

-- Where servers that log by syslog are read: a machine without that file has a journal alone.
local function syslog()
  local file, _, number = io.open("/var/log/mail.log")
  if file then file:close() end
  return number == 2 and "--journal" or "/var/log/mail.log"
end

-- The command that goes on from here: live, else the message's story where a listing told nothing of it.
local function next_of(e, item)
  local log = item.log or {}
  if e.evidence_kind == "digits" and not e.code and (log.queue_id or ""):find("^%w[%w-]*$") then
    return ("ehlo explain --queue-id %s %s"):format(log.queue_id, logs[log.product] or syslog())
  end
  return bounce.next(e, item.message)
end

-- Adds one mail; `answer(p, e, command)` adds what an explanation says.
function bounce.add(p, item, answer)
  local message = item.message or {}
  if bounce.kinds[item.kind] then
    p:text(bounce.kinds[item.kind])
    p:row("From", message.from)
    p:row("To", message.to)
    p:row("Subject", message.subject)
    return
  end
  for i, e in ipairs(item.explanations) do
    if i > 1 then p:blank() end
    add_heading(p, e, item)
    answer(p, e, next_of(e, item))
  end
  if #item.explanations == 0 then p:text("This is a bounce that names no recipient.") end
end

return bounce
