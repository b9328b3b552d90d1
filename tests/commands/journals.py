"""Real journals for the tests: systemd's own writer makes them from the form of `journalctl -o export`. Callers: test_explain_journal.py.

The writer is systemd-journal-remote, unpacked under build/servers with the library that it shares with the rest of systemd.
"""
import os
import pathlib
import subprocess

SERVERS = pathlib.Path(__file__).resolve().parents[2] / "build/servers/root"
WRITER = SERVERS / "lib/systemd/systemd-journal-remote"


def record(message, program="postfix/smtp", at=1793678703123456, **fields):
    """One record, as bytes; fields with line ends take the binary form."""
    fields = {"__CURSOR": f"s={at}", "__REALTIME_TIMESTAMP": str(at), "_HOSTNAME": "out", "SYSLOG_IDENTIFIER": program, "SYSLOG_FACILITY": "2",
              "MESSAGE": message, **fields}
    out = b""
    for key, value in fields.items():
        value = value if isinstance(value, bytes) else value.encode()
        if b"\n" in value:
            out += key.encode() + b"\n" + len(value).to_bytes(8, "little") + value + b"\n"
        elif value:
            out += key.encode() + b"=" + value + b"\n"
    return out + b"\n"


def bounce(n, program="postfix/smtp", **fields):
    """A delivery that failed; their times are a minute apart."""
    return record(f"4ZfQ{n:08d}: to=<user{n}@d.example>, relay=mx.example.org[203.0.113.9]:25, delay=1, delays=0/0/0.5/0.5, dsn=5.1.1, "
                  f"status=bounced (host mx.example.org[203.0.113.9] said: 550 5.1.1 user{n} (in reply to RCPT TO command))",
                  program, 1793678703123456 + n * 60000000, **fields)


def command(path):
    """What writes to `path` the records that come on its standard input, each at once."""
    folder = next(each for each in sorted(SERVERS.glob("usr/lib/*/systemd")) if (each / "libsystemd-shared-252.so").exists())
    return ["env", f"LD_LIBRARY_PATH={folder}", str(WRITER), "--split-mode=none", "-o", str(path), "-"]


def write(path, records):
    """A journal with these records."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    subprocess.run(command(path), input=records, check=True, capture_output=True, timeout=60)
    return path
