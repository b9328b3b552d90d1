#!/usr/bin/env python3
"""Chains of ARC: mails sealed by dkimpy once to three times, and broken in each way; dkimpy is asked about each.

    test_arc.py EHLO
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import dkim

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../records"))
import found
import schema
import signed_mail
from name_server import NameServer
from signed_mail import MAIL, seal, sign

EHLO = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))

ONE, ONE_P = signed_mail.rsa(2048)
TWO, TWO_P = signed_mail.rsa(2048)
RECORDS = {"good._domainkey.example.org": f"v=DKIM1; p={ONE_P}", "arc._domainkey.one.example": f"v=DKIM1; p={ONE_P}",
           "arc._domainkey.two.example": f"v=DKIM1; p={TWO_P}", "arc._domainkey.revoked.example": "v=DKIM1; p=",
           "arc._domainkey.other.example": f"v=DKIM1; p={TWO_P}"}
ZONES = {**{name: [{"TXT": text}] for name, text in RECORDS.items()}, "arc._domainkey.lame.example": ["SERVFAIL"]}


SIGNED = sign(MAIL, ONE, "good")
FIRST = seal(SIGNED, "one.example", ONE)
CHAIN = seal(FIRST, "two.example", TWO)
FOOTED = FIRST + b"-- \r\nfooter of a list\r\n"
THREE = seal(seal(FOOTED, "two.example", TWO), "one.example", ONE)


def without(mail, field, instance):
    changed, n = re.subn(rb"(?m)^" + field + rb": i=%d;.*\r\n(?:[ \t].*\r\n)*" % instance, b"", mail)
    assert n == 1, (field, n)
    return changed


def changed(old, new, mail):
    assert old in mail, old
    return mail.replace(old, new, 1)


# name: (mail, verdict, part of the summary, oldest_pass, broken_at); then whether dkimpy may say otherwise, and why.
CASES = {
    "one set": (FIRST, "pass", "chain of 1 set holds; the last was sealed by one.example", 1, None),
    "two sets": (CHAIN, "pass", "chain of 2 sets holds; the last was sealed by two.example", 1, None),
    "a footer between": (THREE, "pass", "chain of 3 sets", 2, None),
    "no set": (SIGNED, "none", "no ARC chain", None, None),
    "a body changed since": (CHAIN + b"more\r\n", "fail", "broken at instance 2, of two.example: 6 bytes", None, 2),
    "a subject changed since": (changed(b"Subject: A", b"Subject: [x] A", CHAIN), "fail", '"[x]" put in front', None, 2),
    "results changed below": (changed(b"i=1; one.example; spf=pass", b"i=1; one.example; spf=fail", CHAIN), "fail", "was changed after it was sealed", None, 2),
    "a seal cut": (re.sub(rb"(?s)(ARC-Seal: i=2;.*?b=)....", rb"\1AAAA", CHAIN), "fail", "its seal was not made with the key", None, 2),
    "a set without seal": (without(CHAIN, b"ARC-Seal", 1), "fail", "instance 1 has no ARC-Seal", None, None),
    "a set without signature": (without(CHAIN, b"ARC-Message-Signature", 2), "fail", "instance 2 has no ARC-Message-Signature", None, None),
    "a set lost": (without(without(without(CHAIN, b"ARC-Seal", 1), b"ARC-Message-Signature", 1), b"ARC-Authentication-Results", 1), "fail",
                   "instance 1 has no ARC-Authentication-Results", None, None),
    "a field twice": (re.search(rb"ARC-Authentication-Results: i=1;.*\r\n(?:[ \t].*\r\n)*", CHAIN)[0] + CHAIN, "fail", "has two fields", None, None),
    "failed before": (seal(FOOTED, "two.example", TWO, result="fail"), "fail", "says that the chain was broken already", None, 2),
    "another key": (seal(FIRST, "other.example", ONE), "fail", "not made with the key that is published", None, 2),
    "a revoked key": (seal(FIRST, "revoked.example", ONE), "fail", "its key was revoked", None, 2),
    "no key": (seal(FIRST, "gone.example", ONE), "fail", "there is no key", None, 2),
    "a key that cannot be asked for": (seal(FIRST, "lame.example", ONE), "temperror", "cannot be judged at instance 2", None, 2),
    "no instance": (b"ARC-Seal: a=rsa-sha256; cv=none\r\n" + MAIL, "fail", "has no instance", None, None),
    "an instance beyond all": (b"ARC-Seal: i=51; a=rsa-sha256; cv=none\r\n" + MAIL, "fail", "more than 50 instances", None, None),
    "a seal with h=": (changed(b"ARC-Seal: i=1; ", b"ARC-Seal: i=1; h=from; ", FIRST), "fail", "which seals have not", None, 1),
    "a first set that says pass": (changed(b"cv=none", b"cv=pass", FIRST), "fail", "says cv=pass, where only cv=none can be", None, 1),
}


def dkimpy(mail):
    def look_up(name, timeout=5):
        return RECORDS.get(name.decode().rstrip("."), "").encode() or None
    try:
        return dkim.arc_verify(mail, dnsfunc=look_up)[0] == dkim.CV_Pass
    except (dkim.DKIMException, ValueError, KeyError, IndexError):
        return False


class Chains(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder, NameServer(ZONES) as server:
            paths = [os.path.join(folder, str(i)) for i in range(len(CASES))]
            for path, case in zip(paths, CASES.values(), strict=True):
                with open(path, "wb") as file:
                    file.write(case[0])
            run = subprocess.run([EHLO, "run", os.path.join(HERE, "verdicts.lua"), "arc", *paths], capture_output=True, text=True, timeout=200,
                                 env=dict(os.environ, EHLO_TEST_RESOLVER=server.address), check=False)
            assert run.returncode == 0, run.stderr
            found.note(run.stdout)
            cls.verdicts = dict(zip(CASES, map(json.loads, run.stdout.splitlines()), strict=True))

    def test_each_chain_holds_or_breaks_where_it_was_broken(self):
        for name, (_, verdict, text, oldest, broken) in CASES.items():
            with self.subTest(name):
                got = self.verdicts[name]
                self.assertEqual((got["verdict"], got.get("oldest_pass"), got.get("broken_at")), (verdict, oldest, broken), got["summary"])
                self.assertIn(text, got["summary"])

    def test_their_json_is_as_the_schema_says(self):
        for name, got in self.verdicts.items():
            with self.subTest(name):
                self.assertEqual(schema.faults(got), [])

    def test_dkimpy_agrees(self):
        for name, case in CASES.items():
            with self.subTest(name):
                self.assertEqual(dkimpy(case[0]), case[1] == "pass")

    def test_the_results_of_each_set_are_read(self):
        sets = self.verdicts["two sets"]["instances"]
        self.assertEqual([each["results"]["server"] for each in sets], ["one.example", "two.example"])
        self.assertEqual([(each["method"], each["result"]) for each in sets[0]["results"]["results"]],
                         [("spf", "pass"), ("dkim", "pass"), ("arc", "none")])

    def test_where_the_mail_was_changed_in_between_is_told(self):
        findings = self.verdicts["a footer between"]["findings"]
        self.assertIn("behind instance 1, by two.example", [each["text"] for each in findings if each["id"] == "arc-changed"][0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
