#!/usr/bin/env python3
# The send runbook against real servers: one marked message, and its arrival in the Maildir that the server keeps.
import json
import os
import pathlib
import tempfile
import unittest

from harness import SERVERS, address, run

def maildir(server):
    """The Maildir of the kept mailbox; until a first mail comes, the server has not made it."""
    folder = pathlib.Path(SERVERS["folder"]) / "mail" / server
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name).chmod(0o777)
    folder.chmod(0o777)
    return str(folder)


class Send(unittest.TestCase):
    def send(self, *args, status=0):
        ran = run("send", "--allow", "send", "--from", "sender@example.net", "--format", "json", *args)
        self.assertEqual((ran.returncode, ran.stderr), (status, ""), ran.stdout)
        found = json.loads(ran.stdout)
        found["by_name"] = {step["name"]: step for step in found["steps"]}
        return found

    def test_a_message_arrives_and_its_way_is_told(self):
        for server in ("postfix", "exim"):
            with self.subTest(server):
                found = self.send("--host", address(server, "plain"), "--wait", maildir(server), "--for", "30", "keep@keep.example.org")
                self.assertEqual([step["verdict"] for step in found["steps"]], ["pass"] * 5, found)
                self.assertGreater(found["by_name"]["arrival"]["metrics"]["arrival_seconds"], 0)
                self.assertGreaterEqual(len(found["by_name"]["way"]["table"]["rows"]), 1)

    def test_without_a_maildir_the_mark_tells_what_to_look_for(self):
        found = self.send("--host", address("postfix", "plain"), "keep@keep.example.org")
        self.assertEqual(found["by_name"]["arrival"]["verdict"], "skip")
        self.assertIn("Look into the mailbox for ehlo-", found["by_name"]["sent"]["fix"])
        self.assertIn("(mark ehlo-", found["by_name"]["sent"]["text"])
        self.assertEqual(found["text"], "the server took the message; its arrival was not looked for")

    def test_a_mailbox_that_is_refused_gets_nothing(self):
        found = self.send("--host", address("postfix", "plain"), "nobody@elsewhere.example", status=1)
        self.assertEqual(found["first_cause"], "sent")
        self.assertIn("554 5.7.1", " ".join(found["by_name"]["sent"]["evidence"]))

    def test_a_message_that_is_accepted_and_never_comes_is_a_failure(self):
        with tempfile.TemporaryDirectory() as empty:
            for name in ("new", "cur", "tmp"):
                os.mkdir(os.path.join(empty, name))
            found = self.send("--host", address("postfix", "plain"), "--wait", empty, "--for", "0.5", "keep@keep.example.org", status=1)
        self.assertEqual((found["first_cause"], found["by_name"]["arrival"]["cause"]), ("arrival", "accepted-unverified"))

    def test_nothing_is_sent_without_leave(self):
        ran = run("send", "--host", address("postfix", "plain"), "keep@keep.example.org")
        self.assertEqual(ran.returncode, 2)
        self.assertIn("--allow send", ran.stderr)


if __name__ == "__main__":
    unittest.main()
