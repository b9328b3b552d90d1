-- Owns: what the probes of a mail domain's servers tell together: how far each came, who is the odd one, whether a family alone fails.
-- Callers: the check runbook, explain --live.
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

-- "mx2.example.org [192.0.2.26]"
function delivery.name(record)
  local host = (record.host or record.target):gsub(":%d+$", "")
  return record.address and record.address ~= host and ("%s [%s]"):format(host, record.address) or host
end

-- A line for each, with what it said last.
function delivery.told(records)
  local view, lines = require "ehlo.view_probe", {}
  for i, record in ipairs(records) do
    lines[i] = delivery.name(record) .. ": " .. (record.reply and record.reply.code >= 400 and tostring(record.reply) or view.verdict(record))
  end
  return lines
end

local function is_v6(record) return record.address ~= nil and record.address:find(":", 1, true) ~= nil end

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

-- Servers that refuse to relay, where another takes the mailbox: the MX record names them still, and they know nothing of it.
function delivery.not_mx_any_more(passed, ended)
  if not passed[1] then return nil end
  for _, record in ipairs(ended) do
    if record.explanation and record.explanation.cause == "relay-denied" then return record end
  end
end

return delivery
