#!/usr/bin/env python3
"""The openspf suite for RFC 7208, every case of it: its zones are served on loopback, and ehlo must say what the suite says.

The file is not part of the project. It is found by EHLO_SPF_SUITE, or as ../shared/corpus/spf/rfc7208-tests.yml beside the project;
where it is not, the test says so and is skipped (exit 77).
"""
import concurrent.futures
import os
import pathlib
import sys

import yaml

import suite

SKIPPED = 77
CASES = 203


def find():
    root = pathlib.Path(__file__).resolve().parents[2]
    places = [root.parent / "shared/corpus/spf/rfc7208-tests.yml"]
    if "EHLO_SPF_SUITE" in os.environ:
        places.insert(0, pathlib.Path(os.environ["EHLO_SPF_SUITE"]))
    return next((place for place in places if place.is_file()), None)


def wrong(case, got):
    """What is wrong with an answer; None where nothing is."""
    wanted = case["result"] if isinstance(case["result"], list) else [case["result"]]
    if got["result"] not in wanted:
        return f"result {got['result']}, wanted {' or '.join(wanted)}: {got['summary']}"
    explanation = case.get("explanation")
    if explanation and (None if explanation == "DEFAULT" else explanation) != got.get("explanation"):
        return f"explanation {got.get('explanation')!r}, wanted {explanation!r}"
    return None


def main(ehlo):
    path = find()
    if not path:
        print("skipped: the suite for RFC 7208 is not here; EHLO_SPF_SUITE names its file")
        return SKIPPED
    scenarios = [each for each in yaml.safe_load_all(path.read_text(encoding="utf-8")) if each]
    with concurrent.futures.ThreadPoolExecutor(4) as pool: # most of the time goes by in waiting for silence
        everything = list(pool.map(lambda each: suite.run(ehlo, each["tests"], suite.zones_of(each["zonedata"])), scenarios))
    count = failed = 0
    for scenario, results in zip(scenarios, everything):
        for name, case in scenario["tests"].items():
            problem = wrong(case, results[name])
            count += 1
            failed += problem is not None
            if problem:
                print(f"FAIL {scenario['description']}: {name}: {problem}")
        print(f"ok   {scenario['description']}")
    print(f"{count} cases, {failed} failed")
    return 1 if failed or count < CASES else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
