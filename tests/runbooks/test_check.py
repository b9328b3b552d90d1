#!/usr/bin/env python3
"""The check runbook: each finding appears in one domain, and not in the sound one; the first cause is right in each."""
import json
import os
import sys
import unittest

os.environ.setdefault("EHLO_PROGRAM", sys.argv[1] if len(sys.argv) > 1 else "")
from delivery_world import DOMAINS, PORT, DeliveryWorld

CAUSES = {"full": "mailbox-full", "unknown": "mailbox-unknown", "moved": "mailbox-moved", "grey": "greylisted", "relay": "relay-denied",
          "closed": "ip-blocklisted", "busy": "server-busy", "down": "unreachable", "strict": "null-sender-refused", "sts": "certificate-not-trusted",
          "mispinned": "tlsa-invalid", "stsunnamed": "sts-policy-invalid", "dangling": "dns-failed", "route": "stale-route"}


class Check(DeliveryWorld):
    def check_it(self, address, *more, **how):
        return self.ehlo("check", *self.world_options(), "--trust-anchor", self.world.trust_anchor, "--ca-file", str(self.web.ca), *more, address, **how)

    def check(self, domain, *more):
        r = self.check_it(f"user@{domain}.example", "--format", "json", *more)
        self.assertEqual(r.err, "")
        found = json.loads(r.out)
        self.assertEqual(found["exit"], r.status)
        found["by_name"] = {step["name"]: step for step in found["steps"]}
        return found

    def test_the_first_cause_is_right_in_every_world(self):
        for domain, (_, verdict, first) in DOMAINS.items():
            with self.subTest(domain):
                found = self.check(domain)
                self.assertEqual((found["verdict"], found["first_cause"]), (verdict, first), json.dumps(found["steps"], indent=1)[:3000])
                if domain in CAUSES:
                    self.assertEqual(found["by_name"][first]["cause"], CAUSES[domain])

    def test_every_address_has_its_row_and_the_odd_one_stands_first(self):
        rows = self.check("half")["matrix"]["rows"]
        self.assertEqual([(row["host"], row["differs"]) for row in rows], [("down.hosts.example", True), ("good.hosts.example", False)])

    def test_a_failure_over_ipv6_alone_is_named(self):
        found = self.check("six")["by_name"]["ipv6"]
        self.assertIn("six.hosts.example does not answer over IPv6", found["text"])
        self.assertEqual(self.check("sound")["by_name"]["ipv6"]["verdict"], "skip")

    def test_a_host_that_is_no_mx_any_more_is_named(self):
        self.assertIn("is no mail host of stale.example any more", self.check("stale")["by_name"]["mailbox"]["text"])
        self.assertNotIn("any more", self.check("unlike")["by_name"]["mailbox"]["text"])
        self.assertIn("answers for the mailbox, but is no MX host", self.check("route")["by_name"]["old-route"]["text"])

    def test_what_stands_in_the_dns_is_told_apart(self):
        for domain, words in (("null", "null MX"), ("nosuch", "does not exist"), ("lame", "usable answer"), ("forged", "")):
            with self.subTest(domain):
                found = self.check(domain)
                self.assertEqual((found["verdict"], found["first_cause"]), ("fail", "domain"), found["steps"][0])
                self.assertIn(words, found["by_name"]["domain"]["text"])

    def test_the_page_fits_and_ends_in_what_to_do(self):
        r = self.check_it("user@full.example")
        self.assertEqual(r.status, 1)
        self.assertFits(r.out, 80, "page")
        self.assertRegex(r.out, r"full\.hosts\.example +127\S+ +\d\.\d{3} +\d\.\d{3} +1\.3 ok +452 4\.2\.2")
        self.assertIn("not deliverable from here", r.out)
        self.assertIn("Cause        mailbox-full", r.out)

    def test_a_healthy_address_takes_at_most_twice_its_slowest_server(self):
        r = self.ehlo("probe", "--format", "json", "--to", "user@slow.example", f"{self.at['slow']}:{PORT}")
        alone = json.loads(r.out)["timing"]["total"]
        self.assertGreater(alone, 1)
        for domain, rows in (("slow", 1), ("many", 12)):
            found = self.check(domain)
            self.assertEqual((found["verdict"], len(found["matrix"]["rows"])), ("pass", rows))
            self.assertLess(found["seconds"], 2 * alone, domain)

    def test_a_domain_whose_own_address_stays_silent_is_not_waited_for(self):
        found = self.check("apex")
        self.assertEqual((found["verdict"], found["by_name"]["old-route"]["verdict"]), ("pass", "pass"))
        self.assertIn("does not answer", found["by_name"]["old-route"]["text"])
        self.assertLess(found["seconds"], 20)

    def test_a_silent_server_is_told_as_such_before_the_time_is_over(self):
        found = self.check("silent", "--timeout", "4")
        self.assertEqual((found["verdict"], found["first_cause"], found["by_name"]["servers"]["cause"]), ("fail", "servers", "timed-out"))
        self.assertEqual(found["counts"]["unknown"], 0)

    def test_who_acts_and_what_comes_next_is_told_of_each_failure(self):
        for domain, acts, words in (("down", "receiving-admin", "ehlo probe"), ("sts", "receiving-admin", "ehlo tls"), ("nosuch", "sender", "ehlo dns"),
                                    ("grey", "nobody", "ehlo greylist --host grey.hosts.example:2526 user@grey.example"),
                                    ("stsunnamed", "receiving-admin", "ehlo mta-sts"), ("lame", "receiving-admin", "ehlo dns")):
            with self.subTest(domain):
                found = self.check(domain)
                step = found["by_name"][found["first_cause"]]
                self.assertEqual(step["acts"], acts)
                self.assertTrue(step["next"].startswith(words), step["next"])
                self.assertKnown(step["next"])
                self.assertTrue(step["fix"], step)

    def test_the_tls_of_a_host_is_held_against_the_policy_of_its_domain(self):
        for domain, host, verdict in (("stsgood", "good", "pass"), ("stsunnamed", "deep.good", "fail"), ("sound", "good", "skip")):
            r = self.ehlo("tls", "--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, "--ca-file", str(self.web.ca),
                          "--format", "json", "--domain", f"{domain}.example", f"{host}.hosts.example:{PORT}")
            steps = {step["name"]: step for step in json.loads(r.out)["steps"]}
            self.assertEqual(steps["mta-sts"]["verdict"], verdict, steps["mta-sts"])

    def test_the_hosts_of_a_domain_are_found_by_greylist_and_send_as_well(self):
        for name, more in (("greylist", ("--wait", "0.05")), ("send", ("--allow", "send"))):
            step = "host" if name == "greylist" else "hosts"
            for domain, cause in (("null", "domain-refuses-mail"), ("nosuch", "nxdomain"), ("lame", "servfail")):
                r = self.ehlo(name, *more, "--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, "--format", "json",
                              f"user@{domain}.example")
                found = json.loads(r.out)
                self.assertEqual((found["first_cause"], found["steps"][0]["name"], found["steps"][0]["cause"]), (step, step, cause), name)

    def test_what_is_no_mailbox_is_wrong_usage(self):
        for address in ("example.org", "@example.org", "a b@example.org"):
            self.assertEqual(self.check_it(address).status, 2)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
