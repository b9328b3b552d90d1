#!/usr/bin/env python3
"""The audit runbook: one domain that is set up well, and one for each thing that may be wrong with one."""
import json
import os
import sys
import unittest

os.environ.setdefault("EHLO_PROGRAM", sys.argv[1] if len(sys.argv) > 1 else "")
from delivery_world import DeliveryWorld
import signed_mail

SPF, DMARC, RPT = "v=spf1 mx -all", "v=DMARC1; p=reject; rua=mailto:d@stswhole.example", "v=TLSRPTv1; rua=mailto:t@stswhole.example"


class Audit(DeliveryWorld):
    @classmethod
    def more_zones(cls):
        cls.key, public = signed_mail.rsa(2048)
        strings = " ".join(f'"{part}"' for part in (f"v=DKIM1; k=rsa; p={public}"[i:i + 250] for i in range(0, len(public) + 20, 250)) if part)
        return {
            "stswhole.example": f'@ TXT "{SPF}"\n_dmarc TXT "{DMARC}"\n_smtp._tls TXT "{RPT}"\ns1._domainkey TXT {strings}\n'
                                's2._domainkey TXT "v=DKIM1; k=rsa; p=bad!"\n'
                                f's3._domainkey TXT "v=DKIM1; p={signed_mail.rsa(1024)[1]}"\n',
            "unknown.example": '@ TXT "v=spf1 include:a.example include:b.example -al"\n_dmarc TXT "v=DMARC1; p=none"\n_smtp._tls TXT "v=TLSRPTv1"\n',
            "empty.example": '@ TXT "nothing that takes mail"\n',
            "named.example": "@ MX 10 mx.hosts.example.\n", "hosts.example": "mx A 192.0.2.25\nmute A 192.0.2.26\n",
            "mute.example": "@ MX 10 mute.hosts.example.\n",
            "2.0.192.in-addr.arpa": "25 PTR mx.hosts.example.\n",
        }

    def audit(self, domain, *more):
        options = [*self.world_options(), "--trust-anchor", self.world.trust_anchor, "--ca-file", str(self.web.ca)]
        r = self.ehlo("audit", *options, "--format", "json", *more, f"{domain}.example")
        self.assertEqual(r.err, "")
        found = json.loads(r.out)
        self.assertEqual(found["exit"], r.status)
        for step in found["steps"]:
            if step["next"]:
                self.assertKnown(step["next"])
        return found, {step["name"]: step for step in found["steps"]}

    def verdicts(self, domain, *more, **wanted):
        found, steps = self.audit(domain, *more)
        for name, verdict in wanted.items():
            name = name.replace("_", "-")
            self.assertEqual((name, steps[name]["verdict"]), (name, verdict), steps[name])
        return found, steps

    def test_a_domain_that_is_set_up_well_has_no_failure(self):
        found, _ = self.verdicts("stswhole", "--selector", "s1", mx="pass", servers="pass", tls="pass", mta_sts="pass", tls_rpt="pass", dane="skip",
                                 spf="pass", dkim="pass", dmarc="pass", postmaster="pass")
        self.assertEqual(found["exit"], 0)
        self.assertEqual(len(found["matrix"]["rows"]), 2)

    def test_without_a_selector_or_a_mail_dkim_is_unknown_and_never_failed(self):
        found, steps = self.verdicts("stswhole", dkim="unknown")
        self.assertIn("--selector NAME or --mail FILE", steps["dkim"]["text"])
        self.assertIn(found["verdict"], ("pass", "warn"))

    def test_a_broken_key_and_a_missing_one_are_failures(self):
        self.verdicts("stswhole", "--selector", "s1", "--selector", "s2", dkim="fail")
        self.verdicts("stswhole", "--selector", "nosuch", dkim="fail")
        self.verdicts("stswhole", "--selector", "s3", dkim="warn")

    def test_a_mail_shows_its_keys(self):
        mail = signed_mail.sign(signed_mail.MAIL.replace(b"example.org", b"stswhole.example"), self.key, "s1", d="stswhole.example",
                                i="@stswhole.example")
        path = os.path.join(self.home, "sent.eml")
        with open(path, "wb") as file:
            file.write(mail)
        self.verdicts("stswhole", "--mail", path, dkim="pass")
        with open(path, "wb") as file:
            file.write(mail.replace(b"at ten. ", b"at nine."))
        self.verdicts("stswhole", "--mail", path, dkim="fail")

    def test_postmaster_is_asked_for(self):
        self.verdicts("stswhole", postmaster="pass")
        self.verdicts("unknown", postmaster="warn")

    def test_what_a_domain_does_not_publish_is_a_warning_where_it_matters(self):
        self.verdicts("sound", spf="warn", dmarc="warn", mta_sts="skip", tls_rpt="skip", dane="skip")

    def test_records_that_are_broken_are_failures(self):
        found, _ = self.verdicts("unknown", spf="fail", dmarc="warn", tls_rpt="fail")
        self.assertEqual((found["verdict"], found["first_cause"]), ("fail", "spf"))

    def test_certificates_that_nobody_trusts_are_told_by_what_they_cost(self):
        self.verdicts("self", tls="warn")
        self.verdicts("sts", tls="fail", mta_sts="pass")
        _, steps = self.verdicts("pinned", dane="pass", tls="warn")
        self.assertIn("by DANE only", steps["tls"]["text"])
        self.verdicts("mispinned", tls="fail")

    def test_servers_that_do_not_answer(self):
        self.verdicts("half", servers="warn")
        found, _ = self.verdicts("down", servers="fail", tls="skip")
        self.assertEqual(found["first_cause"], "servers")

    def test_a_domain_that_takes_no_mail_and_says_so_is_in_order(self):
        self.verdicts("null", mx="pass", servers="skip", mta_sts="skip", names="skip")
        self.verdicts("nosuch", mx="fail", servers="skip")
        found, steps = self.verdicts("empty", mx="fail", servers="skip")
        self.assertEqual((found["first_cause"], steps["mx"]["cause"]), ("mx", "no-mail-host"))

    def test_servers_without_tls_are_told(self):
        self.verdicts("clear", tls="warn", servers="pass", postmaster="pass")

    def test_dns_that_cannot_be_had_is_the_first_cause(self):
        for domain in ("lame", "forged", "nosuch"):
            found, _ = self.verdicts(domain, mx="fail", servers="skip")
            self.assertEqual(found["first_cause"], "mx")
        found, _ = self.verdicts("dangling", mx="pass", records="fail", servers="warn", tls="pass", postmaster="pass")
        self.assertEqual(found["first_cause"], "records")
        self.verdicts("sound", records="pass")

    def test_addresses_without_names_are_told(self):
        self.verdicts("named", names="pass")
        self.verdicts("mute", names="warn")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
