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

local delivery, judge = require "ehlo.delivery", require "ehlo.delivery_judge"
require("ehlo.probing").set_up(args)
local domain = require("ehlo.policy.domain").of(args.domain)
local port = args.port or 25
local book = runbook.new(args, {subject = domain})

-- A policy's record as a step, with the command that shows the whole of it. What is not there at all is no fault of an optional one.
local function judged(r, command, optional)
  local next = delivery.command(command, domain, args)
  if r.verdict ~= "none" then return runbook.policy(r, {next = next}) end
  return optional and {skip = r.summary} or {warn = r.summary, cause = r.policy .. "-none", fix = r.fix, reference = r.reference, next = next}
end

-- Inbound.
book:step {name = "mx", title = "DNS says who takes its mail", run = function()
  local found, message, err = dns.mail_hosts(domain)
  if not found then return delivery.no_host({failure = {reason = err.reason, text = message}}, domain, args) end
  local next = delivery.command("dns", domain, args)
  if found.kind == "null" then return {pass = "it takes no mail, and says so (null MX)", keep = found} end
  if not found.hosts[1] then
    return {fail = "nobody takes its mail", cause = "no-mail-host", next = next, fix = "Publish an MX record, or a null MX where it shall take no mail."}
  end
  return {pass = ("%d host%s, %s"):format(#found.hosts, #found.hosts == 1 and "" or "s", found.secure and "signed with DNSSEC" or "not signed"), keep = found}
end}

book:step {name = "records", title = "its records are as they should be", needs = {"mx"}, run = function(found)
  local worst = delivery.worst(found.mx.findings)
  if not worst then return {pass = "nothing is wrong with them", findings = found.mx.findings} end
  return {[worst.level] = worst.text, cause = worst.id, fix = worst.fix, reference = worst.reference, evidence = worst.evidence,
    findings = found.mx.findings, next = delivery.command("dns", domain, args)}
end}

local function receives(found)
  return found.mx.kind ~= "null"
end

-- One probe of every address: as senders come that know DANE, with a mailbox that every domain must have.
book:step {name = "servers", title = "every server answers", severity = "high", needs = {"mx"}, run = function(found)
  if not receives(found) then return {skip = "it takes no mail"} end
  local r = assert(smtp.probe_mx(domain, {port = port, ca_file = args.ca_file, tls = "dane", to = "postmaster@" .. domain, concurrency = 128}))
  local result = judge.servers(r.probes, args)
  result.keep, result.probes, result.metrics = r, r.probes, delivery.metrics(r.probes)
  return result
end}

book:step {name = "tls", title = "TLS is trusted, and what policy demands", needs = {"servers"}, run = function(found)
  local r = found.servers
  if not r then return {skip = "it takes no mail"} end
  local function next(record) return delivery.command("tls", delivery.at_host(record), args, "ca_file") end
  local result, passed, ended = judge.stage(r.probes, "tls", function() return "every server has a certificate that senders trust" end, next)
  if not ended[1] then return judge.untrusted(passed, next) or judge.by_dane_only(passed, args, next) or result end
  result.fail, result.warn = result.fail or result.warn, nil -- senders are entitled to all of them
  return result
end}

book:step {name = "postmaster", title = "postmaster is a mailbox", needs = {"servers"}, because = {"tls"}, reference = "RFC 5321 section 4.5.1",
  run = function(found)
    if not found.servers then return {skip = "it takes no mail"} end
    local passed, ended = delivery.at(found.servers.probes, "mailbox")
    local first = ended[1]
    if not first then return passed[1] and {pass = tostring(passed[1].reply or "it is accepted")} or {skip = "no server came so far"} end
    return runbook.probed(first, {warn = "postmaster@" .. domain .. ": " .. tostring(first.reply), evidence = delivery.evidence(ended), probes = {},
      fix = "Every mail domain has to take mail for postmaster.", acts = "receiving-admin",
      next = delivery.command("probe --to postmaster@" .. domain, delivery.at_host(first), args)})
  end}

book:step {name = "mta-sts", title = "its MTA-STS policy holds", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.mta_sts(domain, {ca_file = args.ca_file}), "mta-sts", true) or {skip = "it takes no mail"}
end}

book:step {name = "tls-rpt", title = "failed TLS is reported to somebody (TLS-RPT)", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.tls_rpt(domain), "mta-sts", true) or {skip = "it takes no mail"}
end}

book:step {name = "dane", title = "its DANE records hold", needs = {"mx"}, severity = "low", run = function(found)
  return receives(found) and judged(policy.dane(domain, {mx = true, port = port}), "dane --mx --live", true) or {skip = "it takes no mail"}
end}

-- Outbound.
book:step {name = "spf", title = "SPF says who may send", run = function() return judged(policy.spf_record(domain), "spf") end}

book:step {name = "dkim", title = "DKIM keys are sound", run = function()
  if args.mail then return runbook.policy(policy.dkim((require("ehlo.one_mail").read(args.mail))), {next = delivery.command("dkim", args.mail, args)}) end
  if not args.selector then return {unknown = "a key's selector cannot be guessed: --selector NAME or --mail FILE shows where to look"} end
  return judge.worst(args.selector, function(selector)
    local r = policy.dkim_key(selector, domain)
    return runbook.policy(r, {verdict = r.verdict == "none" and "fail" or nil, next = delivery.command("dkim " .. selector, domain, args)})
  end)
end}

book:step {name = "dmarc", title = "DMARC protects its name", run = function() return judged(policy.dmarc(domain), "dmarc") end}

book:step {name = "names", title = "its servers' addresses have names", needs = {"mx"}, severity = "low", run = function(found)
  local good, seen = 0, {}
  for _, host in ipairs(found.mx.hosts) do
    for _, each in ipairs(host.addresses) do
      local r = policy.fcrdns(each.address)
      if r.verdict == "pass" then good = good + 1 else seen[#seen + 1] = r end
    end
  end
  if not seen[1] then return good > 0 and {pass = ("%d of %d"):format(good, good)} or {skip = "there is no address"} end
  return {warn = seen[1].summary, cause = "no-ptr", fix = seen[1].fix, next = delivery.command("listed", seen[1].ip, args)}
end}

return book:run()
