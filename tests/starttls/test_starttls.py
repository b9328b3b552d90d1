#!/usr/bin/env python3
# A probe that demands TLS and would log in and name a sender, against each row of the table: whole, byte by byte, and
# as text. Whatever the server does, nothing of that is said in the clear, and no answer that was slipped in is
# believed. Some rows alone: test_starttls.py WORDS.
import base64
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

import certificates
import table
from server import Server

PROGRAM = os.environ["EHLO_PROGRAM"]
AT_ONCE = 16
SECRET = "betrayed-in-the-clear"
ENCODED = base64.b64encode(f"\0user\0{SECRET}".encode())

RECIPIENT = ["--to", "u@example.org"]
LOGIN = ["--allow", "login", "--auth", "user", "--secret-env", "SECRET"]

# How each row is run: form, size of the pieces, whether it logs in. Without a login too: one that is held back would
# hold back the sender with it, and hide that nothing else does.
WAYS = [("json", None, True), ("json", None, False), ("json", 1, False), ("text", None, True)]

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\udc80-\udcff]")
PRIVATE = re.compile(rb"^[ \t]*(AUTH|MAIL|RCPT|DATA|BDAT|VRFY|EXPN|XCLIENT)\b", re.IGNORECASE | re.MULTILINE)


class Run:
    """One probe of one row."""

    def __init__(self, row, form, piece, login, contexts, home):
        self.login = login
        asked = [*RECIPIENT, *(LOGIN if login else [])] if row.private else []
        self.said = {"EHLO", *(["MAIL", "RCPT"] if row.private else []), *(["AUTH"] if row.private and login else [])}
        self.server = Server(row.answers(), contexts[row.certificate], piece, row.name, "login" if LOGIN[1] in asked else "")
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        environment.update(PATH=os.environ["PATH"], HOME=home, LC_ALL="C.UTF-8", SECRET=SECRET)
        command = [PROGRAM, "probe", "--tls", row.level, "--ca-file", f"{home}/ca.pem", *asked,
                   "--timeout", "3", "--format", form, f"127.0.0.1:{self.server.port}"]
        ran = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=30)
        self.server.join()
        self.exit = ran.returncode
        self.out = ran.stdout.decode("utf-8", "surrogateescape")
        self.err = ran.stderr.decode("utf-8", "surrogateescape")


def ends(row, piece, login):
    if row.without_login and not login:
        return [row.without_login]
    return row.dripped if piece and row.dripped else row.end.split("|")


def in_the_clear(server):
    """What no server may hear before TLS, and what none may hear after STARTTLS."""
    said = PRIVATE.search(server.clear)
    if said or SECRET.encode() in server.clear or ENCODED in server.clear:
        yield f"said in the clear: {server.clear!r}"
    verbs = [line.split(" ")[0].upper() for line in server.lines]
    if "STARTTLS" in verbs and verbs[verbs.index("STARTTLS") + 1:] not in ([], ["QUIT"]):
        yield f"went on in the clear after STARTTLS: {verbs}"
    if verbs.count("STARTTLS") > 1 or any(line.upper().startswith("STARTTLS") for line in server.secret_lines):
        yield "said STARTTLS twice"


def always(run):
    yield from in_the_clear(run.server)
    if run.server.trouble:
        yield run.server.trouble
    if run.err:
        yield f"standard error: {run.err[:1000]}"
    if UNSAFE.search(run.out):
        yield f"a byte that a terminal would act on: {UNSAFE.search(run.out)}"
    if SECRET in run.out or ENCODED.decode() in run.out:
        yield "the secret came out"


def believed(record, markers):
    """Where a marker stands outside of the evidence."""
    answers = {key: value for key, value in record.items() if key != "transcript"}
    for key, value in answers.items():
        for marker in markers:
            if marker in json.dumps(value):
                yield f"{marker} was believed: {key} is {value!r}"


def check_json(row, run, piece):
    try:
        record = json.loads(run.out)
    except ValueError as error:
        yield f"no JSON ({error}): {run.out[:300]}"
        return
    end = f"{record['outcome']} {record['phase']}"
    if end not in ends(row, piece, run.login):
        yield f"ends in {end!r}, not {' or '.join(ends(row, piece, run.login))!r} (failure: {record['failure']})"
    if run.exit != record["exit"] or run.exit != table.EXITS.get(record["outcome"]):
        yield f"exit {run.exit}, but the record says {record['outcome']}, {record['exit']}"
    yield from believed(record, ["INJECTED"] if piece else ["INJECTED", "EARLY"])
    if record["outcome"] == "ready":
        spoken = {line.split(" ")[0].upper() for line in run.server.secret_lines}
        if not run.said <= spoken:
            yield f"is ready, and said only {sorted(spoken)} inside TLS"
    words = [each["word"] for each in record["findings"]] + [(record["failure"] or {}).get("reason")]
    if row.finding and row.finding not in words:
        yield f"the certificate is not told to be {row.finding}: {words}"


def check_text(row, run, _):
    if run.exit not in [table.EXITS[end.split()[0]] for end in ends(row, None, run.login)]:
        yield f"exit {run.exit}, not that of {row.end}:\n{run.out}"


def check(row, form, piece, login, contexts, home):
    try:
        run = Run(row, form, piece, login, contexts, home)
        checker = check_json if form == "json" else check_text
        troubles = [*always(run), *checker(row, run, piece)]
    except subprocess.TimeoutExpired:
        troubles = ["the probe did not end"]
    way = f"{form}{', byte by byte' if piece else ''}{'' if login else ', no login'}"
    return [f"{row.name}, {way}: {each}" for each in troubles]


def late(trouble):
    """Is time all that is wrong? Where many tests share few cores, a deadline may pass in an earlier phase."""
    return re.search(r"ends in 'timed-out |: exit 12,|did not end$", trouble)


def main(words):
    rows = [row for row in table.ROWS if all(word in row.name for word in words)]
    home = tempfile.mkdtemp(prefix="ehlo-starttls-")
    try:
        contexts = certificates.make(home)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            runs = [((row, *way, contexts, home), pool.submit(check, row, *way, contexts, home))
                    for row in rows for way in WAYS]
        troubles = []
        for what, run in runs:
            found = run.result()
            if found and all(map(late, found)): # once more, with nothing beside it
                found = check(*what)
            troubles += found
    finally:
        shutil.rmtree(home)
    print("\n".join([*troubles, f"{len(rows)} rows, {len(runs)} probes, {len(troubles)} troubles"]))
    return 1 if troubles or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
