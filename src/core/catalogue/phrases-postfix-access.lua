-- Owns what Postfix says when an access check of smtpd refuses or defers a client or an address.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the sources named in each entry; the prose is our own.
return {
  {
    id = "postfix-unverified-address",
    text = "rejected: unverified address",
    code_guess = "450",
    enhanced = "4.1.1",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "greylisted", retry = "yes", acts = "receiving-admin",
    meaning = "Postfix asks another server whether the address exists, by a probe, and has no answer from it to go by.",
    fix = "Let the queue try again, since the probe usually ends within minutes. If the text stays for hours, the " ..
      "receiving administrator should search the log for the probe to that address and repair the route to the " ..
      "mailbox server.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "At 450 it may also hide an address that is already known to be bad: the text after the colon says what the " ..
        "probe was told.",
      "\"Sender address rejected: unverified address\" speaks of the sender, whose own mail server does not confirm " ..
        "it.",
    },
  },
  {
    id = "postfix-verify-unavailable",
    text = "rejected: address verification problem",
    code_guess = "450",
    enhanced = "4.1.1",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "Postfix wanted to check the address with its own verify service, and the service gave no usable answer.",
    fix = "Leave the mail in the queue. On the receiving host, search the log for postfix/verify, make sure that " ..
      "master.cf runs the service, and that the file which address_verify_map names is writable and undamaged.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-domain-not-found",
    text = "rejected: Domain not found",
    code = "450",
    enhanced = "4.1.8",
    commands = {"MAIL", "RCPT"},
    provider = "Postfix",
    names_provider = false,
    cause = "sender-domain-unknown", retry = "yes", acts = "sending-admin",
    meaning = "The domain of an envelope address has no MX and no address record, or its name servers did not " ..
      "answer the receiver.",
    fix = "See which address the text accuses. For a sender, check dig MX and dig A of the domain, its registration " ..
      "and its name servers, and stop using internal host names as sender domains. For a recipient, correct the " ..
      "domain.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "With 4.1.8 the sender's domain is meant, with 4.1.2 the recipient's.",
      "Sites that set unknown_address_reject_code to 550 refuse for good.",
    },
  },
  {
    id = "postfix-defer-rule",
    text = "rejected: Try again later",
    code = "450",
    enhanced = "4.3.2",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "server-busy", retry = "yes", acts = "sending-admin",
    meaning = "A defer rule in the receiver's restrictions matched this client or address.",
    fix = "Let the queue retry for some hours. If nothing changes, ask the postmaster of that site, whose smtpd " ..
      "restrictions hold the word defer: often a leftover of a migration.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-mx-lookup-failed",
    text = "Unable to look up mail exchanger",
    code = "450",
    enhanced = "4.4.4",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "dns-failure", retry = "yes", acts = "sending-admin",
    meaning = "Postfix asked DNS for the MX records of a domain in the envelope and got no valid answer.",
    fix = "Run dig MX DOMAIN against each of the domain's name servers and look for timeouts, SERVFAIL and a broken " ..
      "DNSSEC chain. Repair the zone; the queued mail then follows.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-no-reverse-hostname",
    text = "cannot find your reverse hostname",
    code = "450",
    enhanced = "4.7.1",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "no-ptr", retry = "yes", acts = "sending-admin",
    meaning = "The connecting address has no PTR record, and reject_unknown_reverse_client_hostname asks for one.",
    fix = "Look with dig -x ADDRESS, and have the owner of the address block (hosting firm or access provider) set " ..
      "a PTR that names your mail host. The queued mail goes out by itself once the record is visible.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The code is unknown_client_reject_code: some sites set it to 550, and then the mail bounces at once.",
    },
  },
  {
    id = "postfix-helo-host-not-found",
    text = "rejected: Host not found",
    code = "450",
    enhanced = "4.7.1",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "helo-invalid", retry = "yes", acts = "sending-admin",
    meaning = "The name that the client gave in HELO or EHLO has neither an address record nor an MX record in " ..
      "public DNS.",
    fix = "Publish an A or AAAA record for that name, or change the HELO name to one that resolves; in Postfix that " ..
      "is smtp_helo_name. Names that only your internal DNS knows do not help here.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_unknown_helo_hostname, its code unknown_hostname_reject_code, 450 unless changed.",
    },
  },
  {
    id = "postfix-service-unavailable",
    text = "Service unavailable",
    code = "450",
    enhanced = "4.7.1",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = false,
    cause = "policy", retry = "yes", acts = "receiving-admin",
    meaning = "A policy service or an access table on the receiving server asked for a delay without giving a " ..
      "reason, or gave no answer.",
    fix = "Wait for the next attempts. If it goes on, the receiving administrator should search the log for this " ..
      "client and, in Postfix, check the services that check_policy_service names in main.cf.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The default blocklist refusal opens with the same words (\"Service unavailable; Client host [...] blocked " ..
        "using\"): then the blocklist is the cause.",
    },
  },
  {
    id = "postfix-hostname-mismatch",
    text = "cannot find your hostname",
    code = "450",
    enhanced = "4.7.25",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "no-ptr", retry = "yes", acts = "sending-admin",
    meaning = "Reverse and forward DNS of the connecting address do not confirm each other: the PTR is missing, or " ..
      "its name does not lead back to the address.",
    fix = "Run dig -x ADDRESS, then look up A and AAAA of the name it gives: that answer must contain the very " ..
      "address that connects. Set the PTR at the owner of the address, the A or AAAA record in your own zone, and " ..
      "do not forget IPv6.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_unknown_client_hostname. A look-up that timed out on the receiver's side gives the " ..
        "same text, so one retry may already pass.",
    },
  },
  {
    id = "postfix-lookup-error",
    text = "Temporary lookup error",
    code = "451",
    enhanced = "4.3.0",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "A table that the receiving Postfix needs (MySQL, PostgreSQL, LDAP or a file) could not be read for " ..
      "the moment.",
    fix = "Leave the mail in the queue. On the receiving host, the warning before this reply in the log names the " ..
      "table: test it with postmap -q, and check that the database runs and its password still fits.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-configuration-error",
    text = "Server configuration error",
    code = "451",
    enhanced = "4.3.5",
    commands = {"any"},
    provider = "Postfix",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "The receiving Postfix stumbled over its own settings: a restriction that it does not know, or a " ..
      "table that it cannot open.",
    fix = "Tell the receiving postmaster by another route, with the time of the attempt. There, the warning right " ..
      "before this reply in the log names the parameter; postfix check and postconf -n show the rest.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-helo-invalid-name",
    text = "rejected: Invalid name",
    code = "501",
    enhanced = "5.5.2",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "What stood after HELO or EHLO cannot be a host name at all: a stray character, an empty label or a " ..
      "hyphen at the edge.",
    fix = "Read the name that the refusal repeats, then correct it in the settings of the sending program or " ..
      "device. Letters, digits, hyphens and dots are safe.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_invalid_helo_hostname.",
    },
  },
  {
    id = "postfix-helo-invalid-address",
    text = "rejected: invalid ip address",
    code = "501",
    enhanced = "5.5.2",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "The client gave an IP address in HELO or EHLO, and the address is not written correctly.",
    fix = "Give a full host name instead of an address. If it must be an address, put it in brackets, [192.0.2.25] " ..
      "or [IPv6:2001:db8::25], and check that each of its parts is in range.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-unauth-pipelining",
    text = "Improper use of SMTP command pipelining",
    code = "503",
    enhanced = "5.5.0",
    commands = {"DATA", "RCPT", "MAIL", "end-of-data"},
    provider = "Postfix",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client sent its next commands without waiting, at a point where SMTP does not let it.",
    fix = "Make the sending program wait for each reply unless EHLO offered PIPELINING, and switch off firewalls or " ..
      "virus scanners that rewrite SMTP on the way. A stock mail server never does this, so look for scripts and " ..
      "for malware.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_unauth_pipelining.",
    },
  },
  {
    id = "postfix-helo-not-fqdn",
    text = "rejected: need fully-qualified hostname",
    code = "504",
    enhanced = "5.5.2",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "The client introduced itself with a name of one label, such as localhost or PC7, where a full host " ..
      "name is demanded.",
    fix = "Set a full name with a DNS record as the HELO name: myhostname or smtp_helo_name in Postfix, " ..
      "primary_hostname in Exim. A printer or a desktop program should log in on port 587, where this check is " ..
      "normally off.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_non_fqdn_helo_hostname.",
    },
  },
  {
    id = "postfix-address-not-fqdn",
    text = "rejected: need fully-qualified address",
    code = "504",
    enhanced = "5.5.2",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sender",
    meaning = "An envelope address has no full domain after the @, such as root or user@localhost.",
    fix = "Write the address in full. If a script or a cron job made it, set the sender there (sendmail -f), or set " ..
      "myorigin on the sending host to a real domain.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The words before it, \"Sender address\" or \"Recipient address\", tell which one is meant.",
    },
  },
  {
    id = "postfix-user-unknown-local",
    text = "User unknown in local recipient table",
    code = "550",
    enhanced = "5.1.1",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The domain is local to this Postfix, and neither its accounts nor its aliases hold the name before " ..
      "the @.",
    fix = "Check the spelling with the recipient. If the mailbox should exist, see on that host what postconf " ..
      "local_recipient_maps lists, ask getent passwd NAME and postalias -q NAME for the aliases file, and run " ..
      "newaliases after an edit.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "After the words \"Sender address rejected\" it is the envelope sender that is unknown here, checked by " ..
        "reject_unlisted_sender.",
      "While unknown_local_recipient_reject_code is set to 450, the sender keeps trying.",
    },
  },
  {
    id = "postfix-user-unknown-virtual",
    text = "User unknown in virtual mailbox table",
    code = "550",
    enhanced = "5.1.1",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "Postfix hosts this domain as a virtual one, and virtual_mailbox_maps has no line for the address.",
    fix = "Correct the address. If you run the server, ask the table itself with postmap -q USER@DOMAIN and the map " ..
      "that postconf virtual_mailbox_maps names; in SQL or LDAP, look whether the account is marked inactive.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-user-unknown-relay",
    text = "User unknown in relay recipient table",
    code = "550",
    enhanced = "5.1.1",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "This gateway passes the domain's mail on to another server, and its list of valid addresses lacks " ..
      "this one.",
    fix = "Correct the address. If the mailbox is new, have the gateway's administrator add it to " ..
      "relay_recipient_maps or repeat the export from the mailbox server, then run postmap on the file.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-undeliverable-address",
    text = "rejected: undeliverable address",
    code = "550",
    enhanced = "5.1.1",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "Postfix probed the address at the server behind it, and that server refused it.",
    fix = "Read what follows the colon: it is the final server's own reply, and usually says that there is no such " ..
      "user. Correct the address, or send that reply to the receiving administrator if the mailbox should exist.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The code is unverified_recipient_reject_code, 450 by default; the word undeliverable is met in practice only " ..
        "where it has been set to a 5yz code.",
    },
  },
  {
    id = "postfix-multi-recipient-bounce",
    text = "Multi-recipient bounce",
    code = "550",
    enhanced = "5.5.3",
    commands = {"RCPT", "DATA"},
    provider = "Postfix",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "A message with the null sender names several recipients, while a real bounce goes to exactly one.",
    fix = "Find the program that sends notices with an empty sender (MAIL FROM:<>) to a list, and give it a real " ..
      "envelope sender or one transaction for each recipient.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "The restriction is reject_multi_recipient_bounce.",
    },
  },
  {
    id = "postfix-sender-not-owned",
    text = "Sender address rejected: not owned by user",
    code = "553",
    enhanced = "5.7.1",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "sender-not-permitted", retry = "no", acts = "sender",
    meaning = "The login is valid, but it is not allowed to send with this envelope sender.",
    fix = "Choose the sender address that belongs to the account, or log in with the account that owns it. To allow " ..
      "the pair, the server's administrator adds the login to the address's line in smtpd_sender_login_maps.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-sender-not-logged-in",
    text = "Sender address rejected: not logged in",
    code = "553",
    enhanced = "5.7.1",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "login-required", retry = "no", acts = "sender",
    meaning = "The envelope sender belongs to an account of this server, and the client uses it without having " ..
      "logged in.",
    fix = "Switch on authentication in the mail program and send on port 587 or 465. A web server, a scanner or a " ..
      "newsletter service that writes in your name needs a login too, or a sender address of its own.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "Forwarded mail with an unchanged envelope sender falls into this trap as well: the forwarder should rewrite " ..
        "the sender.",
    },
  },
  {
    id = "postfix-relay-denied",
    text = "Relay access denied",
    code = "554",
    enhanced = "5.7.1",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = false,
    cause = "relay-denied", retry = "no", acts = "sender",
    meaning = "The recipient's domain is not one that this server serves, and the client has no right to send " ..
      "through it to others.",
    fix = "If this is your own outgoing server, log in on port 587 or have your address added to mynetworks. If it " ..
      "is the recipient's MX, its administrator must list the domain in mydestination, virtual_mailbox_domains or " ..
      "relay_domains, or correct the MX records.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "With defer_unauth_destination Postfix answers 454 4.7.1 instead: the mail waits, but only a change of " ..
        "configuration lets it through.",
      "Said by the recipient's own MX, it is the receiving administrator who must act.",
    },
  },
  {
    id = "postfix-dnsbl",
    text = "blocked using",
    code = "554",
    enhanced = "5.7.1",
    commands = {"RCPT", "MAIL", "greeting"},
    provider = "Postfix",
    names_provider = false,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "A DNS blocklist that the receiver asks has an entry for the client's address, its name or the " ..
      "sender's domain. The list is named right after these words.",
    fix = "Look the accused address up on that list's web site, stop what got it listed (an infected computer, a " ..
      "stolen password, an open form), then ask for removal. Only after that does sending again make sense.",
    source = "Postfix, src/global/mail_params.h",
    notes = {
      "With \"Error: open resolver\" or \"/returnc/\" in the text nothing is listed: the receiver asks through a " ..
        "resolver which the list refuses, so the receiving administrator must change the resolver or the query key.",
    },
  },
  {
    id = "postfix-access-denied",
    text = "rejected: Access denied",
    code = "554",
    enhanced = "5.7.1",
    commands = {"RCPT", "MAIL", "greeting", "DATA"},
    provider = "Postfix",
    names_provider = false,
    cause = "policy", retry = "no", acts = "sender",
    meaning = "An access table on the receiving server has a plain REJECT for this client, HELO name, sender or " ..
      "recipient.",
    fix = "See which of the four stands before the word rejected, and ask that site's postmaster from another mail " ..
      "account. The administrator finds the entry with postmap -q in the tables of the check_*_access restrictions.",
    source = "Postfix, src/smtpd/smtpd_check.c",
  },
  {
    id = "postfix-null-mx",
    text = "does not accept mail (nullMX)",
    code = "556",
    enhanced = "5.1.10",
    commands = {"RCPT", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "domain-refuses-mail", retry = "no", acts = "sender",
    meaning = "The domain publishes a null MX (MX 0 .), which declares that it takes no mail whatsoever.",
    fix = "Look for a mistyped domain and reach the person at another address. If the sender's domain is accused, " ..
      "use a sender address in a domain that can take replies, or withdraw the null MX record.",
    source = "Postfix, src/smtpd/smtpd_check.c",
    notes = {
      "For a recipient the codes are 556 5.1.10, for a sender 550 5.7.27.",
    },
  },
}
