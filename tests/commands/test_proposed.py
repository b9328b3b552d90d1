"""What the program proposes to run next: each command that stands in its scripts is there, with the options that it names."""
import pathlib
import re
import unittest

from program import Case

ROOT = pathlib.Path(__file__).resolve().parents[2]
# A text of a script that begins as a command: up to its end, or to what is put in place of a %s.
PROPOSED = re.compile(r'"(ehlo [a-z][a-z-]*(?: [^"\n]*)?)"')
OTHERS = {"ehlo over", "ehlo our-mx"} # the name of a phase, and what the person writes


class Proposed(Case):
    def test_each_command_in_a_script_is_there_with_its_options(self):
        seen = set()
        for file in sorted((ROOT / "scripts").rglob("*.lua")):
            for command in PROPOSED.findall(file.read_text(encoding="utf-8")):
                words = command.split()
                if " ".join(words[:2]) in OTHERS:
                    continue
                options = [word for word in words[2:] if re.match(r"--[a-z]", word)]
                with self.subTest(file=file.name, command=command):
                    self.assertKnown(" ".join(["ehlo", words[1], *(words[2:] if words[1] == "help" else options)]))
                    seen.add(words[1])
        self.assertGreater(len(seen), 15)

    def test_a_card_proposes_nothing_that_has_a_place_to_fill_in(self):
        for code in ("550", "521", "450", "5.1.1", "211", "5.7.26", "559"):
            lines = [line for line in self.answer(code).splitlines() if line.startswith("  ehlo ")]
            self.assertTrue(lines, code)
            for command in re.split(r" {4,}", lines[-1].strip()):
                self.assertNotRegex(command, r"\b[A-Z]{2,}\b", code)

    def test_a_probe_that_is_ready_goes_on_with_the_host_that_it_asked(self):
        host = self.rehearsal()
        self.assertRegex(self.answer("probe", host), rf"(?m)^  Next +ehlo tls {re.escape(host)}$")
        self.assertNotIn("Next", self.answer("probe", "--tls", "none", host))
        self.assertNotIn("Next", self.answer("probe", "--to", "user@example.org", host))


if __name__ == "__main__":
    unittest.main()
