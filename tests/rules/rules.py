#!/usr/bin/env python3
# The house rules, checked by a program: rules.py [--root DIR] [--tree BUILD]. Prints one line a finding, "path:line: rule:
# message", and exits 1 if there is any. With a build tree, what was compiled is checked too.
import argparse
import os
import sys

import checks
import symbols


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description="Checks the house rules.")
    parser.add_argument("--root", default=os.path.dirname(os.path.dirname(here)))
    parser.add_argument("--tree", help="a build tree, whose object files are checked too")
    options = parser.parse_args()
    found = 0
    for where, rules in ((options.root, checks.ALL), (options.tree, symbols.ALL)):
        for rule in rules if where else []:
            for path, line, message in rule(where):
                print(f"{path}:{line}: {rule.__name__}: {message}")
                found += 1
    for path, line, message in checks.warnings(options.root):
        print(f"{path}:{line}: warning: {message}", file=sys.stderr)
    print(f"{found} findings" if found else "all rules hold", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
