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


if __name__ == "__main__":
    unittest.main()
