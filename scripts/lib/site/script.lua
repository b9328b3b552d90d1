-- Owns: the search of a site, as it runs in the reader's browser: no request to anywhere, and files are enough. Callers: site.
return [[
// Search. The index is a script beside this one, read when somebody begins to search: files have no other way to be read.
"use strict";
(function () {
  var field = document.getElementById("q"), box = document.getElementById("results");
  var most = 12, waiting = null;

  function withIndex(then) {
    if (window.smtpIndex) { then(window.smtpIndex); return; }
    if (waiting) { waiting.push(then); return; }
    waiting = [then];
    var script = document.createElement("script");
    script.src = "index.js";
    script.onload = function () { waiting.forEach(function (each) { each(window.smtpIndex); }); waiting = null; };
    document.head.appendChild(script);
  }

  // A row of the index: kind (c code, v two codes, s said by software), title, name, file, words.
  function score(row, words, whole) {
    var title = row[1].toLowerCase(), name = row[2].toLowerCase(), sum = 0;
    for (var i = 0; i < words.length; i++) {
      var word = words[i];
      if (title === word) { sum += 100; }
      else if (title.indexOf(word) === 0) { sum += 40; }
      else if (name.indexOf(word) >= 0) { sum += 20; }
      else if (row[4].indexOf(word) >= 0) { sum += 5; }
      else { return 0; }
    }
    if (title === whole) { sum += 100; }
    if (row[0] === "c") { sum += 8; }
    return row[0] === "v" && sum < 100 ? 0 : sum;
  }

  function codeOrder(a, b) {
    var x = a.split("."), y = b.split(".");
    if (x.length !== y.length) { return x.length - y.length; }
    for (var i = 0; i < x.length; i++) { if (x[i] !== y[i]) { return x[i] - y[i]; } }
    return 0;
  }

  function asPair(words) {
    var codes = words.filter(function (word) { return /^(\d{3}|\d\.\d{1,3}\.\d{1,3})$/.test(word); });
    return codes.length === 2 ? codes.sort(codeOrder).join(" vs ") : null;
  }

  function find(index, query) {
    var words = query.toLowerCase().split(/[\s,\/]+/).filter(function (word) { return word && word !== "vs"; });
    if (!words.length) { return []; }
    var pair = asPair(words), found = [];
    index.forEach(function (row, at) {
      var points = pair && row[0] === "v" ? (row[1] === pair ? 1000 : 0) : score(row, words, words.join(" "));
      if (pair && row[0] === "c" && words.indexOf(row[1]) >= 0) { points = 500; }
      if (points) { found.push([points, at, row]); }
    });
    found.sort(function (a, b) { return b[0] - a[0] || a[1] - b[1]; });
    return found.slice(0, most).map(function (each) { return each[2]; });
  }

  function part(tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function show(rows, query) {
    box.textContent = "";
    box.hidden = !query;
    if (query && !rows.length) { box.appendChild(part("p", "Nothing found. Try fewer or shorter words.")); }
    rows.forEach(function (row) {
      var link = document.createElement("a");
      link.href = row[3];
      link.appendChild(part("b", row[0] === "s" ? row[1].split(" ")[0] || "says" : row[1]));
      link.appendChild(part("span", row[2]));
      if (row[0] === "s") { link.appendChild(part("small", row[5])); }
      box.appendChild(link);
    });
  }

  function search() {
    var query = field.value.trim();
    if (!query) { show([], ""); return; }
    withIndex(function (index) { show(find(index, query), query); });
  }

  function links() { return Array.prototype.slice.call(box.querySelectorAll("a")); }

  function move(step) {
    var list = links(), at = list.indexOf(document.activeElement) + step;
    if (at < 0 || (at === 0 && step < 0 && document.activeElement === field)) { field.focus(); return; }
    if (list[Math.min(at, list.length - 1)]) { list[Math.min(at, list.length - 1)].focus(); }
  }

  field.addEventListener("input", search);
  field.addEventListener("focus", function () { withIndex(function () {}); });
  field.form.addEventListener("submit", function (event) {
    event.preventDefault();
    withIndex(function (index) {
      var first = find(index, field.value.trim())[0];
      if (first) { location.href = first[3]; }
    });
  });
  document.addEventListener("keydown", function (event) {
    var inside = field.form.contains(document.activeElement);
    if (event.key === "/" && !inside && !event.ctrlKey && !event.metaKey) { event.preventDefault(); field.focus(); field.select(); }
    if (!inside) { return; }
    if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    if (event.key === "Escape") { field.value = ""; show([], ""); field.focus(); }
  });
  document.addEventListener("click", function (event) { if (!field.form.contains(event.target)) { box.hidden = true; } });

  var asked = /[?&]q=([^&#]*)/.exec(location.search);
  if (asked) {
    try { field.value = decodeURIComponent(asked[1].replace(/\+/g, " ")); } catch (wrong) { field.value = ""; }
    search();
  }
})();
]]
