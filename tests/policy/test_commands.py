#!/usr/bin/env python3
"""ehlo spf, ehlo dnsbl and ehlo fcrdns as they are typed: what they print, their exit status, their JSON by its schema."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import jsonschema

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../records"))
import found
import name_server

EHLO = sys.argv.pop(1)
SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "src/manual/schema/policy.json").read_text(encoding="utf-8"))
ZONES = {
    "example.org": [{"TXT": "v=spf1 ip4:192.0.2.0/24 include:_spf.example.net -all"}],
    "_spf.example.net": [{"TXT": "v=spf1 ip6:2001:db8::/32 ~all"}],
    "broken.example.org": [{"TXT": "v=spf1 mxx -all"}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "mx.example.org"}],
    "mx.example.org": [{"A": "192.0.2.1"}],
    "2.0.0.127.bl.example": [{"A": "127.0.0.2"}],
    "1.2.0.192.bl.example": [{"A": "127.0.0.2"}, {"TXT": "evil \x1b[31m"}],
}


class Commands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = name_server.NameServer(ZONES)
        cls.server.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def ehlo(self, *words, status=0):
        done = subprocess.run([EHLO, *words, "--resolver", self.server.address], capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, COLUMNS="80", NO_COLOR="1"))
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        found.note(done.stdout)
        return done.stdout or done.stderr

    def judged(self, *words, status=0):
        value = json.loads(self.ehlo(*words, "--format", "json", status=status))
        jsonschema.Draft202012Validator(SCHEMA).validate(value)
        return value

    def test_a_record_is_drawn_with_the_verdict_first_within_80_columns(self):
        lines = self.ehlo("spf", "example.org").splitlines()
        self.assertRegex(lines[0], r"^SPF  example\.org +valid$")
        self.assertIn("  Lets     192.0.2.0/24, 2001:db8::/32", lines)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_an_address_passes_or_not_and_the_exit_status_says_so(self):
        self.assertEqual(self.judged("spf", "--ip", "192.0.2.9", "example.org")["result"], "pass")
        self.assertEqual(self.judged("spf", "--ip", "203.0.113.9", "--from", "me", "example.org", status=1)["sender"], "me@example.org")
        self.assertEqual(self.judged("spf", "broken.example.org", status=1)["verdict"], "permerror")

    def test_a_listing_is_exit_1_and_its_reason_is_escaped(self):
        text = self.ehlo("dnsbl", "--zone", "bl.example", "192.0.2.1", status=1)
        self.assertIn(r"evil \x1B[31m", text)
        self.assertEqual(self.judged("dnsbl", "--zone", "bl.example", "192.0.2.7")["verdict"], "clean")

    def test_the_name_of_an_address_and_one_for_ehlo_are_two_results(self):
        value = self.judged("fcrdns", "--helo", "localhost", "192.0.2.9", status=1)
        self.assertEqual([row["verdict"] for row in value["results"]], ["none", "fail"])
        self.assertEqual(self.judged("fcrdns", "192.0.2.1")["name"], "mx.example.org")

    def test_the_schema_is_not_loose(self):
        value = self.judged("spf", "example.org")
        for change in ({"verdict": "fine"}, {"findings": [{"id": "x"}]}, {"trace": None}, {"ehlo": 2}):
            with self.assertRaises(jsonschema.ValidationError):
                jsonschema.Draft202012Validator(SCHEMA).validate({**value, **change})

    def test_wrong_words_are_usage(self):
        for words in (["spf", "no domain"], ["spf", "--ip", "1.2.3", "example.org"], ["spf", "--helo", "x", "example.org"],
                      ["dnsbl", "a b"], ["fcrdns", "mx.example.org"],
                      ["spf", "--ip", "192.0.2.1", "--from", "me@example.com", "example.org"]):
            self.assertRegex(self.ehlo(*words, status=2), r"\Aehlo: [^\n]+\n\Z")

    def test_markdown_is_offered(self):
        self.assertIn("# SPF  example.org: valid", self.ehlo("spf", "example.org", "--format", "markdown"))


if __name__ == "__main__":
    unittest.main()
