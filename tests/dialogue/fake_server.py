# A mail server that says what a dialogue tells it to, well or badly: the other side of every case in this folder.
#
# A dialogue is lines, each one step:
#
#   send TEXT      TEXT and CR LF         raw TEXT       TEXT alone
#   expect GLOB    one line of the client, which must match; "expect" alone: any line
#   tls            the handshake, as the server
#   endless TEXT   TEXT again and again, without CR LF, until the client is gone
#   drip S TEXT    TEXT again and again, a byte every S seconds, until the client is gone
#   delay S        nothing for S seconds; ends early when the client is gone
#   silence        nothing until the client is gone
#   await          anything of the client, a handshake's first bytes perhaps
#   polite         250 to every command, 221 to QUIT
#   close          the end of the stream  reset          the end by RST
#   times N TEXT   TEXT and CR LF, N times, all in one write
#   fill N TEXT    TEXT alone, N times, all in one write
#
# TEXT knows \r \n \t \0 \e \\ and \xNN. Steps `send` and `raw` that follow each other are one write, so that they reach the
# client together; with `piece` set, every write is cut into pieces of so many bytes. After the last step the server says
# nothing until the client is gone. Lines that begin with # are comments.
import fcntl
import fnmatch
import pathlib
import re
import select
import socket
import ssl
import struct
import sys
import termios
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "0": "\0", "e": "\x1b", "\\": "\\"}
PATIENCE = 30 # seconds: the most that any wait for the client lasts, so that a fault ends in a failed test


def unescape(text):
    def one(match):
        word = match.group(1)
        return chr(int(word[1:], 16)) if word[0] == "x" else ESCAPES[word]
    return re.sub(r"\\(x[0-9a-fA-F]{2}|[rnt0e\\])", one, text).encode("latin-1")


class Trouble(Exception):
    """The client did not do what the dialogue expects."""


class ClientGone(Exception):
    """The client closed: no fault by itself."""


class FakeServer:
    """One connection on a port of its own. After join(): `lines` that the client sent, `trouble` or None."""

    def __init__(self, steps, piece=None, tls=None, case="", leave=""):
        self.steps = [each for each in steps if each and not each.startswith("#")]
        self.piece = piece
        self.tls = tls
        self.lines = []
        self.record = record.Session(f"dialogue {case}", leave)
        self.trouble = None
        self.pending = b""
        self.stream = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def join(self):
        self.listener.close()
        self.thread.join(PATIENCE)

    def run(self):
        try:
            self.stream, _ = self.listener.accept()
            self.stream.settimeout(PATIENCE)
            self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.play()
        except (ClientGone, ConnectionError, BrokenPipeError, ssl.SSLError):
            pass
        except Trouble as trouble:
            self.trouble = str(trouble)
        except OSError as error:
            self.trouble = f"the server failed: {error}"
        finally:
            if self.stream:
                self.stream.close()
                self.record.close()

    def play(self):
        waiting = b""
        for step in self.steps:
            verb, _, rest = step.partition(" ")
            if verb in ("send", "raw"):
                waiting += unescape(rest) + (b"\r\n" if verb == "send" else b"")
                continue
            self.write(waiting)
            waiting = b""
            if verb not in self.VERBS:
                raise Trouble(f"the dialogue has no step {verb}")
            if self.VERBS[verb](self, rest):
                return
        self.write(waiting)
        self.silence("")

    def write(self, data):
        for at in range(0, len(data), self.piece or len(data) or 1):
            self.stream.sendall(data[at:at + (self.piece or len(data))])

    def read_line(self):
        while b"\n" not in self.pending:
            self.more()
        line, _, self.pending = self.pending.partition(b"\n")
        if not line.endswith(b"\r"):
            raise Trouble(f"the client ended a line by LF alone: {line!r}")
        return line[:-1].decode("latin-1")

    def expect(self, glob):
        line = self.read_line()
        self.lines.append(line)
        if glob and not fnmatch.fnmatchcase(line, glob):
            raise Trouble(f"the client sent {line!r} where {glob!r} was expected")

    def start_tls(self, _):
        if self.pending:
            raise Trouble(f"the client sent {self.pending!r} before it began TLS")
        try:
            self.stream = self.tls.wrap_socket(self.stream, server_side=True)
        except (ssl.SSLError, ConnectionError) as error:
            raise ClientGone from error

    def endless(self, text):
        data = unescape(text)
        data *= max(1, 65536 // len(data))
        while True:
            self.write(data)

    def drip(self, rest):
        seconds, _, text = rest.partition(" ")
        while True:
            for byte in unescape(text):
                self.stream.sendall(bytes([byte]))
                self.delay(seconds)

    def more(self):
        data = self.stream.recv(65536)
        if not data:
            raise ClientGone
        self.pending += self.record.heard(data)

    def delay(self, seconds):
        if select.select([self.stream], [], [], float(seconds))[0]:
            self.more()

    def wait(self, _):
        self.more()

    def silence(self, _):
        while True:
            self.more()

    def polite(self, _):
        while True:
            self.expect("")
            last = self.lines[-1].upper() == "QUIT"
            self.write(b"221 2.0.0 Bye\r\n" if last else b"250 2.0.0 Ok\r\n")

    def close(self, _):
        """Where something of the client is unread, the kernel ends by RST, which discards what is still on its way: so
        nothing may be."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and int.from_bytes(fcntl.ioctl(self.stream, termios.TIOCOUTQ, bytes(4)), sys.byteorder):
            select.select([], [], [], 0.001)
        return True

    def reset(self, _):
        self.close(_)
        self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return True

    def times(self, rest):
        count, _, text = rest.partition(" ")
        self.write((unescape(text) + b"\r\n") * int(count))

    def fill(self, rest):
        count, _, text = rest.partition(" ")
        self.write(unescape(text) * int(count))

    VERBS = {"expect": expect, "tls": start_tls, "endless": endless, "drip": drip, "delay": delay,
             "silence": silence, "await": wait, "polite": polite, "close": close, "reset": reset,
             "times": times, "fill": fill}
