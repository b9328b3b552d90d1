"""What holds of probes from the command line: what they can say, how they treat an address, and how many go through."""
import json
import os
import signal
import socket
import socketserver
import struct
import subprocess
import threading
import time
import unittest

from program import PROGRAM, Case


class Server(socketserver.ThreadingTCPServer):
    """Says yes to everything; remembers each line, when each client came, and how many were there at once."""
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 200

    class Session(socketserver.StreamRequestHandler):
        def handle(self):
            server = self.server
            with server.lock:
                server.now += 1
                server.most = max(server.most, server.now)
                server.came.append(time.monotonic())
            self.talk(server)

        def talk(self, server):
            if server.header:
                server.lines.append(self.rfile.read(server.header))
            server.greets.wait(20)
            self.wfile.write(b"220 fake.example.org ESMTP\r\n")
            for line in self.rfile:
                server.lines.append(line.rstrip(b"\r\n"))
                word = line.split()[0].upper() if line.split() else b""
                if word in (b"EHLO", b"LHLO"):
                    self.wfile.write(b"250-fake.example.org\r\n250-XCLIENT ADDR NAME\r\n250 SIZE 1000\r\n")
                elif word == b"PROXY":
                    continue  # a header, and no command
                elif word == b"XCLIENT":
                    self.wfile.write(server.xclient)
                elif word == b"QUIT":
                    with server.lock:  # before the client knows, who may come again at once
                        server.now -= 1
                    self.wfile.write(b"221 2.0.0 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 2.0.0 Ok\r\n")

    def __init__(self, header=0):
        super().__init__(("0.0.0.0", 0), self.Session)
        self.lock, self.greets = threading.Lock(), threading.Event()
        self.greets.set()
        self.lines, self.came, self.now, self.most, self.header = [], [], 0, 0, header
        self.xclient = b"220 fake.example.org ESMTP\r\n"
        self.port = self.server_address[1]
        self.target = f"127.0.0.1:{self.port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


def closed_port():
    """A port of loopback where nobody listens: bound, so that nobody else gets it, and never listening."""
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    return s, s.getsockname()[1]


class Probes(Case):

    def server(self, **more):
        server = Server(**more)
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server


class Says(Probes):

    def test_parameters_follow_mail_and_rcpt_as_they_were_given(self):
        server = self.server()
        self.answer("probe", "--to", "u@example.org", "--from", "s@example.net", "--mail-parameters",
                    "SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=x", "--rcpt-parameters", "NOTIFY=FAILURE,DELAY", server.target)
        self.assertIn(b"MAIL FROM:<s@example.net> SIZE=1000 BODY=8BITMIME RET=HDRS ENVID=x", server.lines)
        self.assertIn(b"RCPT TO:<u@example.org> NOTIFY=FAILURE,DELAY", server.lines)

    def test_parameters_cannot_smuggle_a_second_command(self):
        for option in ("--mail-parameters", "--rcpt-parameters", "--xclient"):
            said = self.wrong_usage("probe", "--to", "u@example.org", option, "A=1\r\nDATA", "127.0.0.1:9")
            self.assertIn("control character", said)

    def test_lmtp_says_lhlo_and_never_ehlo(self):
        server = self.server()
        self.answer("probe", "--lmtp", "--to", "u@example.org", server.target)
        self.assertEqual(server.lines[0].split()[0], b"LHLO")
        self.assertFalse([line for line in server.lines if line.startswith(b"EHLO")])

    def test_xclient_comes_after_ehlo_and_ehlo_comes_again(self):
        server = self.server()
        self.answer("probe", "--xclient", "ADDR=192.0.2.1 NAME=mx.example.org", "--to", "u@example.org", server.target)
        words = [line.split()[0] for line in server.lines]
        self.assertEqual(words[:4], [b"EHLO", b"XCLIENT", b"EHLO", b"MAIL"])
        self.assertEqual(server.lines[1], b"XCLIENT ADDR=192.0.2.1 NAME=mx.example.org")

    def test_xclient_refused_is_a_refusal_and_nothing_follows_it(self):
        server = self.server()
        server.xclient = b"550 5.7.0 insufficient authorization\r\n"
        r = self.ehlo("probe", "--format", "json", "--xclient", "ADDR=192.0.2.1", "--to", "u@example.org", server.target)
        record = json.loads(r.out)
        self.assertEqual((r.status, record["outcome"], record["reply"]["code"]), (21, "refused-permanently", 550))
        self.assertEqual([line.split()[0] for line in server.lines], [b"EHLO", b"XCLIENT", b"QUIT"])

    def test_proxy_header_of_version_1_names_the_connection_or_whom_it_is_told(self):
        server = self.server()
        self.answer("probe", "--proxy", "v1", server.target)
        first = server.lines[0].split()
        self.assertEqual(first[:4], [b"PROXY", b"TCP4", b"127.0.0.1", b"127.0.0.1"])
        self.assertEqual(int(first[5]), server.port)
        server.lines.clear()
        self.answer("probe", "--proxy", "v1", "--proxy-source", "[2001:db8::1]:4711", "--proxy-destination", "2001:db8::2",
                    server.target)
        self.assertEqual(server.lines[0], b"PROXY TCP6 2001:db8::1 2001:db8::2 4711 0")

    def test_proxy_header_of_version_2_is_binary_and_comes_first(self):
        server = self.server(header=28)
        self.answer("probe", "--proxy", "v2", "--proxy-source", "192.0.2.7:4711", server.target)
        header = server.lines[0]
        self.assertEqual(header[:12], b"\r\n\r\n\x00\r\nQUIT\n")
        self.assertEqual(struct.unpack("!BBH", header[12:16]), (0x21, 0x11, 12))
        self.assertEqual(header[16:24], bytes([192, 0, 2, 7, 127, 0, 0, 1]))
        self.assertEqual(struct.unpack("!HH", header[24:28]), (4711, server.port))
        self.assertTrue(server.lines[1].startswith(b"EHLO"))

    def test_a_program_is_talked_to_in_place_of_a_host(self):
        path = self.write("server", "#!/bin/sh\nprintf '220 %s ESMTP\\r\\n' \"$*\"\nwhile read -r line; do\n"
                          "  case $line in QUIT*) printf '221 bye\\r\\n'; exit;; *) printf '250 Ok\\r\\n';; esac\ndone\n")
        os.chmod(path, 0o755)
        record = json.loads(self.answer("probe", "--format", "json", "--pipe", path + " -bs $(id)", "--to", "u@example.org"))
        self.assertEqual((record["outcome"], record["banner"], record["port"]), ("ready", "-bs $(id) ESMTP", None))
        self.assertEqual((record["address"], record["exit"]), (path[:63], 0))

    def test_a_program_that_does_not_end_is_ended(self):
        path = self.write("server", "#!/bin/sh\ntrap '' TERM HUP\necho $$ > \"$1\"\nprintf '220 hi\\r\\n'\nexec 1>&-\n"
                          "while :; do read -r line; done\n")
        os.chmod(path, 0o755)
        told = os.path.join(self.home, "pid")
        self.assertEqual(self.ehlo("probe", "--timeout", "1", "--pipe", path + " " + told).status, 12)
        with open(told, encoding="ascii") as file:
            self.assertFalse(os.path.exists("/proc/" + file.read().strip()))

    def test_a_program_that_is_not_there_is_named(self):
        r = self.ehlo("probe", "--pipe", "/nonexistent/exim -bs")
        self.assertEqual(r.status, 11)
        self.assertIn("the program could not be started", " ".join(r.out.split()))

    def test_a_target_of_a_list_is_never_a_program(self):
        r = self.ehlo("probe", "--format", "ndjson", "-", stdin='{"target": "x", "pipe": ["/bin/false"]}\n|/bin/false\n')
        self.assertEqual([json.loads(line)["exit"] for line in r.out.splitlines()], [10, 2])

    def test_an_address_of_the_family_that_was_ruled_out_is_wrong_usage(self):
        self.assertIn("family", self.wrong_usage("probe", "--family", "ipv6", "127.0.0.1:9"))
        self.assertIn("family", self.wrong_usage("probe", "--family", "ipv4", "[::1]:9"))

    def test_a_proxy_source_that_is_no_address_is_wrong_usage(self):
        self.assertIn("the source of the PROXY header \"mx.example.org\"",
                      self.wrong_usage("probe", "--proxy", "v1", "--proxy-source", "mx.example.org", "127.0.0.1:9"))


class Manners(Probes):

    def test_one_connection_at_a_time_to_one_address(self):
        server = self.server()
        self.answer("probe", "--format", "ndjson", "--concurrency", "8", *[server.target] * 8)
        self.assertEqual((server.most, len(server.came)), (1, 8))

    def test_more_at_a_time_when_told(self):
        server = self.server()
        server.greets.clear()
        call = subprocess.Popen([PROGRAM, "probe", "--format", "ndjson", "--concurrency", "8", "--per-address", "3",
                                 *[server.target] * 8], stdout=subprocess.PIPE, env=self.environment())
        while server.now < 3:
            self.assertIsNone(call.poll())
            time.sleep(0.005)
        server.greets.set()
        self.assertEqual(len(call.communicate(timeout=60)[0].splitlines()), 8)
        self.assertEqual(server.most, 3)

    def test_addresses_that_differ_do_not_wait_for_each_other(self):
        server = self.server()
        server.greets.clear()
        call = subprocess.Popen([PROGRAM, "probe", "--format", "ndjson", "--concurrency", "8",
                                 *[f"127.0.0.{n}:{server.port}" for n in range(1, 9)]], stdout=subprocess.PIPE,
                                env=self.environment())
        while server.now < 8:
            self.assertIsNone(call.poll())
            time.sleep(0.005)
        server.greets.set()
        self.assertEqual(len(call.communicate(timeout=60)[0].splitlines()), 8)

    def test_the_pace_holds_after_the_first_ten(self):
        server = self.server()
        began = time.monotonic()
        self.answer("probe", "--format", "ndjson", "--concurrency", "20", "--per-address", "0", "--rate", "20",
                    *[server.target] * 20)
        self.assertEqual(len(server.came), 20)
        self.assertGreaterEqual(time.monotonic() - began, 10 / 20)

    def test_waiting_for_a_turn_is_no_time_of_the_servers(self):
        server = self.server()
        began = time.monotonic()
        out = self.answer("probe", "--format", "ndjson", "--concurrency", "15", "--rate", "10", *[server.target] * 15)
        totals = [json.loads(line)["timing"]["total"] for line in out.splitlines()]
        self.assertEqual(len(totals), 15)
        # one after the other: with the waits among them they would be many times the whole
        self.assertLess(sum(totals), time.monotonic() - began)


class Streams(Probes):

    def test_each_line_of_input_has_one_object_with_its_id(self):
        server = self.server()
        lines = [server.target, json.dumps({"id": 7, "target": f"127.0.0.2:{server.port}"}), "# a remark", "",
                 json.dumps({"id": "a\"b", "target": "bad..name"}), '{"id": 9}', "x" * 70000]
        r = self.ehlo("probe", "--format", "ndjson", "--concurrency", "4", "-", stdin="\n".join(lines) + "\n")
        objects = [json.loads(line) for line in r.out.splitlines()]
        self.assertEqual((r.status, r.err, len(objects)), (1, "", 5))
        by_id = {o.get("id"): o for o in objects if "id" in o}
        self.assertEqual(by_id[7]["outcome"], "ready")
        self.assertEqual((by_id["a\"b"]["outcome"], by_id["a\"b"]["exit"]), (None, 2))
        self.assertTrue(all(o["ehlo"] == 1 for o in objects))

    def test_an_answer_is_written_while_the_input_is_still_open(self):
        server = self.server()
        call = subprocess.Popen([PROGRAM, "probe", "--format", "ndjson", "--concurrency", "2", "-"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, env=self.environment())
        for _ in range(2):
            call.stdin.write(server.target.encode() + b"\n")
            call.stdin.flush()
            self.assertEqual(json.loads(call.stdout.readline())["outcome"], "ready")
        call.stdin.close()
        self.assertEqual((call.stdout.read(), call.wait(60)), (b"", 0))
        call.stdout.close()

    def test_sigterm_marks_what_was_under_way_and_ends(self):
        server = self.server()
        server.greets.clear()
        call = subprocess.Popen([PROGRAM, "probe", "--format", "ndjson", "--concurrency", "4", "-"], stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment())
        for n in range(1, 4):
            call.stdin.write(json.dumps({"id": n, "target": f"127.0.0.{n}:{server.port}"}).encode() + b"\n")
        call.stdin.flush()
        while server.now < 3:
            self.assertIsNone(call.poll())
            time.sleep(0.005)
        call.send_signal(signal.SIGTERM)
        out, err = call.communicate(timeout=60)
        objects = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(sorted(o["id"] for o in objects), [1, 2, 3])
        self.assertEqual({o["outcome"] for o in objects}, {"cancelled"})
        self.assertEqual((call.returncode, err), (143, b"ehlo: terminated\n"))


class Blocks(Probes):

    def test_a_witness_that_answers_leaves_the_blame_with_the_target(self):
        server = self.server()
        held, port = closed_port()
        self.addCleanup(held.close)
        r = self.ehlo("probe", "--format", "json", "--witness", f"127.0.0.2:{server.port}", f"127.0.0.1:{port}")
        self.assertEqual((r.status, json.loads(r.out)["outcome"]), (11, "unreachable"))
        until = time.monotonic() + 20
        while not server.lines and time.monotonic() < until:
            time.sleep(0.005)  # nobody waits for the witness's farewell
        self.assertEqual(server.lines, [b"QUIT"], "a witness is left in good order, and asked for nothing")

    def test_where_witnesses_are_silent_too_the_block_is_local(self):
        held, port = closed_port()
        self.addCleanup(held.close)
        other, witness = closed_port()
        self.addCleanup(other.close)
        args = ["--witness", f"127.0.0.2:{witness}", "--witness", f"127.0.0.3:{witness}", f"127.0.0.1:{port}"]
        r = self.ehlo("probe", "--format", "json", *args)
        record = json.loads(r.out)
        self.assertEqual((r.status, record["outcome"], record["phase"]), (18, "blocked-locally", "connect"))
        self.assertIn("blocked-locally", [f["word"] for f in record["findings"]])
        page = self.ehlo("probe", *args)
        self.assertEqual(page.status, 18)
        self.assertIn("blocked on this side", page.out)
        self.assertIn("known to answer", " ".join(page.out.split()))

    def test_nobody_is_asked_when_told_so_nor_for_an_address_of_this_machine(self):
        held, port = closed_port()
        self.addCleanup(held.close)
        for more in (["--witness", "none"], []):
            r = self.ehlo("probe", *more, f"127.0.0.1:{port}")
            self.assertEqual(r.status, 11, r.out)

    def test_a_witness_whose_name_is_unknown_proves_nothing(self):
        held, port = closed_port()
        self.addCleanup(held.close)
        r = self.ehlo("probe", "--resolver", f"127.0.0.1:{port}", "--witness", "mx.example.org", f"127.0.0.1:{port}")
        self.assertEqual(r.status, 11, r.out)


class Verbose(Case):
    def test_more_is_the_chain_and_every_line_that_was_said(self):
        host = self.rehearsal()
        short, long = (self.answer("probe", "--to", "user@example.org", *more, host) for more in ((), ("--verbose",)))
        for line in ("C:  EHLO [127.0.0.1]", "S:  250 STARTTLS", "C:  RCPT TO:<user@example.org>", "--  tls: TLSv1.3 ",
                     "issuer  rehearsal.example.org (itself)"):
            self.assertIn(line, long)
            self.assertNotIn(line, short)
        self.assertFits(long, 80, "probe --verbose")
        self.assertLess(long.index("S:  221"), long.index("ready: every step"), "the answer stands last, where the eye ends")

    def test_a_secret_is_starred_out_there_as_well(self):
        path = self.write("world.lua", """local server = smtp.listen {tls = true, user = "user", secret = "open sesame"}
          local r = smtp.probe("127.0.0.1:" .. server.port, {auth = {user = "user", secret = "open sesame", mechanism = "PLAIN"}})
          return {kind = "probe", items = {r}, verbose = true, exit = 0}""")
        out = self.ehlo("run", "--allow", "login", path).out
        self.assertRegex(out, r"C:  AUTH PLAIN \(secret\)")
        self.assertNotIn("sesame", out)
        self.assertNotIn("AHVzZXIAb3BlbiBzZXNhbWU=", out)


if __name__ == "__main__":
    unittest.main()
