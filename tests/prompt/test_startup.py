"""Start-up files, the prompt's own words, and how it begins without them."""
import os
import subprocess
import time
import unittest

import pexpect
from prompt_driver import PATIENCE, PROGRAM
from screen_driver import ScreenCase


class StartUpFiles(ScreenCase):
    def config(self, name, text, mode=0o644):
        path = os.path.join(self.folder, "config", "ehlo", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, mode)

    def test_they_are_read_in_order_before_the_first_line(self):
        self.config("init.lua", "order = {'init'}\nfunction mx(name) return 'mx of ' .. name end\n")
        self.config("init.d/20-b.lua", "order[#order + 1] = 'b'\n")
        self.config("init.d/10-a.lua", "order[#order + 1] = 'a'\n")
        self.config("init.d/notes.txt", "this is not Lua\n")
        self.start()
        self.assertEqual(self.run_line("table.concat(order, ' ')"), ['"init a b"'])
        self.assertEqual(self.run_line("mx('example.org')"), ['"mx of example.org"'])

    def test_a_broken_one_is_told_of_in_a_line_and_keeps_nothing_away(self):
        self.config("init.lua", "a = 1\nb = a .. nil\n")
        self.config("init.d/1.lua", "x = = 1\n")
        self.config("init.d/2.lua", "error({code = 5})\n")
        self.config("init.d/3.lua", "last = 'read'\n")
        self.start(columns=150)
        shown = self.screen()
        folder = self.folder + "/config/ehlo/"
        self.assertEqual(shown[1], folder + "init.lua:2: attempt to concatenate a nil value")
        self.assertIn(folder + "init.d/1.lua:1: unexpected symbol near '='", shown[2])
        self.assertIn(folder + "init.d/2.lua: ", shown[3])
        self.assertEqual(shown[4:], [">"])
        self.assertEqual(self.run_line("last"), ['"read"'])

    def test_one_that_does_not_end_is_ended_by_ctrl_c(self):
        self.config("init.lua", "io.write('rea' .. 'dy\\n') io.flush() while true do pcall(error) end\n")
        self.start(columns=150, ready=False)
        self.see("ready")
        self.press("C-c")
        self.settle()
        self.assertIn("init.lua: interrupted", "\n".join(self.screen()))
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_bytes_in_a_message_cannot_steer_the_terminal(self):
        self.config("init.lua", "error('a\\27[31mb\\nc')\n")
        self.start(columns=150)
        self.assertIn("a\\x1B[31mb", self.screen()[1])
        self.assertEqual(self.screen()[2:], [">"])

    def test_they_can_be_left_out_and_so_can_the_greeting(self):
        self.config("init.lua", "here = true\n")
        self.start(words=(PROGRAM, "--no-init", "-q"))
        self.assertEqual(self.screen(), [">"])
        self.assertEqual(self.run_line("here"), ["nil"])

    def test_commands_and_scripts_do_not_read_them(self):
        self.config("init.lua", "print('read')\n")
        for words, text in ((["-e", "1"], None), (["code", "521"], None), ([], "io.write('x')"), (["--no-init"], "io.write('x')")):
            out = subprocess.run([PROGRAM, *words], env=self.environment(), input=text, capture_output=True, text=True, timeout=60,
                                 check=True)
            self.assertNotIn("read", out.stdout)

    def test_a_configuration_folder_that_is_a_relative_path_does_not_count(self):
        self.config("init.lua", "here = true\n")
        self.start(XDG_CONFIG_HOME="config")
        self.assertEqual(self.run_line("here"), ["nil"])


class Words(ScreenCase):
    def test_the_prompt_says_where_a_line_goes(self):
        self.start(rows=40, columns=90)
        self.run_line(":timing off")
        self.run_line("r = smtp.listen {tls = true}")
        self.run_line("s = smtp.connect('127.0.0.1:' .. r.port)")
        self.assertEqual(self.screen()[-1], "127.0.0.1>")
        self.run_line("s:ehlo();")
        self.assertEqual(self.screen()[-1], "127.0.0.1>")
        self.run_line("s:starttls();")
        self.assertEqual(self.screen()[-1], "127.0.0.1 tls>")
        self.run_line("s:ehlo();")
        self.run_line("s:mail('');")
        self.assertEqual(self.screen()[-1], "127.0.0.1 tls mail>")
        self.run_line("s:rcpt('a@example.org');")
        self.assertEqual(self.screen()[-1], "127.0.0.1 tls rcpt>")
        self.run_line("s:rset();")
        self.assertEqual(self.screen()[-1], "127.0.0.1 tls>")
        self.run_line("s:quit();")
        self.assertEqual(self.screen()[-1], ">")
        self.same("whereabouts")

    def test_a_semicolon_keeps_a_value_from_being_shown(self):
        self.start()
        self.assertEqual(self.run_line("6 * 7;"), [])
        self.assertEqual(self.run_line("_"), ["42"])
        self.assertEqual(self.run_line("'a;'"), ['"a;"'])
        self.assertEqual(self.run_line("7 -- not 8;"), ["7"])
        self.assertIn("no such thing", "".join(self.run_line("nil, 'no such thing';")))

    def test_the_prompt_is_there_at_once(self):
        """Beside Lua's own prompt, for machines differ; the best of many, for they are busy."""
        def least(*words):
            best = 60
            for _ in range(9):
                began = time.monotonic()
                child = pexpect.spawn(words[0], list(words[1:]), env=self.environment(), encoding="utf-8", timeout=PATIENCE)
                child.expect("> ")
                best = min(best, time.monotonic() - began)
                child.close(force=True)
            return best

        usual = least("lua5.4", "-i")
        self.assertLess(least(PROGRAM) - usual, max((40 if "asan" in PROGRAM else 10) * usual, 0.03))


if __name__ == "__main__":
    unittest.main()
