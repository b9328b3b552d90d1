-- What Microsoft says of recipients, routes and messages: Microsoft 365, then Exchange Server.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "microsoft365-recipient-thread-limit",
    text = "recipient thread limit exceeded",
    code = "432",
    enhanced = "4.3.2",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "recipient-rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "Exchange is already writing as many messages into this one mailbox as it permits at a time.",
    fix = "Let the queue retry. If the delay lasts, slow whatever system floods this mailbox, often a journal or " ..
      "alarm address, or spread it over several.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "In RFC 4954 the reply 432 concerns a password transition; this is a different use.",
    },
  },
  {
    id = "microsoft365-connection-refused-10061",
    text = "Connection refused [Message=Socket error code 10061]",
    code_guess = "450",
    enhanced = "4.4.316",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "connection-failed", retry = "yes", acts = "receiving-admin",
    meaning = "The host that Microsoft 365 wants to pass the mail to refuses connections on port 25. Mail waits in " ..
      "the cloud meanwhile.",
    fix = "On that host, start the mail service, and open port 25 in the firewall to Exchange Online's address " ..
      "ranges. Then check the smart host name in the outbound connector.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-message-expired",
    text = "Message expired",
    code = "550",
    enhanced = "4.4.7",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "delivery-expired", retry = "no", acts = "sending-admin",
    meaning = "Microsoft 365 tried for a day or more to hand the message on, then gave up. The cause is in the last " ..
      "error that the report quotes.",
    fix = "Run a message trace and read the detail of the last attempt: it names the host and what it said. Mend " ..
      "the connector, MX record or firewall that it points to, and send again.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "Microsoft reports the same under 5.4.300.",
      "The 4.4.7 beside a 550 is a temporary code in a final report: no more attempts follow.",
    },
  },
  {
    id = "microsoft365-recipient-not-found",
    text = "Recipient not found",
    code = "550",
    enhanced = "5.1.10",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = false,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The directory of the receiving organisation holds no such address.",
    fix = "Correct the address or take it off the list. In Microsoft 365, their admin can check with Get-Recipient " ..
      "whether it was deleted, renamed or never synced.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "Other servers say the same, so the words alone do not prove Microsoft 365.",
    },
  },
  {
    id = "microsoft365-recipient-hourly-limit",
    text = "Recipient's per hour message receive limit exceeded",
    code_guess = "550",
    enhanced = "5.2.122",
    commands = {"RCPT", "end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "recipient-rate-limited", retry = "no", acts = "sending-admin",
    meaning = "This one mailbox has received as much mail as Exchange Online allows in an hour, and more is refused.",
    fix = "Find out from the log what floods the mailbox, such as an alarm or a loop, and stop it. Send the message " ..
      "again an hour later, and keep the address.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-access-denied-recipient",
    text = "Recipient address rejected: Access denied",
    code = "550",
    enhanced = "5.4.1",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "Microsoft 365 knows no such recipient in the domain and refuses it at the edge. The words Access " ..
      "denied are misleading: nothing is held against the sender.",
    fix = "Check the spelling and ask the person for the right address. If it does exist, their admin must sync it " ..
      "to Entra ID, or set the accepted domain to InternalRelay while mailboxes live elsewhere.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-relay-access-denied",
    text = "Relay Access Denied",
    code = "550",
    enhanced = "5.4.1",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = false,
    cause = "relay-denied", retry = "no", acts = "receiving-admin",
    meaning = "The MX records lead to a host where the domain is not set up (in Microsoft 365, as an accepted domain).",
    fix = "Tell the recipient's admin to add and verify the domain (in Microsoft 365, in the admin centre), or to " ..
      "point the MX records at the right host.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
    notes = {
      "Postfix and others use the same words; from your own relay they mean that the client has to log in.",
    },
  },
  {
    id = "microsoft365-invalid-characters",
    text = "Invalid characters",
    code = "550",
    enhanced = "5.6.11",
    commands = {"end-of-data"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sender",
    meaning = "The message holds line feeds without carriage returns, which SMTP forbids and the next server does " ..
      "not take.",
    fix = "Have the program write CRLF at each line end. Scripts on Unix, and old libraries, are the common " ..
      "culprits; sending as plain text from a current mail client works meanwhile.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-not-allowed-sender",
    text = "Sender not in allowed-senders list",
    code_guess = "550",
    enhanced = "5.7.124",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "recipient-restricted", retry = "no", acts = "receiving-admin",
    meaning = "The group accepts mail only from senders on its list, and you are not on it.",
    fix = "Ask the group's owner to add your address under delivery management " ..
      "(AcceptMessagesOnlyFromSendersOrMembers).",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-group-internal-only",
    text = "Sender not authenticated for group",
    code_guess = "550",
    enhanced = "5.7.133",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "recipient-restricted", retry = "no", acts = "receiving-admin",
    meaning = "The group takes mail from inside its organisation only, and this sender counts as an outsider.",
    fix = "Ask the group's owner or admin to allow senders from outside, which is " ..
      "RequireSenderAuthenticationEnabled $false on the group. Meanwhile write to its members directly.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-mailbox-internal-only",
    text = "Sender was not authenticated for mailbox",
    code_guess = "550",
    enhanced = "5.7.134",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "recipient-restricted", retry = "no", acts = "receiving-admin",
    meaning = "The mailbox is closed to senders from outside its organisation.",
    fix = "Ask their admin to clear RequireSenderAuthenticationEnabled on this mailbox, or reach the person some " ..
      "other way. Keep the address on the list.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-no-ipv6",
    text = "does not accept email over IPv6",
    code_guess = "550",
    enhanced = "5.7.510",
    commands = {"RCPT"},
    provider = "Microsoft 365",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The recipient's organisation has not opened its Microsoft 365 tenant to IPv6, and this mail came " ..
      "over it.",
    fix = "Send to this domain over IPv4, in Postfix with smtp_address_preference = ipv4. Their admin can admit " ..
      "IPv6 with Enable-IPv6ForAcceptedDomain.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "microsoft365-routing-loop",
    text = "Routing loop detected",
    code_guess = "554",
    enhanced = "5.4.14",
    provider = "Microsoft 365",
    names_provider = true,
    cause = "mail-loop", retry = "no", acts = "receiving-admin",
    meaning = "The message came back to Microsoft 365 so many times, about 20, that the service stopped it.",
    fix = "Check that the MX records lead to the right host, and that no connector or InternalRelay domain hands " ..
      "mail for unknown users back and forth. A full directory sync with type Authoritative ends most loops.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-in-exchange-online.md",
  },
  {
    id = "exchange-service-not-available",
    text = "Service not available",
    code_guess = "421",
    enhanced = "4.3.2",
    commands = {"greeting"},
    provider = "Exchange Server",
    names_provider = false,
    cause = "server-busy", retry = "yes", acts = "receiving-admin",
    meaning = "The server takes no mail at this moment: it restarts, is under maintenance, or has no more room for " ..
      "sessions.",
    fix = "Wait: mail servers try again by themselves. Where it lasts, its admin sees whether the service runs; on " ..
      "Exchange, Get-ServerComponentState shows what maintenance left inactive, and Set-ServerComponentState -State " ..
      "Active brings it back.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
    notes = {
      "Nearly every server closes with these words of RFC 5321, so they do not prove Exchange.",
    },
  },
  {
    id = "exchange-server-authentication",
    text = "Cannot achieve Exchange Server authentication",
    code_guess = "451",
    enhanced = "5.7.3",
    commands = {"MAIL"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "login-failed", retry = "no", acts = "sending-admin",
    meaning = "Two Exchange servers could not authenticate to each other, so mail between them waits.",
    fix = "Check that ExchangeServer authentication is on for the default receive connector and that both clocks " ..
      "agree. Turn off SMTP inspection on any firewall in between, since it hides X-ANONYMOUSTLS and X-EXPS.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-insufficient-resources",
    text = "Insufficient system resources",
    code_guess = "452",
    enhanced = "4.3.1",
    commands = {"MAIL", "end-of-data"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "storage-full", retry = "yes", acts = "receiving-admin",
    meaning = "The Exchange server is under back pressure: disk or memory has run low, so it takes no mail until " ..
      "that eases. Sending servers keep their mail queued.",
    fix = "On the server, free space on the drive with the mail queue database, and look for MSExchangeTransport " ..
      "events 15004 to 15007. Mail flows again by itself afterwards.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-send-hello-first",
    text = "Send hello first",
    code_guess = "503",
    enhanced = "5.5.2",
    commands = {"MAIL", "AUTH"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client sent another command before EHLO or HELO. Nothing else is taken until the client has " ..
      "named itself.",
    fix = "Make the program send EHLO right after connecting, and once more after STARTTLS. Device makers often " ..
      "mend this fault in a newer firmware.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-client-not-authenticated",
    text = "Client was not authenticated",
    code_guess = "530",
    enhanced = "5.7.1",
    commands = {"MAIL"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "login-required", retry = "no", acts = "sender",
    meaning = "The receive connector takes mail only from clients that have logged in, and this one had not.",
    fix = "Set user name, password and TLS in the mail program, mostly on port 587. If the connector should face " ..
      "the Internet, the admin adds AnonymousUsers to its PermissionGroups.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-recipient-not-found",
    text = "RESOLVER.ADR.ExRecipNotFound; not found",
    code_guess = "550",
    enhanced = "5.1.1",
    provider = "Exchange Server",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "Exchange finds no such recipient in its directory. The address often comes from an old entry in " ..
      "Outlook's autocomplete list.",
    fix = "Delete the suggestion in Outlook and pick the person anew from the address book. After a migration, the " ..
      "admin adds the old LegacyExchangeDN to the mailbox as an X500 address.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-reserved-rfc2606",
    text = "Recipient address reserved by RFC 2606",
    code_guess = "550",
    enhanced = "5.1.4",
    commands = {"RCPT"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "domain-unknown", retry = "no", acts = "sender",
    meaning = "The recipient's domain is one kept for examples and tests, such as example.com or a name ending in " ..
      ".test or .invalid. No mail can ever be delivered there.",
    fix = "Replace the placeholder with the real address, and search scripts, forms and templates for leftover " ..
      "sample data.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
    notes = {
      "In the registry X.1.4 means an ambiguous mailbox; Exchange gives it another sense.",
    },
  },
  {
    id = "exchange-content-filter-quarantine",
    text = "Content Filter agent quarantined this message",
    code_guess = "550",
    enhanced = "5.2.1",
    commands = {"end-of-data"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "spam-content", retry = "no", acts = "receiving-admin",
    meaning = "Exchange's content filter scored the message as spam and put it in the quarantine mailbox. Nothing " ..
      "has reached the recipient.",
    fix = "Their admin opens the mailbox named by QuarantineMailbox in Get-ContentFilterConfig and uses Send Again " ..
      "on the message. Wanted senders go on the BypassedSenders list.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
    notes = {
      "In the registry 5.2.1 means a disabled mailbox; the mailbox is in order here.",
    },
  },
  {
    id = "exchange-recipient-size-limit",
    text = "RESOLVER.RST.RecipSizeLimit; message too large for this recipient",
    code_guess = "550",
    enhanced = "5.2.3",
    provider = "Exchange Server",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message exceeds the limit set for this one mailbox or group. Other recipients on the same server " ..
      "may receive it.",
    fix = "Send a smaller message or a link to the file. Their admin can raise the limit with Set-Mailbox " ..
      "-MaxReceiveSize, or the like for a group.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-unable-to-relay",
    text = "Unable to relay",
    code_guess = "550",
    enhanced = "5.7.1",
    commands = {"RCPT"},
    provider = "Exchange Server",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sending-admin",
    meaning = "Exchange takes the recipient for a foreign one and will not pass mail on for this client.",
    fix = "For a device or application, make a receive connector limited to its IP address and grant it " ..
      "Ms-Exch-SMTP-Accept-Any-Recipient. If the domain is yours, add it with New-AcceptedDomain.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-message-too-large",
    text = "Message size exceeds fixed maximum message size",
    code_guess = "552",
    enhanced = "5.3.4",
    commands = {"MAIL", "end-of-data"},
    provider = "Exchange Server",
    names_provider = false,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message is larger than the receiving server allows. The SIZE value in the EHLO answer shows the " ..
      "limit.",
    fix = "Send a link in place of the attachment, or ask their admin for a higher limit. In Exchange it is the " ..
      "smallest of MaxReceiveSize in Get-TransportConfig, the connector and the mailbox.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
    notes = {
      "Several servers share this sentence, which RFC 1870 suggests.",
    },
  },
  {
    id = "exchange-mailbox-full",
    text = "Mailbox full",
    code_guess = "554",
    enhanced = "5.2.2",
    provider = "Exchange Server",
    names_provider = false,
    cause = "mailbox-full", retry = "no", acts = "recipient",
    meaning = "The mailbox has reached its quota and takes no more mail until it is emptied.",
    fix = "Let the recipient delete mail and empty the bin, or have the admin raise the quota (in Exchange, " ..
      "ProhibitSendReceiveQuota with Set-Mailbox). Send the message again afterwards.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-nonexistent-domain",
    text = "SMTPSEND.DNS.NonExistentDomain; nonexistent domain",
    code_guess = "554",
    enhanced = "5.4.4",
    provider = "Exchange Server",
    names_provider = true,
    cause = "dns-failure", retry = "no", acts = "sending-admin",
    meaning = "The Exchange server found no such domain in DNS when it tried to send. The name may be mistyped, or " ..
      "its own resolver may be at fault.",
    fix = "Check the spelling, then query the name with Resolve-DnsName -Type MX on the Exchange server and once " ..
      "more through a public resolver. Where the two differ, mend the DNS servers that Exchange uses.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
  {
    id = "exchange-hop-count",
    text = "Hop count exceeded - possible mail loop",
    code_guess = "554",
    enhanced = "5.4.6",
    provider = "Exchange Server",
    names_provider = true,
    cause = "mail-loop", retry = "no", acts = "receiving-admin",
    meaning = "The message has passed so many servers that Exchange believes it goes round in circles.",
    fix = "Find the hosts that repeat in the Received headers. In Exchange, check accepted domains of type " ..
      "InternalRelay, the send connectors, and forwarding rules that point back.",
    source = "MicrosoftDocs/OfficeDocs-Exchange: non-delivery-reports-and-bounce-messages.md",
  },
}
