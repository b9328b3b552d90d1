"""Talking to a server at the prompt: what is shown, what cannot harm, what can be interrupted."""
import pathlib
import socket
import sys
import threading
import unittest

from prompt_driver import PROMPT, PromptCase, readlines_own

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "records"))
import record

AT_SERVER = r"127\.0\.0\.1> $"


class Server:
    """Answers on a loopback port; to VRFY it never answers."""

    replies = {"EHLO": "250-mx.example.org\r\n250 SIZE 1000", "RCPT": "550 5.1.1 \x1b[31mno such user", "QUIT": "221 bye"}

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.silent = threading.Event()
        self.leave = ""
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        session = record.Session("prompt", self.leave)
        with client, client.makefile("rb") as lines:
            client.sendall(b"220 mx.example.org ESMTP\r\n")
            for line in record.Tee(lines, session):
                verb = line.split()[0].decode("ascii", "replace").upper()
                if verb == "VRFY":
                    self.silent.set()
                    continue
                client.sendall((self.replies.get(verb, "250 ok") + "\r\n").encode())
                if verb == "QUIT":
                    break
        session.close()

    def close(self):
        self.socket.close()


class Sessions(PromptCase):
    def setUp(self):
        super().setUp()
        self.server = Server()
        self.addCleanup(self.server.close)
        self.start()
        if self.type("(pcall(function() return smtp.connect end))") != "true":
            self.skipTest("this build has no network module")

    def connect(self):
        return self.type('s = smtp.connect("127.0.0.1:%d")' % self.server.port, AT_SERVER)

    def test_the_prompt_names_the_server_while_it_is_connected(self):
        self.assertIn("220 mx.example.org ESMTP", self.connect())
        self.assertIn("250 SIZE 1000", self.type("s:ehlo()", AT_SERVER))
        self.type("s:quit()", PROMPT)
        self.assertEqual(self.type("1"), "1")

    @readlines_own("how a completed word is written anew")
    def test_methods_of_a_session_are_completed(self):
        self.connect()
        self.child.send("s:starttl\t")
        self.child.expect_exact("s:starttls(")

    def test_a_record_is_shown_as_its_timeline(self):
        self.type('r = smtp.probe("127.0.0.1:%d", {to = "a@example.org", tls = "none"})' % self.server.port)
        self.child.send("r\r")
        shown = self.wait()
        self.assertIn("refused permanently at RCPT", shown)
        self.assertIn("\\x1B[31mno such user", shown)
        self.assertNotIn("\x1b[31m", self.child.before)

    def test_ctrl_c_ends_the_wait_for_a_reply(self):
        self.server.leave = "intrusive"
        self.connect()
        self.type("shell.allow('intrusive')", AT_SERVER)
        self.child.send('s:vrfy("a")\r')
        self.assertTrue(self.server.silent.wait(20))
        self.child.sendintr()
        self.wait(r"(?:127\.0\.0\.1)?> $")
        self.child.send("io.write('an' .. 'swer\\n')\r")
        self.child.expect("answer\r\n")


if __name__ == "__main__":
    unittest.main()
