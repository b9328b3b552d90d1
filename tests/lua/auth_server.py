#!/usr/bin/env python3
"""Runs a command beside SMTP servers on loopback that know AUTH; ends with the command's status. EHLO_AUTH_PORT speaks TLS 1.3 after
STARTTLS, EHLO_AUTH_PORT_12 TLS 1.2.

The name in EHLO chooses the server: its labels are the mechanisms it lists, and how it misbehaves: "echo" repeats in each refusal, raw
and in base64, what it was sent; "cut" does so and closes in the middle; "garbage" sends a challenge that is no base64; "endless" one
after the other; "stubborn" goes on after "*"; "unproven" accepts SCRAM without proof; "eager" accepts
before it has heard the response; "iterations" asks for too much hashing.
"""
import base64
import ctypes
import hashlib
import hmac
import os
import pathlib
import socketserver
import ssl
import subprocess
import sys
import tempfile
import threading

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

USER, SECRET, TOKEN = "user", "c4nary-Hunter2!", "ya29.c4nary-t0ken~+/=="


def b64(data):
    return base64.b64encode(data)


def exporter(connection):
    """The tls-exporter binding (RFC 9266), which Python's ssl does not give: from OpenSSL's own SSL, which lies behind two pointers."""
    ours = ctypes.CDLL("libssl.so.3")
    raw = ctypes.c_void_p.from_address(id(connection._sslobj) + 3 * ctypes.sizeof(ctypes.c_void_p)).value
    out, label = ctypes.create_string_buffer(32), b"EXPORTER-Channel-Binding"
    ours.SSL_export_keying_material.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t,
                                                ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int]
    assert ours.SSL_export_keying_material(raw, out, 32, label, len(label), b"", 0, 1) == 1
    return out.raw


class Refused(Exception):
    pass


class Cancelled(Exception):
    pass


class Session(record.Recorded, socketserver.StreamRequestHandler):
    labels = ()
    secured = False
    heard = ()

    def handle(self):
        try:
            self.say(b"220 auth.example.org ESMTP")
            while True:
                line = self.rfile.readline()
                if not line or not self.answer(line.decode().rstrip("\r\n")):
                    return
        except (OSError, ValueError):
            pass

    def say(self, line):
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def answer(self, line):
        word = line.split(" ")[0].upper()
        if word == "EHLO":
            self.labels = line[5:].upper().split(".")
            names = [n for n in self.labels if "SCRAM" in n or n in NAMES]
            self.say(b"250-auth.example.org")
            self.say(b"250-STARTTLS")
            self.say(b"250 AUTH " + " ".join(names).encode() if names else b"250 PIPELINING")
        elif word == "STARTTLS":
            self.say(b"220 2.0.0 go on")
            self.secure()
        elif word == "AUTH":
            return self.auth(line.split(" ")[1:])
        elif word == "NOOP" and self.heard:
            self.say(b"250 2.0.0 you said " + self.heard[-1])
        elif word == "QUIT":
            self.say(b"221 2.0.0 bye")
            return False
        else:
            self.say(b"250 2.0.0 Ok")
        return True

    def secure(self):
        self.connection = self.server.context.wrap_socket(self.connection, server_side=True)
        self.rfile = record.Tee(self.connection.makefile("rb"), self.record)
        self.wfile = self.connection.makefile("wb")
        self.secured = True

    def ask(self, challenge):
        self.say(b"334 " + b64(challenge) + (b"\r\n235 2.7.0 welcome already" if "EAGER" in self.labels else b""))
        return self.hear(self.rfile.readline().rstrip(b"\r\n"))

    def hear(self, text):
        if text == b"*":
            raise Cancelled
        self.heard = (*self.heard, text, base64.b64decode(text))
        return base64.b64decode(text)

    def first(self, words):
        if len(words) < 2:
            return self.ask(b"")
        return b"" if words[1] == "=" else self.hear(words[1].encode())

    def method(self, name):
        return NAMES.get("SCRAM" if name.startswith("SCRAM") else name)

    def auth(self, words):
        self.heard = ()
        try:
            if "GARBAGE" in self.labels:
                self.say(b"334 !this is no base64!")
                self.hear(self.rfile.readline().rstrip(b"\r\n"))
            while "ENDLESS" in self.labels:
                self.ask(b"more")
            name = words[0].upper()
            method = self.method(name)
            if not method:
                self.say(b"504 5.5.4 unknown mechanism")
                return True
            method(self, words)
        except Refused:
            return self.refuse()
        except Cancelled:
            self.say(b"334 bW9yZQ==" if "STUBBORN" in self.labels else b"501 5.7.0 cancelled")
            return True
        size = b" with %d bytes on the AUTH line" % len(words[1]) if len(words) > 1 else b""
        self.say(b"235 2.7.0 welcome" + size)
        return True

    def refuse(self):
        if "CUT" in self.labels:
            self.wfile.write(b"535 5.7.8 no: " + b" ".join(self.heard))
            self.wfile.flush()
            return False
        if "ECHO" in self.labels:
            for text in self.heard:
                self.say(b"535-5.7.8 <" + text.replace(b"\0", b" ").replace(b"\r", b"") + b">")
            self.say(b"535-5.7.8 " + b64(b"\0".join(self.heard)))
        self.say(b"535 5.7.8 authentication failed")
        return True

    def plain(self, words):
        if self.first(words).split(b"\0")[1:] != [USER.encode(), SECRET.encode()]:
            raise Refused

    def login(self, words):
        user, secret = self.ask(b"Username:"), self.ask(b"Password:")
        if (user, secret) != (USER.encode(), SECRET.encode()):
            raise Refused

    def cram(self, words):
        challenge = b"<1.2@auth.example.org>"
        wanted = hmac.new(SECRET.encode(), challenge, "md5").hexdigest()
        if self.ask(challenge) != f"{USER} {wanted}".encode():
            raise Refused

    def external(self, words):
        if self.first(words) not in (b"", USER.encode()):
            raise Refused

    def bearer(self, words):
        text = self.first(words)
        good = (f"n,a={USER},\1host=127.0.0.1\1port={self.server.server_address[1]}\1auth=Bearer {TOKEN}\1\1".encode(),
                f"user={USER}\1auth=Bearer {TOKEN}\1\1".encode())
        if text not in good:
            end = self.ask(b'{"status":"invalid_token","token":"' + text + b'"}')
            self.heard = (*self.heard, b"AQ==" if end == b"\1" else b"empty")
            raise Refused

    def scram(self, words):
        name = words[0].upper()
        kind = "sha256" if "256" in name else "sha1"
        header, bare = self.split(self.first(words))
        if "UNPROVEN" in self.labels:
            return
        binding = self.binding(header, name)
        nonce = bare.split(b",r=")[1] + b"server"
        rounds = 2000000 if "ITERATIONS" in self.labels else 4096
        first = b"r=%s,s=%s,i=%d" % (nonce, b64(b"salt"), rounds)
        final = self.ask(first)
        without, proof = final.split(b",p=")
        if without != b"c=" + b64(header + binding) + b",r=" + nonce:
            raise Refused
        message = b",".join((bare, first, without))
        salted = hashlib.pbkdf2_hmac(kind, SECRET.encode(), b"salt", rounds)
        key = hmac.digest(salted, b"Client Key", kind)
        signature = hmac.digest(hashlib.new(kind, key).digest(), message, kind)
        if bytes(a ^ b for a, b in zip(key, signature)) != base64.b64decode(proof):
            raise Refused
        self.ask(b"v=" + b64(hmac.digest(hmac.digest(salted, b"Server Key", kind), message, kind)))

    def split(self, text):
        flag, authzid, bare = text.split(b",", 2)
        return flag + b"," + authzid + b",", bare

    def binding(self, header, name):
        listed = any(label.endswith("-PLUS") for label in self.labels)
        if name.endswith("-PLUS"):
            if header.startswith(b"p=tls-exporter,") and self.connection.version() == "TLSv1.3":
                return exporter(self.connection)
            if not header.startswith(b"p=tls-unique,"):
                raise Refused
            return self.connection.get_channel_binding("tls-unique")
        if header.startswith(b"p=") or (listed and header.startswith(b"y")):
            raise Refused
        return b""


NAMES = {"PLAIN": Session.plain, "LOGIN": Session.login, "CRAM-MD5": Session.cram, "EXTERNAL": Session.external, "SCRAM": Session.scram,
         "OAUTHBEARER": Session.bearer, "XOAUTH2": Session.bearer}


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler, pem, newest):
        super().__init__(("127.0.0.1", 0), handler)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.context.maximum_version = newest
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def case(self):
        return record.case_of_harness("lua auth")


def main(handler=Session):
    with tempfile.TemporaryDirectory(prefix="ehlo-auth-") as folder:
        pem = os.path.join(folder, "both.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=auth.example.org", "-keyout", pem, "-out", pem + ".cert"], check=True, capture_output=True)
        with open(pem, "ab") as file, open(pem + ".cert", "rb") as more:
            file.write(more.read())
        new, old = Server(handler, pem, ssl.TLSVersion.TLSv1_3), Server(handler, pem, ssl.TLSVersion.TLSv1_2)
        status = subprocess.call(sys.argv[1:], env=dict(os.environ, EHLO_AUTH_PORT=str(new.server_address[1]),
                                                        EHLO_AUTH_PORT_12=str(old.server_address[1])))
        new.shutdown()
        old.shutdown()
    sys.exit(status)


if __name__ == "__main__":
    main()
