local args = manifest {
  title = "Doctor",
  summary = "what this machine can do: port 25 out, IPv6, a resolver that validates, the clock, the catalogue's age",
  answers = "Can what ehlo says from here be relied on?",
  options = {
    {name = "witness", value = "HOST", many = true, type = "host", help = "a mail server known to answer; may be repeated (big providers')"},
    {name = "clock", value = "URL", help = "a web server whose clock is right (where the catalogue comes from)"},
    "resolver", "trust-anchor",
  },
  verdicts = {pass = "this machine can do all that is needed", warn = "this machine can do what is needed, but not all",
    fail = "some checks from this machine will mislead"},
  examples = {"ehlo doctor", "ehlo doctor --witness mx.example.org --clock https://www.example.org/"},
}

local WITNESSES = {"gmail-smtp-in.l.google.com", "mx1.mail.icloud.com", "mta5.am0.yahoodns.net"}
local STALE = 365 -- days after which a catalogue misses what providers say by now

local book = runbook.new(args)
local witnesses = args.witness or WITNESSES
args.witness = {"none"} -- the steps ask them by name
require("ehlo.probing").set_up(args)

-- Connects to each witness at once; the first that answers, what the others said, and how many had an address to connect to.
local function ask(family)
  local troubles, asked, found = {}, 0, nil
  local results = task.map(witnesses, function(host)
    local session, message, err = smtp.connect(host, {family = family, timeout = 10})
    if session then session:quit() end
    return {host = host, banner = session and (session.banner or ""), message = message, phase = err and err.phase}
  end)
  for _, each in pairs(results) do
    if each.banner then found = found or each else troubles[#troubles + 1] = each.message end
    if each.banner or each.phase and each.phase ~= "dns" then asked = asked + 1 end
  end
  return found, troubles, asked
end

book:step {name = "resolver", title = "names are resolved, and DNSSEC is validated", run = function()
  local list, message, err = dns.ns(".", {timeout = math.min(12, (args.timeout or 15) * 0.8)})
  if not list then
    return runbook.failure("the root's name servers cannot be asked for", err, {evidence = message,
      fix = "Name a resolver that answers: --resolver ADDRESS, or in /etc/resolv.conf."})
  end
  if list.secure then return {pass = "the root's name servers, proven by its key"} end
  return {warn = "answers are not proven: DANE cannot be used from here", next = "ehlo help dane",
    fix = "Use a resolver that hands on DNSSEC's signatures, a local unbound for one."}
end}

book:step {name = "port-25", title = "port 25 is open outwards", severity = "high", run = function()
  local found, troubles, asked = ask(nil)
  if found then return {pass = found.host .. " answers: " .. found.banner} end
  if asked == 0 then return {unknown = "no witness has an address here", evidence = troubles, fix = "Name mail servers that answer: --witness HOST."} end
  local who = #witnesses == 1 and report.escape(witnesses[1]) .. " is" or ("%d hosts are"):format(#witnesses)
  return {fail = who .. " known to answer, and cannot be reached", evidence = troubles, cause = "blocked-locally", acts = "network",
    fix = "Most providers block port 25 for offices and homes. Ask for it to be opened, or probe from a mail server's network.",
    next = "ehlo help submission"}
end}

book:step {name = "ipv6", title = "mail servers can be reached over IPv6", severity = "low", run = function()
  local found, troubles, asked = ask("ipv6")
  if found then return {pass = found.host .. " answers"} end
  if asked == 0 then return {unknown = "no witness has an IPv6 address here", evidence = troubles} end
  return {warn = "no witness answers: trouble over IPv6 alone will look like trouble of theirs", evidence = troubles,
    fix = "Probe with --family ipv4 from here, or give this machine IPv6."}
end}

book:step {name = "clock", title = "the clock is right", after = {"resolver"}, run = function()
  local source = catalogue.list()[1]
  local url = args.clock or source and source.url
  if not url then return {unknown = "nothing to compare it with: name a web server, --clock URL"} end
  local response, message, err = http.get(url, {timeout = 15, max_size = 16 << 20})
  local headers = response and response.headers or err and err.headers
  local there = headers and require("ehlo.mail_date").read(headers.date or "")
  if not there then return {unknown = message or url .. " tells no time"} end
  local off = os.time() - there
  local text = ("%d s %s"):format(math.abs(off), off < 0 and "behind" or "ahead")
  local metrics = {clock_off_seconds = off}
  if math.abs(off) > 300 then
    return {fail = text, metrics = metrics, fix = "Let it follow a time server (systemd-timesyncd, chrony): certificates and signatures are judged by it."}
  end
  return {[math.abs(off) > 10 and "warn" or "pass"] = math.abs(off) <= 1 and "to the second" or text, metrics = metrics}
end}

book:step {name = "catalogue", title = "the catalogue is recent", severity = "low", run = function()
  local newest
  for _, layer in ipairs(catalogue.layers()) do
    local renew = layer.layer == "downloaded" and "ehlo catalogue update " .. layer.name or nil
    if layer.stale then
      return {warn = ("%s expired on %s"):format(layer.name, layer.expires:sub(1, 10)), next = renew, cause = "catalogue-stale",
        fix = renew and "Renew it." or "Write a later date into it, or take it away: " .. layer.path}
    end
    local may_be_old = layer.layer == "built-in" or layer.layer == "downloaded"
    if may_be_old and (not newest or layer.issued > newest.issued) then newest = layer end
  end
  local year, month, day = newest.issued:match("^(%d+)-(%d+)-(%d+)")
  local age = (os.time() - os.time {year = year, month = month, day = day}) // 86400
  local text = ("%s, version %d, %d days old"):format(newest.name, newest.version, age)
  local metrics = {catalogue_age_days = age}
  if age <= STALE then return {pass = text, metrics = metrics} end
  return {warn = text, cause = "catalogue-stale", fix = "Renew it, or ehlo itself.", metrics = metrics,
    next = newest.layer == "downloaded" and "ehlo catalogue update " .. newest.name or nil}
end}

return book:run()
