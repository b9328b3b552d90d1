"""The language of runbooks: steps and their verdicts, what needs what, the first cause, manifests, new-runbook."""
import json
import os
import unittest

from rehearsal import Rehearsal

HEAD = """local args = manifest {title = "A try", summary = "tries", answers = "Does it hold?",
  arguments = {{name = "word", optional = true, help = "word"}}}
local book = runbook.new(args, {subject = args.word})
"""


class Steps(Rehearsal):
    def book(self, body, *args, **more):
        self.own("try", HEAD + body + "\nreturn book:run()\n")
        return self.outcome("try", *args, **more)

    def test_all_steps_that_pass_are_a_pass(self):
        found = self.book('book:step {name = "one", run = function() return {pass = "fine"} end}', "subject", status=0)
        self.assertEqual((found["verdict"], found["first_cause"], found["subject"]), ("pass", None, "subject"))

    def test_a_warning_is_no_failure_and_a_failure_is(self):
        found = self.book('book:step {name = "one", run = function() return {warn = "so so"} end}', status=0)
        self.assertEqual((found["verdict"], found["first_cause"]), ("warn", "one"))
        found = self.book('book:step {name = "one", run = function() return {fail = "no"} end}', status=1)
        self.assertEqual((found["verdict"], found["first_cause"]), ("fail", "one"))

    def test_a_verdict_may_be_spelled_out(self):
        found = self.book('book:step {name = "one", run = function() return {verdict = "warn", text = "so so"} end}')
        self.assertVerdicts(found, one="warn")

    def test_what_needs_a_failed_step_is_skipped_and_says_whose_fault_it_is(self):
        found = self.book("""
            book:step {name = "root", title = "the root", run = function() return {fail = "broken"} end}
            book:step {name = "leaf", needs = {"root"}, run = function() error("never") end}
            book:step {name = "twig", needs = {"leaf"}, run = function() error("never") end}
            book:step {name = "free", run = function() return {pass = "fine"} end}""", status=1)
        self.assertVerdicts(found, root="fail", leaf="skip", twig="skip", free="pass")
        for name in ("leaf", "twig"):
            self.assertIn('"the root" failed', found["by_name"][name]["text"])
            self.assertEqual(found["by_name"][name]["blocked_by"], "root")
        self.assertEqual(found["first_cause"], "root")

    def test_a_warning_is_no_hindrance(self):
        found = self.book("""
            book:step {name = "a", run = function() return {warn = "so so", keep = 5} end}
            book:step {name = "b", needs = {"a"}, run = function(found) return {pass = tostring(found.a)} end}""")
        self.assertEqual(found["by_name"]["b"]["text"], "5")

    def test_after_waits_and_does_not_mind_how_it_went(self):
        found = self.book("""
            local order = {}
            book:step {name = "a", run = function() task.sleep(0.02) order[1] = "a" return {fail = "no"} end}
            book:step {name = "b", after = {"a"}, run = function() return {pass = "after " .. order[1]} end}""")
        self.assertEqual(found["by_name"]["b"]["text"], "after a")

    def test_a_step_that_raises_is_unknown_and_the_others_go_on(self):
        found = self.book("""
            book:step {name = "bad", run = function() local x = nil; return x.y end}
            book:step {name = "worse", run = function() task.sleep(0) error("out of luck") end}
            book:step {name = "good", run = function() return {pass = "fine"} end}""", status=1)
        self.assertVerdicts(found, bad="unknown", worse="unknown", good="pass")
        self.assertRegex(found["by_name"]["bad"]["text"], r"try\.lua:\d+: attempt to index a nil value")
        self.assertIn("out of luck", found["by_name"]["worse"]["text"])
        self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", "bad"))

    def test_steps_without_needs_run_at_once(self):
        """Each waits for what the other does: one after the other they would never end."""
        found = self.book("""
            local here = {}
            local function meet(mine, other)
              here[mine] = true
              while not here[other] do task.sleep(0.001) end
              return {pass = "met"}
            end
            book:step {name = "a", run = function() return meet("a", "b") end}
            book:step {name = "b", run = function() return meet("b", "a") end}""", "--timeout", "30", status=0)
        self.assertVerdicts(found, a="pass", b="pass")

    def test_the_time_for_the_whole_leaves_steps_unknown(self):
        found = self.book("""
            book:step {name = "quick", run = function() return {pass = "fine"} end}
            book:step {name = "slow", run = function() task.sleep(600) return {pass = "never"} end}
            book:step {name = "later", needs = {"slow"}, run = function() return {pass = "never"} end}""", "--timeout", "0.2", status=1)
        self.assertVerdicts(found, quick="pass", slow="unknown", later="unknown")
        self.assertIn("0.2 s", found["by_name"]["slow"]["text"])

    def test_a_step_can_add_steps(self):
        found = self.book("""
            book:step {name = "hosts", run = function()
              for i = 1, 3 do book:step {name = "host-" .. i, needs = {"hosts"}, run = function() return {pass = "up"} end} end
              return {pass = "3 hosts"}
            end}""")
        self.assertEqual([step["name"] for step in found["steps"]], ["hosts", "host-1", "host-2", "host-3"])
        self.assertEqual(found["counts"]["pass"], 4)

    def test_a_step_that_needs_leave_is_skipped_without_it(self):
        body = 'book:step {name = "a", permission = "login", run = function() return {pass = "in"} end}\n' \
            'book:step {name = "b", run = function() return {pass = "fine"} end}'
        found = self.book(body, status=0)
        self.assertVerdicts(found, a="skip", b="pass")
        self.assertIn("--allow login", found["by_name"]["a"]["text"])
        self.assertVerdicts(self.book(body, "--allow", "login", status=0), a="pass")

    def test_a_doubt_alone_does_not_fail_the_whole_unless_others_need_it(self):
        doubt = 'book:step {name = "a", run = function() return {unknown = "no selector was given"} end}\n'
        found = self.book(doubt + 'book:step {name = "b", run = function() return {pass = "fine"} end}', status=0)
        self.assertEqual(found["verdict"], "pass")
        found = self.book(doubt + 'book:step {name = "b", needs = {"a"}, run = function() return {pass = "fine"} end}\n'
                          'book:step {name = "c", run = function() return {pass = "fine"} end}', status=1)
        self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", "a"))
        self.assertEqual(self.book(doubt, status=1)["verdict"], "unknown")


class FirstCause(Rehearsal):
    def first(self, *rows):
        """The first cause of steps that fail or not: (name, verdict, further fields)."""
        steps = "".join(f'book:step {{name = "{name}", {more} run = function() return {{{verdict} = "x"}} end}}\n' for name, verdict, more in rows)
        self.own("try", HEAD + steps + "return book:run()\n")
        return self.outcome("try")["first_cause"]

    def test_it_is_the_earliest_of_equals(self):
        self.assertEqual(self.first(("a", "pass", ""), ("b", "fail", ""), ("c", "fail", "")), "b")

    def test_a_failure_comes_before_a_warning(self):
        self.assertEqual(self.first(("a", "warn", ""), ("b", "fail", "")), "b")

    def test_a_symptom_is_passed_over_where_its_reason_failed(self):
        self.assertEqual(self.first(("a", "pass", ""), ("b", "fail", 'because = {"a"},')), "b")
        self.assertEqual(self.first(("low", "fail", 'severity = "low",'), ("b", "fail", 'because = {"low"}, severity = "high",')), "low")

    def test_a_reason_may_lie_behind_a_step_that_was_skipped(self):
        rows = (("root", "fail", 'severity = "low",'), ("mid", "pass", 'needs = {"root"},'), ("leaf", "fail", 'because = {"mid"}, severity = "high",'))
        self.assertEqual(self.first(*rows), "root")

    def test_the_heavier_comes_first(self):
        self.assertEqual(self.first(("a", "fail", 'severity = "low",'), ("b", "fail", ""), ("c", "fail", 'severity = "high",')), "c")

    def test_a_failure_comes_before_a_fault(self):
        self.assertEqual(self.first(("a", "skip", ""), ("b", "fail", "")), "b")


class Mistakes(Rehearsal):
    """A script's mistakes are named, with the name that was probably meant."""

    def said(self, body):
        self.own("try", HEAD + body)
        r = self.ehlo("try")
        self.assertEqual(r.status, 1, r.out)
        return r.out + r.err

    def test_of_steps(self):
        run = "run = function() return {pass = 'x'} end"
        for body, wanted in ((f"book:step {{name = 'a', neds = {{}}, {run}}}", "did you mean needs"),
                             (f"book:step {{name = 'a', needs = {{'b'}}, {run}}}", 'no step above has that name'),
                             (f"book:step {{name = 'a', {run}}} book:step {{name = 'a', {run}}}", "two steps"),
                             (f"book:step {{{run}}}", "a step is a table with a name"), ("book:step {name = 'a'}", "has no run"),
                             ("book:run()", "has no steps"), (f"book:step {{name = 'a', severity = 'huge', {run}}}", "high, normal or low"),
                             (f"book:step {{name = 'a', needs = 'b', {run}}}", "needs must be a table"),
                             ("runbook.new(5)", "what manifest{...} returned"), ("runbook.new(args, {subjct = 'x'})", "subjct")):
            with self.subTest(body=body):
                self.assertIn(wanted, self.said(body))

    def test_of_results(self):
        for result, wanted in (("{fail = 'x', fixx = 'y'}", "did you mean fix"), ("nil", "returned a nil"), ("{}", "its verdict is nil"),
                               ("{pass = 'x', fail = 'y'}", "more than one verdict"), ("{fail = true}", "text must be a string"),
                               ("{verdict = 'good', text = 'x'}", "its verdict is good"), ("{verdict = 'pass'}", "no text"),
                               ("{pass = 'x', metrics = {a = 'b'}}", "a metric is a name and a number")):
            with self.subTest(result=result):
                text = self.said(f"book:step {{name = 'a', run = function() return {result} end}} return book:run()")
                self.assertIn(wanted, " ".join(text.split()))

    def test_what_a_step_does_not_need_it_cannot_see(self):
        text = self.said("book:step {name = 'a', run = function() return {pass = 'x', keep = 1} end}\n"
                         "book:step {name = 'b', run = function(found) return {pass = tostring(found.a)} end} return book:run()")
        self.assertIn('needs = {"a"}', " ".join(text.split()))

    def test_of_manifests(self):
        for given, wanted in (("summary = 'x', sumary = 'y'", "did you mean summary"), ("title = 'x'", "a table with a summary"),
                              ("summary = 'x', arguments = {{name = 'a', type = 'adress'}}", "of no known type"),
                              ("summary = 'x', arguments = {{nam = 'a'}}", "has no name"), ("summary = 'x', examples = 'y'", "is a list"),
                              ("summary = 'x', options = {{name = 'a', vale = 'X'}}", "did you mean value"),
                              ("summary = 'x', permission = 'destroy'", "is none of safe")):
            with self.subTest(given=given):
                self.own("try", f"manifest {{{given}}}\n")
                r = self.ehlo("try")
                self.assertEqual((r.status, r.out), (1, ""))
                self.assertIn(wanted, r.err)
                self.assertIn("try", self.answer("help"))


class Arguments(Rehearsal):
    def reads(self, kind, text):
        self.own("try", f'local args = manifest {{summary = "x", arguments = {{{{name = "a", type = "{kind}", help = "a"}}}}}} print(args.a)')
        r = self.ehlo("try", "--", text)
        self.assertIn(r.status, (0, 2), r.err)
        return r.status == 0

    def test_types_are_checked_before_anything_runs(self):
        for kind, good, bad in (
                ("address", ["user@example.org", "a+b.c@xn--grn-ioa.example", "grün@grün.example", '"a b"@example.org', '"a@b"@example.org', "a@[127.0.0.1]"],
                 ["user", "@example.org", "a@", "a b@example.org", "a@b@", "a@b@c.example", "<a@example.org>",
                  "a..b@example.org", "a@-b.example", "a\r\n@b.example"]),
                ("domain", ["example.org", "example.org.", "localhost", "grün.example", "_dmarc.example.org"],
                 ["", "a..b", "-a.example", "192.0.2.1", "a" * 64 + ".example", "a b", "a/b", "example.org:25", "999.1.1.1", "mx.25"]),
                ("host", ["mx.example.org", "192.0.2.1", "2001:db8::1", "mx:587", "127.0.0.1:25", "[::1]:25", "[IPv6:::1]"],
                 ["", "mx:0", "mx:65536", "a b", "[mx]:25", "http://x/", "[::1]x", "999.1.1.1", "192.0.2.1.5:25"]),
                ("ip", ["192.0.2.1", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "fe80::1%lo"],
                 ["192.0.2", "256.0.0.1", "1:2:3:4:5:6:7", "1::2::3", "::g", "12345::", "example.org", ":1:2:3:4:5:6:7:8", ""]),
                ("count", ["1", "20"], ["0", "-1", "1.5", "x"]), ("seconds", ["1", ".5"], ["0", "-1", "x"]),
                ("file", [os.devnull, "-"], ["/nonexistent/x"])):
            for text in good:
                self.assertTrue(self.reads(kind, text), f"{kind}: {text!r}")
            for text in bad:
                self.assertFalse(self.reads(kind, text), f"{kind}: {text!r}")

    def test_a_wrong_argument_is_one_clear_line(self):
        self.own("try", 'local args = manifest {summary = "x", arguments = {{name = "a", type = "address", help = "a"}}}')
        self.assertIn('"nobody" is no mailbox', self.wrong_usage("try", "nobody"))

    def test_a_mailbox_at_an_address_has_no_domain_to_ask_about(self):
        for runbook, instead in ((("check",), "ehlo probe"), (("greylist",), "--host"), (("send", "--allow", "send"), "--host")):
            said = self.wrong_usage(*runbook, "user@[127.0.0.1]")
            self.assertIn("is at an address and at no domain", said)
            self.assertIn(instead, said)
        self.assertIn('"999.1.1.1" is no domain', self.wrong_usage("listed", "999.1.1.1"))

    def test_leave_that_is_needed_must_be_given(self):
        self.own("try", 'manifest {summary = "x", permission = {"intrusive", "send"}} print("ran")')
        self.assertIn("--allow intrusive,send", self.wrong_usage("try"))
        self.assertIn("--allow send", self.wrong_usage("try", "--allow", "intrusive"))
        self.assertEqual(self.answer("try", "--allow", "intrusive,send"), "ran\n")
        self.assertEqual(self.answer("try", "--allow", "intrusive", "--allow=send"), "ran\n")
        self.wrong_usage("try", "--allow", "intrusive,everything")


class NewRunbook(Rehearsal):
    def test_it_writes_one_that_runs_and_is_a_command(self):
        out = self.answer("new-runbook", "our-mx")
        path = os.path.join(self.home, ".config/ehlo/scripts/our-mx.lua")
        self.assertIn(path, out)
        self.assertIn("is our mail server as it should be?", self.answer("help"))
        found = self.outcome("our-mx", self.server("tls = true"), status=1)
        self.assertVerdicts(found, connect="pass", starttls="pass", certificate="fail")
        self.assertVerdicts(self.outcome("our-mx", self.server()), starttls="fail", certificate="skip")
        self.assertVerdicts(self.outcome("our-mx", "127.0.0.1:1"), connect="fail", starttls="skip")

    def test_its_manifest_can_be_read_without_running_it(self):
        self.answer("new-runbook", "our-mx")
        self.assertIn("Usage: ehlo our-mx", self.answer("our-mx", "--help"))

    def test_it_replaces_nothing(self):
        path = self.own("mine", "-- mine\n")
        r = self.ehlo("new-runbook", "mine")
        self.assertEqual((r.status, r.out), (1, ""))
        with open(path, encoding="utf-8") as file:
            self.assertEqual(file.read(), "-- mine\n")

    def test_names_that_can_be_no_command_are_wrong_usage(self):
        for name in ("a/b", "../x", "", "521", "probe", "a b", "a.lua"):
            self.wrong_usage("new-runbook", name)

    def test_a_name_that_no_file_can_have_is_not_said_to_be_there(self):
        r = self.ehlo("new-runbook", "a" * 300)
        self.assertEqual((r.status, r.out), (1, ""))
        self.assertIn("could not be written: File name too long", r.err)


class Listing(Rehearsal):
    def test_every_bundled_runbook_says_what_it_is_and_what_it_answers(self):
        names = self.answer("-e", 'print(table.concat(shell.names("runbooks/"), "\\n"))').split()
        self.assertIn("tls", names)
        for name in names:
            manifest = json.loads(self.answer("-e", f'return report.json(require("ehlo.command").manifest("{name}"))'))
            for field in ("title", "summary", "answers", "examples", "verdicts"):
                self.assertTrue(manifest.get(field), f"{name} has no {field}")
            self.assertTrue(manifest["answers"].endswith("?"), name)


if __name__ == "__main__":
    unittest.main()
