-- Reply codes 510 to 541: refused connections, logins and TLS, and the codes that only web lists or one host know.
-- src/core/catalogue/build.lua alone reads this file, as text in an empty environment.
-- Facts: the RFCs named in each entry.
return {
  {
    code = "510",
    name = "Bad address, or queue not readable",
    meaning = "Web lists read it as a bad address; Sendmail prints it locally to a user who may not see the mail " ..
      "queue.",
    when = "Seldom on the wire: a remote server that means a bad address says 550 with 5.1.0 or 5.1.1.",
    fix = "Check the address for typing errors and go by the text. For Sendmail's own message, run mailq as root or " ..
      "remove restrictmailq from PrivacyOptions.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.0"},
    status = "nonstandard",
    see_also = {"511", "550", "553"},
    notes = {
      "The web-list meaning looks like 5.1.0 with its dots removed; that pair is inferred.",
    },
  },
  {
    code = "511",
    name = "Unknown mailbox in web lists",
    meaning = "Web lists read it as a mailbox that does not exist.",
    when = "Bounce lists and reporting tools that drop the dots of 5.1.1; mail servers hardly ever send it.",
    fix = "Ask the recipient for the right spelling, and take the address off the list once the text confirms that " ..
      "it is unknown.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.1"},
    status = "nonstandard",
    see_also = {"550", "510", "585"},
    notes = {
      "Looks like 5.1.1 with its dots removed; that pair is inferred. The standard form is 550 5.1.1.",
    },
  },
  {
    code = "512",
    name = "Domain not found in web lists",
    meaning = "Web lists read it as a recipient domain without a usable DNS entry.",
    when = "A report written by the sending relay: no server of the recipient has answered yet.",
    fix = "Look for a typing error in the domain, then query its MX, A and AAAA records. If the zone itself is " ..
      "broken, tell whoever runs the domain's DNS.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.2"},
    status = "nonstandard",
    see_also = {"550", "556", "513"},
    notes = {
      "Looks like 5.1.2 with its dots removed; that pair is inferred.",
    },
  },
  {
    code = "513",
    name = "Malformed address in web lists",
    meaning = "Web lists read it as an address of the wrong form, and some as a missing login.",
    when = "Reports of the sending relay rather than replies of a remote server.",
    fix = "Check the address for spaces, stray commas and a missing domain. If it is sound, check that the mail " ..
      "program logs in to its submission server.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.1.3"},
    status = "nonstandard",
    see_also = {"501", "553", "530"},
    notes = {
      "Looks like 5.1.3 with its dots removed; that pair is inferred. The standard forms are 501 5.1.3 and 553 5.1.3.",
    },
  },
  {
    code = "520",
    name = "Wrong QHLO identifier, expired draft",
    meaning = "An expired draft for a faster session start used it to ask for the right QHLO identifier; no " ..
      "standard gives it a meaning.",
    when = "Unknown in the wild, since QHLO was never deployed.",
    fix = "Treat a sighting as a plain permanent refusal, go by its text, and ask the postmaster of that server " ..
      "what it stands for.",
    retry = "no",
    acts = "sending-admin",
    commands = {"any"},
    status = "nonstandard",
    see_also = {"521", "500", "554"},
    notes = {
      "The draft is draft-fanf-smtp-quickstart.",
    },
  },
  {
    code = "521",
    name = "Host does not accept mail",
    meaning = "This host never takes mail and says so where the 220 greeting should stand.",
    when = "A host that only sends, or a dummy listener kept on an old MX address. Postfix postscreen also says 521 " ..
      "to blocklisted or ill-behaved clients, so the text matters.",
    fix = "Look up the domain's MX records: is this the host they name? If the domain truly takes no mail, reach " ..
      "the person some other way. Where the text names a blocklist, get the sending IP delisted instead.",
    retry = "no",
    acts = "sender",
    commands = {"greeting"},
    enhanced = {"5.3.2", "5.7.1", "5.5.1", "5.5.2"},
    standards = {{rfc = 7504, section = "3, 5.1"}, {rfc = 1846, section = "4"}, {rfc = 6409, section = "7"}},
    status = "standard",
    see_also = {"554", "556", "421"},
    notes = {
      "RFC 1846 also let an MX relay say 521 to RCPT; RFC 7504 keeps it for the greeting and gives the relay case " ..
        "the code 556.",
      "RFC 5321 knows only 554 as a refusing greeting. RFC 7504 adds 521 for hosts that take no mail at all, so " ..
        "that 554 is left to hosts that refuse some clients.",
      "RFC 1846 warns that some clients take a connection closed after 521 for a passing fault and requeue; RFC " ..
        "7504 permits closing.",
      "As a client, Postfix skips a 5yz greeting by default (smtp_skip_5xx_greeting = yes), tries the next MX and " ..
        "keeps the mail queued.",
      "Postscreen's drop action sends 521 5.7.1 to a blocklisted client: a block, not a host that never takes mail. " ..
        "Its enforce action says 550 instead.",
      "Postfix also uses 521 for broken BDAT commands and Haraka for lines that are too long; AT&T shows 521 inside " ..
        "the text of a 553 reply.",
      "RFC 6409 section 7 says that submission servers must not use 521.",
      "RFC 2034 keeps enhanced codes off greetings, yet software adds 5.3.2 or 5.7.1 here.",
    },
  },
  {
    code = "522",
    name = "Mailbox over quota",
    meaning = "A private code for a mailbox that has used up its quota.",
    when = "Collected bounces of a few hosts, mostly after RCPT or end of data. Most servers say 552 5.2.2 or 452 " ..
      "4.2.2.",
    fix = "Tell the recipient by another way to clear the mailbox, then send the message again by hand.",
    retry = "no",
    acts = "recipient",
    commands = {"RCPT", "end-of-data"},
    enhanced = {"5.2.2", "5.2.0"},
    status = "nonstandard",
    see_also = {"552", "452"},
    notes = {
      "Looks like 5.2.2 with its dots removed; the pairs are inferred.",
    },
  },
  {
    code = "523",
    name = "Encryption needed before login",
    meaning = "The connection must be encrypted before this login can go on.",
    when = "Rare on the wire: Google documents 523 5.7.10 for commands pipelined behind STARTTLS.",
    fix = "Send STARTTLS, wait for the 220 and finish the handshake before any other command, then send EHLO again " ..
      "and log in.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH", "STARTTLS"},
    enhanced = {"5.7.10"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"524", "530", "538"},
    notes = {
      "RFC 5248 pairs 523 with X.7.10 and defines nothing more. Web lists say message too large, which is the " ..
        "meaning of X.2.3.",
    },
  },
  {
    code = "524",
    name = "Encryption needed, or expansion failed",
    meaning = "Either the login mechanism needs encryption (5.7.11), or OpenSMTPD could not expand an alias or list " ..
      "(5.2.4).",
    when = "In practice alias loops and broken forward files at an OpenSMTPD host, in reply to RCPT. For AUTH " ..
      "without TLS the code stands in RFC 5248's table, while servers prefer 538 or 530.",
    fix = "Let the enhanced code decide. With 5.2.4, the receiving host's administrator mends the alias or forward " ..
      "file; with 5.7.11, start TLS in the client before it logs in.",
    retry = "no",
    acts = "receiving-admin",
    commands = {"RCPT", "AUTH"},
    enhanced = {"5.2.4", "5.7.11"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"523", "530", "538"},
    notes = {
      "RFC 5248 pairs 524 with X.7.11; OpenSMTPD sends 524 5.2.4. Whichever comes, the first digit says: do not " ..
        "send it again unchanged.",
    },
  },
  {
    code = "525",
    name = "User account disabled",
    meaning = "The login details are right, but the administrator has closed the account.",
    when = "Unpaid, abused or broken-into accounts, in reply to AUTH. Some hosts send 525 5.7.13 to RCPT for a " ..
      "disabled recipient.",
    fix = "Stop asking for the password and talk to the provider or administrator who closed the account. For a " ..
      "disabled recipient, take the address off the list.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH", "RCPT"},
    enhanced = {"5.7.13"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"535", "505", "550"},
    notes = {
      "RFC 5248 pairs 525 with X.7.13; Microsoft Exchange gives 5.7.13 to a public folder problem instead.",
    },
  },
  {
    code = "530",
    name = "Login or STARTTLS required first",
    meaning = "The server wants a login, or TLS, before it goes on; the text says which.",
    when = "A mail program that submits without AUTH: Microsoft 365 says 530 5.7.57, Gmail and Postfix 530 5.7.0. " ..
      "Postfix and OpenSMTPD say 'Must issue a STARTTLS command first' where TLS is compulsory.",
    fix = "Turn on STARTTLS and AUTH in the client and submit on port 587 or 465. Between servers on port 25, " ..
      "enable outbound TLS (smtp_tls_security_level = may in Postfix) and do not log in: logins belong to " ..
      "submission.",
    retry = "no",
    acts = "sender",
    commands = {"MAIL", "RCPT", "ATRN", "any"},
    enhanced = {"5.7.0", "5.5.1", "5.7.1", "5.7.57"},
    standards = {
      {rfc = 4954, section = "6"},
      {rfc = 3207, section = "4"},
      {rfc = 6409, section = "4.3"},
      {rfc = 2645, section = "7"},
    },
    status = "standard",
    see_also = {"535", "538", "523", "550"},
    notes = {
      "Where TLS is compulsory, RFC 3207 lets only NOOP, EHLO, STARTTLS and QUIT through.",
      "A public MX must not demand STARTTLS for local delivery, says RFC 3207; a private relay or a submission " ..
        "server may.",
    },
  },
  {
    code = "533",
    name = "Delivery not authorised",
    meaning = "RFC 5248's table sets it beside X.7.1, delivery not authorised; no text defines it.",
    when = "Rare. Exim writes 533 in its own reports when the next host lacks SMTPUTF8.",
    fix = "Read the text. Handle a refusal like 550 5.7.1; for Exim's report, use an ASCII address or ask the " ..
      "receiving site to offer SMTPUTF8.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT"},
    enhanced = {"5.7.1"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "nonstandard",
    see_also = {"550", "553", "530"},
  },
  {
    code = "534",
    name = "Login mechanism too weak",
    meaning = "The policy for this user asks for a stronger login mechanism.",
    when = "PLAIN or LOGIN where more is demanded. Gmail sends 534 5.7.9 for an account that needs an app password " ..
      "and 534 5.7.14 for one that must log in by web browser first.",
    fix = "Choose a stronger mechanism from the AUTH line of EHLO, or OAuth. At Gmail, create an app password, or " ..
      "open the link in the reply and sign in once.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH"},
    enhanced = {"5.7.9", "5.7.14"},
    standards = {{rfc = 4954, section = "6"}},
    status = "standard",
    see_also = {"535", "504", "538"},
    notes = {
      "In the registry X.7.14 means that a trust relationship is required; Gmail uses 5.7.14 for sign-in blocks.",
      "Yahoo's 5.7.9 comes with 550 or 554 and means unauthenticated or unwanted mail; no login is involved.",
    },
  },
  {
    code = "535",
    name = "Login credentials rejected",
    meaning = "User name or password were refused, or the account may not log in over SMTP.",
    when = "Typing errors, an old password in a printer or script, accounts with two-factor login. Microsoft 365 " ..
      "says 535 5.7.139 where basic authentication is switched off.",
    fix = "Set the password anew, or use an app password or OAuth where the provider asks for one. Stop the client " ..
      "after a few tries: repeated failures lock the account or ban the IP.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH"},
    enhanced = {"5.7.8", "5.7.3", "5.7.139", "5.7.0", "5.7.1"},
    standards = {{rfc = 4954, section = "4, 6"}},
    status = "standard",
    see_also = {"534", "530", "525", "454"},
    notes = {
      "Postfix, Gmail and RFC 4954 pair 535 with 5.7.8, Sendmail with 5.7.0, Microsoft Exchange with 5.7.3.",
      "A server whose password store is out of reach should say 454 4.7.0; if logins of all users fail at once, " ..
        "look at the SASL service first.",
    },
  },
  {
    code = "538",
    name = "Encryption required for this mechanism",
    meaning = "The chosen login mechanism may only be used on an encrypted connection.",
    when = "Old servers that list PLAIN before TLS is on.",
    fix = "Start TLS in the client, then log in; newer servers hide such mechanisms until TLS is on.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH"},
    enhanced = {"5.7.11"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 2554, section = "6"}},
    status = "obsolete",
    see_also = {"530", "523", "524", "534"},
    notes = {
      "RFC 4954 deprecates 538 and lists it for the sake of old servers; 530 and 504 have taken its place.",
    },
  },
  {
    code = "540",
    name = "Private code, no assigned meaning",
    meaning = "No standard gives this code a meaning; the text alone tells what went wrong.",
    when = "A handful of services, for a suspended or unreachable destination.",
    fix = "Read the text and take the refusal as permanent. Ask the postmaster of that service if the text stays dark.",
    retry = "no",
    acts = "sender",
    commands = {"any"},
    status = "nonstandard",
    see_also = {"541", "550", "554"},
  },
  {
    code = "541",
    name = "Rejected by the recipient's side",
    meaning = "Web lists read it as a message that the recipient's side refused, mostly as spam.",
    when = "A few older filtering services, after RCPT or end of data; bounces with 541 5.4.1 are on record.",
    fix = "Handle it like 550 5.7.1: check the sending IP and domain on blocklists and look at the content, then " ..
      "write to the recipient's postmaster.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data", "RCPT"},
    enhanced = {"5.4.1"},
    status = "nonstandard",
    see_also = {"550", "554", "571"},
    notes = {
      "Looks like 5.4.1 with its dots removed, although 5.4.1 means no answer from the host; that reading is inferred.",
    },
  },
}
