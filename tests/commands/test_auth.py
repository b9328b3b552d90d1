"""What holds of logging in from the command line: where secrets come from, and that they go nowhere else."""
import os
import pathlib
import pty
import select
import socketserver
import sys
import threading
import unittest

from program import PROGRAM, Case

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

SECRET = "c4nary-Hunter2!"


class Server(socketserver.ThreadingTCPServer):
    """Knows AUTH PLAIN over plain TCP, as a server on the same machine might, and CRAM-MD5; remembers what came."""
    daemon_threads = True
    allow_reuse_address = True

    class Session(record.Recorded, socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 fake.example.org ESMTP\r\n")
            for line in self.rfile:
                self.server.lines.append(line.decode().rstrip())
                word = line.split()[0].upper() if line.split() else b""
                if word == b"EHLO":
                    self.wfile.write(b"250-fake.example.org\r\n250 AUTH CRAM-MD5 PLAIN\r\n")
                elif word == b"AUTH":
                    self.wfile.write(b"334 PDEuMkBmYWtlPg==\r\n")
                    self.server.lines.append(self.rfile.readline().decode().rstrip())
                    self.wfile.write(b"235 2.7.0 welcome\r\n")
                elif word == b"QUIT":
                    self.wfile.write(b"221 2.0.0 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 2.0.0 Ok\r\n")

    def __init__(self):
        super().__init__(("127.0.0.1", 0), self.Session)
        self.lines = []
        self.leave = ""
        self.target = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def case(self):
        return "commands auth", self.leave


class Auth(Case):

    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)

    def logs_in(self, *more, env=None):
        self.server.lines.clear()
        self.server.leave = "login"
        r = self.ehlo("probe", "--allow", "login", "--auth", "user@example.org", *more, self.server.target, env=env)
        self.assertEqual(r.status, 0, r.err + r.out)
        self.assertNotIn("c4nary", r.out + r.err)
        return [line for line in self.server.lines if line.startswith("dXNl")][0]

    def test_the_secret_comes_from_a_file_the_environment_or_netrc(self):
        path = self.write("secret", SECRET + "\nanother line\n") or os.path.join(self.home, "secret")
        self.write("netrc", f'# hosts\nmachine other.example.org login a password b\nmacdef init\nmachine 127.0.0.1\n\n'
                            f'machine 127.0.0.1 login else password wrong\nmachine 127.0.0.1 login user@example.org password "{SECRET}"\n'
                            f'default login user@example.org password wrong\n')
        answers = {self.logs_in("--secret-file", path), self.logs_in("--secret-env", "PASS", env={"PASS": SECRET}),
                   self.logs_in("--netrc", "netrc")}
        self.assertEqual(len(answers), 1, answers)
        self.assertNotEqual(answers, {self.logs_in("--secret-env", "PASS", env={"PASS": "wrong"})})

    def test_a_secret_is_in_no_form_of_output(self):
        for form in ("text", "json", "ndjson", "markdown"):
            self.logs_in("--secret-env", "PASS", "--format", form, "--verbose", env={"PASS": SECRET})

    def test_logging_in_needs_leave_and_sends_nothing_without(self):
        r = self.ehlo("probe", "--auth", "u", "--secret-env", "PASS", self.server.target, env={"PASS": SECRET})
        self.assertNotEqual(r.status, 0)
        self.assertEqual(r.err, "ehlo: AUTH needs leave that this run does not have: add --allow login\n")
        self.assertEqual(r.err.count("\n"), 1, r.err)
        self.assertEqual([line for line in self.server.lines if "AUTH" in line], [])

    def test_a_readable_secret_is_kept_back_without_tls(self):
        r = self.ehlo("probe", "--allow", "login", "--auth", "u", "--mechanism", "PLAIN", "--secret-env", "PASS", self.server.target,
                      env={"PASS": SECRET})
        self.assertEqual(r.status, 14, r.out + r.err)
        self.assertIn("TLS", r.out)
        self.assertEqual([line for line in self.server.lines if "AUTH" in line], [])

    def test_wrong_usage_says_what_is_missing(self):
        self.write("empty", "\n")
        self.write("netrc", "machine other.example.org login u password x\n")
        for wanted, *args in [("no terminal",), ("empty", "--secret-file", "empty"), ("No such file", "--secret-file", "nowhere"),
                              ("NOPE", "--secret-env", "NOPE"), ("no password", "--netrc", "netrc"),
                              ("one place", "--netrc", "netrc", "--secret-env", "X"), ("XOAUTH2", "--mechanism", "XOAUTH")]:
            err = self.wrong_usage("probe", "--allow", "login", "--auth", "u", *args, "127.0.0.1:1")
            self.assertIn(wanted, err)
        self.assertIn("goes with --auth", self.wrong_usage("probe", "--secret-env", "X", "127.0.0.1:1"))

    def test_a_person_is_asked_and_what_is_typed_is_not_shown(self):
        self.server.leave = "login"
        for typed, status in ((SECRET.encode() + b"x\x7f\r", 0), (b"abc\x03", 1)):
            pid, terminal = pty.fork()
            if pid == 0:
                os.execve(PROGRAM, [PROGRAM, "probe", "--allow", "login", "--auth", "user@example.org", self.server.target],
                          self.environment())
            seen, sent = b"", False
            while True:
                if not select.select([terminal], [], [], 30)[0]:
                    self.fail(seen)
                try:
                    data = os.read(terminal, 4096)
                except OSError:
                    break
                if not data:
                    break
                seen += data
                if b"Secret of user@example.org: " in seen and not sent:
                    os.write(terminal, typed)
                    sent = True
            os.close(terminal)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), status, seen)
            self.assertTrue(sent)
            self.assertNotIn(b"c4nary", seen)
            self.assertNotIn(b"abc", seen)


if __name__ == "__main__":
    unittest.main()
