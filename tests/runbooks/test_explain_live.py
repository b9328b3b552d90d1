#!/usr/bin/env python3
"""`ehlo explain --live`: what a bounce said is asked of the servers again, and nothing is sent."""
import json
import os
import sys
import unittest

os.environ.setdefault("EHLO_PROGRAM", sys.argv[1] if len(sys.argv) > 1 else "")
from delivery_world import DeliveryWorld
from rehearsal import bounce


class ExplainLive(DeliveryWorld):
    def live(self, *recipients):
        path = self.write("bounce.eml", bounce(*recipients))
        r = self.ehlo("explain", "--live", *self.world_options(), "--format", "json", path)
        self.assertEqual(r.err, "")
        found = json.loads(r.out)
        self.assertEqual(found["exit"], r.status)
        return found

    def test_what_still_holds_is_a_failure(self):
        found = self.live(("user@unknown.example", "5.1.1", "550 5.1.1 User unknown"))
        step = found["steps"][0]
        self.assertEqual((found["verdict"], step["cause"]), ("fail", "mailbox-unknown"))
        self.assertIn("the same today", step["text"])
        self.assertEqual([line.split(":")[0] for line in step["evidence"]], ["then", "now"])

    def test_what_is_accepted_now_is_to_be_sent_again(self):
        found = self.live(("user@sound.example", "5.1.1", "550 5.1.1 User unknown"))
        self.assertEqual((found["verdict"], found["steps"][0]["fix"]), ("pass", "Send the mail again."))

    def test_another_answer_is_told(self):
        found = self.live(("user@full.example", "5.1.1", "550 5.1.1 User unknown"))
        self.assertEqual((found["verdict"], found["steps"][0]["cause"]), ("warn", "mailbox-full"))

    def test_what_was_said_of_the_message_is_not_disproved_by_an_accepted_mailbox(self):
        found = self.live(("user@sound.example", "5.7.1", "550 5.7.1 Message rejected as spam"))
        self.assertEqual(found["steps"][0]["verdict"], "unknown")
        self.assertIn("ehlo send", found["steps"][0]["next"])

    def test_each_recipient_is_asked_for(self):
        found = self.live(("user@sound.example", "5.1.1", "550 5.1.1 User unknown"), ("user@unknown.example", "5.1.1", "550 5.1.1 User unknown"))
        self.assertEqual([step["verdict"] for step in found["steps"]], ["pass", "fail"])

    def test_a_domain_that_is_gone_cannot_be_delivered_to(self):
        found = self.live(("user@nosuch.example", "5.1.2", "550 5.1.2 Host not found"))
        self.assertEqual(found["steps"][0]["verdict"], "fail")

    def test_what_is_no_bounce_is_wrong_usage(self):
        path = self.write("mail.eml", "From: a@example.org\nSubject: hello\n\nHello.\n")
        self.assertIn("one bounce", self.wrong_usage("explain", "--live", path))
        self.assertIn("one bounce", self.wrong_usage("explain", "--live", "550 5.1.1 User unknown"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
