# Reading sources: which files there are, and C without its comments and strings.
import os
import re

SKIPPED = {".git", "build", ".cache", "__pycache__"}


def files(root, *endings, under=""):
    """Paths relative to the root, sorted."""
    found = []
    for folder, inner, names in os.walk(os.path.join(root, under)):
        inner[:] = [each for each in inner if each not in SKIPPED]
        for name in names:
            if not endings or name.endswith(endings):
                found.append(os.path.relpath(os.path.join(folder, name), root))
    return sorted(found)


def read(root, path):
    with open(os.path.join(root, path), "rb") as file:
        return file.read().decode("utf-8", "surrogateescape")


C_TOKENS = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)
LUA_TOKENS = re.compile(r"""--\[(=*)\[.*?\]\1\]|--[^\n]*|\[(=*)\[.*?\]\2\]|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def bare(text, tokens=C_TOKENS, keep_strings=False):
    """The text with comments and strings blanked, each line where it was."""
    def blank(match):
        token = match.group(0)
        if keep_strings and token[0] in "\"'":
            return token
        return re.sub(r"[^\n]", " ", token)
    return tokens.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def layer_of(path):
    """The layer a source or a public header belongs to, or None."""
    match = re.match(r"(?:src|include/ehlo)/([a-z]+)/", path)
    return match.group(1) if match else None
