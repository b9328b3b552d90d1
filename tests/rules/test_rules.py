#!/usr/bin/env python3
# Each rule catches what it is there to catch, and lets pass what looks alike: shown on small projects in a temporary
# folder. The first case is the one that holds the layers apart.
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import checks
import source
import symbols
import tables

OPENING = "/* Owns: nothing. Callers: nobody. */\n"


class Project(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="ehlo rules "))
        self.addCleanup(shutil.rmtree, self.root)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def found(self, rule):
        return [(path, line, message) for path, line, message in rule(str(self.root))]

    def catches(self, rule, path, text, *words):
        """Exactly one finding, in that file, with these words."""
        self.write(path, text)
        found = self.found(rule)
        self.assertEqual([each[0] for each in found], [path], found)
        for word in words:
            self.assertIn(word, found[0][2])
        (self.root / path).unlink()
        return found[0][1]

    def passes(self, rule, path, text):
        self.write(path, text)
        self.assertEqual(self.found(rule), [])
        (self.root / path).unlink()


class Layers(Project):
    def test_core_that_includes_lua_or_libevent_fails(self):
        for header in ("lua.h", "lauxlib.h", "event2/event.h", "openssl/ssl.h", "unbound.h", "sys/socket.h", "time.h"):
            line = self.catches(checks.includes, "src/core/reply.c", f"{OPENING}#include <{header}>\n", header, "core")
            self.assertEqual(line, 2)
        self.catches(checks.includes, "src/core/reply.c", f'{OPENING}#  include "lua.h"\n', "lua.h")

    def test_the_real_program_fails_for_it_too(self):
        self.write("src/core/reply.c", f"{OPENING}#include <lua.h>\n")
        rules = pathlib.Path(__file__).with_name("rules.py")
        run = subprocess.run([rules, "--root", self.root], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        self.assertIn("src/core/reply.c:2: includes: includes lua.h: core must not include it", run.stdout)

    def test_a_layer_sees_those_to_its_left_only(self):
        for at, left in enumerate(tables.LAYERS):
            for right in tables.LAYERS[at + 1:]:
                self.catches(checks.includes, f"src/{left}/a.c", f'#include "ehlo/{right}/b.h"\n', left, right)
                self.passes(checks.includes, f"src/{right}/a.c", f'#include "ehlo/{left}/b.h"\n')

    def test_private_headers_stay_in_their_layer(self):
        self.write("src/net/inner.h", "")
        self.catches(checks.includes, "src/smtp/a.c", '#include "../net/inner.h"\n', "net")
        self.passes(checks.includes, "src/net/a.c", '#include "inner.h"\n')
        self.passes(checks.includes, "src/net/deep/a.c", '#include "../inner.h"\n')

    def test_public_headers_name_no_library(self):
        self.catches(checks.includes, "include/ehlo/net/loop.h", "#include <event2/event.h>\n", "event2/event.h")

    def test_a_source_outside_the_layers_fails(self):
        self.catches(checks.includes, "src/tools/a.c", "int x;\n", "no layer")
        self.catches(checks.includes, "src/net/a.c", '#include "ehlo/tools/b.h"\n', "no layer tools")

    def test_an_include_in_a_comment_is_none(self):
        self.passes(checks.includes, "src/core/a.c", "/*\n#include <lua.h>\n*/\n")

    def test_each_layer_may_include_what_is_its_matter(self):
        for path, header in (("src/net/a.c", "event2/event.h"), ("src/lua/net/a.c", "lua.h"), ("src/base/a.c", "time.h"),
                             ("src/shell/prompt/readline.c", "readline/readline.h"), ("src/core/a.c", "utf8proc.h")):
            self.passes(checks.includes, path, f"#include <{header}>\n")


class Calls(Project):
    def test_every_banned_call_is_caught(self):
        for name in tables.BANNED:
            self.catches(checks.calls, "src/net/a.c", f"void f(void) {{\n  {name} (x);\n}}\n", f"{name}()")

    def test_core_has_no_input_output_clock_or_environment(self):
        for name in tables.IMPURE:
            self.catches(checks.calls, "src/core/a.c", f"{name}(x);\n", f"{name}()")

    def test_only_the_shell_speaks(self):
        self.catches(checks.calls, "src/smtp/a.c", 'printf("x");\n', "printf()")
        self.passes(checks.calls, "src/shell/a.c", 'printf("x");\n')

    def test_names_in_comments_strings_and_other_names_are_no_calls(self):
        self.passes(checks.calls, "src/net/a.c",
                    '/* malloc(1) */ // free(x)\nconst char *s = "sprintf(\\"x\\")"; int c = \'"\';\n'
                    "ehlo_memory_free(p); op->free(x); vtable.free(x); OPENSSL_free(x); my_atoi(x);\n")

    def test_the_one_place_that_allocates_may(self):
        self.passes(checks.calls, "src/base/memory.c", "void *p = malloc(1);\n")

    def test_scripts_run_no_programs(self):
        for name in tables.BANNED_LUA:
            self.catches(checks.lua_calls, "scripts/commands/a.lua", f'local x = 1\n{name}("x")\n', name)
        self.passes(checks.lua_calls, "scripts/lib/a.lua", '-- os.execute("x")\nlocal s = "io.popen" .. [[os.exit]]\n')


class Shape(Project):
    def test_layout_is_checked(self):
        for text, words in (("int x; \n", "blank"), ("\tint x;\n", "tab"), ("int x;\r\n", "blank"), ("int x;", "no end"),
                            ("/* caf\u00e9 */\n", "ASCII"), ("/* " + "x" * tables.LINE_MAX + " */\n", "wide"),
                            ("/* TODO: later */\n", "unfinished"), ("int x;\n" * (tables.FILE_MAX + 1), "lines")):
            self.catches(checks.shape, "src/net/a.c", text, words)
        self.catches(checks.shape, "scripts/ehlo", "echo \n", "blank")

    def test_the_catalogue_is_as_long_as_there_are_codes(self):
        self.passes(checks.shape, "src/core/catalogue/a.lua", "-- data\n" * (tables.FILE_MAX + 1))

    def test_files_open_with_what_they_own(self):
        self.catches(checks.openings, "src/net/a.c", "#include <x.h>\n", "comment")
        self.catches(checks.openings, "scripts/lib/a.lua", "local x = 1\n", "comment")
        self.catches(checks.openings, "tests/a.py", "#!/usr/bin/env python3\nimport x\n", "comment")
        self.passes(checks.openings, "scripts/commands/a.lua", "local args = manifest{summary = \"Says a.\"}\n")
        self.passes(checks.openings, "examples/a.lua", "#!/usr/bin/env -S ehlo run\n-- Says a.\n")

    def test_a_function_fits_a_screen(self):
        def body(lines):
            return "int f(int x,\n      int y) {\n" + "  x++; // }\n" * lines + "}\n"
        self.assertEqual(self.catches(checks.functions, "src/net/a.c", body(tables.FUNCTION_MAX), "a function of"), 1)
        self.passes(checks.functions, "src/net/a.c", body(tables.FUNCTION_MAX - 3) * 3)
        self.passes(checks.functions, "src/net/a.c", "const int table[] = {\n" + "  1,\n" * 200 + "};\n")

    def test_the_top_level_has_no_room(self):
        self.catches(checks.top_level, "NOTES.md", "x\n", "top level")
        self.write("build/x", "x\n")
        self.passes(checks.top_level, "README.md", "x\n")

    def test_the_formatter_has_the_last_word(self):
        shutil.copy(pathlib.Path(__file__).resolve().parents[2] / ".clang-format", self.root)
        self.catches(checks.formatting, "src/net/a.c", "int f( void ){return 1;}\n", "clang-format")
        self.passes(checks.formatting, "src/net/a.c", "int f(void) {\n  return 1;\n}\n")


class Names(Project):
    GUARDED = "#ifndef EHLO_NET_A_H\n#define EHLO_NET_A_H\n%s\n#endif\n"

    def test_structs_are_named_by_their_tags(self):
        self.catches(checks.names, "src/net/a.c", "typedef struct a { int x; } a;\n", "struct")
        self.passes(checks.names, "src/net/a.c", "typedef void done_fn(void *arg);\n")

    def test_public_headers_are_guarded_and_their_names_say_whose_they_are(self):
        self.catches(checks.names, "include/ehlo/net/a.h", "int ehlo_a_f(void);\n", "EHLO_NET_A_H")
        self.catches(checks.names, "include/ehlo/net/a.h", self.GUARDED % "int *frob(int x);", "frob()")
        self.passes(checks.names, "include/ehlo/net/a.h", self.GUARDED % "const struct ehlo_a *ehlo_a_new(int x);")

    def test_a_public_header_compiles_alone(self):
        self.catches(checks.headers, "include/ehlo/net/a.h", "uint8_t ehlo_a(void);\n", "uint8_t")
        self.passes(checks.headers, "include/ehlo/net/a.h", "#include <stdint.h>\nuint8_t ehlo_a(void);\n")


class Built(Project):
    def compiled(self, rule, text, path="src/net/a.c"):
        tree = self.root / "build"
        layer = path.split("/")[1]
        folder = tree / f"src/CMakeFiles/ehlo_{layer}.dir/{layer}"
        folder.mkdir(parents=True, exist_ok=True)
        name = pathlib.Path(path).name
        (self.root / name).write_text(text)
        subprocess.run(["cc", "-O1", "-fPIC", "-c", name, "-o", folder / f"{name}.o"], cwd=self.root, check=True)
        return list(rule(str(tree)))

    def test_what_can_change_outside_a_structure_is_caught(self):
        for text in ("int count;", "int count = 1;", "static int count; int *f(void) { return &count; }",
                     "int f(void) { static int count; return ++count; }", "_Thread_local int count = 1;",
                     "static const char *count = \"x\"; const char **f(void) { return &count; }"):
            found = self.compiled(symbols.mutable, text)
            self.assertEqual([each[0] for each in found], ["src/net/a.c"], text)
            self.assertIn("count", found[0][2])

    def test_tables_that_never_change_pass(self):
        self.assertEqual(self.compiled(symbols.mutable, """
static int one(void) { return 1; }
static const struct { const char *name; int (*call)(void); } rows[] = {{"a", one}, {"b", 0}};
const char *const words[] = {"a", "b"};
const void *f(int i) { static const int numbers[] = {1, 2}; return i ? (const void *)rows : numbers; }
"""), [])

    def test_the_exceptions_are_by_name(self):
        text = "static void *volatile interruptible; void *f_g(void) { return interruptible; }"
        self.assertEqual(self.compiled(symbols.mutable, text, "src/shell/interrupt.c"), [])
        self.assertEqual(len(self.compiled(symbols.mutable, text, "src/shell/other.c")), 1)

    def test_a_function_that_others_can_call_says_whose_it_is(self):
        self.assertEqual(len(self.compiled(symbols.public, "int frob(void) { return 1; }")), 1)
        self.assertEqual(self.compiled(symbols.public, "int session_read(void) { return 1; }"), [])
        self.assertEqual(self.compiled(symbols.public, "static int frob(void) { return 1; } int (*ehlo_f(void))(void) "
                                                       "{ return frob; }"), [])

    def test_sources_are_found_in_trees_of_subfolders_too(self):
        folder = self.root / "build/src/shell/CMakeFiles/ehlo_shell.dir"
        folder.mkdir(parents=True)
        (folder / "main.c.o").touch()
        self.assertEqual([each[0] for each in symbols.objects(str(self.root / "build"))], ["src/shell/main.c"])


class Reading(unittest.TestCase):
    def test_blanked_text_keeps_its_lines(self):
        text = 'a /* x\n y */ "s\\"/*" b // c\n\'"\' d\n'
        bare = source.bare(text)
        self.assertEqual([line.split() for line in bare.split("\n")], [["a"], ["b"], ["d"], []])
        self.assertEqual(source.bare('x --[[ a\n]] "--" y', source.LUA_TOKENS).split(), ["x", "y"])


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
