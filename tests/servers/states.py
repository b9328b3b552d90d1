# Postfix and Exim in the states that a runbook tells apart: each at an address of its own, all at one port, as the MX hosts of a domain
# are. What a mailbox is (full, moved, greylisted) its name says. Called by servers.py, and by tests that want the addresses.
import shutil
import sys

import shared

sys.path.append(str(shared.HERE.parent / "starttls"))
import certificates

NAMES = ("good", "good2", "expired", "misnamed", "self", "clear", "strict", "slow", "silent", "busy", "closed")
NETWORKS = {"postfix": 71, "exim": 72}
ADDRESSES = {server: {name: f"127.0.{network}.{i + 1}" for i, name in enumerate(NAMES)} for server, network in NETWORKS.items()}
SLOW_SECONDS = 2

ALWAYS, PAST = ("20200101000000Z", "20991231000000Z"), ("20200101000000Z", "20210101000000Z")
ISSUED = {"hosts": ("DNS:*.hosts.example", ALWAYS), "expired": ("DNS:*.hosts.example", PAST), "misnamed": ("DNS:mail.other.example", ALWAYS)}
SHOWN = {"expired": "expired", "misnamed": "misnamed", "self": "self-signed"} # all others show "hosts"


def make_certificates(folder):
    folder.mkdir()
    certificates.make_authority(folder, "ca")
    certificates.sign_itself(folder, "self-signed", "self", ["-addext", "subjectAltName=DNS:*.hosts.example"])
    for name, (names, times) in ISSUED.items():
        certificates.issue(folder, name, "ca", names, *times)
        with open(folder / f"{name}.pem", "a") as chain: # TLSA records may name the authority, if it is shown
            chain.write((folder / "ca.pem").read_text())
    for key in folder.glob("*.key"):
        shutil.chown(key, "mail", "mail")


def greeting(restriction):
    return f"  -o smtpd_delay_reject=no\n  -o {{ smtpd_client_restrictions={restriction} }}\n"


# What Postfix is told beside its certificate. "silent" has one process, which whoever comes first keeps.
POSTFIX = {
    "clear": "  -o smtpd_tls_security_level=none\n", "strict": "  -o smtpd_tls_security_level=encrypt\n",
    "slow": greeting(f"sleep {SLOW_SECONDS}"), "silent": "  -o smtpd_timeout=300s\n",
    "busy": greeting("check_client_access static:{421 4.3.2 All server ports are busy}"),
    "closed": greeting("check_client_access static:{554 5.7.1 Service unavailable; client blocked using bl.example.net}"),
}


def postfix(folder, port):
    """Lines of master.cf."""
    lines = []
    for name, address in ADDRESSES["postfix"].items():
        pem = f"{folder}/states/{SHOWN.get(name, 'hosts')}"
        lines.append(f"{address}:{port} inet n - n - {1 if name == 'silent' else '-'} smtpd\n"
                     f"  -o {{ smtpd_tls_chain_files={pem}.key, {pem}.pem }}\n  -o {{ smtpd_tls_protocols=>=TLSv1.2 }}\n{POSTFIX.get(name, '')}")
    return "".join(lines).rstrip("\n")


def exim(folder, port):
    """What the template of Exim's configuration wants: where it listens, what it shows, and the addresses by name."""
    at = ADDRESSES["exim"]
    shown = " ".join(f"{address}={folder}/states/{SHOWN.get(name, 'hosts')}" for name, address in at.items())
    return {"LISTEN": "".join(f" ; [{address}]:{port}" for address in at.values()), "SHOWN": shown, "SLOW_SECONDS": SLOW_SECONDS,
            **{f"AT_{name.upper()}": address for name, address in at.items()}}
