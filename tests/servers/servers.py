#!/usr/bin/env python3
# A real Postfix and a real Exim on loopback, from their Debian packages unpacked under build/servers.
#
#   servers.py start STATE     starts both and ends when they answer; STATE (a JSON file) then names ports and folders
#   servers.py stop STATE      ends exactly what start began, and removes its folder
#
# Between the two a keeper process holds both servers. It also ends them when the process that called `start` is gone, so
# that nothing stays behind when a test run is interrupted.
import ctypes
import grp
import json
import os
import pathlib
import pwd
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
UNPACKED = HERE.parents[1] / "build/servers"

POSTFIX_PORTS = ["starttls", "plain", "implicit", "g421", "g554", "g521", "tls12", "bare"]
EXIM_PORTS = ["starttls", "plain", "implicit", "g451", "g550"]

# Postfix's queue, as its own set-up would make it: (folder, mode, owner, group).
SPOOL = [(name, 0o700, "mail", "root") for name in
         ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")]
SPOOL += [("maildrop", 0o730, "mail", "news"), ("public", 0o710, "mail", "news"), ("pid", 0o755, "root", "root")]

PR_SET_CHILD_SUBREAPER = 36 # orphans of the servers become children of the keeper
START_SECONDS = 30
STOP_SECONDS = 10


def free_ports(count):
    """Ports nobody listens on, from below the range that outgoing connections take."""
    ports = []
    while len(ports) < count:
        port = random.randint(12000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def make_certificates(folder):
    """A CA and a certificate of it for localhost and mx.example.org, and one that signed itself."""
    folder.mkdir()
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", folder / "ca.key", "-out", folder / "ca.pem", "-days", "30",
            "-subj", "/CN=Test CA")
    openssl("req", *key, "-keyout", folder / "mx.key", "-out", folder / "mx.csr", "-subj", "/CN=mx.example.org")
    (folder / "mx.ext").write_text("subjectAltName=DNS:mx.example.org,DNS:localhost,IP:127.0.0.1\n"
                                   "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=serverAuth\n")
    openssl("x509", "-req", "-in", folder / "mx.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
            "-CAcreateserial", "-days", "20", "-extfile", folder / "mx.ext", "-out", folder / "mx.pem")
    shutil.chown(folder / "mx.key", "mail", "mail")


def fill(template, path, values):
    text = (HERE / "templates" / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    path.write_text(text)


def start_postfix(folder, ports):
    home = folder / "postfix"
    for each in (home, home / "spool", home / "data"):
        each.mkdir()
    shutil.chown(home / "data", "mail", "mail")
    for name, mode, owner, group in SPOOL:
        (home / "spool" / name).mkdir()
        shutil.chown(home / "spool" / name, owner, group)
        (home / "spool" / name).chmod(mode)
    values = {"DIR": folder, "POSTFIX": UNPACKED / "root", **ports}
    fill("postfix-main.cf", home / "main.cf", values)
    fill("postfix-master.cf", home / "master.cf", values)
    library = UNPACKED / "root/usr/lib/postfix"
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH": str(library), "MAIL_CONFIG": str(home)}
    # -d: stays in the foreground, a child of the keeper.
    return spawn([library / "sbin/master", "-d", "-c", home], environment, home / "output")


def start_exim(folder, ports):
    home = folder / "exim"
    (home / "spool").mkdir(parents=True)
    for each in (home, home / "spool"):
        shutil.chown(each, "mail", "mail")
    fill("exim.conf", home / "exim.conf", {"DIR": folder, **ports})
    (home / "exim.conf").chmod(0o644)
    # The program insists on a user that its package would have made: nss_wrapper shows it one, with the numbers of mail.
    passwd, group = pathlib.Path("/etc/passwd").read_text(), pathlib.Path("/etc/group").read_text()
    user, number = pwd.getpwnam("mail"), grp.getgrnam("mail").gr_gid
    (home / "passwd").write_text(passwd + f"Debian-exim:x:{user.pw_uid}:{number}::/nonexistent:/usr/sbin/nologin\n")
    (home / "group").write_text(group + f"Debian-exim:x:{number}:\n")
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LD_PRELOAD": "libnss_wrapper.so",
                   "NSS_WRAPPER_PASSWD": str(home / "passwd"), "NSS_WRAPPER_GROUP": str(home / "group")}
    return spawn([UNPACKED / "root/usr/sbin/exim4", "-C", home / "exim.conf", "-bdf"], environment, home / "output")


def spawn(command, environment, output):
    with open(output, "wb") as log:
        return subprocess.Popen([str(each) for each in command], env=environment, stdin=subprocess.DEVNULL, stdout=log,
                                stderr=log, start_new_session=True, cwd="/")


def answers(port, deadline, process):
    """Waits for a listening socket: asked again after a pause of the operating system's select, never for ever."""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            select.select([], [], [], 0.02)
    return False


class Pair:
    """Both servers in a folder of their own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo-servers-"))
        self.folder.chmod(0o755) # Postfix's and Exim's own users must come in
        self.processes = []
        numbers = free_ports(len(POSTFIX_PORTS) + len(EXIM_PORTS))
        self.ports = {"postfix": dict(zip(POSTFIX_PORTS, numbers)),
                      "exim": dict(zip(EXIM_PORTS, numbers[len(POSTFIX_PORTS):]))}

    def start(self):
        make_certificates(self.folder / "tls")
        self.processes.append(start_postfix(self.folder, self.ports["postfix"]))
        self.processes.append(start_exim(self.folder, self.ports["exim"]))
        deadline = time.monotonic() + START_SECONDS
        return all(answers(port, deadline, process)
                   for process, ports in zip(self.processes, self.ports.values()) for port in ports.values())

    def trouble(self):
        logs = [self.folder / "postfix/log", *self.folder.glob("*/output"), *self.folder.glob("exim/log-*")]
        return "\n".join(f"{log}:\n{log.read_text(errors='replace')[-2000:]}" for log in logs if log.exists())

    def stop(self):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for process in self.processes:
                try:
                    os.killpg(process.pid, sign)
                except ProcessLookupError:
                    pass
            deadline = time.monotonic() + STOP_SECONDS
            for process in self.processes:
                try:
                    process.wait(max(0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    pass
        try:
            while os.waitpid(-1, 0)[0]: # what they left to us, all killed by now
                pass
        except ChildProcessError:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)


def keep(state, parent):
    """The keeper: says "ready", or what went wrong, on standard output; then waits for its end or its parent's."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for _ in range(5):
        pair = Pair() # another program may take a port between our look and the server's: then all anew
        if pair.start():
            break
        trouble = pair.trouble()
        pair.stop()
    else:
        print(f"the servers did not start:\n{trouble}", flush=True)
        return 1
    wake_reader, wake_writer = os.pipe()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: os.write(wake_writer, b"x"))
    folder = str(pair.folder)
    text = json.dumps({"keeper": os.getpid(), "folder": folder, "ca": f"{folder}/tls/ca.pem", **pair.ports}, indent=1)
    pathlib.Path(state).write_text(text + "\n")
    print("ready", flush=True)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1) # whoever reads our output waits for its end
    select.select([wake_reader, *parent], [], [])
    pair.stop()
    return 0


def start(state):
    if not (UNPACKED / "root").is_dir():
        sys.exit(f"{UNPACKED} has no unpacked servers: tests/run fetches them.")
    if os.geteuid() != 0:
        sys.exit("Postfix starts as root only: run tests/run as root.")
    stop(state)
    keeper = subprocess.Popen([sys.executable, __file__, "keep", state, str(os.getppid())], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, text=True)
    answer = keeper.stdout.read() or "the keeper ended without a word"
    if answer != "ready\n":
        keeper.wait()
        sys.exit(answer)
    print(pathlib.Path(state).read_text(), end="")
    keeper.returncode = 0 # it stays


def stop(state):
    try:
        known = json.loads(pathlib.Path(state).read_text())
        keeper = os.pidfd_open(known["keeper"])
        with open(f"/proc/{known['keeper']}/cmdline", "rb") as file:
            ours = str(state).encode() in file.read().split(b"\0")
    except (OSError, ValueError):
        ours = False
    if ours:
        signal.pidfd_send_signal(keeper, signal.SIGTERM)
        if not select.select([keeper], [], [], 3 * STOP_SECONDS)[0]:
            sys.exit("the servers did not end")
    pathlib.Path(state).unlink(missing_ok=True)


def main():
    if len(sys.argv) == 3 and sys.argv[1] in ("start", "stop"):
        return {"start": start, "stop": stop}[sys.argv[1]](sys.argv[2])
    if len(sys.argv) == 4 and sys.argv[1] == "keep":
        return keep(sys.argv[2], [os.pidfd_open(int(sys.argv[3]))])
    sys.exit("usage: servers.py start|stop STATE")


if __name__ == "__main__":
    sys.exit(main())
