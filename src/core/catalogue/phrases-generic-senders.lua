-- Owns the words that servers of all makes use for refusing a sender or what it sends, a family for each cause: they name no
-- provider and come with any code, so they count less than a phrase that is known to the letter. phrases-generic.lua has the rest.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
local families = {
  {
    cause = "sender-invalid", retry = "no", acts = "sending-admin",
    meaning = "The server refuses the envelope sender: it does not exist, cannot be verified or is malformed.",
    fix = "Send with an envelope sender that exists and takes mail, and see that its own MX answers to RCPT for it.",
    texts = {
      "sender address rejected", "sender rejected", "invalid sender", "bad sender", "sender verification failed",
      "sender verify", "sender not verified", "unknown sender", "sender is invalid", "sender address is not valid",
      "sender address does not exist", "could not verify sender", "invalid mail from", "invalid return path",
      "bad return path",
      "verification failed for",
      "sender address invalid", "sender address is invalid", "invalid sender address", "sender is rejected",
      "null sender is not allowed", "fake sender", "invalid from address", "from address is invalid",
      "from address invalid", "sender not valid", "sender address verification", "sender address does not",
      "sender callout",
      "sender mailbox does not", "malformed from", "verification failed for the sender", "malformed sender",
      "null sender",
    },
  },
  {
    cause = "sender-domain-unknown", retry = "no", acts = "sending-admin",
    meaning = "The domain of the envelope sender does not exist in DNS, or cannot be answered to.",
    fix = "Give the sender's domain an MX or an A record, or send under a domain that has one.",
    texts = {
      "sender domain does not exist", "sender domain not found", "sender domain must exist", "invalid sender domain",
      "sender's domain does not exist", "domain of sender", "cannot resolve sender", "unresolvable sender",
      "sender domain is invalid", "no mx for sender", "does not exist in dns",
      "domain of the sender", "sender domain has no", "sender's domain has no", "sender domain could not be",
      "sender domain does not", "from domain does not exist", "domain may not exist", "no valid mx/a record",
      "unresolvable domain", "sender domain not exist",
      "neither an mx nor an a", "resolve sender domain", "resolve the domain of sender", "resolve the sender",
      "no mx or a record", "no a or mx", "has no mx", "sender's domain is not",
    },
  },
  {
    cause = "sender-not-permitted", retry = "no", acts = "sender",
    meaning = "You may not send under this sender address here.",
    fix = "Send under the address that belongs to your login, or have the admin grant you the right to the other " ..
      "one.",
    texts = {
      "not allowed to send mail as", "not authorized to send on behalf", "not authorised to send on behalf",
      "send as denied", "not allowed to use this sender", "sender address not owned", "email address is not verified",
      "not permitted to send from", "spoofed sender", "sender spoofing",
      "not owned by user", "address does not belong to", "send as this user", "from address is not allowed",
      "from header is not allowed", "not allowed to send from", "not authorized to send as",
      "sender address is not allowed",
      "send as this sender", "must equal authorized user", "not owned by auth", "verified sender", "sender signature",
      "sender identity", "not allowed to send as", "permission to send as", "permissions to send as",
      "does not match the login", "does not match authenticated", "sender address must match", "sender must match",
      "from address does not match", "not a sender address of",
      "may not send as", "not send as", "send on behalf of", "login mismatch", "does not match authenticated user",
      "from header must be", "from: header must be", "not your address", "not allowed to send with",
    },
  },
  {
    cause = "sender-blocked", retry = "no", acts = "sender",
    meaning = "The receiver blocks this very sender.",
    fix = "Ask the recipient by other means to take your address off the block list.",
    texts = {
      "sender blocked", "blocked sender", "sender is blocked", "sender denied", "sender address blocked",
      "sender refused", "sender is on the block list", "sender blacklisted", "you are blocked",
      "blocked by recipient",
      "sender is blacklisted", "sender on blacklist", "sender domain blocked", "blocked by user", "rejected by user",
      "rejected by recipient", "sender is not accepted", "badmailfrom",
      "has blocked you", "blocked your address", "blocked your messages",
      "reject list", "refuses mail from you", "tenant allow block list", "you are not welcome", "not welcome here",
      "is on our blocklist", "is on our blacklist",
    },
  },
  {
    cause = "sender-account-blocked", retry = "no", acts = "sending-admin",
    meaning = "Your own provider has blocked the account that sends, mostly for spam that went out through it.",
    fix = "Change the password, remove strange forwards and app passwords, find what sent the spam, and ask the " ..
      "provider to unlock the account.",
    texts = {
      "sending account is blocked", "account has been blocked for sending", "outgoing mail blocked",
      "outbound mail blocked", "sending has been disabled", "sender account suspended",
      "sending suspended", "sending paused", "sending is disabled", "sending has been paused",
      "sending has been suspended", "sending privileges", "account is not allowed to send",
      "domain is not allowed to send", "account disabled for sending", "suspended from sending",
      "unable to send: account", "your account is disabled", "your account has been disabled",
      "your account has been suspended", "your account is suspended", "your account is blocked",
      "from this account is blocked", "account locked after", "sender account locked", "sender account is locked",
      "account has been compromised", "account is compromised",
    },
  },
  {
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The address that your mail came from is on a blocklist that the receiver uses.",
    fix = "Look the address up on the list that the text names, stop what put it there, then ask for delisting.",
    texts = {
      "blacklisted", "blocklisted", "blocked by blacklist", "black list", "blacklist", "blocklist", "block list",
      "denylist", "dnsbl", "found on one or more", "is listed in", "is listed on", "listed by", "listed in rbl",
      "in rbl", "spamhaus.org", "spamcop.net", "barracudacentral.org", "sorbs.net", "uceprotect", "abuseat.org",
      "your ip is blocked", "ip blocked", "ip address is blocked", "ip address blocked", "blocked ip",
      "host is blocked", "your host is blocked", "your ip address has been blocked", "mail from your ip",
      "block listed", "black listed", "blocked using", "dynamic ip", "dynamic address", "dynamically assigned",
      "residential ip", "blocked for abuse", "dnsrbl", "ip address is blacklisted", "blocked by rbl",
      "sender ip is blocked", "your mail server is blocked", "connection from your ip", "banned ip", "ip is banned",
      "ip has been blocked", "policy block list",
      "rejected by spamhaus", "blocked by spamhaus", "listed at spamhaus", "spamrats.com", "junkemailfilter.com",
      "psbl.surriel.com", "psbl.org", "gbudb.com", "gbudb.net", "manitu.net", "abusix", "mailspike", "backscatterer",
      "dronebl", "nixspam", "blocklist.de", "spfbl", "senderscore.com", "ivmsip", "by rbl", "on rbl", "in rbl",
      "rejected. rbl", "real-time block", "invalid ip",
      "ip is rejected", "ip is hangup", "ip address is banned", "ip address has been banned", "blocked ip address",
      "your ip address is blocked", "currently blocked", "access from ip address",
      "ip reputation block", "host blocked", "is in the blocklist", "ip is in block",
      "list of blocked", "blocked hosts", "blocklisted address", "blocklisted host", "blacklisted address",
      "barracudacentral", "in a dnsbl", "in an rbl", "bl.spamcop", "junk mail host",
    },
  },
  {
    cause = "domain-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "A domain that the mail names, mostly the sender's, is on a blocklist.",
    fix = "Look the domain up on the list that the text names, stop what put it there, and then ask for delisting.",
    texts = {
      "sender domain blacklisted", "domain blacklisted", "domain is blacklisted", "domain is on a blacklist",
      "domain blocklisted", "domain is blocklisted", "sender domain is listed", "domain is listed", "domain listed",
      "dbl.spamhaus.org", "spamhaus dbl", "dbl.nordspam.com", "rhsbl",
    },
  },
  {
    cause = "url-blocklisted", retry = "no", acts = "sender",
    meaning = "A link in the message leads to a domain on a blocklist.",
    fix = "Check every link, shorteners and tracking links too, on the list that the text names, and take the bad " ..
      "one out.",
    texts = {
      "uribl", "surbl", "blacklisted url", "blocklisted url", "url in the message", "contains a url",
      "blacklisted link",
      "link in the body", "link in the message", "link to a blocked", "blocked site", "blacklisted domain in body",
      "url in body", "url in message", "links in the message",
    },
  },
  {
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "The receiver has a poor opinion of your address or domain, from mail that came before.",
    fix = "Look at your address and domain in the receiver's postmaster tools, stop unwanted mail, and begin " ..
      "again with few messages to people who want them.",
    texts = {
      "poor reputation", "low reputation", "bad reputation", "ip reputation", "sender reputation",
      "domain reputation",
      "email reputation", "senderbase", "reputation score",
      "sender score", "reputation is too low", "because of its reputation", "reputation filter",
      "unknown or bad reputation", "known spam source", "sending spam", "source of spam", "spam source",
      "reputation",
      "known for spam", "excessive spam", "too many spams", "reputation of your", "complaints against",
      "user complaints", "abuse complaints",
      "known spammer", "history of spam", "reputation is bad", "reputation too low", "reputation here",
    },
  },
  {
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "The sending address has no reverse DNS, or its name does not lead back to the address.",
    fix = "Have the owner of the address set a PTR record to your mail host's name, and give that name an A or " ..
      "AAAA record back.",
    texts = {
      "reverse dns", "no rdns", "rdns failed", "no ptr", "ptr record", "ptr resource record", "ptr lookup",
      "ptr check", "reverse lookup", "reverse hostname", "reverse mapping", "reverse map", "reverse name",
      "cannot resolve your ip", "cannot find your hostname", "ip name lookup failed", "forward-confirmed",
      "no reverse", "dns ptr",
      "reverse-dns", "no valid reverse", "does not resolve back", "missing ptr", "without ptr", "invalid ptr",
      "fcrdns", "reverse host lookup",
      "reverse dns is invalid", "reverse dns does not", "reverse dns not", "reverse dns failed",
      "reverse dns failure", "bad reverse dns", "reverse dns record", "rdns is", "rdns record", "has no rdns",
      "generic rdns", "generic ptr", "generic dns ptr", "ptr does not", "ptr-records",
      "validating reverse dns", "ptr and a records", "ptr records do not",
    },
  },
  {
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "The server does not accept the name that the client gave in HELO or EHLO.",
    fix = "Let the sending host introduce itself with its own full name, one that resolves to its address.",
    texts = {
      "helo command rejected", "invalid helo", "bad helo", "helo name", "helo/ehlo", "ehlo argument", "helo argument",
      "helo does not", "fully qualified domain name", "fully-qualified hostname", "helo mismatch", "bad ehlo",
      "invalid ehlo",
      "helo/ehlo", "ehlo name", "invalid hostname", "helo rejected", "your hostname", "helo domain", "helo host",
      "helo host has", "helo hostname", "ehlo hostname", "bogus helo", "forged helo", "helo is", "helo should",
      "host_mismatch", "in helo", "in ehlo", "helo requires", "ehlo requires", "is _my_ address",
    },
  },
  {
    cause = "spf-fail", retry = "no", acts = "sending-admin",
    meaning = "The SPF record of the sender's domain does not allow this address to send.",
    fix = "Add the sending host to the SPF record, or send through a host that is in it. Forwarded mail needs " ..
      "DKIM to pass.",
    texts = {
      "spf check failed", "spf fail", "failed spf", "spf validation", "spf check", "sender policy framework",
      "spf record", "spf hard fail", "spf softfail", "does not designate", "not permitted by spf", "spf policy",
      "rejected by spf", "violates spf", "spf unauthorized", "spf not passed", "failing spf",
      "openspf.net", "openspf.org", "(spf)", "spf verification failed", "spf failed", "spf failure", "spf forged", "spf hardfail",
      "is not allowed to send mail from", "not allowed to send mail for", "not authorized to send mail for",
      "not authorized to use the domain", "not authorized by the domain owner", "not permitted sender",
      "not an authorized sender for",
      "spf:", "spf = fail", "spf=fail",
      "spf says",
    },
  },
  {
    cause = "dkim-fail", retry = "no", acts = "sending-admin",
    meaning = "The message has no DKIM signature that the receiver accepts.",
    fix = "Send a test message to a mailbox that shows Authentication-Results, and mend the signer or the key in " ..
      "DNS.",
    texts = {
      "dkim check failed", "dkim fail", "failed dkim", "dkim signature", "dkim validation", "dkim verification",
      "dkim check",
      "dkim: ", "no dkim", "dkim not", "invalid dkim", "dkim verify", "dkim authentication failed", "dkim required",
      "dkim",
      "no passing dkim", "no dkim sig",
    },
  },
  {
    cause = "dmarc-fail", retry = "no", acts = "sending-admin",
    meaning = "The mail fails the DMARC policy of the domain in its From line.",
    fix = "Make SPF or DKIM pass for the very domain in the From line. Mail sent for others goes out under your " ..
      "own domain.",
    texts = {
      "dmarc policy", "dmarc check failed", "dmarc check", "dmarc fail", "failed dmarc", "dmarc verification",
      "dmarc validation", "dmarc evaluation", "dmarc unauthenticated", "dmarc record", "dmarc",
      "per dmarc", "fails dmarc",
    },
  },
  {
    cause = "mail-unauthenticated", retry = "no", acts = "sending-admin",
    meaning = "Neither SPF nor DKIM vouches for this mail.",
    fix = "List the sending host in the SPF record of the sender's domain, and sign with DKIM for the domain in " ..
      "the From line.",
    texts = {
      "unauthenticated email", "unauthenticated mail", "sender is unauthenticated", "mail is not authenticated",
      "message is not authenticated", "unauthenticated message", "spf and dkim", "spf or dkim",
      "authentication checks",
    },
  },
  {
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "A filter takes the content of this message for spam.",
    fix = "Send a plain text without links and attachments to see whether that passes, then find the part that " ..
      "offends. If all mail is refused, look at your reputation instead.",
    texts = {
      "spam message", "spam detected", "considered spam", "classified as spam", "identified as spam",
      "looks like spam", "detected as spam", "appears to be spam", "rejected as spam", "message is spam",
      "spam content", "spam score", "spam-like", "likely spam", "suspected spam", "spam filter", "blocked as spam",
      "high spam", "junk mail", "spam mail", "is spam", "as spam", "unsolicited", "rejected due to content",
      "spamassassin",
      "suspicion of spam", "spam points", "spam url", "spam rejected", "spam blocked", "spam not accepted",
      "spam refused", "refused as spam", "refused due to spam", "rejected due to spam", "rejected for spam",
      "detected spam", "contains spam", "as junk", "appears to be unsolicited", "unsolicited bulk",
      "spammy", "spam or virus", "spam policy", "marked as spam", "message looks like", "bulk mail", "content denied",
      "bayes", "considered unsolicited",
      "probability of spam", "by content filter", "msg: spam", "spam",
      "content filter", "content examination", "content policy", "bulk-mail", "spam-mail", "spam scanner",
      "spam probability",
      "antispam", "anti-spam", "spam rule", "content rejected, ube", "spam threshold", "score exceeded", "spam level",
    },
  },
  {
    cause = "virus-found", retry = "no", acts = "sender",
    meaning = "A scanner found malware in the message.",
    fix = "Scan the machine and the attachment before you send anything else. If it is a false alarm, send the " ..
      "file by a link.",
    texts = {
      "virus", "virus detected", "virus found", "malware", "infected with", "message infected", "trojan",
      "contains a virus",
      "infected", "phishing", "phish", "ransomware", "clamav", "eicar",
      "malicious", "infected by", "found infected",
    },
  },
  {
    cause = "attachment-refused", retry = "no", acts = "sender",
    meaning = "The receiver does not take attachments of this kind.",
    fix = "Put the file somewhere it can be fetched from, and send the link. Renaming it seldom helps.",
    texts = {
      "attachment not allowed", "attachment type", "attachment rejected", "prohibited attachment", "banned file",
      "banned attachment", "executable attachment", "file extension", "attachment blocked", "unacceptable attachment",
      "blocked attachment", "illegal attachment",
      "do not accept * attachments", "don't accept * attachments", "attachments are not", "attachment is not",
      "contains an executable", "dangerous attachment", "disallowed attachment", "file type not", "zip attachment",
      "attachments of type", "password-protected archive", "encrypted archive",
      "attachment block", "- banned:", "file type not permitted", "attachment policy",
      "files ending in", "forbidden attachment", "file extension detected", "disallowed file", "forbidden file",
      "attachment (", "attachments (", "attached file",
    },
  },
  {
    cause = "content-malformed", retry = "no", acts = "sending-admin",
    meaning = "The message itself breaks the rules of mail: its header, its line ends or its encoding.",
    fix = "Look at the raw message that your program makes: one From, one Date, one Message-ID, CRLF line ends, " ..
      "ASCII in the header.",
    texts = {
      "header error", "malformed header", "invalid header", "missing header", "headers missing", "header missing",
      "header is missing", "missing message-id", "missing date", "in from: header", "from: header",
      "non-rfc compliant", "not rfc compliant", "rfc compliant", "rfc 2822", "rfc 5322", "rfc2822", "rfc5322",
      "malformed message", "mime error", "invalid mime", "bare lf", "bare linefeed", "8-bit data in header",
      "duplicate header", "line too long",
      "bare newline", "bare carriage return", "multiple from", "more than one from", "from header missing",
      "no from header", "invalid date header", "nul characters", "null characters", "line length",
      "lines are too long", "maximum allowed line length", "missing a valid messageid",
      "improperly formatted message",
      "missing from header", "from is missing",
      "bad_header", "bad header", "headers malformed", "illegal header", "duplicate headers",
      "multiple addresses in from", "rfc non compliant", "corrupt message content", "content conversion",
      "contentconversion", "not rfc-compliant",
      "mime defect", "no date header", "required header", "header 'date'", "more than one from header",
      "malformed mime", "failed to parse", "could not be parsed", "cannot be parsed", "cannot parse",
      "contains a from header", "no message-id", "too many headers", "date is in the future",
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
