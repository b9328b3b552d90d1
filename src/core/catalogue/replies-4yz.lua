-- Reply codes 400 to 499: temporary refusals, with the web-list and private codes among them.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "403",
    name = "Server failed Sendmail's TLS checks",
    meaning = "Sendmail, as the sending side, did not trust the TLS of the server it met and holds the mail back.",
    when = "Queue listings, logs and bounces that Sendmail writes itself. It never crosses the wire.",
    fix = "Look for TLS_Srv and TLS_Rcpt rules in the access map of the sending host, then check the server's " ..
      "certificate: name, chain, expiry. Ask its admin to mend it, or relax the rule for that host.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"STARTTLS"},
    enhanced = {"4.7.0"},
    status = "nonstandard",
    see_also = {"454", "421"},
    notes = {
      "The remote server said nothing of the kind, so do not look for a 403 in its log.",
    },
  },
  {
    code = "420",
    name = "Timeout in web lists",
    meaning = "Web lists read it as a connection that timed out; no RFC defines it.",
    when = "Mostly a message of a local client or relay, and not the remote server's reply.",
    fix = "Look at the log of your own relay for the real error, and test the way there: ehlo probe to the MX, port " ..
      "25 open, no firewall that drops packets.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.2.0"},
    status = "nonstandard",
    see_also = {"421", "441", "442"},
    notes = {
      "The standard reply for a timeout is 421 4.4.2.",
      "Looks like 4.2.0 with its dots removed; that pair is inferred.",
    },
  },
  {
    code = "421",
    name = "Service not available, closing channel",
    meaning = "The server cannot serve this connection now and hangs up: it is busy, restarting, timed out or " ..
      "throttling you.",
    when = "The greeting or any command. Postfix says it for connection limits, errors and idle clients; Gmail, " ..
      "Yahoo and iCloud for rates, reputation, missing PTR records and unsigned mail.",
    fix = "Keep the mail queued, let the client try the next MX, and wait. If the text names a rate, open fewer " ..
      "connections (Postfix: smtp_destination_concurrency_limit, smtp_destination_rate_delay). If it names " ..
      "reputation, PTR, SPF or DKIM, mend that.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"greeting", "any"},
    enhanced = {"4.7.0", "4.3.2", "4.4.2", "4.7.28", "4.7.1", "4.7.23", "4.7.32", "4.3.0", "4.4.5"},
    standards = {{rfc = 5321, section = "3.8, 4.2.3, 4.3.2"}, {rfc = 6647, section = "5"}},
    status = "standard",
    see_also = {"450", "451", "521", "554"},
    notes = {
      "Read the pair: 4.4.2 is a timeout or a lost connection, 4.3.2 a server that is busy or going down, 4.7.x a " ..
        "judgement about you.",
      "Google uses 4.7.28 for rates and 4.7.23 for PTR faults; the registry meaning of 23 is failed SPF.",
      "Yahoo's 421 4.7.0 with a [TSS04] tag means complaints or odd volume: less and better mail helps, faster " ..
        "retries harm.",
      "For greylisting RFC 6647 finds only two codes reasonable: 421 to end the session, else 450.",
      "The pair with 4.4.5 is inferred.",
    },
  },
  {
    code = "422",
    name = "Password change, or mailbox full",
    meaning = "Two meanings compete: a password transition in the registry, a full mailbox in web lists. No RFC " ..
      "defines it.",
    when = "Seldom a reply of a real server; sometimes a report of the sender's own software.",
    fix = "Go by the pair or the text. With 4.7.12 log in once with PLAIN over TLS, as for 432. With 4.2.2 ask the " ..
      "recipient, by other means, to clear the mailbox.",
    retry = "unclear",
    acts = "recipient",
    commands = {"AUTH", "any"},
    enhanced = {"4.7.12", "4.2.2"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"432", "452", "552"},
    notes = {
      "RFC 5248 pairs 422 with X.7.12 in its table, where RFC 4954 has 432. The two readings of 422 have nothing in " ..
        "common.",
      "The standard replies for a full mailbox are 452 4.2.2 and 552 5.2.2.",
    },
  },
  {
    code = "424",
    name = "OpenSMTPD cannot expand a list for now",
    meaning = "The server could not work out the members of a list, alias or forward file at this moment.",
    when = "OpenSMTPD, when it expands the recipient and a table or a .forward file cannot be read.",
    fix = "Let the queue retry. On the OpenSMTPD host read the mail log, and check the alias tables and the rights " ..
      "of the user's .forward file.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"RCPT"},
    enhanced = {"4.2.4"},
    status = "nonstandard",
    see_also = {"524", "450", "451"},
    notes = {
      "524 5.2.4 is its permanent sister in OpenSMTPD; elsewhere 524 has other meanings.",
    },
  },
  {
    code = "430",
    name = "Invalid command, registry only",
    meaning = "The registry sets it beside X.5.1, an invalid command; no RFC gives it a meaning of its own.",
    when = "Hardly ever: servers say 500, 502 or 503 to a bad command.",
    fix = "Read the text and the pair. Compare the session log with what EHLO offered, and find the command that " ..
      "the server did not like.",
    retry = "unclear",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.5.1"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"500", "503", "432"},
  },
  {
    code = "431",
    name = "Out of disk or memory in web lists",
    meaning = "Web lists read it as a receiving host that has run out of disk or memory.",
    when = "Lists from the days of old Exchange servers. A server of today says 452 4.3.1.",
    fix = "Leave the mail queued. If you run the receiving host, free space on the queue volume and look at its " ..
      "memory; Exchange calls this back pressure and logs it.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"any"},
    enhanced = {"4.3.1"},
    status = "nonstandard",
    see_also = {"452", "451", "552"},
    notes = {
      "One web source states that 431 is 4.3.1 with its dots removed.",
    },
  },
  {
    code = "432",
    name = "Password transition needed",
    meaning = "The account must log in once with its plain password, so that the server can store what the wanted " ..
      "mechanism needs.",
    when = "AUTH, after a change of the password store. In bounces from Exchange, 432 4.3.2 is another story: too " ..
      "many mails at once for one mailbox.",
    fix = "In AUTH, log in once with PLAIN over TLS, then go back to the usual mechanism. With 4.3.2, send that " ..
      "mailbox fewer mails at a time and let the queue retry.",
    retry = "yes",
    acts = "sender",
    commands = {"AUTH", "end-of-data"},
    enhanced = {"4.7.12", "4.3.2"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"422", "454", "534", "421"},
    notes = {
      "Three readings compete: password transition (RFC 4954), the recipient thread limit of Exchange (432 4.3.2), " ..
        "and an incoming queue that was stopped (web lists). The pair or the text decides.",
      "One web source reads 432 as 4.3.2 with its dots removed.",
      "A plain password without TLS can be read on the way: refuse to send it.",
    },
  },
  {
    code = "435",
    name = "Exim cannot check the login for now",
    meaning = "The server could not check the login now, so it neither accepts nor refuses the password.",
    when = "Exim, when the look-up behind its authenticator fails: a database, an LDAP server or a socket that does " ..
      "not answer.",
    fix = "Try again in some minutes, and do not change the password. The Exim admin finds the failed look-up in " ..
      "the main log and mends the service behind it.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"AUTH"},
    status = "nonstandard",
    see_also = {"454", "535", "432"},
    notes = {
      "The standard reply for this is 454 4.7.0.",
    },
  },
  {
    code = "441",
    name = "No answer from host in web lists",
    meaning = "Web lists read it as a recipient's host that did not answer.",
    when = "Reports of your own relay after connections that failed; no remote server can have said it.",
    fix = "Check the MX records of the domain, then whether port 25 of each host is reachable from your relay. Many " ..
      "hosting networks block outgoing port 25: ask yours.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.4.1"},
    status = "nonstandard",
    see_also = {"442", "447", "421"},
    notes = {
      "One web source states that 441 is 4.4.1 with its dots removed.",
      "Its pair 4.4.1 tells the whole story: nothing answered at that address.",
    },
  },
  {
    code = "442",
    name = "Connection dropped in web lists",
    meaning = "Web lists read it as a connection that broke in the middle of the session.",
    when = "Reports of the sending relay. OpenSMTPD writes 442 in its own bounces for input and output errors.",
    fix = "Let the queue retry. If it recurs at one destination, look for timeouts in the relay's log, and for a " ..
      "firewall or an MTU fault that cuts long sessions.",
    retry = "yes",
    acts = "network",
    commands = {"any"},
    enhanced = {"4.4.2"},
    status = "nonstandard",
    see_also = {"441", "421", "447"},
    notes = {
      "One web source states that 442 is 4.4.2 with its dots removed.",
      "A remote server that hangs up in good order says 421 4.4.2.",
    },
  },
  {
    code = "446",
    name = "Too many hops in web lists",
    meaning = "Web lists read it as a message that passed through too many hosts, most likely in a loop.",
    when = "Two forwards that point at each other, or an MX record that leads to a host which does not know the " ..
      "domain as its own.",
    fix = "Read the Received lines of the bounce and find the pair of hosts that repeats. Break the loop there: " ..
      "remove a forward, or list the domain as local on the host its MX names.",
    retry = "no",
    acts = "receiving-admin",
    commands = {"any"},
    enhanced = {"4.4.6"},
    status = "nonstandard",
    see_also = {"554", "447"},
    notes = {
      "One web source states that 446 is 4.4.6 with its dots removed.",
      "A loop does not heal by waiting, whatever the first digit says; the standard form is 554 5.4.6.",
    },
  },
  {
    code = "447",
    name = "Delivery time ran out in web lists",
    meaning = "Web lists read it as a message that waited in the queue until its time was up.",
    when = "A bounce from the sending relay, after days of tries at a slow, dead or unwilling destination.",
    fix = "Look in the relay's log for the temporary errors that came before: they hold the cause. Mend it or wait " ..
      "until the destination answers, then send again.",
    retry = "unclear",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.4.7"},
    status = "nonstandard",
    see_also = {"441", "421", "450"},
    notes = {
      "Looks like 4.4.7 with its dots removed; that pair is inferred.",
      "Classes get mixed here: Microsoft documents 550 4.4.7 for an expired message. Trust the first digit of the " ..
        "reply code for what to do.",
    },
  },
  {
    code = "449",
    name = "Routing error in web lists",
    meaning = "Web lists read it as a routing fault in the style of old Exchange servers.",
    when = "Connectors or routing groups of the sending organisation that lead nowhere.",
    fix = "On the server that wrote the report, check the send connectors, their address spaces and smart hosts, " ..
      "and the DNS servers it asks.",
    retry = "unclear",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.4.9"},
    status = "nonstandard",
    see_also = {"441", "447"},
    notes = {
      "Looks like 4.4.9 with its dots removed; that pair is inferred.",
      "X.4.9 is not in the registry.",
    },
  },
  {
    code = "450",
    name = "Mailbox unavailable for now",
    meaning = "Not taken at this moment: the mailbox is busy, or a policy such as greylisting asks you to come back.",
    when = "Mostly greylisting. Postfix, where such checks are on, says it for a missing PTR record, a HELO name or " ..
      "sender domain that does not resolve, or an address still being verified; Gmail says it for a mailbox that " ..
      "gets too much mail.",
    fix = "Let the queue retry from the same IP address. If it lasts for hours, read the text: mend PTR, HELO name " ..
      "or sender domain where named, else ask the receiving postmaster.",
    retry = "yes",
    acts = "nobody",
    commands = {"RCPT", "MAIL", "end-of-data", "EHLO", "HELO", "ATRN"},
    enhanced = {
      "4.7.1", "4.2.0", "4.1.1", "4.7.25", "4.1.8", "4.2.1", "4.7.0", "4.4.4", "4.3.2", "4.1.2", "4.2.4", "4.7.15",
    },
    standards = {
      {rfc = 5321, section = "4.2.3, 4.3.2"},
      {rfc = 6647, section = "5"},
      {rfc = 6710, section = "4.1"},
      {rfc = 2645, section = "5.2.1, 7"},
    },
    status = "standard",
    see_also = {"421", "451", "452", "550"},
    notes = {
      "RFC 5321 section 4.3.2 allows 450 after DATA for policy; RFC 821 and RFC 2821 did not.",
      "RFC 3463 wants X.7.1 as a permanent code only, yet greylisting uses 450 4.7.1 and 451 4.7.1 everywhere.",
      "A 450 can cover a lasting fault: Postfix keeps saying it for an unknown PTR, or for an address it knows to " ..
        "be bad, until the queue gives up.",
      "To ATRN it refuses the request, for instance because the last one was too recent.",
      "With 4.7.15 the priority of the message is below what the server takes at present (MT-PRIORITY).",
    },
  },
  {
    code = "451",
    name = "Local error in processing",
    meaning = "The server met an error of its own while it handled the mail, or delays you under that name.",
    when = "Dead databases, failed DNS look-ups, a full queue disk, a broken milter, a temporary SPF error. rspamd " ..
      "greylists with 451 4.7.1; Outlook.com and Microsoft 365 throttle with 4.7.500 and 4.7.650.",
    fix = "Let the queue retry. If it lasts, tell the receiving postmaster the time and the text, since only their " ..
      "log has the reason. If the text names SPF, DNS or reputation, check your own records first.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"RCPT", "MAIL", "DATA", "end-of-data", "BURL", "ATRN"},
    enhanced = {
      "4.7.1", "4.3.0", "4.7.500", "4.4.3", "4.7.650", "4.3.5", "4.3.2", "4.1.8", "4.4.1", "4.7.24", "4.7.26", "4.4.4",
      "4.4.5", "4.1.1", "4.5.3", "4.7.700",
    },
    standards = {
      {rfc = 5321, section = "4.2.2, 4.2.3, 4.3.2"},
      {rfc = 7208, section = "8.6"},
      {rfc = 7372, section = "3.2"},
      {rfc = 2645, section = "5.2.1, 7"},
    },
    status = "standard",
    see_also = {"421", "450", "452", "554"},
    notes = {
      "RFC 5321 words it in two ways: section 4.2.2 has error in processing, section 4.2.3 local error in processing.",
      "RFC 3463 wants X.7.1 as a permanent code only; greylisting uses 451 4.7.1 all the same.",
      "451 with bare LF in the text, or a link to smtplf.html, means that your software ends lines without CR: " ..
        "waiting does not help.",
      "Classes get mixed: Exchange Server says 451 5.7.3 where a connector cannot log in. Retry by the first digit, " ..
        "but mend the login.",
      "Mimecast says 451 to lasting refusals too, such as open relay not allowed: go by its text.",
      "The registry pairs X.5.3, too many recipients, with 451; practice has 452 4.5.3, but OpenSMTPD says 451.",
    },
  },
  {
    code = "452",
    name = "No room, or too many recipients",
    meaning = "The server has no room at the moment; to RCPT it may also say that this transaction has enough " ..
      "recipients.",
    when = "A full queue disk, a mailbox over quota at Gmail, memory pressure at Exchange, or a long recipient " ..
      "list. A server must take at least 100 recipients.",
    fix = "After a RCPT with 4.5.3 send to those accepted, then the rest in a new transaction. With 4.2.2 tell the " ..
      "recipient that the mailbox is full. With 4.3.1 let the queue retry: the receiver must free disk or memory.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"MAIL", "RCPT", "end-of-data"},
    enhanced = {"4.5.3", "4.2.2", "4.3.1", "4.4.5", "4.3.2", "4.2.4"},
    standards = {{rfc = 5321, section = "4.2.3, 4.3.2, 4.5.3.1.8, 4.5.3.1.10"}, {rfc = 1870, section = "6.1"}},
    status = "standard",
    see_also = {"552", "450", "451", "422"},
    notes = {
      "Tell 452 and 552 apart by their pairs: 4.2.2 and 5.2.2 mean that one mailbox is full, 4.3.1 that the " ..
        "server's own disk is, 5.3.4 that the message is too big, 4.5.3 that it has too many recipients.",
      "RFC 821 used 552 for too many recipients. RFC 5321 section 4.5.3.1.10 wants 452, and a 552 for that reason " ..
        "counts as 452.",
      "The registry pairs X.5.3 with 451; practice, Postfix included, has 452 4.5.3.",
      "Sendmail gives 452 4.3.2 for connection rates and numbers: slow down, and do not look for a full disk.",
    },
  },
  {
    code = "453",
    name = "You have no mail",
    meaning = "Nothing is waiting for the domains that were asked for.",
    when = "On-demand mail relay, port 366, in answer to ATRN after a login.",
    fix = "Nothing to repair: ask again at the next planned time. If mail ought to be there, check that the MX of " ..
      "the domain points to this provider.",
    retry = "no",
    acts = "nobody",
    commands = {"ATRN"},
    enhanced = {"4.3.2"},
    standards = {{rfc = 2645, section = "5.2.1, 7"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"450", "451", "250"},
    notes = {
      "A provider may say 250 instead, turn the connection round, and send QUIT at once.",
      "The registry pairs 453 with X.3.2, system not accepting network messages, which reads oddly here.",
    },
  },
  {
    code = "454",
    name = "TLS or login unavailable for now",
    meaning = "The server cannot start TLS (after STARTTLS) or check a login (after AUTH) at present.",
    when = "A key or certificate that the server cannot read, a dead password service, or at Gmail too many logins. " ..
      "To RCPT, Postfix says 454 4.7.1 for relaying that it does not allow.",
    fix = "After STARTTLS retry later, and do not fall back to plain text where TLS is required. After AUTH keep " ..
      "the password. On the server, read the log for the key file or the password service that failed.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"STARTTLS", "AUTH", "RCPT"},
    enhanced = {"4.7.0", "4.7.1", "4.3.0", "4.5.0"},
    standards = {{rfc = 3207, section = "4"}, {rfc = 4954, section = "4, 6"}},
    status = "standard",
    see_also = {"435", "530", "535", "554"},
    notes = {
      "454 4.7.1 Relay access denied is Postfix's defer_unauth_destination: log in, or send to the domain's true " ..
        "MX. Waiting does not help.",
      "An attacker on the way can forge a 454 to STARTTLS so that mail goes in plain text. DANE and MTA-STS are the " ..
        "cure.",
      "Gmail's 454 4.7.0, too many login attempts, is a limit on logins: use fewer, longer sessions.",
    },
  },
  {
    code = "455",
    name = "Cannot accommodate parameters now",
    meaning = "The server knows the parameter of MAIL or RCPT, but cannot honour it at the moment.",
    when = "Rare. The textbook case is a DELIVERBY time that the server cannot meet just now.",
    fix = "Let the queue retry, or send without the parameter if the mail can do without it. The log shows which " ..
      "one the client added.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"MAIL", "RCPT"},
    enhanced = {"4.5.4", "4.3.3"},
    standards = {
      {rfc = 5321, section = "4.1.1.11, 4.2.3, 4.3.2"},
      {rfc = 1869, section = "6.1"},
      {rfc = 2852, section = "4"},
    },
    status = "standard",
    see_also = {"555", "452", "504"},
    notes = {
      "555 is its permanent sister: the parameter is unknown, or will never be honoured.",
      "Both pairs are inferred.",
    },
  },
  {
    code = "456",
    name = "Retry over IPv4, expired draft",
    meaning = "An expired draft used it to ask the client to come back over IPv4, since the mail passed neither SPF " ..
      "nor DKIM.",
    when = "Hardly anywhere: draft-martin-smtp-ipv6-to-ipv4-fallback never became an RFC.",
    fix = "Sign the mail with DKIM and list the IPv6 addresses of your relay in SPF. Until that works, send to this " ..
      "host over IPv4 (inet_protocols or smtp_address_preference in Postfix).",
    retry = "yes",
    acts = "sending-admin",
    commands = {"any"},
    status = "nonstandard",
    see_also = {"421", "450"},
  },
  {
    code = "458",
    name = "Unable to queue messages for node",
    meaning = "The server could not start the delivery that ETRN asked for.",
    when = "ETRN only. Exim and Sendmail say it when they cannot start a process, and Exim also when a run for that " ..
      "host is under way.",
    fix = "Ask again some minutes later. If it goes on, let the provider's admin look at load and process limits in " ..
      "the server's log.",
    retry = "yes",
    acts = "receiving-admin",
    commands = {"ETRN"},
    enhanced = {"4.5.0"},
    standards = {{rfc = 1985, section = "5.2"}},
    status = "standard",
    see_also = {"459", "250", "253"},
  },
  {
    code = "459",
    name = "Node not allowed",
    meaning = "This client may not start delivery for the domain that it named in ETRN.",
    when = "ETRN for a domain that the server does not list for this service, or from an address it does not trust.",
    fix = "Ask the provider to allow ETRN for the domain. On Postfix that means fast_flush_domains and " ..
      "smtpd_etrn_restrictions; on Exim, acl_smtp_etrn.",
    retry = "unclear",
    acts = "receiving-admin",
    commands = {"ETRN"},
    enhanced = {"4.5.0", "4.7.1"},
    standards = {{rfc = 1985, section = "5.2"}},
    status = "standard",
    see_also = {"458", "250", "550"},
    notes = {
      "The first digit says temporary, yet nothing changes until the provider changes the settings.",
      "The pair with 4.7.1 is inferred.",
    },
  },
  {
    code = "471",
    name = "Local filter error in web lists",
    meaning = "Web lists read it as mail that the sender's own server or filter has stopped.",
    when = "A milter, virus scanner or anti-spam product on the sending relay that failed or said no.",
    fix = "Read the log of your own relay around that time, and look whether its filter runs, is up to date and has " ..
      "room. The queue retries by itself once it does.",
    retry = "yes",
    acts = "sending-admin",
    commands = {"any"},
    enhanced = {"4.7.1"},
    status = "nonstandard",
    see_also = {"451", "571"},
    notes = {
      "Looks like 4.7.1 with its dots removed; that pair is inferred.",
    },
  },
  {
    code = "498",
    name = "No MX for domain, local code",
    meaning = "The sending system found no MX record for the recipient's domain; no RFC defines the code.",
    when = "Bounce logs of bulk senders; the bounce rules of KumoMTA know it. No remote server says it.",
    fix = "Check the spelling of the domain, then ask for its MX and address records. If they exist, look at the " ..
      "resolver of the sending host.",
    retry = "unclear",
    acts = "sender",
    commands = {"any"},
    status = "nonstandard",
    see_also = {"512", "441", "556"},
  },
}
