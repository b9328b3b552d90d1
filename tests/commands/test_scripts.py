"""ehlo run, -e, scripts on standard input, and the person's own commands."""
import json
import os
import unittest

from program import Case


class Scripts(Case):
    def test_a_file_runs_with_its_arguments(self):
        path = self.write("a.lua", 'print(select("#", ...), ...)\n')
        self.assertEqual(self.answer("run", path, "x", "--verbose", "-q"), "3\tx\t--verbose\t-q\n")

    def test_a_script_may_name_ehlo_in_its_first_line(self):
        text = '#!/usr/bin/env -S ehlo run\nprint(codes.lookup("521").name)\n'
        self.assertEqual(self.answer("run", self.write("s.lua", text)), "Host does not accept mail\n")
        self.assertEqual(self.answer("run", "-", stdin=text), "Host does not accept mail\n")

    def test_standard_input_that_is_no_terminal_is_a_script(self):
        self.assertEqual(self.answer(stdin="print(1 + 1)"), "2\n")

    def test_e_prints_what_an_expression_is(self):
        self.assertEqual(self.answer("-e", "1 + 1"), "2\n")
        self.assertEqual(self.answer("-e", 'print("x")'), "x\n")
        self.assertIn("Host does not accept mail", self.answer("-e", 'codes.lookup("521")'))

    def test_an_error_names_the_line_and_exits_1(self):
        path = self.write("bad.lua", "local a = 1\nerror('oops')\n")
        r = self.ehlo("run", path)
        self.assertEqual((r.status, r.out), (1, ""))
        self.assertIn("bad.lua:2: oops", r.err)
        self.assertNotIn("traceback", r.err)

    def test_verbose_adds_the_traceback(self):
        path = self.write("bad.lua", "error('oops')\n")
        self.assertIn("traceback", self.ehlo("run", "--verbose", path).err)

    def test_a_syntax_error_is_one_line(self):
        path = self.write("broken.lua", "local = 1\n")
        r = self.ehlo("run", path)
        self.assertEqual((r.status, r.out, r.err.count("\n")), (1, "", 1), r.err)
        self.assertIn("broken.lua:1:", r.err)

    def test_a_missing_file_is_one_line(self):
        r = self.ehlo("run", "none.lua")
        self.assertNotEqual(r.status, 0)
        self.assertEqual((r.out, r.err.count("\n")), ("", 1), r.err)
        self.assertIn("none.lua", r.err)

    def test_a_script_can_set_its_exit_status(self):
        path = self.write("exit.lua", "os.exit(7)\n")
        self.assertEqual(self.ehlo("run", path).status, 7)

    def test_bytecode_is_no_script(self):
        path = self.write("b.lua", "\x1bLua")
        self.assertEqual(self.ehlo("run", path).status, 1)


class OwnCommands(Case):
    MANIFEST = """local args = manifest{
  summary = "greets somebody",
  arguments = {{name = "who", help = "name"}},
  options = {{name = "loud", help = "in capitals"}},
  examples = {"ehlo hello World"},
}
local text = "hello " .. args.who
return {greeting = args.loud and text:upper() or text}
"""

    def setUp(self):
        super().setUp()
        self.write(".config/ehlo/scripts/hello.lua", self.MANIFEST)

    def test_a_file_in_the_scripts_folder_is_a_command(self):
        self.assertIn("hello World", self.answer("hello", "World"))
        self.assertIn("HELLO WORLD", self.answer("hello", "World", "--loud"))
        page = json.loads(self.answer("hello", "World", "--format", "json"))
        self.assertEqual((page["ehlo"], page["greeting"]), (1, "hello World"))

    def test_xdg_config_home_says_where_the_folder_is(self):
        self.write("elsewhere/ehlo/scripts/other.lua", self.MANIFEST)
        self.assertIn("hello you", self.answer("other", "you", env={"XDG_CONFIG_HOME": self.home + "/elsewhere"}))

    def test_it_is_listed_and_helped_like_ours(self):
        self.assertIn("greets somebody", self.answer("help"))
        text = self.answer("hello", "--help")
        self.assertIn("--loud", text)
        self.assertLess(text.index("ehlo hello World"), text.index("--loud"), "examples come first")

    def test_listing_never_runs_past_the_manifest(self):
        mark = os.path.join(self.home, "ran")
        self.write(".config/ehlo/scripts/sly.lua", f'manifest{{summary = "sly"}}\nio.open("{mark}", "w"):close()\n')
        self.write(".config/ehlo/scripts/early.lua", f'io.open("{mark}", "w"):close()\nmanifest{{summary = "early"}}\n')
        self.write(".config/ehlo/scripts/endless.lua", "while true do end\n")
        self.write(".config/ehlo/scripts/catching.lua", "while true do pcall(function() while true do end end) end\n")
        self.write(".config/ehlo/scripts/huge.lua", "local s = ('x'):rep(1 << 40)\nmanifest{summary = s}\n")
        self.write(".config/ehlo/scripts/broken.lua", "manifest{summary = \n")
        self.assertIn("sly", self.answer("help"))
        self.assertFalse(os.path.exists(mark))

    def test_wrong_arguments_are_wrong_usage(self):
        self.wrong_usage("hello")
        self.wrong_usage("hello", "a", "b")
        self.assertIn("--loud", self.wrong_usage("hello", "a", "--luod"))

    def test_two_dashes_end_the_options(self):
        self.assertIn("hello --loud", self.answer("hello", "--", "--loud"))

    def test_our_commands_cannot_be_replaced_by_a_file(self):
        self.write(".config/ehlo/scripts/code.lua", 'print("not ours")\n')
        self.assertNotIn("not ours", self.answer("code", "521"))

    def test_an_option_that_many_share_is_named_by_its_word(self):
        self.write(".config/ehlo/scripts/mine.lua", 'local args = manifest {summary = "tries", options = {"resolver", "source"}} print(args.resolver)')
        self.assertIn("--resolver ADDRESS", self.ehlo("mine", "--help").out)
        self.assertEqual(self.ehlo("mine", "--resolver", "127.0.0.1").out, "127.0.0.1\n")
        self.assertIn("takes an IPv4 or IPv6 address", self.ehlo("mine", "--source", "here").err)

    def test_what_is_wrong_with_a_manifest_is_told_by_help_as_well(self):
        for text, why in (('sumary = "x"', "a manifest is a table with a summary"),
                          ('summary = "x", options = {{name = "n", help = "one"}, {name = "n", help = "two"}}', '"n" is described above already'),
                          ('summary = "x", options = {{name = "format", help = "mine"}}', '"format" is one that all commands share already')):
            with self.subTest(manifest=text):
                self.write(".config/ehlo/scripts/mine.lua", "local args = manifest {" + text + "}")
                self.assertIn(why, self.wrong_manifest("mine").err)
                self.assertIn("its manifest is wrong", self.answer("help", "mine"))

    def wrong_manifest(self, name):
        r = self.ehlo(name)
        self.assertEqual((r.status, r.err.count("\n"), r.out), (1, 1, ""), r.err)
        return r

    def test_an_option_without_help_hinders_nobody(self):
        self.write(".config/ehlo/scripts/mine.lua", 'local args = manifest {summary = "tries", options = {{name = "many", value = "N"}}}')
        self.assertIn("--many N", self.answer("help", "mine"))
        self.assertIn("certificate", self.answer("apropos", "certificate"))

    def test_a_word_that_stands_for_no_option_is_told(self):
        self.write(".config/ehlo/scripts/mine.lua", 'local args = manifest {summary = "tries", options = {"resolvr"}}')
        self.assertIn('there is no common option "resolvr"', self.ehlo("mine").err)


if __name__ == "__main__":
    unittest.main()
