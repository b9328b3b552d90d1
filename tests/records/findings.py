#!/usr/bin/env python3
"""Every finding of a runbook or a policy has a world in which it appears, and one in which it does not: read from the sources what there
is, and from the records of the tests (found.py) what was seen. Run when they are over: findings.py FOLDER TEST..., with the tests that
must have left a record; where one has not, only some were chosen, and nothing is judged."""
import collections
import json
import pathlib
import re
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "scripts"
POLICIES = [*sorted((SCRIPTS / "lib/policy").glob("*.lua")), SCRIPTS / "lib/mail_hosts_findings.lua", SCRIPTS / "lib/probe_mx.lua"]

COMMENT = re.compile(r"--[^\n]*")
WORD = re.compile(r'"([a-z][a-z0-9]*(?:-[a-z0-9%]+)+)"')
# How the words of findings begin; and those of that form that are none: names of header fields and of methods.
FAMILIES = tuple("arc- authres- dane- dkim- dmarc- dnsbl- domain-is- fcrdns- from- helo- implicit-mx mta-sts- mx- no-mail-hosts null-mx- probes- "
                 "resolver-not- spf- tls-rpt-".split())
NONE = {"arc-authentication-results", "dkim-adsp", "dkim-atps", "dkim-signature"}
MADE = {"dane-%s-%s": [f"dane-{what}-{how}" for what in ("mx", "address", "tlsa") for how in ("failed", "bogus")]}

STEP = re.compile(r'\bstep {name = "([^"]+)"( \.\.)?')
VERDICT = re.compile(r'(?<![\w.])(pass|warn|fail|skip|unknown) = (?!nil)|\[[^]]*"(warn)" or "(fail|unknown)"\]')
CAUSE = re.compile(r'\bcause = "([a-z0-9-]+)"(?! \.\.)')


def source(path):
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def findings():
    """The words of all findings that policies have, with the file of each."""
    words = {word: path.name for path in POLICIES for word in WORD.findall(source(path)) if word.startswith(FAMILIES) and word not in NONE}
    return {each: path for word, path in words.items() for each in MADE.get(word, [word])}


def steps():
    """Of each step of a bundled runbook: (runbook, its name, whether that is how the name begins, verdicts, causes)."""
    books = [(path.stem, path) for path in sorted((SCRIPTS / "runbooks").glob("*.lua"))]
    for book, path in [*books, ("explain", SCRIPTS / "lib/explain_live.lua")]:
        text = source(path)
        for mark in STEP.finditer(text):
            body = text[mark.start():].split("end}\n", 1)[0]
            verdicts = {word for row in VERDICT.findall(body) for word in row if word}
            yield book, mark[1], bool(mark[2]), verdicts | {"pass"}, set(CAUSE.findall(body))


def judge_findings(rows):
    lists, where = collections.defaultdict(list), collections.defaultdict(set)
    for row in rows:
        if "findings" in row:
            lists[row["of"]].append(set(row["findings"]))
            for word in row["findings"]:
                where[word].add(row["of"])
    for word, path in sorted(findings().items()):
        if word not in where:
            yield f"{path}: {word} appears in no world"
        elif all(word in each for of in where[word] for each in lists[of]):
            yield f"{path}: {word} appears in every world"


def judge_steps(rows):
    seen = collections.defaultdict(set)
    for row in rows:
        for name, result in row.get("steps", {}).items():
            seen[row.get("runbook"), name].add(tuple(result))
    for book, name, begins, verdicts, causes in steps():
        results = {each for (of, step), some in seen.items() if of == book and (step.startswith(name) if begins else step.split(" ")[0] == name)
                   for each in some}
        came = {verdict for verdict, _ in results}
        for verdict in sorted(verdicts - came):
            yield f"{book}.lua: in no world does the step {name} say {verdict}"
        for cause in sorted(causes - {cause for _, cause in results}):
            yield f"{book}.lua: no world shows the cause {cause} of the step {name}"
        if came and came <= {"pass", "skip"}:
            yield f"{book}.lua: the step {name} fails in no world"


def read(folder):
    return [json.loads(line) for path in sorted(pathlib.Path(folder).glob("*.found")) for line in path.read_text(encoding="utf-8").splitlines()]


def gaps_are_seen():
    """The check itself: of nothing that was recorded it misses everything, and of one finding everywhere the world without."""
    names, rows = findings(), [{"test": "row", "of": "spf", "findings": ["spf-ptr"]}]
    return (len(names) > 100 and len(list(judge_findings([]))) == len(names)
            and any(each.endswith("spf-ptr appears in every world") for each in judge_findings(rows))
            and not any("spf-ptr" in each for each in judge_findings([*rows, {"test": "row", "of": "spf", "findings": []}]))
            and len(list(judge_steps([]))) > 150)


def main(folder, tests):
    if not gaps_are_seen():
        raise SystemExit("the check does not see what it must see")
    rows = read(folder)
    missing = sorted(set(tests) - {row["test"] for row in rows})
    if missing:
        print("not judged, for these left no record:", *missing)
        return 0
    troubles = [*judge_findings(rows), *judge_steps(rows)]
    print("\n".join([*troubles, f"{len(findings())} findings and {len(list(steps()))} steps, {len(rows)} records, {len(troubles)} troubles"]))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
