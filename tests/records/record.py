"""Owns: the record of what each client of the tests said to a server of theirs, byte for byte, and the leave it had.
Callers: those servers, as a session begins and ends; check.py reads what they wrote.

Each test that owns its server writes a line a session into a file of its process, in the folder that EHLO_RECORD names;
without that nothing is recorded. The leave is that of the very session: what its command line, its test or its row in a
table was allowed, never that of a whole file.
"""
import atexit
import json
import os
import pathlib

MOST = 1 << 20 # bytes of one session


class Session:
    def __init__(self, case, leave=""):
        """`leave`: the words of --allow that this session has."""
        self.case, self.leave = case, leave.split()
        self.bytes = b""
        atexit.register(self.close) # where the test ends before the session does

    def heard(self, data):
        if len(self.bytes) < MOST:
            self.bytes += data
        return data

    def close(self):
        atexit.unregister(self.close)
        folder = os.environ.get("EHLO_RECORD")
        if folder:
            write(folder, {"case": self.case, "leave": self.leave, "bytes": self.bytes.decode("latin-1")})


def write(folder, line):
    path = pathlib.Path(folder)
    path.mkdir(parents=True, exist_ok=True)
    with open(path / f"{os.getpid()}.ndjson", "ab", buffering=0) as out:
        out.write(json.dumps(line).encode() + b"\n")


class Tee:
    """A file that a server reads its client from, with a record of what came."""

    def __init__(self, file, session):
        self.file, self.session = file, session

    def readline(self, *limit):
        return self.session.heard(self.file.readline(*limit))

    def read(self, *size):
        return self.session.heard(self.file.read(*size))

    def __iter__(self):
        return iter(self.readline, b"")

    def close(self):
        self.file.close()

    @property
    def closed(self):
        return self.file.closed


class Recorded:
    """Before socketserver.StreamRequestHandler among the bases of a handler: its `rfile` is recorded. The server's
    `case()` names the test that runs and its leave."""

    def setup(self):
        super().setup()
        self.record = Session(*self.server.case())
        self.rfile = Tee(self.rfile, self.record)

    def finish(self):
        self.record.close()
        super().finish()


def case_of_harness(name):
    """What tests/lua/harness.lua says of the test that runs now: its name and leave."""
    try:
        case, leave = pathlib.Path(os.environ["EHLO_CASE"]).read_text(encoding="utf-8").split("\t")
    except (KeyError, OSError, ValueError):
        case, leave = "outside any test", ""
    return f"{name}: {case}", leave
