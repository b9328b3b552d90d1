"""Owns: the session that README.md shows: its lines that begin with $ or with a prompt are run, against a rehearsal server, and what
they print is put below them. Run by a person with EHLO_PROGRAM set, it writes README.md anew; the test beside compares."""
import os
import re
import signal
import subprocess

from prompt_driver import ESCAPES, PROGRAM, PromptCase

README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "README.md")
BEGIN, END = "<!-- A recorded session; tests/prompt/readme.py writes it. -->\n", "<!-- The session ends. -->\n"
SHOWN = "127.0.0.1:2525" # where the README's server listens
TYPED = re.compile(r"^([\w.:\[\]]*(?: \w+)*> )(.+)$")
ANY_PROMPT = r"\x1b\[\?2004h([\w.:\[\]]*(?: \w+)*> )$"
# What differs from run to run and from machine to machine.
VARIES = ((re.compile(r"\b\d+\.\d{2,3}\b(?= s\b|  )"), "0.00"), (re.compile(r"^from .*$", re.M), "from"), (re.compile(r"\b\d+\s+days left"), "days left"),
          (re.compile(r"^(\s*ehlo )\d+\.\d+(\.\d+)?", re.M), r"\1 0.0"), (re.compile(r"[ \n]+"), " "))


def session_of(text):
    """What stands before, between and behind the marks."""
    head, _, rest = text.partition(BEGIN)
    body, _, tail = rest.partition(END)
    return head + BEGIN, body, END + tail


def masked(text):
    for pattern, replacement in VARIES:
        text = pattern.sub(replacement, text)
    return text


class Recorder(PromptCase):
    def begin(self):
        self.server = subprocess.Popen([PROGRAM, "rehearse", "greylisting"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                       text=True, env=self.environment())
        self.addCleanup(self.end)
        self.target = next(found.group(1) for found in (re.match(r"listening on (\S+?),", line) for line in self.server.stdout) if found)

    def end(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait(timeout=60)
        self.server.stdout.close()

    def here(self, text):
        return text.replace(SHOWN, self.target)

    def there(self, text):
        port = self.target.rpartition(":")[2]
        text = text.replace(self.target, SHOWN).replace("port " + port, "port 2525")
        return [line.rstrip() for line in text.replace("\r", "").strip("\n").split("\n")]

    def command(self, line):
        words = [PROGRAM] + self.here(line).split()[1:]
        done = subprocess.run(words, env=self.environment(COLUMNS="80"), capture_output=True, text=True, timeout=60, check=False)
        assert not done.stderr, done.stderr
        return self.there(done.stdout)

    def at_prompt(self, lines):
        self.start(rows=200, columns=80)
        shown = self.there(self.child.before)
        sign = "> "
        for line in lines:
            self.child.send(self.here(line) + "\r")
            self.child.expect(ANY_PROMPT)
            output = ESCAPES.sub("", self.child.before).partition("\n")[2]
            shown.append(sign + line)
            shown += self.there(output) if output.strip() else []
            sign = self.child.match.group(1)
        self.leave()
        return shown

    def block(self, rows):
        """An indented block, recorded anew."""
        made = []
        for i, row in enumerate(rows):
            if not row.startswith("$ "):
                continue
            end = next((k for k in range(i + 1, len(rows)) if rows[k].startswith("$ ")), len(rows))
            made.append(row)
            if row == "$ ehlo":
                made += self.at_prompt([TYPED.match(each).group(2) for each in rows[i + 1:end] if TYPED.match(each)])
            else:
                made += self.command(row[2:])
            made.append("")
        return made[:-1]

    def record(self, body):
        """The text between the marks, with each block recorded anew."""
        self.begin()
        out, rows = [], None
        for line in body.split("\n"):
            if line.startswith("    $ ") and rows is None:
                rows = []
            if rows is not None and line and not line.startswith("    "):
                out += [("    " + row).rstrip() for row in self.block(rows)] + [""]
                rows = None
            if rows is not None:
                rows.append(line[4:])
            else:
                out.append(line)
        if rows is not None:
            out += [("    " + row).rstrip() for row in self.block(rows)] + ["", ""]
        return "\n".join(out)

    def runTest(self):
        with open(README, encoding="utf-8") as file:
            head, body, tail = session_of(file.read())
        made = self.record(body)
        with open(README, "w", encoding="utf-8") as file:
            file.write(head + made + tail)


if __name__ == "__main__":
    import unittest
    unittest.TextTestRunner().run(Recorder())
