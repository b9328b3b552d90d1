-- Owns what Postfix smtpd says about limits, commands, TLS and logins within a session.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the sources named in each entry; the prose is our own.
return {
  {
    id = "postfix-forbidden-command",
    text = "I can break rules, too. Goodbye.",
    code = "221",
    enhanced = "2.7.0",
    commands = {"any"},
    provider = "Postfix",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client sent something that is not SMTP, such as an HTTP request or header lines, and Postfix " ..
      "hung up.",
    fix = "Find out what talks to port 25: a web browser, a health check or an abused proxy. If it is your own " ..
      "mailer, it sends its message although DATA was refused, and the reply before this one holds the real fault.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "The words it dislikes stand in smtpd_forbidden_commands. The 221 looks like success, but nothing has been " ..
        "accepted.",
    },
  },
  {
    id = "postfix-timeout",
    text = "Error: timeout exceeded",
    code = "421",
    enhanced = "4.4.2",
    commands = {"any"},
    provider = "Postfix",
    names_provider = true,
    cause = "timeout", retry = "yes", acts = "sending-admin",
    meaning = "Postfix waited for the client's next line longer than smtpd_timeout and closed the connection.",
    fix = "Test the path with a large message: a firewall that drops ICMP (path MTU) or inspects SMTP is the usual " ..
      "culprit. Then look for a sender that pauses within a session, or for a slow filter behind it.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "The default is 300 seconds, and 10 seconds while the server is under stress.",
    },
  },
  {
    id = "postfix-connection-limit",
    text = "Error: too many connections from",
    code = "421",
    enhanced = "4.7.0",
    commands = {"greeting"},
    provider = "Postfix",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "This client has too many connections open at once, or opened too many within a minute.",
    fix = "Lower the parallel deliveries on the sending side (in Postfix smtp_destination_concurrency_limit) and " ..
      "reuse connections. A receiver that serves many users behind one address raises " ..
      "smtpd_client_connection_count_limit, 50 by default.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-tls-session-rate",
    text = "Error: too many new TLS sessions from",
    code = "421",
    enhanced = "4.7.0",
    commands = {"greeting", "STARTTLS"},
    provider = "Postfix",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "This client negotiated more full TLS handshakes within the time unit than the receiver allows.",
    fix = "Let the sender resume its TLS sessions or reuse connections: in Postfix set " ..
      "smtp_tls_session_cache_database or smtp_tls_connection_reuse = yes. The receiver's setting is " ..
      "smtpd_client_new_tls_session_rate_limit.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-too-many-errors",
    text = "Error: too many errors",
    code = "421",
    enhanced = "4.7.0",
    commands = {"any"},
    provider = "Postfix",
    names_provider = true,
    cause = "protocol-error", retry = "yes", acts = "sending-admin",
    meaning = "The client drew so many refusals in one session that Postfix hung up on it.",
    fix = "Look at the replies before this one: mostly unknown recipients or failed logins. Clean the address list " ..
      "or correct the program, and do not raise smtpd_hard_error_limit before the cause is known.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "The limit is 20 errors by default and drops to 1 while the server is under stress.",
    },
  },
  {
    id = "postfix-recipient-rate",
    text = "Error: too many recipients from",
    code = "450",
    enhanced = "4.7.1",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "This client named more recipients within the time unit than smtpd_client_recipient_rate_limit allows.",
    fix = "Slow the sending down for this destination, in Postfix with a transport of its own and a " ..
      "_destination_rate_delay. If the mail is yours on both sides, exempt the sender in " ..
      "smtpd_client_event_limit_exceptions.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "The time unit is anvil_rate_time_unit, 60 seconds by default.",
    },
  },
  {
    id = "postfix-message-rate",
    text = "Error: too much mail from",
    code = "450",
    enhanced = "4.7.1",
    commands = {"MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "This client started more messages within the time unit than smtpd_client_message_rate_limit permits.",
    fix = "Let the queue drain at a slower pace and spread bulk mail over hours. If you did not send so much, " ..
      "search your log for an account or a web form that does.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-auth-rate",
    text = "Error: too many AUTH commands from",
    code = "450",
    enhanced = "4.7.1",
    commands = {"AUTH"},
    provider = "Postfix",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sender",
    meaning = "This address tried to log in more often within the time unit than smtpd_client_auth_rate_limit allows.",
    fix = "Find the device that still holds an old password and keeps trying, correct it, then wait a minute or " ..
      "two. Behind a shared address, it may well be somebody else's telephone.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-recipient-limit",
    text = "Error: too many recipients",
    code = "452",
    enhanced = "4.5.3",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "too-many-recipients", retry = "yes", acts = "sending-admin",
    meaning = "One message may name only so many recipients here (smtpd_recipient_limit, 1000 unless changed), and " ..
      "this RCPT went past the number.",
    fix = "Send the rest in a further transaction: mail servers do so on their own. A script of yours must split " ..
      "its list, and a Postfix sender can lower smtp_destination_recipient_limit.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "The recipients accepted before it are good and need not be repeated.",
    },
  },
  {
    id = "postfix-tls-local-problem",
    text = "TLS not available due to local problem",
    code = "454",
    enhanced = "4.7.0",
    commands = {"STARTTLS"},
    provider = "Postfix",
    names_provider = true,
    cause = "tls-unavailable", retry = "yes", acts = "receiving-admin",
    meaning = "Postfix offers STARTTLS but cannot set up TLS on its own side, mostly for want of a readable key or " ..
      "certificate.",
    fix = "On the receiving host, look for TLS warnings in the log at start-up, then check smtpd_tls_chain_files " ..
      "(or the cert and key files), their permissions, and that key and certificate belong together. Senders retry, " ..
      "or go on without TLS.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-bad-recipient-syntax",
    text = "Bad recipient address syntax",
    code = "501",
    enhanced = "5.1.3",
    commands = {"RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sender",
    meaning = "The address in RCPT TO is not written as SMTP wants it.",
    fix = "Look for blanks, commas, a doubled @, missing angle brackets or a pasted display name in the address, " ..
      "and correct it at its source, be it a form, a database or an address book.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-bad-sender-syntax",
    text = "Bad sender address syntax",
    code = "501",
    enhanced = "5.1.7",
    commands = {"MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sending-admin",
    meaning = "The address in MAIL FROM is not written as SMTP wants it.",
    fix = "Correct the envelope sender in the sending program: one address in angle brackets, no display name, no " ..
      "blanks. In scripts, see what is passed to sendmail -f.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-dsn-disabled",
    text = "DSN support is disabled",
    code = "501",
    enhanced = "5.7.1",
    commands = {"MAIL", "RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "command-disabled", retry = "no", acts = "sending-admin",
    meaning = "The client asked for delivery notices (NOTIFY, RET, ENVID or ORCPT), and this server does not offer " ..
      "them to it.",
    fix = "Send without those parameters, as any client must that does not see DSN in the EHLO reply. The receiver " ..
      "hides DSN in smtpd_discard_ehlo_keywords or in its address maps.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-vrfy-disabled",
    text = "VRFY command is disabled",
    code = "502",
    enhanced = "5.5.1",
    commands = {"VRFY"},
    provider = "Postfix",
    names_provider = true,
    cause = "command-disabled", retry = "no", acts = "receiving-admin",
    meaning = "The administrator switched VRFY off (disable_vrfy_command = yes), as most public servers do.",
    fix = "Test the address with MAIL and RCPT instead, then RSET. No mail is affected, and on your own server " ..
      "disable_vrfy_command = no brings VRFY back.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-auth-not-enabled",
    text = "authentication not enabled",
    code = "503",
    enhanced = "5.5.1",
    commands = {"AUTH"},
    provider = "Postfix",
    names_provider = true,
    cause = "command-disabled", retry = "no", acts = "sender",
    meaning = "This service offers no login, and the client sent AUTH all the same.",
    fix = "Point the mail program at the submission port, 587 or 465, where logins are taken. If it should work " ..
      "here, check smtpd_sasl_auth_enable for this service in master.cf, and smtpd_tls_auth_only.",
    source = "Postfix, src/smtpd/smtpd_sasl_proto.c",
  },
  {
    id = "postfix-auth-needs-tls",
    text = "Encryption required for requested authentication mechanism",
    code = "504",
    enhanced = "5.5.4",
    commands = {"AUTH"},
    provider = "Postfix",
    names_provider = true,
    cause = "tls-required", retry = "no", acts = "sender",
    meaning = "The client tried to log in before TLS was up, and this server takes logins only inside an encrypted " ..
      "connection.",
    fix = "Set the mail program to STARTTLS on port 587 or to TLS on port 465, and let it log in after that. The " ..
      "server's setting is smtpd_tls_auth_only, best left as it is.",
    source = "Postfix, src/smtpd/smtpd_sasl_proto.c",
    notes = {
      "Postfix uses 504 here, where other servers answer 538.",
    },
  },
  {
    id = "postfix-starttls-required",
    text = "Must issue a STARTTLS command first",
    code = "530",
    enhanced = "5.7.0",
    commands = {"MAIL", "AUTH", "RCPT", "any"},
    provider = "Postfix",
    names_provider = false,
    cause = "tls-required", retry = "no", acts = "sender",
    meaning = "This service takes no mail over an unencrypted connection, and the client has not started TLS.",
    fix = "Switch STARTTLS on in the mail program or the sending server, in Postfix with smtp_tls_security_level = " ..
      "may. If the client did ask for it, see whether a firewall removes STARTTLS from the EHLO reply.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "On a public MX, smtpd_tls_security_level = encrypt shuts out every sender without TLS; RFC 3207 section 4 " ..
        "tells public servers not to demand it.",
    },
  },
  {
    id = "postfix-authentication-failed",
    text = "authentication failed",
    code = "535",
    enhanced = "5.7.8",
    commands = {"AUTH"},
    provider = "Postfix",
    names_provider = false,
    cause = "login-failed", retry = "no", acts = "sender",
    meaning = "The server checked the user name and the password, and they do not fit together.",
    fix = "Enter the password afresh, try the full address as the user name, and see whether the account wants an " ..
      "app password. The server's log names the SASL method and the reason; with Dovecot, doveadm auth test checks " ..
      "the pair.",
    source = "Postfix, src/smtpd/smtpd_sasl_glue.c",
  },
  {
    id = "postfix-size-overflow",
    text = "exceeds file system imposed limit",
    code = "552",
    enhanced = "5.3.4",
    commands = {"MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The SIZE that the client declared is larger than the receiving system can store in any file.",
    fix = "Look at the SIZE parameter in the session: a number like this is nearly always a fault in the sending " ..
      "program, so update or correct that. Put truly huge files on a download server and send the link.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-smtputf8-required",
    text = "Must declare SMTPUTF8",
    code = "553",
    enhanced = "5.6.7",
    commands = {"MAIL", "RCPT"},
    provider = "Postfix",
    names_provider = true,
    cause = "smtputf8-required", retry = "no", acts = "sending-admin",
    meaning = "The address holds characters outside ASCII, and the client did not give the SMTPUTF8 parameter with " ..
      "MAIL.",
    fix = "Send with a server that speaks SMTPUTF8 (Postfix since 3.0, smtputf8_enable = yes), or use the ASCII " ..
      "address that the person surely has as well. Look first for a stray character that was pasted in.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-protocol-synchronization",
    text = "SMTP protocol synchronization",
    code = "554",
    enhanced = "5.5.0",
    commands = {"any"},
    provider = "Postfix",
    names_provider = false,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client sent further input before it had read the reply that SMTP obliges it to wait for, and the " ..
      "server ended the session.",
    fix = "Make the sender wait for the greeting and for the replies to EHLO, DATA and STARTTLS, and pipeline " ..
      "nothing that was not offered. In Postfix the switch is smtpd_forbid_unauth_pipelining, on by default since " ..
      "3.9.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
  {
    id = "postfix-no-valid-recipients",
    text = "no valid recipients",
    code = "554",
    enhanced = "5.5.1",
    commands = {"DATA"},
    provider = "Postfix",
    names_provider = false,
    cause = "protocol-error", retry = "no", acts = "sender",
    meaning = "The client asked to send the text although not one RCPT had been accepted.",
    fix = "Look at the replies to the RCPT commands: the real reason stands there. Correct those addresses, or the " ..
      "rule that refused them, and ignore this line.",
    source = "Postfix, src/smtpd/smtpd.c",
    notes = {
      "Clients that pipeline send DATA before they have seen the refusals, so this is normal for them.",
    },
  },
  {
    id = "postfix-unsupported-option",
    text = "Unsupported option",
    code = "555",
    enhanced = "5.5.4",
    commands = {"MAIL", "RCPT"},
    provider = "Postfix",
    names_provider = false,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "MAIL or RCPT carried a parameter that this server did not offer in its EHLO reply.",
    fix = "Compare the parameter in the text with the EHLO list, and turn that feature off in the sender for this " ..
      "destination. Where the sender saw it on offer, a proxy in between shows another server's list.",
    source = "Postfix, src/smtpd/smtpd.c",
  },
}
