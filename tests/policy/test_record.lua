-- Owns: the frame of policies: traced questions within limits, findings, the record, and how it is drawn.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
local record = require "ehlo.policy.record"

local function sample()
  local r = record.new {policy = "spf", subject = "example.org", extra = 3}
  r:lookup("txt", "example.org")
  r:inside(function() r:note("include:b.example", "no match") end)
  r:finding {id = "x", level = "warn", text = "Something is odd.", evidence = "v=spf1 \27[31m", fix = "Make it even.", reference = "RFC 1"}
  return r:finish {verdict = "pass", summary = "It passes.", fix = "Nothing is to be done."}
end

test("a question is asked, traced and timed", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 -all"}}}
  local r = sample()
  equal(r.trace[1].what, "TXT example.org")
  equal(r.trace[1].answer, '"v=spf1 -all"')
  truthy(r.trace[1].seconds >= 0)
  equal(r.trace[1].depth, 0)
  equal(r.trace[2].depth, 1)
  equal(world.asked()[1], "example.org TXT udp")
end)

test("failures are told apart in the trace", function()
  world.zones {["a.example.org"] = {"SERVFAIL"}, ["c.example.org"] = {"TIMEOUT"}, ["d.example.org"] = {{A = "192.0.2.1"}}}
  local r = record.new {policy = "spf", subject = "example.org"}
  for _, name in ipairs {"a", "d", "e"} do r:lookup("txt", name .. ".example.org") end
  r:lookup("txt", "c.example.org", {timeout = 0.3})
  local answers = {}
  for i, line in ipairs(r.trace) do answers[i] = line.answer end
  equal(table.concat(answers, "; "), "server failure; no such record; the name does not exist; no answer in time")
end)

test("a cut answer comes whole over TCP", function()
  world.zones {["example.org"] = {"TRUNCATE", {TXT = ("x"):rep(300)}}}
  local list = assert(dns.txt("example.org"))
  equal(#list[1].text, 300)
  local asked = world.asked()
  equal(asked[#asked], "example.org TXT tcp")
end)

test("there is an end to questions, and to their time", function()
  world.zones {["example.org"] = {{TXT = "x"}}}
  local r = record.new {policy = "spf", subject = "example.org", lookups = 1}
  truthy(r:lookup("txt", "example.org"))
  local list, _, err = r:lookup("txt", "example.org")
  equal(list, nil)
  equal(err.reason, "limit")
  local late = record.new {policy = "spf", subject = "example.org", timeout = 0}
  equal(select(3, late:lookup("txt", "example.org")).reason, "timeout")
end)

test("what somebody publishes a thousand times is told in part", function()
  local r = record.new {policy = "spf", subject = "example.org"}
  local long = ("ü "):rep(5000)
  r:note("TXT example.org", long)
  r:finding {id = "x", level = "fail", text = "Too much.", evidence = long}
  r = r:finish {verdict = "permerror", summary = "No.", evidence = long}
  for _, text in ipairs {r.trace[1].answer, r.findings[1].evidence, r.evidence} do
    truthy(#text < 2100 and text:sub(-4) == " ...", #text)
    truthy(utf8.len(text))
  end
end)

test("a finding is said once, and must have a level", function()
  local r = record.new {policy = "spf", subject = "example.org"}
  for _ = 1, 2 do r:finding {id = "x", level = "info", text = "Once."} end
  equal(#r.findings, 1)
  raises("level", function() r:finding {id = "y", level = "odd", text = "Never."} end)
end)

test("what comes of it is a plain table: text, JSON and Markdown are made of it", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 -all"}}}
  local r, render = sample(), require "ehlo.render"
  equal(r.note, nil)
  equal(tostring(r) .. "\n", render.text(r))
  local text = render.text(r)
  truthy(text:find("SPF  example.org", 1, true) and text:find("It passes.", 1, true), text)
  truthy(text:find('TXT example.org      "v=spf1 -all"', 1, true), text)
  truthy(text:find("\n      include:b.example  no match", 1, true), text)
  equal(text:find("\27[31m", 1, true), nil)
  local json = render.text(r, "json")
  truthy(json:find('^{"ehlo":1,"kind":"policy","policy":"spf","subject":"example.org","verdict":"pass"'), json)
  truthy(json:find('"extra":3', 1, true), json)
  truthy(render.text(r, "markdown"):find("# SPF  example.org: pass", 1, true))
  equal(require("ehlo.pretty").text(r, {how = "auto"}):find("kind"), nil)
end)

test("the table offers what its modules have, at the prompt too", function()
  truthy(type(policy) == "table")
  for name, value in pairs(policy) do equal(type(value), "function", name) end
  equal(policy, require "ehlo.policy")
end)

os.exit(t.finish())
