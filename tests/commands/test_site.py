"""ehlo site: the catalogue as pages. They stand by themselves, lead nowhere else, and are searched in a real browser."""
import html
import html.parser
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.parse

from layers import LayerCase, document, note
from program import PROGRAM

TIDY = shutil.which("tidy")
BROWSER = shutil.which("chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND"]


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.links, self.loaded, self.ids, self.title, self.description, self.inside, self.headings = [], [], [], "", "", None, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.inside = tag
        if "id" in attrs:
            self.ids.append(attrs["id"])
        if tag == "a":
            self.links.append((attrs["href"], attrs.get("rel")))
        if tag in ("script", "img", "iframe"):
            self.loaded.append(attrs.get("src", ""))
        if tag == "link":
            self.loaded.append(attrs["href"])
        if tag == "meta" and attrs.get("name") == "description":
            self.description = attrs["content"]
        self.headings += tag == "h1"

    def handle_data(self, data):
        if self.inside == "title":
            self.title += data

    def handle_endtag(self, tag):
        self.inside = None


class Site(unittest.TestCase):
    """What holds of the whole site, which is written once."""

    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.TemporaryDirectory(prefix="ehlo-site-")
        cls.addClassCleanup(cls.home.cleanup)
        cls.folder = pathlib.Path(cls.home.name) / "site"
        kept = {k: v for k, v in os.environ.items() if k.startswith(("ASAN_", "UBSAN_", "LSAN_")) or k == "PATH"}
        done = subprocess.run([PROGRAM, "site", str(cls.folder), "--pair", "211,521", "--format", "json"], capture_output=True, timeout=120,
                              env={**kept, "HOME": cls.home.name, "LANG": "C.UTF-8"}, check=True)
        cls.said = json.loads(done.stdout)
        cls.pages = {path.name: Page(path.read_text(encoding="utf-8")) for path in cls.folder.glob("*.html")}

    def text(self, name):
        return (self.folder / name).read_text(encoding="utf-8")

    def test_there_is_a_page_for_each_code_and_for_pairs(self):
        self.assertEqual(self.said["pages"], len(self.pages))
        self.assertEqual(self.said["files"], len(list(self.folder.iterdir())))
        for name in ("index.html", "521.html", "5.7.26.html", "211-vs-521.html", "421-vs-450.html", "4yz.html", "x.7.html", "said-by-gmail.html",
                     "pairs.html"):
            self.assertIn(name, self.pages)
        self.assertGreater(len(self.pages), 400)

    def test_a_page_of_a_code_says_what_when_and_what_to_do(self):
        for code in ("521.html", "450.html", "5.7.1.html"):
            for heading in ("What it says", "When you see it", "What to do", "Try again?", "Who acts", "Standards", "Whose words"):
                self.assertIn(heading, self.text(code), code)
        pair = self.text("211-vs-521.html")
        for heading in ("When to use which", "What differs", "When you see it", "What to do", "The same for both"):
            self.assertIn(heading, pair)
        self.assertNotRegex(re.sub(r"<[^>]+>", " ", pair), r"\b([a-z]+) \1\b")

    def test_every_link_leads_to_a_page_of_the_site(self):
        for name, page in self.pages.items():
            for target, rel in page.links:
                if target.startswith("https://www.rfc-editor.org/rfc/rfc"):
                    self.assertEqual(rel, "noreferrer", f"{name}: {target}")
                    continue
                file, _, anchor = target.partition("#")
                self.assertNotIn(":", target, name)
                self.assertIn(file or name, self.pages, f"{name}: {target}")
                if anchor:
                    self.assertIn(anchor, self.pages[file or name].ids, f"{name}: {target}")

    def test_nothing_is_loaded_but_the_sites_own_files(self):
        for name, page in self.pages.items():
            self.assertEqual(page.loaded, ["style.css", "search.js"], name)
            self.assertNotRegex(self.text(name), r"(?i)\s(?:style|on\w+|srcset|background)=\"[^-]", name)
        for name in ("style.css", "search.js"):
            self.assertNotRegex(self.text(name), r"https?:|//[a-z]|url\(|@import|fetch\(|XMLHttpRequest|innerHTML|eval\(")

    def test_every_page_has_a_title_of_its_own_and_a_description(self):
        titles = [page.title for page in self.pages.values()]
        self.assertEqual(len(titles), len(set(titles)))
        for name, page in self.pages.items():
            self.assertGreater(len(page.description), 30, name)
            self.assertEqual(page.headings, 1, name)
            self.assertEqual(len(page.ids), len(set(page.ids)), name)

    def test_the_html_is_valid(self):
        self.assertTrue(TIDY, "tests/run installs tidy")
        names = sorted(str(path) for path in self.folder.glob("*.html"))
        done = subprocess.run([TIDY, "-quiet", "-errors", *names], capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual((done.stderr[:500], done.returncode), ("", 0))

    def browse(self, page, *more):
        self.assertTrue(BROWSER, "tests/run installs chromium")
        with tempfile.TemporaryDirectory(prefix="ehlo-browser-") as profile:
            done = subprocess.run([BROWSER, *FLAGS, f"--user-data-dir={profile}", *more, f"file://{self.folder}/{page}"],
                                  capture_output=True, timeout=120, check=False, env={"PATH": os.environ["PATH"], "HOME": profile})
        return done.stdout.decode("utf-8", "replace")

    def in_frames(self, addresses, look):
        """What `look`, an expression of JavaScript over the document `d`, gives for each page of the site, in a frame of a telephone's width.
        A page that searches as it is opened counts as loaded when its index is there, so nothing has to wait."""
        frames = "".join(f'<iframe style="width:360px;height:900px;border:0" src="{html.escape(address)}"></iframe>' for address in addresses)
        (self.folder.parent / "frames.html").write_text(
            f'<!DOCTYPE html><body>{frames}<pre id="out"></pre><script>addEventListener("load", function () {{ var all = [];'
            'document.querySelectorAll("iframe").forEach(function (f) { var d = f.contentDocument; all.push(' + look + ');});'
            'document.getElementById("out").textContent = JSON.stringify(all); });</script>')
        out = self.browse("../frames.html", "--allow-file-access-from-files", "--dump-dom")
        return json.loads(html.unescape(re.search(r'<pre id="out">(.*?)</pre>', out, re.S).group(1)))

    def test_the_search_finds_codes_pairs_and_words_from_files(self):
        queries = ["521", "521 211", "421 vs 450", "greylist", "<img src=x onerror=alert(1)>"]
        code, pair, vs, words, evil = self.in_frames(
            [f"site/index.html?q={urllib.parse.quote_plus(query)}" for query in queries],
            'Array.prototype.map.call(d.querySelectorAll("#results a"), function (a) { return a.getAttribute("href"); })')
        self.assertEqual(code[0], "521.html")
        self.assertEqual(pair[0], "211-vs-521.html")
        self.assertEqual(vs[:3], ["421-vs-450.html", "421.html", "450.html"])
        self.assertTrue({"450.html", "4.7.1.html"} & set(words), words)
        self.assertTrue(any(target.startswith("said-by-") for target in words), words)
        self.assertEqual(evil, [])

    def test_the_search_is_reached_and_left_by_keys(self):
        press = ('(function () { function press(at, key) { at.dispatchEvent(new d.defaultView.KeyboardEvent("keydown", {key: key, bubbles: true})); }'
                 'var seen = [], q = d.getElementById("q"); press(d.body, "/"); seen.push(d.activeElement.id);'
                 'q.value = "421 450"; q.dispatchEvent(new Event("input"));'
                 'press(q, "ArrowDown"); seen.push(d.activeElement.getAttribute("href")); press(d.activeElement, "ArrowDown");'
                 'seen.push(d.activeElement.getAttribute("href")); press(d.activeElement, "Escape"); seen.push(d.activeElement.id + q.value);'
                 'seen.push(d.getElementById("results").hidden); return seen; })()')
        self.assertEqual(self.in_frames(["site/521.html?q=521"], press), [["q", "421-vs-450.html", "421.html", "q", True]])

    def test_the_browser_asks_nobody_for_anything(self):
        log = pathlib.Path(self.home.name) / "net.json"
        self.browse("index.html?q=521", f"--log-net-log={log}", "--dump-dom")
        asked = {urllib.parse.urlsplit(url).hostname for url in re.findall(r'"url":"(https?://[^"]*)"', log.read_text(errors="replace"))}
        browsers_own = re.compile(r"(^|\.)(google|googleapis|gstatic|chromium)\.(com|org)$")
        self.assertEqual([host for host in asked if not browsers_own.search(host)], [])

    def test_nothing_sticks_out_on_a_telephone(self):
        pages = ("index.html", "521.html", "550.html", "211-vs-521.html", "5.7.1-vs-5.7.26.html", "4yz.html", "x.7.html",
                 "said-by-gmail.html", "pairs.html")
        wide = self.in_frames([f"site/{page}" for page in pages], "d.documentElement.scrollWidth - d.documentElement.clientWidth")
        self.assertEqual(dict(zip(pages, wide)), dict.fromkeys(pages, 0))


class Folder(LayerCase):
    """Where a site is written, and from what."""

    def site(self, *args):
        return self.answer("site", f"{self.home}/s", *args)

    def contents(self):
        return {path.name: path.read_bytes() for path in pathlib.Path(self.home, "s").iterdir()}

    def test_the_same_catalogue_gives_the_same_bytes(self):
        self.site()
        first = self.contents()
        self.site()
        self.assertEqual(self.contents(), first)

    def test_a_folder_with_other_files_is_left_alone(self):
        self.write("s/index.html", "mine")
        self.write("s/notes.txt", "mine")
        r = self.ehlo("site", f"{self.home}/s")
        self.assertEqual((r.status, r.out, r.err.count("\n")), (1, "", 1))
        self.assertIn("--force", r.err)
        self.assertEqual(self.contents(), {"index.html": b"mine", "notes.txt": b"mine"})
        self.site("--force")
        self.assertEqual(self.contents()["notes.txt"], b"mine")
        self.assertIn("521.html", self.contents())

    def test_what_no_longer_belongs_to_the_site_goes_and_nothing_else(self):
        self.site("--pair", "211,521")
        self.write("s/mine.txt", "mine")
        text = self.site()
        self.assertIn("1 old ones removed", text.replace("1 old one removed", "1 old ones removed"))
        self.assertNotIn("211-vs-521.html", self.contents())
        self.assertIn("mine.txt", self.contents())

    def test_a_forged_list_of_files_removes_nothing_elsewhere(self):
        self.write("victim.html", "mine")
        self.write("s/site.json", json.dumps({"site": "ehlo", "files": ["../victim.html", "/etc/passwd", ".x.html", 7]}))
        self.site()
        self.assertTrue(os.path.exists(f"{self.home}/victim.html"))

    def test_what_layers_add_is_on_its_page_with_its_origin(self):
        self.organisation("acme.json", document("acme", note("550", "Ask <b>Bob</b> & wait."), note("558", "Never.")))
        self.site()
        page = self.contents()["550.html"].decode()
        self.assertIn("Ask &lt;b&gt;Bob&lt;/b&gt; &amp; wait.", page)
        self.assertRegex(page, r"Whose words: [^<]*acme")
        self.assertIn("acme", self.contents()["index.html"].decode().split("<footer>")[1])
        self.assertIn("558.html", self.contents())

    def test_wrong_usage_is_one_line(self):
        self.wrong_usage("site")
        for pair in ("211", "211,99", "211,211", "550/5.1.1,521", ",", "a,b"):
            self.assertIn("--pair", self.wrong_usage("site", f"{self.home}/s", "--pair", pair))
        self.assertFalse(os.path.exists(f"{self.home}/s"))
        self.write("file", "x")
        r = self.ehlo("site", f"{self.home}/file")
        self.assertEqual((r.status, r.err.count("\n")), (1, 1), r.err)


if __name__ == "__main__":
    unittest.main()
