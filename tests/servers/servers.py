#!/usr/bin/env python3
# A real Postfix, Exim and Dovecot on loopback, from their Debian packages unpacked under build/servers.
#
#   servers.py start STATE     starts them and ends when they answer; STATE (a JSON file) then names ports and folders
#   servers.py stop STATE      ends exactly what start began, and removes its folder
#
# Between the two a keeper process holds the servers. It also ends them when the process that called `start` is gone, so
# that nothing stays behind when a test run is interrupted.
import ctypes
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import dovecot
import exim
import postfix
import shared
import states

SERVERS = {"postfix": postfix, "exim": exim, "dovecot": dovecot}

PR_SET_CHILD_SUBREAPER = 36 # orphans of the servers become children of the keeper
START_SECONDS = 30
STOP_SECONDS = 3


def answers(port, deadline, process):
    """Waits for a listening socket: asked again after a pause of the operating system's select, never for ever."""
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            select.select([], [], [], 0.02)
    return False


class Group:
    """All of them in a folder of their own."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo-servers-"))
        self.folder.chmod(0o755) # the users that they run as must come in
        self.processes = []
        free = iter(shared.free_ports(sum(len(server.PORTS) for server in SERVERS.values())))
        self.ports = {name: {port: next(free) for port in server.PORTS} for name, server in SERVERS.items()}

    def start(self):
        shared.make_certificates(self.folder / "tls")
        states.make_certificates(self.folder / "states")
        shared.folder_of_mail(self.folder / "mail")
        for server in SERVERS.values(): # one by one, so that those that run are known when another cannot start
            self.processes.append(server.start(self.folder, self.ports))
        deadline = time.monotonic() + START_SECONDS
        return all(answers(port, deadline, process)
                   for process, ports in zip(self.processes, self.ports.values()) for port in ports.values())

    def state(self):
        return {"keeper": os.getpid(), "folder": str(self.folder), "ca": f"{self.folder}/tls/ca.pem",
                "states": {"folder": f"{self.folder}/states", "port": self.ports["postfix"]["states"], **states.ADDRESSES},
                "lmtp": f"{self.folder}/dovecot/run/lmtp", "user": shared.USER, "secret": shared.SECRET,
                "token": dovecot.token(86400), "expired": dovecot.token(-60), **self.ports}

    def trouble(self):
        logs = [self.folder / "postfix/log", self.folder / "dovecot/log", *self.folder.glob("*/output"),
                *self.folder.glob("exim/log-*")]
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
        group = Group() # another program may take a port between our look and the server's: then all anew
        try:
            started = group.start()
        except BaseException:
            group.stop() # whatever it was, nothing is left running
            raise
        if started:
            break
        trouble = group.trouble()
        group.stop()
    else:
        print(f"the servers did not start:\n{trouble}", flush=True)
        return 1
    wake_reader, wake_writer = os.pipe()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: os.write(wake_writer, b"x"))
    pathlib.Path(state).write_text(json.dumps(group.state(), indent=1) + "\n")
    print("ready", flush=True)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1) # whoever reads our output waits for its end
    select.select([wake_reader, *parent], [], [])
    group.stop()
    return 0


def start(state):
    for program in ("usr/lib/postfix/sbin/master", "usr/sbin/exim4", "usr/sbin/dovecot", "usr/sbin/saslpasswd2"):
        if not (shared.ROOT / program).exists():
            sys.exit(f"{shared.ROOT} has no {program}: tests/run fetches and unpacks the servers.")
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
        if not select.select([keeper], [], [], 10 * STOP_SECONDS)[0]:
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
