local args = manifest {
  title = "Open relay",
  summary = "would this server take mail from anybody to anybody? RCPT only, never a message",
  answers = "Does the server refuse mail that is neither for its own domains nor from its own users?",
  arguments = {{name = "host", type = "host", help = "mail server; run this from an address that it does not trust"}},
  options = {
    {name = "to", value = "MAILBOX", type = "address", help = "a mailbox that is not the server's affair (relay-test@example.net)"},
    {name = "from", value = "MAILBOX", type = "address", help = "the sender to name (relay-test@example.com)"},
    {name = "domain", value = "DOMAIN", type = "domain", help = "a domain of the server's own, for rewritten addresses (the name that it greets with)"},
  },
  permission = "intrusive",
  verdicts = {pass = "every form of a foreign address is refused", warn = "no plain relaying, but something to look at",
    fail = "the server takes mail for anybody: in all likelihood it is an open relay"},
  examples = {"ehlo open-relay --allow intrusive mx.example.org"},
}

local book = runbook.new(args, {subject = args.host})
local to, from = args.to or "relay-test@example.net", args.from or "relay-test@example.com"
local user, domain = to:match("^(.-)@([^@]+)$")

-- What RCPT is answered to a path as it stands, in a transaction of its own. Servers hang up on many errors: then a new session.
local session
local function ask(sender, path)
  local last
  for _ = 1, 2 do
    if not session or session.closed then session = runbook.session(args.host) end
    if not session then return nil, "the server does not answer any more" end
    local reply = session:rset() and session:mail(sender)
    if reply and reply.code < 300 then reply = session:command("RCPT TO:<" .. path .. ">") end
    if reply and reply.code ~= 421 then return reply end
    last = reply or last
    session:close()
  end
  return nil, last and "turned away: " .. tostring(last) or "the server hung up"
end

local function shown(reply, why) return reply and tostring(reply):gsub("\n.*", "") or why end

book:step {name = "connect", title = "the server answers", run = function()
  local why
  session, why = runbook.session(args.host, nil, {unknown = true})
  if not session then return why end
  local own = args.domain or session.capabilities.domain or (session.banner or ""):match("^[%w%.%-]+%.[%a][%w%-]*") or "localhost"
  return {pass = session.banner, keep = own}
end}

book:step {name = "plain", title = "a foreign mailbox is refused", severity = "high", needs = {"connect"}, reference = "RFC 5321 section 7.9",
  run = function()
    local reply, why = ask(from, to)
    if not reply then return {unknown = why, doubt = true} end
    if reply.code >= 500 then return {pass = shown(reply), keep = true} end
    if reply.code >= 400 then
      return {unknown = "put off, which is neither: " .. shown(reply), doubt = true,
        next = "ehlo greylist --host " .. args.host .. " " .. require("ehlo.words").quote(to)}
    end
    return {fail = "accepted: " .. shown(reply), acts = "receiving-admin", evidence = runbook.dialogue(session, 6), cause = "open-relay",
      fix = "Take mail for your own domains and from your own users only (Postfix: reject_unauth_destination; Exim: relay_to_domains). "
        .. "An accepted RCPT is a strong hint and no proof: some servers refuse after DATA. Is this machine one that the server trusts?"}
  end}

-- Where the server takes any mailbox of its own domain, a rewritten foreign one there says nothing.
book:step {name = "control", title = "a mailbox that cannot be there is refused", severity = "low", needs = {"connect"}, after = {"plain"},
  run = function(found)
    local reply, why = ask(from, ("no-such-mailbox-%d@%s"):format(os.time(), found.connect))
    if not reply then return {unknown = why} end
    if reply.code < 300 then
      return {warn = "accepted: the server takes any local part at " .. found.connect .. ", so that rewritten addresses there say nothing", keep = true}
    end
    return {pass = shown(reply)}
  end}

-- Forms by which servers of old were made to pass mail on. `here`: it is an address at the server itself.
local function forms(own)
  return {
    {"null sender", "", to}, {"sender of its own", "postmaster@" .. own, to}, {"percent", from, ("%s%%%s@%s"):format(user, domain, own), here = true},
    {"percent, no domain", from, ("%s%%%s"):format(user, domain)}, {"quoted", from, ('"%s@%s"@%s'):format(user, domain, own), here = true},
    {"quoted, no domain", from, ('"%s@%s"'):format(user, domain)}, {"bang path", from, ("%s!%s@%s"):format(domain, user, own), here = true},
    {"bang path alone", from, ("%s!%s"):format(domain, user)}, {"source route", from, ("@%s:%s"):format(own, to)},
    {"two at signs", from, ("%s@%s@%s"):format(user, domain, own), here = true},
  }
end

book:step {name = "forms", title = "rewritten forms are refused", needs = {"connect"}, after = {"control"}, because = {"plain"}, run = function(found)
  local rows, accepted, idle, silent = {}, {}, 0, {}
  for _, form in ipairs(forms(found.connect)) do
    local reply, why = ask(form[2], form[3])
    local taken = reply and reply.code < 300
    local put_off = reply and reply.code >= 400 and reply.code < 500
    local verdict = not reply and "?" or put_off and "put off" or not taken and "refused" or form.here and found.control and "says nothing" or "ACCEPTED"
    if verdict == "ACCEPTED" then accepted[#accepted + 1] = form[1] end
    if verdict == "says nothing" then idle = idle + 1 end
    if not reply or put_off then silent[#silent + 1] = form[1] end
    rows[#rows + 1] = {verdict, form[1], "<" .. form[3] .. ">", shown(reply, why)}
  end
  local result = {table = {heads = {"", "form", "recipient", "answer"}, rows = rows}}
  if accepted[1] then
    result.fail = "accepted: " .. table.concat(accepted, ", ")
    result.cause, result.acts = "open-relay", "receiving-admin"
    result.fix = "Refuse addresses whose local part routes on (Postfix: allow_untrusted_routing = no). An accepted RCPT is a strong hint and no "
      .. "proof: the server may refuse after DATA, or keep the mail."
  elseif silent[1] then
    result.unknown, result.doubt = ("%d of %d forms got no clear answer%s"):format(#silent, #rows, #silent < #rows and ": " .. table.concat(silent, ", ")
      or ""), true
    result.fix = "Try again later: the server may put off strangers, or have had enough of this machine for now."
  else
    result.pass = ("%d refused"):format(#rows - idle) .. (idle > 0 and (", %d say nothing"):format(idle) or "")
  end
  return result
end}

return book:run()
