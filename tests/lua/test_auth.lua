-- Owns: what holds of AUTH, and that no secret comes out again. Run by ctest beside auth_server.py.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
local here = "127.0.0.1:" .. os.getenv("EHLO_AUTH_PORT")
local tls12 = "127.0.0.1:" .. os.getenv("EHLO_AUTH_PORT_12")
local SECRET, TOKEN = "c4nary-Hunter2!", "ya29.c4nary-t0ken~+/=="

-- A session whose server lists the mechanisms given, as labels of the name that EHLO presents.
local function open(labels, secured, target)
  local s = assert(smtp.connect(target or here, {helo = labels .. ".example.net"}))
  s:ehlo()
  if secured then
    equal(s:starttls().code, 220)
    s:ehlo()
  end
  return s
end

local function transcript(s)
  local lines = {}
  for _, e in ipairs(s.transcript) do lines[#lines + 1] = e.text end
  return table.concat(lines, "\n")
end

local function finding(s, word)
  for _, f in ipairs(s.findings) do
    if f.word == word then return f.text end
  end
end

test("AUTH needs leave", function()
  local s = open("plain")
  raises("%-%-allow login", s.auth, s, {user = "user", secret = SECRET})
end)

shell.allow("login")

test("each mechanism that was named lets the right secret in and keeps the wrong one out", function()
  for _, name in ipairs {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"} do
    local s = open(name:lower(), true)
    local r = assert(s:auth {mechanism = name, user = "user", secret = "wrong"})
    equal(r.code, 535, name)
    equal(r.enhanced, "5.7.8")
    r = assert(s:auth {mechanism = name:lower(), user = "user", secret = SECRET})
    equal(r.code, 235, name)
    equal(finding(s, "auth-unproven"), nil)
    s:quit()
  end
end, "login")

test("a mechanism bound to TLS is chosen where it is offered, and binds", function()
  for _, name in ipairs {"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"} do
    local s = open("plain.scram-sha-1." .. name:lower(), true, tls12)
    equal(s.tls.version, "TLSv1.2")
    equal(assert(s:auth {user = "user", secret = SECRET}).code, 235, name)
    truthy(transcript(s):find("AUTH " .. name .. " (secret)", 1, true), transcript(s))
    s:quit()
    s = open("plain." .. name:lower(), true)
    equal(s.tls.version, "TLSv1.3")
    equal(assert(s:auth {user = "user", secret = "wrong"}).code, 535, name)
    equal(assert(s:auth {user = "user", secret = SECRET}).code, 235, name)
    truthy(transcript(s):find("AUTH " .. name .. " (secret)", 1, true))
    s:quit()
  end
end, "login")

test("without -PLUS no binding is claimed beside a server that offers it", function()
  local s = open("scram-sha-256.scram-sha-256-plus", true, tls12)
  equal(assert(s:auth {mechanism = "SCRAM-SHA-256", user = "user", secret = SECRET}).code, 235)
  s:quit()
end, "login")

test("the strongest mechanism is chosen, and none readable without TLS", function()
  local s = open("login.plain.cram-md5.scram-sha-1")
  equal(assert(s:auth {user = "user", secret = SECRET}).code, 235)
  truthy(transcript(s):find("AUTH SCRAM%-SHA%-1 %(secret%)"))
  s:quit()
  s = open("login.plain")
  local r, message, err = s:auth {user = "user", secret = SECRET}
  equal(r, nil)
  equal(err.class, "permission")
  truthy(message:find("begin TLS first"), message)
  r, message = s:auth {mechanism = "PLAIN", user = "user", secret = SECRET}
  equal(r, nil)
  truthy(not transcript(s):find("AUTH PLAIN %("), "nothing was sent")
  r = assert(s:auth {mechanism = "PLAIN", user = "user", secret = SECRET, insecure = true})
  equal(r.code, 235)
  s:quit()
  s = open("login.plain", true)
  equal(assert(s:auth {user = "user", secret = function() return SECRET end}).code, 235)
  truthy(transcript(s):find("AUTH PLAIN %(secret%)"))
  s:quit()
end, "login")

test("a server that offers nothing usable is told apart", function()
  local s = open("nothing")
  local r, message, err = s:auth {user = "user", secret = SECRET}
  equal(r, nil)
  equal(err.class, "not-found")
  truthy(message:find("lists no AUTH"), message)
  equal(assert(s:auth {mechanism = "CRAM-MD5", user = "user", secret = SECRET}).code, 235, "named: it is tried")
  r, message = s:auth {mechanism = "SCRAM-SHA-256-PLUS", user = "user", secret = SECRET}
  equal(r, nil)
  truthy(message:find("bound to TLS"), message)
  s:quit()
end, "login")

test("EXTERNAL sends an empty response as \"=\"", function()
  local s = open("external", true)
  equal(assert(s:auth {mechanism = "EXTERNAL"}).code, 235)
  equal(assert(s:auth {mechanism = "EXTERNAL", user = "user"}).code, 235)
  s:quit()
end, "login")

test("tokens are sent as OAUTHBEARER and XOAUTH2, and the reason of a refusal is kept without them", function()
  for name, last in pairs {OAUTHBEARER = "AQ==", XOAUTH2 = "empty"} do
    local s = open(name:lower() .. ".echo", true)
    equal(assert(s:auth {mechanism = name, user = "user", secret = TOKEN}).code, 235)
    local r = assert(s:auth {mechanism = name, user = "user", secret = "c4nary-expired"})
    equal(r.code, 535)
    truthy(r.raw:find("<" .. last .. ">", 1, true), r.raw)
    truthy(finding(s, "auth-detail"):find("invalid_token"), finding(s, "auth-detail"))
    truthy(not (finding(s, "auth-detail") .. transcript(s)):find("c4nary"), "no token comes back")
    raises("one line of printable", s.auth, s, {mechanism = name, user = "user", secret = "a\1b"})
    s:quit()
  end
end, "login")

test("a response too long for the AUTH line waits for the challenge", function()
  local s = open("plain.echo", true)
  equal(assert(s:auth {mechanism = "PLAIN", user = "user", secret = ("x"):rep(600)}).code, 535)
  truthy(transcript(s):find("AUTH PLAIN\n334 \n(secret)\n535", 1, true) or transcript(s):find("AUTH PLAIN\r?\n", 1), transcript(s))
  truthy(not transcript(s):find("xxxx"), "nothing of it is shown")
  s:quit()
end, "login")

test("challenges that are broken, endless or too expensive are answered with a cancel", function()
  for label, why in pairs {garbage = "no", endless = "broken off", iterations = "rounds of hashing"} do
    local s = open("scram-sha-256." .. label)
    local r = assert(s:auth {user = "user", secret = SECRET})
    equal(r.code, 501, label)
    truthy(finding(s, "auth-cancelled"):find(why), finding(s, "auth-cancelled"))
    equal(s:noop().code, 250, "the session goes on")
    s:quit()
  end
  local s = open("plain.garbage.stubborn", true)
  equal(assert(s:auth {user = "user", secret = SECRET}).code, 334, "a challenge after the cancel ends it")
  equal(s:noop().code, 250)
end, "login")

test("a success that came before the response is not believed", function()
  local s = open("cram-md5.eager")
  equal(assert(s:auth {user = "user", secret = "wrong"}).code, 535)
  truthy(finding(s, "unasked-reply"))
  equal(s:noop().code, 250)
end, "login")

test("SCRAM that the server accepts without proof is a finding", function()
  local s = open("scram-sha-256.unproven", true)
  equal(assert(s:auth {user = "user", secret = SECRET}).code, 235)
  truthy(finding(s, "auth-unproven"))
end, "login")

-- Everything that can be seen of a session.
local function everything(s)
  local seen = {transcript(s), report.json(transcript(s)), tostring(s)}
  for _, f in ipairs(s.findings) do seen[#seen + 1] = f.text end
  for _, e in ipairs(s.exchanges) do
    seen[#seen + 1] = tostring(e.sent) .. tostring(e.reply) .. (e.reply and e.reply.raw or "")
  end
  return table.concat(seen, "\n")
end

-- The canary, raw and as base64 wherever it may begin.
local function clean(text, what)
  for _, mark in ipairs {"c4nary", "YzRuYXJ5", "M0bmFyeS1", "jNG5hcnkt", "NG5hcnktSHVu", "Hunter2", "SHVudGVyM", "h1bnRlcj", "dW50ZXIy"} do
    local at = text:find(mark, 1, true)
    truthy(not at, at and what .. ": " .. text:sub(math.max(1, at - 60), at + 60))
  end
end

test("no secret comes back, however the server echoes it", function()
  for _, name in ipairs {"PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"} do
    for _, user in ipairs {"user", "us", "u", "canary@example.org"} do
      local s = open(name:lower() .. ".echo", true)
      local r = assert(s:auth {mechanism = name, user = user, secret = SECRET .. "x"})
      equal(r.code, 535)
      clean(r.raw .. tostring(r), name)
      clean(tostring(s:noop()), name)
      clean(everything(s), name)
      s:quit()
    end
  end
end, "login")

test("no secret comes back in the sentence about a reply that breaks off", function()
  local s = open("plain.cut", true)
  local r, message, err = s:auth {user = "user", secret = SECRET .. "x"}
  equal(r, nil)
  equal(err.reason, "cut-off")
  clean(message .. everything(s), "cut")
end, "login")

test("AUTH by hand is hidden as well", function()
  local s = open("plain.login.echo", true)
  equal(s:command("AUTH PLAIN AHVzZXIAYzRuYXJ5LUh1bnRlcjIhIQ==").code, 535)
  equal(s:command("AUTH LOGIN").code, 334)
  equal(s:command("dXNlcg==").code, 334)
  equal(s:command("YzRuYXJ5LUh1bnRlcjIhIQ==").code, 535)
  s:pipeline {"AUTH LOGIN", "dXNlcg==", "YzRuYXJ5LUh1bnRlcjIhIQ=="}
  s:raw("AUTH PLAIN AHVzZXIAYzRuYXJ5LUh1bnRlcjIhIQ==\r\n")
  clean(everything(s), "by hand")
  truthy(transcript(s):find("AUTH PLAIN (secret)", 1, true), transcript(s))
end, "login")

test("wrong credentials raise and name what is wrong", function()
  local s = open("plain", true)
  raises("needs a user", s.auth, s, {mechanism = "PLAIN", secret = "x"})
  raises("needs a secret", s.auth, s, {mechanism = "PLAIN", user = "x"})
  raises("no such mechanism", s.auth, s, {mechanism = "GSSAPI", user = "x", secret = "x"})
  raises("NUL", s.auth, s, {user = "x", secret = "a\0b"})
  raises("pasword", s.auth, s, {user = "x", pasword = "x"})
  raises("must be a string", s.auth, s, {user = "x", secret = 1})
  equal(s:noop().code, 250)
  s:close()
  local r, message = s:auth {user = "x", secret = "y"}
  equal(r, nil)
  truthy(message)
end)

test("a probe authenticates between TLS and MAIL, and its record is clean", function()
  local function probe(labels, more, options)
    local auth = {user = "user", secret = SECRET}
    for key, value in pairs(more or {}) do auth[key] = value end
    options = options or {}
    options.helo, options.auth = labels .. ".example.net", auth
    return smtp.probe(here, options)
  end
  local r = probe("plain.scram-sha-256", nil, {to = "a@example.org"})
  equal(r.outcome, "ready")
  local phases = {}
  for _, e in ipairs(r.exchanges) do phases[#phases + 1] = e.phase end
  equal(table.concat(phases, " "), "greeting ehlo starttls ehlo_tls auth auth auth mail rcpt rset quit")
  r = probe("plain.echo", {secret = SECRET .. "x"}, {to = "a@example.org"})
  equal(r.outcome, "refused-permanently")
  equal(r.phase, "auth")
  equal(r.explanation.code, 535)
  clean(report.json(r) .. tostring(r) .. everything(r), "the record")
  r = probe("plain.cut", {secret = SECRET .. "x"})
  equal(r.outcome, "protocol-violation")
  clean(report.json(r), "the record")
  r = probe("nothing")
  equal(r.outcome, "refused-permanently")
  equal(r.phase, "auth")
  r = probe("plain", nil, {tls = "none"})
  equal(r.outcome, "tls-not-offered")
  truthy(not transcript(r):find("AUTH PLAIN %("))
  equal(probe("plain", {mechanism = "PLAIN", insecure = true}, {tls = "none"}).outcome, "ready")
  raises("no such mechanism", probe, "plain", {mechanism = "X"})
end, "login")

os.exit(t.finish(), true)
