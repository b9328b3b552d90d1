local args = manifest {
  title = "Submission",
  summary = "can users send mail through this host: ports 587 and 465, TLS before passwords, login",
  answers = "Do the ports for users answer, and is a password safe on its way?",
  arguments = {{name = "host", type = "machine", help = "mail server that users send through"}},
  options = {
    {name = "only", value = "PORT", values = {"587", "465"}, help = "look at this port only"},
    {name = "port", value = "N", type = "count", max = 65535, help = "the port with STARTTLS (587)"},
    {name = "tls-port", value = "N", type = "count", max = 65535, help = "the port with TLS from the first byte (465)"},
    "ca-file",
    {name = "auth", value = "USER", permission = "login", help = "log in as this user; the secret is asked for unless told where"},
    {name = "mechanism", value = "NAME", help = "how to log in (the strongest that the server offers)"},
    {name = "secret-file", value = "FILE", help = "the password or token is the first line of this file"},
    {name = "secret-env", value = "NAME", help = "the password or token is in this variable of the environment"},
    {name = "netrc", value = "FILE", help = "the password is in this netrc file, by host and user"},
  },
  verdicts = {pass = "users can send mail through this host", warn = "users can send mail through this host, with a fault",
    fail = "users cannot send mail through this host as they should"},
  examples = {"ehlo submission mail.example.org", "ehlo submission --allow login --auth user --netrc ~/.netrc mail.example.org"},
}

local READABLE = {PLAIN = true, LOGIN = true, XOAUTH2 = true, OAUTHBEARER = true} -- who listens has the secret

local judge = require "ehlo.tls_judge"
local book = runbook.new(args, {subject = args.host})
local secret = require("ehlo.secret").reader(args)

-- The mechanisms of the last EHLO, and those among them that show the secret to whoever listens.
local function mechanisms(session)
  local list, readable = {}, {}
  for word in (session.capabilities.AUTH or ""):gmatch("%S+") do
    list[#list + 1] = word
    if READABLE[word:upper()] then readable[#readable + 1] = word end
  end
  return list, readable
end

local function connect(port, implicit)
  local session, why = runbook.session(args.host, {port = port, implicit_tls = implicit, ca_file = args.ca_file})
  return why or {pass = session.banner, keep = session, metrics = {greeting_seconds = session.timing.greeting}}
end

-- What holds on both ports once TLS is on: the certificate, a login, and the login itself.
local function under_tls(port, needs)
  book:step {name = "certificate-" .. port, title = "its certificate is one that programs trust", needs = {needs}, run = function(found)
    local tls = found[needs].tls
    local trusted, good = judge.certificate(tls), judge.expiry(tls, 14)
    if trusted.pass then return good.pass and {pass = ("%s, %s"):format(tls.chain[1].subject or args.host, good.pass), metrics = good.metrics} or good end
    trusted.fix, trusted.metrics = "Install a certificate for this name from an authority that the users' programs know.", good.metrics
    return trusted
  end}

  book:step {name = "auth-" .. port, title = "a login is offered under TLS", needs = {needs}, run = function(found)
    local list = mechanisms(found[needs])
    if #list == 0 then return {fail = "AUTH is not offered", fix = "Turn on SASL for this port.", evidence = runbook.dialogue(found[needs])} end
    return {pass = table.concat(list, " "), keep = found[needs]}
  end}

  book:step {name = "login-" .. port, title = "the user can log in", needs = {"auth-" .. port}, run = function(found)
    if not secret then return {skip = "no user was given: --auth USER --allow login"} end
    local reply, message, err = found["auth-" .. port]:auth(secret(args.host))
    if not reply then return runbook.failure(message, err) end
    if reply.code ~= 235 then return runbook.refused("the login is refused", reply, {next = "ehlo help secrets"}) end
    return {pass = tostring(reply)}
  end}
end

if args.only ~= "465" then
  book:step {name = "connect-587", title = "port 587 answers", run = function() return connect(args.port or 587) end}

  book:step {name = "before-tls", title = "no password is asked for before TLS", severity = "high", reference = "RFC 4954 section 4",
    needs = {"connect-587"}, run = function(found)
      local list, readable = mechanisms(found["connect-587"])
      if readable[1] then
        return {fail = table.concat(readable, " ") .. " before TLS: whoever listens reads the password", acts = "receiving-admin",
          evidence = "AUTH " .. found["connect-587"].capabilities.AUTH,
          fix = "Offer AUTH under TLS only (Postfix: smtpd_tls_auth_only = yes; Exim: auth_advertise_hosts by $tls_in_cipher)."}
      elseif list[1] then
        return {warn = table.concat(list, " ") .. " before TLS: a listener can guess at the password at leisure"}
      end
      return {pass = "AUTH comes with TLS only"}
    end}

  book:step {name = "starttls", title = "STARTTLS works on port 587", needs = {"connect-587"}, after = {"before-tls"}, run = function(found)
    local session = found["connect-587"]
    if not session.capabilities.STARTTLS then
      return {fail = "STARTTLS is not offered", evidence = runbook.dialogue(session), fix = "Turn on TLS for this port."}
    end
    local reply, message, err = session:starttls()
    if not reply then return runbook.failure(message, err) end
    if not session.tls then return runbook.refused("STARTTLS is refused: " .. tostring(reply), reply) end
    session:ehlo()
    return {pass = session.tls.version .. " " .. (session.tls.group or session.tls.cipher), keep = session}
  end}
  under_tls("587", "starttls")
end

if args.only ~= "587" then
  book:step {name = "connect-465", title = "port 465 answers, under TLS", reference = "RFC 8314 section 3",
    run = function() return connect(args.tls_port or 465, true) end}
  under_tls("465", "connect-465")
end

return book:run()
