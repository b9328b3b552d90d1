#!/usr/bin/env python3
"""Runs a command beside a small SMTP server on loopback, whose port it gets as EHLO_TEST_PORT; ends with the command's status.

The server answers by the first word of a line. Mailboxes choose the answer to RCPT: "no@" 550, "later@" 450, "bye@" 421 and
closes, "cut@" closes in the middle of a line. HELP sends two replies at once; NOOP SLOW and EHLO slow.* are never answered.
After a message the reply holds the SHA-256 of its bytes on the wire, before dots were unstuffed; after LHLO one for each recipient.
"""
import hashlib
import os
import pathlib
import socketserver
import subprocess
import sys
import threading

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

RCPT = {"no": b"550 5.1.1 <no@x>: no such user\r\n", "later": b"450 4.2.0 greylisted\r\n", "grow": b"250-2.1.5 one\r\n250 2.1.5 two\r\n"}


class Session(record.Recorded, socketserver.StreamRequestHandler):
    lmtp = False
    accepted = 0

    def handle(self):
        self.say(b"220 fake.example.org ESMTP\r\n")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if not self.answer(word, line.decode("latin-1")):
                return

    def say(self, data):
        self.wfile.write(data)
        self.wfile.flush()

    def answer(self, word, line):
        if line.startswith("EHLO slow."):
            pass
        elif word == b"EHLO":
            self.say(b"250-fake.example.org\r\n250-size 1000\r\n250-AUTH=PLAIN LOGIN\r\n250 PIPELINING\r\n")
        elif word == b"RCPT":
            return self.rcpt(line.split("<")[1].split("@")[0])
        elif word == b"HELP":
            self.say(b"214 help\r\n250 2.0.0 injected\r\n")
        elif line.startswith("NOOP SLOW"):
            pass
        elif word == b"LHLO":
            self.lmtp = True
            self.say(b"250-fake.example.org\r\n250 PIPELINING\r\n")
        elif word == b"DATA":
            self.data()
        elif word == b"BDAT":
            self.chunk(line.split())
        elif word == b"QUIT":
            self.say(b"221 2.0.0 bye\r\n")
            return False
        elif word == b"X8":
            self.say(b"250 caf\xc3\xa9 \x1b[31mred\x00\n")
        else:
            self.say(b"250 2.0.0 Ok\r\n")
        return True

    def data(self):
        if not self.accepted:
            return self.say(b"503 5.5.1 no recipient\r\n")
        self.say(b"354 go on\r\n")
        digest = hashlib.sha256()
        for line in self.rfile:
            if line == b".\r\n":
                break
            digest.update(line)
        self.verdict(digest)

    def chunk(self, words):
        digest = hashlib.sha256(self.rfile.read(int(words[1])))
        if words[2:] == ["LAST"]:
            self.verdict(digest)
        else:
            self.say(b"250 2.0.0 %s\r\n" % digest.hexdigest().encode())

    def verdict(self, digest):
        for _ in range(self.accepted if self.lmtp else 1):
            self.say(b"250 2.6.0 %s\r\n" % digest.hexdigest().encode())
        self.accepted = 0

    def rcpt(self, local):
        if local == "bye":
            self.say(b"421 4.3.2 closing\r\n")
            return False
        if local == "cut":
            self.say(b"250 2.1.")
            return False
        answer = RCPT.get(local, b"250 2.1.5 Ok\r\n")
        self.accepted += answer.startswith(b"250")
        self.say(answer)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 512

    def case(self):
        return record.case_of_harness("lua")


def main():
    with Server(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        status = subprocess.call(sys.argv[1:], env=dict(os.environ, EHLO_TEST_PORT=str(server.server_address[1])))
        server.shutdown()
    sys.exit(status)


if __name__ == "__main__":
    main()
