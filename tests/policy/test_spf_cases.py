#!/usr/bin/env python3
"""SPF's cases of our own: ehlo says what they say, and so does pyspf, an implementation that others wrote; on random records both agree."""
import pathlib
import sys

import dns.rcode
import dns.rdatatype
import spf
import yaml

import name_server
import spf_random
import suite
import test_rfc7208

SEEDS = (1, 2, 3)
KINDS = {"A", "AAAA", "MX", "PTR", "TXT", "CNAME", "SPF"}


def value_of(kind, rdata):
    if kind == "MX":
        return rdata.preference, rdata.exchange.to_text(True)
    if kind in ("TXT", "SPF"):
        return rdata.strings
    return rdata.target.to_text(True) if kind in ("PTR", "CNAME") else rdata.address


def lookup_in(zones):
    """What pyspf asks, answered from the zones themselves."""
    parsed = name_server.Zones(zones)

    def lookup(name, kind, *_, **__):
        labels = name_server.name_of(name)
        answered = labels is not None and kind in KINDS and parsed.answer(labels, kind)
        if answered is None or answered and answered[0] not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            raise spf.TempError("DNS failure")
        for rdata in answered[1] if answered else []:
            found = dns.rdatatype.to_text(rdata.rdtype)
            yield (name, found), value_of(found, rdata)

    return lookup


def oracle(case, zones):
    spf.DNSLookup = lookup_in(zones)
    query = spf.query(i=str(case["host"]), s=case["mailfrom"], h=case["helo"], strict=True)
    query.set_default_explanation("DEFAULT")
    result, _, explanation = query.check()
    return result, explanation if result == "fail" else "DEFAULT"


def differs(case, zones):
    """How pyspf answers otherwise; None where it agrees."""
    result, explanation = oracle(case, zones)
    if result != case["result"]:
        return f"pyspf says {result}"
    if case.get("explanation") and explanation != case["explanation"]:
        return f"pyspf explains {explanation!r}"
    return None


def disagreements(ehlo, seed):
    """Random records on which both do not say the same."""
    cases, zones = spf_random.make(seed, 150)
    results = suite.run(ehlo, cases, zones)
    for name, case in cases.items():
        wanted = oracle(case, zones)[0]
        if results[name]["result"] != wanted:
            yield f"{name}: {results[name]['result']}, pyspf says {wanted}: {results[name]['summary']}"


def main(ehlo):
    path = pathlib.Path(__file__).with_name("spf_cases.yml")
    count = failed = 0
    for scenario in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        zones = suite.zones_of(scenario["zonedata"])
        results = suite.run(ehlo, scenario["tests"], zones)
        for name, case in scenario["tests"].items():
            problems = [test_rfc7208.wrong(case, results[name]), None if "differs" in case else differs(case, zones)]
            count += 1
            failed += any(problems)
            print(f"{'FAIL' if any(problems) else 'ok  '} {scenario['description']}: {name}", *filter(None, problems), sep="  ")
    for seed in SEEDS:
        found = list(disagreements(ehlo, seed))
        print(f"{'FAIL' if found else 'ok  '} random records of seed {seed}", *found, sep="\n     ")
        failed += len(found)
    print(f"{count} cases, {failed} failed")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
