local args = manifest {
  title = "A mail domain",
  summary = "is a mail domain set up right, inbound and outbound: DNS, servers, TLS policies, SPF, DKIM, DMARC",
  answers = "Would careful senders deliver to this domain, and careful receivers believe its mail?",
  arguments = {{name = "domain", type = "domain", help = "mail domain"}},
  options = {
    {name = "selector", value = "NAME", many = true, help = "look at the DKIM key under this selector; may be repeated"},
    {name = "mail", value = "FILE", type = "file", help = "a mail that the domain sent: its DKIM signatures are verified"},
    {name = "port", value = "N", type = "count", max = 65535, help = "the servers' port (25)"},
    "ca-file", "resolver", "trust-anchor",
  },
  permission = "recipient",
  verdicts = {pass = "this domain is set up well", warn = "this domain works, and could be set up better", fail = "this domain has something to mend"},
  examples = {"ehlo audit example.org", "ehlo audit example.org --selector mail --selector 2026",
    "ehlo audit example.org --mail sent.eml --format html -o audit.html"},
}

local delivery = require "ehlo.delivery"
require("ehlo.probing").set_up(args)
local domain = require("ehlo.policy.domain").of(args.domain)
local port = args.port or 25
local book = runbook.new(args, {subject = domain})

-- A policy's record as a step: what is not there at all is no fault of an optional one.
local function judged(r, optional)
  if r.verdict ~= "none" then return runbook.policy(r) end
  return optional and {skip = r.summary} or {warn = r.summary, cause = r.policy .. "-none", fix = r.fix, reference = r.reference}
end

-- Inbound.
book:step {name = "mx", title = "DNS says who takes its mail", run = function()
  local found, message, err = dns.mail_hosts(domain)
  if not found then return runbook.failure(message, err, {next = "ehlo dns " .. domain}) end
  local worst
  for _, finding in ipairs(found.findings) do
    if finding.level ~= "info" and (not worst or worst.level == "warn" and finding.level == "fail") then worst = finding end
  end
  if worst then
    return {[worst.level] = worst.text, cause = worst.id, fix = worst.fix, reference = worst.reference, evidence = worst.evidence, keep = found,
      findings = found.findings, next = "ehlo dns " .. domain}
  end
  if found.kind == "null" then return {pass = "it takes no mail, and says so (null MX)", keep = found} end
  if not found.hosts[1] then return {fail = "nobody takes its mail", cause = "no-mail-host", next = "ehlo dns " .. domain} end
  return {pass = ("%d host%s, %s"):format(#found.hosts, #found.hosts == 1 and "" or "s", found.secure and "signed with DNSSEC" or "not signed"), keep = found}
end}

local function receives(found)
  return found.mx.kind ~= "null"
end

book:step {name = "servers", title = "every server answers", needs = {"mx"}, because = {"mx"}, run = function(found)
  if not receives(found) then return {skip = "it takes no mail"} end
  local r = assert(smtp.probe_mx(domain, {port = port, ca_file = args.ca_file, tls = "dane"}))
  local passed, ended = delivery.at(r.probes, "servers")
  if not ended[1] then return {pass = ("%d of %d"):format(#passed, #passed), keep = r, probes = r.probes} end
  if delivery.no_route(ended[1]) and passed[1] then
    return {pass = "all that can be reached from here: this machine has no way to " .. ended[1].address, keep = r, probes = r.probes}
  end
  return runbook.probed(ended[1], {[passed[1] and "warn" or "fail"] = delivery.told(ended)[1], evidence = delivery.told(ended), keep = r, probes = r.probes,
    next = "ehlo probe --mx " .. domain})
end}

book:step {name = "tls", title = "TLS is trusted, and what policy demands", needs = {"servers"}, run = function(found)
  local r = found.servers
  if not r then return {skip = "it takes no mail"} end
  local _, ended = delivery.at(r.probes, "tls")
  if ended[1] then return runbook.probed(ended[1], {fail = delivery.told(ended)[1], evidence = delivery.told(ended), probes = {}}) end
  for _, record in ipairs(r.probes) do
    if record.outcome == "ready" and not record.tls then
      return {warn = delivery.name(record) .. " offers no TLS", cause = "tls-not-offered", fix = "Turn STARTTLS on: many senders demand it.",
        next = "ehlo tls " .. (record.host or record.address)}
    elseif record.tls and not record.tls.trusted then
      local why = record.tls.verdicts[1]
      return {warn = delivery.name(record) .. ": " .. (why and why.text or "the certificate is not trusted"), cause = why and why.word,
        fix = "Senders that do not insist still deliver. Install a certificate that names the MX host, from an authority that senders know.",
        next = "ehlo tls " .. (record.host or record.address)}
    end
  end
  return {pass = "every server has a certificate that senders trust"}
end}

book:step {name = "mta-sts", title = "MTA-STS", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.mta_sts(domain, {ca_file = args.ca_file}), true) or {skip = "it takes no mail"}
end}

book:step {name = "tls-rpt", title = "reports of failed TLS (TLS-RPT)", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.tls_rpt(domain), true) or {skip = "it takes no mail"}
end}

book:step {name = "dane", title = "DANE", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.dane(domain, {mx = true, port = port}), true) or {skip = "it takes no mail"}
end}

book:step {name = "postmaster", title = "postmaster is a mailbox", needs = {"servers"}, reference = "RFC 5321 section 4.5.1",
  run = function(found)
    if not found.servers then return {skip = "it takes no mail"} end
    local r = assert(smtp.probe_mx(domain, {port = port, ca_file = args.ca_file, to = "postmaster@" .. domain}))
    if r.outcome == "ready" then return {pass = "it is accepted"} end
    local _, ended = delivery.at(r.probes, "mailbox")
    if not ended[1] then return {unknown = "no server came so far"} end
    return runbook.probed(ended[1], {warn = "postmaster@" .. domain .. ": " .. tostring(ended[1].reply),
      fix = "Every mail domain has to take mail for postmaster."})
  end}

-- Outbound.
book:step {name = "spf", title = "SPF says who may send", run = function() return judged(policy.spf_record(domain)) end}

book:step {name = "dkim", title = "DKIM keys are sound", run = function()
  if args.mail then return judged(policy.dkim((require("ehlo.one_mail").read(args.mail)))) end
  local worst
  for _, selector in ipairs(args.selector or {}) do
    local r = policy.dkim_key(selector, domain)
    local result = runbook.policy(r, r.verdict == "none" and {verdict = "fail"} or nil)
    if not worst or result.verdict == "fail" or result.verdict == "warn" and worst.verdict == "pass" then worst = result end
  end
  return worst or {unknown = "a key's selector cannot be guessed: --selector NAME or --mail FILE shows where to look"}
end}

book:step {name = "dmarc", title = "DMARC protects its name", run = function() return judged(policy.dmarc(domain)) end}

book:step {name = "names", title = "its servers' addresses have names", needs = {"mx"}, severity = "low", run = function(found)
  local good, seen = 0, {}
  for _, host in ipairs(found.mx.hosts) do
    for _, each in ipairs(host.addresses) do
      local r = policy.fcrdns(each.address)
      if r.verdict == "pass" then good = good + 1 else seen[#seen + 1] = r end
    end
  end
  if not seen[1] then return good > 0 and {pass = ("%d of %d"):format(good, good)} or {skip = "there is no address"} end
  return {warn = seen[1].summary, cause = "no-ptr", fix = seen[1].fix, next = "ehlo listed " .. seen[1].ip}
end}

return book:run()
