#!/usr/bin/env python3
"""Runs a command beside two HTTP servers on loopback, one of them with TLS; ends with the command's status. EHLO_HTTP and EHLO_HTTPS
are their addresses, EHLO_HTTP_CA the authority that signed the certificate.

The path says how a server behaves: see Visit. Those that misbehave close the connection afterwards.
"""
import gzip
import http.server
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "starttls"))
import certificates

BODY = b"twelve bytes"


class Visit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, headers=None, body=b""):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def open_end(self, headers):
        self.close_connection = True
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def do_GET(self):
        try:
            path, _, query = self.path.partition("?")
            getattr(self, "get_" + path.strip("/").replace("-", "_"))(urllib.parse.unquote(query))
        except OSError:
            self.close_connection = True

    def get_plain(self, _):
        self.answer(200, {"X-Two": "a", "x-two": "b"}, BODY)

    def get_echo(self, _):
        lines = [f"{name.lower()}: {value}" for name, value in self.headers.items()]
        self.answer(200, {}, "\n".join(lines).encode())

    def get_missing(self, _):
        self.answer(404, {}, b"no such thing")

    def get_tagged(self, _):
        known = self.headers.get("If-None-Match") == '"one"'
        self.answer(304 if known else 200, {"ETag": '"one"'}, b"" if known else BODY)

    def get_ranged(self, _):
        wanted = self.headers.get("Range", "bytes=0-")
        start = int(wanted[6:-1]) if self.headers.get("If-Range", '"one"') == '"one"' else 0
        self.answer(206 if start else 200, {"ETag": '"one"', "Content-Range": f"bytes {start}-11/12"}, BODY[start:])

    def get_packed(self, _):
        self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(BODY * 1000))

    def get_bomb(self, _):
        self.answer(200, {"Content-Encoding": "gzip"}, gzip.compress(bytes(32 << 20)))

    def get_nothing_for_ever(self, _):
        self.open_end({"Content-Encoding": "gzip"})
        packer = zlib.compressobj(wbits=31)
        self.wfile.write(packer.flush(zlib.Z_SYNC_FLUSH))
        while True: # blocks that hold nothing
            self.wfile.write(b"\0\0\0\xff\xff" * 1000)

    def get_endless(self, _):
        self.open_end({})
        while True:
            self.wfile.write(bytes(65536))

    def get_endless_header(self, _):
        self.send_response(200)
        self.flush_headers()
        while True:
            self.wfile.write(b"X-More: " + b"m" * 1000 + b"\r\n")

    def get_endless_continue(self, _):
        while True:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)

    def get_silent(self, _):
        self.rfile.read(1)

    def get_slow(self, _):
        self.open_end({"Content-Length": "1000000"})
        self.wfile.write(BODY)
        self.rfile.read(1)

    def get_cut(self, _):
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(BODY)

    def get_to(self, query):
        self.answer(302, {"Location": query})

    def get_round(self, _):
        self.answer(301, {"Location": "/round"})

    def get_large(self, _):
        self.send_response(200)
        self.send_header("Content-Length", str(4 << 20))
        self.end_headers()
        for _ in range(64):
            self.wfile.write(bytes(65536))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


def serve(context=None):
    server = Server(("127.0.0.1", 0), Visit)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"


def main():
    with tempfile.TemporaryDirectory(prefix="ehlo-http-") as folder:
        contexts = certificates.make(folder)
        pathlib.Path(folder, "file.txt").write_bytes(BODY)
        env = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        pathlib.Path(folder, "hosts").write_text("127.0.0.1 elsewhere.example.org other.example.org\n")
        env.update(EHLO_HTTP=serve(), EHLO_HTTPS=serve(contexts["right"]), EHLO_HTTPS_EXPIRED=serve(contexts["expired"]),
                   EHLO_HTTPS_NAMED=serve(contexts["wrong-host"]), EHLO_HTTP_CA=f"{folder}/ca.pem",
                   EHLO_HTTP_HOSTS=f"{folder}/hosts", EHLO_HTTP_FILE=f"{folder}/file.txt")
        return subprocess.run(sys.argv[1:], env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
