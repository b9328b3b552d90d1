"""Scripts of examples/ that need no real server: each runs, as it stands, against servers of a rehearsal."""
import json
import os
import pathlib
import shutil
import subprocess
import unittest

from program import PROGRAM, Case

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"


class Examples(Case):
    def example(self, name, *args, **more):
        return self.ehlo("run", str(EXAMPLES / name), *args, **more)

    def started(self, *command):
        """A process that listens, and the address that it names."""
        process = subprocess.Popen([PROGRAM, *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        for line in process.stdout:
            words = [word.strip(".,") for word in line.split() if word.startswith("127.0.0.1:")]
            if words:
                return process, words[0]
        raise AssertionError("no address was named")

    def server(self, options):
        script = self.write("server.lua", f"local s = assert(smtp.listen {options})\nprint('127.0.0.1:' .. s.port)\nio.stdout:flush()\ns:wait()\n")
        return self.started("run", script)[1]

    def test_watching_a_greylisting_host(self):
        host = self.server('{rcpt = function() n = (n or 0) + 1 return n < 3 and "450 4.2.0 Greylisted" or nil end}')
        r = self.example("watch-greylisting.lua", host, "user@example.org", "0.05")
        self.assertEqual((r.status, r.err), (0, ""))
        self.assertIn("try 2: refused-temporarily  450 4.2.0 Greylisted", r.out)
        self.assertIn("let in after 3 tries", r.out)
        host = self.server('{rcpt = "550 5.1.1 No such user"}')
        r = self.example("watch-greylisting.lua", host, "user@example.org", "0.05")
        self.assertEqual((r.status, r.out.splitlines()[-1]), (21, "this is no greylisting"))
        host = self.server('{rcpt = "450 4.2.0 Greylisted"}')
        r = self.example("watch-greylisting.lua", host, "user@example.org", "0.05", "2")
        self.assertEqual((r.status, r.out.splitlines()[-1]), (20, "not let in after 2 tries"))

    def test_mx_hosts_over_time(self):
        one, two = self.server('{ehlo = {"DSN"}}'), self.server('{ehlo = {"DSN"}}')
        for _ in range(2):
            r = self.example("mx-drift.lua", self.home, one, two)
            self.assertEqual((r.status, r.out, r.err), (0, "", ""))
        saved = pathlib.Path(self.home, one.replace(":", "_") + ".json")
        record = json.loads(saved.read_text())
        record["capabilities"]["CHUNKING"] = ""
        saved.write_text(json.dumps(record))
        r = self.example("mx-drift.lua", self.home, one, two)
        self.assertEqual((r.status, r.err), (1, ""))
        self.assertIn("CHUNKING", r.out)
        other = self.server('{ehlo = {"DSN", "PIPELINING"}}')
        r = self.example("mx-drift.lua", self.home, one, other)
        self.assertEqual(r.status, 1)
        self.assertIn("PIPELINING", r.out)

    def test_a_check_for_a_monitor(self):
        for options, status, words in (("{}", 0, "SMTP OK - ready|time="), ("{tls = {days = 90}}", 0, "SMTP OK - ready|time="),
                                       ("{tls = {days = 5}}", 1, "certificate ends soon"), ("{tls = {expired = true}}", 2, "certificate expired"),
                                       ('{greeting = "421 4.3.2 Busy"}', 1, "SMTP WARNING - refused-temporarily"),
                                       ('{greeting = "554 5.7.1 Go away"}', 2, "SMTP CRITICAL - refused-permanently, at greeting")):
            r = self.example("check-smtp.lua", self.server(options))
            self.assertEqual((r.status, r.err), (status, ""), r.out)
            self.assertIn(words, r.out)
            self.assertEqual(r.out.count("\n"), 1)
        self.assertEqual(self.example("check-smtp.lua", "127.0.0.1:1").status, 2)
        self.assertEqual(self.example("check-smtp.lua", "--warning", "0.000001", self.server("{}")).status, 1)

    def test_a_clients_retries_are_judged(self):
        process, host = self.started("run", str(EXAMPLES / "retry-logic.lua"), "--times", "2", "--least", "30")
        for status in (20, 20, 0):
            self.assertEqual(self.ehlo("probe", "--to", "user@example.org", host).status, status)
        out = process.stdout.read()
        self.assertEqual(process.wait(timeout=60), 1, out)
        self.assertIn("good  it came back 2 times", out)
        self.assertRegex(out, r"bad   try 2 came \d+ s after the one before")
        self.assertIn("good  try 3 was for the same recipient", out)

    def test_certificates_in_the_order_of_their_end(self):
        late, soon, none = self.server("{tls = {days = 300}}"), self.server("{tls = {days = 20}}"), self.server("{}")
        r = self.example("certificates.lua", late, "-", stdin=f"{none}\n\n{soon}\n")
        self.assertEqual((r.status, r.err), (1, ""))
        self.assertEqual([line.split()[2] for line in r.out.splitlines()], [soon, late, none])
        self.assertIn("(not trusted)", r.out)
        self.assertEqual(self.example("certificates.lua", "--days", "10", late, soon).status, 0)

    def test_a_layer_of_ones_own(self):
        folder = pathlib.Path(self.home, ".config/ehlo/catalogue.d")
        os.makedirs(folder)
        shutil.copy(EXAMPLES / "our-site.lua", folder)
        self.assertIn("extension 4711", self.answer("550"))
        explained = json.loads(self.answer("explain", "451 4.7.1 held for review by gateway gw2.example.org", "--format", "json"))["recipients"][0]
        self.assertEqual((explained["phrase"], explained["cause"]), ("our-gateway-quarantine", "policy"))
        self.assertIn("intranet", self.answer("5.7.26"))


if __name__ == "__main__":
    unittest.main()
