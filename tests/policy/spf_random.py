"""Records of SPF that nobody would write, made by a seeded generator: many terms, names that exist or not, includes of one another."""
import random

NAMES = ["h.example.org", "m.example.org", "gone.example.org", "%{ir}.x.example.org", "%{l}.x.example.org", "%{d}", "h.%{d2}", "%{p}"]
BASE = {
    "h.example.org": [{"A": "192.0.2.1"}, {"AAAA": "2001:db8::1"}],
    "h2.example.org": [{"A": "192.0.2.2"}, {"AAAA": "2001:db8:2::2"}],
    "m.example.org": [{"MX": [10, "h.example.org"]}, {"MX": [20, "h2.example.org"]}],
    "1.2.0.192.in-addr.arpa": [{"PTR": "h.example.org"}],
    "2.2.0.192.in-addr.arpa": [{"PTR": "h.example.org"}, {"PTR": "h2.example.org"}],
    "1.2.0.192.x.example.org": [{"A": "127.0.0.2"}],
    "joe.x.example.org": [{"A": "127.0.0.2"}],
}
CLIENTS = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2", "203.0.113.200"]


def term(dice, at, count):
    name, sign = dice.choice(NAMES), dice.choice(["", "", "", "-", "~", "?", "+"])
    length = dice.choice(["", "", "", "/24", "/30", "//64", "/24//64", "/0", "/33", "//129"])
    forms = ["a" + length, f"a:{name}{length}", f"mx:{name}", "mx:m.example.org/24", "ptr", f"ptr:{name}", f"exists:{name}",
             f"ip4:192.0.2.{dice.randrange(4)}" + dice.choice(["", "/31", "/24"]), "ip6:2001:db8::" + dice.choice(["", "/32", "1/127"]),
             f"include:r{dice.randrange(at + 1, count + 2)}.example.org", "all", "ip4:203.0.113.9"]
    odd = ["all", "ip4", "foo:bar", f"redirect=r{dice.randrange(at + 1, count + 2)}.example.org"]
    return dice.choice(odd) if dice.random() < 0.06 else sign + dice.choice(forms)


def make(seed, count):
    """Cases and zones, as a scenario of the suite has them, without the results."""
    dice, zones, cases = random.Random(seed), dict(BASE), {}
    for at in range(count):
        record = " ".join(["v=spf1"] + [term(dice, at, count) for _ in range(dice.randrange(1, 5))])
        record += dice.choice([" -all", " ~all", " ?all", "", ""])
        zones[f"r{at}.example.org"] = [{"TXT": record}] + [{"A": "192.0.2.1"}] * (dice.random() < 0.3)
        sender = dice.choice(["joe", "j-o-e", "a.b"])
        cases[f"{seed}-{at}"] = {"host": dice.choice(CLIENTS), "helo": "mx.example.org", "mailfrom": f"{sender}@r{at}.example.org"}
    return cases, zones
