"""The tls runbook on DANE, in worlds where it holds and where it does not."""
import hashlib
import pathlib
import subprocess
import sys
import unittest

from naive_server import certificate
from rehearsal import Rehearsal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from world import World  # noqa: E402


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
