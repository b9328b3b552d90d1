-- Owns: the runbook that `ehlo new-runbook` writes: short, commented, and one that runs. Callers: that command, tests.
local new_runbook = {}

local template = [=[
-- A runbook of your own. Run it: ehlo NAME mx.example.org
-- All of the language: ehlo help runbooks. In other forms: --format json, html, junit, tap, nagios or prometheus.

-- What it is and takes. This part is read by `ehlo help` as well, and nothing else of the script runs then.
local args = manifest {
  title = "Our mail server",                                       -- the head of the report
  summary = "is our mail server as it should be?",                 -- its line in `ehlo help`
  answers = "Does the server answer, and does it offer TLS that can be trusted?",
  arguments = {{name = "host", type = "host", help = "mail server"}}, -- types: address, domain, host, machine, ip, file, count, seconds
  options = {{name = "days", value = "N", type = "count", help = "warn when the certificate has fewer days left (14)"}},
  examples = {"ehlo NAME mx.example.org"},
}

local book = runbook.new(args, {subject = args.host})

-- The title says what should hold. A step returns its verdict and why: {pass = "..."}, {warn = "..."}, {fail = "..."}, {skip = "..."} or {unknown = "..."}.
-- Beside it may stand evidence, cause, acts, fix, next (a command to paste), reference, metrics and keep.
book:step {name = "connect", title = "the server answers", run = function()
  local session, message, err = smtp.connect(args.host)
  if not session then return runbook.failure(message, err) end
  return {pass = session.banner, keep = session, metrics = {greeting_seconds = session.timing.greeting}}
end}

-- `needs`: this begins when "connect" has passed; where it has not, this is skipped. found.connect is what that step kept.
-- Steps that need nothing of each other run at once.
book:step {name = "starttls", title = "STARTTLS is offered", needs = {"connect"}, run = function(found)
  found.connect:ehlo()
  if found.connect.capabilities.STARTTLS then return {pass = "it is"} end
  return {fail = "it is not", fix = "Turn on TLS for this port.", evidence = runbook.dialogue(found.connect)}
end}

book:step {name = "certificate", title = "its certificate is good", needs = {"starttls"}, run = function(found)
  local reply, message, err = found.connect:starttls()
  if not reply then return runbook.failure(message, err) end
  local tls = found.connect.tls
  if not tls then return runbook.refused("STARTTLS is refused", reply) end
  if not tls.trusted then return {fail = tls.verdicts[1].text, next = "ehlo tls " .. args.host} end
  local days = (tls.chain[1].not_after - os.time()) // 86400
  local left = ("%d days left"):format(days)
  if days < (args.days or 14) then return {warn = left, fix = "Renew it.", metrics = {days_left = days}} end
  return {pass = left, metrics = {days_left = days}}
end}

return book:run()
]=]

function new_runbook.text(name) return (template:gsub("NAME", name)) end

return new_runbook
