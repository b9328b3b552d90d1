#!/usr/bin/env python3
# AUTH against real servers, each with a login service of its own: Dovecot's submission, Exim that asks Dovecot (or looks at the
# certificate), Postfix with Cyrus SASL. None of them binds SCRAM to TLS: -PLUS is tested beside GNU SASL's own server.
import base64
import json
import pathlib
import re
import sys
import tempfile
import unittest

from harness import SERVERS, address, run

PASSWORDS = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
TOKENS = ["OAUTHBEARER", "XOAUTH2"]
BOUND = ["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS"]

# Who can do what: (server, port, options, mechanisms).
SERVICES = [
    ("dovecot", "submission", [], PASSWORDS + TOKENS + ["EXTERNAL"]),
    ("dovecot", "submissions", ["--implicit-tls"], ["PLAIN", "SCRAM-SHA-256", "EXTERNAL"]),
    ("exim", "login", [], PASSWORDS + TOKENS + ["EXTERNAL"]),
    ("postfix", "login", [], PASSWORDS),
]


def seen(secret):
    """A secret as it may show: raw, and the part of its base64 that is the same wherever in a longer text it begins."""
    parts = {secret}
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + secret.encode()).decode()
        parts.add(coded[4 if shift else 0:len(coded) - 4])
    return parts


class Login(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory(prefix="ehlo-login-")
        cls.addClassCleanup(cls.home.cleanup)
        cls.tls = pathlib.Path(SERVERS["folder"]) / "tls"

    def check_secrets(self, text, secret):
        for part in seen(secret):
            self.assertNotIn(part, text)

    def login(self, service, mechanism, secret, form="json"):
        """One probe that logs in; what it printed, in which the secret must not be."""
        server, port, options, _ = service
        file = pathlib.Path(self.home.name) / "secret"
        file.write_text(secret + "\n")
        where = ["--certificate", self.tls / f"{secret}.pem", "--key", self.tls / f"{secret}.key"] \
            if mechanism == "EXTERNAL" else ["--secret-file", file]
        named = ["--mechanism", mechanism] if mechanism else []
        ran = run("probe", "--format", form, "--allow", "login", "--auth", SERVERS["user"], *named, *where, *options,
                  "--tls", "verify", "--ca-file", SERVERS["ca"], address(server, port, "localhost"))
        self.assertEqual(ran.stderr, "")
        if mechanism != "EXTERNAL":
            self.check_secrets(ran.stdout, secret)
        return ran

    def probe(self, *arguments):
        ran = self.login(*arguments)
        record = json.loads(ran.stdout)
        self.assertEqual(record["exit"], ran.returncode)
        return record

    def replies_to_auth(self, record):
        """What the server answered between AUTH and what was sent after it, one text a reply."""
        sent = [entry["direction"] == "sent" and entry["text"] for entry in record["transcript"]]
        begins = next(i for i, text in enumerate(sent) if text and text.startswith("AUTH"))
        return [entry["text"] for entry in record["transcript"][begins:] if entry["direction"] == "received"]

    def credentials(self, mechanism):
        if mechanism == "EXTERNAL":
            return "user", "self"
        return (SERVERS["token"], SERVERS["expired"]) if mechanism in TOKENS else (SERVERS["secret"], "n0t-the-secret")

    def test_every_mechanism_lets_the_right_secret_in(self):
        for service in SERVICES:
            for mechanism in service[3]:
                with self.subTest(service=service[:2], mechanism=mechanism):
                    record = self.probe(service, mechanism, self.credentials(mechanism)[0])
                    self.assertEqual((record["outcome"], record["exit"]), ("ready", 0), record["transcript"])
                    self.assertTrue(any(text.startswith("235 ") for text in self.replies_to_auth(record)))
                    self.assertEqual([each for each in record["findings"] if each["word"].startswith("auth")], [])

    def test_every_mechanism_keeps_the_wrong_secret_out_and_says_why(self):
        for service in SERVICES:
            for mechanism in service[3]:
                with self.subTest(service=service[:2], mechanism=mechanism):
                    record = self.probe(service, mechanism, self.credentials(mechanism)[1])
                    self.assertEqual((record["outcome"], record["phase"]), ("refused-permanently", "auth"),
                                     record["transcript"])
                    self.assertEqual(record["reply"]["code"], 535)
                    self.assertEqual(record["explanation"]["cause"], "login-failed")
                    details = [each["text"] for each in record["findings"] if each["word"] == "auth-detail"]
                    self.assertEqual(len(details), 1 if mechanism in TOKENS else 0)
                    self.assertTrue(all(re.search("invalid_token|401", text) for text in details), details)

    def test_the_strongest_mechanism_that_the_server_lists_is_taken(self):
        for service in SERVICES:
            with self.subTest(service=service[:2]):
                record = self.probe(service, None, SERVERS["secret"])
                self.assertEqual(record["outcome"], "ready")
                sent = [each["text"] for each in record["transcript"] if each["direction"] == "sent"]
                self.assertIn("AUTH SCRAM-SHA-256 (secret)", [text.strip() for text in sent])

    def test_no_form_of_the_result_shows_the_secret(self):
        for service in SERVICES:
            for form, mechanism, secret in (("text", "PLAIN", "n0t-the-secret"), ("markdown", "PLAIN", SERVERS["secret"])):
                with self.subTest(service=service[:2], form=form):
                    self.assertIn("auth", self.login(service, mechanism, secret, form).stdout)

    def test_no_server_here_binds_a_login_to_tls(self):
        """Cyrus SASL begins with it all the same, and then finds that Postfix told it nothing of TLS."""
        for service in [SERVICES[0], *SERVICES[2:]]:
            for mechanism in BOUND:
                with self.subTest(service=service[:2], mechanism=mechanism):
                    record = self.probe(service, mechanism, SERVERS["secret"])
                    self.assertNotIn("PLUS", record["capabilities"]["AUTH"])
                    self.assertEqual((record["outcome"], record["phase"]), ("refused-permanently", "auth"))
                    self.assertEqual(record["explanation"]["cause"], "login-unavailable")


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
