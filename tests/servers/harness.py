# What the tests against real servers share: the program as a person would run it, and where the servers are. Reads the state
# file of servers.py, named by EHLO_SERVERS.
import json
import os
import pathlib
import select
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests/records"))
import found  # noqa: E402

PROGRAM = os.environ["EHLO_PROGRAM"]
SERVERS = json.loads(pathlib.Path(os.environ["EHLO_SERVERS"]).read_text())


def run(*arguments, **more):
    with tempfile.TemporaryDirectory(prefix="ehlo-home-") as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "LC_ALL": "C.UTF-8", **more}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                environment[name] = os.environ[name]
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env=environment, timeout=60)
    found.note(done.stdout)
    return done


def address(server, port, host="127.0.0.1"):
    return f"{host}:{SERVERS[server][port]}"


def lua(chunk, *arguments, allow=()):
    """What a chunk of Lua prints; it is given the arguments as `...`."""
    leave = [option for kind in allow for option in ("--allow", kind)]
    with tempfile.NamedTemporaryFile("w", prefix="ehlo-", suffix=".lua") as file:
        file.write(chunk)
        file.flush()
        ran = run("run", *leave, file.name, *map(str, arguments))
    if ran.returncode or ran.stderr:
        raise AssertionError(f"exit {ran.returncode}\n{ran.stderr}{ran.stdout}")
    return ran.stdout


def kept(mailbox, mark, seconds=20):
    """The mail with the mark, once the server has put it into the Maildir; the folder is looked at again and again."""
    folder = pathlib.Path(SERVERS["folder"]) / "mail" / mailbox / "new"
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in sorted(folder.glob("*")):
            data = path.read_bytes()
            if mark.encode() in data:
                path.unlink()
                return data
        select.select([], [], [], 0.02)
    raise AssertionError(f"no mail with {mark} came to {folder}")
