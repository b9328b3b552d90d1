#!/usr/bin/env python3
"""What a mail proves, all together: SPF, DKIM, ARC and DMARC of one mail, and the commands that print it.

    test_message.py EHLO
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../records"))
import found
import schema
import signed_mail
from name_server import NameServer
from signed_mail import MAIL, seal, sign

EHLO = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))
KEY, P = signed_mail.rsa(2048)
SHORT, SHORT_P = signed_mail.rsa(1024)
ZONES = {
    "good._domainkey.example.org": [{"TXT": f"v=DKIM1; p={P}"}], "short._domainkey.example.org": [{"TXT": f"v=DKIM1; p={SHORT_P}"}],
    "list._domainkey.list.example": [{"TXT": f"v=DKIM1; p={P}"}], "arc._domainkey.list.example": [{"TXT": f"v=DKIM1; p={P}"}],
    "example.org": [{"TXT": "v=spf1 ip4:192.0.2.1 -all"}], "list.example": [{"TXT": "v=spf1 ip4:192.0.2.7 -all"}],
    "_dmarc.example.org": [{"TXT": "v=DMARC1; p=reject; rua=mailto:d@example.org"}], "_dmarc.weak.example": [{"TXT": "v=DMARC1; p=none"}],
}
SIGNED = sign(MAIL, KEY, "good")
LISTED = sign(SIGNED.replace(b"Subject: A", b"Subject: [list] A"), KEY, "list", d="list.example", i="@list.example")


class Program(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = NameServer(ZONES).__enter__()
        cls.folder = tempfile.TemporaryDirectory()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()
        cls.folder.cleanup()

    def mail(self, data):
        path = os.path.join(self.folder.name, "mail.eml")
        with open(path, "wb") as file:
            file.write(data)
        return path

    def ehlo(self, *words, expect=0, given=None):
        run = subprocess.run([EHLO, *words], capture_output=True, timeout=100, input=given, check=False,
                             env=dict(os.environ, EHLO_TEST_RESOLVER=self.server.address))
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        found.note(run.stdout)
        return (run.stdout + run.stderr).decode()


class Messages(Program):
    def judge(self, data, options):
        script = os.path.join(self.folder.name, "judge.lua")
        with open(script, "w", encoding="ascii") as file:
            file.write(f"""assert(smtp.resolver {{server = os.getenv("EHLO_TEST_RESOLVER"), trust_anchor = "", hosts = ""}})
            print(report.json(policy.message(io.open((...), "rb"):read("a"), {options})))""")
        return json.loads(self.ehlo("run", script, self.mail(data)))

    def test_a_signature_proves_it(self):
        got = self.judge(SIGNED, "{}")
        self.assertEqual((got["verdict"], got["from"], got["dkim"]["verdict"], got.get("spf")), ("pass", "example.org", "pass", None))

    def test_the_address_proves_it(self):
        got = self.judge(MAIL, '{ip = "192.0.2.1", from = "sender@example.org", helo = "mx.example.org"}')
        self.assertEqual((got["verdict"], got["spf"]["verdict"], got["dkim"]["verdict"]), ("pass", "pass", "none"))

    def test_the_sender_is_that_of_the_return_path(self):
        got = self.judge(b"Return-Path: <bounce@list.example>\r\n" + MAIL, '{ip = "192.0.2.7"}')
        self.assertEqual((got["verdict"], got["spf"]["verdict"], got["dmarc"]["disposition"]), ("fail", "pass", "reject"))

    def test_a_list_that_changes_the_subject_breaks_it(self):
        got = self.judge(LISTED, '{ip = "192.0.2.7", from = "bounce@list.example"}')
        self.assertEqual((got["verdict"], [each["verdict"] for each in got["dkim"]["signatures"]]), ("fail", ["pass", "fail"]))
        self.assertIn("SPF passes for list.example, which is another domain", got["summary"])
        self.assertIn("the signature of example.org does not hold", got["summary"])

    def test_a_chain_that_holds_is_told_where_nothing_else_proves_it(self):
        got = self.judge(seal(MAIL, "list.example", KEY), "{}")
        self.assertEqual((got["verdict"], got["arc"]["verdict"], got["findings"][-1]["id"]), ("fail", "pass", "dmarc-arc"))
        self.assertNotIn("dmarc-arc", [each["id"] for each in self.judge(MAIL, "{}")["findings"]])

    def test_a_from_field_that_cannot_be_judged(self):
        for field, found in ((b"", "from-missing"), (b"From: nobody\r\n", "from-missing"), (b"From: a@x.example, b@y.example\r\n", "from-several"),
                             (b"From: a@x.example\r\nFrom: b@x.example\r\n", "from-several")):
            got = self.judge(field + b"Subject: x\r\n\r\nx\r\n", "{}")
            self.assertEqual((got["verdict"], got["findings"][-1]["id"]), ("permerror", found))

    def test_a_from_field_is_read_as_people_write_it(self):
        for field in (b'"a@evil.example" <b@example.org>', b"b@example.org (at evil.example)", b"Sender <b@EXAMPLE.org>", b'"x, y" <b@example.org>',
                      b"<b@example.org>, <c@example.org>", b"b@example.org."):
            got = self.judge(b"From: " + field + b"\r\n\r\nx\r\n", "{}")
            self.assertEqual(got["from"], "example.org", field)


class Commands(Program):
    def test_a_key(self):
        text = self.ehlo("dkim", "--resolver", self.server.address, "short", "example.org")
        self.assertIn("There is an RSA key of 1,024 bits.", text)
        self.assertIn("none", self.ehlo("dkim", "--resolver", self.server.address, "gone", "example.org", expect=1))

    def test_a_mail(self):
        path = self.mail(SIGNED)
        self.assertIn("The signature of example.org holds.", self.ehlo("dkim", "--resolver", self.server.address, path))
        text = self.ehlo("dkim", "--resolver", self.server.address, self.mail(SIGNED + b"footer\r\n"), expect=1)
        self.assertIn("were added behind the body", " ".join(text.split()))
        got = json.loads(self.ehlo("dkim", "--format", "json", "--resolver", self.server.address, "-", given=SIGNED))
        self.assertEqual([each["policy"] for each in got["results"]], ["dkim", "dmarc"])
        for each in got["results"]:
            self.assertEqual(schema.faults(each), [])
        for words in (("dkim", "good", "example.org"), ("dkim", "gone", "example.org"), ("dmarc", "example.org"), ("dmarc", "nothing.example")):
            text = self.ehlo(words[0], "--format", "json", "--resolver", self.server.address, *words[1:], expect=int("gone" in words))
            self.assertEqual(schema.faults(json.loads(text)), [], words)

    def test_a_domain(self):
        self.assertIn("asks receivers to reject", self.ehlo("dmarc", "--resolver", self.server.address, "example.org"))
        self.assertIn("dmarc-policy-none", self.ehlo("dmarc", "--format", "json", "--resolver", self.server.address, "weak.example"))
        self.ehlo("dmarc", "--resolver", self.server.address, "nothing.example", expect=0)

    def test_wrong_words(self):
        self.assertIn("cannot be opened", self.ehlo("dkim", "./missing.eml", expect=2))
        self.assertIn("one", self.ehlo("dkim", "a", "b", "c", expect=2))
        path = self.mail(MAIL)
        self.assertIn("ip", self.ehlo("dkim", "--ip", "nowhere", "--from", "a@example.org", path, expect=2))
        self.assertIn("the sender is needed", self.ehlo("dkim", "--ip", "192.0.2.1", path, expect=2))
        self.assertIn("not for a key", self.ehlo("dkim", "--ip", "192.0.2.1", "good", "example.org", expect=2))


if __name__ == "__main__":
    unittest.main(verbosity=1)
