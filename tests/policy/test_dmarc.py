#!/usr/bin/env python3
"""DMARC verdicts: every way in which SPF and DKIM line up with a record or do not, with libopendmarc asked about each.

    test_dmarc.py EHLO
"""
import itertools
import json
import os
import subprocess
import sys
import tempfile
import unittest

from name_server import NameServer

EHLO = sys.argv.pop(1)
ORACLE = os.environ["EHLO_ORACLE_DMARC"]
SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"
HERE = os.path.dirname(os.path.abspath(__file__))

SCRIPT = """
assert(smtp.resolver {server = os.getenv("EHLO_TEST_RESOLVER"), trust_anchor = "", hosts = ""})
for line in io.lines((...)) do
  local c = require("ehlo.json").read(line)
  local spf, dkim = c.spf and {result = c.spf[1], domain = c.spf[2]}, c.dkim and {{result = c.dkim[1], domain = c.dkim[2]}}
  local r = policy.dmarc {from = c.from, spf = spf, dkim = dkim}
  print(report.json {r.verdict, r.disposition or "", r.organisational_domain})
end
"""

# Zones of their own, so that each record is that of one case: RECORD is published at the organisational domain.
RECORDS = ["v=DMARC1; p=reject", "v=DMARC1; p=quarantine; sp=none", "v=DMARC1; p=none; sp=reject", "v=DMARC1; p=reject; adkim=s; aspf=s",
           "v=DMARC1; p=reject; aspf=s", "v=DMARC1;p=reject;adkim=s;", "v=DMARC1; p=reject; pct=100; rua=mailto:d@example.org", "v=DMARC1 ; P=reject"]
ORGANISATIONS = ["example.org", "example.co.uk"]
PROOFS = [None, ("pass", ""), ("pass", "sub."), ("pass", "other"), ("fail", ""), ("none", "")]


def place(org, prefix):
    return "elsewhere.example" if prefix == "other" else prefix + org


def cases():
    for n, (record, org) in enumerate(itertools.product(RECORDS, ORGANISATIONS)):
        base = f"d{n}.{org.split('.', 1)[1]}" # d3.org, d4.co.uk
        for prefix, spf, dkim in itertools.product(["", "mail."], PROOFS, PROOFS):
            yield {"record": record, "org": base, "from": prefix + base, "spf": spf and [spf[0], place(base, spf[1])],
                   "dkim": dkim and [dkim[0], place(base, dkim[1])]}


CASES = list(cases())
ZONES = {"_dmarc." + case["org"]: [{"TXT": case["record"]}] for case in CASES}


def libopendmarc_errs(case):
    """Under strict alignment it takes a subdomain of the From field's domain for that domain; RFC 7489 section 3.1 wants the same domain."""
    for proof, tag in ((case["spf"], "aspf=s"), (case["dkim"], "adkim=s")):
        if tag in case["record"] and proof and proof[0] == "pass" and proof[1].endswith("." + case["from"]):
            return True
    return False


def run_oracle(folder):
    path = os.path.join(folder, "oracle")
    with open(path, "w", encoding="ascii") as file:
        for case in CASES:
            proofs = [word for each in (case["spf"], case["dkim"]) for word in (each or ["-", "-"])]
            file.write("\t".join([case["record"], case["from"], case["org"], *proofs]) + "\n")
    return subprocess.run([ORACLE, SUFFIXES, path], capture_output=True, text=True, check=True, timeout=100).stdout.split()


def run_ehlo(folder, server):
    paths = [os.path.join(folder, name) for name in ("script.lua", "cases")]
    with open(paths[0], "w", encoding="ascii") as file:
        file.write(SCRIPT)
    with open(paths[1], "w", encoding="ascii") as file:
        file.writelines(json.dumps({k: v for k, v in case.items() if v}) + "\n" for case in CASES)
    run = subprocess.run([EHLO, "run", *paths], capture_output=True, text=True, timeout=200, check=False,
                         env=dict(os.environ, EHLO_TEST_RESOLVER=server.address))
    assert run.returncode == 0, run.stderr
    return [json.loads(line) for line in run.stdout.splitlines()]


class Verdicts(unittest.TestCase):
    def test_they_are_those_of_libopendmarc(self):
        with tempfile.TemporaryDirectory() as folder, NameServer(ZONES) as server:
            oracle, got = run_oracle(folder), run_ehlo(folder, server)
        self.assertEqual((len(oracle), len(got)), (len(CASES), len(CASES)))
        for case, word, (verdict, disposition, _) in zip(CASES, oracle, got, strict=True):
            with self.subTest(case):
                if not (libopendmarc_errs(case) and word == "pass"):
                    self.assertEqual(verdict if verdict == "pass" else disposition, word)
        self.assertGreater(sum(word == "pass" for word in oracle), 100)
        self.assertEqual({each[0] for each in got}, {"pass", "fail"})
        self.assertEqual(set(oracle), {"pass", "none", "quarantine", "reject"})


if __name__ == "__main__":
    unittest.main(verbosity=1)
