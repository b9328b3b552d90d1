-- Owns: the tests of the module `report` as scripts see it. Callers: ctest, through `ehlo run`.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local function plain(json) return (json:gsub('([:,]) ', '%1')) end

test("width counts columns, not bytes", function()
  equal(report.width(""), 0)
  equal(report.width("abc"), 3)
  equal(report.width("äöü"), 3)
  equal(report.width("日本"), 4)
  equal(report.width("e\u{301}"), 1)
end)

test("wrap keeps words whole where they fit and loses none", function()
  local text = "The host never takes mail: the 521 stands in place of the greeting."
  for columns = 1, 80 do
    local lines = report.wrap(text, columns)
    for _, line in ipairs(lines) do truthy(report.width(line) <= columns, columns .. ": " .. line) end
    equal(table.concat(lines):gsub(" ", ""), (text:gsub(" ", "")), "letters at " .. columns)
  end
  equal(table.concat(report.wrap("a b", 80), "|"), "a b")
  equal(table.concat(report.wrap("a\nb", 80), "|"), "a|b")
  equal(table.concat(report.wrap("", 80), "|"), "")
  equal(table.concat(report.wrap("日本語", 4), "|"), "日本|語")
  raises("#2", report.wrap, "a", 0)
end)

test("escape leaves no control of any kind", function()
  for byte = 0, 255 do
    local shown = report.escape(string.char(byte))
    truthy(not shown:find("[%z\1-\31\127]"), byte)
    truthy(utf8.len(shown), byte)
  end
  for code = 0x80, 0x9f do truthy(not report.escape(utf8.char(code)):find(utf8.char(code), 1, true), code) end
  truthy(not report.escape("\u{202e}"):find("\u{202e}", 1, true))
  equal(report.escape("Grüße"), "Grüße")
end)

test("HTML is escaped for text and attributes", function()
  equal(report.escape_html('<a href="x">&\''):find('[<>"\']'), nil)
end)

test("JSON of plain values", function()
  equal(report.json("a\"b\\\n"), '"a\\"b\\\\\\n"')
  equal(report.json(1), "1")
  equal(report.json(0.25), "0.25")
  equal(report.json(0.1), "0.1")
  equal(report.json(1e300), "1e+300")
  equal(report.json(1 / 0), "null")
  equal(report.json(0 / 0), "null")
  equal(report.json(true), "true")
  equal(report.json(nil), "null")
  equal(report.json(report.null), "null")
  equal(report.json(math.mininteger), "-9223372036854775808")
end)

test("JSON of tables is stable: arrays by index, keys sorted or as told", function()
  equal(plain(report.json({3, 2, 1})), "[3,2,1]")
  equal(plain(report.json({b = 1, a = 2, c = 3})), '{"a":2,"b":1,"c":3}')
  equal(plain(report.json(setmetatable({b = 1, a = 2}, {__order = {"b", "absent", "a"}}))), '{"b":1,"absent":null,"a":2}')
end)

test("an object with __json is put in as it is", function()
  equal(plain(report.json({x = setmetatable({}, {__json = function() return "[1]" end})})), '{"x":[1]}')
end)

test("indented JSON is the same value", function()
  local value = {a = {1, 2, {b = "x, {y}: [z]"}}, c = {}, d = "q\\\""}
  local laid = report.json(value, {indent = 2})
  truthy(laid:find("\n  ", 1, true))
  equal(plain(laid:gsub("\n *", "")), plain(report.json(value)))
end)

test("what cannot be JSON is an error", function()
  local circle = {}
  circle[1] = circle
  raises("itself", report.json, circle)
  raises("function", report.json, print)
  raises("", report.json, {[{}] = 1})
  raises("", report.json)
end)

test("strings from outside stay valid JSON", function()
  local text = report.json("\xff\0\x1b\x7f\u{9b}")
  truthy(utf8.len(text))
  truthy(not text:find("[%z\1-\31\127]"))
end)

test("pad fills to a width and never cuts", function()
  equal(report.pad("ab", 4), "ab  ")
  equal(report.pad("ab", 4, "right"), "  ab")
  equal(report.pad("abcd", 2), "abcd")
  equal(report.pad("日", 3), "日 ")
end)

os.exit(t.finish())
