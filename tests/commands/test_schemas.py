"""The schemas of the manual: every form of JSON that the program writes keeps its own, and none is so loose that anything would."""
import copy
import json
import pathlib
import unittest

import jsonschema

from layers import PHRASE, LayerCase, document, note

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src/manual/schema"
REPLIES = "211 220 250 334 354 421 432 451 471 500 504 521 530 552 556 558 559".split()
ENHANCED = "2.0.0 2.1.5 4.2.2 4.4.7 5.1.1 5.4.6 5.6.0 5.7.27 5.7.515 5.9.9 2.1.99".split()
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in FOLDER.glob("*.json")}


def validator(name):
    store = {f"file:///{key}.json": value for key, value in SCHEMAS.items()}
    resolver = jsonschema.RefResolver(f"file:///{name}.json", SCHEMAS[name], store=store)
    return jsonschema.Draft202012Validator(SCHEMAS[name], resolver=resolver)


class Schemas(LayerCase):
    def keeps(self, name, text):
        value = json.loads(text)
        faults = sorted(validator(name).iter_errors(value), key=lambda e: e.json_path)
        self.assertEqual([f"{f.json_path}: {f.message[:200]}" for f in faults[:3]], [])
        return value

    def breaks(self, name, value, change):
        spoilt = copy.deepcopy(value)
        change(spoilt)
        self.assertFalse(validator(name).is_valid(spoilt), json.dumps(spoilt)[:400])

    def test_each_is_a_schema(self):
        self.assertEqual(sorted(SCHEMAS), ["catalogue", "comparison", "dns", "entry", "explanation", "policy", "probe", "runbook", "site"])
        for schema in SCHEMAS.values():
            jsonschema.Draft202012Validator.check_schema(schema)

    def test_every_entry_keeps_its_schema(self):
        self.organisation("acme.json", document("acme", PHRASE, note("550", "Ask Bob."), note("558", "Never.")))
        text = self.answer("code", *REPLIES, *ENHANCED, "--format", "json")
        self.assertEqual(len(self.keeps("entry", text)["results"]), len(REPLIES) + len(ENHANCED))
        self.keeps("entry", self.answer("search", "gmail", "--limit", "10", "--format", "json"))
        entry = self.keeps("entry", self.answer("521", "--format", "json"))
        self.breaks("entry", entry, lambda e: e.pop("meaning"))
        self.breaks("entry", entry, lambda e: e.pop("ehlo"))
        self.breaks("entry", entry, lambda e: e.update(colour="red"))
        self.breaks("entry", entry, lambda e: e.update(retry="maybe"))
        self.breaks("entry", entry, lambda e: e.update(code=521))

    def test_comparisons_keep_their_schema(self):
        for codes in (("211", "521"), ("5.7.1", "5.7.26"), ("550", "5.1.1", "559"), ("250", "2.1.5")):
            comparison = self.keeps("comparison", self.answer("compare", *codes, "--format", "json"))
        self.breaks("comparison", comparison, lambda c: c.pop("summary"))
        self.breaks("comparison", comparison, lambda c: c["items"][0].pop("code"))
        self.breaks("comparison", comparison, lambda c: c.update(kind="both"))
        a, b = (self.write(name, self.ehlo("probe", "--format", "json", "127.0.0.1:1").out) for name in ("a.json", "b.json"))
        records = self.keeps("comparison", self.answer("compare", a, b, "--format", "json"))
        self.breaks("comparison", records, lambda c: c.pop("left_out"))
        self.breaks("comparison", records, lambda c: c["items"].pop())
        self.breaks("comparison", records, lambda c: c.update(differences=[{"field": "x", "values": ["a", "b"]}]))

    def test_a_written_site_keeps_its_schema(self):
        site = self.keeps("site", self.answer("site", f"{self.home}/s", "--format", "json"))
        self.breaks("site", site, lambda s: s.pop("pages"))
        self.breaks("site", site, lambda s: s.update(colour="red"))

    def test_explanations_keep_their_schema(self):
        self.organisation("acme.json", document("acme", PHRASE))
        for text in ("550 5.1.1 <a@example.org>: no such user", "559 ACME gateway closed to you", "421 4.7.28 rate limit", "250 ok",
                     "550-first\n550 second https://example.org/x", "5.7.26", "lorem ipsum"):
            explanation = self.keeps("explanation", self.answer("explain", text, "--format", "json"))
        self.breaks("explanation", explanation, lambda e: e["recipients"][0].update(cause="bad luck"))
        self.breaks("explanation", explanation, lambda e: e["recipients"][0].pop("fix"))
        self.breaks("explanation", explanation, lambda e: e.pop("input"))

    def test_probes_keep_their_schema(self):
        ready = self.rehearsal("ready")
        refused = self.rehearsal("unknown-user")
        for args in ((ready,), ("--tls", "encrypt", ready), ("--to", "a@example.org", refused), ("127.0.0.1:1",), (ready, refused)):
            r = self.ehlo("probe", "--timeout", "20", *args, "--format", "json")
            probe = self.keeps("probe", r.out)
        self.assertEqual(len(probe["results"]), 2)
        self.breaks("probe", probe, lambda p: p["results"][0].update(outcome="fine"))
        self.breaks("probe", probe, lambda p: p["results"][0].pop("transcript"))
        self.breaks("probe", probe, lambda p: p["results"][0]["timing"].update(tea=1))

    def test_the_built_in_catalogue_keeps_its_schema(self):
        catalogue = self.builtin()
        self.keeps("catalogue", json.dumps(catalogue))
        catalogue["entries"] = [catalogue["entries"][0], catalogue["entries"][-1]]
        for change in (lambda c: c.update(format=2), lambda c: c.update(version=2 ** 53), lambda c: c.update(issued="yesterday"),
                       lambda c: c["entries"][0].update(colour="red"), lambda c: c["entries"][0].update(code="99"),
                       lambda c: c["entries"][-1].update(cause="bad luck"), lambda c: c["entries"][-1].update(text="*x"),
                       lambda c: c.update(entries=[])):
            self.breaks("catalogue", catalogue, change)

    def test_the_words_of_the_schemas_are_those_of_the_program(self):
        causes = self.answer("-e", "print(table.concat(codes.causes(), '\\n'))").split()
        recipient = SCHEMAS["explanation"]["$defs"]["recipient"]["properties"]
        self.assertEqual(sorted(recipient["cause"]["enum"][:-1]), sorted(causes))
        phrase = SCHEMAS["catalogue"]["$defs"]["entry_phrase"]["properties"]
        self.assertEqual(sorted(phrase["cause"]["enum"]), sorted(causes))
        for field in ("acts", "retry", "commands"):
            known = self.answer("-e", f"for word in pairs(require('ehlo.catalogue.words').{field}) do print(word) end").split()
            name = "command" if field == "commands" else field
            for schema in ("catalogue", "entry"):
                self.assertEqual(sorted(SCHEMAS[schema]["$defs"][name]["enum"]), sorted(known), f"{schema}: {field}")


if __name__ == "__main__":
    unittest.main()
