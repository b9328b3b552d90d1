"""Name servers that do it wrong, as threads of the test: silent ones, refusing ones, and resolvers that take DNSSEC out of what
they hand on, or say what they please. Callers: world.py, tests.

A server is a function from a query (dns.message) to an answer, or to None for silence.
"""
import selectors
import socket
import threading

import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

SIGNING = {dns.rdatatype.from_text(each) for each in ("RRSIG", "NSEC", "NSEC3", "DNSKEY", "DS")}


def answering(rcode):
    def answer(query):
        response = dns.message.make_response(query)
        response.set_rcode(rcode)
        return response
    return answer


def silent(query):
    return None


FAULTS = {"silent": silent, "refused": answering(dns.rcode.REFUSED), "servfail": answering(dns.rcode.SERVFAIL)}


def ask(address, query, seconds=5):
    host, port = address.rsplit(":", 1)
    return dns.query.udp_with_fallback(query, host, port=int(port), timeout=seconds)[0]


def stripping(behind):
    """A resolver as old ones are, and captive ones: what it asks `behind` comes back without anything of DNSSEC."""
    def answer(query):
        response = ask(behind, dns.message.make_query(query.question[0].name, query.question[0].rdtype))
        plain = dns.message.make_response(query, recursion_available=True)
        plain.use_edns(False)
        plain.set_rcode(response.rcode())
        if query.question[0].rdtype not in SIGNING:
            for here, there in ((plain.answer, response.answer), (plain.authority, response.authority)):
                here.extend(each for each in there if each.rdtype not in SIGNING)
        return plain
    return answer


class Server:
    """One address, UDP and TCP, until it is closed."""

    def __init__(self, answer, host="127.0.0.1"):
        self.answer, self.asked = answer, 0
        self.udp, self.tcp = self.bind(host)
        self.address = "%s:%d" % self.udp.getsockname()
        self.wake, self.woken = socket.socketpair()
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    @staticmethod
    def bind(host):
        for _ in range(50): # a port that is free for both
            udp, tcp = socket.socket(type=socket.SOCK_DGRAM), socket.socket()
            udp.bind((host, 0))
            try:
                tcp.bind(udp.getsockname())
                tcp.listen()
                return udp, tcp
            except OSError:
                udp.close()
                tcp.close()
        raise OSError("no port is free")

    def respond(self, data):
        self.asked += 1
        try:
            response = self.answer(dns.message.from_wire(data))
        except Exception: # whoever asked hears nothing, as from a server that crashed
            return None
        return response and response.to_wire()

    def on_udp(self):
        data, peer = self.udp.recvfrom(65535)
        threading.Thread(target=self.send_udp, args=(data, peer), daemon=True).start()

    def send_udp(self, data, peer):
        wire = self.respond(data)
        if wire:
            try:
                self.udp.sendto(wire, peer)
            except OSError: # closed meanwhile
                pass

    def on_tcp(self):
        peer, _ = self.tcp.accept()
        threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        peer.settimeout(10)
        with peer, peer.makefile("rb") as stream:
            try:
                while len(head := stream.read(2)) == 2:
                    wire = self.respond(stream.read(int.from_bytes(head, "big")))
                    if not wire:
                        stream.read(1)
                        return
                    peer.sendall(len(wire).to_bytes(2, "big") + wire)
            except OSError:
                pass

    def serve(self):
        with selectors.DefaultSelector() as selector:
            for socket_, act in ((self.udp, self.on_udp), (self.tcp, self.on_tcp), (self.woken, None)):
                selector.register(socket_, selectors.EVENT_READ, act)
            while True:
                for key, _ in selector.select():
                    if not key.data:
                        return
                    key.data()

    def close(self):
        self.wake.send(b"x")
        self.thread.join()
        for each in (self.udp, self.tcp, self.wake, self.woken):
            each.close()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()
