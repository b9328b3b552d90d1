#!/usr/bin/env python3
"""Landing a version where the machine does not help: killed at each system call, no room, no leave, a clock that is far off."""
import os
import re
import shutil
import stat
import subprocess
import sys
import unittest

from publisher import PROGRAM, CatalogueCase, Result, document, phrase, publish

# What changes anything on a disk. To be killed on the way into each of them is to be killed at any moment.
CALLS = ["flock", "fsync", "mkdir", "mkdirat", "rename", "renameat", "renameat2", "rmdir", "symlinkat", "unlink", "unlinkat", "write"]
NOBODY = 65534


class Landing(CatalogueCase):
    def setUp(self):
        super().setUp()
        self.place = os.path.join(self.home, "published")
        self.url = "file://" + os.path.join(self.place, "catalogue.json")
        self.add(self.url)
        self.first = self.publish(document(1))
        self.update(says="version 1 is in force")

    def publish(self, data):
        publish(self.place, data, self.keys)
        return data

    def run_with(self, *command, user=None, **env):
        """The update under another program, with the sanitizers told what that means to them."""
        options = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0:verify_asan_link_order=0"
        done = subprocess.run([*command, PROGRAM, "catalogue", "update"], capture_output=True, timeout=120, check=False, cwd="/",
                              env=self.environment(ASAN_OPTIONS=options, **env), stdin=subprocess.DEVNULL, user=user)
        return Result(done)

    def refused(self, r, says):
        self.assertEqual((r.status, r.out), (1, ""), r.err)
        self.assertEqual(r.err.count("\n"), 1, r.err)
        self.assertIn(says, r.err)
        self.assertIn("version 1 stays in force", r.err)
        self.assertInForce(self.first)

    def calls(self):
        """How often an update makes each of the calls, from one that is let through."""
        log = os.path.join(self.home, "calls")
        r = self.run_with("strace", "-f", "-o", log, "-e", "trace=" + ",".join(f"?{call}" for call in CALLS))
        self.assertEqual(r.status, 0, r.err)
        with open(log, encoding="utf-8") as file:
            made = re.findall(r"^\d+ +(\w+)\(", file.read(), re.M)
        return {call: made.count(call) for call in CALLS if call in made}

    def begin_again(self, kept):
        shutil.rmtree(os.path.dirname(self.folder_of))
        shutil.copytree(kept, os.path.dirname(self.folder_of), symlinks=True)

    def test_killed_at_any_system_call_the_old_or_the_new_one_is_whole(self):
        self.update(says="version 1 is current")
        self.publish(document(2))
        self.update() # so that an old version is there to be removed as well
        self.first = document(2)
        second = self.publish(document(3))
        kept = os.path.join(self.home, "kept")
        shutil.copytree(os.path.dirname(self.folder_of), kept, symlinks=True)
        made = self.calls()
        self.assertTrue({"fsync", "renameat", "symlinkat", "unlinkat", "write"} <= set(made), made)
        seen = set()
        for call, times in made.items():
            for number in range(1, times + 1):
                with self.subTest(call=call, number=number):
                    self.begin_again(kept)
                    r = self.run_with("strace", "-f", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
                    self.assertIn(r.status, (-9, 137), r.err)
                    version, data = self.in_force()
                    seen.add(version)
                    self.assertEqual(data, {2: self.first, 3: second}[version])
                    self.update(says="version 3 is")
                    self.assertInForce(second)
                    self.assertClean()
        self.assertEqual(seen, {2, 3})

    def test_killed_at_the_very_first_landing_nothing_or_all_is_in_force(self):
        self.answer("catalogue", "remove", "org")
        self.add(self.url)
        for call, number in (("renameat", 1), ("symlinkat", 1), ("renameat", 2)):
            r = self.run_with("strace", "-f", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when={number}")
            self.assertIn(r.status, (-9, 137), r.err)
            self.assertEqual(self.in_force(), (None, None))
            self.assertIn("none yet", self.answer("catalogue", "list"))
        self.update(says="version 1 is in force")
        self.assertClean()

    def test_an_error_of_any_system_call_is_told_and_changes_nothing(self):
        self.publish(document(2))
        for call, error, words in (("fsync", "EIO", "Input/output error"), ("mkdirat", "EDQUOT", "Disk quota exceeded"),
                                   ("symlinkat", "EROFS", "Read-only file system"), ("renameat", "EACCES", "Permission denied")):
            with self.subTest(call):
                r = self.run_with("strace", "-f", "-o", "/dev/null", "-e", f"inject={call}:error={error}")
                self.refused(r, words)
        self.update(says="version 2 is in force")
        self.assertClean()

    def test_a_full_disk_is_told_and_changes_nothing(self):
        full = os.path.join(self.home, "full")
        os.mkdir(full)
        phrases = [phrase(f"org-{i}", f"saying {i}") for i in range(1000)]
        self.publish(document(2, entries=phrases))
        script = """mount -t tmpfs -o size=200k none "$XDG_DATA_HOME" && cp -a "$1/." "$XDG_DATA_HOME/" || exit 99
            shift; "$@"; status=$?; rm -rf "$OUT"; cp -a "$XDG_DATA_HOME/ehlo/catalogue/org" "$OUT"; exit $status"""
        out = os.path.join(self.home, "out")
        r = self.run_with("unshare", "-m", "sh", "-c", script, "-", os.path.join(self.home, ".local/share"), XDG_DATA_HOME=full, OUT=out)
        self.folder_of = out
        self.refused(r, "No space left on device")
        self.assertClean()

    def test_without_leave_to_write_nothing_changes(self):
        self.publish(document(2))
        user = NOBODY if os.geteuid() == 0 else None # root may write everywhere
        root = os.path.dirname(self.folder_of)
        for folder, _, files in os.walk(self.home):
            os.chmod(folder, 0o555)
            for name in files:
                os.chmod(os.path.join(folder, name), 0o444)
        self.addCleanup(self.give_leave_back)
        if user:
            self.assertFalse(os.stat(root).st_mode & stat.S_IWOTH)
        self.refused(self.run_with(user=user), "Permission denied")

    def give_leave_back(self):
        for folder, _, _ in os.walk(self.home):
            os.chmod(folder, 0o755)

    def test_a_clock_far_off_is_named_as_what_may_be_wrong(self):
        self.publish(document(2, issued="2026-06-01T00:00:00Z", expires="2027-06-01T00:00:00Z"))
        self.refused(self.run_with("faketime", "2040-01-01 00:00:00"), "this machine's clock says 2040-01-01T")
        self.refused(self.run_with("faketime", "2001-01-01 00:00:00"), "this machine's clock says 2001-01-01T")

    def test_a_catalogue_gone_stale_stays_in_force_and_says_so(self):
        self.publish(document(2, expires="2027-06-01T00:00:00Z"))
        self.update(says="version 2 is in force")
        r = self.run_with("faketime", "2040-01-01 00:00:00")
        self.assertEqual((r.status, r.err), (0, ""))
        self.assertIn("version 2 is current. It expired at 2027-06-01T00:00:00Z", r.out)

    def test_a_rollback_is_killed_no_less_safely(self):
        second = self.publish(document(2))
        self.update()
        for call in ("renameat", "symlinkat", "fsync", "write"):
            subprocess.run(["strace", "-f", "-o", "/dev/null", "-e", f"inject={call}:signal=KILL:when=1", PROGRAM, "catalogue", "rollback"],
                           env=self.environment(), check=False, capture_output=True)
            self.assertInForce(second)
        self.answer("catalogue", "rollback")
        self.assertInForce(self.first)


if __name__ == "__main__":
    sys.exit(unittest.main())
