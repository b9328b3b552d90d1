-- Owns: the questions of the dns command: one a type, or who takes the mail; what was answered, or why nothing was. Callers: the dns command.
local dns_text = require "ehlo.dns_text"
local questions = {}

local ORDER = {"name", "type", "status", "verdict", "message", "canonical", "aliases", "records", "mail", "findings", "seconds", "resolver"}
local of_record = {__order = {"name", "ttl", "type", "rdata", "secure"}}
local of_mail = {__order = {"domain", "kind", "secure", "canonical", "hosts", "findings"}}
local of_host = {__order = {"host", "preference", "secure", "canonical", "addresses", "reason", "message"}}
local of_alias = {__order = {"name", "ttl", "host", "secure"}}

local function verdict_of(secure) return secure and "secure" or "insecure" end

local function in_order(a, b)
  local x, y = a.preference or a.priority or 0, b.preference or b.priority or 0
  if x ~= y then return x < y end
  return a.rdata < b.rdata
end

local function records_of(list)
  local records = {}
  for i, r in ipairs(list) do
    local record = {type = list.type, rdata = dns_text.data(list.type, r)}
    for key, value in pairs(r) do
      if record[key] == nil then record[key] = value end
    end
    records[i] = setmetatable(record, of_record)
  end
  table.sort(records, in_order) -- servers turn them round
  return records
end

local function aliases_of(list)
  local copy = {}
  for i, alias in ipairs(list) do
    copy[i] = setmetatable({name = alias.name, ttl = alias.ttl, host = alias.host, secure = alias.secure}, of_alias)
  end
  return copy
end

local function take(answer, list, message, err)
  if list then
    answer.status, answer.verdict = #list > 0 and "found" or "no-data", verdict_of(list.secure)
    answer.canonical, answer.aliases, answer.records = list.canonical, aliases_of(list.aliases), records_of(list)
    return
  end
  answer.status, answer.message, answer.records = err.reason or "failed", message, {}
  answer.canonical, answer.aliases = err.canonical, aliases_of(err.aliases or {})
  if err.secure ~= nil then answer.verdict = verdict_of(err.secure) end
  if err.reason == "bogus" then answer.verdict = "bogus" end
end

-- Asks for the records of a type. An address is asked for its name.
function questions.ask(name, type, timeout)
  local answer, began = setmetatable({name = name, type = type, findings = {}}, {__order = ORDER}), shell.clock()
  if questions.is_address(name) then
    take(answer, dns.ptr(name, {timeout = timeout}))
  else
    take(answer, dns.query(name, type, {timeout = timeout}))
  end
  answer.seconds = shell.clock() - began
  return answer
end

-- What a script was given, as the command shows it: a list of records, or mail hosts.
function questions.of_list(list)
  local first = list.aliases[1]
  local answer = {name = first and first.name or list.canonical, type = list.type, findings = {}, resolver = dns.resolver()}
  take(answer, list)
  return answer
end

function questions.of_mail(mail)
  return {name = mail.domain, type = "MX", status = #mail.hosts > 0 and "found" or "no-data", verdict = verdict_of(mail.secure), mail = mail,
    records = {}, findings = mail.findings, resolver = dns.resolver()}
end

-- All types at once, in the order that they were given in.
function questions.ask_all(name, types, timeout)
  local answers, errors = task.map(types, function(type) return questions.ask(name, type, timeout) end)
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
  return answers
end

-- Who takes the mail of a domain: its MX records, and what they lead to.
function questions.mail(name, timeout)
  local answer, began = questions.ask(name, "MX", timeout), shell.clock()
  if answer.status ~= "found" and answer.status ~= "no-data" then return answer end
  local mail, message, err = dns.mail_hosts(name, {timeout = timeout})
  if mail then
    answer.mail, answer.findings = setmetatable(mail, of_mail), mail.findings
    for _, host in ipairs(mail.hosts) do
      setmetatable(host, of_host)
      host.aliases = host.aliases and aliases_of(host.aliases)
    end
  else
    take(answer, nil, message, err)
  end
  answer.seconds = answer.seconds + shell.clock() - began
  return answer
end

function questions.is_address(name) return (pcall(dns.address_kind, name)) end

-- Says of all whom they went to, and that DNSSEC was kept back where it was.
function questions.conclude(answers)
  local resolver = setmetatable(dns.resolver(), {__order = {"servers", "recursive", "validates"}})
  local lame = require("ehlo.mail_hosts_findings").of_resolver()
  for _, answer in ipairs(answers) do
    answer.resolver = resolver
    if lame and not answer.mail then table.insert(answer.findings, lame) end
  end
  return answers
end

return questions
