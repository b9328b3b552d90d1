-- Owns: what each function that scripts can call takes, gives and refuses: the one source of `help` here and at the prompt.
-- A row: name, summary, arguments {name, type, what it is}, returns, errors, example; `network` marks examples that talk to
-- servers. A test walks the modules: a function without a row fails it, and so does an example that does not run.
local FAILS = "nil, message, err where the world said no; err.class is the outcome, err.phase where it happened"
local LOST = "nil, message, err where the connection failed; err.session is the session with its transcript"
local CODE = {"code", "string, integer or entry", "\"521\", \"5.7.1\", or a pair such as \"550/5.1.1\""}
local REPLY = "a reply: code, enhanced, lines, text, class, seconds, anomalies, r:explain(). Refusals are replies too"
local DIALLING = {"options", "table", "helo, source, address (of the target, a name: dial this one alone), domain (whose signed "
  .. "MX records led here: with DANE and an issuer's record, a certificate for it will do), "
  .. "family (\"ipv4\", \"ipv6\"), port, tls (none, may, encrypt, verify, dane), implicit_tls, sni (the name asked for in the handshake), "
  .. "pipe (the words of a program to talk to: {\"/usr/sbin/exim\", \"-bs\"}), "
  .. "tls_min and tls_max (\"TLSv1\" to \"TLSv1.3\"), tls_groups (for the key exchange, \"X25519:P-256\"), "
  .. "tls_security (OpenSSL's level, 0 to 5; 0 where absent, so that old servers can be looked at), "
  .. "ca_file, certificate and key (PEM), alpn (protocols to offer, \"a,b\"), "
  .. "resume (take up the last TLS session with that host), timeout and step in seconds, "
  .. "proxy (1 or 2: begin with a PROXY header), proxy_source and proxy_destination (\"ADDRESS:PORT\"), per_address (connections of "
  .. "tasks at a time to one address, 1) and rate (new ones a second, 10; 0 for no limit)"}
local PARAMETERS = {"parameters", "table or string", "ESMTP parameters, such as {SIZE = 1000, BODY = \"8BITMIME\", SMTPUTF8 = true}"}

local function verb(name, summary, arguments, errors)
  local words = {}
  for i, argument in ipairs(arguments or {}) do words[i] = argument.sample end
  return {
    name = "session:" .. name, summary = summary, arguments = arguments or {}, returns = REPLY, errors = errors or LOST, network = true,
    example = ("local s = assert(smtp.connect(\"mx.example.org\"))\nprint(s:%s(%s))\ns:close()"):format(name, table.concat(words, ", ")),
  }
end

local function argument(name, type, what, sample)
  return {name, type, what, sample = sample}
end

local POLICY = "a record of what was found: verdict, summary, fix, evidence, reference, findings, trace"
local POLICY_LIMITS = {"options", "table", "timeout in seconds for the whole; 30 unless told"}
local SENDING = "raises without --allow send. " .. LOST
local GUARDED = "raises without --allow intrusive. " .. LOST

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
  -- mail
  {
    name = "mail.open", summary = "opens a file (compressed with gzip, bzip2, xz or zstd, or not), a folder, or standard input (\"-\"), and "
      .. "looks at what is in it.",
    arguments = {{"path", "string", "a file, a folder or \"-\""}, {"options", "table", "follow: the end of a file is not the end, as of a log"}},
    returns = "a source: path, kind (\"empty\", \"reply\", \"replies\", \"log\", \"queue\", \"mail\", \"mbox\" or \"folder\"), compression, regular, size "
      .. "and position in bytes, changed (seconds since 1970)",
    errors = "nil, message, err (class \"not-found\" or \"system\")",
    example = "local source = mail.open(\"/var/log/mail.log\")\nif source then print(source.kind, source.size) end",
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
  -- policy: signatures
  {
    name = "policy.dkim_key", summary = "reads the public key of a selector, and judges it: size, type, tests, revoked, malformed.",
    arguments = {{"selector", "string", "as s= of a signature has it"}, {"domain", "string", "as d= has it"}, POLICY_LIMITS},
    returns = POLICY .. ": verdict (present, testing, revoked, invalid, none, temperror), type, bits, form, testing, strict, hashes, services, "
      .. "secure, text", errors = "raises for arguments that are no strings", network = true,
    example = "print(policy.dkim_key(\"mail\", \"example.org\"))",
  },
  {
    name = "policy.dkim", summary = "verifies every DKIM signature of a mail, and tells why one does not hold: what was done to body or header is "
      .. "tried out against the signature itself.",
    arguments = {{"message", "string", "the mail as it lies in a file"},
      {"options", "table", "timeout in seconds for the whole (30), lookups at most (200), time: seconds since 1970, in place of now"}},
    returns = POLICY .. ": verdict (pass, fail, policy, neutral, temperror, permerror, none) and signatures: {domain, selector, verdict, reason, "
      .. "text, fix, algorithm, canonicalization, identity, signed, length, time, expires, body, header_holds, change, key}",
    errors = "nil, message, err (class \"syntax\") for a header beyond all bounds", network = true,
    example = "local file = assert(io.open(\"mail.eml\", \"rb\"))\nprint(policy.dkim(file:read(\"a\")))",
  },
  {
    name = "policy.arc", summary = "verifies the ARC chain of a mail: each set with its seal and its signature, and where the chain breaks.",
    arguments = {{"message", "string", "the mail as it lies in a file"},
      {"options", "table", "timeout in seconds for the whole (30), lookups at most (200), time: seconds since 1970, in place of now"}},
    returns = POLICY .. ": verdict (none, pass, fail, temperror), instances: {instance, domain, cv, seal, message_signature, results}, "
      .. "oldest_pass, broken_at",
    errors = "nil, message, err (class \"syntax\") for a header beyond all bounds", network = true,
    example = "local file = assert(io.open(\"mail.eml\", \"rb\"))\nprint(policy.arc(file:read(\"a\")))",
  },
  {
    name = "policy.authentication_results", summary = "reads Authentication-Results fields: which server says what of a mail.",
    arguments = {{"text", "string", "a mail, a header, or the value of one such field"}},
    returns = POLICY .. ": verdict (present, none) and fields: {field, server, version, instance, none, results, anomalies}; a result is {method, "
      .. "result, version, reason, properties ({type, property, value}), comments}",
    errors = "raises for what is no string",
    example = "local r = policy.authentication_results(\"mx.example.org; spf=pass smtp.mailfrom=example.net\")\nprint(r.fields[1].results[1].method)",
  },
  {
    name = "policy.dmarc", summary = "reads and judges the DMARC record of a domain; or, given what SPF and DKIM found of a mail, tells what the "
      .. "record makes of that.",
    arguments = {{"what", "string or table", "from (a domain or mailbox), spf ({result=, domain=}), dkim (a list of such), timeout; "
      .. "or a domain alone"}, POLICY_LIMITS},
    returns = POLICY .. ": of a domain verdict (present, none, invalid, temperror), found_at, inherited, organisational_domain, requested, p, sp, np, "
      .. "adkim, aspf, pct, rua, ruf; of a mail verdict (pass, fail, none, temperror, permerror), alignment, disposition besides",
    errors = "raises for arguments that cannot be meant", network = true,
    example = "print(policy.dmarc(\"example.org\"))\nprint(policy.dmarc {from = \"a@example.org\", spf = {result = \"pass\", domain = \"example.org\"}})",
  },
  {
    name = "policy.message", summary = "what a mail can prove of itself, all together: SPF where ip is given, DKIM, ARC, and DMARC over them.",
    arguments = {{"message", "string", "the mail as it lies in a file"},
      {"options", "table", "ip: the address that sent it; helo: its EHLO name; from: the envelope's sender (else that of Return-Path); timeout, "
        .. "lookups, time as for policy.dkim"}},
    returns = POLICY .. ": the verdict of DMARC; from, spf, dkim, arc and dmarc, each such a record",
    errors = "nil, message, err (class \"syntax\") for a header beyond all bounds", network = true,
    example = "local file = assert(io.open(\"mail.eml\", \"rb\"))\nprint(policy.message(file:read(\"a\"), {ip = \"192.0.2.1\"}))",
  },
  -- crypto
  {
    name = "crypto.hash", summary = "the hash of bytes.",
    arguments = {{"name", "string", "\"sha256\" or \"sha1\""}, {"bytes", "string", "any bytes"}},
    returns = "a string of 32 or 20 bytes", errors = "none", example = "print(crypto.base64(crypto.hash(\"sha256\", \"hello\")))",
  },
  {
    name = "crypto.prefix", summary = "finds out whether lines were added behind a text: the longest beginning of it that has a known hash.",
    arguments = {{"name", "string", "\"sha256\" or \"sha1\""}, {"bytes", "string", "lines that end in CRLF; the first 100,000 are tried"},
      {"digest", "string", "the hash, as crypto.hash gives it"}},
    returns = "an integer, the bytes of that beginning; nil where none has the hash. Beginnings end in a line that is not empty", errors = "none",
    example = "print(crypto.prefix(\"sha256\", \"Hello.\\r\\nA footer.\\r\\n\", crypto.hash(\"sha256\", \"Hello.\\r\\n\")))",
  },
  {
    name = "crypto.base64", summary = "bytes as base64 (RFC 4648), with padding.", arguments = {{"bytes", "string", "any bytes"}},
    returns = "a string", errors = "none", example = "print(crypto.base64(\"hello\"))",
  },
  {
    name = "crypto.unbase64", summary = "what base64 stands for; padding may be missing, blanks may not be there.",
    arguments = {{"text", "string", "base64"}}, returns = "a string", errors = "nil, message, err (class \"syntax\")",
    example = "print(crypto.unbase64(\"aGVsbG8=\"))",
  },
  {
    name = "crypto.key", summary = "reads a public key, as DKIM records hold them.",
    arguments = {{"type", "string", "\"rsa\" or \"ed25519\""}, {"bytes", "string", "DER, or of Ed25519 the 32 bytes"}},
    returns = "a key", errors = "nil, message, err (class \"syntax\")",
    example = "local key = crypto.key(\"ed25519\", (\"\\x11\"):rep(32))\nprint(key:bits(), key:form())",
  },
  {
    name = "key:verify", summary = "tells whether the key signed these bytes.",
    arguments = {{"hash", "string", "\"sha256\" or \"sha1\"; Ed25519 signs that hash of the bytes, as RFC 8463 has it"},
      {"data", "string", "what was signed"}, {"signature", "string", "the signature's bytes"}},
    returns = "true or false", errors = "none",
    example = "local key = crypto.key(\"ed25519\", (\"\\x11\"):rep(32))\nprint(key:verify(\"sha256\", \"hello\", (\"\\0\"):rep(64)))",
  },
  {
    name = "key:signed_digest", summary = "the hash that an RSA signature was made over, whatever the bytes are now: it tells a message that was "
      .. "changed from a signature of another key.",
    arguments = {{"hash", "string", "\"sha256\" or \"sha1\""}, {"signature", "string", "the signature's bytes"}},
    returns = "a string; nil where this key did not make the signature, and for Ed25519, which does not tell", errors = "none",
    example = "local key = crypto.key(\"ed25519\", (\"\\x11\"):rep(32))\nprint(key:signed_digest(\"sha256\", (\"\\0\"):rep(64)))",
  },
  {
    name = "key:bits", summary = "the size of a key.", arguments = {}, returns = "an integer", errors = "none",
    example = "print(crypto.key(\"ed25519\", (\"\\x11\"):rep(32)):bits())",
  },
  {
    name = "key:form", summary = "how the key was written.", arguments = {},
    returns = "\"spki\" (as X.509 wraps keys), \"pkcs1\" (an RSA key without that wrapping) or \"raw\"", errors = "none",
    example = "print(crypto.key(\"ed25519\", (\"\\x11\"):rep(32)):form())",
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
  -- smtp
  {
    name = "smtp.connect", summary = "opens a session with a mail server; it ends after the greeting, further verbs are methods.",
    arguments = {{"target", "string", "host, address or domain, with :port where it is not 25"}, DIALLING},
    returns = "a session, whose fields are those of a probe's record", errors = LOST, network = true,
    example = "local s <close> = assert(smtp.connect(\"mx.example.org\", {timeout = 20}))\nprint(s.banner)\nprint(s:ehlo())",
  },
  {
    name = "smtp.probe", summary = "the whole dialogue, step by step, up to RCPT where a recipient is given; no mail is sent.",
    arguments = {{"target", "string", "host, address or domain, with :port where it is not 25"},
      {"options", "table", "to, from, auth (a table as for session:auth), mail and rcpt (parameters as for session:mail), xclient (as for "
        .. "session:xclient), lmtp, and the options of smtp.connect"}},
    returns = "a record: outcome, exit, phase, reply, explanation, banner, capabilities, tls, timing, anomalies, findings, failure, "
      .. "exchanges, transcript and more; also for servers that cannot be reached",
    errors = "nil, message, err (class \"syntax\") for what is no target", network = true,
    example = "local r = smtp.probe(\"mx.example.org\", {to = \"user@example.org\"})\nprint(r.outcome, r.phase, r.reply)",
  },
  {
    name = "smtp.probe_mx", summary = "probes a mail domain as senders come to it: every address of every MX host, as MTA-STS and DANE demand.",
    arguments = {{"target", "string", "a mail domain, or domain:port"}, {"options", "table", "those of smtp.probe, and mta_sts (false: leave that "
      .. "policy aside), concurrency (probes at a time, 8)"}},
    returns = "a record: target, outcome, exit, phase, mx {kind, secure, hosts {host, preference, tls, covered, outcome, addresses}}, mta_sts, "
      .. "failure, findings {id, level, text, fix}, probes (as smtp.probe gives them); outcome is that of the most preferred host that is ready",
    errors = "nil, message, err (class \"syntax\") for what is no mail domain; what the world does is in the record", network = true,
    example = "local r = smtp.probe_mx(\"example.org\")\nfor _, p in ipairs(r.probes) do print(p.host, p.address, p.outcome) end",
  },
  {
    name = "smtp.resolver", summary = "sets who answers questions to DNS from now on.",
    arguments = {{"options", "table", "server (\"ADDRESS[:PORT]\"), recursive, trust_anchor (a file), hosts (a file)"}},
    returns = "true", network = true,
    errors = "nil, message, err (class \"syntax\") for what is no such server, \"busy\" while a task waits for an answer",
    example = "assert(smtp.resolver({server = \"192.0.2.53\"}))",
  },
  {
    name = "smtp.witnesses", summary = "sets whom a probe that cannot connect asks, to tell a block on this side from trouble at the other.",
    arguments = {{"hosts", "table", "a list of HOST or HOST:PORT, at most 8; with an empty one nobody is asked"}},
    returns = "true", errors = "nil, message, err (class \"syntax\") for what is no host", network = true,
    example = "assert(smtp.witnesses({\"mx.example.org\"}))",
  },
  {
    name = "smtp.patience", summary = "sets when sessions end at the latest, whatever their own options grant.",
    arguments = {{"seconds", "number", "from now; those that are begun after this call end by then (no number: no such end)"}},
    returns = "nothing", errors = "raises for what is no number of seconds",
    network = true, example = "smtp.patience(60)\nprint(smtp.probe(\"mx.example.org\").outcome)\nsmtp.patience()",
  },
  {
    name = "smtp.listen", summary = "starts a mail server on loopback that answers as it is told, to try clients on. It keeps no mail and "
      .. "hands none on.",
    arguments = {{"options", "table", "address, port, name, ehlo (capabilities), answers by verb (greeting, mail, rcpt, end-of-data ...: "
      .. "\"CODE text\", a list of such for one after the other, a function(session, argument), or {reply, raw, inject, delay, drip, cut, "
      .. "drop, silent}), delay, drip, tls (true or {certificate, key, names, expired, days, min, max, alpn, resume, "
      .. "groups, security}), implicit_tls, user, secret, rate, "
      .. "recipients, anywhere"}},
    returns = "a server: address, port, count, errors, sessions {address, helo, tls, commands, messages {from, to, bytes, size}}",
    errors = "nil, message, err where the port cannot be had; raises for options that cannot be meant, and for addresses beyond loopback "
      .. "without anywhere = true",
    example = "local server = assert(smtp.listen {rcpt = \"450 4.2.0 greylisted\"})\nprint(server.port)\nserver:close()",
  },
  {
    name = "server:wait", summary = "waits until the server is closed; it serves meanwhile.", arguments = {}, returns = "true",
    errors = "nil, message, err (class \"cancelled\") where the wait was cancelled",
    example = "local server = assert(smtp.listen())\ntask.spawn(function() server:close() end)\nserver:wait()",
  },
  {
    name = "server:close", summary = "ends the server and every connection to it; what it recorded stays.", arguments = {},
    returns = "nothing", errors = "none", example = "local server = assert(smtp.listen())\nserver:close()\nprint(server.count)",
  },
  verb("ehlo", "sends EHLO with the name of this host; s.capabilities are set by the answer."),
  verb("helo", "sends HELO, for servers that know no EHLO."),
  verb("lhlo", "sends LHLO, for LMTP."),
  verb("starttls", "sends STARTTLS and makes the handshake; s.tls tells what came of it. EHLO is due again.",
    {argument("behind", "string", "bytes in the same write behind the command, to break rules with; mostly absent", "")},
    "raises where bytes stand behind it without --allow intrusive. " .. LOST),
  verb("mail", "sends MAIL FROM.", {argument("address", "string", "the sender; \"\" for a bounce", "\"probe@example.net\""), PARAMETERS},
    "raises for what is no address. " .. LOST),
  verb("rcpt", "sends RCPT TO.", {argument("address", "string", "the recipient", "\"user@example.org\""), PARAMETERS},
    "raises for what is no address. " .. LOST),
  verb("rset", "sends RSET: forgets sender and recipients."),
  verb("noop", "sends NOOP: is anybody there?"),
  verb("help", "sends HELP.", {argument("topic", "string", "may be absent", "\"MAIL\"")}),
  verb("vrfy", "sends VRFY.", {argument("address", "string", "a mailbox or a name", "\"postmaster\"")}, GUARDED),
  verb("expn", "sends EXPN.", {argument("list", "string", "a mailing list", "\"staff\"")}, GUARDED),
  verb("etrn", "sends ETRN.", {argument("domain", "string", "whose queue is to be run", "\"example.org\"")}, GUARDED),
  verb("command", "sends a line as it is given, CRLF added.", {argument("line", "string", "verb and arguments", "\"XYZ 1\"")},
    "raises for CR, LF and NUL, and for verbs that need leave (--allow). " .. LOST),
  verb("data", "sends DATA and, after a 354, the message: dots are stuffed and every line end becomes CRLF. The reply is that to the "
    .. "message; after LHLO a list of one reply for each recipient.",
    {argument("message", "string", "headers, an empty line, the body", "\"Subject: x\\n\\nbody\"")}, SENDING),
  verb("bdat", "sends a chunk of a message as it is (CHUNKING, RFC 3030). After LHLO the last one gives a list of one reply for each "
    .. "recipient.",
    {argument("chunk", "string", "at most 921600 bytes", "\"Subject: x\\r\\n\\r\\nbody\\r\\n\""),
      argument("last", "boolean", "is it the last?", "true")}, SENDING),
  verb("pipeline", "sends several commands in one write (RFC 2920); gives a list of their replies, in order.",
    {argument("commands", "table", "a list of 1 to 1000 lines", "{\"MAIL FROM:<>\", \"RCPT TO:<user@example.org>\", \"RSET\"}")},
    "raises for verbs that need leave (--allow). " .. LOST),
  verb("raw", "sends bytes as they are, to break rules with; gives a list of as many replies as were awaited.",
    {argument("bytes", "string", "anything", "\"NOOP\\n\""), argument("replies", "integer", "how many to await; 1 unless told", "1")},
    "raises for lines that begin with a verb that needs leave (--allow). " .. LOST),
  verb("xclient", "sends XCLIENT to a server that trusts us with it; its values are written as xtext. EHLO is due again.",
    {argument("attributes", "table or string", "NAME, REVERSE_NAME, ADDR, PORT, PROTO, HELO, LOGIN, DESTADDR, DESTPORT", "{ADDR = \"192.0.2.1\"}")}),
  verb("auth", "authenticates (AUTH, RFC 4954): by the strongest mechanism that both sides know unless one is named, and never readable "
    .. "without TLS unless it is named and insecure is true. The reply is the last one: 235, or a refusal.",
    {argument("credentials", "table", "user, secret (a string, or a function that returns it), mechanism, authzid, insecure",
      "{user = \"user\", secret = function() return os.getenv(\"SMTP_SECRET\") end}")},
    "raises without --allow login; nil, message, err where no mechanism can be used. " .. LOST),
  verb("quit", "sends QUIT and closes."),
  {
    name = "session:close", summary = "closes the connection without a word.", arguments = {}, returns = "nothing", errors = "none",
    network = true, example = "local s = assert(smtp.connect(\"mx.example.org\"))\ns:close()\nprint(s.closed)",
  },
  {
    name = "reply:explain", summary = "what this reply means, given the command that it answered.", arguments = {},
    returns = "an explanation, as codes.explain gives it", errors = "none", network = true,
    example = "local s = assert(smtp.connect(\"mx.example.org\"))\nprint(s:ehlo():explain().meaning)",
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
    arguments = {{"list", "table", "the items"}, {"f", "function", "called with item and index"},
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

for _, each in ipairs {"dns", "catalogue", "policy", "runbook"} do
  local more = require("ehlo.manual_" .. each)
  table.move(more, 1, #more, #rows + 1, rows)
end
return rows
