"""Help: every topic has its page, every example in it runs, against a rehearsal server where it needs one."""
import glob
import os
import re
import signal
import subprocess
import unittest

from program import Case, PROGRAM

MANUAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "manual")
HOST = re.compile(r"mx\.example\.org(:\d+)?")


def blocks(text):
    """The indented blocks of a page, and whether each needs what no test has."""
    found, block, network = [], [], False
    for line in text.split("\n") + [""]:
        if line.startswith("    "):
            block.append(line[4:])
        elif block:
            found.append(("\n".join(block), network))
            block, network = [], False
        if line.startswith("<!-- asks the internet"):
            network = True
    return found


class Topics(Case):
    def setUp(self):
        super().setUp()
        self.pages = sorted(glob.glob(os.path.join(MANUAL, "*.md")))
        self.names = [os.path.basename(path)[:-3] for path in self.pages]

    def text(self, path):
        with open(path, encoding="utf-8") as file:
            return file.read()

    def test_there_are_pages_and_each_is_shown(self):
        self.assertGreaterEqual(len(self.names), 20)
        listed = self.answer("help")
        for name, path in zip(self.names, self.pages):
            with self.subTest(topic=name):
                self.assertRegex(listed, r"\b%s\b" % re.escape(name))
                page = self.answer("help", name, env={"COLUMNS": "60"})
                title = re.search(r"(?m)^# (.*)", self.text(path)).group(1)
                self.assertTrue(page.startswith(title + "\n"), page)
                self.assertNotIn("<!--", page)
                self.assertNotIn("`", page)
                self.assertFits("\n".join(line for line in page.splitlines() if not line.startswith("    ")), 60, name)

    def test_every_page_has_a_summary_and_an_example_and_sees_pages_that_are_there(self):
        for name, path in zip(self.names, self.pages):
            with self.subTest(topic=name):
                text = self.text(path)
                self.assertRegex(text.split("\n")[0], r"^<!-- The topic page of `help %s`: [a-zA-Z0-9][^.]+\.( Also found as: .+\.)? -->$" % name)
                self.assertTrue(blocks(text) or "| `ehlo " in text, "no example")
                prose = [line for line in text.split("\n") if not line.startswith("| ")]
                self.assertLessEqual(len(prose), 45, "a page is short, but for its tables")
                for other in re.search(r"(?m)^See also: (.*)$", text).group(1).split(", "):
                    self.assertIn(other, self.names)

    def test_topics_go_by_other_names(self):
        for word, title in (("tls levels", "TLS levels"), ("TLS-levels", "TLS levels"), ("ptr", "Reverse DNS"), ("rbl", "Blocklists"),
                            ("exit codes", "Exit codes"), ("lua api", "The Lua interface")):
            self.assertTrue(self.answer("help", *word.split(" ")).startswith(title), word)
            self.assertTrue(self.answer("help", word).startswith(title), word)

    def test_help_is_on_commands_functions_codes_and_options(self):
        self.assertIn("Usage: ehlo probe", self.answer("help", "probe"))
        self.assertIn("Host does not accept mail", self.answer("help", "521"))
        self.assertIn("smtp.connect(target, options)", self.answer("help", "smtp.connect"))
        self.assertIn("session:rcpt(", self.answer("help", "rcpt"))
        self.assertIn("probe: ", self.answer("help", "--", "--tls"))
        self.assertIn("marks what changed", " ".join(self.answer("help", ":watch").split()))

    def test_words_find_pages(self):
        for words in (("help", "--search", "certificate"), ("apropos", "certificate")):
            found = self.answer(*words)
            self.assertRegex(found, r"(?m)^certificates +chains")
            self.assertRegex(found, r"(?m)^probe ")
        self.assertIn("greylisting", self.answer("apropos", "strangers") + self.answer("apropos", "greylist"))
        nothing = self.ehlo("apropos", "xyzzyx")
        self.assertEqual((nothing.status, "Nothing found" in nothing.out), (1, True))

    def test_a_slip_names_the_page(self):
        self.assertIn("Did you mean: greylisting?", self.wrong_usage("help", "grelisting"))
        self.assertIn("See: ehlo help", self.wrong_usage("help", "xyzzyx"))

    def test_a_page_is_markdown_as_well(self):
        self.assertTrue(self.answer("help", "dane", "--format", "markdown").startswith("# DANE\n"))


class Examples(Case):
    """Shell lines begin with a command, Lua with anything else; what is for the prompt begins with > and is run there."""

    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([PROGRAM, "rehearse", "ready"], stdout=subprocess.PIPE, text=True)
        for line in cls.server.stdout:
            found = re.match(r"listening on (\S+?),", line)
            if found:
                cls.target = found.group(1)
                break

    @classmethod
    def tearDownClass(cls):
        cls.server.send_signal(signal.SIGINT)
        cls.server.wait(timeout=60)
        cls.server.stdout.close()

    def run_shell(self, text, name):
        tools = os.path.join(self.home, "bin")
        os.makedirs(tools, exist_ok=True)
        link = os.path.join(tools, "ehlo")
        if not os.path.exists(link):
            os.symlink(os.path.abspath(PROGRAM), link)
        env = self.environment()
        env["PATH"] = tools + ":" + env["PATH"]
        if "rehearse " in text and "--list" not in text:
            text += " --help" # it would wait for clients
        done = subprocess.run(["sh", "-c", text], env=env, cwd=self.home, capture_output=True, text=True, timeout=60, check=False)
        self.assertNotIn(done.returncode, (2, 70, 126, 127), f"{name}: {text}\n{done.stderr}")
        self.assertNotIn("traceback", done.stderr, f"{name}: {text}")
        self.assertTrue(done.stdout or "--output" in text, f"{name}: {text}\n{done.stderr}")

    def run_lua(self, text, name):
        path = self.write("example.lua", text)
        run = self.ehlo("run", "--allow", "intrusive", path)
        self.assertEqual((run.status, run.err), (0, ""), f"{name}: {text}")

    def test_every_example_of_a_topic_runs(self):
        count = 0
        for path in sorted(glob.glob(os.path.join(MANUAL, "*.md"))):
            name = os.path.basename(path)[:-3]
            with open(path, encoding="utf-8") as file:
                found = blocks(file.read())
            for text, network in found:
                with self.subTest(topic=name, example=text):
                    here = HOST.sub(self.target, text)
                    if text.startswith("> "):
                        continue
                    count += 1
                    if re.match(r"(ehlo|echo|printf|ls|[A-Z_]+=\S+) ", text):
                        if network:
                            self.ehlo(*text.split()[1:2], "--help")
                        else:
                            self.run_shell(here, name)
                    elif network:
                        self.run_lua("assert(load([==[" + text + "]==]))", name)
                    else:
                        self.run_lua(here, name)
        self.assertGreater(count, 50)

    def test_every_example_of_a_function_runs_against_a_server(self):
        script = self.write("manual.lua", """
            local target, ran = ..., 0
            for kind in ("intrusive send login"):gmatch("%a+") do shell.allow(kind) end
            for _, row in ipairs(require "ehlo.manual") do
              local rehearsed = row.network and row.example:find("mx.example.org", 1, true) and not row.name:find("^dns")
              if rehearsed then
                ran = ran + 1
                local chunk = assert(load((row.example:gsub("mx%.example%.org", target)), "=" .. row.name, "t",
                  setmetatable({print = function(...) for i = 1, select("#", ...) do tostring((select(i, ...))) end end}, {__index = _G})))
                local ok, message = pcall(chunk)
                if not ok then print(row.name, message) end
              end
            end
            print(ran)""")
        out = self.answer("run", script, self.target, env={"SMTP_SECRET": "x"})
        self.assertRegex(out, r"^\d\d\n$")

    def test_a_topic_of_a_commands_name_has_the_manifest_below_it(self):
        for name, option in (("submission", "--tls-port N"), ("dkim", "Usage: ehlo dkim"), ("spf", "--ip ")):
            text = self.answer("help", name)
            self.assertIn("Usage: ehlo " + name, text)
            self.assertIn(option, text)
            self.assertLess(text.index("See also: "), text.index("Usage: "))

    def test_a_tour_that_nobody_watches_writes_no_file(self):
        self.assertIn("That was the tour.", self.ehlo("tour", cwd=self.home).out)
        self.assertFalse(os.path.exists(os.path.join(self.home, "ehlo-tour.lua")))
        named = os.path.join(self.home, "named.lua")
        self.assertIn("ehlo run " + named, self.ehlo("tour", "--save", named).out)
        self.assertTrue(os.path.exists(named))

    def test_help_of_a_runbook_says_what_it_answers_and_what_leave_it_needs(self):
        text = self.answer("smuggling", "--help")
        self.assertRegex(text, r"(?m)^  Answers  Could the text of one message")
        self.assertRegex(text, r"(?m)^  Needs    --allow intrusive,send, your leave")
        self.assertNotIn("Needs", self.answer("check", "--help"))


if __name__ == "__main__":
    unittest.main()
