"""Help at the prompt, the examples of its pages that are typed there, and the tour."""
import glob
import os
import re
import subprocess
import unittest

from prompt_driver import PROGRAM
from screen_driver import ScreenCase

MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "manual")
STEPS = 8


class Help(ScreenCase):
    def text(self, line, sign="> "):
        return "\n".join(self.run_line(line, sign))

    def test_help_in_all_its_forms(self):
        self.start(rows=100, columns=90)
        self.assertIn("Topics", self.text("help"))
        self.assertIn("Host does not accept mail", self.text('help "521"'))
        self.assertTrue(self.text('help "greylisting"').startswith("Greylisting\n"))
        self.assertTrue(self.text("help tls levels").startswith("TLS levels\n"))
        for line in ("help(smtp.connect)", "smtp.connect?", "help smtp.connect", ":help smtp.connect"):
            self.assertTrue(self.text(line).startswith("smtp.connect(target, options)"), line)
        self.assertIn("certificates", self.text("apropos certificate"))
        self.assertIn("starttls", self.text("help --search handshake"))
        self.assertIn("Did you mean: greylisting?", self.text("help grelisting"))
        self.assertIn("a table with 1 field", self.text("help({1})"))
        self.run_line("function mine(a, b) end")
        self.assertIn("takes 2 arguments", self.text("help(mine)"))
        self.assertIn("takes 2 arguments", self.text("mine?"))

    def test_an_object_tells_its_fields_and_methods(self):
        self.start(rows=100, columns=90)
        self.run_line("entry = codes.lookup '521'")
        self.assertIn("meaning", self.text("entry?"))
        self.run_line("server = smtp.listen {}")
        self.run_line("address = '127.0.0.1:' .. server.port")
        self.run_line("s = smtp.connect(address)", "127.0.0.1> ")
        shown = self.text("s?", "127.0.0.1> ")
        self.assertTrue(shown.startswith("a session\n"), shown)
        self.assertIn("transcript", shown)
        self.assertRegex(shown, r"(?m)^session:rcpt +sends RCPT TO")
        self.assertIn("session:rcpt(address, parameters)", self.text("s:rcpt?", "127.0.0.1> "))
        self.assertIn("codes.lookup(", self.text("codes?", "127.0.0.1> "))

    def test_the_examples_that_are_typed_at_the_prompt_run(self):
        self.start(rows=200, columns=100)
        self.run_line("server = smtp.listen {}")
        target = "127.0.0.1:" + self.text("= server.port").strip()
        count = 0
        for path in sorted(glob.glob(os.path.join(MANUAL, "*.md"))):
            with open(path, encoding="utf-8") as file:
                for line in re.findall(r"(?m)^    > (.*)$", file.read()):
                    count += 1
                    shown = self.text(line.replace("mx.example.org", target))
                    if line != "nothing.here" and "err" not in line:
                        self.assertNotRegex(shown, r"attempt to|Did you mean|near '|nil  ", path + ": " + line)
        self.assertGreater(count, 10)


class Tour(ScreenCase):
    def go(self, first, last, leave=False):
        for step in range(first, last + 1):
            self.until(lambda: any(row.startswith("%d of %d  " % (step, STEPS)) for row in self.everything()), "step %d" % step)
            self.until(lambda: step == STEPS or self.screen()[-1].startswith("Enter goes on"), "its end")
            if step < last:
                self.press("Enter")
        if leave:
            self.type("q")
            self.press("Enter")

    def test_step_by_step_to_the_end(self):
        self.start(rows=50, columns=90, words=(PROGRAM, "tour"), ready=False)
        self.go(1, STEPS)
        self.assertEqual(self.ended(), 0)
        text = "\n".join(self.everything())
        for part in ("421 vs 450", "Cause    ip-blocklisted", "s = smtp.connect(target)", '"greylisted"', "250 2.1.5 Ok",
                     "refused temporarily at RCPT: greylisted", "21 lines saved; run it with: ehlo run ehlo-tour.lua"):
            self.assertIn(part, text)
        self.assertNotRegex(text, "attempt to|traceback|nil  ")
        out = subprocess.run([os.path.abspath(PROGRAM), "run", "ehlo-tour.lua"], cwd=self.folder, env=self.environment(),
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((out.returncode, out.stderr), (0, ""))
        self.assertIn('"refused-temporarily"', out.stdout)

    def test_it_is_left_and_goes_on_later(self):
        self.start(rows=50, columns=90, words=(PROGRAM, "tour"), ready=False)
        self.go(1, 5, leave=True)
        self.assertEqual(self.ended(), 0)
        self.assertIn("goes on from here", "\n".join(self.screen()))
        self.terminal.close()
        self.start(rows=50, columns=90, words=(PROGRAM, "tour"), ready=False)
        self.go(6, STEPS)
        self.assertEqual(self.ended(), 0)
        text = "\n".join(self.everything())
        self.assertIn("Going on at step 6", text)
        self.assertNotIn("1 of 8", text)
        self.assertIn('"greylisted"', text)
        self.terminal.close()
        self.start(rows=50, columns=90, words=(PROGRAM, "tour"), ready=False)
        self.go(1, 1, leave=True)
        self.assertEqual(self.ended(), 0)

    def test_at_the_prompt_and_what_it_made_stays(self):
        self.start(rows=50, columns=90)
        self.assertIn("tour", self.screen()[0])
        self.type("tour --fast")
        self.press("Enter")
        self.see("That was the tour.")
        self.settle()
        self.assertEqual(self.run_line("r.outcome"), ['"refused-temporarily"'])

    def test_ctrl_c_leaves_it_and_the_prompt_stays(self):
        self.start(rows=50, columns=90)
        self.type("tour")
        self.press("Enter")
        self.see("Enter goes on")
        before = self.row()
        self.press("C-c")
        self.settle(before)
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_a_pipe_is_not_waited_for(self):
        out = subprocess.run([os.path.abspath(PROGRAM), "tour", "--save", "mine.lua"], cwd=self.folder, env=self.environment(), input="",
                             capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual((out.returncode, out.stderr), (0, ""))
        self.assertIn("8 of 8", out.stdout)
        self.assertTrue(os.path.exists(os.path.join(self.folder, "mine.lua")))


if __name__ == "__main__":
    unittest.main()
