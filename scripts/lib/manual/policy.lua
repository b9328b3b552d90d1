-- Owns: the manual's rows on `policy`. Callers: scripts/lib/manual.lua, which says what a row is.
local RECORD = "a record: policy, subject, verdict, summary, fix, evidence, reference, trace {what, answer, seconds, secure, depth}, "
  .. "findings {id, level, text, evidence, fix, reference}"

local function of_policy(name, summary, arguments, own, example, errors)
  return {
    name = "policy." .. name, summary = summary, arguments = arguments, returns = RECORD .. (own and "; " .. own or ""),
    errors = errors or "raises for arguments that cannot be meant; what DNS refuses is part of the record", network = true, example = example,
  }
end

local DOMAIN = {"domain", "string", "a mail domain"}

return {
  of_policy("dane", "what DANE asks of who delivers to a host, or with mx to all MX hosts of a domain; live: whether the certificates match.",
    {{"host", "string", "a host, or with mx a mail domain"}, {"options", "table", "port (25), mx, live (ask the host for its certificate), "
      .. "timeout in seconds (30), ca_file (PEM) for records of usage 2"}},
    "verdict none, unknown (a look-up failed: senders wait), unusable, valid, with live match or fail, with mx partial; demand (may, encrypt, "
      .. "dane, defer: what a sender then does), base (the name that the records hang on), secure, addresses, records {usage, selector, matching, "
      .. "data, usable, why, matches, depth}, live {address, outcome, subject, sha256}, rollover (ready, unprepared), hosts (a record each, with mx)",
    "local r = policy.dane(\"example.org\", {mx = true})\nprint(r.verdict, r.summary)"),
  of_policy("mta_sts", "what a domain asks of its senders by MTA-STS: the record, the policy over HTTPS, and whether its MX hosts are covered.",
    {{"domain", "string", "a mail domain"}, {"options", "table", "timeout in seconds (30), ca_file (PEM) in place of the system's roots, "
      .. "hosts (names of MX hosts that are known already)"}},
    "verdict none, unknown, invalid, off (mode none), testing or enforce; record, id, url, mode, max_age, mx (patterns), "
      .. "hosts {host, covered, pattern}",
    "local r = policy.mta_sts(\"example.org\")\nprint(r.verdict, r.mode, r.summary)"),
  of_policy("tls_rpt", "where a domain wants reports of failed TLS (TLS-RPT).",
    {{"domain", "string", "a mail domain"}, {"options", "table", "timeout in seconds (30)"}},
    "verdict none, unknown, invalid or valid; record, rua {uri, scheme, domain, mailbox, wrong}",
    "local r = policy.tls_rpt(\"example.org\")\nprint(r.verdict, r.record)"),
  of_policy("spf", "whether an address may send mail for a domain (RFC 7208); without an address, the domain's record as a whole.",
    {{"options", "table", "ip (the client's address), from (the sender, or its domain), helo (the EHLO name: it stands for a null sender), receiver (the "
      .. "name that a macro may show), timeout of the whole in seconds (30)"}},
    "result (the verdict: pass, fail, softfail, neutral, none, temperror or permerror), mechanism, matched {domain, term} inside an include, "
      .. "explanation, record, lookups, void_lookups, domain, ip, helo, sender",
    "print(policy.spf {ip = \"192.0.2.1\", helo = \"mx.example.org\", from = \"user@example.org\"})"),
  of_policy("spf_record", "reads a domain's SPF record with all that it includes: who may send, and what it costs receivers.",
    {DOMAIN, {"options", "table", "timeout of the whole in seconds (30)"}},
    "the verdict is valid, none, permerror or temperror; record, networks {network, result, domain, term}, dynamic {domain, term, result} (terms that depend "
      .. "on the mail), lookups, void_lookups",
    "for _, row in ipairs(policy.spf_record(\"example.org\").networks) do print(row.network, row.domain) end"),
  of_policy("fcrdns", "the names of an address (PTR), and whether one of them leads back to it.", {{"address", "string", "IPv4 or IPv6"}},
    "the verdict is pass, fail, none or temperror; ip, name (the first that leads back), names {name, confirmed}",
    "local r = policy.fcrdns(\"192.0.2.1\")\nprint(r.verdict, r.name)"),
  of_policy("helo", "whether a name can be presented in EHLO: a full name with an address, or an address literal.",
    {{"name", "string", "what EHLO would present"}, {"address", "string", "the address that it would come from; may be absent"}},
    "the verdict is pass, mismatch (not that address), literal, fail or temperror; name, ip, addresses",
    "print(policy.helo(\"mx.example.org\", \"192.0.2.1\").summary)"),
  of_policy("dnsbl", "whether blocklists name an address or a domain; a list that refuses us, or lists everything, is unknown and no listing.",
    {{"subject", "string", "an IP address or a domain"}, {"options", "table", "zones (the lists to ask, in place of the well-known ones), timeout of the "
      .. "whole in seconds (30)"}},
    "the verdict is listed, clean or unknown; lists {zone, name, status, answers, meanings, reason, why, delist}",
    "for _, row in ipairs(policy.dnsbl(\"192.0.2.1\").lists) do print(row.name, row.status) end"),
}
