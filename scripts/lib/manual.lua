-- Owns: what each function that scripts can call takes, gives and refuses: the one source of `help` here and at the prompt.
-- A row: name, summary, arguments {name, type, what it is}, returns, errors, example; `network` marks examples that talk to
-- servers. A test walks the modules: a function without a row fails it, and so does an example that does not run.
local FAILS = "nil, message, err where the world said no; err.class is the outcome, err.phase where it happened"
local CODE = {"code", "string, integer or entry", "\"521\", \"5.7.1\", or a pair such as \"550/5.1.1\""}

local rows = {
  -- codes
  {
    name = "codes.lookup", summary = "what a code means: an entry, read-only, also for codes that no standard names.",
    arguments = {CODE},
    returns = "an entry: code, kind, pattern, name, class, category, meaning, when, fix, retry, acts, commands, enhanced or replies, "
      .. "standards, status, see_also, notes, phrases, from_digits; both entries for a pair",
    errors = "nil, message, err (class \"syntax\") for what is no code",
    example = "local entry = codes.lookup(\"521\")\nprint(entry.name, entry.retry, entry.fix)",
  },
  {
    name = "codes.each", summary = "walks the catalogue.",
    arguments = {{"kind", "string", "\"reply\", \"enhanced\" or \"phrase\"; all codes where absent"}},
    returns = "an iterator over entries", errors = "none",
    example = "for entry in codes.each(\"reply\") do print(entry.code, entry.name) end",
  },
  {
    name = "codes.compare", summary = "sets two to 16 codes side by side.",
    arguments = {CODE, {"...", "string, integer or entry", "further codes"}},
    returns = "a comparison: kind, items, differences {field, values}, common {field, value}, headline, summary, when_to_use",
    errors = "nil, message, err (class \"syntax\") for what is no code; raises for fewer than two codes",
    example = "local comparison = codes.compare(\"450\", \"550\")\nprint(comparison.headline)\nprint(comparison.when_to_use)",
  },
  {
    name = "codes.explain", summary = "what a reply means, in a word for programs and in sentences for people.",
    arguments = {{"text", "string or entry", "a reply of one or several lines, a code, or what an MTA says of its own"},
      {"options", "table", "phase: the command that it answered, such as \"rcpt\""}},
    returns = "an explanation: code, enhanced, cause, retry, acts, provider, about, tag, verdicts, suppress, links, meaning, fix, "
      .. "evidence, evidence_kind, phrase, contradiction, text",
    errors = "nil, message, err (class \"syntax\") for an empty text",
    example = "local e = codes.explain(\"452 4.2.2 over quota\", {phase = \"rcpt\"})\nprint(e.cause, e.retry, e.fix)",
  },
  {
    name = "codes.search", summary = "finds codes and phrases by words; all of them must occur.",
    arguments = {{"query", "string", "words, or parts of them"}, {"options", "table", "limit: at most so many, 20 unless told"}},
    returns = "a list of entries, best first", errors = "none",
    example = "for _, entry in ipairs(codes.search(\"mailbox full\", {limit = 5})) do print(entry.code, entry.meaning) end",
  },
  {
    name = "codes.causes", summary = "the words that an explanation's cause can be.", arguments = {},
    returns = "a list of strings", errors = "none", example = "print(table.concat(codes.causes(), \" \"))",
  },
  {
    name = "codes.about", summary = "which catalogue answers.", arguments = {},
    returns = "a table: name, version, issued, expires, entries", errors = "none", example = "print(codes.about().version)",
  },
  -- report
  {
    name = "report.width", summary = "the columns that a text takes on a terminal; colours take none.",
    arguments = {{"text", "string", "UTF-8"}}, returns = "an integer", errors = "none", example = "print(report.width(\"Gr\\u{fc}\\u{df}e\"))",
  },
  {
    name = "report.wrap", summary = "breaks a text into lines between words; a word that is too long is broken, a link never.",
    arguments = {{"text", "string", "UTF-8; a line feed in it ends a line"}, {"columns", "integer", "1 to 10000"}},
    returns = "a list of lines", errors = "none",
    example = "for _, line in ipairs(report.wrap(codes.lookup(\"521\").meaning, 40)) do print(line) end",
  },
  {
    name = "report.pad", summary = "fills a text with blanks up to a number of columns; never cuts.",
    arguments = {{"text", "string", "UTF-8"}, {"columns", "integer", "0 to 10000"}, {"side", "string", "where the text stands: \"left\" or \"right\""}},
    returns = "a string", errors = "none", example = "print(report.pad(\"code\", 8) .. report.pad(\"521\", 6, \"right\"))",
  },
  {
    name = "report.escape", summary = "makes bytes from outside fit for a terminal: controls become \\x1B, \\n and the like.",
    arguments = {{"text", "string", "any bytes"}}, returns = "a string without controls", errors = "none",
    example = "print(report.escape(\"220 \\27[31mhello\"))",
  },
  {
    name = "report.escape_html", summary = "makes bytes from outside fit for HTML text and attribute values.",
    arguments = {{"text", "string", "any bytes"}}, returns = "a string", errors = "none",
    example = "print(\"<p>\" .. report.escape_html(\"<user@example.org>\") .. \"</p>\")",
  },
  {
    name = "report.json", summary = "a value as JSON, in a stable order: names sorted, or as the list __order of the metatable tells. "
      .. "An empty table is a list; report.null is null; entries, comparisons, explanations and records write themselves.",
    arguments = {{"value", "any", "what to write"}, {"options", "table", "indent: blanks a level; one line where absent"}},
    returns = "a string", errors = "raises for functions, coroutines, and tables that contain themselves",
    example = "print(report.json({code = 521, retry = report.null}, {indent = 2}))",
  },
  {
    name = "report.compare", summary = "sets two to 16 records side by side: results of probes, sessions, explanations, entries, records of policies "
      .. "and runbooks, of one kind each. Times, ids and the like are left out.",
    arguments = {{"a", "record or string", "what a probe, a session or a check gave; or the path of a file with its JSON"},
      {"b", "record or string", "another"}, {"...", "record or string", "further ones"}},
    returns = "a comparison: kind, items, differences {field, label, type, values; for sets only, added, removed; for dates change}, common "
      .. "{field, label, value}, left_out, masked, one_sided, headline, summary; tostring of it is the page",
    errors = "raises for what is no record or cannot be read, and for records of different kinds",
    example = "local c = report.compare(codes.explain(\"450 4.2.2 full\"), codes.explain(\"550 5.1.1 no such user\"))\nprint(c.summary)",
  },
  -- http
  {
    name = "http.get", summary = "fetches a URL: https, or from this machine itself http and file. Redirects are followed within https.",
    arguments = {{"url", "string", "what to fetch"}, {"options", "table", "headers {name = value}, timeout of the whole in seconds (60), "
      .. "max_size in bytes (16 MiB), etag and last_modified of what is here already, ca_file (PEM) in place of the system's roots, "
      .. "resume_from in bytes, redirects (false: one is the response), on_progress(received, total or nil)"}},
    returns = "a response: status (304 where nothing is new, 206 where it was resumed), headers by name in small letters, body, url, seconds",
    errors = FAILS .. ", err.body and err.headers what came; raises for wrong options", network = true,
    example = "local r, message = http.get(\"https://example.org/\")\nprint(r and r.status or message, r and #r.body)",
  },
  {
    name = "http.allowed", summary = "whether a URL is one that http.get fetches; nothing is asked.",
    arguments = {{"url", "string", "a URL"}}, returns = "true", errors = "nil, message, err (class \"syntax\")",
    example = "print(http.allowed(\"https://example.org/\"), http.allowed(\"http://example.org/\"))",
  },
  -- task
  {
    name = "task.spawn", summary = "runs a function beside this one; it goes on whenever this one waits.",
    arguments = {{"f", "function", "what to run"}, {"...", "any", "its arguments"}}, returns = "a task", errors = "none",
    example = "local t = task.spawn(function(n) task.sleep(0.01) return n * 2 end, 21)\nprint(t:wait())",
  },
  {
    name = "task.map", summary = "calls a function for each item of a list, several at a time; an error in one call stops no other.",
    arguments = {{"list", "table", "the items"}, {"f", "function", "called with the item alone: smtp.probe will do"},
      {"options", "table", "concurrency: at most so many at a time, 16 unless told"}},
    returns = "a list of results in the order of the items, and a table of errors by index, or nil where there was none",
    errors = "none",
    example = "local doubled, errors = task.map({1, 2, 3}, function(n) return n * 2 end, {concurrency = 2})\nprint(doubled[3], errors)",
  },
  {
    name = "task.sleep", summary = "waits; other tasks go on.", arguments = {{"seconds", "number", "0 or more"}}, returns = "true",
    errors = "nil, message, err (class \"cancelled\")", example = "task.sleep(0.01)",
  },
  {
    name = "task.deadline", summary = "runs a function and cancels it, with all it began, when the time is over.",
    arguments = {{"seconds", "number", "more than 0"}, {"f", "function", "what to run"}, {"...", "any", "its arguments"}},
    returns = "what the function returns", errors = "nil, message, err (class \"timed-out\")",
    example = "print(task.deadline(0.01, function() task.sleep(10) end))",
  },
  {
    name = "task.read_line", summary = "the next line of standard input; other tasks go on while it waits.",
    arguments = {}, returns = "the line without its end; nil at the end of the input",
    errors = "nil, message, err for a line of over 65536 bytes (class \"syntax\"; the next call goes on behind it), or trouble in reading",
    network = true, example = "for line in task.read_line do print(#line) end",
  },
  {
    name = "task.cancel", summary = "ends a task, the tasks it began and the sessions it opened.", arguments = {{"task", "task", "not this one"}},
    returns = "nothing", errors = "raises for the task that runs",
    example = "local t = task.spawn(task.sleep, 10)\ntask.cancel(t)\nprint(t:status())",
  },
  {
    name = "task:wait", summary = "waits for the task's end.", arguments = {}, returns = "what its function returned",
    errors = "nil, message, err (class \"error\" or \"cancelled\")", example = "print(task.spawn(function() return 521 end):wait())",
  },
  {
    name = "task:cancel", summary = "the same as task.cancel.", arguments = {}, returns = "nothing", errors = "raises for the task that runs",
    example = "local t = task.spawn(task.sleep, 10)\nt:cancel()",
  },
  {
    name = "task:status", summary = "how the task stands.", arguments = {}, returns = "\"running\", \"done\", \"failed\" or \"cancelled\"",
    errors = "none", example = "print(task.spawn(function() end):status())",
  },
}

for _, each in ipairs {"mail", "signature", "smtp", "dns", "catalogue", "policy", "runbook"} do
  local more = require("ehlo.manual." .. each)
  table.move(more, 1, #more, #rows + 1, rows)
end
return rows
