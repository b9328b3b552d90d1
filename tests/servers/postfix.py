# A Postfix in a folder of its own, with Cyrus SASL for those who log in. Started by servers.py.
import pwd
import shutil
import subprocess

import shared
import states

PORTS = ["starttls", "plain", "implicit", "g421", "g554", "g521", "tls12", "bare", "login", "trusted", "proxied", "strict", "states"]

# The queue, as its own set-up would make it: (folder, mode, owner, group).
SPOOL = [(name, 0o700, "mail", "root") for name in
         ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")]
SPOOL += [("maildrop", 0o730, "mail", "news"), ("public", 0o710, "mail", "news"), ("pid", 0o755, "root", "root")]

PLUGINS = shared.ROOT / "usr/lib/x86_64-linux-gnu/sasl2"


def make_logins(home):
    """What Cyrus SASL asks: its settings, and the file of users."""
    (home / "sasl").mkdir()
    (home / "sasl/smtpd.conf").write_text(
        "pwcheck_method: auxprop\nauxprop_plugin: sasldb\n"
        f"sasldb_path: {home}/sasldb\nmech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\n")
    subprocess.run([shared.ROOT / "usr/sbin/saslpasswd2", "-p", "-c", "-u", "mx.example.org", "-f", home / "sasldb",
                    shared.USER], input=shared.SECRET.encode(), check=True, capture_output=True,
                   env={"PATH": shared.PATH, "SASL_PATH": str(PLUGINS)})
    shutil.chown(home / "sasldb", "mail", "mail")


def start(folder, ports):
    home = folder / "postfix"
    for each in (home, home / "spool", home / "data"):
        each.mkdir()
    shutil.chown(home / "data", "mail", "mail")
    (home / "met").mkdir() # what its greylist remembers
    shutil.chown(home / "met", "nobody")
    for name, mode, owner, group in SPOOL:
        (home / "spool" / name).mkdir()
        shutil.chown(home / "spool" / name, owner, group)
        (home / "spool" / name).chmod(mode)
    make_logins(home)
    user = pwd.getpwnam("mail")
    values = {"DIR": folder, "HERE": shared.HERE, "POSTFIX": shared.ROOT, "UID": user.pw_uid, "GID": user.pw_gid,
              "ONWARD": ports["exim"]["plain"], "STATES": states.postfix(folder, ports["postfix"]["states"]), **ports["postfix"]}
    shared.fill("postfix-main.cf", home / "main.cf", values)
    shared.fill("postfix-master.cf", home / "master.cf", values)
    library = shared.ROOT / "usr/lib/postfix"
    environment = {"LD_LIBRARY_PATH": str(library), "MAIL_CONFIG": str(home), "SASL_PATH": str(PLUGINS)}
    # -d: stays in the foreground, a child of the keeper.
    return shared.spawn([library / "sbin/master", "-d", "-c", home], environment, home / "output")
