#!/usr/bin/env python3
# The launcher on the project itself: it builds, it runs, and its later runs cost next to nothing. Then what the program
# takes to start, beside lua5.4 in one run of hyperfine.
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAUNCHER = ROOT / "scripts/ehlo"
PROGRAM = ROOT / "build/release/ehlo"


def times(*commands):
    """The mean of each command in milliseconds. The best of three runs of each: other work on the machine only adds."""
    best = [float("inf")] * len(commands)
    for _ in range(3):
        with tempfile.NamedTemporaryFile(suffix=".json") as report:
            subprocess.run(["hyperfine", "-N", "-w", "10", "-r", "100", "--export-json", report.name, *commands],
                           check=True, capture_output=True, text=True)
            results = json.loads(pathlib.Path(report.name).read_text())["results"]
        best = [min(old, each["mean"] * 1000) for old, each in zip(best, results)]
    return best


def quoted(path):
    return str(path).replace(" ", "\\ ")


def memory(*command):
    """The most memory a command had, in megabytes. A child of ours would be counted with the memory of this program,
    which it shares until exec: hence time(1), which is small."""
    run = subprocess.run(["/usr/bin/time", "-f", "%M", *command], capture_output=True, text=True, check=True)
    return int(run.stderr.splitlines()[-1]) / 1024


class Real(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.first = subprocess.run([LAUNCHER, "--version"], capture_output=True, text=True, cwd="/")

    def test_it_builds_and_runs(self):
        self.assertEqual(self.first.returncode, 0, self.first.stderr)
        self.assertRegex(self.first.stdout, r"^ehlo \d+\.\d+")

    def test_a_later_run_adds_less_than_50_ms(self):
        launched, alone = times(f"{quoted(LAUNCHER)} --version", f"{quoted(PROGRAM)} --version")
        print(f"launcher {launched:.2f} ms, program {alone:.2f} ms", file=sys.stderr)
        self.assertLess(launched - alone, 50)

    def test_starting_costs_little_more_than_lua_itself(self):
        lua, version, code = times("lua5.4 -e ''", f"{quoted(PROGRAM)} --version", f"{quoted(PROGRAM)} 521")
        print(f"lua5.4 {lua:.2f} ms, --version {version / lua:.2f} times, 521 {code / lua:.2f} times", file=sys.stderr)
        self.assertLessEqual(version / lua, 2.5)
        self.assertLessEqual(code / lua, 3.5)

    def test_a_downloaded_catalogue_costs_no_more_than_starting_lua_twice(self):
        with tempfile.TemporaryDirectory(prefix="ehlo-start-") as home:
            bare, laden = (["env", f"HOME={home}/{name}", str(PROGRAM)] for name in ("bare", "laden"))
            document = json.loads(self.output(*laden, "catalogue", "export"))
            document["version"] += 1
            path = pathlib.Path(home, "catalogue.json")
            path.write_text(json.dumps(document), encoding="utf-8")
            self.output("minisign", "-G", "-W", "-p", f"{home}/key.pub", "-s", f"{home}/key")
            self.output("minisign", "-S", "-s", f"{home}/key", "-m", str(path))
            self.output(*laden, "catalogue", "add", f"file://{path}", "standard", "--key", f"{home}/key.pub")
            self.assertIn("is in force", self.output(*laden, "catalogue", "update"))
            lua, without, with_it = times("lua5.4 -e ''", *(" ".join(map(quoted, each)) + " 521" for each in (bare, laden)))
        print(f"lua5.4 {lua:.2f} ms, 521 {without:.2f} ms, {with_it:.2f} ms with a downloaded catalogue", file=sys.stderr)
        self.assertLessEqual(with_it - without, 2 * lua)

    def output(self, *command):
        return subprocess.run(command, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout

    def test_looking_up_a_code_stays_within_10_megabytes(self):
        for arguments in (["--version"], ["521"]):
            self.assertLessEqual(memory(str(PROGRAM), *arguments), 10, arguments)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
