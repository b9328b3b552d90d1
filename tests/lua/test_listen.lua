-- Owns: tests of smtp.listen and of the scenarios that come with it. Callers: ctest, through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
shell.allow("send")
shell.allow("login")

local function place(server) return server.address .. ":" .. server.port end
local function with(options, body)
  local server = assert(smtp.listen(options))
  body(server, place(server))
  for _, visit in ipairs(server.sessions) do t.heard(visit.commands) end
  server:close()
end

local scenarios = require "ehlo.rehearsal"
for _, row in ipairs(scenarios) do
  test("scenario " .. row.name .. " ends as " .. row.outcome, function()
    with(row.listen(), function(_, target)
      for _ = 1, row.before or 0 do equal(smtp.probe(target).outcome, "ready", "before") end
      local options = {timeout = 10}
      for key, value in pairs(row.probe or {}) do options[key] = value end
      local record = smtp.probe(target, options)
      equal(record.outcome, row.outcome, "outcome")
      equal(record.exit == 0, row.outcome == "ready", "exit")
    end)
  end)
end

test("answers of a list come one after the other, and the last one stays", function()
  with({rcpt = {"450 4.2.0 first", "550 5.1.1 then"}}, function(_, target)
    local s = assert(smtp.connect(target))
    s:ehlo()
    s:mail("a@example.org")
    for _, code in ipairs {450, 550, 550} do equal(tonumber(s:rcpt("b@example.org").code), code) end
    s:close()
  end)
end)

test("a function answers, may wait, and its error is kept", function()
  local seen
  with({mail = function(session, argument)
    task.sleep(0.01)
    seen = session.helo .. " " .. argument
    return "250 2.1.0 from\nthe script"
  end, rcpt = function() error("broken") end}, function(server, target)
    local s = assert(smtp.connect(target, {helo = "me.example.org"}))
    s:ehlo()
    equal(#s:mail("a@example.org").lines, 2)
    equal(seen, "me.example.org FROM:<a@example.org>")
    equal(tonumber(s:rcpt("b@example.org").code), 451)
    truthy(server.errors[1]:find("broken"), "the error")
    s:close()
  end)
end)

test("what clients sent is recorded, message and all", function()
  with({tls = true}, function(server, target)
    local s = assert(smtp.connect(target, {tls = "encrypt"}))
    s:ehlo()
    s:starttls()
    s:ehlo()
    s:mail("a@example.org")
    s:rcpt("b@example.org")
    equal(tonumber(s:data("Subject: x\r\n\r\n.dot\r\n").code), 250)
    s:mail("a@example.org")
    s:rcpt("c@example.org")
    equal(tonumber(s:bdat("half").code), 250)
    equal(tonumber(s:bdat("whole", true).code), 250)
    s:quit()
    local visit = server.sessions[1]
    equal(visit.tls, true)
    equal(visit.messages[1].bytes, "Subject: x\r\n\r\n.dot\r\n")
    equal(visit.messages[1].to[1], "b@example.org")
    equal(visit.messages[2].bytes, "halfwhole")
    equal(visit.commands[#visit.commands], "QUIT")
  end)
end, "send")

test("AUTH takes the right secret, refuses a wrong one, and records neither", function()
  with({user = "user", secret = "open sesame", tls = true}, function(server, target)
    for _, row in ipairs {{"PLAIN", "open sesame", 235}, {"LOGIN", "open sesame", 235}, {"PLAIN", "guess", 535}, {"LOGIN", "guess", 535}} do
      local s = assert(smtp.connect(target))
      s:ehlo()
      s:starttls()
      s:ehlo()
      equal(tonumber(s:auth({user = "user", secret = row[2], mechanism = row[1]}).code), row[3], row[1])
      s:close()
    end
    for _, visit in ipairs(server.sessions) do
      local all = table.concat(visit.commands, "\n")
      truthy(all:find("AUTH") and not all:find("sesame") and not all:find("b3BlbiBzZXNhbWU") and not all:find("AHVz"), all)
    end
  end)
end, "login")

test("commands out of order and without sense are refused", function()
  with({recipients = 1}, function(_, target)
    local s = assert(smtp.connect(target))
    for _, row in ipairs {{"MAIL FROM:<a@example.org>", 503}, {"EHLO", 501}, {"EHLO me", 250}, {"RCPT TO:<a@example.org>", 503},
      {"MAIL FROM:a", 501}, {"MAIL FROM:<>", 250}, {"MAIL FROM:<>", 503}, {"DATA", 554}, {"RCPT TO:<a@example.org>", 250},
      {"RCPT TO:<b@example.org>", 452}, {"RSET", 250}, {"RCPT TO:<a@example.org>", 503}, {"WHAT", 500},
      {"BDAT 0 LAST", 503}} do
      equal(tonumber(s:command(row[1]).code), row[2], row[1])
    end
    s:close()
  end)
end, "send")

test("a thousand sessions at once are served", function()
  with({delay = 0.01}, function(server, target)
    local list = {}
    for i = 1, 1000 do list[i] = target end
    local results, errors = task.map(list, function(each)
      return smtp.probe(each, {per_address = 0, rate = 0}).outcome
    end, {concurrency = 300})
    equal(errors, nil, "errors")
    for i = 1, 1000 do equal(results[i], "ready", i) end
    equal(server.count, 1000)
  end)
end)

test("a long run of pipelined commands neither nests nor stalls", function()
  with({}, function(_, target)
    local s = assert(smtp.connect(target))
    local lines = {}
    for i = 1, 900 do lines[i] = "NOOP" end
    equal(#s:pipeline(lines), 900)
    s:close()
  end)
end)

test("addresses that others can reach need leave, and mistakes are named", function()
  raises("anywhere", smtp.listen, {address = "0.0.0.0"})
  raises("no address", smtp.listen, {address = "nowhere"})
  raises("CODE text", smtp.listen, {rcpt = "what"})
  raises("certificate", smtp.listen, {tls = {certificate = "/nonexistent"}})
  raises("", smtp.listen, {rctp = "250 Ok"})
  local server = assert(smtp.listen {})
  local second, message = smtp.listen {port = server.port}
  equal(second, nil)
  truthy(message:find("cannot listen"), message)
  server:close()
end)

test("LHLO is answered, and each recipient gets its own verdict on the message", function()
  with({["end-of-data"] = {"250 2.6.0 first", "552 5.2.2 second is full", "250 2.6.0 from here on"}}, function(server, target)
    local s = assert(smtp.connect(target))
    equal(s:lhlo().code, 250)
    for round = 1, 2 do -- the message, then a chunk
      s:mail("a@example.org")
      for i = 1, 3 do equal(s:rcpt("r" .. i .. "@example.org").code, 250) end
      local verdicts = round == 1 and s:data("x\r\n") or s:bdat("x\r\n", true)
      equal(#verdicts, 3)
      for i, verdict in ipairs(verdicts) do equal(verdict.code, round == 1 and i == 2 and 552 or 250, i) end
    end
    equal(s:noop().code, 250, "as many answers as recipients, and no more")
    equal(s:ehlo().code, 250)
    s:mail("a@example.org")
    s:rcpt("a@example.org")
    s:rcpt("b@example.org")
    equal(s:data("x\r\n").code, 250, "one answer again")
    equal(s:noop().code, 250)
    equal(#server.sessions[1].messages, 3)
    equal(#server.sessions[1].messages[1].to, 3)
    s:close()
  end)
end, "send")

test("with many recipients verdicts neither nest nor stall", function()
  with({recipients = 10000}, function(_, target)
    local s = assert(smtp.connect(target))
    s:lhlo()
    s:mail("a@example.org")
    local lines = {}
    for i = 1, 1000 do lines[i] = "RCPT TO:<r" .. i .. "@example.org>" end
    for _, reply in ipairs(s:pipeline(lines)) do equal(reply.code, 250) end
    equal(#s:data("x\r\n"), 1000)
    s:close()
  end)
end, "send")

test("TLS may come first, with a certificate made for the names wanted", function()
  with({tls = {names = {"a.example.org", "127.0.0.1"}, days = 3}, implicit_tls = true}, function(server, target)
    local s = assert(smtp.connect(target, {implicit_tls = true}))
    truthy(s.tls.version, "TLS")
    equal(s:ehlo().code, 250)
    equal(s.capabilities.STARTTLS, nil, "it is on already")
    local leaf = s.tls.chain[1]
    equal(table.concat(leaf.names, " "), "a.example.org 127.0.0.1")
    truthy(math.abs(leaf.not_after - os.time() - 3 * 86400) < 7200, "three days")
    equal(s:command("STARTTLS").code, 503)
    s:quit()
    equal(server.sessions[1].tls, true)
    local plain = smtp.probe(target, {timeout = 5, tls = "none"})
    truthy(plain.outcome ~= "ready", "no greeting in the clear")
  end)
end)

local function shell_out(command) truthy(os.execute("(" .. command .. ") >/dev/null 2>&1"), command) end

-- A program that passes bytes on to the server, as one behind inetd or ssh would be.
local function through_a_program(server, options)
  options.pipe = {"/bin/bash", "-c", ("exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3 & cat >&3"):format(server.port)}
  options.timeout = 20
  return smtp.probe("program", options)
end
local function words(record)
  local list = {}
  for i, finding in ipairs(record.findings) do list[i] = finding.word end
  return table.concat(list, " ")
end

test("a program has no name that its certificate could be for, unless one is given", function()
  with({tls = {names = {"mx.example.org"}}}, function(server)
    equal(words(through_a_program(server, {})), "certificate-not-trusted name-not-compared")
    equal(words(through_a_program(server, {sni = "mx.example.org"})), "certificate-not-trusted")
    equal(words(through_a_program(server, {sni = "mx.example.net"})), "certificate-not-trusted certificate-host-mismatch")
  end)
  local base = os.tmpname()
  shell_out("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=mx.example.org -keyout "
    .. base .. ".key -out " .. base .. ".pem")
  with({tls = {certificate = base .. ".pem", key = base .. ".key"}}, function(server)
    local r = through_a_program(server, {tls = "verify", ca_file = base .. ".pem"})
    equal(r.outcome, "tls-untrusted", "nothing says whose it is")
    equal(through_a_program(server, {tls = "verify", ca_file = base .. ".pem", sni = "mx.example.org"}).outcome, "ready")
  end)
  for _, suffix in ipairs {"", ".key", ".pem"} do os.remove(base .. suffix) end
end)

test("a certificate may come from files, with its key beside it or in it", function()
  local base = os.tmpname()
  shell_out("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=filed.example.org -keyout "
    .. base .. ".key -out " .. base .. ".pem && cat " .. base .. ".pem " .. base .. ".key >" .. base .. ".both")
  for _, tls in ipairs {{certificate = base .. ".pem", key = base .. ".key"}, {certificate = base .. ".both"}} do
    with({tls = tls}, function(_, target)
      local record = smtp.probe(target, {tls = "verify", ca_file = base .. ".pem"})
      equal(record.outcome, "tls-untrusted", "the name is another")
      truthy(record.tls.chain[1].subject:find("filed.example.org", 1, true), record.tls.chain[1].subject)
    end)
  end
  raises("private key", smtp.listen, {tls = {certificate = base .. ".pem"}})
  for _, suffix in ipairs {"", ".key", ".pem", ".both"} do os.remove(base .. suffix) end
end)

test("the versions of TLS are bounded as told", function()
  with({tls = {max = "TLSv1.2"}}, function(_, target) equal(smtp.probe(target).tls.version, "TLSv1.2") end)
  with({tls = {min = "TLSv1.3"}}, function(_, target)
    equal(smtp.probe(target, {tls = "encrypt", tls_max = "TLSv1.2"}).outcome, "tls-failed")
  end)
  raises("no TLS version", smtp.listen, {tls = {min = "SSLv2"}})
  raises("implicit_tls needs tls", smtp.listen, {implicit_tls = true})
end)

test("a session of TLS is taken up again where both sides want that, and nowhere else", function()
  for _, version in ipairs {"TLSv1.2", "TLSv1.3"} do
    for _, row in ipairs {{true, true, true}, {true, false, false}, {false, true, false}} do
      with({tls = {resume = row[1], max = version}}, function(_, target)
        local first = smtp.probe(target, {tls = "encrypt", resume = row[2]})
        local second = smtp.probe(target, {tls = "encrypt", resume = row[2]})
        equal(first.tls.resumed, false, version .. " at first")
        equal(second.tls.version, version)
        equal(second.tls.resumed, row[3], version)
        equal(second.tls.chain[1].sha256, first.tls.chain[1].sha256, "the certificate is known still")
        equal(second.findings[1].word, first.findings[1].word, "and is trusted no more than it was")
        equal(second.tls.trusted, false)
      end)
    end
  end
end)

test("a session that is taken up proves no more than the first one did", function()
  with({tls = {resume = true}}, function(_, target)
    equal(smtp.probe(target, {tls = "encrypt", resume = true}).outcome, "ready")
    local record = smtp.probe(target, {tls = "verify", resume = true})
    equal(record.outcome, "tls-untrusted")
    equal(record.failure.reason, "certificate-not-trusted")
  end)
end)

test("a session is not taken up with another host, nor believed after the server forgot it", function()
  local tls = {resume = true}
  local first, second = assert(smtp.listen {tls = tls}), assert(smtp.listen {tls = tls, address = "127.0.0.9"})
  equal(smtp.probe(place(first), {resume = true}).tls.resumed, false)
  equal(smtp.probe(place(second), {resume = true}).tls.resumed, false)
  local other = assert(smtp.listen {tls = tls, address = "127.0.0.9"}) -- has no key to that ticket
  local record = smtp.probe(place(other), {resume = true})
  equal(record.outcome, "ready")
  equal(record.tls.resumed, false)
  for _, server in ipairs {first, second, other} do server:close() end
end)

test("ALPN is a fact where both sides know a protocol", function()
  for _, row in ipairs {{"smtp,x", "a,x", "x"}, {"smtp", "a", nil}, {nil, "a", nil}, {"smtp", nil, nil}} do
    with({tls = {alpn = row[1]}}, function(_, target)
      local record = smtp.probe(target, {tls = "encrypt", alpn = row[2]})
      equal(record.outcome, "ready")
      equal(record.tls.alpn, row[3])
      truthy(report.json(record):find(row[3] and '"alpn":"x"' or '"alpn":null', 1, true))
    end)
  end
  raises("no list of protocols", smtp.probe, "127.0.0.1:1", {alpn = "a,,b"})
  raises("no list of protocols", smtp.listen, {tls = {alpn = ("x"):rep(256)}})
end)

test("a server tells where it is and what came, also after it was closed", function()
  local server <close> = assert(smtp.listen {address = "127.0.0.9", name = "own.example.org", greeting = "220 one\ntwo"})
  equal(server.address, "127.0.0.9")
  equal(server.nothing, nil)
  local s = assert(smtp.connect(place(server)))
  equal(s:ehlo().lines[1], "own.example.org")
  server:close()
  local reply, message = s:noop()
  equal(reply, nil)
  truthy(message)
  equal(smtp.probe(place(server)).outcome, "unreachable")
  server:close()
  equal(server.count, 1)
  equal(server.sessions[1].commands[1]:sub(1, 4), "EHLO")
end)

test("a wait that is cancelled says so, and the server serves on", function()
  local server <close> = assert(smtp.listen())
  local waiting = task.spawn(function() return server:wait() end)
  task.sleep(0.01)
  raises("another task waits", server.wait, server)
  waiting:cancel()
  equal(smtp.probe(place(server)).outcome, "ready")
end)

test("a server that nobody remembers is served until the script ends", function()
  local port = assert(smtp.listen()).port
  collectgarbage()
  collectgarbage()
  equal(smtp.probe("127.0.0.1:" .. port).outcome, "ready")
end)

test("waiting ends when the server is closed", function()
  local server = assert(smtp.listen {})
  task.spawn(function()
    task.sleep(0.01)
    server:close()
  end)
  equal(server:wait(), true)
end)

os.exit(t.finish())
