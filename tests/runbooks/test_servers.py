"""Bundled runbooks against real servers: Postfix, Exim and Dovecot, as tests/servers starts them."""
import json
import os
import pathlib
import sys
import unittest

from rehearsal import Rehearsal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "policy"))
from name_server import NameServer  # noqa: E402

SERVERS = json.loads(pathlib.Path(os.environ["EHLO_SERVERS"]).read_text())
KEEP = "keep@keep.example.org"


def at(server, port):
    return f"127.0.0.1:{SERVERS[server][port]}"


# What `ehlo check` says of a mailbox at a port: the verdict, the first cause, and what it is. Of "localhost" no MX record is ever asked for.
CHECKS = (
    ("starttls", "postmaster@localhost", "warn", "policy", "implicit-mx"), ("plain", "postmaster@localhost", "warn", "policy", "implicit-mx"),
    ("starttls", "grey@localhost", "warn", "mailbox", "greylisted"), ("starttls", "full@localhost", "fail", "mailbox", "mailbox-full"),
    ("starttls", "nosuch@localhost", "fail", "mailbox", "mailbox-unknown"), ("starttls", "user@elsewhere.example", "fail", "mailbox", "relay-denied"),
)
GREETINGS = {"postfix": ("g421", "g554", "g521"), "exim": ("g451", "g550")}


class Servers(Rehearsal):
    def check(self, server, port, address, *more, name="check"):
        hosts = {each: [{"MX": [10, "mx.example.org"]}] for each in ("localhost", "elsewhere.example")}
        with NameServer({**hosts, "mx.example.org": [{"A": "127.0.0.1"}]}) as names:
            return self.outcome(name, "--resolver", names.address, "--port", str(SERVERS[server][port]),
                                *more, address, *(("--family", "ipv4") if name == "check" else ()))

    def test_a_mailbox_in_every_state(self):
        for server in ("postfix", "exim"):
            rows = CHECKS + tuple((port, "postmaster@localhost", "fail", "servers", None) for port in GREETINGS[server])
            for port, address, verdict, first, cause in rows:
                with self.subTest(server=server, port=port, address=address):
                    found = self.check(server, port, address)
                    self.assertEqual((found["verdict"], found["first_cause"]), (verdict, first), found["steps"])
                    if cause:
                        self.assertEqual(found["by_name"][first]["cause"], cause)

    def test_trust_as_it_is_demanded(self):
        for server in ("postfix", "exim"):
            found = self.check(server, "starttls", "postmaster@localhost", "--tls", "verify")
            self.assertEqual((found["verdict"], found["first_cause"]), ("fail", "tls"))
            found = self.check(server, "plain", "postmaster@localhost", "--tls", "encrypt")
            self.assertEqual((found["first_cause"], found["by_name"]["tls"]["cause"]), ("tls", "tls-not-offered"))

    def test_a_domain_is_audited(self):
        for server in ("postfix", "exim"):
            found = self.check(server, "starttls", "localhost", name="audit")
            self.assertVerdicts(found, mx="pass", records="warn", tls="warn", postmaster="pass")
            self.assertVerdicts(self.check(server, "plain", "localhost", name="audit"), tls="warn", postmaster="pass")

    def submission(self, server, port, implicit=None):
        secret = self.write("secret", SERVERS["secret"] + "\n")
        ports = ("--port", str(SERVERS[server][port]), *(("--tls-port", str(SERVERS[server][implicit])) if implicit else ("--only", "587")))
        return self.outcome("submission", *ports, "--ca-file", SERVERS["ca"], "--allow", "login", "--auth", SERVERS["user"],
                            "--secret-file", secret, "127.0.0.1")

    def test_submission_with_a_login(self):
        found = self.submission("postfix", "login")
        self.assertVerdicts(found, starttls="pass", auth_587="pass", login_587="pass", before_tls="fail")
        self.assertVerdicts(self.submission("postfix", "strict"), login_587="pass", before_tls="pass")
        self.assertVerdicts(self.submission("exim", "login"), starttls="pass", auth_587="pass", login_587="pass")
        found = self.submission("dovecot", "submission", "submissions")
        self.assertVerdicts(found, before_tls="fail", starttls="pass", login_587="pass", connect_465="pass", login_465="pass")

    def test_tls_as_each_of_them_has_it(self):
        for server in ("postfix", "exim"): # both speak TLS 1.0 unless told not to
            found = self.outcome("tls", "--ca-file", SERVERS["ca"], at(server, "starttls"))
            self.assertVerdicts(found, offered="pass", handshake="pass", versions="warn", enforced="pass")
            self.assertVerdicts(found, certificate="pass", expiry="pass")
            self.assertVerdicts(self.outcome("tls", at(server, "plain")), offered="fail")
        self.assertVerdicts(self.outcome("tls", at("postfix", "strict")), versions="pass")
        found = self.outcome("tls", at("postfix", "tls12"))
        self.assertEqual(found["by_name"]["versions"]["text"], "TLSv1.2")
        self.assertVerdicts(self.outcome("tls", "--implicit-tls", at("exim", "implicit")), handshake="pass")

    def test_limits_are_kept(self):
        for server in ("postfix", "exim"):
            found = self.outcome("limits", "--to", "postmaster@localhost", "--recipients", "30", at(server, "starttls"))
            self.assertVerdicts(found, size="pass", pipelining="pass", recipients="pass")

    def test_relaying_is_refused_but_for_what_they_relay(self):
        for server, other in (("postfix", "exim"), ("exim", "postfix")):
            relay = ("open-relay", "--allow", "intrusive", "--domain", "localhost")
            found = self.outcome(*relay, at(server, "plain"), status=0)
            self.assertVerdicts(found, plain="pass", control="pass", forms="pass")
            found = self.outcome(*relay, "--to", f"user@{other}.example", at(server, "plain"), status=1)
            self.assertVerdicts(found, plain="fail")

    def test_a_greylist_that_never_ends(self):
        for server in ("postfix", "exim"):
            found = self.outcome("greylist", "--host", at(server, "plain"), "--wait", "0.05", "--tries", "2", "grey@localhost", status=1)
            self.assertVerdicts(found, first="pass", again="fail")

    def test_nothing_is_injected_before_tls(self):
        for server in ("postfix", "exim"):
            found = self.outcome("injection", "--allow", "intrusive", at(server, "starttls"), status=0)
            self.assertVerdicts(found, injected="pass")

    def test_what_ends_a_message(self):
        """Exim takes CRLF . CRLF alone. This Postfix ends a message at a lone LF as well, unless it is told not to."""
        for server, port in (("exim", "plain"), ("postfix", "strict")):
            found = self.outcome("smuggling", "--allow", "intrusive,send", "--to", KEEP, at(server, port), status=0)
            self.assertVerdicts(found, mailbox="pass", control="pass", forms="pass")
        found = self.outcome("smuggling", "--allow", "intrusive,send", "--to", KEEP, at("postfix", "plain"), status=1)
        self.assertVerdicts(found, mailbox="pass", forms="fail")
        verdicts = {row[1]: row[0] for row in found["by_name"]["forms"]["table"]["rows"]}
        self.assertEqual((verdicts["LF . LF"], verdicts["CR . CR"]), ("ENDS IT", "part of the text"))


if __name__ == "__main__":
    unittest.main()
