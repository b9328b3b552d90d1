#!/usr/bin/env python3
"""Reads what the clients of all tests said: nobody sends DATA, BDAT, VRFY, EXPN or AUTH without leave. Run when the tests
are over: check.py clear FOLDER, before them; check.py FOLDER, after them."""
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

import record

NEEDS = {"DATA": "send", "BDAT": "send", "VRFY": "intrusive", "EXPN": "intrusive", "AUTH": "login"}
VERB = re.compile(rf"^[ \t]*({'|'.join(NEEDS)})\b", re.IGNORECASE | re.MULTILINE)


def without_leave(session):
    """Verbs of a session that it may not say. A message's own lines are none, and need leave before they come."""
    said = {verb.upper() for verb in VERB.findall(session["bytes"].replace("\r", "\n"))}
    return sorted(verb for verb in said if NEEDS[verb] not in session["leave"])


def read(folder):
    return [json.loads(line) for path in sorted(pathlib.Path(folder).glob("*.ndjson"))
            for line in path.read_text(encoding="utf-8").splitlines()]


def faults_are_seen():
    """The check itself: a record made for the purpose, written and read as those of the tests are."""
    rows = [("EHLO x\r\nAUTH PLAIN\r\n", "", ["AUTH"]), ("EHLO x\r\nAUTH PLAIN\r\n", "send", ["AUTH"]),
            ("EHLO x\r\nauth PLAIN\r\n", "login", []), ("NOOP\nBDAT 3\r\n", "login intrusive", ["BDAT"]),
            ("vrfy a\r\nEXPN b", "", ["EXPN", "VRFY"]), ("EHLO DATA\r\nDATABASE\r\nNOOP DATA\r\n", "", []),
            ("DATA\r\nAUTH is a word of the message\r\n.\r\n", "send login", [])]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EHLO_RECORD"] = folder
        for text, leave, _ in rows:
            session = record.Session("row", leave)
            session.heard(text.encode())
            session.close()
        return [without_leave(each) for each in read(folder)] == [wanted for *_, wanted in rows]


def main(folder):
    if not faults_are_seen():
        raise SystemExit("the check does not see what it must see")
    sessions = read(folder)
    troubles = [f"{each['case']}: {' '.join(without_leave(each))} without leave" for each in sessions if without_leave(each)]
    spoke = sum(1 for each in sessions if VERB.search(each["bytes"]))
    print("\n".join([*troubles, f"{len(sessions)} sessions, {spoke} of them with such verbs, {len(troubles)} troubles"]))
    return 1 if troubles else 0 # no sessions: none of the tests that were chosen has any


if __name__ == "__main__":
    if sys.argv[1] == "clear":
        shutil.rmtree(sys.argv[2], ignore_errors=True)
        pathlib.Path(sys.argv[2]).mkdir(parents=True)
    else:
        sys.exit(main(sys.argv[1]))
