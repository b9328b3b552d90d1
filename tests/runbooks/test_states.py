#!/usr/bin/env python3
"""The runbooks against a real Postfix and a real Exim in every state: each finding in one of them, and not in the next. What a certificate
costs depends on who demands it: nobody, the domain's MTA-STS, or DANE."""
import concurrent.futures
import os
import socket
import unittest

from rehearsal import bounce
from state_world import PINNED, PORT, SERVERS, STATES, StateWorld

EXPIRED, MISNAMED, SELF = "certificate-expired", "certificate-host-mismatch", "certificate-not-trusted"
# domain: what `ehlo check` says of a mailbox there: the verdict, the first cause (None: all is well), and what it is.
CHECKS = {
    "good": ("pass", None, None), "strict": ("pass", None, None), "good-good2": ("pass", None, None),
    # Nobody demands that it be trusted: mail is delivered.
    "expired": ("pass", None, None), "misnamed": ("pass", None, None), "self": ("pass", None, None), "clear": ("pass", None, None),
    "expired-good": ("pass", None, None),
    "enforce-good": ("pass", None, None), "enforce-expired": ("fail", "tls", EXPIRED), "enforce-misnamed": ("fail", "tls", MISNAMED),
    "enforce-self": ("fail", "tls", SELF), "enforce-clear": ("fail", "tls", "tls-not-offered"), "enforce-expired-good": ("warn", "tls", EXPIRED),
    "testing-expired": ("warn", "policy", "mta-sts-mode-testing"),
    # A key that DNS names is good whatever its certificate says; below an issuer that DNS names, dates and names count.
    "pinned": ("pass", None, None), "pinned-expired": ("pass", None, None), "pinned-misnamed": ("pass", None, None),
    "pinned-self": ("pass", None, None), "mispinned": ("fail", "tls", "tlsa-invalid"), "pinned-clear": ("fail", "tls", "tls-not-offered"),
    "issuer": ("pass", None, None), "issuer-expired": ("fail", "tls", EXPIRED), "issuer-misnamed": ("fail", "tls", MISNAMED),
    "busy": ("fail", "servers", {"postfix": "server-busy", "exim": "rate-limited"}), "closed": ("fail", "servers", "ip-blocklisted"),
    "busy-good": ("warn", "servers", {"postfix": "server-busy", "exim": "rate-limited"}),
}
UNTRUSTED = ("expired", "misnamed", "self", "expired-good", "testing-expired") # told of, though nothing demands trust
MAILBOXES = {"user": ("pass", None, None), "grey": ("warn", "mailbox", "greylisted"), "full": ("fail", "mailbox", "mailbox-full"),
             "moved": ("fail", "mailbox", "mailbox-moved"), "nosuch": ("fail", "mailbox", "mailbox-unknown")}
# host: what `ehlo tls` says: the first cause, and the verdicts of dane, certificate and expiry.
TLS = {
    "good": (None, "skip", "pass", "pass"), "expired": ("certificate", "skip", "fail", "fail"), "misnamed": ("certificate", "skip", "fail", "pass"),
    "self": ("certificate", "skip", "fail", "pass"), "clear": ("offered", "skip", "skip", "skip"), "pinned": (None, "pass", "pass", "pass"),
    "pinned-expired": ("certificate", "pass", "warn", "warn"), "pinned-misnamed": ("certificate", "pass", "warn", "pass"),
    "pinned-self": ("certificate", "pass", "warn", "pass"), "mispinned": ("dane", "fail", "pass", "pass"),
    "issuer": (None, "pass", "pass", "pass"), "issuer-expired": ("dane", "fail", "fail", "fail"), "issuer-misnamed": ("dane", "fail", "fail", "pass"),
}
WRONG = {"expired": EXPIRED, "misnamed": MISNAMED, "self": SELF}
# domain: what `ehlo audit` says of its TLS, and why.
AUDITS = {
    "good": ("pass", None), "expired": ("warn", EXPIRED), "misnamed": ("warn", MISNAMED), "self": ("warn", SELF), "clear": ("warn", "tls-not-offered"),
    "enforce-good": ("pass", None), "enforce-expired": ("fail", EXPIRED), "enforce-misnamed": ("fail", MISNAMED), "testing-expired": ("warn", EXPIRED),
    # Trusted by those alone that look at DNS, as `ehlo tls` says as well.
    "pinned": ("pass", None), "issuer": ("pass", None), "pinned-expired": ("warn", None), "pinned-misnamed": ("warn", None),
    "pinned-self": ("warn", None), "issuer-expired": ("fail", EXPIRED), "mispinned": ("fail", "tlsa-invalid"),
}
NO_MX = "is no mail host of {} any more"


class States(StateWorld):
    def each(self, look, names):
        """What `look` finds of each name on each server, several at once."""
        pairs = [(name, server) for name in names for server in SERVERS]
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            yield from zip(pairs, pool.map(lambda pair: look(*pair), pairs))

    def assertFirst(self, found, verdict, first, cause):
        self.assertEqual((found["verdict"], found["first_cause"], first and found["by_name"][first]["cause"]), (verdict, first, cause),
                         [(step["name"], step["verdict"], step["text"]) for step in found["steps"]])

    def test_the_first_cause_is_right_in_every_state(self):
        for (domain, server), found in self.each(lambda name, server: self.check(f"{name}-{server}"), CHECKS):
            with self.subTest(domain=domain, server=server):
                verdict, first, cause = CHECKS[domain]
                self.assertFirst(found, verdict, first, cause[server] if isinstance(cause, dict) else cause)
                text = found["by_name"]["tls"]["text"]
                self.assertEqual("not trusted, which nothing demands" in text, domain in UNTRUSTED, text)

    def test_mailboxes_in_every_state(self):
        for (user, server), found in self.each(lambda name, server: self.check(f"good-{server}", user=name), MAILBOXES):
            with self.subTest(user=user, server=server):
                self.assertFirst(found, *MAILBOXES[user])

    def test_a_greylist_ends_for_who_comes_again(self):
        for server in SERVERS:
            waited = ("--host", f"{STATES[server]['good']}:{PORT}", "--wait", "0.05", "--from", f"sender-{os.getpid()}@example.net")
            found = self.outcome("greylist", *waited, f"later@good-{server}.states.example", status=0)
            self.assertVerdicts(found, first="pass", again="pass")
            found = self.outcome("greylist", *waited, f"later@good-{server}.states.example", status=0) # it is known now
            self.assertVerdicts(found, first="pass", again="skip")

    def test_a_bounce_is_held_against_what_the_server_says_today(self):
        for server in SERVERS:
            for user, verdict, cause in (("full", "fail", "mailbox-full"), ("user", "pass", None), ("nosuch", "warn", "mailbox-unknown")):
                path = self.write("bounce.eml", bounce((f"{user}@good-{server}.states.example", "4.2.2", "452 4.2.2 Mailbox full")))
                found = self.look("explain", "--live", path)
                self.assertEqual((found["verdict"], found["steps"][0]["cause"]), (verdict, cause), found["steps"])

    def test_a_bounce_about_tls_is_held_against_what_policy_demands_today(self):
        untrusted = ("4.7.5", "454 4.7.5 Certificate verification failed for mx.example.org")
        for server in SERVERS:
            for domain, verdict, cause in (("enforce-expired", "fail", EXPIRED), ("mispinned", "fail", "tlsa-invalid"), ("enforce-good", "pass", None),
                                           ("pinned-expired", "pass", None), ("enforce-clear", "warn", "tls-not-offered"), ("expired", "pass", None)):
                path = self.write("bounce.eml", bounce((f"user@{domain}-{server}.states.example", *untrusted)))
                found = self.look("explain", "--live", path)
                self.assertEqual((found["verdict"], found["steps"][0]["cause"]), (verdict, cause), found["steps"])

    def test_a_host_that_answers_and_is_no_mx_any_more_is_named(self):
        for now, before in (SERVERS, SERVERS[::-1]):
            found = self.check(f"only-{now}.example")
            self.assertFirst(found, "warn", "mailbox", "relay-denied")
            self.assertIn(f"good-{before}.hosts.example", found["by_name"]["mailbox"]["text"])
            self.assertIn(NO_MX.format(f"only-{now}.example"), found["by_name"]["mailbox"]["text"])
            self.assertNotIn("any more", self.check(f"good-good2-{now}")["by_name"]["mailbox"]["text"])

    def test_a_server_that_lets_one_wait_is_told(self):
        for (domain, _), found in self.each(lambda name, server: self.check(f"{name}-{server}", "--slow", "1.5"), ("slow", "slow-good")):
            self.assertFirst(found, "warn", "speed", "slow")
            self.assertIn("s for the greeting", found["by_name"]["speed"]["text"])
        for _, found in self.each(lambda name, server: self.check(f"{name}-{server}"), ("slow",)):
            self.assertFirst(found, "pass", None, None) # two seconds are usual enough

    def test_a_server_that_stays_silent_is_told_from_one_that_speaks(self):
        # Postfix has one process there for new clients, which we take; Exim is silent by itself.
        with socket.create_connection((STATES["postfix"]["silent"], PORT), 60) as holder:
            self.assertEqual(holder.recv(3), b"220")
            for (domain, _), found in self.each(lambda name, server: self.check(f"{name}-{server}", "--timeout", "4"), ("silent", "silent-good")):
                self.assertFirst(found, "fail" if domain == "silent" else "warn", "servers", "timed-out")
                self.assertIn("greeting", found["by_name"]["servers"]["text"])
        self.assertFirst(self.check("silent-postfix"), "pass", None, None)

    def test_a_port_where_packets_are_lost_is_told_from_one_that_is_silent(self):
        with socket.socket() as listener: # whose queue is full: the system drops what asks for more
            listener.bind(("127.0.73.1", PORT))
            listener.listen(0)
            with socket.create_connection(("127.0.73.1", PORT)):
                found = self.check("lost", "--timeout", "3")
        self.assertFirst(found, "fail", "servers", "timed-out")
        self.assertIn("connect", found["by_name"]["servers"]["text"])
        self.assertFirst(self.check("lost"), "fail", "servers", "unreachable") # now nobody listens

    def test_a_host_that_answers_over_ipv6_as_well_is_in_order(self):
        self.assertFirst(self.check("both"), "warn", "ipv6", "unreachable")
        self.servers(f'address = "::1", port = {PORT}')
        found = self.check("both")
        self.assertVerdicts(found, ipv6="pass", servers="pass")

    def test_tls_of_a_host(self):
        for (host, server), found in self.each(lambda name, server: self.tls(f"{name}-{server}"), TLS):
            with self.subTest(host=host, server=server):
                first, dane, certificate, expiry = TLS[host]
                self.assertVerdicts(found, dane=dane, certificate=certificate, expiry=expiry)
                self.assertEqual(found["first_cause"], first)
                if host in WRONG:
                    self.assertEqual(found["by_name"]["certificate"]["cause"], WRONG[host])
        self.assertEqual(set(PINNED) - set(TLS), {"pinned-clear"})

    def test_mail_in_the_clear_is_taken_or_not(self):
        for (host, _), found in self.each(lambda name, server: self.tls(f"{name}-{server}"), ("good", "strict")):
            self.assertVerdicts(found, enforced="warn" if host == "strict" else "pass")

    def test_audits_tell_what_a_certificate_costs(self):
        for (domain, server), found in self.each(lambda name, server: self.audit(f"{name}-{server}"), AUDITS):
            with self.subTest(domain=domain, server=server):
                step = found["by_name"]["tls"]
                self.assertEqual((step["verdict"], step["cause"]), AUDITS[domain], step["text"])
                self.assertVerdicts(found, servers="pass", postmaster="skip" if step["verdict"] == "fail" else "pass")


if __name__ == "__main__":
    unittest.main()
