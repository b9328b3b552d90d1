"""The manual's page on publishing a catalogue: its lines are run as they stand, with minisign and a plain web server."""
import functools
import http.server
import os
import pathlib
import re
import shutil
import subprocess
import threading
import unittest

from layers import LayerCase
from program import PROGRAM

PAGE = pathlib.Path(__file__).resolve().parents[2] / "src/manual/publishing.md"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@unittest.skipUnless(shutil.which("minisign"), "minisign is not here")
class Publishing(LayerCase):
    def test_the_whole_circle_works_as_the_manual_says(self):
        os.makedirs(self.home + "/bin")
        os.makedirs(self.home + "/public")
        os.symlink(PROGRAM, self.home + "/bin/ehlo")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=self.home + "/public"))
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        threading.Thread(target=server.serve_forever, daemon=True).start()

        lines = re.findall(r"(?m)^    (.*)$", PAGE.read_text(encoding="utf-8"))
        self.assertLessEqual(len(lines), 10)
        script = "\n".join(lines).replace("minisign -G", "minisign -G -W") # a test types no password
        script = re.sub(r"rsync (.*) \S+:\S+", r"cp \1 public", script)
        script = script.replace("https://mail.example.org", f"http://127.0.0.1:{server.server_address[1]}")
        env = self.environment()
        env["PATH"] = f"{self.home}/bin:{env['PATH']}"
        done = subprocess.run(["sh", "-e", "-c", script], env=env, cwd=self.home, capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("- Our ticket queue is MAIL.", done.stdout)
        self.assertIn("built-in, downloaded acme", done.stdout)


if __name__ == "__main__":
    unittest.main()
