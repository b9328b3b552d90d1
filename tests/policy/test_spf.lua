-- Owns: SPF from Lua: the record of an answer, audits with their findings, each where it belongs and not elsewhere, and records that were
-- damaged in every way. The rules of evaluation have cases of their own (spf_cases.yml).
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local function ids(r)
  local list = {}
  for i, finding in ipairs(r.findings) do list[i] = finding.level .. " " .. finding.id end
  table.sort(list)
  return table.concat(list, ", ")
end

-- The audit of a record whose zones beside it are given.
local function audit(text, zones)
  zones = zones or {}
  zones["example.org"] = zones["example.org"] or {{TXT = text}}
  world.zones(zones)
  return policy.spf_record("example.org")
end

test("an answer says what decided, and where inside an include", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 include:b.example -all"}}, ["b.example"] = {{TXT = "v=spf1 ip4:192.0.2.0/24 -all"}}}
  local r = policy.spf {ip = "192.0.2.1", from = "user@example.org"}
  equal(r.result, "pass")
  equal(r.verdict, "pass")
  equal(r.mechanism, "include:b.example")
  equal(r.matched.domain .. " " .. r.matched.term, "b.example ip4:192.0.2.0/24")
  equal(r.lookups, 1)
  equal(r.trace[3].what .. " " .. r.trace[3].depth, "TXT b.example 1")
  equal(#world.asked(), 2)
end)

test("a refusal says what to add, and an error what to mend", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 -all"}}, ["bad.example.org"] = {{TXT = "v=spf1 mxx -all"}}}
  local r = policy.spf {ip = "2001:db8::1", from = "user@example.org"}
  truthy(r.fix:find('"ip6:2001:db8::1"', 1, true), r.fix)
  local bad = policy.spf {ip = "192.0.2.1", from = "bad.example.org"}
  equal(bad.result, "permerror")
  truthy(bad.summary:find('no mechanism "mxx"', 1, true), bad.summary)
  truthy(ids(bad):find("spf-syntax", 1, true))
end)

test("what a server put into an explanation cannot touch a terminal", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 -all exp=why.example.org"}}, ["why.example.org"] = {{TXT = "%{l} says"}}}
  equal(policy.spf({ip = "192.0.2.1", from = "\27[31m@example.org"}).explanation, "\\x1B[31m says")
end)

test("local parts beyond ASCII match no term that holds them", function()
  world.zones {["example.org"] = {{TXT = "v=spf1 exists:%{l}.example.org -all"}}, ["*"] = {{A = "127.0.0.2"}}}
  equal(policy.spf({ip = "192.0.2.1", from = "j\u{f6}rg@example.org"}).result, "fail")
end)

test("an audit lists all networks, each with where it comes from", function()
  local r = audit("v=spf1 ip4:192.0.2.0/24 mx include:b.example -all", {
    ["example.org"] = {{TXT = "v=spf1 ip4:192.0.2.0/24 mx include:b.example -all"}, {MX = {10, "mx.example.org"}}},
    ["mx.example.org"] = {{A = "198.51.100.1"}, {AAAA = "2001:db8::1"}},
    ["b.example"] = {{TXT = "v=spf1 ip4:203.0.113.0/25 -ip4:203.0.113.128/25 ~all"}},
  })
  local rows = {}
  for i, row in ipairs(r.networks) do rows[i] = row.network .. " " .. row.term end
  equal(table.concat(rows, "; "), "192.0.2.0/24 ip4:192.0.2.0/24; 198.51.100.1 mx; 2001:db8::1 mx; 203.0.113.0/25 ip4:203.0.113.0/25")
  equal(r.verdict, "valid")
  equal(r.lookups, 2)
  equal(ids(r), "")
end)

-- record, zones beside it, the findings that must be there, the verdict
local long = {}
for i = 1, 25 do long[i] = "ip4:198.51.100." .. i end
local hosts = {}
for i = 1, 11 do hosts[i] = {MX = {i, "mx" .. i .. ".example"}} end
local cases = {
  {"v=spf1 +all", nil, "fail spf-all-pass", "valid"},
  {"v=spf1 a:m.example ?all", {["m.example"] = {{A = "192.0.2.1"}}}, "warn spf-all-neutral", "valid"},
  {"v=spf1 ip4:192.0.2.1", nil, "warn spf-no-all", "valid"},
  {"v=spf1 ptr -all", nil, "warn spf-ptr", "valid"},
  {"v=spf1 -all ip4:192.0.2.1", nil, "warn spf-unreachable", "valid"},
  {"v=spf1 -all redirect=b.example", nil, "warn spf-redirect-beside-all", "valid"},
  {"v=spf1 ip4:192.0.2.1 ip4:192.0.2.1 -all", nil, "warn spf-duplicate-term", "valid"},
  {"v=spf1 include:b.example include:b.example -all", {["b.example"] = {{TXT = "v=spf1 -all"}}}, "warn spf-duplicate-include", "valid"},
  {"v=spf1 include:b.example include:c.example -all", {["b.example"] = {{TXT = "v=spf1 include:c.example -all"}}, ["c.example"] = {{TXT = "v=spf1 -all"}}},
    "warn spf-duplicate-include", "valid"},
  {"v=spf1 " .. table.concat(long, " ") .. " -all", nil, "warn spf-record-long", "valid"},
  {"v=spf1 ip4:0.0.0.0/0 -all", nil, "fail spf-wide-network", "valid"},
  {"v=spf1 ip4=192.0.2.1 -all", nil, "info spf-unknown-modifier", "valid"},
  {"v=spf1 include:gone.example -all", nil, "fail spf-include-none", "permerror"},
  {"v=spf1 redirect=gone.example", nil, "fail spf-redirect-none", "permerror"},
  {"v=spf1 include:b.example -all", {["b.example"] = {{TXT = "v=spf1 include:example.org -all"}}}, "fail spf-loop", "permerror"},
  {"v=spf1 include:b.example -all", {["b.example"] = {"SERVFAIL"}}, "warn spf-dns", "temperror"},
  {"v=spf1 ipv4:192.0.2.1 -all", nil, "fail spf-syntax", "permerror"},
  {"v=spf1 a:gone.example -all", nil, "warn spf-void-lookup", "valid"},
  {"v=spf1 a:g1.example a:g2.example a:g3.example -all", nil, "fail spf-too-many-void-lookups", "permerror"},
  {"v=spf1 mx:big.example -all", {["big.example"] = hosts}, "fail spf-too-many-names", "permerror"},
  {"v=spf1 exists:%{i}.a exists:%{i}.b exists:%{i}.c exists:%{i}.d exists:%{i}.e exists:%{i}.f exists:%{i}.g exists:%{i}.h -all", nil,
    "warn spf-near-limit", "valid"},
  {"v=spf1 exists:%{i}.a exists:%{i}.b exists:%{i}.c exists:%{i}.d exists:%{i}.e exists:%{i}.f exists:%{i}.g exists:%{i}.h exists:%{i}.j exists:%{i}.k "
    .. "exists:%{i}.l -all", nil, "fail spf-too-many-lookups", "permerror"},
  {nil, {["example.org"] = {{TXT = "v=spf1 -all"}, {TXT = "v=spf1 ~all"}}}, "fail spf-several-records", "permerror"},
  {"v=spf1 ip4:192.0.2.1 -all", nil, "", "valid"},
  {nil, {["example.org"] = {{TXT = "hello"}}}, "", "none"},
  {nil, {["example.org"] = {"SERVFAIL"}}, "warn spf-dns", "temperror"},
}

for _, case in ipairs(cases) do
  test(("%s is %s%s"):format(case[1] and case[1]:sub(1, 60) or "a domain of other texts", case[4], case[3] ~= "" and ", with " .. case[3] or ""), function()
    local r = audit(case[1], case[2])
    local wanted, all = case[3], ids(r)
    if wanted == "" then equal(all, "") else truthy((", " .. all .. ","):find(", " .. wanted .. ",", 1, true), all) end
    equal(r.verdict, case[4])
    for _, finding in ipairs(r.findings) do truthy(finding.fix and finding.text:find("%.$"), finding.id) end
    truthy(#require("ehlo.render").text(r) > 0)
  end)
end

test("a record that spreads without end is left in time", function()
  local zones = {}
  for i = 0, 30 do
    zones[i == 0 and "example.org" or "n" .. i .. ".example"] = {{TXT = ("v=spf1 include:n%d.example include:n%d.example -all"):format(i + 1, i + 2)}}
  end
  local r = audit(nil, zones)
  equal(r.verdict, "permerror")
  truthy(#world.asked() < 100, #world.asked())
end)

test("the type that SPF gave up is never asked for", function()
  audit("v=spf1 -all")
  for _, line in ipairs(world.asked()) do equal(line:find(" SPF ", 1, true), nil, line) end
end)

test("wrong arguments raise, and say which", function()
  raises("ip", policy.spf, {ip = "nonsense", from = "example.org"})
  raises("colour", policy.spf, {ip = "192.0.2.1", from = "example.org", colour = "red"})
  raises("from", policy.spf, {ip = "192.0.2.1"})
  raises("string", policy.spf, {ip = "192.0.2.1", from = 3})
  raises("string", policy.spf_record, 3)
end)

local parse, macro, ip = require "ehlo.policy.spf_parse", require "ehlo.policy.spf_macro", require "ehlo.policy.ip"

local seeds = {"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 a mx:example.org/24//64 include:_spf.example.net exists:%{ir}.%{v}._spf.%{d2} ptr -all",
  "v=spf1 redirect=_spf.%{d} exp=why.%{o} unknown=%{s}", "v=spf1 exists:%{l1r+-}.%{h}.example.org ?all", "v=spf1 a:%{p}.example.org ~all"}
local marks = {"%{", "}", "%", "/", "//", ":", "=", " ", "\0", "\255", "\t", "%{d99}", "%{", "ip4:", "::", ".", "all", "-", "+", "~", "redirect=", "1", "0"}

local function damaged(text)
  for _ = 1, math.random(1, 5) do
    local at, mark = math.random(0, #text), marks[math.random(#marks)]
    local kind = math.random(4)
    if kind == 1 then text = text:sub(1, at) .. mark .. text:sub(at + 1) end
    if kind == 2 then text = text:sub(1, at) .. text:sub(at + math.random(1, 9)) end
    if kind == 3 then text = text:sub(1, at) .. string.char(math.random(0, 255)) .. text:sub(at + 2) end
    if kind == 4 then text = text:sub(1, at) .. mark:rep(math.random(200)) .. text:sub(at + 1) end
  end
  return text
end

test("damaged records are read without a fault, each term once, as a term or a mistake", function()
  math.randomseed(20261129)
  local deadline, n = os.clock() + 2, 0
  while os.clock() < deadline do
    local text = damaged(seeds[math.random(#seeds)])
    local record, words = parse.record(text), 0
    for _ in text:sub(7):gmatch("[^ ]+") do words = words + 1 end
    equal(#record.terms + #record.errors, words, text)
    for _, mistake in ipairs(record.errors) do equal(text:sub(mistake.at, mistake.at + #mistake.term - 1), mistake.term) end
    for _, term in ipairs(record.terms) do
      if term.parts then truthy(#macro.name(macro.expand(term.parts, function() return "a.b-c." .. ("x"):rep(300) end)) <= 253) end
    end
    n = n + 1
  end
  truthy(n > 100, n)
end)

test("an address that is read is written, and read again, as the same", function()
  math.randomseed(20261130)
  for _ = 1, 3000 do
    local bytes = {}
    for i = 1, math.random(2) == 1 and 4 or 16 do bytes[i] = string.char(math.random(3) == 1 and math.random(0, 255) or 0) end
    local address = table.concat(bytes)
    equal(ip.read(ip.text(address)), address)
  end
  for _, text in ipairs {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "::1::", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "g::", "12345::",
    "::1.2.3", "1:2:3:4:5:6:7:8::", ":1:2:3:4:5:6:7"} do
    equal(ip.read(text), nil, text)
  end
  equal(ip.text(ip.read("2001:DB8:0:0:1:0:0:1")), "2001:db8::1:0:0:1")
  equal(ip.network(ip.read("192.0.2.77"), 25), "192.0.2.0/25")
end)

os.exit(t.finish())
