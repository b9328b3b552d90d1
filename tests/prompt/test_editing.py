"""Editing a line, as a person sees it on a terminal's screen."""
import unittest

from screen_driver import ScreenCase


class Editing(ScreenCase):
    def test_a_first_look(self):
        self.start(rows=12, columns=60)
        self.assertEqual(self.run_line("6 * 7"), ["42"])
        self.run_line("x = {a = 1}")
        self.run_line("x")
        self.same("first_look")

    def test_wide_and_combining_letters_are_edited_whole(self):
        self.start(columns=40)
        self.type("x = '日本e\u0301漢字 " + "ü" * 30)
        self.press(*["Left"] * 31, "BSpace", "BSpace", "BSpace")
        self.see("ü" * 28)
        self.assertEqual(self.screen()[1:], ["> x = '日本 " + "ü" * 28, "üü"])
        self.press("C-e")
        self.run_line("'")
        self.assertEqual(self.run_line("utf8.len(x)"), ["33"])

    def test_a_pasted_chunk_comes_whole(self):
        self.start(rows=30)
        self.paste("function f(a)\n  return a,\n\n    2\nend\n")
        self.press("Enter")
        self.see("end")


if __name__ == "__main__":
    unittest.main()
