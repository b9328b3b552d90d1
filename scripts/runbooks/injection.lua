local args = manifest {
  title = "STARTTLS injection",
  summary = "does a command that follows STARTTLS in the clear count as said under TLS? (CVE-2011-0411)",
  answers = "Can somebody between client and server slip commands into the protected session?",
  arguments = {{name = "host", type = "host", help = "mail server with STARTTLS"}},
  permission = "intrusive",
  verdicts = {pass = "what comes in the clear stays outside TLS", fail = "commands sent in the clear are carried out under TLS"},
  examples = {"ehlo injection --allow intrusive mx.example.org"},
}

local INJECTED = "XEHLO-INJECTED" -- no server knows it: its answer, 500 or 502, cannot be mistaken for another

local book = runbook.new(args, {subject = args.host})

book:step {name = "connect", title = "the server offers STARTTLS", run = function()
  local session, why = runbook.session(args.host, nil, {unknown = true})
  if not session then return why end
  if not session.capabilities.STARTTLS then return {unknown = "STARTTLS is not offered: there is nothing to inject into"} end
  return {pass = session.banner, keep = session}
end}

book:step {name = "handshake", title = "bytes behind STARTTLS do not enter the handshake", needs = {"connect"}, reference = "RFC 3207 section 6",
  run = function(found)
    local session = found.connect
    local reply, message, err = session:starttls(INJECTED .. "\r\n")
    local evidence = runbook.dialogue(session)
    if reply and session.tls then return {pass = "the handshake went through", keep = session} end
    if reply and reply.code == 421 then return runbook.refused("put off: " .. tostring(reply), reply, {unknown = true, doubt = true}) end
    if reply then return {pass = "refused at once: " .. tostring(reply), evidence = evidence} end
    local injected = session.failure and session.failure.reason == "injected"
    if injected then
      return {warn = "the server answers the command in the clear, before TLS: it reads on where it should stop", evidence = evidence,
        fix = "Nothing gets into TLS, but update the server: it should drop what follows STARTTLS."}
    elseif err.class == "unreachable" or err.class == "tls-failed" then
      return {pass = "the server gives up the connection: " .. message, evidence = evidence}
    end
    return runbook.failure(message, err, {unknown = true})
  end}

book:step {name = "injected", title = "the command is not carried out under TLS", needs = {"handshake"}, severity = "high", reference = "CVE-2011-0411",
  run = function(found)
    local session = found.handshake
    if not session then return {pass = "no session came about that it could have got into"} end
    local first, message, err = session:noop()
    local second = first and session:noop()
    local evidence = runbook.dialogue(session, 8)
    if not first then
      if err.class == "protocol-violation" then return runbook.failure(message, err) end
      if err.class == "unreachable" then return {pass = "the server closes: " .. message, evidence = evidence} end
      return runbook.failure(message, err, {unknown = true, doubt = true})
    end
    local unasked = false
    for _, finding in ipairs(session.findings) do unasked = unasked or finding.word == "unasked-reply" end
    if first.code >= 500 or unasked then
      return {fail = "the first answer under TLS is that to the command sent in the clear", evidence = evidence, cause = "starttls-injection",
        acts = "receiving-admin", fix = "Update the server: it must throw away what it has read when TLS begins. Until then whoever sits between "
          .. "can put commands before a client's own, and read its mail or password."}
    end
    return {pass = "NOOP under TLS is answered by itself: " .. tostring(second or first)}
  end}

return book:run()
