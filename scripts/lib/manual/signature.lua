-- Owns: the manual's rows on signatures: what `policy` says of a mail, and `crypto`. Callers: scripts/lib/manual.lua, which says what a row is.
local POLICY = "a record of what was found: verdict, summary, fix, evidence, reference, findings, trace"
local POLICY_LIMITS = {"options", "table", "timeout in seconds for the whole; 30 unless told"}

return {
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
}
