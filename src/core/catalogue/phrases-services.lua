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
    "unclear", "sending-admin", "The receiver does not take mail from this host for now, because of what came from it before.",
    "Send less and slower, look for a stolen account or a list that went stale, and follow the provider's page for senders.",
  },
  ["server-busy"] = {
    "yes", "receiving-admin", "The receiver refuses service for now and asks to be tried again later.",
    "Let the queue retry with pauses. If it lasts for days, write to the provider's postmaster.",
  },
  ["ip-blocklisted"] = {
    "no", "sending-admin", "The sending address stands on a blocklist that the receiver uses, its own or one of a public service.",
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
    "Service refused, please try later. OFR_999", "service refused, please try later. ofr*_10", "service refused, please try later. lpn*_10",
    "Veuillez essayer plus tard. Service refused, please try later. OFR_999", "Veuillez essayer plus tard. service refused, please try later. lpn*_10",
    "Veuillez essayer plus tard. service refused, please try later. ofr*_10", "ofr_999", "ofr*_102", "ofr*_103", "ofr*_108", "ofr*_109",
  }},
  {"Orange", "mailbox-unknown", {
    "Adresse d au moins un destinataire invalide", "Adresse destinataire invalide", "Adresse d'au moins un destinataire invalide", "ofr*_416",
    "lpn*_416",
  }},
  {"T-Online", "ip-blocklisted", {"A problem occurred. (Ask your postmaster for help or to contact", "postmaster for help or to contact * to clarify.) (BL)"}},
  {"Spamhaus", "ip-blocklisted", {"spamhaus.org/query/bl", "spamhaus.org/query/ip", "spamhaus.org/sbl", "check.spamhaus.org"}},
  {"iCloud", "reputation", {"ESMTP not accepting connections"}},
  {"i.ua", "mailbox-disabled", {"Mailbox is frozen"}},
  {"MXLogic", "mailbox-unknown", {"Could not load DRD for domain and no such recipient"}},
  {"generic filter", "no-ptr", {
    "unverifyable sending IPs", "unverifiable sending IPs", "invalid RDNS record of your mail server", "No PTR Record found",
    "Reverse DNS required", "Reverse DNS lookup for host", "Bad DNS PTR resource record", "no valid sender domain. Fix reverse DNS",
    "Missing reverse DNS", "Reverse DNS validation failed",
  }},
  {"Outlook.com", "ip-blocklisted", {"weren't sent. Please contact your Internet service provider"}},
  {"generic filter", "mailbox-disabled", {"Disabled recipient address", "recipient address is disabled"}},
  {"generic filter", "policy", {"Delivery not authorized", "delivery is not authorized"}},
  {"generic filter", "domain-refuses-mail", {"System not accepting network messages", "not accepting network messages"}},
  {"generic filter", "message-too-large", {"Line limit exceeded", "too many lines in the message"}},
}

local entries = {}
for i = 1, #rows do
  local provider, cause, texts = rows[i][1], rows[i][2], rows[i][3]
  local words, also = advice[cause], {}
  for t = 2, #texts do also[t - 1] = texts[t] end
  entries[i] = {
    id = "service-" .. i .. "-" .. cause, text = texts[1], also = #also > 0 and also or nil, provider = provider,
    names_provider = provider ~= "generic filter", cause = cause, retry = words[1], acts = words[2], meaning = words[3], fix = words[4],
    source = "bounces of " .. provider,
  }
end
return entries
