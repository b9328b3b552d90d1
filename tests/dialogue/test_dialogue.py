#!/usr/bin/env python3
# `ehlo probe` against servers that misbehave: every case whole and byte by byte, as JSON and as the page for people. A case
# alone: test_dialogue.py NAME...
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

import cases
from fake_server import FakeServer

PROGRAM = os.environ["EHLO_PROGRAM"]
AT_ONCE = 10
PLENTY = 20 # seconds after which a probe that has no bound of its own has failed

# What a terminal could take for a command: C0 but for line ends, DEL, C1.
UNSAFE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def make_tls(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", f"{folder}/key", "-out", f"{folder}/certificate", "-days", "30",
                    "-subj", "/CN=mx.example.org"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/certificate", f"{folder}/key")
    return context


def allowed(options):
    """The leave that a command line gives."""
    return " ".join(value for option, value in zip(options, options[1:]) if option == "--allow")


class Run:
    """One probe against one server."""

    def __init__(self, case, piece, form, tls, home):
        self.server = FakeServer(case.steps, piece, tls, case.name, allowed(case.options))
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        environment.update(PATH=os.environ["PATH"], HOME=home, LC_ALL="C.UTF-8")
        began = time.monotonic()
        self.ran = subprocess.run([PROGRAM, "probe", "--format", form, *case.options, f"127.0.0.1:{self.server.port}"],
                                  capture_output=True, stdin=subprocess.DEVNULL, env=environment, timeout=PLENTY + 10)
        self.seconds = time.monotonic() - began
        self.server.join()
        self.out = self.ran.stdout.decode("utf-8", "surrogateescape")
        self.err = self.ran.stderr.decode("utf-8", "surrogateescape")

    def common_faults(self):
        if self.server.trouble:
            yield self.server.trouble
        if self.err:
            yield f"standard error: {self.err[:2000]}"
        if UNSAFE.search(self.out) or re.search("[\udc80-\udcff]", self.out):
            yield f"a byte that a terminal would act on reached the output: {UNSAFE.search(self.out)}"
        if self.seconds > PLENTY:
            yield f"took {self.seconds:.1f} s"


# Facts about the record: name: how to read it.
FACTS = {
    "outcome": lambda r: r["outcome"],
    "phase": lambda r: r["phase"],
    "code": lambda r: str(r["reply"] and r["reply"]["code"]),
    "enhanced": lambda r: str(r["reply"] and r["reply"]["enhanced"]),
    "anomalies": lambda r: " ".join(sorted(r["anomalies"])) or "none",
    "findings": lambda r: " ".join(sorted({each["word"] for each in r["findings"]})) or "none",
    "failure": lambda r: str(r["failure"] and r["failure"]["reason"]),
    "cause": lambda r: str(r["explanation"] and r["explanation"]["cause"]),
    "capabilities": lambda r: " ".join(r["capabilities"] or []) or "none",
    "tls": lambda r: str(r["tls"] and r["tls"]["version"]),
    "helo": lambda r: str(r["helo_fallback"]).lower(),
}


def verbs(lines):
    return " ".join(line.split(" ")[0].upper() for line in lines)


def check_json(case, run):
    yield from run.common_faults()
    try:
        record = json.loads(run.out)
    except ValueError as error:
        yield f"no JSON ({error}): {run.out[:500]}"
        return
    if run.ran.returncode != record["exit"] or record["exit"] != cases.EXITS.get(record["outcome"]):
        yield f"exit {run.ran.returncode}, but the record says {record['outcome']}, {record['exit']}"
    for fact, wanted in case.result:
        if fact in FACTS:
            wanted = " ".join(sorted(wanted.split())) if fact in ("anomalies", "findings") else wanted
            if FACTS[fact](record) != wanted:
                yield f"{fact} is {FACTS[fact](record)!r}, not {wanted!r} (failure: {record['failure']})"
        elif fact == "sent" and verbs(run.server.lines) != wanted:
            yield f"the client sent {verbs(run.server.lines)!r}, not {wanted!r}"
        elif fact == "within" and run.seconds > float(wanted):
            yield f"took {run.seconds:.1f} s"
        elif fact not in ("shows", "hides", "sent", "within"):
            yield f"no fact is called {fact}"


def check_text(case, run):
    yield from run.common_faults()
    if run.ran.returncode != cases.EXITS[dict(case.result)["outcome"]]:
        yield f"exit {run.ran.returncode}"
    unwrapped = re.sub(r"\s+", " ", run.out)
    for fact, wanted in case.result:
        if fact == "shows" and wanted not in unwrapped:
            yield f"the page does not show {wanted!r}:\n{run.out}"
        if fact == "hides" and wanted in unwrapped:
            yield f"the page shows {wanted!r}:\n{run.out}"


def check(case, tls, home):
    """All that is wrong with a case."""
    runs = [(None, "json", check_json), (None, "text", check_text)]
    if not case.whole_only:
        runs.append((1, "json", check_json))
    found = []
    for piece, form, checker in runs:
        try:
            trouble = list(checker(case, Run(case, piece, form, tls, home)))
        except subprocess.TimeoutExpired:
            trouble = ["the probe did not end"]
        found += [f"{case.name}, {form}, {'byte by byte' if piece else 'whole'}: {each}" for each in trouble]
    return found


def late(trouble):
    """Is time all that is wrong? Where many tests share few cores, a deadline may pass in an earlier phase."""
    return re.search(r": took [\d.]+ s$|'timed-out'|'reason': 'deadline'|: exit 12$|did not end$", trouble)


def main(names):
    chosen = [case for case in cases.all_cases() if not names or case.name in names]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo-dialogue-"))
    try:
        tls = make_tls(folder)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            first = dict(zip((case.name for case in chosen), pool.map(lambda case: check(case, tls, str(folder)), chosen)))
        found = []
        for case in chosen:
            trouble = first[case.name]
            if trouble and all(map(late, trouble)): # once more, with nothing beside it
                trouble = check(case, tls, str(folder))
            found += trouble
    finally:
        shutil.rmtree(folder)
    for each in found:
        print(each)
    print(f"{len(chosen)} dialogues, {len(found)} troubles")
    return 1 if found or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
