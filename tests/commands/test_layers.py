"""Catalogues over the built-in one: who beats whom, what is told of each, and what a broken one costs."""
import json
import os
import pathlib
import re
import resource
import time
import unittest

from layers import PHRASE, LayerCase, document, note
from program import PROGRAM


class Layers(LayerCase):
    def test_a_note_of_the_organisation_is_on_the_card_and_first(self):
        self.organisation("acme.json", document("acme", note("550", "Our ticket queue is MAIL, whatever RFC 5321 says.")))
        card = self.answer("550", env={"COLUMNS": "120"})
        self.assertIn("- Our ticket queue is MAIL", card)
        self.assertIn("From     built-in, organisation acme", card)
        entry = self.entry("550")
        self.assertEqual(entry["notes"][0], "Our ticket queue is MAIL, whatever RFC 5321 says.")
        self.assertGreater(len(entry["notes"]), 1)
        self.assertEqual((entry["origin"], entry["stale"]), ("built-in, organisation acme", False))
        self.assertIn("ticket queue", self.answer("550", "--format", "html"))
        self.assertIn("organisation acme", self.answer("550", "--format", "markdown"))

    def test_an_entry_of_the_built_in_catalogue_alone_says_so_in_json_only(self):
        self.assertNotIn("From ", self.answer("521"))
        self.assertEqual(self.entry("521")["origin"], "built-in")
        self.assertIsNone(self.entry("559")["origin"])
        self.assertEqual(self.answer("-e", "print(codes.lookup('521').origin, codes.lookup('521').stale)"), "built-in\tfalse\n")

    def test_later_layers_beat_earlier_ones_field_by_field(self):
        self.downloaded("news", document("news", {**note("550", "D."), "fix": "Downloaded fix.", "meaning": "Downloaded meaning.",
                                                  "when": "Downloaded when."}))
        self.organisation("acme.json", document("acme", {**note("550", "O."), "fix": "Our fix.", "meaning": "Our meaning."}))
        self.user("mine.lua", 'return {{code = "550", notes = {"U."}, fix = "My fix."}}')
        entry = self.entry("550")
        self.assertEqual([entry[k] for k in ("when", "meaning", "fix")], ["Downloaded when.", "Our meaning.", "My fix."])
        self.assertEqual(entry["notes"][:3], ["U.", "O.", "D."])
        self.assertEqual(entry["origin"], "built-in, downloaded news, organisation acme, user mine")
        self.assertEqual(entry["retry"], "no")

    def test_what_is_said_of_all_classes_holds_for_each(self):
        self.organisation("acme.json", document("acme", {"kind": "enhanced", "code": "X.2.0", "meaning": "All.",
                                                         "by_class": {"4": {"fix": "Four."}}}))
        self.assertEqual([self.entry(c)["meaning"] for c in ("2.2.0", "4.2.0", "5.2.0")], ["All."] * 3)
        self.assertEqual(self.entry("4.2.0")["fix"], "Four.")
        self.assertNotEqual(self.entry("5.2.0")["fix"], "Four.")

    def test_an_addition_may_speak_of_one_class_alone(self):
        self.organisation("acme.json", document("acme", {**note("5.7.1", "One."), "fix": "Five."}, note("X.7.1", "All."), note("5.9.9", "Ours."),
                                                {**note("4.7.515", "Ask."), "retry": "no"}))
        five, four = self.entry("5.7.1"), self.entry("4.7.1")
        self.assertEqual((five["notes"][:2], five["fix"], five["pattern"]), (["One.", "All."], "Five.", "X.7.1"))
        self.assertEqual(five["origin"], "built-in, organisation acme")
        self.assertEqual(four["notes"][0], "All.")
        self.assertNotIn("One.", four["notes"])
        self.assertEqual((self.entry("5.9.9")["notes"], self.entry("5.9.9")["from_digits"], self.entry("4.9.9")["notes"]), (["Ours."], True, None))
        self.assertEqual((self.entry("4.7.515")["notes"], self.entry("4.7.515")["retry"]), (["Ask."], "no"))
        self.assertIn("One.", self.answer("catalogue", "export"))

    def test_phrases_of_our_own_servers_are_known(self):
        self.organisation("acme.json", document("acme", PHRASE))
        found = json.loads(self.answer("explain", "559 ACME  Gateway closed to you", "--format", "json"))["recipients"][0]
        self.assertEqual((found["cause"], found["provider"]), ("relay-denied", "ACME gateway"))
        entry = self.entry("559")
        self.assertEqual((entry["from_digits"], entry["phrases"][0]["id"]), (False, "acme-gateway"))
        self.assertIn("acme-gateway", self.answer("search", "gateway", "closed", "--format", "json"))

    def test_a_phrase_made_to_be_slow_is_not(self):
        slow = {**PHRASE, "text": "aaaa" + "*a" * 7 + "*b"}
        self.organisation("acme.json", document("acme", slow))
        started = time.monotonic()
        self.answer("explain", "-", stdin="550 " + "a" * 8000)
        self.assertLess(time.monotonic() - started, 20)

    def test_thousands_of_phrases_and_codes_are_no_trouble(self):
        phrases = [{**PHRASE, "id": f"acme-{k}", "text": f"ACME gateway number {k} closed", "fix": "x" * 600} for k in range(1500)]
        codes = [note(f"5.{k // 1000}.{k % 1000}", "Many.") for k in range(3000)]
        self.organisation("acme.json", document("acme", *phrases, *codes))
        self.assertEqual(len(self.entry("559")["phrases"]), 1500)
        self.assertEqual(self.entry("5.2.999")["notes"], ["Many."])
        found = json.loads(self.answer("explain", "559 ACME gateway number 1499 closed", "--format", "json"))["recipients"][0]
        self.assertEqual(found["phrase"], "acme-1499")
        self.answer("compare", "559", "558", "--format", "json")

    def test_a_note_may_be_added_to_any_code(self):
        self.organisation("acme.json", document("acme", note("X.7.515", "Ask Bob."), note("558", "Never seen here.")))
        self.assertEqual(self.entry("5.7.515")["notes"][0], "Ask Bob.")
        self.assertIn("DMARC", self.entry("5.7.515")["fix"])
        entry = self.entry("558")
        self.assertEqual((entry["from_digits"], entry["notes"]), (True, ["Never seen here."]))
        self.assertTrue(entry["name"] and entry["meaning"] and entry["fix"])
        self.assertIn("Never seen here.", self.answer("558"))

    def test_a_downloaded_catalogue_goes_by_the_name_that_it_is_renewed_by(self):
        self.downloaded("mail.example.org", document("other", note("550", "x")))
        self.assertEqual(self.entry("550")["origin"], "built-in, downloaded mail.example.org")

    def test_sources_are_read_as_data(self):
        self.user("mine.lua", 'return {\n  {code = "X.1.1", notes = {"One."}},\n  {id = "mine-x", text = "my own words", cause = "policy",'
                  ' retry = "no", acts = "sender", meaning = "M.", fix = "F."},\n}\n')
        self.assertEqual(self.entry("5.1.1")["notes"][0], "One.")
        self.assertIn("mine-x", self.answer("search", "own", "words", "--format", "json"))


    def test_the_source_in_the_manual_works_as_it_stands(self):
        page = (pathlib.Path(__file__).resolve().parents[2] / "src/manual/catalogues.md").read_text(encoding="utf-8")
        self.user("mine.lua", re.search(r"(?ms)^    (return \{.*?^    \})$", page).group(1))
        self.assertIn("Our ticket queue is MAIL.", self.entry("550")["notes"])
        self.assertEqual(self.entry("5.7.1")["fix"], "Ask the colleagues of the gateway.")
        self.assertEqual(self.entry("559")["phrases"][0]["id"], "our-gateway")
        self.answer("559")

    def test_layers_are_listed_with_where_they_lie(self):
        path = self.organisation("acme.json", document("acme", note("550", "x"), version=7))
        listed = self.answer("catalogue", "list", env={"COLUMNS": "200"})
        self.assertRegex(listed, r"(?m)^acme +7 +2036-11-01T00:00:00Z +" + path)
        rows = self.answer("-e", "for _, r in ipairs(catalogue.layers()) do print(r.layer, r.name, r.version) end")
        self.assertRegex(rows, r"^built-in\tstandard\t\d+\norganisation\tacme\t7\n$")

    def test_a_program_that_goes_on_sees_a_change_when_it_looks(self):
        os.makedirs(self.home + "/.config/ehlo/catalogue.d")
        self.assertEqual(self.answer("-e", """
          local held = codes.lookup("550")
          local file <close> = io.open(os.getenv("HOME") .. "/.config/ehlo/catalogue.d/mine.lua", "wb")
          file:write('return {{code = "550", notes = {"Mine."}}}')
          file:flush()
          require("ehlo.layers").load()
          collectgarbage()
          print(codes.lookup("550").notes[1], held.notes[1] == "Mine.", held.name == codes.lookup("550").name)
          os.remove(os.getenv("HOME") .. "/.config/ehlo/catalogue.d/mine.lua")
          require("ehlo.layers").load()
          collectgarbage()
          print(codes.lookup("550").origin, held == codes.lookup("550"))
        """), "Mine.\tfalse\ttrue\nbuilt-in\ttrue\n")


class Editions(LayerCase):
    def setUp(self):
        super().setUp()
        self.doc = self.builtin()

    def publish(self, version):
        self.doc["version"] = version
        self.downloaded(self.doc["name"], json.dumps(self.doc))

    def test_a_later_edition_of_the_built_in_catalogue_takes_its_place(self):
        newest = self.doc["version"] + 1
        self.doc["entries"] = [e for e in self.doc["entries"] if e.get("code") != "521"]
        next(e for e in self.doc["entries"] if e.get("code") == "550")["fix"] = "A newer fix."
        self.publish(newest)
        self.assertEqual(self.entry("550")["fix"], "A newer fix.")
        self.assertEqual(self.entry("550")["origin"], "downloaded standard")
        self.assertNotEqual(self.entry("521")["name"], "Host does not accept mail")
        self.assertEqual(self.answer("-e", "print(codes.about().version)"), f"{newest}\n")

    def test_an_older_edition_is_passed_over(self):
        next(e for e in self.doc["entries"] if e.get("code") == "550")["fix"] = "An older fix."
        self.publish(self.doc["version"] - 1)
        self.assertIn(f"{self.doc['version']} (passed over)", self.answer("catalogue", "list"))
        self.assertNotEqual(self.entry("550")["fix"], "An older fix.")
        self.assertEqual(self.entry("550")["origin"], "built-in")


class Broken(LayerCase):
    def setUp(self):
        super().setUp()
        self.organisation("acme.json", document("acme", note("550", "Still here.")))

    def assertLeftOut(self, pattern):
        for _ in range(2): # made anew, and from what was kept
            self.assertRegex(self.one_line("550"), r"a catalogue is left out\. .*" + pattern)
            self.assertIn("Still here.", self.entry("550")["notes"])

    def test_a_broken_document_is_one_line_and_costs_no_other(self):
        whole = document("other", note("550", "x"))
        for text, pattern in ((whole[:-9], "no JSON"), ("", "empty"), (whole.replace('"550"', '"99"'), "other.json: entry 1: 99: code must be"),
                              (document("other", note("550", "x\x1b[31m")), "control character U.001B"),
                              (document("other", note("550", "x"), version=2 ** 53), "version"), ("[]", "format is missing")):
            with self.subTest(pattern=pattern):
                self.organisation("other.json", text)
                self.assertLeftOut(pattern)

    def test_a_broken_source_is_one_line_with_file_and_line(self):
        for text, pattern in (
                ('return {\n  {code = "550" notes = {}},\n}', r"mine\.lua:2: "),
                ('return {\n{code = "550"},\n{code = "99"}}', r"mine\.lua:3: 99: code must"),
                ("\x1bLua", r"mine\.lua: .*binary"),
                ("while true do end", "runs too long"),
                ('return {{code = "550", notes = {("x"):rep(9)}}}', r"mine\.lua:1: "),
                ("return {os.getenv('HOME')}", r"mine\.lua:1: "),
                ("local t = 1", "must return a table"),
                ("return {x = 1}", "plain list"),
                ('return {{code = "550", colour = "red"}, {kind = "reply"}}', r'550: has the unknown field "colour".* 1 more fault follows')):
            with self.subTest(text=text):
                self.user("mine.lua", text)
                self.assertLeftOut(pattern)

    def test_a_phrase_that_lacks_what_it_needs_is_left_out_alone(self):
        self.user("mine.lua", 'return {{id = "half", text = "half a phrase"}, {code = "550", notes = {"Mine."}}}')
        self.assertIn("user mine: the phrase half has no acts and is left out", self.one_line("550"))
        self.assertIn("Mine.", self.entry("550")["notes"])

    def test_what_is_no_plain_file_is_passed_over(self):
        folder = os.path.join(self.home, ".config/ehlo/catalogue.d")
        os.makedirs(folder + "/folder.json")
        os.mkfifo(folder + "/pipe.json")
        os.symlink("/nowhere", folder + "/dangling.json")
        self.user(".hidden.json", "x")
        self.user("notes.txt", "x")
        self.answer("550")


class Stale(LayerCase):
    def test_a_stale_catalogue_answers_and_says_so(self):
        self.downloaded("news", document("news", note("550", "Old news."), expires="2026-11-02T00:00:00Z"))
        line = self.one_line("550")
        self.assertIn("the catalogue news expired on 2026-11-02; it still answers. Renew it: ehlo catalogue update news", line)
        card = self.ehlo("550").out
        self.assertIn("Old news.", card)
        self.assertIn("downloaded news (beyond its date)", card)
        self.assertTrue(self.entry("550")["stale"])
        self.assertFalse(self.entry("521")["stale"])
        self.assertEqual(self.ehlo("550", "--quiet").err, "")
        self.answer("catalogue", "list") # which has its own words for dates


class Kept(LayerCase):
    def kept(self):
        return os.stat(self.cache)

    def test_without_layers_nothing_is_kept(self):
        self.answer("550")
        self.assertFalse(os.path.exists(os.path.join(self.home, ".cache")))

    def test_the_merged_image_is_private_and_used_again(self):
        self.organisation("acme.json", document("acme", note("550", "One.")))
        self.answer("550")
        first = self.kept()
        self.assertEqual(first.st_mode & 0o777, 0o600)
        self.answer("550")
        self.assertEqual(self.kept().st_ino, first.st_ino)

    def test_a_change_of_any_file_counts_at_once(self):
        path = self.organisation("acme.json", document("acme", note("550", "One.")))
        self.assertIn("One.", self.entry("550")["notes"])
        times = os.stat(path)
        self.organisation("acme.json", document("acme", note("550", "Two.")))
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
        self.assertIn("Two.", self.entry("550")["notes"])
        self.user("mine.lua", 'return {{code = "550", notes = {"Three."}}}')
        self.assertIn("Three.", self.entry("550")["notes"])
        os.remove(path)
        self.assertNotIn("Two.", self.entry("550")["notes"])
        os.remove(os.path.join(self.home, ".config/ehlo/catalogue.d/mine.lua"))
        self.assertEqual(self.entry("550")["origin"], "built-in")

    def test_a_damaged_image_is_made_anew(self):
        self.organisation("acme.json", document("acme", note("550", "One.")))
        right = self.answer("550")
        with open(self.cache, "rb") as file:
            whole = file.read()
        at = whole.index(b"EHLO-CAT")
        spoilt = [b"", whole[:7], whole[:23], whole[:100], whole[:at + 50], whole[:-1], whole + b"x", b"\0" * len(whole),
                  whole[:8] + b"\xff" * 16 + whole[24:], whole[:at] + b"X" + whole[at + 1:], whole[:at + 8] + b"\xff" * 120 + whole[at + 128:]]
        for k, bytes_ in enumerate(spoilt):
            with self.subTest(k=k):
                with open(self.cache, "wb") as file:
                    file.write(bytes_)
                self.assertEqual(self.answer("550"), right)
                self.assertEqual(self.kept().st_size, len(whole))

    def test_an_image_that_others_could_write_is_not_trusted(self):
        self.organisation("acme.json", document("acme", note("550", "One.")))
        self.answer("550")
        os.chmod(self.cache, 0o666)
        first = self.kept()
        self.answer("550")
        self.assertNotEqual(self.kept().st_ino, first.st_ino)
        self.assertEqual(self.kept().st_mode & 0o777, 0o600)
        os.rename(self.cache, self.cache + ".other")
        os.symlink(self.cache + ".other", self.cache)
        self.answer("550")
        self.assertFalse(os.path.islink(self.cache))

    def test_a_cache_that_cannot_be_written_costs_time_only(self):
        self.organisation("acme.json", document("acme", note("550", "One.")))
        for env in ({"XDG_CACHE_HOME": "/dev/null"}, {"XDG_CACHE_HOME": "/proc"}):
            self.assertIn("One.", self.answer("550", env=env))

    def cost(self, env, runs):
        """The least processor time that a look-up takes, in seconds."""
        best = 60
        for _ in range(runs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            pid = os.posix_spawn(PROGRAM, [PROGRAM, "550"], env, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
            os.waitpid(pid, 0)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return best

    def test_a_downloaded_catalogue_costs_a_look_up_next_to_nothing(self):
        doc = self.builtin()
        doc["version"] += 1
        self.downloaded(doc["name"], json.dumps(doc))
        self.downloaded("news", document("news", note("550", "News.")))
        started = time.monotonic()
        self.answer("550")
        made = time.monotonic() - started
        layered, plain = self.environment(), self.environment(XDG_DATA_HOME=self.home + "/none")
        costs = [(self.cost(layered, 20), self.cost(plain, 20)) for _ in range(4)]
        with_it, without = min(c[0] for c in costs), min(c[1] for c in costs)
        self.assertLess(with_it, without * 1.5, f"{costs}, made in {made:.3f} s")


if __name__ == "__main__":
    unittest.main()
