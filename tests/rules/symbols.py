# The rules that read what was built: nothing mutable lies outside a structure, and every public name says whose it is.
import os
import re
import subprocess

import tables
from source import layer_of

SYMBOL = re.compile(r"^[0-9a-f]+ (.{7}) (\S+)\s+([0-9a-f]+) (?:\.hidden )?(.+)$")
MUTABLE = re.compile(r"\.(data|bss|tdata|tbss)(\.(?!rel\.ro)|$)|\*COM\*$")


def objects(tree):
    """(source, object) of every source of ours in a build tree."""
    for folder, _, names in os.walk(os.path.join(tree, "src")):
        for name in names:
            path = os.path.join(folder, name)
            match = re.match(r"(.*?)CMakeFiles/[^/]+\.dir/(.*)\.o$", os.path.relpath(path, tree))
            if match:
                yield os.path.normpath(match.group(1) + match.group(2)), path


def symbols(tree):
    for source, path in sorted(objects(tree)):
        if layer_of(source) is None:
            continue # generated: the embedded scripts and catalogue
        run = subprocess.run(["objdump", "-t", path], capture_output=True, text=True, check=True)
        for line in run.stdout.splitlines():
            match = SYMBOL.match(line)
            if match:
                flags, section, size, name = match.groups()
                yield source, flags, section, int(size, 16), name


def mutable(tree):
    """No globals and no statics that change: two shells can live in one process."""
    for source, flags, section, size, name in symbols(tree):
        plain = re.sub(r"\.\d+$", "", name)
        if flags[5] != "d" and "F" not in flags and size > 0 and MUTABLE.match(section) and (source, plain) not in tables.MUTABLE_ALLOWED:
            yield source, 0, f"{plain} can change and lies in {section}: put it into a structure, or make it const"


def public(tree):
    """A function that other files can call is ehlo_MODULE_VERB, or declared in a private header of its layer."""
    for source, flags, section, _, name in symbols(tree):
        if flags[0] == "g" and "F" in flags and section != "*UND*":
            if not name.startswith((tables.PUBLIC_PREFIX, *tables.ENTRY_PREFIXES)) and "_" not in name:
                yield source, 0, f"{name}() can be called from other files, and its name does not say whose it is"


ALL = [mutable, public]
