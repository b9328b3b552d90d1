"""ehlo compare: pages for two codes and more."""
import html.parser
import json
import re
import unittest

from program import Case

VOID = {"meta", "link", "br", "hr", "img", "input", "wbr", "col"}


class Balance(html.parser.HTMLParser):
    """Fails on tags that do not nest; gathers the text."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


class Compare(Case):
    def test_the_page_says_what_differs_and_what_to_do(self):
        text = self.answer("compare", "211", "521")
        for word in ("211", "521", "HELP", "greeting"):
            self.assertIn(word, text)
        self.assertNotRegex(text, r"\b([A-Za-z]+) \1\b")

    def test_wide_terminals_get_columns_and_narrow_ones_a_stack(self):
        for width in (40, 60, 72, 80, 120):
            for items in (("211", "521"), ("421", "450"), ("5.7.1", "5.7.26"), ("250", "251", "252")):
                text = self.answer("compare", *items, env={"COLUMNS": str(width)})
                self.assertFits(text, width, items)
        self.assertNotEqual(self.answer("compare", "211", "521", env={"COLUMNS": "60"}),
                            self.answer("compare", "211", "521", env={"COLUMNS": "100"}))

    def test_json_is_as_the_schema_says(self):
        page = json.loads(self.answer("compare", "211", "521", "--format", "json"))
        self.assertEqual(list(page)[0], "ehlo")
        self.assertEqual(page["kind"], "reply")
        self.assertEqual([e["code"] for e in page["items"]], ["211", "521"])
        for difference in page["differences"]:
            self.assertEqual(len(difference["values"]), 2, difference)
            self.assertNotEqual(difference["values"][0], difference["values"][1], difference)
        self.assertTrue(page["summary"] and page["when_to_use"])
        self.assertEqual(json.loads(self.answer("compare", "5.7.1", "5.7.26", "--format", "json"))["kind"], "enhanced")
        self.assertEqual(json.loads(self.answer("compare", "550", "5.1.1", "--format", "json"))["kind"], "mixed")

    def test_the_html_page_stands_by_itself(self):
        page = self.answer("compare", "211", "521", "--format", "html")
        seen = Balance()
        seen.feed(page)
        self.assertEqual((seen.wrong, seen.open), ([], []))
        self.assertRegex(page, r"<html[^>]+lang=")
        self.assertIn("viewport", page)
        self.assertIn("prefers-color-scheme", page)
        self.assertIn("<title>", page)
        for outside in ("<script", "src=", "@import", "url(", "<link"):
            self.assertNotIn(outside, page)
        for text in seen.text:
            self.assertNotRegex(text, r"\b([A-Za-z]+)\s+\1\b")
        self.assertEqual(len(re.findall(r"<h1\b", page)), 1)

    def test_markdown_tables_keep_their_shape(self):
        text = self.answer("compare", "421", "450", "--format", "markdown")
        rows = [line for line in text.splitlines() if line.startswith("|")]
        self.assertGreater(len(rows), 3)
        counts = {len(re.findall(r"(?<!\\)\|", row)) for row in rows}
        self.assertEqual(len(counts), 1, rows)

    def test_one_code_is_wrong_usage(self):
        self.wrong_usage("compare", "521")
        self.wrong_usage("compare")

    def test_a_malformed_code_is_wrong_usage(self):
        self.assertIn('"99"', self.wrong_usage("compare", "521", "99"))


if __name__ == "__main__":
    unittest.main()
