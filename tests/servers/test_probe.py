#!/usr/bin/env python3
# `ehlo probe` against a real Postfix and a real Exim: timeline, capabilities, TLS facts, outcome and exit status, with and
# without TLS; and every script of examples/.
import json
import re
import sys
import unittest

from harness import ROOT, SERVERS, address, run

UNPRINTABLE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")

IN_CLEAR = ["connect", "greeting", "ehlo"]
TO_TLS = IN_CLEAR + ["starttls", "tls", "ehlo_tls"]
IMPLICIT = ["connect", "tls", "greeting", "ehlo"]
RECIPIENT = ["mail", "rcpt", "rset", "quit"]

# Asked of both servers: (port, options, outcome, exit, phase, code, phases in order).
BOTH = [
    ("plain", ["--to", "postmaster@localhost"], "ready", 0, "rcpt", 250, IN_CLEAR + RECIPIENT),
    ("starttls", ["--to", "postmaster@localhost"], "ready", 0, "rcpt", 250, TO_TLS + RECIPIENT),
    ("implicit", ["--implicit-tls", "--to", "postmaster@localhost"], "ready", 0, "rcpt", 250, IMPLICIT + RECIPIENT),
    ("starttls", ["--tls", "none", "--to", "postmaster@localhost"], "ready", 0, "rcpt", 250, IN_CLEAR + RECIPIENT),
    ("plain", [], "ready", 0, None, None, IN_CLEAR + ["quit"]),
    ("plain", ["--tls", "encrypt"], "tls-not-offered", 14, "starttls", None, IN_CLEAR),
    ("starttls", ["--tls", "encrypt"], "ready", 0, None, None, TO_TLS + ["quit"]),
    ("starttls", ["--tls", "verify"], "tls-untrusted", 16, "tls", None, IN_CLEAR + ["starttls", "tls"]),
    ("starttls", ["--to", "nobody@localhost"], "refused-permanently", 21, "rcpt", 550, TO_TLS + RECIPIENT),
    ("plain", ["--to", "blocked@localhost"], "refused-permanently", 21, "rcpt", 550, IN_CLEAR + RECIPIENT),
    ("plain", ["--to", "full@localhost"], "refused-temporarily", 20, "rcpt", 452, IN_CLEAR + RECIPIENT),
    ("starttls", ["--implicit-tls"], "tls-failed", 15, "tls", None, ["connect"]),
]

# Asked of one: (server, port, options, outcome, exit, phase, code, phases).
ONE = [
    ("postfix", "plain", ["--to", "someone@example.com"], "refused-permanently", 21, "rcpt", 554, IN_CLEAR + RECIPIENT),
    ("postfix", "plain", ["--to", "grey@localhost"], "refused-temporarily", 20, "rcpt", 450, IN_CLEAR + RECIPIENT),
    ("postfix", "starttls", ["--to", "busy@localhost"], "refused-temporarily", 20, "rcpt", 421, TO_TLS + ["mail", "rcpt"]),
    ("postfix", "g421", [], "refused-temporarily", 20, "greeting", 421, ["connect", "greeting"]),
    ("postfix", "g421", ["--tls", "encrypt"], "refused-temporarily", 20, "greeting", 421, ["connect", "greeting"]),
    ("postfix", "g554", [], "refused-permanently", 21, "greeting", 554, ["connect", "greeting"]),
    ("postfix", "g521", [], None, None, "greeting", 521, ["connect", "greeting"]),
    ("postfix", "bare", ["--to", "postmaster@localhost"], "ready", 0, "rcpt", 250, IN_CLEAR + RECIPIENT),
    ("postfix", "tls12", [], "ready", 0, None, None, TO_TLS + ["quit"]),
    ("exim", "plain", ["--to", "someone@example.com"], "refused-permanently", 21, "rcpt", 550, IN_CLEAR + RECIPIENT),
    ("exim", "plain", ["--to", "grey@localhost"], "refused-temporarily", 20, "rcpt", 451, IN_CLEAR + RECIPIENT),
    ("exim", "g451", [], "refused-temporarily", 20, "greeting", 451, ["connect", "greeting"]),
    ("exim", "g550", [], "refused-permanently", 21, "greeting", 550, ["connect", "greeting"]),
]

# What each must offer, in clear where STARTTLS is on offer.
CAPABILITIES = {
    "postfix": {"PIPELINING": "", "SIZE": "10240000", "ETRN": "", "ENHANCEDSTATUSCODES": "", "8BITMIME": "", "DSN": "",
                "SMTPUTF8": "", "CHUNKING": ""},
    "exim": {"SIZE": "52428800", "8BITMIME": "", "DSN": "", "PIPELINING": "", "PIPECONNECT": "", "CHUNKING": "",
             "SMTPUTF8": "", "HELP": "", "VRFY": "", "EXPN": "", "ETRN": ""},
}


def order(timing, phases):
    """The phases of a timing in the order in which they came, as the case lists them."""
    return [each for each in phases if each in timing] + [each for each in timing if each not in phases]


class Probe(unittest.TestCase):
    maxDiff = None

    def probe(self, server, port, *options, host="127.0.0.1", **environment):
        ran = run("probe", "--format", "json", *options, address(server, port, host), **environment)
        self.assertEqual(ran.stderr, "")
        record = json.loads(ran.stdout)
        self.assertEqual(ran.returncode, record["exit"])
        return record

    def check(self, server, port, options, outcome, status, phase, code, phases):
        record = self.probe(server, port, *options)
        if outcome:
            self.assertEqual((record["outcome"], record["exit"]), (outcome, status))
        if phase:
            self.assertEqual(record["phase"], phase)
        if code:
            self.assertEqual(record["reply"]["code"], code)
        timing = record["timing"]
        went = [name for name, seconds in timing.items() if seconds is not None and name != "total"]
        self.assertEqual(sorted(went), sorted(order(dict.fromkeys(went), phases)))
        self.assertLessEqual(set(phases), set(went))
        self.assertTrue(all(0 <= timing[name] <= timing["total"] for name in went))
        self.assertEqual(record["anomalies"], [])
        self.assertEqual((record["ehlo"], record["address"], record["source"]), (1, "127.0.0.1", "127.0.0.1"))
        times = [entry["at"] for entry in record["transcript"]]
        self.assertEqual(times, sorted(times))
        return record

    def test_both_servers_answer_as_they_are_set_up(self):
        for server in ("postfix", "exim"):
            for case in BOTH:
                with self.subTest(server=server, port=case[0], options=case[1]):
                    self.check(server, *case)

    def test_each_server_refuses_in_its_own_way(self):
        for case in ONE:
            with self.subTest(case=case[:3]):
                self.check(*case)

    def test_the_capabilities_are_those_of_the_last_ehlo(self):
        for server, expected in CAPABILITIES.items():
            self.assertEqual(self.probe(server, "starttls")["capabilities"], expected)
            self.assertEqual(self.probe(server, "plain")["capabilities"], expected)
            in_clear = self.probe(server, "starttls", "--tls", "none")["capabilities"]
            self.assertEqual(in_clear, {**expected, "STARTTLS": ""})

    def test_the_tls_facts_are_those_of_the_certificate(self):
        for server in ("postfix", "exim"):
            for port, options in (("starttls", []), ("implicit", ["--implicit-tls"])):
                tls = self.probe(server, port, *options)["tls"]
                self.assertEqual((tls["version"], tls["group"], tls["trusted"]), ("TLSv1.3", "X25519", False))
                self.assertRegex(tls["cipher"], "^TLS_")
                leaf = tls["chain"][0]
                self.assertEqual((leaf["subject"], leaf["issuer"]), ("mx.example.org", "Test CA"))
                self.assertEqual(leaf["names"], ["mx.example.org", "localhost", "127.0.0.1"])
                self.assertIn("P-256", leaf["key"])
                self.assertIn("certificate-not-trusted", [each["word"] for each in tls["verdicts"]])
        self.assertEqual(self.probe("postfix", "tls12")["tls"]["version"], "TLSv1.2")
        self.assertIsNone(self.probe("postfix", "plain")["tls"])

    def test_an_untrusted_certificate_is_a_finding_until_trust_is_demanded(self):
        for server in ("postfix", "exim"):
            found = self.probe(server, "starttls")
            self.assertEqual(found["outcome"], "ready")
            self.assertEqual([each["word"] for each in found["findings"]], ["certificate-not-trusted"])
            trusted = self.probe(server, "starttls", "--tls", "verify", "--family", "ipv4", host="localhost",
                                 SSL_CERT_FILE=SERVERS["ca"])
            self.assertEqual((trusted["outcome"], trusted["tls"]["trusted"]), ("ready", True))
            self.assertEqual(trusted["findings"], [])

    def test_replies_are_explained(self):
        for server, mailbox, cause in (("postfix", "nobody", "mailbox-unknown"), ("exim", "nobody", "mailbox-unknown"),
                                       ("postfix", "grey", "greylisted"), ("postfix", "full", "mailbox-full"),
                                       ("exim", "full", "mailbox-full"), ("exim", "blocked", "ip-blocklisted"),
                                       ("postfix", "blocked", "ip-blocklisted")):
            with self.subTest(server=server, mailbox=mailbox):
                explained = self.probe(server, "plain", "--to", f"{mailbox}@localhost")["explanation"]
                self.assertEqual(explained["cause"], cause)
                self.assertTrue(explained["meaning"] and explained["fix"] and explained["evidence"])
        relay = self.probe("postfix", "plain", "--to", "someone@example.com")["explanation"]
        self.assertEqual((relay["cause"], relay["retry"]), ("relay-denied", "no"))

    def test_the_text_page_shows_timeline_capabilities_tls_and_verdict(self):
        for server in ("postfix", "exim"):
            ran = run("probe", "--to", "nobody@localhost", address(server, "starttls"))
            self.assertEqual((ran.returncode, ran.stderr), (21, ""))
            self.assertIsNone(UNPRINTABLE.search(ran.stdout))
            lines = re.findall(r"^ +\d+\.\d{3}  (\w+)", ran.stdout, re.M)
            self.assertEqual(lines, ["connect", "greeting", "ehlo", "starttls", "tls", "ehlo", "mail", "rcpt", "rset",
                                     "quit"])
            for words in ("PIPELINING", "TLSv1.3", "mx.example.org", "RCPT", "refused permanently", "Next"):
                self.assertIn(words, ran.stdout)
            self.assertLessEqual(max(map(len, ran.stdout.split("\n"))), 80)

    def test_the_servers_were_sent_nothing_but_the_session(self):
        """Safe by default: a probe without a mailbox names none."""
        sent = [each["text"] for each in self.probe("postfix", "starttls")["transcript"] if each["direction"] == "sent"]
        self.assertEqual([text.split()[0] for text in sent], ["EHLO", "STARTTLS", "EHLO", "QUIT"])

    def test_a_mailbox_beyond_ascii_is_asked_for_as_the_server_can_take_it(self):
        def sent(record):
            return [each["text"] for each in record["transcript"] if each["text"].startswith(("MAIL", "RCPT"))]
        local, domain = "grüße@keep.example.org", "keep@grün.example.org"
        for server, port in (("postfix", "plain"), ("exim", "plain"), ("postfix", "bare")):
            with self.subTest(server=server, port=port):
                record = self.probe(server, port, "--to", domain)
                self.assertEqual((record["outcome"], sent(record)),
                                 ("ready", ["MAIL FROM:<>", "RCPT TO:<keep@xn--grn-ioa.example.org>"]))
        for server in ("postfix", "exim"):
            with self.subTest(server=server):
                record = self.probe(server, "plain", "--to", local)
                self.assertEqual((record["outcome"], sent(record)), ("ready", ["MAIL FROM:<> SMTPUTF8", f"RCPT TO:<{local}>"]))
                record = self.probe(server, "plain", "--to", "keep@keep.example.org", "--from", local,
                                    "--mail-parameters", "SIZE=1 BODY=8BITMIME")
                self.assertEqual((record["outcome"], sent(record)[0]),
                                 ("ready", f"MAIL FROM:<{local}> SMTPUTF8 SIZE=1 BODY=8BITMIME"))
        record = self.probe("postfix", "bare", "--to", local)
        self.assertEqual((record["outcome"], record["phase"], sent(record)), ("refused-permanently", "mail", []))
        self.assertEqual(record["reply"], None)
        record = self.probe("postfix", "bare", "--to", local, "--mail-parameters", "smtputf8")
        self.assertEqual((sent(record)[0], record["phase"]), ("MAIL FROM:<> smtputf8", "mail"))

    def test_several_targets_are_one_document_and_one_status(self):
        targets = [address(server, "plain") for server in ("postfix", "exim")]
        ran = run("probe", "--format", "json", *targets)
        results = json.loads(ran.stdout)["results"]
        self.assertEqual([each["target"] for each in results], targets)
        self.assertEqual(ran.returncode, 0)
        ran = run("probe", "--format", "ndjson", targets[0], address("postfix", "g421"))
        outcomes = [json.loads(line)["outcome"] for line in ran.stdout.splitlines()]
        self.assertEqual((outcomes, ran.returncode), (["ready", "refused-temporarily"], 1))


class Examples(unittest.TestCase):
    """Every script of examples/ runs, as it stands: (arguments, exit status, what it prints)."""
    CASES = {
        "probe.lua": [
            ([("postfix", "starttls"), "postmaster@localhost"], 0,
             ["ready", "capability\tSIZE\t10240000", "tls\tTLSv1.3", "mx.example.org"]),
            ([("exim", "plain"), "nobody@localhost"], 21, ["refused-permanently", "550", "mailbox-unknown"]),
            ([("postfix", "g421")], 20, ["refused-temporarily", "421"]),
        ],
        "session.lua": [([("exim", "starttls"), "postmaster@localhost"], 0, ["250", "TLSv1.3", "not trusted"]),
                        ([("postfix", "plain"), "nobody@localhost"], 1, ["550 5.1.1", "mailbox-unknown"])],
        "tls-versions.lua": [([("postfix", "tls12")], 0, ["TLSv1    ", "TLSv1.2   ECDHE", "TLSv1.3   tls-failed"]),
                             ([("postfix", "plain")], 0, ["TLSv1.3   tls-not-offered"])],
        "logs.lua": [(["100000", str(ROOT / "tests/logs/postfix.log")], 0, ["mailbox-unknown  retry: no", "1  went out later"])],
        "compare.lua": [([], 0, ["421"]), (["211", "521"], 0, ["211", "521"])],
    }

    def test_every_example_is_run(self):
        elsewhere = {"sort-bounces.lua": "tests/commands/test_explain_mail.py"} # needs a Maildir, and no server
        for name in ("watch-greylisting", "mx-drift", "check-smtp", "retry-logic", "certificates", "our-site"): # a rehearsal is enough
            elsewhere[name + ".lua"] = "tests/commands/test_examples.py"
        for name, where in elsewhere.items():
            self.assertIn(f'"{name}"', (ROOT / where).read_text())
        self.assertEqual({path.name for path in (ROOT / "examples").glob("*.lua")}, {*self.CASES, *elsewhere})

    def test_examples_do_what_they_say(self):
        for script, cases in self.CASES.items():
            for arguments, status, words in cases:
                with self.subTest(script=script, arguments=arguments):
                    real = [address(*each) if isinstance(each, tuple) else each for each in arguments]
                    ran = run("run", str(ROOT / "examples" / script), *real)
                    self.assertEqual((ran.returncode, ran.stderr), (status, ""))
                    for word in words:
                        self.assertIn(word, ran.stdout)

    def test_the_probe_is_ten_lines(self):
        self.assertLessEqual(len((ROOT / "examples/probe.lua").read_text().splitlines()), 10)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
