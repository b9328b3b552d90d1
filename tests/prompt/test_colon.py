"""What begins with a colon, and errors: what is on the screen, and what is in the files."""
import os
import stat
import subprocess
import unittest

from prompt_driver import PROGRAM
from screen_driver import ScreenCase


class ColonCase(ScreenCase):
    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def write(self, name, text, mode=0o600):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def shell(self, *words, **more):
        return subprocess.run([os.path.abspath(PROGRAM), *words], cwd=self.folder, env=self.environment(**more), capture_output=True, text=True,
                              timeout=60, check=False)


class Watching(ColonCase):
    def test_a_line_runs_again_and_what_changed_is_marked(self):
        self.start(rows=40)
        self.run_line("n = 0")
        self.run_line('function f() n = n + 1; print("same"); print("n is " .. n // 2) end')
        rows = self.run_line(":watch i=0.1 c=3 f()")
        self.assertEqual([row for row in rows if not row.startswith("every")],
                         ["  same", "  n is 0", "  same", "* n is 1", "  same", "  n is 1"])
        self.assertRegex(rows[0], r"^every 0\.1 s, \d\d:\d\d:\d\d$")

    def test_times_that_pass_are_no_change(self):
        self.start(rows=40)
        self.run_line('function f() t = (t or 0) + 0.001; print(("at %.3f"):format(t)) end')
        self.assertFalse([row for row in self.run_line(":watch i=0.1 c=3 f()") if row.startswith("*")])

    def test_ctrl_c_ends_it_and_the_prompt_is_whole(self):
        self.start(rows=40)
        self.type(":watch i=60 521")
        self.press("Enter")
        self.see("Host does not accept mail")
        before = self.row()
        self.press("C-c")
        self.settle(before)
        self.assertEqual(self.run_line("{1}"), ["{1}"])

    def test_an_error_is_part_of_what_is_watched(self):
        self.start(rows=40)
        rows = self.run_line(":watch i=0.1 c=2 nothing.here")
        self.assertEqual(len([row for row in rows if "attempt to index" in row]), 2)

    def test_wrong_usage_is_one_line(self):
        self.start()
        for line, said in ((":watch", "give a line to repeat"), (":watch i=0 521", "the interval is"), (":wach 5 521", "Did you mean: :watch?")):
            rows = self.run_line(line)
            self.assertEqual(len(rows), 1, rows)
            self.assertIn(said, rows[0])


class Saving(ColonCase):
    SESSION = ["local a = 20", "a + 1", "_ * 2", "_2", "nothing.here", "code 421 --format markdown", "local function twice(x) return 2 * x end",
               "print(twice(4), '\\27[31m')", "{{a = 1, b = 2}, {a = 3}}", "b = 1 return b + 8", "= b", "compare 211 '521'"]

    def test_a_saved_session_prints_what_the_session_printed(self):
        self.start(rows=60)
        printed = []
        for line in self.SESSION:
            rows = self.run_line(line)
            if line != "nothing.here":
                printed += rows
        self.assertEqual(self.run_line(":save my.lua"), ["11 lines saved; run it with: ehlo run my.lua"])
        text = self.read("my.lua")
        self.assertRegex(text, r"^#!/usr/bin/env -S ehlo run\n-- A session of ehlo \S+, saved \d{4}-\d\d-\d\d \d\d:\d\dZ\.\n"
                         r"-- Catalogue: \S+, version \d+\. Run it again with: ehlo run my\.lua\n")
        self.assertIn('\nlocal a = 20\n_show(a + 1)\n', text)
        self.assertIn('\n_run("compare", "211", "521")\n', text)
        out = self.shell("run", "my.lua", COLUMNS="80")
        self.assertEqual((out.stderr, out.returncode), ("", 0))
        self.assertEqual([row.expandtabs().rstrip() for row in out.stdout.splitlines()], printed)

    def test_it_is_saved_again_and_takes_no_other_file_s_place(self):
        self.write("mine.lua", "x = 1\n")
        self.start()
        self.assertIn("nothing has run", self.run_line(":save a.lua")[0])
        self.run_line("1")
        self.assertIn("is no saved session", " ".join(self.run_line(":save mine.lua")))
        self.assertEqual(self.read("mine.lua"), "x = 1\n")
        self.run_line(":save a.lua")
        self.run_line("2")
        self.assertIn("2 lines saved", self.run_line(":save a.lua")[0])
        self.assertIn("No such file", " ".join(self.run_line(":save nowhere/a.lua")))

    def test_a_session_of_many_locals_is_saved(self):
        self.start(rows=50)
        # lines that are no Lua as a whole are taken one by one
        lines = ["211"] + ["local v%d = %d" % (i, i) for i in range(210)] + ["local function last() return v1 + v209 end", "last()"]
        self.paste("\n".join(lines))
        self.press("Enter")
        self.see("210")
        self.settle()
        self.run_line(":save many.lua")
        with open(self.path("many.lua"), "a", encoding="utf-8") as file:
            file.write("print(v209)\n")
        out = self.shell("run", "many.lua")
        self.assertEqual((out.stdout.split()[-2:], out.stderr), (["210", "209"], ""))

    def test_no_secret_is_saved_and_leave_is_named(self):
        self.start()
        self.run_line('who = {user = "joe", secret = "hunter2"}')
        self.run_line("secrets = 'hunter3'")
        self.run_line(":allow login")
        rows = self.run_line(":save a.lua")
        self.assertIn("ehlo run --allow login a.lua", rows[0])
        text = self.read("a.lua")
        self.assertNotIn("hunter", text)
        self.assertIn('secret = os.getenv("EHLO_SECRET")', text)
        out = self.shell("run", "--allow", "login", "a.lua", EHLO_SECRET="x")
        self.assertEqual((out.stdout, out.stderr, out.returncode), ("", "", 0))


class Waiting(ColonCase):
    def test_a_wait_is_told_and_leaves_no_trace(self):
        self.start()
        self.run_line(":timing off")
        self.run_line("task.sleep(0)")
        self.type("task.sleep(2) print('slept') task.sleep(1.5) return 5")
        before = self.row()
        self.press("Enter")
        self.see("waiting, ")
        self.see("slept")
        self.see("waiting, ")
        self.settle(before)
        self.assertEqual(self.screen()[-3:-1], ["slept", "5"])
        self.assertNotIn("waiting", "\n".join(self.screen()))

    def test_a_line_that_is_half_written_is_left_alone(self):
        self.start()
        self.run_line(":timing off")
        self.run_line("task.sleep(0)")
        self.assertEqual(self.run_line("io.write('half ') task.sleep(1) print('whole') task.sleep(0.5)"), ["half whole"])

    def test_what_is_quick_says_nothing_of_waiting(self):
        self.start()
        self.run_line(":timing off")
        self.run_line("function f() for i = 1, 3 do task.sleep(0.02) io.write(i) end print() end")
        self.assertEqual(self.run_line("f()"), ["123"])

    def test_ctrl_c_ends_the_wait_and_its_line(self):
        self.start()
        self.run_line("task.sleep(0)")
        self.type("task.sleep(600)")
        before = self.row()
        self.press("Enter")
        self.see("waiting, ")
        self.press("C-c")
        self.settle(before)
        self.assertEqual(self.screen()[-2], "interrupted")
        self.assertEqual(self.run_line("6 * 7"), ["42"])


class Files(ColonCase):
    def test_the_log_holds_what_was_typed_and_what_came_and_no_secret(self):
        self.start()
        self.run_line("before = 1")
        self.run_line(":log a.log")
        self.assertIn("goes to a.log", self.run_line(":log")[0])
        self.run_line("6 * 7")
        self.run_line('who = {secret = "hunter2"}')
        self.run_line("who")
        self.run_line("nothing.here")
        self.run_line("login = auth{x = 'hunter3'}")
        self.run_line(":log off")
        self.run_line("after = 1")
        text = self.read("a.log")
        self.assertEqual(stat.S_IMODE(os.stat(self.path("a.log")).st_mode), 0o600)
        self.assertIn("\n> 6 * 7\n42\n", text)
        self.assertIn('\n> who\n{secret = "***"}\n', text)
        self.assertIn("attempt to index a nil value", text)
        for word in ("hunter2", "before", "after", "\x1b"):
            self.assertNotIn(word, text)
        self.assertIn("exists", self.run_line(":log a.log")[0])
        self.assertIn("no log", self.run_line(":log off")[0])
        self.assertIn("cannot be written", " ".join(self.run_line(":log /proc/nowhere")))

    def test_a_file_is_loaded_into_the_session(self):
        self.write("a.lua", "#!/usr/bin/env -S ehlo run\nlocal a = 5\nb = 6\nfunction bad() return nothing.here end\nprint(...)\n")
        self.write("m.lua", 'local args = manifest {summary = "x", arguments = {{name = "word"}}}\nprint("got " .. args.word)\n')
        self.write("s.lua", "x = = 1\n")
        self.start()
        self.assertEqual(self.run_line(":load a.lua one 'two three'"), ["one     two three"])
        self.assertEqual(self.run_line("a + b"), ["11"])
        rows = self.run_line("bad()")
        self.assertEqual(rows[0], "a.lua, line 4: attempt to index a nil value (global 'nothing')")
        self.assertIn("  > 4 | function bad() return nothing.here end", rows)
        self.assertEqual(self.run_line(":load m.lua here"), ["got here"])
        self.assertIn("s.lua, line 1", self.run_line(":load s.lua")[0])
        self.assertIn("No such file", self.run_line(":load none.lua")[0])

    def test_the_last_chunk_is_edited_and_runs(self):
        editor = self.write("editor", "#!/bin/sh\nsed -i 's/7/8/' \"$1\"\n", 0o700)
        self.start(VISUAL=editor)
        self.run_line("6 * 7")
        self.assertEqual(self.run_line(":edit")[-1], "48")
        self.press("Up")
        self.see("> 6 * 8")
        self.press("C-u")
        self.run_line("x = = 1")
        self.assertIn("near '='", " ".join(self.run_line(":edit")))

    def test_an_editor_that_fails_runs_nothing(self):
        self.start(VISUAL="false")
        self.run_line("n = (n or 0) + 1")
        self.assertIn("nothing was run", self.run_line(":edit")[0])
        self.assertEqual(self.run_line("n"), ["1"])

    def test_the_history_is_listed_and_searched(self):
        self.start()
        self.run_line("first = 1")
        self.run_line("second = 2")
        self.assertEqual(self.run_line(":history")[:2], ["first = 1", "second = 2"])
        self.assertEqual(self.run_line(":history SECO"), ["second = 2", ":history SECO"])


class Session(ColonCase):
    def test_leave_is_given_shown_and_taken_back(self):
        self.start()
        self.assertEqual(self.run_line(":allow"), ["allowed in this session: safe, recipient"])
        self.assertEqual(self.run_line(":allow send"), ["allowed in this session: safe, recipient, send"])
        self.assertIn("Did you mean: intrusive?", " ".join(self.run_line(":allow intrusiv")))
        self.assertEqual(self.run_line(":allow off"), ["allowed in this session: safe, recipient"])

    def test_leave_that_a_command_was_given_ends_with_it(self):
        self.start()
        self.run_line("code 521 --allow send --format json --output /dev/null")
        self.assertEqual(self.run_line(":allow"), ["allowed in this session: safe, recipient"])

    def test_settings_are_shown_and_set(self):
        self.start(columns=100)
        rows = self.run_line(":set")
        self.assertTrue(any(row.startswith("timing       auto (of auto, on, off)") for row in rows), rows)
        self.assertEqual(self.run_line(":set x on"), ["x is on"])
        self.assertEqual(self.run_line(":set x"), ["x is on"])
        self.assertIn("Did you mean: timing?", self.run_line(":set timeing on")[0])
        self.assertIn("x takes auto, on or off", self.run_line(":set x up")[0])

    def test_times_are_told_by_phase_for_servers(self):
        self.start(columns=120)
        self.run_line(":timing on")
        self.assertRegex(self.run_line("1")[-1], r"^time  \d+\.\d ms$")
        self.run_line("server = smtp.listen {}")
        self.run_line("port = server.port")
        rows = self.run_line('r = smtp.probe("127.0.0.1:" .. port)')
        self.assertRegex(rows[-1], r"^time  connect \d+\.\d   greeting \d+\.\d   ehlo .*total \d+\.\d ms$")
        self.run_line(":timing off")
        self.assertEqual(self.run_line("1"), ["1"])

    def test_what_they_take_is_completed(self):
        self.write("morning.lua", "x = 1\n")
        self.start()
        for typed, whole in ((":timing of", ":timing off"), (":allow int", ":allow intrusive"),
                             (":set pag", ":set pager"), (":set color al", ":set color always"), (":load mor", ":load morning.lua"),
                             (":wat", ":watch"), (":help greylisti", ":help greylisting")):
            self.type(typed)
            self.press("Tab")
            self.see("> " + whole)
            self.press("C-a", "C-k")
            self.gone("> " + whole)

    def test_clear_empties_the_screen(self):
        self.start()
        self.run_line("6 * 7")
        self.type(":clear")
        self.press("Enter")
        self.gone("42")
        self.settle()
        self.assertEqual(self.screen(), [">"])

    def test_help_names_every_colon_command(self):
        self.start(rows=60, columns=100)
        text = "\n".join(self.run_line(":help"))
        for name in ("watch", "timing", "save", "log", "load", "edit", "history", "allow", "set", "help", "x", "json", "more", "errverbose",
                     "clear", "quit"):
            self.assertRegex(text, r"(?m)^:%s\b" % name)
        self.assertIn(":watch [i=SEC] [c=N] LINE", "\n".join(self.run_line(":help :watch")))


class Trouble(ColonCase):
    def test_an_error_shows_its_lines_marks_the_name_and_says_what_to_try(self):
        self.start(columns=100)
        self.assertEqual(self.run_line("codes.lokup('521')"), [
            "attempt to call a nil value (field 'lokup')", "  > 1 | codes.lokup('521')", "              ^^^^^", "  Did you mean: codes.lookup?"])
        self.assertEqual(self.run_line("cods.lookup('521')")[-1], "  Did you mean: codes?")
        self.assertEqual(self.run_line("codes.lookup({})")[-1], "  Next     help codes.lookup")
        self.assertEqual(self.run_line("compare(211 521)")[-1], "  Next     help compare")

    def test_three_lines_around_and_who_called(self):
        self.write("lib.lua", "local function inner()\n  local x = nil\n  return x.field\nend\nfunction outer()\n  local y = inner()\n  return y\nend\n")
        self.start(columns=100)
        self.run_line(":load lib.lua")
        rows = self.run_line("local z = outer()")
        self.assertEqual(rows[:5], ["lib.lua, line 3: attempt to index a nil value (local 'x')", "    2 |   local x = nil",
                                    "  > 3 |   return x.field", "                 ^", "    4 | end"])
        self.assertIn("  called from lib.lua, line 6: local y = inner()", rows)

    def test_a_refusal_of_the_world_names_class_phase_and_the_next_command(self):
        self.start(columns=100, rows=40)
        for line in ('s = smtp.connect("127.0.0.1:1")', 'smtp.connect("127.0.0.1:1")'):
            rows = self.run_line(line)
            self.assertRegex(rows[0], r"^(s is )?nil  .*refused")
            self.assertIn("  unreachable at connect", rows)
            self.assertEqual(rows[-1], "  Next     probe 127.0.0.1:1")
        self.assertEqual(self.run_line("_err.class"), ['"unreachable"'])
        self.assertEqual(self.run_line("s"), ["nil"])
        self.assertIn("_err tells why", " ".join(self.run_line("s:ehlo()")))

    def test_values_that_are_raised_are_shown_with_their_causes(self):
        self.start()
        self.run_line('cause = {message = "the disk is full", class = "disk"}')
        self.assertEqual(self.run_line('error({message = "not saved", class = "trouble", phase = "data", cause = cause})'),
                         ["not saved", "  trouble at DATA", "  because the disk is full", "  disk"])
        self.assertEqual(self.run_line("_err.class"), ['"trouble"'])

    def test_missing_leave_names_the_way_to_give_it(self):
        self.start(columns=100)
        self.run_line("server = smtp.listen {}")
        self.run_line("address = '127.0.0.1:' .. server.port")
        self.run_line("s = smtp.connect(address)")
        rows = self.run_line('s:vrfy("postmaster")')
        self.assertEqual(rows[-1], "  Next     :allow intrusive")
        self.run_line(":allow intrusive")
        self.assertRegex(self.run_line('s:vrfy("postmaster")')[0], r"^\d\d\d ")

    def test_errverbose_tells_all(self):
        self.start(columns=100, rows=50)
        self.assertIn("no error", self.run_line(":errverbose")[0])
        self.run_line("nothing.here")
        self.assertIn("traceback", self.run_line(":errverbose")[0])
        self.run_line('server = smtp.listen {greeting = {raw = "HTTP/1.1 400 Bad\\r\\n\\r\\n"}}')
        self.run_line("address = '127.0.0.1:' .. server.port")
        self.run_line("smtp.connect(address)")
        self.assertRegex("\n".join(self.run_line(":errverbose")), r"S:  HTTP/1\.1 400 Bad")
        self.run_line(":set errverbose on")
        self.assertIn("traceback", "\n".join(self.run_line("nothing.here")))

    def test_trouble_of_a_command_is_one_line_and_the_prompt_stays(self):
        self.start()
        for line in ("code 99", "code '521", "probe", "compare 211", "explain", "probe --tls so mx.example.org"):
            rows = self.run_line(line)
            self.assertLessEqual(len(" ".join(rows)) // 80, 1, rows)
        self.assertEqual(self.run_line("1"), ["1"])


if __name__ == "__main__":
    unittest.main()
