"""ehlo catalogue build and export: documents of sources, and of what is in force."""
import json
import os
import pathlib
import unittest

from layers import LayerCase, document, note
from program import PROGRAM

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "src/core/catalogue"
BUILT = pathlib.Path(PROGRAM).parent
ABOUT = 'return {name = "acme", version = 3, issued = "2026-11-01T00:00:00Z", expires = "2036-11-01T00:00:00Z"}\n'
PHRASES = '''return {
  {
    id = "acme-gateway",
    text = "ACME gateway closed to * today",
    code = "559", cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The gateway takes no mail from this host.", fix = "Ask for leave.",
  },
}
'''


class Build(LayerCase):
    def sources(self, **files):
        for name, text in {"about": ABOUT, "replies": 'return {{code = "550", notes = {"Our queue is MAIL."}}}', "phrases-own": PHRASES,
                           **files}.items():
            if text is not None:
                self.write(f"sources/{name.replace('_', '-')}.lua", text)
        return self.home + "/sources"

    def test_the_built_in_catalogue_is_made_so_from_its_sources_byte_for_byte(self):
        built = (BUILT / "catalogue.json").read_text()
        self.assertEqual(self.answer("catalogue", "build", str(SOURCES), "-o", "catalogue.json"), "")
        self.assertEqual(pathlib.Path(self.home, "catalogue.json").read_text(), built)
        self.assertEqual(self.answer("catalogue", "build", str(SOURCES)), built)
        self.assertEqual(self.answer("catalogue", "export"), built)
        self.assertEqual(self.answer("catalogue", "export", "standard"), built)
        self.assertNotIn("ehlo", json.loads(self.answer("catalogue", "export", "--format", "json")))

    def test_what_is_exported_makes_the_same_image_again(self):
        self.answer("catalogue", "export", "-o", "exported.json")
        self.answer("-e", """
          local document = require "ehlo.document"
          local file <close> = io.open("exported.json", "rb")
          local out <close> = io.open("again.image", "wb")
          local _ = out:write(document.compile(assert(catalogue.read(file:read("a")))))
        """)
        self.assertEqual(pathlib.Path(self.home, "again.image").read_bytes(), (BUILT / "catalogue.image").read_bytes())

    def test_an_organisation_builds_its_own_and_it_counts(self):
        self.answer("catalogue", "build", self.sources(), "-o", "acme.json")
        text = pathlib.Path(self.home, "acme.json").read_text()
        phrase = json.loads(text)["entries"][-1]
        self.assertEqual((phrase["provider"], phrase["names_provider"]), ("acme", False))
        self.organisation("acme.json", text)
        self.assertEqual(self.entry("550")["notes"][0], "Our queue is MAIL.")
        explained = json.loads(self.answer("explain", "559 ACME gateway closed to you today", "--format", "json"))["recipients"][0]
        self.assertEqual((explained["cause"], explained["fix"]), ("policy", "Ask for leave."))

    def refused(self, pattern, *args):
        r = self.ehlo("catalogue", "build", *args, "-o", "out.json")
        self.assertEqual((r.status, r.out), (1, ""), r.err)
        self.assertRegex(r.err, pattern)
        self.assertFalse(os.path.exists(self.home + "/out.json"))
        return r.err

    def test_faults_are_told_with_file_and_line_all_of_them(self):
        folder = self.sources(replies='return {\n  {code = "550", retry = "maybe"},\n  {code = "99"},\n  {code = "551", colour = "red"},\n}\n')
        told = self.refused(r"sources/replies\.lua:2: 550: retry has the unknown word", folder)
        self.assertRegex(told, r"sources/replies\.lua:3: 99: code must be three digits")
        self.assertRegex(told, r'sources/replies\.lua:4: 551: has the unknown field "colour"')
        self.assertEqual(told.count("\n"), 3)

    def test_what_is_no_data_is_refused(self):
        for name, text, pattern in (("replies", "return {{code = }}", r"replies\.lua:1: "), ("replies", "return os", r"replies\.lua: .*table"),
                                    ("replies", "\x1bLua", "binary"), ("replies", "while 1 do end", "runs too long"),
                                    ("about", "return {}", r"about\.lua: expires is missing"), ("about", None, r"about\.lua"),
                                    ("about", ABOUT.replace("3,", "2^60,"), "version must be a whole number")):
            with self.subTest(text=text):
                folder = self.sources(**{name: text})
                if text is None:
                    os.remove(folder + "/about.lua")
                self.refused(pattern, folder)

    def test_what_would_be_lost_or_lead_nowhere_is_refused(self):
        self.refused("begins with replies, enhanced or phrases", self.sources(ours='return {{code = "550"}}'))
        os.remove(self.home + "/sources/ours.lua")
        self.refused("acme-gateway: fix is missing", self.sources(phrases_own=PHRASES.replace('fix = "Ask for leave.",', "")))
        self.refused("see_also names .X.9.99., which is not here",
                     self.sources(phrases_own=PHRASES, enhanced='return {{code = "X.1.1", see_also = {"X.9.99"}}}'))
        self.refused("550: is here twice", self.sources(enhanced="return {}", replies_2='return {{code = "550"}}'))
        self.refused("there is no such folder", self.home + "/nowhere")
        os.mkdir(self.home + "/empty")
        self.refused("about.lua", self.home + "/empty")

    def test_the_folder_must_be_named(self):
        self.wrong_usage("catalogue", "build")


class Export(LayerCase):
    def test_layers_are_exported_together_and_each_by_its_name(self):
        text = self.organisation("acme.json", document("acme", note("550", "Our queue is MAIL.")))
        self.downloaded("mail.example.org", document("other", note("551", "News.")))
        whole = self.answer("catalogue", "export")
        entries = {e.get("code"): e for e in json.loads(whole)["entries"] if e["kind"] == "reply"}
        self.assertEqual((entries["550"]["notes"][0], entries["551"]["notes"][0]), ("Our queue is MAIL.", "News."))
        self.assertEqual(whole, self.answer("catalogue", "export"))
        with open(text, encoding="utf-8") as file:
            self.assertEqual(self.answer("catalogue", "export", "acme"), file.read())
        for name in ("other", "mail.example.org"):
            self.assertEqual(json.loads(self.answer("catalogue", "export", name))["name"], "other")
        self.write("again.json", whole)
        self.assertEqual(self.answer("-e", "print(catalogue.read(io.open('again.json', 'rb'):read('a')).name)"), "standard\n")

    def test_a_name_that_is_not_in_force_is_refused(self):
        r = self.ehlo("catalogue", "export", "nothing")
        self.assertEqual((r.status, r.out, r.err), (1, "", 'ehlo: no catalogue "nothing" is in force.\n'))


if __name__ == "__main__":
    unittest.main()
