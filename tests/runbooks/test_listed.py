#!/usr/bin/env python3
"""The listed runbook, against a name server of the tests: each reason to refuse a sender appears for one, and not for another."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../policy"))
from name_server import NameServer
from rehearsal import Rehearsal

LIST = "bl.example"
ZONES = {
    "25.2.0.192.in-addr.arpa": [{"PTR": "mx.example.org"}], "26.2.0.192.in-addr.arpa": [{"PTR": "liar.example.org"}],
    "27.2.0.192.in-addr.arpa": ["SERVFAIL"],
    "mx.example.org": [{"A": "192.0.2.25"}], "liar.example.org": [{"A": "192.0.2.99"}],
    "example.org": [{"TXT": "v=spf1 ip4:192.0.2.25 -all"}, {"MX": [10, "mx.example.org"]}],
    "_dmarc.example.org": [{"TXT": "v=DMARC1; p=reject; rua=mailto:d@example.org"}],
    "soft.example": [{"TXT": "v=spf1 ip4:192.0.2.25 ~all"}], "open.example": [{"TXT": "v=spf1 ip4:192.0.2.25 ?all"}],
    "torn.example": [{"TXT": "v=spf1 ip4:192.0.2.25 -al"}], "sick.example.org": ["SERVFAIL"], "null.example": [{"MX": [0, "."]}],
    "bare.example": [{"MX": [10, "mx.example.org"]}],
    f"2.0.0.127.{LIST}": [{"A": "127.0.0.2"}], f"test.{LIST}": [{"A": "127.0.0.2"}],
    f"26.2.0.192.{LIST}": [{"A": "127.0.0.2"}, {"TXT": "spam seen, see https://bl.example.net/26"}], f"sunk.example.{LIST}": [{"A": "127.0.0.2"}],
    "2.0.0.127.sick.example": [{"A": "127.255.255.254"}],
}


class Listed(Rehearsal):
    @classmethod
    def setUpClass(cls):
        cls.names = cls.enterClassContext(NameServer(ZONES))

    def look(self, *args, **how):
        zone = [] if "--zone" in args else ["--zone", LIST]
        return self.outcome("listed", "--resolver", self.names.address, *zone, *args, **how)

    def test_a_sender_in_order_passes(self):
        found = self.look("192.0.2.25", "--from", "example.org", status=0)
        self.assertVerdicts(found, name="pass", helo="pass", blocklists="pass", spf="pass", dmarc="pass")

    def test_a_blocklist_is_named_with_its_reason(self):
        found = self.look("192.0.2.26", status=1)
        self.assertVerdicts(found, blocklists="fail", spf="skip", dmarc="skip")
        self.assertIn("spam seen", found["by_name"]["blocklists"]["evidence"][0])
        self.assertEqual(found["by_name"]["blocklists"]["cause"], "ip-blocklisted")

    def test_a_list_that_refuses_to_answer_lists_nobody(self):
        found = self.look("192.0.2.25", "--zone", "sick.example", status=1)
        self.assertVerdicts(found, blocklists="unknown")
        self.assertEqual(found["verdict"], "unknown")

    def test_where_most_lists_are_silent_one_that_answers_is_no_proof(self):
        found = self.look("192.0.2.25", "--zone", LIST, "--zone", "sick.example", "--zone", "gone.example", status=0)
        self.assertVerdicts(found, name="pass", blocklists="unknown")
        self.assertIn("is not on the one list that answered. 2 lists could not be asked.", found["by_name"]["blocklists"]["text"])
        self.assertVerdicts(self.look("192.0.2.25", "--zone", LIST, "--zone", "sick.example"), blocklists="pass")
        self.assertVerdicts(self.look("192.0.2.26", "--zone", LIST, "--zone", "sick.example", "--zone", "gone.example"), blocklists="fail")

    def test_a_name_that_does_not_lead_back_is_a_reason(self):
        found = self.look("192.0.2.26", status=1)
        self.assertNotEqual(found["by_name"]["name"]["verdict"], "pass")
        self.assertNotEqual(self.look("192.0.2.98", status=1)["by_name"]["name"]["verdict"], "pass")

    def test_a_look_up_that_failed_is_not_known(self):
        self.assertVerdicts(self.look("192.0.2.27", status=1), name="unknown")

    def test_spf_that_does_not_let_it_send_is_a_failure(self):
        found = self.look("192.0.2.26", "--from", "example.org", status=1)
        self.assertVerdicts(found, spf="fail", dmarc="pass")
        self.assertVerdicts(self.look("192.0.2.25", "--from", "bare.example"), dmarc="warn")

    def test_what_spf_says_is_told_apart(self):
        for sender, domain, verdict, cause in (("192.0.2.26", "soft.example", "fail", "spf-fail"), ("192.0.2.26", "open.example", "warn", "spf-fail"),
                                               ("192.0.2.25", "torn.example", "fail", "spf-error"), ("192.0.2.25", "sick.example.org", "unknown", None),
                                               ("192.0.2.25", "bare.example", "fail", "spf-fail")):
            step = self.look(sender, "--from", domain)["by_name"]["spf"]
            self.assertEqual((domain, step["verdict"], step["cause"]), (domain, verdict, cause), step)

    def test_a_domain_without_hosts_or_one_that_only_receives(self):
        found = self.look("null.example", status=0)
        self.assertVerdicts(found, senders="skip")
        self.assertVerdicts(self.look("gone.example"), senders="fail")
        found = self.look("bare.example")
        self.assertEqual(found["by_name"]["spf-192.0.2.25"]["verdict"], "pass")
        self.assertIn("it receives only", found["by_name"]["spf-192.0.2.25"]["text"])

    def test_an_ehlo_name_of_another_host_is_told(self):
        found = self.look("192.0.2.25", "--helo", "liar.example.org")
        self.assertNotEqual(found["by_name"]["helo"]["verdict"], "pass")

    def test_a_domain_is_looked_at_with_the_addresses_of_its_mx_hosts(self):
        found = self.look("example.org", status=0)
        self.assertVerdicts(found, blocklists="pass", senders="pass", dmarc="pass")
        self.assertEqual(found["by_name"]["name-192.0.2.25"]["verdict"], "pass")
        found = self.look("sunk.example", status=1)
        self.assertEqual(found["by_name"]["blocklists"]["cause"], "domain-blocklisted")


if __name__ == "__main__":
    unittest.main()
