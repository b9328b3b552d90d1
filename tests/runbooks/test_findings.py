"""Findings of the bundled runbooks that need a server of a strange kind: those that refuse in the middle, or hang up."""
import os
import pathlib
import sys
import json
import unittest

from naive_server import Server
from rehearsal import Rehearsal

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "policy"))
from name_server import NameServer  # noqa: E402

RELAY = ("open-relay", "--allow", "intrusive", "--domain", "example.org")
SMUGGLING = ("smuggling", "--allow", "intrusive,send", "--to", "me@example.org")
REFUSED = 'ehlo = nil, answers = {ehlo = "550 5.7.1 go away", helo = "550 5.7.1 go away"}'


WAITED = b"Received: from a.example by mx.example.org with ESMTP id Q1; Mon, 30 Nov 2026 02:00:00 +0000\r\n" \
    b"Received: from b.example by a.example with ESMTP id Q2; Mon, 30 Nov 2026 01:00:00 +0000\r\n"


class Mailbox(list):
    """The messages of a server, which come into a Maildir with what the servers on their way wrote before them."""

    def __init__(self, folder, before):
        super().__init__()
        self.folder, self.before = pathlib.Path(folder), before
        for name in ("new", "cur", "tmp"):
            (self.folder / name).mkdir(parents=True)

    def append(self, message):
        super().append(message)
        (self.folder / "tmp/1").write_bytes(self.before + message)
        os.rename(self.folder / "tmp/1", self.folder / "new/1")


class Findings(Rehearsal):
    def test_a_session_that_is_refused_at_ehlo_is_not_judged(self):
        for name, step, more in (("limits", "ehlo", ()), ("open-relay", "connect", RELAY[1:]), ("injection", "connect", ("--allow", "intrusive"))):
            found = self.outcome(name, *more, self.server(REFUSED), status=1)
            self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", step), name)

    def test_a_server_that_is_busy_is_not_judged_and_its_421_is_told(self):
        """A 421 in place of the greeting says nothing of TLS, relaying or limits; it is the answer, not that the connection is gone."""
        busy = self.server('greeting = "421 4.3.2 mx.example.org too busy"')
        for name, step, more in (("limits", "ehlo", ()), ("open-relay", "connect", RELAY[1:]), ("injection", "connect", ("--allow", "intrusive")),
                                 ("smuggling", "mailbox", SMUGGLING[1:]), ("tls", "offered", ()), ("tls", "offered", ("--vary",))):
            with self.subTest(name):
                found = self.outcome(name, *more, busy, status=1)
                self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", step))
                self.assertEqual({each["verdict"] for each in found["steps"]}, {"unknown", "skip"}, found["steps"])
                self.assertEqual(found["by_name"][step]["cause"], "server-busy")
                if name != "tls":
                    self.assertIn("says at the greeting: 421 4.3.2", found["by_name"][step]["text"])

    def test_a_421_at_any_command_is_told_as_what_it_is(self):
        later = '"421 4.3.2 mx.example.org too busy"'
        for name, step, more in (("limits", "ehlo", ()), ("open-relay", "connect", RELAY[1:]), ("injection", "connect", ("--allow", "intrusive"))):
            found = self.outcome(name, *more, self.server("ehlo = nil, answers = {ehlo = %s, helo = %s}" % (later, later)), status=1)
            self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", step))
            self.assertIn("EHLO is refused: 421 4.3.2", found["by_name"][step]["text"])
        found = self.outcome("injection", "--allow", "intrusive", self.server("tls = true, starttls = " + later), status=1)
        self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", "handshake"))
        found = self.outcome("limits", "--to", "a@example.org", self.server('ehlo = {"SIZE 1000"}, mail = ' + later))
        self.assertVerdicts(found, size="warn", recipients="unknown")
        self.assertNotIn("could not be carried out", json.dumps(found["steps"]))
        found = self.outcome(*RELAY, self.server("rcpt = " + later), status=1)
        self.assertIn("turned away: 421 4.3.2", found["by_name"]["plain"]["text"])

    def test_a_421_in_the_middle_leaves_a_step_of_tls_unknown(self):
        later = '"421 4.3.2 mx.example.org too busy"'
        found = self.outcome("tls", self.server("tls = true, starttls = \"454 4.7.0 not now\", rate = 1"), status=1)
        self.assertVerdicts(found, offered="pass", handshake="unknown")
        self.assertIn("421", json.dumps(found["by_name"]["handshake"]))
        found = self.outcome("tls", self.server("tls = true, mail = " + later), status=1)
        self.assertVerdicts(found, handshake="pass", enforced="unknown")
        self.assertIn("421 4.3.2", found["by_name"]["enforced"]["text"])

    def test_a_server_that_falls_silent_under_tls_is_not_judged(self):
        found = self.outcome("injection", "--allow", "intrusive", "--timeout", "2", self.server("tls = true, noop = {delay = 60}"), status=1)
        self.assertVerdicts(found, handshake="pass", injected="unknown")

    def test_starttls_that_is_refused_tells_nothing_of_versions(self):
        found = self.outcome("tls", "--vary", self.server('tls = true, starttls = "454 4.7.0 not now"'), status=1)
        self.assertVerdicts(found, handshake="fail", versions="unknown", vary="unknown")
        self.assertEqual(found["first_cause"], "handshake")

    def test_bytes_injected_before_tls_are_not_explained_by_the_reply_before_them(self):
        found = self.outcome("tls", self.rehearsal("injected-reply"), status=1)
        self.assertEqual(found["by_name"]["handshake"]["cause"], "protocol-violation")
        self.assertIn("breaks SMTP's rules", found["by_name"]["handshake"]["fix"])

    def test_those_who_send_are_told_of_the_421(self):
        busy = self.servers('greeting = "421 4.3.2 mx.example.org too busy"')[0]
        found = self.outcome("send", "--allow", "send", "--host", f"127.0.0.1:{busy}", "user@example.org", status=1)
        self.assertIn("421 4.3.2", found["by_name"]["connect"]["text"])
        found = self.outcome("submission", "--port", str(busy), "--only", "587", "127.0.0.1", status=1)
        self.assertIn("421 4.3.2", found["by_name"]["connect-587"]["text"])
        found = self.outcome("greylist", "--host", f"127.0.0.1:{busy}", "--wait", "0.05", "user@example.org", status=0)
        self.assertVerdicts(found, first="warn", again="skip")

    def test_a_server_that_has_had_enough_of_us_halfway_is_not_judged_by_the_rest(self):
        """What is turned away by 421 is no version that the server does not speak, and nothing that does not work."""
        found = self.outcome("tls", self.server("tls = true, rate = 2"), status=1)
        self.assertVerdicts(found, offered="pass", handshake="pass", enforced="pass", versions="unknown")
        self.assertIn("nothing could be seen of", found["by_name"]["versions"]["text"])
        self.assertNotIn("library", found["by_name"]["versions"]["fix"])
        vary = self.outcome("tls", "--vary", self.server("tls = true, rate = 8"))["by_name"]["vary"]
        self.assertEqual(vary["verdict"], "pass")
        self.assertIn("tries never came to TLS", vary["text"])
        self.assertNotIn("it does not with", vary["text"])
        limits = self.outcome("limits", "--to", "a@example.org", self.server("rate = 2"), status=1)
        self.assertIn("421", json.dumps(limits["steps"]))
        self.assertNotIn("could not be carried out", json.dumps(limits["steps"]))

    def test_a_port_for_users_that_refuses_the_session(self):
        port = self.servers(REFUSED)[0]
        found = self.outcome("submission", "--port", str(port), "--only", "587", "127.0.0.1", status=1)
        self.assertEqual(found["first_cause"], "connect-587")
        self.assertIn("EHLO is refused", found["by_name"]["connect-587"]["text"])

    def test_a_server_that_turns_one_away_breaks_no_promise_of_pipelining(self):
        found = self.outcome("limits", self.server('ehlo = {"PIPELINING"}, rset = "421 4.3.2 shutting down"'))
        self.assertVerdicts(found, pipelining="unknown")
        self.assertIn("421", found["by_name"]["pipelining"]["text"])

    def test_who_hangs_up_in_the_middle_is_not_behind_a_firewall(self):
        found = self.outcome("limits", self.server('ehlo = {"SIZE 1000"}, mail = {drop = true}'), status=1)
        self.assertVerdicts(found, size="unknown")
        self.assertIn("its log says why", found["by_name"]["size"]["fix"])
        self.assertIn("firewall", self.outcome("limits", "127.0.0.1:1", status=1)["by_name"]["ehlo"]["fix"])

    def test_a_size_that_is_put_off_is_no_broken_promise(self):
        found = self.outcome("limits", self.server('ehlo = {"SIZE 1000"}, mail = "452 4.3.1 later"'), status=0)
        self.assertVerdicts(found, size="warn")
        self.assertIn("put off", found["by_name"]["size"]["text"])

    def test_recipients_that_are_refused_for_good_or_cannot_be_asked_for(self):
        few = '''rcpt = (function()
          local n = 0
          return function() n = n + 1 return n > 5 and "550 5.5.3 too many" or "250 2.1.5 Ok" end
        end)()'''
        self.assertVerdicts(self.outcome("limits", "--to", "a@example.org", self.server(few), status=1), recipients="fail")
        refused = self.outcome("limits", "--to", "a@example.org", self.server('mail = "550 5.7.1 no"'))
        self.assertVerdicts(refused, recipients="unknown")

    def test_pipelining_that_is_not_claimed_is_tried_all_the_same(self):
        found = self.outcome("limits", self.server('answers = {ehlo = "250 mx.example.org"}'), status=0)
        self.assertVerdicts(found, pipelining="pass", size="skip")
        self.assertIn("not claimed", found["by_name"]["pipelining"]["text"])

    def test_a_server_that_hangs_up_at_rcpt_is_not_judged_as_a_relay(self):
        found = self.outcome(*RELAY, self.server("rcpt = {drop = true}"), status=1)
        self.assertVerdicts(found, plain="unknown", control="unknown")
        self.assertEqual(found["verdict"], "unknown")

    def test_a_relay_that_leaves_some_forms_unanswered_is_not_judged(self):
        some = """rcpt = function(_, argument)
          if argument:find("!", 1, true) then return %s end
          return "554 5.7.1 Relay access denied"
        end"""
        for answer in ('"450 4.7.1 later"', "{drop = true}"):
            found = self.outcome(*RELAY, self.server(some % answer), status=1)
            self.assertVerdicts(found, plain="pass", control="pass", forms="unknown")
            self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", "forms"))
            self.assertEqual(found["by_name"]["forms"]["text"], "1 of 10 forms got no clear answer: bang path")
        self.assertVerdicts(self.outcome(*RELAY, self.server(some % '"550 5.7.1 no"'), status=0), forms="pass")

    def test_a_relay_that_takes_one_form_fails_whatever_it_leaves_unanswered(self):
        found = self.outcome(*RELAY, self.server("""rcpt = function(_, argument)
          if argument:find("!", 1, true) then return "450 4.7.1 later" end
          return argument:find("%", 1, true) and "250 2.1.5 Ok" or "554 5.7.1 Relay access denied"
        end"""), status=1)
        self.assertVerdicts(found, forms="fail")

    def test_a_server_that_leaves_some_ends_of_messages_unanswered_is_not_judged(self):
        for answer in ('"451 4.3.0 later"', "{drop = true}"):
            later = self.server("""answers = {["end-of-data"] = (function()
              local n = 0
              return function() n = n + 1 return n > 4 and %s or "250 2.0.0 kept" end
            end)()}""" % answer)
            found = self.outcome(*SMUGGLING, later, status=1)
            self.assertVerdicts(found, control="pass", forms="unknown")
            self.assertEqual((found["verdict"], found["first_cause"]), ("unknown", "forms"))
            self.assertRegex(found["by_name"]["forms"]["text"], r"^\d of 9 forms were not answered: ")

    def test_starttls_that_is_refused_lets_nothing_in(self):
        found = self.outcome("injection", "--allow", "intrusive", self.server('tls = true, starttls = "454 4.7.0 not now"'), status=0)
        self.assertVerdicts(found, handshake="pass", injected="pass")
        self.assertIn("refused at once", found["by_name"]["handshake"]["text"])

    def test_a_server_that_falls_silent_behind_starttls_is_not_judged(self):
        found = self.outcome("injection", "--allow", "intrusive", "--timeout", "2", self.server("tls = true, starttls = {silent = true}"), status=1)
        self.assertVerdicts(found, handshake="unknown", injected="skip")

    def test_the_way_of_a_message_that_came_is_told(self):
        for before, verdict, words in ((b"", "warn", "no server wrote"), (WAITED, "warn", "it waited 1 h at a.example"),
                                       (WAITED.replace(b"01:00", b"02:00"), "pass", "2 hops")):
            server = Server(self.id(), self.home, "send")
            self.addCleanup(server.close)
            server.messages = Mailbox(f"{self.home}/{len(before)}{verdict}", before)
            found = self.outcome("send", "--allow", "send", "--host", server.address, "--wait", str(server.messages.folder), "--for", "30",
                                 "me@example.org", status=0)
            self.assertVerdicts(found, arrival="pass", way=verdict)
            self.assertIn(words, found["by_name"]["way"]["text"])

    def test_the_first_host_that_answers_gets_the_message_and_the_others_are_told(self):
        try:
            self.servers('address = "127.0.74.1", port = 25')
        except ValueError:
            self.skipTest("port 25 is taken")
        zones = {"one.example": [{"MX": [10, "up.example"]}], "two.example": [{"MX": [10, "down.example"]}, {"MX": [20, "up.example"]}],
                 "up.example": [{"A": "127.0.74.1"}], "down.example": [{"A": "127.0.74.2"}]}
        with NameServer(zones) as names:
            for domain, verdict in (("one", "pass"), ("two", "warn")):
                found = self.outcome("send", "--allow", "send", "--resolver", names.address, f"me@{domain}.example", status=0)
                self.assertVerdicts(found, hosts="pass", connect=verdict, sent="pass")
                self.assertEqual("not the most preferred" in found["by_name"]["connect"]["text"], domain == "two")

    def test_a_message_that_is_refused_tells_nothing_of_how_messages_end(self):
        found = self.outcome(*SMUGGLING, self.server('answers = {["end-of-data"] = "550 5.7.1 no"}'), status=1)
        self.assertVerdicts(found, mailbox="pass", control="unknown", forms="skip")
        self.assertEqual(found["verdict"], "unknown")

    def test_a_server_that_hangs_up_after_each_message_cannot_be_told(self):
        found = self.outcome(*SMUGGLING, self.server('answers = {["end-of-data"] = {reply = "250 2.0.0 Ok", drop = true}}'), status=1)
        self.assertVerdicts(found, control="unknown")

    def test_a_bounce_without_an_address_is_left_out(self):
        path = self.write("bounce.eml", "From: MAILER-DAEMON@mx.example.net\nTo: a@example.net\nSubject: Undelivered Mail Returned to Sender\n"
                          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\nMIME-Version: 1.0\n\n--b\n"
                          "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; list\n"
                          "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown\n\n--b--\n")
        found = self.outcome("explain", "--live", path)
        self.assertEqual(found["steps"][0]["verdict"], "skip")


if __name__ == "__main__":
    unittest.main()
