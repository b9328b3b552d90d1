local args = manifest {
  title = "Standing of a sender",
  summary = "how others see an address or a domain that sends: its name, its EHLO name, blocklists, SPF, DMARC",
  answers = "Is anything about this sender a reason to refuse its mail?",
  arguments = {{name = "subject", help = "IP address that sends, or domain (its MX hosts are then taken as its senders)"}},
  options = {
    {name = "helo", value = "NAME", type = "domain", help = "the name that it presents in EHLO (the one that its PTR record gives)"},
    {name = "from", value = "DOMAIN", type = "domain", help = "the domain that it sends for, to be asked for SPF and DMARC"},
    {name = "zone", value = "ZONE", many = true, help = "ask this blocklist, in place of the well-known ones; may be repeated"},
    "resolver", "trust-anchor",
  },
  verdicts = {pass = "nothing speaks against this sender", warn = "a few servers may frown on this sender", fail = "servers have reason to refuse it"},
  examples = {"ehlo listed 192.0.2.25 --from example.org", "ehlo listed example.org", "ehlo listed 192.0.2.25 --zone bl.spamcop.net"},
}

local MOST = 8 -- addresses of a domain that are looked at

require("ehlo.probing").set_up(args)
local is_ip = require("ehlo.policy.ip").read(args.subject) ~= nil
local subject = is_ip and args.subject or require("ehlo.policy.domain").of(args.subject)
local domain = args.from or not is_ip and subject or nil
local book = runbook.new(args, {subject = subject})

-- Each list that names it, with the page where one asks to be taken off.
local function blocklists(name)
  local r = policy.dnsbl(name, {zones = args.zone})
  local rows, first, silent = {}, nil, 0
  for _, row in ipairs(r.lists) do
    if row.status == "unknown" then silent = silent + 1 end
    rows[#rows + 1] = {row.name or row.zone, row.status, row.reason or row.why or table.concat(row.meanings, "; ")}
    if row.status == "listed" then first = first or row end
  end
  local result = {keep = r, table = {heads = {"list", "status", "why"}, rows = rows}}
  if r.verdict == "unknown" then result.unknown, result.doubt = r.summary, true return result end
  if not first and silent > #rows / 2 then -- most lists refuse the resolvers that everybody shares
    result.unknown, result.fix = r.summary, "Ask through a resolver of your own: --resolver ADDRESS."
    return result
  end
  if not first then result.pass = r.summary return result end
  result.fail, result.cause, result.acts = r.summary, is_ip and "ip-blocklisted" or "domain-blocklisted", "sending-admin"
  result.evidence = {first.zone .. ": " .. (first.reason or table.concat(first.meanings, "; "))}
  result.fix = "Find and end what it was listed for, then ask to be taken off" .. (first.delist and ": " .. first.delist or ".")
  return result
end

-- What is to be said of one address: steps with its text in their names.
local function look_at(ip, short)
  local tail = short and "" or " " .. ip
  local function step(row)
    row.name = row.name .. (short and "" or "-" .. ip)
    row.title = row.title .. tail
    book:step(row)
    return row.name
  end
  local ptr = step {name = "name", title = "it has a name that leads back to it", severity = "high", reference = "RFC 1912 section 2.1",
    run = function() return runbook.policy(policy.fcrdns(ip)) end}
  step {name = "helo", title = "its EHLO name holds", after = {ptr}, because = {ptr}, run = function(found)
    local name = args.helo or found[ptr] and found[ptr].name
    if not name then return {skip = "no name is known: --helo NAME tells what it presents"} end
    return runbook.policy(policy.helo(name, ip))
  end}
  step {name = "blocklists", title = "no blocklist names it", severity = "high", run = function() return blocklists(ip) end}
  step {name = "spf", title = "SPF lets it send", after = {ptr}, run = function(found)
    if not domain then return {skip = "--from DOMAIN tells for whom it sends"} end
    local r = policy.spf {ip = ip, helo = args.helo or found[ptr] and found[ptr].name or domain, from = "postmaster@" .. domain}
    if r.result == "pass" then return {pass = r.summary, keep = r} end
    if r.result == "temperror" then return {unknown = r.summary, doubt = true} end
    if not is_ip and r.result ~= "permerror" then return {pass = "it receives only: " .. r.summary} end
    return {[r.result == "neutral" and "warn" or "fail"] = r.summary, cause = r.result == "permerror" and "spf-error" or "spf-fail", evidence = r.record,
      fix = r.fix or "List it in the SPF record of " .. domain .. ".", acts = "sending-admin", next = "ehlo spf --ip " .. ip .. " " .. domain}
  end}
end

if is_ip then
  look_at(subject, true)
else
  book:step {name = "blocklists", title = "no blocklist names the domain", severity = "high", run = function() return blocklists(subject) end}
  book:step {name = "senders", title = "its addresses are known", run = function()
    local found, message, err = dns.mail_hosts(subject)
    if not found then return runbook.failure(message, err) end
    local seen, n = {}, 0
    for _, host in ipairs(found.hosts) do
      for _, each in ipairs(host.addresses) do
        if not seen[each.address] and n < MOST then
          seen[each.address], n = true, n + 1
          look_at(each.address)
        end
      end
    end
    return n > 0 and {pass = ("%d, those of its MX hosts"):format(n)} or {skip = "it has no MX host with an address: name the address that sends"}
  end}
end

book:step {name = "dmarc", title = "a DMARC record protects the domain", severity = "low", run = function()
  if not domain then return {skip = "--from DOMAIN tells for whom it sends"} end
  local r = policy.dmarc(domain)
  return r.verdict == "none" and {warn = r.summary, cause = "dmarc-none", fix = r.fix} or runbook.policy(r)
end}

return book:run()
