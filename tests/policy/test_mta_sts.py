#!/usr/bin/env python3
"""What holds of `ehlo mta-sts` and policy.mta_sts: each way in which a record, a web server or a policy fails has a world of its own here,
and a finding that no other world shows."""
import json
import os
import socket
import ssl
import sys
import threading
import unittest

os.environ.setdefault("EHLO_PROGRAM", sys.argv[1] if len(sys.argv) > 1 else "")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../commands")]
from name_server import NameServer
from policy_web import ALWAYS, PolicyWeb, own_address
from program import Case
from test_schemas import validator

GOOD = "version: STSv1\nmode: enforce\nmx: mx1.good.example\nmx: *.mail.example\nmax_age: 1209600\n"
ID = "v=STSv1; id=20260101;"
RUA = "v=TLSRPTv1; rua=mailto:tls@good.example"


def policy(mode="enforce", mx="mx.{0}", age=1209600, more=""):
    return f"version: STSv1\r\nmode: {mode}\r\nmx: {mx}\r\nmax_age: {age}\r\n{more}"


# domain: (what nginx does, the verdict, the findings).
SITES = {
    "good.example": ({"body": GOOD}, "enforce", []),
    "crlf.example": ({"body": policy(mx="MX.crlf.example")}, "enforce", []),
    "blanks.example": ({"body": "version: STSv1 \r\nmode:  enforce\t\r\nmx:mx.blanks.example \r\nmax_age: 1209600  \r\n\r\n"}, "enforce", []),
    "xn--bcher-kva.example": ({"body": policy(mx="mx.xn--bcher-kva.example")}, "enforce", []),
    "testing.example": ({"body": policy("testing", "mx.testing.example")}, "testing", ["mta-sts-mode-testing"]),
    "off.example": ({"body": "version: STSv1\nmode: none\nmax_age: 86400\n"}, "off", ["mta-sts-mode-none"]),
    "short.example": ({"body": policy(mx="mx.short.example", age=86400)}, "enforce", ["mta-sts-max-age-short"]),
    "long.example": ({"body": policy(mx="mx.long.example", age=99999999)}, "enforce", ["mta-sts-max-age-long"]),
    "other.example": ({"body": policy(mx="mx.elsewhere.example")}, "enforce", ["mta-sts-mx-uncovered", "mta-sts-pattern-unused"]),
    "twice.example": ({"body": policy(mx="mx.twice.example", more="mode: none\r\n")}, "enforce", ["mta-sts-field-repeated"]),
    "new.example": ({"body": policy(mx="mx.new.example", more="colour: red\r\n")}, "enforce", ["mta-sts-field-unknown"]),
    "broken.example": ({"body": "<html>"}, "invalid", ["mta-sts-policy-invalid"] * 5),
    "self.example": ({"body": GOOD, "certificate": "self-signed"}, "invalid", ["mta-sts-certificate"]),
    "expired.example": ({"body": GOOD, "certificate": "past"}, "invalid", ["mta-sts-certificate"]),
    "wrong.example": ({"body": GOOD, "certificate": "wrong-host"}, "invalid", ["mta-sts-certificate"]),
    "redirect.example": ({"extra": "return 301 https://mta-sts.good.example$request_uri;"}, "invalid", ["mta-sts-redirect"]),
    "missing.example": ({"extra": "return 404;"}, "invalid", ["mta-sts-status"]),
    "down.example": ({"extra": "return 503;"}, "unknown", ["mta-sts-status"]),
    "html.example": ({"body": GOOD, "extra": "default_type text/html;"}, "invalid", ["mta-sts-content-type"]),
    "large.example": ({"body": GOOD + "x: y\n" * 20000}, "invalid", ["mta-sts-too-large"]),
    "slow.example": ({"body": "x: y\n" * 10000, "extra": "limit_rate 1;"}, "unknown", ["mta-sts-timed-out"]),
    "orphan.example": ({"body": policy(mx="mx.orphan.example")}, "none", ["mta-sts-record-missing"]),
    "curt.example": ({"extra": "return 444;"}, "unknown", ["mta-sts-unreachable"]),
    "odd-mx.example": ({"body": policy(mx="mx.odd-mx.example")}, "enforce", ["mta-sts-mx-unknown"]),
    "no-mx.example": ({"body": policy(mx="no-mx.example")}, "enforce", []),
}
# domain: (what its zone has, the verdict, the findings); no web server.
ZONES = {
    "none.example": ({}, "none", []),
    "else.example": ({"_mta-sts.else.example": [{"TXT": "google-site-verification=1"}]}, "none", []),
    "servfail.example": ({"_mta-sts.servfail.example": ["SERVFAIL"]}, "unknown", ["mta-sts-record-unknown"]),
    "two.example": ({"_mta-sts.two.example": [{"TXT": ID}, {"TXT": "v=STSv1; id=2;"}]}, "invalid", ["mta-sts-several-records"]),
    "case.example": ({"_mta-sts.case.example": [{"TXT": "V=STSv1; id=1;"}]}, "invalid", ["mta-sts-record-malformed"]),
    "id.example": ({"_mta-sts.id.example": [{"TXT": "v=STSv1; id=2026-01-01;"}]}, "invalid", ["mta-sts-record-malformed"]),
    "nohost.example": ({"_mta-sts.nohost.example": [{"TXT": ID}]}, "invalid", ["mta-sts-host-missing"]),
    "hostfail.example": ({"_mta-sts.hostfail.example": [{"TXT": ID}], "mta-sts.hostfail.example": ["SERVFAIL"]}, "unknown",
                         ["mta-sts-host-unknown"]),
    "nobody.example": ({"_mta-sts.nobody.example": [{"TXT": ID}], "mta-sts.nobody.example": [{"A": "127.0.0.1"}]}, "unknown",
                       ["mta-sts-unreachable"]),
}
# The record of TLS-RPT: (TXT records, the verdict, the findings).
REPORTS = {
    "r-good.example": ([{"TXT": "v=TLSRPTv1; rua=mailto:tls@r-good.example"}], "valid", []),
    "r-web.example": ([{"TXT": "v=TLSRPTv1; rua=https://report.r-web.example/tls"}], "valid", []),
    "r-none.example": ([], "none", []),
    "r-fail.example": (["SERVFAIL"], "unknown", ["tls-rpt-record-unknown"]),
    "r-two.example": ([{"TXT": RUA}, {"TXT": RUA + ";"}], "invalid", ["tls-rpt-several-records"]),
    "r-case.example": ([{"TXT": "v=tlsrptv1; rua=mailto:a@b.example"}], "invalid", ["tls-rpt-record-malformed"]),
    "r-rua.example": ([{"TXT": "v=TLSRPTv1; ruf=mailto:a@b.example"}], "invalid", ["tls-rpt-record-malformed"]),
    "r-http.example": ([{"TXT": "v=TLSRPTv1; rua=http://r-http.example/"}], "invalid", ["tls-rpt-place-invalid"]),
    "r-far.example": ([{"TXT": "v=TLSRPTv1; rua=mailto:x@collector.example.net"}], "valid", ["tls-rpt-external"]),
}


class Strange:
    """What is no web server: it answers whatever comes with a line of its own, under TLS where it has a certificate."""

    def __init__(self, address, certificate=None):
        self.listener, self.context = socket.create_server((address, 443)), None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(f"{certificate}.pem", f"{certificate}.key")
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            try:
                with self.context.wrap_socket(peer, server_side=True) if self.context else peer as peer:
                    peer.recv(4096)
                    peer.sendall(b"I am no web server\r\n\r\n")
            except OSError:
                pass

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


class MtaSts(Case):
    @classmethod
    def setUpClass(cls):
        cls.web = PolicyWeb({domain: row[0] for domain, row in SITES.items()})
        cls.addClassCleanup(cls.web.close)
        cls.web.issue_for("strange", "DNS:mta-sts.strange.example", *ALWAYS)
        cls.strange = {"plain.example": own_address(), "strange.example": own_address()}
        for domain, address in cls.strange.items():
            cls.addClassCleanup(Strange(address, cls.web.folder / "strange" if domain == "strange.example" else None).close)
        cls.names = cls.enterClassContext(NameServer(cls.zones(cls.web.address)))

    @classmethod
    def zones(cls, address):
        zones = {}
        for domain, other in cls.strange.items():
            zones["mta-sts." + domain] = [{"A": other}]
            zones["_mta-sts." + domain] = [{"TXT": ID}]
            zones[domain] = [{"MX": [10, "mx." + domain]}]
        for domain in SITES:
            zones["mta-sts." + domain] = [{"A": address}]
            zones[domain] = [{"MX": [10, "mx." + domain]}]
            if domain != "orphan.example":
                zones["_mta-sts." + domain] = [{"TXT": ID}]
        zones["good.example"] = [{"MX": [10, "mx1.good.example"]}, {"MX": [20, "a.mail.example"]}]
        zones["_smtp._tls.good.example"] = [{"TXT": RUA}]
        zones["odd-mx.example"] = ["SERVFAIL"]
        zones["no-mx.example"] = [{"A": "127.0.0.1"}]
        for domain, row in ZONES.items():
            zones[domain] = [{"MX": [10, "mx." + domain]}]
            zones.update(row[0])
        for domain, row in REPORTS.items():
            zones[domain] = [{"A": "127.0.0.1"}]
            zones["_smtp._tls." + domain] = row[0]
        return zones

    def look(self, domain, *more):
        r = self.ehlo("mta-sts", "--resolver", self.names.address, "--trust-anchor", "", "--ca-file", str(self.web.ca), *more, domain)
        self.assertEqual(r.err, "")
        return r

    def records(self, domain, *more):
        r = self.look(domain, "--format", "json", *more)
        value = json.loads(r.out)
        faults = sorted(validator("policy").iter_errors(value), key=lambda e: e.json_path)
        self.assertEqual([f"{f.json_path}: {f.message[:200]}" for f in faults[:3]], [])
        return value["results"], r.status

    def judge(self, r, verdict, findings):
        self.assertEqual((r["verdict"], sorted(f["id"] for f in r["findings"])), (verdict, sorted(findings)), json.dumps(r, indent=1))
        for finding in r["findings"]:
            self.assertTrue(finding["text"].endswith("."), finding)
            self.assertTrue(finding["level"] == "info" or finding["fix"], finding)

    def test_each_web_server_and_each_policy_has_its_verdict(self):
        for domain, (_, verdict, findings) in SITES.items():
            with self.subTest(domain):
                (sts, _), status = self.records(domain, *(("--timeout", "5") if domain.startswith("slow") else ()))
                self.judge(sts, verdict, findings)
                self.assertEqual(status, int(any(f["level"] == "fail" for f in sts["findings"])))

    def test_what_is_no_web_server_is_told_apart(self):
        for domain, finding in (("plain.example", "mta-sts-tls-failed"), ("strange.example", "mta-sts-fetch-failed")):
            (sts, _), status = self.records(domain)
            self.judge(sts, "invalid", [finding])
            self.assertEqual(status, 1)

    def test_a_domain_may_be_written_in_unicode(self):
        for written in ("bücher.example", "BÜCHER.example."):
            (sts, _), status = self.records(written)
            self.judge(sts, "enforce", [])
            self.assertEqual((sts["url"], status), ("https://mta-sts.xn--bcher-kva.example/.well-known/mta-sts.txt", 0))

    def test_each_record_has_its_verdict(self):
        for domain, (_, verdict, findings) in ZONES.items():
            with self.subTest(domain):
                (sts, _), _ = self.records(domain)
                self.judge(sts, verdict, findings)

    def test_each_record_of_reports_has_its_verdict(self):
        for domain, (_, verdict, findings) in REPORTS.items():
            with self.subTest(domain):
                (_, rpt), _ = self.records(domain)
                self.judge(rpt, verdict, findings)

    def test_a_certificate_that_fails_says_how(self):
        for domain, words in (("self.example", "self-signed"), ("expired.example", "expired"), ("wrong.example", "name")):
            (sts, _), _ = self.records(domain)
            self.assertIn(words, sts["findings"][0]["evidence"], domain)

    def test_the_policy_is_told_in_full(self):
        (sts, rpt), status = self.records("good.example")
        self.assertEqual(status, 0)
        self.assertEqual((sts["id"], sts["mode"], sts["max_age"], sts["mx"]), ("20260101", "enforce", 1209600, ["mx1.good.example", "*.mail.example"]))
        self.assertEqual([(h["host"], h["pattern"]) for h in sts["hosts"]],
                         [("mx1.good.example", "mx1.good.example"), ("a.mail.example", "*.mail.example")])
        self.assertEqual(sts["url"], "https://mta-sts.good.example/.well-known/mta-sts.txt")
        self.assertEqual([line["what"] for line in sts["trace"]],
                         ["TXT _mta-sts.good.example", "GET " + sts["url"], "MX good.example"])
        self.assertEqual(rpt["rua"][0]["mailbox"], "tls@good.example")

    def test_the_page_fits_and_names_what_to_do(self):
        for domain in ("good.example", "other.example", "expired.example", "none.example"):
            out = self.look(domain).out
            self.assertFits(out, 80, domain)
            self.assertIn("MTA-STS  " + domain, out)
        self.assertIn("Add \"mx: mx.other.example\"", " ".join(self.look("other.example").out.split()))
        self.assertIn("# MTA-STS  good.example: enforce", self.look("good.example", "--format", "markdown").out)

    def test_what_is_no_domain_is_wrong_usage(self):
        for word in ("", "a b", "https://example.org", "[192.0.2.1]"):
            self.wrong_usage("mta-sts", word)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
