-- Owns how answers of DNS look: records as zone files have them, the verdict on them, and the hosts that take a domain's mail. Callers:
-- the renderer, for records of kind "dns".
local dns_text = require "ehlo.dns_text"
local words = require "ehlo.words"
local view = {}

local tones = {secure = "good", insecure = "warn", bogus = "bad"}
local of_level = {fail = "bad", warn = "warn", info = "dim"}

local statuses = {
  ["no-data"] = "no such record", nxdomain = "no such name", bogus = "bogus", servfail = "server failure", timeout = "no answer in time",
  refused = "refused", loop = "aliases in a circle", malformed = "malformed answer", name = "no name", resolver = "no resolver",
}

local meanings = {
  secure = "DNSSEC proves it, from the trust anchor down.",
  insecure = "DNSSEC does not protect this name: a forger could have said the same.",
  bogus = "DNSSEC disproves it: the signatures do not hold, and a resolver that validates answers SERVFAIL.",
}

local advice = {
  nxdomain = "Check the spelling; a name that was just created may be denied until the old answer has run out.",
  bogus = "Nothing that validates will use these records. Have the zone signed anew, or the DS record in its parent corrected.",
  servfail = "Its name servers fail, or stay silent: look at them, and at the zone's delegation. This is no answer, and says nothing about what there is.",
  timeout = "The resolver stays silent: is it the right address, and does a firewall stand between? Name another with --resolver.",
  refused = "The resolver does not serve this machine: name another with --resolver.",
  loop = "Make one of the aliases (CNAME) lead to a name that has records of its own.",
  malformed = "What came is no answer that could be read: ask another server with --resolver.",
}

-- Where validation is off, the verdict is none on the name.
local function meaning_of(answer)
  if answer.resolver.validates == false then return "Not validated: the resolver in use keeps back what that takes." end
  return meanings[answer.verdict]
end

local function failed(answer) return answer.status ~= "found" and answer.status ~= "no-data" end

local function verdict_of(answer)
  if failed(answer) then return statuses[answer.status] or answer.status, "bad" end
  return answer.verdict, tones[answer.verdict]
end

local function title_of(answer)
  if not answer.mail then return answer.name .. " " .. answer.type end
  local mail, n = answer.mail, #answer.mail.hosts
  if mail.kind == "null" then return mail.domain .. " takes no mail (null MX)" end
  if mail.kind == "none" then return mail.domain .. " has nobody who takes its mail" end
  if mail.kind == "implicit" then return mail.domain .. " has no MX: its own address takes the mail" end
  return ("%s: %d MX host%s"):format(mail.domain, n, n == 1 and "" or "s")
end

local function rows_of(answer)
  local rows = {}
  for _, alias in ipairs(answer.aliases or {}) do
    rows[#rows + 1] = {dns_text.name(alias.name), alias.ttl, "IN CNAME", dns_text.name(alias.host)}
  end
  for _, r in ipairs(answer.records) do rows[#rows + 1] = {dns_text.name(r.name), r.ttl, "IN " .. r.type, r.rdata} end
  return rows
end

-- Names beside what they hold where that fits, else above it.
local function add_records(p, answer)
  local columns = require "ehlo.columns"
  local rows, widest = rows_of(answer), 0
  for _, row in ipairs(rows) do
    for i, cell in ipairs(row) do row[i] = report.escape(tostring(cell)) end
    widest = math.max(widest, report.width(row[1]))
  end
  if widest <= p.prose // 2 then
    return p:lines(columns.lines(rows, 4, {width = p.prose, flexible = {[4] = true}, right = {[2] = true}}))
  end
  for _, row in ipairs(rows) do
    p:line(row[1])
    p:lines(columns.lines({{row[2], row[3], row[4]}}, 3, {width = p.prose, indent = 4, flexible = {[3] = true}}))
  end
end

local function host_rows(host, style)
  local rows = {}
  for i, each in ipairs(host.addresses) do
    local verdict = each.secure and "secure" or "insecure"
    rows[i] = {"", "", report.escape(each.address), tostring(each.ttl), verdict, paint = {[5] = style[tones[verdict]]}}
  end
  if not rows[1] then rows[1] = {"", "", statuses[host.reason] or host.reason or "", paint = {[3] = style.bad}} end
  rows[1][1], rows[1][2] = tostring(host.preference), report.escape(host.host)
  return rows
end

local function add_hosts(p, mail)
  local columns, style = require "ehlo.columns", require "ehlo.style"
  local rows = {}
  for _, host in ipairs(mail.hosts) do table.move(host_rows(host, style), 1, 64, #rows + 1, rows) end
  p:lines(columns.lines(rows, 5, {width = p.prose, indent = 2, flexible = {[2] = true, [3] = true}, right = {[1] = true, [4] = true}}))
end

local function add_finding(p, finding)
  local style = require "ehlo.style"
  p:row(words.capital(finding.level), finding.text, style[of_level[finding.level]])
  p:row("Seen", finding.evidence, nil, 4, 7)
  p:row("Do", finding.fix, nil, 4, 7)
  p:row("By", finding.reference, style.dim, 4, 7)
end

local function asked_of(answer)
  local r = answer.resolver
  local whom = r.recursive and "the name servers of the world, from the root on" or table.concat(r.servers, ", ")
  local where = r.validates and "; validated here" or r.validates == false and "; not validated" or ""
  return ("%s; %.3f s%s"):format(whom, answer.seconds, where)
end

local function next_of(answer)
  if answer.mail and answer.mail.hosts[1] then return "ehlo probe " .. answer.mail.hosts[1].host end
  if answer.status == "bogus" then return "ehlo dns " .. answer.name .. " DNSKEY" end
  return nil
end

-- What a message says beside the name, which stands in the title.
local function why(answer)
  local message = answer.message
  if message then
    local lead = message:match("^(%S+): ") -- an address is asked for by another name
    if lead and (lead == answer.name or message:find(lead, #lead + 2, true)) then message = message:sub(#lead + 3) end
    return words.capital((message:gsub("^validation failure (%b<>): (.*)", "%2 %1"))) .. "."
  end
  if answer.status == "no-data" then return ("The name exists, and has no %s record."):format(answer.type) end
  return nil
end

local function add_one(p, answer)
  local style = require "ehlo.style"
  local verdict, tone = verdict_of(answer)
  p:title(title_of(answer), verdict, style.bold, style[tone])
  p:blank()
  if answer.mail and #answer.mail.hosts > 0 then add_hosts(p, answer.mail) elseif #answer.records + #(answer.aliases or {}) > 0 then add_records(p, answer) end
  p:blank()
  p:row("Why", why(answer))
  p:row("DNSSEC", meaning_of(answer))
  p:row("Do", advice[answer.status])
  for _, finding in ipairs(answer.findings) do add_finding(p, finding) end
  if answer.seconds then p:row("Asked", asked_of(answer), style.dim) end
  local next_command = next_of(answer)
  if next_command then p:command("Next", next_command) end
end

function view.text(record)
  local p = require("ehlo.page").new()
  for i, answer in ipairs(record.items) do
    if i > 1 then p:blank() end
    add_one(p, answer)
  end
  return p:finish()
end

local function markdown_hosts(mail)
  local rows = {}
  for _, host in ipairs(mail.hosts) do
    local list = {}
    for i, each in ipairs(host.addresses) do list[i] = each.address .. (each.secure and " (secure)" or "") end
    rows[#rows + 1] = {tostring(host.preference), host.host, list[1] and table.concat(list, ", ") or statuses[host.reason] or host.reason}
  end
  return require("ehlo.markdown").table({"", "Host", "Addresses"}, rows)
end

local function markdown_of(answer)
  local markdown = require "ehlo.markdown"
  local verdict = verdict_of(answer)
  local out = {"# " .. markdown.escape(title_of(answer) .. ": " .. verdict), ""}
  local function add(...) for _, line in ipairs {...} do out[#out + 1] = line end end
  local rows = rows_of(answer)
  for i, row in ipairs(rows) do rows[i] = {row[1], tostring(row[2]), row[3], row[4]} end
  if #rows > 0 then add(markdown.table({"Name", "TTL", "Type", "Data"}, rows), "") end
  if answer.mail and #answer.mail.hosts > 0 then add(markdown_hosts(answer.mail), "") end
  for _, text in ipairs {why(answer) or false, meaning_of(answer) or false, advice[answer.status] or false} do
    if text then add(markdown.escape(text), "") end
  end
  local found = {}
  for i, f in ipairs(answer.findings) do found[i] = {f.level, f.text, f.evidence, f.fix, f.reference} end
  if #found > 0 then add("## Found", "", markdown.table({"", "What", "Seen", "To do", "By"}, found), "") end
  if answer.seconds then add("Asked: " .. markdown.escape(asked_of(answer))) end
  return table.concat(out, "\n")
end

function view.markdown(record)
  local pages = {}
  for i, answer in ipairs(record.items) do pages[i] = markdown_of(answer) end
  return table.concat(pages, "\n\n") .. "\n"
end

function view.json(record)
  local list = {}
  for i, answer in ipairs(record.items) do list[i] = report.json(answer) end
  return list
end

return view
