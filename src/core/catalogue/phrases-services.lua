-- Owns what single providers and filters answer beyond the common words, a row for each cause.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The wordings come from bounces in use and from the providers' own pages; the prose is our own.
local advice = {
  ["sender-domain-unknown"] = {
    "no", "sending-admin", "The receiver finds no valid domain in the sender's address.",
    "Send with an address whose domain exists and has an MX or an address record.",
  },
  ["spam-content"] = {
    "no", "sender", "The receiver's filter takes the content of this message for spam.",
    "Send a plain text without links and attachments to see whether that passes, then find the part that offends.",
  },
  reputation = {
    "no", "sending-admin",
    "The receiver does not take mail from this host for now, because of what came from it before.",
    "Send less and slower, look for a stolen account or a list that went stale, and follow the provider's page for senders.",
  },
  ["server-busy"] = {
    "yes", "receiving-admin", "The receiver refuses service for now and asks to be tried again later.",
    "Let the queue retry with pauses. If it lasts for days, write to the provider's postmaster.",
  },
  ["ip-blocklisted"] = {
    "no", "sending-admin",
    "The sending address stands on a blocklist that the receiver uses, its own or one of a public service.",
    "Find out which list it is, stop what brought the address there, and then ask for its removal.",
  },
  ["mailbox-unknown"] = {
    "no", "sender", "The provider knows no mailbox by this address.",
    "Compare the address letter by letter with what the person gave you, and take it off your lists if it is dead.",
  },
  ["mailbox-disabled"] = {
    "no", "recipient", "The mailbox exists and is switched off, frozen or locked.",
    "Reach the person by other means, and stop sending to the address until they say that it works again.",
  },
  ["no-ptr"] = {
    "no", "sending-admin", "The sending address has no reverse name in DNS, or one that does not lead back to it.",
    "Have the PTR record set to the name that the host uses in EHLO, and give that name an address record.",
  },
  ["rate-limited"] = {
    "yes", "sending-admin", "The sending host, or its network, sends more than the receiver takes.",
    "Send fewer messages an hour. If your volume is not unusual, look for a stolen account or a script that sends.",
  },
  ["sender-not-permitted"] = {
    "no", "sending-admin", "The provider does not let this sender use this address.",
    "Verify the address or the domain with the provider, or send with one that is yours.",
  },
  ["domain-refuses-mail"] = {
    "no", "sender", "The host takes no mail from the network.",
    "Look up the domain's MX records: is this the host they name? If so, reach the person by other means.",
  },
  ["message-too-large"] = {
    "no", "sender", "The message, or a line of it, is longer than the receiver takes.",
    "Shorten or split it, and let the program that writes it break its lines.",
  },
  ["mailbox-full"] = {
    "no", "recipient", "The mailbox has reached its quota and takes nothing until it is emptied.",
    "Tell the person by other means, and try again in a few days. Drop the address if it stays full.",
  },
  ["recipient-restricted"] = {
    "no", "sender",
    "This address or group takes mail only from certain senders, mostly from those who are logged in to the same organisation.",
    "Ask the owner of the mailbox or group, or their admin, to let you in.",
  },
  ["login-required"] = {
    "no", "sender",
    "This address or group takes mail only from senders who are logged in to the recipient's own organisation.",
    "Ask the owner of the mailbox or group, or their admin, to let senders from outside in.",
  },
  ["relay-denied"] = {
    "no", "sender", "The server does not pass mail on to that domain for this client.",
    "Said by your own mail server, log in before you send. Said by the recipient's MX, it does not know the domain as its own.",
  },
  ["spf-fail"] = {
    "no", "sending-admin", "The SPF record of the sender's domain does not allow the host that sent this.",
    "Add the sending host to the SPF record, or send through a host that is in it. See ehlo help spf.",
  },
  ["spf-error"] = {
    "no", "sending-admin", "The SPF record of the sender's domain cannot be evaluated.",
    "Look for two records, syntax errors, and more than ten look-ups. See ehlo help spf.",
  },
  ["dkim-fail"] = {
    "no", "sending-admin", "The message has no DKIM signature that verifies.",
    "Send to a mailbox that shows Authentication-Results, and mend the signer or the key in DNS. See ehlo help dkim.",
  },
  ["dmarc-fail"] = {
    "no", "sending-admin", "The mail fails DMARC for the domain in its From line.",
    "Make SPF or DKIM pass for the very domain in the From line. See ehlo help dmarc.",
  },
  ["virus-found"] = {
    "no", "sender", "A scanner took the message or an attachment for malware.",
    "Scan the machine and the file before you send anything else. If it is a false alarm, send the file by a link.",
  },
  ["content-malformed"] = {
    "no", "sending-admin", "The message breaks the rules of mail, in its header or its line ends.",
    "Look at the raw message that your program makes: one From, one Date, one Message-ID, CRLF line ends.",
  },
  ["sender-blocked"] = {
    "no", "sending-admin", "The receiver blocks this very sender or its domain.",
    "Ask the recipient by other means to have the block lifted.",
  },
  ["helo-invalid"] = {
    "no", "sending-admin", "The server does not accept the name that the client gave in HELO or EHLO.",
    "Let the sending host introduce itself with its own full name, one that resolves to its address.",
  },
  ["sending-quota-exceeded"] = {
    "no", "sender", "The sending account has used up what its provider allows for now.",
    "Wait until the quota is counted anew, mostly a day, and use a mailing service for lists.",
  },
  ["login-failed"] = {
    "no", "sender", "The provider does not accept this way to log in, or the password.",
    "Check whether it wants an app password or OAuth, and whether SMTP is switched on for the account.",
  },
  ["mail-loop"] = {
    "no", "receiving-admin", "The message goes round between servers or forwards without ever reaching a mailbox.",
    "Read the Received lines of the bounce: the hosts that repeat are the circle. One of them must lose a forward.",
  },
  ["server-fault"] = {
    "yes", "receiving-admin", "Something is broken at the receiver.",
    "Let the queue retry. If it lasts, send the receiving postmaster the whole reply with its time.",
  },
  ["tls-required"] = {
    "no", "sending-admin", "The receiver takes mail over TLS only.",
    "Switch TLS on in the sending server for this domain. See ehlo help starttls.",
  },
  ["sender-invalid"] = {
    "no", "sending-admin", "The provider refuses the sender's address: it is malformed, forged, or cannot be answered to.",
    "Send with an envelope sender and a From line that exist and take mail.",
  },
  ["sender-account-blocked"] = {
    "no", "sending-admin", "The provider has stopped this account from sending.",
    "Read what it wrote to the account's owner, find what sent the unwanted mail, and ask to be let send again.",
  },
  ["url-blocklisted"] = {
    "no", "sender", "A link in the message leads to a place of bad repute.",
    "Check every link, shorteners and tracking links too, and take the bad one out.",
  },
  ["attachment-refused"] = {
    "no", "sender", "The receiver does not take attachments of this kind.",
    "Put the file where it can be fetched from, and send the link.",
  },
  ["dns-failure"] = {
    "yes", "receiving-admin", "The sender's provider could not look the recipient's domain up in DNS.",
    "Query the domain's records with dig, also through another resolver, and mend what fails.",
  },
  ["tls-untrusted"] = {
    "yes", "receiving-admin", "The receiver's certificate does not hold what DANE or MTA-STS asks of it.",
    "Compare the certificate with the TLSA records and the MTA-STS policy of the domain. See ehlo help dane.",
  },
  ["domain-blocklisted"] = {
    "no", "sending-admin", "A domain that the mail names, mostly the sender's, is on a blocklist.",
    "Look the domain up on the list that the text names, stop what put it there, and then ask for delisting.",
  },
  ["recipient-rate-limited"] = {
    "no", "recipient", "The recipient has had more mail in the last hour than its provider lets through.",
    "Send again later, and less of it. If it goes on, the mailbox may be flooded: tell its owner.",
  },
  greylisted = {
    "yes", "nobody", "The server puts off senders that it has not met, to see whether they come back.",
    "Nothing to repair: a mail server that tries again from the same address gets through within an hour.",
  },
  policy = {
    "no", "sending-admin", "A rule of the receiver refuses the mail.",
    "Send the receiving postmaster the whole reply with its time, and ask which rule it was.",
  },
}

local rows = {
  {"GoDaddy", "sender-domain-unknown", {"From: Domain is invalid", "Please provide a valid From"}},
  {"GoDaddy", "rate-limited", {"has sent to too many recipients this hour", "sent too many messages this hour"}},
  {"Orange", "spam-content", {"Mail rejete. Mail rejected", "ofr_506", "ofr*_506", "ofr*_513"}},
  {"Orange", "server-busy", {"Service refuse. Veuillez essayer plus tard", "Service refuse, veuillez essayer ulterieurement"}},
  {"Orange", "reputation", {
    "Service refused, please try later. OFR_999", "service refused, please try later. ofr*_10",
    "service refused, please try later. lpn*_10",
    "Veuillez essayer plus tard. Service refused, please try later. OFR_999",
    "Veuillez essayer plus tard. service refused, please try later. lpn*_10",
    "Veuillez essayer plus tard. service refused, please try later. ofr*_10", "ofr_999", "ofr*_102", "ofr*_103",
    "ofr*_108", "ofr*_109",
  }},
  {"Orange", "mailbox-unknown", {
    "Adresse d au moins un destinataire invalide", "Adresse destinataire invalide",
    "Adresse d'au moins un destinataire invalide", "ofr*_416",
    "lpn*_416",
  }},
  {"T-Online", "ip-blocklisted", {
    "A problem occurred. (Ask your postmaster for help or to contact",
    "postmaster for help or to contact * to clarify.) (BL)",
  }},
  {"Spamhaus", "ip-blocklisted", {"spamhaus.org/query/bl", "spamhaus.org/query/ip", "spamhaus.org/sbl", "check.spamhaus.org"}},
  {"iCloud", "reputation", {"ESMTP not accepting connections"}, "unclear"},
  {"i.ua", "mailbox-disabled", {"Mailbox is frozen"}},
  {"MXLogic", "mailbox-unknown", {"Could not load DRD for domain and no such recipient"}},
  {"generic filter", "no-ptr", {
    "unverifyable sending IPs", "unverifiable sending IPs", "invalid RDNS record of your mail server",
    "No PTR Record found",
    "Reverse DNS required", "Reverse DNS lookup for host", "Bad DNS PTR resource record",
    "no valid sender domain. Fix reverse DNS",
    "Missing reverse DNS", "Reverse DNS validation failed",
  }},
  {"Outlook.com", "ip-blocklisted", {"weren't sent. Please contact your Internet service provider"}},
  {"generic filter", "mailbox-disabled", {"Disabled recipient address", "recipient address is disabled"}},
  {"generic filter", "policy", {"Delivery not authorized", "delivery is not authorized"}},
  {"generic filter", "domain-refuses-mail", {"System not accepting network messages", "not accepting network messages"}},
  {"Exchange Server", "recipient-restricted", {
    "RESOLVER.RST.NotAuthorized", "RESOLVER.RST.RestrictedToRecipientsPermission",
    "Delivery restriction check failed", "not authorized to send to the recipient",
  }},
  {"Exchange Server", "login-required", {"RESOLVER.RST.AuthRequired", "RESOLVER.RST.SenderNotAuthenticated"}},
  {"Exchange Server", "message-too-large", {"RESOLVER.RST.RecipSizeLimit", "RESOLVER.RST.SendSizeLimit", "ROUTING.SizeLimit"}},
  {"Exchange Server", "mail-loop", {"Hop count exceeded - possible mail loop"}},
  {"Gmail", "content-malformed", {
    "missing a valid messageId header", "Messages missing a valid address in From: header", "not RFC 5322 compliant",
  }},
  {"Yandex", "spam-content", {"under suspicion of SPAM", "suspicion of spam"}},
  {"Mail.ru", "ip-blocklisted", {"do not accept mail from dynamic IPs", "accept mail from hosts with dynamic IP"}},
  {"QQ", "rate-limited", {"Connection frequency limited", "Domain frequency limited", "Sender frequency limited", "sending frequency"}},
  {"QQ", "spf-fail", {"SPF check failed http", "mail from * suspected to be spoofed"}},
  {"NetEase", "spam-content", {"DT:SPM", "DT:SUM", "DT:BDY"}},
  {"NetEase", "rate-limited", {
    "RP:QRC", "RP:DRC", "RP:CCL", "RP:RCL", "HL:REP", "HL:ICC", "HL:IFC", "HL:MEP", "MI:CEL", "MI:DMC", "MI:CCL",
    "MI:STC", "MI:SRC",
  }},
  {"NetEase", "spf-fail", {"MI:SPF"}},
  {"NetEase", "dmarc-fail", {"MI:DMA"}},
  {"NetEase", "sender-domain-unknown", {"MI:NHD"}},
  {"NetEase", "ip-blocklisted", {"DT:RBL", "WM:BLI", "IP is rejected, http", "IN:IPB"}},
  {"AT&T", "ip-blocklisted", {"AT&T DNSRBL", "error blocked for abuse", "att.net/blocks"}},
  {"Charter", "rate-limited", {"AUP#In-1310", "AUP#In-1320", "AUP#Out-1310"}},
  {"Charter", "ip-blocklisted", {"AUP#CNCT"}},
  {"Proofpoint", "reputation", {"Proofpoint Dynamic Reputation", "blocked by Proofpoint"}},
  {"Mimecast", "sender-not-permitted", {"header based Anti-Spoofing policy", "envelope based Anti-Spoofing policy"}},
  {"Cisco", "reputation", {
    "Your access to submit messages to this e-mail system has been rejected",
    "Your access to this mail system has been rejected",
  }},
  {"Cisco", "rate-limited", {
    "Too many recipients received this hour", "recipients received from the sender", "recipients received this hour",
  }},
  {"Cisco", "rate-limited", {"Too many connections from your host"}},
  {"Cisco", "mailbox-unknown", {"#5.1.0 Address rejected", "5.1.0 Address rejected"}},
  {"Symantec", "reputation", {"501 Connection rejected by policy", "Connection rejected by policy [7.7]"}},
  {"Trend Micro", "ip-blocklisted", {
    "blocked using Trend Micro", "Trend Micro Email Reputation Service", "blocked using Trend Micro RBL+",
  }},
  {"Fortinet", "ip-blocklisted", {"FortiGuard-AntiSpam"}},
  {"IONOS", "ip-blocklisted", {
    "mxeu* No SMTP service IP address is black listed", "IP address is block listed", "IP address is black listed",
  }},
  {"Sendmail", "relay-denied", {"Relaying denied. Proper authentication required", "Relaying denied. IP name lookup failed"}},
  {"MailEnable", "relay-denied", {"requires authentication when attempting to send to a non-local e-mail address"}},
  {"hMailServer", "mailbox-unknown", {"550 Unknown user", "Account is not active."}},
  {"hMailServer", "relay-denied", {"SMTP authentication is required. (external)", "Delivery is not allowed to this address"}},
  {"SmarterMail", "mailbox-unknown", {"<*> No such user here", "No such user here"}},
  {"Zoho", "sending-quota-exceeded", {"Unusual sending activity detected", "exceeded the sending limit"}},
  {"Zoho", "sender-not-permitted", {"Relaying disallowed as", "Sender is not allowed to relay emails"}},
  {"Free", "rate-limited", {"Too many spams from your IP"}},
  {"T-Online", "no-ptr", {"The IP address * has no valid reverse DNS"}},
  {"Postfix", "helo-invalid", {
    "Helo command rejected: Host not found", "Helo command rejected: Domain not found",
    "Helo command rejected: Invalid name",
    "Helo command rejected: need fully-qualified hostname", "Helo command rejected: invalid ip address",
    "Helo command rejected: Access denied",
  }},
  {"Postfix", "sender-blocked", {"Sender address rejected: Access denied"}},
  {"Postfix", "sender-not-permitted", {"Sender address rejected: not owned by", "Sender address rejected: not logged in"}},
  {"Postfix", "spf-fail", {"Recipient address rejected: SPF fail", "Message rejected due to: SPF fail"}},
  {"Postfix", "spf-error", {"Message rejected due to: SPF Permanent Error", "Message rejected due to: SPF Temporary Error"}},
  {"OpenDMARC", "dmarc-fail", {
    "Permanent error evaluating DMARC policy", "Temporary error evaluating DMARC policy",
    "rejected by DMARC policy for",
  }},
  {"OpenDKIM", "dkim-fail", {
    "no signature data", "bad signature data", "DKIM: signature verification failed",
    "DKIM signature verification failed",
  }},
  {"qmail", "content-malformed", {"djb/docs/smtplf", "docs/smtplf.html"}},
  {"Courier", "spf-fail", {"does not allow receiving mail from it", "SPF fail *: Address does not pass the Sender Policy Framework"}},
  {"ezmlm", "recipient-restricted", {
    "Sorry, I can't accept this message. Sorry, only subscribers may post", "only subscribers may post",
    "This mailing list only accepts mail from",
  }},
  {"Mailman", "recipient-restricted", {
    "not allowed to post to this mailing list", "You are not allowed to post to",
    "Post by non-member to a members-only list",
    "Non-members are not allowed to post messages",
  }},
  {"Sympa", "recipient-restricted", {"This list is only open to its subscribers", "You are not authorized to send messages to list"}},
  {"LISTSERV", "recipient-restricted", {"You are not authorized to send mail to the", "You are not authorised to send mail to the"}},
  {"Amazon SES", "sending-quota-exceeded", {"Daily message quota exceeded", "Maximum sending rate exceeded"}},
  -- what servers answer by their own settings
  {"Sendmail", "sender-domain-unknown", {"Domain of sender address"}, "yes", {"451", "450"}},
  {"Sendmail", "ip-blocklisted", {"refused by blackhole site", "deferred by blackhole list", "rejected due to blackhole"}},
  {"Sendmail", "no-ptr", {"Relaying temporarily denied. Cannot resolve PTR record", "Cannot resolve PTR record for"}},
  {"Sendmail", "dns-failure", {"MX lookup failure for", "Can not check MX records for recipient host"}},
  {"Sendmail", "dns-failure", {"Illegal MX record for host", "Invalid MX record for host"}, "no"},
  {"Sendmail", "tls-untrusted", {"not listed in SANs", "server not authenticated."}},
  {"Sendmail", "server-fault", {"Temporary system failure", "socket_map_lookup(", "died with signal"}},
  {"Courier", "rate-limited", {"Number of messages exceeded administrative limit"}},
  {"Courier", "dns-failure", {"DNS lookup on HELO", "DNS lookup failure:"}},
  {"Courier", "content-malformed", {"Headers specify no recei", "Duplicate message rejected"}},
  {"Courier", "server-fault", {"Error starting couriertls", "Unable to start couriertls"}},
  {"Courier", "helo-invalid", {"Polite people say HELO first"}},
  {"Amavis", "server-fault", {"Failed to submit a message", "Giving up due to previous temporary failures"}},
  {"qpsmtpd", "reputation", {"You were naughty"}},
  {"qpsmtpd", "policy", {"connection has been killed by an administrator"}},
  {"MDaemon", "relay-denied", {"does not relay for unknown domains"}},
  {"Kerio", "relay-denied", {"denied (authentication required)"}},
  {"Microsoft 365", "recipient-rate-limited", {
    "RESOLVER.RCPT.Throttled", "exceeded their limit for the number of messages they can receive",
  }},
  {"Proofpoint", "rate-limited", {"4.7.1 Connection refused - *Rate limit", "Rate limit exceeded - <"}},
  {"Symantec", "spam-content", {"Message filtered. Refer to the Troubleshooting page", "Message filtered. Please see the FAQ"}},
  {"Spamhaus", "domain-blocklisted", {"Blocked by Spamhaus DBL", "spamhaus.org/query/domain", "spamhaus.org/query/dbl", "spamhaus.org/dbl"}},
  {"Spamhaus", "dns-failure", {"Error: open resolver", "spamhaus.org/returnc/"}, "unclear"},
  {"QQ", "reputation", {"Suspected bounce attacks", "The sending IP was blocked"}},
  {"Mimecast", "greylisted", {"Internal resource is temporarily unavailable", "Internal resource temporarily unavailable"}},
  {"T-Online", "ip-blocklisted", {"Please try again later. (RBL)", "due to policy reasons. (RBL)"}},
  -- access providers
  {"Orange", "reputation", {
    "Service refuse. Veuillez essayer plus tard", "service refused, please try later. LPN007", "service refused, please try later. OFR",
  }, "no", {"550", "554"}},
  {"La Poste", "mailbox-unknown", {"Boite du destinataire inexistante"}},
  {"Orange", "mailbox-disabled", {"Utilisateur inactif", "Inactive user. OFR"}},
  {"Orange", "sender-invalid", {"Adresse expediteur invalide", "Adresse d'expediteur invalide"}},
  {"Cox", "ip-blocklisted", {"AUP#CXBL", "AUP#CDRBL", "AUP#RBL", "Error Code: IPBL", "blocked * IPBL0", "blocked * IPBL1"}},
  {"Cox", "rate-limited", {"AUP#CXMXRT", "AUP#CXCNCT", "AUP#CXCONN"}},
  {"Cox", "sender-domain-unknown", {"AUP#CXDNS", "section (CXDNS)"}},
  {"Cox", "sender-account-blocked", {"AUP#CXMJ"}},
  {"Comcast", "rate-limited", {"smtp-error-codes.php#RL0"}},
  {"Comcast", "ip-blocklisted", {"smtp-error-codes.php#BL0", "smtp-error-codes.php#ES0"}},
  {"Comcast", "dmarc-fail", {"smtp-error-codes.php#DM0"}},
  {"AOL", "reputation", {"RLY:B1", "RLY:B2", "RLY:B3", "RLY:BD", "RLY:CH", "RLY:CS", "RLY:OB", "CON:B1", "CON:B2", "RTR:CH", "RTR:BL", "DYN:B1"}},
  {"AOL", "ip-blocklisted", {"RTR:DU", "RTR:BB", "RTR:BG", "RTR:GE", "RLY:IR"}},
  {"AOL", "rate-limited", {"DYN:T1", "DYN:T2", "DYN:T3", "CON:T1"}},
  {"AOL", "url-blocklisted", {"HVU:B1", "HVU:B2"}},
  {"AOL", "no-ptr", {"RTR:RD", "DNS:B1", "DNS:B2", "DNS:NR"}},
  {"Yahoo", "rate-limited", {"[TSS11]", "will be temporarily deferred"}},
  {"T-Online", "ip-blocklisted", {"Dialup/transient IP not allowed", "if obsolete. (DIAL)"}},
  {"T-Online", "no-ptr", {"None/bad reverse DNS"}},
  {"Microsoft 365", "mailbox-unknown", {
    "All recipient addresses rejected : Access denied", "All recipient addresses rejected: Access denied",
  }, "no", {"550"}},
  {"Microsoft 365", "tls-required", {"TenantInboundAttribution; There is a partner connector"}},
  {"Microsoft 365", "dns-failure", {"dnssec-invalid: Destination domain", "DNS query failed(", "DNS query failed ["}},
  {"Microsoft 365", "tls-untrusted", {
    "tlsa-invalid: The domain failed DANE", "certificate-host-mismatch: Remote certificate", "sts-webpki-invalid",
  }},
  {"Exchange Server", "content-malformed", {"ConversionFailedException", "Content conversion: Corrupt"}},
  {"Gmail", "recipient-restricted", {"We're writing to let you know that the group you tried to contact"}},
  -- Coremail and the providers of China that run it
  {"QQ", "sender-domain-unknown", {"Domain may not exist or DNS check failed"}},
  {"QQ", "mailbox-full", {"Mailbox size exceeded"}},
  {"Coremail", "sender-not-permitted", {"Mail from must equal authorized user", "From address must equal authorized user"}},
  {"Coremail", "ip-blocklisted", {
    "Requested mail action not taken: Invalid IP", "IP is rejected", "IP is Hangup", "IP in blacklist", "Connecting IP is rejected",
  }},
  {"Coremail", "sender-invalid", {
    "Requested mail action not taken: Fake sender", "sender is rejected", "NULL sender is not allowed",
  }},
  {"Coremail", "sender-blocked", {"User in blacklist", "sender in blacklist"}},
  {"Coremail", "mailbox-disabled", {"User suspended", "User locked", "User hangup", "User rejected"}},
  {"Coremail", "mailbox-unknown", {
    "unavailable mail user", "not user of this server", "local server don't exists that user", "no such user here",
  }},
  {"Coremail", "mailbox-full", {"Quota exceeded or service disabled"}},
  {"Coremail", "recipient-restricted", {"Requested action not taken: Local user only", "no smtp MX only"}},
  {"Coremail", "rate-limited", {"MI:SFQ", "rcpt rate limit", "MI:CLM"}},
  -- filters in front of a server
  {"Mimecast", "ip-blocklisted", {"zen.mimecast.org Blocked", "mimecast.org Blocked", "mimecast.org Poor"}},
  {"Mimecast", "mailbox-disabled", {"Account service disabled", "Account inbounds disabled"}},
  {"Mimecast", "sending-quota-exceeded", {"Exceeding outbound thread limit", "Account outbounds disabled", "outbound hourly limit"}},
  {"Mimecast", "spam-content", {"due to Content Examination Policy", "Message bounced due to Content"}},
  {"Mimecast", "attachment-refused", {"Attachment Block policy"}},
  {"Mimecast", "server-busy", {"Unable to process connection at this time"}},
  {"Mimecast", "sender-blocked", {
    "Rejected by header based Blocked Senders", "header based manually Blocked Senders",
    "Envelope rejected - Block policy",
  }},
  {"Proofpoint", "reputation", {"5.7.1 Connection refused - *PDR", "blocked by PDR"}},
  {"generic filter", "policy", {
    "5.7.1 Connection refused", "5.7.0 Connection refused", "5.7.1 Connection rejected", "5.7.0 Connection rejected",
  }},
  {"Proofpoint", "mailbox-unknown", {"User email address is marked as invalid"}},
  {"Barracuda", "mailbox-unknown", {"one or more recipients (*User unknown", "one or more recipients (*no such user"}},
  {"Barracuda", "rate-limited", {"Rate control"}},
  {"Trend Micro", "ip-blocklisted", {"blocked using Trend Micro Email Reputation", "deferred using Trend Micro Email Reputation"}},
  {"Sophos", "ip-blocklisted", {"Host blocked by Sophos", "sophos.com/threat-center/ip-lookup"}},
  {"generic filter", "ip-blocklisted", {
    "found in hostkarma", "Abusix combined", "lookup.abusix.com",
  }},
  {"Amavis", "server-fault", {"Error in processing, id="}},
  {"Amavis", "attachment-refused", {"Reject, id=* - BANNED", "- BANNED:"}},
  {"Amavis", "virus-found", {"Reject, id=* - INFECTED"}},
  {"Amavis", "content-malformed", {"Reject, id=* - BAD_HEADER", "- BAD-HEADER"}},
  {"Amavis", "spam-content", {"Reject, id=* - SPAM"}},
  {"Rspamd", "rate-limited", {"Ratelimit \""}},
  -- hosts of mailboxes, and services that send for others
  {"IceWarp", "relay-denied", {"Access to * not allowed"}},
  {"CommuniGate", "mailbox-unknown", {"unknown user account"}},
  {"CommuniGate", "mailbox-full", {"account is full (quota exceeded)"}},
  {"Amazon SES", "sender-account-blocked", {
    "Sending suspended for this account", "Sending paused for this account", "Sending paused for configuration set",
  }},
  {"Amazon SES", "sender-not-permitted", {"Email address is not verified", "The following identities failed the check"}},
  {"SendGrid", "sender-not-permitted", {"does not match a verified Sender Identity"}},
  {"SendGrid", "sender-account-blocked", {"Unable to send: account disabled"}},
  {"SendGrid", "sending-quota-exceeded", {"Maximum credits exceeded"}},
  {"Postmark", "mailbox-unknown", {"You tried to send to a recipient that has been marked as inactive", "marked as inactive"}},
  {"Postmark", "sender-not-permitted", {"is not a Sender Signature on your account"}},
  {"Mailgun", "mailbox-unknown", {"Not delivering to previously bounced address", "Not delivering to a user who marked"}},
  {"generic filter", "message-too-large", {"Line limit exceeded", "too many lines in the message"}},
}

-- Providers that publish what they answer.
local published = {
  Cox = "postmaster.cox.net: Error Codes", Comcast = "postmaster.comcast.net: Mail delivery error codes",
  AOL = "postmaster.aol.com: error-codes", ["T-Online"] = "postmaster.t-online.de",
  Coremail = "icoremail.vip: support, list of bounces", NetEase = "mail.163.com: help for senders",
  Mimecast = "mimecastsupport.zendesk.com: Policies - Mimecast SMTP Error Codes",
}

local entries = {}
for i = 1, #rows do
  local provider, cause, texts = rows[i][1], rows[i][2], rows[i][3]
  local words, also = advice[cause], {}
  for t = 2, #texts do also[t - 1] = texts[t] end
  entries[i] = {
    id = "service-" .. i .. "-" .. cause, text = texts[1], also = #also > 0 and also or nil, provider = provider,
    names_provider = provider ~= "generic filter", cause = cause, code = rows[i][5],
    retry = rows[i][4] or words[1], acts = words[2], meaning = words[3], fix = words[4],
    source = published[provider] or "bounces of " .. provider,
  }
end
return entries
