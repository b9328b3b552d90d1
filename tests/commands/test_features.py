"""What holds of the table of features in the manual: each command of it runs, against a rehearsal server, as it stands there."""
import os
import pathlib
import re
import signal
import shlex
import subprocess
import sys
import unittest

from program import PROGRAM, Case

sys.path += [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("policy", "runbooks")]
from name_server import NameServer  # noqa: E402
from rehearsal import bounce  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (.+?) \| `(.+)` \|$", re.M)
REFUSED_USAGE, FAULT = 2, 70
# Where the rehearsal server, which has no certificate that anybody trusts, no LMTP socket and no login, can only say no.
ENDS = {"--tls verify": 16, "--tls dane": 0, "--lmtp /run": 11, "--pipe": 0, "--mechanism": 21, "--secret-file": 21,
        "--family ipv6": 11, "--implicit-tls": 15, "--source": 0, "--xclient": 21,
        "ehlo tls": 1, "ehlo submission": 1, "ehlo open-relay": 1, "ehlo doctor": 1,
        "ehlo headers": 1, "ehlo audit": 1, "ehlo dkim": 1, "compare": 0, "--retry-greylisted": 0}

def rows():
    return ROW.findall((ROOT / "src/manual/features.md").read_text(encoding="utf-8"))


class Features(Case):

    def setUp(self):
        super().setUp()
        self.rehearsal = subprocess.Popen([PROGRAM, "rehearse"], stdout=subprocess.PIPE, text=True, env=self.environment())
        self.addCleanup(self.rehearsal.stdout.close)
        self.addCleanup(self.rehearsal.wait)
        self.addCleanup(self.rehearsal.send_signal, signal.SIGINT)
        for line in self.rehearsal.stdout:
            found = re.search(r"127\.0\.0\.1:\d+", line)
            if found:
                self.host = found.group()
                break
        key = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=c",
               "-keyout", "client.key", "-out", "client.pem"]
        subprocess.run(key, cwd=self.home, check=True, capture_output=True)
        os.link(os.path.join(self.home, "client.pem"), os.path.join(self.home, "ca.pem"))
        self.write("FILE", "secret\n")
        self.write("hosts", self.host + "\n")
        self.write("mail.eml", "From: sender@example.org\nReturn-Path: <sender@example.org>\nSubject: not signed\n\nHello\n")
        self.write("bounce.eml", bounce(("user@example.org", "4.2.0", "450 4.2.0 Greylisted")))
        for folder in ("examples",):
            os.symlink(ROOT / folder, os.path.join(self.home, folder))
        for name in ("saved.json", "now.json"):
            self.write(name, self.ehlo("tls", "--format", "json", self.host).out)
        self.write("checklist.lua", "print(smtp.probe((...)).outcome)\n")
        zones = {"example.org": [{"MX": [10, "mx.example.org"]}, {"TXT": "v=spf1 ip4:192.0.2.1 -all"}], "mx.example.org": [{"A": "127.0.0.1"}],
                 "1.2.0.192.in-addr.arpa": [{"PTR": "out.example.org"}], "out.example.org": [{"A": "192.0.2.1"}],
                 "2.0.0.127.psbl.surriel.com": [{"A": "127.0.0.2"}]}
        self.names = self.enterContext(NameServer(zones))

    def at_home(self, command):
        """As it stands, with a host of this machine and addresses that it has."""
        command = re.sub(r"HOST(:\d+)?", self.host, command).replace("--source 192.0.2.1", "--source 127.0.0.9")
        command = command.replace('"/usr/sbin/exim -bs"', '"' + shlex.quote(self.server()) + ' -bs"')
        # what asks the DNS asks ours
        if re.search(r"^(?!ehlo send).* ((mx\.|(?<=check )user@)?example\.org|mail\.eml|--live bounce\.eml|192\.0\.2\.1)$", command):
            command = re.sub(r"(--mx( --ca-file \S+)?) example\.org$", r"\1 example.org:" + self.host.split(":")[1], command)
            anchor = "" if "--live bounce" in command else " --trust-anchor ''"
            command = re.sub(r"^ehlo \S+", rf"\g<0> --resolver {self.names.address}{anchor}", command)
        command = re.sub(r"^ehlo (check|audit|explain(?= .*--live)) ", rf"\g<0>--port {self.host.split(':')[1]} ", command)
        command = re.sub(r"ipv6 127\.0\.0\.1", "ipv6 localhost", command)
        return command.replace("300 " + self.host, "1 " + self.host)

    def server(self):
        path = self.write("server", "#!/bin/sh\nprintf '220 hi\\r\\n'\nwhile read -r line; do\n"
                          "  case $line in QUIT*) printf '221 bye\\r\\n'; exit;; *) printf '250 Ok\\r\\n';; esac\ndone\n")
        os.chmod(path, 0o755)
        return path

    def run_in_shell(self, command):
        words = command if command.startswith("ehlo") else None
        self.assertTrue(words, command)
        line = command.replace("ehlo", shlex.quote(PROGRAM), 1)
        return subprocess.run(["sh", "-c", line], cwd=self.home, capture_output=True, text=True, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, env=self.environment())

    def test_each_command_runs_as_it_stands(self):
        for feature, command in rows():
            if not command.startswith("ehlo") or command in ("ehlo", "ehlo rehearse greylisting"):
                continue
            with self.subTest(feature):
                done = self.run_in_shell(self.at_home(command))
                wanted = next((status for words, status in ENDS.items() if words in command), 0)
                self.assertNotIn(done.returncode, (REFUSED_USAGE, FAULT), done.stderr)
                # a header that the server does not expect ends in one of two ways, by who is faster; a machine may keep no journal
                either = (11, 21) if "--proxy" in command else (0, 1) if "--journal" in command else (wanted,)
                self.assertIn(done.returncode, either, done.stdout + done.stderr)

    def test_each_line_of_lua_runs_in_a_session(self):
        for feature, line in rows():
            if not line.startswith("s:"):
                continue
            with self.subTest(feature):
                script = (f'local s = assert(smtp.connect("{self.host}")) s:ehlo() s:mail("a@example.org") s:rcpt("b@example.org") {line} '
                          'return not s.closed')
                done = self.ehlo("--allow", "send", "--allow", "intrusive", "-e", script)
                self.assertEqual((done.status, done.err, done.out), (0, "", "true\n"), line)

    def test_the_table_has_each_feature_once(self):
        features = [feature for feature, _ in rows()]
        self.assertEqual(len(features), len(set(features)))
        self.assertGreater(len(features), 40)


if __name__ == "__main__":
    unittest.main()
