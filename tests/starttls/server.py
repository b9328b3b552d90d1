# The server of the table: it answers each command as its case says, and takes down all that it is told in the clear.
#
# It obeys whoever speaks to it: where a client goes on in the clear after STARTTLS, it answers, so that a client
# which would betray a secret there does so before our eyes.
import os
import pathlib
import socket
import ssl
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

PATIENCE = 20 # seconds: the most that any wait for the client lasts

CLOSE = object()   # the connection ends
SILENCE = object() # nothing more, until the client is gone
LISTEN = object()  # waits until the client has sent something, which stays unread
BARE = object()    # what follows goes around TLS, onto the wire as it is


class Gone(Exception):
    """The connection is over."""


class Server:
    """One connection on a port of its own. After join(): `clear`, the bytes that came before TLS, `lines` and
    `secret_lines`, the commands outside and inside of it."""

    def __init__(self, answers, context, piece, case, leave):
        self.answers = answers
        self.context = context
        self.piece = piece
        self.record = record.Session(f"starttls {case}", leave)
        self.clear = b""
        self.lines = []
        self.secret_lines = []
        self.trouble = None
        self.pending = b""
        self.secured = False
        self.stream = self.wire = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(PATIENCE)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def join(self):
        self.listener.shutdown(socket.SHUT_RDWR) # nobody may have come
        self.thread.join(PATIENCE)
        self.listener.close()

    def run(self):
        try:
            self.stream, _ = self.listener.accept()
            self.stream.settimeout(PATIENCE)
            self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.wire = socket.socket(fileno=os.dup(self.stream.fileno()))
            self.wire.settimeout(PATIENCE)
            self.talk()
        except (Gone, ConnectionError, ssl.SSLError):
            pass
        except Exception as error: # whatever it is, it is the test's fault and must be seen
            self.trouble = f"the server failed: {error!r}"
        finally:
            for each in (self.stream, self.wire):
                if each:
                    each.close()
            self.record.close()

    def talk(self):
        self.act(self.answers["greeting"])
        while True:
            line = self.read_line()
            (self.secret_lines if self.secured else self.lines).append(line)
            verb = line.split(" ")[0].upper()
            place = f"tls {verb}" if self.secured else verb
            self.act(self.answers.get(place, self.answers.get(verb, ["500 5.5.1 What?\r\n"])))
            if verb == "STARTTLS" and not self.secured:
                self.perhaps_handshake()

    def act(self, acts):
        target = self.stream
        for each in acts:
            if each is CLOSE:
                self.stream.shutdown(socket.SHUT_RDWR)
                raise Gone
            if each is SILENCE:
                while True:
                    self.more()
            if each is LISTEN:
                self.wire.recv(1, socket.MSG_PEEK)
            elif each is BARE:
                target = self.wire
            else:
                self.write(target, each.encode("latin-1"))

    def write(self, target, data):
        size = self.piece or len(data)
        for at in range(0, len(data), size or 1):
            target.sendall(data[at:at + size])

    def perhaps_handshake(self):
        if self.wire.recv(1, socket.MSG_PEEK) != b"\x16": # a ClientHello
            return
        self.stream = self.context.wrap_socket(self.stream, server_side=True)
        self.secured = True
        self.act(self.answers.get("secured", []))

    def more(self):
        data = self.stream.recv(65536)
        if not data:
            raise Gone
        self.pending += self.record.heard(data)
        if not self.secured:
            self.clear += data

    def read_line(self):
        while b"\n" not in self.pending:
            self.more()
        line, _, self.pending = self.pending.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")
