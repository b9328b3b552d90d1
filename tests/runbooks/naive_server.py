"""An SMTP server on loopback with the flaws that runbooks look for: it can keep what was sent in the clear when TLS begins, answer it
in the clear, hang up on it, or end messages where none ends. Callers: the tests of bundled runbooks.
"""
import os
import pathlib
import socket
import ssl
import subprocess
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record  # noqa: E402


def certificate(folder):
    """A key and a certificate that signs itself, in one file."""
    path = os.path.join(folder, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", path, "-out",
                    path + ".crt", "-subj", "/CN=localhost", "-days", "9"], check=True, capture_output=True)
    with open(path, "a", encoding="ascii") as file, open(path + ".crt", encoding="ascii") as made:
        file.write(made.read())
    return path


class Visit:
    def __init__(self, server, sock):
        self.server, self.sock, self.pending = server, sock, b""
        self.heard = record.Session("runbooks: " + server.name, server.leave)

    def read_until(self, *ends):
        while True:
            found = [(self.pending.find(end), end) for end in ends if end in self.pending]
            if found:
                at, end = min(found, key=lambda each: (each[0], -len(each[1])))
                taken, self.pending = self.pending[:at], self.pending[at + len(end):]
                return taken
            data = self.sock.recv(65536)
            if not data:
                raise ConnectionError
            self.pending += self.heard.heard(data)

    def say(self, text):
        self.sock.sendall(text.encode() + b"\r\n")

    def starttls(self):
        how = self.server.behind
        if self.pending and how == "close":
            raise ConnectionError
        self.say("220 go ahead")
        if self.pending and how == "clear":
            self.say("500 what")
        if how != "carry":
            self.pending = b""
        self.sock = self.server.tls.wrap_socket(self.sock, server_side=True)

    def line(self, text):
        verb = text.upper().split(" ")[0].split(":")[0]
        if verb == "EHLO":
            self.say("250-naive.example.org\r\n250-PIPELINING\r\n250 STARTTLS")
        elif verb == "STARTTLS":
            self.starttls()
        elif verb == "DATA":
            self.say("354 go on")
            self.server.messages.append(self.read_until(b"\r\n.\r\n", *self.server.ends))
            self.say("250 2.0.0 kept")
        elif verb in ("MAIL", "RCPT", "RSET", "NOOP"):
            self.say("250 2.0.0 fine")
        elif verb == "QUIT":
            self.say("221 bye")
            raise ConnectionError
        else:
            self.say("500 5.5.2 no such command")

    def run(self):
        with self.sock:
            try:
                self.say("220 naive.example.org ESMTP")
                while True:
                    self.line(self.read_until(b"\r\n").decode("latin-1"))
            except (OSError, ssl.SSLError):
                pass
        self.sock.close()
        self.heard.close()


class Server:
    """`behind`: what becomes of bytes behind STARTTLS: "drop", "carry", "clear" or "close". `ends`: what else ends a message."""

    def __init__(self, name, folder, leave, behind="drop", ends=()):
        self.name, self.leave, self.behind, self.ends, self.messages = name, leave, behind, ends, []
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate(folder))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept)]
        self.threads[0].start()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(60)
            self.threads.append(threading.Thread(target=Visit(self, sock).run))
            self.threads[-1].start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join()
