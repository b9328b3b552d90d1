-- What Microsoft says of the sender: Microsoft 365's blocks, limits and authentication, and Outlook.com.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "microsoft365-ipv6-unauthenticated",
    text = "must pass either SPF or DKIM validation",
    code_guess = "451",
    enhanced = "4.7.26",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "mail-unauthenticated", retry = "yes", acts = "sending-admin",
    meaning = "The mail came over IPv6, passed neither SPF nor DKIM, and is turned away for now.",
    fix = "Put the IPv6 range of your server in the SPF record with ip6:, and sign with DKIM. The queued mail " ..
      "passes on its next try after that.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-try-again-later",
    text = "Access denied, please try again later",
    code_guess = "451",
    enhanced = "4.7.500",
    commands = {"MAIL", "RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "Microsoft 365 finds the traffic from this IP address suspicious and holds it off while it watches. " ..
      "Most such blocks lift by themselves.",
    fix = "Leave the mail queued, lower the rate, and look for spam leaving your host. If it lasts over 24 hours, " ..
      "ask at https://sender.office.com.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "Codes 4.7.500 to 4.7.699 and 4.7.850 to 4.7.899 belong to the same family.",
    },
  },
  {
    id = "microsoft365-anonymous-mail-from",
    text = "Client was not authenticated to send anonymous mail during MAIL FROM",
    code_guess = "530",
    enhanced = "5.7.57",
    commands = {"MAIL"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "login-required", retry = "no", acts = "sender",
    meaning = "The device or application tried to send through smtp.office365.com without a login.",
    fix = "Give it a user name, a password and TLS on port 587, and allow SMTP AUTH for that mailbox with " ..
      "Set-CASMailbox -SmtpClientAuthenticationDisabled $false. Mail to your own users can go to the MX host.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-bad-outbound-sender",
    text = "Access denied, bad outbound sender",
    code_guess = "550",
    enhanced = "5.1.8",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sender-account-blocked", retry = "no", acts = "sender",
    meaning = "This Microsoft 365 user sent so much spam that the service no longer lets the account send. " ..
      "Receiving still works.",
    fix = "Secure the account with a new password and multi-factor sign-in. The admin then unblocks it under " ..
      "Restricted entities in the Defender portal.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-submission-quota",
    text = "Submission quota exceeded",
    code_guess = "550",
    enhanced = "5.2.2",
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sending-quota-exceeded", retry = "no", acts = "sender",
    meaning = "The user has sent to more recipients, or more messages, than Exchange Online permits in its time " ..
      "window.",
    fix = "Wait until the window has passed, 24 hours at most, and send large mailings through a bulk service. If " ..
      "the user sent nothing like it, treat the account as hacked.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "In the registry 5.2.2 means a full mailbox; here it is the sender's allowance that is used up.",
    },
  },
  {
    id = "microsoft365-spf-violation",
    text = "rejected because of Sender Policy Framework violation",
    code_guess = "550",
    enhanced = "5.7.23",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "spf-fail", retry = "no", acts = "sending-admin",
    meaning = "The sending IP address is not allowed by the SPF record of the envelope sender's domain.",
    fix = "Add the IP address from the text to the SPF record, or send through a host that is already listed. For " ..
      "forwarded mail, turn on SRS at the forwarder.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-ipv6-no-ptr",
    text = "must have a reverse DNS record",
    code_guess = "550",
    enhanced = "5.7.25",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "The mail came over IPv6 from an address without a PTR record, and Microsoft 365 requires one there.",
    fix = "Ask the owner of the IPv6 address to set a PTR record with a matching AAAA. Until it is visible, send " ..
      "over IPv4, in Postfix with smtp_address_preference = ipv4.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-tenant-attribution",
    text = "TenantAttribution; Relay Access Denied",
    code_guess = "550",
    enhanced = "5.7.64",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sending-admin",
    meaning = "Microsoft 365 could not tell which tenant this relayed mail belongs to, because no inbound connector " ..
      "matches the sending server.",
    fix = "In the Exchange admin centre, make the inbound connector match the server's TLS certificate name or " ..
      "public IP address. Check that the sender's domain is an accepted domain of the tenant.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-spam-abuse",
    text = "Access denied, spam abuse detected",
    code = "550",
    enhanced = "5.7.501",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sender-account-blocked", retry = "no", acts = "sender",
    meaning = "Microsoft has banned the sending account because it sent spam, most likely in the hands of a thief.",
    fix = "Reset the password, end all sessions, turn on multi-factor sign-in and delete strange inbox rules. Then " ..
      "ask your admin or Microsoft support to release the account.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-bad-helo",
    text = "Access Denied, Bad HELO",
    code_guess = "550",
    enhanced = "5.7.506",
    commands = {"MAIL", "RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "The client's EHLO gave a name that belongs to the receiving organisation, which spammers do to look " ..
      "like insiders.",
    fix = "Set the EHLO name to the server's own full host name, matching its PTR (in Postfix: myhostname or " ..
      "smtp_helo_name).",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-ipv6-range-limits",
    text = "has exceeded permitted limits within",
    code_guess = "550",
    enhanced = "5.7.508",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sending-quota-exceeded", retry = "no", acts = "sending-admin",
    meaning = "A whole IPv6 range has sent more mail than Microsoft allows it in the period that the text names.",
    fix = "Spread the mail over time or send over IPv4. If others share the range, ask the hosting company to stop " ..
      "the abuser or give you a range of your own.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-dmarc-verification",
    text = "does not pass DMARC verification",
    code_guess = "550",
    enhanced = "5.7.509",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "dmarc-fail", retry = "no", acts = "sending-admin",
    meaning = "The message fails DMARC, and the domain in its From header asks for such mail to be rejected.",
    fix = "Set up DKIM signing in the From domain's own name at every service that sends for it, and align SPF. " ..
      "DMARC aggregate reports show which source fails.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-banned-sender",
    text = "Access denied, banned sender",
    code = "550",
    enhanced = "5.7.511",
    commands = {"MAIL", "RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Microsoft has banned this sender, and its automatic portal does not lift such a ban.",
    fix = "Forward the whole non-delivery report to delist@microsoft.com, and say what was abused and how you " ..
      "stopped it. Watch the mailbox that you write from for their answer.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-from-header-invalid",
    text = "must be RFC 5322 section 3.6.2 compliant",
    code = "550",
    enhanced = "5.7.512",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "content-malformed", retry = "no", acts = "sending-admin",
    meaning = "The From header is missing, empty or badly formed, and Microsoft 365 refuses such mail.",
    fix = "Save the message and look at its From line: it needs one address with a domain, as in Name " ..
      "<user@example.org>. Correct the script or program that writes it.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-customer-block-list",
    text = "using Customer Block list",
    code_guess = "550",
    enhanced = "5.7.513",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The recipient's own organisation has blocked this sending IP address. Microsoft's general list is " ..
      "not involved.",
    fix = "Ask the recipient's admin to remove the IP address from the IP Block List of the connection filter " ..
      "policy in Microsoft Defender. Microsoft will not delist it for you.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-bulk-authentication",
    text = "5.7.515 Access denied",
    code = "550",
    enhanced = "5.7.515",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "mail-unauthenticated", retry = "no", acts = "sending-admin",
    meaning = "A domain that sends much mail to Outlook.com, Hotmail and Live must pass SPF, DKIM and DMARC, and " ..
      "this mail did not.",
    fix = "Publish SPF and DKIM, let both pass, and add a DMARC record with at least p=none that aligns with one of " ..
      "them. Headers of a test message to Outlook.com show what fails.",
    source = "KumoCorp/kumomta: assets/community/bounces.toml",
    notes = {
      "The rule came in May 2025 for domains with some 5,000 or more messages a day to Microsoft's consumer mailboxes.",
    },
  },
  {
    id = "microsoft365-banned-sending-ip",
    text = "Access denied, banned sending IP",
    code = "550",
    enhanced = "5.7.606",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Microsoft has put the sending IP address on its blocked list after spam or suspicious traffic. All " ..
      "Microsoft 365 tenants refuse it.",
    fix = "Stop the abuse first, then ask for delisting at https://sender.office.com with the IP address from the " ..
      "text. It may take a day or so until mail flows.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "The enhanced code runs from 5.7.606 to 5.7.649; all of them mean the same.",
    },
  },
  {
    id = "microsoft365-tenant-threshold",
    text = "Access denied, tenant has exceeded threshold",
    code_guess = "550",
    enhanced = "5.7.705",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sending-quota-exceeded", retry = "no", acts = "sender",
    meaning = "Microsoft has stopped all outgoing mail of this tenant because much of it looked like spam. Users " ..
      "cannot send until the ban is lifted.",
    fix = "As the tenant's admin, look in the Defender portal for hacked users, connectors and forwarding rules, " ..
      "and secure them. Then have Microsoft support lift the ban.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-traffic-not-accepted",
    text = "Access denied, traffic not accepted from this IP",
    code_guess = "550",
    enhanced = "5.7.708",
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sender",
    meaning = "Microsoft 365 does not let this tenant send from such an IP address. New or trial tenants and " ..
      "regions of low trust are affected most.",
    fix = "Ask Microsoft support to lift the restriction, with the headers of a refused message. Use a paid " ..
      "subscription and your own verified domain, and secure any account that was abused.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-unregistered-domains",
    text = "Client blocked from sending from unregistered domains",
    code_guess = "550",
    enhanced = "5.7.750",
    commands = {"MAIL", "end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "sender-not-permitted", retry = "no", acts = "sender",
    meaning = "Too much mail leaves the tenant with sender domains that are not registered in it, so that mail is " ..
      "blocked.",
    fix = "Add and verify each sender domain in the Microsoft 365 admin centre. Check connectors and on-premises " ..
      "servers for abuse, then let Microsoft support lift the block.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "outlook-no-mail-subscription",
    text = "hosted tenant which has no mail-enabled subscriptions",
    code_guess = "451",
    enhanced = "4.4.4",
    commands = {"RCPT"},
    provider = "Outlook.com",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "The recipient's domain points at a Microsoft tenant that has no mail licence, so nobody there can " ..
      "receive.",
    fix = "Tell the recipient's admin, by another channel, to assign Exchange Online licences, or to correct the MX " ..
      "records if their mail lives elsewhere.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Microsoft.pm; https://learn.microsoft.com/en-us/exchange/" ..
      "mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
  },
  {
    id = "outlook-server-busy",
    text = "server busy. please try again later from",
    code = "451",
    enhanced = "4.7.500",
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Outlook.com",
    names_provider = true,
    cause = "server-busy", retry = "yes", acts = "sending-admin",
    meaning = "Outlook.com puts this IP address off for now. In spite of the wording, it is mostly the sender who " ..
      "is throttled, not the server that is overloaded.",
    fix = "Leave the mail queued, use fewer connections, and look for a burst or spam in your own log. Ask at " ..
      "https://sender.office.com if it lasts over a day.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Microsoft.pm; https://learn.microsoft.com/en-us/exchange/" ..
      "mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
  },
  {
    id = "outlook-rate-limited-reputation",
    text = "has been temporarily rate limited due to ip reputation",
    code = "451",
    enhanced = "4.7.650",
    commands = {"MAIL"},
    provider = "Outlook.com",
    names_provider = true,
    cause = "reputation", retry = "yes", acts = "sending-admin",
    meaning = "Outlook.com lets only a little mail through from this IP address, because it does not know or trust " ..
      "it yet.",
    fix = "Keep the rate low and raise it week by week. Join SNDS and the JMRP feedback loop to see complaints, and " ..
      "ask for help at https://olcsupport.office.com if it does not ease.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Microsoft.pm; https://learn.microsoft.com/en-us/exchange/" ..
      "mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
    notes = {
      "New IP addresses meet this in their first days, even with clean mail.",
    },
  },
  {
    id = "outlook-pfa-agent-busy",
    text = "pfa agent busy, please try again.",
    code = "451",
    enhanced = "4.7.700",
    commands = {"end-of-data"},
    provider = "Outlook.com",
    names_provider = true,
    cause = "server-busy", retry = "yes", acts = "receiving-admin",
    meaning = "A filter inside Microsoft's service was too busy to check the message.",
    fix = "Do nothing but let the queue retry; it mostly passes within the hour. For a delay of many hours, look at " ..
      "Microsoft's service health page.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Microsoft.pm; https://learn.microsoft.com/en-us/exchange/" ..
      "mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
  },
  {
    id = "outlook-block-list-s3150",
    text = "part of their network is on our block list (S3150)",
    code = "550",
    enhanced = "5.7.1",
    commands = {"MAIL"},
    provider = "Outlook.com",
    names_provider = true,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "Outlook.com blocks the IP address of the sender, or a range around it, after spam from there.",
    fix = "Check the address in Microsoft SNDS, stop the source of the spam, and open a ticket at " ..
      "https://olcsupport.office.com. Where a neighbour in the range is to blame, get the hosting company to act.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Microsoft.pm; https://learn.microsoft.com/en-us/exchange/" ..
      "mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online",
  },
}
