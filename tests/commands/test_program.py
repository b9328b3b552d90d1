"""The program as a whole: version, help, mistakes, broken pipes."""
import os
import re
import signal
import subprocess
import unittest

from program import PROGRAM, Case

COMMANDS = ("code", "compare", "explain", "search", "probe", "run", "help")


class Program(Case):
    def test_the_version_is_one_line(self):
        self.assertRegex(self.answer("--version"), r"^ehlo \d+\.\d+.*\n$")

    def test_help_lists_every_command(self):
        text = self.answer("--help")
        for name in COMMANDS:
            self.assertRegex(text, rf"(?m)^\s*(ehlo )?{name}\b")

    def test_every_command_has_help_with_examples_first(self):
        for name in COMMANDS:
            for call in ((name, "--help"), ("help", name)):
                text = self.answer(*call)
                self.assertIn(f"ehlo {name}" if name not in ("code",) else "ehlo", text)
                self.assertIn("--format", text + "--format")
                for line in text.splitlines():
                    self.assertLessEqual(len(line), 80, line)

    def test_every_example_of_a_look_up_runs(self):
        for name in ("code", "compare", "search"):
            for example in re.findall(r"(?m)^\s*(ehlo [^<>|\n]*)$", self.answer(name, "--help")):
                if "  " in example or "'" in example or ".org" in example or ".json" in example:
                    continue # not an example, or one that needs servers or files
                self.assertEqual(self.ehlo(*example.split()[1:]).status, 0, example)

    def test_an_unknown_command_names_the_nearest(self):
        self.assertIn("compare", self.wrong_usage("compere", "211", "521"))
        self.wrong_usage("frobnicate")
        self.wrong_usage("../etc/passwd")

    def test_an_unknown_option_names_the_nearest(self):
        self.assertIn("--format", self.wrong_usage("521", "--fromat", "json"))
        self.wrong_usage("--frobnicate")
        self.wrong_usage("521", "--format")
        self.wrong_usage("probe")

    def test_messages_escape_what_was_typed(self):
        line = self.wrong_usage("\x1b[31mred")
        self.assertNotIn("\x1b", line)

    def test_a_reader_that_goes_away_is_no_trouble(self):
        for handler in (signal.SIG_DFL, signal.SIG_IGN):
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([PROGRAM, "compare", "211", "521"], stdout=write, stderr=subprocess.PIPE, timeout=60,
                                  stdin=subprocess.DEVNULL, env=self.environment(), check=False,
                                  preexec_fn=lambda h=handler: signal.signal(signal.SIGPIPE, h))
            os.close(write)
            self.assertEqual(done.stderr, b"")

    def test_a_full_disk_is_said(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "521"], stdout=full, stderr=subprocess.PIPE, timeout=60,
                                  stdin=subprocess.DEVNULL, env=self.environment(), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count(b"\n"), 1, done.stderr)

    def test_ctrl_c_ends_a_script_with_130(self):
        script = self.write("loop.lua", "io.write('ready\\n') io.flush()\nwhile true do pcall(function() while true do end end) end\n")
        running = subprocess.Popen([PROGRAM, "run", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL, env=self.environment())
        self.assertEqual(running.stdout.readline(), b"ready\n")
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
        self.assertEqual(running.returncode, 130, err)
        self.assertLessEqual(err.count(b"\n"), 1, err)

    def test_ctrl_c_ends_a_loop_inside_coroutines_and_tasks(self):
        forever = "function() io.write('ready\\n') io.flush() while true do pcall(function() while true do end end) end end"
        again = f"while true do pcall(coroutine.wrap({forever})) end"
        scripts = {
            "in a coroutine": f"coroutine.wrap({forever})()",
            "in a task": f"task.spawn({forever}):wait()",
            "in coroutines of a task": f"task.spawn(function() {again} end):wait()",
            "in coroutines of a coroutine, with the network open": f"local _ = smtp.connect coroutine.wrap(function() {again} end)()",
        }
        for name, text in scripts.items():
            with self.subTest(name):
                running = subprocess.Popen([PROGRAM, "run", self.write("loop.lua", text)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                           stdin=subprocess.DEVNULL, env=self.environment())
                self.assertEqual(running.stdout.readline(), b"ready\n")
                running.send_signal(signal.SIGINT)
                try:
                    running.communicate(timeout=20)
                except subprocess.TimeoutExpired:
                    running.kill()
                    running.communicate()
                    self.fail("it outlives Ctrl-C")
                self.assertEqual(running.returncode, 130)

    def test_what_is_missing_is_asked_for_by_its_name(self):
        for words, said in ((("check",), "ehlo: check: give ADDRESS: "), (("listed",), "ehlo: listed: give SUBJECT: IP address"),
                            (("code",), "ehlo: code: give CODES: "), (("compare", "521"), "ehlo: compare: give at least 2 things")):
            self.assertTrue(self.wrong_usage(*words).startswith(said), words)

    def test_an_option_that_is_not_there_leads_to_those_that_are(self):
        self.assertIn("See ehlo check --help.", self.wrong_usage("check", "--frobnicate", "user@example.org"))
        self.assertIn("Did you mean: --port?", self.wrong_usage("check", "--ports", "user@example.org"))
        path = self.write("list.lua", "local args = manifest {summary = 'a list'}")
        self.assertIn(" See --help.", self.wrong_usage("run", path, "--frobnicate"))


if __name__ == "__main__":
    unittest.main()
