"""The terminal: interrupts, signals, pasting, history, completion."""
import os
import pty
import signal
import subprocess
import termios
import time
import unittest

import pexpect
from prompt_driver import ESCAPES, MORE, PATIENCE, PROGRAM, PROMPT, PromptCase, readlines_own

PASTE = "\x1b[200~%s\x1b[201~"


class Interrupts(PromptCase):
    def interrupt(self, line, ready="\r\n"):
        """Types a line that says `ready` and never ends; then Ctrl-C, and how long the prompt took to come back."""
        self.child.send("io.write('rea' .. 'dy\\n') io.flush() " + line + "\r")
        self.child.expect("ready\r\n")
        began = time.monotonic()
        self.child.sendintr()
        shown = self.wait()
        self.assertIn("interrupted", shown)
        self.assertEqual(self.type("6 * 7"), "42")
        return time.monotonic() - began

    def test_ctrl_c_ends_a_loop_and_the_session_goes_on(self):
        self.start()
        self.type("kept = 5")
        self.interrupt("while true do end")
        self.assertEqual(self.type("kept"), "5")

    def test_ctrl_c_is_not_swallowed_by_pcall(self):
        self.start()
        self.interrupt("while true do pcall(function() while true do end end) end")
        self.interrupt("while true do pcall(error) end")
        self.interrupt("local function f() return pcall(f) or f() end f()")

    def test_ctrl_c_ends_a_coroutine(self):
        self.start()
        self.interrupt("coroutine.wrap(function() while true do end end)()")

    def test_ctrl_c_ends_a_wait(self):
        self.start()
        if self.type("(pcall(function() return task.sleep end))") != "true":
            self.skipTest("this build has no network module")
        self.interrupt("task.sleep(1000)")

    def test_ctrl_c_ends_showing(self):
        self.start()
        self.child.send("setmetatable({}, {__tostring = function() io.write('rea' .. 'dy\\n') io.flush() while true do end end})\r")
        self.child.expect("ready\r\n")
        self.child.sendintr()
        self.wait()
        self.assertEqual(self.type("6 * 7"), "42")

    def test_ctrl_c_ends_watching(self):
        self.start()
        self.child.send(":watch 1000 io.write('rea' .. 'dy\\n')\r")
        self.child.expect("ready\r\n")
        self.child.sendintr()
        self.wait()
        self.assertEqual(self.type("6 * 7"), "42")

    @readlines_own("Ctrl-C inside a search")
    def test_ctrl_c_at_a_line_abandons_it(self):
        self.start()
        self.child.send("this is not fin")
        self.child.expect("fin")
        self.child.sendintr()
        self.wait()
        self.assertEqual(self.type("1"), "1")
        self.type("function f(", MORE)
        self.child.sendintr()
        self.wait()
        self.assertEqual(self.type("2"), "2")
        self.child.send("\x12abc")
        self.child.expect("reverse-i-search|bck")
        self.child.sendintr()
        self.wait()
        self.assertEqual(self.type("3"), "3")

    def test_many_interrupts_do_no_harm(self):
        self.start()
        for _ in range(20):
            self.child.sendintr()
            self.wait()
        for _ in range(5):
            self.interrupt("while true do end")


class Ends(PromptCase):
    def modes(self):
        return termios.tcgetattr(self.child.child_fd)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)

    def test_sigterm_ends_the_program_and_restores_the_terminal(self):
        self.start()
        self.child.kill(signal.SIGTERM)
        self.child.expect(pexpect.EOF)
        self.child.close()
        self.assertEqual(self.child.signalstatus, signal.SIGTERM)

    def test_sigterm_ends_a_running_loop(self):
        self.start()
        self.child.send("io.write('rea' .. 'dy\\n') io.flush() while true do end\r")
        self.child.expect("ready\r\n")
        self.child.kill(signal.SIGTERM)
        self.child.expect(pexpect.EOF)
        self.child.close()
        self.assertEqual(self.child.signalstatus, signal.SIGTERM)

    def test_a_closed_terminal_ends_the_program(self):
        self.assert_hang_up_ends(("HUP",))

    def test_a_closed_terminal_ends_a_program_that_ignores_the_signal(self):
        self.assert_hang_up_ends(("nohup",))

    def assert_hang_up_ends(self, how):
        master, slave = pty.openpty()
        ignore = how[0] == "nohup"

        def prepare():
            os.setsid()
            if ignore:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)

        child = subprocess.Popen([PROGRAM], stdin=slave, stdout=slave, stderr=slave, env=self.environment(),
                                 cwd=self.folder, preexec_fn=prepare)
        self.addCleanup(lambda: child.poll() is None and child.kill())
        os.close(slave)
        shown = b""
        while b"> " not in shown:
            shown += os.read(master, 1000)
        os.write(master, b"os.rename('a', 'b')")
        while b"'b')" not in shown:
            shown += os.read(master, 1000)
        os.close(master)
        child.wait(timeout=PATIENCE)
        self.assertEqual(child.returncode, -signal.SIGHUP)

    def test_the_terminal_has_its_own_modes_while_a_line_runs(self):
        self.start()
        at_prompt = self.modes()
        self.child.send("io.write('rea' .. 'dy\\n') io.flush() while true do end\r")
        self.child.expect("ready\r\n")
        running = self.modes()
        self.child.sendintr()
        self.wait()
        self.assertEqual(at_prompt & termios.ICANON, 0)
        self.assertEqual(running, termios.ICANON | termios.ECHO | termios.ISIG)

    def test_ctrl_z_stops_and_goes_on(self):
        child = pexpect.spawn("/bin/bash", ["--norc", "-i"], env=self.environment(PS1="SHELL# "), cwd=self.folder,
                              encoding="utf-8", timeout=PATIENCE)
        child.delaybeforesend = None
        self.child = child
        self.addCleanup(self.stop, child)
        child.expect("SHELL# ")
        child.sendline("'%s'" % os.path.abspath(PROGRAM))
        self.wait()
        child.send("6 * ")
        child.expect(r"6 \* ")
        child.send("\x1a")
        child.expect("Stopped")
        child.expect("SHELL# ")
        child.sendline("fg")
        child.expect(r"> 6 \* ")
        child.send("7\r")
        child.expect("42")
        self.wait()
        child.sendeof()
        child.expect("SHELL# ")
        child.sendline("exit")
        child.expect(pexpect.EOF)

    def test_a_terminal_may_change_its_size(self):
        self.start()
        for columns in (40, 120, 60):
            self.child.setwinsize(30, columns)
            self.child.send("code 521\r") # the prompt is drawn again at each change: not what to wait for
            self.child.expect(r"(?s)Host does not.*?ehlo compare 521")
            widest = max(len(line) for line in self.child.after.split("\r\n"))
            self.assertLessEqual(widest, columns)

    def test_a_terminal_that_can_nothing(self):
        self.start(TERM="dumb", NO_COLOR="")
        self.child.send("code 521\r")
        self.wait()
        self.assertIn("Says", self.child.before)
        self.assertNotIn("\x1b", self.child.before)

    def test_input_that_is_no_terminal_is_a_script(self):
        out = subprocess.run([PROGRAM], input="print(6 *\n7)\n", env=self.environment(), capture_output=True, text=True,
                             timeout=60, check=False)
        self.assertEqual((out.stdout, out.returncode), ("42\n", 0))


class Pasting(PromptCase):
    def test_several_pasted_lines_are_one_chunk(self):
        self.start()
        self.child.send(PASTE % "function f(a)\n  return a,\n\n    2\nend\n")
        self.child.send("\r")
        self.wait()
        self.assertEqual(self.type("f(1)"), "1  2")
        self.assertIn("function f(a)\\n  return a,\\n\\n    2\\nend", self.stored())

    def test_pasted_lines_that_are_lines_of_their_own_run_one_by_one(self):
        self.start()
        self.child.send(PASTE % "code 421\nx = 6\nfor i = 1, 2 do\n  x = x + i\nend")
        self.child.send("\r")
        self.wait()
        self.assertEqual(self.type("x"), "9")

    def test_a_pasted_reply_of_several_lines_is_explained(self):
        self.start()
        self.child.send(PASTE % "550-5.1.1 no such user\r\n550 5.1.1 try another\r\n")
        self.child.send("\r")
        self.assertIn("Retry", self.wait())

    def test_two_hundred_lines_arrive_whole(self):
        self.start()
        for wrapped in (True, False):
            lines = ["n = 0"] + ["n = n + 1 -- " + "x" * 40] * 200
            self.child.send(PASTE % "\n".join(lines) if wrapped else "\r".join(lines))
            self.child.send("\rio.write('al' .. 'l: ', n, '\\n')\r")
            self.child.expect("all: (\\d+)")
            self.assertEqual(self.child.match.group(1), "200")
            self.wait()


class History(PromptCase):
    def test_history_is_kept_across_sessions_for_its_owner_only(self):
        self.start()
        self.type("first = 1")
        self.type("second = [[a\\b]]")
        self.leave()
        self.assertEqual(self.mode(self.history), 0o600)
        self.assertEqual(self.mode(os.path.dirname(self.history)), 0o700)
        self.start()
        self.child.send("\x1b[A\x1b[A")
        self.child.expect("first = 1")
        self.child.send("\x1b[B")
        self.child.expect_exact("second = [[a\\b]]")
        self.child.send("\r")
        self.wait()
        self.child.send("\x12fir")
        self.child.expect("irst = 1")

    def test_a_chunk_of_several_lines_is_one_entry(self):
        self.start()
        self.type("for i = 1, 2 do", MORE)
        self.type("end")
        self.assertEqual(self.stored(), ["for i = 1, 2 do\\nend"])

    def test_what_is_not_stored(self):
        self.start()
        self.type(" hidden = 1")
        self.type("twice = 1")
        self.type("twice = 1")
        self.type("s = {password = 'x'}")
        self.assertEqual(self.stored(), ["twice = 1"])

    def test_an_entry_is_stored_when_it_is_typed(self):
        self.start()
        self.type("early = 1")
        self.assertEqual(self.stored(), ["early = 1"])
        self.child.kill(signal.SIGKILL)

    def test_a_history_that_cannot_be_written_is_told_once(self):
        os.makedirs(self.history)
        self.start()
        self.assertIn("history cannot be read (Is a directory)", ESCAPES.sub("", self.greeting))
        self.assertEqual(self.type("a = 1"), "")
        self.assertEqual(self.type("b = 1"), "")
        self.leave()
        os.rmdir(self.history)
        os.symlink("/dev/full", self.history)
        self.start()
        self.assertIn("history cannot be read", ESCAPES.sub("", self.greeting))
        self.assertEqual(self.type("6 * 7"), "42")
        self.leave()
        os.remove(self.history)
        os.symlink("nowhere/history", self.history)
        self.start()
        self.assertIn("history cannot be written (No such file or directory)", self.type("a = 1"))
        self.assertEqual(self.type("b = 1"), "")

    def test_a_damaged_history_gives_what_it_can(self):
        os.makedirs(os.path.dirname(self.history))
        with open(self.history, "wb") as file:
            file.write(b"first = 1\n\x00\x01\x02\n\xff\xfe\n" + b"x" * 100000 + b"\nlast = [[\\n\xc3\xa9]]")
        self.start()
        self.assertIn("the history holds 3 damaged lines", ESCAPES.sub("", self.greeting))
        self.child.send("\x1b[A\x1b[A")
        self.child.expect_exact("first = 1")
        self.child.send("\r")
        self.wait()
        self.assertEqual(self.type("first"), "1")

    def test_a_history_that_would_not_end_keeps_no_prompt_away(self):
        os.makedirs(os.path.dirname(self.history))
        os.mkfifo(self.history)
        self.start()
        self.assertIn("the history cannot be read (Invalid argument)", ESCAPES.sub("", self.greeting))
        self.assertEqual(self.type("6 * 7"), "42")

    def test_two_prompts_at_once_lose_no_lines(self):
        first = self.start()
        second = self.start()
        for i in range(25):
            for name, child in (("a", first), ("b", second)):
                child.send("%s = %d\r" % (name, i))
        for child in (first, second):
            self.child = child
            child.send("io.write('do' .. 'ne\\n')\r")
            child.expect("done\r\n")
        self.assertEqual(sorted(self.stored()[:50] + self.stored()[50:]),
                         sorted(["%s = %d" % (n, i) for n in "ab" for i in range(25)] + ["io.write('do' .. 'ne\\\\n')"] * 2))

    def test_a_history_that_others_could_read_becomes_private(self):
        os.makedirs(os.path.dirname(self.history))
        with open(self.history, "w", encoding="utf-8") as file:
            file.write("first = 1\n")
        os.chmod(self.history, 0o644)
        self.start()
        self.type("second = 2")
        self.assertEqual(self.mode(self.history), 0o600)

    def test_secrets_are_not_stored(self):
        self.start()
        for line in ("x = {password = 'hunter2'}", "y = {secret = 'hunter2'}", "z = 'AUTH PLAIN AGh1bnRlcjI='", "t = {token = 'hunter2'}",
                     "k = {api_key = 'hunter2'}", "b = 'Bearer hunter2'", "p = \"passwd: hunter2\"", "ok = 1"):
            self.type(line)
        self.assertEqual(self.stored(), ["ok = 1"])


class Completion(PromptCase):
    def complete(self, typed, expected):
        self.child.send(typed + "\t")
        self.child.expect_exact(expected)
        self.child.send("\x01\x0b")

    @readlines_own("how a completed word is written anew")
    def test_names_fields_methods_commands_and_codes(self):
        self.start()
        self.type("object = {name = 1, method = function() end, nested = {deeper = 1}}")
        self.complete("obje", "object")
        self.complete("codes.look", "codes.lookup(")
        self.complete("x = codes.expl", "codes.explain(")
        self.complete("object:me", "object:method(")
        self.complete("object.nested.de", "object.nested.deeper")
        self.complete("compa", "compare ")
        self.complete("code 52", "521")
        self.complete("compare 211 --for", "--format=")
        self.complete(":sa", ":save ")
        self.complete("string.upp", "string.upper(")
        self.complete('codes.lookup("55', '55')

    @readlines_own("how a completed word is written anew")
    def test_file_names_inside_strings(self):
        with open(os.path.join(self.folder, "morning.lua"), "w", encoding="utf-8"):
            pass
        self.start()
        self.complete('dofile("morn', "morning.lua")

    def test_no_function_of_a_script_runs(self):
        self.start()
        self.type("t = setmetatable({}, {__index = function() called = true end, __pairs = function() called = true end})")
        self.child.send("t.a\tt.\t\x01\x0b")
        self.assertEqual(self.type("called"), "nil")


if __name__ == "__main__":
    unittest.main()
