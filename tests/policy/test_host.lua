-- Owns: the names of an address (policy.fcrdns), and names for EHLO (policy.helo).
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local function ids(r)
  local list = {}
  for i, finding in ipairs(r.findings) do list[i] = finding.id end
  return table.concat(list, ", ")
end

local function reverse(names)
  local list = {}
  for i, name in ipairs(names) do list[i] = {PTR = name} end
  world.zones {["1.2.0.192.in-addr.arpa"] = list, ["mx.example.org"] = {{A = "192.0.2.1"}}, ["other.example.org"] = {{A = "192.0.2.2"}},
    ["host-192-0-2-1.isp.example"] = {{A = "192.0.2.1"}}, ["lame.example.org"] = {"SERVFAIL"}}
  return policy.fcrdns("192.0.2.1")
end

test("a name that leads back is right, and nothing is found", function()
  local r = reverse {"mx.example.org"}
  equal(r.verdict .. " " .. r.name .. " " .. ids(r), "pass mx.example.org ")
end)

test("no name, a name that leads elsewhere, and a name that cannot be looked up are told apart", function()
  world.zones {["2.0.192.in-addr.arpa"] = {{TXT = "x"}}}
  local none = policy.fcrdns("192.0.2.1")
  equal(none.verdict .. " " .. ids(none), "none fcrdns-no-ptr")
  local wrong = reverse {"other.example.org"}
  equal(wrong.verdict .. " " .. ids(wrong), "fail fcrdns-mismatch")
  local lame = reverse {"lame.example.org"}
  equal(lame.verdict .. " " .. ids(lame), "temperror ")
end)

test("one of several names is enough, and a made-up one is told of", function()
  local r = reverse {"other.example.org", "mx.example.org"}
  equal(r.verdict, "pass")
  truthy(ids(r):find("fcrdns-several-names", 1, true))
  equal(ids(reverse {"host-192-0-2-1.isp.example"}), "fcrdns-generic-name")
end)

test("a server's failure on the way is no missing name", function()
  world.zones {["1.2.0.192.in-addr.arpa"] = {"SERVFAIL"}}
  equal(policy.fcrdns("192.0.2.1").verdict, "temperror")
end)

-- name, verdict, finding
local names = {
  {"mx.example.org", "pass", ""}, {"mx.example.org.", "pass", ""}, {"other.example.org", "mismatch", "helo-mismatch"},
  {"gone.example.org", "fail", "helo-unresolved"},
  {"lame.example.org", "temperror", ""}, {"mx", "fail", "helo-not-fqdn"}, {"localhost.localdomain", "fail", "helo-not-public"},
  {"mail.office.local", "fail", "helo-not-public"}, {"under_score.example.org", "fail", "helo-syntax"}, {"-mx.example.org", "fail", "helo-syntax"},
  {"192.0.2.1", "fail", "helo-bare-address"}, {"[192.0.2.1]", "literal", "helo-literal"}, {"[192.0.2.2]", "fail", "helo-mismatch"},
  {"[IPv6:2001:db8::1]", "fail", "helo-mismatch"}, {"[2001:db8::1]", "fail", "helo-syntax"}, {"[mx.example.org]", "fail", "helo-syntax"},
}
for _, case in ipairs(names) do
  test(("EHLO %s from 192.0.2.1 is %s"):format(case[1], case[2]), function()
    reverse {}
    local r = policy.helo(case[1], "192.0.2.1")
    equal(r.verdict .. " " .. ids(r), case[2] .. " " .. case[3])
    truthy(#require("ehlo.render").text(r) > 0)
  end)
end

test("a finding names the name that it is about", function()
  reverse {}
  for _, name in ipairs {"mx", "under_score.example.org", "192.0.2.1"} do
    truthy(policy.helo(name, "192.0.2.1").findings[1].text:find('"' .. name .. '" is ', 1, true))
  end
end)

test("wrong arguments raise", function()
  raises("address", policy.fcrdns, "mx.example.org")
  raises("name", policy.helo, "")
  raises("address", policy.helo, "mx.example.org", "here")
end)

os.exit(t.finish())
