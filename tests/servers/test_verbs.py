#!/usr/bin/env python3
# What only some servers can do, and what they think of who asks: pipelines, VRFY and its like, sizes, XCLIENT, PROXY.
import json
import sys
import unittest
import uuid

from harness import address, kept, lua, run

# Arguments: target, then commands. Prints code and text of each answer, in a session of its own: Exim counts such commands.
SAY = """
for _, line in ipairs {select(2, ...)} do
  local s <close> = assert(smtp.connect((...), {helo = "client.example.net"}))
  assert(s:ehlo().code == 250)
  local verb, rest = line:match("^(%a+) ?(.*)$")
  local reply = s[verb](s, rest ~= "" and rest or nil)
  print(reply.code, (reply.text:gsub("\\n", " ")))
end
"""

# What is asked of each, and in the answer: (server, port, [(what is asked, code, what the answer says)]).
ANSWERS = [
    ("postfix", "trusted", [("vrfy keep@keep.example.org", 252, "keep@keep.example.org"),
                            ("vrfy nobody@localhost", 550, "User unknown"),
                            ("expn staff@keep.example.org", 500, "not recognized"),
                            ("etrn keep.example.org", 459, "unavailable"), ("help", 500, "not recognized")]),
    ("postfix", "plain", [("vrfy postmaster@localhost", 502, "disabled")]),
    ("exim", "open", [("vrfy keep@keep.example.org", 250, "deliverable"), ("vrfy nobody@localhost", 550, "Unrouteable"),
                      ("expn staff@keep.example.org", 250, "<one@keep.example.org> <two@keep.example.org>"),
                      ("etrn keep.example.org", 250, "OK"), ("help", 214, "Commands supported: "),
                      ("help mail", 214, "Commands supported: ")]),
    ("exim", "plain", [("vrfy postmaster@localhost", 252, "Not for you"), ("etrn keep.example.org", 458, "Not for you"),
                       ("expn staff@keep.example.org", 550, "Not for you")]),
]

# One write, and what came of it; the message behind it is only sent where somebody takes it.
PIPELINE = """
local s <close> = assert(smtp.connect((...), {helo = "client.example.net"}))
assert(s:ehlo().code == 250 and s.capabilities.PIPELINING)
local lines = {"MAIL FROM:<>", "RCPT TO:<nobody@localhost>", "RCPT TO:<postmaster@localhost>", "RCPT TO:<someone@example.com>",
  "RSET", "RCPT TO:<postmaster@localhost>", "MAIL FROM:<a@example.net> SIZE=99999999", "NOOP"}
for i, reply in ipairs(s:pipeline(lines)) do print(reply.code, s.exchanges[#s.exchanges - #lines + i].sent) end
local received = 0
for _, entry in ipairs(s.transcript) do
  if entry.text:match("^MAIL") then received = 0 end
  if entry.direction == "received" then received = received + 1 end
  if entry.text:match("^NOOP") then assert(received == 0, "the last command was sent after an answer had come") end
end
assert(s:quit().code == 221)
"""

# Arguments: target, mark, address, name. Says who it is, and sends a mail where that is taken.
XCLIENT = """
local target, mark, address, name = ...
local s <close> = assert(smtp.connect(target, {helo = "client.example.net"}))
assert(s:ehlo().code == 250 and s.capabilities.XCLIENT:find("ADDR"))
local reply = s:xclient {ADDR = address, NAME = name, PORT = 4711, LOGIN = "fred+1@example.com"}
assert(reply.code == 220, tostring(reply))
assert(s:ehlo().code == 250)
assert(s:mail("sender@example.net").code == 250)
reply = s:rcpt("keep@keep.example.org")
print(reply.code, reply.text)
if reply.code == 250 then assert(s:data("Subject: " .. mark .. "\\r\\n\\r\\nhello\\r\\n").code == 250) end
assert(s:quit().code == 221)
"""

# Arguments: target, mark, version of the header, client and server that it names.
PROXY = """
local target, mark, version, source, destination = ...
local s <close> = assert(smtp.connect(target, {helo = "client.example.net", proxy = tonumber(version), proxy_source = source,
  proxy_destination = destination}))
assert(s:ehlo().code == 250)
assert(s:starttls().code == 220)
assert(s:ehlo().code == 250)
assert(s:mail("sender@example.net").code == 250)
assert(s:rcpt("keep@keep.example.org").code == 250)
assert(s:data("Subject: " .. mark .. "\\r\\n\\r\\nhello\\r\\n").code == 250)
assert(s:quit().code == 221)
"""

# (server, client, server's address): Postfix takes IPv6 only where it speaks it itself.
PROXIED = [("postfix", "192.0.2.80:4711", "192.0.2.1:25"), ("exim", "192.0.2.80:4711", "192.0.2.1:25"),
           ("exim", "[2001:db8::80]:4711", "[2001:db8::1]:25")]


class Verbs(unittest.TestCase):
    def setUp(self):
        self.mark = uuid.uuid4().hex

    def test_each_server_answers_as_it_is_set_up(self):
        for server, port, rows in ANSWERS:
            said = lua(SAY, address(server, port), *[line for line, _, _ in rows], allow=["intrusive"]).splitlines()
            self.assertEqual(len(said), len(rows))
            for (line, code, words), answer in zip(rows, said):
                with self.subTest(server=server, port=port, line=line):
                    self.assertEqual(answer.split("\t")[0], str(code))
                    self.assertIn(words, answer)

    def test_answers_of_a_pipeline_are_those_of_its_commands(self):
        """What Postfix and Exim answer to the same eight commands, sent at once."""
        for server, relay, second, size in (("postfix", 554, 503, 552), ("exim", 550, 503, 552)):
            with self.subTest(server=server):
                said = [line.split("\t") for line in lua(PIPELINE, address(server, "plain")).splitlines()]
                self.assertEqual([int(code) for code, _ in said], [250, 550, 250, relay, 250, second, size, 250])
                self.assertEqual([line.split(" ")[0] for _, line in said],
                                 ["MAIL", "RCPT", "RCPT", "RCPT", "RSET", "RCPT", "MAIL", "NOOP"])

    def test_a_server_that_trusts_us_believes_xclient(self):
        target = address("postfix", "trusted")
        self.assertEqual(lua(XCLIENT, target, self.mark, "192.0.2.77", "mx.example.com", allow=["send"])[:3], "250")
        arrived = kept("postfix", self.mark).decode()
        self.assertIn("Received: from client.example.net (mx.example.com [192.0.2.77])", arrived)
        self.assertIn("with ESMTPA id", arrived) # somebody logged in, says LOGIN
        said = lua(XCLIENT, target, self.mark, "192.0.2.66", "mx.example.com", allow=["send"])
        self.assertIn("554\t<mx.example.com[192.0.2.66]>: Client host rejected: Your address is on our list", said)

    def test_a_server_that_does_not_trust_us_refuses_xclient(self):
        said = lua("local s = assert(smtp.connect((...))) s:ehlo() print(s:xclient({ADDR = '192.0.2.77'}))",
                   address("postfix", "plain"))
        self.assertRegex(said, "^5..")

    def test_a_server_believes_the_proxy_header(self):
        for server, source, destination in PROXIED:
            for version in (1, 2):
                with self.subTest(server=server, source=source, version=version):
                    lua(PROXY, address(server, "proxied"), self.mark, version, source, destination, allow=["send"])
                    arrived = kept(server, self.mark).decode()
                    self.assertIn(f"[{source.rsplit(':', 1)[0].strip('[]')}]", arrived.replace("IPv6:", ""))

    def test_a_probe_sends_the_proxy_header_before_everything_else(self):
        for server in ("postfix", "exim"):
            for version in ("v1", "v2"):
                with self.subTest(server=server, version=version):
                    ran = run("probe", "--proxy", version, "--proxy-source", "192.0.2.80:4711", "--proxy-destination",
                              "192.0.2.1:25", "--to", "postmaster@localhost", "--format", "json", address(server, "proxied"))
                    record = json.loads(ran.stdout)
                    self.assertEqual((record["outcome"], ran.stderr), ("ready", ""))
                    self.assertEqual(record["tls"]["version"], "TLSv1.3")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
