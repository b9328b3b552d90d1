#!/usr/bin/env python3
# Mail that real servers take and keep: chunks, stuffed dots, UTF-8 in addresses, LMTP, reports of delivery. What arrived is
# compared with what was sent, byte for byte.
import pathlib
import sys
import tempfile
import unittest
import uuid

from harness import SERVERS, address, kept, lua

BOTH = ["postfix", "exim"]

# Arguments: target, file of the message, verb, then the sizes of the chunks but the last.
SEND = """
local target, path, verb = ...
local sizes = {select(4, ...)}
local message = assert(io.open(path, "rb")):read("a")
local s <close> = assert(smtp.connect(target, {helo = "client.example.net"}))
assert(s:ehlo().code == 250)
assert(s:mail("sender@example.net", {BODY = "8BITMIME", SIZE = #message}).code == 250)
assert(s:rcpt("keep@keep.example.org").code == 250)
if verb == "data" then
  print(s:data(message))
else
  local from = 1
  for _, size in ipairs(sizes) do
    local reply = s:bdat(message:sub(from, from + size - 1), false)
    assert(reply.code == 250, tostring(reply))
    from = from + size
  end
  print(s:bdat(message:sub(from), true))
end
assert(s:quit().code == 221)
"""

# Arguments: target, sender and recipient with UTF-8, mark.
UTF8 = """
local target, sender, recipient, mark = ...
local s <close> = assert(smtp.connect(target, {helo = "client.example.net"}))
assert(s:ehlo().code == 250 and s.capabilities.SMTPUTF8)
assert(s:mail(sender, {SMTPUTF8 = true, BODY = "8BITMIME"}).code == 250)
assert(s:rcpt(recipient).code == 250)
assert(s:data("Subject: " .. recipient .. "\\r\\n\\r\\n" .. mark .. "\\r\\n").code == 250)
"""

# Arguments: target, envelope id.
NOTIFY = """
local target, envid = ...
local s <close> = assert(smtp.connect(target, {helo = "client.example.net"}))
s:ehlo()
assert(s:mail("sender@keep.example.org", {RET = "HDRS", ENVID = envid}).code == 250)
assert(s:rcpt("keep@keep.example.org", {NOTIFY = "SUCCESS,DELAY", ORCPT = "rfc822;alice@example.net"}).code == 250)
local bad = s:rcpt("keep@keep.example.org", {NOTIFY = "SOMETIMES"})
assert(bad.code == 501, tostring(bad))
assert(s:data("Subject: secret\\r\\n\\r\\nthe body\\r\\n").code == 250)
"""

# Arguments: target, mark, verb. Prints what became of each recipient, when it was named and after the message.
LMTP = """
local target, mark, verb = ...
local s <close> = assert(smtp.connect(target))
assert(s:lhlo().code == 250)
assert(s:mail("sender@example.net").code == 250)
for _, name in ipairs {"user", "nobody", "broken", "second"} do
  print(name, s:rcpt(name .. "@keep.example.org").code)
end
local message = "Subject: " .. mark .. "\\r\\n\\r\\n.\\r\\n..two\\r\\n"
local replies = verb == "data" and s:data(message) or s:bdat(message, true)
for _, reply in ipairs(replies) do print(reply.code, reply.text:match("<(%a+)@")) end
assert(s:noop().code == 250)
assert(s:quit().code == 221)
"""

# What has gone wrong elsewhere: dots at every place, the end of a message inside of one, long lines, 8-bit, "From ".
HOSTILE = b"\r\n".join([
    b".", b"..", b".a line that begins with a dot", b"", b".", b"QUIT", b".", b"RSET", b"a line that ends with a dot.",
    b"x" * 998, b"." + b"y" * 997, b"From here on", b">From there", "Gr\u00fc\u00dfe \u20ac \U0001f40c".encode(), b"\xff\xfe\x80 no UTF-8",
    b"\ttabs\tand blanks at the end   ", b"", b"", b"BDAT 10 LAST", b"", b".", b""])


def headers(mark):
    return (f"From: sender@example.net\r\nTo: keep@keep.example.org\r\nSubject: {mark}\r\nMessage-ID: <{mark}@example.net>\r\n"
            "Date: Tue, 24 Nov 2026 03:41:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: 8bit\r\n\r\n").encode()


class Message(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="ehlo-message-")
        self.addCleanup(home.cleanup)
        self.file = pathlib.Path(home.name) / "message"
        self.mark = uuid.uuid4().hex

    def send(self, server, verb, body, *sizes):
        message = headers(self.mark) + body
        self.file.write_bytes(message)
        said = lua(SEND, address(server, "plain"), self.file, verb, *sizes, allow=["send"])
        self.assertRegex(said, "^250[ -]")
        return message, kept(server, self.mark)

    def check(self, server, verb, body, *sizes):
        """Sent with CRLF, kept with LF as files of Unix have it; the server's own lines stand above."""
        message, arrived = self.send(server, verb, body, *sizes)
        sent = message.replace(b"\r\n", b"\n")
        self.assertTrue(arrived.endswith(sent), arrived[-len(sent):][:4000])
        self.assertRegex(arrived[:-len(sent)].decode(), r"\A([A-Z][\w-]*: .*\n([ \t].*\n)*)+\Z")

    def test_data_arrives_as_it_was_sent(self):
        for server in BOTH:
            with self.subTest(server=server):
                self.check(server, "data", HOSTILE)

    def test_chunks_arrive_as_they_were_sent_wherever_they_are_cut(self):
        start = len(headers(""))
        for server in BOTH:
            for sizes in ([], [1], [start + 32 * 2 + 1], [start, 200, 1, 1, 1], [300] * 7):
                with self.subTest(server=server, sizes=sizes):
                    self.check(server, "bdat", HOSTILE, *sizes)

    def test_large_messages_arrive_whole(self):
        body = b"".join(b"%07d %s\r\n" % (n, b"z" * (n % 90)) for n in range(40000))
        for server in BOTH:
            for verb, sizes in (("data", []), ("bdat", [900000, 900000])):
                with self.subTest(server=server, verb=verb):
                    self.check(server, verb, body, *sizes)

    def test_utf8_in_mailboxes_and_domains_arrives(self):
        for server, recipient in (("postfix", "grüße@keep.example.org"), ("postfix", "grüße@grün.example.org"),
                                  ("exim", "grüße@keep.example.org")):
            with self.subTest(server=server, recipient=recipient):
                lua(UTF8, address(server, "plain"), "märta@grün.example.org", recipient, self.mark, allow=["send"])
                arrived = kept(server, self.mark).decode()
                self.assertRegex(arrived, "(?i)with utf8e?smtp")
                self.assertRegex(arrived, f"for <?{recipient}")
                self.assertIn(f"\nSubject: {recipient}\n", arrived)
                self.assertIn("<märta@grün.example.org>", arrived)

    def test_parameters_of_delivery_reports_come_back_in_the_report(self):
        for server in BOTH:
            with self.subTest(server=server):
                lua(NOTIFY, address(server, "plain"), self.mark, allow=["send"])
                report = kept(server, self.mark).decode()
                self.assertRegex(report, f"(?i)original-envelope-id: {self.mark}")
                self.assertRegex(report, "(?i)original-recipient: rfc822; ?alice@example.net")
                self.assertIn("Action: delivered", report)
                self.assertNotIn("the body", report)

    def test_lmtp_answers_for_each_recipient_over_tcp_and_a_unix_socket(self):
        for target in (address("dovecot", "lmtp"), SERVERS["lmtp"]):
            for verb in ("data", "bdat"):
                with self.subTest(target=target, verb=verb):
                    said = lua(LMTP, target, self.mark, verb, allow=["send"]).split("\n")
                    self.assertEqual(said, ["user\t250", "nobody\t550", "broken\t250", "second\t250", "250\tuser",
                                            "451\tbroken", "250\tsecond", ""])
                    for name in ("user", "second"):
                        arrived = kept(f"dovecot/{name}/Maildir", self.mark)
                        self.assertTrue(arrived.endswith(f"Subject: {self.mark}\n\n.\n..two\n".encode()), arrived)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
