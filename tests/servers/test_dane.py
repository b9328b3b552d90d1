#!/usr/bin/env python3
# `ehlo dane` and `ehlo probe --tls dane` against a real Postfix and a real Exim, with TLSA records in signed zones: right, wrong, rolling
# over, and of every kind that SMTP cannot use.
import hashlib
import json
import pathlib
import subprocess
import sys
import unittest

from harness import ROOT, SERVERS, run

sys.path += [str(ROOT / "tests/world"), str(ROOT / "tests/commands")]
import faulty
from test_schemas import validator
from world import World, Zone

FOLDER = pathlib.Path(SERVERS["folder"]) / "tls"
PORTS = {"postfix": SERVERS["postfix"]["starttls"], "exim": SERVERS["exim"]["starttls"], "chain": SERVERS["postfix"]["tls12"],
         "clear": SERVERS["postfix"]["plain"]}


def der(name, key):
    """A certificate of the servers, or its key, as TLSA records have them."""
    file = FOLDER / f"{name}.pem"
    if not key:
        return subprocess.run(["openssl", "x509", "-in", file, "-outform", "DER"], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "x509", "-in", file, "-noout", "-pubkey"], check=True, capture_output=True).stdout
    return subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public, check=True, capture_output=True).stdout


def pin(usage, selector, matching, name="mx"):
    data = der(name, selector == 1)
    digest = {0: bytes, 1: lambda d: hashlib.sha256(d).digest(), 2: lambda d: hashlib.sha512(d).digest()}[matching](data)
    return f"{usage} {selector} {matching} {digest.hex()}"


RIGHT, OTHER = pin(3, 1, 1), "3 1 1 " + "ab" * 32
# host: (its TLSA records, which port, the verdict live, what a sender demands, the findings live).
HOSTS = {
    "right": ([RIGHT], "postfix", "match", "dane", ["dane-no-next"]),
    "exim": ([RIGHT], "exim", "match", "dane", ["dane-no-next"]),
    "rolling": ([RIGHT, OTHER], "postfix", "match", "dane", ["dane-rollover"]),
    "exim-rolling": ([OTHER, RIGHT], "exim", "match", "dane", ["dane-rollover"]),
    "wrong": ([OTHER], "postfix", "fail", "dane", ["dane-no-match"]),
    "exim-wrong": ([OTHER], "exim", "fail", "dane", ["dane-no-match"]),
    "whole": ([pin(3, 0, 1)], "postfix", "match", "dane", ["dane-no-next", "dane-whole-certificate"]),
    "full": ([pin(3, 1, 0)], "postfix", "match", "dane", ["dane-no-digest", "dane-no-next"]),
    "longer": ([pin(3, 1, 2)], "postfix", "match", "dane", ["dane-no-next"]),
    "issuer": ([pin(2, 1, 1, "ca"), OTHER], "chain", "fail", "dane", ["dane-no-match", "dane-rollover"]),
    "web": ([pin(1, 1, 1)], "postfix", "unusable", "encrypt", ["dane-only-unusable", "dane-usage"]),
    "both": ([pin(0, 0, 1, "ca"), RIGHT], "postfix", "match", "dane", ["dane-no-next", "dane-usage"]),
    "short": (["3 1 1 abcd"], "postfix", "unusable", "encrypt", ["dane-only-unusable", "dane-record-malformed"]),
    "strange": (["9 1 1 " + "ab" * 32, "3 4 1 " + "ab" * 32, "3 1 7 abcd", RIGHT], "postfix", "match", "dane",
                ["dane-no-next"] + ["dane-record-malformed"] * 3),
    "clear": ([RIGHT], "clear", "fail", "dane", ["dane-no-starttls"]),
    "web-clear": ([pin(1, 1, 1)], "clear", "fail", "encrypt", ["dane-no-starttls", "dane-only-unusable", "dane-usage"]),
    "none": ([], "postfix", "none", "may", []),
}


def zones():
    lines = []
    for host, (records, port, *_) in HOSTS.items():
        lines.append(f"{host} A 127.0.0.1")
        lines += [f"_{PORTS[port]}._tcp.{host} TLSA {record}" for record in records]
    port = PORTS["postfix"]
    lines += [f"mx A 127.0.0.1", f"_{PORTS['chain']}._tcp.mx TLSA {pin(2, 1, 1, 'ca')}",
              "alias CNAME right", "turned CNAME none", f"_{port}._tcp.turned TLSA {RIGHT}",
              "away CNAME host.plain.example.", f"_{port}._tcp.away TLSA {RIGHT}", "far CNAME host.plain.example.",
              "failing A 127.0.0.1", "down A 127.0.0.1", f"_1._tcp.down TLSA {RIGHT}"]
    return {
        "dane.example": "\n".join(lines),
        "example.org": f"mx MX 10 mx.dane.example.\nmx A 127.0.0.1\n_{PORTS['chain']}._tcp.mx TLSA {pin(2, 1, 1, 'ca')}",
        "_tcp.failing.dane.example": Zone(served_by="servfail"),
        "plain.example": Zone(f"@ MX 10 right.dane.example.\nhost A 127.0.0.1\nsoft A 127.0.0.1\n_{port}._tcp.host TLSA {RIGHT}",
                              signed=False),
        "_tcp.soft.plain.example": Zone(signed=False, served_by="servfail"),
        "lame.example": Zone(served_by="servfail"),
        "forged.example": Zone(f"mx A 127.0.0.1\n_{port}._tcp.mx TLSA {RIGHT}", forged=(RIGHT.split()[3], "cd" * 32)),
        "past.example": Zone("@ MX 10 mx\nmx A 127.0.0.1", expired=True),
        "good.example": "@ MX 10 right.dane.example.\n@ MX 20 rolling.dane.example.",
        "partial.example": "@ MX 10 right.dane.example.\n@ MX 20 none.dane.example.",
        "bad.example": "@ MX 10 right.dane.example.\n@ MX 20 wrong.dane.example.",
        "bare.example": "@ A 127.0.0.1",
        "null.example": "@ MX 0 .",
    }


class Dane(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(World(zones()))

    def dane(self, target, *more):
        done = run("dane", *self.world.options, "--format", "json", *more, target)
        self.assertEqual(done.stderr, "")
        value = json.loads(done.stdout)
        self.assertEqual([f"{f.json_path}: {f.message[:200]}" for f in validator("policy").iter_errors(value)], [])
        return value, done.returncode

    def judge(self, r, verdict, findings):
        self.assertEqual((r["verdict"], sorted(f["id"] for f in r["findings"])), (verdict, sorted(findings)), json.dumps(r, indent=1))
        for finding in r["findings"]:
            self.assertTrue(finding["text"].endswith("."), finding)

    def test_each_host_is_judged_by_what_it_shows(self):
        for host, (_, port, verdict, demand, findings) in HOSTS.items():
            with self.subTest(host):
                r, status = self.dane(f"{host}.dane.example:{PORTS[port]}", "--live")
                self.judge(r, verdict, findings)
                self.assertEqual(r["demand"], demand)
                self.assertEqual(status, int(any(f["level"] == "fail" for f in r["findings"])))

    def test_without_a_look_at_the_host_the_records_alone_count(self):
        for host, verdict in (("right", "valid"), ("wrong", "valid"), ("web", "unusable"), ("none", "none")):
            r, _ = self.dane(f"{host}.dane.example:{PORTS['postfix']}")
            self.assertEqual(r["verdict"], verdict, host)
            self.assertNotIn("live", r)

    def test_an_issuer_may_be_named_and_then_names_count(self):
        r, _ = self.dane(f"mx.example.org:{PORTS['chain']}", "--live")
        self.judge(r, "match", [])
        self.assertEqual(r["records"][0]["depth"], 1)
        r, _ = self.dane(f"mx.dane.example:{PORTS['chain']}", "--live") # the certificate is for mx.example.org
        self.judge(r, "fail", ["dane-no-match"])
        self.assertIn("mx.example.org", r["findings"][0]["evidence"])

    def test_below_an_issuer_the_name_of_the_mail_domain_will_do(self):
        r, _ = self.dane(f"mx.example.org:{PORTS['chain']}", "--live", "--mx") # whose MX is mx.dane.example
        self.judge(r, "match", [])
        done = run("probe", *self.world.options, "--mx", "--tls", "dane", f"mx.example.org:{PORTS['chain']}")
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_has_no_name_is_wrong_usage(self):
        for target in ("192.0.2.1", "192.0.2.1:25", "2001:db8::1", "a b", "mx.example.org:99999"):
            done = run("dane", target)
            self.assertEqual((done.returncode, done.stdout), (2, ""), target)

    def test_each_record_tells_which_certificate_it_is_about(self):
        r, _ = self.dane(f"rolling.dane.example:{PORTS['postfix']}", "--live")
        self.assertEqual(sorted((each["data"][:2], each["matches"], each.get("depth")) for each in r["records"]),
                         sorted([(RIGHT.split()[3][:2], True, 0), ("ab", False, None)]))
        self.assertEqual(r["rollover"], "ready")
        self.assertEqual(r["live"][0]["outcome"], "ready")

    def test_behind_an_alias_the_records_of_its_end_count_first(self):
        port = PORTS["postfix"]
        for host, base in (("alias", "right"), ("turned", "turned"), ("away", "away")):
            r, _ = self.dane(f"{host}.dane.example:{port}", "--live")
            self.judge(r, "match", ["dane-no-next"])
            self.assertEqual(r["base"], f"{base}.dane.example")

    def test_a_look_up_that_fails_is_never_no_dane(self):
        for target, finding in ((f"failing.dane.example:{PORTS['postfix']}", "dane-tlsa-failed"), ("mx.lame.example", "dane-address-failed"),
                                (f"mx.forged.example:{PORTS['postfix']}", "dane-tlsa-bogus")):
            r, status = self.dane(target, "--live")
            self.judge(r, "unknown", [finding])
            self.assertEqual("TLSA" in r["fix"], finding == "dane-tlsa-failed")
            self.assertEqual((r["demand"], status), ("defer", 1))
            done = run("probe", *self.world.options, "--tls", "dane", target)
            self.assertEqual(done.returncode, 10, done.stdout)
        for target, finding in ((("mx.past.example",), "dane-address-bogus"), (("past.example", "--mx"), "dane-mx-bogus")):
            self.judge(self.dane(*target)[0], "unknown", [finding])
        r, _ = self.dane("lame.example", "--mx")
        self.judge(r, "unknown", ["dane-mx-failed"])
        self.assertIn("The MX records of lame.example", r["findings"][0]["text"])

    def test_records_that_nothing_protects_count_for_nothing(self):
        r, _ = self.dane(f"host.plain.example:{PORTS['postfix']}")
        self.judge(r, "none", ["dane-unsigned"])
        r, status = self.dane(f"soft.plain.example:{PORTS['postfix']}") # whose TLSA records nobody asks for as long as it is unsigned
        self.judge(r, "none", ["dane-tlsa-unanswered"])
        self.assertEqual(status, 0)
        r, _ = self.dane(f"far.dane.example:{PORTS['postfix']}")
        self.judge(r, "none", [])

    def test_a_host_that_is_down_cannot_be_judged(self):
        r, _ = self.dane("down.dane.example:1", "--live")
        self.judge(r, "unknown", ["dane-not-seen"])

    def test_a_resolver_that_does_not_validate_is_told(self):
        stripping = self.world.serve(faulty.stripping(self.world.resolver))
        options = ["--resolver", stripping.address, "--trust-anchor", self.world.trust_anchor]
        for demand, *target in (("may", f"right.dane.example:{PORTS['postfix']}"), ("may", f"failing.dane.example:{PORTS['postfix']}"),
                                (None, "--mx", f"good.example:{PORTS['postfix']}")):
            done = run("dane", *options, "--format", "json", *target)
            r = json.loads(done.stdout)
            self.judge(r, "unknown", ["resolver-not-validating"])
            self.assertEqual((r.get("demand"), done.returncode), (demand, 0))

    def test_a_domain_is_as_good_as_its_hosts_and_its_mx_records(self):
        port = PORTS["postfix"]
        script = f"local r = policy.dane(arg1, {{mx = true, live = true, port = {port}}}) print(report.json(r))"
        for domain, verdict, findings in (("good", "match", ["dane-no-next", "dane-rollover"]), ("partial", "partial", ["dane-no-next", "dane-partial"]),
                                          ("bad", "fail", ["dane-no-match", "dane-no-next"]), ("plain", "none", ["dane-mx-unsigned", "dane-no-next"]),
                                          ("bare", "none", []), ("null", "none", [])):
            with self.subTest(domain):
                chunk = (f'smtp.resolver {{server = "{self.world.resolver}", trust_anchor = "{self.world.trust_anchor}"}} '
                         + script.replace("arg1", f'"{domain}.example"'))
                done = run("-e", chunk)
                self.assertEqual(done.stderr, "")
                self.judge(json.loads(done.stdout), verdict, findings)

    def test_the_page_says_what_to_do(self):
        done = run("dane", *self.world.options, "--live", f"wrong.dane.example:{PORTS['postfix']}")
        text = " ".join(done.stdout.split())
        self.assertIn("DANE wrong.dane.example fail", text)
        self.assertIn("Publish a record of the present key", text)
        self.assertTrue(all(len(line) <= 80 for line in done.stdout.splitlines()), done.stdout)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
