"""ehlo explain with systemd's journal: files, folders and that of the machine, followed, damaged, and not to be read."""
import json
import os
import pathlib
import select
import signal
import subprocess
import unittest

import journals
from following import PATIENCE, Following
from journals import bounce, record
from program import PROGRAM, Case

LOGS = pathlib.Path(__file__).resolve().parents[1] / "logs"


class Journal(Case):
    maxDiff = None

    def journal(self, records, name="mail.journal"):
        return journals.write(os.path.join(self.home, name), records)

    def pages(self, *args, **more):
        out = self.answer("explain", "--format", "ndjson", *args, **more)
        return [json.loads(line) for line in out.splitlines()]

    def users(self, *args, **more):
        return [page["recipients"][0]["address"].split("@")[0] for page in self.pages(*args, **more)]


class Reading(Journal):
    def test_a_journal_tells_what_its_text_tells(self):
        text = (LOGS / "journal.export").read_bytes()
        journal = self.pages(self.journal(text + b"\n"))
        piped = self.pages("-", stdin=text)
        self.assertEqual(len(journal), 1)
        for page in journal + piped:
            del page["input"]
        self.assertEqual(journal, piped)

    def test_every_log_reads_the_same_from_a_journal(self):
        for name, program in (("postfix.log", None), ("sendmail.log", None), ("opensmtpd.log", None), ("exim.log", "exim")):
            records = b""
            for n, line in enumerate((LOGS / name).read_text().splitlines()):
                head, _, message = line.partition("]: ") if program is None else ("", "", line)
                records += record(message, program or head.split()[-1].split("[")[0], 1793678703123456 + n)
            told = [page["recipients"] for page in self.pages(self.journal(records, name + ".journal"))]
            self.assertEqual(told, [page["recipients"] for page in self.pages("-", stdin=records)], name)
            self.assertGreater(len(told), 2, name)

    def test_servers_are_found_under_any_facility_and_nothing_else_is_read(self):
        records = (bounce(1) + bounce(2, SYSLOG_FACILITY="3") + bounce(3, "postfix-out/smtp", SYSLOG_FACILITY="16") + bounce(4, SYSLOG_FACILITY="")
                   + bounce(5, "dovecot") + bounce(6, "sshd", SYSLOG_FACILITY="4"))
        self.assertEqual(self.users(self.journal(records)), ["user1", "user2", "user3", "user4"])

    def test_a_message_with_line_ends_forges_no_record(self):
        evil = "4ZfQ00000009: nothing\n\n__CURSOR=s=1\nSYSLOG_IDENTIFIER=postfix/smtp\n" + bounce(9).decode()
        records = record(evil, "logger") + record(evil) + record("\x1b]0;evil\x07" + "x" * 300000) + bounce(1) + record("\n" * 70000) + bounce(2)
        self.assertEqual(self.users(self.journal(records)), ["user1", "user2"])
        self.assertEqual(self.users("-", stdin=records), ["user1", "user2"])

    def test_a_message_that_has_line_ends_is_read(self):
        records = bounce(1).replace(b"550 5.1.1 user1", b"550 5.1.1 user1 is") + record(
            "4ZfQ00000002: to=<user2@d.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (timed out\nor so)")
        self.assertEqual(self.users(self.journal(records)), ["user1", "user2"])
        self.assertEqual(self.users("-", stdin=records), ["user1", "user2"])

    def test_bytes_that_are_no_text_are_kept_from_the_terminal(self):
        raw = b"4ZfQ00000001: to=<a@d.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (\xff\x1b[31m\x00 timed out)"
        path = self.journal(record(raw))
        self.assertNotIn("\x1b", self.answer("explain", path))
        self.assertEqual(len(self.pages(path)), 1)

    def test_a_journal_without_mail_says_so(self):
        self.assertIn("Nothing failed", self.answer("explain", self.journal(record("Started something.", "systemd", SYSLOG_FACILITY="3"))))

    def test_one_message_is_told(self):
        records = record("4ZfQ00000001: from=<news@example.net>, size=1, nrcpt=1 (queue active)", "postfix/qmgr") + bounce(1) + bounce(2)
        text = self.answer("explain", "--queue-id", "4ZfQ00000001", self.journal(records))
        self.assertIn("news@example.net", text)
        self.assertNotIn("user2", text)

    def test_nothing_older_than_since_is_told_and_senders_from_just_before_are_known(self):
        sender = record("4ZfQ00000100: from=<news@example.net>, size=1, nrcpt=1 (queue active)", "postfix/qmgr", 1793678703123456 + 90 * 60000000)
        path = self.journal(bounce(1) + sender + bounce(100) + bounce(200))
        env = {"TZ": "UTC"}
        self.assertEqual(self.users("--since", "2026-11-03 05:44", path, env=env), ["user100", "user200"])
        self.assertEqual(self.pages("--since", "2026-11-03 05:44", path, env=env)[0]["message"]["from"], "news@example.net")
        self.assertEqual(self.users("--since", "2026-11-03 06:00", path, env=env), ["user200"])
        self.assertEqual(self.users("--since", "2026-11-04", path, env=env), [])

    def test_standard_input_may_be_the_file_and_a_pipe_is_told_what_to_do(self):
        path = self.journal(bounce(1))
        with open(path, "rb") as file:
            done = subprocess.run([PROGRAM, "explain", "-"], stdin=file, capture_output=True, env=self.environment(), timeout=60, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertIn(b"user1@d.example", done.stdout)
        r = self.ehlo("explain", "-", stdin=pathlib.Path(path).read_bytes())
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
        self.assertIn("journalctl -o export", r.err)


class Folder(Journal):
    def test_files_of_a_folder_are_read_in_the_order_of_time(self):
        self.journal(bounce(2) + bounce(4), "logs/system.journal")
        self.journal(bounce(1) + bounce(3), "logs/system@0001.journal")
        self.assertEqual(self.users(os.path.join(self.home, "logs")), ["user1", "user2", "user3", "user4"])

    def test_a_folder_of_machines_is_read(self):
        self.journal(bounce(1), "logs/0123456789abcdef0123456789abcdef/system.journal")
        self.journal(bounce(2), "logs/1123456789abcdef0123456789abcdef/system.journal")
        self.assertEqual(self.users(os.path.join(self.home, "logs")), ["user1", "user2"])

    def test_a_folder_none_of_whose_files_can_be_read_says_so(self):
        path = self.journal(bounce(1), "logs/system.journal")
        os.truncate(path, 5000)
        r = self.ehlo("explain", os.path.dirname(path))
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
        self.assertIn("damaged", r.err)

    def test_a_damaged_file_of_a_folder_is_told_after_the_others(self):
        self.journal(bounce(1), "logs/system.journal")
        os.truncate(self.journal(bounce(2), "logs/system@0001.journal"), 5000)
        r = self.ehlo("explain", "--format", "ndjson", os.path.join(self.home, "logs"))
        self.assertEqual((r.status, r.err.count("\n"), r.out.count("\n")), (1, 1, 1), r.err)
        self.assertIn("damaged: not all of it", r.err)
        self.assertIn("user1@d.example", r.out)

    def test_other_folders_stay_what_they_are(self):
        os.makedirs(os.path.join(self.home, "mails/0123456789abcdef0123456789abcdef"))
        self.write("mails/notes.journal", (LOGS / "postfix.log").read_text())
        self.assertGreater(len(self.pages(os.path.join(self.home, "mails"))), 5)


# For two seconds: a few bytes are changed, it is read, and they are put back. What comes is records or a sentence, and it ends.
FLIPS = """
local path, used = "PATH", {}
local file = assert(io.open(path, "r+b"))
local data = file:read("a")
for at in data:gmatch("()[^\\0]") do used[#used + 1] = at end
local function put(at, byte) file:seek("set", at - 1) file:write(byte) file:flush() end
math.randomseed(20261130)
local ended, runs, whole, refused = os.time() + 2, 0, 0, 0
repeat
  local places = {}
  for i = 1, math.random(6) do
    places[i] = math.random() < 0.7 and used[math.random(#used)] or math.random(400)
    local flipped = data:byte(places[i]) ~ 1 << math.random(0, 7)
    put(places[i], string.char(({0, 255, flipped})[math.random(3)]))
  end
  local source, message = mail.open(path)
  local total, piece = 0
  while source do
    piece, message = source:read()
    if not piece then break end
    total = total + #piece
    assert(total < 1 << 24)
  end
  if source then source:close() end
  runs = runs + 1
  if message then refused = refused + 1 assert(message:find("journal")) else whole = whole + 1 end
  for _, at in ipairs(places) do put(at, data:sub(at, at)) end
until os.time() >= ended
print(runs, whole, refused)
"""


class Damaged(Journal):
    def one_line(self, path):
        r = self.ehlo("explain", path)
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
        self.assertIn("damaged", r.err)
        return r.out

    def test_a_truncated_journal_is_one_clear_line(self):
        path = self.journal(b"".join(bounce(n) for n in range(50)))
        for size in (1 << 20, 5000, 100, 9):
            os.truncate(path, size)
            self.one_line(path)

    def test_of_a_damaged_journal_the_part_before_is_told(self):
        path = self.journal(b"".join(bounce(n) for n in range(200)))
        data = pathlib.Path(path).read_bytes()
        at = data.index(b"user150@")
        with open(path, "r+b") as file:
            file.seek(at - 400)
            file.write(b"\xff" * 800)
        self.assertIn("deliveries failed", self.one_line(path))

    def test_flipped_bytes_never_crash_it(self):
        long = b"".join(record("4ZfQ00000001: " + "words that are compressed " * n, "postfix/cleanup") for n in range(0, 500, 20))
        path = self.journal(b"".join(bounce(n) for n in range(60)) + long)
        told = self.ehlo("-e", FLIPS.replace("PATH", path))
        self.assertEqual((told.status, told.err), (0, ""))
        runs, whole, refused = map(int, told.out.split())
        self.assertEqual(runs, whole + refused)
        self.assertGreater(refused, 0)


class Followed(Following):
    def writer(self, path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        process = subprocess.Popen(journals.command(path), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdin.close)
        return process

    def grow(self, writer, records):
        writer.stdin.write(records)
        writer.stdin.flush()

    def test_a_file_and_a_folder_that_grow_are_followed(self):
        for name, followed in (("a/mail.journal", "a/mail.journal"), ("b/mail.journal", "b")):
            path = journals.write(os.path.join(self.home, name), bounce(1))
            writer = self.writer(path)
            process = self.start("--format", "ndjson", os.path.join(self.home, followed))
            self.assertEqual(self.address(process), "user1@d.example")
            for n in (2, 3):
                self.grow(writer, bounce(n) + record("Started something.", "systemd", SYSLOG_FACILITY="3"))
                self.assertEqual(self.address(process), f"user{n}@d.example")
            self.end(process)

    def test_a_file_that_appears_in_a_followed_folder_is_read(self):
        path = journals.write(os.path.join(self.home, "logs/system.journal"), bounce(1))
        process = self.start("--format", "ndjson", os.path.dirname(path))
        self.assertEqual(self.address(process), "user1@d.example")
        journals.write(os.path.join(self.home, "logs/other.journal"), bounce(2))
        self.assertEqual(self.address(process), "user2@d.example")
        self.end(process)

    def test_a_file_is_followed_through_rotation(self):
        path = journals.write(os.path.join(self.home, "system.journal"), bounce(1))
        process = self.start("--format", "ndjson", path)
        self.assertEqual(self.address(process), "user1@d.example")
        os.rename(path, os.path.join(self.home, "system@0001.journal"))
        self.grow(self.writer(path), bounce(2))
        self.assertEqual(self.address(process), "user2@d.example")
        self.end(process)

    def test_a_reader_that_dies_of_a_file_is_told(self):
        path = journals.write(os.path.join(self.home, "mail.journal"), bounce(1))
        process = self.start("--format", "ndjson", path)
        self.assertEqual(self.address(process), "user1@d.example")
        (reader,) = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        os.kill(int(reader), signal.SIGABRT)
        self.assertEqual(process.wait(PATIENCE), 1)
        self.assertEqual(process.stderr.read().decode(), f"ehlo: explain: {path}: this journal is damaged: libsystemd gave up on it\n")

    def test_the_reader_ends_with_the_program(self):
        path = journals.write(os.path.join(self.home, "mail.journal"), bounce(1))
        process = self.start("--format", "ndjson", path)
        self.assertEqual(self.address(process), "user1@d.example")
        (reader,) = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        watched = os.pidfd_open(int(reader))
        self.addCleanup(os.close, watched)
        process.kill()
        self.assertTrue(select.select([watched], [], [], PATIENCE)[0], "it lives on")

    def test_mail_that_comes_first_while_it_is_followed_is_told(self):
        path = journals.write(os.path.join(self.home, "mail.journal"), record("Started something.", "systemd", SYSLOG_FACILITY="3"))
        writer, process = self.writer(path), self.start(path)
        self.grow(writer, bounce(1))
        self.assertIn("<user1@d.example>", self.next_line(process))
        self.end(process)


# In a mount namespace of its own a machine may have any journal: /var/log and /run/log are empty at first. Permissions count for root too.
MACHINE = """
mount -t tmpfs none /var/log && { [ ! -d /run/log ] || mount -t tmpfs none /run/log; } || exit 99
read -r id < /etc/machine-id
case $1 in
none) ;;
*) mkdir -p /var/log/journal/$id && cp "$2" /var/log/journal/$id/system.journal && chmod "$1" /var/log/journal/$id/system.journal ;;
esac
shift 2
exec setpriv --bounding-set=-dac_override,-dac_read_search --inh-caps=-dac_override,-dac_read_search -- "$@"
"""


@unittest.skipUnless(os.path.isfile("/etc/machine-id"), "a machine without an id has no journal, in any namespace")
class Machine(Journal):
    def on_machine(self, mode, path, *args):
        unshare = ["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", MACHINE, "-", mode, path]
        done = subprocess.run([*unshare, PROGRAM, "explain", *args], capture_output=True, env=self.environment(), cwd=self.home, timeout=60, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_the_journal_of_the_machine_is_read(self):
        path = self.journal(bounce(1) + bounce(2) + bounce(3) + bounce(4))
        status, out, err = self.on_machine("600", path, "--journal", "--format", "ndjson")
        self.assertEqual((status, err), (0, ""))
        told = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([(page["input"], page["recipients"][0]["address"]) for page in told], [("journal", f"user{n}@d.example") for n in range(1, 5)])
        status, out, err = self.on_machine("600", path, "--journal")
        self.assertIn("\n  Next     ehlo explain --verbose --journal\n", out)

    def test_a_journal_that_one_may_not_read_says_what_to_do(self):
        status, out, err = self.on_machine("000", self.journal(bounce(1)), "--journal")
        self.assertEqual((status, out, err.count("\n")), (1, "", 1), err)
        self.assertIn("systemd-journal", err)

    def test_a_machine_without_a_journal_says_so(self):
        status, out, err = self.on_machine("none", "-", "--journal")
        self.assertEqual((status, out, err.count("\n")), (1, "", 1), err)
        self.assertIn("this machine keeps none", err)

    def test_it_is_followed_until_the_interrupt(self):
        path = self.journal(bounce(1))
        unshare = ["unshare", "-m" if os.geteuid() == 0 else "-rm", "sh", "-c", MACHINE, "-", "600", path]
        process = subprocess.Popen([*unshare, PROGRAM, "explain", "--journal", "--follow"], stdout=subprocess.PIPE, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.assertIn(b"<user1@d.example>", process.stdout.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 130)


class FromLua(Journal):
    def test_a_source_gives_records_as_text(self):
        self.journal(record("Started something.", "systemd", SYSLOG_FACILITY="3") + bounce(1) + bounce(100))
        script = """local source <close> = assert(mail.open("mail.journal", {since = 1793680000}))
            local text, rest = source:read(), source:read()
            print(source.kind, source.journal, rest, source.position > 0 and source.position <= source.size)
            io.write(text)"""
        lines = self.answer("-e", script).splitlines()
        self.assertEqual(lines[0], "log\ttrue\tnil\ttrue")
        self.assertEqual([line.split("=")[0] for line in lines[1:]], ["__REALTIME_TIMESTAMP", "MESSAGE", "SYSLOG_IDENTIFIER", "_HOSTNAME", ""])
        self.assertIn("user100", lines[2])

    def test_wrong_options_raise_by_their_name(self):
        for call, words in (("{journal = false}", "journal = true"), ("{}", "journal = true"), ('{journal = true, colour = "red"}', "colour"),
                            ('"mail.journal", {since = -1}', "since"), ('"mail.journal", {journal = true}', "journal")):
            r = self.ehlo("-e", f"mail.open({call})" if call[0] != "{" else f"mail.open{call}")
            self.assertNotEqual(r.status, 0, call)
            self.assertIn(words, r.err)


class Usage(Case):
    @unittest.skipIf(os.path.exists("/var/log/mail.log"), "this machine keeps a file")
    def test_a_listing_leads_to_the_journal_where_there_is_no_other_log(self):
        listing = '{"queue_name": "hold", "queue_id": "4ZfQ1b3xyzz1aD", "arrival_time": 1793678801, "message_size": 9, "sender": "a@b.example", ' \
                  '"recipients": [{"address": "d@example.org"}]}\n'
        self.assertIn("  Next     ehlo explain --queue-id 4ZfQ1b3xyzz1aD --journal\n", self.answer("explain", "-", stdin=listing))

    def test_the_journal_is_the_only_input(self):
        for words in (("--journal", "mail.log"), ("--journal", "550 5.1.1 no"), ("--journal", "--live"), (), ("--follow",)):
            self.wrong_usage("explain", *words)


if __name__ == "__main__":
    unittest.main()
