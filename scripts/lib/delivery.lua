-- Owns: what the probes of a mail domain's servers tell together: how far each came, who is the odd one, whether a family alone fails.
-- Callers: the check and audit runbooks, explain --live.
local delivery = {}

-- The stage in which a probe of each phase ended.
local stages = {
  dns = "servers", connect = "servers", greeting = "servers", ehlo = "servers", starttls = "tls", tls = "tls", auth = "tls",
  mail = "mailbox", rcpt = "mailbox",
}
local rank = {servers = 1, tls = 2, mailbox = 3}

function delivery.stage(record)
  if record.outcome == "ready" then return nil end
  return stages[record.phase] or "servers"
end

-- The probes that passed a stage, and those that ended in it. Who ended before is in neither.
function delivery.at(probes, stage)
  local passed, ended = {}, {}
  for _, record in ipairs(probes) do
    local own = delivery.stage(record)
    if own == stage then
      ended[#ended + 1] = record
    elseif not own or rank[own] > rank[stage] then
      passed[#passed + 1] = record
    end
  end
  return passed, ended
end

function delivery.host(record) return ((record.host or record.target):gsub(":%d+$", "")) end

-- "mx2.example.org [192.0.2.26]"
function delivery.name(record)
  local host = delivery.host(record)
  return record.address and record.address ~= host and ("%s [%s]"):format(host, record.address) or host
end

local function with_port(host, port)
  if port == nil or port == 25 then return host end
  return (host:find(":", 1, true) and "[%s]:%d" or "%s:%d"):format(host, port)
end

-- A target for the next command: the host by its name, or the one address.
function delivery.at_host(record) return with_port(delivery.host(record), record.port) end
function delivery.at_address(record) return with_port(record.address or delivery.host(record), record.port) end

-- The next command, asking whom this one asked. `key`: one more option to hand on.
function delivery.command(words, target, args, key)
  local quote, out = require("ehlo.words").quote, "ehlo " .. words
  for _, each in ipairs {"resolver", "trust_anchor", key} do
    if args[each] then out = ("%s --%s %s"):format(out, each:gsub("_", "-"), quote(args[each])) end
  end
  return out .. " " .. quote(target)
end

local function escaped(text) return (text:gsub("%p", "%%%0")) end

-- What a probe came to, without the name that stands before it anyway.
local function said(record)
  if record.reply and record.reply.code >= 400 then return tostring(record.reply) end
  local text = require("ehlo.view.probe").verdict(record)
  if record.address then text = text:gsub(": " .. escaped(record.address) .. " port %d+: ", ": ", 1) end
  return (text:gsub(": " .. escaped(delivery.host(record)) .. ": ", ": ", 1))
end

-- A line for each, with what it said last.
function delivery.told(records)
  local lines = {}
  for i, record in ipairs(records) do lines[i] = delivery.name(record) .. ": " .. said(record) end
  return lines
end

-- What a server was asked, and what it said: the exchange that decided, or the last before the courtesies.
function delivery.exchange(record)
  local last
  for _, each in ipairs(record.exchanges or {}) do
    if each.phase == record.phase or record.outcome == "ready" and each.phase == "rcpt" then last = each end
  end
  if not last or not last.reply then return nil end
  local lines = {last.sent and "> " .. last.sent}
  for line in tostring(last.reply):gmatch("[^\n]+") do lines[#lines + 1] = "< " .. line end
  return lines
end

-- What shows it: of one what it said, of several a line for each.
function delivery.evidence(records)
  return records[2] and delivery.told(records) or delivery.exchange(records[1])
end

local function is_v6(record) return record.address ~= nil and record.address:find(":", 1, true) ~= nil end

-- Who gave the longest pause of those that answered: its record, the seconds, and the phase.
function delivery.slowest(probes)
  local slowest, seconds, phase = nil, -1, nil
  for _, record in ipairs(probes) do
    for step, took in pairs(record.timing) do
      if step ~= "total" and step ~= "dns" and took > seconds then slowest, seconds, phase = record, took, step:match("^%a+") end
    end
  end
  return slowest, seconds, phase
end

-- A certificate that nobody is bound to trust, in words; nil where all are trusted.
function delivery.untrusted(probes)
  for _, record in ipairs(probes) do
    local why = record.tls and not record.tls.trusted and record.tls.verdicts and record.tls.verdicts[1]
    if why then return delivery.name(record) .. ": " .. why.text end
  end
end

-- Whether this machine has no way to a family at all: nothing can be said of the servers then.
function delivery.no_route(record) return record.failure ~= nil and record.failure.reason == "no-route" end

-- Probes by family: reached and not reached of each.
function delivery.families(probes)
  local found = {ipv4 = {good = {}, bad = {}}, ipv6 = {good = {}, bad = {}}}
  for _, record in ipairs(probes) do
    if record.address then
      local own = found[is_v6(record) and "ipv6" or "ipv4"]
      local list = delivery.stage(record) == "servers" and own.bad or own.good
      list[#list + 1] = record
    end
  end
  return found
end

-- Hosts that answer over IPv4 and nowhere over IPv6: the records of the latter.
function delivery.ipv6_alone(probes)
  local by_host, order = {}, {}
  for _, record in ipairs(probes) do
    local host = record.host or record.target
    if not by_host[host] then by_host[host], order[#order + 1] = {}, host end
    table.insert(by_host[host], record)
  end
  local list = {}
  for _, host in ipairs(order) do
    local both = delivery.families(by_host[host])
    if both.ipv4.good[1] and both.ipv6.bad[1] and not both.ipv6.good[1] then table.move(both.ipv6.bad, 1, #both.ipv6.bad, #list + 1, list) end
  end
  return list
end

-- The worst of findings that are more than a remark; of equals the first.
function delivery.worst(findings)
  local worst
  for _, finding in ipairs(findings) do
    if finding.level == "fail" and not (worst and worst.level == "fail") or finding.level == "warn" and not worst then worst = finding end
  end
  return worst
end

-- What a monitor draws of them.
function delivery.metrics(probes)
  local metrics = {addresses = #probes, addresses_answering = #delivery.at(probes, "servers"), slowest_seconds = 0}
  for _, record in ipairs(probes) do metrics.slowest_seconds = math.max(metrics.slowest_seconds, record.timing.total or 0) end
  return metrics
end

-- The MX hosts that an enforced policy of MTA-STS does not name.
function delivery.uncovered(result)
  local names = {}
  for _, host in ipairs(result.mx.hosts) do
    if host.covered == false then names[#names + 1] = host.host end
  end
  return names
end

local asked_in_vain = {timeout = true, refused = true, resolver = true}

-- A step's result where smtp.probe_mx found nobody to probe: the domain takes no mail, is not there, or could not be asked about.
function delivery.no_host(result, domain, args)
  local reason = result.failure.reason
  local row = {cause = reason, acts = "receiving-admin", next = delivery.command("dns", domain, args)}
  row.fix = "The domain's owner has to mend its DNS. Another resolver, named with --resolver, shows whether it is yours that errs."
  if reason == "null-mx" then
    row.cause, row.acts, row.fix = "domain-refuses-mail", "sender", "Reach the person some other way: nobody at this domain gets mail."
  elseif reason == "nxdomain" or reason == "no-address" then
    row.acts, row.fix = "sender", "Look whether the domain is spelled right, and whether it still exists."
  elseif asked_in_vain[reason] then
    row.unknown, row.doubt, row.acts = result.failure.text, true, "network"
    row.fix = "Your resolver gives no answer: name another with --resolver, or see whether it works."
    return row
  end
  row.fail = result.failure.text
  return row
end

-- The domain of a mailbox. DNS has no mail host for an address literal: wrong usage, with what to do instead.
function delivery.domain(address, instead)
  local domain = address:match("@([^@]+)$")
  if domain:find("^%[") then require("ehlo.trouble").usage("%s is at an address and at no domain: %s.", report.escape(address), instead) end
  return domain
end

-- The hosts of a mailbox's domain in the order in which senders try them; nil and a step's result where there are none.
function delivery.mail_hosts(address, args)
  local domain = delivery.domain(address, "name the server with --host")
  local found, message, err = dns.mail_hosts(domain)
  if found and found.hosts[1] then return found.hosts end
  local reason = found and (found.kind == "null" and "null-mx" or "no-address") or err.reason
  local text = message or domain .. (reason == "null-mx" and " takes no mail (null MX)" or " has no mail host")
  return nil, delivery.no_host({failure = {reason = reason, text = text}}, domain, args)
end

-- Servers that refuse to relay, where another takes the mailbox: the MX record names them still, and they know nothing of it.
function delivery.not_mx_any_more(passed, ended)
  if not passed[1] then return nil end
  for _, record in ipairs(ended) do
    if record.explanation and record.explanation.cause == "relay-denied" then return record end
  end
end

return delivery
