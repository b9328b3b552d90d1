-- Owns: that no allocation of the network module that fails does more harm than to the call that wanted it. Run by ctest; only builds
-- with fault injection have the switch.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, truthy, equal = t.test, t.truthy, t.equal
local fail_at = truthy(smtp) and debug.getregistry()["ehlo.fail_at"]
shell.allow("send")
shell.allow("login")
shell.allow("intrusive")

-- What came back, looked at in every way; results of calls that failed are nil.
local function use(value)
  if value == nil then return end
  tostring(value)
  pcall(report.json, value)
  if type(value) == "userdata" then
    pcall(function()
      for _, each in pairs(value) do tostring(each) end
    end)
  end
end

local unlimited = {helo = "client.example.net", step = 1, tls = "none", per_address = 0, rate = 0}
local options = {user = "user", secret = "secret", name = "mx.example.org", ehlo = {"SIZE 1000", "AUTH PLAIN LOGIN", "CHUNKING"},
  noop = {"250 one", {reply = "250 two", inject = "250 three\r\n"}}, help = function() return "214 from\nthe script" end,
  vrfy = {raw = "252 raw\r\n"}}

-- Each is played with one allocation lost, whichever; what matters is that it ends. Every call is made on its own.
local scenes = {
  session = function(target)
    local s = smtp.connect(target, unlimited)
    if not s then return 0 end
    local replies = 0
    for _, verb in ipairs {
      {"ehlo"}, {"auth", {mechanism = "PLAIN", user = "user", secret = "secret", insecure = true}}, {"noop"}, {"noop"}, {"help"},
      {"vrfy", "a"}, {"expn", "b"}, {"xclient", {ADDR = "192.0.2.1", NAME = "a b"}}, {"mail", "a@example.org", {SIZE = 10}},
      {"rcpt", "b@example.org"}, {"data", "Subject: x\n\n.\n"}, {"pipeline", {"RSET", "MAIL FROM:<>", "RCPT TO:<c@example.org>"}},
      {"bdat", "chunk", true}, {"raw", "NOOP\r\nNOOP\r\n", 2}, {"command", "WHAT"}, {"quit"}} do
      local _, reply = pcall(s[verb[1]], s, table.unpack(verb, 2))
      use(reply)
      if type(reply) ~= "string" and reply then replies = replies + 1 end
    end
    for _, field in ipairs {"capabilities", "timing", "transcript", "exchanges", "findings", "reply", "explanation"} do use(s[field]) end
    s:close()
    return replies
  end,
  probe = function(target)
    local record = smtp.probe(target, {to = "b@example.org", from = "a@example.org", tls = "none", timeout = 2, source = "127.0.0.1", per_address = 0,
      rate = 0, auth = {user = "user", secret = "secret", mechanism = "LOGIN", insecure = true}})
    use(record)
    return record and record.outcome
  end,
  tasks = function(target)
    local results, errors = task.map({target, target, target}, function(each) return smtp.probe(each, unlimited).outcome end,
      {concurrency = 2})
    use(results)
    use(errors)
    return results and results[1]
  end,
}

local whole = {session = 16, probe = "ready", tasks = "ready"} -- what each gives where nothing is lost

local function play(scene)
  local ok, server = pcall(smtp.listen, options)
  if not ok or not server then return end
  local target = server.address .. ":" .. server.port
  local _, result = pcall(scenes[scene], target)
  pcall(use, server.sessions)
  pcall(server.close, server)
  return result
end

for scene in pairs(scenes) do
  test(scene .. " survives the loss of any allocation", function()
    equal(play(scene), whole[scene], "with all of them")
    if not fail_at then return end
    for _, lasting in ipairs {false, true} do
      local nth, reached = 1, true
      while reached and nth < 2000 do
        fail_at(nth, lasting)
        play(scene)
        reached = fail_at(0) >= nth
        nth = nth + (lasting and 7 or 1)
        if nth % 100 == 0 then collectgarbage() end
      end
      truthy(nth > 50 and not reached, "all of them were lost in turn: " .. nth)
    end
    equal(play(scene), whole[scene], "afterwards")
  end, "send login intrusive")
end

os.exit(t.finish(), true)
