#!/usr/bin/env python3
"""Updates from a real nginx: what is taken, what is refused, and that the right catalogue stays in force."""
import json
import os
import re
import unittest

from publisher import CatalogueCase, Keys, Web, document, phrase, publish, renew

BASE64 = re.compile(rb"[A-Za-z0-9+/]")
web = None


def flipped(data, at):
    """The same with one bit of one byte flipped, at this place or right behind it: where a digit of base64 stays one."""
    while BASE64.match(data, at) and not BASE64.match(bytes([data[at] ^ 1])):
        at += 1
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def setUpModule():
    global web
    web = Web()


def tearDownModule():
    web.stop()


class Update(CatalogueCase):
    def setUp(self):
        super().setUp()
        self.place = os.path.join(web.www, self.id().split(".")[-1])
        self.url = f"{web.https}/{os.path.basename(self.place)}/catalogue.json"
        self.add(self.url, "--ca-file", web.ca)

    def publish(self, data, keys=None, **how):
        return publish(self.place, data, keys or self.keys, **how)

    def rewrite(self, path, data):
        with open(path, "wb") as file:
            file.write(data)
        renew(path)

    def land(self, data):
        self.publish(data)
        self.update()
        self.assertInForce(data)

    def refused(self, says, version=1):
        line = self.update(status=1, says=says)
        self.assertTrue(line.startswith("catalogue org: "), line)
        self.assertIn(f"version {version} stays in force", line)
        self.assertEqual(self.in_force()[0], version)
        self.assertClean()

    def test_a_signed_catalogue_is_put_in_force_and_minisign_agrees(self):
        data = document(1)
        self.publish(data)
        self.assertIn("version 1 is in force: 1 added", self.update())
        self.assertInForce(data)
        self.assertClean()

    def test_what_landed_answers_at_once_and_in_the_next_run(self):
        self.publish(document(1, "our ticket queue is mail-ops"))
        script = "catalogue.update() local notes = codes.lookup('550').notes print(table.concat(notes, '\\n'))"
        self.assertIn("our ticket queue is mail-ops", self.answer("-e", script))
        self.assertIn("our ticket queue is mail-ops", self.answer("550", "--verbose"))
        self.answer("catalogue", "remove", "org")
        self.assertNotIn("our ticket queue", self.answer("550", "--verbose"))

    def test_the_older_form_of_signature_counts_too(self):
        data = document(1)
        self.publish(data, legacy=True)
        self.update(says="version 1 is in force")
        self.assertInForce(data)

    def test_the_next_version_takes_its_place_and_the_previous_is_kept(self):
        for version in (1, 2, 3):
            self.land(document(version))
        self.assertEqual(sorted(os.listdir(self.folder_of)), ["2", "3", "current"])

    def test_what_is_not_modified_is_not_sent_again(self):
        self.land(document(1))
        before = web.log()
        self.update(says="version 1 is current")
        self.assertEqual(web.log()[len(before):].split()[:3], ["304", "GET", f"/{os.path.basename(self.place)}/catalogue.json"])

    def test_a_large_document_comes_compressed(self):
        data = document(1, entries=[phrase(f"org-{i}", f"our own saying number {i}") for i in range(400)])
        self.land(data)
        self.assertIn(f"200 GET /{os.path.basename(self.place)}/catalogue.json gzip", web.log())

    def test_one_flipped_bit_anywhere_is_refused(self):
        self.land(document(1))
        path = self.publish(document(2))
        places = {"body": (path, 60), "signature": (path + ".minisig", 100), "comment": (path + ".minisig", 182),
                  "signature of the comment": (path + ".minisig", os.path.getsize(path + ".minisig") - 60)}
        for what, (file, at) in places.items():
            with open(file, "rb") as opened:
                sound = opened.read()
            self.rewrite(file, flipped(sound, at))
            with self.subTest(what):
                self.refused("comment" if "comment" in what else "signature")
            self.rewrite(file, sound)
        self.update(says="version 2 is in force in place of version 1")

    def test_a_signature_that_is_no_base64_any_more_is_refused(self):
        self.land(document(1))
        path = self.publish(document(2)) + ".minisig"
        with open(path, "rb") as file:
            lines = file.read().split(b"\n")
        for broken in (1, 3):
            self.rewrite(path, b"\n".join(line[:40] + b"*" + line[41:] if i == broken else line for i, line in enumerate(lines)))
            with self.subTest(line=broken):
                self.refused("is no signature file of minisign's")

    def test_the_comment_is_read_where_it_was_flipped(self):
        path = self.publish(document(1))
        with open(path + ".minisig", "rb") as file:
            lines = file.read().split(b"\n")
        self.assertTrue(lines[2].startswith(b"trusted comment: "))
        self.assertLess(len(lines[0]) + len(lines[1]) + 2, 182 - len("trusted comment: "))
        self.assertGreater(len(lines[0]) + len(lines[1]) + len(lines[2]) + 2, 182)

    def test_another_key_is_refused(self):
        self.land(document(1))
        self.publish(document(2), self.other)
        self.refused("which is not trusted for it")

    def test_a_key_can_be_changed_over(self):
        self.land(document(1))
        self.answer("catalogue", "add", self.url, "--key", self.other.text, "org")
        self.publish(document(2), self.other)
        self.update(says="version 2 is in force")
        self.publish(document(3), self.keys)
        self.update(says="version 3 is in force")

    def test_an_older_version_is_refused(self):
        self.land(document(2))
        self.publish(document(1))
        self.refused("version 1 is older than version 2", 2)

    def test_one_that_was_damaged_here_is_made_whole(self):
        data = document(1)
        self.land(data)
        for name in ("catalogue.json", "catalogue.json.minisig"):
            self.rewrite(os.path.join(self.folder_of, "current", name), b"{}")
            r = self.ehlo("catalogue", "update", "--check")
            self.assertEqual((r.status, r.out), (1, "catalogue org: version 1 is damaged here; an update repairs it.\n"))
            r = self.ehlo("catalogue", "update")
            self.assertEqual((r.status, r.out), (0, "catalogue org: version 1 was damaged here, and is whole again.\n"))
            self.assertInForce(data)
            self.update(says="version 1 is current")

    def test_damage_does_not_loosen_what_is_believed(self):
        self.land(document(1))
        for name in ("catalogue.json", "origin.lua"):
            self.rewrite(os.path.join(self.folder_of, "current", name), b"{}")
        self.publish(document(1), self.other)
        r = self.ehlo("catalogue", "update", "--quiet")
        self.assertEqual((r.status, r.err.count("\n")), (1, 1))
        self.assertIn("not trusted for it", r.err)
        self.publish(document(2))
        self.assertIn("version 2 is in force in place of version 1", self.ehlo("catalogue", "update").out)
        self.assertInForce(document(2))

    def test_the_same_version_with_other_content_is_refused(self):
        self.land(document(1))
        self.publish(document(1, "another note"))
        self.refused("another document under the same version 1")

    def test_an_expired_one_is_refused(self):
        self.land(document(1))
        self.publish(document(2, expires="2026-01-02T00:00:00Z"))
        self.refused("version 2 expired at 2026-01-02T00:00:00Z")

    def test_versions_beyond_2_to_the_53_are_refused(self):
        self.land(document(1))
        for version in (2**53, 2**63 - 1, 2**63, 2**64, 10**400):
            self.publish(document(version))
            self.refused("cannot be used")

    def test_a_catalogue_of_another_name_is_refused(self):
        self.land(document(1))
        self.publish(document(2, name="other"))
        self.refused("where \"org\" is expected")

    def test_what_the_schema_does_not_allow_is_refused_though_it_is_signed(self):
        self.land(document(1))
        for bad in (b"{}", b"[1]", document(2, "a\x1b[31m note"), document(2, entries=[{"kind": "reply", "code": "5500"}]),
                    document(2, format=2), document(2)[:-1]):
            self.publish(bad)
            self.refused("cannot be used")

    def test_a_mixed_pair_of_files_is_refused(self):
        self.land(document(1))
        path = self.publish(document(3))
        with open(path + ".minisig", "rb") as file:
            signature = file.read()
        self.publish(document(2))
        self.rewrite(path + ".minisig", signature)
        self.refused("the signature does not match the document")

    def test_a_missing_document_or_signature_is_refused(self):
        self.land(document(1))
        path = self.publish(document(2))
        os.remove(path + ".minisig")
        self.refused("answered 404 in place of a signature")
        os.remove(path)
        self.refused("answered 404 in place of a catalogue")

    def test_a_server_that_nobody_vouches_for_is_refused(self):
        self.land(document(1))
        self.publish(document(2))
        self.answer("catalogue", "remove", "org")
        self.add(self.url)
        self.update(status=1, says="certificate")

    def test_dry_run_shows_the_difference_and_changes_nothing(self):
        self.land(document(1))
        self.publish(document(2, entries=[{"kind": "reply", "code": "550", "notes": ["new"]}, {"kind": "reply", "code": "551"},
                                          phrase("org-closed", "closed on Sundays")]))
        lines = self.answer("catalogue", "update", "--dry-run").split("\n")
        self.assertEqual(lines[0], "catalogue org: version 2 would take the place of version 1: 2 added, 1 changed, 0 withdrawn.")
        self.assertEqual([line.split() for line in lines[1:-1]],
                         [["changed", "550", "notes"], ["added", "551"], ["added", "phrase", "org-closed"]])
        self.assertEqual(self.in_force()[0], 1)
        page = json.loads(self.answer("catalogue", "update", "--dry-run", "--format", "json"))
        self.assertEqual((page["status"], page["version"], page["changes"][0]["code"]), ("newer", 2, "550"))
        self.update(says="2 added, 1 changed, 0 withdrawn")
        self.publish(document(3))
        self.assertIn("withdrawn  551", self.answer("catalogue", "update", "--dry-run"))

    def test_check_exits_1_where_something_newer_exists(self):
        self.land(document(1))
        self.assertIn("version 1 is current", self.answer("catalogue", "update", "--check"))
        self.publish(document(2))
        r = self.ehlo("catalogue", "update", "--check")
        self.assertEqual((r.status, r.err), (1, ""))
        self.assertIn("version 2 would take the place of version 1", r.out)
        self.assertEqual(self.in_force()[0], 1)

    def test_check_exits_3_where_what_is_there_is_refused(self):
        self.land(document(2))
        self.publish(document(1))
        r = self.ehlo("catalogue", "update", "--check")
        self.assertEqual((r.status, self.in_force()[0]), (3, 2))
        self.assertIn("older than version 2", r.err)

    def test_rollback_brings_the_previous_back_and_updates_leave_it(self):
        self.land(document(1))
        self.land(document(2))
        self.assertIn("version 1 is in force again", self.answer("catalogue", "rollback"))
        self.assertEqual(self.in_force()[0], 1)
        self.update(says="version 2 was rolled back from, and there is nothing newer; version 1 stays in force")
        self.publish(document(3))
        self.update(says="version 3 is in force in place of version 1")
        self.answer("catalogue", "rollback", "org")
        self.assertEqual(self.in_force()[0], 1)
        self.answer("catalogue", "rollback")
        self.assertEqual(self.in_force()[0], 3)

    def test_without_a_name_all_are_renewed_and_one_refusal_stops_no_other(self):
        self.publish(document(1))
        self.answer("catalogue", "add", web.https + "/none/catalogue.json", "--key", self.keys.text, "away", "--ca-file", web.ca)
        r = self.ehlo("catalogue", "update")
        self.assertEqual(r.status, 1)
        self.assertTrue(r.err.startswith("catalogue away: "), r.err)
        self.assertIn("nothing of it is in force yet", r.err)
        self.assertEqual(r.out, "catalogue org: version 1 is in force: 1 added, 0 changed, 0 withdrawn.\n")
        self.assertEqual(self.in_force()[0], 1)

    def test_list_show_and_diff_tell_what_is_here(self):
        self.land(document(1))
        self.land(document(2, "a new note"))
        row = self.answer("catalogue", "list").split("\n")[2].split()
        self.assertEqual(row[:3], ["org", "2", "2099-01-01T00:00:00Z"])
        page = json.loads(self.answer("catalogue", "show", "org", "--format", "json"))
        self.assertEqual((page["version"], page["previous"], page["entries"], page["url"]), (2, 1, 1, self.url))
        self.assertEqual(page["keys"], [page["signed_by"]])
        self.assertIn("changed  550  notes", self.answer("catalogue", "diff", "org"))

    def test_remove_forgets_source_and_versions(self):
        self.land(document(1))
        self.answer("catalogue", "remove", "org")
        self.assertFalse(os.path.exists(self.folder_of))
        r = self.ehlo("catalogue", "update")
        self.assertEqual(r.status, 1)
        self.assertIn("no catalogue is configured", r.err)

    def test_what_we_verify_minisign_signed(self):
        path = self.publish(document(7))
        said = self.answer("catalogue", "verify", path, "--key", self.keys.text)
        self.assertIn("catalogue org, version 7, 1 entry, signed with the key", said)
        r = self.ehlo("catalogue", "verify", path, "--key", self.other.public)
        self.assertEqual((r.status, r.out, r.err.count("\n")), (1, "", 1))
        os.remove(path + ".minisig")
        self.assertEqual(self.ehlo("catalogue", "verify", path).status, 1)

    def test_scripts_can_update_too(self):
        self.publish(document(1))
        script = "local r = assert(catalogue.update('org'))[1] print(r.status, r.version, #r.changes)"
        self.assertEqual(self.answer("-e", script), "updated\t1\t1\n")
        self.assertEqual(self.answer("-e", "print(catalogue.update('none'))").split("\t")[:2], ["nil", "there is no catalogue \"none\""])


class Usage(CatalogueCase):
    def test_what_cannot_be_meant_is_one_line(self):
        key = ("--key", self.keys.text)
        self.assertIn("only https", self.wrong_usage("catalogue", "add", "http://example.org/catalogue.json", *key))
        self.assertIn("no URL", self.wrong_usage("catalogue", "add", "catalogue.json", *key))
        self.assertIn("needs a key", self.wrong_usage("catalogue", "add", "https://example.org/catalogue.json"))
        self.assertIn("neither a public key", self.wrong_usage("catalogue", "add", "https://example.org/c.json", "--key", "RWnothing"))
        self.assertIn("no public key", self.wrong_usage("catalogue", "add", "https://example.org/c.json", "--key", self.keys.secret))
        self.assertIn("no name", self.wrong_usage("catalogue", "add", "https://example.org/c.json", "../x", *key))
        self.assertIn("Did you mean: update?", self.wrong_usage("catalogue", "updaet"))
        self.wrong_usage("catalogue", "update", "--check", "--dry-run")
        self.wrong_usage("catalogue", "list", "--check")
        self.wrong_usage("catalogue", "remove")

    def test_a_name_is_taken_from_the_url(self):
        self.assertIn("catalogue mail-example-org is added",
                      self.answer("catalogue", "add", "https://www.mail.example.org/c.json", "--key", self.keys.public))
        r = self.ehlo("catalogue", "add", "https://mail.example.org/other.json", "--key", self.keys.public)
        self.assertEqual(r.status, 1)
        self.assertIn("configured already", r.err)

    def test_the_configuration_is_a_file_to_edit(self):
        self.answer("catalogue", "add", "https://example.org/c.json", "--key", self.keys.public, "org")
        path = os.path.join(self.home, ".config/ehlo/catalogues/org.lua")
        with open(path, encoding="ascii") as file:
            self.assertIn(self.keys.text, file.read())
        for bad in ("while true do end", "return 1", "return {url = 1}", "return {url = 'https://a/', keys = {'x'}}", "return {", "os.exit(0)"):
            self.write(".config/ehlo/catalogues/org.lua", bad)
            self.update(status=1, says="org.lua")

    def test_what_is_not_there_is_one_line(self):
        for words in (("show", "none"), ("remove", "none"), ("rollback",), ("rollback", "none"), ("diff", "none"), ("verify", "none.json"),
                      ("update", "none"), ("update",)):
            with self.subTest(words):
                r = self.ehlo("catalogue", *words)
                self.assertIn(r.status, (1, 2))
                self.assertEqual((r.out, r.err.count("\n")), ("", 1), r.err)


if __name__ == "__main__":
    unittest.main()
