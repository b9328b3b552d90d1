local args = manifest {
  title = "TLS",
  summary = "TLS of a mail server: offered, enforced, versions, certificate, expiry; --vary finds what makes it work",
  answers = "Can mail reach this server under TLS, and would a sender who insists trust it?",
  arguments = {{name = "host", type = "host", help = "mail server"}},
  options = {
    {name = "implicit-tls", help = "TLS from the first byte, as on port 465"},
    {name = "submission", help = "this port is for users: mail without TLS must be refused (so on ports 465 and 587)"},
    "ca-file",
    {name = "sni", value = "NAME", type = "domain", help = "ask for this name in the handshake (the host's)"},
    {name = "days", value = "N", type = "count", help = "warn when the certificate has fewer days left (14)"},
    {name = "domain", value = "DOMAIN", type = "domain", help = "the mail domain that it is an MX host of: what does its MTA-STS policy ask?"},
    "resolver", "trust-anchor",
    {name = "vary", help = "change one thing at a time, and name what makes the handshake work"},
  },
  verdicts = {pass = "TLS is offered, and can be trusted", warn = "TLS works, with something to look at", fail = "TLS is not as it should be"},
  examples = {"ehlo tls mx.example.org", "ehlo tls --domain example.org mx.example.org", "ehlo tls --vary mx.example.org",
    "ehlo tls --implicit-tls mail.example.org:465"},
}

local delivery, judge = require "ehlo.delivery", require "ehlo.tls_judge"
require("ehlo.probing").set_up(args)
local book = runbook.new(args, {subject = args.host})
local name = require("ehlo.secret").host(args.host)
local is_name = not name:find("^[%d.]+$") and not name:find(":", 1, true)
local port = args.host:match("[^:]:(%d+)$") or args.host:match("%]:(%d+)$") or (args.implicit_tls and "465" or "25")
local submission = args.submission or args.implicit_tls or port == "587" or port == "465"

-- The options of one connection; `more` changes some.
local function options(more)
  local set = {implicit_tls = args.implicit_tls, ca_file = args.ca_file, sni = args.sni}
  for key, value in pairs(more or {}) do set[key] = value end
  return set
end

local function probe(more)
  local set = options(more)
  if not set.implicit_tls then set.tls = "encrypt" end
  return smtp.probe(args.host, set)
end

local had_tls = judge.had_tls

book:step {name = "offered", title = "the server answers and offers TLS", run = function()
  local record, message, err = smtp.probe(args.host, options())
  if not record then return runbook.failure(message, err) end
  if judge.is_put_off(record) then return runbook.probed(record, {unknown = true}) end
  if args.implicit_tls or not record.capabilities then return runbook.probed(record, {keep = record}) end
  if not had_tls(record) and not record.capabilities.STARTTLS then
    return {fail = "STARTTLS is not offered", cause = "tls-not-offered", acts = "receiving-admin", evidence = runbook.dialogue(record, 4),
      fix = "Turn on TLS; or find what strips the line from EHLO on the way.", probes = {record}, next = "ehlo help starttls"}
  end
  return {pass = "STARTTLS, " .. (record.banner or ""), keep = record, probes = {record}}
end}

book:step {name = "handshake", title = "the handshake goes through", needs = {"offered"}, run = function(found)
  local record = had_tls(found.offered) and found.offered or probe()
  if judge.is_put_off(record) then return runbook.probed(record, {probes = {}, unknown = true}) end
  if not had_tls(record) then return runbook.probed(record, {probes = {}, next = "ehlo tls --vary " .. args.host}) end
  local tls = record.tls
  return {pass = table.concat({tls.version, tls.group or "", tls.cipher}, " "), keep = tls, metrics = {handshake_seconds = record.timing.tls}}
end}

local function judged(r, command, subject)
  if r.verdict == "none" then return {skip = r.summary} end
  return runbook.policy(r, {next = delivery.command(command, subject, args)})
end

-- Mail servers may be vouched for by DNS in place of an authority.
local by_dns = is_name and not submission and {"dane"} or {}
if by_dns[1] then
  book:step {name = "dane", title = "its certificate matches its TLSA records (DANE)", needs = {"offered"}, run = function()
    local at = math.tointeger(tonumber(port))
    return judged(policy.dane(name, {port = at, live = true, ca_file = args.ca_file}), "dane --live", delivery.at_host {target = name, port = at})
  end}
end

local function by_dane(found) return by_dns[1] ~= nil and found.dane ~= nil and found.dane.verdict == "match" end

book:step {name = "certificate", title = "its certificate is trusted", needs = {"handshake"}, after = by_dns, run = function(found)
  local result = judge.certificate(found.handshake, by_dane(found))
  result.fix = result.fail
    and "Senders that do not insist still deliver; those that follow MTA-STS, and users' programs, do not. Renew or replace it." or nil
  return result
end}

book:step {name = "expiry", title = "it is good for a while", needs = {"handshake"}, after = by_dns, because = {"certificate"}, run = function(found)
  return judge.expiry(found.handshake, args.days or 14, by_dane(found))
end}

-- MAIL in the clear: a public mail server must take it (RFC 3207 section 4), a port for users must not.
book:step {name = "enforced", title = submission and "mail without TLS is refused" or "mail without TLS is taken, as a public server must",
  reference = submission and "RFC 8314 section 3.3" or "RFC 3207 section 4", severity = "low", needs = {"offered"}, run = function()
    if args.implicit_tls then return {pass = "nothing is said before TLS"} end
    local session <close>, message, err = smtp.connect(args.host, {tls = "none"})
    if not session then return runbook.failure(message, err, {unknown = true}) end
    session:ehlo()
    local reply, why, trouble = session:mail("")
    if not reply then return runbook.failure(why, trouble, {unknown = true}) end
    if reply.code == 421 then return runbook.refused("", reply, {unknown = tostring(reply)}) end
    local refused, said = reply.code >= 400, tostring(reply)
    if refused == submission then return {pass = said} end
    if submission then return {warn = "MAIL is taken in the clear: " .. said, fix = "Insist on TLS (Postfix: smtpd_tls_security_level = encrypt)."} end
    return {warn = "MAIL is refused in the clear: " .. said, fix = "Offer TLS without insisting on it, or be sure that every sender has it."}
  end}

-- What senders that heed the domain's policy demand.
if args.domain then
  book:step {name = "mta-sts", title = "the MTA-STS policy of " .. args.domain .. " covers it", run = function()
    return judged(policy.mta_sts(args.domain, {hosts = is_name and {name} or nil, ca_file = args.ca_file}), "mta-sts", args.domain)
  end}
end

book:step {name = "versions", title = "good versions are spoken, and no bad ones", reference = "RFC 8996", severity = "high", needs = {"offered"},
  because = {"handshake"}, run = function() return judge.versions(probe) end}

if args.vary then
  book:step {name = "vary", title = "what makes the handshake work", needs = args.implicit_tls and {} or {"offered"}, because = {"handshake"}, run = function()
    return require("ehlo.tls_vary").run(probe, is_name)
  end}
end

return book:run()
