-- Owns: AUTH against GNU SASL's own server side, above all what is bound to TLS. Run by ctest beside gsasl_server.py.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = t.test, t.equal, t.truthy
local SECRET = "c4nary-Hunter2!"
local VERSIONS = {["TLSv1.3"] = "127.0.0.1:" .. os.getenv("EHLO_AUTH_PORT"), ["TLSv1.2"] = "127.0.0.1:" .. os.getenv("EHLO_AUTH_PORT_12")}
local BOUND = {"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"}

shell.allow("login")

-- A session in TLS whose server lists the mechanisms given, as labels of the name that EHLO presents.
local function open(version, labels)
  local s = assert(smtp.connect(VERSIONS[version], {helo = labels:lower() .. ".example.net"}))
  s:ehlo()
  equal(s:starttls().code, 220)
  equal(s.tls.version, version)
  s:ehlo()
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

local function each(names, body)
  for version in pairs(VERSIONS) do
    for _, name in ipairs(names) do body(version, name) end
  end
end

test("the right secret is let in, the wrong one is not, by every mechanism that shows neither", function()
  each({"CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", table.unpack(BOUND)}, function(version, name)
    local s = open(version, name .. ".echo")
    equal(assert(s:auth {mechanism = name, user = "user", secret = SECRET .. "x"}).code, 535, version .. " " .. name)
    equal(assert(s:auth {mechanism = name, user = "user", secret = SECRET}).code, 235, version .. " " .. name)
    equal(finding(s, "auth-unproven"), nil)
    truthy(not transcript(s):find("c4nary", 1, true) and not transcript(s):find("YzRuYXJ5", 1, true), "the secret shows")
    s:quit()
  end)
end, "login")

test("of all that is offered the one bound to TLS is taken", function()
  each({"SCRAM-SHA-256-PLUS"}, function(version, name)
    local s = open(version, "PLAIN.LOGIN.CRAM-MD5.SCRAM-SHA-1.SCRAM-SHA-1-PLUS.SCRAM-SHA-256.SCRAM-SHA-256-PLUS")
    equal(assert(s:auth {user = "user", secret = SECRET}).code, 235)
    truthy(transcript(s):find("AUTH " .. name .. " (secret)", 1, true))
    s:quit()
  end)
end, "login")

test("a login bound to another connection is refused, though the secret is right", function()
  each(BOUND, function(version, name)
    local s = open(version, name .. ".elsewhere")
    equal(assert(s:auth {mechanism = name, user = "user", secret = SECRET}).code, 535, version .. " " .. name)
    s:quit()
  end)
end, "login")

test("SCRAM without -PLUS goes on beside a server that offers it, where that was asked for", function()
  each({"SCRAM-SHA-1", "SCRAM-SHA-256"}, function(version, name)
    local s = open(version, name .. "." .. name .. "-PLUS")
    equal(assert(s:auth {mechanism = name, user = "user", secret = SECRET}).code, 235, version .. " " .. name)
    s:quit()
  end)
end, "login")

os.exit(t.finish(), true)
