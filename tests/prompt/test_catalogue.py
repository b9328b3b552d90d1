"""Renewing a catalogue at the prompt: it answers at once, and Ctrl-C ends what takes too long."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

from prompt_driver import PromptCase

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "catalogue"))
from bad_server import BadServer

DOCUMENT = {"format": 1, "name": "org", "version": 1, "issued": "2026-01-01T00:00:00Z", "expires": "2099-01-01T00:00:00Z",
            "entries": [{"kind": "reply", "code": "559", "name": "Closed on Sundays"}]}


class Catalogue(PromptCase):
    def setUp(self):
        super().setUp()
        self.server = BadServer()
        self.addCleanup(self.server.stop)
        path = os.path.join(self.folder, "catalogue.json")
        with open(path, "w", encoding="ascii") as file:
            json.dump(DOCUMENT, file)
        for words in (["-G", "-W", "-p", self.folder + "/key.pub", "-s", self.folder + "/key"], ["-S", "-s", self.folder + "/key", "-m", path]):
            subprocess.run(["minisign", *words], check=True, capture_output=True, stdin=subprocess.DEVNULL)
        self.files = {}
        for name in ("/catalogue.json", "/catalogue.json.minisig"):
            with open(self.folder + name, "rb") as file:
                self.files[name] = file.read()
        self.start()
        self.assertIn("catalogue org is added", self.type(f"catalogue add {self.server.url}/catalogue.json org --key {self.folder}/key.pub"))

    def test_what_was_fetched_answers_at_the_next_line(self):
        self.server.answers = self.files
        self.assertNotIn("Closed on Sundays", self.type("559"))
        self.assertIn("catalogue org: version 1 is in force", self.type("catalogue update"))
        self.assertIn("Closed on Sundays", self.type("559"))
        self.assertIn("current", self.type("catalogue.update()[1].status"))
        self.assertIn("catalogue org is removed", self.type("catalogue remove org"))
        self.assertNotIn("Closed on Sundays", self.type("559"))

    def test_a_refusal_is_one_line_and_the_session_goes_on(self):
        self.server.answers = {"/catalogue.json": b"{}"}
        self.assertIn("answered 404 in place of a signature; nothing of it is in force yet", self.type("catalogue update"))
        self.assertEqual(self.type("1 + 1"), "2")

    def test_ctrl_c_ends_an_update_and_keeps_the_session(self):
        self.server.answers = {"/catalogue.json": lambda visit: (self.child.sendintr(), visit.rfile.read(1))}
        self.assertIn("interrupted", self.type("catalogue update"))
        self.server.answers = self.files
        self.assertIn("catalogue org: version 1 is in force", self.type("catalogue update"))


if __name__ == "__main__":
    unittest.main()
