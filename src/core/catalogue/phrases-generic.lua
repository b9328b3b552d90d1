-- Owns the words that servers of all makes use for the common troubles, a family for each cause: they name no provider
-- and come with any code, so they count less than a phrase that is known to the letter.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
local families = {
  {
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The receiving server knows no mailbox by this address.",
    fix = "Compare the address letter by letter with what the person gave you, and take it off your lists if it " ..
      "is dead. If it should exist, its own postmaster must look.",
    texts = {
      "unknown user", "no such user", "no such recipient", "no such mailbox", "no such account", "no such address",
      "no such person", "user not found", "recipient not found", "account not found", "address not found",
      "user is unknown", "user does not exist", "user doesn't exist", "mailbox does not exist",
      "mailbox doesn't exist", "account does not exist", "account doesn't exist", "address does not exist",
      "address doesn't exist", "recipient does not exist", "does not exist here", "does not exist",
      "unknown recipient",
      "recipient unknown", "unknown address", "address unknown", "unknown mailbox", "invalid mailbox", "invalid user",
      "invalid recipient", "no mailbox here", "not a known user", "not a valid mailbox", "not a valid user",
      "not a valid recipient", "unknown local part", "unknown email address", "addressee unknown",
      "mailbox unavailable", "address rejected", "recipient rejected", "undeliverable address", "not our customer",
      "no longer valid", "user unknown in",
      "address is not known", "is not a known user", "not found in directory", "no account by this name",
      "account unknown", "unknown account", "no valid recipients", "unrouteable address", "mailbox not found",
      "user not known",
      "address invalid", "address is invalid",
      "address is not valid",
      "not a user of this", "no user by that name", "unavailable mail user", "recipient address unknown",
      "marked as invalid", "cannot deliver mail for", "not existing", "user account not found",
      "unknown user account", "no mailbox by that name", "mailbox unknown", "recipient validation failed",
      "is not a valid recipient", "previously bounced address", "recipient invalid", "unrouted address",
    },
  },
  {
    cause = "mailbox-disabled", retry = "no", acts = "recipient",
    meaning = "The mailbox exists but is closed: disabled, locked, suspended or left unused for too long.",
    fix = "Reach the person some other way; they or their provider must open the mailbox again. Stop list mail to " ..
      "it until then.",
    texts = {
      "mailbox disabled", "mailbox is disabled", "account disabled", "account is disabled",
      "account has been disabled", "user disabled", "user is disabled", "disabled recipient", "mailbox is frozen",
      "mailbox frozen", "account suspended", "account is suspended", "account has been suspended",
      "mailbox suspended",
      "mailbox is inactive", "mailbox inactive", "inactive mailbox", "inactive user", "user is inactive",
      "account is inactive", "account inactive", "inactive account", "account expired", "account has expired",
      "account is locked", "account locked", "mailbox is locked", "mailbox locked", "temporarily locked",
      "temporary locked", "no longer active", "account closed", "is not active", "mailbox blocked",
      "mailbox is blocked", "has been deactivated", "not accepting mail", "not accepting messages",
      "mailbox has been disabled", "mailbox is closed", "account is closed", "account is deactivated",
      "account deactivated", "user suspended", "user is suspended", "recipient is suspended", "currently suspended",
      "has been suspended", "no longer available", "inactive email address", "account is blocked",
      "recipient disabled", "dormant",
      "account not available", "account service disabled", "mailbox is suspended", "user locked", "user is locked",
      "user hangup", "blocked for inactivity", "blocked due to inactivity", "inactive recipient", "mailbox closed",
    },
  },
  {
    cause = "mailbox-moved", retry = "no", acts = "sender",
    meaning = "The person no longer reads mail at this address.",
    fix = "Ask for the new address, or take it from the text where it is given, and change your lists.",
    texts = {
      "has moved to", "user has moved", "mailbox has moved", "address has changed", "address changed",
      "has left the company", "no longer with the company", "no longer works here", "no longer employed",
      "please update your address book", "no longer on server", "user not local",
    },
  },
  {
    cause = "mailbox-full", retry = "unclear", acts = "recipient",
    meaning = "The mailbox has no room for another message.",
    fix = "Tell the person by other means to empty the mailbox, and send again then. One that stays full for " ..
      "weeks is abandoned.",
    texts = {
      "mailbox is full", "mailbox full", "full mailbox", "mailbox quota exceeded", "over quota", "overquota",
      "over the quota", "quota exceeded", "exceeded quota", "exceeded his quota", "exceeded its quota",
      "exceeds quota", "disk quota", "out of storage", "exceeded storage allocation", "exceeded the maximum storage",
      "storage quota", "mailbox size limit exceeded", "mailbox exceeded", "not enough storage space",
      "mailfolder is full", "user's mailbox is full", "quota violation", "would exceed the quota",
      "over the maximum allowed quota", "not enough space in the mailbox",
      "box is full", "inbox is full", "inbox full", "mail box full", "exceeded storage limit",
      "exceeded the storage limit", "exceeds allotted disk", "exceeded its disk", "exceed the mailbox quota",
      "exceeded mailbox quota", "no space left in mailbox", "not enough disk space in",
      "quota",
      "mailbox has exceeded", "mailbox size exceeded", "account is full", "has exceeded storage", "no more space",
      "is over its quota", "over its storage",
    },
  },
  {
    cause = "recipient-restricted", retry = "no", acts = "sender",
    meaning = "This address takes mail only from certain senders, and you are not one of them.",
    fix = "Ask the owner of the mailbox or list to let you in, from an address that they already accept.",
    texts = {
      "not allowed to send to this", "not authorized to send to", "not permitted to send to",
      "only accepts mail from",
      "accepts mail only from", "members only", "only members", "restricted recipient", "posting to this list",
      "not accepting mail from this sender",
      "not allowed to post", "only subscribers", "not a member of this list", "not subscribed to",
      "does not accept mail from you", "accept mail from known", "not on the allowed senders", "not in the whitelist",
      "not whitelisted", "restricted to internal",
      "accept mail from outside", "accept external mail", "internal senders", "external senders",
      "recipient not permitted", "local user only", "only accept mail from", "only accepts messages from",
      "only accepts messages", "non-member", "only available to internal", "sender is not allowed to send to",
    },
  },
  {
    cause = "address-syntax", retry = "no", acts = "sender",
    meaning = "The address is malformed, so the server did not even look it up.",
    fix = "Look for a space, a comma, a missing domain or a stray character in the address, and send again.",
    texts = {
      "malformed address", "bad address syntax", "syntax error in address", "syntax error in parameters",
      "address syntax error", "invalid address syntax", "invalid address format", "illegal character in address",
      "invalid character in address", "invalid email address",
    },
  },
  {
    cause = "domain-unknown", retry = "no", acts = "sender",
    meaning = "DNS has no such domain.",
    fix = "Look for a typing error behind the @. If the domain is right, query it with dig: its owner may have " ..
      "let it expire.",
    texts = {
      "no such domain", "unknown domain", "domain unknown", "domain does not exist", "domain doesn't exist",
      "domain not found", "invalid domain", "host or domain name not found", "host unknown", "unknown host",
      "host not found", "nxdomain", "domain name not found", "nonexistent domain", "no such host",
      "domain is not reachable", "bad destination host",
    },
  },
  {
    cause = "domain-refuses-mail", retry = "no", acts = "sender",
    meaning = "The domain declares in DNS that it takes no mail, or its host takes none.",
    fix = "Reach the person under another domain or by other means. dig MX DOMAIN shows the null MX, a single dot.",
    texts = {
      "null mx", "nullmx", "doesn't receive email", "does not receive email", "does not accept email",
      "doesn't accept email", "does not accept mail", "doesn't accept mail", "does not receive mail",
      "host does not receive mail",
    },
  },
  {
    cause = "dns-failure", retry = "yes", acts = "sending-admin",
    meaning = "The sending side could not look the domain up in DNS, or got an answer it cannot use.",
    fix = "Query the domain's MX, A and AAAA records with dig on the sending host and through another resolver. " ..
      "What fails everywhere is the domain's own fault; what fails only here is your resolver.",
    texts = {
      "name service error", "dns lookup failure", "dns lookup failed", "dns lookup error", "dns error", "dns failure",
      "dns server failure", "domain lookup failure", "mx lookup", "host lookup", "name server reply",
      "no relevant answers", "host not found, try again", "no mx record", "no valid mx", "could not resolve",
      "cannot resolve", "unable to resolve", "unable to route", "no route for domain",
      "all relevant mx records point to non-existent hosts",
      "dns query failed", "dns query", "dns timeout", "dns temporary", "mx record lookup", "mx records",
      "name resolution", "name or service not known", "temporary failure in name resolution", "servfail",
      "dnssec-invalid", "sts-policy-fetch-error", "dnssec validation", "dns look-up failed",
    },
  },
  {
    cause = "connection-failed", retry = "yes", acts = "network",
    meaning = "The sending host could not open or keep a connection to the receiving one.",
    fix = "Try the host and port by hand from the sending host. If nothing answers anywhere, the receiving admin " ..
      "must act; if only you are cut off, look at your firewall and at your provider's block of port 25.",
    texts = {
      "connection refused", "no route to host", "network is unreachable", "network unreachable",
      "host is unreachable",
      "host unreachable", "lost connection", "connection dropped", "connection lost", "connection reset",
      "connection failed", "could not connect", "cannot connect", "unable to connect", "failed to connect",
      "did not accept our requests to connect", "connection was closed", "connection closed",
      "remote host closed connection", "broken pipe", "bad connection", "server disconnected", "unexpectedly closed",
      "establish an smtp connection", "connection error",
      "connection terminated", "connection aborted", "connection to remote host", "remote server is not",
      "is not responding", "not respond", "no answer from host", "socket error", "unreachable",
    },
  },
  {
    cause = "timeout", retry = "yes", acts = "network",
    meaning = "The other host did not answer in time.",
    fix = "Let the queue retry. If it never answers, try the host and port by hand: silence at once is a " ..
      "firewall, silence after DATA is often a path that loses large packets.",
    texts = {
      "connection timed out", "operation timed out", "connect timed out", "timed out while", "timed out",
      "connection timeout", "timeout exceeded", "timeout waiting", "timeout while", "read timeout",
      "response timeout",
      "idle timeout", "timeout occurred",
    },
  },
  {
    cause = "delivery-expired", retry = "yes", acts = "sending-admin",
    meaning = "The sending server tried for as long as its queue keeps mail, and gave up.",
    fix = "Find in the log why the earlier tries failed: that is the fault to mend. Then send the message again.",
    texts = {
      "delivery time expired", "delivery expired", "message expired", "retry timeout exceeded",
      "retry time not reached", "retry limit exceeded", "in the queue too long", "queue too long", "queued too long",
      "delivery timed out", "maximum time in queue", "could not be delivered for more than", "message too old",
      "delivery retry timeout", "unable to deliver message after multiple retries", "giving up on message",
    },
  },
  {
    cause = "mail-loop", retry = "no", acts = "receiving-admin",
    meaning = "The message goes round between servers or forwards without ever reaching a mailbox.",
    fix = "Read the Received lines of the bounce: the hosts that repeat are the circle. One of them must learn " ..
      "that the domain is its own, or lose a forward.",
    texts = {
      "mail loop", "mail forwarding loop", "forwarding loop", "routing loop", "message loop", "loops back to myself",
      "loops back to me", "local configuration error", "message is looping", "hop count exceeded",
      "too many received headers", "exceeded maximum hop count", "loop detected",
      "too many hops", "hop limit", "hops exceeded", "excessive hops", "possible mail loop", "mail is looping",
      "maximum hops", "redirect loop", "loop was detected",
    },
  },
  {
    cause = "relay-denied", retry = "no", acts = "sender",
    meaning = "This server does not pass mail on to that domain for you.",
    fix = "Said by your own mail server, log in before you send. Said by the recipient's MX, that server does not " ..
      "know the domain as its own, and the receiving admin must act.",
    texts = {
      "relaying not allowed", "relay not allowed", "relay denied", "relaying is prohibited", "relay prohibited",
      "relaying prohibited", "not permitted to relay", "not allowed to relay", "not configured to relay",
      "cannot relay", "can't relay", "we do not relay", "does not relay", "open relay", "no relaying",
      "relay is not permitted", "relaying mail", "not a local domain", "not in my list of allowed",
      "not a gateway", "relay access denied", "relaying denied", "unable to relay", "non-local e-mail address",
      "no relay", "relay rejected", "not hosted here", "not one of our domains", "domain is not hosted",
      "we don't handle mail for", "not a valid local domain", "rcpthosts",
    },
  },
  {
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message is larger than the receiver takes.",
    fix = "Shrink or split it, or send a link. An attachment grows by a third on its way, and the limit is in the " ..
      "SIZE line of EHLO.",
    texts = {
      "message too large", "message too big", "message is too large", "message is too big", "message size exceeds",
      "message size exceeded", "size exceeds", "exceeds size limit", "size limit exceeded", "exceeds the size limit",
      "exceeds maximum size", "message exceeds", "mail size", "too large for", "maximum message size",
      "exceeds fixed maximum",
      "the message size", "size of this message", "message is larger", "exceeded message size",
      "exceeded maximum message size", "too big for this", "message length exceeds", "attachment too large",
      "oversize",
    },
  },
  {
    cause = "greylisted", retry = "yes", acts = "nobody",
    meaning = "The server puts off senders that it has not met, to see whether they come back.",
    fix = "Nothing to repair: a mail server that tries again from the same address gets through within minutes to " ..
      "an hour.",
    texts = {
      "greylisted", "greylisting", "greylist", "graylisted", "graylisting", "graylist", "grey listed", "gray listed",
      "greylisting in action", "postgrey",
      "grey-list", "gray-list", "grey list", "gray list", "first time sender", "please retry in", "come back later",
      "come back in", "wait a few minutes", "try again in * minutes", "try again in * seconds",
      "deferred for * seconds",
      "please wait * minutes", "please wait * seconds",
      "temporarily greylisted", "not yet authorized to deliver", "unknown triplet", "first contact",
    },
  },
  {
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "You send faster than the receiver lets you.",
    fix = "Open fewer connections and send fewer messages an hour to this receiver. If your volume is not " ..
      "unusual, look for a stolen account or a script that sends.",
    texts = {
      "rate limit", "rate limited", "rate limiting", "rate limit exceeded", "sending rate", "connection rate",
      "message rate", "too many connections", "too many concurrent", "too many sessions", "too many messages",
      "too many emails", "too many mails", "too many recipients this hour", "throttled", "throttling",
      "sending too fast", "too fast", "unusual rate", "slow down", "exceeded the maximum number of messages",
      "concurrent connections",
      "frequency limited", "too many recipients received", "recipients received this hour", "too much mail",
      "too many connection", "connections from your ip", "connections from your host", "exceeded the rate",
      "exceeded rate", "maximum number of connections", "message limit exceeded", "too frequently", "try slower",
      "temporarily rate", "mailing too fast",
      "rate limits", "due to rate", "ratelimit", "rate-limit", "rate-limited", "rate control", "rate controlled",
      "frequency limit", "send frequency", "exceeded message rate", "exceeded the message rate",
      "connection throttled", "message throttled", "thread limit", "connections limit", "connection limit",
      "messages per connection", "messages per session", "too many recipients per hour", "too much volume",
      "too many spams", "limits for how many messages",
    },
  },
  {
    cause = "sending-quota-exceeded", retry = "yes", acts = "sender",
    meaning = "Your own account has sent as much as your provider allows for now.",
    fix = "Wait until the quota is counted anew, mostly a day, and use a mailing service for lists.",
    texts = {
      "sending limit", "sending quota", "daily limit", "hourly limit", "daily quota", "daily message quota",
      "hourly quota", "daily sending", "maximum emails per hour", "exceeded the max emails per hour",
      "exceeded the max defers",
      "daily user sending limit", "message submission rate", "exceeded your hourly", "exceeded your daily",
      "exceeded sending", "outgoing limit", "outbound limit", "max emails per day", "emails per day",
      "messages per hour limit",
      "sending quota exceeded",
      "credits exceeded", "message quota exceeded", "sending limits", "quota of messages", "limit of outgoing",
      "outbounds disabled", "outbound thread limit",
    },
  },
  {
    cause = "server-busy", retry = "yes", acts = "receiving-admin",
    meaning = "The server has no room for another piece of work just now.",
    fix = "Let the queue retry. If it lasts for hours, tell the receiving postmaster.",
    texts = {
      "server busy", "server is busy", "system busy", "too busy", "server too busy", "temporarily deferred",
      "resources temporarily unavailable", "temporarily unavailable", "service temporarily unavailable",
      "system load",
      "load too high", "insufficient resources", "insufficient system resources", "out of memory",
      "service not available, closing", "high load", "overloaded", "overload", "too much load", "try again shortly",
      "currently busy", "no resources", "server is not available",
      "unable to process connection", "too many errors detected", "server load", "system resources",
      "resources unavailable", "recipient is busy",
    },
  },
  {
    cause = "storage-full", retry = "yes", acts = "receiving-admin",
    meaning = "The disk of the server is full.",
    fix = "Let the queue retry. On that server, make room where the mail queue lies, and look at its inodes too.",
    texts = {
      "no space left on device", "disk full", "disk is full", "file system full", "insufficient system storage",
      "insufficient storage", "insufficient disk space", "no disk space", "out of disk",
    },
  },
  {
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "Something is broken on the server that wrote this.",
    fix = "Find the message in that server's own log, at the time of the failure: the line before it names what " ..
      "broke.",
    texts = {
      "internal error", "internal server error", "system error", "server error", "configuration error",
      "temporary failure", "temporary error", "temporary problem", "local error", "unexpected error", "unknown error",
      "can't create output", "cannot create output", "couldn't create", "command died with status",
      "service configuration error", "command failed", "temporary system problem", "program failure",
      "mail system configuration", "queue file write error", "out of service", "deferring message", "i/o error",
      "permission denied", "unable to write",
      "database error", "ldap", "temporary local problem", "lookup error", "lookup failed", "lookup failure",
      "unable to process", "processing error", "could not be processed", "backend", "mysql", "map lookup", "dict:",
      "milter", "unable to verify recipient", "verification in progress",
      "error in processing", "delivery failure try again", "i/o failure", "internal problem", "unexpected failure",
      "message delivery failure",
    },
  },
  {
    cause = "tls-required", retry = "no", acts = "sending-admin",
    meaning = "The receiver takes mail over TLS only, and this came in the clear.",
    fix = "Switch TLS on in the sending server for this domain, and test STARTTLS against the receiver's host.",
    texts = {
      "tls required", "tls is required", "requires tls", "encryption required", "encryption is required",
      "requires encryption", "requires starttls", "starttls first", "starttls is required", "use tls",
      "session encryption is required",
      "encrypted connection", "must use tls", "only over tls", "only accept encrypted", "require tls", "ssl required",
    },
  },
  {
    cause = "tls-unavailable", retry = "yes", acts = "receiving-admin",
    meaning = "The sender must use TLS here, and the receiver does not offer it.",
    fix = "The receiving admin must mend STARTTLS, often an unreadable key or certificate. Until then the mail " ..
      "waits.",
    texts = {
      "tls is required, but was not offered", "tls not available", "tls currently unavailable",
      "starttls not offered",
      "does not offer tls", "does not support tls", "does not support starttls", "doesn't support starttls",
      "starttls-not-supported",
    },
  },
  {
    cause = "tls-failed", retry = "yes", acts = "receiving-admin",
    meaning = "The TLS handshake between the two hosts failed.",
    fix = "Repeat it with openssl s_client -starttls smtp and compare versions and ciphers; the older side must " ..
      "be renewed.",
    texts = {
      "tls handshake", "ssl handshake", "cannot start tls", "tls negotiation", "tls connection", "ssl error",
      "tls error", "tls failed", "tls failure", "no shared cipher", "tls session setup failed",
      "handshake failure", "handshake failed", "ssl_connect", "ssl_accept", "wrong version number",
      "unsupported protocol", "tls version",
    },
  },
  {
    cause = "tls-untrusted", retry = "yes", acts = "receiving-admin",
    meaning = "The receiver's certificate does not hold what the sender requires of it.",
    fix = "Look at the certificate's names, its expiry and its chain, and at TLSA records and the MTA-STS policy " ..
      "of the domain.",
    texts = {
      "certificate verify failed", "certificate verification failed", "certificate not trusted",
      "certificate has expired", "certificate expired", "untrusted certificate", "certificate does not match",
      "not trusted", "self-signed certificate", "self signed certificate", "server certificate", "tlsa",
      "tlsa-invalid", "certificate-host-mismatch", "certificate-expired", "certificate-not-trusted",
      "sts-webpki-invalid", "dane validation", "dane-required", "sts-policy-invalid",
    },
  },
  {
    cause = "login-required", retry = "no", acts = "sender",
    meaning = "The server wants a login before it takes mail from you.",
    fix = "Switch on SMTP authentication in the mail program and use the submission port, 587 or 465.",
    texts = {
      "authentication required", "authentication is required", "smtp authentication", "must authenticate",
      "must be authenticated", "unauthenticated senders", "not authenticated", "please authenticate",
      "login required",
      "requires authentication", "pop before smtp", "check for new mail first", "authenticate first",
    },
  },
  {
    cause = "login-failed", retry = "no", acts = "sender",
    meaning = "The server does not accept the name or the password.",
    fix = "Check both, and whether the provider wants an app password. Many failures in a row can lock the account.",
    texts = {
      "authentication failure", "authentication unsuccessful", "invalid login", "invalid credentials",
      "bad credentials", "invalid password", "wrong password", "bad username or password",
      "username and password not accepted", "login failed", "authentication credentials invalid", "sasl login",
      "sasl plain",
      "authentication failed", "auth failed", "login denied", "incorrect authentication", "incorrect password",
      "invalid user or password", "application-specific password", "not accepted from this account",
    },
  },
  {
    cause = "command-disabled", retry = "no", acts = "nobody",
    meaning = "The server does not offer this command.",
    fix = "Do without the command: servers switch VRFY, EXPN and the like off on purpose.",
    texts = {
      "command disabled", "command is disabled", "command not implemented", "not implemented", "command not allowed",
    },
  },
  {
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "Client and server lost step in the SMTP dialogue.",
    fix = "Read the session in order: the first reply that is not a 2yz or 354 shows where it went wrong. A " ..
      "firewall that inspects SMTP is a common cause.",
    texts = {
      "protocol violation", "syntax error", "bad sequence", "out of sequence", "unrecognized command",
      "unrecognised command", "command not recognized", "command not recognised", "command unrecognized",
      "command unknown", "unknown command", "improper use of", "protocol error", "synchronization error",
      "bad command",
    },
  },
  {
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "A rule of the receiver refuses the mail, and the text does not say which.",
    fix = "Send the receiving postmaster the whole reply with its time, from another address if need be, and ask " ..
      "which rule it was.",
    texts = {
      "access denied", "policy violation", "rejected by policy", "administratively prohibited",
      "administrative prohibition", "policy reasons", "local policy", "policy restrictions", "security policy",
      "access restricted", "not accepted", "service refused", "mail refused", "message refused", "message rejected",
      "mail rejected", "client host rejected",
      "not authorized", "unauthorized", "not allowed", "denied by policy", "blocked by policy",
      "rejected due to policy", "prohibited", "forbidden", "rejected by the", "blocked by", "banned",
      "rejected for policy",
    },
  },
}

local entries = {}
for f = 1, #families do
  local family = families[f]
  local also = {}
  for t = 2, #family.texts do
    also[t - 1] = family.texts[t]
  end
  entries[f] = {
    id = "generic-" .. family.cause, text = family.texts[1], also = also, provider = "generic", names_provider = false,
    cause = family.cause, retry = family.retry, acts = family.acts, meaning = family.meaning, fix = family.fix,
    source = "servers of all makes",
  }
end
return entries
