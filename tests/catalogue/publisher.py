"""Publishes catalogues for the tests: signs them with minisign, and serves them with a real nginx on loopback, over TLS by an authority
of its own. Callers: the test files of this folder.
"""
import atexit
import itertools
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
for beside in ("starttls", "commands", "lua"):
    sys.path.insert(0, str(HERE.parent / beside))
import certificates
from program import PROGRAM, Case, Result

NGINX = HERE.parent.parent / "build/servers/root/usr/sbin/nginx"
FAR = "2099-01-01T00:00:00Z"

CONFIG = """daemon off; user root; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 64; }}
http {{
  log_format plain '$status $request_method $uri $sent_http_content_encoding';
  access_log {folder}/access.log plain;
  types {{ application/json json; }}
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
  scgi_temp_path {folder};
  gzip on; gzip_types application/json; gzip_min_length 20000;
  server {{
    listen {tls} ssl; listen {plain};
    ssl_certificate {folder}/right.pem; ssl_certificate_key {folder}/right.key;
    root {folder}/www;
  }}
}}
"""


class Keys:
    """A pair of minisign's, without a password."""

    def __init__(self, folder, name):
        self.public, self.secret = os.path.join(folder, name + ".pub"), os.path.join(folder, name + ".key")
        minisign("-G", "-W", "-p", self.public, "-s", self.secret)
        with open(self.public, encoding="ascii") as file:
            self.text = file.read().split("\n")[1]


def minisign(*arguments):
    return subprocess.run(["minisign", *arguments], check=True, capture_output=True, stdin=subprocess.DEVNULL).stdout.decode()


def document(version, note="our ticket queue is mail-ops", **more):
    """The bytes of a small catalogue."""
    about = {"format": 1, "name": "org", "version": version, "issued": "2026-01-01T00:00:00Z", "expires": FAR,
             "entries": [{"kind": "reply", "code": "550", "notes": [note]}]}
    about.update(more)
    return json.dumps(about).encode()


def phrase(name, text):
    return {"kind": "phrase", "id": name, "text": text, "cause": "policy", "retry": "no", "acts": "sender", "provider": "Our own",
            "meaning": "Our own servers refuse this by a rule of ours.", "fix": "Ask the mail team about that rule.", "source": "Mail team"}


def publish(folder, data, keys, legacy=False):
    """Writes catalogue.json and its signature, both anew."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "catalogue.json")
    for old in (path, path + ".minisig"):
        if os.path.exists(old):
            os.remove(old)
    with open(path, "wb") as file:
        file.write(data)
    minisign("-S", *(["-l"] if legacy else []), "-s", keys.secret, "-m", path)
    renew(path)
    return path


moments = itertools.count(1_700_000_000)


def renew(path):
    """nginx makes its ETag of size and second: each change has a second of its own."""
    moment = next(moments)
    os.utime(path, (moment, moment))


class Web:
    """nginx: `https` and `http` are its addresses, `www` what it serves, `ca` whom to trust."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="ehlo-nginx-")
        atexit.register(shutil.rmtree, self.folder)
        certificates.make(self.folder)
        self.www = os.path.join(self.folder, "www")
        self.ca = os.path.join(self.folder, "ca.pem")
        os.mkdir(self.www)
        # It takes the sockets over as they are: no port is guessed, and nobody waits until it listens.
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        tls, plain = ("127.0.0.1:%d" % each.getsockname()[1] for each in sockets)
        self.https, self.http = "https://" + tls, "http://" + plain
        config = os.path.join(self.folder, "nginx.conf")
        with open(config, "w", encoding="ascii") as file:
            file.write(CONFIG.format(folder=self.folder, tls=tls, plain=plain))
        numbers = [each.fileno() for each in sockets]
        if not NGINX.exists():
            raise SystemExit(f"{NGINX} is not there: tests/run fetches and unpacks it.")
        self.process = subprocess.Popen([NGINX, "-p", self.folder, "-c", config, "-e", os.path.join(self.folder, "error.log")],
                                        pass_fds=numbers, env={"NGINX": "".join(f"{n};" for n in numbers)},
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        atexit.register(self.stop)
        for each in sockets:
            each.close()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def log(self):
        with open(os.path.join(self.folder, "access.log"), encoding="ascii") as file:
            return file.read()


class CatalogueCase(Case):
    """A home of its own, with the catalogue `org` configured to come from `self.url`."""

    def setUp(self):
        super().setUp()
        self.keys = Keys(self.home, "one")
        self.other = Keys(self.home, "two")
        self.folder_of = os.path.join(self.home, ".local/share/ehlo/catalogue/org")

    def add(self, url, *more):
        self.answer("catalogue", "add", url, "--key", self.keys.public, "org", *more)

    def update(self, *more, status=0, says=None, **how):
        """The line that an update says, on standard output or, where it is refused, on standard error."""
        r = self.ehlo("catalogue", "update", *more, **how)
        self.assertEqual(r.status, status, r.err + r.out)
        said, silent = (r.err, r.out) if status else (r.out, r.err)
        self.assertEqual(silent, "")
        self.assertEqual(said.count("\n"), 1, said)
        if says:
            self.assertIn(says, said)
        return said

    def in_force(self):
        """(version, document) as they lie behind the link, checked with minisign; (None, None) where there is none."""
        current = os.path.join(self.folder_of, "current")
        if not os.path.islink(current):
            return None, None
        path = os.path.join(current, "catalogue.json")
        minisign("-V", "-q", "-m", path, "-p", self.keys.public)
        self.assertEqual(sorted(os.listdir(current)), ["catalogue.json", "catalogue.json.minisig", "origin.lua"])
        with open(path, "rb") as file:
            data = file.read()
        self.assertEqual(os.readlink(current), str(json.loads(data)["version"]))
        return json.loads(data)["version"], data

    def assertInForce(self, data):
        version, found = self.in_force()
        self.assertEqual(found, data, f"version {version} is in force")

    def assertClean(self):
        left = sorted(name for name in os.listdir(self.folder_of) if not name.isdigit() and name != "current")
        self.assertEqual(left, [])
