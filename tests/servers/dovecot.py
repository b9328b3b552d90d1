# A Dovecot in a folder of its own: submission, LMTP, and the logins that Exim asks for. Started by servers.py.
import base64
import hmac
import json
import os
import pwd
import time

import shared

PORTS = ["submission", "submissions", "lmtp"]
KEY = b"the key that signs the tokens of the tests"


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(seconds):
    """A JSON web token (RFC 7519) that names the user, signed with KEY, good for so many seconds from now on."""
    now = int(time.time())
    claims = {"sub": shared.USER, "iat": now - 3600, "exp": now + seconds}
    text = b".".join(base64url(json.dumps(each).encode()) for each in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (text + b"." + base64url(hmac.digest(KEY, text, "sha256"))).decode()


def make_users(home, mail):
    """Who there is: (name, password, the folder of its mail). The last one's folder cannot be made."""
    number = pwd.getpwnam("mail")
    rows = [(shared.USER, shared.SECRET, mail / "user"), ("second", "unused", mail / "second"),
            ("broken", "unused", home / "users/none")]
    (home / "users").write_text("".join(f"{name}:{{PLAIN}}{secret}:{number.pw_uid}:{number.pw_gid}::{folder}::\n"
                                        for name, secret, folder in rows))
    keys = home / "keys/default/HS256"
    keys.mkdir(parents=True)
    (keys / "default").write_bytes(base64.b64encode(KEY))
    (home / "oauth2.conf").write_text(f"introspection_mode = local\nusername_attribute = sub\n"
                                      f"local_validation_key_dict = fs:posix:prefix={home}/keys/\n")


def start(folder, ports):
    home, mail = folder / "dovecot", folder / "mail/dovecot"
    home.mkdir()
    shared.folder_of_mail(mail)
    make_users(home, mail)
    library = shared.ROOT / "usr/lib/dovecot"
    moved = os.environ["EHLO_MOVED"]
    values = {"DIR": folder, "ROOT": shared.ROOT, "MOVED": moved, "RELAY": ports["postfix"]["plain"], **ports["dovecot"]}
    shared.fill("dovecot.conf", home / "dovecot.conf", values)
    environment = {"LD_LIBRARY_PATH": str(library), "LD_PRELOAD": moved, "EHLO_DOVECOT": str(shared.ROOT)}
    conf = home / "dovecot.conf"
    return shared.spawn([shared.ROOT / "usr/bin/doveconf", "-c", conf, "-f", "service=master", "-m", "master", "-e",
                         shared.ROOT / "usr/sbin/dovecot", "-F", "-c", conf], environment, home / "output")
