-- Owns: the manual's rows on `catalogue`. Callers: scripts/lib/manual.lua, which says what a row is.
local REFUSED = "nil, message, err (class \"refused\", or \"syntax\" for what cannot be meant)"
local CATALOGUE = {"name", "string", "a catalogue's name, as catalogue.list() has it"}

local CATALOGUE_OFFLINE = {list = true, layers = true, read = true, export = true} -- their examples run anywhere

local function of_catalogue(name, summary, arguments, returns, example)
  return {
    name = "catalogue." .. name, summary = summary, arguments = arguments, returns = returns, errors = REFUSED, network = not CATALOGUE_OFFLINE[name],
    example = example,
  }
end

return {
  of_catalogue("add", "configures where a catalogue comes from, or further keys of one; nothing is fetched.",
    {{"url", "string", "of its document; the signature lies beside it as URL.minisig"},
      {"options", "table", "keys (minisign's public keys or files with one), name, ca_file"}},
    "a table: name, url, keys, ca_file, added", "print(catalogue.add(\"https://mail.example.org/catalogue.json\", {keys = {\"minisign.pub\"}}))"),
  of_catalogue("update", "fetches what is new, and puts it in force if it can be believed; all catalogues where no name is given.",
    {CATALOGUE, {"options", "table", "dry_run and check (change nothing), quiet (no progress bar), timeout in seconds"}},
    "a list of {name, url, status, version, previous, offered, changes, expired, message}; status is current, newer, updated, set-aside, "
      .. "damaged, repaired or refused, changes as catalogue.diff has them",
    "for _, r in ipairs(catalogue.update()) do print(r.name, r.status, r.version, r.message) end"),
  of_catalogue("list", "what is configured, and what has landed.", {},
    "a list of {name, url, keys, version, previous, expires, expired, received, signed_by, comment, document, folder, trouble}",
    "for _, r in ipairs(catalogue.list()) do print(r.name, r.version, r.expires) end"),
  of_catalogue("show", "one catalogue's row, with issued and entries of the version in force.", {CATALOGUE}, "a table",
    "print(catalogue.show(\"example\").issued)"),
  of_catalogue("diff", "compares the version in force with the one before it, or two documents in files.",
    {{"a", "string", "a catalogue's name, or the older file"}, {"b", "string", "the newer file"}},
    "a table: old, new, name, changes {change (added, changed or withdrawn), kind, code, fields}",
    "for _, row in ipairs(catalogue.diff(\"example\").changes) do print(row.change, row.code) end"),
  of_catalogue("rollback", "puts the version that was in force before in force again; updates do not bring the other back.",
    {{"name", "string", "which; not needed where there is one only"}}, "a table: name, version, previous", "print(catalogue.rollback().version)"),
  of_catalogue("remove", "forgets where a catalogue comes from, and all versions of it.", {CATALOGUE}, "true", "catalogue.remove(\"example\")"),
  of_catalogue("verify", "whether a document in a file, with its signature beside it, is signed and well formed.",
    {{"path", "string", "the document; its signature is path.minisig"}, {"options", "table", "keys; those of all catalogues where absent"}},
    "a table: name, version, issued, expires, expired, entries, key, comment",
    "print(catalogue.verify(\"catalogue.json\", {keys = {\"minisign.pub\"}}))"),
  of_catalogue("layers", "which catalogues answer now, the least important first.", {},
    "a list of {layer (built-in, downloaded, organisation or user), name, version, issued, expires, stale, entries, origin, path, document}",
    "for _, row in ipairs(catalogue.layers()) do print(row.layer, row.name, row.version) end"),
  of_catalogue("read", "reads a document, and checks it by every rule of the form.", {{"bytes", "string", "its JSON text"}},
    "a table: format, name, version, issued, expires, entries", "print(catalogue.read(catalogue.export()).version)"),
  of_catalogue("build", "makes a document of a folder of sources: about.lua, and replies*.lua, enhanced*.lua, phrases*.lua.",
    {{"path", "string", "the folder"}}, "the document's text", "print(catalogue.build(\"our-catalogue\"))"),
  of_catalogue("export", "writes a catalogue in force as a document.", {{"name", "string", "which; all together where absent"}},
    "the document's text", "print(#catalogue.export())"),
}
