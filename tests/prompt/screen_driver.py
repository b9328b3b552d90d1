"""Owns: a prompt inside a real terminal emulator, tmux, for the tests of this folder: what is on the screen, and where the
cursor stands. A screen can be kept as text beside the tests; EHLO_KEEP_SCREENS=1 writes those anew, for a person to judge."""
import os
import re
import select
import shutil
import subprocess
import sys
import time

from prompt_driver import HomeCase, PATIENCE, PROGRAM

if not shutil.which("tmux"):
    print("skipped: tmux is not installed")
    sys.exit(77)

SETTINGS = ("history-limit 100000", "default-terminal tmux-256color", "remain-on-exit on", "escape-time 0")
HERE = os.path.dirname(os.path.abspath(__file__))
WHEREABOUTS = r"(\S+( tls)?( mail| rcpt)?)?" # what may stand before the sign of a prompt
DEATH_SECONDS = 0.5 # how often the program is looked at: tmux tells what it writes, and not that it ended
# What differs from run to run and from machine to machine keeps its place and loses its digits.
VARIES = (re.compile(r"(?<=127\.0\.0\.1:)\d+"), re.compile(r"\b\d+\.\d{1,3}(?= s\b| ms\b)"), re.compile(r"(?<=\s)\d\.\d{3}\b"),
          re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d(:\d\d)?Z?)?"), re.compile(r"(?<=^ehlo )\d+\.\d+(\.\d+)?", re.M))


def quoted(text):
    """One word of tmux's command language."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("$", "\\$"), ("\n", "\\n"), ("\r", "\\r"), ("\x1b", "\\e"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return '"' + text + '"'


class Terminal:
    """A server of its own with one window, driven by a client in control mode: that tells when the program has written."""

    def __init__(self, folder, environment, words, rows, columns):
        self.socket = os.path.join(folder, "tmux%d" % id(self)) # an old server may still be on its way out
        settings = os.path.join(folder, "tmux.conf")
        with open(settings, "w", encoding="utf-8") as file:
            file.writelines("set -g %s\n" % setting for setting in SETTINGS)
        command = ["tmux", "-S", self.socket, "-f", settings, "-C", "new-session", "-x", str(columns), "-y", str(rows),
                   "env", "TERM=" + environment["TERM"], *words]
        self.client = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                       env=environment, cwd=folder)
        self.unread = b""
        self.heard = []
        while not (self.line(time.monotonic() + PATIENCE) or "%").startswith("%session-changed"):
            pass
        self.ask("set-option -g window-size manual")
        self.closed = False

    def line(self, deadline):
        """The next line that the control client says; None at the deadline."""
        while b"\n" not in self.unread:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.client.stdout], [], [], left)[0]:
                return None
            got = os.read(self.client.stdout.fileno(), 65536)
            if not got:
                raise AssertionError("tmux ended: " + "\n".join(self.heard))
            self.unread += got
        line, _, self.unread = self.unread.partition(b"\n")
        self.heard.append(line.decode("utf-8", "replace"))
        return line.decode("utf-8", "replace").rstrip("\r")

    def ask(self, command):
        """Runs one command of tmux; returns its answer's lines."""
        self.client.stdin.write((command + "\n").encode())
        self.client.stdin.flush()
        deadline = time.monotonic() + PATIENCE
        answer, ours = None, None
        while True:
            line = self.line(deadline)
            if line is None:
                raise AssertionError("tmux did not answer: " + command)
            head = line.split(" ")
            if answer is None:
                if head[0] == "%begin" and head[3] == "1": # 1: asked by this client
                    answer, ours = [], head[2]
            elif head[0] in ("%end", "%error") and head[2:3] == [ours]:
                if head[0] == "%error":
                    raise AssertionError(command + ": " + "\n".join(answer))
                return answer
            else:
                answer.append(line)

    def stirs(self, deadline):
        """Waits until the program has written something or ended; False at the deadline."""
        while True:
            line = self.line(deadline)
            if line is None:
                return False
            if line.startswith(("%output", "%layout-change", "%window", "%pane", "%exit")):
                return True

    def close(self):
        if self.closed:
            return
        self.closed = True
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        self.client.stdin.close()
        self.client.wait(timeout=PATIENCE)
        self.client.stdout.close()


class ScreenCase(HomeCase):
    """One session a test, on a screen."""

    def start(self, rows=24, columns=80, words=(PROGRAM,), ready=True, **more):
        more.setdefault("TERM", "tmux-256color")
        words = [os.path.abspath(words[0]), *words[1:]]
        terminal = Terminal(self.folder, self.environment(**more), words, rows, columns)
        self.addCleanup(terminal.close)
        self.terminal = terminal
        if ready:
            self.settle()
        return terminal

    def value(self, *names):
        """What tmux knows of the pane, as integers where they are."""
        words = self.terminal.ask("display-message -p " + quoted("\t".join("#{%s}" % name for name in names)))[0].split("\t")
        words = [int(word) if word.isdigit() else word for word in words]
        return words[0] if len(words) == 1 else words

    def screen(self, escapes=False):
        """The rows that are to be seen, without blank ones at the end."""
        rows = self.terminal.ask("capture-pane -p" + (" -e" if escapes else ""))
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def everything(self):
        """All rows since the start, those that scrolled out of sight too; lines that wrapped are whole."""
        return self.terminal.ask("capture-pane -p -J -S -")

    def cursor(self):
        return self.value("cursor_x", "cursor_y")

    def press(self, *keys):
        """Keys by tmux's names: Up, Tab, C-c, Enter, M-b."""
        self.terminal.ask("send-keys " + " ".join(quoted(key) for key in keys))

    def type(self, text):
        """Types, and nothing more."""
        self.terminal.ask("send-keys -l -- " + quoted(text))

    def paste(self, text):
        """As a person pastes: in brackets where the program asked for them."""
        self.terminal.ask("set-buffer -- " + quoted(text))
        self.terminal.ask("paste-buffer -p")

    def until(self, holds, what):
        """Waits until holds() is true, looking whenever the program has written."""
        deadline = time.monotonic() + PATIENCE
        while True:
            over = self.value("pane_dead") == 1 and self.value("pane_dead_status") != ""
            result = holds()
            if result:
                return result
            if over or time.monotonic() > deadline:
                self.fail("not seen: %s. The screen:\n%s" % (what, "\n".join(self.screen())))
            self.terminal.stirs(min(deadline, time.monotonic() + DEATH_SECONDS))

    def see(self, text):
        """Waits until the text is on the screen; returns the rows."""
        return self.until(lambda: [row for row in self.screen() if text in row] and self.screen(), text)

    def gone(self, text):
        return self.until(lambda: text not in "\n".join(self.screen()) and self.screen(), "the end of " + text)

    def at_prompt(self, below=-1, sign="> "):
        """Whether the cursor stands right behind an empty prompt, further down than the row `below` (counted from the first)."""
        x, y, above = self.value("cursor_x", "cursor_y", "history_size")
        row = self.terminal.ask("capture-pane -p -N -S %d -E %d" % (y, y))[0]
        text = row.rstrip() + " "
        return above + y > below and re.fullmatch(WHEREABOUTS + re.escape(sign), text) is not None and x == len(text)

    def settle(self, below=-1, sign="> "):
        self.until(lambda: self.at_prompt(below, sign), "a prompt")

    def row(self):
        """The cursor's row, counted from the first of all."""
        y, above = self.value("cursor_y", "history_size")
        return above + y

    def run_line(self, line, sign="> "):
        """Types a line, waits for the next prompt, returns the rows between."""
        before = self.row()
        self.type(line)
        self.press("Enter")
        self.settle(before, sign)
        rows = [row.rstrip() for row in self.everything()]
        while not rows[-1]:
            rows.pop()
        echo = max(i for i, row in enumerate(rows) if re.match(WHEREABOUTS + ">>? ", row) and row.endswith(line.rstrip()))
        return rows[echo + 1:-1]

    def ended(self):
        """Waits for the program's end; its exit status, or minus the signal that ended it."""
        self.until(lambda: self.value("pane_dead") == 1, "the end of the program")
        # tmux sees the terminal's end and the program's in two steps, and may miss the second until another child of its ends
        def known():
            self.terminal.ask("run-shell -b true")
            return any(word != "" for word in self.value("pane_dead_status", "pane_dead_signal"))
        self.until(known, "its status")
        status, number = self.value("pane_dead_status", "pane_dead_signal")
        return status if number == "" else -number

    def kill(self, number):
        os.kill(self.value("pane_pid"), number)

    def resize(self, rows, columns):
        self.terminal.ask("resize-window -x %d -y %d" % (columns, rows))

    def same(self, name, rows=None):
        """The screen is as it was kept in screens/NAME.txt."""
        text = "\n".join(row.rstrip() for row in (rows if rows is not None else self.screen())) + "\n"
        for pattern in VARIES:
            text = pattern.sub(lambda found: re.sub(r"\d", "0", found.group()), text)
        path = os.path.join(HERE, "screens", name + ".txt")
        if os.environ.get("EHLO_KEEP_SCREENS"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            self.assertEqual(text, file.read())
