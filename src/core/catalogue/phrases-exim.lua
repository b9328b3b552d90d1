-- Owns what Exim says, in its own source and in the ACLs of its default configuration.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the sources named in each entry; the prose is our own.
return {
  {
    id = "exim-connection-limit",
    text = "Too many concurrent SMTP connections",
    code = "421",
    commands = {"greeting"},
    provider = "Exim",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "The receiving Exim already has as many connections open, in all or from this address, as it permits.",
    fix = "Lower the parallel connections to this host in your mailer, and let the queue retry. The receiver's " ..
      "limits are smtp_accept_max (20 by default) and smtp_accept_max_per_host.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-load",
    text = "Too much load; please try again later",
    code = "421",
    commands = {"greeting"},
    provider = "Exim",
    names_provider = true,
    cause = "server-busy", retry = "yes", acts = "receiving-admin",
    meaning = "The load of the receiving host is above smtp_load_reserve, so it takes connections only from hosts " ..
      "that it reserved room for.",
    fix = "Leave the mail in the queue. On the receiving host, find what eats the processor (spam scanning, a " ..
      "backup, a queue run), and only then raise smtp_load_reserve.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-messages-per-connection",
    text = "too many messages in this connection",
    code = "421",
    commands = {"MAIL"},
    provider = "Exim",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "One connection may carry only so many messages here (smtp_accept_max_per_connection), and this " ..
      "client reached the number.",
    fix = "Let the sender close the connection and open a new one: the mail left over is not refused. Set your " ..
      "mailer's limit of messages for each connection below the receiver's.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-authentication-deferred",
    text = "Unable to authenticate at present",
    code = "435",
    commands = {"AUTH"},
    provider = "Exim",
    names_provider = true,
    cause = "login-unavailable", retry = "yes", acts = "receiving-admin",
    meaning = "Exim could not check the password, because the database or service behind its authenticator gave no " ..
      "answer.",
    fix = "Leave the password as it is and try again later. On the server, look in the paniclog and mainlog for the " ..
      "failing look-up, then check the database, saslauthd or the Dovecot socket.",
    source = "Exim, src/smtp_in.c",
    notes = {
      "The 435 is Exim's own choice: RFC 4954 has 454 for this case.",
    },
  },
  {
    id = "exim-spool-full",
    text = "Space shortage, please try later",
    code = "452",
    commands = {"MAIL"},
    provider = "Exim",
    names_provider = true,
    cause = "storage-full", retry = "yes", acts = "receiving-admin",
    meaning = "The disk of the receiving Exim has less room than check_spool_space or check_spool_inodes demands.",
    fix = "Wait for the retry. On the receiving host, run df and df -i for the spool and the log directory, clear " ..
      "frozen messages (exim -bp shows them) and old logs, and give the disk room.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-retry-time-not-reached",
    text = "retry time not reached",
    direction = "local",
    provider = "Exim",
    names_provider = false,
    cause = "unclear", retry = "yes", acts = "nobody",
    meaning = "Exim made no attempt: earlier ones to this host or address failed, and the time for the next had not come.",
    fix = "Wait. Why the earlier attempts failed stands in the log, where exigrep with the domain finds it.",
    source = "Exim, src/deliver.c",
  },
  {
    id = "exim-too-many-recipients",
    text = "too many recipients",
    code = "452",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = false,
    cause = "too-many-recipients", retry = "yes", acts = "sending-admin",
    meaning = "The message names more recipients than the receiving server takes (recipients_max in Exim).",
    fix = "Send the remaining recipients in another transaction, which a mail server does by itself after a 452. " ..
      "Split the list in your own scripts.",
    source = "Exim, src/smtp_in.c",
    notes = {
      "Exim says 452 for each recipient too many, or 552 for the whole message where recipients_max_reject is set.",
    },
  },
  {
    id = "exim-tls-unavailable",
    text = "TLS currently unavailable",
    code = "454",
    commands = {"STARTTLS"},
    provider = "Exim",
    names_provider = true,
    cause = "tls-unavailable", retry = "yes", acts = "receiving-admin",
    meaning = "Exim offered STARTTLS and then could not set TLS up on its own side.",
    fix = "On the receiving host, read the TLS error in the mainlog; mostly a renewed certificate or key is " ..
      "missing, or the Exim user may not read it (tls_certificate, tls_privatekey). Senders without a TLS duty go " ..
      "on in clear.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-helo-invalid",
    text = "Syntactically invalid * argument(s)",
    code = "501",
    commands = {"EHLO", "HELO"},
    provider = "Exim",
    names_provider = true,
    cause = "helo-invalid", retry = "no", acts = "sending-admin",
    meaning = "The name after EHLO or HELO is missing or holds a character that is not allowed in a host name, " ..
      "often an underscore.",
    fix = "Set a proper host name in the sending program; on Windows, a computer name with an underscore is the " ..
      "usual find. For clients that cannot be changed, the receiver has helo_allow_chars and " ..
      "helo_accept_junk_hosts.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-sender-unqualified",
    text = "sender address must contain a domain",
    code = "501",
    commands = {"MAIL"},
    provider = "Exim",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sending-admin",
    meaning = "The address in MAIL FROM has no @ and no domain, such as root or www-data.",
    fix = "Give the program a full sender address (sendmail -f, or the From setting of the application). Exim can " ..
      "add a domain for trusted hosts, which the receiver lists in sender_unqualified_hosts.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-recipient-unqualified",
    text = "recipient address must contain a domain",
    code = "501",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sender",
    meaning = "The address in RCPT TO has no @ and no domain.",
    fix = "Write the address in full. Where scripts and cron jobs send to bare names, correct the alias or the " ..
      "MAILTO line on the sending host; the receiver's exception is recipient_unqualified_hosts.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-authentication-failed",
    text = "Incorrect authentication data",
    code = "535",
    commands = {"AUTH"},
    provider = "Exim",
    names_provider = false,
    cause = "login-failed", retry = "no", acts = "sender",
    meaning = "The user name and the password that were given do not fit together.",
    fix = "Enter the password afresh and use the full address as the user name. On the server, the mainlog line " ..
      "with authenticator failed names the method and the set_id; exim -be tests the look-up itself.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-relay-denied",
    text = "relay not permitted",
    code_guess = "550",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sender",
    meaning = "Exim's standard ACL refuses to pass mail on: the domain is not served here, and the client neither " ..
      "logged in nor is trusted.",
    fix = "Log in on port 587 if this is your own outgoing server, or add your network to relay_from_hosts. If it " ..
      "is the recipient's MX, have its administrator add the domain to local_domains or relay_to_domains.",
    source = "Exim, src/configure.default",
    notes = {
      "Said by the recipient's own MX, it is the receiving administrator who must act; said by your own relay, a " ..
        "login is missing.",
    },
  },
  {
    id = "exim-unrouteable",
    text = "Unrouteable address",
    code_guess = "550",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "No router of the receiving Exim takes the address, because the user or the whole domain is unknown " ..
      "to it.",
    fix = "Correct the address. If it should exist, run exim -bt USER@DOMAIN on the receiving host: the output " ..
      "shows each router that declined and why. An expired account in a hosting panel gives this text too.",
    source = "Exim, src/route.c",
  },
  {
    id = "exim-sender-verify",
    text = "Sender verify failed",
    code_guess = "550",
    commands = {"RCPT", "MAIL"},
    provider = "Exim",
    names_provider = true,
    cause = "sender-invalid", retry = "no", acts = "sending-admin",
    meaning = "Exim tried to verify the envelope sender, and its domain does not resolve or the sender's own server " ..
      "refuses the address.",
    fix = "Make the envelope sender a real mailbox: its domain needs an MX, and its server must accept RCPT for it " ..
      "from the null sender. Read the lines of the reply before this one; they often quote the answer to the " ..
      "callout.",
    source = "Exim, src/acl.c",
    notes = {
      "A server that refuses MAIL FROM:<> makes every callout fail, though the mailbox exists.",
    },
  },
  {
    id = "exim-administrative-prohibition",
    text = "Administrative prohibition",
    code_guess = "550",
    commands = {"any"},
    provider = "Exim",
    names_provider = false,
    cause = "policy", retry = "no", acts = "sender",
    meaning = "One of the receiver's ACLs said deny and its author gave no message of his own.",
    fix = "Note which command was refused, since it tells the ACL, and ask the receiving postmaster. There, the " ..
      "rejectlog has the same line with the host and the address; adding message = to the deny statement spares the " ..
      "next caller.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-mail-loop",
    text = "headers - suspected mail loop",
    code = "550",
    commands = {"end-of-data"},
    provider = "Exim",
    names_provider = true,
    cause = "mail-loop", retry = "no", acts = "sending-admin",
    meaning = "The message carries more Received lines than received_headers_max (30 by default), so it probably " ..
      "goes round in circles.",
    fix = "Read the Received lines from the top and find the hosts that repeat. Then correct the forward, the alias " ..
      "or the MX record that sends the mail back; raise the limit only for a path that is truly that long.",
    source = "Exim, src/receive.c",
  },
  {
    id = "exim-restricted-characters",
    text = "Restricted characters in address",
    code_guess = "550",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = true,
    cause = "address-syntax", retry = "no", acts = "sender",
    meaning = "The part before the @ holds a character that Exim's standard ACL distrusts, such as %, !, / or |, or " ..
      "begins with a dot.",
    fix = "Check the address for typing slips. If it is truly written so, the receiving administrator must relax " ..
      "the local_parts condition in acl_check_rcpt, or give the mailbox a plainer alias.",
    source = "Exim, src/configure.default",
  },
  {
    id = "exim-too-many-bad-recipients",
    text = "Rejected for too many bad recipients",
    code_guess = "550",
    commands = {"RCPT"},
    provider = "Exim",
    names_provider = true,
    cause = "rate-limited", retry = "no", acts = "sending-admin",
    meaning = "The client named so many unknown addresses in one message that Exim refuses to hear more.",
    fix = "Remove the unknown addresses from the list, which are those refused before this one, and send to the " ..
      "rest again. If you sent no such list, search your log for an abused account.",
    source = "Exim, src/configure.default",
  },
  {
    id = "exim-line-too-long",
    text = "maximum allowed line length is 998 octets",
    code_guess = "550",
    commands = {"end-of-data"},
    provider = "Exim",
    names_provider = true,
    cause = "content-malformed", retry = "no", acts = "sender",
    meaning = "A line of the message is longer than 998 bytes, the most that RFC 5322 allows.",
    fix = "Have the composing program encode the text as quoted-printable or base64, which breaks lines by itself, " ..
      "or fold the long header. HTML written on one line by a web application is the usual source.",
    source = "Exim, src/configure.default",
  },
  {
    id = "exim-message-too-large",
    text = "Message size exceeds maximum permitted",
    code = "552",
    commands = {"MAIL", "end-of-data"},
    provider = "Exim",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message, encoded for transport, is larger than message_size_limit on the receiving server.",
    fix = "Shrink or split the attachments or send a link; base64 makes a file a third larger. The limit is in the " ..
      "SIZE line of the EHLO reply, and 50M unless the administrator changed it.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-header-too-long",
    text = "Message header is ridiculously long",
    code = "552",
    commands = {"end-of-data"},
    provider = "Exim",
    names_provider = true,
    cause = "content-malformed", retry = "no", acts = "sender",
    meaning = "The header section of the message is larger than header_maxsize, one megabyte unless changed.",
    fix = "Look for a To or Cc line with thousands of addresses, or for a References chain without end, and send to " ..
      "a list or by Bcc. A missing blank line after the header turns the whole text into header, too.",
    source = "Exim, src/receive.c",
  },
  {
    id = "exim-synchronization-error",
    text = "SMTP synchronization error",
    code = "554",
    commands = {"greeting", "any"},
    provider = "Exim",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client sent data before Exim had greeted it or had answered its last command.",
    fix = "Make the sender wait for the greeting, which may be delayed on purpose, and pipeline only where it was " ..
      "offered. For a device that cannot be corrected, the receiver exempts it with control = no_enforce_sync in " ..
      "the connect ACL.",
    source = "Exim, src/smtp_in.c",
  },
  {
    id = "exim-connection-refused",
    text = "SMTP service not available",
    code = "554",
    commands = {"greeting"},
    provider = "Exim",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The receiving Exim turns this client's address away at once, by host_reject_connection or by TCP " ..
      "wrappers.",
    fix = "Ask the receiving postmaster from another network, naming your address. On that host, look at " ..
      "host_reject_connection with exim -bP and at /etc/hosts.deny.",
    source = "Exim, src/smtp_in.c",
  },
}
