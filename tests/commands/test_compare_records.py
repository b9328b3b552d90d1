"""ehlo compare: hosts, sessions and saved results side by side."""
import json
import pathlib
import subprocess
import sys
import unittest

from program import PROGRAM, Case

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "policy"))
import name_server  # noqa: E402


def probe(**more):
    """A saved probe."""
    return {"ehlo": 1, "target": "mx.example.org", "host": "mx.example.org", "address": "192.0.2.1", "port": 25, "source": "198.51.100.1",
            "source_ptr": None, "helo": "me.example.net", "outcome": "ready", "phase": "quit", "capabilities": {"SIZE": "1000", "DSN": ""},
            "tls": None, "findings": [], "anomalies": [], "timing": {"total": 1.5},
            "transcript": [{"at": 0.1, "direction": "received", "phase": "greeting", "text": "220 mx.example.org ESMTP"}], **more}


class Records(Case):
    def save(self, name, value):
        return self.write(name, value if isinstance(value, str) else json.dumps(value))

    def compared(self, a, b, *args):
        return json.loads(self.answer("compare", self.save("a.json", a), self.save("b.json", b), "--format", "json", *args))

    def fields(self, a, b):
        return [d["field"] for d in self.compared(a, b)["differences"]]

    def certificate(self, name, days):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=mx.example.org",
                        "-days", str(days), "-keyout", name + ".key", "-out", name + ".pem"], cwd=self.home, check=True, capture_output=True)
        return [f"{self.home}/{name}.pem", f"{self.home}/{name}.key"]

    def test_servers_that_differ_in_one_thing_differ_in_that_alone(self):
        out = self.answer("run", str(HERE / "compare_servers.lua"), *self.certificate("one", 30), *self.certificate("two", 60))
        self.assertEqual(dict(line.split(": ", 1) for line in out.splitlines()), {
            "nothing": "", "a capability": "capabilities", "size": "capabilities", "order of capabilities": "",
            "tls version": "tls.version tls.cipher", "no tls": "tls.version findings", "certificate": "tls.certificate.expires",
            "rcpt": "replies.rcpt", "refusal": "outcome replies.rcpt", "banner": "replies.greeting", "date in the banner": "",
            "id in the banner": "", "anomaly": "anomalies"})

    def test_hosts_are_probed_and_what_differs_is_said_first(self):
        ready, refused = self.rehearsal("no-starttls"), self.rehearsal("unknown-user")
        text = self.answer("compare", "--to", "user@example.org", ready, refused)
        self.assertIn(f"{ready} and {refused} differ in 2 things: outcome and RCPT reply.", " ".join(text.split()))
        self.assertIn("550 5.1.1", text)
        self.assertEqual(self.ehlo("compare", "--exit-code", "--quiet", "--to", "user@example.org", ready, refused).status, 1)
        saved = self.save("saved.json", self.answer("probe", "--to", "user@example.org", "--format", "json", ready))
        r = self.ehlo("compare", "--exit-code", "--quiet", "--to", "user@example.org", saved, ready)
        self.assertEqual((r.status, r.out, r.err), (0, "", ""))

    def mail_hosts(self, *options):
        """Servers at 127.0.0.2, 127.0.0.3 and so on, one port for all, and that port."""
        rows = "".join(f"local s{i} = assert(smtp.listen {{address = '127.0.0.{i + 2}', port = s0 and s0.port or nil, {text}}})\n"
                       for i, text in enumerate(options))
        script = self.write("hosts.lua", "local s0\n" + rows.replace("local s0 = ", "s0 = ") + "print(s0.port)\nio.stdout:flush()\ns0:wait()\n")
        process = subprocess.Popen([PROGRAM, "run", script], stdout=subprocess.PIPE, text=True, env=self.environment())
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return int(process.stdout.readline())

    def test_every_address_of_a_domain_is_compared_and_the_odd_one_named(self):
        port = self.mail_hosts('ehlo = {"DSN"}', 'ehlo = {"DSN"}', 'ehlo = {"DSN", "CHUNKING"}')
        zones = {"example.org": [{"MX": [10, "mx1.example.org"]}, {"MX": [20, "mx2.example.org"]}],
                 "mx1.example.org": [{"A": "127.0.0.2"}], "mx2.example.org": [{"A": "127.0.0.3"}, {"A": "127.0.0.4"}],
                 "lonely.example": [{"MX": [10, "mx1.example.org"]}], "null.example": [{"MX": [0, "."]}]}
        with name_server.NameServer(zones) as dns:
            text = self.answer("compare", "--mx", "--resolver", dns.address, f"example.org:{port}")
            self.assertIn("mx2.example.org 127.0.0.4 differs from the others in one thing: capabilities.", " ".join(text.split()))
            self.assertIn("one thing", self.wrong_usage("compare", "--mx", "--resolver", dns.address, f"lonely.example:{port}"))
            r = self.ehlo("compare", "--mx", "--resolver", dns.address, "null.example")
            self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)

    def test_replies_are_compared_by_what_they_mean(self):
        text = self.answer("compare", "550 5.1.1 no such user", "450 4.2.2 mailbox full")
        self.assertIn("mailbox-full", text)
        self.assertIn("of one kind", self.wrong_usage("compare", "550 5.1.1 no such user", "521"))

    def test_sessions_are_compared_by_value(self):
        script = self.write("s.lua", """
            local one, two = smtp.listen {ehlo = {"SIZE 10"}}, smtp.listen {ehlo = {"DSN"}}
            local a, b = smtp.connect("127.0.0.1:" .. one.port), smtp.connect("127.0.0.1:" .. two.port)
            a:ehlo() b:ehlo()
            local c = report.compare(a, b)
            print(#c.differences, c.differences[1].field, c.differences[1].removed[1], c.differences[1].added[1])
            print(pcall(report.compare, a))
            print(pcall(report.compare, a, codes.lookup("521")))
            print(pcall(report.compare, a, print))
            a:close() b:close()""")
        lines = self.answer("run", script).splitlines()
        self.assertEqual(lines[0], "1\tcapabilities\tSIZE 10\tDSN")
        self.assertRegex(lines[1], r"^false\t.*#2 to 'compare'")
        self.assertRegex(lines[2], r"^false\t.*is a code")
        self.assertRegex(lines[3], r"^false\t.*#2 to 'compare'")

    def test_noise_is_left_out_and_named(self):
        then = probe()
        now = probe(timing={"total": 9}, transcript=[{"at": 7.0, "direction": "received", "phase": "greeting", "text": "220 mx.example.org ESMTP"}])
        self.assertEqual(self.fields(then, now), [])
        c = self.compared(then, now)
        self.assertIn("times", c["left_out"])
        self.assertEqual(c["headline"], "no difference")
        text = self.answer("compare", f"{self.home}/a.json", f"{self.home}/b.json")
        self.assertIn("do not differ", text)
        self.assertIn("Left out as noise: times", text)

    def test_a_hosts_own_name_is_no_difference_between_hosts(self):
        def at(name):
            return probe(target=name, host=name, address="192.0.2.7", transcript=[
                {"at": 0, "direction": "received", "phase": "greeting", "text": f"220 {name} ESMTP ready"}])
        c = self.compared(at("mx1.example.org"), at("mx2.example.org"))
        self.assertEqual((c["differences"], c["masked"]), ([], ["greeting"]))

    def test_the_address_of_one_host_is_a_fact_and_those_of_two_are_names(self):
        self.assertEqual(self.fields(probe(), probe(address="192.0.2.2")), ["address"])
        self.assertEqual(self.fields(probe(), probe(address="192.0.2.2", target="b.example.org", host="b.example.org")), [])

    def test_sets_tell_what_came_and_what_went(self):
        difference, = self.compared(probe(), probe(capabilities={"DSN": "", "SIZE": "2000"}))["differences"]
        self.assertEqual((difference["removed"], difference["added"]), (["SIZE 1000"], ["SIZE 2000"]))

    def test_dates_tell_how_far_they_lie_apart(self):
        def tls(expires):
            return probe(tls={"version": "TLSv1.3", "chain": [{"subject": "mx.example.org", "not_before": expires - 9, "not_after": expires,
                                                              "sha256": f"{expires:064x}"}]})
        difference, = self.compared(tls(1800000000), tls(1800000000 - 30 * 86400))["differences"]
        self.assertEqual((difference["field"], difference["change"]), ("tls.certificate.expires", -30 * 86400))
        self.assertEqual(difference["values"], ["2027-01-15T08:00:00Z", "2026-12-16T08:00:00Z"])
        self.assertIn("(30 days earlier)", self.answer("compare", f"{self.home}/a.json", f"{self.home}/b.json"))

    def test_files_of_many_results_are_matched_by_what_they_are_about(self):
        one = {"ehlo": 1, "results": [probe(target="a.example"), probe(target="b.example"), probe(target="c.example")]}
        two = "".join(json.dumps(p) + "\n" for p in (probe(target="b.example", outcome="timed-out"),
                                                     probe(target="a.example"), probe(target="d.example")))
        c = self.compared(one, two)
        self.assertEqual([(d["about"], d["field"]) for d in c["differences"]], [(None, "results"), ("b.example", "b.example.outcome")])
        self.assertEqual((c["differences"][0]["removed"], c["differences"][0]["added"]), (["c.example"], ["d.example"]))
        self.assertEqual(c["unchanged"], ["a.example"])

    def test_any_record_of_a_kind_is_compared_by_its_facts(self):
        def policy(verdict, findings, seconds):
            return {"ehlo": 1, "kind": "policy", "policy": "spf", "subject": "example.org", "verdict": verdict, "summary": "It is.",
                    "findings": [{"id": f, "level": "warn", "text": "x"} for f in findings], "trace": [{"what": "a", "seconds": seconds}]}
        c = self.compared(policy("pass", ["spf-long", "spf-ptr"], 1), policy("fail", ["spf-ptr", "spf-loop"], 2))
        self.assertEqual([d["field"] for d in c["differences"]], ["verdict", "findings"])
        self.assertEqual((c["differences"][1]["removed"], c["differences"][1]["added"]), (["spf-long"], ["spf-loop"]))

        self.assertEqual(self.fields(policy("pass", ["a"], 1), {**policy("fail", ["a"], 1), "fix": "Mend it.", "reference": "RFC 7208"}), ["verdict"])
        self.assertEqual(self.fields(json.loads(self.answer("521", "--format", "json")), json.loads(self.answer("521", "--format", "json"))), [])
        explained = [json.loads(self.answer("explain", text, "--format", "json")) for text in ("550 5.1.1 no such user", "452 4.2.2 full")]
        self.assertIn("cause", self.fields(*explained))

    def test_a_runbooks_steps_are_one_thing_each(self):
        def book(verdict, text, **more):
            return {"ehlo": 1, "kind": "runbook", "runbook": "tls", "subject": "mx.example.org", "verdict": verdict, "seconds": 2.5,
                    "started": f"2026-11-29T00:00:0{len(text) % 10}Z", "counts": {verdict: 1}, "first_cause": None,
                    "steps": [{"name": "tls", "title": "TLS", "verdict": verdict, "text": text, "fix": "Renew it.", "began": 0.1, **more}],
                    "matrix": {"rows": [{"host": "mx.example.org", "address": "192.0.2.1", "outcome": "ready", "cells": ["0.1"]}]}}
        self.assertEqual(self.fields(book("pass", "fine after 0.2 s"), book("pass", "fine after 1.25 s")), [])
        self.assertEqual(self.fields(book("pass", "fine"), book("fail", "expired", evidence=["x"])), ["verdict", "steps.tls"])
        self.assertEqual(self.fields(book("pass", "fine", evidence=["a"]), book("pass", "fine", evidence=["b"])), ["steps.tls.evidence"])
        self.assertEqual(self.compared(book("pass", "fine"), book("pass", "fine"))["kind"], "runbook")

    def test_two_runs_of_a_runbook_differ_in_what_differs_alone(self):
        good, expired = self.rehearsal("ready"), self.rehearsal("expired-certificate")
        runs = [self.save(f"{i}.json", self.ehlo("tls", host, "--format", "json").out) for i, host in enumerate((good, good, expired))]
        self.assertEqual(self.ehlo("compare", "--exit-code", runs[0], runs[1]).status, 0)
        steps = {d["field"].split(".")[1] for d in json.loads(self.answer("compare", runs[0], runs[2], "--format", "json"))["differences"]
                 if d["field"].startswith("steps.")}
        text = self.answer("compare", runs[0], runs[2])
        self.assertIn("expired", text)
        self.assertLessEqual(len(steps), 3, text)

    def test_runs_of_different_runbooks_stand_side_by_side_with_room_for_what_they_say(self):
        host, runs = self.rehearsal("ready"), []
        for name in ("limits", "tls"):
            runs.append(self.save(name + ".json", self.ehlo(name, host, "--format", "json").out))
        for first, second in (runs, runs[::-1]): # what the first lacks, the second has
            for width in ("60", "80", "120"):
                text = self.answer("compare", first, second, env={"COLUMNS": width})
                self.assertFits(text, int(width), width)
                self.assertIn("TLS_AES_256_GCM_SHA384", text, "the cipher is whole")
                self.assertNotRegex(text, "public server must ?[a-z0-9]", "a long name does not run into its value")

    def test_names_with_a_comma_are_parted_by_semicolons(self):
        script = """local book = runbook.new(manifest {summary = "x"})
          for _, title in ipairs {"TLS is trusted, and more", "it answers", "it takes mail"} do
            book:step {name = title:match("%a+"):lower() .. #title, title = title, run = function() return {pass = "so"} end}
          end
          return book:run()"""
        path = self.write("book.lua", script)
        for name in ("a.json", "b.json"):
            self.write(name, self.answer("run", path, "--format", "json"))
        text = " ".join(self.answer("compare", "a.json", "b.json").split())
        self.assertIn("TLS is trusted, and more; it answers; and it takes mail.", text)

    def test_every_form_has_the_same_differences(self):
        a, b = self.save("a.json", probe()), self.save("b.json", probe(outcome="timed-out"))
        for form in ("text", "markdown", "html", "json", "ndjson"):
            self.assertIn("timed", self.answer("compare", a, b, "--format", form), form)

    def test_the_page_fits_the_terminal(self):
        a = self.save("a.json", probe(capabilities={f"X-{i}": "word" for i in range(40)}))
        b = self.save("b.json", probe(transcript=[{"phase": "greeting", "direction": "received", "text": "220 " + "y" * 5000}]))
        for width in (40, 60, 80, 132):
            for more in ((), ("--verbose",)):
                self.assertFits(self.answer("compare", a, b, *more, env={"COLUMNS": str(width)}), width, more)

    def test_what_cannot_be_compared_is_one_clear_line(self):
        good, other = self.save("good.json", probe()), json.loads(self.answer("521", "--format", "json"))
        self.assertIn("a host", self.wrong_usage("compare", "521", "mx.example.org"))
        self.assertIn("a probe", self.wrong_usage("compare", good, "521"))
        self.assertIn("of one kind", self.wrong_usage("compare", good, self.save("code.json", other)))
        self.wrong_usage("compare", good)
        self.wrong_usage("compare", good, f"{self.home}/missing.json")
        self.wrong_usage("compare", "./", good)
        twice = {"results": [probe(), probe()]}
        self.assertIn("two results about", self.wrong_usage("compare", good, self.save("twice.json", twice)))
        self.assertIn("at most 16", self.wrong_usage("compare", *[good] * 17))

    def test_hostile_files_are_refused_in_one_line(self):
        good = self.save("good.json", probe())
        for text in ("", "nothing", "[", "[1, 2]", '"x"', "7", "null", "{}\x00", '{"a": 1, "a": 2}', "[" * 100000, '{"x":' * 5000 + "1" + "}" * 5000,
                     '{"results": []}', '{"results": [1]}', '{"results": {"a": 1}}', "[" + "1," * 1100000 + "1]", '{"x": "\x1b[31m'):
            err = self.wrong_usage("compare", good, self.save("bad.json", text))
            self.assertNotIn("\x1b", err)
            self.assertLess(len(err), 400)

    def test_records_of_any_shape_do_no_harm(self):
        evil = "\x1b[31m<script>\u202e"
        shapes = [{"outcome": "ready", "target": evil, "tls": 7, "capabilities": [1], "findings": "x", "transcript": {"a": 1}},
                  {"outcome": evil, "target": "t", "transcript": [1, None, {"phase": "rcpt", "direction": "received", "text": evil * 50}]},
                  {"outcome": "unreachable", "target": "t", "phase": 3, "failure": 5, "reply": "x", "explanation": [1]},
                  {"outcome": {}, "target": [], "tls": {"version": evil, "chain": [[{}]], "trusted": "x"}},
                  {"outcome": "ready", "target": "t", "tls": {"version": "a", "chain": [{"names": [{}, 1], "not_after": 2 ** 62, "sha256": 1}]}}]
        for shape in shapes:
            a, b = self.save("a.json", shape), self.save("b.json", probe())
            for form in ("text", "markdown", "html"):
                r = self.ehlo("compare", a, b, "--format", form)
                self.assertIn(r.status, (0, 2), f"{shape}: {r.err}")
                self.assertNotIn("\x1b", r.out + r.err)
                if form == "html":
                    self.assertNotIn("<script>", r.out)
                self.assertNotIn("stack traceback", r.err)

    def test_a_large_pair_is_shown_in_part_and_written_whole(self):
        one = {"results": [probe(target=f"h{i}.example") for i in range(1000)]}
        two = {"results": [probe(target=f"h{i}.example", outcome="timed-out") for i in range(1000)]}
        c = self.compared(one, two)
        self.assertEqual(len(c["differences"]), 1000)
        text = self.answer("compare", f"{self.home}/a.json", f"{self.home}/b.json")
        self.assertIn("900 more differences", text)
        self.assertLess(len(text.splitlines()), 400)


if __name__ == "__main__":
    unittest.main()
