#!/usr/bin/env python3
"""The world itself: what other tests take for granted of its resolvers, its zones and its faults."""
import unittest

import dns.exception
import dns.flags
import dns.message
import dns.query
import dns.rcode
import dns.rdatatype

import faulty
import sample
from world import World


class TheWorld(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = cls.enterClassContext(World(sample.ZONES))

    def ask(self, address, name, kind="A", **more):
        return faulty.ask(address, dns.message.make_query(name, kind, want_dnssec=True, **more), 20)

    def test_a_signed_name_is_authentic_by_the_resolver_that_validates_only(self):
        for name in ("mx.example.org", "mx.third.example", "www.example.org"):
            self.assertTrue(self.ask(self.world.resolver, name).flags & dns.flags.AD, name)
            self.assertFalse(self.ask(self.world.plain, name).flags & dns.flags.AD, name)

    def test_an_unsigned_zone_is_proved_to_be_one(self):
        response = self.ask(self.world.resolver, "mx.plain.example")
        self.assertFalse(response.flags & dns.flags.AD)
        self.assertIn("192.0.2.25", response.to_text())

    def test_bad_signatures_fail_at_the_one_resolver_and_pass_at_the_other(self):
        for zone in ("expired", "forged", "bare"):
            name = f"mx.{zone}.example"
            self.assertEqual(self.ask(self.world.resolver, name).rcode(), dns.rcode.SERVFAIL, name)
            self.assertEqual(self.ask(self.world.plain, name).rcode(), dns.rcode.NOERROR, name)
        self.assertIn("192.0.2.66", self.ask(self.world.plain, "mx.forged.example").to_text())
        self.assertEqual(self.ask(self.world.resolver, "backup.forged.example").rcode(), dns.rcode.NOERROR)

    def test_zones_whose_servers_fail_are_a_servfail_at_both(self):
        for zone in ("silent", "refused", "servfail"):
            for resolver in (self.world.resolver, self.world.plain):
                self.assertEqual(self.ask(resolver, f"mx.{zone}.example").rcode(), dns.rcode.SERVFAIL, zone)

    def test_a_stripping_resolver_hands_on_nothing_of_dnssec(self):
        server = self.world.serve(faulty.stripping(self.world.resolver))
        response = self.ask(server.address, "mx.example.org")
        self.assertEqual([each.rdtype for each in response.answer], [dns.rdatatype.A])
        self.assertFalse(response.flags & dns.flags.AD)
        self.assertEqual(self.ask(server.address, ".", "DNSKEY").answer, [])

    def test_a_silent_server_stays_silent_over_udp(self):
        server = self.world.serve(faulty.silent)
        with self.assertRaises(dns.exception.Timeout):
            dns.query.udp(dns.message.make_query("example.org", "A"), "127.0.0.1", port=int(server.address.split(":")[1]), timeout=0.2)
        self.assertEqual(server.asked, 1)


if __name__ == "__main__":
    unittest.main()
