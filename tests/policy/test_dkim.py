#!/usr/bin/env python3
"""Signatures: mails signed by dkimpy and spoilt in every way that is told apart. libopendkim and dkimpy are asked about each.

    test_dkim.py EHLO
"""
import json
import os
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
from signed_mail import BODY, HEADER, MAIL, NAMES, NOW, sign

EHLO = sys.argv.pop(1)
HERE = os.path.dirname(os.path.abspath(__file__))
ORACLE = os.environ["EHLO_ORACLE_DKIM"]

GOOD, GOOD_P = signed_mail.rsa(2048)
OTHER, OTHER_P = signed_mail.rsa(2048)
WEAK, WEAK_P = signed_mail.rsa(768)
ED, ED_P = signed_mail.ed25519()

RECORDS = {
    "good": f"v=DKIM1; k=rsa; p={GOOD_P}", "plain": f"p={GOOD_P}", "ed": f"v=DKIM1; k=ed25519; p={ED_P}", "rotated": f"v=DKIM1; p={OTHER_P}",
    "weak": f"v=DKIM1; p={WEAK_P}", "revoked": "v=DKIM1; k=rsa; p=", "test": f"v=DKIM1; t=y; p={GOOD_P}", "strict": f"v=DKIM1; t=s; p={GOOD_P}",
    "sha1only": f"v=DKIM1; h=sha1; p={GOOD_P}", "tlsrpt": f"v=DKIM1; s=tlsrpt; p={GOOD_P}", "cut": f"v=DKIM1; p={GOOD_P[:200]}",
    "mailonly": f"v=DKIM1; s=email; h=sha256:sha1; p={GOOD_P}", "version": f"v=DKIM2; p={GOOD_P}", "nokey": "v=DKIM1; k=rsa",
    "folded": f"v=DKIM1; k=rsa; p={GOOD_P[:100]} {GOOD_P[100:]}", "kind": f"v=DKIM1; k=ed25519; p={ED_P}", "unknown": f"v=DKIM1; k=dsa; p={GOOD_P}",
    "bare": f"v=DKIM1; k=rsa; p={signed_mail.bare(GOOD)}",
}


def name_of(selector):
    return f"{selector}._domainkey.{signed_mail.DOMAIN}"


def good(mail=MAIL, **tags):
    return sign(mail, GOOD, "good", **tags)


def of_key(selector):
    return sign(MAIL, GOOD, selector)


def changed(old, new, mail=None):
    mail = mail or good()
    assert old in mail, old
    return mail.replace(old, new)


DAY = 86400
MANY = good()
for _ in range(20):
    MANY = sign(MANY, GOOD, "good")
TWICE = [*NAMES, b"from", b"subject"]
# name: (mail, verdict, reason, what the sentence must have in it); an oracle that says otherwise, and why it errs, stand behind.
CASES = {
    "an ordinary one": (good(), "pass", None, None),
    "relaxed/relaxed": (good(form="relaxed/relaxed"), "pass", None, None),
    "simple/simple": (good(form="simple/simple"), "pass", None, None),
    "simple/relaxed": (good(form="simple/relaxed"), "pass", None, None),
    "an Ed25519 key": (sign(MAIL, ED, "ed", algorithm="ed25519-sha256"), "pass", None, None),
    "a key without version and type": (of_key("plain"), "pass", None, None),
    "a key with a blank in it": (of_key("folded"), "pass", None, None),
    "a key for mail and SHA-256": (of_key("mailonly"), "pass", None, None),
    "a key under test": (of_key("test"), "pass", None, None),
    "lines that end in LF": (good().replace(b"\r\n", b"\n"), "pass", None, None),
    "an mbox's envelope line": (b"From sender@example.org Sun Nov 29 10:00:00 2026\n" + good(), "pass", None, None,
                                {"libopendkim": "reads no mbox"}),
    "an empty body": (good(HEADER + b"\r\n"), "pass", None, None),
    "an empty body, relaxed": (good(HEADER + b"\r\n\r\n\r\n", form="relaxed/relaxed"), "pass", None, None),
    "empty lines added at the end": (good() + b"\r\n\r\n", "pass", None, None),
    "a field refolded": (changed(b"A meeting\r\n  at ten", b"A meeting at ten"), "pass", None, None),
    "names signed twice": (good(names=TWICE), "pass", None, None),
    "an identity below": (good(i="user@sub.example.org"), "pass", None, None),
    "a length that covers all": (good(l=str(len(BODY) - 4)), "pass", None, None),
    "a length that covers a part": (good(l="20") + b"added\r\n", "pass", None, None),
    "an end to come": (good(x=str(NOW + DAY)), "pass", None, None),
    "a key in another form": (of_key("bare"), "pass", None, None, {"libopendkim": "reads SubjectPublicKeyInfo alone"}),
    "a second Subject on top": (b"Subject: Buy\r\n" + good(), "pass", None, None),
    "a great many signatures": (MANY, "pass", None, None),
    "two signatures": (sign(good(), ED, "ed", algorithm="ed25519-sha256"), "pass", None, None),
    "one that holds below one that does not": (sign(good(), OTHER, "good"), "pass", None, None),

    "no signature": (MAIL, "none", None, "not signed"),
    "a footer": (good() + b"-- \r\nA list's footer\r\n", "fail", "dkim-body", "were added behind the body"),
    "a footer, relaxed": (good(form="relaxed/relaxed") + b"-- \r\nA list's footer\r\n", "fail", "dkim-body", "21 bytes (2 lines) were added"),
    "a banner": (good().replace(b"\r\n\r\nHello", b"\r\n\r\nCAUTION: external\r\n\r\nHello"), "fail", "dkim-body", "2 lines were put in front"),
    "a word changed": (changed(b"at ten. ", b"at two. "), "fail", "dkim-body", "the body was changed"),
    "blanks at line ends": (changed(b"there,\r\n", b"there, \r\n", good(HEADER + b"\r\n" + BODY.replace(b" \r\n", b"\r\n"))), "fail", "dkim-body",
                            "blanks were added at the ends"),
    "a dot lost": (good(HEADER + b"\r\nHi\r\n..hidden\r\n").replace(b"..hidden", b".hidden"), "fail", "dkim-body", "lost that dot"),
    "dots doubled": (changed(b"\r\n.\r\n", b"\r\n..\r\n"), "fail", "dkim-body", "left doubled"),
    "From marked": (changed(b"\r\nFrom us", b"\r\n>From us"), "fail", "dkim-body", "marked with \">\""),
    "a body that was empty": (good(HEADER + b"\r\n") + b"text\r\n", "fail", "dkim-body", "an empty body was signed"),
    "a form misnamed": (changed(b"c=relaxed/simple", b"c=relaxed/relaxed"), "fail", "dkim-body", "hashed in the simple form"),
    "a body hashed with LF": (good(bh=signed_mail.hash_of(b"Hello  there,\n\nthe meeting is at ten. \n.\nFrom us all\n")), "fail", "dkim-body",
                              "bare line feeds"),
    "a subject with a tag": (changed(b"Subject: A", b"Subject: [list] A"), "fail", "dkim-header", 'Subject had "[list]" put in front'),
    "a subject replaced": (changed(b"Subject: A meeting", b"Subject: Buy"), "fail", "dkim-header", "was changed, added or removed"),
    "a subject told by z=": (changed(b"Subject: A meeting", b"Subject: Buy", good(z="From:=20x|Subject:=20A=20meeting=20at=20ten")), "fail",
                             "dkim-header", 'Subject was "A meeting at ten" when it was signed'),
    "a field refolded, simple": (changed(b"A meeting\r\n  at ten", b"A meeting  at ten", good(form="simple/simple")), "fail", "dkim-header",
                                 "was changed, added or removed"),
    "a field folded, simple": (changed(b"Subject: A meeting at ten", b"Subject: A meeting\r\n at ten", good(
        MAIL.replace(b"meeting\r\n  at", b"meeting at"), form="simple/simple")), "fail", "dkim-header", "Subject was folded anew"),
    "another encoding": (changed(b"Encoding: 7bit", b"Encoding: quoted-printable"), "fail", "dkim-header", 'was "7bit" after'),
    "a field added that was signed as absent": (good(names=[*NAMES, b"reply-to"]).replace(b"To: rec", b"Reply-To: x@evil.example\r\nTo: rec"), "fail",
                                                "dkim-header", "the field Reply-To was added"),
    "a second Subject below": (good().replace(b"Date:", b"Subject: Buy\r\nDate:"), "fail", "dkim-header", "another field Subject stands where"),
    "a second From, signed twice": (b"From: boss@example.org\r\n" + good(names=TWICE), "fail", "dkim-header", "the field From was added"),
    "an Ed25519 signature, header changed": (changed(b"Subject: A", b"Subject: [x] A", sign(MAIL, ED, "ed", algorithm="ed25519-sha256")), "fail",
                                             "dkim-header", '"[x]" put in front'),
    "an Ed25519 signature, much changed": (changed(b"Subject: A", b"Subject: B", sign(MAIL, ED, "ed", algorithm="ed25519-sha256")), "fail",
                                           "dkim-header", "a signed field was changed, or another key made it"),
    "another key": (of_key("rotated"), "fail", "dkim-other-key", "not made with the key that is published"),

    "no key": (of_key("gone"), "permerror", "dkim-key-missing", "there is no key"),
    "a revoked key": (of_key("revoked"), "permerror", "dkim-key-revoked", "revoked"),
    "a cut key": (of_key("cut"), "permerror", "dkim-key-malformed", "it may have been cut"),
    "a key record of another version": (of_key("version"), "permerror", "dkim-key-malformed", "its version is not DKIM1"),
    "a key record without key": (of_key("nokey"), "permerror", "dkim-key-malformed", "it has no p="),
    "a key of another type": (of_key("kind"), "permerror", "dkim-key-type", "its key is of the type ed25519"),
    "a key of a type unknown": (of_key("unknown"), "permerror", "dkim-key-malformed", "nobody knows keys of the type"),
    "a weak key": (sign(MAIL, WEAK, "weak"), "permerror", "dkim-key-weak", "only 768 bits"),
    "a key for SHA-1 alone": (of_key("sha1only"), "permerror", "dkim-key-hashes", "does not allow sha256",
              {"dkimpy": "does not look at the key's h= (RFC 6376 section 3.6.1)"}),
    "a key not for mail": (of_key("tlsrpt"), "permerror", "dkim-key-service", "not meant for mail"),
    "a strict key, an identity below": (sign(MAIL, GOOD, "strict", i="@sub.example.org"), "permerror", "dkim-key-strict", "forbids subdomains",
              {"dkimpy": "does not look at t=s (RFC 6376 section 3.6.1)"}),
    "a strict key, an identity within": (sign(MAIL, GOOD, "strict"), "pass", None, None),
    "SHA-1": (good(algorithm="rsa-sha1"), "permerror", "dkim-sha1", "must no longer be accepted",
              {"libopendkim": "accepts what RFC 8301 section 3.1 forbids", "dkimpy": "accepts what RFC 8301 section 3.1 forbids"}),

    "expired": (good(t=str(NOW - 9 * DAY), x=str(NOW - 5 * DAY)), "permerror", "dkim-expired", "it expired on"),
    "ends before it begins": (good(t=str(NOW - 5 * DAY), x=str(NOW - 9 * DAY)), "neutral", "dkim-syntax", "before it begins"),
    "of the future": (good(t=str(NOW + 7 * DAY)), "policy", "dkim-future", "in the future"),
    "an identity elsewhere": (good(i="@example.net"), "permerror", "dkim-identity", "does not lie within its domain"),
    "an identity that only ends alike": (good(i="@badexample.org"), "permerror", "dkim-identity", "does not lie within its domain"),
    "From not covered": (good(names=NAMES[1:]), "permerror", "dkim-from-unsigned", "does not cover the From field",
              {"dkimpy": "does not ask for From in h= (RFC 6376 section 6.1.1)"}),
    "an algorithm unknown": (changed(b"a=rsa-sha256", b"a=rsa-md5"), "neutral", "dkim-algorithm", "nobody knows its algorithm"),
    "a form unknown": (changed(b"c=relaxed/simple", b"c=loose"), "neutral", "dkim-syntax", "canonical form c=loose"),
    "another version": (changed(b"v=1", b"v=2"), "neutral", "dkim-syntax", "version v=2"),
    "no domain": (changed(b" d=example.org;", b""), "neutral", "dkim-syntax", "it has no d="),
    "a tag twice": (changed(b"v=1;", b"v=1; c=relaxed/simple;"), "neutral", "dkim-syntax", "the tag c is there twice"),
    "no tags": (b"DKIM-Signature: nothing\r\n" + MAIL, "neutral", "dkim-syntax", "is no tag"),
    "no base64": (changed(b" bh=", b" bh=*"), "neutral", "dkim-syntax", "is no base64"),
    "a length beyond the body": (good(l="5000"), "permerror", "dkim-length", "there are only",
              {"dkimpy": "takes a shorter body for it (RFC 6376 section 3.5)"}),
    "a query unknown": (good(q="http/get"), "neutral", "dkim-query", "not to be had from DNS",
              {"libopendkim": "asks DNS all the same (RFC 6376 section 3.5)"}),
}


def run_ehlo(server, folder, names):
    paths = [os.path.join(folder, str(i)) for i in range(len(names))]
    run = subprocess.run([EHLO, "run", os.path.join(HERE, "verdicts.lua"), "dkim", *paths], capture_output=True, text=True, timeout=200,
                         env=dict(os.environ, EHLO_TEST_RESOLVER=server.address), check=False)
    assert run.returncode == 0, run.stderr
    found.note(run.stdout)
    return dict(zip(names, map(json.loads, run.stdout.splitlines()), strict=True))


def run_oracle(folder, names):
    with open(os.path.join(folder, "keys"), "w", encoding="ascii") as file:
        file.writelines(f"{name_of(selector)} {text}\n" for selector, text in RECORDS.items())
    paths = [os.path.join(folder, str(i)) for i in range(len(names))]
    run = subprocess.run([ORACLE, file.name, *paths], capture_output=True, text=True, timeout=100, check=True)
    return dict(zip(names, run.stdout.splitlines(), strict=True))


def dkimpy(mail):
    """Whether dkimpy lets any signature pass."""
    def look_up(name, timeout=5):
        return RECORDS.get(name.decode().split(".")[0], "").encode() or None
    for i in range(mail.count(b"DKIM-Signature:")):
        try:
            if dkim.DKIM(mail).verify(i, dnsfunc=look_up):
                return True
        except (dkim.DKIMException, ValueError, KeyError):
            pass
    return False


def excused(case):
    return case[4] if len(case) > 4 else {}


class Signatures(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        names = list(CASES)
        zones = {name_of(selector): [{"TXT": text}] for selector, text in RECORDS.items()}
        with tempfile.TemporaryDirectory() as folder, NameServer(zones) as server:
            for i, name in enumerate(names):
                with open(os.path.join(folder, str(i)), "wb") as file:
                    file.write(CASES[name][0])
            cls.verdicts, cls.oracle = run_ehlo(server, folder, names), run_oracle(folder, names)

    def test_each_verdict_has_its_reason(self):
        for name, (_, verdict, reason, text, *_) in CASES.items():
            with self.subTest(name):
                got = self.verdicts[name]
                first = (got.get("signatures") or [{}])[0]
                self.assertEqual((got["verdict"], first.get("reason") if verdict != "pass" else None), (verdict, reason), got["summary"])
                if text:
                    self.assertIn(text, got["summary"])

    def test_what_holds_may_be_doubtful_all_the_same(self):
        for name, finding in (("a key in another form", "dkim-key-form"), ("a second Subject on top", "dkim-doubled"),
                              ("a great many signatures", "dkim-many"), ("a length that covers a part", "dkim-length-short")):
            self.assertIn(finding, [each["id"] for each in self.verdicts[name]["findings"]])
            self.assertNotIn(finding, [each["id"] for each in self.verdicts["an ordinary one"]["findings"]])

    def test_libopendkim_agrees(self):
        for name, case in CASES.items():
            with self.subTest(name):
                same = ("pass" in self.oracle[name].split("; ")) == (case[1] == "pass")
                self.assertEqual(same, "libopendkim" not in excused(case), self.oracle[name])

    def test_their_json_is_as_the_schema_says(self):
        for name, got in self.verdicts.items():
            with self.subTest(name):
                self.assertEqual(schema.faults(got), [])

    def test_dkimpy_agrees(self):
        for name, case in CASES.items():
            with self.subTest(name):
                self.assertEqual(dkimpy(case[0]) == (case[1] == "pass"), "dkimpy" not in excused(case))


if __name__ == "__main__":
    unittest.main(verbosity=2)
