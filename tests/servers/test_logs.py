#!/usr/bin/env python3
# What real servers write into their logs when mail bounces, waits, is refused or arrives: ehlo explain reads it, and joins the lines.
import json
import pathlib
import re
import select
import smtplib
import time
import unittest

from harness import SERVERS, run

FOLDER = pathlib.Path(SERVERS["folder"])
LOGS = {"postfix": FOLDER / "postfix/log", "exim": FOLDER / "exim/log-main"}
SENDER = "news@example.net"

# Where mail is sent, recipient, status, code, enhanced code, phase, cause, retry. Postfix sends on to Exim, and Exim to Postfix.
ATTEMPTS = [
    ("postfix", "nobody@exim.example", "bounced", 550, None, "rcpt", "mailbox-unknown", "no"),
    ("postfix", "blocked@exim.example", "bounced", 550, "5.7.1", "rcpt", "ip-blocklisted", "no"),
    ("postfix", "grey@exim.example", "deferred", 451, None, "rcpt", "greylisted", "yes"),
    ("postfix", "full@exim.example", "deferred", 452, "4.2.2", "rcpt", "mailbox-full", "yes"),
    ("postfix", "user@silent.example", "deferred", None, "4.4.1", None, "connection-failed", "yes"),
    ("exim", "nobody@postfix.example", "bounced", 550, "5.1.1", "rcpt", "mailbox-unknown", "no"),
    ("exim", "grey@postfix.example", "deferred", 450, "4.7.1", "rcpt", "greylisted", "yes"),
    ("exim", "user@silent.example", "deferred", None, None, None, "connection-failed", "yes"),
]

# Refused at once: server, recipient, status, cause.
REFUSALS = [
    ("postfix", "someone@example.com", "rejected", "relay-denied"),
    ("postfix", "grey@localhost", "put-off", "greylisted"),
    ("postfix", "blocked@localhost", "rejected", "ip-blocklisted"),
    ("postfix", "user@gone.example", "rejected", "domain-unknown"),
    ("exim", "someone@example.com", "rejected", "relay-denied"),
    ("exim", "grey@localhost", "put-off", "greylisted"),
    ("exim", "nobody@localhost", "rejected", "mailbox-unknown"),
]


def explained(server, *options):
    ran = run("explain", "--format", "ndjson", *options, str(LOGS[server]))
    if ran.returncode or ran.stderr:
        raise AssertionError(ran.stderr)
    return [json.loads(line) for line in ran.stdout.splitlines()]


def send(server, recipient):
    """Hands a message over; the queue id that the server names for it."""
    with smtplib.SMTP("127.0.0.1", SERVERS[server]["plain"], timeout=20) as client:
        client.ehlo("client.example.net")
        client.mail(SENDER)
        code, text = client.rcpt(recipient)
        if code != 250:
            return None
        header = {"From": f"<{SENDER}>", "Subject": "To be refused", "Message-ID": f"<{time.time_ns()}@example.net>"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in header.items())
        code, text = client.data(f"{lines}\r\nHello.\r\n")
        return re.search(r"(?:queued as|id=)\s*(\S+)", text.decode()).group(1)


def wait(what, seconds=30):
    """The first true answer; the log is looked at again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        select.select([], [], [], 0.05)
    raise AssertionError("it never came")


class Attempts(unittest.TestCase):
    def attempt(self, server, queue_id):
        return wait(lambda: [page for page in explained(server) if page["log"]["queue_id"] == queue_id])[0]

    def test_every_attempt_is_read_with_its_codes_phase_and_cause(self):
        sent = [(case, send(case[0], case[1])) for case in ATTEMPTS]
        for (server, recipient, status, code, enhanced, phase, cause, retry), queue_id in sent:
            with self.subTest(server=server, recipient=recipient):
                page = self.attempt(server, queue_id)
                told, log = page["recipients"][0], page["log"]
                self.assertEqual((told["address"], log["status"], told["code"], told["enhanced"], log["phase"], told["retry"]),
                                 (recipient, status, code, enhanced, phase, retry))
                self.assertEqual(told["cause"], cause)
                self.assertEqual((page["message"]["from"], log["product"]), (SENDER, server))
                if code:
                    self.assertEqual(log["relay_address"], "127.0.0.1")
                self.assertTrue(log["message_id"].endswith("@example.net"), log)
                self.assertTrue(log["time"])

    def test_delays_and_the_end_are_told_in_a_story(self):
        for server, recipient in (("postfix", "nobody@exim.example"), ("exim", "nobody@postfix.example")):
            queue_id = send(server, recipient)
            mark = "removed" if server == "postfix" else "Completed"
            wait(lambda: re.search(rf"{queue_id}:? {mark}", LOGS[server].read_text()))
            ran = run("explain", "--queue-id", queue_id, str(LOGS[server]))
            text = " ".join(ran.stdout.split())
            for words in (f"from <{SENDER}>", "it arrived", f"to <{recipient}>: refused by", "after RCPT", "mailbox-unknown; retry: no",
                          "it left the queue", f"<{recipient}> failed after 1 attempt"):
                self.assertIn(words, text)
            if server == "postfix":
                self.assertIn("connecting", text)
                self.assertIn("a notice about it was sent", text)

    def test_what_is_refused_at_the_door_is_read_too(self):
        for server, recipient, status, cause in REFUSALS:
            with self.subTest(server=server, recipient=recipient):
                self.assertIsNone(send(server, recipient))
                found = wait(lambda: [page for page in explained(server) if page["log"]["status"] == status
                                      and page["recipients"][0]["address"] == recipient])
                told, log = found[-1]["recipients"][0], found[-1]["log"]
                self.assertEqual((told["cause"], log["phase"], log["relay_address"]), (cause, "rcpt", "127.0.0.1"))

    def test_the_whole_log_makes_a_table(self):
        send("postfix", "nobody@exim.example")
        wait(lambda: any(page["log"]["status"] == "bounced" for page in explained("postfix")))
        ran = run("explain", *map(str, LOGS.values()))
        self.assertEqual((ran.returncode, ran.stderr), (0, ""))
        self.assertRegex(ran.stdout, r"\d+ commands? of clients w\w+ refused here")


if __name__ == "__main__":
    unittest.main()
