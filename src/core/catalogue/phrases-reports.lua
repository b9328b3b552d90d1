-- Owns what mail servers say on their own behalf in the bounces that they write, a row for each cause and make.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The wordings come from the servers' sources and from the forms of bounces that are in use; the prose is our own.
local advice = {
  ["delivery-expired"] = {
    "yes", "sending-admin", "The sending server tried for as long as its queue keeps mail, and gave up.",
    "Find in the log why the earlier tries failed, mend that, and send the message again.",
  },
  timeout = {
    "yes", "network", "The sending server got no answer in time from the host that takes this domain's mail.",
    "Try port 25 of the domain's MX hosts with ehlo probe. If nothing answers anywhere, their admin must act.",
  },
  ["connection-failed"] = {
    "yes", "network", "The sending server could not open a connection to the receiving one, or lost it.",
    "Try port 25 of the domain's MX hosts with ehlo probe, from the sending host and from elsewhere.",
  },
  ["dns-failure"] = {
    "yes", "sending-admin", "The sending server got no usable answer from DNS for the recipient's domain.",

    "Query the MX, A and AAAA records with dig, here and through another resolver. What fails everywhere is their fault.",
  },
  ["domain-unknown"] = {
    "no", "sender", "The sending server found no host in DNS that takes mail for this domain.",
    "Look for a typing error behind the @, and check with dig MX DOMAIN whether the domain still exists.",
  },
  ["domain-refuses-mail"] = {
    "no", "sender", "The domain declares in DNS that it takes no mail.",
    "Reach the person under another domain. dig MX DOMAIN shows the null MX, a single dot.",
  },
  ["mailbox-unknown"] = {
    "no", "sender", "The server that wrote the report knows no mailbox by this address.",
    "Compare the address letter by letter with what the person gave you, and take it off your lists if it is dead.",
  },
  ["mailbox-disabled"] = {
    "no", "recipient", "The mailbox exists and is switched off, locked or closed.",
    "Reach the person by other means, and stop sending to the address until they say that it works again.",
  },
  ["mailbox-full"] = {
    "yes", "recipient", "The mailbox has reached its quota and takes nothing until it is emptied.",
    "Tell the person by other means, and try again in a few days. Drop the address if it stays full.",
  },
  ["mail-loop"] = {
    "no", "receiving-admin",
    "The message came round to a host that it had passed before, or to one that takes itself for its own MX.",

    "Read the Received lines for hosts that repeat, and correct the forward, the alias or the MX record that leads back.",
  },
  ["server-fault"] = {
    "yes", "receiving-admin", "A program or a file on the delivering server failed.",
    "Find the message in that server's own log: the line before the failure names what broke.",
  },
  ["recipient-restricted"] = {
    "no", "sender", "The address takes mail only from certain senders, and you are not one of them.",
    "Ask the owner of the mailbox or list to let you in, from an address that they accept.",
  },
  ["sender-not-permitted"] = {
    "unclear", "sender", "The group does not exist, or you may not post to it.",
    "Check the group's name, join it, or ask its owner to let you post.",
  },
  ["message-too-large"] = {
    "no", "sender", "The message is larger than a server on its way takes.",
    "Shrink or split it, or send a link to the file.",
  },
  ["tls-unavailable"] = {
    "yes", "receiving-admin", "The sender must use TLS here, and the receiver does not offer it.",
    "Test STARTTLS with ehlo probe. The receiving admin must mend it; until then the mail waits.",
  },
  ["content-malformed"] = {
    "no", "sending-admin", "The message cannot be passed on in the form that it has.",
    "Look at the raw message that your program makes: its header, its line ends and its encoding.",
  },
  policy = {
    "no", "receiving-admin", "A rule of the server that wrote the report refuses the mail.",
    "Send its postmaster the whole report, and ask which rule it was.",
  },
}

local rows = {
  -- Exim
  {"Exim", "delivery-expired", {
    "retry timeout exceeded", "retry time not reached for any host after a long failure", "all hosts have been failing for a long time",
    "have been failing for a long time",
  }},
  {"Exim", "domain-refuses-mail", {"an MX or SRV record indicated no SMTP service"}},
  {"Exim", "mail-loop", {
    "lowest numbered MX record points to local host", "remote host address is the local host",
    "Too many \"Received\" headers",
  }},
  {"Exim", "dns-failure", {"host lookup did not complete", "all relevant MX records point to non-existent hosts"}},
  {"Exim", "domain-unknown", {"Unrouteable address"}},
  {"Exim", "mailbox-full", {
    "mailbox is full: retry timeout exceeded", "mailbox is full", "error: Disk quota exceeded",
  }},
  {"Exim", "mailbox-unknown", {"unknown local-part", "no such user at this address"}},
  {"Exim", "timeout", {"SMTP timeout while connected to", "SMTP timeout after"}},
  {"Exim", "tls-unavailable", {"a TLS session is required, but", "a TLS session is required but"}},
  {"Exim", "server-fault", {
    "local delivery failed", "transport returned * from command", "Child process of", "pipe to |",
    "local_scan() function",
    "following text was generated during the delivery attempt",
  }},
  -- qmail and its kin
  {"qmail", "domain-unknown", {"Sorry, I couldn't find any host named"}},
  {"qmail", "dns-failure", {"CNAME lookup failed temporarily"}},
  {"qmail", "domain-refuses-mail", {"Sorry, I couldn't find a mail exchanger or IP address"}},
  {"qmail", "mail-loop", {"Although I'm listed as a best-preference MX", "This message is looping"}},
  {"qmail", "connection-failed", {"but connection died", "I wasn't able to establish an SMTP connection"}},
  {"qmail", "delivery-expired", {"delivery deferred for too long", "message has been in the queue too long"}},
  {"qmail", "mailbox-disabled", {"account is locked email bounced", "vdelivermail: account is locked"}},
  {"qmail", "mailbox-full", {
    "mailfolder is full", "user is over quota", "vdelivermail: deferred, user over quota", "mailbox over quota",
  }},
  {"qmail", "server-fault", {
    "Unable to contact LDAP server", "Unable to switch to", "Uh-oh: home directory is writable",
    "aack, child crashed",
    "Temporary error on maildir delivery", "Unable to chdir to maildir", "Uh-oh: .qmail file is writable",
    "Can not open new maildir",
  }},
  -- Sendmail
  {"Sendmail", "delivery-expired", {
    "Message could not be delivered for", "Cannot send message for", "Cannot send message within",
    "Message will be deleted from queue",
  }},
  {"Sendmail", "dns-failure", {"host name lookup failure", "Host Name Server lookup failure", "name server timeout"}},
  {"Sendmail", "domain-unknown", {
    "Host unknown (Name server", "Host unknown (Authoritative answer from name server)",
  }},
  {"Sendmail", "connection-failed", {
    "Deferred: Connection refused by", "Deferred: Connection reset by", "Deferred: No route to host",
  }},
  {"Sendmail", "timeout", {"Deferred: Connection timed out with", "Deferred: Operation timed out with"}},
  {"Sendmail", "mail-loop", {"config error: mail loops back to me", "mail loops back to myself", "MX problem?"}},
  {"Sendmail", "server-fault", {
    "unknown mailer error", "... Service unavailable", "Can't create output", "Local configuration error",
    "can't create (user) output file",
    "mail system failure", "system config error",
  }},
  -- Postfix
  {"Postfix", "domain-unknown", {"type=A: Host not found", "type=AAAA: Host not found", "type=MX: Host not found"}},
  {"Postfix", "dns-failure", {"Host not found, try again", "Malformed or unexpected name server reply"}},
  {"Postfix", "mail-loop", {"mail forwarding loop for", "loops back to myself"}},
  {"Postfix", "timeout", {
    "conversation with * timed out", "timed out while performing", "timed out while receiving",
    "timed out while sending",
  }},
  {"Postfix", "connection-failed", {"lost connection with", "server dropped connection without sending"}},
  {"Postfix", "mailbox-unknown", {"unknown user:", "user unknown in virtual alias table"}},
  {"Postfix", "mailbox-full", {
    "maildir delivery failed: * Disk quota exceeded", "Disk quota exceeded", "mailbox_size_limit",
  }},
  {"Postfix", "server-fault", {
    "maildir delivery failed", "cannot update mailbox", "Command time limit exceeded",
    "mail system configuration error", "alias database unavailable", "mail transport unavailable",
  }},
  {"Postfix", "domain-refuses-mail", {"does not accept mail (nullMX)"}},
  -- OpenSMTPD and DragonFly
  {"OpenSMTPD", "delivery-expired", {"Envelope expired", "Could not deliver for the last"}},
  {"OpenSMTPD", "domain-unknown", {"No MX found for destination"}},
  {"OpenSMTPD", "domain-refuses-mail", {"No MX found for domain"}},
  {"OpenSMTPD", "connection-failed", {
    "Network error on destination MXs", "Address family mismatch on destination MXs", "No valid route to remote MX",
    "No valid route to destination", "No MX could be reached", "Could not retrieve source address",
  }},
  {"OpenSMTPD", "policy", {"Destination seem to reject all mails"}},
  {"OpenSMTPD", "dns-failure", {"Temporary failure in MX lookup", "Bad DNS response"}},
  {"OpenSMTPD", "server-fault", {"Hoststat", "mail.maildir: rename", "Process exited abnormally"}},
  -- Exchange, with the words that it has for people
  {"Exchange Server", "mailbox-unknown", {
    "The recipient name is not recognized", "(000C05A6)", "e-mail address you entered couldn't be found",
    "e-mail account does not exist at the organization", "recipient's e-mail address was not found",
    "email address you entered couldn't be found", "wasn't found at",
    "could not be found in the recipient's e-mail system",
    "The recipient was unavailable to take delivery", "RESOLVER.ADR.RecipNotFound", "RESOLVER.ADR.RecipientNotFound",
  }},
  {"Exchange Server", "mailbox-full", {
    "mailbox is full and can't accept messages now", "MapiExceptionShutoffQuotaExceeded",
    "recipient's mailbox is full",
    "The recipient has exceeded their limit", "has exceeded the maximum size",
  }},
  {"Exchange Server", "message-too-large", {
    "larger than the current system limit", "message is larger than", "RESOLVER.RST.SendSizeLimit",
  }},
  {"Exchange Server", "recipient-restricted", {
    "do not have permission to send to this recipient", "RESOLVER.RST.NotAuthorized",
    "delivery to this recipient is restricted", "has been configured to reject messages",
  }},
  {"Exchange Server", "domain-unknown", {
    "domain is not reachable", "destination computer was not found",
    "destination server for this recipient could not be found",
  }},
  {"Exchange Server", "server-fault", {
    "configuration error in the e-mail system", "e-mail system had a problem processing", "MSEXCH:MSExchangeMTA",
    "isn't accepting messages",
  }},
  {"Exchange Server", "delivery-expired", {
    "could not deliver the message in the time limit", "not delivered within the time limit",
  }},
  {"Exchange Server", "connection-failed", {
    "being unable to connect successfully to the destination", "unable to connect to the destination",
  }},
  -- Notes and Domino
  {"HCL Domino", "mailbox-unknown", {
    "not listed in Domino Directory", "not listed in public Name & Address Book",
    "not listed in the Domino Directory",
    "matches found in Domino Directory", "not found in Domino Directory",
  }},
  {"HCL Domino", "mailbox-full", {"Database disk quota exceeded", "mail file has reached its quota"}},
  {"HCL Domino", "domain-unknown", {"No route found to domain", "No route found to server"}},
  {"HCL Domino", "mail-loop", {"Maximum hop count exceeded"}},
  -- hMailServer
  {"hMailServer", "domain-unknown", {"No mail servers appear to exist for the recipient"}},
  {"hMailServer", "connection-failed", {"could not be contacted", "was unable to connect to"}},
  -- IMail, X.400 and other gateways
  {"IMail", "mailbox-unknown", {"Invalid final delivery userid"}},
  {"IMail", "mailbox-full", {"User mailbox exceeds allowed size"}},
  {"IMail", "delivery-expired", {"TRY TIME EXPIRED", "delivery failed * attempts"}},
  {"X.400", "mailbox-unknown", {
    "unrecognised-OR-name", "Unrecognised O/R name", "unrecognized-OR-name", "recipient-unknown",
    "invalid-arguments (2)",
  }},
  {"X.400", "delivery-expired", {"maximum-time-expired", "maximum time expired", "transfer-failure"}},
  {"X.400", "mail-loop", {"loop-detected"}},
  {"X.400", "message-too-large", {"content-too-long"}},
  {"X.400", "server-fault", {"mts-congestion", "unable-to-transfer", "transfer-impossible"}},
  {"X.400", "content-malformed", {
    "conversion-not-performed", "content-type-not-supported", "conversion-impractical",
  }},
  -- Google
  {"Gmail", "mailbox-unknown", {
    "address couldn't be found", "address could not be found", "is unable to receive mail",
  }},
  {"Gmail", "dns-failure", {"DNS type 'mx' lookup of", "DNS Error:"}},
  {"Gmail", "domain-refuses-mail", {"doesn't receive email according to the administrator: returned Null MX"}},
  {"Gmail", "connection-failed", {"recipient server did not accept our requests to connect"}},
  {"Google Groups", "sender-not-permitted", {
    "groups.google.com/support", "tried to contact * may not exist, or you may not have permission",
  }},
  -- services that send for others
  {"Yahoo", "delivery-expired", {"Unable to deliver message after multiple retries"}},
  {"Amazon SES", "delivery-expired", {"Message expired: unable to deliver"}},
  {"Amazon SES", "mailbox-unknown", {"has suppressed sending to this address"}},
  {"SendGrid", "delivery-expired", {"unable to get mx info: failed to get IPs from PTR record"}},
  {"au", "timeout", {"Remote host is not responding", "was not delivered within"}},
  {"au", "mailbox-unknown", {"The user(s) account is temporarily over quota and unknown"}},
  {"Biglobe", "mailbox-full", {
    "messages in recipient's mailbox exceeded", "the mailbox exceeded the local limit",
    "recipient's mailbox exceeded the local limit",
  }},
}

local entries = {}
for i = 1, #rows do
  local provider, cause, texts = rows[i][1], rows[i][2], rows[i][3]
  local words, also = advice[cause], {}
  for t = 2, #texts do also[t - 1] = texts[t] end
  entries[i] = {
    id = "report-" .. i .. "-" .. cause, text = texts[1], also = #also > 0 and also or nil, provider = provider, names_provider = false,
    direction = "local", cause = cause, retry = words[1], acts = words[2], meaning = words[3], fix = words[4],
    source = "bounces written by " .. provider,
  }
end
return entries
