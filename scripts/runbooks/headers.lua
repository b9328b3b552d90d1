local args = manifest {
  title = "A mail's way, and what its headers prove",
  summary = "read a mail's headers: each hop with its delay, wrong clocks, circles, and every signature verified",
  answers = "Where did this mail wait, who handed it on, and is it from whom it says?",
  arguments = {{name = "file", type = "file", help = "the mail, headers at least; - for standard input"}},
  options = {
    {name = "ip", value = "ADDRESS", type = "ip", help = "who handed it to your servers (the last public address in the Received lines)"},
    "resolver", "trust-anchor",
  },
  permission = "safe",
  verdicts = {pass = "nothing is wrong with these headers", warn = "the mail is sound, with remarks", fail = "these headers show what went wrong"},
  examples = {"ehlo headers mail.eml", "ehlo headers - < mail.eml", "ehlo headers mail.eml --format html -o mail.html"},
}

local route = require "ehlo.route"
require("ehlo.probing").set_up(args)
local bytes, told = require("ehlo.one_mail").read(args.file)
local hops = require("ehlo.received").path(told.headers)
local book = runbook.new(args, {subject = told.message.subject or args.file})

book:step {name = "hops", title = "the way from server to server", reference = "RFC 5321 section 4.4", run = function()
  if #hops == 0 then return {unknown = "there is no Received line: these are not the headers of a delivered mail"} end
  local first, last = hops[1].time, hops[#hops].time
  local whole = first and last and " in " .. route.duration(last - first) or ""
  return {pass = ("%d hop%s%s"):format(#hops, #hops == 1 and "" or "s", whole), table = route.table(hops),
    metrics = {hops = #hops, seconds = first and last and last - first or nil}}
end}

book:step {name = "delay", title = "no server held it for long", needs = {"hops"}, run = function()
  local waits = route.waits(hops)
  if not waits[1] then return {pass = "each hop took less than five minutes"} end
  local worst, seen = waits[1], {}
  for i, each in ipairs(waits) do seen[i] = ("%s at %s, before %s took it"):format(route.duration(each.seconds), each.at, each.towards) end
  return {warn = ("it waited %s at %s"):format(route.duration(worst.seconds), worst.at), evidence = seen, cause = "delay",
    fix = ("Look in the log of %s for this mail's queue id%s: it says why %s did not take the mail sooner."):format(worst.at,
      worst.before.id and " (" .. worst.before.id .. ")" or "", worst.towards)}
end}

book:step {name = "clocks", title = "the servers' clocks agree", needs = {"hops"}, run = function()
  local skews = route.skews(hops)
  if not skews[1] then return {pass = "no hop is dated before the one that handed the mail to it"} end
  local worst, seen = skews[1], {}
  for i, each in ipairs(skews) do seen[i] = ("%s is %s ahead of %s"):format(each.ahead, route.duration(each.seconds), each.behind) end
  return {warn = ("the clocks of %s and %s differ by %s or more"):format(worst.ahead, worst.behind, route.duration(worst.seconds)), evidence = seen,
    cause = "clock-skew", fix = "Run NTP on both; delays above are wrong by that much, and signatures may look expired or not yet valid."}
end}

book:step {name = "circles", title = "it went through no server twice", needs = {"hops"}, run = function()
  local circles, twice = route.circles(hops), route.delivered_twice(told.headers)
  if twice[1] then
    return {fail = ("it was delivered to %s twice"):format(twice[1]), cause = "mail-loop", acts = "forwarder",
      fix = "Two mailboxes or servers forward to each other: take one of the forwards away."}
  end
  local worst = circles[1]
  if not worst then return {pass = "each server took it in once"} end
  local text = ("%s took it in %d times"):format(worst.host, worst.times)
  if worst.times > 2 then
    return {fail = text, cause = "mail-loop", acts = "forwarder",
      fix = "Find who sends the mail back to " .. worst.host .. ": the hop before each of its lines."}
  end
  return {warn = text, fix = "Once back is a filter, a list or a forward; oftener is a loop."}
end}

-- What it can prove: as the servers on its way judged, and as it is judged now.
book:step {name = "judged", title = "what receivers found of it", reference = "RFC 8601", run = function()
  local r = policy.authentication_results(bytes)
  return r.verdict == "none" and not r.findings[1] and {skip = r.summary} or runbook.policy(r)
end}

book:step {name = "dkim", title = "its DKIM signatures hold", run = function()
  local r = policy.dkim(bytes)
  if r.verdict == "none" then return {warn = r.summary, cause = "dkim-none", keep = r, reference = "RFC 6376"} end
  local rows = {}
  for i, s in ipairs(r.signatures) do rows[i] = {s.domain or "-", s.selector or "-", s.verdict, s.text or ""} end
  return runbook.policy(r, {table = {heads = {"signed by", "selector", "verdict", "why"}, rows = rows}})
end}

book:step {name = "arc", title = "its ARC chain holds", run = function()
  local r = policy.arc(bytes)
  return r.verdict == "none" and {skip = r.summary} or runbook.policy(r)
end}

book:step {name = "dmarc", title = "it is from whom it says (DMARC)", after = {"dkim"}, because = {"dkim"}, run = function()
  local hop = route.handed_over(hops)
  local ip = args.ip or hop and hop.address
  local r = policy.message(bytes, {ip = ip, helo = ip and (hop and hop.helo or "unknown.invalid")})
  local more = {evidence = ip and "handed over by " .. ip or "who handed it over is not known: SPF was not looked at"}
  if r.verdict == "none" then return {warn = r.summary, keep = r, evidence = more.evidence, fix = r.fix} end
  local of = r.dmarc
  if r.verdict == "pass" then return {pass = r.summary, keep = r, evidence = more.evidence} end
  return {[r.verdict == "fail" and "fail" or "unknown"] = r.summary, cause = "dmarc-" .. r.verdict, fix = r.fix or of and of.fix, reference = r.reference,
    evidence = more.evidence, keep = r}
end}

return book:run()
