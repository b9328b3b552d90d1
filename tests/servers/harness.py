# What the tests against real servers share: the program as a person would run it, and where the servers are. Reads the state
# file of servers.py, named by EHLO_SERVERS.
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["EHLO_PROGRAM"]
SERVERS = json.loads(pathlib.Path(os.environ["EHLO_SERVERS"]).read_text())


def run(*arguments, **more):
    with tempfile.TemporaryDirectory(prefix="ehlo-home-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", **more}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env=environment, timeout=60)


def address(server, port, host="127.0.0.1"):
    return f"{host}:{SERVERS[server][port]}"
