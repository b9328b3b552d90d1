"""Owns: how fast logs are read, beside grep over the same file in the same run. Called by tests/bench/run: logs.py TREE [--quick]"""
import os
import subprocess
import sys
import tempfile

EHLO = os.path.join(os.path.abspath(sys.argv[1]), "ehlo")
MEGABYTES = 20 if "--quick" in sys.argv else 200
ROUNDS = 3

# What is kept: (name, how many times grep's time at most).
GATES = {"a table by cause": 14, "counted, by a script": 14, "NDJSON": 16}

SENT = "relay=mx.example.com[203.0.113.20]:25, delay=3, delays=0.06/0.02/1.9/1.02, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9A8B7C)"
BOUNCED = ("relay=mx1.example.org[203.0.113.9]:25, delay=2.1, delays=0.06/0.01/0.93/1.1, dsn=5.1.1, status=bounced (host mx1.example.org"
           "[203.0.113.9] said: 550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox table (in reply to RCPT TO command))")
DEFERRED = ("relay=mx1.example.org[203.0.113.9]:25, delay=2.1, delays=0.06/0.01/0.93/1.1, dsn=4.7.1, status=deferred (host mx1.example.org"
            "[203.0.113.9] said: 451 4.7.1 Greylisting in action, please come back later (in reply to RCPT TO command))")

COUNT = """
local path = ...
local log, source = mail.log {tally = mail.tally()}, assert(mail.open(path))
local n, piece = 0, source:read(1 << 18)
log:begin(piece, path)
while piece do
  n = n + log:feed(piece, "count")
  piece = source:read(1 << 18)
end
print(n)
"""


def message(n):
    """The lines of one message: one in twenty bounces, one in twenty waits."""
    second = n // 20
    head = f"Nov {1 + second // 86400 % 28:2d} {second // 3600 % 24:02d}:{second // 60 % 60:02d}:{second % 60:02d} out postfix/"
    queue_id, address = f"4Z{n:08d}z1a", f"user{n}@d{n % 5000}.example"
    end = BOUNCED % address if n % 20 == 0 else DEFERRED if n % 20 == 1 else SENT
    lines = ["smtpd[811]: connect from client.example.net[198.51.100.7]", f"smtpd[811]: {queue_id}: client=client.example.net[198.51.100.7]",
             f"cleanup[815]: {queue_id}: message-id=<march-{n}@example.net>",
             f"qmgr[770]: {queue_id}: from=<news@example.net>, size=4210, nrcpt=1 (queue active)",
             f"smtp[820]: {queue_id}: to=<{address}>, {end}",
             "smtpd[811]: disconnect from client.example.net[198.51.100.7] ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7"]
    if n % 20 != 1:
        lines.append(f"qmgr[770]: {queue_id}: removed")
    return "".join(f"{head}{line}\n" for line in lines)


def write_log(path):
    lines = n = 0
    with open(path, "w", encoding="ascii") as out:
        while out.tell() < MEGABYTES << 20:
            text = "".join(message(n + k) for k in range(1000))
            out.write(text)
            lines, n = lines + text.count("\n"), n + 1000
    return lines


def measure(command, folder):
    """Seconds of CPU of the best of some rounds (others may use the machine), and the KB of memory that it took at most."""
    best, peak, told = None, 0, os.path.join(folder, "time")
    for _ in range(ROUNDS):
        # through a pipe: grep is done with the first line where nobody reads it
        process = subprocess.Popen(["/usr/bin/time", "-f", "%U %S %M", "-o", told, *command], stdout=subprocess.PIPE,
                                   env={**os.environ, "LC_ALL": "C"})
        while process.stdout.read(1 << 20):
            pass
        process.stdout.close()
        if process.wait():
            sys.exit(f"{command[0]} ended with {process.returncode}")
        with open(told, encoding="ascii") as file:
            user, system, memory = map(float, file.read().split())
        best, peak = min(user + system, best or 1e9), max(peak, memory)
    return max(best, 0.01), peak


def main():
    missed = 0
    with tempfile.TemporaryDirectory(prefix="ehlo-bench-") as folder:
        log, script = os.path.join(folder, "mail.log"), os.path.join(folder, "count.lua")
        lines = write_log(log)
        with open(script, "w", encoding="ascii") as out:
            out.write(COUNT)
        rows = {"LC_ALL=C grep -c status=": ["grep", "-c", "status=", log], "a table by cause": [EHLO, "explain", log],
                "counted, by a script": [EHLO, "run", script, log], "NDJSON": [EHLO, "explain", "--format", "ndjson", log]}
        print(f"\n{'logs, ' + str(MEGABYTES) + ' MB':26} {'CPU s':>8} {'lines /s':>12} {'MB at most':>12} {'of grep':>9}")
        grep = None
        for name, command in rows.items():
            took, peak = measure(command, folder)
            grep = grep or took
            gate = GATES.get(name)
            kept = gate is None or took <= gate * grep
            missed += not kept
            print(f"{name:26} {took:8.2f} {lines / took:12.0f} {peak / 1024:12.1f} {took / grep:8.1f}x" + ("" if kept else f"  MISSED: at most {gate}"))
    return 1 if missed else 0


sys.exit(main())
