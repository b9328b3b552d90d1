local args = manifest {
  title = "SMTP smuggling",
  summary = "does the server end a message where no message ends? Sends marked messages to a mailbox of yours",
  answers = "Could the text of one message be taken for the commands of another?",
  arguments = {{name = "host", type = "host", help = "mail server"}},
  options = {
    {name = "to", value = "MAILBOX", type = "address", help = "a mailbox of yours there: it gets a marked message for each form (needed)"},
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (the same mailbox)"},
  },
  permission = {"intrusive", "send"},
  verdicts = {pass = "only CRLF . CRLF ends a message", fail = "other byte sequences end a message: mail can be smuggled in"},
  examples = {"ehlo smuggling --allow intrusive,send --to you@example.org mx.example.org"},
}

if not args.to then require("ehlo.trouble").usage("smuggling: name a mailbox of yours: --to MAILBOX") end

local SMUGGLED = "XEHLO-SMUGGLED" -- no server knows it: only one that reads it as a command answers it

-- What must not end a message (RFC 5321 section 4.1.1.4: nothing but CRLF . CRLF does).
local forms = {
  {"LF . LF", "\n.\n"}, {"LF . CRLF", "\n.\r\n"}, {"LF . CR", "\n.\r"}, {"CR . CR", "\r.\r"}, {"CR . LF", "\r.\n"}, {"CR . CRLF", "\r.\r\n"},
  {"CRLF . LF", "\r\n.\n"}, {"CRLF . CR", "\r\n.\r"}, {"CRLF NUL . CRLF", "\r\n\0.\r\n"},
}

local book = runbook.new(args, {subject = args.host})
local mark = ("%x-%x"):format(os.time(), math.random(0, 0xffffff))

local function said(reply, message) return reply and tostring(reply):gsub("\n.*", "") or message end

-- A session up to the 354 of DATA; nil and why not.
local function begin()
  local session, message, err = smtp.connect(args.host)
  if not session then return nil, message, err end
  for _, command in ipairs {function() return session:ehlo() end, function() return session:mail(args.from or args.to) end,
    function() return session:rcpt(args.to) end, function() return session:command("DATA") end} do
    local reply, why, trouble = command()
    if not reply then return nil, why, trouble end
    if reply.code >= 400 then return nil, "the server says " .. said(reply), {reply = reply} end
  end
  return session
end

local function message(name, ending)
  return ("From: <%s>\r\nTo: <%s>\r\nSubject: ehlo smuggling test %s, %s\r\nMessage-ID: <%s.%d@ehlo.invalid>\r\n\r\n"):format(args.from or args.to,
    args.to, mark, name, mark, #name) .. "This message tests how the server tells where a message ends.\r\nAll of it should be here, to the word "
    .. "end." .. ending .. SMUGGLED .. "\r\nend\r\n.\r\n"
end

-- The message and a NOOP in one write, as PIPELINING allows, and the answers to both. Where the form ends the message, the second answer
-- is that to the smuggled line. A server that hangs up may have said something before.
local function send(session, form)
  local before = #session.exchanges
  session:raw(message(form[1], form[2]) .. "NOOP\r\n", 2)
  local replies = {}
  for i = before + 1, #session.exchanges do replies[#replies + 1] = session.exchanges[i].reply end
  return replies
end

local function judge(replies)
  if not replies[1] then return "?" end
  if replies[1].code >= 400 then return replies[1].code < 500 and "put off" or "refused" end
  if not replies[2] then return "?" end
  return replies[2].code >= 400 and "ENDS IT" or "part of the text"
end

book:step {name = "mailbox", title = "the mailbox takes mail", run = function()
  local session, why, err = begin()
  if not session then return err and err.reply and runbook.refused(why, err.reply, {unknown = why}) or runbook.failure(why, err, {unknown = true}) end
  session:close() -- before any of the message: nothing is sent
  return {pass = args.to .. ", mark " .. mark}
end}

book:step {name = "control", title = "a message that ends as it should is taken", needs = {"mailbox"}, run = function()
  local session <close>, why, err = begin()
  if not session then return {unknown = why} end
  local replies = send(session, {"nothing else", ""})
  if judge(replies) == "part of the text" then return {pass = said(replies[1])} end
  if replies[1] and replies[1].code >= 400 then return runbook.refused("", replies[1], {unknown = "the message is refused"}) end
  return {unknown = "the server does not go on behind a message: what follows cannot be told apart", evidence = runbook.dialogue(session, 4)}
end}

book:step {name = "forms", title = "no other form ends a message", needs = {"control"}, reference = "RFC 5321 section 4.1.1.4", severity = "high",
  run = function()
    local rows, bad, silent, evidence = {}, {}, {}, nil
    for _, form in ipairs(forms) do
      local session <close>, why = begin()
      local replies = session and send(session, form) or {}
      local verdict = judge(replies)
      if verdict == "?" or verdict == "put off" then silent[#silent + 1] = form[1] end
      if verdict == "ENDS IT" then
        bad[#bad + 1] = form[1]
        evidence = evidence or runbook.dialogue(session, 6)
      end
      rows[#rows + 1] = {verdict, form[1], said(replies[1], why or "the server hung up")}
    end
    local result = {table = {heads = {"", "form", "answer"}, rows = rows}, evidence = evidence, metrics = {forms_that_end = #bad}}
    if bad[1] then
      result.fail, result.cause, result.acts = "a message ends at " .. table.concat(bad, ", "), "smtp-smuggling", "receiving-admin"
      result.fix = "Update the server, and turn off that bare line ends are taken (Postfix: smtpd_forbid_bare_newline = normalize)."
    elseif silent[1] then
      result.unknown, result.doubt = ("%d of %d forms were not answered: %s"):format(#silent, #forms, table.concat(silent, ", ")), true
      result.fix = "Try again later: the server may be busy, or have had enough of this machine for now."
    else
      result.pass = ("all %d forms were answered, none ends it"):format(#forms)
    end
    return result
  end}

return book:run()
