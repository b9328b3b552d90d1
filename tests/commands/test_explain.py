"""ehlo explain and ehlo search."""
import json
import unittest

from program import CONTROL, Case


class Explain(Case):
    def recipient(self, *args, **more):
        page = json.loads(self.answer("explain", *args, "--format", "json", **more))
        self.assertEqual(page["ehlo"], 1)
        return page["recipients"][0] if "recipients" in page else page

    def test_a_reply_gives_cause_retry_and_who_acts(self):
        text = self.answer("explain", "550 5.1.1 <a@example.org>: no such user")
        for word in ("mailbox-unknown", "Retry", "no", "Do"):
            self.assertIn(word, text)
        told = self.recipient("550 5.1.1 <a@example.org>: no such user")
        self.assertEqual((told["code"], told["enhanced"], told["cause"], told["retry"]),
                         (550, "5.1.1", "mailbox-unknown", "no"))
        self.assertTrue(told["meaning"] and told["fix"] and told["evidence"])

    def test_arguments_are_joined(self):
        self.assertEqual(self.recipient("550", "5.1.1", "no", "such", "user")["cause"], "mailbox-unknown")

    def test_several_lines_come_from_standard_input(self):
        text = "550-5.7.26 This mail has been blocked because the sender is\n550 5.7.26 unauthenticated.\n"
        told = self.recipient("-", stdin=text)
        self.assertEqual((told["code"], told["enhanced"]), (550, "5.7.26"))
        self.assertIn("auth", told["cause"])

    def test_a_pasted_reply_means_the_same_whatever_ends_its_lines(self):
        lines = ("550-5.7.26 This mail has been blocked because", "550-5.7.26 the sender is", "550 5.7.26 unauthenticated.")
        told = [self.recipient(end.join(lines)) for end in ("\n", "\r\n", "\r")]
        self.assertEqual(told[0]["cause"], "mail-unauthenticated")
        self.assertEqual(told[1:], [told[0]] * 2)

    def test_a_code_alone_and_a_text_alone_are_explained(self):
        self.assertEqual(self.recipient("5.1.1")["cause"], "mailbox-unknown")
        self.assertEqual(self.recipient("452")["retry"], "yes")
        self.assertTrue(self.recipient("Connection timed out")["cause"])

    def test_the_phase_is_heeded_and_checked(self):
        self.assertTrue(self.recipient("450 try later", "--phase", "greeting")["cause"])
        self.wrong_usage("explain", "450 try later", "--phase", "lunch")

    def test_what_rests_on_nothing_says_so_in_a_sentence(self):
        self.assertRegex(self.answer("explain", "frobnicated"), r"\n  Evidence There is no code in it")
        self.assertRegex(self.answer("explain", "577 frobnicated"), r"\n  Known by the digits of 577 only\.")

    def test_of_a_long_text_the_beginning_is_shown_again(self):
        text = self.answer("explain", self.write("long.txt", "".join(f"line {n}\n" for n in range(900)) + "550 5.1.1 no such user\n"))
        self.assertIn("\n  line 19\n  and 881 more lines\n\n  Cause    mailbox-unknown\n", text)

    def test_marks_of_an_encoding_are_no_part_of_a_reply(self):
        self.assertTrue(self.answer("explain", self.write("mark.txt", "\ufeff550 5.1.1 no such user\n")).startswith("  550 5.1.1 no"))
        path = self.write("wide.txt", "")
        with open(path, "wb") as file:
            file.write("550 5.1.1 no such user\n".encode("utf-16"))
        self.assertIn("iconv -f UTF-16", self.wrong_usage("explain", path))
        with open(path, "wb") as file:
            file.write(b"\0" * 4000 + b"550 5.1.1 no such user\n")
        self.assertIn("is neither", self.wrong_usage("explain", path))

    def test_of_a_success_nothing_is_said_about_lists(self):
        self.assertNotIn("Address", self.answer("explain", "250 2.0.0 Ok: queued as ABC"))
        self.assertIn("\n  Address  keep it", self.answer("explain", "450 4.2.0 Greylisted"))

    def test_files_that_hold_nothing_to_explain_are_named(self):
        self.assertIn("empty.txt is empty", self.wrong_usage("explain", self.write("empty.txt", " \n\n")))
        self.assertIn("standard input is empty", self.wrong_usage("explain", "-"))
        page = self.write("page.txt", "a line of prose\n" * 40)
        self.assertIn("page.txt is neither", self.wrong_usage("explain", page))
        self.assertIn("bytes is neither", self.wrong_usage("explain", self.write("bytes", "\0\1\2\3")))
        beside = self.ehlo("explain", page, self.write("reply.txt", "550 5.1.1 no such user\n"))
        self.assertEqual((beside.status, beside.err.count("\n")), (0, 1))
        self.assertIn("mailbox-unknown", beside.out)

    def test_nothing_to_explain_is_wrong_usage(self):
        self.wrong_usage("explain")
        self.wrong_usage("explain", "-", stdin="")

    def test_no_control_byte_of_a_reply_reaches_the_output(self):
        hostile = b"550 5.1.1 \x1b]0;owned\x07\x1b[31mred\x00\x7f\xc2\x9b2J\x9b \xe2\x80\xae evil\r\n"
        for form in ("text", "json", "ndjson", "markdown", "html"):
            r = self.ehlo("explain", "-", "--format", form, stdin=hostile)
            self.assertIn(r.status, (0, 2), r.err)
            self.assertIsNone(CONTROL.search(r.out), (form, r.out))
            self.assertNotIn("\u202e", r.out)

    def test_pages_fit_their_width(self):
        for width in (40, 60, 80):
            text = self.answer("explain", "421 4.7.28 Our system has detected an unusual rate of unsolicited mail",
                               env={"COLUMNS": str(width)})
            self.assertFits(text, width, "421")


class Search(Case):
    def test_words_find_entries(self):
        text = self.answer("search", "quota")
        self.assertIn("552", text)

    def test_what_is_nowhere_says_so(self):
        r = self.ehlo("search", "zzyzzxq")
        self.assertIn(r.status, (0, 1))
        self.assertNotEqual(r.out + r.err, "")

    def test_json_lists_results(self):
        page = json.loads(self.answer("search", "quota", "--format", "json"))
        self.assertEqual(page["ehlo"], 1)
        self.assertGreater(len(page["results"]), 1)


if __name__ == "__main__":
    unittest.main()
