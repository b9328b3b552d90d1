"""A real nginx on loopback that serves policies of MTA-STS for many domains, rightly and wrongly; told apart by the name in the handshake.
Callers: test_mta_sts.py, test_probe_mx.py.
"""
import pathlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/starttls"))
import certificates

NGINX = ROOT / "build/servers/root/usr/sbin/nginx"
ALWAYS = ("20200101000000Z", "20991231000000Z")
CONFIG = """daemon off; user root; worker_processes 1; pid {0}/nginx.pid; error_log {0}/error.log warn;
events {{ worker_connections 64; }}
http {{
  server_names_hash_bucket_size 128; access_log off; default_type text/plain; types {{ }}
  client_body_temp_path {0}; proxy_temp_path {0}; fastcgi_temp_path {0}; uwsgi_temp_path {0}; scgi_temp_path {0};
  {1}
}}
"""
SITE = """server {{
    listen {address}:443 ssl; server_name mta-sts.{domain};
    ssl_certificate {folder}/{certificate}.pem; ssl_certificate_key {folder}/{certificate}.key;
    root {folder}/www/{domain}; location / {{ {extra} }}
  }}
"""


def own_address():
    """An address of loopback where nobody listens on 443; tests that run beside each other take others."""
    while True:
        address = f"127.{random.randint(10, 250)}.{random.randint(1, 250)}.{random.randint(1, 250)}"
        with socket.socket() as probe:
            try:
                probe.bind((address, 443))
                return address
            except OSError:
                continue


class PolicyWeb:
    """sites: {domain: {"body": text, "certificate": name of a kind, "extra": lines for nginx}}. `address`, `ca`."""

    def __init__(self, sites):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo-policies-"))
        self.address, self.ca = own_address(), self.folder / "ca.pem"
        certificates.make(self.folder)
        self.issue("sites", sites, *ALWAYS)
        self.issue("past", sites, "20200101000000Z", "20210101000000Z")
        self.write(sites)
        self.start()

    def issue(self, name, sites, start, end):
        self.issue_for(name, ",".join(f"DNS:mta-sts.{domain}" for domain in sites), start, end)

    def issue_for(self, name, names, start, end):
        certificates.issue(self.folder, name, "ca", names, start, end)

    def write(self, sites):
        blocks = []
        for domain, site in sites.items():
            folder = self.folder / "www" / domain / ".well-known"
            folder.mkdir(parents=True)
            (folder / "mta-sts.txt").write_text(site.get("body", ""), encoding="utf-8", newline="")
            blocks.append(SITE.format(address=self.address, domain=domain, folder=self.folder, extra=site.get("extra", ""),
                                      certificate=site.get("certificate", "sites")))
        (self.folder / "nginx.conf").write_text(CONFIG.format(self.folder, "  ".join(blocks)))

    def start(self):
        if not NGINX.exists():
            raise SystemExit(f"{NGINX} is not there: tests/run fetches and unpacks it.")
        # It takes the socket over as it is: nobody waits until it listens.
        with socket.create_server((self.address, 443)) as listener:
            self.process = subprocess.Popen([NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf", "-e", self.folder / "error.log"],
                                            pass_fds=[listener.fileno()], env={"NGINX": f"{listener.fileno()};"},
                                            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)
