# The rules that read sources. Each is a function of the root that yields (path, line, message).
import os
import re
import subprocess

import tables
from source import LUA_TOKENS, bare, files, layer_of, line_of, read

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.M)


def listed(header, allowed):
    return header in allowed or any(each.endswith("/") and header.startswith(each) for each in allowed)


def wrong_include(root, path, layer, mark, header):
    own = re.match(r"ehlo/([a-z]+)/", header)
    if own:
        if own.group(1) not in tables.LAYERS:
            return f"there is no layer {own.group(1)}"
        if tables.LAYERS.index(own.group(1)) > tables.LAYERS.index(layer):
            return f"{layer} is left of {own.group(1)} and must not see it"
        return None
    if mark == '"':
        beside = os.path.normpath(os.path.join(root, os.path.dirname(path), header))
        if not os.path.exists(beside):
            return "a private header lies in the folder of its layer"
        there = layer_of(os.path.relpath(beside, root))
        return None if there == layer else f"a private header of {there} is not for {layer}"
    allowed = tables.PURE | tables.MAY_INCLUDE[layer]
    if path.startswith("include/"):
        allowed = tables.PUBLIC_MAY_INCLUDE
    if path in ("src/shell/prompt/readline.c", "src/shell/prompt/libedit.c"):
        allowed = allowed | {"readline/", "editline/", "histedit.h", "wchar.h"}
    return None if listed(header, allowed) else f"{layer} must not include it"


def includes(root):
    """Each layer includes what is to its left, and only the libraries that are its matter."""
    for path in files(root, ".c", ".h", under="src") + files(root, ".h", under="include"):
        layer = layer_of(path)
        if layer not in tables.LAYERS:
            yield path, 1, "lies in no layer"
            continue
        text = bare(read(root, path), keep_strings=True)
        for match in INCLUDE.finditer(text):
            trouble = wrong_include(root, path, layer, *match.groups())
            if trouble:
                yield path, line_of(text, match.start()), f"includes {match.group(2)}: {trouble}"


CALL = re.compile(r"(?<![A-Za-z0-9_.>])([a-z_][a-z0-9_]*)[ \t]*\(")


def calls(root):
    """Calls that are unsafe, block, or belong elsewhere."""
    for path in files(root, ".c", ".h", under="src") + files(root, ".h", under="include"):
        layer = layer_of(path)
        banned = dict(tables.BANNED)
        if layer == "core":
            banned.update(tables.IMPURE)
        if layer not in tables.SPEAKING_LAYERS:
            banned.update(tables.SPEAKING)
        text = bare(read(root, path))
        for match in CALL.finditer(text):
            name = match.group(1)
            if name in banned and (path, name) not in tables.CALLS_ALLOWED:
                yield path, line_of(text, match.start()), f"{name}() {banned[name]}"


def lua_calls(root):
    """What our own scripts must not do."""
    for path in files(root, ".lua", under="scripts") + files(root, ".lua", under="src"):
        text = bare(read(root, path), LUA_TOKENS)
        for name, reason in tables.BANNED_LUA.items():
            for match in re.finditer(rf"(?<![\w.:]){re.escape(name)}\b", text):
                if (path, name) not in tables.LUA_ALLOWED:
                    yield path, line_of(text, match.start()), f"{name} {reason}"


def shape(root):
    """Layout: length, width, blanks, alphabet, marks of unfinished work."""
    scripts = [each for each in ("scripts/ehlo", "tests/run", ".ci/run") if os.path.exists(os.path.join(root, each))]
    for path in files(root, ".c", ".h", ".lua", ".py", ".sh", ".txt", ".cmake", ".md") + scripts:
        text = read(root, path)
        lines = text.split("\n")
        if text and not text.endswith("\n"):
            yield path, len(lines), "the last line has no end"
        if len(lines) > tables.FILE_MAX and not path.startswith(tables.NO_LENGTH):
            yield path, tables.FILE_MAX, f"{len(lines)} lines: a file is about one thing, and at most {tables.FILE_MAX}"
        for number, line in enumerate(lines, 1):
            if line.endswith((" ", "\t", "\r")):
                yield path, number, "ends in a blank"
            if "\t" in line and not path.startswith(tables.TABS_AS_FOUND):
                yield path, number, "has a tab"
            if len(line) > tables.LINE_MAX and not path.endswith(".md"):
                yield path, number, f"is {len(line)} wide, the most is {tables.LINE_MAX}"
            if not line.isascii() and not path.startswith(tables.NOT_ASCII):
                yield path, number, "is not ASCII"
            if not path.startswith("tests/rules/") and re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
                yield path, number, "has a mark of unfinished work: do it, or file an issue"


def warnings(root):
    """Not refused, but said."""
    wide = 0
    for path in files(root, ".c", ".h", ".lua", ".py"):
        lines = read(root, path).split("\n")
        if tables.FILE_WARN < len(lines) <= tables.FILE_MAX and not path.startswith(tables.NO_LENGTH):
            yield path, 1, f"{len(lines)} lines: more than {tables.FILE_WARN} are a sign that it is about two things"
        wide += sum(tables.LINE_WARN < len(line) for line in lines)
    if wide:
        yield ".", 0, f"{wide} lines are wider than {tables.LINE_WARN}"


def openings(root):
    """Each file begins by saying what it owns."""
    for path in files(root, ".c", ".h"):
        if not read(root, path).lstrip().startswith(("/*", "//")):
            yield path, 1, "does not open with a comment that says what it owns and who may call it"
    for path in files(root, ".lua"):
        text = re.sub(r"^#!.*\n", "", read(root, path))
        if not text.startswith(("--", "local args = manifest")): # a manifest says it in its summary
            yield path, 1, "does not open with a comment that says what it is"
    for path in files(root, ".py", ".sh"):
        text = re.sub(r"^#!.*\n", "", read(root, path))
        if not text.startswith(("#", '"""')):
            yield path, 1, "does not open with a comment that says what it is"


def functions(root):
    """A function fits a screen."""
    for path in files(root, ".c", ".h"):
        first = begin = None
        for number, line in enumerate(bare(read(root, path)).split("\n"), 1):
            if re.match(r"[A-Za-z_]", line):
                first = number
            if begin is None and line.endswith(") {"):
                begin = first
            elif line.startswith("}"):
                if begin and number - begin + 1 > tables.FUNCTION_MAX:
                    yield path, begin, f"a function of {number - begin + 1} lines: the most is {tables.FUNCTION_MAX}"
                begin = None


PROTOTYPE = re.compile(r"^(?!typedef|return|#)[a-z][\w \t*]*?\b(\w+)\([^;{]*\)\s*[;{]", re.M)


def names(root):
    """Public names say whose they are; guards are there, and no typedefs that hide what is a struct."""
    for path in files(root, ".c", ".h", under="src") + files(root, ".h", under="include"):
        text = bare(read(root, path))
        for match in re.finditer(r"\btypedef\s+(struct|union|enum)\b", text):
            yield path, line_of(text, match.start()), f"a typedef hides a {match.group(1)}: name it by its tag"
        if not path.startswith("include/"):
            continue
        for match in PROTOTYPE.finditer(text):
            if not match.group(1).startswith(tables.PUBLIC_PREFIX):
                yield path, line_of(text, match.start()), f"declares {match.group(1)}(), which is not named ehlo_*"
        guard = re.sub(r"[/.]", "_", path[len("include/"):]).upper()
        if f"#ifndef {guard}\n" not in text or f"#define {guard}\n" not in text:
            yield path, 1, f"has no guard {guard}"


def top_level(root):
    """The agreed top level has no room for more."""
    if os.path.exists(os.path.join(root, ".git")): # a file in a worktree
        run = subprocess.run(["git", "-c", "safe.directory=*", "-C", root, "ls-files", "-z"], capture_output=True,
                             text=True)
        entries = {path.split("/")[0] for path in run.stdout.split("\0") if path}
    else:
        entries = set(os.listdir(root)) - {"build", ".cache"}
    for name in sorted(entries - tables.TOP_LEVEL):
        yield name, 0, "does not belong to the top level"


def formatting(root):
    """clang-format would change nothing."""
    paths = files(root, ".c", ".h")
    if paths:
        run = subprocess.run(["clang-format", "--dry-run", "-Werror", *paths], cwd=root, capture_output=True, text=True)
        seen = set()
        for match in re.finditer(r"^([^:\n]+):(\d+):\d+: error:", run.stderr, re.M):
            if match.group(1) not in seen:
                seen.add(match.group(1))
                yield match.group(1), int(match.group(2)), "is not as clang-format would have it: clang-format -i"


def headers(root):
    """Each public header compiles alone."""
    for path in files(root, ".h", under="include"):
        run = subprocess.run(["cc", "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", "-I",
                              "include", "-include", path, "-x", "c", "/dev/null"], cwd=root, capture_output=True,
                             text=True)
        errors = re.findall(r"error: (.*)", run.stderr)
        if run.returncode != 0:
            yield path, 1, f"does not compile alone: {(errors or [run.stderr])[0]}"


ALL = [includes, calls, lua_calls, shape, openings, functions, names, top_level, formatting, headers]
