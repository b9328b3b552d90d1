"""Ctrl-C while something waits or computes: how soon the prompt is back, and what is left."""
import socket
import threading
import time
import unittest

from prompt_driver import PromptCase

SOON = 0.1    # seconds in which the prompt must be back, beyond what this machine takes for an empty line just now
MANY = 200    # connections at once
ATTEMPTS = 3  # a machine under load may be late once

AT_SERVER = r"127\.0\.0\.1(?: [\w ]+)?> $"
ANY_PROMPT = r"(?:\x1b\[\?2004h|\r|\n)(?:127\.0\.0\.1(?: [\w ]+)?)?> $"


class Server:
    """A mail server on loopback that is as slow as it is told: `hold` holds every reply but the greeting's and EHLO's back."""

    def __init__(self, silent=False, drip=False):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=300)
        self.port = self.socket.getsockname()[1]
        self.silent, self.drip = silent, drip
        self.clients, self.asked, self.go = 0, threading.Event(), threading.Event()
        self.came, self.expected = threading.Condition(), 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        kept = []
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            with self.came:
                self.clients += 1
                self.came.notify()
            if self.silent:
                kept.append(client)
            else:
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def holds(self, number):
        """Waits until so many have connected."""
        with self.came:
            if not self.came.wait_for(lambda: self.clients >= number, 20):
                raise AssertionError("%d clients of %d came" % (self.clients, number))

    def another(self):
        """Waits for one more than those that this was called for."""
        self.expected += 1
        self.holds(self.expected)

    def serve(self, client):
        try:
            with client, client.makefile("rb") as lines:
                client.sendall(b"220 mx.example.org ESMTP\r\n")
                for line in lines:
                    self.answer(client, line.split()[0].upper())
        except OSError:
            pass

    def answer(self, client, verb):
        if verb == b"EHLO":
            client.sendall(b"250-mx.example.org\r\n250 STARTTLS\r\n")
        elif verb == b"STARTTLS":
            client.sendall(b"220 go on\r\n")
            self.asked.set()
            self.go.wait() # and shakes no hands
        elif self.drip:
            self.asked.set()
            while not self.go.wait(0.005):
                client.sendall(b"250-and so on\r\n")
        elif verb == b"VRFY":
            self.asked.set()
            self.go.wait()
            client.sendall(b"252 late\r\n")
        else:
            client.sendall(b"250 " + verb.lower() + b"\r\n")


class Interrupts(PromptCase):
    def setUp(self):
        super().setUp()
        self.start()
        self.servers = []
        self.addCleanup(lambda: [(s.go.set(), s.socket.close()) for s in self.servers])

    def server(self, **how):
        server = Server(**how)
        self.servers.append(server)
        return server

    def turn(self):
        """How long an empty turn takes now."""
        began = time.monotonic()
        self.type("io.write('')", ANY_PROMPT)
        return time.monotonic() - began

    def ends(self, line, waits=None, attempts=ATTEMPTS):
        """Types what never ends, presses Ctrl-C once when it runs, and wants the prompt back soon, with all that was there."""
        self.type("kept = {5}", ANY_PROMPT)
        late = []
        for _ in range(attempts):
            usual = self.turn()
            self.child.send("io.write('rea' .. 'dy\\n') io.flush() " + line + "\r")
            self.child.expect("ready\r\n")
            if waits:
                waits()
            began = time.monotonic()
            self.child.sendintr()
            shown = self.wait(ANY_PROMPT)
            spent = time.monotonic() - began
            self.assertIn("interrupted", shown)
            self.assertEqual(self.type("kept[1] + 37", ANY_PROMPT), "42")
            if spent <= SOON + 2 * usual:
                return
            late.append(spent)
        self.fail("the prompt came back after %s s" % late)

    def test_loops_of_every_kind_end(self):
        self.ends("while true do end")
        self.ends("while true do pcall(error) end")
        self.ends("repeat until false")
        self.ends("local t = {} while true do t[#t % 1000 + 1] = ('x'):rep(100) end")
        self.ends("for i = 1, math.huge do string.format('%d', i):gsub('1', '2') end")
        self.ends("table.sort({3, 1, 2}, function() while true do end end)")
        self.ends("local function f() return xpcall(f, f) end while true do f() end")

    def test_coroutines_and_tasks_end(self):
        self.ends("while true do coroutine.resume(coroutine.create(function() while true do end end)) end")
        self.ends("local w = coroutine.wrap(function() while true do coroutine.yield() end end) while true do w() end")
        self.ends("local function nest(n) return coroutine.wrap(function() while true do pcall(nest(n - 1)) end end) end nest(9)()")
        self.ends("task.spawn(function() while true do pcall(error) end end)")
        self.ends("task.spawn(function() while true do pcall(task.sleep, 0.001) end end):wait()")
        self.ends("task.deadline(1000, function() while true do pcall(coroutine.wrap(function() task.sleep(1000) end)) end end)")

    def test_what_is_to_be_closed_is_closed(self):
        self.type("guard = setmetatable({}, {__close = function() closed = (closed or 0) + 1 end})", ANY_PROMPT)
        begins = "local g <close> = guard io.write('be' .. 'gun\\n') io.flush() "
        for line in ("%s while true do end", "%s task.sleep(1000)", "pcall(function() %s task.sleep(1000) end) error('interrupted')",
                     "task.spawn(function() %s while true do end end):wait()"):
            self.ends(line % begins, lambda: self.child.expect("begun\r\n"), attempts=1)
        self.assertEqual(self.type("closed", ANY_PROMPT), "4")
        self.ends("local g <close> = setmetatable({}, {__close = function() while true do end end}) while true do end")

    def test_a_question_to_dns_ends(self):
        address, asked = self.deaf_resolver()
        self.type("smtp.resolver {server = '%s'}" % address)
        waits = [asked]
        for call in ("dns.mx(name)", "smtp.connect(name)", "task.map({name}, function(n) return dns.a(n) end)"):
            self.ends("n = (n or 0) + 1 name = n .. '.example.org' return " + call,
                      lambda: waits and waits.pop()()) # once asked, later questions wait for that answer too

    def deaf_resolver(self):
        """A name server that never answers; each call of what is returned waits for its next question."""
        deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.addCleanup(deaf.close)
        deaf.bind(("127.0.0.1", 0))
        deaf.settimeout(20)
        return "127.0.0.1:%d" % deaf.getsockname()[1], lambda: deaf.recv(500)

    def test_a_policy_whose_resolver_is_dead_ends(self):
        address, asked = self.deaf_resolver()
        for number, call in enumerate(("policy.spf {ip = '192.0.2.1', from = 'a@%s'}", "policy.dmarc('%s')", "policy.mta_sts('%s')",
                                       "policy.tls_rpt('%s')", "policy.dane('%s')", "policy.dkim_key('s', '%s')", "policy.dnsbl('%s')",
                                       "policy.helo('%s', '192.0.2.1')", "policy.fcrdns('192.0.2.1')", "dns.mail_hosts('%s')")):
            self.type("smtp.resolver {server = '%s'}" % address) # which has asked nothing yet
            call = call.replace("%s", "d%d.example.org" % number)
            self.ends("return " + call, asked, attempts=1)

    def test_commands_and_runbooks_end_and_begin_anew(self):
        address, asked = self.deaf_resolver()
        for line in ("check --resolver %s user@example.org", "spf --resolver %s example.org"):
            self.command_ends(line % address, asked)
        silent = self.server(silent=True)
        for line in ("tls 127.0.0.1:%d", "injection --allow intrusive 127.0.0.1:%d"):
            self.command_ends(line % silent.port, silent.another)

    def command_ends(self, line, waits):
        late = [self.command_ended(line, waits) for _ in range(ATTEMPTS)]
        self.assertLessEqual(min(late), SOON, late)

    def command_ended(self, line, waits):
        """How long the prompt took to come back, beyond what an empty line takes."""
        usual = self.turn()
        self.child.send(line + "\r")
        waits()
        began = time.monotonic()
        self.child.sendintr()
        self.assertIn("interrupted", self.wait(ANY_PROMPT))
        spent = time.monotonic() - began
        self.assertEqual(self.type("6 * 7", ANY_PROMPT), "42")
        return spent - 2 * usual

    def test_what_was_spawned_ends_with_the_line_that_spawned_it(self):
        silent = self.server(silent=True)
        line = "task.spawn(function() smtp.probe('127.0.0.1:%d') end) while true do end" % silent.port
        for _ in range(3): # each would wait for the connection that the one before left open
            self.ends(line, silent.another, attempts=1)

    def test_a_fetch_ends(self):
        silent = self.server(silent=True)
        self.ends("return http.get('http://127.0.0.1:%d/')" % silent.port, lambda: silent.holds(1), attempts=1)

    def test_an_attempt_to_connect_ends(self):
        full = socket.socket()
        self.addCleanup(full.close)
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        others = []
        for _ in range(3): # loopback lets one or two in before it is full
            other = socket.socket()
            other.setblocking(False)
            other.connect_ex(full.getsockname())
            others.append(other)
        self.addCleanup(lambda: [other.close() for other in others])
        self.ends("smtp.connect('127.0.0.1:%d')" % full.getsockname()[1])

    def test_a_greeting_and_a_handshake_end(self):
        silent = self.server(silent=True)
        self.ends("smtp.connect('127.0.0.1:%d')" % silent.port)
        self.ends("smtp.connect('127.0.0.1:%d', {implicit_tls = true})" % silent.port)
        server = self.server()
        self.ends("smtp.probe('127.0.0.1:%d', {tls = 'verify'})" % server.port, lambda: server.asked.wait(20))

    def test_a_reply_without_end_ends(self):
        server = self.server(drip=True)
        self.type("s = smtp.connect('127.0.0.1:%d')" % server.port, AT_SERVER)
        self.ends("s:noop()", lambda: server.asked.wait(20), attempts=1)

    def test_many_tasks_end(self):
        silent = self.server(silent=True)
        self.type("hosts = {} for i = 1, MANY do hosts[i] = '127.0.0.1:%d' end".replace("MANY", str(MANY)) % silent.port)
        for verb in ("smtp.probe", "smtp.connect"):
            held = silent.clients + MANY
            self.ends("task.map(hosts, function(host) return %s(host, {per_address = %d, rate = 0}) end, {concurrency = %d})"
                      % (verb, MANY, MANY),
                      lambda: silent.holds(held), attempts=1)

    def test_a_session_survives_and_keeps_its_replies_apart(self):
        server = self.server()
        self.type("shell.allow('intrusive')")
        self.type("s = smtp.connect('127.0.0.1:%d')" % server.port, AT_SERVER)
        self.type("s:ehlo()", AT_SERVER)
        self.ends("s:vrfy('a')", lambda: server.asked.wait(20), attempts=1)
        self.assertEqual(self.type("s.closed", ANY_PROMPT), "false")
        self.child.send("io.write('rea' .. 'dy\\n') io.flush() r = s:noop()\r")
        self.child.expect("ready\r\n")
        self.child.sendintr() # the late reply is waited for, and that can be interrupted too
        self.wait(ANY_PROMPT)
        server.go.set()
        self.assertIn("250 noop", self.type("s:noop()", AT_SERVER))
        said = self.type("for _, e in ipairs(s.transcript) do io.write(e.text or '', ';') end", AT_SERVER)
        self.assertIn("252 late", said)
        self.assertIn("250 mail", self.type("s:mail('')", ANY_PROMPT))

    def test_a_greeting_that_was_not_waited_for_leaves_nothing_open(self):
        silent = self.server(silent=True)
        self.ends("s = smtp.connect('127.0.0.1:%d')" % silent.port, attempts=1)
        self.assertEqual(self.type("s"), "nil")


if __name__ == "__main__":
    unittest.main()
