-- Owns: what a step says of how far the probes of a domain's servers came, and of the old route past its MX hosts. Callers: the check
-- and audit runbooks.
local delivery, tls_judge = require "ehlo.delivery", require "ehlo.tls_judge"
local judge = {}

-- All of them ending in a stage is a failure, some of them a fault. good(passed): the text where none did; next(first): the command that
-- goes on from the first that did. Returns a step's result, who passed, and who ended there.
function judge.stage(probes, stage, good, next)
  local passed, ended = delivery.at(probes, stage)
  if not ended[1] then
    return passed[1] and {pass = good(passed)} or {skip = "no server came so far"}, passed, ended
  end
  local first = ended[1]
  local more = {evidence = delivery.evidence(ended), probes = {}, next = next(first)}
  local text = delivery.told({first})[1]
  more[passed[1] and "warn" or "fail"] = (passed[1] and ("%d of %d: "):format(#ended, #ended + #passed) or #ended > 1 and "none: " or "") .. text
  local result = runbook.probed(first, more)
  result.acts = result.acts or first.outcome == "blocked-locally" and "network" or "receiving-admin"
  return result, passed, ended
end

-- Whether they answer at all. What this machine has no way to is no fault of theirs, as long as another answers.
function judge.servers(probes, args)
  local result, passed, ended = judge.stage(probes, "servers", function(list) return ("%d of %d"):format(#list, #list) end, function(first)
    if first.outcome == "dns-failed" then return delivery.command("dns", delivery.host(first), args) end
    return first.outcome == "blocked-locally" and "ehlo doctor" or delivery.command("probe", delivery.at_address(first), args)
  end)
  local first = ended[1]
  if first and first.outcome == "dns-failed" then
    result.fix = "Give " .. delivery.host(first) .. " an address, or take it out of the MX records."
  elseif first and delivery.no_route(first) and passed[1] then
    return {pass = "all that can be reached from here: this machine has no way to " .. first.address}
  end
  return result
end

-- The first server with which TLS cannot be trusted, as a warning; nil where all can.
function judge.untrusted(passed, next)
  for _, record in ipairs(passed) do
    if not record.tls then
      return {warn = delivery.name(record) .. " offers no TLS", cause = "tls-not-offered", fix = "Turn STARTTLS on: many senders demand it.",
        next = next(record)}
    elseif not record.tls.trusted then
      local why = record.tls.verdicts[1]
      return {warn = delivery.name(record) .. ": " .. (why and why.text or "the certificate is not trusted"), cause = why and why.word,
        fix = "Senders that do not insist still deliver. Install a certificate that names the MX host, from an authority that senders know.",
        next = next(record)}
    end
  end
end

-- The first server whose certificate DNS alone vouches for, as a warning; nil where an authority does for all. Each that has a TLSA record
-- is seen once more, as senders see it that do not look at DNS.
function judge.by_dane_only(passed, args, next)
  for _, record in ipairs(passed) do
    if record.tls and record.tls.tlsa and record.tls.tlsa[1] then
      local seen = smtp.probe(delivery.at_host(record), {address = record.address, tls = "may", ca_file = args.ca_file})
      local result = tls_judge.had_tls(seen) and tls_judge.certificate(seen.tls, true) or {}
      if result.warn then
        result.warn, result.next = delivery.name(record) .. ": " .. result.warn, next(record)
        return result
      end
    end
  end
end

local rank = {pass = 1, unknown = 2, warn = 3, fail = 4}

-- The gravest of the results that `f` gives for each of a list; of equals the first.
function judge.worst(list, f)
  local worst
  for _, each in ipairs(list) do
    local result = f(each)
    if not worst or (rank[result.verdict] or 0) > (rank[worst.verdict] or 0) then worst = result end
  end
  return worst
end

-- A probe of the domain's own address, where others are its MX hosts: a task, which runs beside all else and gives the record, or nil and
-- why there is nothing to ask.
function judge.old_route(domain, port, to)
  return task.spawn(function()
    local mail, own = dns.mail_hosts(domain), dns.a(domain) or {}
    if not mail or mail.kind ~= "mx" or not own[1] then return nil, "the domain itself has no address beside its MX hosts" end
    for _, host in ipairs(mail.hosts) do
      for _, each in ipairs(host.addresses) do
        if each.address == own[1].address then return nil, "its own address is that of an MX host" end
      end
    end
    return smtp.probe(("%s:%d"):format(domain, port), {address = own[1].address, to = to})
  end)
end

return judge
