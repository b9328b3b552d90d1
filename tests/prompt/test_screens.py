"""Screens kept as text, for a person to judge: values, trouble, help; and what a narrow or poor terminal gets."""
import re
import subprocess
import unittest

from screen_driver import PROGRAM, ScreenCase

AT_SERVER = ("127.0.0.1> ", "127.0.0.1 mail> ", "127.0.0.1 rcpt> ")


class Talk(ScreenCase):
    """A session with a rehearsal server that greylists."""

    def connect(self, **more):
        self.start(**more)
        for line in (":timing off", "list = {'450 4.2.0 Greylisted', '250 2.1.5 Ok'}", "server = smtp.listen {tls = true, rcpt = list}",
                     "target = '127.0.0.1:' .. server.port"):
            self.run_line(line)
        self.say("s = smtp.connect(target)")
        for line in ("s:ehlo()", "s:starttls()", "s:ehlo()", "s:mail('')"):
            self.say(line)

    def settle(self, below=-1, sign="> "):
        self.until(lambda: self.at_prompt(below) or self.at_server(below), "a prompt")

    def at_server(self, below):
        x, y, above = self.value("cursor_x", "cursor_y", "history_size")
        row = self.terminal.ask("capture-pane -p -N -S %d -E %d" % (y, y))[0].rstrip() + " "
        return above + y > below and x == len(row) and re.fullmatch(r"127\.0\.0\.1( \w+)*> ", row)

    def run_line(self, line, sign="> "):
        before = self.row()
        self.type(line)
        self.press("Enter")
        self.settle(before)
        rows = [row.rstrip() for row in self.everything()]
        while not rows[-1]:
            rows.pop()
        echo = max(i for i, row in enumerate(rows) if re.match(r"(\S+( \w+)*)?> ", row) and row.endswith(line))
        return rows[echo + 1:-1]

    say = run_line

    def clear(self):
        self.type(":clear")
        self.press("Enter")
        self.until(lambda: len(self.screen()) == 1 and self.screen()[0].endswith(">"), "an empty screen")


class Kept(Talk):
    def test_values_of_a_session(self):
        self.connect(rows=70, columns=80)
        self.say("r = s:rcpt('user@example.org')")
        self.clear()
        for line in ("r", "s", "s.capability_list", "s.timing.total > 0"):
            self.say(line)
        self.same("session", [re.sub("port [0-9]+", "port 0", row) for row in self.screen()])

    def test_the_chain(self):
        self.connect(rows=40, columns=80)
        rows = [re.sub(r"(sha256 +)[0-9a-f]{64}", r"\g<1>(64 digits)", row) for row in self.say("s.tls")]
        self.same("chain", [re.sub(r"\d+ days left", "00 days left", row) for row in rows])

    def test_tables_wide_and_narrow(self):
        self.start(rows=40, columns=60)
        self.run_line("t = {{host = 'mx1.example.org', ttl = 300, secure = true}, {host = 'mx2.example.org', ttl = 3600}}")
        self.run_line("u = {{host = 'mx1.example.org', note = ('word '):rep(14)}, {host = 'mx2.example.org'}}")
        self.clear()
        for line in ("t", "u", "{t = t[1], 1, 2, 'three', [true] = {}}", "{a = 1, list = {1, 2}}", ":x", ":json"):
            self.run_line(line)
        self.same("tables")

    def test_trouble(self):
        self.start(rows=60, columns=80)
        for line in ("codes.lokup('521')", "s = smtp.connect('127.0.0.1:1')", "s:ehlo()", "compere 211 521", ":wach", "code 99", "x = = 1",
                     "error({message = 'not saved', class = 'disk', cause = 'it is full'})", "help grelisting"):
            self.run_line(line)
        self.same("trouble")

    def test_help_at_the_prompt(self):
        self.start(rows=60, columns=80)
        for line in (":help", "help greylisting", "codes.lookup?"):
            self.run_line(line)
        self.same("help")


class Poor(Talk):
    def test_forty_columns_are_enough(self):
        self.connect(rows=60, columns=40)
        for line in ("s", "s.tls", "s.transcript", "s.timing", "s:rcpt('user@example.org')", ":help", "help outcomes", "521", "nothing.here", ":set",
                     "compare 421 450"):
            for row in self.say(line):
                if not re.search(r"^    \S|ehlo ", row): # commands are for pasting, and never broken
                    self.assertLessEqual(len(row), 40, (line, row))

    def test_a_terminal_without_colour_or_movement_gets_plain_text(self):
        for more in ({"TERM": "dumb"}, {"NO_COLOR": "1"}):
            self.start(rows=60, columns=80, **more)
            for line in ("521", "nothing.here", ":x", ":watch i=0.1 c=2 1"):
                self.run_line(line)
            rows = self.terminal.ask("capture-pane -p -e -S -")
            self.assertFalse([row for row in rows if "\x1b[1" in row or "\x1b[2m" in row], rows)
            self.terminal.close()

    def test_a_pipe_is_a_script_and_gets_no_prompt(self):
        out = subprocess.run([PROGRAM], input="local e = codes.lookup('521')\nprint(e.name)\nprint(nothing.here)\nprint('not reached')\n",
                             env=self.environment(), capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(out.stdout, "Host does not accept mail\n")
        self.assertIn("attempt to index a nil value (global 'nothing')", out.stderr)
        self.assertEqual(out.returncode, 1)


if __name__ == "__main__":
    unittest.main()
