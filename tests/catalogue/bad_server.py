"""A web server on loopback that does what its test says. Callers: the test files of this folder.

Requests are told as (path, headers) in `asked`; `answers` gives for each path a function of the visit, or bytes for a plain 200.
"""
import http.server
import threading


class Visit(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path)
        try:
            if callable(answer):
                answer(self)
            elif answer is None:
                self.say(404, b"none")
            else:
                self.say(200, answer)
        except OSError:
            self.close_connection = True

    do_CONNECT = do_GET

    def say(self, status, body, part=None, **headers):
        """A whole answer, or (with `part`) as many bytes of it before the connection closes."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if part is None else body[:part])
        self.close_connection = self.close_connection or part is not None


class BadServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Visit)
        self.asked, self.answers = [], {}
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def handle_error(self, request, client_address):
        pass

    def stop(self):
        self.shutdown()
        self.server_close()
