#!/usr/bin/env python3
"""Updates from servers that are broken, slow or hostile: one clear line, and the catalogue in force stays."""
import os
import pty
import select
import signal
import subprocess
import threading
import unittest

from bad_server import BadServer
from publisher import PROGRAM, CatalogueCase, document, publish

PATH = "/catalogue.json"


class Hostile(CatalogueCase):
    def setUp(self):
        super().setUp()
        self.server = BadServer()
        self.addCleanup(self.server.stop)
        self.place = os.path.join(self.home, "published")
        self.add(self.server.url + PATH)
        self.first = self.serve(document(1))
        self.update()
        self.data = self.serve(document(2))

    def serve(self, data):
        path = publish(self.place, data, self.keys)
        with open(path + ".minisig", "rb") as file:
            self.server.answers = {PATH: data, PATH + ".minisig": file.read()}
        return data

    def refused(self, *more, says):
        line = self.update(*more, status=1, says=says)
        self.assertIn("version 1 stays in force", line)
        self.assertInForce(self.first)
        self.assertEqual(sorted(set(os.listdir(self.folder_of)) - {"part", "part.lua"}), ["1", "current"])

    def accepted(self):
        self.update(says="version 2 is in force in place of version 1")
        self.assertInForce(self.data)
        self.assertClean()

    def test_a_truncated_document_is_refused(self):
        self.server.answers[PATH] = lambda visit: visit.say(200, self.data, part=40)
        self.refused(says="closed with")

    def test_a_document_cut_short_with_a_matching_length_is_refused(self):
        self.server.answers[PATH] = self.data[:-40]
        self.refused(says="the signature does not match")

    def test_a_truncated_signature_is_refused(self):
        signature = self.server.answers[PATH + ".minisig"]
        for length in (0, 40, 150, len(signature) - 30):
            self.server.answers[PATH + ".minisig"] = signature[:length]
            self.refused(says="signature")
        self.server.answers[PATH + ".minisig"] = lambda visit: visit.say(200, signature, part=40)
        self.refused(says="its signature cannot be had")

    def endless(self, visit):
        visit.close_connection = True
        visit.send_response(200)
        visit.end_headers()
        while True:
            visit.wfile.write(bytes(1 << 16))

    def test_an_endless_document_ends_at_the_limit_and_nothing_is_written(self):
        self.server.answers[PATH] = self.endless
        self.refused(says="larger than 16777216 bytes")
        self.assertClean()

    def test_an_endless_signature_ends_at_the_limit(self):
        self.server.answers[PATH + ".minisig"] = self.endless
        self.refused(says="larger than 16384 bytes")

    def test_a_length_beyond_the_limit_is_refused_before_anything_comes(self):
        def announce(visit):
            visit.send_response(200)
            visit.send_header("Content-Length", str(1 << 40))
            visit.end_headers()
            visit.rfile.read(1)

        self.server.answers[PATH] = announce
        self.refused(says="larger than 16777216 bytes")

    def test_a_slow_or_silent_server_ends_at_the_deadline(self):
        over = threading.Event()
        self.addCleanup(over.set)

        def drip(visit):
            visit.send_response(200)
            visit.send_header("Content-Length", str(len(self.data)))
            visit.end_headers()
            for byte in self.data:
                visit.wfile.write(bytes([byte]))
                if over.wait(0.05):
                    return

        for answer in (drip, lambda visit: over.wait(30)):
            self.server.answers[PATH] = answer
            self.refused("--timeout", "0.4", says="not done in 0.4 s")

    def test_redirects_to_a_file_or_to_plain_http_are_refused(self):
        path = publish(self.place, self.data, self.keys)
        for target in ("file://" + path, "ftp://127.0.0.1" + PATH):
            self.server.answers[PATH] = lambda visit, to=target: visit.say(302, b"", Location=to)
            self.refused(says="a redirect may only lead to https")
        self.server.answers[PATH] = lambda visit: visit.say(302, b"", Location="http://192.0.2.1" + PATH)
        self.refused(says="only https is fetched")
        self.server.answers[PATH] = lambda visit: visit.say(302, b"", Location=PATH)
        self.refused(says="redirects more than 5 times")

    def test_an_answer_that_was_not_asked_for_is_refused(self):
        for status in (206, 204, 403, 500):
            self.server.answers[PATH] = lambda visit, code=status: visit.say(code, b"")
            self.refused(says=f"the server answered {status}")
        self.server.answers[PATH] = b"<html>Log in to the wireless network</html>"
        self.refused(says="signature does not match")

    def test_not_modified_counts_only_where_it_was_asked_for(self):
        self.answer("catalogue", "remove", "org")
        self.add(self.server.url + PATH)
        self.server.answers[PATH] = lambda visit: visit.say(304, b"")
        self.update(status=1, says="the server answered 304")

    def test_a_fetch_that_broke_off_goes_on_where_it_was(self):
        half = len(self.data) // 2
        self.server.answers[PATH] = lambda visit: visit.say(200, self.data, part=half, ETag='"two"')
        self.refused(says="closed with")

        def rest(visit):
            self.assertEqual((visit.headers["Range"], visit.headers["If-Range"]), (f"bytes={half}-", '"two"'))
            visit.say(206, self.data[half:], Content_Range=f"bytes {half}-{len(self.data) - 1}/{len(self.data)}")

        self.server.answers[PATH] = rest
        self.accepted()

    def begin_something_else(self):
        self.server.answers[PATH] = lambda visit: visit.say(200, b"something else, of another day", part=20, ETag='"other"')
        self.refused(says="closed with")
        self.assertTrue(os.path.exists(os.path.join(self.folder_of, "part")))

    def test_where_it_has_changed_meanwhile_all_of_it_is_fetched(self):
        self.begin_something_else()
        self.server.answers[PATH] = self.data # a 200: not what was begun
        self.accepted()

    def test_where_what_was_begun_cannot_be_believed_all_of_it_is_fetched_anew(self):
        self.begin_something_else()

        def lying(visit): # says that it goes on, with the bytes of another document
            if "Range" in visit.headers:
                visit.say(206, self.data[20:], Content_Range=f"bytes 20-{len(self.data) - 1}/{len(self.data)}")
            else:
                visit.say(200, self.data)

        self.server.answers[PATH] = lying
        self.accepted()

    def test_a_proxy_of_the_environment_is_asked_for_what_lies_beyond_this_machine(self):
        self.answer("catalogue", "add", "https://catalogue.example.org/c.json", "--key", self.keys.text, "far")
        env = {"https_proxy": self.server.url, "http_proxy": self.server.url}
        self.server.asked.clear()
        r = self.ehlo("catalogue", "update", "far", env=env)
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)
        self.assertEqual([path for path, _ in self.server.asked], ["catalogue.example.org:443"])
        self.server.asked.clear()
        self.ehlo("catalogue", "update", "org", env=env)
        self.assertEqual(self.server.asked[0][0], PATH)

    def test_two_at_once_are_one_after_the_other(self):
        asked, go = threading.Event(), threading.Event()

        def hold(visit):
            asked.set()
            go.wait(60)
            if visit.headers.get("If-None-Match") == '"two"':
                visit.say(304, b"")
            else:
                visit.say(200, self.data, ETag='"two"')

        self.server.answers[PATH] = hold
        both = [self.start()]
        self.assertTrue(asked.wait(60))
        both.append(self.start())
        go.set()
        said = [each.communicate(timeout=60) + (each.returncode,) for each in both]
        self.assertEqual([(err, status) for _, err, status in said], [(b"", 0), (b"", 0)])
        self.assertIn(b"version 2 is in force", said[0][0])
        self.assertIn(b"version 2 is current", said[1][0])
        self.assertInForce(self.data)
        self.assertClean()

    def test_who_waits_for_another_update_does_not_wait_for_ever(self):
        asked, go = threading.Event(), threading.Event()
        self.addCleanup(go.set)
        self.server.answers[PATH] = lambda visit: (asked.set(), go.wait(60), visit.say(200, self.data))
        first = self.start()
        self.assertTrue(asked.wait(60))
        self.update("--timeout", "0.2", status=1, says="another update is under way")
        go.set()
        self.assertEqual(first.communicate(timeout=60)[1], b"")

    def test_ctrl_c_ends_an_update_and_leaves_nothing(self):
        asked, over = threading.Event(), threading.Event()
        self.addCleanup(over.set)
        self.server.answers[PATH] = lambda visit: (asked.set(), over.wait(60))
        process = self.start()
        self.assertTrue(asked.wait(60))
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.communicate(timeout=60), (b"", b"ehlo: interrupted\n"))
        self.assertEqual(process.returncode, 130)
        self.assertInForce(self.first)
        self.server.answers[PATH] = self.data
        self.accepted()

    def start(self, stderr=subprocess.PIPE):
        return subprocess.Popen([PROGRAM, "catalogue", "update"], env=self.environment(), cwd=self.home, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=stderr)

    def test_progress_is_shown_on_a_terminal_only(self):
        shown = threading.Event()
        self.addCleanup(shown.set)

        def in_two_halves(visit):
            visit.send_response(200)
            visit.send_header("Content-Length", str(len(self.data)))
            visit.end_headers()
            visit.wfile.write(self.data[:100])
            shown.wait(60)
            visit.wfile.write(self.data[100:])

        self.server.answers[PATH] = in_two_halves
        outer, inner = pty.openpty()
        self.addCleanup(os.close, outer)
        process = self.start(stderr=inner)
        os.close(inner)
        seen = b""
        while select.select([outer], [], [], 60)[0]:
            try:
                seen += os.read(outer, 4096)
            except OSError:
                break
            if b"%" in seen:
                shown.set()
        out = process.communicate(timeout=60)[0]
        self.assertEqual(process.returncode, 0)
        self.assertRegex(seen, rb"\rorg  #+-+ +\d+ %  0\.0 MB")
        self.assertTrue(seen.endswith(b"\r\x1b[K"), seen)
        self.assertRegex(out, rb"^catalogue org: version 2 is in force[^\r\x1b]*$")


if __name__ == "__main__":
    unittest.main()
