"""Runs the program for the tests of its commands. Callers: the test files of this folder.

Each run has a home of its own, no colour and no configuration, so that nothing of the machine shows in a result.
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import found  # noqa: E402

PROGRAM = os.environ["EHLO_PROGRAM"]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


class Result:
    def __init__(self, done):
        self.status = done.returncode
        self.out = done.stdout.decode("utf-8", "replace")
        self.err = done.stderr.decode("utf-8", "replace")


class Case(unittest.TestCase):
    longMessage = True

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="ehlo-commands-")
        self.addCleanup(self.folder.cleanup)
        self.home = self.folder.name

    def environment(self, **more):
        kept = {k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_")) or k == "PATH"}
        kept.update(HOME=self.home, LANG="C.UTF-8", TERM="xterm", **more)
        return kept

    def ehlo(self, *args, stdin=b"", env=None, cwd=None):
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([PROGRAM, *args], input=stdin, capture_output=True, timeout=60, cwd=cwd or self.home,
                              env=self.environment(**(env or {})), check=False)
        found.note(done.stdout)
        return Result(done)

    def answer(self, *args, **more):
        """What a call that must succeed prints."""
        r = self.ehlo(*args, **more)
        self.assertEqual((r.status, r.err), (0, ""), f"{args}: {r.out}")
        return r.out

    def wrong_usage(self, *args, **more):
        """The one clear line of a call that is wrong usage."""
        r = self.ehlo(*args, **more)
        self.assertEqual(r.status, 2, f"{args}: {r.err}")
        self.assertEqual(r.out, "", args)
        self.assertEqual(r.err.count("\n"), 1, f"{args}: {r.err}")
        self.assertTrue(r.err.startswith("ehlo: "), r.err)
        return r.err

    def write(self, name, text):
        path = os.path.join(self.home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def rehearsal(self, *args):
        """A rehearsal server that ends with the test, by its address."""
        server = subprocess.Popen([PROGRAM, "rehearse", *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=self.environment())
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        for line in server.stdout:
            words = [word.strip(".,") for word in line.decode().split() if word.startswith("127.0.0.1:")]
            if words:
                return words[0]
        raise AssertionError("the rehearsal names no address")

    HELP = {} # of each command, by its name

    def assertKnown(self, command):
        """A command that the program proposes: there is one of that name, with those options."""
        words = shlex.split(command)
        self.assertEqual(words[0], "ehlo", command)
        self.assertNotRegex(command, r"\b(HOST|ADDRESS|MAILBOX|DOMAIN|FILE)\b", "a command to paste, with a place to fill in")
        if words[1][0].isdigit():
            self.answer("code", *words[1:])
            return
        if words[1] == "help":
            self.answer(*words[1:])
            return
        if words[1] not in self.HELP:
            self.HELP[words[1]] = self.answer(words[1], "--help")
        for option in words[2:]:
            if option.startswith("--"):
                self.assertRegex(self.HELP[words[1]], re.escape(option.split("=")[0]) + r"\b", command)

    def assertFits(self, text, width, what):
        """No line is wider than the terminal; commands and links are never broken, so that they can be pasted."""
        for line in text.splitlines():
            if "ehlo " not in line and "://" not in line:
                self.assertLessEqual(len(line), width, f"{what} at {width}: {line!r}")
