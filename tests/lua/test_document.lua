-- Owns: tests of catalogues as documents: what is read, what is refused and why, how two differ. Callers: ctest, through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = t.test, t.equal, t.truthy
local document = require "ehlo.document"
local json = require "ehlo.json"

local builtin = document.builtin()

-- A small document that is right, as JSON text; `change` may spoil it first.
local function text_of(change)
  local doc = {
    format = 1, name = "acme", version = 7, issued = "2026-11-01T00:00:00Z", expires = "2027-11-01T00:00:00Z",
    entries = {
      {kind = "reply", code = "550", notes = {"Our ticket queue is MAIL."}},
      {kind = "phrase", id = "acme-quota", text = "ACME quota * exceeded", code = "552", provider = "ACME", names_provider = true,
        cause = "mailbox-full", retry = "no", acts = "recipient", meaning = "The mailbox is full.", fix = "Clean it up.",
        source = "our own server"},
    },
  }
  if change then change(doc, doc.entries[1], doc.entries[2]) end
  return report.json(doc)
end

local function refused(pattern, change)
  local doc, why = document.read(type(change) == "string" and change or text_of(change))
  equal(doc, nil, "read " .. pattern)
  truthy(why:find(pattern), ("%q for %q"):format(why, pattern))
  truthy(not why:find("[%c\x7f-\xff]"), "one printable line: " .. why)
  truthy(#why < 1000, "a short line")
end

test("the built-in catalogue is a document that reads, and is written back byte for byte", function()
  local doc, why = document.read(builtin)
  truthy(doc, why)
  equal(document.text(doc), builtin)
  equal(doc.name, codes.about().name)
  equal(doc.version, codes.about().version)
end)

test("a small document of another reads", function()
  local doc, why = document.read(text_of())
  truthy(doc, why)
  equal(doc.entries[2].id, "acme-quota")
  equal(document.text(document.read(document.text(doc))), document.text(doc))
end)

test("what is no document of the form is refused, and the message says where and why", function()
  refused("no JSON: line 1", "{")
  refused("no JSON", "")
  refused("no JSON.*duplicate", '{"format": 1, "format": 1}')
  refused("no JSON", '{"name": "\\u0000"}')
  refused("no JSON", '{"name": "\xff"}')
  refused("no JSON: it is nested too deep", ("["):rep(100) .. ("]"):rep(100))
  refused("no JSON.*depth", ("["):rep(100000))
  refused("no JSON: it has more than a million values", "[" .. ("1,"):rep(1 << 20) .. "1]")
  refused("longer than 16 MiB", (" "):rep((16 << 20) + 1))
  refused("must be an object", "12")
  refused("format is \"2\", and only 1", function(doc) doc.format = 2 end)
  refused("format is missing", function(doc) doc.format = nil end)
  refused("unknown field \"colour\"", function(doc) doc.colour = "red" end)
  refused("name must be lowercase", function(doc) doc.name = "../x" end)
  refused("name must be lowercase", function(doc) doc.name = ("x"):rep(65) end)
  refused("entries must be a list", function(doc) doc.entries = {} end)
  refused("entries must be a list", function(doc) doc.entries = "x" end)
end)

test("a version is a whole number that JSON can carry", function()
  for _, version in ipairs {0, -1, 1 << 53, 1.5, "7"} do
    refused("version must be a whole number", function(doc) doc.version = version end)
  end
  refused("no JSON", (text_of():gsub('"version": ?7', '"version": 9223372036854775808')))
  refused("version must be a whole number", (text_of():gsub('"version": ?7', '"version": 1e3')))
  truthy(document.read((text_of():gsub('"version": ?7', '"version": 9007199254740991'))))
end)

test("times are of UTC, to the second, and can be on a calendar", function()
  for _, time in ipairs {"", "2026-11-01", "2026-11-01T00:00:00+00:00", "2026-11-01T00:00:00.5Z", "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z", "2026-11-01T24:00:00Z", "2026-11-01T00:60:00Z", "2026-11-00T00:00:00Z", "2026-11-01t00:00:00z"} do
    refused("issued must be a time", function(doc) doc.issued = time end)
    refused("expires must be a time", function(doc) doc.expires = time end)
  end
  refused("expires before it is issued", function(doc) doc.expires = doc.issued end)
  truthy(document.read(text_of(function(doc) doc.expires = "2028-02-29T23:59:59Z" end)))
end)

test("an entry has the fields of its kind, and words of the closed lists", function()
  refused("entry 1: kind must be", function(_, reply) reply.kind = "answer" end)
  refused("entry 1: kind must be", function(doc) doc.entries[1] = "x" end)
  refused("entry 1: code is missing", function(_, reply) reply.code = nil end)
  refused("code must be three digits", function(_, reply) reply.code = "999" end)
  refused("code must be a pattern", function(_, reply) reply.kind, reply.code = "enhanced", "5.07.1" end)
  refused("classes is for a pattern", function(_, reply) reply.kind, reply.code, reply.classes = "enhanced", "5.7.1", {"5"} end)
  refused("unknown field \"cause\"", function(_, reply) reply.cause = "policy" end)
  refused("retry has the unknown word \"maybe\"", function(_, reply) reply.retry = "maybe" end)
  refused("acts has the unknown word", function(_, reply) reply.acts = {"sender"} end)
  refused("cause has the unknown word", function(_, _, phrase) phrase.cause = "bad-luck" end)
  refused("commands has the unknown word", function(_, reply) reply.commands = {"XYZ"} end)
  refused("unknown field \"class\"", function(_, reply) reply.class = "positive-completion" end)
  refused("id must be lowercase", function(_, _, phrase) phrase.id = "ACME quota" end)
  refused("text must not begin or end with a star", function(_, _, phrase) phrase.text = "*quota" end)
  refused("text must have at most 8 stars", function(_, _, phrase) phrase.text = ("quota*"):rep(9) .. "x" end)
  refused("text needs four bytes", function(_, _, phrase) phrase.text = "a*b" end)
  refused("names_provider must be true or false", function(_, _, phrase) phrase.names_provider = "yes" end)
  refused("see_also must be a code", function(_, reply) reply.see_also = {"99"} end)
  refused("standards must name an RFC", function(_, reply) reply.standards = {{rfc = "5321"}} end)
end)

test("an entry is there once, whatever it is called besides", function()
  refused("550: is here twice", function(doc, reply) doc.entries[3] = reply end)
  truthy(document.read(text_of(function(_, _, phrase) phrase.id = "550" end)))
end)

test("texts are bounded, and free of what a terminal would obey or hide", function()
  for _, hidden in ipairs {"\27[31m", "\n", "\t", "\127", "\u{9b}", "\u{202e}", "\u{2028}", "\u{200b}", "\u{feff}"} do
    refused("holds the control character U%+", function(_, reply) reply.notes = {"x" .. hidden} end)
  end
  refused("at most 4096 bytes", function(_, reply) reply.meaning = ("x"):rep(4097) end)
  refused("at most 256 items", function(_, reply)
    for k = 1, 257 do reply.notes[k] = "x" end
  end)
  refused("unknown field \"%?%[31m\"", function(_, reply) reply["\27[31m"] = "x" end)
  truthy(document.read(text_of(function(_, reply) reply.notes = {"Fragen an die Kollegen in München."} end)))
end)

test("many faults are three and a number", function()
  refused("17 more faults follow", function(doc)
    for k = 1, 20 do doc.entries[k] = {kind = "reply", code = tostring(k)} end
  end)
end)

test("a difference names what came, what went and which fields changed", function()
  local old = document.read(text_of())
  local new = document.read(text_of(function(doc, reply)
    reply.notes = {"Our ticket queue is POST."}
    doc.entries[2] = {kind = "enhanced", code = "X.7.1", notes = {"Ask us."}}
  end))
  local rows = document.diff(old, new)
  equal(#rows, 3)
  equal(rows[1].change .. " " .. rows[1].kind .. " " .. rows[1].code .. " " .. rows[1].fields[1], "changed reply 550 notes")
  equal(rows[2].change .. " " .. rows[2].kind .. " " .. rows[2].code, "added enhanced X.7.1")
  equal(rows[3].change .. " " .. rows[3].kind .. " " .. rows[3].code, "withdrawn phrase acme-quota")
  equal(#document.diff(old, old), 0)
end)

local merge = require "ehlo.catalogue.merge"

-- What was believed must go all the way: no document that reads may break what comes after.
local function goes_all_the_way(doc)
  local base = document.read(text_of(function(base) base.name = "base" end))
  document.diff(base, doc)
  equal(document.text(document.read(document.text(doc))), document.text(doc))
  document.compile(doc)
  document.compile((merge.documents(base, {{doc = doc, origin = "user x"}})))
end

math.randomseed(3463)

test("a document with any bytes changed is refused with a line, or goes all the way", function()
  local whole, read = text_of(), 0
  for _ = 1, 3000 do
    local bytes = whole
    for _ = 1, math.random(3) do
      local at, len = math.random(#bytes), math.random(0, 2)
      bytes = bytes:sub(1, at - 1) .. (math.random(2) == 1 and string.char(math.random(0, 255)) or "") .. bytes:sub(at + len)
    end
    local doc, why = document.read(bytes)
    if doc then
      read = read + 1
      goes_all_the_way(doc)
    else
      truthy(#why < 1000 and not why:find("[%c\x7f-\xff]"), why)
    end
  end
  truthy(read > 10, "documents that read")
end)

local strange = {"", "x", "550", "X.1.1", "5.1.1", "2", "*", "yes", "nobody", "policy", "RCPT", 0, -1, 550, 1.5, true, false, {}, {"550"}, {"4", "5"},
  {"RCPT"}, {{}}, {["4"] = {}}, {["5"] = {meaning = "x"}}, {{rfc = 5321}}, {"text text", "other text"}, "text * text", json.null, "\u{fc}", "\27[2J"}
local keys = {"kind", "code", "id", "name", "class", "category", "meaning", "when", "fix", "retry", "acts", "commands", "enhanced", "replies",
  "classes", "by_class", "standards", "status", "see_also", "notes", "text", "also", "code_guess", "enhanced_guess", "provider", "names_provider",
  "direction", "cause", "source", "origin", "partial", "phrases", "pattern", "added_notes"}

test("a document with any values changed is refused with a line, or goes all the way", function()
  local read = 0
  for _ = 1, 3000 do
    local doc, why = document.read(text_of(function(doc)
      if math.random(2) == 1 then doc.entries[3] = {kind = "enhanced", code = "X.7.515"} end
      for _ = 1, math.random(2) do
        doc.entries[math.random(#doc.entries)][keys[math.random(#keys)]] = strange[math.random(#strange)]
      end
    end))
    if doc then
      read = read + 1
      goes_all_the_way(doc)
    else
      truthy(#why < 1000 and not why:find("[%c\x7f-\xff]"), why)
    end
  end
  truthy(read > 100, read .. " documents that read")
end)

test("JSON's null, numbers and words arrive as what they are", function()
  local value = json.read('{"a": null, "b": [1, -2.5, true, false, "x"], "c": {}}')
  equal(value.a, json.null)
  equal(math.type(value.b[1]), "integer")
  equal(value.b[2], -2.5)
  equal(value.b[3], true)
  equal(value.b[4], false)
  equal(value.b[5], "x")
  equal(next(value.c), nil)
end)

os.exit(t.finish())
