"""The session that README.md shows is what the program does."""
import unittest

import readme


class Readme(readme.Recorder):
    def runTest(self):
        raise NotImplementedError # only its tests run here

    def test_its_session_is_what_the_program_does(self):
        with open(readme.README, encoding="utf-8") as file:
            _, body, _ = readme.session_of(file.read())
        self.assertIn("    $ ehlo\n", body)
        self.maxDiff = None
        made = self.record(body)
        self.assertEqual(readme.masked(body), readme.masked(made), "EHLO_PROGRAM=build/release/ehlo python3 tests/prompt/readme.py renews it:\n" + made)

    def test_a_difference_is_seen(self):
        for one, other in (("450 4.2.0 a", "450 4.2.1 a"), ("ready: every", "ready: each"), ("0.010  rcpt", "0.010  mail")):
            self.assertNotEqual(readme.masked(one), readme.masked(other))
        self.assertEqual(readme.masked("   0.010  rcpt  a"), readme.masked("   1.234  rcpt  a"))


if __name__ == "__main__":
    unittest.main()
