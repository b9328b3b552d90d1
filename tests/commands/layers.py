"""Catalogues laid over the built-in one, as files in a home of a test's own. Callers: the test files of this folder."""
import json
import os

from program import Case

PHRASE = {"kind": "phrase", "id": "acme-gateway", "text": "ACME gateway closed to", "code": "559", "provider": "ACME gateway",
          "names_provider": True, "cause": "relay-denied", "retry": "no", "acts": "sending-admin",
          "meaning": "The gateway of ACME takes no mail from this host.", "fix": "Ask for leave by the form on the wiki.",
          "source": "our own gateway"}


def document(name, *entries, **about):
    made = {"format": 1, "name": name, "version": 1, "issued": "2026-11-01T00:00:00Z", "expires": "2036-11-01T00:00:00Z"}
    made.update(about)
    made["entries"] = list(entries)
    return json.dumps(made)


def note(code, text):
    return {"kind": "enhanced" if "." in code else "reply", "code": code, "notes": [text]}


class LayerCase(Case):
    def setUp(self):
        super().setUp()
        self.cache = os.path.join(self.home, ".cache/ehlo/catalogue.merged")

    def environment(self, **more):
        return super().environment(**{"XDG_CONFIG_DIRS": self.home + "/xdg", **more})

    def organisation(self, name, text):
        return self.write(f"xdg/ehlo/catalogue.d/{name}", text)

    def user(self, name, text):
        return self.write(f".config/ehlo/catalogue.d/{name}", text)

    def downloaded(self, name, text):
        """As an update lands it: a folder for the version, and a link to the one in force."""
        version = str(json.loads(text)["version"])
        folder = os.path.join(self.home, ".local/share/ehlo/catalogue", name)
        path = self.write(os.path.join(folder, version, "catalogue.json"), text)
        os.symlink(version, folder + "/fresh")
        os.rename(folder + "/fresh", folder + "/current")
        return path

    def builtin(self):
        """The document of the built-in catalogue."""
        return json.loads(self.answer("-e", "local _ = io.write((require('ehlo.document').builtin()))"))

    def entry(self, code):
        return json.loads(self.ehlo(code, "--format", "json").out)

    def one_line(self, *args):
        """What a call that succeeds has to say on standard error: one line."""
        r = self.ehlo(*args)
        self.assertEqual((r.status, r.err.count("\n")), (0, 1), r.err)
        self.assertRegex(r.err, r"^ehlo: [ -~]+\n$")
        return r.err
