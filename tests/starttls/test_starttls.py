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
# hold back the sender with it, and hide that nothing else does. Those are targets of one probe, so many at a time: a process
# for each would be most of the cost.
WAYS = [("json", None, True), ("text", None, True)]
TOGETHER = [("ndjson", None, False), ("ndjson", 1, False)]
BATCH = 12

UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\udc80-\udcff]")
PRIVATE = re.compile(rb"^[ \t]*(AUTH|MAIL|RCPT|DATA|BDAT|VRFY|EXPN|XCLIENT)\b", re.IGNORECASE | re.MULTILINE)


def asked(row, login):
    return [*RECIPIENT, *(LOGIN if login else [])] if row.private else []


def server_of(row, piece, login, contexts):
    return Server(row.answers(), contexts[row.certificate], piece, row.name, "login" if LOGIN[1] in asked(row, login) else "")


def probe(row, form, login, home, targets, text=""):
    """(exit status, standard output, standard error)"""
    environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    environment.update(PATH=os.environ["PATH"], HOME=home, LC_ALL="C.UTF-8", SECRET=SECRET)
    command = [PROGRAM, "probe", "--tls", row.level, "--ca-file", f"{home}/ca.pem", *asked(row, login), "--timeout", "3", "--format", form,
               *targets]
    ran = subprocess.run(command, capture_output=True, input=text.encode(), env=environment, timeout=30)
    return ran.returncode, ran.stdout.decode("utf-8", "surrogateescape"), ran.stderr.decode("utf-8", "surrogateescape")


class Run:
    """What came of one probe of one row."""

    def __init__(self, row, login, server, exit_status, out, err):
        self.login, self.server, self.exit, self.out, self.err = login, server, exit_status, out, err
        self.said = {"EHLO", *(["MAIL", "RCPT"] if row.private else []), *(["AUTH"] if row.private and login else [])}


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


def named(row, form, piece, login):
    return f"{row.name}, {form}{', byte by byte' if piece else ''}{'' if login else ', no login'}"


def check(row, form, piece, login, contexts, home):
    """All that is wrong with a row, probed alone."""
    server = server_of(row, piece, login, contexts)
    try:
        result = probe(row, form, login, home, [f"127.0.0.1:{server.port}"])
    except subprocess.TimeoutExpired:
        return [f"{named(row, form, piece, login)}: the probe did not end"]
    finally:
        server.join()
    run = Run(row, login, server, *result)
    troubles = [*always(run), *(check_text if form == "text" else check_json)(row, run, piece)]
    return [f"{named(row, form, piece, login)}: {each}" for each in troubles]


def check_together(rows, form, piece, login, contexts, home):
    """A list of troubles for each row: all are targets of one probe."""
    servers = [server_of(row, piece, login, contexts) for row in rows]
    targets = [f"127.0.0.1:{server.port}" for server in servers]
    try:
        status, out, err = probe(rows[0], form, login, home, ["--concurrency", str(BATCH), "-"], "".join(f"{target}\n" for target in targets))
    except subprocess.TimeoutExpired:
        return [[f"{named(row, form, piece, login)}: the probe did not end"] for row in rows]
    finally:
        for server in servers:
            server.join()
    found = []
    for row, server, target in zip(rows, servers, targets):
        lines = [line for line in out.splitlines() if f'"target":"{target}"' in line]
        troubles = [] if len(lines) == 1 and status in (0, 1) else [f"{len(lines)} lines about it, exit {status} of all together"]
        for line in lines:
            run = Run(row, login, server, json.loads(line)["exit"], line, err)
            troubles += [*always(run), *check_json(row, run, piece)]
        found.append([f"{named(row, form, piece, login)}: {each}" for each in troubles])
    return found


def batches(rows):
    """Rows that are asked for in the same way, so many at a time."""
    groups = {}
    for row in rows:
        groups.setdefault((row.level, row.private), []).append(row)
    return [group[i:i + BATCH] for group in groups.values() for i in range(0, len(group), BATCH)]


def late(trouble):
    """Is time all that is wrong? Where many tests share few cores, a deadline may pass in an earlier phase."""
    return re.search(r"ends in 'timed-out |: exit 12,|did not end$", trouble)


def main(words):
    rows = [row for row in table.ROWS if all(word in row.name for word in words)]
    home = tempfile.mkdtemp(prefix="ehlo-starttls-")
    try:
        contexts = certificates.make(home)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            together = [(batch, way, pool.submit(check_together, batch, *way, contexts, home)) for batch in batches(rows) for way in TOGETHER]
            alone = [((row, *way, contexts, home), pool.submit(check, row, *way, contexts, home)) for row in rows for way in WAYS]
        runs = [((row, *way, contexts, home), found) for batch, way, run in together for row, found in zip(batch, run.result())]
        runs += [(what, run.result()) for what, run in alone]
        troubles = []
        for what, found in runs:
            if found and all(map(late, found)): # once more, with nothing beside it
                found = check(*what)
            troubles += found
    finally:
        shutil.rmtree(home)
    print("\n".join([*troubles, f"{len(rows)} rows, {len(runs)} probes, {len(troubles)} troubles"]))
    return 1 if troubles or not rows else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
