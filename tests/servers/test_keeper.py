#!/usr/bin/env python3
# The servers end with whoever started them: a test run that is interrupted leaves nothing behind.
import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import unittest

SERVERS = pathlib.Path(__file__).with_name("servers.py")


def processes_in(folder):
    """Processes whose command line names the folder."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if folder.encode() in path.read_bytes():
                found.append(path.parent.name)
        except OSError:
            pass
    return found


class Keeper(unittest.TestCase):
    def test_both_servers_end_when_the_process_that_started_them_is_gone(self):
        with tempfile.TemporaryDirectory() as home:
            state = pathlib.Path(home) / "state"
            starter = subprocess.Popen(["sh", "-c", '"$0" "$1" start "$2" && read line', sys.executable, SERVERS, state],
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            text = ""
            while not text.rstrip().endswith("\n}"):
                line = starter.stdout.readline()
                self.assertTrue(line, f"the servers did not start: {text}")
                text += line
            known = json.loads(state.read_text())
            keeper = os.pidfd_open(known["keeper"])
            self.assertGreaterEqual(len(processes_in(known["folder"])), 2)
            starter.kill()
            starter.communicate()
            self.assertTrue(select.select([keeper], [], [], 30)[0], "the keeper stays")
            self.assertEqual(processes_in(known["folder"]), [])
            self.assertFalse(pathlib.Path(known["folder"]).exists())


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
