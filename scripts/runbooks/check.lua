local args = manifest {
  title = "Delivery to a mailbox",
  summary = "why can or can't mail be delivered to a mailbox: DNS, every server and address, TLS as policy demands, the mailbox",
  answers = "Can mail from here be delivered to this mailbox, and if not, what is the first cause?",
  arguments = {{name = "address", type = "address", help = "the mailbox; it is asked for with RCPT, and nothing is sent"}},
  options = {
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (the null sender)"},
    "helo", "tls", "ca-file", "family", "source",
    {name = "port", value = "N", type = "count", max = 65535, help = "the servers' port (25)"},
    {name = "slow", value = "SECONDS", type = "seconds", help = "how long a server may let one wait for an answer (10)"},
    "resolver", "trust-anchor",
  },
  permission = "recipient",
  verdicts = {pass = "deliverable", warn = "deliverable, with a fault", fail = "not deliverable from here"},
  examples = {"ehlo check user@example.org", "ehlo check user@example.org --format html -o check.html"},
}

local delivery, judge = require "ehlo.delivery", require "ehlo.delivery_judge"
local quote = require("ehlo.words").quote
require("ehlo.probing").set_up(args)
local domain, port = delivery.domain(args.address, "ask that server, ehlo probe --to MAILBOX ADDRESS"), args.port or 25
local book = runbook.new(args, {subject = args.address})
local began, old_route = shell.clock(), judge.old_route(domain, port, args.address) -- which runs beside all else

-- 1. Who takes the mail, what policies demand, and a probe of every address at once, as a sender would do it.
book:step {name = "domain", title = "the domain says who takes its mail", run = function()
  local r = assert(smtp.probe_mx(domain, {to = args.address, from = args.from, helo = args.helo, tls = args.tls or "dane", ca_file = args.ca_file,
    family = args.family, source = args.source, port = port, concurrency = 128}))
  if not r.mx or not r.mx.hosts[1] then return delivery.no_host(r, domain, args) end
  local text = ("%d mail host%s, %d address%s"):format(#r.mx.hosts, #r.mx.hosts == 1 and "" or "s", #r.probes, #r.probes == 1 and "" or "es")
  if r.mx.kind == "implicit" then text = "no MX record: its own address takes the mail" end
  return {pass = text, keep = r, probes = r.probes, metrics = delivery.metrics(r.probes)}
end}

-- 2. What was found on the way there, in DNS and in the policies.
book:step {name = "policy", title = "DNS and policies are in order", needs = {"domain"}, severity = "low", run = function(found)
  local r = found.domain
  local worst, dane = delivery.worst(r.findings), 0
  for _, host in ipairs(r.mx.hosts) do dane = dane + (host.tls == "dane" and 1 or 0) end
  local text = ("MTA-STS %s; DANE for %s"):format(r.mta_sts and r.mta_sts.mode or "none", dane == 0 and "no host" or dane == #r.mx.hosts and "every host"
    or dane .. " of them")
  if not worst then return {pass = text, findings = r.findings} end
  return {warn = worst.text, findings = r.findings, cause = worst.id, evidence = worst.evidence, fix = worst.fix, reference = worst.reference,
    acts = worst.id == "resolver-not-validating" and "sending-admin" or "receiving-admin", next = delivery.command("probe --mx", domain, args)}
end}

-- 3. to 5. How far the probes came.
book:step {name = "servers", title = "every server answers", needs = {"domain"}, run = function(found)
  return judge.servers(found.domain.probes, args)
end}

book:step {name = "ipv6", title = "IPv6 works as IPv4 does", needs = {"domain"}, severity = "high", run = function(found)
  local both = delivery.families(found.domain.probes)
  if not both.ipv6.good[1] and not both.ipv6.bad[1] then return {skip = "no server has an IPv6 address"} end
  local alone = delivery.ipv6_alone(found.domain.probes)
  if not alone[1] then return {pass = "no difference"} end
  if delivery.no_route(alone[1]) then return {skip = "this machine has no IPv6: look from one that has"} end
  return {warn = ("%s does not answer over IPv6: senders that prefer IPv6 wait there before they try IPv4"):format(delivery.host(alone[1])),
    evidence = delivery.told(alone), cause = alone[1].outcome, acts = "receiving-admin",
    fix = "Let the server listen on its IPv6 address and the firewall pass port 25, or take the AAAA record away.",
    next = delivery.command("probe --family ipv6", delivery.at_host(alone[1]), args)}
end}

book:step {name = "tls", title = "TLS is what policy demands", needs = {"domain"}, because = {"servers"}, run = function(found)
  local without = delivery.uncovered(found.domain)
  if without[1] then
    local all = #without == #found.domain.mx.hosts
    return {[all and "fail" or "warn"] = "the MTA-STS policy does not name " .. table.concat(without, ", ") .. (all and ", nor any other MX host" or ""),
      cause = "sts-policy-invalid", acts = "receiving-admin", reference = "RFC 8461 section 4.1", next = delivery.command("mta-sts", domain, args),
      fix = "Name the host in the policy, or take it out of the MX records: senders that heed MTA-STS do not deliver to it."}
  end
  return (judge.stage(found.domain.probes, "tls", function(passed)
    local versions = {}
    for i, record in ipairs(passed) do versions[i] = record.tls and record.tls.version or "in the clear" end
    local doubt = delivery.untrusted(passed)
    return table.concat(require("ehlo.words").union {versions}, ", ") .. (doubt and "; not trusted, which nothing demands: " .. doubt or "")
  end, function(first) return delivery.command("tls", delivery.at_host(first), args, "ca_file") end))
end}

book:step {name = "mailbox", title = "the mailbox is accepted", needs = {"domain"}, because = {"servers", "tls"}, run = function(found)
  local result, passed, ended = judge.stage(found.domain.probes, "mailbox", function(list) return tostring(list[1].reply or "accepted") end, function(first)
    return delivery.command("probe --to " .. quote(args.address), delivery.at_host(first), args)
  end)
  local first, text = ended[1], result.fail or result.warn
  if result.cause == "greylisted" then
    result.warn, result.fail, result.next = text, nil, ("ehlo greylist --host %s %s"):format(delivery.at_host(first), quote(args.address))
  elseif first and first.phase == "mail" and not args.from and not passed[1] then
    return {unknown = "the null sender is refused, so that the mailbox could not be asked for: " .. text, doubt = true, evidence = result.evidence,
      cause = "null-sender-refused", acts = "receiving-admin", reference = "RFC 5321 section 4.5.5",
      fix = "Name a sender of yours with --from. No bounce gets through to this server: it has to take the null sender."}
  end
  local stale = delivery.not_mx_any_more(passed, ended)
  if stale then
    result.warn = ("%s answers, but is no mail host of %s any more: it refuses to relay"):format(delivery.name(stale), domain)
    result.acts, result.fix = "receiving-admin", "Take it out of the MX records, or let it take mail for the domain again."
  end
  return result
end}

-- 6. How long they let senders wait.
book:step {name = "speed", title = "they answer without delay", needs = {"domain"}, because = {"servers"}, severity = "low", run = function(found)
  local passed = delivery.at(found.domain.probes, "servers")
  local record, seconds, phase = delivery.slowest(passed)
  if not record then return {skip = "no server came so far"} end
  local text = ("%s takes %.1f s for %s"):format(delivery.name(record), seconds, require("ehlo.words").phase(phase))
  if seconds < (args.slow or 10) then return {pass = ("%.1f s at most"):format(seconds), metrics = {longest_pause_seconds = seconds}} end
  return {warn = text, cause = "slow", acts = "receiving-admin", reference = "RFC 5321 section 4.5.3.2", metrics = {longest_pause_seconds = seconds},
    fix = "See what it does before it answers: look-ups of names or blocklists that time out, most often. Senders wait minutes; not all do.",
    next = delivery.command("probe --to " .. quote(args.address), delivery.at_address(record), args)}
end}

-- 7. The old route. It is given half as long again as all MX hosts took.
book:step {name = "old-route", title = "no other host takes its mail", needs = {"domain"}, severity = "low", run = function()
  local record, why, err = task.deadline((shell.clock() - began) / 2, old_route.wait, old_route)
  task.cancel(old_route)
  if err then return {pass = "its own address does not answer, or later than the MX hosts"} end
  if not record then return {skip = why} end
  if record.outcome ~= "ready" then return {pass = "its own address takes none"} end
  return {warn = ("%s answers for the mailbox, but is no MX host"):format(delivery.name(record)), acts = "receiving-admin", cause = "stale-route",
    fix = "Close port 25 there: senders with a fixed route or old DNS data deliver past the MX hosts.", evidence = delivery.exchange(record),
    next = delivery.command("probe --to " .. quote(args.address), delivery.at_address(record), args)}
end}

return book:run()
