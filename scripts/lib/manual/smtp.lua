-- Owns: the manual's rows on `smtp`, its sessions, servers and replies. Callers: scripts/lib/manual.lua, which says what a row is.
local LOST = "nil, message, err where the connection failed; err.session is the session with its transcript"
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

local SENDING = "raises without --allow send. " .. LOST
local GUARDED = "raises without --allow intrusive. " .. LOST

return {
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
}
