"""ehlo explain with mails: what they are, and what a bounce says of each recipient."""
import contextlib
import gzip
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import tempfile
import unittest

from program import PROGRAM, Case

MAILS = pathlib.Path(__file__).resolve().parent.parent / "mails"


def rows():
    """The table of expected answers: a row a recipient, or one for a mail without any."""
    for line in (MAILS / "expected.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def expected():
    mails = {}
    for name, kind, address, code, enhanced, cause, retry in rows():
        mails.setdefault(name, (kind, []))[1].append([address, code, enhanced, cause, retry])
    return mails


def causes():
    for line in (MAILS / "causes.tsv").read_text().splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


HEAD = "From: MAILER-DAEMON@out.example.net\nTo: news@example.net\nSubject: %s\n%s\n"
FORMS = {
    "standard": HEAD % ("Undelivered Mail Returned to Sender", "MIME-Version: 1.0\nContent-Type: multipart/report; boundary=b\n") +
    "--b\nContent-Type: text/plain\n\nThe mail failed.\n\n--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; out.example.net\n\nFinal-Recipient: rfc822; user@example.org\nAction: failed\n"
    "Status: %(enhanced)s\nDiagnostic-Code: smtp; %(reply)s\n\n--b--\n",
    "qmail": HEAD % ("failure notice", "") + "Hi. This is the qmail-send program at out.example.net.\n\n<user@example.org>:\n"
    "192.0.2.25 failed after I sent the message.\nRemote host said: %(reply)s\n\n--- Below this line is a copy of the message.\n\n",
    "Exim": HEAD % ("Mail delivery failed", "X-Failed-Recipients: user@example.org\n") +
    "The following address(es) failed:\n\n  user@example.org\n    host mx.example.org [192.0.2.25]\n"
    "    SMTP error from remote mail server after end of data:\n    %(reply)s\n\n------ This is a copy of the message. ------\n\n",
    "OpenSMTPD": HEAD % ("Delivery status notification: error", "") + "    Hi!\n\n    An error has occurred while attempting to deliver "
    "a message for\n    the following list of recipients:\n\nuser@example.org: %(reply)s\n\n    Below is a copy of the original message:\n\n",
}


def answer(recipient):
    keys = ("address", "code", "enhanced", "cause", "retry")
    return ["" if recipient[key] is None else str(recipient[key]) for key in keys]


class Mails(Case):
    maxDiff = None

    def explained(self, *files, **more):
        out = self.answer("explain", "--format", "ndjson", *[str(each) for each in files], **more)
        return [json.loads(line) for line in out.splitlines()]

    def check_mails(self, change):
        with tempfile.TemporaryDirectory() as folder:
            names = sorted(expected())
            for name in names:
                pathlib.Path(folder, name).write_bytes(change((MAILS / name).read_bytes()))
            told = self.explained(*[os.path.join(folder, name) for name in names])
        self.assertEqual(len(told), len(names))
        for name, page in zip(names, told):
            kind, recipients = expected()[name]
            with self.subTest(mail=name):
                self.assertEqual(page["kind"], kind)
                wanted = [] if recipients == [[""] * 5] else recipients
                self.assertEqual([answer(each) for each in page["recipients"]], wanted)

    def test_every_mail_of_the_table_is_read_as_it_says(self):
        self.check_mails(lambda mail: mail)

    def test_crlf_and_cr_give_the_answers_of_lf(self):
        for end in (b"\r\n", b"\r"):
            self.check_mails(lambda mail, end=end: mail.replace(b"\n", end))

    def test_each_cause_is_found_in_the_bounces_of_several_servers(self):
        with tempfile.TemporaryDirectory() as folder:
            wanted = []
            for form, text in FORMS.items():
                for i, (cause, retry, reply) in enumerate(causes()):
                    path = pathlib.Path(folder, "%03d %s.eml" % (i, form))
                    path.write_text(text % {"reply": reply, "enhanced": reply.split()[1]})
                    wanted.append((path, [reply, "user@example.org", int(reply[:3]), reply.split()[1], cause, retry]))
            told = self.explained(*[path for path, _ in wanted])
        for (path, row), page in zip(wanted, told):
            with self.subTest(form=path.name):
                one = page["recipients"][0]
                self.assertEqual([row[0]] + [one[key] for key in ("address", "code", "enhanced", "cause", "retry")], row)

    def test_families_of_servers_are_understood(self):
        rows = [line.split("\t") for line in (MAILS / "families.tsv").read_text().splitlines() if not line.startswith("#")]
        wordings = [row[2] for row in rows]
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, "%03d.eml" % i) for i in range(len(rows))]
            for path, reply in zip(paths, wordings):
                path.write_text(FORMS["qmail"] % {"reply": reply})
            told = self.explained(*paths)
        self.assertEqual(len(told), len(rows))
        missed = [(row[2], one["cause"]) for row, page in zip(rows, told)
                  for one in page["recipients"] if one["cause"] not in row[0].split(",")]
        self.assertLess(len(missed), len(rows) / 50, missed)
        harmful = [row[2] for row, page in zip(rows, told) if row[1] == "yes" and page["recipients"][0]["retry"] == "no"]
        self.assertEqual(harmful, [])

    def test_the_table_of_causes_has_nearly_all(self):
        self.assertGreater(len({cause for cause, _, _ in causes()}), 50)

    def test_every_mail_has_a_row_in_the_table(self):
        self.assertEqual(sorted(expected()), sorted(each.name for each in MAILS.glob("*.eml")))

    def test_the_original_and_the_reporter_are_named(self):
        message = self.explained(MAILS / "standard.eml")[0]["message"]
        self.assertEqual(message, {"from": "news@example.net", "to": "user@example.org", "subject": "March invoice",
                                   "reporter": "out.example.net"})

    def test_one_screen_tells_who_said_what_and_what_to_do(self):
        text = self.answer("explain", str(MAILS / "standard.eml"))
        for words in ("To <user@example.org>, from <news@example.net>", "March invoice", "mx.example.org", "after DATA",
                      "550 5.7.26", "mail-unauthenticated", "Retry", "Address", "Known by", "Next"):
            self.assertIn(words, text)
        self.assertFits(text, 80, "standard.eml")
        self.assertLessEqual(len(text.splitlines()), 40)

    def test_the_next_command_is_one_that_this_program_has(self):
        commands = set(re.findall(r"^  ([a-z-]+)  ", self.answer("--help"), re.M))
        for name in sorted({row[0] for row in rows() if row[1] == "bounce"}):
            text = self.answer("explain", str(MAILS / name))
            for command in re.findall(r"Next +ehlo ([a-z-]+)", text):
                self.assertIn(command, commands, name)
        self.assertRegex(self.answer("explain", str(MAILS / "gmail-old.eml")), r"Next +ehlo (dns|audit) ")

    def test_the_next_command_checks_what_is_accused(self):
        replies = {"550 5.1.1 no such user": "ehlo check bücher@例え.jp",
                   "554 5.7.1 Client host [192.0.2.25] blocked using bl.example.org": "ehlo listed 192.0.2.25",
                   "550 5.7.25 [192.0.2.25] has no PTR record": "ehlo dns 192.0.2.25",
                   "550 5.0.0 that is all": "ehlo check bücher@例え.jp"}
        for reply, command in replies.items():
            mail = FORMS["standard"] % {"reply": reply, "enhanced": "5.0.0"}
            mail = mail.replace("rfc822; user@example.org", "utf-8; bücher@例え.jp")
            self.assertIn(f"\n  Next     {command}\n", self.answer("explain", "-", stdin=mail), reply)

    def test_an_unclear_bounce_does_not_clear_the_mailbox(self):
        text = self.answer("explain", "-", stdin=FORMS["standard"] % {"reply": "550 that is all", "enhanced": "5.0.0"})
        self.assertRegex(text, r"Cause +unclear")
        self.assertIn("Address  keep it until the reason is known\n", text)

    def test_what_has_left_the_queue_must_be_sent_anew(self):
        mail = FORMS["standard"] % {"reply": "451 4.3.0 internal error", "enhanced": "4.3.0"}
        self.assertIn("to send it anew", self.answer("explain", "-", stdin=mail))
        self.assertNotIn("anew", self.answer("explain", "-", stdin=mail.replace("Action: failed", "Action: delayed")))

    def test_the_words_of_a_notes_report_are_its_reason_not_what_leads_to_it(self):
        mail = HEAD % ("DELIVERY FAILURE", "") + ("Your message\n\n  Subject: Invoice\n\nwas not delivered to:\n\n  a@example.org\n\nbecause:\n\n"
                                                  "  User a (a@example.org) not listed in Domino Directory\n")
        text = self.answer("explain", "-", stdin=mail)
        self.assertIn("\n  User a (a@example.org) not listed in Domino Directory\n", text)
        self.assertNotIn("because:", text)

    def test_a_full_mailbox_is_known_in_several_languages(self):
        mails = {"Unzustellbar": "Nicht zugestellt an:\n<a@example.org>\nDas Postfach des Empfängers ist voll.",
                 "Mensaje no entregado": "No se pudo entregar a:\n<a@example.org>: el buzón está lleno",
                 "Mancata consegna": "Impossibile consegnare a:\na@example.org\nLa casella è piena",
                 "Echec de remise": "Le message n'a pas pu être remis à <a@example.org>\nLa boîte aux lettres du destinataire est pleine",
                 "Falha na entrega": "A entrega falhou para <a@example.org>: a caixa de entrada está cheia",
                 "Недоставленное сообщение": "Сообщение не доставлено: <a@example.org>\nПочтовый ящик переполнен",
                 "Onbestelbaar bericht": "Uw bericht kon niet worden bezorgd aan:\n<a@example.org>\nDe mailbox is vol",
                 "Wiadomość": "Nie udało się dostarczyć wiadomości do:\n<a@example.org>\nSkrzynka odbiorcy jest pełna"}
        for subject, body in mails.items():
            page = json.loads(self.answer("explain", "--format", "ndjson", "-", stdin=HEAD % (subject, "") + body + "\n"))
            self.assertEqual([(each["address"], each["cause"]) for each in page["recipients"]], [("a@example.org", "mailbox-full")], subject)

    def test_the_only_address_of_the_words_is_the_one_that_failed(self):
        mail = HEAD % ("Undeliverable Mail", "") + "User mailbox exceeds allowed size: bob@example.org\n"
        page = json.loads(self.answer("explain", "--format", "ndjson", "-", stdin=mail))
        self.assertEqual(page["recipients"][0]["address"], "bob@example.org")
        page = json.loads(self.answer("explain", "--format", "ndjson", "-", stdin=mail + "Sent by news@example.net\n"))
        self.assertEqual(page["recipients"][0]["address"], "bob@example.org")

    def test_a_mail_that_is_no_bounce_is_named_and_not_explained(self):
        text = self.answer("explain", str(MAILS / "auto-reply.eml"))
        self.assertIn("automatic reply", text)
        self.assertNotIn("Cause", text)

    def test_markdown_names_a_mail_that_is_no_bounce_too(self):
        self.assertIn("This is a feedback report", self.answer("explain", "--format", "markdown", str(MAILS / "feedback.eml")))

    def test_what_arrived_is_not_counted_among_what_failed(self):
        report = (MAILS / "many-recipients.eml").read_text()
        mixed = report.replace("failed\nStatus: 5.1.1", "relayed\nStatus: 2.1.5").replace("550 5.1.1 No such user", "250 2.1.5 Ok")
        names = ["delivered.eml", "relayed.eml", "read-receipt.eml", "ordinary.eml", "away.eml"]
        for n in (1, 3):  # the first few are counted by another hand than the many
            with self.subTest(n):
                with tempfile.TemporaryDirectory() as folder:
                    for i in range(n):
                        pathlib.Path(folder, f"{i}.eml").write_text(mixed)
                    for name in names:
                        pathlib.Path(folder, name).write_bytes((MAILS / name).read_bytes())
                    text = self.answer("explain", folder)
                self.assertRegex(text, rf"\A{2 * n} deliveries failed or waited\n")
                self.assertIn("No bounces: 1 automatic reply, 1 ordinary mail, 3 notices of success\n", text)
        one = self.answer("explain", self.write("mixed.eml", mixed))
        self.assertIn("To <gone@example.org>, from <news@example.net>, \"March invoice\"\naccepted by mx.example.org\n", one)

    def test_a_table_of_mails_says_what_shows_more(self):
        self.write("empty.eml", "")
        for n in range(4):
            self.write(f"mails/{n}.eml", (MAILS / "standard.eml").read_text())
        text = self.answer("explain", "mails")
        self.assertTrue(text.endswith("\n\n  Next     ehlo explain --verbose mails\n"), text)
        text = self.answer("explain", "--verbose", "mails")
        self.assertRegex(text, r"\n    mails/\d\.eml  <user@example\.org>\n      550-5\.7\.26 ")
        self.assertRegex(text, r"\n  Next     ehlo explain mails/\d\.eml\n\Z")

    def test_of_a_damaged_mbox_what_came_before_is_told(self):
        box = b"".join(b"From x Tue Nov  3 04:05:06 2026\n" + (MAILS / "standard.eml").read_bytes() + b"%d\n\n" % n for n in range(4000))
        packed = gzip.compress(box)
        path = pathlib.Path(self.home, "box.gz")
        path.write_bytes(packed[:len(packed) // 2])
        for form in ("text", "ndjson"):
            r = self.ehlo("explain", "--format", form, str(path))
            self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
            self.assertIn("cannot be unpacked", r.err)
            self.assertIn("mail-unauthenticated", r.out)

    def test_a_mail_comes_through_a_pipe(self):
        page = self.explained("-", stdin=(MAILS / "standard.eml").read_bytes())[0]
        self.assertEqual((page["input"], page["recipients"][0]["code"]), ("-", 550))

    def test_an_mbox_gives_each_of_its_mails(self):
        names = sorted(expected())[:5]
        envelope = b"From MAILER-DAEMON Tue Nov  3 04:05:06 2026"
        for end in (b"\n", b"\r\n", b"\r"):
            mails = [(MAILS / name).read_bytes().replace(b"\n", end) for name in names]
            box = b"".join(envelope + end + mail + end + end for mail in mails)
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder, "box")
                path.write_bytes(box)
                told = self.explained(path)
            self.assertEqual([page["kind"] for page in told], [expected()[name][0] for name in names])
            self.assertEqual(told[1]["input"], f"{path}:2")

    def test_a_sentence_that_begins_with_from_ends_no_mail_of_an_mbox(self):
        mail = (MAILS / "qmail.eml").read_bytes()
        sentence = b"\n\nFrom 10:30 on it is closed.\n\nFrom here on, too.\n\n"
        envelope = b"From MAILER-DAEMON Tue Nov  3 04:05:06 2026\n"
        told = self.explained("-", stdin=envelope + mail + sentence + mail + b"\n\n" + envelope + mail)
        self.assertEqual([page["input"] for page in told], ["-:1", "-:2"])

    def peak(self, path):
        """The most memory, in KB, that explaining it takes; and what was said."""
        with open(self.home + "/said", "wb") as said:
            run = subprocess.Popen([PROGRAM, "explain", "--format", "ndjson", str(path)], stdout=said, cwd=self.home,
                                   env=self.environment(ASAN_OPTIONS="quarantine_size_mb=1"))
            _, status, used = os.wait4(run.pid, 0)
        run.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(run.returncode, 0)
        return used.ru_maxrss, pathlib.Path(self.home, "said").read_bytes()

    def test_memory_stays_flat_over_an_mbox(self):
        mail = (MAILS / "standard.eml").read_bytes() + (b"y" * 76 + b"\n") * 12000 + b"\n"
        one, box = pathlib.Path(self.home, "one"), pathlib.Path(self.home, "box")
        envelope = b"From MAILER-DAEMON Tue Nov  3 04:05:06 2026\n"
        one.write_bytes(envelope + mail)
        with box.open("wb") as out:
            for _ in range(75):
                out.write(envelope + mail)
        self.assertGreater(box.stat().st_size, 64 << 20)
        base, _ = self.peak(one)
        most, said = self.peak(box)
        self.assertEqual(said.count(b"mail-unauthenticated"), 75)
        self.assertLess(most, base + (32 << 10))

    def test_a_terminal_is_told_how_far_it_is(self):
        mail, folder = pathlib.Path(self.home, "mail"), pathlib.Path(self.home, "mails")
        mail.write_bytes((MAILS / "standard.eml").read_bytes())
        folder.mkdir()
        for n in range(8000):
            os.link(mail, folder / str(n))
        ours, theirs = pty.openpty()
        with open(self.home + "/said", "wb") as said:
            run = subprocess.Popen([PROGRAM, "explain", str(folder)], stdout=said, stderr=theirs, cwd=self.home, env=self.environment())
            os.close(theirs)
            told = b""
            with contextlib.suppress(OSError):  # the other end is closed
                while piece := os.read(ours, 4096):
                    told += piece
        os.close(ours)
        self.assertEqual(run.wait(), 0)
        self.assertRegex(told, rb"\d+ of 8000 mails read")

    def test_a_maildir_gives_each_of_its_mails(self):
        with tempfile.TemporaryDirectory() as folder:
            for sub in ("cur", "new", "tmp"):
                pathlib.Path(folder, sub).mkdir()
            pathlib.Path(folder, "new", "1.a").write_bytes((MAILS / "standard.eml").read_bytes())
            pathlib.Path(folder, "cur", "2.b:2,S").write_bytes((MAILS / "auto-reply.eml").read_bytes())
            pathlib.Path(folder, "tmp", "3.c").write_bytes(b"half a mail")
            told = self.explained(folder)
        self.assertEqual([page["kind"] for page in told], ["auto-reply", "bounce"])


class Replies(Case):
    STREAM = "550 5.1.1 <a@example.org>: no such user\n452-4.2.2 the mailbox\n452 4.2.2 is over quota\n550 5.1.1 no such user\n"

    def test_a_stream_of_replies_is_told_one_by_one(self):
        lines = [json.loads(line) for line in self.answer("explain", "--format", "ndjson", "-", stdin=self.STREAM).splitlines()]
        self.assertEqual([line["recipients"][0]["cause"] for line in lines], ["mailbox-unknown", "mailbox-full", "mailbox-unknown"])
        self.assertEqual(lines[1]["input"], "452-4.2.2 the mailbox\n452 4.2.2 is over quota")

    def test_a_line_that_is_none_does_not_end_a_stream_of_replies(self):
        lines = [f"550 5.1.1 <user{n}@example.org>: no such user" for n in range(30)]
        lines[7] = "605 no reply at all"
        told = self.answer("explain", "--format", "ndjson", "-", stdin="".join(f"{line}\n" for line in lines))
        self.assertEqual(len(told.splitlines()), 30)

    def test_lines_go_out_while_replies_still_come(self):
        run = subprocess.Popen([PROGRAM, "explain", "--format", "ndjson", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.home,
                               env=self.environment())
        run.stdin.write(b"550 5.1.1 no such user\n550 5.1.1 no such user\n452-4.2.2 the mailbox\n")
        run.stdin.flush()
        self.assertTrue(select.select([run.stdout], [], [], 60)[0], "nothing came")
        self.assertIn(b"mailbox-unknown", run.stdout.readline())
        run.stdin.write(b"452 4.2.2 is over quota\n")
        run.stdin.close()
        self.assertIn(b"mailbox-full", run.stdout.read())
        run.stdout.close()
        self.assertEqual(run.wait(), 0)

    def test_a_few_are_shown_each_by_itself(self):
        text = self.answer("explain", "-", stdin=self.STREAM)
        self.assertEqual(text.count("Cause "), 3)

    def test_many_are_counted(self):
        text = self.answer("explain", "-", stdin=self.STREAM * 1000)
        self.assertIn("3,000", text)
        self.assertRegex(text, r"mailbox-unknown +2,000")

    def test_said_before_or_not_the_answer_is_the_same(self):
        stream = "".join(f"550 5.1.1 <user{n % 7}@example.org>: no such user {n % 11}\n" for n in range(5000))
        lines = [json.loads(line) for line in self.answer("explain", "--format", "ndjson", "-", stdin=stream).splitlines()]
        self.assertEqual([line["input"] for line in lines], stream.splitlines())
        for line in lines:
            self.assertIn(line["recipients"][0]["about"][0], line["input"])

    def test_lines_of_one_reply_stay_one(self):
        answer = json.loads(self.answer("explain", "--format", "ndjson", "-", stdin="550-5.1.1 no\n550 5.1.1 such user\n"))
        self.assertEqual(len(answer["recipients"]), 1)


class Example(Case):
    SCRIPT = MAILS.parent.parent / "examples" / "sort-bounces.lua"
    PILES = {"standard.eml": "fix ours", "exchange-html.eml": "tell the sender", "delayed.eml": "wait",
             "imail.eml": "remove the address"}

    def maildir(self, folder):
        for sub in ("cur", "new", "tmp"):
            pathlib.Path(folder, sub).mkdir()
        for i, name in enumerate([*self.PILES, "auto-reply.eml"]):
            pathlib.Path(folder, ("new", "cur")[i % 2], name).write_bytes((MAILS / name).read_bytes())

    def test_bounces_are_sorted_by_what_is_to_be_done(self):
        with tempfile.TemporaryDirectory() as folder:
            self.maildir(folder)
            text = self.answer("run", str(self.SCRIPT), folder)
            pile, piles = None, {}
            for line in text.splitlines():
                if line.startswith("  "):
                    piles[pathlib.Path(line.split()[-1]).name] = pile
                pile = line.split(":")[0] if not line.startswith("  ") else pile
            self.assertEqual(piles, self.PILES)
            self.assertIn("no bounces: 1", text)

    def test_they_are_moved_when_asked(self):
        with tempfile.TemporaryDirectory() as folder:
            self.maildir(folder)
            for pile in self.PILES.values():
                for sub in ("cur", "new", "tmp"):
                    pathlib.Path(folder, "." + pile.replace(" ", "-"), sub).mkdir(parents=True)
            self.answer("run", str(self.SCRIPT), folder, "--move")
            for name, pile in self.PILES.items():
                found = list(pathlib.Path(folder, "." + pile.replace(" ", "-")).glob("*/" + name))
                self.assertEqual(len(found), 1, name)

    def test_what_is_no_maildir_is_said(self):
        with tempfile.TemporaryDirectory() as folder:
            r = self.ehlo("run", str(self.SCRIPT), folder)
            self.assertEqual(r.status, 1)
            self.assertIn("no Maildir", r.err)


if __name__ == "__main__":
    unittest.main()
