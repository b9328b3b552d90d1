"""Owns: the record of what runbooks and policies found in the tests: which findings, and which verdicts of which steps.
Callers: whoever runs the program in a test, with what it printed; tests/policy/world.lua writes the like; findings.py reads it.

In the folder that EHLO_RECORD names, in files that end in .found; without that nothing is recorded."""
import json
import os
import pathlib
import sys

TEST = pathlib.Path(sys.argv[0]).stem


def rows_of(value):
    """The rows of a value that was printed as JSON: its steps where it is a runbook, and the findings of whatever has some."""
    if isinstance(value, list):
        for each in value:
            yield from rows_of(each)
    elif isinstance(value, dict):
        if "runbook" in value and "steps" in value:
            yield {"runbook": value["runbook"], "steps": {step["name"]: [step["verdict"], step["cause"]] for step in value["steps"]}}
        found = [each["id"] for each in value.get("findings") or [] if isinstance(each, dict) and "id" in each]
        if isinstance(value.get("findings"), list):
            yield {"of": value.get("policy") or "hosts", "findings": found}
        for each in value.values():
            yield from rows_of(each)


def values_in(text):
    """What is JSON in it: as a whole, or line by line."""
    try:
        return [json.loads(text)]
    except ValueError:
        pass
    values = []
    for line in text.splitlines():
        try:
            values.append(json.loads(line))
        except ValueError:
            return []
    return values


def note(text):
    """`text`: what the program printed."""
    folder = os.environ.get("EHLO_RECORD")
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    if not folder or not text.startswith(("{", "[")):
        return
    with open(pathlib.Path(folder) / f"{os.getpid()}.found", "a", encoding="utf-8") as file:
        for row in rows_of(values_in(text)):
            file.write(json.dumps({"test": TEST, **row}) + "\n")
