-- Owns: what holds of messages, chunks, pipelines and raw bytes. Run by ctest beside with_server.py.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises
local here = "127.0.0.1:" .. os.getenv("EHLO_TEST_PORT")

local function open(greet)
  local s = assert(smtp.connect(here))
  s[greet or "ehlo"](s)
  s:mail("a@example.net")
  s:rcpt("b@example.org")
  return s
end

test("nothing is sent without leave", function()
  local s = open()
  raises("%-%-allow send", s.data, s, "x")
  raises("%-%-allow send", s.bdat, s, "x", true)
  raises("%-%-allow send", s.pipeline, s, {"NOOP", "DATA"})
  raises("%-%-allow send", s.raw, s, "NOOP\r\nDATA\r\n")
end)

shell.allow("send")


test("a message goes out with its dots stuffed and every line end made CRLF", function()
  local wire = {
    {"a\r\nb\r\n", "a\r\nb\r\n"},
    {"a\nb", "a\r\nb\r\n"},
    {".\r\n..\r\n.x", "..\r\n...\r\n..x\r\n"},
    {"a\r.\r\nb\n.\nQUIT\r\n", "a\r\n..\r\nb\r\n..\r\nQUIT\r\n"},
    {"", ""},
  }
  local plain = open()
  for _, pair in ipairs(wire) do
    plain:mail("a@example.net")
    plain:rcpt("b@example.org")
    local sent = plain:data(pair[1])
    equal(sent.code, 250, ("%q"):format(pair[1]))
    local digest = sent.text
    local reference = plain:bdat(pair[2], false) -- the server hashes a chunk as it is
    equal(digest, reference.text, ("%q"):format(pair[1]))
  end
  plain:quit()
end, "send")

test("a large message is fed as the connection takes it", function()
  local s = open()
  local body = ("x"):rep(70) .. "\r\n"
  local sent = s:data(body:rep(40000))
  equal(sent.code, 250)
  truthy(#sent.text == 64)
  local noted
  for _, e in ipairs(s.transcript) do noted = noted or e.text:find("message of 2880000 bytes", 1, true) end
  truthy(noted, "the transcript names the size")
  s:quit()
end, "send")

test("a refused DATA gives its reply, and no message follows", function()
  local s = assert(smtp.connect(here))
  s:ehlo()
  s:mail("a@example.net")
  equal(s:data("never").code, 503)
  equal(s:noop().code, 250)
end, "send")

test("LMTP gives a reply for each recipient that was accepted", function()
  local s = open("lhlo")
  s:rcpt("no@example.org")
  s:rcpt("c@example.org")
  local replies = s:data("x\r\n")
  equal(#replies, 2)
  equal(replies[1].code, 250)
  equal(replies[2].code, 250)
  s:quit()
end, "send")

test("LMTP gives a reply for each recipient after the last chunk, and one after the others", function()
  local s = open("lhlo")
  s:rcpt("c@example.org")
  equal(s:bdat("x\r\n", false).code, 250)
  local replies = s:bdat("y\r\n", true)
  equal(#replies, 2)
  equal(replies[1].code, 250)
  equal(replies[2].code, 250)
  s:quit()
end, "send")

test("chunks go as they are", function()
  local s = open()
  equal(s:bdat("a\n.\r\0b", false).code, 250)
  equal(s:bdat("", true).code, 250)
  raises("921600", s.bdat, s, ("x"):rep(921601), true)
end, "send")

test("a pipeline is one write with each reply at its command", function()
  local s = assert(smtp.connect(here))
  s:ehlo()
  local replies = s:pipeline {"MAIL FROM:<a@example.net>", "RCPT TO:<no@example.org>", "RCPT TO:<grow@example.org>", "RSET"}
  local seen = {}
  for _, r in ipairs(replies) do seen[#seen + 1] = r.code .. "/" .. #r.lines .. "/" .. r.phase end
  equal(table.concat(seen, " "), "250/1/mail 550/1/rcpt 250/2/rcpt 250/1/rset")
  raises("cannot be part", s.pipeline, s, {"NOOP", "NOOP\r\nRSET"})
  raises("1 to 1000", s.pipeline, s, {})
  raises("no string", s.pipeline, s, {1})
  equal(s:noop().code, 250)
end)

test("a pipeline whose server hangs up keeps the answers that came", function()
  local s = assert(smtp.connect(here))
  s:ehlo()
  local replies, message, err = s:pipeline {"MAIL FROM:<a@example.net>", "RCPT TO:<bye@example.org>", "RSET"}
  equal(replies, nil)
  equal(err.session, s)
  local codes = {}
  for _, x in ipairs(s.exchanges) do codes[#codes + 1] = x.reply and x.reply.code or 0 end
  equal(table.concat(codes, " "), "220 250 250 421 0")
end)

test("raw bytes go out as they are, and as many replies are awaited as asked for", function()
  local s = assert(smtp.connect(here))
  equal(#s:raw("NOOP\nNOOP\n", 2), 2)
  equal(#s:raw("", 0), 0)
end)

test("XCLIENT values are written as xtext", function()
  local s = assert(smtp.connect(here))
  s:xclient {NAME = "a b\r\nQUIT", ADDR = "192.0.2.1"}
  equal(s.exchanges[2].sent, "XCLIENT NAME=a+20b+0D+0AQUIT ADDR=192.0.2.1")
  s:xclient {REVERSE_NAME = "mx.example.org", PORT = 4711, LOGIN = ("x"):rep(1000)}
  equal(s.exchanges[3].sent, "XCLIENT REVERSE_NAME=mx.example.org PORT=4711 LOGIN=" .. ("x"):rep(1000))
  raises("ADRR", s.xclient, s, {ADRR = "x"})
  raises("'ADDR' must be a string, not a boolean", s.xclient, s, {ADDR = true})
end)

os.exit(t.finish(), true)
