local args = manifest {
  title = "Limits",
  summary = "message size, recipients and pipelining of a server: what it claims, and what holds",
  answers = "Does the server keep what it says in EHLO?",
  arguments = {{name = "host", type = "host", help = "mail server"}},
  options = {
    {name = "to", value = "MAILBOX", type = "address", help = "count recipients with this mailbox, named again and again (nothing is sent)"},
    {name = "recipients", value = "N", type = "count", max = 1000, help = "how many to name at most (100, which RFC 5321 asks for)"},
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (the null sender)"},
  },
  permission = "recipient",
  verdicts = {pass = "the server keeps what it says", warn = "the server keeps what it says, with a fault",
    fail = "the server does not keep what it says"},
  examples = {"ehlo limits mx.example.org", "ehlo limits --to postmaster@example.org mx.example.org"},
}

local LEAST = 100 -- recipients, RFC 5321 section 4.5.3.1.8
local WANTED = args.recipients or LEAST

local book = runbook.new(args, {subject = args.host})

-- Each step has a session of its own: what one upsets, another does not meet.
local function open() return runbook.session(args.host, nil, {unknown = true, doubt = true}) end

local function mail(session, size)
  session:rset()
  return session:mail(args.from or "", size and {SIZE = size})
end

book:step {name = "ehlo", title = "the server answers EHLO", run = function()
  local session, why = open()
  if not session then return why end
  local claims = session.capabilities
  session:quit()
  return {pass = session.banner, keep = claims}
end}

book:step {name = "size", title = "SIZE is what it says", reference = "RFC 1870", needs = {"ehlo"}, run = function(found)
  local claim = math.tointeger(tonumber((found.ehlo.SIZE or ""):match("%d+")))
  if not found.ehlo.SIZE then return {skip = "no SIZE is claimed"} end
  if not claim or claim == 0 then return {pass = "SIZE without a number: no fixed limit"} end
  local session <close>, why = open()
  if not session then return why end
  local metrics, fits, message, err = {size_bytes = claim}, mail(session, claim)
  if not fits then return runbook.failure(message, err, {unknown = true, doubt = true}) end
  local beyond = fits.code < 400 and mail(session, claim + 1)
  local evidence = runbook.dialogue(session, 8)
  if fits.code >= 500 then
    return {fail = ("a message of the %d bytes that it claims to take is refused"):format(claim), evidence = evidence, metrics = metrics,
      fix = "Let EHLO name the size that is taken."}
  elseif fits.code >= 400 then
    return {warn = ("a message of that size is put off for now: %s"):format(tostring(fits)), evidence = evidence, metrics = metrics}
  elseif not beyond then
    return {unknown = "the server hung up at a message one byte larger", evidence = evidence, metrics = metrics}
  elseif beyond.code < 400 then
    return {warn = ("a message larger than %d bytes is not refused at MAIL, but after all of it was sent"):format(claim), evidence = evidence,
      metrics = metrics, fix = "Check the size at MAIL already, as the claim promises."}
  end
  return {pass = ("%d bytes: taken; one more: %s"):format(claim, tostring(beyond)), metrics = metrics}
end}

book:step {name = "pipelining", title = "PIPELINING is what it says", reference = "RFC 2920", needs = {"ehlo"}, run = function(found)
  local session <close>, why = open()
  if not session then return why end
  local replies, message, err = session:pipeline {"RSET", "RSET", "NOOP"}
  if err and err.class == "refused-temporarily" then return runbook.failure(message, err, {unknown = true, doubt = true}) end
  local good = replies and #replies == 3
  for _, reply in ipairs(replies or {}) do good = good and reply.code == 250 end
  if found.ehlo.PIPELINING and good then return {pass = "three commands in one write, three answers"} end
  if found.ehlo.PIPELINING then
    return {fail = "it is claimed, and commands in one write are not answered as they should be", evidence = runbook.dialogue(session),
      fix = "Take PIPELINING out of EHLO, or the proxy that breaks it out of the way.", cause = message and "protocol-error"}
  end
  return {pass = good and "not claimed; it would work" or "not claimed, and refused"}
end}

-- How many recipients are taken, and the first reply that refuses one.
local function count(session)
  for i = 1, WANTED do
    local reply, message = session:rcpt(args.to)
    if not reply then return i - 1, message end
    if reply.code >= 300 then return i - 1, tostring(reply), reply end
  end
  return WANTED
end

book:step {name = "recipients", title = "enough recipients are taken in one message", reference = "RFC 5321 section 4.5.3.1.8", needs = {"ehlo"},
  run = function(found)
    if not args.to then return {skip = "no mailbox was given: --to MAILBOX"} end
    local claim = math.tointeger(tonumber((found.ehlo.LIMITS or ""):upper():match("RCPTMAX=(%d+)")))
    local session <close>, why_not = open()
    if not session then return why_not end
    local began, message, err = mail(session)
    if not began then return runbook.failure(message, err, {unknown = true, doubt = true}) end
    if began.code ~= 250 then return runbook.refused("the sender is refused: " .. tostring(began), began, {unknown = true}) end
    local n, why, reply = count(session)
    session:rset()
    if n == 0 then
      return {unknown = "the mailbox is refused: " .. why, next = "ehlo probe --to " .. require("ehlo.words").quote(args.to) .. " " .. args.host}
    end
    local result = {metrics = {recipients = n}, evidence = why}
    if claim and n < math.min(claim, WANTED) then
      result.fail, result.fix = ("%d, though LIMITS claims %d"):format(n, claim), "Let LIMITS name the number that is taken (RFC 9422)."
    elseif n < math.min(LEAST, WANTED) then
      result.warn = ("%d; senders may count on %d"):format(n, LEAST)
      result.fix = "Take at least 100 recipients, or refuse further ones with 452 4.5.3, so that senders come again with the rest."
      if reply and reply.code >= 500 then result.fail, result.warn = result.warn .. ", and the others are refused for good", nil end
    else
      result.pass = n < WANTED and ("%d, then: %s"):format(n, why) or ("all %d that were named"):format(n)
    end
    return result
  end}

return book:run()
