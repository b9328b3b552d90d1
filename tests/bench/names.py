"""Owns: how fast names are looked up through one local resolver, beside dnsperf and bare libunbound. Called by tests/bench/run:
names.py TREE [--quick]. The names' server and the resolver have one core, whoever asks the other; the resolver knows all answers before it begins.
"""
import os
import pathlib
import re
import resource
import subprocess
import sys
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "world"))
from world import World, Zone

HERE = pathlib.Path(__file__).resolve().parent
TREE = pathlib.Path(sys.argv[1]).resolve()
NAMES, SIGNED = (2000, 500) if "--quick" in sys.argv else (20000, 5000)
AT_ONCE, ROUNDS = "100", 5
CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = CORES[0], CORES[-1]

# What is kept: least share of the rate of each.
GATES = {"dnsperf": 0.25, "bare": 0.5}


def zone(count, signed):
    return Zone("".join(f"d{i} MX 10 mx\n" for i in range(count)) + "mx A 192.0.2.25\n", signed=signed, ttl=86400)


def measure(count, command, stdin=None):
    """Look-ups a second of the clock on the wall, and microseconds of CPU for each."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([str(each) for each in command], stdin=stdin and open(stdin, "rb"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          preexec_fn=lambda: os.sched_setaffinity(0, {CLIENT}), text=True)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"tests/bench/names.py: {command[0]} ended with {done.returncode}: {done.stdout[-500:]}")
    own = re.search(r"Queries per second:\s+([\d.]+)", done.stdout) # dnsperf's, without its start
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"rate": float(own.group(1)) if own else count / took, "cpu": cpu / count * 1e6}


def rows(world, names, asked, anchor):
    server = world.resolver
    host, port = server.split(":")
    yield "dnsperf", "dnsperf", ["dnsperf", "-s", host, "-p", port, "-d", asked, "-n", "1", "-q", AT_ONCE, "-c", "1", *(["-D"] if anchor != "-" else [])], None
    yield "bare", "bare libunbound", [TREE / "tests/bench/bench_bare_resolver", f"{host}@{port}", anchor, AT_ONCE], names
    yield "ehlo", "ehlo, a Lua script", [TREE / "ehlo", "run", HERE / "lookups.lua", server, anchor, AT_ONCE, names], None


def table(world, title, domain, count, anchor):
    names, asked = world.folder / f"{domain}.names", world.folder / f"{domain}.asked"
    names.write_text("".join(f"d{i}.{domain}\n" for i in range(count)))
    asked.write_text("".join(f"d{i}.{domain} MX\n" for i in range(count)))
    every, results = list(rows(world, names, asked, anchor)), {}
    measure(count, every[0][2]) # so that the resolver knows them
    for _ in range(ROUNDS): # by turns, so that what else the machine does meets all of them
        for key, _, command, stdin in every:
            seen, best = measure(count, command, stdin), results.get(key)
            results[key] = {"rate": max(seen["rate"], best["rate"]), "cpu": min(seen["cpu"], best["cpu"])} if best else seen
    print(f"\n{title:<28} {'names':>8} {'rate /s':>9} {'CPU us/name':>12} {'ehlo has':>12}")
    for key, name, _, _ in every:
        share = f"{results['ehlo']['rate'] / results[key]['rate']:.2f} of it" if key != "ehlo" else ""
        print(f"{name:<28} {count:>8} {results[key]['rate']:>9.0f} {results[key]['cpu']:>12.1f} {share:>12}")
    sys.stdout.flush()
    return {key: results["ehlo"]["rate"] / results[key]["rate"] for key in GATES}


def main():
    with World({"names.example": zone(NAMES, False), "signed.example": zone(SIGNED, True)}) as world:
        for process in world.processes:
            for task in os.listdir(f"/proc/{process.pid}/task"):
                os.sched_setaffinity(int(task), {SERVER})
        shares = {"not validated": table(world, "MX, not validated", "names.example", NAMES, "-"),
                  "validated": table(world, "MX of a signed zone, validated", "signed.example", SIGNED, world.trust_anchor)}
    missed = 0
    print("\nGates")
    for title, share in shares.items():
        for key, least in GATES.items():
            if (title, key) == ("validated", "dnsperf"):
                continue # it does not validate
            missed += share[key] < least
            print(f"  {'kept' if share[key] >= least else 'MISSED':<6} look-ups, {title}: rate over {'bare libunbound' if key == 'bare' else key}'s"
                  f"{'':<4} {share[key]:.2f} (at least {least:g})")
    sys.exit(1 if missed else 0)


main()
