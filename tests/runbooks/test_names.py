"""Runbooks that ask DNS: what this machine can do, and DANE, in worlds where it holds and where it does not."""
import hashlib
import http.server
import pathlib
import subprocess
import sys
import threading
import time
import unittest

from naive_server import certificate
from rehearsal import Rehearsal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "world"))
import faulty  # noqa: E402
import sample  # noqa: E402
from world import World  # noqa: E402


class Clock(http.server.BaseHTTPRequestHandler):
    ahead = 0

    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Date", self.date_time_string(time.time() + self.ahead))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Doctor(Rehearsal):
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

    def look(self, *more, status=None):
        return self.outcome("doctor", "--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, *more, status=status)

    def test_a_resolver_that_hands_on_signatures_passes_and_others_are_told_apart(self):
        witness = ("--witness", self.server())
        self.assertVerdicts(self.look(*witness), resolver="pass")
        for answer, verdict in ((faulty.stripping(self.world.resolver), "warn"), (faulty.FAULTS["refused"], "fail")):
            server = self.world.serve(answer)
            found = self.outcome("doctor", "--resolver", server.address, "--trust-anchor", self.world.trust_anchor, *witness)
            self.assertVerdicts(found, resolver=verdict)

    def test_a_witness_that_answers_proves_the_way_out(self):
        self.assertVerdicts(self.look("--witness", self.server()), port_25="pass", ipv6="warn")
        found = self.look("--witness", "127.0.0.1:1", status=1)
        self.assertVerdicts(found, port_25="fail", ipv6="warn")
        self.assertEqual((found["first_cause"], found["by_name"]["port-25"]["cause"]), ("port-25", "blocked-locally"))

    def test_witnesses_without_an_address_prove_nothing(self):
        found = self.look("--witness", "gone.example.org")
        self.assertVerdicts(found, resolver="pass", port_25="unknown", ipv6="unknown")

    def test_the_clock_is_compared_with_a_web_server(self):
        witness = ("--witness", self.server())
        self.assertVerdicts(self.look(*witness), clock="unknown")
        self.assertVerdicts(self.look(*witness, "--clock", self.clock(0)), clock="pass")
        self.assertVerdicts(self.look(*witness, "--clock", self.clock(-60)), clock="warn")
        found = self.look(*witness, "--clock", self.clock(4000))
        self.assertVerdicts(found, clock="fail")
        self.assertRegex(found["by_name"]["clock"]["text"], r"^(3999|4000|4001) s behind$")

    def test_the_catalogues_age(self):
        self.assertVerdicts(self.look("--witness", self.server()), catalogue="pass")


class Dane(Rehearsal):
    def test_records_that_match_pass_and_others_fail(self):
        path = certificate(self.home)
        key = subprocess.run(["openssl", "x509", "-in", path, "-noout", "-pubkey"], check=True, capture_output=True).stdout
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True, capture_output=True).stdout
        ports = self.servers(*[f'tls = {{certificate = "{path}", key = "{path}"}}'] * 3)
        digests = (hashlib.sha256(der).hexdigest(), "00" * 32)
        zone = "".join(f"{name} A 127.0.0.1\n" for name in ("good", "bad", "none"))
        zone += "".join(f"_{port}._tcp.{name} TLSA 3 1 1 {digest}\n" for port, name, digest in zip(ports, ("good", "bad"), digests))
        with World({"example.org": zone}) as world:
            for port, name, verdict, trust in zip(ports, ("good", "bad", "none"), ("pass", "fail", "skip"), ("warn", "fail", "fail")):
                found = self.outcome("tls", *world.options, f"{name}.example.org:{port}")
                self.assertVerdicts(found, dane=verdict, offered="pass", certificate=trust)
            found = self.outcome("tls", *world.options, "--domain", "example.org", f"none.example.org:{port}")
            self.assertVerdicts(found, mta_sts="skip")


if __name__ == "__main__":
    unittest.main()
