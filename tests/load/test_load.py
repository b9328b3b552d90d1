#!/usr/bin/env python3
# Many sessions at once, client and server in processes of their own on loopback: what an idle one holds, and that tarpits
# do not slow the others, and that nothing piles up. test_load.py quick, or slow: the same with a million probes.
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
BENCH = HERE.parent / "bench"
PROGRAM, SINK = os.environ["EHLO_PROGRAM"], os.environ["EHLO_SINK"]
RELEASED = os.environ.get("EHLO_BUILD") == "release" # AddressSanitizer's memory and time are not the program's
SLOW = False


def make_certificate(folder):
    pem = f"{folder}/sink.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                    "30", "-subj", "/CN=sink.example", "-keyout", f"{folder}/key", "-out", pem], check=True,
                   capture_output=True)
    with open(pem, "a", encoding="ascii") as out, open(f"{folder}/key", encoding="ascii") as key:
        out.write(key.read())
    return pem


def memory(process, what):
    """In kilobytes."""
    return int(re.search(rf"{what}:\s+(\d+)", pathlib.Path(f"/proc/{process}/status").read_text()).group(1))


class Load(unittest.TestCase):
    def sink(self, *arguments):
        """The port of a server that ends with the test."""
        server = subprocess.Popen([SINK, "0", *arguments], stdout=subprocess.PIPE)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        return server.stdout.readline().split()[1].decode()

    def run_script(self, path, *arguments):
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        environment.update(PATH=os.environ["PATH"], HOME="/nonexistent", LC_ALL="C.UTF-8")
        ran = subprocess.run([PROGRAM, "run", path, *map(str, arguments)], capture_output=True, text=True,
                             env=environment, timeout=240, check=False)
        print(ran.stdout.strip())
        self.assertEqual((ran.returncode, ran.stderr), (0, ""), ran.stdout)
        return ran.stdout

    def held(self, count, port, *tls):
        """Kilobytes that each of so many idle sessions holds."""
        return float(re.match(r"([\d.]+) KB", self.run_script(BENCH / "hold.lua", count, port, *tls)).group(1))

    def test_thousands_of_plain_sessions_are_held_at_once_in_little_memory(self):
        each = self.held(5000 if RELEASED else 500, self.sink())
        if RELEASED:
            self.assertLessEqual(each, 8)

    def test_thousands_of_tls_sessions_are_held_at_once_in_little_memory(self):
        with tempfile.TemporaryDirectory(prefix="ehlo-load-") as folder:
            port = self.sink(make_certificate(folder))
            each = self.held(5000 if RELEASED else 300, port, "tls")
        if RELEASED:
            self.assertLessEqual(each, 60)

    def test_the_rehearsal_server_holds_thousands_of_sessions_at_once(self):
        server = subprocess.Popen([PROGRAM, "run", HERE / "rehearsal.lua"], stdout=subprocess.PIPE)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        self.addCleanup(server.stdout.close)
        port, count = server.stdout.readline().decode().strip(), 5000 if RELEASED else 500
        before = memory(server.pid, "VmRSS")
        self.held(count, port, "plain", "127.0.0.1")
        each = (memory(server.pid, "VmHWM") - before) / count
        print(f"{each:.2f} KB each in the rehearsal server")
        if RELEASED:
            self.assertLessEqual(each, 8)

    def test_tarpits_do_not_slow_the_hosts_beside_them(self):
        hosts, tarpits = (5000, 1000) if RELEASED else (1000, 200)
        self.run_script(HERE / "tarpits.lua", self.sink(), self.sink("tarpit"), hosts, tarpits)

    def test_probes_without_end_cost_no_memory_and_no_descriptors(self):
        if RELEASED: # AddressSanitizer keeps what was freed for a while
            self.run_script(HERE / "soak.lua", self.sink(), 1000000 if SLOW else 40000)

    def test_tls_probes_without_end_cost_no_memory_and_no_descriptors(self):
        with tempfile.TemporaryDirectory(prefix="ehlo-load-") as folder:
            if RELEASED:
                self.run_script(HERE / "soak.lua", self.sink(make_certificate(folder)), 40000 if SLOW else 4000, "tls")


if __name__ == "__main__":
    SLOW = sys.argv.pop(1) == "slow"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    unittest.main()
