"""One run in every form: each is what its readers take, also where the world sends what it should not."""
import html.parser
import json
import os
import re
import subprocess
import unittest
import xml.etree.ElementTree as ElementTree

import jsonschema

from rehearsal import Rehearsal, have
import pathlib

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "src/manual/schema/runbook.json").read_text())

# Bytes that no form may let through as they are.
NASTY = r"\27[31mred \0 <b>&amp;\"'|#\\ a\r\nb \u{202e}x \xff ]]> \u{fffe} `c` *d*"

BOOK = """
local args = manifest {title = "Every form", summary = "tries", answers = "Do all forms hold?", arguments = {{name = "host", type = "host", help = "host"}}}
local book = runbook.new(args, {subject = args.host .. "NASTY"})
book:step {name = "good", title = "a step that passes", run = function()
  return {pass = "fine NASTY", metrics = {wait_seconds = 0.25, size_bytes = 1000, left = -3}}
end}
book:step {name = "so-so", title = "a warning", run = function() return {warn = "so so", fix = "Look."} end}
book:step {name = "bad", title = "a failure NASTY", reference = "RFC 5321 section 1", run = function()
  return {fail = "broken NASTY", evidence = {"one NASTY", "two"}, cause = "policy", acts = "sender", fix = "Repair it.", next = "ehlo 521",
    table = {heads = {"what", "so"}, rows = {{"NASTY", 1}, {"b", nil}}}}
end}
book:step {name = "leaf", title = "what needs it", needs = {"bad"}, run = function() end}
book:step {name = "doubt", title = "a doubt", run = function() return {unknown = "who knows"} end}
book:step {name = "fault", title = "a fault", run = function() error("out of luck NASTY") end}
book:step {name = "hosts", title = "two hosts", run = function()
  local good, other = smtp.probe(args.host), smtp.probe("127.0.0.1:1")
  return {pass = "probed", probes = {good, good, other}}
end}
return book:run()
""".replace("NASTY", NASTY)

VOID = {"meta", "br", "hr", "img", "input", "link"}


class Reader(html.parser.HTMLParser):
    """Checks that every element ends where it should, and collects what the page would ask for."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.asked, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.asked += [value for name, value in attrs if name in ("src", "href", "action", "srcset", "data")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


class Formats(Rehearsal):
    def run_in(self, form, status=1, *more):
        self.own("forms", BOOK)
        if not hasattr(self, "host"):
            self.host = self.server("tls = true")
        r = self.ehlo("forms", self.host, "--format", form, *more)
        self.assertEqual((r.status, r.err), (status, ""), r.out)
        return r.out

    def clean(self, text):
        """No byte that a terminal or a reader would take for more than text."""
        self.assertNotRegex(text, r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202e]")

    def test_text_is_read_without_colour_and_fits(self):
        text = self.run_in("text")
        self.clean(text)
        self.assertFits(text, 80, "text")
        for sign in ("ok", "WARN", "FAIL", "skip", r"\?"):
            self.assertRegex(text, rf"(?m)^  {sign} +\S")
        self.assertRegex(text, r"(?m)^failed: ")
        self.assertLess(text.index("Expected     a failure"), text.index("Next         ehlo 521"))
        self.assertRegex(text, r"127\.0\.0\.1:1 .*<- differs")

    def test_text_fits_narrow_terminals_too(self):
        self.own("forms", BOOK)
        host = self.server("tls = true")
        for columns in (40, 50, 60, 70):
            text = self.ehlo("forms", host, env={"COLUMNS": str(columns)}).out
            self.assertFits(text, columns, "text")
            self.assertIn("unreachable", text)
            self.assertRegex(text, r"127\.0\.0\.1", "addresses are not cut into pieces")

    def test_verbose_tells_of_every_step(self):
        self.assertGreater(self.run_in("text", 1, "--verbose").count("Repair it."), 1)

    def test_steps_that_one_failure_keeps_from_being_tried_are_one_line(self):
        self.own("blocked", """local book = runbook.new(manifest {summary = "tries"})
          book:step {name = "root", title = "the server answers", run = function() return {fail = "it does not"} end}
          for i = 1, 4 do book:step {name = "leaf-" .. i, title = "leaf " .. i, needs = {"root"}, run = function() end} end
          book:step {name = "other", title = "the other one answers", run = function() return {fail = "nor this"} end}
          book:step {name = "alone", title = "the only leaf of the other", needs = {"other"}, run = function() end}
          return book:run()""")
        for form in ("text", "markdown", "nagios"):
            text = self.ehlo("blocked", "--format", form, env={"COLUMNS": "120"}).out
            self.assertEqual(text.count('not tried: "the server answers" failed'), 1, text)
            self.assertIn("4 steps that depend on it", text)
            self.assertRegex(text, r"the only leaf of the other\W+not tried")
            self.assertNotIn("leaf 2", text)
        self.assertIn("5 skipped", self.ehlo("blocked").out)
        self.assertIn("leaf 2", self.ehlo("blocked", "--verbose").out)
        steps = json.loads(self.ehlo("blocked", "--format", "json").out)["steps"]
        self.assertEqual([step["name"] for step in steps if step["blocked_by"] == "root"], ["leaf-1", "leaf-2", "leaf-3", "leaf-4"])

    def test_json_keeps_its_schema(self):
        for form in ("json", "ndjson"):
            value = json.loads(self.run_in(form))
            jsonschema.Draft202012Validator.check_schema(SCHEMA)
            jsonschema.Draft202012Validator(SCHEMA).validate(value)
            self.assertEqual((value["ehlo"], value["verdict"], value["first_cause"]), (1, "fail", "bad"))
            self.assertEqual([row["differs"] for row in value["matrix"]["rows"]], [True, False, False])
        self.assertEqual(self.run_in("ndjson").count("\n"), 1)

    def test_markdown_has_a_table_of_steps(self):
        text = self.run_in("markdown")
        self.clean(text)
        self.assertTrue(text.startswith("# Every form: "))
        rows = [line for line in text.splitlines() if line.startswith("| ")]
        self.assertEqual(len([row for row in rows if row.startswith("| FAIL")]), 1)
        self.assertNotIn("<b>", re.sub(r"(?s)```.*?```", "", text))
        self.assertIn("    ehlo 521", text)

    def test_html_is_whole_and_asks_nobody(self):
        text = self.run_in("html")
        self.clean(text)
        page = Reader()
        page.feed(text)
        page.close()
        self.assertEqual((page.open, page.asked), ([], []))
        self.assertNotRegex(text, r"url\(|@import|<script|https?://")
        self.assertIn("svg", page.seen)
        self.assertEqual(page.seen.count("rect"), 7)
        self.assertNotIn("b", page.seen)
        self.assertIn("prefers-color-scheme:dark", text)
        self.assertIn("<- differs", "".join(page.text))

    def test_html_is_drawn_by_a_browser(self):
        if not have("chromium"):
            self.skipTest("no chromium here")
        path = self.write("page.html", self.run_in("html"))
        done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.home}/browser", "--dump-dom",
                               f"file://{path}"], capture_output=True, timeout=120, env=self.environment(), check=False)
        page = done.stdout.decode("utf-8", "replace")
        self.assertIn("First cause", page)
        self.assertEqual(page.count("<rect"), 7)

    def test_html_fits_a_telephone(self):
        """Tables become blocks, each cell behind its head; what is wider than the page scrolls in its own place."""
        if not have("chromium"):
            self.skipTest("no chromium here")
        self.write("page.html", self.run_in("html"))
        look = """<iframe id="f" src="page.html" style="width:390px;height:900px"></iframe><pre id="out"></pre><script>
          document.getElementById("f").onload = () => { const d = document.getElementById("f").contentDocument
            const cell = d.querySelector(".matrix td[data-of=address]"), row = d.querySelector(".matrix tbody tr")
            document.getElementById("out").textContent = JSON.stringify({page: d.documentElement.scrollWidth,
              row: row.scrollWidth, times: d.querySelector(".timeline").scrollWidth,
              bar: d.querySelector(".timeline svg").clientWidth,
              head: getComputedStyle(cell, "::before").content, display: getComputedStyle(cell).display}) }</script>"""
        frame = self.write("frame.html", look)
        done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", "--virtual-time-budget=5000",
                               f"--user-data-dir={self.home}/browser", "--dump-dom", f"file://{frame}"], capture_output=True, timeout=120,
                              env=self.environment(), check=False)
        found = json.loads(re.search(r'<pre id="out">(.+?)</pre>', done.stdout.decode())[1])
        self.assertLessEqual(found["page"], 390)
        self.assertLessEqual(found["row"], 390)
        self.assertLessEqual(found["times"], 390, "the timeline fits as well")
        self.assertGreater(found["bar"], 250, "with bars that can be seen")
        self.assertEqual((found["head"], found["display"]), ('"address"', "grid"))

    def test_junit_is_xml_and_counts(self):
        suite = ElementTree.fromstring(self.run_in("junit").encode()).find("testsuite")
        cases = suite.findall("testcase")
        self.assertEqual(len(cases), 7)
        for name, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            self.assertEqual(int(suite.get(name)), len(suite.findall(f"testcase/{element}")), name)
        self.assertEqual((suite.get("failures"), suite.get("errors"), suite.get("skipped")), ("1", "1", "2"))
        self.assertIn("Repair it.", suite.find("testcase/failure").text)
        self.assertRegex(suite.get("timestamp"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")

    def test_tap_has_its_plan_and_prove_agrees(self):
        text = self.run_in("tap")
        self.clean(text)
        lines = text.splitlines()
        self.assertEqual(lines[:2], ["TAP version 13", "1..7"])
        self.assertEqual(len(re.findall(r"(?m)^(?:not )?ok \d+ - ", text)), 7)
        self.assertEqual([int(n) for n in re.findall(r"(?m)^not ok (\d+)", text)], [3, 6])
        self.assertEqual(len(re.findall(r"(?m)^ok \d+ - .* # SKIP ", text)), 2)
        if not have("prove"):
            return
        path = self.write("t.tap", text)
        done = subprocess.run(["prove", "--exec", "cat", path], capture_output=True, text=True, timeout=60, check=False)
        self.assertIn("Failed 2/7 subtests", done.stdout + done.stderr)
        self.assertNotIn("Parse errors", done.stdout + done.stderr)

    def test_nagios_is_a_line_with_performance_data(self):
        text = self.run_in("nagios", 2)
        self.clean(text)
        first = text.splitlines()[0]
        self.assertRegex(first, r"^FORMS CRITICAL - [^|]+ \| ")
        data = first.split(" | ")[1]
        for label in ("'good.wait_seconds'=0.250000s", "'good.size_bytes'=1000B", "'good.left'=-3"):
            self.assertIn(label, data)
        self.assertRegex(data, r"^('[^'=]+'=-?\d+(\.\d+)?(s|B|%)? ?)+$")
        self.assertEqual(text.count("|"), 1)

    def test_what_happened_comes_before_what_was_expected(self):
        for form, said in (("text", r"First cause  broken .*\n(?: .*\n)* +Expected +a failure "), ("markdown", r"\*\*broken .*\*\*\n\nExpected: a failure "),
                           ("tap", r"# first cause: broken .* \(expected: a failure "), ("html", r"<strong>broken .*</strong></p><p>Expected: a failure ")):
            self.assertRegex(self.run_in(form), said)
        self.assertRegex(self.run_in("nagios", 2).splitlines()[0], r"broken .* \(expected: a failure ")

    def test_whole_numbers_of_measures_are_whole(self):
        self.own("days", 'local book = runbook.new(manifest {summary = "x"}) '
                 'book:step {name = "a", run = function() return {pass = "so", metrics = {days_left = 29.0, seconds = 2.5}} end} return book:run()')
        self.assertRegex(self.ehlo("days", "--format", "nagios").out, r"'a\.days_left'=29 'a\.seconds'=2\.500000s")
        self.assertIn('measure="days_left"} 29\n', self.ehlo("days", "--format", "prometheus").out)

    def test_nagios_exits_as_its_plugins_do(self):
        for verdict, word, status in (("pass", "OK", 0), ("warn", "WARNING", 1), ("fail", "CRITICAL", 2), ("unknown", "UNKNOWN", 3)):
            self.own("one", 'local args = manifest {summary = "x"} local book = runbook.new(args)\n'
                     f'book:step {{name = "a", run = function() return {{{verdict} = "so"}} end}} return book:run()')
            r = self.ehlo("one", "--format", "nagios")
            self.assertEqual(r.status, status, r.out)
            self.assertTrue(r.out.startswith(f"ONE {word} - "), r.out)
            ran = self.ehlo("run", os.path.join(self.home, ".config/ehlo/scripts/one.lua"), "--format", "nagios")
            self.assertEqual((ran.status, ran.out[:9]), (r.status, r.out[:9]))

    def test_a_monitor_is_told_when_nothing_could_be_checked(self):
        for args in (("submission", "--format", "nagios"), ("tls", "-f", "nagios", "a b"), ("smuggling", "--format=nagios", "127.0.0.1")):
            r = self.ehlo(*args)
            self.assertEqual((r.status, r.err), (3, ""), args)
            self.assertRegex(r.out, r"^UNKNOWN - [^|\n]+\n$")
        self.assertEqual(self.ehlo("tls", "nagios", "--format", "yaml").status, 2)

    def test_prometheus_keeps_the_grammar(self):
        text = self.run_in("prometheus")
        self.clean(text)
        label = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
        sample = re.compile(rf"^([a-zA-Z_:][a-zA-Z0-9_:]*)\{{{label}(?:,{label})*\}} -?\d+(?:\.\d+)?$")
        family, seen = None, set()
        for line in text.splitlines():
            head = re.match(r"^# (HELP|TYPE) ([a-z_]+) (.+)$", line)
            if head and head[1] == "HELP":
                family = head[2]
                self.assertNotIn(family, seen)
                seen.add(family)
            elif head:
                self.assertEqual((head[2], head[3]), (family, "gauge"))
            else:
                found = sample.match(line)
                self.assertTrue(found, line)
                self.assertEqual(found[1], family)
        self.assertTrue(text.endswith("\n"))
        self.assertRegex(text, r'ehlo_runbook_measure\{.*step="good",measure="wait_seconds"\} 0\.250000')
        samples = [line.rsplit(" ", 1)[0] for line in text.splitlines() if not line.startswith("#")]
        self.assertEqual(len(samples), len(set(samples)), "a sample comes once")

    def test_a_form_that_is_not_offered_is_wrong_usage(self):
        self.own("forms", BOOK)
        self.assertIn("junit", self.wrong_usage("forms", self.server(), "--format", "yaml"))


if __name__ == "__main__":
    unittest.main()
