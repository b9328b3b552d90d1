"""Values as people read them: what is on the screen."""
import json
import os
import re
import unittest

from screen_driver import PROGRAM, ScreenCase

SERVER = 'server = smtp.listen {tls = true, rcpt = answers}'
ANSWERS = 'answers = {"450 4.2.0 greylisted", "550 5.1.1 \\27[31mno such user"}'


class SideBySide(ScreenCase):
    def test_sessions_and_results_are_compared_by_the_names_of_variables(self):
        self.start(rows=40, columns=90)
        self.run_line('one = smtp.listen {ehlo = {"DSN"}} two = smtp.listen {ehlo = {"SIZE 9"}}')
        self.run_line('a = smtp.probe("127.0.0.1:" .. one.port) b = smtp.probe("127.0.0.1:" .. two.port)')
        rows = self.run_line("compare a b")
        self.assertIn("differ in one thing: capabilities.", " ".join(rows))
        self.assertIn("differ in one thing: capabilities.", " ".join(self.run_line("report.compare(a, b)")))
        self.assertEqual(self.run_line("_.differences[1].added[1]"), ['"SIZE 9"'])


class Tables(ScreenCase):
    def test_records_line_up_and_wide_letters_count_double(self):
        self.start(rows=30, columns=60)
        rows = self.run_line('{{host = "mx1", note = "日本", n = 9}, {host = "mx22", note = "e\u0301x", n = 10}}')
        self.assertEqual(rows, ["host   n  note", "mx1    9  日本", "mx22  10  e\u0301x"])

    def test_records_too_wide_for_the_terminal_stand_below_each_other(self):
        self.start(rows=40, columns=50)
        self.run_line('t = {{a = ("x"):rep(30), b = ("y"):rep(30)}, {a = "1", b = "2"}}')
        rows = self.run_line("t")
        self.assertTrue(rows[0].startswith("-- 1 ---"), rows)
        self.assertIn("a  " + "x" * 30, rows)
        self.run_line(":x off")
        rows = self.run_line("t")
        self.assertEqual(len(rows), 3, rows)
        self.assertTrue(all(len(row) <= 50 for row in rows), rows)
        self.assertIn("...", rows[1])
        self.run_line(":x on")
        self.assertTrue(self.run_line("{{a = 1}, {a = 2}}")[0].startswith("-- 1 ---"))
        self.assertEqual(self.run_line("{a = 1, bb = {2}}"), ["a   1", "bb  {2}"])

    def test_x_alone_shows_the_last_value_below_each_other_once(self):
        self.start()
        self.run_line("{a = 1, bb = 'two'}")
        self.assertEqual(self.run_line(":x"), ["a   1", "bb  two"])
        self.assertEqual(self.run_line("{a = 1}"), ["{a = 1}"])
        self.assertIn("x takes auto, on or off", self.run_line(":x upwards")[0])

    def test_scalars_fill_the_line(self):
        self.start(columns=40)
        rows = self.run_line("(function() local t = {} for i = 1, 30 do t[i] = i end return t end)()")
        self.assertEqual(rows[:2], ["{", "  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,"])
        self.assertEqual(rows[-1], "}")

    def test_cycles_depth_and_length_are_bounded_and_more_goes_on(self):
        self.start(rows=60)
        self.run_line("t = {a = 1}; t.t = t; t.u = {t.t}")
        self.assertEqual(self.run_line("t"), ["<1> {a = 1, t = <ref 1>, u = {<ref 1>}}"])
        self.run_line("big = {} for i = 1, 100 do big[i] = {name = 'host' .. i, n = i} end")
        rows = self.run_line("big")
        self.assertEqual(rows[-1], "... 40 more")
        rows = self.run_line(":more")
        self.assertIn(" 61  host61", rows)
        self.assertEqual(rows[-1], "100  host100")
        self.assertIn("nothing was cut", self.run_line(":more")[0])
        self.run_line("d = {} x = d for i = 1, 12 do x.x = {} x = x.x end")
        self.assertIn("{...}", self.run_line("d")[0])
        self.assertNotIn("{...}", "".join(self.run_line(":more")))

    def test_numbers_are_exact(self):
        self.start()
        for typed, shown in (("0.1 + 0.2", "0.30000000000000004"), ("0.1", "0.1"), ("3.0", "3.0"), ("1e100", "1e+100"),
                             ("9007199254740993", "9007199254740993"), ("1/0", "inf"), ("0/0 * -1", "nan"), ("2^53", "9007199254740992.0")):
            self.assertEqual(self.run_line(typed), [shown])

    def test_a_type_of_a_script_shows_itself(self):
        self.start()
        self.run_line('T = {__pretty = function(t) return "<" .. t.n .. "\\27[31m>" end}')
        self.assertEqual(self.run_line("setmetatable({n = 1}, T)"), ["<1\\x1B[31m>"])
        self.assertEqual(self.run_line("{setmetatable({n = 2}, T)}"), ["{<2\\x1B[31m>}"])
        self.assertEqual(self.run_line('setmetatable({}, {__pretty = function() return {1, 2} end})'), ["{1, 2}"])
        self.assertEqual(self.run_line('setmetatable({}, {__tostring = function() return "own" end})'), ["own"])

    def test_json_shows_the_last_value(self):
        self.start()
        self.run_line("{a = 1}")
        self.assertEqual(self.run_line(":json"), ["{", '  "a": 1', "}"])
        self.run_line("211")
        self.assertIn('  "code": "211",', self.run_line(":json"))
        self.run_line("print")
        self.assertIn("has no JSON", self.run_line(":json")[0])

    def test_what_policies_and_runbooks_found_is_shown_as_such(self):
        self.start(rows=90, columns=200)
        shows = {"policy.authentication_results('mx.example.org; spf=pass smtp.mailfrom=example.org')": ("mx.example.org", "policy"),
                 "b:run()": ("one is one", "runbook")}
        self.run_line("b = runbook.new {manifest = {name = 'sums', summary = 'sums'}}")
        self.run_line("s = b:step {name = 'one', title = 'one is one', run = function() return {pass = 'it is, \"one\"'} end}")
        for line, (words, kind) in shows.items():
            self.assertIn(words, "\n".join(self.run_line(line)))
            rows = self.run_line(":json")
            self.assertGreater(len(rows), 8) # a member a line
            self.assertEqual(json.loads("\n".join(rows))["kind"], kind)
            self.assertTrue(any(re.match(r"kind +%s$" % kind, row) for row in self.run_line(":x")), line)

    def test_values_before_the_last_are_kept(self):
        self.start()
        for line in ("10", "20", "30"):
            self.run_line(line)
        self.assertEqual(self.run_line("_ .. _2 .. _3"), ['"302010"'])


class Network(ScreenCase):
    def begin(self, **size):
        self.start(**size)
        self.run_line(":timing off")
        self.run_line(ANSWERS)
        self.run_line(SERVER)
        rows = self.run_line('s = smtp.connect("127.0.0.1:" .. server.port)')
        self.assertRegex(rows[0], r"^127\.0\.0\.1:\d+  greeting \d\.\d\d s  220 rehearsal\.example\.org")
        for line in ("s:ehlo()", "s:starttls()", "s:ehlo()", 's:mail("")'):
            self.run_line(line)

    def show(self, line):
        return self.run_line(line)

    def test_a_session_is_a_timeline(self):
        self.begin(rows=50, columns=90)
        rows = self.show("s")
        text = "\n".join(rows)
        self.assertRegex(rows[0], r"^127\.0\.0\.1 port \d+$")
        for step in ("greeting  220 rehearsal", "starttls  220 2.0.0", "tls       TLSv1.3", "ehlo      as before, without STARTTLS"):
            self.assertIn(step, text)
        self.assertIn("  State    open, TLSv1.3, not trusted", rows)

    def test_a_transcript_has_directions_and_a_refusal_its_meaning(self):
        self.begin(rows=60, columns=90)
        rows = self.show('s:rcpt("a@example.org")')
        self.assertEqual(rows[0], "450 4.2.0 greylisted")
        self.assertIn("puts off senders", rows[1])
        rows = self.show('s:rcpt("a@example.org")')
        self.assertEqual(rows[0], "550 5.1.1 \\x1B[31mno such user")
        rows = self.show("s.transcript")
        self.assertRegex(rows[0], r"^ +0\.\d{3}  --  connect: connected$")
        self.assertRegex("\n".join(rows), r"\n +\d\.\d{3}  C:  RCPT TO:<a@example\.org>\n +\d\.\d{3}  S:  450 4\.2\.0 greylisted")

    def test_the_chain_is_a_tree(self):
        self.begin(rows=60, columns=90)
        rows = self.show("s.tls")
        self.assertRegex(rows[0], r"^TLSv1\.3  X25519  TLS_AES_256_GCM_SHA384 +not trusted$")
        text = "\n".join(rows)
        for part in ("is self-signed", "\n  rehearsal.example.org\n", "names   rehearsal.example.org, localhost", "issuer  rehearsal.example.org (itself)",
                     "key     ECDSA P-256", "days left"):
            self.assertIn(part, text)
        self.show('a = {subject = "mx", issuer = "CA", names = {"mx"}, not_before = 0, not_after = 172800}')
        self.show('b = {subject = "CA", issuer = "Root", not_before = 0, not_after = 3600}')
        self.show('chain = {version = "TLSv1.3", verdicts = {}, trusted = true, chain = {a, b}, now = 86400}')
        self.assertEqual(self.show("chain")[2:], [
            "  mx", "  │ names   mx", "  │ issuer  CA", "  │ valid   1970-01-01 to 1970-01-03, 1 day left", "  └─ CA",
            "       issuer  Root", "       valid   1970-01-01 to 1970-01-01, expired 1 day ago"])

    def test_replies_records_and_times_are_rows(self):
        self.begin(rows=60, columns=100)
        rows = self.show("s.timing")
        self.assertRegex("   ".join(rows), r"^connect \d+\.\d   greeting \d+\.\d   ehlo .*total \d+\.\d ms$")
        rows = self.show("s.exchanges")
        self.assertRegex(rows[0], r"^ *at  phase +sent +reply +seconds$")
        self.show("port = server.port")
        self.show('r = smtp.probe("127.0.0.1:" .. port, {to = "a@example.org"})')
        rows = self.show("{r, r}")
        self.assertRegex(rows[0], "^target +address +outcome +phase +reply +seconds$")
        self.assertRegex(rows[1], r"^127\.0\.0\.1:\d+ +127\.0\.0\.1 +refused-(temporarily|permanently) +rcpt +(450|550)")


class Pager(ScreenCase):
    LONG = "(function() local t = {} for i = 1, 50 do t[i] = {n = i} end return t end)()"

    def pager(self, body):
        path = os.path.join(self.folder, "pager")
        with open(path, "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n" + body)
        os.chmod(path, 0o700)
        return path

    def test_what_is_longer_than_the_terminal_goes_to_the_pager(self):
        self.start(rows=20, PAGER=self.pager('echo "PAGED $(grep -c .)"\n'))
        self.assertEqual(self.run_line(self.LONG), ["PAGED 51"])
        self.assertEqual(self.run_line("{1, 2}"), ["{1, 2}"])
        self.run_line(":set pager off")
        self.assertEqual(len(self.run_line(self.LONG)), 51)

    def test_help_in_the_shell_is_paged_too_and_other_results_are_not(self):
        pager = self.pager('echo "PAGED $(grep -c .)"\n')
        self.start(rows=20, words=(PROGRAM, "help", "probe"), ready=False, PAGER=pager)
        self.assertEqual(self.ended(), 0)
        self.assertIn("PAGED", "\n".join(self.everything()))
        self.terminal.close()
        self.start(rows=20, words=(PROGRAM, "521"), ready=False, PAGER=pager)
        self.assertEqual(self.ended(), 0)
        self.assertNotIn("PAGED", "\n".join(self.everything()))

    def test_less_is_the_pager_where_none_is_named(self):
        self.start(rows=10, PAGER="")
        self.type(self.LONG)
        self.press("Enter")
        self.see(":")
        self.assertIn(" 1", self.screen())
        self.press("q")
        self.settle()
        self.assertEqual(self.run_line("6 * 7"), ["42"])

    def test_a_pager_that_fails_loses_nothing(self):
        self.start(rows=20, PAGER="/nowhere/pager 2>/dev/null")
        rows = self.run_line(self.LONG)
        self.assertEqual(len(rows), 51, rows)
        self.assertEqual(rows[-1], "50")

    def test_ctrl_c_in_the_pager_is_the_pagers(self):
        self.start(rows=20, PAGER=self.pager('cat > /dev/null\necho READY\nexec sleep 60\n'))
        self.type(self.LONG)
        self.press("Enter")
        self.see("READY")
        self.press("C-c")
        self.settle()
        self.assertEqual(self.run_line("6 * 7"), ["42"])


if __name__ == "__main__":
    unittest.main()
