-- Owns: the test of dns in a world of signed names: every type of record, what is told of a failure, aliases, mail hosts, suffixes.
-- Callers: ctest, through `ehlo run`, beside dns_server.py.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local function resolver(kind, anchor)
  assert(smtp.resolver {server = assert(os.getenv("EHLO_" .. kind)), trust_anchor = anchor or os.getenv("EHLO_TRUST_ANCHOR"), hosts = ""})
end
resolver "RESOLVER"
t.note(dns, "mail_hosts")

local function both(name, body)
  test(name .. ", outside any task", body)
  test(name .. ", inside a task", function()
    local _, message, err = task.spawn(body):wait()
    if err then error(message, 0) end
  end)
end

local function refused(reason, list, message, err)
  equal(list, nil, reason)
  truthy(type(message) == "string" and #message > 0, reason)
  equal(err.class, "dns-failed", reason)
  equal(err.reason, reason)
  equal(err.phase, "dns", reason)
  return message, err
end

local fields = {
  {"a", "mx.example.org", {address = "192.0.2.25"}},
  {"aaaa", "mx.example.org", {address = "2001:db8::25"}},
  {"txt", "example.org", {text = "v=spf1 mx -all tail"}},
  {"ns", "example.org", {host = "ns.root"}},
  {"cname", "far.example.org", {host = "www.example.org"}},
  {"tlsa", "_25._tcp.mx.example.org", {usage = 3, selector = 1, matching = 1, data = "8cb0fc6c527506a053f4f14c8464bebbd6dede2738d11468dd953d7d6a3021f1"}},
  {"srv", "_submissions._tcp.example.org", {priority = 0, weight = 1, port = 465, host = "mx.example.org"}},
  {"soa", "example.org", {primary = "ns.root", mailbox = "hostmaster.root", serial = 2026112901, refresh = 7200, retry = 3600, expire = 1209600,
    minimum = 60}},
}

for _, row in ipairs(fields) do
  both(row[1] .. " gives what the record says, with its ttl and the verdict of DNSSEC", function()
    local list = assert(dns[row[1]](row[2]))
    equal(#list, 1)
    equal(list.secure, true)
    equal(list.type, row[1]:upper())
    equal(list.canonical, row[2])
    equal(#list.aliases, 0)
    equal(list[1].name, row[2])
    equal(list[1].secure, true)
    truthy(list[1].ttl > 0 and list[1].ttl <= 300)
    truthy(#list[1].rdata > 0)
    for key, value in pairs(row[3]) do equal(list[1][key], value, key) end
  end)
end

test("mx, caa and ptr give all that there are", function()
  local seen = {}
  for _, r in ipairs(assert(dns.mx("example.org"))) do seen[r.preference] = r.host end
  equal(seen[10] .. " " .. seen[20], "mx.example.org backup.example.org")
  seen = {}
  for _, r in ipairs(assert(dns.caa("example.org"))) do seen[r.tag] = ("%d %s %s"):format(r.flags, r.critical, r.value) end
  equal(seen.issue, "0 false ca.example.net")
  equal(seen.iodef, "128 true mailto:security@example.org")
  equal(#assert(dns.ptr("192.0.2.27")), 2)
  equal(assert(dns.ptr("192.0.2.25"))[1].host, "mx.example.org")
end)

test("the DS of a zone is about its DNSKEY", function()
  local key, ds = assert(dns.dnskey("example.org"))[1], assert(dns.ds("example.org"))[1]
  equal(ds.key_tag, key.key_tag)
  equal(ds.algorithm, key.algorithm)
  equal(key.algorithm, 13)
  equal(key.flags, 257)
  equal(#ds.digest, 64)
  equal(#key.key, 88) -- 64 bytes in base64
end)

both("an alias is followed, and each step is told", function()
  local list = assert(dns.a("far.example.org"))
  equal(list.canonical, "mx.example.org")
  equal(#list, 1)
  equal(list[1].name, "mx.example.org")
  equal(list.aliases[1].name .. " " .. list.aliases[1].host, "far.example.org www.example.org")
  equal(list.aliases[2].name .. " " .. list.aliases[2].host, "www.example.org mx.example.org")
  equal(list.aliases[2].secure, true)
  truthy(list.aliases[2].ttl > 0)
end)

both("aliases in a circle are named as such, and end", function()
  local message = refused("loop", dns.a("circle.example.org"))
  truthy(message:find("circle", 1, true))
  refused("loop", dns.mx("round.example.org"))
  equal(assert(dns.cname("circle.example.org"))[1].host, "round.example.org")
end)

both("no such name, no such record, a failing server and a bogus answer are told apart", function()
  local _, err = refused("nxdomain", dns.a("gone.example.org"))
  equal(err.secure, true)
  _, err = refused("nxdomain", dns.a("gone.plain.example"))
  equal(err.secure, false)
  local list = assert(dns.mx("mx.example.org"))
  equal(#list, 0)
  equal(list.secure, true)
  list = assert(dns.mx("mx.plain.example"))
  equal(#list, 0)
  equal(list.secure, false)
  equal(#assert(dns.a("x.example.org")), 0) -- an empty name between others
  for _, zone in ipairs {"silent", "refused", "servfail"} do refused("servfail", dns.a("mx." .. zone .. ".example")) end
  refused("name", dns.a("a..b"))
end)

both("a bogus answer says why", function()
  truthy(refused("bogus", dns.a("mx.expired.example")):find("signature expired", 1, true))
  truthy(refused("bogus", dns.a("mx.forged.example")):find("signature verification failed", 1, true))
  truthy(refused("bogus", dns.a("mx.bare.example")):find("DNSKEY", 1, true))
  equal(assert(dns.a("backup.forged.example"))[1].secure, true)
end)

test("a message about a name says the name once", function()
  for _, name in ipairs {"nothing-here.example.org", "gone.example.org"} do
    local _, message = dns.a(name)
    equal(select(2, message:gsub(name:gsub("%p", "%%%0"), "")), 1, message)
  end
end)

test("an alias that leads to nothing names what does not exist", function()
  local message, err = refused("nxdomain", dns.a("alias-of-nothing.example.org"))
  truthy(message:find("gone.example.org", 1, true))
  equal(err.canonical, "gone.example.org")
  equal(#err.aliases, 1)
end)

test("a zone without signatures is insecure, and one with NSEC3 as secure as any", function()
  equal(assert(dns.mx("plain.example")).secure, false)
  equal(assert(dns.mx("plain.example"))[1].secure, false)
  equal(assert(dns.mx("third.example")).secure, true)
  equal(refused("nxdomain", dns.a("gone.third.example")) ~= nil, true)
end)

test("a name is told in the form that DNS has", function()
  for name, wanted in pairs {["BÜCHER.example."] = "xn--bcher-kva.example", ["Mail.Example.ORG"] = "mail.example.org", ["."] = "."} do
    equal(dns.ascii(name), wanted, name)
  end
  local none, message, err = dns.ascii("a..b")
  equal(none, nil)
  equal(err.class, "dns-failed", message)
end)

test("names in Unicode are asked for in the form that DNS has", function()
  local message = refused("nxdomain", dns.a("bücher.example.org"))
  truthy(message:find("xn--bcher-kva.example.org", 1, true), message)
end)

test("a record of any type can be asked for, by number too", function()
  local list = assert(dns.query("example.org", "TYPE257"))
  equal(list.type, "CAA")
  equal(#list, 2)
  list = assert(dns.query("example.org", "TYPE65280"))
  equal(list.type, "TYPE65280")
  equal(#list, 0)
end)

-- Mail hosts: what is found of each domain, and nothing else.
local cases = {
  {"good.cases.example.org", "mx", ""}, {"null.cases.example.org", "null", ""},
  {"null-preference.cases.example.org", "null", "null-mx-preference"}, {"null-mixed.cases.example.org", "mx", "null-mx-with-others"},
  {"implicit.cases.example.org", "implicit", "implicit-mx"}, {"none.cases.example.org", "none", "no-mail-hosts"},
  {"alias.cases.example.org", "mx", "domain-is-alias"}, {"mx-alias.cases.example.org", "mx", "mx-is-alias"},
  {"literal.cases.example.org", "mx", "mx-is-address", "ip-literal"}, {"private.cases.example.org", "mx", "mx-not-public"},
  {"loopback.cases.example.org", "mx", "mx-not-public"}, {"corp.example", "mx", ""},
  {"dangling.cases.example.org", "mx", "mx-dangling", "nxdomain"}, {"no-address.cases.example.org", "mx", "mx-no-address", "no-address"},
  {"bogus.cases.example.org", "mx", "mx-bogus"}, {"servfail.cases.example.org", "mx", "mx-lookup-failed", "servfail"},
  {"circle.cases.example.org", "mx", "mx-loop", "loop"}, {"twice.cases.example.org", "mx", "mx-twice"},
  {"odd.cases.example.org", "mx", "mx-odd-name"}, {"insecure.cases.example.org", "mx", ""}, {"plain.example", "mx", ""},
}

for _, case in ipairs(cases) do
  test("mail hosts of " .. case[1] .. ": " .. (case[3] ~= "" and case[3] or "nothing to find"), function()
    local found = assert(dns.mail_hosts(case[1]))
    equal(found.domain, case[1])
    equal(found.kind, case[2])
    local ids = {}
    for i, finding in ipairs(found.findings) do
      ids[i] = finding.id
      truthy(({fail = true, warn = true, info = true})[finding.level] and #finding.text > 0, finding.id)
    end
    equal(table.concat(ids, " "), case[3])
    equal(found.hosts[1] and found.hosts[1].reason, case[4])
    if case[4] then truthy(#found.hosts[1].message > 0) end
  end)
end

test("of a great many mail hosts the first hundred are looked up, and the rest is said once", function()
  local found = assert(dns.mail_hosts("many.example.org"))
  equal(#found.hosts, 103)
  equal(found.hosts[100].host, "h99.many.example.org")
  equal(found.hosts[100].addresses[1].address, "192.0.2.40")
  equal(found.hosts[101].reason, "limit")
  equal(#found.findings, 1)
  equal(found.findings[1].id, "mx-too-many")
end)

both("mail hosts come in order, each with all its addresses and its verdict", function()
  local found = assert(dns.mail_hosts("example.org", {timeout = 20}))
  equal(found.secure, true)
  equal(found.hosts[1].host .. " " .. found.hosts[2].host, "mx.example.org backup.example.org")
  equal(found.hosts[1].preference, 10)
  equal(found.hosts[1].addresses[1].address .. " " .. found.hosts[1].addresses[2].address, "192.0.2.25 2001:db8::25")
  equal(found.hosts[1].addresses[1].secure, true)
  truthy(found.hosts[1].addresses[1].ttl > 0)
  equal(found.hosts[1].secure, true)
  equal(assert(dns.mail_hosts("insecure.cases.example.org")).hosts[1].secure, false)
  equal(assert(dns.mail_hosts("mx-alias.cases.example.org")).hosts[1].canonical, "mx.example.org")
end)

both("a domain whose MX cannot be looked up has no mail hosts to tell", function()
  refused("nxdomain", dns.mail_hosts("gone.example.org"))
  refused("servfail", dns.mail_hosts("servfail.example"))
  refused("bogus", dns.mail_hosts("expired.example"))
end)

test("the root among MX records counts for nothing beside others, and hosts are tried by preference, then by name", function()
  local mail_hosts = require "ehlo.mail_hosts"
  local kind, hosts, null = mail_hosts.choose("d", {{host = "b", preference = 20}, {host = ".", preference = 0}, {host = "c", preference = 10},
    {host = "a", preference = 10}})
  equal(kind, "mx")
  equal(hosts[1].host .. hosts[2].host .. hosts[3].host, "acb")
  equal(null.host, ".")
  kind, hosts = mail_hosts.choose("d", {secure = true})
  equal(kind .. " " .. hosts[1].host, "implicit d")
  equal((mail_hosts.choose("d", {{host = ".", preference = 0}})), "null")
end)

test("what can be no name of a host is seen to be an address", function()
  local is_address = require("ehlo.mail_hosts").is_address
  for _, each in ipairs {"192.0.2.1", "2001:db8::1", "[2001:db8::1]", "::1"} do truthy(is_address(each), each) end
  for _, each in ipairs {"mx.example.org", "1.2.3.4.example.org", "dead.beef", "a", "10"} do truthy(not is_address(each), each) end
end)

-- Resolvers that are no good.
test("a resolver that keeps DNSSEC back is a finding and breaks nothing", function()
  resolver "STRIPPING_RESOLVER"
  local found = assert(dns.mail_hosts("example.org"))
  equal(found.secure, false)
  equal(#found.hosts[1].addresses, 2)
  equal(found.findings[1].id, "resolver-not-validating")
  equal(dns.resolver().validates, false)
  equal(assert(dns.a("mx.plain.example")).secure, false)
  refused("nxdomain", dns.a("gone.example.org"))
  resolver "RESOLVER"
  equal(assert(dns.mail_hosts("example.org")).findings[1], nil)
  equal(dns.resolver().validates, true)
end)

test("behind a resolver that does not validate, answers are validated here", function()
  resolver "PLAIN_RESOLVER"
  equal(assert(dns.a("mx.example.org")).secure, true)
  refused("bogus", dns.a("mx.forged.example"))
  equal(dns.resolver().validates, true)
end)

test("without an anchor nothing is secure, and nothing bogus", function()
  resolver("PLAIN_RESOLVER", "")
  equal(assert(dns.a("mx.example.org")).secure, false)
  equal(assert(dns.a("mx.forged.example"))[1].address, "192.0.2.66")
  equal(dns.resolver().validates, nil)
end)

test("a resolver that is silent, refuses or fails is told apart", function()
  resolver("SILENT_RESOLVER", "")
  refused("timeout", dns.a("mx.example.org", {timeout = 0.3}))
  resolver("SERVFAIL_RESOLVER", "")
  refused("servfail", dns.a("mx.example.org", {timeout = 20}))
  resolver "RESOLVER"
end)

test("whom questions go to can be told", function()
  equal(dns.resolver().servers[1], os.getenv("EHLO_RESOLVER"))
  equal(dns.resolver().recursive, false)
end)

test("at the prompt records read as in a zone file, and mail hosts as a table", function()
  local pretty = require "ehlo.pretty"
  local text = pretty.text(assert(dns.mx("example.org")))
  truthy(text:find("example%.org%.%s+%d+  IN MX  10 mx%.example%.org%.\n.*IN MX  20 backup%.example%.org%."), text)
  truthy(pretty.text(assert(dns.a("far.example.org"))):find("IN CNAME  www.example.org.", 1, true))
  text = pretty.text(assert(dns.mail_hosts("example.org")))
  truthy(text:find("example.org: 2 MX hosts", 1, true) and text:find("2001:db8::25", 1, true), text)
  truthy(pretty.text(assert(dns.mail_hosts("null.cases.example.org"))):find("takes no mail", 1, true))
end)

-- Suffixes.
test("the organisational domain is what somebody registered", function()
  for name, wanted in pairs {["mail.example.co.uk"] = "example.co.uk", ["example.org"] = "example.org", ["a.b.EXAMPLE.org."] = "example.org",
    ["co.uk"] = "co.uk", ["city.kawasaki.jp"] = "city.kawasaki.jp", ["a.b.c.kawasaki.jp"] = "b.c.kawasaki.jp", ["foo.github.io"] = "foo.github.io",
    ["www.食狮.公司.cn"] = "xn--85x722f.xn--55qx5d.cn", ["mx.corp.internal"] = "corp.internal"} do
    equal(dns.organisational_domain(name), wanted, name)
  end
end)

test("a public suffix is told, and whether anybody lists it", function()
  local suffix, listed = dns.public_suffix("mail.example.co.uk")
  equal(suffix, "co.uk")
  equal(listed, true)
  suffix, listed = dns.public_suffix("mx.corp.internal")
  equal(suffix, "internal")
  equal(listed, false)
  for _, bad in ipairs {"192.0.2.1", "2001:db8::1", "a..b", "", "."} do
    local none, message, err = dns.organisational_domain(bad)
    equal(none, nil, bad)
    truthy(message and err.reason == "name", bad)
  end
end)

test("an address is told by its block", function()
  for address, kind in pairs {["127.0.0.9"] = "loopback", ["::1"] = "loopback", ["10.1.2.3"] = "private", ["192.168.1.1"] = "private",
    ["172.31.0.1"] = "private", ["172.32.0.1"] = "public", ["169.254.1.1"] = "link-local", ["fe80::1"] = "link-local", ["fd00::1"] = "private",
    ["192.0.2.1"] = "documentation", ["2001:db8::1"] = "documentation", ["224.0.0.1"] = "multicast", ["ff02::1"] = "multicast",
    ["255.255.255.255"] = "reserved", ["0.0.0.0"] = "reserved", ["9.9.9.9"] = "public", ["2620:fe::9"] = "public"} do
    equal(dns.address_kind(address), kind, address)
  end
end)

test("wrong arguments raise and name what is wrong", function()
  raises("timeuot", dns.a, "example.org", {timeuot = 1})
  raises("seconds", dns.a, "example.org", {timeout = -1})
  raises("timeuot", dns.mail_hosts, "example.org", {timeuot = 1})
  raises("#1", dns.mail_hosts, 7)
  raises("#2", dns.mail_hosts, "example.org", 7)
  raises("record type", dns.query, "example.org", "NONSENSE")
  raises("IP address", dns.ptr, "example.org")
  raises("IP address", dns.address_kind, "example.org")
end)

os.exit(t.finish(), true)
