"""Editing a line, as a person sees it on a terminal's screen."""
import os
import signal
import subprocess
import unittest

from prompt_driver import HomeCase, PROGRAM, readlines_own
from screen_driver import ScreenCase


class Editing(ScreenCase):
    def test_a_first_look(self):
        self.start(rows=12, columns=60)
        self.assertEqual(self.run_line("6 * 7"), ["42"])
        self.run_line("x = {a = 1}")
        self.run_line("x")
        self.same("first_look")

    @readlines_own("combining letters")
    def test_wide_and_combining_letters_are_edited_whole(self):
        self.start(columns=40)
        self.type("x = '日本e\u0301漢字 " + "ü" * 30)
        self.press(*["Left"] * 31, "BSpace", "BSpace", "BSpace")
        self.see("ü" * 28)
        self.assertEqual(self.screen()[1:], ["> x = '日本 " + "ü" * 28, "üü"])
        self.press("C-e")
        self.run_line("'")
        self.assertEqual(self.run_line("utf8.len(x)"), ["33"])

    def test_a_chunk_of_several_lines_is_recalled_whole_and_edited(self):
        self.start()
        for line in ("for i = 1, 3 do", "  x = i"):
            self.run_line(line, sign=">> ")
        self.run_line("end")
        self.run_line("y = 1")
        self.press("Up", "Up")
        whole = ["> for i = 1, 3 do", "  x = i", "end"]
        self.until(lambda: self.screen()[-3:] == whole, "the chunk as it was typed")
        self.press(*["Left"] * 4)
        self.type(" + 1")
        whole[1] = "  x = i + 1"
        self.until(lambda: self.screen()[-3:] == whole, "the chunk as it was changed")
        before = self.row()
        self.press("Enter")
        self.settle(before)
        self.assertEqual(self.run_line("x"), ["4"])

    def test_an_abandoned_chunk_leaves_the_screen_in_order(self):
        self.start()
        self.paste("for i = 1, 3 do\n  print(i)\nend")
        self.see("end")
        self.press("C-a")
        self.abandon()
        self.assertEqual(self.screen()[1:], ["> for i = 1, 3 do", "  print(i)", "end^C", ">"])
        self.run_line("function f(", sign=">> ")
        self.abandon()
        self.assertEqual(self.run_line("f"), ["nil"])

    @readlines_own("search across line ends")
    def test_the_history_is_searched_by_any_part(self):
        self.start()
        self.run_line("function twice(n)", sign=">> ")
        self.run_line("  return 2 * n", sign=">> ")
        self.run_line("end")
        self.run_line("other = 1")
        self.press("C-r")
        self.see("reverse-i-search")
        self.type("2 * n")
        self.see("`2 * n': function twice")
        before = self.row()
        self.press("Enter")
        self.settle(before)
        self.assertEqual(self.run_line("twice(21)"), ["42"])
        self.press("C-r")
        self.type("oth") # what a terminal has not handed on yet is dropped at Ctrl-C
        self.see("`oth': other = 1")
        self.abandon()
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_two_hundred_pasted_lines_run_as_one(self):
        self.start(rows=30)
        lines = ["n = 0", "function count()"] + ["  n = n + 1 -- %03d é日本" % i for i in range(200)] + ["end"]
        self.paste("\n".join(lines))
        self.until(lambda: self.screen()[-1].startswith("end"), "the last line")
        before = self.row()
        self.press("Enter")
        self.settle(before)
        self.run_line("count()")
        self.assertEqual(self.run_line("n"), ["200"])
        self.press("Up", "Up", "Up")
        self.until(lambda: self.screen()[-1].startswith("end"), "the chunk again")

    def test_a_pasted_line_end_does_not_run_what_was_pasted(self):
        self.start()
        self.paste("os.exit(3)\n")
        self.see("os.exit(3)")
        self.abandon()
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_a_new_size_draws_the_line_anew(self):
        self.start(rows=20, columns=80)
        self.type("x = '" + "abcdefghi " * 6)
        self.see("abcdefghi")
        self.resize(20, 40)
        self.until(lambda: self.value("pane_width") == 40, "the new size")
        self.press("C-e")
        self.type("end'")
        self.until(lambda: any(row.endswith("end'") for row in self.screen()), "the rest of the line")
        before = self.row()
        self.press("Enter")
        self.settle(before)
        self.assertEqual(self.run_line("#x"), ["63"])
        self.resize(20, 100)
        self.until(lambda: self.value("pane_width") == 100, "the new size")
        self.assertEqual(self.run_line("-- " + "y" * 90), [])
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_a_narrow_terminal_wraps_within_its_columns(self):
        self.start(columns=40)
        self.run_line("code 521")
        self.run_line(":help")
        self.run_line("compare 211 521")
        self.assertEqual(max(self.value("pane_width"), 40), 40)
        self.assertLessEqual(max(len(row) for row in self.terminal.ask("capture-pane -p -S -")), 40)
        joined = self.everything()
        self.assertLessEqual(max(len(row) for row in joined), 40, [row for row in joined if len(row) > 40])

    def test_a_dumb_terminal_gets_no_escapes(self):
        self.start(TERM="dumb", NO_COLOR="")
        self.assertEqual(self.run_line("6 * 7"), ["42"])
        self.run_line("nothing.here")
        self.assertIn("attempt to index", "\n".join(self.screen()))
        self.assertNotIn("\x1b", "\n".join(self.screen(escapes=True)))

    def test_no_color_is_heeded_and_colour_is_there_without_it(self):
        self.start(NO_COLOR="1")
        self.run_line("nothing.here")
        self.assertNotIn("\x1b", "\n".join(self.screen(escapes=True)))

    def test_colour_is_there_where_nobody_minds(self):
        self.start(NO_COLOR="")
        self.run_line("nothing.here")
        self.assertIn("\x1b", "\n".join(self.screen(escapes=True)))

    def test_ctrl_c_at_an_empty_prompt_says_how_to_leave(self):
        self.start()
        self.abandon()
        self.assertEqual(self.screen()[1:], ["> ^C", "Ctrl-D or :quit leaves", ">"])
        self.type("x")
        self.see("> x")
        self.abandon()
        self.assertEqual(self.screen()[3:], ["> x^C", ">"])

    def abandon(self):
        before = self.row()
        self.press("C-c")
        self.settle(before)


class InAShell(ScreenCase):
    """The prompt as a shell's child: what the shell sees when it ends, and in what state it gets the terminal back."""

    def setUp(self):
        super().setUp()
        self.start(words=("/bin/bash", "--norc"), columns=120, PS1="SHELL> ", ready=False)
        self.in_shell()
        self.type("'%s'\n" % os.path.abspath(PROGRAM))
        self.settle(0)
        self.run_line("kept = 1")

    def at_prompt(self, below=-1, sign="> "):
        return super().at_prompt(below, sign) and not self.screen()[-1].startswith("SHELL")

    def in_shell(self):
        self.until(lambda: self.screen()[-1:] == ["SHELL>"], "the shell's prompt")

    def after(self, line, seen):
        self.type(line + "\n")
        self.see(seen)
        self.in_shell()

    def sane(self):
        self.after("stty -a", " icanon iexten echo echoe")

    def test_hang_up_and_sigterm_end_it_as_such(self):
        program = self.child_of(self.value("pane_pid"))
        for number, status in ((signal.SIGTERM, "status 143"), (signal.SIGHUP, "status 129")):
            self.type("half a li")
            self.see("half a li")
            os.kill(program, number)
            self.until(lambda: "SHELL>" in "".join(self.screen()[-1:]), "the shell's prompt")
            self.after("echo status $?", status)
            self.sane()
            before = self.row()
            self.type("'%s'\n" % os.path.abspath(PROGRAM))
            self.settle(before)
            program = self.child_of(self.value("pane_pid"))
        self.assertEqual(self.stored(), ["kept = 1"])
        self.press("C-d")
        self.in_shell()
        self.after("echo status $?", "status 0")

    def child_of(self, pid):
        with open("/proc/%d/task/%d/children" % (pid, pid), encoding="ascii") as file:
            return int(file.read().split()[0])

    def test_ctrl_z_gives_the_terminal_back_and_fg_the_line(self):
        self.type("6 * ")
        self.see("> 6 *")
        self.press("C-z")
        self.see("Stopped")
        self.in_shell()
        self.sane()
        self.type("fg\n")
        self.until(lambda: self.screen()[-1] == "> 6 *", "the line")
        before = self.row()
        self.type("7\n")
        self.settle(before)
        self.assertEqual(self.screen()[-2], "42")

    def test_ctrl_z_stops_a_running_call(self):
        self.type("io.write('rea' .. 'dy\\n') io.flush() while true do end\n")
        self.see("ready")
        self.press("C-z")
        self.see("Stopped")
        self.in_shell()
        self.sane()
        self.type("fg\n")
        self.until(lambda: "".join(self.screen()[-2:]).endswith(os.path.basename(PROGRAM) + "'"), "what the shell runs again")
        self.press("C-c")
        self.see("interrupted")
        self.settle()
        self.assertEqual(self.run_line("kept"), ["1"])


class Pipe(HomeCase):
    """Standard input that is no terminal is a script: no prompt, no colour, an end at the first error."""

    def run_script(self, text):
        out = subprocess.run([PROGRAM], input=text, env=self.environment(NO_COLOR=""), capture_output=True, text=True, timeout=60, check=False)
        return out.stdout, out.stderr, out.returncode

    def test_it_runs_and_says_only_what_it_prints(self):
        self.assertEqual(self.run_script("local x = 6\nprint(x *\n7)\n"), ("42\n", "", 0))
        self.assertEqual(self.run_script("return 3")[2], 3)
        self.assertFalse(os.path.exists(self.history))

    def test_it_ends_at_the_first_error(self):
        out, trouble, status = self.run_script("print(1)\nprint(nothing.here)\nprint(2)\n")
        self.assertEqual((out, status), ("1\n", 1))
        self.assertIn("stdin:2: attempt to index a nil value (global 'nothing')", trouble)
        self.assertNotIn("\x1b", trouble)
        self.assertEqual(self.run_script("x = = 1")[0::2], ("", 1))


if __name__ == "__main__":
    unittest.main()
