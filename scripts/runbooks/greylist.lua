local args = manifest {
  title = "Greylisting",
  summary = "try a mailbox, wait, try again from the same address: is it greylisting, and does it end?",
  answers = "Is mail for this mailbox put off at first only, and how long?",
  arguments = {{name = "address", type = "address", help = "mailbox to ask about; nothing is sent"}},
  options = {
    {name = "host", value = "HOST", type = "host", help = "the server to ask (the first mail host of the domain)"},
    {name = "wait", value = "SECONDS", type = "seconds", help = "how long to wait before each further try (310)"},
    {name = "tries", value = "N", type = "count", min = 2, max = 20, help = "how often to try in all (3)"},
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (the null sender); each stays the same for all tries"},
    "source", "resolver", "trust-anchor",
  },
  permission = "recipient",
  verdicts = {warn = "mail is put off, and not by a greylist", pass = "a mail server that tries again gets through", fail = "mail does not get through"},
  examples = {"ehlo greylist user@example.org", "ehlo greylist --host mx1.example.org --wait 60 --tries 10 user@example.org"},
}

local WAIT, TRIES = args.wait or 310, args.tries or 3 -- most greylists want five minutes

local delivery = require "ehlo.delivery"
local quoted = require("ehlo.words").quote(args.address)
require("ehlo.probing").set_up(args)
local book = runbook.new(args, {subject = args.address})

-- The same server, sender and address of our own each time: a greylist takes any other for a stranger.
local function try(host, first)
  return smtp.probe(host, {to = args.address, from = args.from, source = first and first.source or args.source, address = first and first.address})
end

local function is_greylisted(record)
  return record.outcome == "refused-temporarily" and record.phase == "rcpt" and record.explanation and record.explanation.cause == "greylisted"
end

book:step {name = "host", title = "the domain has a mail host", run = function()
  if args.host then return {pass = args.host, keep = args.host} end
  local hosts, why = delivery.mail_hosts(args.address, args)
  return why or {pass = hosts[1].host, keep = hosts[1].host}
end}

book:step {name = "first", title = "the mailbox takes mail, or puts it off", needs = {"host"}, run = function(found)
  local record = try(found.host)
  if is_greylisted(record) then
    return {pass = "put off, as strangers are: " .. tostring(record.reply), evidence = tostring(record.reply), keep = record}
  elseif record.outcome == "ready" then
    return {pass = "accepted at once: no greylisting for " .. record.source, keep = record}
  end
  return runbook.probed(record, {keep = record})
end}

book:step {name = "again", title = "a further try from the same address is taken", needs = {"first"}, run = function(found)
  local first, began = found.first, shell.clock()
  if first.outcome == "ready" then return {skip = "not needed: the first try was accepted"} end
  if not is_greylisted(first) then return {skip = "of no use at once: no greylist put it off"} end
  for _ = 2, TRIES do
    task.sleep(WAIT)
    local record = try(found.host, first)
    local waited = shell.clock() - began
    if record.outcome == "ready" then
      return {pass = ("accepted after %.0f s"):format(waited), metrics = {greylisted_seconds = waited}, evidence = runbook.dialogue(record, 6)}
    elseif not is_greylisted(record) then
      return runbook.probed(record, {next = "ehlo probe --to " .. quoted .. " " .. found.host})
    end
  end
  return {fail = ("put off still, after %d tries in %.0f s"):format(TRIES, shell.clock() - began), cause = "greylisted", acts = "receiving-admin",
    fix = "Try for longer. Where real mail never gets through either, it leaves from changing addresses: pin one, or ask for an exemption.",
    next = ("ehlo greylist --host %s --wait %g --tries %d %s"):format(found.host, WAIT * 2, math.min(TRIES * 2, 20), quoted)}
end}

return book:run()
