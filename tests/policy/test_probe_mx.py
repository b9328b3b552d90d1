#!/usr/bin/env python3
"""What holds of `ehlo probe --mx`: every address of every MX host is probed, MTA-STS and DANE are heeded as a sender would, and the outcome
is that of the host that a sender would reach. Signed zones, a real nginx for the policies, and SMTP servers with certificates right and wrong.
"""
import json
import os
import subprocess
import sys
import unittest

os.environ.setdefault("EHLO_PROGRAM", sys.argv[1] if len(sys.argv) > 1 else "")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../commands"), os.path.join(HERE, "../world")]
import certificates_of_mail
import faulty
from mail_house import MailHouse
from policy_web import PolicyWeb, own_address
from program import PROGRAM, Case
from test_schemas import validator
from world import World, Zone

ID = '_mta-sts TXT "v=STSv1; id=1;"\n'


def policy(mode, *hosts):
    return {"body": "".join(f"{line}\n" for line in ("version: STSv1", f"mode: {mode}", *(f"mx: {h}" for h in hosts), "max_age: 1209600"))}


POLICIES = {
    "good.example": policy("enforce", "*.hosts.example"),
    "half.example": policy("enforce", "right2.hosts.example"),
    "nowhere.example": policy("enforce", "elsewhere.example"),
    "strict.example": policy("enforce", "self.hosts.example"),
    "testing.example": policy("testing", "self.hosts.example"),
    "webdown.example": {"extra": "return 503;"},
    "danests.example": policy("enforce", "pinned.hosts.example"),
}
# domain: its MX hosts in order.
DOMAINS = {
    "good.example": ["right1", "right2"], "half.example": ["right1", "right2"], "nowhere.example": ["right1"], "strict.example": ["self"],
    "testing.example": ["self"], "webdown.example": ["self"], "danests.example": ["pinned"], "fallback.example": ["down", "right1"],
    "alldown.example": ["down", "down2"], "pins.example": ["pinned"], "mispins.example": ["mispinned"], "unusable.example": ["webpinned"],
    "lost.example": ["lost"], "twofold.example": ["twofold"], "later.example": ["later", "right1"], "dangling.example": ["nothere", "right1"],
    "still.example": ["still"],
}


class ProbeMx(Case):
    @classmethod
    def setUpClass(cls):
        cls.web = PolicyWeb(POLICIES)
        cls.addClassCleanup(cls.web.close)
        cls.port = 2525
        cls.trusted, cls.own, cls.later, cls.silent, cls.still = (own_address() for _ in range(5))
        cls.pin = certificates_of_mail.make(cls.web)
        tls = 'tls = {{certificate = "{0}/{1}.pem", key = "{0}/{1}.key"}}'
        row = "{{address = \"{0}\", port = {1}, {2}}}"
        right, self_signed = tls.format(cls.web.folder, "hosts"), tls.format(cls.web.folder, "self-signed")
        cls.house = MailHouse(PROGRAM, [row.format(cls.trusted, cls.port, right), row.format(cls.own, cls.port, self_signed),
                                        row.format(cls.later, cls.port, 'greeting = "421 4.3.2 later", ' + right),
                                        row.format(cls.still, cls.port, "greeting = {silent = true}")])
        cls.addClassCleanup(cls.house.close)
        cls.world = cls.enterClassContext(World(cls.zones()))

    @classmethod
    def zones(cls):
        zones = {domain: "".join(f"@ MX {10 * (i + 1)} {host}.hosts.example.\n" for i, host in enumerate(hosts))
                 for domain, hosts in DOMAINS.items()}
        for domain in POLICIES:
            zones[domain] += ID + f"mta-sts A {cls.web.address}\n"
        for domain in ("good.example", "half.example"):
            zones[domain] = Zone(zones[domain], signed=False)
        at = f"_{cls.port}._tcp."
        zones["hosts.example"] = "\n".join([
            f"right1 A {cls.trusted}", f"right2 A {cls.trusted}", f"self A {cls.own}", f"later A {cls.later}", f"down A {cls.silent}",
            f"down2 A {cls.silent}", f"pinned A {cls.own}", f"{at}pinned TLSA 3 1 1 {cls.pin}", f"mispinned A {cls.own}",
            f"{at}mispinned TLSA 3 1 1 {'ab' * 32}", f"webpinned A {cls.own}", f"{at}webpinned TLSA 1 1 1 {cls.pin}", f"lost A {cls.own}",
            f"twofold A {cls.trusted}", f"twofold A {cls.silent}", f"twofold AAAA ::1", f"still A {cls.still}"])
        zones["_tcp.lost.hosts.example"] = Zone(served_by="servfail")
        zones["null.example"] = "@ MX 0 ."
        for most in (128, 129): # of whom nobody answers
            zones[f"most{most}.example"] = "@ MX 10 h\n" + "\n".join(f"h A 127.9.9.{n + 1}" for n in range(most))
        zones["bare.example"] = "other A 127.0.0.1"
        zones["implicit.example"] = f"@ A {cls.own}"
        zones["lame.example"] = Zone(served_by="servfail")
        return zones

    def run_it(self, *targets, **how):
        options = ["--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, "--ca-file", str(self.web.ca)]
        return self.ehlo("probe", "--mx", *options, *targets, **how)

    def probe(self, domain, *more):
        r = self.run_it("--format", "json", *more, f"{domain}.example:{self.port}")
        self.assertEqual(r.err, "")
        value = json.loads(r.out)
        faults = sorted(validator("probe").iter_errors(value), key=lambda e: e.json_path)
        self.assertEqual([f"{f.json_path}: {f.message[:200]}" for f in faults[:3]], [])
        self.assertEqual(value["exit"], r.status)
        return value

    def judge(self, domain, outcome, findings, *more):
        value = self.probe(domain, *more)
        self.assertEqual((value["outcome"], sorted(f["id"] for f in value["findings"])), (outcome, sorted(findings)), json.dumps(value, indent=1))
        return value

    def levels(self, value):
        return [host["tls"] for host in value["mx"]["hosts"]]

    def test_an_enforced_policy_raises_what_is_demanded(self):
        value = self.judge("good", "ready", [])
        self.assertEqual(self.levels(value), ["verify", "verify"])
        self.assertEqual([host["covered"] for host in value["mx"]["hosts"]], [True, True])
        self.assertEqual((value["mta_sts"]["mode"], value["mta_sts"]["heeded"]), ("enforce", True))
        self.assertTrue(all(p["tls"]["trusted"] for p in value["probes"]))
        value = self.judge("strict", "tls-untrusted", [])
        self.assertEqual((value["exit"], value["phase"]), (16, "tls"))

    def test_a_policy_that_is_tested_raises_nothing(self):
        value = self.judge("testing", "ready", ["mta-sts-mode-testing"])
        self.assertEqual((self.levels(value), value["mx"]["hosts"][0]["covered"]), (["may"], None))

    def test_a_policy_that_cannot_be_fetched_is_a_finding_and_no_demand(self):
        value = self.judge("webdown", "ready", ["mta-sts-status"])
        self.assertEqual((value["mta_sts"]["verdict"], value["mta_sts"]["heeded"]), ("unknown", False))

    def test_a_host_that_the_policy_does_not_cover_decides_nothing(self):
        value = self.judge("half", "ready", ["mta-sts-mx-uncovered"])
        self.assertEqual([host["covered"] for host in value["mx"]["hosts"]], [False, True])
        value = self.judge("nowhere", "tls-untrusted", ["mta-sts-mx-uncovered", "mta-sts-pattern-unused"])
        self.assertEqual(value["failure"]["reason"], "sts-policy-invalid")
        self.assertEqual(value["mx"]["hosts"][0]["outcome"], "ready")

    def test_who_asks_for_no_tls_is_asked_for_none(self):
        value = self.judge("strict", "ready", [], "--tls", "none")
        self.assertEqual((self.levels(value), value["mta_sts"]), (["none"], None))

    def test_dane_comes_before_mta_sts(self):
        value = self.judge("danests", "ready", [], "--tls", "dane")
        self.assertEqual(self.levels(value), ["dane"])
        self.assertEqual(value["probes"][0]["tls"]["tlsa"][0]["depth"], 0)
        self.judge("danests", "tls-untrusted", [])

    def test_dane_is_asked_for_each_host(self):
        self.judge("pins", "ready", [], "--tls", "dane")
        self.assertEqual(self.judge("mispins", "tls-untrusted", [], "--tls", "dane")["exit"], 16)
        value = self.judge("unusable", "ready", ["dane-only-unusable", "dane-usage"], "--tls", "dane")
        self.assertEqual(self.levels(value), ["encrypt"])
        value = self.judge("lost", "dns-failed", ["dane-tlsa-failed"], "--tls", "dane")
        self.assertEqual(value["exit"], 10)
        page = self.run_it("--tls", "dane", f"lost.example:{self.port}").out
        self.assertRegex(page, r"lost\.hosts\.example +no DANE answer")
        self.assertIn("whether it has DANE cannot be told", page)
        value = self.judge("good", "ready", ["dane-mx-unsigned"], "--tls", "dane")
        self.assertEqual(self.levels(value), ["verify", "verify"])

    def test_a_resolver_that_does_not_validate_is_told_and_breaks_nothing(self):
        stripping = self.world.serve(faulty.stripping(self.world.resolver)).address
        for domain in ("pins", "mispins", "lost"):
            r = self.ehlo("probe", "--mx", "--resolver", stripping, "--trust-anchor", self.world.trust_anchor, "--tls", "dane", "--format", "json",
                          f"{domain}.example:{self.port}")
            value = json.loads(r.out)
            self.assertEqual((value["outcome"], sorted(f["id"] for f in value["findings"])),
                             ("ready", ["dane-not-told", "resolver-not-validating"]), domain)

    def test_the_outcome_is_that_of_the_host_that_a_sender_reaches(self):
        value = self.judge("fallback", "ready", [])
        self.assertEqual([host["outcome"] for host in value["mx"]["hosts"]], ["unreachable", "ready"])
        value = self.judge("alldown", "unreachable", [])
        self.assertEqual((value["exit"], value["phase"]), (11, "connect"))
        value = self.judge("later", "ready", [])
        self.assertEqual(value["probes"][0]["outcome"], "refused-temporarily")
        value = self.judge("dangling", "ready", ["mx-dangling"])
        self.assertEqual([p["outcome"] for p in value["probes"]], ["dns-failed", "ready"])

    def test_every_address_is_probed(self):
        value = self.judge("twofold", "ready", [])
        self.assertEqual(sorted((p["address"], p["host"]) for p in value["probes"]),
                         sorted((a, "twofold.hosts.example") for a in ("::1", self.trusted, self.silent)))
        value = self.judge("twofold", "ready", [], "--family", "ipv4")
        self.assertEqual(len(value["probes"]), 2)

    def test_who_takes_no_mail_is_told_apart(self):
        for domain, outcome, status, kind in (("null", "no-mail-service", 22, "null"), ("bare", "dns-failed", 10, "none")):
            value = self.probe(domain)
            self.assertEqual((value["outcome"], value["exit"], value["phase"], value["mx"]["kind"], value["probes"]),
                             (outcome, status, "dns", kind, []))
        for domain, words in (("lame", "gave a usable answer"), ("nowhere-at-all", "does not exist")):
            value = self.probe(domain)
            self.assertEqual((value["outcome"], value["mx"]), ("dns-failed", None))
            self.assertIn(words, value["failure"]["text"])
        value = self.judge("implicit", "ready", ["implicit-mx"])
        self.assertEqual((value["mx"]["kind"], value["mx"]["hosts"][0]["host"]), ("implicit", "implicit.example"))

    def test_the_page_puts_first_what_differs(self):
        r = self.run_it("--to", "user@fallback.example", f"fallback.example:{self.port}")
        lines = r.out.splitlines()
        self.assertEqual(lines[0], f"fallback.example:{self.port}: 2 MX hosts, 2 addresses")
        self.assertRegex(lines[2], r"^  host +address +connect +greeting +tls +rcpt$")
        self.assertRegex(lines[3], r"^  down\.hosts\.example +127\.\S+ +refused +<-")
        self.assertRegex(lines[4], r"^  right1\.hosts\.example +127\.\S+ +\d\.\d{3} +\d\.\d{3} +1\.3 ok +250 2\.1\.5$")
        self.assertIn("ready, with 1 fault", r.out)
        self.assertIn("ehlo probe ", lines[-1])
        self.assertFits(r.out, 80, "page")
        good = self.run_it(f"good.example:{self.port}")
        self.assertIn("2 MX hosts, 2 addresses; MTA-STS enforce", good.out)
        self.assertNotIn("differs", good.out)
        self.assertEqual(good.status, 0)
        self.assertIn("| Host | Address |", self.run_it("--format", "markdown", f"good.example:{self.port}").out)

    def test_many_domains_are_a_stream_with_a_line_each(self):
        lines = ['{"id": 1, "target": "null.example"}', f'{{"id": "b", "target": "good.example:{self.port}"}}', f"alldown.example:{self.port}",
                 "192.0.2.1"]
        r = self.run_it("--format", "ndjson", "--concurrency", "4", "-", stdin="\n".join(lines) + "\n")
        self.assertEqual((r.status, r.err), (1, ""))
        values = [json.loads(line) for line in r.out.splitlines()]
        self.assertEqual({v["target"]: (v.get("id"), v["outcome"], v["exit"]) for v in values},
                         {"null.example": (1, "no-mail-service", 22), f"good.example:{self.port}": ("b", "ready", 0),
                          f"alldown.example:{self.port}": (None, "unreachable", 11), "192.0.2.1": (None, None, 2)})

    def test_a_domain_with_a_great_many_addresses_is_probed_in_part(self):
        for most, findings in ((128, []), (129, ["probes-limited"])):
            value = self.judge(f"most{most}", "unreachable", findings, "--concurrency", "64")
            self.assertEqual(len(value["probes"]), 128)

    def test_the_time_that_is_given_is_for_all_of_it(self):
        value = self.judge("still", "timed-out", [], "--timeout", "3")
        self.assertEqual(value["phase"], "greeting")
        self.assertLess(value["probes"][0]["timing"]["total"], 3.5) # a busy machine is late by a little

    def test_what_is_under_way_at_the_end_has_its_line(self):
        options = ["--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, "--format", "ndjson", "--concurrency", "2"]
        process = subprocess.Popen([PROGRAM, "probe", "--mx", *options, "null.example", f"still.example:{self.port}"], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True, env=self.environment())
        first = json.loads(process.stdout.readline())
        process.terminate()
        rest = [json.loads(line) for line in process.stdout]
        process.stdout.close()
        self.assertEqual(process.wait(), 143)
        self.assertEqual((first["outcome"], [(each["target"], each["outcome"]) for each in rest]),
                         ("no-mail-service", [(f"still.example:{self.port}", "cancelled")]))

    def test_what_is_about_one_host_is_wrong_usage(self):
        for more in (("--auth", "user"), ("--pipe", "true"), ("--sni", "x.example"), ("--retry-greylisted", "1")):
            self.assertIn("is about one host", self.wrong_usage("probe", "--mx", *more, "example.org"))
        for target in ("192.0.2.1", "[::1]", "a@example.org", "example.org:99999", ""):
            self.assertIn("no mail domain", self.wrong_usage("probe", "--mx", target))

    def test_it_can_be_had_from_lua(self):
        chunk = (f'smtp.resolver {{server = "{self.world.resolver}", trust_anchor = "{self.world.trust_anchor}"}} '
                 f'local r = smtp.probe_mx("good.example:{self.port}", {{ca_file = "{self.web.ca}", tls = "encrypt", mta_sts = false}}) '
                 'print(r.outcome, #r.probes, r.mx.hosts[1].tls, r.mta_sts, pcall(smtp.probe_mx, "a.example", {colour = 1}))')
        r = self.ehlo("-e", chunk)
        self.assertEqual(r.err, "")
        self.assertEqual(r.out.split("\t")[:5], ["ready", "2", "encrypt", "nil", "false"])
        self.assertIn("colour", r.out)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
