"""The bundled runbooks: each finding has a world in which it appears, and one in which it does not."""
import os
import shlex
import subprocess
import unittest

from naive_server import Server, certificate
from rehearsal import Rehearsal

def put_off(times, then="250 2.1.5 Ok"):
    """A server that puts off its first clients."""
    return f"""tls = true, rcpt = (function()
      local n = 0
      return function() n = n + 1 return n > {times} and "{then}" or "450 4.2.0 Greylisted" end
    end)()"""


# AUTH under TLS only.
SAFE = """answers = {ehlo = function(session)
  if not session.tls then return "250 mx.example.org\\nSTARTTLS" end
end}, user = "user", secret = "open sesame\""""


class Submission(Rehearsal):
    def certificate(self, days=200):
        """An authority, and a certificate for this machine that it signed, 200 days ahead."""
        folder = self.home
        run = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)  # noqa: E731
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Authority of the tests", "-days", "300")
        run("req", *key, "-keyout", "mx.key", "-out", "mx.csr", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1")
        run("x509", "-req", "-in", "mx.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "mx.pem", "-days", str(days),
            "-copy_extensions", "copy")
        return f'certificate = "{folder}/mx.pem", key = "{folder}/mx.key"', os.path.join(folder, "ca.pem")

    def look(self, *options, status=None, more=()):
        """Of a port with STARTTLS and, where two are described, one with TLS from the first byte."""
        ports = self.servers(*options)
        which = ("--port", str(ports[0]), *(("--tls-port", str(ports[1])) if len(ports) > 1 else ("--only", "587")))
        return self.outcome("submission", *which, *more, "127.0.0.1", status=status)

    def test_a_good_host_passes_on_both_ports_and_takes_the_login(self):
        tls, ca = self.certificate()
        both = (f"tls = {{{tls}}}, {SAFE}", f'tls = {{{tls}}}, implicit_tls = true, user = "user", secret = "open sesame"')
        found = self.look(*both, status=0, more=("--ca-file", ca))
        self.assertEqual((found["verdict"], found["first_cause"]), ("pass", None))
        self.assertVerdicts(found, connect_587="pass", before_tls="pass", starttls="pass", certificate_587="pass", auth_587="pass", login_587="skip",
                            connect_465="pass", certificate_465="pass", auth_465="pass", login_465="skip")
        secret = self.write("secret", "open sesame\n")
        login = ("--ca-file", ca, "--allow", "login", "--auth", "user", "--secret-file", secret)
        self.assertVerdicts(self.look(*both, status=0, more=login), login_587="pass", login_465="pass")
        self.write("secret", "a guess\n")
        found = self.look(*both, status=1, more=login)
        self.assertVerdicts(found, login_587="fail", auth_587="pass")
        self.assertEqual(found["by_name"]["login-587"]["cause"], "login-failed")

    def test_a_certificate_that_soon_ends_is_a_warning(self):
        tls, ca = self.certificate(9)
        self.assertVerdicts(self.look(f"tls = {{{tls}}}, {SAFE}", status=0, more=("--ca-file", ca)), certificate_587="warn", login_587="skip")

    def test_a_readable_login_before_tls_is_the_first_cause(self):
        found = self.look('tls = true, ehlo = {"AUTH PLAIN LOGIN"}', status=1)
        self.assertVerdicts(found, before_tls="fail")
        self.assertEqual(found["first_cause"], "before-tls")
        self.assertVerdicts(self.look('tls = true, ehlo = {"AUTH CRAM-MD5"}'), before_tls="warn")
        self.assertVerdicts(self.look("tls = true"), before_tls="pass")

    def test_what_is_missing_is_named(self):
        found = self.look("", status=1)
        self.assertVerdicts(found, starttls="fail", certificate_587="skip", auth_587="skip")
        self.assertVerdicts(self.look("tls = true"), starttls="pass", certificate_587="fail", auth_587="fail")
        found = self.look('tls = true, starttls = "454 4.7.0 not now"')
        self.assertVerdicts(found, starttls="fail")
        self.assertEqual(found["by_name"]["starttls"]["evidence"], ["454 4.7.0 not now"])

    def test_a_closed_port_is_the_first_cause(self):
        found = self.outcome("submission", "--port", "1", "--tls-port", "1", "127.0.0.1", status=1)
        self.assertVerdicts(found, connect_587="fail", connect_465="fail", before_tls="skip")
        self.assertEqual(found["first_cause"], "connect-587")

    def test_a_login_needs_leave(self):
        self.assertIn("--allow login", self.wrong_usage("submission", "--auth", "user", "127.0.0.1"))


class Greylist(Rehearsal):
    def look(self, options, *more, status=None):
        return self.outcome("greylist", "--host", self.server(options), "--wait", "0.05", *more, "user@example.org", status=status)

    def test_a_greylist_that_ends_passes_and_tells_how_long_it_took(self):
        found = self.look(put_off(1), status=0)
        self.assertVerdicts(found, first="pass", again="pass")
        self.assertIn("put off", found["by_name"]["first"]["text"])
        self.assertGreaterEqual(found["by_name"]["again"]["metrics"]["greylisted_seconds"], 0.05)

    def test_it_tries_as_often_as_told(self):
        self.assertVerdicts(self.look(put_off(2), "--tries", "2", status=1), again="fail")
        self.assertVerdicts(self.look(put_off(2), "--tries", "3", status=0), again="pass")

    def test_no_greylisting_is_told_apart(self):
        found = self.look("", status=0)
        self.assertVerdicts(found, first="pass", again="skip")
        self.assertIn("no greylisting", found["by_name"]["first"]["text"])

    def test_the_next_command_can_be_pasted_whatever_the_mailbox_holds(self):
        host = self.server(put_off(9))
        found = self.outcome("greylist", "--host", host, "--wait", "0.05", "--tries", "2", "o'brien&$x@example.org", status=1)
        self.assertEqual(shlex.split(found["by_name"]["again"]["next"])[-1], "o'brien&$x@example.org")

    def test_other_refusals_are_no_greylisting(self):
        for reply, verdict in (("452 4.2.2 The mailbox is over quota", "warn"), ("550 5.1.1 No such user here", "fail")):
            found = self.look(f'rcpt = "{reply}"')
            self.assertVerdicts(found, first=verdict)
        found = self.look(put_off(1, "550 5.1.1 No such user here"), status=1)
        self.assertEqual(found["by_name"]["again"]["cause"], "mailbox-unknown")


class Limits(Rehearsal):
    SIZES = """mail = function(_, argument)
      local size = tonumber(argument:match("SIZE=(%%d+)"))
      if size and size > %d then return "552 5.3.4 Message size exceeds fixed limit" end
    end, """

    def look(self, options, *more, status=None):
        return self.outcome("limits", *more, self.server(options), status=status)

    def test_a_server_that_keeps_its_word_passes(self):
        found = self.look(self.SIZES % 1000 + 'ehlo = {"SIZE 1000", "PIPELINING"}', "--to", "a@example.org", status=0)
        self.assertEqual(found["verdict"], "pass")
        self.assertVerdicts(found, size="pass", pipelining="pass", recipients="pass")
        self.assertEqual(found["by_name"]["recipients"]["metrics"], {"recipients": 100})

    def test_a_size_that_is_claimed_and_refused_fails(self):
        self.assertVerdicts(self.look(self.SIZES % 999 + 'ehlo = {"SIZE 1000"}', status=1), size="fail")

    def test_a_size_that_is_not_checked_at_mail_is_a_warning(self):
        self.assertVerdicts(self.look('ehlo = {"SIZE 1000"}', status=0), size="warn")
        self.assertVerdicts(self.look('ehlo = {"SIZE"}', status=0), size="pass")
        self.assertVerdicts(self.look('ehlo = {"8BITMIME"}', status=0), size="skip", pipelining="pass")

    def test_pipelining_that_is_claimed_and_refused_fails(self):
        found = self.look('ehlo = {"PIPELINING"}, rset = "503 5.5.0 one at a time"', status=1)
        self.assertVerdicts(found, pipelining="fail")

    def test_recipients_are_counted_with_a_mailbox_only(self):
        self.assertVerdicts(self.look("recipients = 5"), recipients="skip")
        found = self.look("recipients = 5", "--to", "a@example.org", status=0)
        self.assertVerdicts(found, recipients="warn")
        self.assertEqual(found["by_name"]["recipients"]["metrics"], {"recipients": 5})
        found = self.look('recipients = 5, ehlo = {"LIMITS RCPTMAX=50"}', "--to", "a@example.org", status=1)
        self.assertVerdicts(found, recipients="fail")
        found = self.look('rcpt = "550 5.1.1 No such user here"', "--to", "a@example.org")
        self.assertVerdicts(found, recipients="unknown")


class Relay(Rehearsal):
    OWN = """rcpt = function(_, argument)
      local address = argument:match("<(.*)>")
      if %s then return "250 2.1.5 Ok" end
      return "554 5.7.1 Relay access denied"
    end"""

    def look(self, rule, status=None):
        return self.outcome("open-relay", "--allow", "intrusive", "--domain", "example.org", self.server(self.OWN % rule), status=status)

    def test_without_leave_nothing_is_done(self):
        self.assertIn("--allow intrusive", self.wrong_usage("open-relay", "127.0.0.1"))

    def test_a_server_that_refuses_all_forms_passes(self):
        found = self.look("false", status=0)
        self.assertVerdicts(found, plain="pass", control="pass", forms="pass")
        self.assertEqual({row[0] for row in found["by_name"]["forms"]["table"]["rows"]}, {"refused"})

    def test_addresses_stay_whole_in_any_width(self):
        server = self.server('rcpt = function(_, address) return "554 5.7.1 <" .. address .. ">: Relay access denied" end')
        for width in ("60", "80", "120"):
            text = self.ehlo("open-relay", "--allow", "intrusive", "--domain", "example.org", server, env={"COLUMNS": width}).out
            table = text.split("\n  rewritten forms are refused\n")[1]
            self.assertFits(table, int(width), width)
            for address in ("relay-test%example.net@example.org", "example.net!relay-test@example.org"):
                self.assertEqual(table.count(f"<{address}>"), 2, f"{width}: in its column and in the answer\n{table}")

    def test_a_server_that_takes_all_fails_and_the_plain_form_is_the_first_cause(self):
        found = self.look("true", status=1)
        self.assertVerdicts(found, plain="fail", control="warn", forms="fail")
        self.assertEqual(found["first_cause"], "plain")
        self.assertIn("no proof", found["by_name"]["plain"]["fix"])

    def test_a_server_that_passes_on_by_percent_is_found(self):
        found = self.look('address:find("%%.*@example.org$")', status=1)
        self.assertVerdicts(found, plain="pass", control="pass", forms="fail")
        self.assertIn("percent", found["by_name"]["forms"]["text"])

    def test_where_any_mailbox_is_taken_rewritten_ones_say_nothing(self):
        found = self.look('address:find("@example.org$")', status=0)
        self.assertVerdicts(found, plain="pass", control="warn", forms="pass")
        self.assertIn("says nothing", {row[0] for row in found["by_name"]["forms"]["table"]["rows"]})

    def test_a_server_that_puts_off_is_not_judged(self):
        found = self.outcome("open-relay", "--allow", "intrusive", self.server('rcpt = "450 4.2.0 Greylisted"'))
        self.assertVerdicts(found, plain="unknown")

    def test_no_message_is_ever_sent(self):
        server = Server(self.id(), self.home, "intrusive")
        self.addCleanup(server.close)
        self.outcome("open-relay", "--allow", "intrusive", server.address, status=1)
        self.assertEqual(server.messages, [])


class Injection(Rehearsal):
    def look(self, behind, status=None):
        server = Server(self.id(), self.home, "intrusive", behind=behind)
        self.addCleanup(server.close)
        return self.outcome("injection", "--allow", "intrusive", server.address, status=status)

    def test_a_server_that_drops_what_follows_passes(self):
        self.assertVerdicts(self.look("drop", status=0), handshake="pass", injected="pass")
        self.assertVerdicts(self.look("close", status=0), handshake="pass", injected="pass")

    def test_a_server_that_carries_it_into_tls_fails(self):
        found = self.look("carry", status=1)
        self.assertVerdicts(found, handshake="pass", injected="fail")
        self.assertEqual(found["first_cause"], "injected")

    def test_a_server_that_answers_it_in_the_clear_is_a_warning(self):
        self.assertVerdicts(self.look("clear", status=0), handshake="warn", injected="pass")

    def test_without_starttls_nothing_is_known(self):
        found = self.outcome("injection", "--allow", "intrusive", self.server(), status=1)
        self.assertEqual(found["verdict"], "unknown")


class Smuggling(Rehearsal):
    def look(self, *ends, status=None):
        server = Server(self.id(), self.home, "intrusive send", ends=ends)
        self.addCleanup(server.close)
        return self.outcome("smuggling", "--allow", "intrusive,send", "--to", "me@example.org", server.address, status=status), server

    def test_only_the_right_end_ends_a_message(self):
        found, server = self.look(status=0)
        self.assertVerdicts(found, forms="pass")
        self.assertEqual(len(server.messages), 10)
        self.assertTrue(all(b"Subject: ehlo smuggling test " in each and b"\r\nend" in each for each in server.messages))

    def test_each_wrong_end_is_named(self):
        found, _ = self.look(b"\n.\r\n", status=1)
        self.assertIn("LF . CRLF", found["by_name"]["forms"]["text"])
        found, _ = self.look(b"\r.\r", status=1)
        self.assertIn("CR . CR", found["by_name"]["forms"]["text"])

    def test_it_wants_leave_and_a_mailbox(self):
        self.assertIn("--allow intrusive,send", self.wrong_usage("smuggling", "--to", "me@example.org", "127.0.0.1"))
        self.assertIn("--to", self.wrong_usage("smuggling", "--allow", "intrusive,send", "127.0.0.1"))

    def test_a_mailbox_that_is_refused_ends_it(self):
        found = self.outcome("smuggling", "--allow", "intrusive,send", "--to", "me@example.org", self.server('rcpt = "550 5.1.1 No such user"'))
        self.assertVerdicts(found, mailbox="unknown", forms="skip")
        self.assertEqual(found["by_name"]["mailbox"]["cause"], "mailbox-unknown")


class Tls(Submission):
    def look(self, options, *more, status=None):
        if "--ca-file" not in more: # the system's are many, and read anew by each run
            more += ("--ca-file", certificate(self.home))
        return self.outcome("tls", *more, self.server(options), status=status)

    # of Submission only the certificates are wanted
    for name in [each for each in dir(Submission) if each.startswith("test_")]:
        locals()[name] = None

    def test_a_good_server_passes(self):
        tls, ca = self.certificate()
        found = self.look(f"tls = {{{tls}}}", "--ca-file", ca, status=0)
        self.assertVerdicts(found, offered="pass", handshake="pass", certificate="pass", expiry="pass", enforced="pass", versions="pass")
        self.assertEqual(found["matrix"]["rows"][0]["cells"][2], "1.3 ok")

    def test_what_is_not_offered_or_refused(self):
        self.assertEqual(self.look("", status=1)["first_cause"], "offered")
        found = self.look('tls = true, starttls = "454 4.7.0 not now"', status=1)
        self.assertVerdicts(found, offered="pass", handshake="fail", certificate="skip")
        self.assertEqual(found["first_cause"], "handshake")
        self.assertEqual(self.outcome("tls", "127.0.0.1:1", status=1)["first_cause"], "offered")

    def test_certificates_of_every_fault(self):
        for options, cause in (("tls = true", "certificate-not-trusted"), ("tls = {expired = true}", "certificate-expired"),
                               ('tls = {names = {"mail.other.example"}}', "certificate-host-mismatch")):
            found = self.look(options, status=1)
            self.assertEqual(found["first_cause"], "certificate", options)
            self.assertIn(cause, " ".join(found["by_name"]["certificate"]["evidence"]), options)

    def test_a_certificate_that_soon_ends_is_a_warning(self):
        self.assertVerdicts(self.look("tls = {days = 9}"), expiry="warn")
        self.assertVerdicts(self.look("tls = {days = 90}"), expiry="pass")
        self.assertVerdicts(self.look("tls = {days = 90}", "--days", "100"), expiry="warn")
        self.assertVerdicts(self.look("tls = {expired = true}"), expiry="fail")

    def test_versions(self):
        self.assertVerdicts(self.look('tls = {max = "TLSv1.2"}'), versions="pass")
        self.assertVerdicts(self.look('tls = {min = "TLSv1", security = 0}'), versions="warn")
        found = self.look('tls = {min = "TLSv1", max = "TLSv1.1", security = 0}', status=1)
        self.assertVerdicts(found, versions="fail", handshake="pass")
        self.assertEqual(found["first_cause"], "versions")

    def test_whether_mail_without_tls_is_taken(self):
        strict = 'tls = true, mail = function(session) if not session.tls then return "530 5.7.0 Must issue a STARTTLS command first" end end'
        self.assertVerdicts(self.look(strict), enforced="warn")
        self.assertVerdicts(self.look(strict, "--submission"), enforced="pass")
        self.assertVerdicts(self.look("tls = true"), enforced="pass")
        self.assertVerdicts(self.look("tls = true", "--submission"), enforced="warn")

    def test_tls_from_the_first_byte(self):
        tls, ca = self.certificate()
        found = self.look(f"tls = {{{tls}}}, implicit_tls = true", "--implicit-tls", "--ca-file", ca, status=0)
        self.assertVerdicts(found, offered="pass", handshake="pass", certificate="pass", enforced="pass")

    def test_varying_names_what_makes_it_work(self):
        old = self.look('tls = {min = "TLSv1", max = "TLSv1.1", security = 0}', "--vary", status=1)
        self.assertIn("only with: old versions, level 0", old["by_name"]["vary"]["text"])
        good = self.look("tls = true", "--vary")["by_name"]["vary"]
        self.assertEqual((good["verdict"], good["text"]), ("pass", "it works as senders do it today"))
        trust = [row[2].endswith("certificate-not-trusted") for row in good["table"]["rows"]]
        self.assertEqual((trust[0], any(trust[1:])), (True, False), "trust is told once, and again where it changes")
        group = self.look('tls = {groups = "P-384"}', "--vary")["by_name"]["vary"]
        self.assertIn("it does not with: group X25519, group P-256", group["text"])


class Unreachable(Rehearsal):
    def test_what_cannot_be_examined_is_unknown_and_never_judged(self):
        for name, more in (("open-relay", ("--allow", "intrusive")), ("injection", ("--allow", "intrusive")), ("limits", ()),
                           ("smuggling", ("--allow", "intrusive,send", "--to", "me@example.org"))):
            found = self.outcome(name, *more, "127.0.0.1:1", status=1)
            self.assertEqual((found["verdict"], found["text"]), ("unknown", "this cannot be said"), name)


if __name__ == "__main__":
    unittest.main()
