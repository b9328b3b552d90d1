-- What Gmail and Google Workspace say of mailboxes, logins, sizes, routes and rules of a Workspace domain.
-- Only the builder, src/core/catalogue/build.lua, reads this file; it loads it as text in an empty environment.
-- Facts come from the public sources named in each entry, whose sources each entry names; the sentences are our own.
return {
  {
    id = "gmail-ip-not-allowed-domain",
    text = "ip not in whitelist for rcpt domain",
    code = "421",
    enhanced = "4.7.0",
    commands = {"RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "policy", retry = "yes", acts = "sending-admin",
    meaning = "The recipient's Workspace domain takes mail only from listed addresses, mostly its own gateway. The " ..
      "sending IP address is not among them.",
    fix = "Send to the hosts in the domain's current MX records, never straight to Google. If you did so, ask the " ..
      "recipient's admin to add your IP address under Inbound gateway.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-tls-required-domain",
    text = "tls required for rcpt domain",
    code = "421",
    enhanced = "4.7.0",
    commands = {"RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "tls-required", retry = "yes", acts = "sending-admin",
    meaning = "A Workspace admin at the recipient's side demands TLS for this mail, and the connection was not " ..
      "encrypted to their standard.",
    fix = "Enable STARTTLS towards Google and look in the log for a failed handshake. If your side already uses " ..
      "TLS, ask their admin to review the secure transport rule in Gmail's compliance settings.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-recipient-too-quickly",
    text = "is receiving mail too quickly",
    code = "450",
    enhanced = "4.2.1",
    commands = {"RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "recipient-rate-limited", retry = "yes", acts = "sending-admin",
    meaning = "One Gmail user is being sent more mail than Google will deliver to a single mailbox for now. The " ..
      "address is good and no filter objected to the message.",
    fix = "Leave the mail queued and lower the rate for this one recipient. If a script or an alarm is flooding the " ..
      "mailbox, stop it or bundle its messages into digests.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-out-of-storage",
    text = "inbox is out of storage space",
    code = "452",
    enhanced = "4.2.2",
    commands = {"RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "mailbox-full", retry = "yes", acts = "recipient",
    meaning = "The recipient's Google storage, shared by Gmail, Drive and Photos, has no room left. Google defers " ..
      "the mail in case the user clears some space.",
    fix = "Let the queue retry as usual. If mail still waits after a day, tell the recipient by phone or another " ..
      "address to free or buy Google storage.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-too-many-logins",
    text = "too many login attempts",
    code = "454",
    enhanced = "4.7.0",
    commands = {"AUTH"},
    provider = "Gmail",
    names_provider = true,
    cause = "rate-limited", retry = "yes", acts = "sender",
    meaning = "Logins for this account come too fast, so Google turns the program away for a while.",
    fix = "Stop the client for some minutes and find the one that reconnects in a loop, often with an old password. " ..
      "Keep one session open for several messages in place of a login each.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-authentication-required",
    text = "authentication required.",
    code = "530",
    enhanced = "5.7.0",
    commands = {"MAIL"},
    provider = "Gmail",
    names_provider = false,
    cause = "login-required", retry = "no", acts = "sender",
    meaning = "The submission server wants a login before it takes any mail, and the program sent none.",
    fix = "Set user name, password and STARTTLS in the sending program, port 587 (at Gmail, of smtp.gmail.com). If " ..
      "this was meant as mail for a recipient there, send it to port 25 of the MX hosts instead.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "Other servers use the same words, so the text alone does not prove that Google sent it.",
    },
  },
  {
    id = "gmail-app-password",
    text = "application-specific password required",
    code_guess = "534",
    enhanced = "5.7.9",
    commands = {"AUTH"},
    provider = "Gmail",
    names_provider = true,
    cause = "login-failed", retry = "no", acts = "sender",
    meaning = "The account uses two-step verification, and the program tried the normal password. Google takes only " ..
      "an app password or OAuth here.",
    fix = "Create an app password at myaccount.google.com/apppasswords and enter it in the program or device. " ..
      "Better still, use OAuth if the program can.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "Google's own list shows the text with 535, so the 534 is not certain.",
    },
  },
  {
    id = "gmail-bad-credentials",
    text = "username and password not accepted",
    code = "535",
    enhanced = "5.7.8",
    commands = {"AUTH"},
    provider = "Gmail",
    names_provider = true,
    cause = "login-failed", retry = "no", acts = "sender",
    meaning = "Google refused the user name and password of a mail program or device. The normal account password " ..
      "does not work here at all.",
    fix = "Switch the program to OAuth (Sign in with Google), or turn on two-step verification and create an app " ..
      "password for it. Use the full mail address as the user name.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-does-not-exist",
    text = "account that you tried to reach does not exist",
    code = "550",
    enhanced_guess = "5.1.1",
    commands = {"RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "Google hosts no account with this address. A typing error or a closed account is the usual reason.",
    fix = "Check the spelling of the address and ask the person for the right one. Suppress the address so that " ..
      "your lists do not try it again.",
    source = "zone-eu/zone-mta: config/bounces.txt",
  },
  {
    id = "gmail-account-disabled",
    text = "account that you tried to reach is disabled",
    code = "550",
    enhanced = "5.2.1",
    commands = {"RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "mailbox-disabled", retry = "no", acts = "sender",
    meaning = "The Gmail account exists but has been switched off, by Google, by its owner or by a Workspace admin. " ..
      "It receives no mail in this state.",
    fix = "Remove the address from your lists. In a Workspace domain the admin can restore the user; anyone else " ..
      "must be reached some other way.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-account-inactive",
    text = "account that you tried to reach is inactive",
    code = "550",
    enhanced = "5.2.1",
    commands = {"RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "mailbox-disabled", retry = "no", acts = "sender",
    meaning = "The Gmail account has lain unused for so long that Google no longer accepts mail for it.",
    fix = "Drop the address from mailings and ask the person, through another channel, which one they use today.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-recipient-rate-prevents",
    text = "rate that prevents additional messages from being delivered",
    code = "550",
    enhanced = "5.2.1",
    commands = {"RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "recipient-rate-limited", retry = "no", acts = "sending-admin",
    meaning = "This Gmail mailbox has been flooded for so long that Google now refuses more mail for it outright. " ..
      "Nothing is said against the message or its sender.",
    fix = "Find out from the queue and log what sends so much to this user, and stop it. Send the message again " ..
      "some hours later, and keep the address on the list.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "With 450 4.2.1 in place of 550 5.2.1 the same words are a delay only: the queue may try again.",
    },
  },
  {
    id = "gmail-daily-user-limit",
    text = "daily user sending limit exceeded",
    code = "550",
    enhanced = "5.4.5",
    commands = {"MAIL", "RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "sending-quota-exceeded", retry = "no", acts = "sender",
    meaning = "This Gmail or Workspace user has sent as much as Google allows in one day. Google accepts more from " ..
      "the account within 24 hours.",
    fix = "Send the message again tomorrow. If the user did not send that much, change the password and revoke app " ..
      "access, since the account may be hacked; for bulk mail use a service made for it.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-relay-denied",
    text = "mail relay denied",
    code = "550",
    enhanced = "5.7.0",
    commands = {"MAIL", "RCPT"},
    provider = "Gmail",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sending-admin",
    meaning = "Google's Workspace SMTP relay does not accept this client, because neither its IP address nor its " ..
      "login or sender domain matches the relay settings.",
    fix = "In the Google Admin console open Apps, Google Workspace, Gmail, Routing, SMTP relay service, and add the " ..
      "client's public IP address. Also check that the client's EHLO name and sender use one of your domains.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-workspace-policy",
    text = "you are sending to (or from) has a policy that prohibited",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sender",
    meaning = "A rule set by a Workspace admin forbids this message between the two domains. The admin may be on " ..
      "either side.",
    fix = "Ask the admin of the Workspace domain, yours or theirs, to search the Email Log Search for the message " ..
      "and the rule. Content compliance and restricted delivery are the settings that matter.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-out-of-storage-inactive",
    text = "inbox is out of storage space and inactive",
    code = "552",
    enhanced = "5.2.2",
    commands = {"RCPT", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "mailbox-full", retry = "no", acts = "recipient",
    meaning = "The Gmail mailbox is full and its owner has not used it for a long time. Google has stopped hoping " ..
      "for space and rejects the mail.",
    fix = "Ask the person for another address. Where no answer comes after several such bounces, take this address " ..
      "off the list.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-message-size",
    text = "exceeded google's message size limits",
    code = "552",
    enhanced = "5.3.4",
    commands = {"MAIL", "end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message with its attachments is larger than Google accepts. Encoding makes attachments about a " ..
      "third bigger than they are on disk.",
    fix = "Put the large files on Drive or another file service and send a link, or split the message. Gmail sends " ..
      "up to 25 MB and receives up to 50 MB.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
  {
    id = "gmail-attachment-security",
    text = "blocked because its content presents a potential security issue",
    code = "552",
    enhanced = "5.7.0",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "attachment-refused", retry = "no", acts = "sender",
    meaning = "Google found an attachment of a forbidden type, such as a program or script, perhaps inside an " ..
      "archive. It also refuses archives that it cannot open when they look dangerous.",
    fix = "Share the file through a link instead of an attachment. Neither renaming it nor zipping it with a " ..
      "password is likely to get it through.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
    notes = {
      "Google answers 552 here, otherwise a size code: no mailbox is full and the message need not be smaller.",
    },
  },
  {
    id = "gmail-too-many-hops",
    text = "message exceeded 50 hops",
    code = "554",
    enhanced = "5.4.6",
    commands = {"end-of-data"},
    provider = "Gmail",
    names_provider = true,
    cause = "mail-loop", retry = "no", acts = "sending-admin",
    meaning = "The message has gone through more than 50 servers, so Google suspects a loop.",
    fix = "Read the Received headers from the bottom up; the hosts that repeat form the loop. Break it in the " ..
      "forwarding rule, alias or Workspace routing setting that sends the mail back.",
    source = "sisimai/p5-sisimai: lib/Sisimai/Rhost/Google.pm; https://support.google.com/a/answer/3726730",
  },
}
