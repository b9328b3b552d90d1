-- Owns: what holds of MTA-STS and TLS-RPT as text: records, policies, patterns. Callers: ctest, through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = t.test, t.equal, t.truthy
local fields, sts, rpt = require "ehlo.policy.fields", require "ehlo.policy.mta_sts_text", require "ehlo.policy.tls_rpt_text"

local function chosen(...)
  local records = {}
  for i, text in ipairs {...} do records[i] = {text = text} end
  local found, near = fields.choose(records, "STSv1")
  return #found, #near
end

test("records of another kind are passed over, and those that were meant are told", function()
  equal(table.concat({chosen("v=STSv1; id=1;", "other")}, " "), "1 0")
  equal(table.concat({chosen("v=STSv1; id=1", "v=STSv1;id=2")}, " "), "2 0")
  equal(table.concat({chosen("v = STSv1 ; id=1")}, " "), "1 0")
  for _, near in ipairs {"v=STSv1", "V=STSv1; id=1", "v=stsv1; id=1", " v=STSv1; id=1", "\"v=STSv1; id=1\""} do
    equal(table.concat({chosen(near)}, " "), "0 1", near)
  end
  equal(table.concat({chosen("v=STSv10; id=1", "x v=STSv1; id=1")}, " "), "0 1")
end)

test("an id is 1 to 32 letters and digits, whatever else the record has", function()
  for record, id in pairs {
    ["v=STSv1; id=20260101T000000;"] = "20260101T000000", ["v=STSv1;id=1"] = "1", ["v=STSv1; id = a1 ; new=x"] = "a1",
    ["v=STSv1; first-x.y=z; id=2; id=3"] = "2", ["v=STSv1; id=" .. ("a"):rep(32)] = ("a"):rep(32),
  } do equal(sts.id(record), id, record) end
  for record, why in pairs {
    ["v=STSv1;"] = "no id", ["v=STSv1; id="] = "1 to 32", ["v=STSv1; id=a-b"] = "1 to 32", ["v=STSv1; id=" .. ("a"):rep(33)] = "1 to 32",
    ["v=STSv1; nothing"] = "no name=value", ["v=STSv1; id=1; ;x=y"] = "nothing between", ["v=STSv1; =1"] = "no name=value",
  } do
    local id, told = sts.id(record)
    equal(id, nil, record)
    truthy(told:find(why, 1, true), told)
  end
end)

local SOUND = "version: STSv1\nmode: enforce\nmx: mx1.example.org\nmx: *.example.net\nmax_age: 604800\n"

test("a policy is read whatever ends its lines", function()
  for _, body in ipairs {SOUND, SOUND:gsub("\n", "\r\n"), (SOUND:gsub("\n$", "")), SOUND .. "\n\n", (SOUND:gsub("\n", " \t\n"))} do
    local policy, faults = sts.policy(body)
    equal(table.concat(faults, "; "), "", body)
    equal(policy.mode, "enforce")
    equal(policy.max_age, 604800)
    equal(table.concat(policy.mx, " "), "mx1.example.org *.example.net")
  end
end)

test("of a field that comes twice the first counts, and unknown ones do not", function()
  local policy, faults = sts.policy("version:STSv1\nmode : testing\nmode: enforce\nmx: a.example\nmax_age:1\nnew: thing\nversion: 2\n")
  equal(#faults, 0)
  equal(policy.mode, "testing")
  equal(table.concat(policy.repeated, " "), "mode version")
  equal(table.concat(policy.unknown, " "), "new")
end)

test("a policy in mode none needs no mx", function()
  local policy, faults = sts.policy("version: STSv1\nmode: none\nmax_age: 86400\n")
  equal(#faults, 0)
  equal(policy.mode, "none")
end)

test("each way of being no policy has its sentence", function()
  local head = "version: STSv1\nmode: enforce\nmx: a.example\n"
  for body, wanted in pairs {
    [""] = "it has no version", ["<html>\n"] = "is no \"name: value\"", [head] = "it has no max_age",
    ["version: STSv1\nmode: enforce\nmax_age: 1\n"] = "it has no mx", [(SOUND:gsub("enforce", "Enforce"))] = "none of enforce",
    [(SOUND:gsub("STSv1", "STSv2"))] = "is not STSv1", [head .. "max_age: a week\n"] = "no number of seconds",
    [head .. "max_age: 12345678901\n"] = "no number of seconds", [head .. "max_age: -1\n"] = "no number of seconds",
    [(SOUND:gsub("%*%.", "*"))] = "is no host name", [(SOUND:gsub("mx1%.example%.org", "*.*.org"))] = "is no host name",
    [(SOUND:gsub("mx1%.example%.org", "<mx1.example.org>"))] = "is no host name",
    [(SOUND:gsub("\n", "\r"))] = "carriage return", ["\u{FEFF}" .. SOUND] = "byte order mark",
  } do
    local _, faults = sts.policy(body)
    truthy(table.concat(faults, "; "):find(wanted, 1, true), wanted .. " of: " .. table.concat(faults, "; "))
  end
end)

test("a pattern covers its host alone, and a wildcard exactly one label", function()
  local patterns = {"mx1.example.org", "*.example.net"}
  equal(sts.covered(patterns, "MX1.Example.org."), "mx1.example.org")
  equal(sts.covered(patterns, "a.example.net"), "*.example.net")
  for _, host in ipairs {"example.net", "a.b.example.net", ".example.net", "mx2.example.org", "xmx1.example.org", "aexample.net"} do
    equal(sts.covered(patterns, host), nil, host)
  end
end)

test("reports go to mailboxes and to web servers", function()
  local places = rpt.places("v=TLSRPTv1; rua=mailto:tls@example.org?subject=x,https://report.example.net/v1, mailto:a%2Cb@example.com")
  equal(#places, 3)
  equal(places[1].mailbox, "tls@example.org")
  equal(places[1].domain, "example.org")
  equal(places[2].scheme .. " " .. places[2].domain, "https report.example.net")
  equal(places[3].mailbox, "a,b@example.com")
  equal(#rpt.places("v=TLSRPTv1;rua=mailto:tls@example.org;"), 1)
end)

test("what is no place for reports says why", function()
  for uri, why in pairs {
    ["tls@example.org"] = "does not begin", ["http://example.org/"] = "neither", ["mailto:nobody"] = "no mailbox", ["https:example"] = "no host",
  } do truthy(rpt.place(uri).wrong:find(why, 1, true), uri) end
  for record, why in pairs {["v=TLSRPTv1;"] = "no rua", ["v=TLSRPTv1; rua="] = "is empty", ["v=TLSRPTv1; rua"] = "no name=value"} do
    local places, told = rpt.places(record)
    equal(places, nil)
    truthy(told:find(why, 1, true), told)
  end
end)

test("hostile bytes are read without an error", function()
  local state = 20261129
  local function roll(n)
    state = (state * 6364136223846793005 + 1442695040888963407) & 0x7fffffffffffffff
    return (state >> 33) % n
  end
  local pieces = {"version", "mode", "mx", "max_age", ":", " ", "\n", "\r\n", "STSv1", "*.", ".", "\0", "\xff", "%", "-", "9", "=", ";", "rua", "mailto:", ","}
  for _ = 1, 4000 do
    local parts = {}
    for i = 1, roll(24) do parts[i] = pieces[roll(#pieces) + 1] end
    local bytes = table.concat(parts)
    local policy, faults = sts.policy(bytes)
    truthy(type(policy.mx) == "table" and type(faults) == "table", bytes)
    truthy(sts.id("v=STSv1;" .. bytes) ~= false)
    truthy(rpt.places("v=TLSRPTv1;" .. bytes) ~= false)
  end
end)

os.exit(t.finish())
