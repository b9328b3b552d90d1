#!/usr/bin/env python3
"""A world of names on loopback: signed zones below a root of our own (nsd), a resolver that validates and one that does not
(unbound), and the trust anchor to begin with.

    with World({"example.org": "@ MX 10 mx\nmx A 192.0.2.25", "plain.example": Zone("@ A 192.0.2.1", signed=False)}) as world:
        run(PROGRAM, "dns", *world.options, "example.org", "MX")

Names end in anything but .test, .invalid, .onion, .local and localhost, which resolvers answer by themselves. By hand:
    /usr/bin/python3 tests/world/world.py COMMAND...     runs it over the zones of sample.py, with EHLO_RESOLVER,
    EHLO_TRUST_ANCHOR, and EHLO_PLAIN_RESOLVER, EHLO_STRIPPING_RESOLVER, EHLO_SILENT_RESOLVER... of those that are no good
"""
import ctypes
import os
import pathlib
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import dns.exception
import dns.message

import faulty
import zones as zone_files
from zones import Zone

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "servers"))
import shared

START_SECONDS = 60 # of a busy machine
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)

NSD = """server:
  ip-address: 127.0.0.1@{port}
{more}  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  pidfile: ""
  logfile: "{folder}/nsd.log"
  xfrdfile: "{folder}/xfrd.state"
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  database: ""
  rrl-ratelimit: 0
remote-control:
  control-enable: no
"""

UNBOUND = """server:
  interface: 127.0.0.1@{port}
  port: {port}
  username: ""
  chroot: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  logfile: "{folder}/{name}.log"
  val-log-level: 2
  do-daemonize: no
  do-ip6: no
  num-threads: 1
  do-not-query-localhost: no
  qname-minimisation: no
  unblock-lan-zones: yes
  insecure-lan-zones: {insecure_lan}
  outbound-msg-retry: 1
  msg-cache-size: 64m
  rrset-cache-size: 128m
  module-config: "{modules}"
{anchor}remote-control:
  control-enable: no
"""

STUB = "stub-zone:\n  name: \"{name}\"\n  stub-addr: {address}\n  stub-prime: no\n  stub-no-cache: no\n"


def binary(name):
    """From the packages that lie unpacked, else from the machine."""
    unpacked = shared.ROOT / "usr/sbin" / name
    found = str(unpacked) if unpacked.exists() else shutil.which(name, path=shared.PATH)
    if not found:
        raise FileNotFoundError(f"there is no {name} under {shared.ROOT}: run tests/run once, or in the project's folder "
                                "  sh -c 'root=$PWD name=setup; . scripts/lib/setup.sh; unpack_servers'")
    return found


def die_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def at(address):
    return address.replace(":", "@")


class World:
    def __init__(self, zones, everywhere=False):
        """`everywhere`: the names' server has port 53 of every address too, as those who ask from the root on want it. Not outside a
        network namespace of the test's own."""
        self.everywhere = everywhere
        self.zones = zone_files.complete(zones)
        self.processes, self.servers = [], []

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo-world-"))
        try:
            self.start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *ignored):
        self.close()

    # --- making it ---

    def start(self):
        files, anchor = zone_files.write(self.folder, self.zones)
        self.trust_anchor = str(self.folder / "anchor")
        pathlib.Path(self.trust_anchor).write_text(anchor)
        ports = shared.free_ports(3)
        self.authority, self.resolver, self.plain = (f"127.0.0.1:{port}" for port in ports)
        self.options = ["--resolver", self.resolver, "--trust-anchor", self.trust_anchor]
        served = {name: file for name, file in files.items() if self.zones[name].served_by == "nsd"}
        self.start_nsd(ports[0], served)
        faults = self.start_faulty({zone.served_by for zone in self.zones.values()} - {"nsd"})
        faults["nsd"] = self.authority
        # One a zone: below a single one for the root, unbound would want everything to be signed as the root is.
        stubs = "".join(STUB.format(name=name, address=at(faults[zone.served_by])) for name, zone in self.zones.items())
        self.start_unbound("resolver", ports[1], "validator iterator", f'  trust-anchor-file: "{self.trust_anchor}"\n', stubs)
        self.start_unbound("plain", ports[2], "iterator", "", stubs)
        for address in (self.authority, self.resolver, self.plain):
            self.wait_for(address)

    def start_nsd(self, port, files):
        text = NSD.format(folder=self.folder, port=port, more="  ip-address: 0.0.0.0@53\n" if self.everywhere else "")
        for name, file in files.items():
            text += f'zone:\n  name: "{name}"\n  zonefile: "{file}"\n'
        self.spawn("nsd", text, "-d")

    def start_unbound(self, name, port, modules, anchor, stubs):
        text = UNBOUND.format(folder=self.folder, name=name, port=port, modules=modules, anchor=anchor,
                              insecure_lan="no" if anchor else "yes")
        self.spawn("unbound", text + stubs, "-d", name=name)

    def spawn(self, program, configuration, *arguments, name=None):
        file = self.folder / f"{name or program}.conf"
        file.write_text(configuration)
        with open(self.folder / f"{name or program}.out", "wb") as output:
            self.processes.append(subprocess.Popen(
                [binary(program), *arguments, "-c", str(file)], stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=self.folder, start_new_session=True, preexec_fn=die_with_parent))

    def start_faulty(self, kinds):
        return {kind: self.serve(faulty.FAULTS[kind]).address for kind in sorted(kinds)}

    def serve(self, answer):
        """A server of faulty.py's kind that ends with the world; faulty.stripping(world.resolver) is an answer too."""
        self.servers.append(faulty.Server(answer))
        return self.servers[-1]

    def wait_for(self, address):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and all(each.poll() is None for each in self.processes):
            try:
                faulty.ask(address, dns.message.make_query(".", "SOA"), 0.5)
                return
            except (OSError, dns.exception.DNSException):
                select.select([], [], [], 0.02)
        said = "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.out")) + sorted(self.folder.glob("*.log")))
        raise RuntimeError(f"the world's servers do not answer at {address}:\n{said}")

    def close(self):
        for each in self.servers:
            each.close()
        for each in self.processes:
            each.terminate()
        for each in self.processes:
            try:
                each.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(each.pid, signal.SIGKILL)
                each.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    import sample
    with World(sample.ZONES) as world:
        faults = {f"EHLO_{kind.upper()}_RESOLVER": world.serve(answer).address
                  for kind, answer in {**faulty.FAULTS, "stripping": faulty.stripping(world.resolver)}.items()}
        environment = {**os.environ, **faults, "EHLO_RESOLVER": world.resolver, "EHLO_PLAIN_RESOLVER": world.plain,
                       "EHLO_TRUST_ANCHOR": world.trust_anchor}
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
