-- Owns: the questions of the dns command: one a type, or who takes the mail; what was answered, or why nothing was. Callers: the dns command.
local dns_text = require "ehlo.dns_text"
local questions = {}

local ORDER = {"name", "type", "status", "verdict", "message", "canonical", "aliases", "records", "mail", "findings", "seconds", "resolver"}
local of_record = {__order = {"name", "ttl", "type", "rdata", "secure"}}
local of_alias = {__order = {"name", "ttl", "host", "secure"}}

local function verdict_of(secure) return secure and "secure" or "insecure" end

local function records_of(list)
  local records = {}
  for i, r in ipairs(list) do
    local record = {type = list.type, rdata = dns_text.data(list.type, r)}
    for key, value in pairs(r) do
      if record[key] == nil then record[key] = value end
    end
    records[i] = setmetatable(record, of_record)
  end
  return records
end

local function aliases_of(list)
  for _, alias in ipairs(list) do setmetatable(alias, of_alias) end
  return list
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
    answer.mail, answer.findings = mail, mail.findings
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
