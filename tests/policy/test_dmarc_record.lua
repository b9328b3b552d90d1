-- Owns: DMARC records found, read and judged: each finding in a world where it appears, and one where it does not.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local world = dofile(os.getenv("EHLO_TESTS") .. "/policy/world.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
local parse = require("ehlo.policy.dmarc_record").parse

local GOOD = "v=DMARC1; p=reject; rua=mailto:d@example.org"

local function ids(r)
  local list = {}
  for i, finding in ipairs(r.findings) do list[i] = finding.id end
  return table.concat(list, " ")
end

local function audit(record, more)
  local zones = more or {}
  local items = {}
  for i, text in ipairs(type(record) == "table" and record or {record}) do items[i] = {TXT = text} end
  zones["_dmarc.example.org"] = items
  world.zones(zones)
  return policy.dmarc("example.org")
end

test("a good record has no findings", function()
  local r = audit(GOOD)
  equal(r.verdict, "present")
  equal(r.requested, "reject")
  equal(ids(r), "")
  equal(r.rua[1].address, "d@example.org")
  equal(r.found_at, "example.org")
  equal(r.summary, "example.org asks receivers to reject failing mail.")
end)

-- record: verdict, findings
local records = {
  {"v=DMARC1; p=none; rua=mailto:d@example.org", "present", "dmarc-policy-none"},
  {"v=DMARC1; p=quarantine", "present", "dmarc-no-reports"},
  {"v=DMARC1; p=reject; sp=none; rua=mailto:d@example.org", "present", "dmarc-subdomains-weaker"},
  {"v=DMARC1; p=reject; pct=20; rua=mailto:d@example.org", "present", "dmarc-pct"},
  {"v=DMARC1; p=reject; pct=120; rua=mailto:d@example.org", "present", "dmarc-syntax"},
  {"v=DMARC1; p=reject; adkim=x; rua=mailto:d@example.org", "present", "dmarc-syntax"},
  {"v=DMARC1; p=block; rua=mailto:d@example.org", "present", "dmarc-syntax dmarc-policy-none"},
  {"v=DMARC1; p=block", "invalid", "dmarc-syntax"},
  {"v=DMARC1; p=reject; sp=maybe", "invalid", "dmarc-syntax"},
  {"v=DMARC1; rua=mailto:d@example.org", "present", "dmarc-no-policy dmarc-policy-none"},
  {"v=DMARC1", "invalid", "dmarc-no-policy"},
  {"v=DMARC1; rua=mailto:d@example.org; p=reject", "present", "dmarc-order"},
  {"v=DMARC1; p=reject; rua=d@example.org", "present", "dmarc-report-address dmarc-no-reports"},
  {"v=DMARC1; p=reject; rua=https://example.org/dmarc", "present", "dmarc-report-address dmarc-no-reports"},
  {"v=DMARC1; p=reject; rua=mailto:d@example.org!10m,mailto:e@sub.example.org", "present", ""},
  {"v=DMARC1; p=reject; p=none; rua=mailto:d@example.org", "present", "dmarc-tag-twice"},
  {"v=DMARC1; p=reject; color=red; rua=mailto:d@example.org", "present", "dmarc-unknown-tag"},
  {"v=DMARC1; p=reject, rua=mailto:d@example.org", "invalid", "dmarc-syntax"},
  {"v=DMARC1; p=reject; odd; rua=mailto:d@example.org", "present", "dmarc-syntax"},
  {"V=dmarc1; p=reject", "none", "dmarc-near dmarc-missing"},
  {" v=DMARC1; p=reject", "none", "dmarc-near dmarc-missing"},
  {"some other text", "none", "dmarc-missing"},
  {{GOOD, GOOD .. ";"}, "invalid", "dmarc-several"},
  {{GOOD, "some other text"}, "present", ""},
}

test("each fault of a record has its finding", function()
  for _, row in ipairs(records) do
    local r = audit(row[1])
    local what = type(row[1]) == "string" and row[1] or row[1][2]
    equal(r.verdict, row[2], what)
    equal(ids(r), row[3], what)
  end
end)

test("a domain without a record takes that of its organisation, and what that says of subdomains", function()
  local zones = {["_dmarc.example.co.uk"] = {{TXT = "v=DMARC1; p=reject; sp=quarantine; np=none; rua=mailto:d@example.co.uk"}},
    ["mail.example.co.uk"] = {{A = "192.0.2.1"}}}
  world.zones(zones)
  local r = policy.dmarc("mail.example.co.uk")
  equal(r.requested, "quarantine")
  truthy(r.inherited)
  equal(r.organisational_domain, "example.co.uk")
  equal(policy.dmarc("gone.example.co.uk").requested, "none")
  equal(policy.dmarc("example.co.uk").requested, "reject")
end)

test("no record is told from no answer", function()
  world.zones {["example.org"] = {{A = "192.0.2.1"}}, ["_dmarc.lame.example"] = {"SERVFAIL"}}
  equal(policy.dmarc("example.org").verdict, "none")
  equal(policy.dmarc("lame.example").verdict, "temperror")
end)

test("reports to another organisation need its consent", function()
  local record = "v=DMARC1; p=reject; rua=mailto:d@reports.example,mailto:x@example.org; ruf=mailto:f@reports.example"
  local refused = audit(record)
  equal(ids(refused), "dmarc-report-unauthorised dmarc-report-unauthorised")
  equal(refused.rua[1].authorised, false)
  equal(refused.rua[2].external, false)
  local asked = world.asked()
  equal(asked[#asked], "example.org._report._dmarc.reports.example TXT udp")
  local agreed = audit(record, {["example.org._report._dmarc.reports.example"] = {{TXT = "v=DMARC1"}}})
  equal(ids(agreed), "")
  equal(agreed.rua[1].authorised, true)
  equal(ids(audit("v=DMARC1; p=reject; rua=mailto:d@reports.example", {["example.org._report._dmarc.reports.example"] = {"SERVFAIL"}})), "dmarc-report-unknown")
end)

test("a mail's verdict says what proves it, and what does not", function()
  audit(GOOD)
  local function judge(spf, dkim) return policy.dmarc {from = "Someone@mail.example.org", spf = spf, dkim = dkim} end
  equal(judge({result = "pass", domain = "bounce.example.org"}).verdict, "pass")
  local elsewhere = judge({result = "pass", domain = "service.example"}, {{result = "fail", domain = "example.org"}})
  equal(elsewhere.verdict, "fail")
  equal(elsewhere.disposition, "reject")
  truthy(elsewhere.summary:find("SPF passes for service.example, which is another domain; the signature of example.org does not hold", 1, true))
  equal(judge(nil, {{result = "pass", domain = "service.example"}, {result = "pass", domain = "example.org"}}).verdict, "pass")
  equal(judge(nil, {{result = "temperror", domain = "example.org"}}).verdict, "temperror")
  equal(judge(nil, {result = "pass", domain = "example.org"}).verdict, "pass")
  equal(policy.dmarc {from = "nobody.example"}.verdict, "none")
end)

test("wrong arguments raise", function()
  raises("from", function() policy.dmarc {} end)
  raises("colour", function() policy.dmarc {from = "example.org", colour = 1} end)
  raises("result", function() policy.dmarc {from = "example.org", spf = {result = "maybe"}} end)
  raises("a domain", function() policy.dmarc() end)
end)

test("a record of anything does no harm", function()
  math.randomseed(2)
  local pieces = {"v=DMARC1;", "p=", "sp=", "reject", "none;", "rua=", "mailto:", "a@b.example", ",", "!",
    "10m", "%41", "%", "=", ";", " ", "\0", "\255", "pct=", "fo=1:d:s"}
  for _ = 1, 5000 do
    local parts = {"v=DMARC1;"}
    for i = 2, math.random(2, 12) do parts[i] = pieces[math.random(#pieces)] end
    local parsed = parse(table.concat(parts))
    truthy(type(parsed.usable) == "boolean" and (not parsed.usable or parsed.p))
    truthy(parsed.pct >= 0 and parsed.pct <= 100)
    for _, uri in ipairs(parsed.rua or {}) do truthy(uri.domain ~= "") end
  end
  truthy(#parse("v=DMARC1;" .. ("p=none;"):rep(20000)).problems > 0)
end)

os.exit(t.finish())
