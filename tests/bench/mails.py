"""Owns: how fast mails are explained, beside a program that only parses the same folder with GMime; what an mbox of any size costs in
memory; and how fast replies are matched, beside grep with the same phrases. Called by tests/bench/run: mails.py TREE [--quick]"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

TREE = os.path.abspath(sys.argv[1])
EHLO, PARSE = os.path.join(TREE, "ehlo"), os.path.join(TREE, "tests", "bench", "bench_parse_mails")
MAILS = pathlib.Path(__file__).resolve().parent.parent / "mails"
QUICK = "--quick" in sys.argv
COPIES, MEGABYTES, ROUNDS = (20, 64, 5) if QUICK else (150, 2048, 7)
TWICE, FLAT = 2, 48  # times the parse; MB beyond what one mail takes
REPLIES = 100000 if QUICK else 400000
GREP = 'LC_ALL=C grep -iFf "$1" "$2" | cat >/dev/null'


def measure(command):
    """Seconds of CPU, and the MB of memory that it took at most."""
    with tempfile.NamedTemporaryFile("r") as told:
        done = subprocess.run(["/usr/bin/time", "-f", "%U %S %M", "-o", told.name, *command], stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit(f"{command[0]} ended with {done.returncode}")
        user, system, memory = map(float, told.read().split())
    return max(user + system, 0.01), memory / 1024


def side_by_side(rows, things, count):
    """Runs (name, command, gate) in turns, for a machine is not as fast at one moment as at the next; prints the best of each, and the median
    of its ratios to the first. Returns how many gates were missed."""
    rounds = [[measure(command) for _, command, _ in rows] for _ in range(ROUNDS)]
    missed = 0
    for at, (name, _, gate) in enumerate(rows):
        best, peak = min(row[at][0] for row in rounds), max(row[at][1] for row in rounds)
        ratio = statistics.median(row[at][0] / row[0][0] for row in rounds)
        kept = ratio <= gate
        missed += not kept
        print(f"{name:38} {best:8.2f} {count / best:10.0f} {things + ' /s':11} {peak:8.1f} MB {ratio:8.2f}x" + ("" if kept else f"  MISSED: at most {gate}"))
    return missed


def fill(folder):
    """The test mails, many times over."""
    mails = sorted(MAILS.glob("*.eml"))
    for n in range(COPIES):
        for mail in mails:
            (folder / f"{n:04d}-{mail.name}").write_bytes(mail.read_bytes())
    return COPIES * len(mails)


def write_mbox(path):
    envelope = b"From MAILER-DAEMON Tue Nov  3 04:05:06 2026\n"
    box = b"".join(envelope + mail.read_bytes() + b"\n\n" for mail in sorted(MAILS.glob("*.eml")))
    with open(path, "wb") as out:
        while out.tell() < MEGABYTES << 20:
            out.write(box)


def folder_rows(folder):
    count = fill(folder)
    print(f"\nmails, a folder of {count}; CPU seconds, times the first row")
    return side_by_side([("parsed with GMime, no more", [PARSE, str(folder)], 1), ("a table by cause", [EHLO, "explain", str(folder)], TWICE),
                         ("NDJSON", [EHLO, "explain", "--format", "ndjson", str(folder)], TWICE)], "mails", count)


def mbox_row(folder):
    one, box = folder / "one", folder / "mbox"
    one.write_bytes(next(MAILS.glob("*.eml")).read_bytes())
    base = measure([EHLO, "explain", "--format", "ndjson", str(one)])[1]
    write_mbox(box)
    took, peak = measure([EHLO, "explain", "--format", "ndjson", str(box)])
    kept = peak <= base + FLAT
    print(f"\n{'an mbox of ' + str(MEGABYTES) + ' MB':30} {took:8.2f} {'':10} {peak:12.1f}  ({base:.1f} for one mail)" +
          ("" if kept else f"  MISSED: at most {FLAT} more"))
    return not kept


def write_phrases(path):
    """Every wording of the catalogue, without its stars: what grep looks for."""
    with open(os.path.join(TREE, "catalogue.json"), encoding="utf-8") as catalogue:
        entries = json.load(catalogue)["entries"]
    texts = {max(text.split("*"), key=len).strip() for e in entries if e["kind"] == "phrase" for text in [e["text"], *e.get("also", [])]}
    path.write_text("".join(f"{text}\n" for text in sorted(texts)))
    return len(texts)


def write_replies(path, distinct):
    """What servers say, over and over; or with another recipient each time."""
    rows = [line.split("\t")[2] for line in (MAILS / "families.tsv").read_text().splitlines() if not line.startswith("#")]
    rows = [row for row in rows if row[0].isdigit()]
    with open(path, "w", encoding="utf-8") as out:
        for n in range(REPLIES):
            reply = rows[n * 7919 % len(rows)]
            out.write((f"{reply} <user{n}@example.org>" if distinct else reply) + "\n")


def replies_rows(folder):
    phrases, missed = folder / "phrases", 0
    print(f"\n{REPLIES} replies, {write_phrases(phrases)} phrases; CPU seconds, times the first row")
    for words, distinct in (("", False), (", all distinct", True)):
        replies = folder / "replies"
        write_replies(replies, distinct)
        told = subprocess.run([EHLO, "explain", "--format", "ndjson", str(replies)], capture_output=True).stdout.count(b"\n")
        if told < 0.9 * REPLIES:  # some of several lines follow each other
            sys.exit(f"only {told} of {REPLIES} replies were explained")
        missed += side_by_side([("LC_ALL=C grep -iFf | cat" + words, ["sh", "-c", GREP, "sh", str(phrases), str(replies)], 1),
                                ("a table by cause" + words, [EHLO, "explain", str(replies)], 2),
                                ("NDJSON" + words, [EHLO, "explain", "--format", "ndjson", str(replies)], 4)], "replies", REPLIES)
    return missed


def main():
    with tempfile.TemporaryDirectory(prefix="ehlo-bench-") as place:
        folder = pathlib.Path(place, "mails")
        folder.mkdir()
        missed = folder_rows(folder) + replies_rows(pathlib.Path(place))
        return 1 if missed + mbox_row(pathlib.Path(place)) else 0


sys.exit(main())
