local args = manifest {
  summary = "talk to a mail server step by step, and explain what it answers",
  arguments = {{name = "targets", many = true, help = "host, host:port or address; - reads them from standard input"}},
  options = {
    {name = "to", value = "MAILBOX", help = "ask whether it would take mail for this mailbox (MAIL, RCPT, RSET; nothing is sent)"},
    {name = "from", value = "MAILBOX", help = "the sender to name (the null sender)"},
    {name = "helo", value = "NAME", help = "the name that EHLO presents (this machine's)"},
    {name = "tls", value = "LEVEL", values = {"none", "may", "encrypt", "verify", "dane"},
      help = "none, may (the default), encrypt, verify or dane, as Postfix means them"},
    {name = "implicit-tls", help = "speak TLS first, as on port 465"},
    {name = "tls-min", value = "VERSION", values = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, help = "the oldest TLS version to offer"},
    {name = "tls-max", value = "VERSION", values = {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"}, help = "the newest TLS version to offer"},
    {name = "ca-file", value = "FILE", help = "trust these certificates (PEM) in place of the system's"},
    {name = "certificate", value = "FILE", help = "present this certificate (PEM), with its key there or in --key"},
    {name = "key", value = "FILE", help = "the key of --certificate (PEM)"},
    {name = "auth", value = "USER", help = "log in as this user, after TLS (with --allow login); the secret is asked for unless told where"},
    {name = "mechanism", value = "NAME", values = {"SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5",
      "PLAIN", "LOGIN", "EXTERNAL", "OAUTHBEARER", "XOAUTH2"}, help = "how to log in (the strongest that the server offers)"},
    {name = "secret-file", value = "FILE", help = "the password or token is the first line of this file"},
    {name = "secret-env", value = "NAME", help = "the password or token is in this variable of the environment"},
    {name = "netrc", value = "FILE", help = "the password is in this netrc file, by host and user"},
    {name = "family", value = "FAMILY", values = {"ipv4", "ipv6"}, help = "ipv4 or ipv6 only"},
    {name = "source", value = "ADDRESS", help = "connect from this address"},
    {name = "resolver", value = "ADDRESS", help = "ask this name server, ADDRESS or ADDRESS:PORT"},
    {name = "retry-greylisted", value = "SECONDS", type = "seconds", help = "where it is greylisted, wait so long and try once more"},
    {name = "concurrency", value = "N", type = "count", max = 10000, help = "so many targets at a time (1)"},
  },
  permission = "safe",
  examples = {"ehlo probe mx1.example.org", "ehlo probe --to user@example.org mx1.example.org",
    "ehlo probe --tls verify --format json mx1.example.org:587", "ehlo probe --allow login --auth user --netrc ~/.netrc mail.example.org:587",
    "ehlo probe --implicit-tls mail.example.org"},
}

local trouble = require "ehlo.trouble"

if args.resolver then
  local ok, message = smtp.resolver {server = args.resolver}
  if not ok then trouble.usage("--resolver %s: %s", report.escape(args.resolver), message) end
end

local targets = {}
for _, target in ipairs(args.targets) do
  if target ~= "-" then
    targets[#targets + 1] = target
  else
    for line in io.lines() do
      line = line:match("^%s*(.-)%s*$")
      if line ~= "" and not line:match("^#") then targets[#targets + 1] = line end
    end
  end
end

local options = {
  to = args.to, from = args.from, helo = args.helo, tls = args.tls, implicit_tls = args.implicit_tls,
  tls_min = args.tls_min, tls_max = args.tls_max, ca_file = args.ca_file, certificate = args.certificate, key = args.key,
  family = args.family, source = args.source, timeout = args.timeout,
}

local auth_of = require("ehlo.secret").reader(args)

local function probe(target)
  local with = options
  if auth_of then
    with = {auth = auth_of(target)}
    for key, value in pairs(options) do with[key] = value end
  end
  local record, message = smtp.probe(target, with)
  if not record then trouble.usage("%s", message) end
  return record
end

local function is_greylisted(record)
  return record.outcome == "refused-temporarily" and record.explanation and record.explanation.cause == "greylisted"
end

-- One target that puts off strangers: come back once, as a mail server would, and say what changed.
local function come_back(first)
  if terminal.is_tty(2) and not args.quiet then
    io.stderr:write(("%s: greylisted; trying again in %g s\n"):format(report.escape(first.target), args.retry_greylisted))
  end
  task.sleep(args.retry_greylisted)
  local second = probe(first.target)
  local verdict = second.outcome == "ready" and "it was then accepted: nothing stands in the way of a server that retries"
    or is_greylisted(second) and "it is greylisted still: wait longer, or retry from the very same address"
    or "the outcome is now " .. second.outcome
  return second, ("Greylisted at first; tried again after %g s: %s."):format(args.retry_greylisted, verdict)
end

local items, note
if #targets == 1 then
  items = {probe(targets[1])}
  if args.retry_greylisted and is_greylisted(items[1]) then items[2], note = come_back(items[1]) end
else
  local errors
  items, errors = task.map(targets, probe, {concurrency = args.concurrency or 1})
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
end

local exit = 0
if #targets == 1 then
  exit = items[#items].exit
else
  for _, record in ipairs(items) do
    if record.outcome ~= "ready" then exit = 1 end
  end
end
return {kind = "probe", items = items, note = note, exit = exit}
