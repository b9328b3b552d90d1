"""ehlo explain with logs that grow, are rotated or are long: what comes is told at once, and memory stays as it is."""
import json
import os
import pathlib
import subprocess
import unittest

from following import PATIENCE, Following
from program import PROGRAM, Case


def line(n, status="bounced", code="550 5.1.1", sent=False):
    said = "250 2.0.0 Ok" if sent else f"host mx.example.org[203.0.113.9] said: {code} user{n} (in reply to RCPT TO command)"
    return (f"Nov  3 04:05:{n % 60:02d} out postfix/smtp[8]: 4ZfQ{n:08d}: to=<user{n}@d{n % 300}.example>, relay=mx.example.org[203.0.113.9]:25, "
            f"delay=1, delays=0/0/0.5/0.5, dsn={code[4:]}, status={status} ({said})\n")


class Follow(Following):
    def test_a_log_that_grows_is_followed(self):
        log = self.write("mail.log", line(1))
        process = self.start("--format", "ndjson", log)
        self.assertEqual(self.address(process), "user1@d1.example")
        self.append(log, line(2)[:50])
        self.append(log, line(2)[50:] + line(3, "sent", "250 2.0.0", True) + line(4, "deferred", "451 4.7.1"))
        self.assertEqual(self.address(process), "user2@d2.example")
        self.assertEqual(self.address(process), "user4@d4.example")
        self.end(process)

    def test_a_log_is_followed_through_rotation(self):
        log = self.write("mail.log", line(1))
        process = self.start("--format", "ndjson", log)
        self.assertEqual(self.address(process), "user1@d1.example")
        os.rename(log, log + ".1")
        self.append(log + ".1", line(2))
        self.assertEqual(self.address(process), "user2@d2.example")
        self.write("mail.log", line(3))
        self.assertEqual(self.address(process), "user3@d3.example")
        self.append(log, line(4))
        self.assertEqual(self.address(process), "user4@d4.example")
        self.end(process)

    def test_a_log_that_is_cut_off_is_read_anew(self):
        log = self.write("mail.log", line(1) + line(2))
        process = self.start("--format", "ndjson", log)
        self.assertEqual([self.address(process), self.address(process)], ["user1@d1.example", "user2@d2.example"])
        os.truncate(log, 0)
        self.append(log, line(3))
        self.assertEqual(self.address(process), "user3@d3.example")
        self.end(process)

    def test_a_log_that_is_empty_at_first_is_followed_too(self):
        log = self.write("mail.log", "")
        process = self.start("--format", "ndjson", log)
        self.append(log, line(1))
        self.assertEqual(self.address(process), "user1@d1.example")
        self.end(process)

    def test_a_stream_is_told_line_by_line_as_it_comes(self):
        for form in ((), ("--format", "ndjson")):
            process = self.start(*form, "-")
            for n in range(1, 4):
                process.stdin.write(line(n).encode())
                process.stdin.flush()
                self.assertIn(f"user{n}@d{n}.example", self.next_line(process))
            process.stdin.close()
            self.assertEqual(process.wait(PATIENCE), 0)

    def test_one_line_of_text_says_what_matters(self):
        log = self.write("mail.log", line(1))
        process = self.start(log)
        text = self.next_line(process)
        for words in ("3 Nov", "4ZfQ00000001", "<user1@d1.example>", "mailbox-unknown", "retry: no", "550 5.1.1 user1"):
            self.assertIn(words, text)
        self.end(process)

    def test_only_one_log_is_followed(self):
        log = self.write("mail.log", line(1))
        self.wrong_usage("explain", "--follow", log, log)
        self.wrong_usage("explain", "--follow", "550 5.1.1 no such user")


class Long(Case):
    def peak(self, path):
        """KB at most, of a run over the whole log."""
        told = os.path.join(self.home, "memory")
        subprocess.run(["/usr/bin/time", "-f", "%M", "-o", told, PROGRAM, "explain", str(path)], check=True, stdout=subprocess.DEVNULL,
                       env=self.environment(ASAN_OPTIONS="quarantine_size_mb=1"))
        return int(pathlib.Path(told).read_text())

    def test_memory_does_not_grow_with_the_log(self):
        size = int(os.environ.get("EHLO_LONG_LOG_MB", "24")) << 20
        block = "".join(line(n, "deferred", "451 4.7.1") if n % 20 == 0 else line(n, "sent", "250 2.0.0", True) for n in range(20000))
        short, long = pathlib.Path(self.home, "short.log"), pathlib.Path(self.home, "long.log")
        short.write_text(block)
        with open(long, "w", encoding="ascii") as file:
            for _ in range(size // len(block) + 1):
                file.write(block)
        before, after = self.peak(short), self.peak(long)
        self.assertLess(after - before, 4096, f"{before} KB, then {after} KB")

    def test_a_line_without_end_costs_no_memory(self):
        path = pathlib.Path(self.home, "endless.log")
        with open(path, "w", encoding="ascii") as file:
            file.write(line(1))
            for _ in range(16):
                file.write("x" * (1 << 20))
            file.write("\n" + line(2))
        told = self.answer("explain", "--format", "ndjson", str(path)).splitlines()
        self.assertEqual([json.loads(each)["recipients"][0]["address"] for each in told], ["user1@d1.example", "user2@d2.example"])
        self.assertLess(self.peak(path) - self.peak(self.write("one.log", line(1))), 4096)


if __name__ == "__main__":
    unittest.main()
