-- Owns: the manual's rows on `mail`, and on the sources, logs and tallies that it gives. Callers: scripts/lib/manual.lua, which says what a row is.
return {
  {
    name = "mail.open", summary = "opens a file (compressed with gzip, bzip2, xz or zstd, or not), a folder, standard input (\"-\"), or what the mail "
      .. "servers wrote to systemd's journal, and looks at what is in it. A journal's records come as `journalctl -o export` writes them.",
    arguments = {{"path", "string", "a file, a folder or \"-\"; for the journal of this machine the options stand here, with journal = true"},
      {"options", "table", "follow: the end of a file is not the end, as of a log; since: of a journal nothing older is read (seconds since 1970)"}},
    returns = "a source: path, kind (\"empty\", \"reply\", \"replies\", \"log\", \"queue\", \"mail\", \"mbox\" or \"folder\"), compression, regular, "
      .. "journal (true or false), size and position in bytes (of a journal its position in time, as a share of the size), changed (seconds since 1970)",
    errors = "nil, message, err (class \"not-found\", \"system\" or \"syntax\": damaged)",
    example = "local source = mail.open {journal = true, since = os.time() - 3600} or mail.open(\"/var/log/mail.log\")\n"
      .. "if source then print(source.kind, source.size) end",
  },
  {
    name = "mail.read", summary = "takes a mail apart: one mail, as it lies in a file.",
    arguments = {{"bytes", "string", "the mail; at most 64 MiB of it are looked at"}},
    returns = "kind, message (from, to, subject, reporter), headers (a list of {name, value}), parts (a list of {type, depth, body, "
      .. "headers}) and status, which is what a report says of each recipient: {address, action, status, code, enhanced, host, said}",
    errors = "nil, message, err (class \"syntax\") where there is no mail; raises where the module for mails cannot be opened",
    example = "local told = mail.read(\"Subject: hello\\n\\nHello.\\n\")\nprint(told.kind, told.message.subject, told.parts[1].body)",
  },
  {
    name = "mail.explain", summary = "what a mail tells of deliveries: its kind, and of a bounce each recipient, explained.",
    arguments = {{"bytes", "string", "the mail; at most 1 MiB of it is looked at"},
      {"input", "string", "a name for it: then the answer is the line of NDJSON that explain writes, made without tables"}},
    returns = "kind (\"bounce\", \"delivery-notice\", \"feedback-report\", \"auto-reply\" or \"mail\"), message (from, to, subject, reporter) "
      .. "and explanations: what codes.explain gives, with address, action, host, ip, phase, said and status",
    errors = "nil, message, err (class \"syntax\") where there is no mail; raises where the module for mails cannot be opened",
    example = "local told = mail.explain(\"Subject: hello\\n\\nHello.\\n\")\nprint(told.kind, #told.explanations)",
  },
  {
    name = "mail.explain_file", summary = "the line of NDJSON that explain writes for a file with one small mail: the quick way through a folder.",
    arguments = {{"path", "string", "the file"}, {"tally", "tally", "counts its recipients instead"}},
    returns = "the line, or with a tally the kind of mail and the number of recipients; nil for whatever is no mail, or larger than "
      .. "64 KB, or cannot be read: mail.open tells more",
    errors = "none",
    example = "for _, name in ipairs(mail.list(\".\") or {}) do io.write(mail.explain_file(name) or \"\") end",
  },
  {
    name = "mail.list", summary = "the names in a folder, hidden ones left out, in no order.",
    arguments = {{"path", "string", "the folder"}}, returns = "a list of names",
    errors = "nil, message, err (class \"system\") where the folder cannot be read",
    example = "for _, name in ipairs(mail.list(\".\") or {}) do print(name) end",
  },
  {
    name = "mail.kind", summary = "what bytes are: what mail.open says of a file that holds them.",
    arguments = {{"bytes", "string", "the first 64 KB are enough"}}, returns = "a word, as a source's kind", errors = "none",
    example = "print(mail.kind(\"550 5.1.1 no such user\"))",
  },
  {
    name = "mail.fields", summary = "cuts a mail into the fields of its header and its body as they were sent, which is what signatures are "
      .. "made over; line ends become CRLF.",
    arguments = {{"bytes", "string", "the mail"}},
    returns = "a list of {name, value, raw} from the top (raw is the field with its line ends, value what stands behind the colon, folded as "
      .. "it came; a line without a colon has the name \"\"), and the body",
    errors = "nil, message, err (class \"syntax\") where its header has more than 4,096 fields",
    example = "local fields, body = mail.fields(\"From: a@example.org\\nSubject: hello\\n\\nHello.\\n\")\nprint(fields[2].name, #body)",
  },
  {
    name = "mail.canonical_field", summary = "a header field in the form over which DKIM signs (RFC 6376 section 3.4).",
    arguments = {{"raw", "string", "the field, folded as it came"}, {"form", "string", "\"simple\" or \"relaxed\""}},
    returns = "a string that ends in CRLF", errors = "none",
    example = "print(mail.canonical_field(\"Subject :  a\\r\\n  folded line \\r\\n\", \"relaxed\"))",
  },
  {
    name = "mail.canonical_body", summary = "a body in the form over which DKIM signs (RFC 6376 section 3.4).",
    arguments = {{"body", "string", "its lines end in CRLF"}, {"form", "string", "\"simple\" or \"relaxed\""},
      {"length", "integer", "no more than so many bytes of it (l=); all where absent"}},
    returns = "a string", errors = "none",
    example = "print(#mail.canonical_body(\"Hello  there. \\r\\n\\r\\n\", \"relaxed\"))",
  },
  {
    name = "source:read", summary = "the next bytes, unpacked.", arguments = {{"size", "integer", "at most so many; 65536 unless told"}},
    returns = "a string, nil at the end; \"\" where a source that is followed has no more now",
    errors = "nil, message, err (class \"system\", or \"syntax\" for damaged compression)",
    example = "local source = mail.open(\"/etc/services\")\nif source then print(#(source:read(100) or \"\")) end",
  },
  {
    name = "source:wait", summary = "waits until a source that is followed may have more.",
    arguments = {{"seconds", "number", "at most so long; 1 unless told"}}, returns = "nothing", errors = "none",
    example = "local source = mail.open(\"/etc/services\", {follow = true})\nif source then source:wait(0.01) end",
  },
  {
    name = "source:close", summary = "closes the file.", arguments = {}, returns = "nothing", errors = "none",
    example = "local source = mail.open(\"/etc/services\")\nif source then source:close() end",
  },
  {
    name = "mail.replies", summary = "explains a stream of replies, one after the other, or counts them.",
    arguments = {{"bytes", "string", "the replies; the last may be cut off"}, {"ended", "boolean", "nothing follows: what is left is a reply too"},
      {"tally", "tally", "counts them instead"}},
    returns = "the lines of NDJSON that explain writes, \"\" with a tally; how many bytes the whole replies took; how many they are", errors = "none",
    example = "io.write((mail.replies(\"550 5.1.1 no such user\\n452 4.2.2 over quota\\n\", true)))",
  },
  {
    name = "mail.log", summary = "a reader of logs (Postfix, Exim, Sendmail, OpenSMTPD, qmail; the journal as JSON or export) and of queue "
      .. "listings (postqueue -j, mailq, exim -bp), which joins the lines of one message and explains what failed or waits.",
    arguments = {{"options", "table", "tally: what counts them; since: nothing older, in seconds since 1970; queue_id: only this message, and "
      .. "all that is said of it; now: the moment that ages in listings are counted from, in seconds since 1970 (the present)"}},
    returns = "a log", errors = "none",
    example = "local log = mail.log({since = os.time() - 86400})\nlog:begin(\"\", \"mail.log\")",
  },
  {
    name = "mail.tally", summary = "counts explanations by cause and retry, and where each is frequent.", arguments = {}, returns = "a tally",
    errors = "none", example = "local tally = mail.tally()\ntally:add(codes.explain(\"452 4.2.2 full\"), {address = \"user@example.org\"})",
  },
  {
    name = "log:begin", summary = "tells that another file begins.",
    arguments = {{"first", "string", "its first bytes, which tell its form; they are to be fed as well"}, {"name", "string", "of the file"},
      {"kind", "string", "\"log\" or \"queue\""}},
    returns = "nothing", errors = "none", example = "local log = mail.log()\nlog:begin(\"\", \"mail.log\", \"log\")",
  },
  {
    name = "log:feed", summary = "reads bytes as they come; a line may end in the next piece.",
    arguments = {{"bytes", "string", "any number"}, {"form", "string", "\"tables\" (the default), \"ndjson\" or \"count\""}},
    returns = "what failed or waits in these bytes: a list of tables {input, kind, message, explanations, log}, the lines of JSON that explain "
      .. "prints, or only their number",
    errors = "raises when out of memory",
    example = "local log = mail.log()\nlog:begin(\"\", \"mail.log\")\nlog:feed(\"Nov  3 04:05:03 h postfix/smtp[1]: 4ZfQ1b3x: to=<a@b.example>, \"\n"
      .. "  .. \"relay=none, delay=1, dsn=4.4.1, status=deferred (connect to b.example[192.0.2.1]:25: Connection refused)\\n\")",
  },
  {
    name = "log:finish", summary = "tells that the file has ended: its last line may have no end.",
    arguments = {{"form", "string", "as for log:feed"}}, returns = "as log:feed", errors = "raises when out of memory",
    example = "local log = mail.log()\nlog:begin(\"\", \"mail.log\")\nprint(log:finish(\"count\"))",
  },
  {
    name = "tally:add", summary = "counts one explanation.",
    arguments = {{"explanation", "table", "as codes.explain gives it"}, {"facts", "table", "address, host, time (seconds, as the clock on the wall "
      .. "showed it), inbound (a client was refused), queue_id, input, text; each may be absent"}},
    returns = "nothing", errors = "raises when out of memory",
    example = "local tally = mail.tally()\ntally:add(codes.explain(\"550 5.1.1 no such user\"), {address = \"user@example.org\"})",
  },
  {
    name = "tally:rows", summary = "what was counted.", arguments = {},
    returns = "a list, in no order, of {cause, retry, acts, inbound, count, first, last, distinct, elsewhere, places {name, provider, count, first, "
      .. "last}, examples {address, queue_id, input, text, time}}; and how many that waited went out later",
    errors = "none",
    example = "for _, row in ipairs((mail.tally():rows())) do print(row.cause, row.count) end",
  },
}
