#!/usr/bin/env python3
"""Organisational domains: for names below every rule of the public suffix list that is in ASCII, the same as libpsl's own tool says.

    test_suffixes.py EHLO
"""
import os
import subprocess
import sys
import tempfile
import unittest

EHLO = sys.argv.pop(1)
LIST = "/usr/share/publicsuffix/public_suffix_list.dat"
SCRIPT = "for name in io.lines((...)) do print(name .. ': ' .. dns.organisational_domain(name)) end"


def names():
    with open(LIST, encoding="utf-8") as file:
        for line in file:
            rule = line.split("//")[0].strip()
            if rule and rule.isascii():
                plain = rule.lstrip("!").replace("*", "any")
                yield from (f"a.b.{plain}", f"b.{plain}") if not rule.startswith("!") else (f"a.{plain}", plain)


class Suffixes(unittest.TestCase):
    def test_they_are_libpsl_s(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, name) for name in ("script.lua", "names")]
            for path, text in zip(paths, (SCRIPT, "\n".join(names()) + "\n"), strict=True):
                with open(path, "w", encoding="ascii") as file:
                    file.write(text)
            run = subprocess.run([EHLO, "run", *paths], capture_output=True, text=True, check=True, timeout=200)
            with open(paths[1], encoding="ascii") as file:
                psl = subprocess.run(["psl", "--load-psl-file", LIST, "--print-reg-domain"], stdin=file, capture_output=True, text=True, check=True)
        ours, theirs = run.stdout.splitlines(), []
        for line in psl.stdout.splitlines():
            name, _, registered = line.partition(": ")
            theirs.append(f"{name}: {name if registered == '(null)' else registered}") # a suffix is an organisation of its own
        self.assertGreater(len(ours), 10000)
        self.assertEqual(len(ours), len(theirs))
        self.assertEqual([pair for pair in zip(ours, theirs) if pair[0] != pair[1]], [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
