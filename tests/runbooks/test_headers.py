#!/usr/bin/env python3
"""The headers runbook: what the way of a mail tells, with a mail in which each finding appears and one in which it does not."""
import unittest

from rehearsal import Rehearsal

FIRST = "Received: from [192.0.2.7] (port=4021 helo=laptop.lan) by out.example.com with esmtpsa (TLS1.3) tls TLS_AES_256_GCM_SHA384\n" \
    "\t(Exim 4.96) (envelope-from <a@b.example>) id 1abcde-0001Ab-CD for c@d.example; Tue, 03 Nov 2026 %s +0000"
SECOND = "Received: from out.example.com (out.example.com [203.0.113.5]) by relay.example.net with ESMTP id XYZ; Tue, 3 Nov 2026 %s +0000"
THIRD = "Received: from relay.example.net (relay.example.net [198.51.100.7]) by mx.example.org (Postfix) with ESMTPS id 4ZfQ1b\n" \
    "\tfor <user@example.org>; Tue,  3 Nov 2026 %s +0100 (CET)"
BACK = "Received: from %s by %s with ESMTP id A%d; Tue, 3 Nov 2026 03:00:%02d +0000"


class Headers(Rehearsal):
    def look(self, *received, more="", **how):
        path = self.write("mail.eml", "\n".join([*reversed(received), more + "From: a@example.com", "Subject: Invoice", "", "Hello", ""]))
        return self.outcome("headers", path, **how)

    def test_a_mail_that_went_straight_passes(self):
        found = self.look(FIRST % "03:00:00", SECOND % "03:00:02", THIRD % "04:00:05", status=0)
        self.assertVerdicts(found, hops="pass", delay="pass", clocks="pass", circles="pass")
        self.assertEqual(found["by_name"]["hops"]["text"], "3 hops in 5 s")
        self.assertEqual(found["subject"], "Invoice")

    def test_each_hop_stands_in_a_row_with_who_gave_it_to_whom(self):
        rows = self.look(FIRST % "03:00:00", SECOND % "03:00:02", THIRD % "04:00:05")["by_name"]["hops"]["table"]["rows"]
        self.assertEqual(rows[0], ["1", "-", "192.0.2.7", "out.example.com", "esmtpsa TLS1.3"])
        self.assertEqual(rows[2], ["3", "3 s", "relay.example.net [198.51.100.7]", "mx.example.org", "ESMTPS"])

    def test_a_server_that_held_it_is_named_with_its_queue_id(self):
        found = self.look(FIRST % "03:00:00", SECOND % "03:00:02", THIRD % "05:05:05", status=0)
        self.assertVerdicts(found, delay="warn", clocks="pass")
        self.assertEqual(found["first_cause"], "delay")
        self.assertEqual(found["by_name"]["delay"]["text"], "it waited 1 h 5 min at relay.example.net")
        self.assertIn("(XYZ)", found["by_name"]["delay"]["fix"])

    def test_clocks_that_differ_are_named(self):
        found = self.look(FIRST % "03:02:00", SECOND % "03:00:02", THIRD % "04:00:05", status=0)
        self.assertVerdicts(found, clocks="warn")
        self.assertEqual(found["by_name"]["clocks"]["text"], "the clocks of out.example.com and relay.example.net differ by 1 min 58 s or more")

    def test_a_second_or_two_between_clocks_is_nothing(self):
        self.assertVerdicts(self.look(FIRST % "03:00:04", SECOND % "03:00:02", THIRD % "04:00:05"), clocks="pass")

    def test_a_circle_of_servers_is_a_loop(self):
        there, back = ("a.example", "b.example"), ("b.example", "a.example")
        found = self.look(*(BACK % (*pair, n, n) for n, pair in enumerate([back, there] * 3)), status=1)
        self.assertVerdicts(found, circles="fail")
        self.assertEqual(found["by_name"]["circles"]["cause"], "mail-loop")
        found = self.look(*(BACK % (*pair, n, n) for n, pair in enumerate([back, there, back])), status=0)
        self.assertVerdicts(found, circles="warn")

    def test_a_filter_beside_the_server_is_no_circle(self):
        found = self.look(BACK % ("out.example", "mx.example", 1, 1), BACK % ("mx.example", "localhost", 2, 2),
                          BACK % ("localhost", "mx.example", 3, 3), status=0)
        self.assertVerdicts(found, circles="pass")

    def test_a_mailbox_that_it_was_delivered_to_twice_is_a_loop(self):
        found = self.look(FIRST % "03:00:00", more="Delivered-To: x@example.org\nDelivered-To: X@example.org\n", status=1)
        self.assertVerdicts(found, circles="fail")
        self.assertVerdicts(self.look(FIRST % "03:00:00", more="Delivered-To: x@example.org\nDelivered-To: y@example.org\n"), circles="pass")

    def test_the_forms_of_qmail_and_exchange_are_read(self):
        qmail = "Received: from unknown (HELO foo.example) (192.0.2.9) by qm.example with SMTP; 3 Nov 2026 03:05:00 -0000"
        exchange = "Received: from AM0PR01.example (2001:db8:6:208::1) by AM9PR.example (2001:db8::2) with Microsoft SMTP Server\n" \
            " (version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.20.7828.21; Tue, 3 Nov 2026 03:05:01 +0000"
        rows = self.look(qmail, exchange)["by_name"]["hops"]["table"]["rows"]
        self.assertEqual(rows[0][2:], ["unknown [192.0.2.9]", "qm.example", "SMTP"])
        self.assertEqual(rows[1][1:], ["1 s", "AM0PR01.example [2001:db8:6:208::1]", "AM9PR.example", "Microsoft TLS1_2"])

    def test_hostile_lines_cost_nothing(self):
        hostile = ["Received: " + "(" * 5000, "Received: from " + "a" * 20000 + " by \x1b[31m; 99 Zzz 2026 99:99:99", "Received: ;;;;", "Received:"] * 100
        found = self.look(*hostile)
        self.assertEqual(found["by_name"]["hops"]["verdict"], "pass")

    def test_what_is_no_mail_is_wrong_usage(self):
        path = self.write("empty", "")
        self.assertIn("holds no mail", self.ehlo("headers", path).err)
        self.assertEqual(self.ehlo("headers", path).status, 2)
        self.assertEqual(self.ehlo("headers", "/nonexistent").status, 2)

    def test_headers_alone_that_were_never_delivered_are_not_known(self):
        self.assertVerdicts(self.look(status=1), hops="unknown", delay="skip")


if __name__ == "__main__":
    unittest.main()
