#!/usr/bin/env python3
"""Names asked for from the root on, without a resolver: in a network namespace in which the root's addresses are ours."""
import json
import os
import subprocess
import sys
import unittest

import sample
from world import World

PROGRAM = os.environ["EHLO_PROGRAM"]
# The addresses that libunbound has for the root's servers.
ROOT = """198.41.0.4 199.9.14.201 192.33.4.12 199.7.91.13 192.203.230.10 192.5.5.241 192.112.36.4 198.97.190.53 192.36.148.17
192.58.128.30 193.0.14.129 199.7.83.42 202.12.27.33""".split()
UNSHARE = ["unshare", "-n" if os.geteuid() == 0 else "-rn"]


def enter_namespace():
    """Begins anew in a network of its own."""
    if os.environ.get("EHLO_NAMESPACE") or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        return
    os.execvpe("unshare", [*UNSHARE, sys.executable, "-B", __file__], {**os.environ, "EHLO_NAMESPACE": "1"})


@unittest.skipUnless(os.environ.get("EHLO_NAMESPACE"), "this machine gives us no network namespace")
class FromTheRoot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for address in ROOT:
            subprocess.run(["ip", "address", "add", address + "/32", "dev", "lo"], check=True)
        cls.world = cls.enterClassContext(World(sample.ZONES, everywhere=True))

    def told(self, *arguments, status=0):
        done = subprocess.run([PROGRAM, "dns", "--recursive", "--trust-anchor", self.world.trust_anchor, "--format", "json", *arguments],
                              capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (status, ""), done.stdout)
        answer = json.loads(done.stdout)
        self.assertEqual(answer["resolver"], {"servers": [], "recursive": True, "validates": True})
        self.assertEqual(answer["findings"], [])
        return answer

    def test_a_signed_name_is_secure_from_the_root_down(self):
        answer = self.told("example.org")
        self.assertEqual(answer["verdict"], "secure")
        self.assertEqual([each["host"] for each in answer["mail"]["hosts"]], ["mx.example.org", "backup.example.org"])

    def test_unsigned_and_forged_names_are_told_apart(self):
        self.assertEqual(self.told("mx.plain.example", "A")["verdict"], "insecure")
        answer = self.told("mx.forged.example", "A", status=10)
        self.assertEqual((answer["status"], answer["records"]), ("bogus", []))

    def test_a_name_that_is_not_there_is_denied(self):
        answer = self.told("gone.example.org", "A", status=10)
        self.assertEqual((answer["status"], answer["verdict"]), ("nxdomain", "secure"))


if __name__ == "__main__":
    enter_namespace()
    unittest.main()
