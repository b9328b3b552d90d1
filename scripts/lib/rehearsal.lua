-- Owns: the scenarios of the rehearsal server, a row each: name, what it plays, the options of smtp.listen, the probe that meets it
-- (`probe`) and the outcome of that probe. Callers: the rehearse command, tests. `listen` is a function, for some count or wait.
local TO = {to = "user@example.org", from = "sender@example.net"}
local CLOSING = "421 4.3.2 rehearsal.example.org: service not available, closing the connection"

local function answers(rows)
  return function() return {answers = rows} end
end

-- Refuses each recipient until `seconds` have passed since it was first seen.
local function greylist(seconds)
  local first = {}
  return function(_, argument)
    local key = argument:lower()
    first[key] = first[key] or os.time()
    if os.time() - first[key] >= seconds then return nil end
    return "450 4.2.0 Greylisted: please try again in a moment"
  end
end

return {
  {name = "ready", summary = "accepts everything", probe = TO, outcome = "ready", listen = function() return {tls = true} end},
  {name = "greylisting", summary = "refuses a recipient for now, and accepts it from 5 seconds later on", probe = TO,
    outcome = "refused-temporarily", listen = function() return {tls = true, rcpt = greylist(5)} end},
  {name = "tarpit", summary = "sends a byte a second", probe = {timeout = 1}, outcome = "timed-out", listen = function() return {drip = 1} end},
  {name = "full-mailbox", summary = "the mailbox is over quota", probe = TO, outcome = "refused-temporarily",
    listen = answers {rcpt = "452 4.2.2 The mailbox is over quota"}},
  {name = "unknown-user", summary = "no such mailbox", probe = TO, outcome = "refused-permanently",
    listen = answers {rcpt = "550 5.1.1 No such user here"}},
  {name = "relay-denied", summary = "takes mail for its own domains only", probe = TO, outcome = "refused-permanently",
    listen = answers {rcpt = "554 5.7.1 Relay access denied"}},
  {name = "421-greeting", summary = "says 421 in place of a greeting", outcome = "refused-temporarily", listen = answers {greeting = CLOSING}},
  {name = "421-ehlo", summary = "says 421 to EHLO", outcome = "refused-temporarily", listen = answers {ehlo = CLOSING, helo = CLOSING}},
  {name = "421-starttls", summary = "says 421 to STARTTLS", outcome = "refused-temporarily",
    listen = function() return {tls = true, starttls = CLOSING} end},
  {name = "421-mail", summary = "says 421 to MAIL", probe = TO, outcome = "refused-temporarily", listen = answers {mail = CLOSING}},
  {name = "421-rcpt", summary = "says 421 to RCPT", probe = TO, outcome = "refused-temporarily", listen = answers {rcpt = CLOSING}},
  {name = "554-greeting", summary = "turns every client away", outcome = "refused-permanently",
    listen = answers {greeting = "554 5.7.1 Your address is blocked here"}},
  {name = "521-greeting", summary = "is a host that takes no mail", outcome = "no-mail-service",
    listen = answers {greeting = "521 5.3.2 This host does not accept mail"}},
  {name = "expired-certificate", summary = "has a certificate of the past", probe = {tls = "verify"}, outcome = "tls-untrusted",
    listen = function() return {tls = {expired = true}} end},
  {name = "wrong-host-certificate", summary = "has the certificate of another host", probe = {tls = "verify"}, outcome = "tls-untrusted",
    listen = function() return {tls = {names = {"mail.other.example"}}} end},
  {name = "tls-refused", summary = "offers STARTTLS and refuses it", probe = {tls = "encrypt"}, outcome = "tls-failed",
    listen = function() return {tls = true, starttls = "454 4.7.0 TLS is not available for now"} end},
  {name = "no-starttls", summary = "does not offer STARTTLS", probe = {tls = "encrypt"}, outcome = "tls-not-offered",
    listen = function() return {} end},
  {name = "injected-reply", summary = "sends a second reply with the one to STARTTLS, as an attacker in the path does",
    probe = {tls = "encrypt"}, outcome = "protocol-violation",
    listen = function() return {tls = true, starttls = {inject = "250 2.0.0 injected\r\n"}} end},
  {name = "null-sender-refused", summary = "refuses mail from the null sender, and with it every bounce", probe = {to = TO.to},
    outcome = "refused-permanently",
    listen = function()
      return {mail = function(_, argument)
        if argument:lower():match("^from:%s*<>") then return "550 5.7.1 The null sender is refused" end
      end}
    end},
  {name = "rate-limit", summary = "serves five connections, and says 421 to all later ones", before = 5, outcome = "refused-temporarily",
    listen = function() return {rate = 5} end},
  {name = "not-smtp", summary = "speaks HTTP", outcome = "not-smtp",
    listen = answers {greeting = {raw = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"}}},
  {name = "cut-off", summary = "closes in the middle of its answer to EHLO", outcome = "protocol-violation",
    listen = answers {ehlo = {cut = 10}, helo = {drop = true}}},
  {name = "silent", summary = "accepts the connection and says nothing", probe = {timeout = 1}, outcome = "timed-out",
    listen = answers {greeting = {silent = true}}},
  {name = "mixed-codes", summary = "answers with enhanced codes that contradict their reply codes", probe = TO, outcome = "refused-permanently",
    listen = answers {rcpt = "550 4.2.2 The mailbox is over quota"}},
}
