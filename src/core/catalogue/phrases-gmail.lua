-- What Gmail and Google Workspace say of the sender: authentication, reverse DNS, reputation, rate, content.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "gmail-content-or-links",
    text = "due to the nature of the content or the links within",
    code = "421",
    enhanced = "4.7.0",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "spam-content", retry = "yes", acts = "sender",
    meaning = "Google finds the text of the message or a link in it suspicious, and holds the mail off for now.",
    fix = "Check each link, shortener and redirect against check.spamhaus.org and Google Safe Browsing, and take " ..
      "the bad one out. An unchanged message may go on being deferred until it expires.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-ptr-rate-limited",
    text = "have a ptr record, or the ptr record",
    code = "421",
    enhanced = "4.7.23",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "no-ptr", retry = "yes", acts = "sending-admin",
    meaning = "Google slows this host down because its reverse DNS is missing or does not match the forward record.",
    fix = "Set a PTR record for the sending IP address and an A or AAAA record that agrees with it. Queued mail " ..
      "leaves by itself once the DNS change is seen.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "In the registry X.7.23 means a failed SPF check; Google uses it here for reverse DNS.",
    },
  },
  {
    id = "gmail-unusual-rate",
    text = "an unusual rate of mail",
    code = "421",
    enhanced = "4.7.28",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "Google has met a sudden rise in mail from this sender and is slowing it down. The rest of the text " ..
      "names what is counted: the IP address, its netblock, or the DKIM, SPF or URL domain.",
    fix = "Cut the sending rate and connections to Google by half or more until the deferrals stop, then rise " ..
      "slowly. Check the log for a hacked account or a campaign that explains the jump.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-unusual-rate-unsolicited",
    text = "an unusual rate of unsolicited mail",
    code = {"421", "550"},
    enhanced = {"4.7.28", "5.7.28"},
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "Google counts too much unwanted mail from the IP address, netblock or domain that the text names, " ..
      "and restricts it to protect its users.",
    fix = "Pause bulk mail to Google, look for abused accounts and web forms, and send to engaged recipients only. " ..
      "Follow the spam rate in Google Postmaster Tools and keep it below 0.1 per cent.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "Most servers meet it as 421 4.7.28, which clears once the rate drops; 550 5.7.28 is the lasting form, and " ..
        "that message must be sent anew.",
    },
  },
  {
    id = "gmail-from-not-aligned",
    text = "aligned with either the authenticated spf or dkim",
    code = "421",
    enhanced = "4.7.32",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "dmarc-fail", retry = "yes", acts = "sending-admin",
    meaning = "SPF or DKIM may pass, but for another domain than the one in the From header. Google wants at least " ..
      "one of the two to match it.",
    fix = "Sign with DKIM d= set to the From domain, or give the sending service a bounce domain beneath it. " ..
      "Publish a DMARC record with p=none and rua to see every source that is out of line.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-domain-reputation",
    text = "very low reputation of the sending domain",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "Google takes the message for spam because the domain that sends it has a very bad record, whichever " ..
      "IP address is used.",
    fix = "Open Google Postmaster Tools for the domain, and see which mail streams draw the complaints. Stop " ..
      "mailing bought or stale lists and offer unsubscribing in one click; a new IP address will not help.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-ip-reputation",
    text = "very low reputation of the sending ip address",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "reputation", retry = "no", acts = "sending-admin",
    meaning = "Google takes the message for spam because the sending IP address has a very bad record with its users.",
    fix = "Look up the address in Google Postmaster Tools and search the logs for the source of the spam. Stop that " ..
      "source, then win trust back over weeks with small amounts of wanted mail.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-ipv6-guidelines",
    text = "does not meet ipv6 sending guidelines regarding ptr records and authentication",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "The mail came over IPv6, where Google insists on reverse DNS and on SPF or DKIM. One of these is " ..
      "missing.",
    fix = "Give the IPv6 address a PTR record with a matching AAAA record, and list the address in SPF or sign with " ..
      "DKIM. Until then send to Google over IPv4, in Postfix with smtp_address_preference = ipv4.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-likely-unsolicited",
    text = "likely unsolicited mail",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "Google's filter judged this message to be spam and refused it. The verdict rests on content, sender " ..
      "history and authentication together.",
    fix = "Check that SPF, DKIM and DMARC pass, then send a plain version without the links and attachments to find " ..
      "the part that offends. For bulk mail, write only to people who asked for it.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-message-id-missing",
    text = "missing a valid message-id: header",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "content-malformed", retry = "no", acts = "sending-admin",
    meaning = "The message has no Message-ID header, or one without the form <text@domain>. Google expects it of " ..
      "all serious mail software.",
    fix = "Make the sending program add a unique Message-ID in your own domain. In Postfix, " ..
      "always_add_missing_headers = yes supplies one for mail that comes from remote clients.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-not-rfc5322",
    text = "is not rfc 5322 compliant",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "content-malformed", retry = "no", acts = "sending-admin",
    meaning = "The header of the message breaks the rules of RFC 5322. Doubled From or Subject lines and malformed " ..
      "addresses are the common faults; the text often adds which.",
    fix = "Save the message as it left the server and check that From, Date, Message-ID, To and Subject each stand " ..
      "there once and are well formed. Correct the script or milter that writes them.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-spf-record-suspicious",
    text = "the spf record of the sending domain",
    code = "550",
    enhanced = "5.7.24",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "spf-error", retry = "no", acts = "sending-admin",
    meaning = "Google distrusts the SPF record of the sending domain, because it holds entries that look wrong or " ..
      "overly broad.",
    fix = "Read the TXT record of the domain and remove +all, huge address ranges and includes that nobody knows. " ..
      "List only the hosts that really send, and end with -all or ~all.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-no-ptr",
    text = "does not have a ptr record",
    code = "550",
    enhanced = "5.7.25",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "The sending IP address has no PTR record, and Google refuses mail from hosts without one.",
    fix = "Have the owner of the IP address, usually the hosting company, set a PTR record, and publish an A or " ..
      "AAAA record under that name that leads back to it. Check with dig -x ADDRESS.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-ptr-mismatch",
    text = "does not match the ip address of the hostname",
    code = "550",
    enhanced = "5.7.25",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "no-ptr", retry = "no", acts = "sending-admin",
    meaning = "The PTR record of the sending IP address names a host, but that host's A or AAAA record holds a " ..
      "different address.",
    fix = "Make both directions agree: dig -x ADDRESS gives the name, and dig on that name must give the address " ..
      "back. Correct the A or AAAA record in your zone, or ask the hosting company for another PTR.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-dmarc-policy",
    text = "is not accepted due to domain's dmarc policy",
    code = "550",
    enhanced = "5.7.26",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "dmarc-fail", retry = "no", acts = "sending-admin",
    meaning = "The domain in the From header tells receivers to reject mail that fails DMARC, and this message " ..
      "failed. Google did what the domain owner asked.",
    fix = "Sign with DKIM in the From domain's own name, or have the sending service use an aligned envelope " ..
      "sender. Forwarders and mailing lists should rewrite the From header.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-spf-hard-fail",
    text = "has an spf record with a hard fail policy",
    code = "550",
    enhanced = "5.7.26",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "spf-fail", retry = "no", acts = "sending-admin",
    meaning = "The sending IP address is missing from the domain's SPF record, which ends in -all. The record " ..
      "itself tells Google to reject such mail.",
    fix = "Compare the IP address in the text with the SPF record (dig TXT DOMAIN) and add the missing host or " ..
      "include. Forwarded mail needs SRS at the forwarder or a DKIM signature that survives.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-spf-or-dkim",
    text = "senders to authenticate with either spf or dkim",
    code = "550",
    enhanced = "5.7.26",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "mail-unauthenticated", retry = "no", acts = "sending-admin",
    meaning = "Google refuses the message because it passed neither SPF nor DKIM. The mailbox itself may be " ..
      "perfectly fine.",
    fix = "Add the sending IP address to the SPF record of the envelope sender's domain, and sign all outgoing mail " ..
      "with DKIM. A test message's Authentication-Results header shows when both pass.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "As 421 4.7.26 it is a warning by delay; the refusal with 550 follows if nothing changes.",
    },
  },
  {
    id = "gmail-bulk-spf",
    text = "senders to authenticate with spf",
    code = "550",
    enhanced = "5.7.27",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "spf-fail", retry = "no", acts = "sending-admin",
    meaning = "Google demands a passing SPF check from this sender and did not get one.",
    fix = "Publish a single SPF record for the envelope sender's domain that lists every sending host, with at most " ..
      "ten DNS look-ups. Look for spf=pass in a test message to Gmail.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "In the registry X.7.27 means a sender address with a null MX; Google uses it for SPF in its bulk sender rules.",
    },
  },
  {
    id = "gmail-bulk-tls",
    text = "senders to use tls/ssl for smtp",
    code = {"550", "421"},
    enhanced = {"5.7.29", "4.7.29"},
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "tls-required", retry = "no", acts = "sending-admin",
    meaning = "Google demands an encrypted connection from this sender, and the mail came in plain text.",
    fix = "Turn on STARTTLS for outgoing mail (in Postfix: smtp_tls_security_level = may) and check the log for TLS " ..
      "errors towards Google. Make sure that no firewall strips STARTTLS from the EHLO answer.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "In the registry X.7.29 means an ARC failure; Google uses it for TLS in its bulk sender rules.",
      "As 421 4.7.29 the mail is only delayed and may be tried again once TLS is on.",
    },
  },
  {
    id = "gmail-bulk-dkim",
    text = "senders to authenticate with dkim",
    code = "550",
    enhanced = "5.7.30",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "dkim-fail", retry = "no", acts = "sending-admin",
    meaning = "Google demands a valid DKIM signature from this sender, and the message had none or a broken one.",
    fix = "Switch on DKIM signing in the mail server or sending service, with a key of at least 1024 and better " ..
      "2048 bits, and publish it at SELECTOR._domainkey.DOMAIN. Check that nothing changes the message after " ..
      "signing.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "In the registry X.7.30 belongs to REQUIRETLS; Google uses it for DKIM in its bulk sender rules.",
    },
  },
}
