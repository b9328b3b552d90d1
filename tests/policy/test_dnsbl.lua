-- Owns: blocklists (policy.dnsbl): a listing that is one, and everything that looks like one and is none.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local TESTED = "2.0.0.127."
local zones = {
  ["2.0.0.127.good.example"] = {{A = "127.0.0.2"}},
  ["1.2.0.192.good.example"] = {{A = "127.0.0.2"}, {A = "127.0.0.4"}, {TXT = "see https://good.example/192.0.2.1"}},
  ["2.0.0.127.everything.example"] = {{A = "127.0.0.2"}}, ["1.0.0.127.everything.example"] = {{A = "127.0.0.2"}},
  ["1.2.0.192.everything.example"] = {{A = "127.0.0.2"}}, ["9.2.0.192.everything.example"] = {{A = "127.0.0.2"}},
  ["1.2.0.192.parked.example"] = {{A = "203.0.113.80"}}, ["1.2.0.192.refuses.example"] = {{A = "127.255.255.254"}},
  ["1.2.0.192.over.example"] = {{A = "127.0.0.1"}}, ["1.2.0.192.lame.example"] = {"SERVFAIL"},
  ["test.names.example"] = {{A = "127.0.1.2"}}, ["bad.example.org.names.example"] = {{A = "127.0.1.2"}},
  ["2.0.0.127.dnsbl.sorbs.net"] = {{A = "127.0.0.2"}},
}
-- RFC 5782 section 2.4: the test entries of IPv6
local six = require("ehlo.policy.ip").reversed(require("ehlo.policy.ip").read("::ffff:127.0.0.2"))
zones[six .. ".six.example"] = {{A = "127.0.0.2"}}
zones[require("ehlo.policy.ip").reversed(require("ehlo.policy.ip").read("2001:db8::1")) .. ".six.example"] = {{A = "127.0.0.2"}}

local function ask(subject, zone)
  world.zones(zones)
  local r = policy.dnsbl(subject, {zones = {zone}})
  return r, r.lists[1]
end

test("a listing has its answers, the reason and what to do", function()
  local r, row = ask("192.0.2.1", "good.example")
  equal(r.verdict, "listed")
  equal(table.concat(row.answers, " "), "127.0.0.2 127.0.0.4")
  equal(row.reason, "see https://good.example/192.0.2.1")
  equal(r.findings[1].id, "dnsbl-listed")
  truthy(r.fix:find("cause", 1, true))
end)

-- address or domain, list, status, a piece of why
local rows = {
  {"192.0.2.9", "good.example", "clean"},
  {"192.0.2.1", "everything.example", "unknown", "everything is listed"},
  {"192.0.2.9", "everything.example", "unknown", "everything is listed"},
  {"192.0.2.9", "gone.example", "unknown", "test entry"},
  {"192.0.2.1", "parked.example", "unknown", "rewrites"},
  {"192.0.2.1", "refuses.example", "unknown", "public resolver"},
  {"192.0.2.1", "over.example", "unknown", "127.0.0.1"},
  {"192.0.2.1", "lame.example", "unknown", "usable"},
  {"2001:db8::1", "six.example", "listed"},
  {"2001:db8::2", "six.example", "clean"},
  {"2001:db8::1", "good.example", "unknown", "no IPv6"},
  {"bad.example.org", "names.example", "listed"},
  {"Good.Example.ORG.", "names.example", "clean"},
}
for _, case in ipairs(rows) do
  test(("%s on %s is %s"):format(case[1], case[2], case[3]), function()
    local r, row = ask(case[1], case[2])
    equal(row.status, case[3])
    equal(r.verdict, case[3])
    if case[4] then truthy(row.why:find(case[4], 1, true), row.why) end
    truthy(#require("ehlo.render").text(r) > 0)
  end)
end

test("a list that closed is told of, whatever it answers", function()
  local r = ask("192.0.2.9", "dnsbl.sorbs.net")
  local found = {}
  for _, finding in ipairs(r.findings) do found[finding.id] = true end
  truthy(found["dnsbl-closed"])
end)

test("well-known lists say what an answer means, those of domains by its bits", function()
  local known = {["1.2.0.192.zen.spamhaus.org"] = {{A = "127.0.0.10"}}, [TESTED .. "zen.spamhaus.org"] = {{A = "127.0.0.2"}},
    ["spam.example.multi.surbl.org"] = {{A = "127.0.0.72"}}, ["surbl-org-permanent-test-point.com.multi.surbl.org"] = {{A = "127.0.0.254"}}}
  world.zones(known)
  truthy(policy.dnsbl("192.0.2.1", {zones = {"zen.spamhaus.org"}}).findings[1].text:find("PBL", 1, true))
  equal(policy.dnsbl("spam.example", {zones = {"multi.surbl.org"}}).lists[1].meanings[1], "phishing, abuse in mails")
  for _, row in ipairs(require("ehlo.policy.dnsbl_zones").asked) do truthy(row.delist:find("^https://") and (row.codes or row.bits), row.zone) end
end)

test("by default the table's lists are asked, and no other", function()
  world.zones(zones)
  policy.dnsbl("192.0.2.1")
  local allowed = {}
  for _, row in ipairs(require("ehlo.policy.dnsbl_zones").of("ip")) do allowed[row.zone] = true end
  local n = 0
  for _, line in ipairs(world.asked()) do
    truthy(allowed[line:match("^%d+%.%d+%.%d+%.%d+%.(%S+)")], line)
    n = n + 1
  end
  truthy(n >= 4, n)
end)

test("an address that the world cannot see is asked of nobody", function()
  world.zones(zones)
  equal(policy.dnsbl("10.1.2.3").verdict, "unknown")
  equal(#world.asked(), 0)
end)

test("wrong arguments raise", function()
  raises("address", policy.dnsbl, "two words")
  raises("zones", policy.dnsbl, "192.0.2.1", {zones = "good.example"})
  raises("colour", policy.dnsbl, "192.0.2.1", {colour = 1})
end)

os.exit(t.finish())
