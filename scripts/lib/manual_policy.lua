-- Owns: the manual's rows on `policy`. Callers: scripts/lib/manual.lua, which says what a row is.
local RECORD = "a record: policy, subject, verdict, summary, fix, evidence, reference, trace {what, answer, seconds, secure, depth}, "
  .. "findings {id, level, text, evidence, fix, reference}"

local function of_policy(name, summary, arguments, own, example, errors)
  return {
    name = "policy." .. name, summary = summary, arguments = arguments, returns = RECORD .. (own and "; " .. own or ""),
    errors = errors or "raises for arguments that cannot be meant; what DNS refuses is part of the record", network = true, example = example,
  }
end

return {
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
}
