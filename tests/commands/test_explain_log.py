"""ehlo explain with logs and queue listings: each line read as it is meant, lines joined, many counted, one message told."""
import bz2
import gzip
import json
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import jsonschema

from program import CONTROL, PROGRAM, Case

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / "tests/logs"
SCHEMA = json.loads((ROOT / "src/manual/schema/explanation.json").read_text())
COLUMNS = ("file", "queue_id", "address", "status", "code", "enhanced", "phase", "relay", "relay_address", "retry")


def expected():
    """The table of what each line says: file, queue id, recipient, status, codes, phase, the other side, retry."""
    rows = [line.split("\t") for line in (LOGS / "expected.tsv").read_text().splitlines() if not line.startswith("#")]
    return [dict(zip(COLUMNS, row)) for row in rows]


def row_of(name, page):
    recipient, log = page["recipients"][0], page["log"]
    values = (name, log["queue_id"], recipient["address"], log["status"], recipient["code"], recipient["enhanced"],
              log["phase"], log["relay"], log["relay_address"], recipient["retry"])
    return dict(zip(COLUMNS, ["" if value is None else str(value) for value in values]))


class Log(Case):
    maxDiff = None

    def pages(self, *args, **more):
        out = self.answer("explain", "--format", "ndjson", *[str(each) for each in args], **more)
        return [json.loads(line) for line in out.splitlines()]

    def write_bytes(self, name, data):
        path = pathlib.Path(self.home, name)
        path.write_bytes(data)
        return path

    def causes(self, *names):
        page = json.loads(self.answer("explain", "--format", "json", *[str(LOGS / name) for name in names]))
        return page["summary"]


class Reading(Log):
    def test_every_line_of_the_samples_is_read_as_the_table_says(self):
        names = sorted(path.name for path in LOGS.iterdir() if path.name != "expected.tsv")
        for name in names:
            with self.subTest(log=name):
                told = [row_of(name, page) for page in self.pages(LOGS / name)]
                self.assertEqual(told, [row for row in expected() if row["file"] == name])

    def test_crlf_changes_nothing_and_a_last_line_without_end_is_read(self):
        for name in ("postfix.log", "exim.log", "qmail.log", "mailq.txt", "postqueue.json", "journal.export"):
            data = (LOGS / name).read_bytes()
            for changed in (data.replace(b"\n", b"\r\n"), data.rstrip(b"\n")):
                path = self.write_bytes(name, changed)
                told = [row_of(name, page) for page in self.pages(path)]
                self.assertEqual(told, [row for row in expected() if row["file"] == name])

    def test_causes_are_those_of_the_words(self):
        for line, cause, retry in (
                ("C2B2: to=<gone@x.example>, relay=local, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (unknown user: \"gone\")",
                 "mailbox-unknown", "no"),
                ("C2B2C: to=<a@x.example>, relay=mx.x.example[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=4.2.0, status=deferred (host "
                 "mx.x.example[192.0.2.1] said: 450 4.2.0 <a@x.example>: Recipient address rejected: Greylisted (in reply to RCPT TO command))",
                 "greylisted", "yes"),
                ("C2B2C: to=<a@gmail.com>, relay=gmail-smtp-in.l.google.com[192.0.2.1]:25, delay=1, delays=0/0/0/1, dsn=4.7.28, "
                 "status=deferred (host gmail-smtp-in.l.google.com[192.0.2.1] said: 421-4.7.28 Our system has detected an unusual rate of "
                 "421-4.7.28 unsolicited mail originating from your IP address. 421 4.7.28 x - gsmtp (in reply to end of DATA command))",
                 "rate-limited", "yes")):
            line = line.replace("C2B2:", "C2B2C:")
            path = self.write_bytes("one.log", f"Nov  3 04:05:06 h postfix/smtp[1]: {line}\n".encode())
            (page,) = self.pages(path)
            self.assertEqual((page["recipients"][0]["cause"], page["recipients"][0]["retry"]), (cause, retry), line)

    def test_a_sender_is_known_from_an_earlier_line(self):
        for name in ("postfix.log", "exim.log", "qmail.log"):
            self.assertEqual(self.pages(LOGS / name)[0]["message"]["from"], "news@example.net")
        self.assertEqual(self.pages(LOGS / "postfix.log")[0]["log"]["message_id"], "march-1@example.net")

    def test_attempts_at_one_recipient_are_counted(self):
        told = [page["log"]["attempts"] for page in self.pages(LOGS / "postfix.log") if page["log"]["queue_id"] == "A1B2C3D4E5"]
        self.assertEqual(told, [1, 2])

    def test_delays_are_named(self):
        delays = self.pages(LOGS / "postfix.log")[0]["log"]["delays"]
        self.assertEqual(delays, {"before_queue": 0.06, "in_queue": 0.01, "connecting": 0.93, "sending": 1.1})

    def test_a_line_can_be_pasted(self):
        line = (LOGS / "exim.log").read_text().splitlines()[1]
        for args, stdin in (([line], ""), (line.split(" "), ""), (["-"], line)):
            (page,) = self.pages(*args, stdin=stdin)
            self.assertEqual((page["kind"], page["recipients"][0]["cause"]), ("log", "mailbox-unknown"))
        page = self.answer("explain", line)
        self.assertIn("refused by mx1.example.org (203.0.113.9) after RCPT", page)

    def test_compressed_files_are_read_as_they_are(self):
        data = (LOGS / "postfix.log").read_bytes()
        plain = self.pages(LOGS / "postfix.log")
        packed = {"log.gz": gzip.compress(data), "log.bz2": bz2.compress(data), "log.xz": lzma.compress(data),
                  "two.gz": gzip.compress(data[:3000]) + gzip.compress(data[3000:])}
        if shutil.which("zstd"):
            packed["log.zst"] = subprocess.run(["zstd", "-c"], input=data, capture_output=True, check=True).stdout
        for name, bytes_packed in packed.items():
            with self.subTest(name):
                told = self.pages(self.write_bytes(name, bytes_packed))
                self.assertEqual([page["log"] for page in told], [page["log"] for page in plain])

    def test_damaged_compression_is_one_clear_line(self):
        packed = gzip.compress((LOGS / "postfix.log").read_bytes())
        for damaged in (packed[:200], packed[:100] + b"\0" * 50 + packed[150:]):
            r = self.ehlo("explain", str(self.write_bytes("log.gz", damaged)))
            self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
            self.assertIn("cannot be unpacked", r.err)

    def test_of_damaged_compression_what_came_before_is_told(self):
        line = "Nov  3 04:05:06 h postfix/smtp[1]: C%05d: to=<a@b.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (Connection timed out)\n"
        packed = gzip.compress("".join(line % n for n in range(9000)).encode())
        r = self.ehlo("explain", str(self.write_bytes("log.gz", packed[:len(packed) // 2])))
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
        self.assertRegex(r.out, r"\n  timeout +[34],\d\d\d  yes ")

    def test_a_folder_of_logs_is_read(self):
        data = (LOGS / "postfix.log").read_bytes()
        os.mkdir(os.path.join(self.home, "logs"))
        self.write_bytes("logs/mail.log.1.gz", gzip.compress(data))
        self.write_bytes("logs/mail.log", (LOGS / "exim.log").read_bytes())
        told = self.pages(os.path.join(self.home, "logs"))
        self.assertEqual(len(told), len(self.pages(LOGS / "postfix.log", LOGS / "exim.log")))

    def test_a_missing_file_is_named(self):
        self.assertIn("mail.log", self.wrong_usage("explain", "/nowhere/mail.log"))
        self.wrong_usage("explain", str(LOGS / "postfix.log"), "/nowhere/mail.log")


class Counting(Log):
    def test_many_results_are_a_table_by_cause(self):
        text = self.answer("explain", str(LOGS / "postfix.log"), env={"COLUMNS": "100"})
        self.assertRegex(text, r"^\d+ deliveries failed or waited, 1 of which went out later, 3 Nov.* 04:05 to 8 Nov.* 06:00\n")
        self.assertRegex(text, r"\n  cause +count +retry +who acts +mostly at\n")
        self.assertRegex(text, r"\n  mailbox-unknown +2  no ")
        self.assertRegex(text, r"\n5 commands of clients were refused here, 8 Nov")

    def test_a_delivery_counts_once_for_its_last_cause(self):
        summary = self.causes("postfix.log")
        rows = {(row["cause"], row["retry"], row["inbound"]): row["count"] for row in summary["causes"]}
        self.assertEqual(summary["deliveries"], sum(row["count"] for row in summary["causes"] if not row["inbound"]))
        self.assertEqual((summary["sent_later"], rows["delivery-expired", "yes", False]), (1, 1))
        places = [place["name"] for row in summary["causes"] for place in row["places"]]
        self.assertNotIn("Gmail", places, "it was rate-limited there first, and expired later")
        self.assertIn(("greylisted", "yes", False), rows)

    def test_a_provider_is_a_place(self):
        lines = "".join(f"Nov  3 04:0{n}:06 h postfix/smtp[1]: C2B2C{n}: to=<a{n}@d{n}.example>, relay=gmail-smtp-in.l.google.com[192.0.2.1]:25, "
                        "delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host gmail-smtp-in.l.google.com[192.0.2.1] said: 550-5.1.1 The email "
                        "account that you tried to reach does not exist. (in reply to RCPT TO command))\n" for n in range(6))
        text = self.answer("explain", "-", stdin=lines)
        self.assertRegex(text, r"mailbox-unknown +6  no +sender +Gmail")

    def test_names_of_domains_are_not_cut_to_pieces_on_a_narrow_terminal(self):
        text = self.answer("explain", str(LOGS / "postfix.log"), env={"COLUMNS": "60"})
        self.assertRegex(text, r"\n  mailbox-unknown +2  no +sender\n    example\.org, out\.example\.net\n")
        self.assertLessEqual(max(len(line) for line in text.splitlines() if "ehlo explain" not in line), 60)

    def test_when_it_began_is_said_only_where_that_is_news(self):
        self.assertNotIn("all since", self.answer("explain", str(LOGS / "postfix.log"), env={"COLUMNS": "100"}))
        early = "".join(f"Nov  3 04:05:06 h postfix/smtp[1]: A{n:05d}: to=<a@b.example>, relay=none, delay=1, dsn=4.4.1, status=deferred "
                        "(Connection timed out)\n" for n in range(5))
        late = "".join(f"Nov  5 04:05:06 h postfix/smtp[1]: B{n:05d}: to=<a@c.example>, relay=none, delay=1, dsn=5.1.1, status=bounced "
                       "(unknown user: \"a\")\n" for n in range(12))
        self.assertIn("c.example (all since 5 Nov", self.answer("explain", "-", stdin=early + late, env={"COLUMNS": "100"}))

    def test_who_gave_up_on_a_passing_fault_is_not_told_that_it_lasts(self):
        lines = ("2026-11-28 10:30:03 1tEabc-000000001AB-1xyz ** bob@example.org R=dnslookup T=remote_smtp: retry timeout exceeded\n"
                 "2026-11-28 10:30:04 1tEabd-000000001AB-1xyz ** ann@example.org: Unrouteable address\n")
        told = [page["recipients"][0] for page in self.pages("-", stdin=lines)]
        self.assertEqual([(each["cause"], each["retry"]) for each in told], [("delivery-expired", "yes"), ("domain-unknown", "no")])

    def test_a_table_is_followed_by_what_shows_more(self):
        path = str(LOGS / "postfix.log")
        self.assertIn(f"\n  Next     ehlo explain --verbose {path}\n", self.answer("explain", path))
        text = self.answer("explain", "--verbose", path)
        queue_id = re.search(r"\n  Next     ehlo explain --queue-id (\w+) ", text)[1]
        self.assertIn("In the end", self.answer("explain", "--queue-id", queue_id, path))
        self.assertIn("\n  mailbox-unknown, retry: no\n    at example.org 1, out.example.net 1\n    3 Nov", text)
        with open(path, encoding="utf-8") as log:
            self.assertNotIn("Next", self.answer("explain", "-", stdin=log.read()), "a pipe cannot be read again")

    def test_a_listing_names_the_message_and_where_its_story_is(self):
        text = self.answer("explain", str(LOGS / "exim-bp.txt"))
        self.assertRegex(text, r"from <sender@example\.org>\nwaiting in the queue\nqueue id 1abcde-0001Ab-CD, \d+ ")
        self.assertIn("  Next     ehlo explain --queue-id 1abcde-0001Ab-CD /var/log/exim4/mainlog\n", text)
        self.assertIn("To <nobody@example.org>, from the null sender\n", text)

    def test_what_is_held_or_frozen_is_told_with_what_frees_it(self):
        listings = {
            "postqueue -j": '{"queue_name": "hold", "queue_id": "4ZfQ1b3xyzz1aD", "arrival_time": 1793678801, "message_size": 9, '
                            '"sender": "MAILER-DAEMON", "recipients": [{"address": "d@example.org"}]}\n',
            "mailq": "-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n"
                     "4ZfQ1b3xyzz1aD!    2345 Mon Nov  9 04:05:06  MAILER-DAEMON\n"
                     "                                         d@example.org\n\n-- 2 Kbytes in 1 Request.\n",
        }
        for name, listing in listings.items():
            with self.subTest(name):
                text = " ".join(self.answer("explain", "-", stdin=listing).split())
                self.assertIn("To <d@example.org>, from the null sender waiting in the queue queue id 4ZfQ1b3xyzz1aD", text)
                self.assertIn("The message is on hold Cause unclear Retry unclear", text)
                self.assertIn("postsuper -H ID", text)
                self.assertIn("Known by the mark in the listing.", text)
        text = self.answer("explain", str(LOGS / "exim-bp.txt"))
        self.assertIn("exim -Mt ID", text)
        self.assertIn("Known by the mark in the listing.", text)

    def test_verbose_shows_examples(self):
        text = self.answer("explain", "--verbose", str(LOGS / "postfix.log"))
        self.assertIn("<user@example.org>", text)
        self.assertNotIn("<user@example.org>", self.answer("explain", str(LOGS / "postfix.log")))

    def test_a_log_without_failures_says_so(self):
        line = "Nov  3 04:05:06 h postfix/smtp[1]: C2B2C3: to=<a@b.example>, relay=b[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 Ok)\n"
        self.assertIn("Nothing failed", self.answer("explain", "-", stdin=line))
        self.assertEqual(self.pages("-", stdin=line), [])
        self.assertEqual(json.loads(self.answer("explain", "-", "--format", "json", stdin=line))["results"], [])

    def test_json_keeps_its_schema(self):
        check = jsonschema.Draft202012Validator(SCHEMA)
        for name in sorted(path.name for path in LOGS.iterdir() if path.name != "expected.tsv"):
            page = json.loads(self.answer("explain", "--format", "json", str(LOGS / name)))
            self.assertEqual([error.message[:200] for error in check.iter_errors(page)], [], name)
            for line in self.pages(LOGS / name):
                check.validate(line)
        story = json.loads(self.answer("explain", "--queue-id", "4ZfQ1b3xyzz1aB", "--format", "json", str(LOGS / "postfix.log")))
        check.validate(story)

    def test_markdown_is_a_table(self):
        text = self.answer("explain", "--format", "markdown", str(LOGS / "postfix.log"))
        self.assertRegex(text, r"\n\| ?cause ?\| ?count")

    def test_nothing_older_than_since_is_told(self):
        log = "".join(f"{day}T04:05:06+00:00 h postfix/smtp[1]: C2B2C{n}: to=<a@b.example>, relay=none, delay=1, dsn=4.4.1, status=deferred "
                      "(connect to b.example[192.0.2.1]:25: Connection refused)\n" for n, day in enumerate(("2020-01-01", "2020-06-01", "2020-12-01")))
        for since, n in (("2020-01-01", 3), ("2020-05-31", 2), ("2020-06-02 03:00", 1), ("2d", 0), ("yesterday", 0)):
            self.assertEqual(len(self.pages("--since", since, "-", stdin=log)), n, since)
        self.wrong_usage("explain", "--since", "lunch", "-", stdin=log)

    def test_rotated_logs_are_read_oldest_first(self):
        lines = (LOGS / "postfix.log").read_text().splitlines(keepends=True)
        new, old = self.write_bytes("mail.log", "".join(lines[10:]).encode()), self.write_bytes("mail.log.1", "".join(lines[:10]).encode())
        os.utime(old, (1000, 1000))
        whole = [page["message"] for page in self.pages(LOGS / "postfix.log")]
        self.assertEqual([page["message"] for page in self.pages(new, old)], whole)

    def test_no_control_byte_of_a_log_reaches_the_output(self):
        evil = "\x1b]0;owned\x07\x1b[31m\x00\u009b2J\u202e"
        line = (f"Nov  3 04:05:06 h postfix/smtp[1]: C2B2C3: to=<a{evil}@b{evil}.example>, relay=mx{evil}[192.0.2.1]:25, delay=1, dsn=5.1.1, "
                f"status=bounced (host mx[192.0.2.1] said: 550 5.1.1 {evil} (in reply to RCPT TO command))\n")
        for text in (line, line * 5):
            for form in ("text", "json", "ndjson", "markdown"):
                r = self.ehlo("explain", "-", "--verbose", "--format", form, stdin=text)
                self.assertEqual((r.status, r.err), (0, ""))
                self.assertIsNone(CONTROL.search(r.out), (form, r.out))
                self.assertNotIn("\u202e", r.out)
        r = self.ehlo("explain", "-", "--queue-id", "C2B2C3", stdin=line)
        self.assertIsNone(CONTROL.search(r.out), r.out)


class Story(Log):
    def story(self, queue_id, name, *more):
        return " ".join(self.answer("explain", "--queue-id", queue_id, *more, str(LOGS / name)).split())

    def test_a_message_of_postfix_is_told_with_its_delays(self):
        text = self.story("4ZfQ1b3xyzz1aB", "postfix.log")
        for words in ("from <news@example.net>", "it arrived from client.example.net (198.51.100.7)", "tried mx2.example.org (203.0.113.10)",
                      "refused by mx1.example.org (203.0.113.9) after RCPT", "0.93 s connecting", "1.1 s sending", "mailbox-unknown; retry: no",
                      "written to <list@example.net>", "as message 4ZfQ1c0abcz1aC", "it left the queue",
                      "<user@example.org> failed after 1 attempt", "<other@example.com> delivered after 1 attempt"):
            self.assertIn(words, text)

    def test_what_took_most_is_said(self):
        text = self.story("A1B2C3D4E5", "postfix.log")
        self.assertIn("0.1 s until the queue manager took it up, 0.02 s waiting its turn, 30 s connecting, 0 s sending; most of it connecting", text)
        self.assertIn("9 min 30 s before this attempt", text)

    def test_moments_line_up_with_a_year_and_without(self):
        for year in ("2025-11-03", "2026-11-03"):
            lines = "".join(f"{year}T04:05:0{n}.000000+00:00 h postfix/smtp[1]: C2B2C: to=<a{n}@b.example>, relay=none, delay=1, delays=0/0/0/1, "
                            "dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)\n" for n in range(2))
            text = self.answer("explain", "--queue-id", "C2B2C", "-", stdin=lines)
            told = [line.index("to <") for line in text.splitlines() if " to <a" in line]
            said = [len(line) - len(line.lstrip()) for line in text.splitlines() if line.endswith("Connection refused")]
            self.assertEqual((len(told), set(said)), (2, {told[0] + 2}), text)
            self.assertEqual(told[0], told[1])

    def test_the_story_of_a_listing_tells_how_long_it_waits_and_no_attempts(self):
        text = self.story("4ZfQ1b3xyzz1aB", "postqueue.json")
        self.assertRegex(text, r"waiting for \d+ ")
        self.assertIn("<late@example.edu> still waiting Next", text)

    def test_a_queue_run_that_leaves_a_message_alone_is_no_try(self):
        text = self.story("1abcde-0001Ab-CD", "exim.log")
        self.assertIn("not tried: the time for it had not come retry time not reached 7 Nov", text)

    def test_a_story_that_ended_badly_says_what_to_try(self):
        self.assertTrue(self.story("4ZfQ1b3xyzz1aB", "postfix.log").endswith("Next ehlo check user@example.org"))
        self.assertNotIn("Next", self.story("A1B2C3D4E5", "postfix.log"))

    def test_messages_of_the_others_are_told_too(self):
        for name, queue_id, words in (
                ("exim.log", "1abcde-0001Ab-CD", ["from <shop@example.net>", "retry time not reached", "<late@example.edu> failed after 3 attempts"]),
                ("sendmail.log", "5A3451aB000811", ["as message 5A3453aB000812", "<user@example.org> failed after 1 attempt"]),
                ("opensmtpd.log", "5e6f7a8b", ["refused by mx1.example.org (203.0.113.9)"]),
                ("qmail.log", "104301", ["a notice about it was sent", "<user@example.net> delivered", "<user@example.org> failed"])):
            text = self.story(queue_id, name)
            for each in words:
                self.assertIn(each, text, name)

    def test_json_lists_the_events(self):
        page = json.loads(self.story("A1B2C3D4E5", "postfix.log", "--format", "json"))
        self.assertEqual([event["event"] for event in page["events"]], ["arrived", "attempt", "attempt", "attempt", "ended"])
        self.assertEqual(page["recipients"], [{"address": "late@example.edu", "status": "sent", "attempts": 3}])

    def test_an_unknown_id_is_said_so(self):
        r = self.ehlo("explain", "--queue-id", "FFFFFFFFFF", str(LOGS / "postfix.log"))
        self.assertEqual((r.status, r.out), (1, ""))
        self.assertIn("FFFFFFFFFF", r.err)
        self.wrong_usage("explain", "--queue-id", "no id", str(LOGS / "postfix.log"))


if __name__ == "__main__":
    unittest.main()
