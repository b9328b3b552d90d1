"""What a typed line does: codes, commands, Lua, values, errors, saving."""
import os
import subprocess
import unittest

from prompt_driver import MORE, PROGRAM, PromptCase


class Lines(PromptCase):
    def test_a_lone_code_is_looked_up(self):
        self.start()
        self.assertIn("Host does not accept mail", self.type("521"))
        self.assertIn("5.7.1", self.type("  5.7.1 "))
        both = self.type("550/5.1.1")
        self.assertIn("550", both)
        self.assertIn("5.1.1", both)

    def test_a_command_is_typed_as_in_the_shell(self):
        self.start()
        self.assertIn("211 vs 521", self.type("compare 211 521"))
        self.assertIn("211 vs 521", self.type("compare '211' \"521\""))
        self.assertIn('"ehlo":1', self.type("code 521 --format json"))
        self.assertIn("opens and does not close", self.type("code '521"))

    def test_a_command_name_followed_by_lua_is_lua(self):
        self.start()
        self.type("code = 5")
        self.assertEqual(self.type("= code"), "5")
        self.type("compare = {a = 7}")
        self.assertEqual(self.type("compare.a"), "7")
        self.assertIn("Host does not accept mail", self.type("code 521"))

    def test_a_slip_in_a_command_names_the_command(self):
        self.start()
        self.assertIn("Did you mean: compare?", self.type("compere 211 521"))
        self.assertIn("Did you mean: :help?", self.type(":hepl"))

    def test_a_pasted_reply_is_explained(self):
        self.start()
        self.assertIn("no such user", self.type("550 5.1.1 no such user here"))

    def test_an_entry_is_shown_as_its_card(self):
        self.start()
        self.assertIn("Says", self.type('codes.lookup("521")'))
        self.assertIn("Says", self.type("_"))

    def test_a_comparison_is_shown_in_columns(self):
        self.start()
        self.assertIn("211 vs 521", self.type('codes.compare("211", "521")'))

    def test_tables_come_with_their_keys_in_order(self):
        self.start()
        self.assertEqual(self.type("{b = 2, a = 1, 10, 20, ['x y'] = {true}}"), '{10, 20, a = 1, b = 2, ["x y"] = {true}}')
        self.assertEqual(self.type("{['end'] = 1, [-3] = 2, [1.5] = 3}"), '{[-3] = 2, [1.5] = 3, ["end"] = 1}')

    def test_a_table_that_holds_itself_ends(self):
        self.start()
        self.type("t = {}; t.t = t")
        self.assertEqual(self.type("t"), "<1> {t = <ref 1>}")
        self.type("d = {}; x = d; for i = 1, 100 do x.x = {}; x = x.x end")
        self.assertIn("{...}", self.type("d"))
        self.assertIn("more", self.type("(function() local t = {} for i = 1, 1e5 do t[i] = i end return t end)()"))

    def test_strings_cannot_steer_the_terminal(self):
        child = self.start()
        for line in ('"a\\27[31mb"', 'print("a\\27[31mb")', 'error("a\\27[31mb")', '{["\\27[31m"] = "\\27]0;x\\7"}', '"l1\\27[2J\\nl2"',
                     'setmetatable({}, {__tostring = function() return "\\27[31m" end})', 'nil, "\\27[31m"'):
            child.send(line + "\r")
            self.wait()
            self.assertNotIn("\x1b[31m", child.before.partition("\n")[2])
            self.assertNotIn("\x1b[2J", child.before)
            self.assertNotIn("\x1b]0", child.before)

    def test_locals_of_the_top_level_stay(self):
        self.start()
        self.type("local x, y = 5, 6")
        self.assertEqual(self.type("x + y"), "11")
        self.type("local function twice(n) return 2 * n end")
        self.assertEqual(self.type("twice(21)"), "42")

    def test_underscore_is_the_last_value(self):
        self.start()
        self.type("20 + 1")
        self.assertEqual(self.type("_ * 2"), "42")

    def test_several_values_and_none(self):
        self.start()
        self.assertEqual(self.type("1, nil, 'x'"), '1  nil  "x"')
        self.assertEqual(self.type("(function() end)()"), "")
        self.assertEqual(self.type("nil"), "nil")
        self.assertEqual(self.type("nil, 'no such thing'"), "nil  no such thing")

    def test_an_unfinished_chunk_asks_for_more(self):
        self.start()
        self.type("for i = 1, 2 do", MORE)
        self.type("  io.write(i, ';')", MORE)
        self.assertIn("1;2;", self.type("end"))
        self.assertEqual(self.type("break").count(">>"), 0)

    def test_an_empty_line_gives_up_what_is_not_finished(self):
        self.start()
        self.type("function f(a)", MORE)
        self.assertIn("given up", self.type(""))
        self.assertEqual(self.type("f"), "nil")
        self.child.send("\x1b[200~code 421\nfunction f()\n\n  return 7\nend\x1b[201~\r")
        self.wait()
        self.assertEqual(self.type("f()"), "7")

    def test_an_error_names_the_line_and_shows_it(self):
        self.start()
        shown = self.type("nothing.here")
        self.assertIn("attempt to index a nil value (global 'nothing')", shown)
        self.assertIn("1 | nothing.here", shown)
        self.type("function broken()", MORE)
        self.type("  return nil + 1", MORE)
        self.type("end")
        shown = self.type("broken()")
        self.assertIn("line 2", shown)
        self.assertIn("2 |   return nil + 1", shown)
        self.assertIn("traceback", self.type(":trace"))
        self.assertIn("1 | x = = 1", self.type("x = = 1"))

    def test_an_error_in_a_file_shows_its_line(self):
        with open(os.path.join(self.folder, "bad.lua"), "w", encoding="utf-8") as file:
            file.write("local a = 1\nlocal b = a .. nil\n")
        self.start()
        shown = self.type('dofile("bad.lua")')
        self.assertIn("bad.lua, line 2", shown)
        self.assertIn("2 | local b = a .. nil", shown)

    def test_errors_that_are_values_are_shown(self):
        self.start()
        self.assertEqual(self.type("error({a = 1})"), "error value: {a = 1}")
        self.assertEqual(self.type("error(nil)"), "error value: nil")
        self.assertIn("oops", self.type("error(setmetatable({}, {__tostring = function() return 'oops' end}))"))

    def test_a_faulty_tostring_costs_no_session(self):
        self.start()
        self.type("setmetatable({}, {__tostring = function() error('no') end})")
        self.assertEqual(self.type("1"), "1")

    def test_a_saved_session_runs_the_same(self):
        self.start()
        self.type("local a = 20")
        self.type("a + 1")
        self.type("_ * 2")
        self.type("nothing.here")
        self.type("code 421")
        self.type("(function() io.write('called\\n') end)()")
        self.type("b = 1 return b + 8")
        self.assertIn("6 lines saved; run it with: ehlo run my.lua", self.type(":save my.lua"))
        out = subprocess.run([PROGRAM, "run", "my.lua"], cwd=self.folder, env=self.environment(), capture_output=True,
                             text=True, timeout=60, check=False)
        self.assertEqual(out.stderr, "")
        self.assertEqual(out.returncode, 0)
        self.assertTrue(out.stdout.startswith("21\n42\n421 "), out.stdout)
        self.assertIn("called", out.stdout)
        self.assertIn("No such file", self.type(":save nowhere/my.lua"))

    def test_watch_repeats_a_line(self):
        self.start()
        shown = self.type(":watch 0.1 c=3 io.write('seen;')")
        self.assertEqual(shown.count("seen;"), 3)
        self.assertIn("give a line to repeat", self.type(":watch"))

    def test_a_person_leaves_by_word_or_ctrl_d(self):
        for word in (":quit", "quit", "exit"):
            child = self.start()
            child.send(word + "\r")
            child.expect("\r\n.*")
            child.wait()
            child.close()
            self.assertEqual(child.exitstatus, 0)
        self.start()
        self.assertEqual(self.leave(), 0)


if __name__ == "__main__":
    unittest.main()
