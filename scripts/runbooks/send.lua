local args = manifest {
  title = "One marked message",
  summary = "send one marked test message to a mailbox whose owner agrees, and trace its arrival",
  answers = "Does mail from here really arrive, how fast, and what do the servers on its way say of it?",
  arguments = {{name = "address", type = "address", help = "the mailbox that gets one message"}},
  options = {
    {name = "wait", value = "MAILDIR", help = "the Maildir in which it should arrive: wait for it there, and read its way"},
    {name = "for", value = "SECONDS", type = "seconds", help = "how long to wait for it (300)"},
    {name = "host", value = "HOST", type = "host", help = "the server to hand it to (the domain's mail hosts, in their order)"},
    {name = "from", value = "MAILBOX", type = "address", help = "the sender (the null sender, and postmaster of this machine in the headers)"},
    {name = "subject", value = "TEXT", help = "the subject; the mark stands behind it"},
    "helo", "tls", "source", "resolver", "trust-anchor",
  },
  permission = "send",
  verdicts = {pass = "mail arrives", warn = "mail arrives, with a remark", fail = "the message did not get through"},
  examples = {"ehlo send --allow send user@example.org", "ehlo send --allow send --wait ~/Maildir --for 60 me@example.org"},
}

local marked_mail, route, delivery = require "ehlo.marked_mail", require "ehlo.route", require "ehlo.delivery"
require("ehlo.probing").set_up(args)
if args.subject and args.subject:find("%c") then require("ehlo.trouble").usage("--subject: one line, without control characters.") end
if args.wait and not marked_mail.is_maildir(args.wait) then
  require("ehlo.trouble").usage("--wait %s: no Maildir is there (a folder with new and cur in it).", report.escape(args.wait))
end

local mark = marked_mail.mark()
local book = runbook.new(args, {subject = args.address, verdicts = not args.wait and {pass = "the server took the message; its arrival was not looked for",
  warn = "the server took the message, with a remark", fail = args.manifest.verdicts.fail} or nil})

book:step {name = "hosts", title = "the domain has a mail host", run = function()
  if args.host then return {pass = args.host, keep = {args.host}} end
  local hosts, why = delivery.mail_hosts(args.address, args)
  if not hosts then return why end
  local names = {}
  for i, each in ipairs(hosts) do names[i] = each.host end
  return {pass = table.concat(names, ", "), keep = names}
end}

-- A session in which MAIL may follow, or what stands in the way.
local function open(host)
  local session, message, err = smtp.connect(host, {helo = args.helo, tls = args.tls, source = args.source})
  if not session then return nil, runbook.failure(message, err) end
  local reply, why, trouble = session:ehlo()
  if reply and reply.code == 250 and session.capabilities.STARTTLS and args.tls ~= "none" then
    reply, why, trouble = session:starttls()
    if reply and reply.code == 220 then reply, why, trouble = session:ehlo() end
  end
  if not reply then return nil, runbook.failure(why, trouble) end
  if reply.code ~= 250 then return nil, runbook.refused(host .. " refuses the session", reply) end
  return session
end

book:step {name = "connect", title = "one of them answers", needs = {"hosts"}, run = function(found)
  local trouble
  for i, host in ipairs(found.hosts) do
    local session, why = open(host)
    if session then
      local text = host .. (session.tls and ", under " .. session.tls.version or ", in the clear")
      return i == 1 and {pass = text, keep = session} or {warn = text .. "; not the most preferred", keep = session, evidence = trouble.fail}
    end
    trouble = trouble or why
  end
  return trouble
end}

-- Our name as EHLO gave it, which has to be a domain where it stands in a header.
local function name_of(session)
  for _, line in ipairs(session.transcript) do
    local name = line.direction == "sent" and line.text:match("^EHLO ([%w.-]+)$")
    if name then return name end
  end
  return "localhost"
end

book:step {name = "sent", title = "it takes the message", needs = {"connect"}, run = function(found)
  local session = found.connect
  local name = name_of(session)
  local text = marked_mail.text {mark = mark, from = args.from or "postmaster@" .. name, to = args.address, host = name, subject = args.subject}
  local parts = {
    {"MAIL is refused", function() return session:mail(args.from or "") end}, {"the mailbox is refused", function() return session:rcpt(args.address) end},
    {"the message is refused", function() return session:data(text) end},
  }
  local began, reply, message, err = shell.clock(), nil, nil, nil
  for _, part in ipairs(parts) do
    reply, message, err = part[2]()
    if not reply then return runbook.failure(message, err) end
    if reply.code >= 400 then
      session:quit()
      return runbook.refused(part[1], reply, {evidence = runbook.dialogue(session, 8)})
    end
  end
  session:quit()
  return {pass = ("%s (mark %s)"):format(reply, mark), keep = began, evidence = {"Mark " .. mark, tostring(reply)},
    fix = not args.wait and "Look into the mailbox for " .. mark .. "." or nil}
end}

book:step {name = "arrival", title = "it arrives", needs = {"sent"}, run = function(found)
  if not args.wait then return {skip = "not looked for: --wait MAILDIR waits for it"} end
  local seconds = args["for"] or 300
  local bytes, path = marked_mail.wait(args.wait, mark, seconds)
  if not bytes then
    return {fail = ("it was accepted, and is not in %s after %g s"):format(args.wait, seconds), cause = "accepted-unverified",
      fix = "Give the receiving admin the mark and the reply to DATA: its queue id finds the message in their log. Look into the junk folder too.",
      evidence = "Mark " .. mark}
  end
  local took = shell.clock() - found.sent
  return {pass = ("after %.1f s, as %s"):format(took, path:match("[^/]+$")), metrics = {arrival_seconds = took}, keep = mail.read(bytes)}
end}

book:step {name = "way", title = "no server on its way held it", needs = {"arrival"}, run = function(found)
  local hops = require("ehlo.received").path(found.arrival.headers)
  if #hops == 0 then return {warn = "no server wrote a Received line"} end
  local waits = route.waits(hops)
  local text = ("%d hop%s"):format(#hops, #hops == 1 and "" or "s")
  if waits[1] then return {warn = ("%s; it waited %s at %s"):format(text, route.duration(waits[1].seconds), waits[1].at), table = route.table(hops)} end
  return {pass = text, table = route.table(hops)}
end}

return book:run()
