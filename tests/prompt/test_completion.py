"""Completion, as a person sees it: what Tab makes of a line, what it lists, and what it must not do."""
import os
import unittest

from screen_driver import ScreenCase


class Completion(ScreenCase):
    def start(self, **more):
        more = {"rows": 50, "columns": 100, **more}
        return super().start(**more)

    def becomes(self, typed, line):
        """Tab turns what was typed into this line, which is given up then."""
        self.type(typed)
        self.see("> " + typed.rstrip())
        self.press("Tab")
        self.until(lambda: self.row_text().rstrip() == line.rstrip() and self.cursor()[0] == len(line), "the line " + line)
        self.abandon()

    def lists(self, typed, *words, times=1):
        """Tab shows these below the line, and leaves the line as it is. Returns the rows in between."""
        before = self.row()
        self.type(typed)
        self.see("> " + typed.rstrip())
        self.press(*["Tab"] * times)
        self.until(lambda: self.row() > before and self.row_text().rstrip().endswith("> " + typed.rstrip()), "candidates for " + typed)
        shown = [row.rstrip() for row in self.everything()[before + 1:self.row()]]
        for word in words:
            self.assertIn(word, " ".join(shown).replace("  ", " "))
        self.abandon()
        return shown

    def row_text(self):
        _, y = self.cursor()
        return self.terminal.ask("capture-pane -p -S %d -E %d" % (y, y))[0]

    def completed(self):
        """Waits until no completion runs any more: Ctrl-C would end that in place of the line, and a terminal forgets with it what
        was typed and not read."""
        self.type("#")
        self.until(lambda: any(row.rstrip().endswith("#") for row in self.screen()), "the end of completing")

    def abandon(self):
        before = self.row()
        self.press("C-c")
        self.settle(before)

    def test_names_fields_methods_and_keywords(self):
        self.start()
        self.run_line("object = {name = 1, method = function() end, nested = {deeper = 1}}")
        self.becomes("obje", "> object")
        self.becomes("object:me", "> object:method(")
        self.becomes("object.nested.de", "> object.nested.deeper")
        self.becomes("x = codes.expl", "> x = codes.explain(")
        self.becomes("if x the", "> if x then")
        self.becomes("= string.upp", "> = string.upper(")
        self.lists("codes.", "codes.compare(", "codes.lookup(", "codes.search(")

    def test_sessions_replies_and_entries(self):
        self.start()
        self.run_line("r = smtp.listen {tls = true}")
        self.run_line("s = smtp.connect('127.0.0.1:' .. r.port)")
        self.run_line("a = s:ehlo();")
        self.run_line("e = codes.lookup('521');")
        self.lists("s:", "s:ehlo(", "s:rcpt(", "s:starttls(")
        self.assertNotIn("banner", " ".join(self.lists("s:", "s:noop(")))
        self.lists("s.", "s.banner", "s.capabilities", "s.transcript")
        self.lists("s.capabilities.", "s.capabilities.PIPELINING", "s.capabilities.SIZE")
        self.becomes("x = s.capabilities['8", "127.0.0.1> x = s.capabilities['8BITMIME'")
        self.lists("a.", "a.code", "a.lines", "a.text")
        self.becomes("x = a:", "127.0.0.1> x = a:explain(")
        self.lists("e.", "e.meaning", "e.fix", "e.retry")
        self.becomes("e.mea", "127.0.0.1> e.meaning")

    def test_keys_of_option_tables_and_their_words(self):
        self.start()
        self.becomes('smtp.connect("h", {he', '> smtp.connect("h", {helo = ')
        self.becomes('smtp.connect("h", {helo = "a", fam', '> smtp.connect("h", {helo = "a", family = ')
        self.lists('smtp.connect("h", {', "family = ", "implicit_tls = ", "source = ", "timeout =", "tls_max = ")
        self.lists('smtp.connect("h", {family = "ipv', "ipv4", "ipv6")
        self.becomes('smtp.connect("h", {tls = "enc', '> smtp.connect("h", {tls = "encrypt"')
        self.becomes("task.map(l, f, {conc", "> task.map(l, f, {concurrency = ")
        self.run_line("f = smtp.probe")
        self.becomes("f('h', {implicit", "> f('h', {implicit_tls = ")

    def test_codes_come_with_their_names(self):
        self.start()
        shown = self.lists('codes.lookup("55')
        self.assertIn('550  Mailbox unavailable, or mail refused', shown)
        self.becomes("codes.lookup('33", "> codes.lookup('334'")
        self.assertIn("523   Encryption needed before login", self.lists("code 52"))

    def test_commands_their_options_and_what_these_take(self):
        self.start()
        self.becomes("compa", "> compare ")
        self.becomes("compare 211 --for", "> compare 211 --format=")
        self.becomes("probe --tls enc", "> probe --tls encrypt ")
        self.becomes("probe --family=ipv", "> probe --family=ipv")
        self.becomes("help codes.loo", "> help codes.lookup")
        self.becomes("code 33", "> code 334 ")

    def test_policies_names_and_runbooks(self):
        self.start(rows=60)
        self.becomes("pol", "> policy")
        self.becomes("policy.sp", "> policy.spf")
        self.lists("policy.spf{", "from =", "helo =", "ip =", "receiver =", "timeout =")
        self.lists("policy.dmarc{", "dkim =", "from =", "spf =", "timeout =")
        self.lists('policy.dnsbl("192.0.2.1", {', "timeout =", "zones =")
        self.becomes('dns.mail_hosts("example.org", {', '> dns.mail_hosts("example.org", {timeout = ')
        self.lists('dns.query("example.org", "T', "TLSA", "TXT")
        self.becomes('require "ehlo.po', '> require "ehlo.policy"')
        self.lists("dns example.org ", "AAAA", "TLSA")
        self.becomes("dns example.org MX SO", "> dns example.org MX SOA ")
        self.becomes("submis", "> submission ")
        self.becomes("check --trust", "> check --trust-anchor=")
        self.becomes("spf --recu", "> spf --recursive ")
        self.run_line('b = runbook.new({manifest = {name = "a", summary = "b"}})')
        self.lists("b:", "b:run(", "b:step(")
        self.lists("b:step{", "because =", "needs =", "severity =")

    def test_names_with_a_hyphen_are_gone_on_with_behind_it(self):
        self.start()
        self.becomes("open-re", "> open-relay ")
        self.becomes("check --trust-an", "> check --trust-anchor=")
        self.becomes("help reply-co", "> help reply-codes")
        self.run_line("open = 1")
        self.lists("x = open-", "codes", "smtp")

    def test_a_runbook_made_a_moment_ago_and_its_options(self):
        self.start()
        self.run_line("new-runbook our-mail")
        self.becomes("our", "> our-mail ")
        self.becomes("our-m", "> our-mail ")
        self.lists("our-mail --", "days=", "format=")
        self.becomes("our-mail --da", "> our-mail --days=")
        self.becomes("help our-", "> help our-mail")
        self.run_line("new-runbook our-mx")
        self.lists("our-m", "ail", "x")

    def test_colon_commands_and_what_they_take(self):
        with open(os.path.join(self.folder, "morning.lua"), "w", encoding="utf-8"):
            pass
        self.start()
        self.becomes(":sa", "> :save ")
        self.becomes(":load morn", "> :load morning.lua")
        self.becomes(":set pag", "> :set pager ")
        self.becomes(":allow intr", "> :allow intrusive")
        self.becomes(":help codes.loo", "> :help codes.lookup")
        self.becomes(":watch 5 compa", "> :watch 5 compare ")
        self.becomes(":watch i=5 c=2 probe --tls enc", "> :watch i=5 c=2 probe --tls encrypt ")
        self.lists(":set timing ", "auto", "off", "on")

    def test_hosts_seen_before(self):
        os.makedirs(os.path.dirname(self.history))
        with open(self.history, "w", encoding="utf-8") as file:
            file.write("probe --to user@example.net mx-1.example.org\ns = smtp.connect('gate.example.com:587')\ncode 5.7.1\n"
                       "dns.mx 'zone.example.net'\n")
        self.start()
        self.becomes("probe mx", "> probe mx-1.example.org ")
        self.becomes("probe mx-1.e", "> probe mx-1.example.org ")
        self.becomes("smtp.probe('ga", "> smtp.probe('gate.example.com:587'")
        self.becomes("dns.a('zo", "> dns.a('zone.example.net'")
        self.becomes("probe exam", "> probe exam")

    def test_file_names(self):
        with open(os.path.join(self.folder, "evening.lua"), "w", encoding="utf-8"):
            pass
        self.start()
        self.becomes("dofile('even", "> dofile('evening.lua'")
        self.becomes("run even", "> run evening.lua")
        self.becomes("code 521 --output even", "> code 521 --output evening.lua")

    def test_a_second_tab_inside_a_call_shows_its_signature(self):
        self.start()
        shown = self.lists("smtp.connect(", times=2)
        self.assertEqual(shown[0], "smtp.connect(target, options)")
        self.assertIn("opens a session", shown[1])
        self.assertTrue(shown[2].startswith("  target: string"), shown)
        self.assertTrue(any("options: table" in row for row in self.lists('smtp.connect("h", ', times=2)))
        self.run_line("function mine(first, ...) end")
        self.assertEqual(self.lists("mine(", times=2), ["mine(first, ...)"])
        self.run_line("r = smtp.listen {}")
        self.run_line("s = smtp.connect('127.0.0.1:' .. r.port)")
        self.assertEqual(self.lists("x = s:rcpt(", times=2)[0], "session:rcpt(address, parameters)")

    def test_a_line_of_several_rows_stays_whole(self):
        self.start(columns=40)
        long = "x = {'" + "a" * 60 + "', codes."
        self.type(long)
        self.press("Tab")
        self.see("codes.lookup(")
        self.abandon()
        self.assertEqual(self.screen()[-1], ">")
        self.assertIn("', codes.^C", "".join(self.screen()))

    def test_no_function_of_a_script_runs(self):
        self.start()
        self.run_line("called = 0")
        self.run_line("function count() called = called + 1 return {} end")
        self.run_line("t = setmetatable({}, {__index = count, __pairs = count, __call = count, __tostring = count, __len = count})")
        self.run_line("setmetatable(_G, {__index = function(_, name) rawset(_G, 'called', 99) end});")
        for typed in ("t.", "t.a.", "t:", "count().", "count(", "t(", "x = smt", "smtp.", "t['", "unknown."):
            self.type(typed)
            self.press("Tab", "Tab")
            self.completed()
            self.abandon()
        self.assertEqual(self.run_line("called"), ["0"])

    def test_a_fault_while_completing_costs_nothing_more(self):
        self.start()
        self.run_line("package.loaded['ehlo.complete'] = {candidates = function() error('broken') end}")
        self.type("codes.")
        self.press("Tab")
        self.completed()
        self.abandon()
        self.assertEqual(self.run_line("6 * 7"), ["42"])


if __name__ == "__main__":
    unittest.main()
