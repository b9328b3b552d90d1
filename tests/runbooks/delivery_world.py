"""A world of mail domains for the runbooks that look at delivery: signed zones, an nginx for MTA-STS, and mail servers in every state that
these tell apart. Callers: test_check.py, test_explain_live.py, test_audit.py."""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, each) for each in ("../policy", "../commands", "../world")]
import certificates_of_mail
from mail_house import MailHouse
from policy_web import PolicyWeb, own_address
from program import PROGRAM, Case
from world import World, Zone

PORT = 2526
STS = "version: STSv1\nmode: enforce\nmx: *.hosts.example\nmax_age: 1209600\n"

# Servers by name: what each answers beyond the usual, and its certificate.
SERVERS = {
    "good": "", "good2": "", "full": 'rcpt = "452 4.2.2 Mailbox full"', "unknown": 'rcpt = "550 5.1.1 User unknown"',
    "moved": 'rcpt = "551 5.1.6 User has moved; please try other@example.net"', "grey": 'rcpt = "450 4.2.0 Greylisted, please try again"',
    "relay": 'rcpt = "554 5.7.1 Relay access denied"', "closed": 'greeting = "554 5.7.1 blocked using bl.example.net"',
    "busy": 'greeting = "421 4.3.2 too busy"', "strict": 'mail = "550 5.7.1 null sender refused"', "slow": "delay = 0.2",
    "self": "", "clear": "", "silent": "greeting = {silent = true}",
}
# domain: its MX hosts in order; of `ehlo check` the wanted first cause (None: all is well) with the verdict.
DOMAINS = {
    "sound": (["good", "good2"], "pass", None), "slow": (["slow"], "pass", None),
    "full": (["full"], "fail", "mailbox"), "unknown": (["unknown"], "fail", "mailbox"), "moved": (["moved"], "fail", "mailbox"),
    "grey": (["grey"], "warn", "mailbox"), "unlike": (["good", "unknown"], "warn", "mailbox"), "stale": (["good", "relay"], "warn", "mailbox"),
    "relay": (["relay"], "fail", "mailbox"), "strict": (["strict"], "unknown", "mailbox"), "closed": (["closed"], "fail", "servers"),
    "busy": (["good", "busy"], "warn", "servers"), "down": (["down"], "fail", "servers"), "half": (["down", "good"], "warn", "servers"),
    "six": (["six", "good"], "warn", "ipv6"), "self": (["self"], "pass", None), "sts": (["self"], "fail", "tls"),
    "stsmixed": (["good", "self"], "warn", "tls"), "stsgood": (["good"], "pass", None), "stswhole": (["good", "good2"], "pass", None),
    "pinned": (["pinned"], "pass", None), "stsunnamed": (["deep.good"], "fail", "tls"), "stspartly": (["good", "deep.good"], "warn", "tls"),
    "clear": (["clear"], "pass", None), "mispinned": (["mispinned"], "fail", "tls"),
    "dangling": (["gone", "good"], "warn", "servers"), "route": (["good"], "warn", "old-route"),
}


class DeliveryWorld(Case):
    @classmethod
    def setUpClass(cls):
        cls.web = PolicyWeb({f"{d}.example": {"body": STS} for d in DOMAINS if d.startswith("sts")})
        cls.addClassCleanup(cls.web.close)
        cls.pin = certificates_of_mail.make(cls.web)
        cls.at = {name: own_address() for name in [*SERVERS, "down", "aside"]}
        cls.many = {f"many{i}": own_address() for i in range(12)} # more than a probe of a domain takes at once unless told
        cls.at.update(cls.many)
        rows = [cls.row(name, more) for name, more in SERVERS.items()] + [cls.row("aside", "")]
        rows += [cls.row(name, SERVERS["slow"]) for name in cls.many]
        cls.house = MailHouse(PROGRAM, rows)
        cls.addClassCleanup(cls.house.close)
        cls.world = cls.enterClassContext(World(cls.zones()))

    @classmethod
    def row(cls, name, more):
        pem = "self-signed" if name == "self" else "hosts"
        tls = name != "clear" and f'tls = {{certificate = "{cls.web.folder}/{pem}.pem", key = "{cls.web.folder}/{pem}.key"}}'
        return "{" + ", ".join(each for each in (f'address = "{cls.at[name]}"', f"port = {PORT}", tls, more) if each) + "}"

    @classmethod
    def zones(cls):
        zones = {f"{domain}.example": "".join(f"@ MX {10 * (i + 1)} {host}.hosts.example.\n" for i, host in enumerate(hosts))
                 for domain, (hosts, _, _) in DOMAINS.items()}
        for domain in DOMAINS:
            if domain.startswith("sts"):
                zones[f"{domain}.example"] += f'_mta-sts TXT "v=STSv1; id=1;"\nmta-sts A {cls.web.address}\n'
        zones["route.example"] += f"@ A {cls.at['aside']}\n"
        hosts = [f"{name} A {cls.at[name]}" for name in [*SERVERS, *cls.many, "down"]]
        hosts.append(f"deep.good A {cls.at['good2']}")
        hosts += [f"six A {cls.at['good']}", "six AAAA ::1", f"pinned A {cls.at['self']}", f"_{PORT}._tcp.pinned TLSA 3 1 1 {cls.pin}",
                  f"mispinned A {cls.at['self']}", f"_{PORT}._tcp.mispinned TLSA 3 1 1 {'ab' * 32}"]
        zones["hosts.example"] = "\n".join(hosts) + "\n"
        zones["null.example"] = "@ MX 0 ."
        zones["silent.example"] = "@ MX 10 silent.hosts.example."
        zones["apex.example"] = f"@ MX 10 good.hosts.example.\n@ A {cls.at['silent']}"
        zones["many.example"] = "".join(f"@ MX 10 {name}.hosts.example.\n" for name in cls.many)
        for name, text in cls.more_zones().items():
            zones[name] = zones.get(name, "") + text
        zones["lame.example"] = Zone(served_by="servfail")
        zones["forged.example"] = Zone("@ MX 10 good.hosts.example.\nx A 192.0.2.1\n", expired=True)
        return zones

    @classmethod
    def more_zones(cls):
        """What a test adds to the zones, by their names."""
        return {}

    def world_options(self):
        return "--resolver", self.world.resolver, "--port", str(PORT)
