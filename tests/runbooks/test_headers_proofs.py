#!/usr/bin/env python3
"""The headers runbook on what a mail proves: signatures, chains and alignment, against records of a name server of the tests."""
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../policy"))
import signed_mail
from name_server import NameServer
from rehearsal import Rehearsal

RECEIVED = b"Received: from mail.example.org (mail.example.org [192.0.2.25])\r\n\tby mx.example.net with ESMTPS id A1; Sun, 29 Nov 2026 10:00:01 +0000\r\n"
JUDGED = b"Authentication-Results: mx.example.net; dkim=pass header.d=example.org; spf=pass smtp.mailfrom=example.org\r\n"


class Proofs(Rehearsal):
    @classmethod
    def setUpClass(cls):
        cls.key, public = signed_mail.rsa(2048)
        key = {"TXT": [f"v=DKIM1; k=rsa; p={public}"[i:i + 250] for i in range(0, len(public) + 20, 250)]}
        zones = {
            "arc._domainkey.one.example": [key], "arc._domainkey.two.example": [key], "lists.example": [{"TXT": "v=spf1 -all"}],
            "strict.example": [{"TXT": "v=spf1 ip4:192.0.2.25 -all"}], "_dmarc.strict.example": [{"TXT": "v=DMARC1; p=reject; adkim=s"}],
            "example.org": [{"TXT": "v=spf1 ip4:192.0.2.25 -all"}], "_dmarc.example.org": [{"TXT": "v=DMARC1; p=reject"}],
            "s1._domainkey.example.org": [key], "arc._domainkey.lame.example": ["SERVFAIL"],
            "_dmarc.sick.example": ["SERVFAIL"],
        }
        cls.names = cls.enterClassContext(NameServer(zones))

    def look(self, mail, *more, **how):
        path = os.path.join(self.home, "mail.eml")
        with open(path, "wb") as file:
            file.write(mail)
        return self.outcome("headers", "--resolver", self.names.address, *more, path, **how)

    def signed(self, mail=signed_mail.MAIL):
        return signed_mail.sign(mail, self.key, "s1")

    def test_a_signed_mail_from_whom_it_says_passes(self):
        found = self.look(JUDGED + RECEIVED + self.signed(), "--ip", "192.0.2.25", status=0)
        self.assertVerdicts(found, judged="pass", dkim="pass", arc="skip", dmarc="pass")
        self.assertEqual(found["by_name"]["dkim"]["table"]["rows"][0][:3], ["example.org", "s1", "pass"])

    def test_a_judgement_that_cannot_be_read_is_told(self):
        for field in (b"dkim=", b"dkim=perhaps header.d=example.org"):
            found = self.look(b"Authentication-Results: mx.example.net; " + field + b"\r\n" + RECEIVED + self.signed())
            self.assertVerdicts(found, judged="warn", dkim="pass")

    def test_a_policy_that_cannot_be_asked_for_leaves_it_open(self):
        found = self.look(RECEIVED + signed_mail.MAIL.replace(b"@example.org", b"@sick.example"))
        self.assertVerdicts(found, dmarc="unknown")
        self.assertEqual(found["by_name"]["dmarc"]["cause"], "dmarc-temperror")

    def test_a_body_that_was_changed_is_the_first_cause(self):
        found = self.look(RECEIVED + self.signed().replace(b"at ten. ", b"at nine."), "--ip", "198.51.100.9", status=1)
        self.assertVerdicts(found, dkim="fail", dmarc="fail")
        self.assertEqual(found["first_cause"], "dkim")
        self.assertIn("body", found["by_name"]["dkim"]["text"])

    def test_the_address_that_handed_it_over_is_taken_from_the_way(self):
        found = self.look(b"Return-Path: <sender@example.org>\r\n" + RECEIVED + signed_mail.MAIL)
        self.assertVerdicts(found, dkim="warn", dmarc="pass")
        self.assertIn("handed over by 192.0.2.25", found["by_name"]["dmarc"]["evidence"])

    def test_a_mail_that_proves_nothing_fails_the_policy_of_its_domain(self):
        found = self.look(b"Return-Path: <sender@example.org>\r\n" + RECEIVED + signed_mail.MAIL, "--ip", "198.51.100.9", status=1)
        self.assertVerdicts(found, dkim="warn", dmarc="fail", judged="skip")
        self.assertEqual(found["first_cause"], "dmarc")

    # --- ARC, as lists and forwarders leave it ---

    def chain(self, *domains):
        mail = self.signed()
        for domain in domains:
            mail = signed_mail.seal(mail, domain, self.key)
        return mail

    def test_a_chain_that_holds_passes(self):
        found = self.look(RECEIVED + self.chain("one.example", "two.example"), "--ip", "192.0.2.25", status=0)
        self.assertVerdicts(found, arc="pass", dkim="pass", dmarc="pass")
        self.assertIn("chain of 2 sets holds; the last was sealed by two.example", found["by_name"]["arc"]["text"])

    def test_a_chain_that_was_broken_behind_its_last_seal_fails_and_is_the_first_cause(self):
        broken = self.chain("one.example", "two.example") + b"-- \r\nfooter of a list\r\n"
        found = self.look(RECEIVED + broken, "--ip", "198.51.100.9", status=1)
        self.assertVerdicts(found, dkim="fail", arc="fail", dmarc="fail")
        self.assertIn("broken at instance 2, of two.example", found["by_name"]["arc"]["text"])

    def test_a_chain_whose_results_were_changed_fails_alone(self):
        forged = self.chain("one.example").replace(b"i=1; one.example; spf=pass", b"i=1; one.example; spf=fail", 1)
        found = self.look(RECEIVED + forged, "--ip", "192.0.2.25", status=1)
        self.assertVerdicts(found, dkim="pass", arc="fail", dmarc="pass")
        self.assertEqual(found["first_cause"], "arc")

    def test_a_chain_whose_key_cannot_be_asked_for_is_not_known(self):
        found = self.look(RECEIVED + self.chain("lame.example"), "--ip", "192.0.2.25", status=1)
        self.assertVerdicts(found, dkim="pass", arc="unknown", dmarc="pass")
        self.assertEqual(found["verdict"], "unknown")

    def test_a_mail_of_a_list_that_changed_it_holds_by_its_chain(self):
        """The footer breaks the signature of its author; the list sealed what it had found before, and what it sends."""
        footed = self.chain("one.example") + b"-- \r\nfooter of a list\r\n"
        found = self.look(RECEIVED + signed_mail.seal(footed, "two.example", self.key), "--ip", "198.51.100.9", status=1)
        self.assertVerdicts(found, dkim="fail", arc="pass", dmarc="fail")
        self.assertEqual(found["first_cause"], "dkim")

    # --- alignment ---

    def test_a_signature_of_another_domain_is_good_and_does_not_align(self):
        mail = self.signed(signed_mail.MAIL.replace(b"sender@example.org", b"sender@strict.example"))
        found = self.look(RECEIVED + mail, "--ip", "198.51.100.9", status=1)
        self.assertVerdicts(found, dkim="pass", dmarc="fail")
        self.assertEqual(found["first_cause"], "dmarc")
        self.assertIn("example.org", found["by_name"]["dmarc"]["text"])

    def test_spf_of_another_domain_does_not_align_either(self):
        mail = signed_mail.MAIL.replace(b"sender@example.org", b"sender@strict.example")
        found = self.look(b"Return-Path: <bounce@example.org>\r\n" + RECEIVED + mail, status=1)
        self.assertVerdicts(found, dkim="warn", dmarc="fail")
        found = self.look(b"Return-Path: <bounce@strict.example>\r\n" + RECEIVED + mail)
        self.assertVerdicts(found, dkim="warn", dmarc="pass")


if __name__ == "__main__":
    unittest.main()
