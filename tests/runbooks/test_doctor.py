#!/usr/bin/env python3
"""The doctor: what this machine can do, in worlds in which each of it holds and in which it does not. In a network namespace, so that
port 25, IPv6 and silence are ours to give and to take.
"""
import http.server
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / beside) for beside in ("world", "commands")]
import faulty
import sample
from layers import LayerCase, document, note
from rehearsal import PROGRAM, Rehearsal
from world import World

UNSHARE = ["unshare", "-n" if os.geteuid() == 0 else "-rn"]


def enter_namespace():
    """Begins anew in a network of its own."""
    if os.environ.get("EHLO_NAMESPACE") or subprocess.run([*UNSHARE, "true"], capture_output=True, check=False).returncode:
        return
    os.execvpe("unshare", [*UNSHARE, sys.executable, "-B", __file__], {**os.environ, "EHLO_NAMESPACE": "1"})


def ip(*words):
    subprocess.run(["ip", *words], check=True, capture_output=True)


def full(host, port):
    """A place in whose queue there is no room: whoever comes is not answered at all."""
    server = socket.create_server((host, port), backlog=0)
    waiting = [socket.socket() for _ in range(4)]
    for each in waiting:
        each.setblocking(False)
        each.connect_ex((host, port))
    return [server, *waiting]


class Clock(http.server.BaseHTTPRequestHandler):
    ahead = 0

    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Date", self.date_time_string(time.time() + self.ahead))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Doctor(LayerCase, Rehearsal):
    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(World(sample.ZONES))

    def clock(self, ahead):
        server = http.server.HTTPServer(("127.0.0.1", 0), type("Ahead", (Clock,), {"ahead": ahead}))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"

    def look(self, *more, status=None, resolver=None):
        return self.outcome("doctor", "--resolver", resolver or self.world.resolver, "--trust-anchor", self.world.trust_anchor, *more, status=status)

    def answering(self, address="127.0.0.1"):
        """A mail server that answers, as a witness."""
        port = self.servers(f'address = "{address}"')[0]
        return ("--witness", f"[{address}]:{port}" if ":" in address else f"{address}:{port}")

    def test_a_resolver_that_hands_on_signatures_passes_and_others_are_told_apart(self):
        witness = self.answering()
        self.assertVerdicts(self.look(*witness), resolver="pass")
        for answer, verdict in ((faulty.stripping(self.world.resolver), "warn"), (faulty.FAULTS["refused"], "fail")):
            self.assertVerdicts(self.look(*witness, resolver=self.world.serve(answer).address), resolver=verdict)

    def test_a_resolver_that_is_silent_is_the_first_cause(self):
        found = self.look(*self.answering(), "--timeout", "4", resolver=self.world.serve(faulty.silent).address, status=1)
        self.assertVerdicts(found, resolver="fail", port_25="pass")
        self.assertEqual(found["first_cause"], "resolver")

    def test_a_witness_that_answers_proves_the_way_out(self):
        self.assertVerdicts(self.look(*self.answering()), port_25="pass")
        found = self.look("--witness", "127.0.0.1:1", status=1)
        self.assertVerdicts(found, port_25="fail")
        self.assertEqual((found["first_cause"], found["by_name"]["port-25"]["cause"]), ("port-25", "blocked-locally"))

    def test_ipv6_is_judged_by_witnesses_that_have_it(self):
        self.assertVerdicts(self.look(*self.answering("::1"), *self.answering()), port_25="pass", ipv6="pass")
        self.assertVerdicts(self.look("--witness", "[::1]:1", *self.answering()), port_25="pass", ipv6="warn")
        self.assertVerdicts(self.look(*self.answering()), port_25="pass", ipv6="unknown")

    def test_witnesses_without_an_address_prove_nothing(self):
        found = self.look("--witness", "gone.example.org")
        self.assertVerdicts(found, resolver="pass", port_25="unknown", ipv6="unknown")

    def test_the_clock_is_compared_with_a_web_server(self):
        witness = self.answering()
        self.assertVerdicts(self.look(*witness), clock="unknown")
        self.assertVerdicts(self.look(*witness, "--clock", self.clock(0)), clock="pass")
        self.assertVerdicts(self.look(*witness, "--clock", self.clock(-60)), clock="warn")
        found = self.look(*witness, "--clock", self.clock(4000))
        self.assertVerdicts(found, clock="fail")
        self.assertRegex(found["by_name"]["clock"]["text"], r"^(3999|4000|4001) s behind$")

    def test_a_web_server_that_does_not_answer_tells_no_time(self):
        self.assertVerdicts(self.look(*self.answering(), "--clock", "http://127.0.0.1:1/"), clock="unknown")

    def catalogue(self):
        return self.look(*self.answering())["by_name"]["catalogue"]

    def test_a_catalogue_is_recent_as_long_as_it_is_not_a_year_old(self):
        self.assertEqual(self.catalogue()["verdict"], "pass")
        # a preloaded library stands before the sanitizer's, which would refuse to start
        sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        done = subprocess.run(["faketime", "+800 days", PROGRAM, "doctor", "--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor,
                               *self.answering()], capture_output=True, text=True, check=False, timeout=60,
                              env={**self.environment(), "ASAN_OPTIONS": sanitizer})
        self.assertRegex(done.stdout, r"WARN  the catalogue is recent +standard, version \d+, \d{3}")
        self.assertNotIn("FAIL  the catalogue", done.stdout)

    def test_a_downloaded_catalogue_that_expired_is_named_with_its_renewal(self):
        self.downloaded("news", document("news", note("550", "News."), issued="2020-01-01T00:00:00Z"))
        self.assertEqual(self.catalogue()["verdict"], "pass") # a small one may be old: the built-in one is not
        self.downloaded("news", document("news", note("550", "News."), version=2, expires="2026-11-02T00:00:00Z"))
        step = self.catalogue()
        self.assertEqual((step["verdict"], step["text"], step["next"]), ("warn", "news expired on 2026-11-02", "ehlo catalogue update news"))

    def test_an_old_edition_in_place_of_the_built_in_one_is_old(self):
        edition = document("standard", note("550", "Old."), version=9_000_000_000, issued="2020-01-01T00:00:00Z")
        self.downloaded("standard", edition)
        step = self.catalogue()
        self.assertEqual((step["verdict"], step["next"]), ("warn", "ehlo catalogue update standard"))
        self.assertRegex(step["text"], r"^standard, version 9000000000, \d{4} days old$")

    def test_a_file_of_the_organisation_that_expired_is_not_for_us_to_renew(self):
        path = self.organisation("acme.json", document("acme", note("550", "Ours."), expires="2026-11-02T00:00:00Z"))
        step = self.catalogue()
        self.assertEqual((step["verdict"], step["text"], step["next"]), ("warn", "acme expired on 2026-11-02", None))
        self.assertIn(path, step["fix"])


@unittest.skipUnless(os.environ.get("EHLO_NAMESPACE"), "this machine gives us no network namespace")
class Port25(Doctor):
    """With the real port, and firewalls of each kind."""
    for name in [each for each in dir(Doctor) if each.startswith("test_")]:
        locals()[name] = None

    @classmethod
    def setUpClass(cls):
        for address in ("192.0.2.25/32", "203.0.113.25/32", "2001:db8::25/128"):
            ip("address", "add", address, "dev", "lo")
        ip("route", "add", "prohibit", "198.51.100.25/32")
        for each in full("203.0.113.25", 25):
            cls.addClassCleanup(each.close)
        super().setUpClass()

    def test_open_over_both_families(self):
        self.servers('address = "192.0.2.25", port = 25, anywhere = true', 'address = "2001:db8::25", port = 25, anywhere = true')
        found = self.look("--witness", "192.0.2.25", "--witness", "2001:db8::25")
        self.assertVerdicts(found, port_25="pass", ipv6="pass")
        self.assertVerdicts(self.look("--witness", "mx.example.org"), port_25="pass", ipv6="pass")

    def test_closed_refused_and_silent_are_all_blocked(self):
        for witness in ("192.0.2.25", "198.51.100.25", "203.0.113.25"):
            with self.subTest(witness):
                found = self.look("--witness", witness, "--timeout", "3", status=1)
                self.assertVerdicts(found, resolver="pass", port_25="fail", ipv6="unknown")
                self.assertEqual((found["first_cause"], found["by_name"]["port-25"]["cause"]), ("port-25", "blocked-locally"))

    def test_one_witness_that_answers_outweighs_those_that_do_not(self):
        self.servers('address = "192.0.2.25", port = 25, anywhere = true')
        found = self.look("--witness", "203.0.113.25", "--witness", "192.0.2.25", "--witness", "198.51.100.25", "--timeout", "3")
        self.assertVerdicts(found, port_25="pass")

    def test_without_a_way_for_ipv6_trouble_is_told_as_ours(self):
        self.servers('address = "192.0.2.25", port = 25, anywhere = true')
        found = self.look("--witness", "mx.example.org", status=0)
        self.assertVerdicts(found, port_25="pass", ipv6="warn")
        self.assertEqual(found["first_cause"], "ipv6")


if __name__ == "__main__":
    enter_namespace()
    if os.environ.get("EHLO_NAMESPACE"):
        ip("link", "set", "lo", "up")
    unittest.main()
