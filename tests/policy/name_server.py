#!/usr/bin/env python3
"""A small DNS server on loopback that answers from a script, for tests of policies; as a program it runs a command beside itself.

Zones are a dict of names, each with a list of items, tried in order:
    {TYPE: value}       a record: A, AAAA, TXT (a string or a list of strings), MX and SRV ([numbers, host]), CNAME, PTR, NS ...
    {TYPE: "TIMEOUT"}   no answer to that type; so with "SERVFAIL", "REFUSED", "NXDOMAIN", "FORMERR"
    "TIMEOUT" ...       the same for every type that no item before it answered
    "TRUNCATE"          answers over UDP are cut, so that the question comes again over TCP
Names without an entry do not exist, unless others lie below them. What was asked is kept in `log`, as (name, type, "udp" or "tcp").

    name_server.py [--zones FILE] COMMAND...     FILE is YAML or JSON, and is read again whenever it changed. COMMAND sees
                                                 EHLO_TEST_RESOLVER (ADDRESS:PORT), EHLO_ZONES and EHLO_QUERIES (the log, a line each)
"""
import os
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.ANY.TXT
import dns.rrset
import yaml

TROUBLE = {"SERVFAIL": dns.rcode.SERVFAIL, "REFUSED": dns.rcode.REFUSED, "NXDOMAIN": dns.rcode.NXDOMAIN, "FORMERR": dns.rcode.FORMERR}
TTL = 60


def name_of(text):
    """A name of a zone; None where DNS could not hold it."""
    try:
        return dns.name.from_text(text).canonicalize()
    except dns.exception.DNSException:
        return None


def strings_of(value):
    """The strings of a TXT record, none longer than 255 bytes."""
    for part in value if isinstance(value, list) else [value]:
        data = part if isinstance(part, bytes) else str(part).encode("utf-8")
        for at in range(0, max(len(data), 1), 255):
            yield data[at:at + 255]


def rdata_of(kind, value):
    if kind in ("TXT", "SPF"):
        return dns.rdtypes.ANY.TXT.TXT(dns.rdataclass.IN, dns.rdatatype.from_text(kind), list(strings_of(value)))
    words = value if isinstance(value, list) else [value]
    if kind in ("MX", "CNAME", "PTR", "NS", "SRV"):
        words = [*words[:-1], str(words[-1]).rstrip(".") + "."]
    return dns.rdata.from_text(dns.rdataclass.IN, dns.rdatatype.from_text(kind), " ".join(map(str, words)))


class Zones:
    """What is answered to a question: (rcode, [rdata], cut), or None for silence."""

    def __init__(self, zones):
        self.names, self.above = {}, set()
        for text, items in zones.items():
            name = name_of(str(text))
            if name is None:
                continue
            self.names[name] = items if isinstance(items, list) else [items]
            while name.labels and len(name) > 1:
                name = name.parent()
                self.above.add(name)

    def answer(self, name, kind):
        items = self.names.get(name.canonicalize())
        if items is None:
            return (dns.rcode.NOERROR if name.canonicalize() in self.above else dns.rcode.NXDOMAIN), [], False
        records, cut = [], False
        for item in items:
            if item == "TRUNCATE":
                cut = True
                continue
            what, value = next(iter(item.items())) if isinstance(item, dict) else (kind, item)
            if what not in (kind, "CNAME") or isinstance(item, str) and records:
                continue
            if value == "TIMEOUT":
                return None
            if isinstance(value, str) and value in TROUBLE:
                return TROUBLE[value], [], cut
            records.append(rdata_of(what, value))
        return dns.rcode.NOERROR, records, cut


class NameServer:
    """with NameServer(zones) as server: ... server.address, server.log; server.zones = {...} changes what it answers."""

    def __init__(self, zones=None, path=None, log_path=None):
        self.log, self.path, self.log_path, self.stamp = [], path, log_path, None
        self.lock = threading.Lock()
        self.zones = zones or {}
        self.udp, self.tcp = self.listen()
        self.address = f"127.0.0.1:{self.udp.server_address[1]}"

    def listen(self):
        """Both servers on one port: another may hold that of TCP already."""
        for _ in range(50):
            tcp = Tcp(("127.0.0.1", 0), OverTcp)
            try:
                udp = Udp(tcp.server_address, OverUdp)
            except OSError:
                tcp.server_close()
                continue
            tcp.owner = udp.owner = self
            return udp, tcp
        raise RuntimeError("no port is free for both UDP and TCP")

    @property
    def zones(self):
        return self.scripted

    @zones.setter
    def zones(self, zones):
        self.scripted, self.parsed = zones, Zones(zones)

    def refresh(self):
        if not self.path:
            return
        stat = os.stat(self.path)
        if self.stamp != (stat.st_mtime_ns, stat.st_size, stat.st_ino):
            self.stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            with open(self.path, encoding="utf-8") as file:
                self.zones = yaml.safe_load(file) or {}

    def reply(self, wire, way):
        """The bytes to answer with; None for silence."""
        try:
            query = dns.message.from_wire(wire)
            question = query.question[0]
        except (dns.exception.DNSException, IndexError):
            return None
        kind = dns.rdatatype.to_text(question.rdtype)
        with self.lock:
            self.refresh()
            self.log.append((question.name.to_text(True).lower(), kind, way))
            if self.log_path:
                with open(self.log_path, "a", encoding="utf-8") as file:
                    file.write(" ".join(self.log[-1]) + "\n")
            answered = self.parsed.answer(question.name, kind)
        return answered and self.wire(query, question, answered, way)

    def wire(self, query, question, answered, way):
        rcode, records, cut = answered
        response = dns.message.make_response(query, recursion_available=True)
        response.set_rcode(rcode)
        for rdata in records:
            rrset = response.find_rrset(response.answer, question.name, dns.rdataclass.IN, rdata.rdtype, create=True)
            rrset.add(rdata, TTL)
        limit = 65535 if way == "tcp" else max(query.payload, 512)
        if not (cut and way == "udp"):
            try:
                return response.to_wire(max_size=limit)
            except dns.exception.TooBig:
                pass
        response.answer.clear()
        response.flags |= dns.flags.TC
        return response.to_wire()

    def __enter__(self):
        for server in (self.udp, self.tcp):
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        for server in (self.udp, self.tcp):
            server.shutdown()
            server.server_close()


class Udp(socketserver.ThreadingUDPServer):
    daemon_threads = True
    max_packet_size = 65535


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


class OverUdp(socketserver.BaseRequestHandler):
    def handle(self):
        wire, channel = self.request
        answer = self.server.owner.reply(wire, "udp")
        if answer:
            channel.sendto(answer, self.client_address)


class OverTcp(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self):
        try:
            while len(size := self.rfile.read(2)) == 2:
                answer = self.server.owner.reply(self.rfile.read(int.from_bytes(size, "big")), "tcp")
                if answer:
                    self.wfile.write(len(answer).to_bytes(2, "big") + answer)
        except (socket.timeout, ConnectionError):
            pass


def main(words):
    with tempfile.TemporaryDirectory() as folder:
        path, log = os.path.join(folder, "zones.yml"), os.path.join(folder, "queries")
        if words[0] == "--zones":
            path, words = words[1], words[2:]
        for each in (path, log):
            open(each, "a", encoding="utf-8").close()
        with NameServer(path=path, log_path=log) as server:
            environment = dict(os.environ, EHLO_TEST_RESOLVER=server.address, EHLO_ZONES=path, EHLO_QUERIES=log)
            return subprocess.call(words, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
