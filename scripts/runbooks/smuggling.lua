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

-- More answers than questions: what stood behind the form was read as commands.
local function was_read_as_commands(session)
  local first = session:noop()
  session:noop()
  for _, finding in ipairs(session.findings) do
    if finding.word == "unasked-reply" then return true end
  end
  return first ~= nil and first.code >= 500
end

book:step {name = "mailbox", title = "the mailbox takes mail", run = function()
  local session, why, err = begin()
  if not session then return err and err.reply and runbook.refused(why, err.reply) or runbook.failure(why, err) end
  session:close() -- before any of the message: nothing is sent
  return {pass = args.to .. ", mark " .. mark}
end}

book:step {name = "forms", title = "no other form ends a message", needs = {"mailbox"}, reference = "RFC 5321 section 4.1.1.4", severity = "high",
  run = function()
    local rows, bad, answered, evidence = {}, {}, 0, nil
    for _, form in ipairs(forms) do
      local session <close>, why = begin()
      local replies
      if session then replies, why = session:raw(message(form[1], form[2]), 1) end
      local verdict = "?"
      if replies then
        answered = answered + 1
        verdict = replies[1].code >= 400 and "refused" or was_read_as_commands(session) and "ENDS IT" or "part of the text"
      elseif session and session.closed then
        answered, verdict = answered + 1, "hung up"
      end
      if verdict == "ENDS IT" then
        bad[#bad + 1] = form[1]
        evidence = evidence or runbook.dialogue(session, 6)
      end
      rows[#rows + 1] = {verdict, form[1], replies and said(replies[1]) or why}
    end
    local result = {table = {heads = {"", "form", "answer"}, rows = rows}, evidence = evidence, metrics = {forms_that_end = #bad}}
    if bad[1] then
      result.fail, result.cause, result.acts = "a message ends at " .. table.concat(bad, ", "), "smtp-smuggling", "receiving-admin"
      result.fix = "Update the server, and turn off that bare line ends are taken (Postfix: smtpd_forbid_bare_newline = normalize)."
    elseif answered == 0 then
      result.unknown = "none was answered"
    else
      result.pass = ("%d forms, none ends it"):format(answered)
    end
    return result
  end}

return book:run()
