-- Owns: the example of RFC 8463 appendix A, the judgement of keys, lists of tags, and what scripts see of signatures.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
local tags = require "ehlo.policy.tags"

local RSA = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ"
  .. "/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
local ED = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

local MAIL = [[
DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=brisbane; t=1528637909; h=from : to :
 subject : date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
 Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
 d=football.example.com; i=@football.example.com;
 q=dns/txt; s=test; t=1528637909; h=from : to : subject :
 date : message-id : from : subject : date;
 bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
 b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
 DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
 dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
From: Joe SixPack <joe@football.example.com>
To: Suzie Q <suzie@shopping.example.net>
Subject: Is dinner ready?
Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
Message-ID: <20030712040037.46341.5F8J@football.example.com>

Hi.

We lost the game.  Are you hungry yet?

Joe.
]]

local function key(selector, ...)
  local items = {}
  for i, text in ipairs {...} do items[i] = {TXT = text} end
  return selector .. "._domainkey.football.example.com", items
end

local function zones(...)
  local all = {}
  for _, row in ipairs {...} do
    local name, items = key(table.unpack(row))
    all[name] = items
  end
  world.zones(all)
end

local KEYS = {{"brisbane", "v=DKIM1; k=ed25519; p=" .. ED}, {"test", "v=DKIM1; k=rsa; p=" .. RSA}}

test("both signatures of RFC 8463's example hold", function()
  zones(table.unpack(KEYS))
  local r = policy.dkim(MAIL)
  equal(r.verdict, "pass")
  equal(#r.signatures, 2)
  for _, s in ipairs(r.signatures) do equal(s.verdict, "pass", s.selector) end
  equal(r.signatures[1].key.type, "ed25519")
  equal(r.signatures[2].key.bits, 1024)
  equal(r.findings[1].id, "dkim-key-short")
end)

test("a mail as it lies in a file is what was sent, whatever its line ends", function()
  zones(table.unpack(KEYS))
  equal(policy.dkim((MAIL:gsub("\n", "\r\n"))).verdict, "pass")
end)

test("where keys cannot be looked up, another try may help", function()
  world.zones {["brisbane._domainkey.football.example.com"] = {"SERVFAIL"}, ["test._domainkey.football.example.com"] = {"SERVFAIL"}}
  local r = policy.dkim(MAIL)
  equal(r.verdict, "temperror")
  equal(r.signatures[1].reason, "dkim-key-lookup")
  truthy(r.signatures[1].body.holds)
end)

test("each key is looked up once", function()
  zones(KEYS[2])
  policy.dkim(MAIL:match("(DKIM%-Signature: v=1; a=rsa.-)From:") .. MAIL)
  local asked = 0
  for _, line in ipairs(world.asked()) do asked = asked + (line:find("^test%._domainkey") and 1 or 0) end
  equal(asked, 1)
end)

test("two keys at one name are none, a stranger beside the key is a finding", function()
  zones({"brisbane", "v=DKIM1; k=ed25519; p=" .. ED, "v=DKIM1; p=" .. RSA}, {"test", "v=DKIM1; p=" .. RSA, "site-verification=1"})
  local r = policy.dkim(MAIL)
  equal(r.signatures[1].reason, "dkim-key-several")
  equal(r.signatures[2].verdict, "pass")
  equal(policy.dkim_key("brisbane", "football.example.com").verdict, "invalid")
  local found = policy.dkim_key("test", "football.example.com").findings
  truthy(found[1].id == "dkim-key-short" and found[2].id == "dkim-key-strangers")
end)

local judged = {
  {"v=DKIM1; k=ed25519; p=" .. ED, "present"}, {"p=" .. RSA .. "; n=a note", "present", "dkim-key-short"},
  {"v=DKIM1; t=y:s; k=ed25519; p=" .. ED, "testing", "dkim-key-testing"}, {"v=DKIM1; p=", "revoked", "dkim-key-revoked"},
  {"v=DKIM1; p=" .. RSA:sub(1, 100), "invalid", "dkim-key-malformed"}, {"v=DKIM1; k=rsa", "invalid", "dkim-key-malformed"},
  {"v=DKIM1 p=" .. RSA, "invalid", "dkim-key-malformed"}, {"k=rsa; v=DKIM1; p=" .. RSA, "invalid", "dkim-key-malformed"},
  {"v=DKIM1; h=sha1; k=ed25519; p=" .. ED, "invalid", "dkim-key-hashes"}, {"v=DKIM1; s=tlsrpt; k=ed25519; p=" .. ED, "invalid", "dkim-key-service"},
  {"v=DKIM1; k=rsa; p=" .. RSA:sub(31), "invalid", "dkim-key-malformed"}, {"something else", "invalid", "dkim-key-malformed"},
}

test("a key is judged for itself", function()
  for _, row in ipairs(judged) do
    zones({"s", row[1]})
    local r = policy.dkim_key("s", "football.example.com")
    equal(r.verdict, row[2], row[1])
    equal(r.findings[1] and r.findings[1].id, row[3], row[1])
  end
end)

test("a key that is not there is told from one that cannot be asked for", function()
  world.zones {["s._domainkey.football.example.com"] = {"TIMEOUT"}}
  equal(policy.dkim_key("s", "football.example.com", {timeout = 0.3}).verdict, "temperror")
  equal(policy.dkim_key("x", "football.example.com").verdict, "none")
end)

test("wrong arguments raise", function()
  raises("selector", function() policy.dkim_key(nil, "example.org") end)
  raises("domain", function() policy.dkim_key("s") end)
  raises("colour", function() policy.dkim_key("s", "example.org", {colour = 1}) end)
  raises("a mail as a string", function() policy.dkim() end)
end)

test("tags are read as the grammar has them", function()
  local values, list = tags.parse("v=1; a = b c ;\r\n d=; e_1=x;")
  equal(values.a, "b c")
  equal(values.d, "")
  equal(list[4].name, "e_1")
  for _, text in ipairs {"a=1; a=2", "1=2", "nothing", "=x", "a=\1"} do equal(tags.parse(text), nil, text) end
  equal(tags.without_value("a=1; b=xx\r\n yy ; c=b=", "b"), "a=1; b=; c=b=")
  equal(tags.without_value("a=1; b=xx", "b"), "a=1; b=")
end)

test("a mail of anything does no harm", function()
  zones(table.unpack(KEYS))
  math.randomseed(1)
  local pieces = {";", "=", "b=", "h=from", "\r\n", " ", "DKIM-Signature:", ":", "\0", "\255", "v=1;", "d=football.example.com;", "\r\n\r\n", "l=9999999999;"}
  for _ = 1, 400 do
    local at = math.random(#MAIL)
    local bent = MAIL:sub(1, at) .. pieces[math.random(#pieces)] .. MAIL:sub(at + math.random(0, 20))
    local r = truthy(policy.dkim(bent))
    truthy(({pass = 1, fail = 1, policy = 1, neutral = 1, temperror = 1, permerror = 1, none = 1})[r.verdict], r.verdict)
    for i = #bent, #bent - 50, -10 do truthy(policy.dkim(bent:sub(1, math.max(i - 400, 1)))) end
  end
end)

test("chains and results of anything do no harm", function()
  zones(table.unpack(KEYS))
  math.randomseed(3)
  local head = "ARC-Seal: i=1; a=rsa-sha256; cv=none; d=football.example.com; s=test; b=AAAA\r\n"
    .. "ARC-Message-Signature: i=1; a=rsa-sha256; d=football.example.com; s=test; h=from; bh=AAAA; b=AAAA\r\n"
    .. "ARC-Authentication-Results: i=1; mx.example.org 1; spf=pass (a \\(comment) reason=\"x\" smtp.mailfrom=\"a b\"@c.example; dkim=none\r\n"
  local pieces = {";", "=", "(", ")", "\"", "\\", "i=2;", "i=0;", "cv=pass;", ".", "/1", "\r\n", " ", "\0", "\255", "ARC-Seal: i=2", "none", ":"}
  for _ = 1, 300 do
    local at = math.random(#head)
    local bent = head:sub(1, at) .. pieces[math.random(#pieces)] .. head:sub(at + math.random(0, 10)) .. MAIL
    truthy(({pass = 1, fail = 1, none = 1, temperror = 1})[truthy(policy.arc(bent)).verdict])
    for _, field in ipairs(policy.authentication_results(bent).fields) do truthy(#field.results > 0 or field.none or #field.anomalies > 0) end
  end
end)

test("a mail that is made to be slow is not", function()
  zones(table.unpack(KEYS))
  local began = os.clock()
  local signature = MAIL:match("DKIM%-Signature: v=1; a=rsa.-\n%f[^\n]From") or MAIL:match("(DKIM%-Signature: v=1; a=rsa.-)From:")
  local body = ("line of text\n"):rep(50000)
  local header = ("Subject: " .. ("x"):rep(900) .. "\n"):rep(500)
  policy.dkim(signature:rep(20) .. header .. MAIL .. body)
  truthy(os.clock() - began < 30, "it took too long")
end)

os.exit(t.finish())
