local args = manifest {
  title = "Delivery to a mailbox",
  summary = "why can or can't mail be delivered to a mailbox: DNS, every server and address, TLS as policy demands, the mailbox",
  answers = "Can mail from here be delivered to this mailbox, and if not, what is the first cause?",
  arguments = {{name = "address", type = "address", help = "the mailbox; it is asked for with RCPT, and nothing is sent"}},
  options = {
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (the null sender)"},
    "helo",
    {name = "tls", value = "LEVEL", values = {"none", "may", "encrypt", "verify", "dane"}, help = "the least that is demanded (dane)"},
    "ca-file", "family", "source",
    {name = "port", value = "N", type = "count", max = 65535, help = "the servers' port (25)"},
    "resolver", "trust-anchor",
  },
  permission = "recipient",
  verdicts = {pass = "deliverable", warn = "deliverable, with a fault", fail = "not deliverable from here"},
  examples = {"ehlo check user@example.org", "ehlo check user@example.org --format html -o check.html"},
}

local delivery = require "ehlo.delivery"
require("ehlo.probing").set_up(args)
local domain = args.address:match("@([^@]+)$")
local port = args.port or 25
local book = runbook.new(args, {subject = args.address})

-- 1. Who takes the mail, what policies demand, and a probe of every address, as a sender would do it.
book:step {name = "domain", title = "the domain says who takes its mail", run = function()
  local r = assert(smtp.probe_mx(domain, {to = args.address, from = args.from, helo = args.helo, tls = args.tls or "dane", ca_file = args.ca_file,
    family = args.family, source = args.source, port = port}))
  if not r.mx or not r.mx.hosts[1] then
    return {fail = r.failure.text, cause = r.failure.reason == "null-mx" and "domain-refuses-mail" or r.failure.reason,
      acts = "recipient", next = "ehlo dns " .. domain, fix = r.failure.reason == "null-mx" and "Reach the person some other way."
        or "Look whether the domain is spelled right; else its owner has to mend its DNS."}
  end
  local text = ("%d mail host%s, %d address%s"):format(#r.mx.hosts, #r.mx.hosts == 1 and "" or "s", #r.probes, #r.probes == 1 and "" or "es")
  if r.mx.kind == "implicit" then text = "no MX record: its own address takes the mail" end
  return {pass = text, keep = r, probes = r.probes}
end}

-- 2. What was found on the way there, in DNS and in the policies.
book:step {name = "policy", title = "DNS and policies are in order", needs = {"domain"}, severity = "low", run = function(found)
  local r, worst = found.domain, nil
  for _, finding in ipairs(r.findings) do
    if finding.level == "fail" and (not worst or worst.level ~= "fail") then worst = finding end
    if finding.level == "warn" then worst = worst or finding end
  end
  local dane = 0
  for _, host in ipairs(r.mx.hosts) do dane = dane + (host.tls == "dane" and 1 or 0) end
  local text = ("MTA-STS %s; DANE for %s"):format(r.mta_sts and r.mta_sts.mode or "none", dane == 0 and "no host" or dane == #r.mx.hosts and "every host"
    or dane .. " of them")
  if not worst then return {pass = text, findings = r.findings} end
  return {warn = worst.text, findings = r.findings, cause = worst.id, evidence = worst.evidence, fix = worst.fix, reference = worst.reference,
    acts = worst.id == "resolver-not-validating" and "sending-admin" or "receiving-admin"}
end}

-- 3. to 5. How far the probes came. All of them ending in a stage is a failure, some of them a fault.
local function judge(stage, found, good)
  local passed, ended = delivery.at(found.domain.probes, stage)
  if not ended[1] then
    return passed[1] and {pass = good(passed)} or {skip = "no server came so far"}
  end
  local first = ended[1]
  local more = {evidence = delivery.told(ended), probes = {}, next = ("ehlo probe --to %s %s"):format(args.address, first.address or first.target)}
  local text = delivery.told({first})[1]
  more[passed[1] and "warn" or "fail"] = (passed[1] and ("%d of %d: "):format(#ended, #ended + #passed) or #ended > 1 and "none: " or "") .. text
  return runbook.probed(first, more), passed, ended
end

book:step {name = "servers", title = "every server answers", needs = {"domain"}, run = function(found)
  local result, _, ended = judge("servers", found, function(passed) return ("%d of %d"):format(#passed, #passed) end)
  if ended and delivery.no_route(ended[1]) and result.warn then
    result.text, result.warn, result.pass = nil, nil, "all that can be reached from here: this machine has no way to " .. ended[1].address
  end
  return result
end}

book:step {name = "ipv6", title = "IPv6 works as IPv4 does", needs = {"domain"}, severity = "high", run = function(found)
  local both = delivery.families(found.domain.probes)
  if not both.ipv6.good[1] and not both.ipv6.bad[1] then return {skip = "no server has an IPv6 address"} end
  local alone = delivery.ipv6_alone(found.domain.probes)
  if not alone[1] then return {pass = "no difference"} end
  if delivery.no_route(alone[1]) then return {skip = "this machine has no IPv6: look from one that has"} end
  return {warn = ("%s does not answer over IPv6: senders that prefer IPv6 wait there before they try IPv4"):format(alone[1].host),
    evidence = delivery.told(alone), cause = alone[1].outcome, acts = "receiving-admin",
    fix = "Let the server listen on its IPv6 address and the firewall pass port 25, or take the AAAA record away.",
    next = ("ehlo probe --family ipv6 %s"):format(alone[1].host)}
end}

book:step {name = "tls", title = "TLS is what policy demands", needs = {"domain"}, because = {"servers"}, run = function(found)
  return (judge("tls", found, function(passed)
    local versions = {}
    for i, record in ipairs(passed) do versions[i] = record.tls and record.tls.version or "in the clear" end
    return table.concat(require("ehlo.words").union {versions}, ", ")
  end))
end}

book:step {name = "mailbox", title = "the mailbox is accepted", needs = {"domain"}, because = {"servers", "tls"}, run = function(found)
  local result, passed, ended = judge("mailbox", found, function(list) return tostring(list[1].reply or "accepted") end)
  if result.cause == "greylisted" then
    result.warn, result.fail, result.next = result.fail or result.warn, nil, "ehlo greylist " .. args.address
    result.text, result.verdict = nil, nil
  end
  local stale = ended and delivery.not_mx_any_more(passed, ended)
  if stale then
    result.warn = ("%s answers, but is no mail host of %s any more: it refuses to relay"):format(delivery.name(stale), domain)
    result.acts, result.fix = "receiving-admin", "Take it out of the MX records, or let it take mail for the domain again."
  end
  return result
end}

-- 6. An old route: the domain's own address, where others are its MX hosts.
book:step {name = "old-route", title = "no other host takes its mail", severity = "low", run = function()
  local mail, own = dns.mail_hosts(domain), dns.a(domain) or {}
  if not mail or mail.kind ~= "mx" or not own[1] then return {skip = "the domain itself has no address beside its MX hosts"} end
  for _, host in ipairs(mail.hosts) do
    for _, each in ipairs(host.addresses) do
      if each.address == own[1].address then return {pass = "its own address is that of an MX host"} end
    end
  end
  local record = smtp.probe(("%s:%d"):format(domain, port), {address = own[1].address, to = args.address, timeout = 5})
  if not record or record.outcome ~= "ready" then return {pass = "its own address takes none"} end
  return {warn = ("%s answers for the mailbox, but is no MX host"):format(delivery.name(record)), acts = "receiving-admin", cause = "stale-route",
    fix = "Close port 25 there: senders with a fixed route or old DNS data deliver past the MX hosts.", evidence = delivery.told({record})}
end}

return book:run()
