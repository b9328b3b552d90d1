"""A program that follows a log, and the lines that it tells as they come. Callers: the test files of this folder."""
import json
import os
import select
import signal
import subprocess

from program import PROGRAM, Case

PATIENCE = 30


class Following(Case):
    def start(self, *args):
        process = subprocess.Popen([PROGRAM, "explain", "--follow", *[str(each) for each in args]], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=self.environment(), cwd=self.home)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def next_line(self, process):
        """Waits for a whole line, as far as the program lets one see it."""
        got = b""
        while not got.endswith(b"\n"):
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            self.assertTrue(ready, f"nothing came after {got!r}")
            byte = os.read(process.stdout.fileno(), 1)
            self.assertTrue(byte, process.stderr.read() if process.poll() is not None else got)
            got += byte
        return got.decode()

    def address(self, process):
        return json.loads(self.next_line(process))["recipients"][0]["address"]

    def append(self, path, text):
        with open(path, "a", encoding="ascii") as file:
            file.write(text)

    def end(self, process):
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 130)
