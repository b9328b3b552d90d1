# An Exim in a folder of its own, which asks Dovecot whether a login is good. Started by servers.py.
import grp
import pathlib
import pwd
import shutil

import shared
import states

PORTS = ["starttls", "plain", "implicit", "g451", "g550", "login", "open", "proxied"]
MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "OAUTHBEARER", "XOAUTH2"]


def authenticator(folder, name):
    return (f"{name.lower().replace('-', '_')}:\n  driver = dovecot\n  public_name = {name}\n"
            f"  server_socket = {folder}/dovecot/run/exim\n  server_set_id = $auth1\n")


def start(folder, ports):
    home = folder / "exim"
    shared.folder_of_mail(home, home / "spool")
    logins = "\n".join(authenticator(folder, name) for name in MECHANISMS)
    shared.fill("exim.conf", home / "exim.conf", {"DIR": folder, "LOGINS": logins, "ONWARD": ports["postfix"]["plain"],
                                                  **states.exim(folder, ports["postfix"]["states"]), **ports["exim"]})
    (home / "exim.conf").chmod(0o644)
    # Without the set-user-id bit of its package: it starts itself anew to deliver, and must keep its environment.
    shutil.copyfile(shared.ROOT / "usr/sbin/exim4", home / "exim4")
    (home / "exim4").chmod(0o755)
    # The program insists on a user that its package would have made: nss_wrapper shows it one, with the numbers of mail.
    passwd, group = pathlib.Path("/etc/passwd").read_text(), pathlib.Path("/etc/group").read_text()
    user, number = pwd.getpwnam("mail"), grp.getgrnam("mail").gr_gid
    (home / "passwd").write_text(passwd + f"Debian-exim:x:{user.pw_uid}:{number}::/nonexistent:/usr/sbin/nologin\n")
    (home / "group").write_text(group + f"Debian-exim:x:{number}:\n")
    environment = {"LD_PRELOAD": "libnss_wrapper.so", "NSS_WRAPPER_PASSWD": str(home / "passwd"),
                   "NSS_WRAPPER_GROUP": str(home / "group")}
    return shared.spawn([home / "exim4", "-C", home / "exim.conf", "-bdf"], environment, home / "output")
