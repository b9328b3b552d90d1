#!/usr/bin/env python3
# `ehlo probe` against servers that misbehave: every case whole, as JSON and as the page for people, and byte by byte, as one of
# several targets of a probe. A case alone: test_dialogue.py NAME...
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
BATCH = 10 # targets of one probe, all at once: a process of its own for each would be most of the cost
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


def server_of(case, piece, tls):
    return FakeServer(case.steps, piece, tls, case.name, allowed(case.options))


def probe(home, form, options, targets, text=""):
    """(exit status, standard output, standard error, seconds)"""
    environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    environment.update(PATH=os.environ["PATH"], HOME=home, LC_ALL="C.UTF-8")
    began = time.monotonic()
    ran = subprocess.run([PROGRAM, "probe", "--format", form, *options, *targets], capture_output=True, input=text.encode(),
                         env=environment, timeout=PLENTY + 10)
    out, err = (each.decode("utf-8", "surrogateescape") for each in (ran.stdout, ran.stderr))
    return ran.returncode, out, err, time.monotonic() - began


class Result:
    """What came of one probe of one server."""

    def __init__(self, server, status, out, err, seconds):
        self.server, self.status, self.out, self.err, self.seconds = server, status, out, err, seconds

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
    if run.status != record["exit"] or record["exit"] != cases.EXITS.get(record["outcome"]):
        yield f"exit {run.status}, but the record says {record['outcome']}, {record['exit']}"
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
    if run.status != cases.EXITS[dict(case.result)["outcome"]]:
        yield f"exit {run.status}"
    unwrapped = re.sub(r"\s+", " ", run.out)
    for fact, wanted in case.result:
        if fact == "shows" and wanted not in unwrapped:
            yield f"the page does not show {wanted!r}:\n{run.out}"
        if fact == "hides" and wanted in unwrapped:
            yield f"the page shows {wanted!r}:\n{run.out}"


def check(case, piece, form, tls, home):
    """All that is wrong with a case, probed alone."""
    server = server_of(case, piece, tls)
    try:
        result = Result(server, *probe(home, form, case.options, [f"127.0.0.1:{server.port}"]))
    except subprocess.TimeoutExpired:
        return [f"{named(case, piece, form)}: the probe did not end"]
    finally:
        server.join()
    return [f"{named(case, piece, form)}: {each}" for each in (check_text if form == "text" else check_json)(case, result)]


def named(case, piece, form):
    return f"{case.name}, {form}, {'byte by byte' if piece else 'whole'}"


def check_whole(case, tls, home):
    return check(case, None, "json", tls, home) + check(case, None, "text", tls, home)


def batches(chosen):
    """Cases with the same options, so many at a time."""
    groups = {}
    for case in chosen:
        if not case.whole_only:
            groups.setdefault(tuple(case.options), []).append(case)
    return [group[i:i + BATCH] for group in groups.values() for i in range(0, len(group), BATCH)]


def check_batch(batch, tls, home):
    """{case's name: all that is wrong}, of cases that are targets of one probe, byte by byte."""
    servers = [server_of(case, 1, tls) for case in batch]
    targets = [f"127.0.0.1:{server.port}" for server in servers]
    options = ["--concurrency", str(BATCH), *batch[0].options, "-"]
    try:
        status, out, err, _ = probe(home, "ndjson", options, [], "".join(f"{target}\n" for target in targets))
    except subprocess.TimeoutExpired:
        return {case.name: [f"{named(case, 1, 'ndjson')}: the probe did not end"] for case in batch}
    finally:
        for server in servers:
            server.join()
    lines = {target: [line for line in out.splitlines() if f'"target":"{target}"' in line] for target in targets}
    found = {}
    for case, server, target in zip(batch, servers, targets):
        trouble = [f"{len(lines[target])} lines about it"] if len(lines[target]) != 1 else []
        for line in lines[target]:
            record = json.loads(line)
            trouble += check_json(case, Result(server, record["exit"], line, err, record["timing"]["total"]))
        if status not in (0, 1):
            trouble.append(f"exit {status} of all together")
        found[case.name] = [f"{named(case, 1, 'ndjson')}: {each}" for each in trouble]
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
            pieces = pool.map(lambda batch: check_batch(batch, tls, str(folder)), batches(chosen))
            whole = pool.map(lambda case: check_whole(case, tls, str(folder)), chosen)
            first = {case.name: trouble for case, trouble in zip(chosen, whole)}
            for names_and_trouble in pieces:
                for name, trouble in names_and_trouble.items():
                    first[name] += trouble
        found = []
        for case in chosen:
            trouble = first[case.name]
            if trouble and all(map(late, trouble)): # once more, with nothing beside it
                trouble = check_whole(case, tls, str(folder)) + ([] if case.whole_only else check(case, 1, "json", tls, str(folder)))
            found += trouble
    finally:
        shutil.rmtree(folder)
    for each in found:
        print(each)
    print(f"{len(chosen)} dialogues, {len(found)} troubles")
    return 1 if found or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
