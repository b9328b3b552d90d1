-- Owns what qmail says on the wire, and in its bounces and logs (direction = "local").
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the sources named in each entry; the prose is our own.
return {
  {
    id = "qmail-vrfy",
    text = "send some mail, i'll try my best",
    code = "252",
    commands = {"VRFY"},
    provider = "qmail",
    names_provider = true,
    cause = "accepted-unverified", retry = "no", acts = "sender",
    meaning = "A qmail server answers every VRFY so, whether the mailbox exists or not.",
    fix = "Nothing to repair: do not read it as a confirmation. Test the address with RCPT if you must, knowing " ..
      "that a stock qmail accepts every name there and bounces later.",
    source = "notqmail, qmail-smtpd.c",
  },
  {
    id = "qmail-dns-temporary",
    text = "Sorry, I couldn't find any host by that name",
    code_guess = "450",
    enhanced = "4.1.2",
    direction = "local",
    provider = "qmail",
    names_provider = true,
    cause = "dns-failure", retry = "yes", acts = "sender",
    meaning = "A DNS look-up for the recipient's domain failed for the moment on the sending host.",
    fix = "Check the domain's spelling, then run dig MX DOMAIN on the host where qmail runs. If every domain fails, " ..
      "the resolver in /etc/resolv.conf is at fault; if only one does, its name servers are.",
    source = "notqmail, qmail-remote.c",
    notes = {
      "The permanent form reads \"any host named DOMAIN\" and carries #5.1.2.",
      "An unpatched qmail-remote also fails here on DNS answers above 512 bytes; notqmail has mended that.",
    },
  },
  {
    id = "qmail-bare-lf",
    text = "See https://cr.yp.to/docs/smtplf.html",
    code = "451",
    commands = {"end-of-data"},
    provider = "qmail",
    names_provider = true,
    cause = "protocol-error", retry = "yes", acts = "sending-admin",
    meaning = "The client sent a line that ends in a lone line feed instead of CRLF, and qmail hung up.",
    fix = "Correct the program that sends, so that each line ends in CRLF. Until then the receiver can run fixcrio " ..
      "before qmail-smtpd for that one client.",
    source = "notqmail, qmail-smtpd.c",
    notes = {
      "The 451 makes senders retry for days, but no retry helps until the line ends are repaired.",
      "Older qmail names http://pobox.com/~djb/docs/smtplf.html for the same fault.",
    },
  },
  {
    id = "qmail-qqt-failure",
    text = "qqt failure",
    code = "451",
    enhanced = "4.3.0",
    commands = {"DATA", "end-of-data"},
    provider = "qmail",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "The server could not start qmail-queue, the program that stores the message.",
    fix = "Let the sender retry. On the receiving host, raise the softlimit memory figure in the run script of " ..
      "qmail-smtpd, and check the path and the rights of what QMAILQUEUE names (simscan, qmail-scanner).",
    source = "notqmail, qmail-smtpd.c",
  },
  {
    id = "qmail-no-connection",
    text = "Sorry, I wasn't able to establish an SMTP connection",
    code_guess = "451",
    enhanced = "4.4.1",
    direction = "local",
    provider = "qmail",
    names_provider = false,
    cause = "connection-failed", retry = "yes", acts = "sending-admin",
    meaning = "The sending server could not connect to any host that the recipient's domain names.",
    fix = "Test port 25 of each MX with ehlo probe. If none answers anywhere, your own firewall or access provider " ..
      "blocks outgoing port 25; if only this one fails, check your own routes (in qmail, control/smtproutes) and leave " ..
      "the rest to the queue.",
    source = "notqmail, qmail-remote.c",
    notes = {
      "By default qmail tries for seven days (control/queuelifetime) before it bounces. Hosts that were down are " ..
        "skipped for a while, which qmail-tcpok clears.",
    },
  },
  {
    id = "qmail-no-mailbox",
    text = "Sorry, no mailbox here by that name",
    code_guess = "550",
    enhanced = "5.1.1",
    direction = "local",
    provider = "qmail",
    names_provider = true,
    cause = "mailbox-unknown", retry = "no", acts = "sender",
    meaning = "The delivering qmail-local found neither a user nor a .qmail file for the address, after the message " ..
      "had been accepted.",
    fix = "Correct the address. If it should exist, the administrator looks for the .qmail-NAME or .qmail-default " ..
      "file in the alias or domain directory, at users/assign and, with vpopmail, at vuserinfo.",
    source = "notqmail, qmail-local.c",
    notes = {
      "It stands in the bounce that qmail writes, with #5.1.1. A stock qmail-smtpd does not check users, so forged " ..
        "senders receive such bounces.",
    },
  },
  {
    id = "qmail-databytes",
    text = "that message size exceeds my databytes limit",
    code = "552",
    enhanced = "5.3.4",
    commands = {"end-of-data", "MAIL"},
    provider = "qmail",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message is larger than control/databytes (or the DATABYTES variable) on the receiving server.",
    fix = "Send a link, or split the attachment. The receiving administrator raises the number in " ..
      "control/databytes; qmail-smtpd reads it afresh for each connection.",
    source = "notqmail, qmail-smtpd.c",
  },
  {
    id = "qmail-rcpthosts",
    text = "sorry, that domain isn't in my list of allowed rcpthosts",
    code = "553",
    enhanced = "5.7.1",
    commands = {"RCPT"},
    provider = "qmail",
    names_provider = true,
    cause = "relay-denied", retry = "no", acts = "sender",
    meaning = "The recipient's domain is not in control/rcpthosts, and the client has no permission to relay.",
    fix = "On your own outgoing server, log in, or set RELAYCLIENT for your network in the tcpserver rules. On the " ..
      "recipient's MX, the administrator adds the domain to control/rcpthosts, or to morercpthosts followed by " ..
      "qmail-newmrh.",
    source = "notqmail, qmail-smtpd.c",
    notes = {
      "Said by the recipient's own MX, it is the receiving administrator who must act; said by your own relay, a " ..
        "login is missing.",
    },
  },
  {
    id = "qmail-badmailfrom",
    text = "your envelope sender is in my badmailfrom list",
    code = "553",
    enhanced = "5.7.1",
    commands = {"RCPT", "MAIL"},
    provider = "qmail",
    names_provider = true,
    cause = "sender-blocked", retry = "no", acts = "sending-admin",
    meaning = "The address or domain in MAIL FROM stands in the receiver's control/badmailfrom.",
    fix = "Ask the receiving postmaster to remove the line, and say what has changed if spam came from your domain. " ..
      "To be heard, write from another domain or use the telephone.",
    source = "notqmail, qmail-smtpd.c",
  },
  {
    id = "qmail-queue-rejected",
    text = "mail server permanently rejected message",
    code_guess = "554",
    enhanced = "5.3.0",
    direction = "local",
    provider = "qmail",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sender",
    meaning = "The program in the place of qmail-queue refused the message for good (exit code 31), as virus and " ..
      "spam filters do.",
    fix = "Look in the log of the filter that QMAILQUEUE names (simscan, qmail-scanner) at the time of the attempt: " ..
      "the verdict stands there. The sender should retry only with changed content.",
    source = "notqmail, qmail.c",
    notes = {
      "In qmail-smtpd the text also goes out at the end of data with a 5yz code, so a remote sender may see it as " ..
        "well.",
    },
  },
  {
    id = "qmail-too-many-hops",
    text = "too many hops, this message is looping",
    code = "554",
    enhanced = "5.4.6",
    commands = {"end-of-data"},
    provider = "qmail",
    names_provider = true,
    cause = "mail-loop", retry = "no", acts = "sending-admin",
    meaning = "The message has gathered 100 Received and Delivered-To lines and therefore runs in a circle.",
    fix = "See which hosts repeat in the Received lines, then correct the .qmail file, the alias or " ..
      "control/smtproutes that sends the mail back.",
    source = "notqmail, qmail-smtpd.c",
  },
  {
    id = "qmail-delivered-to-loop",
    text = "it already has my Delivered-To line",
    code_guess = "554",
    enhanced = "5.4.6",
    direction = "local",
    provider = "qmail",
    names_provider = false,
    cause = "mail-loop", retry = "no", acts = "sending-admin",
    meaning = "The message has come back to an address that it was already delivered to, so a forward leads back to " ..
      "its start.",
    fix = "Compare the Delivered-To and Received lines of the bounce, and remove the forward that closes the ring: " ..
      "two mailboxes that forward to each other, or a .qmail file that names its own address.",
    source = "notqmail, qmail-local.c",
    notes = {
      "Other programs that write Delivered-To lines stop such a ring in similar words.",
    },
  },
}
