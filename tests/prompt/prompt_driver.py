"""Owns: a prompt on a pseudo-terminal, for the tests of this folder. EHLO_PROGRAM names the program."""
import os
import re
import shutil
import signal
import stat
import sys
import tempfile
import unittest

try:
    import pexpect
except ImportError:
    print("skipped: python3-pexpect is not installed")
    sys.exit(77)

PROGRAM = os.environ.get("EHLO_PROGRAM", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/test/ehlo"))
# Sanitised builds on a busy machine are slow; nothing waits this long when it works.
PATIENCE = float(os.environ.get("EHLO_PATIENCE", "20"))
PROMPT = r"(?:\x1b\[\?2004h|^|\r|\n)> $"
MORE = r"(?:\x1b\[\?2004h|^|\r|\n)>> $"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\r")


def readlines_own(why):
    """A test of what only readline does: builds with libedit edit, complete and keep history, and leave the rest."""
    return unittest.skipIf(os.environ.get("EHLO_EDITOR") == "libedit", "readline's own: " + why)


class HomeCase(unittest.TestCase):
    """A home of its own for each test; nothing of it is left behind."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ehlo-prompt-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.history = os.path.join(self.folder, "state", "ehlo", "history")

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if k.startswith(("ASAN", "UBSAN", "LSAN", "PATH"))}
        kept.update(HOME=self.folder, XDG_STATE_HOME=self.folder + "/state", XDG_CONFIG_HOME=self.folder + "/config",
                    TERM="xterm", LANG="C.UTF-8", NO_COLOR="1", INPUTRC="/dev/null", PAGER="cat")
        kept.update(more)
        return kept

    def stored(self):
        with open(self.history, encoding="utf-8") as file:
            return file.read().splitlines()

    def mode(self, path):
        return stat.S_IMODE(os.stat(path).st_mode)


class PromptCase(HomeCase):
    """One session a test, read as bytes."""

    def start(self, rows=40, columns=100, **more):
        child = pexpect.spawn(PROGRAM, env=self.environment(**more), cwd=self.folder, dimensions=(rows, columns),
                              encoding="utf-8", timeout=PATIENCE)
        child.delaybeforesend = None
        self.addCleanup(self.stop, child)
        self.child = child
        self.greeting = self.wait()
        return child

    def stop(self, child):
        if child.isalive():
            child.kill(signal.SIGKILL)
        child.close(force=True)

    def wait(self, pattern=PROMPT):
        """What came until the next prompt, without escapes."""
        self.child.expect(pattern)
        return ESCAPES.sub("", self.child.before)

    def type(self, line, pattern=PROMPT):
        """Types a line; returns what it printed, without the echo."""
        self.child.send(line + "\r")
        shown = self.wait(pattern)
        head, _, rest = shown.partition("\n")
        return rest.strip("\n")

    def leave(self):
        self.child.sendeof()
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus
