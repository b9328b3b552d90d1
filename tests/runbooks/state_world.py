"""A world of mail domains whose MX hosts are real: Postfix and Exim in every state of tests/servers/states.py, below signed zones, with
an nginx for MTA-STS. Callers: test_states.py.

A domain is DOMAIN-SERVER.states.example, and its hosts are HOST-SERVER.hosts.example; SERVER is postfix or exim."""
import json
import os
import pathlib
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, each) for each in ("../policy", "../world")]
from rehearsal import Rehearsal  # noqa: E402
from certificates_of_mail import key_digest  # noqa: E402
from policy_web import PolicyWeb  # noqa: E402
from world import World  # noqa: E402

STATES = json.loads(pathlib.Path(os.environ["EHLO_SERVERS"]).read_text())["states"]
FOLDER, PORT = pathlib.Path(STATES["folder"]), STATES["port"]
SERVERS = ("postfix", "exim")
POLICY = "version: STSv1\nmode: {}\nmx: *.hosts.example\nmax_age: 1209600\n"


# MX hosts that are more than a state, for each server: the state that they are in, and their TLSA record.
PINNED = {
    "pinned": ("good", "3 1 1 hosts"), "pinned-expired": ("expired", "3 1 1 expired"), "pinned-misnamed": ("misnamed", "3 1 1 misnamed"),
    "pinned-self": ("self", "3 1 1 self-signed"), "mispinned": ("good", "3 1 1 expired"), "pinned-clear": ("clear", "3 1 1 hosts"),
    "issuer": ("good", "2 1 1 ca"), "issuer-expired": ("expired", "2 1 1 ca"), "issuer-misnamed": ("misnamed", "2 1 1 ca"),
}
# Domains whose policy of MTA-STS has that mode, by the states of their MX hosts.
STS = {"enforce": ("good", "expired", "misnamed", "self", "clear", "expired+good"), "testing": ("expired",)}


def policies():
    return {f"{mode}-{states.replace('+', '-')}-{server}.states.example": (mode, states.split("+"), server)
            for mode, domains in STS.items() for states in domains for server in SERVERS}


class StateWorld(Rehearsal):
    @classmethod
    def setUpClass(cls):
        cls.web = PolicyWeb({domain: {"body": POLICY.format(mode)} for domain, (mode, _, _) in policies().items()})
        cls.addClassCleanup(cls.web.close)
        cls.ca = cls.web.folder / "both.pem" # who issues to nginx, and who to the mail servers
        cls.ca.write_text(cls.web.ca.read_text() + (FOLDER / "ca.pem").read_text())
        cls.world = cls.enterClassContext(World({"states.example": cls.domains(), "hosts.example": cls.hosts(), **cls.moved_domains()}))

    @classmethod
    def hosts(cls):
        lines = ["lost A 127.0.73.1", f"both A {STATES['postfix']['good']}", "both AAAA ::1"]
        for server in SERVERS:
            lines += [f"{state}-{server} A {address}" for state, address in STATES[server].items()]
            for host, (state, record) in PINNED.items():
                *numbers, of = record.split()
                pin = f"{' '.join(numbers)} {key_digest(FOLDER / f'{of}.pem')}"
                lines += [f"{host}-{server} A {STATES[server][state]}", f"_{PORT}._tcp.{host}-{server} TLSA {pin}"]
        return "\n".join(lines)

    @classmethod
    def domains(cls):
        def mx(domain, states, server):
            return [f"{domain}-{server} MX {10 * (i + 1)} {state}-{server}.hosts.example." for i, state in enumerate(states)]
        lines = ["lost MX 10 lost.hosts.example.", "both MX 10 both.hosts.example."]
        for server in SERVERS:
            for name in (*STATES[server], *PINNED):
                lines += mx(name, [name], server)
            for first, second in (("expired", "good"), ("good", "good2"), ("busy", "good"), ("slow", "good"), ("silent", "good")):
                lines += mx(f"{first}-{second}", [first, second], server)
        for domain, (_, states, server) in policies().items():
            label = domain.split(".")[0]
            lines += mx(label.rsplit("-", 1)[0], states, server)
            lines += [f'_mta-sts.{label} TXT "v=STSv1; id=1;"', f"mta-sts.{label} A {cls.web.address}"]
        return "\n".join(lines)

    @classmethod
    def moved_domains(cls):
        """Domains that went from one server to the other, while an MX record still names both: only-exim.example, and only-postfix.example."""
        return {f"only-{now}.example": f"@ MX 10 good-{now}.hosts.example.\n@ MX 20 good-{before}.hosts.example."
                for now, before in (SERVERS, SERVERS[::-1])}

    def look(self, runbook, *more, status=None):
        options = ["--resolver", self.world.resolver, "--trust-anchor", self.world.trust_anchor, "--ca-file", str(self.ca)]
        options += [] if runbook == "tls" else ["--port", str(PORT)]
        return self.outcome(runbook, *options, *more, status=status)

    def check(self, domain, *more, user="user"):
        return self.look("check", *more, f"{user}@{domain if '.' in domain else domain + '.states.example'}")

    def tls(self, host, *more):
        return self.look("tls", *more, f"{host}.hosts.example:{PORT}")

    def audit(self, domain):
        return self.look("audit", f"{domain}.states.example")
