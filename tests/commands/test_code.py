"""ehlo code: one code or several, in every form that it offers."""
import json
import unittest

from program import CONTROL, Case

WIDTHS = (40, 60, 80, 120)
REPLIES = [f"{c}{s}{d}" for c in "2345" for s in "012345" for d in "0123456789"]


class Code(Case):
    def test_a_lone_code_is_a_look_up(self):
        text = self.answer("521")
        self.assertIn("521", text.splitlines()[0])
        self.assertIn("Host does not accept mail", text.splitlines()[0])
        self.assertIn("permanent", text.splitlines()[0])
        for label in ("Says", "Seen", "Do", "Retry", "Acts"):
            self.assertIn(label, text)
        self.assertEqual(text, self.answer("code", "521"))

    def test_an_enhanced_code_names_its_pattern_and_its_class(self):
        entry = json.loads(self.answer("5.7.1", "--format", "json"))
        self.assertEqual((entry["ehlo"], entry["code"], entry["pattern"], entry["class"]),
                         (1, "5.7.1", "X.7.1", "permanent-failure"))

    def test_a_pair_gives_both_entries(self):
        for pair in ("550/5.1.1", "550 5.1.1"):
            results = json.loads(self.answer("code", pair, "--format", "json"))["results"]
            self.assertEqual([e["code"] for e in results], ["550", "5.1.1"])

    def test_json_begins_with_the_version_of_the_form(self):
        self.assertRegex(self.answer("521", "--format", "json"), r'^\{\s*"ehlo": ?1,')

    def test_several_codes_are_results_or_a_line_each(self):
        together = json.loads(self.answer("code", "421", "450", "--format", "json"))
        self.assertEqual([e["code"] for e in together["results"]], ["421", "450"])
        lines = self.answer("code", "421", "450", "--format", "ndjson").splitlines()
        self.assertEqual([json.loads(line)["code"] for line in lines], ["421", "450"])
        self.assertTrue(all(json.loads(line)["ehlo"] == 1 for line in lines))

    def test_options_may_stand_before_the_code(self):
        self.assertEqual(self.answer("--format", "json", "521"), self.answer("521", "--format=json"))

    def test_malformed_codes_are_wrong_usage(self):
        for text in ("99", "5211", "600", "3.1.1", "5.1", "5.01.1", "521 522", " 521", "521\n", "+521", "-521", "5.7.1.1",
                     "5.1000.1", "٥٢١", "0x209", "521x"):
            with self.subTest(text=text):
                line = self.wrong_usage("code", "--", text)
                self.assertIsNone(CONTROL.search(line[:-1]), line)
        self.wrong_usage("code", "")

    def test_every_well_formed_reply_code_has_an_answer(self):
        results = json.loads(self.answer("code", *REPLIES, "--format", "json"))["results"]
        self.assertEqual([e["code"] for e in results], REPLIES)
        for entry in results:
            for field in ("name", "meaning", "fix", "retry", "acts", "class"):
                self.assertTrue(entry[field], f"{entry['code']}: {field}")

    def test_an_unlisted_code_is_explained_from_its_digits_and_marked(self):
        entry = json.loads(self.answer("559", "--format", "json"))
        self.assertTrue(entry["from_digits"])
        self.assertIn("digit", self.answer("559").lower())

    def test_a_card_shows_the_notes_from_practice_and_the_rest_when_asked(self):
        short, whole = self.answer("521"), self.answer("521", "--verbose")
        self.assertEqual(short.count("\n  - "), 2)
        self.assertIn("Postscreen's drop action", short)
        self.assertIn("6 more notes: ehlo 521 --verbose", short)
        self.assertEqual(whole.count("\n  - "), 8)
        self.assertNotIn("more notes", whole)

    def test_cards_fit_their_width(self):
        for width in WIDTHS:
            for code in ("521", "5.7.1", "550", "5.7.26", "559"):
                text = self.answer(code, env={"COLUMNS": str(width)})
                self.assertFits(text, width, code)

    def test_colour_is_a_choice_and_never_the_only_sign(self):
        plain = self.answer("521")
        self.assertNotIn("\x1b", plain)
        painted = self.answer("521", "--color", "always")
        self.assertIn("\x1b[", painted)
        self.assertIn("permanent", plain)
        self.assertNotIn("\x1b", self.answer("521", env={"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}))
        self.assertIn("\x1b[", self.answer("521", env={"CLICOLOR_FORCE": "1"}))

    def test_markdown_and_html_are_offered(self):
        self.assertIn("521", self.answer("521", "--format", "markdown"))
        page = self.answer("521", "--format", "html")
        self.assertTrue(page.lower().startswith("<!doctype html>"))
        for outside in ("http-equiv", "<script", "src=", "@import", "url("):
            self.assertNotIn(outside, page)

    def test_a_form_that_is_not_offered_is_refused(self):
        self.assertIn("junit", self.wrong_usage("521", "--format", "junit"))
        self.wrong_usage("521", "--format", "yaml")

    def test_to_a_monitor_that_is_a_line_and_the_status_that_it_takes_for_unknown(self):
        r = self.ehlo("521", "--format", "nagios")
        self.assertEqual((r.status, r.err, r.out.count("\n")), (3, "", 1))
        self.assertIn("UNKNOWN - --format nagios is not offered here", r.out)

    def test_output_goes_to_the_file(self):
        self.assertEqual(self.answer("521", "--format", "json", "--output", "card.json"), "")
        with open(self.home + "/card.json", encoding="utf-8") as file:
            self.assertEqual(json.load(file)["code"], "521")
        r = self.ehlo("521", "--output", "no/such/folder/card.json")
        self.assertEqual((r.status, r.out, r.err.count("\n")), (1, "", 1), r.err)


if __name__ == "__main__":
    unittest.main()
