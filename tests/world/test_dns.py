#!/usr/bin/env python3
"""The dns command in a world of signed names: what it prints, as people read it and as programs do, and how it exits."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import jsonschema

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import faulty
import found
import sample
from world import World

PROGRAM = os.environ["EHLO_PROGRAM"]
SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "src/manual/schema/dns.json").read_text())


class Dns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(World(sample.ZONES))
        cls.home = cls.enterClassContext(tempfile.TemporaryDirectory(prefix="ehlo-home-"))

    def run_with(self, options, *arguments):
        kept = {k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_")) or k == "PATH"}
        done = subprocess.run([PROGRAM, "dns", *options, *arguments], capture_output=True, text=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, env={**kept, "HOME": self.home, "LANG": "C.UTF-8"})
        found.note(done.stdout)
        return done.returncode, done.stdout, done.stderr

    def shown(self, *arguments, status=0, options=None):
        code, out, err = self.run_with(options or self.world.options, *arguments)
        self.assertEqual((code, err), (status, ""), out)
        for line in out.splitlines():
            self.assertLessEqual(len(line), 80, out)
        return out

    def told(self, *arguments, status=0, options=None):
        """The answers as JSON, each of which keeps the schema."""
        code, out, err = self.run_with(options or self.world.options, "--format", "json", *arguments)
        self.assertEqual((code, err), (status, ""), out)
        value = json.loads(out)
        jsonschema.Draft202012Validator(SCHEMA).validate(value)
        return value.get("results", [value])

    def wrong_usage(self, *arguments):
        code, out, err = self.run_with([], *arguments)
        self.assertEqual((code, out, err.count("\n")), (2, "", 1), err)
        return err

    # --- records ---

    def test_records_read_as_in_a_zone_file(self):
        out = self.shown("example.org", "TXT", "CAA")
        self.assertRegex(out, r'(?m)^example\.org\. +\d+  IN TXT  "v=spf1 mx -all" "" " tail"$')
        self.assertRegex(out, r'(?m)^example\.org\. +\d+  IN CAA  128 iodef "mailto:security@example.org"$')
        self.assertRegex(self.shown("mx.example.org", "aaaa"), r"(?m)^mx\.example\.org\. +\d+  IN AAAA  2001:db8::25$")
        self.assertIn("IN SRV  0 1 465 mx.example.org.\n", self.shown("_submissions._tcp.example.org", "SRV"))

    def test_every_record_is_what_the_server_said(self):
        """The same data as dnspython reads it off the wire."""
        import dns.message
        import dns.rdata
        import dns.rdataclass
        for name, kind in (("example.org", "MX"), ("example.org", "TXT"), ("example.org", "CAA"), ("example.org", "SOA"), ("example.org", "NS"),
                           ("example.org", "DNSKEY"), ("example.org", "DS"), ("_submissions._tcp.example.org", "SRV"),
                           ("_25._tcp.mx.example.org", "TLSA"), ("mx.example.org", "A"), ("mx.example.org", "AAAA"), ("far.example.org", "CNAME")):
            response = faulty.ask(self.world.resolver, dns.message.make_query(name, kind), 20)
            wanted = {each for rrset in response.answer for each in rrset}
            read = {dns.rdata.from_text(dns.rdataclass.IN, kind, each["rdata"]) for each in self.told(name, kind)[0]["records"]}
            self.assertEqual(read, wanted, f"{name} {kind}")

    def test_types_without_a_form_of_their_own_are_bytes(self):
        record = self.told("example.org", "NSEC")[0]["records"][0]
        self.assertRegex(record["rdata"], r"^\\# \d+ [0-9a-f]+$")
        self.assertEqual(self.told("example.org", "TYPE65280")[0]["status"], "no-data")

    def test_aliases_come_before_what_they_lead_to(self):
        out = self.shown("far.example.org", "A")
        order = [out.index(each) for each in ("IN CNAME  www.example.org.", "IN CNAME  mx.example.org.", "IN A      192.0.2.25")]
        self.assertEqual(order, sorted(order))
        answer = self.told("far.example.org", "A")[0]
        self.assertEqual(answer["canonical"], "mx.example.org")
        self.assertEqual([each["host"] for each in answer["aliases"]], ["www.example.org", "mx.example.org"])

    def test_an_address_is_asked_for_its_name(self):
        self.assertRegex(self.shown("192.0.2.25"), r"(?m)^25\.2\.0\.192\.in-addr\.arpa\. +\d+  IN PTR  mx\.example\.org\.$")
        self.assertEqual(self.told("192.0.2.26")[0]["records"][0]["host"], "backup.example.org")
        self.assertEqual(self.told("192.0.2.99", status=10)[0]["status"], "nxdomain")
        self.assertIn("Why      The name 99.2.0.192.in-addr.arpa does not exist.", self.shown("192.0.2.99", status=10))
        self.assertEqual(self.told("2001:db8::25", status=10)[0]["status"], "nxdomain")

    def test_the_ttl_runs_down_while_the_resolver_keeps_an_answer(self):
        first = self.told("backup.third.example", "A")[0]["records"][0]["ttl"]
        self.assertTrue(0 < first <= 300)
        self.assertLessEqual(self.told("backup.third.example", "A")[0]["records"][0]["ttl"], first)

    def test_long_names_stand_above_what_they_hold(self):
        out = self.shown("a-name-that-is-long.and-goes-on.for-more-than-half-a-line.cases.example.org", "MX", status=10)
        self.assertIn("no such name", out)

    # --- verdicts ---

    def test_each_verdict_is_told(self):
        for name, verdict, said in (("mx.example.org", "secure", "DNSSEC proves it"), ("mx.third.example", "secure", "DNSSEC proves it"),
                                    ("mx.plain.example", "insecure", "DNSSEC does not protect this name")):
            self.assertEqual(self.told(name, "A")[0]["verdict"], verdict)
            out = self.shown(name, "A")
            self.assertIn(said, out)
            self.assertTrue(out.splitlines()[0].endswith(verdict))

    def test_a_bogus_answer_says_why_and_exits_as_failed(self):
        for zone, reason in (("expired", "signature expired"), ("forged", "signature verification failed"), ("bare", "DNSKEY")):
            answer = self.told(f"mx.{zone}.example", "A", status=10)[0]
            self.assertEqual((answer["status"], answer["verdict"], answer["records"]), ("bogus", "bogus", []))
            self.assertIn(reason.lower(), answer["message"].lower())
            self.assertIn("DNSSEC disproves it", self.shown(f"mx.{zone}.example", "A", status=10))

    def test_failures_are_told_apart(self):
        for name, kind, status, verdict, code in (
                ("gone.example.org", "A", "nxdomain", "secure", 10), ("gone.plain.example", "A", "nxdomain", "insecure", 10),
                ("mx.example.org", "MX", "no-data", "secure", 0), ("mx.plain.example", "MX", "no-data", "insecure", 0),
                ("mx.silent.example", "A", "servfail", None, 10), ("mx.servfail.example", "A", "servfail", None, 10),
                ("circle.example.org", "A", "loop", None, 10), ("alias-of-nothing.example.org", "A", "nxdomain", "secure", 10)):
            answer = self.told(name, kind, status=code)[0]
            self.assertEqual((answer["status"], answer["verdict"]), (status, verdict), name)
            self.shown(name, kind, status=code)
        self.assertEqual(self.told("alias-of-nothing.example.org", "A", status=10)[0]["aliases"][0]["host"], "gone.example.org")

    def test_a_resolver_that_is_silent_is_told_of(self):
        server = self.world.serve(faulty.silent)
        answer = self.told("example.org", "MX", status=10, options=["--resolver", server.address, "--timeout", "0.5"])[0]
        self.assertEqual(answer["status"], "timeout")
        self.assertIn(server.address, self.shown("example.org", status=10, options=["--resolver", server.address, "--timeout", "0.5"]))

    def test_a_resolver_that_keeps_dnssec_back_is_a_finding_and_breaks_nothing(self):
        server = self.world.serve(faulty.stripping(self.world.resolver))
        options = ["--resolver", server.address, "--trust-anchor", self.world.trust_anchor]
        for arguments in (("example.org",), ("example.org", "MX"), ("mx.example.org", "A")):
            answer = self.told(*arguments, options=options)[0]
            self.assertEqual([each["id"] for each in answer["findings"]], ["resolver-not-validating"])
            self.assertEqual((answer["verdict"], answer["resolver"]["validates"]), ("insecure", False))
            self.assertTrue(answer["records"])
            self.assertIn("keeps back what that takes", " ".join(self.shown(*arguments, options=options).split()))
            self.assertEqual(self.told(*arguments)[0]["findings"], [])

    # --- who takes the mail ---

    def test_without_a_type_it_tells_who_takes_the_mail(self):
        mail = self.told("example.org")[0]["mail"]
        self.assertEqual([(each["preference"], each["host"], len(each["addresses"])) for each in mail["hosts"]],
                         [(10, "mx.example.org", 2), (20, "backup.example.org", 1)])
        out = self.shown("example.org")
        self.assertIn("example.org: 2 MX hosts", out)
        self.assertRegex(out, r"(?m)^  20  backup\.example\.org  192\.0\.2\.26 +\d+  secure$")
        self.assertIn("ehlo probe mx.example.org", out)

    def test_every_way_of_taking_mail_has_its_title(self):
        for name, title in (("null.cases.example.org", "takes no mail (null MX)"), ("none.cases.example.org", "nobody who takes its mail"),
                            ("implicit.cases.example.org", "its own address takes the mail"), ("good.cases.example.org", "1 MX host ")):
            self.assertIn(title, " ".join(self.shown(name).split()))
            self.told(name)

    def test_findings_are_shown_with_what_to_do(self):
        for name, finding in (("dangling", "mx-dangling"), ("literal", "mx-is-address"), ("bogus", "mx-bogus"), ("private", "mx-not-public"),
                              ("null-mixed", "null-mx-with-others"), ("mx-alias", "mx-is-alias"), ("circle", "mx-loop")):
            answer = self.told(f"{name}.cases.example.org")[0]
            self.assertEqual([each["id"] for each in answer["findings"]], [finding])
            out = " ".join(self.shown(f"{name}.cases.example.org").split())
            self.assertIn(answer["findings"][0]["text"], out)
            self.assertIn(answer["findings"][0]["fix"], out)

    # --- forms and usage ---

    def test_markdown_and_ndjson(self):
        out = self.run_with(self.world.options, "--format", "markdown", "example.org")[1]
        self.assertIn("# example.org: 2 MX hosts: secure", out)
        self.assertIn("mx.example.org", out)
        lines = self.run_with(self.world.options, "--format", "ndjson", "example.org", "MX", "TXT")[1].splitlines()
        self.assertEqual([json.loads(each)["type"] for each in lines], ["MX", "TXT"])

    def test_wrong_usage_is_one_clear_line(self):
        self.assertIn("NONSENSE", self.wrong_usage("example.org", "NONSENSE"))
        self.assertIn("PTR", self.wrong_usage("192.0.2.1", "MX"))
        self.wrong_usage()
        self.assertIn("resolver", self.wrong_usage("--resolver", "nowhere", "example.org"))
        self.wrong_usage("--trust-anchor", "/nowhere/at/all", "example.org")

    def test_hostile_bytes_of_a_name_reach_no_terminal(self):
        code, out, err = self.run_with(self.world.options, "\x1b[31m.example.org", "A")
        self.assertEqual(code, 10, err)
        self.assertNotIn("\x1b", out + err)


if __name__ == "__main__":
    unittest.main()
