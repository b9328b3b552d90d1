#!/usr/bin/env python3
# What scripts/ehlo and tests/run do on machines of every kind, shown on a stand-in project in a temporary folder. The
# package tools are stand-ins too, on a PATH of their own, so that nothing is installed and no network is used.
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]

CMAKELISTS = """
cmake_minimum_required(VERSION 3.25)
project(standin LANGUAGES C)
file(GLOB sources CONFIGURE_DEPENDS src/*.c)
add_executable(ehlo ${sources})
target_include_directories(ehlo PRIVATE include)
set_target_properties(ehlo PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
if(EHLO_TESTS)
  enable_testing()
  add_test(NAME good COMMAND true)
  add_test(NAME quiet COMMAND true)
  add_test(NAME bad COMMAND false)
  set_tests_properties(quiet PROPERTIES LABELS calm)
endif()
"""

MAIN = """
#include <stdio.h>
#include "word.h"
int main(int count, char **arguments) {
  puts(WORD);
  for (int i = 1; i < count; i++) {
    printf("[%s]", arguments[i]);
  }
  return 3;
}
"""

# Stand-ins that keep a diary. dpkg-query knows the packages in the file `installed`; apt-get adds to it, and fails the
# first time where a file `stale` says that its lists are old.
TOOLS = {
    "dpkg-query": """
shift 3
for each in "$@"; do
  grep -qx "$each" "$STATE/installed" && echo "$each installed"
done
exit 0
""",
    "apt-get": """
echo "apt-get $* DEBIAN_FRONTEND=${DEBIAN_FRONTEND:-}" >>"$STATE/diary"
case " $* " in
*" update "*) rm -f "$STATE/stale"; exit 0 ;;
esac
[ ! -e "$STATE/stale" ] || { echo "E: Unable to locate package"; exit 100; }
[ ! -e "$STATE/broken" ] || { echo "E: the disk is full"; exit 100; }
while [ "$1" != install ]; do shift; done
shift
printf '%s\\n' "$@" >>"$STATE/installed"
""",
    "id": 'echo "$EUID_SAID"',
    "sudo": 'echo "sudo $*" >>"$STATE/diary"; [ -e "$STATE/sudoer" ] || exit 1; shift; exec "$@"',
}


class Machine:
    """A folder with a project, a state and a PATH."""

    def __init__(self, folder, uid=0, installed="all"):
        self.state = folder / "state"
        self.state.mkdir()
        self.project = folder / "a project"
        for part in ("src", "include", "scripts/lib", "tests"):
            (self.project / part).mkdir(parents=True)
        for script in ("scripts/ehlo", "scripts/lib/setup.sh", "tests/run"):
            shutil.copy(ROOT / script, self.project / script)
        (self.project / "CMakeLists.txt").write_text(CMAKELISTS)
        (self.project / "src/main.c").write_text(MAIN)
        (self.project / "include/word.h").write_text('#define WORD "one"\n')
        tools = folder / "tools"
        tools.mkdir()
        for name, body in TOOLS.items():
            (tools / name).write_text("#!/bin/sh\n" + body)
            (tools / name).chmod(0o755)
        self.environment = dict(os.environ, PATH=f"{tools}:{os.environ['PATH']}", STATE=str(self.state),
                                EUID_SAID=str(uid))
        self.launcher = self.project / "scripts/ehlo"
        wanted = self.packages("program") + self.packages("tests")
        (self.state / "installed").write_text("\n".join(wanted) + "\n" if installed == "all" else "\n")

    def packages(self, group):
        script = 'name=x; . "$0"; packages "$1"'
        run = subprocess.run(["sh", "-c", script, str(ROOT / "scripts/lib/setup.sh"), group], capture_output=True,
                             text=True, check=True)
        return run.stdout.split()

    def run(self, *arguments, command=None, cwd="/"):
        return subprocess.run([str(command or self.launcher), *arguments], capture_output=True, text=True, cwd=cwd,
                              env=self.environment, stdin=subprocess.DEVNULL, timeout=120)

    def diary(self):
        path = self.state / "diary"
        return path.read_text() if path.exists() else ""

    def age(self):
        """Sets every file a little back in time, so that a later write is newer than the stamp on any file system."""
        for path in self.project.rglob("*"):
            if "build" not in path.parts:
                os.utime(path, (1_700_000_000, 1_700_000_000))


class Case(unittest.TestCase):
    def machine(self, **options):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="ehlo launcher "))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        machine = Machine(folder, **options)
        machine.age()
        return machine

    def built(self, **options):
        machine = self.machine(**options)
        self.assertEqual(machine.run().returncode, 3)
        return machine


class Launcher(Case):
    def test_the_first_run_builds_and_passes_arguments_output_and_exit_status_on(self):
        run = self.machine().run("a b", "*", "")
        self.assertEqual((run.returncode, run.stdout), (3, "one\n[a b][*][]"))
        self.assertEqual(run.stderr.count("\n"), 1)
        self.assertIn("ehlo: first use: building", run.stderr)

    def test_a_later_run_says_nothing_and_calls_neither_cmake_nor_the_package_tools(self):
        machine = self.built()
        for tool in ("cmake", "ninja", "dpkg-query", "flock"):
            path = pathlib.Path(machine.environment["PATH"].split(":")[0]) / tool
            path.write_text('#!/bin/sh\necho called >>"$STATE/diary"\nexit 1\n')
            path.chmod(0o755)
        run = machine.run("x")
        self.assertEqual((run.stdout, run.stderr, machine.diary()), ("one\n[x]", "", ""))

    def test_a_changed_header_is_built_in(self):
        machine = self.built()
        (machine.project / "include/word.h").write_text('#define WORD "two"\n')
        run = machine.run()
        self.assertEqual(run.stdout, "two\n")
        self.assertIn("sources changed", run.stderr)
        self.assertEqual(machine.run().stderr, "")

    def test_a_source_added_or_removed_is_noticed(self):
        machine = self.machine()
        extra = machine.project / "src/extra.c"
        extra.write_text("void extra(void);\nvoid extra(void) {\n}\n")
        machine.run()
        extra.unlink()
        self.assertIn("sources changed", machine.run().stderr)
        extra.write_text("#error here it is\n")
        run = machine.run()
        self.assertEqual(run.returncode, 70)
        self.assertIn("here it is", run.stderr)

    def test_a_build_that_fails_shows_the_error_and_the_log_and_runs_nothing_old(self):
        machine = self.built()
        (machine.project / "src/main.c").write_text("int main(void) { return wrong; }\n")
        for _ in range(2):
            run = machine.run()
            self.assertEqual((run.returncode, run.stdout), (70, ""))
            self.assertIn("wrong", run.stderr)
            self.assertIn("build/release/build.log", run.stderr)
        (machine.project / "src/main.c").write_text(MAIN)
        self.assertEqual(machine.run().stdout, "one\n")

    def test_it_runs_through_symbolic_links_and_relative_paths_with_spaces(self):
        machine = self.built()
        link = machine.state / "a link"
        link.symlink_to(machine.launcher)
        second = machine.state / "second"
        second.symlink_to("a link")
        self.assertEqual(machine.run(command=second).stdout, "one\n")
        self.assertEqual(machine.run(command="./ehlo", cwd=machine.launcher.parent).stdout, "one\n")
        run = machine.run("ehlo", "x", command="sh", cwd=machine.launcher.parent)
        self.assertEqual(run.stdout, "one\n[x]")

    def test_a_project_that_moved_is_built_anew(self):
        machine = self.built()
        moved = machine.project.with_name("moved here")
        machine.project.rename(moved)
        (moved / "include/word.h").write_text('#define WORD "two"\n')
        run = machine.run(command=moved / "scripts/ehlo")
        self.assertEqual((run.returncode, run.stdout), (3, "two\n"))

    def test_two_first_runs_at_once_build_once(self):
        machine = self.machine()
        runs = []
        threads = [threading.Thread(target=lambda: runs.append(machine.run())) for _ in range(3)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        self.assertEqual([run.stdout for run in runs], ["one\n"] * 3)
        self.assertEqual(sum("building" in run.stderr for run in runs), 1)


class Packages(Case):
    def test_root_has_missing_packages_installed_without_a_question(self):
        machine = self.machine(installed="none")
        run = machine.run()
        self.assertEqual(run.stdout, "one\n")
        self.assertIn("installing with apt: cmake ninja-build", run.stderr)
        self.assertIn(" -y ", machine.diary())
        self.assertIn("DEBIAN_FRONTEND=noninteractive", machine.diary())
        self.assertNotIn("sudo", machine.diary())
        self.assertNotIn("cmocka", machine.diary())

    def test_only_what_is_missing_is_asked_for(self):
        machine = self.machine()
        rest = (machine.state / "installed").read_text().replace("liblua5.4-dev\n", "")
        (machine.state / "installed").write_text(rest)
        machine.run()
        self.assertIn("install liblua5.4-dev DEB", machine.diary())

    def test_lists_that_are_old_are_fetched_once_more(self):
        machine = self.machine(installed="none")
        (machine.state / "stale").touch()
        self.assertEqual(machine.run().stdout, "one\n")
        self.assertIn("apt-get -q update", machine.diary())

    def test_sudo_without_a_password_is_used(self):
        machine = self.machine(installed="none", uid=1000)
        (machine.state / "sudoer").touch()
        self.assertEqual(machine.run().stdout, "one\n")
        self.assertIn("sudo -n env", machine.diary())

    def test_who_may_not_install_is_told_what_to_install(self):
        machine = self.machine(installed="none", uid=1000)
        run = machine.run()
        self.assertEqual((run.returncode, run.stdout), (70, ""))
        self.assertIn("sudo apt-get install --no-install-recommends cmake ninja-build", run.stderr)
        self.assertNotIn("apt-get", machine.diary().replace("sudo -n true", ""))

    def test_apt_that_fails_is_quoted(self):
        machine = self.machine(installed="none")
        (machine.state / "broken").touch()
        run = machine.run()
        self.assertEqual(run.returncode, 70)
        self.assertIn("the disk is full", run.stderr)
        self.assertIn("sudo apt-get install", run.stderr)


class Tests(Case):
    def test_the_run_counts_both_variants_and_fails_where_one_test_fails(self):
        machine = self.machine()
        run = machine.run(command=machine.project / "tests/run")
        self.assertEqual(run.returncode, 1)
        self.assertEqual(run.stdout.splitlines()[-1], "4 passed, 2 failed")

    def test_names_and_labels_choose(self):
        machine = self.machine()
        command = machine.project / "tests/run"
        run = machine.run("--variant", "test", "good", "quiet", command=command)
        self.assertEqual((run.returncode, run.stdout.splitlines()[-1]), (0, "2 passed, 0 failed"))
        run = machine.run("--label", "calm", command=command)
        self.assertEqual((run.returncode, run.stdout.splitlines()[-1]), (0, "2 passed, 0 failed"))
        run = machine.run("nothing", "--variant", "test", command=command)
        self.assertEqual((run.returncode, run.stdout.splitlines()[-1]), (1, "0 passed, 1 failed"))

    def test_a_variant_that_does_not_build_is_a_failure(self):
        machine = self.machine()
        (machine.project / "src/main.c").write_text("#error no\n")
        run = machine.run(command=machine.project / "tests/run")
        self.assertEqual((run.returncode, run.stdout), (1, "0 passed, 2 failed\n"))

    def test_wrong_usage_is_exit_2(self):
        run = self.machine().run("--variant", "fast", command=ROOT / "tests/run")
        self.assertEqual(run.returncode, 2)
        run = self.machine().run("--lable", "x", command=ROOT / "tests/run")
        self.assertEqual(run.returncode, 2)
        self.assertIn("no option --lable", run.stderr)

    def test_the_continuous_run_calls_the_test_run(self):
        text = (ROOT / ".ci/run").read_text()
        self.assertIn("exec tests/run", text)
        self.assertTrue((ROOT / ".ci/run").stat().st_mode & stat.S_IXUSR)


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=1))
