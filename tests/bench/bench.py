"""Owns: what is measured, against what, and the table. Called by tests/bench/run, in a network of its own."""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.abspath(sys.argv[1])
SHARE = 10 if "--quick" in sys.argv else 1
EHLO = os.path.join(TREE, "ehlo")
CORES = sorted(os.sched_getaffinity(0))
SERVER, CLIENT = CORES[0], CORES[-1]
PLAIN, SECURE, AT_ONCE = "25", "587", "100"
ROUNDS = 3


def own_file(name):
    return os.path.join(HERE, name)


def built(name):
    return os.path.join(TREE, "tests", "bench", name)


def pin(core):
    return lambda: os.sched_setaffinity(0, {core})


def start_sink(*arguments):
    sink = subprocess.Popen([built("bench_sink"), *arguments], stdout=subprocess.PIPE, preexec_fn=pin(SERVER))
    if not sink.stdout.readline().startswith(b"listening "):
        sys.exit("tests/bench/run: the server on port %s did not start" % arguments[0])
    return sink


def make_certificate(folder):
    path = os.path.join(folder, "sink.pem")
    key = subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                          "-days", "30", "-subj", "/CN=sink.example", "-keyout", path + ".key", "-out", path],
                         stderr=subprocess.PIPE)
    if key.returncode:
        sys.exit("tests/bench/run: no certificate could be made: " + key.stderr.decode(errors="replace"))
    with open(path, "a", encoding="ascii") as out, open(path + ".key", encoding="ascii") as private:
        out.write(private.read())
    return path


def measure(count, command):
    """Probes a second by the clock on the wall, and microseconds of CPU for each, children included: all, the kernel's."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=pin(CLIENT))
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        print("  %s ended with %d: %s" % (command[0], done.returncode, done.stdout[-300:].decode(errors="replace")))
        return None
    kernel = after.ru_stime - before.ru_stime
    cpu = kernel + after.ru_utime - before.ru_utime
    return {"rate": count / took, "cpu": cpu / count * 1e6, "kernel": kernel / count * 1e6}


def best_of(a, b):
    """Noise only ever adds."""
    if not a or not b:
        return a or b
    return {key: (max if key == "rate" else min)(a[key], b[key]) for key in a}


def repeat(count, command):
    """One process a probe, one after the other."""
    return ["sh", "-c", 'n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null || exit; n=$((n - 1)); done', "repeat",
            str(count), *command]


def hosts(count):
    """curl's and nmap's ways to write COUNT addresses of 127/8; a multiple of 250."""
    third = "1-%d" % (count // 250)
    return "smtp://127.1.[%s].[1-250]" % third, "127.1.%s.1-250" % third


def curl(count, at_once, port, secure):
    return ["curl", "-s", "-Z", "--parallel-max", at_once, "-X", "NOOP", "-o", "/dev/null",
            *(["--ssl-reqd", "-k"] if secure else []), "%s:%s/x" % (hosts(count)[0], port)]


def rows(secure):
    port = SECURE if secure else PLAIN
    most, some, few = (4000, 500, 40) if secure else (40000, 2000, 80)
    most, few = most // SHARE, max(few // SHARE, 10)
    tls = ["starttls"] if secure else []
    yield "bare", "bare C client", most, [built("bench_bare_client"), str(most), AT_ONCE, port, *tls]
    yield "ehlo", "ehlo, a Lua script", most, [EHLO, "run", own_file("probes.lua"), str(most), AT_ONCE, port, *tls]
    # curl is fastest with some of each; with many in one run, its work for each grows with their number.
    for at_once in ("50", AT_ONCE, "300"):
        yield "curl" + at_once, "curl -Z, %s at once" % at_once, some, curl(some, at_once, port, secure)
    if not secure:
        if SHARE == 1:
            yield "long", "curl -Z, more in a run", most // 4, curl(most // 4, "50", port, secure)
        # So many hosts share the cost of its start.
        yield "nmap", "nmap smtp-commands", 2 * some, ["nmap", "-n", "-Pn", "-T5", "--min-hostgroup", "256",
                                                       "--min-parallelism", AT_ONCE, "-p", port, "--script",
                                                       "smtp-commands", hosts(2 * some)[1]]
    yield "swaks", "swaks, one by one", few, repeat(few, ["swaks", "--server", "127.0.0.1:" + port, "--quit-after",
                                                           "EHLO", "--silent", "3", *(["--tls"] if secure else [])])


def table(title, secure):
    """All take their turns, round by round, so that what else the machine does meets all of them."""
    every, results = list(rows(secure)), {}
    for _ in range(ROUNDS):
        for key, _, count, command in every:
            results[key] = best_of(results.get(key), measure(count, command))
    print("\n%-22s %8s %9s %13s %10s %14s" % (title, "probes", "rate /s", "CPU us/probe", "in kernel", "ehlo's rate"))
    ours = results["ehlo"]
    for key, name, count, _ in every:
        r, times = results[key], ""
        if r and ours and key != "ehlo":
            times = "%13.2fx" % (ours["rate"] / r["rate"])
        elif r and results["bare"]:
            times = "%13.2fx of bare" % (r["rate"] / results["bare"]["rate"])
        figures = ["%.0f" % r[key] if r else "-" for key in ("rate", "cpu", "kernel")]
        print("%-22s %8d %9s %13s %10s %14s" % (name, count, *figures, times))
    sys.stdout.flush()
    curls = [r for key, r in results.items() if key.startswith("curl") and r]
    results["curl"] = max(curls, key=lambda r: r["rate"]) if curls else None
    return results


class Gates:
    def __init__(self):
        self.missed = 0

    def check(self, what, value, limit, least):
        kept = value is not None and (value >= limit if least else value <= limit)
        self.missed += not kept
        print("  %-6s %-58s %s (at %s %g)" % ("kept" if kept else "MISSED", what,
                                              "-" if value is None else "%.2f" % value, "least" if least else "most",
                                              limit))


def ratio(results, a, b, key="rate"):
    return results[a][key] / results[b][key] if results.get(a) and results.get(b) else None


def limit(plain):
    """Where the kernel's own work for a connection leaves no room for the gate, that is said."""
    bare, best = plain["bare"], plain["curl"]
    if not bare or not best or best["cpu"] / bare["kernel"] >= 4:
        return
    print("         (out of reach on this machine: the bare client makes %.2f, and a client that cost nothing but\n"
          "         what the bare one spends in the kernel, %.2f)" % (best["cpu"] / bare["cpu"], best["cpu"] / bare["kernel"]))


def memory(process, what):
    with open("/proc/%d/status" % process, encoding="ascii") as status:
        return float(re.search(what + r":\s+(\d+)", status.read()).group(1))


def served():
    """Kilobytes for each of 5,000 sessions that the rehearsal server holds at once."""
    server = subprocess.Popen([EHLO, "run", own_file("../load/rehearsal.lua")], stdout=subprocess.PIPE,
                              preexec_fn=pin(SERVER), text=True)
    try:
        port, before = server.stdout.readline().strip(), memory(server.pid, "VmRSS")
        return (memory(server.pid, "VmHWM") - before) / 5000 if held(port, "plain", "127.0.0.1") else None
    finally:
        server.terminate()
        server.wait()


def held(port, *tls):
    done = subprocess.run([EHLO, "run", own_file("hold.lua"), "5000", port, *tls], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, preexec_fn=pin(CLIENT), text=True)
    found = re.match(r"([\d.]+) KB", done.stdout)
    if not found:
        print("  holding 5,000 sessions failed: " + done.stdout[-300:])
    return float(found.group(1)) if found else None


def start_up(folder):
    """Whole processes, by hyperfine."""
    out = os.path.join(folder, "startup.json")
    commands = {"ehlo --version": EHLO + " --version", "lua5.4 -e ''": "lua5.4 -e ''",
                "curl --version": "curl --version", "nmap --version": "nmap --version",
                "swaks --version": "swaks --version",
                "ehlo probe, plain": EHLO + " probe --tls none 127.0.0.1",
                "curl, plain": "curl -s smtp://127.0.0.1/x -X NOOP -o /dev/null"}
    done = subprocess.run(["hyperfine", "-N", "-w5", "-r%d" % (200 // SHARE), "--export-json", out,
                           *commands.values()], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          preexec_fn=pin(CLIENT), text=True)
    if done.returncode:
        print("  hyperfine failed: " + done.stdout[-300:])
        return {}
    with open(out, encoding="utf-8") as f:
        means = {name: 1000 * r["mean"] for name, r in zip(commands, json.load(f)["results"])}
    print("\n%-22s %8s %14s" % ("start-up", "ms", "ehlo's time"))
    for name, ms in means.items():
        ours = means["ehlo probe, plain" if "plain" in name else "ehlo --version"]
        print("%-22s %8.2f %13.2fx" % (name, ms, ours / ms))
    return means


def main():
    if len(CORES) < 2:
        print("Only one core: client and server share it, and the ratios say little.")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        sinks = []
        try:
            sinks.append(start_sink(PLAIN))
            sinks.append(start_sink(SECURE, make_certificate(folder)))
            report(folder)
        finally:
            for sink in sinks:
                sink.terminate()
                sink.wait()


def report(folder):
    plain, secure = table("plain", False), table("STARTTLS, P-256", True)
    idle, idle_tls = held(PLAIN), held(SECURE, "tls")
    rehearsed = served()
    start = start_up(folder)
    gates = Gates()
    print("\nGates")
    gates.check("plain probes: rate over the bare client's", ratio(plain, "ehlo", "bare"), 0.5, True)
    gates.check("plain probes: rate over curl -Z's at its best", ratio(plain, "ehlo", "curl"), 4, True)
    limit(plain)
    if SHARE == 1:
        gates.check("plain probes: rate over curl -Z's with 10,000 in a run", ratio(plain, "ehlo", "long"), 4, True)
    gates.check("plain probes: rate over nmap smtp-commands'", ratio(plain, "ehlo", "nmap"), 6, True)
    gates.check("STARTTLS probes: rate over the bare client's", ratio(secure, "ehlo", "bare"), 0.8, True)
    gates.check("STARTTLS probes: rate over curl -Z --ssl-reqd's", ratio(secure, "ehlo", "curl"), 1, True)
    gates.check("an idle plain session of 5,000, in KB", idle, 8, False)
    gates.check("an idle TLS session of 5,000, in KB", idle_tls, 60, False)
    gates.check("a session in the rehearsal server, of 5,000, in KB", rehearsed, 8, False)
    gates.check("start-up over curl's", start.get("ehlo --version", 1e9) / start.get("curl --version", 1), 1, False)
    sys.exit(1 if gates.missed else 0)


main()
