#!/usr/bin/env python3
"""Authentication-Results: the examples of RFC 8601 and what large receivers write, read as the authres library reads them; and worse.

    test_authres.py EHLO
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

import authres

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../records"))
import found
import schema

EHLO = sys.argv.pop(1)

# Values that authres can read too.
REGULAR = [
    "example.org 1; none",
    "example.com;\r\n spf=pass smtp.mailfrom=example.net",
    "example.com;\r\n auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n spf=pass smtp.mailfrom=example.net",
    "example.com; sender-id=fail header.from=example.com; dkim=pass (good signature) header.d=example.com",
    "example.com; dkim=pass reason=\"good signature\" header.i=@mail-router.example.net; dkim=fail reason=\"bad signature\" "
    "header.i=@newyork.example.com",
    "mx.google.com; dkim=pass header.i=@example.org header.s=mail header.b=abc12345; spf=pass (google.com: domain of a@example.org "
    "designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.org; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.org",
    "mx.example.org; iprev=pass policy.iprev=192.0.2.1; arc=none",
]

# An example of the standard that authres cannot read.
COMMENTED = (
    "foo.example.net (foobar) 1 (baz);\r\n dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
    " policy (A dot can go here) . (like that) expired\r\n (this surprised me) = (as I wasn't expecting it) 1362471462")

# Anything: (value, servers, method=result..., number of anomalies)
ODD = [
    (COMMENTED, "foo.example.net", ["dkim=fail"], 0),
    ("\"quoted server\"; spf=softfail smtp.helo=mx.example.org", "quoted server", ["spf=softfail"], 0),
    ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=pass (signature was verified)\r\n header.d=example.org;dmarc=pass "
     "action=none header.from=example.org;compauth=pass reason=100", None, ["spf=pass", "dkim=pass", "dmarc=pass", "compauth=pass"], 2),
    ("mx.example.org; spf=pass smtp.mailfrom=a@example.org;", "mx.example.org", ["spf=pass"], 0),
    ("mx.example.org", "mx.example.org", [], 1),
    ("", None, [], 2),
    ("mx.example.org; spf pass; dkim=fail", "mx.example.org", ["dkim=fail"], 1),
    ("mx.example.org; (((((unclosed; spf=pass", "mx.example.org", [], 2),
    ("mx.example.org; ; ;; spf=pass", "mx.example.org", ["spf=pass"], 0),
    ("mx.example.org 1; SPF=Pass SMTP.MailFrom=a", "mx.example.org", ["spf=pass"], 0),
    ("mx.example.org; spf=pass smtp.mailfrom=\"a b\"@example.org", "mx.example.org", ["spf=pass"], 0),
    ("mx.example.org; " + "(" * 5000, "mx.example.org", [], 2),
    ("mx.example.org; " + "spf=pass;" * 5000, "mx.example.org", ["spf=pass"] * 200, 1),
    ("x" * 70000, None, [], 1),
]


def read(values):
    """What ehlo makes of each value."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for i, value in enumerate(values):
            paths.append(os.path.join(folder, str(i)))
            with open(paths[-1], "w", encoding="ascii", newline="") as file:
                file.write(f"Authentication-Results: {value}\r\nSubject: x\r\n\r\n")
        script = "for _, p in ipairs {...} do print(report.json(policy.authentication_results(io.open(p, 'rb'):read('a')))) end"
        path = os.path.join(folder, "read.lua")
        with open(path, "w", encoding="ascii") as file:
            file.write(script)
        run = subprocess.run([EHLO, "run", path, *paths], capture_output=True, text=True, timeout=100, check=False)
        assert run.returncode == 0, run.stderr
        found.note(run.stdout)
        return [json.loads(line) for line in run.stdout.splitlines()]


def plain(field):
    return [(each["method"], each["result"], each["reason"], [(p["type"], p["property"], p["value"]) for p in each["properties"]])
            for each in field["results"]]


def of_authres(value):
    parsed = authres.AuthenticationResultsHeader.parse("Authentication-Results: " + value)
    results = [] if parsed.results == [] or isinstance(parsed.results[0], authres.NoneAuthenticationResult) else parsed.results
    return parsed.authserv_id, [(each.method, each.result, each.reason, [(p.type, p.name, p.value) for p in each.properties]) for each in results]


class Results(unittest.TestCase):
    def test_what_is_regular_is_read_as_authres_reads_it(self):
        for value, got in zip(REGULAR, read(REGULAR), strict=True):
            with self.subTest(value):
                field = got["fields"][0]
                self.assertEqual((field["server"], plain(field)), of_authres(value))
                self.assertEqual(field["anomalies"], [])

    def test_what_is_not_is_read_as_far_as_it_can_be(self):
        for (value, server, results, anomalies), got in zip(ODD, read([row[0] for row in ODD]), strict=True):
            with self.subTest(value[:60]):
                field = got["fields"][0]
                self.assertEqual(schema.faults(got), [])
                self.assertEqual((field["server"], [f"{r['method']}={r['result']}" for r in field["results"]]), (server, results))
                self.assertEqual(len(field["anomalies"]), anomalies, field["anomalies"])

    def test_comments_and_versions_are_kept(self):
        field = read([COMMENTED])[0]["fields"][0]
        self.assertEqual((field["version"], field["results"][0]["version"]), ("1", "1"))
        self.assertIn("wait for it", field["results"][0]["comments"])
        self.assertEqual(plain(field), [("dkim", "fail", None, [("policy", "expired", "1362471462")])])

    def test_a_result_that_the_method_does_not_have_is_a_finding(self):
        got = read(["mx.example.org 2; dkim=softfail"])[0]
        self.assertEqual([each["id"] for each in got["findings"]], ["authres-version", "authres-result"])

    def test_a_mail_without_the_field_has_none(self):
        self.assertEqual(read(["x; none\r\nSubject: y"])[0]["verdict"], "none")


if __name__ == "__main__":
    unittest.main(verbosity=2)
