-- Owns: the tests of the module `codes` as scripts see it. Callers: ctest, through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

test("a look-up gives an entry with the catalogue's fields", function()
  local e = codes.lookup("521")
  equal(e.code, "521")
  equal(e.kind, "reply")
  equal(e.class, "permanent-negative")
  equal(e.retry, "no")
  equal(e.from_digits, false)
  equal(e.commands[1], "greeting")
  equal(e.standards[1].rfc, 7504)
  truthy(e.meaning and e.when and e.fix and e.name, "sentences")
  equal(e.no_such_field, nil)
end)

test("an integer and an entry name a code as well", function()
  equal(codes.lookup(521), codes.lookup("521"))
  equal(codes.lookup(codes.lookup("521")), codes.lookup("521"))
end)

test("the same code is the same object", function()
  truthy(rawequal(codes.lookup("521"), codes.lookup("521")))
  truthy(codes.lookup("521") ~= codes.lookup("554"))
end)

test("an enhanced code has the words of its class", function()
  local permanent, transient = codes.lookup("5.7.1"), codes.lookup("4.7.1")
  equal(permanent.pattern, "X.7.1")
  equal(permanent.class, "permanent-failure")
  equal(transient.class, "persistent-transient-failure")
  equal(transient.retry, "yes")
end)

test("a pair gives both entries", function()
  local reply, enhanced, more = codes.lookup("550/5.1.1")
  equal(reply.code, "550")
  equal(enhanced.code, "5.1.1")
  equal(more, nil)
end)

test("an entry is read-only, and its lists are copies", function()
  local e = codes.lookup("521")
  raises("read%-only", function() e.name = "mine" end)
  e.commands[1] = "mine"
  equal(e.commands[1], "greeting")
  raises("", function() setmetatable(e, {}) end)
  equal(type(getmetatable(e)) == "table" and getmetatable(e).__index, false, "the metatable is protected")
end)

test("pairs walks the fields that are there", function()
  local seen = {}
  for name, value in pairs(codes.lookup("521")) do
    truthy(value ~= nil, name)
    seen[name] = true
  end
  for _, name in ipairs {"code", "name", "meaning", "when", "fix", "retry", "acts", "standards"} do truthy(seen[name], name) end
end)

test("phrases that carry a code hang on its entry", function()
  local phrases = codes.lookup("550").phrases
  truthy(#phrases > 3, "phrases of 550")
  for _, phrase in ipairs(phrases) do
    equal(phrase.kind, "phrase")
    truthy(phrase.text and phrase.provider and phrase.cause and phrase.meaning, phrase.id)
  end
end)

test("every well-formed code has an answer, and what comes from digits says so", function()
  for class = 2, 5 do
    for category = 0, 5 do
      for digit = 0, 9 do
        local code = ("%d%d%d"):format(class, category, digit)
        local e = truthy(codes.lookup(code), code)
        truthy(e.meaning and e.fix and e.name and e.retry and e.acts, code)
      end
    end
  end
  equal(codes.lookup("559").from_digits, true)
  equal(codes.lookup("5.999.999").from_digits, true)
end)

test("malformed codes are values, not errors", function()
  for _, text in ipairs {"", "99", "600", "5.1", "3.1.1", "5.01.1", " 521", "521\n", "521 522", "5.7.1.1", "x", "5\0" .. "21"} do
    local value, message, err = codes.lookup(text)
    equal(value, nil, text)
    truthy(#message > 10, "message for " .. text)
    equal(err.class, "syntax")
    truthy(not message:find("%c"), "controls in the message")
  end
end)

test("wrong types are errors that name the argument", function()
  raises("#1", codes.lookup)
  raises("#1", codes.lookup, {})
  raises("#1", codes.lookup, 5.7)
  raises("#1", codes.lookup, true)
end)

test("each walks all codes once, in order", function()
  local count, seen, last = 0, {}, nil
  for e, more in codes.each() do
    equal(more, nil)
    truthy(e.kind ~= "phrase")
    truthy(not seen[e.code], e.code)
    seen[e.code] = true
    if e.kind == "reply" and last then truthy(last < e.code, e.code) end
    if e.kind == "reply" then last = e.code end
    count = count + 1
  end
  truthy(count > 200, "codes")
  truthy(seen["521"] and seen["5.7.1"] and seen["4.7.1"])
end)

test("a comparison has both items and what differs", function()
  local c = codes.compare("211", "521")
  equal(c.kind, "reply")
  equal(c.items[2], codes.lookup("521"))
  truthy(#c.differences > 2 and c.summary and c.when_to_use and c.headline)
  for _, d in ipairs(c.differences) do equal(#d.values, 2, d.field) end
  equal(codes.compare("550", "5.1.1").kind, "mixed")
  equal(#codes.compare("421", "450", "451", "452").items, 4)
  equal(#codes.compare("550/5.1.1", 554).items, 3)
  truthy(tostring(c):find("211", 1, true) and tostring(c):find("521", 1, true))
end)

test("comparing fewer than two codes is an error, a malformed one a value", function()
  raises("argument", codes.compare)
  raises("argument", codes.compare, "521")
  local value, message, err = codes.compare("521", "99")
  equal(value, nil)
  truthy(message:find("99", 1, true))
  equal(err.class, "syntax")
end)

test("an explanation names cause, retry, who acts and the evidence", function()
  local e = codes.explain("550 5.1.1 <a@example.org>: no such user", {phase = "rcpt"})
  equal(e.code, 550)
  equal(e.enhanced, "5.1.1")
  equal(e.cause, "mailbox-unknown")
  equal(e.retry, "no")
  truthy(e.meaning and e.fix and e.evidence and e.acts)
  truthy(tostring(e):find("mailbox-unknown", 1, true))
  equal(codes.explain("421 4.7.0 try later").retry, "yes")
  local value, _, err = codes.explain("")
  equal(value, nil)
  equal(err.class, "syntax")
end)

test("options that are unknown are errors that name the nearest", function()
  raises("phase", codes.explain, "550", {fase = "rcpt"})
  raises("limit", codes.search, "quota", {limits = 3})
  raises("lunch", codes.explain, "550", {phase = "lunch"})
end)

test("search finds by words, best first, as many as asked", function()
  local hits = codes.search("quota")
  truthy(#hits > 1)
  equal(#codes.search("mailbox", {limit = 3}), 3)
  equal(#codes.search("zzyzzxq"), 0)
  equal(codes.search("521")[1].code, "521")
end)

test("entries, comparisons and explanations write themselves as JSON", function()
  truthy(report.json(codes.lookup("521")):find('^{"code": ?"521"'))
  truthy(report.json(codes.compare("211", "521")):find('"differences"', 1, true))
  local text = report.json(codes.explain("550 5.1.1 no such user"))
  for _, field in ipairs {"address", "code", "enhanced", "cause", "retry", "acts", "provider", "about", "tag", "verdicts",
    "suppress", "links", "meaning", "fix", "evidence"} do
    truthy(text:find('"' .. field .. '"', 1, true), field)
  end
end)

os.exit(t.finish())
