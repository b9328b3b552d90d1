-- What mail filters, forwarders and blocklists say, whoever runs them.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "mimecast-greylisting",
    text = "internal resources are temporarily unavailable",
    also = {"internal resource temporarily unavailable"},
    code = "451",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "greylisted", retry = "yes", acts = "sending-admin",
    meaning = "Mimecast defers a sender that it has not met before, or one with a weak reputation. Its own " ..
      "resources are not short, whatever the words say.",
    fix = "Let the queue retry from the same IP address; it passes once Mimecast's waiting time, about a minute or " ..
      "more, is over. If it never does, ask the recipient's admin for a greylisting bypass.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-inbounds-disabled",
    text = "account inbounds disabled",
    code = "451",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "mailbox-disabled", retry = "yes", acts = "receiving-admin",
    meaning = "The recipient's organisation has its Mimecast account switched off for incoming mail.",
    fix = "Leave the mail queued and tell the recipient's organisation by phone: their admin must settle it with " ..
      "Mimecast or change the MX records.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-ip-temporarily-blocked",
    text = "ip temporarily blacklisted",
    code = "451",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "The sending IP address has gone over one of Mimecast's limits and is shut out for a while.",
    fix = "Wait with the mail queued, and lower connections and recipients for each minute. Search your log for a " ..
      "burst to unknown users.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-open-relay",
    text = "open relay not allowed",
    code = "451",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sending-admin",
    meaning = "Mimecast is not responsible for the sender's domain or for the recipient's, and will not relay " ..
      "between strangers.",
    fix = "Check the recipient domain's MX records for a stale or wrong Mimecast host. If this is your own outbound " ..
      "route, add the domain and the server's IP address in the Mimecast Administration Console.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
    notes = {
      "Mimecast answers 451, so queues go on trying; no retry gets through until the set-up changes.",
    },
  },
  {
    id = "mimecast-administrative-prohibition",
    text = "administrative prohibition envelope blocked",
    code = "550",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "sender-blocked", retry = "no", acts = "recipient",
    meaning = "A blocked-senders policy of the recipient's organisation, or a hard SPF failure, stops this sender.",
    fix = "Check first that SPF passes. Then ask the recipient, by another channel, to have their admin look for " ..
      "the sender in the Blocked Senders policy.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-anti-spoofing",
    text = "anti-spoofing policy - inbound not allowed",
    code = "550",
    commands = {"RCPT", "end-of-data"},
    provider = "Mimecast",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The mail claims to come from the recipient's own domain but arrived from outside, so Mimecast takes " ..
      "it for a forgery.",
    fix = "If a service may truly send in that name, have the recipient's admin add its IP address to an " ..
      "anti-spoofing bypass policy. Otherwise use a sender address of your own domain.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-dkim-rejected",
    text = "dkim sender invalid - envelope rejected",
    code = "550",
    commands = {"end-of-data"},
    provider = "Mimecast",
    names_provider = true,
    cause = "dkim-fail", retry = "no", acts = "sending-admin",
    meaning = "The DKIM signature did not verify, and the recipient's Mimecast policy rejects such mail.",
    fix = "Compare the public key at SELECTOR._domainkey.DOMAIN with the one that signs. If they fit, look for a " ..
      "footer, disclaimer or gateway that changes the message after signing.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-dmarc-rejected",
    text = "dmarc sender invalid - envelope rejected",
    code = "550",
    commands = {"end-of-data"},
    provider = "Mimecast",
    names_provider = true,
    cause = "dmarc-fail", retry = "no", acts = "sending-admin",
    meaning = "The mail failed DMARC for its From domain, and the recipient's Mimecast policy applies the reject.",
    fix = "Give the From domain an aligned DKIM signature at each service that sends for it. Read the DMARC reports " ..
      "to find the failing source.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-invalid-recipient",
    text = "invalid recipient",
    code = "550",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = false,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The recipient's organisation does not list this address in the directory that the server checks.",
    fix = "Correct the address or drop it from the list. If the person swears it works, their admin must look at " ..
      "that directory, and at Mimecast see that it is synced.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
    notes = {
      "Many servers say the same two words, so they prove no provider.",
    },
  },
  {
    id = "mimecast-local-ip-reputation",
    text = "local ct ip reputation - (reject)",
    code = "550",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "Mimecast's own reputation data rejects the sending IP address.",
    fix = "Stop any spam from the address and ask the recipient's admin to raise the block with Mimecast support or " ..
      "to permit the address.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-poor-reputation",
    text = "poor reputation sender",
    code = "550",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "Mimecast, or the Cloudmark data it uses, gives the sender a poor record and refuses the mail.",
    fix = "Look for spam from your host, check its IP address at https://csi.cloudmark.com, and ask the recipient's " ..
      "admin to permit you meanwhile.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "mimecast-spf-rejected",
    text = "spf sender invalid - envelope rejected",
    code = "550",
    commands = {"MAIL", "RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "spf-fail", retry = "no", acts = "sending-admin",
    meaning = "The sender's SPF check failed, and the recipient's Mimecast policy rejects such mail.",
    fix = "List the sending IP address in the SPF record of the envelope sender's domain, or send through a host " ..
      "that is listed. Forwarders should use SRS.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-user-block-list",
    text = "envelope blocked - user entry",
    code = "550",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "sender-blocked", retry = "no", acts = "recipient",
    meaning = "The recipient has put this sender on a personal block list in Mimecast.",
    fix = "Reach the person some other way: only they, or their admin, can take the sender off the list. Stop " ..
      "automatic mail to them, since the block may be meant.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-tls-required",
    text = "this route requires encryption (tls)",
    code = "553",
    commands = {"RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "tls-required", retry = "no", acts = "sending-admin",
    meaning = "The recipient's policy demands TLS for this mail, and the connection was in plain text or TLS failed.",
    fix = "Enable STARTTLS towards this domain and read the TLS lines in the mail log. If a certificate is " ..
      "rejected, renew yours or bring the trusted roots up to date.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-host-network",
    text = "host network not allowed",
    code = "554",
    commands = {"greeting", "RCPT"},
    provider = "Mimecast",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The recipient's organisation takes no mail from the country or network of the sending IP address.",
    fix = "Ask their admin to permit your IP address in the geographical restriction policy, or send through a " ..
      "relay in another country.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-security-policies",
    text = "email rejected due to security policies",
    code = "554",
    commands = {"end-of-data"},
    provider = "Mimecast",
    names_provider = true,
    cause = "virus-found", retry = "no", acts = "sender",
    meaning = "Mimecast found a virus or a very high spam score in the message.",
    fix = "Scan the attachments and the machine that wrote the mail, and send the text alone to see what is " ..
      "refused. If the file is clean, their admin can report the false alarm to Mimecast.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "mimecast-size-exceeded",
    text = "maximum email size exceeded",
    code = "554",
    commands = {"MAIL", "end-of-data"},
    provider = "Mimecast",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message is larger than the recipient's Mimecast policy permits.",
    fix = "Share the file by link or have their admin raise the limit. Encoding adds about a third to the size of a " ..
      "file.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Mimecast.pm; " ..
      "https://community.mimecast.com/s/article/email-security-cloud-gateway-mimecast-smtp-error-codes",
  },
  {
    id = "spamhaus-zen-blocked-by",
    text = "blocked by zen.spamhaus.org",
    code = "550",
    enhanced = "5.7.1",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Spamhaus",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Spamhaus ZEN, which joins the SBL, CSS, XBL and PBL lists, holds the sending IP address, so the " ..
      "server took nothing from it.",
    fix = "Find the list and the reason at https://check.spamhaus.org. A home or cloud address on the PBL needs a " ..
      "relay; any other entry means spam or malware that must be stopped first.",
    source = "zone-eu/zone-mta: config/bounces.txt",
    notes = {
      "Where the text says \"Error: open resolver\" or holds \"/returnc/\", nobody is listed: Spamhaus refused the " ..
        "resolver that the receiver asked through, and the receiving admin must use another.",
    },
  },
  {
    id = "spamhaus-dbl",
    text = "blocked using dbl.spamhaus.org",
    also = {"dbl.spamhaus.org"},
    code = "554",
    enhanced = "5.7.1",
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Spamhaus",
    names_provider = true,
    cause = "domain-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "A domain of this mail, such as the sender's, the EHLO name or one in a link, is on the Spamhaus DBL.",
    fix = "Enter each domain at https://check.spamhaus.org. Clean a hacked site, or stop the mail that used the " ..
      "domain, then ask for removal; changing IP addresses does not help.",
    source = "zone-eu/zone-mta: config/bounces.txt",
    notes = {
      "Where the text says \"Error: open resolver\" or holds \"/returnc/\", nobody is listed: Spamhaus refused the " ..
        "resolver that the receiver asked through, and the receiving admin must use another.",
    },
  },
  {
    id = "spamhaus-zen",
    text = "zen.spamhaus.org",
    code = "554",
    enhanced = "5.7.1",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Spamhaus",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The receiving server asked Spamhaus ZEN about the sending IP address, and it is on the SBL, CSS, XBL " ..
      "or PBL.",
    fix = "Enter the IP address at https://check.spamhaus.org to see which list and why. For PBL, send through your " ..
      "provider's relay or have the address excluded; for the others, stop the abuse before asking for removal.",
    source = "zone-eu/zone-mta: config/bounces.txt",
    notes = {
      "Where the text says \"Error: open resolver\" or holds \"/returnc/\", nobody is listed: Spamhaus refused the " ..
        "resolver that the receiver asked through, and the receiving admin must use another.",
    },
  },
  {
    id = "spamhaus-xbl",
    text = "is on the Spamhaus XBL blacklist",
    code = "554",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Spamhaus",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The Spamhaus XBL lists the sending IP address, because an infected machine or an open proxy was seen " ..
      "behind it.",
    fix = "Look up the details at https://check.spamhaus.org, clean the infected machine, and let only the mail " ..
      "server use port 25 outwards. Removal is granted at once, and a relapse lists it again.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "barracuda-recipient-blocked",
    text = "permanent failure for one or more recipients",
    code = "550",
    commands = {"RCPT", "end-of-data"},
    provider = "Barracuda",
    names_provider = true,
    cause = "policy", retry = "no", acts = "receiving-admin",
    meaning = "A rule in the recipient's Barracuda account refuses this mail. The reason follows the address in the " ..
      "text, as in :blocked.",
    fix = "Ask the recipient's admin to find the mail in the Barracuda message log and to allow the sender there.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "barracuda-brbl",
    text = "b.barracudacentral.org",
    code = "554",
    enhanced = "5.7.1",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Barracuda",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The receiving server asked the Barracuda blocklist about the sending IP address, and it is listed.",
    fix = "Look for spam in your outgoing log and stop it, then ask for removal at " ..
      "https://www.barracudacentral.org/rbl/removal-request. Requests are mostly answered within 12 hours.",
    source = "zone-eu/zone-mta: config/bounces.txt",
    notes = {
      "Any software may use this list, so the receiver need not own a Barracuda device.",
    },
  },
  {
    id = "barracuda-reputation-blocked",
    text = "blocked using Barracuda Reputation",
    code = "554",
    commands = {"greeting", "MAIL", "RCPT", "end-of-data"},
    provider = "Barracuda",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "A Barracuda filter finds an IP address of this mail on the Barracuda list. It may be an older hop " ..
      "taken from a Received header.",
    fix = "Check the IP address in the text: if it is yours, stop the spam and ask for removal at " ..
      "https://www.barracudacentral.org/rbl/removal-request. If a user's home address is meant, send through " ..
      "authenticated submission.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "proofpoint-local-policy",
    text = "Local Policy Violation",
    code = "550",
    enhanced = "5.7.0",
    commands = {"end-of-data"},
    provider = "Proofpoint",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "A rule of the recipient's own Proofpoint system refused the mail, by sender, address or content.",
    fix = "Ask the recipient's admin to look the message up in Smart Search, with the time and both addresses, and " ..
      "to allow it. A change at your side may not help until the rule is known.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "proofpoint-ipcheck",
    text = "Blocked - see https://ipcheck.proofpoint.com/",
    code = "554",
    enhanced = "5.7.0",
    commands = {"greeting"},
    provider = "Proofpoint",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Proofpoint's reputation service blocks the sending IP address, and the receiver uses it.",
    fix = "Open https://ipcheck.proofpoint.com, enter the address and follow its steps after stopping the spam. If " ..
      "the page shows no block, ask the recipient's admin.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "spamcop-rbl",
    text = "is in an RBL: Blocked - see https://www.spamcop.net",
    code = "550",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "SpamCop",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Recent spam reports have put the sending IP address on the SpamCop list.",
    fix = "See the reports at https://www.spamcop.net/bl.shtml, and stop the spam at its source. The entry ends by " ..
      "itself about 24 hours after the last report.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "cloudmark-csi",
    text = "csi.cloudmark.com/reset-request",
    code = "550",
    commands = {"greeting", "MAIL", "RCPT"},
    provider = "Cloudmark",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "The receiver relies on Cloudmark Sender Intelligence, where the sending IP address has a bad record.",
    fix = "Stop the spam, then ask for a reset through the link in the text. If it is listed again soon after, the " ..
      "source of the spam is still active.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "invaluement-listed",
    text = "is listed by Invaluement",
    code = "550",
    enhanced = "5.5.4",
    commands = {"RCPT"},
    provider = "Invaluement",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The receiver asked the Invaluement list, and the sending IP address is on it. This list often names " ..
      "senders of unwanted bulk mail.",
    fix = "Look the address up at https://www.invaluement.com/lookup, stop mailing people who never asked, and " ..
      "request removal there.",
    source = "zone-eu/zone-mta: config/bounces.txt",
    notes = {
      "In the registry 5.5.4 means invalid command arguments, which is not the trouble here.",
    },
  },
  {
    id = "cisco-esa-poor-reputation",
    text = "rejected due to the sending MTA's poor reputation",
    code = "554",
    commands = {"greeting"},
    provider = "Cisco ESA",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "A Cisco mail gateway refuses the connection because Cisco Talos rates the sending IP address as poor.",
    fix = "Look up the IP address at https://talosintelligence.com, find and stop the spam behind the rating, and " ..
      "open a reputation ticket there. It rises on its own within days of clean mail.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "forwardemail-enhanced-protection",
    text = "requires an upgrade to Enhanced Protection at",
    code = "550",
    commands = {"RCPT"},
    provider = "Forward Email",
    names_provider = true,
    cause = "mailbox-disabled", retry = "no", acts = "recipient",
    meaning = "The recipient's domain uses Forward Email on a plan that does not cover this mail.",
    fix = "Tell the domain's owner, by another address, to upgrade the plan at forwardemail.net or to move the " ..
      "domain. The sender can do nothing in the mail itself.",
    source = "KumoCorp/kumomta: assets/community/bounces.toml",
  },
}
