-- Owns what Postfix says before and after the session: postscreen at the door, cleanup at the end of data.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the sources named in each entry; the prose is our own.
return {
  {
    id = "postfix-postscreen-busy",
    text = "All server ports are busy",
    code = "421",
    enhanced = "4.3.2",
    commands = {"greeting"},
    provider = "Postfix postscreen",
    names_provider = true,
    cause = "server-busy", retry = "yes", acts = "receiving-admin",
    meaning = "Every mail server process behind postscreen is taken, and its waiting line is full.",
    fix = "Let the queue retry. On the receiving host, see who holds the connections (a flood, or slow milters and " ..
      "filters); only then raise default_process_limit or postscreen_pre_queue_limit.",
    source = "Postfix, src/postscreen/postscreen.c",
  },
  {
    id = "postfix-queue-write-error",
    text = "queue file write error",
    code = "451",
    enhanced = "4.3.0",
    commands = {"end-of-data"},
    provider = "Postfix",
    names_provider = true,
    cause = "server-fault", retry = "yes", acts = "receiving-admin",
    meaning = "The receiving Postfix could not store the message, or the filter that it passes mail through broke off.",
    fix = "Wait for the retry. On the receiving host, check the free space and the inodes of /var/spool/postfix " ..
      "with df and df -i, and search the log for cleanup, for the milter and for the host in smtpd_proxy_filter.",
    source = "Postfix, src/global/cleanup_strerror.c",
  },
  {
    id = "postfix-postscreen-denylist",
    text = "Service currently unavailable",
    code = {"521", "550"},
    enhanced = "5.3.2",
    commands = {"greeting", "RCPT"},
    provider = "Postfix postscreen",
    names_provider = true,
    cause = "policy", retry = "no", acts = "sending-admin",
    meaning = "The connecting address stands on the receiver's own deny list, and postscreen turned it away before " ..
      "any mail server saw it.",
    fix = "Write to the receiving postmaster from another network and name your address. There, the entry is in a " ..
      "table of postscreen_access_list; postmap -q or a search for the address range finds it.",
    source = "Postfix, src/postscreen/postscreen.c",
    notes = {
      "When postscreen drops the client it answers 521 5.3.2, when it enforces 550 5.3.2. The 521 does not mean " ..
        "that the host takes no mail.",
    },
  },
  {
    id = "postfix-postscreen-protocol-error",
    text = "Protocol error",
    code = {"521", "550"},
    enhanced = "5.5.1",
    commands = {"greeting", "RCPT", "any"},
    provider = "Postfix postscreen",
    names_provider = false,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client spoke before it was greeted, or broke SMTP in another way, as spam programs do.",
    fix = "Make the sender wait for the full greeting, which postscreen deliberately sends in two parts, six " ..
      "seconds apart. On the receiving host, the log line PREGREET, PIPELINING, NON-SMTP COMMAND or BARE NEWLINE " ..
      "names the fault.",
    source = "Postfix, src/postscreen/postscreen_smtpd.c",
    notes = {
      "When postscreen drops the client it answers 521 5.5.1, when it enforces 550 5.5.1.",
    },
  },
  {
    id = "postfix-bare-lf",
    text = "bare <LF> received",
    code = {"521", "550"},
    enhanced = "5.5.2",
    commands = {"end-of-data"},
    provider = "Postfix",
    names_provider = true,
    cause = "protocol-error", retry = "no", acts = "sending-admin",
    meaning = "The client ended a line with a lone line feed instead of CRLF, which Postfix refuses as a guard " ..
      "against SMTP smuggling.",
    fix = "Correct the sending program so that each line ends in CRLF, header and text alike. To let an old device " ..
      "in meanwhile, the receiver lists its address in smtpd_forbid_bare_newline_exclusions.",
    source = "Postfix, src/global/cleanup_strerror.c",
    notes = {
      "The 521 comes from postscreen, the 550 from smtpd, whose default it is.",
    },
  },
  {
    id = "postfix-postscreen-dnsbl",
    text = "blocked using",
    code = "521",
    code_guess = "550",
    enhanced = "5.7.1",
    commands = {"RCPT", "greeting"},
    provider = "Postfix postscreen",
    names_provider = false,
    cause = "ip-blocklisted", retry = "no", acts = "sending-admin",
    meaning = "The connecting address stands on a DNS blocklist that the receiver asks, or on several whose scores " ..
      "add up to a refusal.",
    fix = "Look the address up on the list named in the text and on the other large lists, end the abuse that put " ..
      "it there, and ask for removal. Sending again before that only adds to the record.",
    source = "Postfix, src/postscreen/postscreen_early.c",
    notes = {
      "The reply is 550 5.7.1 when postscreen enforces and 521 5.7.1 when it drops: here a 521 is a block, not a " ..
        "host that takes no mail.",
      "The name shown may be a stand-in from postscreen_dnsbl_reply_map, and the sum is judged by " ..
        "postscreen_dnsbl_threshold.",
    },
  },
  {
    id = "postfix-content-rejected",
    text = "message content rejected",
    code = "550",
    enhanced = "5.7.1",
    commands = {"end-of-data"},
    provider = "Postfix",
    names_provider = true,
    cause = "spam-content", retry = "no", acts = "sender",
    meaning = "A header or a line of the text matched a pattern in the receiver's header_checks, mime_header_checks " ..
      "or body_checks.",
    fix = "Ask the receiving postmaster, whose log line from cleanup quotes the header or line that matched. Send a " ..
      "bare text without attachments and links to see which part offends.",
    source = "Postfix, src/global/cleanup_strerror.c",
  },
  {
    id = "postfix-message-too-big",
    text = "message file too big",
    code = "552",
    enhanced = "5.3.4",
    commands = {"end-of-data", "MAIL"},
    provider = "Postfix",
    names_provider = true,
    cause = "message-too-large", retry = "no", acts = "sender",
    meaning = "The message with its encoded attachments is larger than message_size_limit on the receiving server.",
    fix = "Send a link in place of the attachment, or split it; encoding adds about a third to the size of a file. " ..
      "To allow more, the receiving administrator raises message_size_limit, and mailbox_size_limit with it.",
    source = "Postfix, src/global/cleanup_strerror.c",
  },
  {
    id = "postfix-too-many-hops",
    text = "too many hops",
    code = "554",
    enhanced = "5.4.0",
    commands = {"end-of-data"},
    provider = "Postfix",
    names_provider = false,
    cause = "mail-loop", retry = "no", acts = "sending-admin",
    meaning = "The message has passed through more servers than the receiver allows (hopcount_limit in Postfix, 50 " ..
      "by default), so it is most likely going round in circles.",
    fix = "Read the Received lines and find the two hosts that alternate. Then mend what sends it back: a forward " ..
      "that points to itself, or an MX or transport entry that leads to a server which does not know the domain as " ..
      "its own.",
    source = "Postfix, src/global/cleanup_strerror.c",
  },
}
