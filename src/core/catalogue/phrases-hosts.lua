-- What the other mailbox hosts and access providers say.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "godaddy-reverse-dns",
    text = "Reverse DNS for this IP failed",
    code = "421",
    commands = {"greeting"},
    provider = "GoDaddy",
    names_provider = true,
    cause = "no-ptr", retry = "yes", acts = "sending-admin",
    meaning = "GoDaddy could not confirm the reverse DNS of the sending IP address.",
    fix = "Set a PTR record through the owner of the IP address, and make its name resolve back to it. Queued mail " ..
      "then goes out by itself.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/GoDaddy.pm; " ..
      "https://ca.godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685",
    notes = {
      "GoDaddy marks it IB108.",
    },
  },
  {
    id = "godaddy-too-many-sessions",
    text = "too many sessions from This IP",
    code = "421",
    commands = {"greeting"},
    provider = "GoDaddy",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "The sending host has more connections open to GoDaddy than it permits for one IP address.",
    fix = "Lower the concurrency for GoDaddy's domains (in Postfix: a transport with its own " ..
      "destination_concurrency_limit) and let the queue drain slowly.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/GoDaddy.pm; " ..
      "https://ca.godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685",
    notes = {
      "GoDaddy marks it IB007.",
    },
  },
  {
    id = "godaddy-invalid-spf",
    text = "Invalid SPF record",
    code = "550",
    commands = {"MAIL", "RCPT"},
    provider = "GoDaddy",
    names_provider = true,
    cause = "spf-error", retry = "no", acts = "sending-admin",
    meaning = "GoDaddy cannot make sense of the sender domain's SPF record.",
    fix = "Read the record with dig TXT DOMAIN: there must be one only, starting with v=spf1, without typing errors " ..
      "and with at most ten DNS look-ups.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/GoDaddy.pm; " ..
      "https://ca.godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685",
    notes = {
      "GoDaddy marks it IB508.",
    },
  },
  {
    id = "godaddy-virus",
    text = "Virus infected message rejected",
    code = "552",
    commands = {"end-of-data"},
    provider = "GoDaddy",
    names_provider = true,
    cause = "virus-found", retry = "no", acts = "sender",
    meaning = "GoDaddy's scanner found a virus in the message.",
    fix = "Do not send it again: scan the attachment and the computer it came from. If the user knows nothing of " ..
      "the mail, change the account's password at once.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/GoDaddy.pm; " ..
      "https://ca.godaddy.com/help/fix-rejected-email-with-a-bounce-error-40685",
    notes = {
      "GoDaddy marks it IB705; the 552 has nothing to do with size here.",
    },
  },
  {
    id = "orange-too-many-connections",
    text = "Too many connections, slow down",
    code_guess = "421",
    commands = {"greeting"},
    provider = "Orange",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "Orange counts too many connections from this IP address and asks it to go slower.",
    fix = "Set a small limit of parallel connections to orange.fr and wanadoo.fr, two at most, and reuse each one " ..
      "for several messages.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/FrancePTT.pm; https://smtpfieldmanual.com/provider/orange",
    notes = {
      "Orange marks it OFR005_104.",
    },
  },
  {
    id = "orange-over-quota",
    text = "Recipient overquota",
    code_guess = "552",
    enhanced_guess = "5.1.1",
    commands = {"RCPT"},
    provider = "Orange",
    names_provider = true,
    cause = "mailbox-full", retry = "no", acts = "recipient",
    meaning = "The recipient's Orange mailbox is full.",
    fix = "Ask the recipient, through another channel, to make room, and send the mail again after that.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/FrancePTT.pm; https://smtpfieldmanual.com/provider/orange",
    notes = {
      "Orange marks it OFR_417 and may pair it with 5.1.1: the address is good all the same, so keep it.",
    },
  },
  {
    id = "orange-dmarc",
    text = "DMARC verification Failed",
    code = "571",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Orange",
    names_provider = true,
    cause = "dmarc-fail", retry = "no", acts = "sending-admin",
    meaning = "The message failed DMARC, and Orange carries out the policy of its From domain.",
    fix = "Align SPF or DKIM with the From domain at the service that sent this mail, and confirm with a test message.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/FrancePTT.pm; https://smtpfieldmanual.com/provider/orange",
    notes = {
      "Orange marks it LPN007_517 and replies 571, which the grammar of RFC 5321 does not even permit; treat it as " ..
        "a permanent failure.",
    },
  },
  {
    id = "qq-content-denied",
    text = "mail content denied",
    code_guess = "550",
    commands = {"end-of-data"},
    provider = "QQ Mail",
    names_provider = true,
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "QQ Mail's content filter refused the message.",
    fix = "Remove links, images and attachments until it passes, to find the part that offends. Check that the " ..
      "sender's domain has SPF and DKIM, too.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Tencent.pm; https://service.mail.qq.com/detail/122",
  },
  {
    id = "qq-deactivated",
    text = "is a deactivated mailbox",
    code_guess = "550",
    commands = {"RCPT"},
    provider = "QQ Mail",
    names_provider = true,
    cause = "mailbox-disabled", retry = "no", acts = "sender",
    meaning = "The QQ Mail account has been closed or suspended.",
    fix = "Take the address off the list. Reach the person by phone or in chat if the mail matters.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Tencent.pm; https://service.mail.qq.com/detail/122",
  },
  {
    id = "qq-ip-frequency",
    text = "ip frequency limited",
    code_guess = "550",
    commands = {"greeting", "MAIL"},
    provider = "QQ Mail",
    names_provider = true,
    cause = "rate-limited", retry = "no", acts = "sending-admin",
    meaning = "QQ Mail has counted too much mail from the sending IP address.",
    fix = "Pause, then send more slowly and evenly; the refused messages must be sent anew. Publish SPF and DKIM, " ..
      "since unknown senders get the smallest allowance.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Tencent.pm; https://service.mail.qq.com/detail/122",
  },
  {
    id = "cox-invalid-recipients",
    text = "too many invalid recipients",
    code_guess = "554",
    commands = {"RCPT"},
    provider = "Cox",
    names_provider = true,
    cause = "rate-limited", retry = "no", acts = "sending-admin",
    meaning = "The sender has tried so many addresses unknown to Cox that it is cut off.",
    fix = "Clean the list: remove each address that Cox has bounced before. If you run no list, look in the log for " ..
      "an account that guesses addresses.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Cox.pm; " ..
      "https://www.cox.com/residential/support/email-error-codes.html",
  },
  {
    id = "cox-no-rdns",
    text = "rejected - no rdns",
    code_guess = "554",
    commands = {"greeting"},
    provider = "Cox",
    names_provider = true,
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "Cox accepts no mail from an IP address without reverse DNS, and the sending one has none.",
    fix = "Ask your hosting company for a PTR record with your mail server's name, and check that the name resolves " ..
      "back to the address.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Cox.pm; " ..
      "https://www.cox.com/residential/support/email-error-codes.html",
  },
  {
    id = "comcast-dnsbl",
    text = "found on one or more DNSBLs",
    code = "554",
    commands = {"greeting"},
    provider = "Comcast",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Comcast refuses the connection because a DNS blocklist holds the sending IP address.",
    fix = "Look the address up on the larger lists, Spamhaus first, and get it removed there. Then follow the link " ..
      "in the text to Comcast's postmaster page if mail is still refused.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "gmx-policy-restrictions",
    text = "Reject due to policy restrictions",
    code = "550",
    commands = {"greeting", "MAIL", "end-of-data"},
    provider = "GMX / web.de",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "GMX or web.de refused the mail by a rule of its own. The link at the end of the text names the rule.",
    fix = "Open the link in the reply and do what that page asks; it may concern a blocklist, reverse DNS, DMARC or " ..
      "a header fault. Write to their postmaster form if the page leaves it open.",
    source = "KumoCorp/kumomta: assets/community/bounces.toml",
  },
  {
    id = "mailru-spam-rejected",
    text = "spam message rejected",
    code = "550",
    commands = {"end-of-data"},
    provider = "mail.ru",
    names_provider = false,
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "The receiver's filter took the message for spam. At mail.ru a link with an identifier follows for " ..
      "the appeal.",
    fix = "Open the link in the reply to dispute the verdict, and check SPF, DKIM and the links in the message. For " ..
      "bulk mail, watch complaints at https://postmaster.mail.ru.",
    source = "KumoCorp/kumomta: assets/community/bounces.toml",
    notes = {
      "Other servers use these words as well; only the link shows that mail.ru said it.",
    },
  },
}
