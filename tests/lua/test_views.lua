-- Owns: tests of the views, on records made by hand: what a probe, an explanation and a find look like.
local harness = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = harness.test, harness.equal, harness.truthy
local style = require "ehlo.style"
local timeline = require "ehlo.timeline"
local view = require "ehlo.view.probe"

style.set("never")

-- At a width, whatever terminal the test runs in.
local function at(width, record)
  rawset(style, "width", width)
  local ok, text = pcall(require("ehlo.view." .. record.kind).text, record)
  rawset(style, "width", nil)
  return ok and text or error(text, 0)
end

local function exchange(phase, seconds, sent, code, ...)
  local lines = {...}
  local reply = code and {code = code, lines = lines, enhanced = (lines[1] or ""):match("^%d%.%d+%.%d+"), text = lines[1]}
  return {phase = phase, at = seconds, sent = sent, reply = reply or nil}
end

local function greylisted()
  local r = {
    target = "mx1.example.org", host = "mx1.example.org", address = "192.0.2.25", port = 25, source = "198.51.100.7",
    source_ptr = "out.example.net", helo = "out.example.net", outcome = "refused-temporarily", exit = 20, phase = "rcpt",
    dns_secure = "insecure", started = 1700000000, timing = {dns = 0, connect = 0.018, total = 0.384},
    tls = {version = "TLSv1.3", group = "X25519", cipher = "TLS_AES_256_GCM_SHA384", trusted = true,
      chain = {{names = {"mx1.example.org"}, not_after = 1700000000 + 61 * 86400}}},
    transcript = {
      {at = 0, direction = "noted", phase = "dns", text = "192.0.2.25"},
      {at = 0.018, direction = "noted", phase = "connect", text = "connected"},
      {at = 0.305, direction = "noted", phase = "tls", text = "TLSv1.3 TLS_AES_256_GCM_SHA384"},
    },
    exchanges = {
      exchange("greeting", 0.231, nil, 220, "mx1.example.org ESMTP"),
      exchange("ehlo", 0.25, "EHLO x", 250, "mx1.example.org", "PIPELINING", "SIZE 52428800", "STARTTLS", "8BITMIME"),
      exchange("starttls", 0.268, "STARTTLS", 220, "2.0.0 Ready"),
      exchange("ehlo_tls", 0.324, "EHLO x", 250, "mx1.example.org", "PIPELINING", "SIZE 52428800", "8BITMIME"),
      exchange("mail", 0.343, "MAIL FROM:<>", 250, "2.1.0 Ok"),
      exchange("rcpt", 0.365, "RCPT TO:<user@example.org>", 450, "4.2.0 <user@example.org>: Greylisted, \27[31mhello",
        "second line"),
      exchange("quit", 0.384, "QUIT", 221, "2.0.0 Bye"),
    },
    findings = {{word = "address-failed", text = "2001:db8::25 port 25: no route to host"}}, anomalies = {"bare-lf"},
  }
  r.reply = r.exchanges[6].reply
  r.explanation = {cause = "greylisted", retry = "yes", acts = "nobody", meaning = "The server defers senders that it has not met.",
    fix = "Wait: a mail server that tries again gets through."}
  return r
end

local function failed(outcome, phase, text)
  return {target = "mx.example.com", host = "mx.example.com", address = "192.0.2.7", port = 25, outcome = outcome, phase = phase,
    timing = {total = 30}, transcript = {}, exchanges = {}, findings = {}, anomalies = {}, failure = {phase = phase, text = text}}
end

local function line_of(text, pattern)
  for line in text:gmatch("[^\n]+") do
    if line:find(pattern) then return line end
  end
end

test("a probe shows its steps in the order of time", function()
  local phases = {}
  for i, event in ipairs(timeline.events(greylisted())) do phases[i] = event.phase end
  equal(table.concat(phases, " "), "dns connect greeting ehlo starttls tls ehlo mail rcpt quit")
end)

test("the second EHLO is told by what it changes", function()
  local text = at(80, {kind = "probe", items = {greylisted()}})
  truthy(line_of(text, "0%.324  ehlo +as before, without STARTTLS$"))
end)

test("the verdict says what, where and why without colour", function()
  equal(view.verdict(greylisted()), "refused temporarily at RCPT: greylisted")
  equal(view.verdict(failed("unreachable", "connect", "192.0.2.7 port 25: connection refused")),
    "unreachable at connect: 192.0.2.7 port 25: connection refused")
end)

test("a 421 to EHLO is a temporary refusal and never a missing STARTTLS", function()
  local r = failed("refused-temporarily", "ehlo")
  r.failure, r.reply = nil, {code = 421, lines = {"try later"}}
  r.explanation = codes.explain("421 try later", {phase = "ehlo"})
  local text = at(80, {kind = "probe", items = {r}})
  truthy(text:find("refused temporarily at EHLO", 1, true))
  truthy(not text:find("TLS"))
end)

test("the success of EHLO does not explain that TLS is not offered", function()
  local r = failed("tls-not-offered", "starttls", "the reply to EHLO does not list STARTTLS")
  r.reply, r.explanation = {code = 250, lines = {"mx"}}, codes.explain("250 mx", {phase = "ehlo"})
  equal(view.verdict(r), "TLS not offered: the reply to EHLO does not list STARTTLS")
  truthy(not at(80, {kind = "probe", items = {r}}):find("The command worked", 1, true))
end)

test("nothing that a server sent reaches the page unescaped", function()
  for _, form in ipairs {"text", "markdown"} do
    local text = view[form]({items = {greylisted()}})
    truthy(not text:find("[%z\1-\9\11-\31\127]"), form)
    truthy(text:find("\\x1B[31mhello", 1, true), form)
  end
end)

test("every outcome has a verdict in words, and a next step that is a command", function()
  local outcomes = {"dns-failed", "unreachable", "timed-out", "not-smtp", "tls-not-offered", "tls-failed", "tls-untrusted",
    "protocol-violation", "blocked-locally"}
  for _, outcome in ipairs(outcomes) do
    local r = failed(outcome, "starttls", "that is what happened")
    truthy(view.verdict(r):find("that is what happened", 1, true), outcome)
    truthy(view.verdict(r):find("^%a[%a%d ,]+"), outcome)
    local command = view.next(r)
    truthy(not command or command:find("^ehlo probe "), outcome)
  end
end)

test("pages keep to their width, and what is to be pasted stays whole", function()
  local records = {
    {kind = "probe", items = {greylisted(), failed("timed-out", "greeting", "nothing came within 30 seconds")}},
    {kind = "explanation", items = {{input = "550 5.7.1 blocked", explanation = codes.explain("550 5.7.1 blocked")}}},
    {kind = "search", query = "quota", items = codes.search("quota", {limit = 12})},
    {kind = "card", items = {codes.lookup("550"), codes.lookup("5.7.1")}},
    {kind = "comparison", comparison = codes.compare("421", "450", "554")},
  }
  for _, record in ipairs(records) do
    for _, width in ipairs {40, 60, 80, 100, 120} do
      for line in at(width, record):gmatch("[^\n]+") do
        if not line:find("ehlo ", 1, true) and not line:find("://", 1, true) then
          truthy(report.width(line) <= width, record.kind .. " at " .. width .. ": " .. line)
        end
      end
    end
  end
end)

test("a target that a shell would take apart is quoted", function()
  local words = require "ehlo.words"
  equal(words.quote("mx.example.org:25"), "mx.example.org:25")
  equal(words.quote("a b;c"), "'a b;c'")
  equal(words.quote("it's"), "'it'\\''s'")
  local r = greylisted()
  r.outcome, r.exchanges[6].sent = "timed-out", "RCPT TO:<$(id)@example.org>"
  truthy(view.next(r):find("--to '$(id)@example.org'", 1, true))
end)

test("an explanation is JSON of one recipient with room for a message", function()
  local list = require("ehlo.view.explanation").json({items = {{input = "550 x", explanation = codes.explain("550 x")}}})
  equal(#list, 1)
  truthy(list[1]:find('^{%s*"input":%s*"550 x",%s*"kind":%s*"reply",%s*"message":%s*null,%s*"recipients":%s*%[%s*{'), list[1])
end)

test("a table shares its room: a short column leaves what it does not need", function()
  local columns = require "ehlo.columns"
  local widths = columns.widths({{"a", "short", ("x"):rep(80)}}, 3, {width = 60, flexible = {[2] = true, [3] = true}})
  equal(table.concat(widths, " "), "1 5 50")
end)

test("what stands in a Markdown cell cannot end it", function()
  local markdown = require "ehlo.markdown"
  equal(markdown.escape("a|b\n<c>"), "a\\|b &lt;c&gt;")
end)

os.exit(harness.finish())
