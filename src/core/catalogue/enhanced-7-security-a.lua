-- Owns the enhanced status codes X.7.0 to X.7.14: permission, login, encryption and accounts.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- The facts come from the RFCs that each entry names, the IANA registry and seen replies; the prose is our own.
return {
  {
    code = "X.7.0",
    name = "Other or undefined security status",
    classes = {"2", "4", "5"},
    meaning = "Refused for a reason of security or policy that only the text of the reply can name.",
    when = "On submission it asks for a login or for STARTTLS (530 5.7.0), and Sendmail gives a failed login that " ..
      "way. On port 25, Proofpoint and iCloud block listed addresses, and Gmail refuses relaying and dangerous " ..
      "attachments.",
    fix = "Read the text. Where it wants a login or TLS, set both in the mail program or relay; where it blocks the " ..
      "address, follow its link to the delisting form; where it names the content, send the file as a link.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["2"] = {
        name = "Login or security step succeeded",
        meaning = "The security step worked; as the answer to AUTH it means that the login was accepted.",
        when = "After AUTH in most cases (235 2.7.0), after STARTTLS at some servers. Postfix also says goodbye " ..
          "with 221 2.7.0 to a client that sends forbidden commands.",
        fix = "Nothing to repair: go on with MAIL. If the login surprises you, look in the mail log for the account " ..
          "and the address it came from.",
        acts = "nobody",
      },
      ["4"] = {
        name = "Held back for security or policy",
        meaning = "Put off for a reason of security or policy that can pass, such as a rate, a reputation or a " ..
          "login service that is down.",
        when = "Yahoo's [TSS04], Gmail for doubtful content or links, Postfix for too many connections, TLS " ..
          "sessions or errors, all at 421. At 454 the server's own login or TLS service is out of order, or a " ..
          "client tried to log in too often.",
        fix = "Keep the mail queued and send more slowly from that address, since every hurried retry counts " ..
          "against it. After 454, leave the password alone and let the server's administrator look at the login " ..
          "service or the TLS key.",
        acts = "sending-admin",
      },
    },
    commands = {"any"},
    replies = {
      "530", "550", "554", "552", "535", "421", "454", "235", "220", "221", "450", "451", "500", "501", "503", "504",
    },
    standards = {
      {rfc = 3463, section = "3.8"},
      {rfc = 3207, section = "4"},
      {rfc = 4954, section = "6"},
      {rfc = 6409, section = "6.3"},
      {rfc = 5248, section = "2.4"},
    },
    status = "standard",
    see_also = {"X.7.1", "X.7.8", "X.7.10", "X.7.28"},
    notes = {
      "530 5.7.0 has two standard meanings: a login is missing (RFC 4954) or STARTTLS is missing (RFC 3207). Only " ..
        "the text tells which.",
      "552 5.7.0 at Gmail refuses a dangerous attachment. 552 is a storage code, yet no mailbox is full.",
      "Gmail sends 454 4.7.0 after too many login attempts: stop the client that holds an old password, then wait.",
    },
  },
  {
    code = "X.7.1",
    name = "Delivery not authorised, message refused",
    classes = {"4", "5"},
    meaning = "This client, sender or message is not allowed through to that destination.",
    when = "Relaying without a login, an address on a blocklist, a spam or DMARC verdict, a closed group: nearly " ..
      "every server puts all of these under this one code.",
    fix = "Go by the text: relaying needs a login or a corrected relay table, a listing needs a request at the " ..
      "list's own site, a spam or DMARC verdict needs SPF, DKIM and alignment, a closed recipient has to admit the " ..
      "sender.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "Not authorised yet, often greylisting",
        meaning = "Not let in for now: the server wants to see the same sender come again, or something repaired " ..
          "first.",
        when = "Greylisting above all (rspamd's \"Try again later\"). Also Postfix rate limits, a HELO name or PTR " ..
          "record that Postfix cannot look up, and iCloud's volume limit.",
        fix = "Wait: a mail server that tries again from the same address after some minutes passes greylisting. If " ..
          "the text names a rate, slow down; if it names your host name, repair the PTR, A or HELO name.",
        retry = "yes",
        acts = "nobody",
      },
    },
    commands = {"greeting", "MAIL", "RCPT", "DATA", "end-of-data"},
    replies = {"550", "554", "451", "450", "553", "421", "521", "571", "551", "503", "502", "454", "533"},
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 6409, section = "6.1"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.0", "X.1.1", "X.7.26", "X.7.25"},
    notes = {
      "RFC 3463 calls it useful only as a permanent error, yet 450 4.7.1 and 451 4.7.1 are the usual words of " ..
        "greylisting.",
      "550 5.1.1 says that the address is unknown and should leave the list; 550 5.7.1 is policy and no reason to " ..
        "drop the address. A text that says otherwise outranks both.",
      "521 5.7.1 from Postfix postscreen blocks this client; the host does take mail from others.",
      "Where the text names an open resolver or a /returnc/ link, no address is listed: the receiving side asks the " ..
        "list through a resolver that the list refuses.",
    },
  },
  {
    code = "X.7.2",
    name = "Mailing list expansion prohibited",
    classes = {"5"},
    meaning = "This sender may not write to that mailing list or group.",
    when = "Lists that take mail from members only, and groups kept for people inside an organisation. Microsoft " ..
      "365 has finer codes for that, such as 5.7.124 and 5.7.133.",
    fix = "Send from the address that is subscribed, or ask the owner of the list to admit the sender.",
    retry = "no",
    acts = "sender",
    commands = {"RCPT", "end-of-data"},
    replies = {"550", "553"},
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.1", "X.2.4"},
    notes = {
      "Yahoo means something else by 553 5.7.2: the sending address has such a poor reputation that its mail \"will " ..
        "be permanently deferred\". The same text also comes with 421 4.7.1 [TS03].",
      "At Yahoo, waiting does not help: stop the complaints first, then apply through Yahoo's sender support.",
    },
  },
  {
    code = "X.7.3",
    name = "Security conversion needed but not possible",
    classes = {"5"},
    meaning = "The message would have to pass from one security system into another, and that cannot be done. In " ..
      "Exchange the number stands for a failed login.",
    when = "Seldom at gateways for S/MIME or PGP. Mostly at Exchange and Microsoft 365: \"Authentication " ..
      "unsuccessful\" to a mail program, or \"Cannot achieve Exchange Server authentication\" between two servers.",
    fix = "At Exchange, check the password and whether SMTP AUTH is on for that mailbox. Between Exchange servers, " ..
      "check the receive connector's authentication, the clocks, and that no firewall alters EHLO replies. At a " ..
      "gateway, send without the encryption.",
    retry = "no",
    acts = "sending-admin",
    replies = {"535", "451"},
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.8", "X.7.4", "X.6.2"},
    notes = {
      "451 5.7.3 mixes the classes. The first digit of 451 decides, so the mail stays in the queue and is tried again.",
    },
  },
  {
    code = "X.7.4",
    name = "Security features not supported",
    classes = {"4", "5"},
    meaning = "A security feature that was asked for does not exist on the other side.",
    when = "AUTH with a mechanism that the server does not know, in the words \"Unrecognized authentication type\" " ..
      "at Exchange.",
    fix = "Read the AUTH line of the EHLO reply, before and after STARTTLS, and set the client to a mechanism on " ..
      "it. Many servers list AUTH only once TLS is up.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "TLS required, but not offered",
        meaning = "The mail waits because TLS is required and the other host does not offer it.",
        when = "Postfix in its own log, as dsn=4.7.4 with \"TLS is required, but was not offered by host\", where " ..
          "smtp_tls_security_level or a policy map asks for encryption.",
        fix = "Probe the host for STARTTLS. If it truly has none, ask its administrator for it, or lower the level " ..
          "for that one domain in smtp_tls_policy_maps if your rules permit clear text.",
        acts = "receiving-admin",
      },
    },
    commands = {"AUTH"},
    replies = {"504"},
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.3", "X.7.9", "X.7.5", "X.7.10"},
    notes = {
      "RFC 5248 pairs 504 with this code, while RFC 4954 section 4 wants 504 5.5.4 for an unknown mechanism; both " ..
        "are seen.",
      "RFC 3463 calls it useful only as a permanent error; Postfix keeps such mail queued all the same.",
    },
  },
  {
    code = "X.7.5",
    name = "Cryptographic failure",
    classes = {"4", "5"},
    meaning = "A cryptographic step failed, because a key or certificate was missing or not valid.",
    when = "Gateways that cannot decrypt or verify a message, and Yahoo for a DKIM signature that does not verify.",
    fix = "Compare the key in use with the one that is published: the DKIM selector's TXT record with the private " ..
      "key, or the certificate's name, chain and expiry date. Then send one test message.",
    retry = "no",
    acts = "sending-admin",
    by_class = {
      ["4"] = {
        name = "TLS failed or certificate not trusted",
        meaning = "The mail waits because TLS with the other host failed, or its certificate did not pass the check.",
        when = "Postfix in its own log, as dsn=4.7.5: \"Cannot start TLS: handshake failure\" or \"Server " ..
          "certificate not trusted\". DANE, MTA-STS or a policy map demanded TLS there.",
        fix = "Run openssl s_client -starttls smtp against that host and check name, chain, expiry date and TLSA " ..
          "record. Tell its administrator what is wrong; lower the TLS policy for that one domain only if your " ..
          "rules permit it.",
        acts = "receiving-admin",
      },
    },
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.6", "X.7.7", "X.7.20", "X.7.4"},
    notes = {
      "\"Our TLS engine is unavailable\" in Postfix's log points at the sending host itself: a key or certificate " ..
        "file that cannot be read.",
    },
  },
  {
    code = "X.7.6",
    name = "Cryptographic algorithm not supported",
    classes = {"4", "5"},
    meaning = "The message uses a cryptographic algorithm that the other side does not know.",
    when = "Rare: S/MIME or PGP gateways that meet a cipher, hash or key type older or newer than themselves.",
    fix = "Find the algorithm in the gateway's log and agree on one that both sides have. Replace keys and " ..
      "signatures that rest on SHA-1, and have an old gateway updated.",
    retry = "no",
    acts = "sending-admin",
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.5", "X.7.4"},
  },
  {
    code = "X.7.7",
    name = "Message integrity failure",
    classes = {"4", "5"},
    meaning = "The message was damaged or altered on its way, so its signature or checksum no longer fits.",
    when = "Gateways that check S/MIME, PGP or DKIM. The usual culprits are a disclaimer, a list footer, a virus " ..
      "scanner that rewrites links, or an old relay that re-encodes the body.",
    fix = "Send a copy past each hop and compare it with the original until the altering hop is found. Turn the " ..
      "rewriting off there, or sign only after it.",
    retry = "no",
    acts = "sending-admin",
    commands = {"end-of-data"},
    standards = {{rfc = 3463, section = "3.8"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.5", "X.7.20", "X.7.29"},
    notes = {
      "RFC 3463 also allows it in a success report, for mail that was delivered although the check failed.",
    },
  },
  {
    code = "X.7.8",
    name = "Authentication credentials invalid",
    classes = {"4", "5"},
    meaning = "The server refused the login: user name or password is wrong, or not enough for this account.",
    when = "AUTH with a mistyped or changed password, with an account under two-step verification, or by a password " ..
      "guesser. Gmail, Postfix and Dovecot all use it.",
    fix = "Enter the right name and password, often the full address as the name, or an app password where the " ..
      "account has two-step verification. Stop clients that repeat an old password, before the account is locked.",
    retry = "no",
    acts = "sender",
    by_class = {
      ["4"] = {
        name = "Login failed, mail held",
        meaning = "The login to the relay failed, and the mail stays in the queue until it works.",
        when = "Postfix as a client logs dsn=4.7.8 with \"SASL authentication failed\" and holds the mail, as " ..
          "smtp_sasl_auth_soft_bounce is on by default. Some relays answer 435 4.7.8 themselves.",
        fix = "Correct the entry in the file that smtp_sasl_password_maps names, run postmap on it, then postqueue " ..
          "-f. Waiting alone helps only where the relay's login service is at fault.",
        acts = "sending-admin",
      },
    },
    commands = {"AUTH"},
    replies = {"535", "435", "554"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}, {rfc = 4468, section = "5"}},
    status = "standard",
    see_also = {"X.7.9", "X.7.0", "X.7.13", "X.7.14"},
    notes = {
      "RFC 4468 used 554 5.7.8 for a missing trust relationship; RFC 5248 moved that meaning to X.7.14, though its " ..
        "table still lists 554 here.",
    },
  },
  {
    code = "X.7.9",
    name = "Authentication mechanism is too weak",
    classes = {"5"},
    meaning = "The server wants a stronger way to log in than the one this client chose.",
    when = "Gmail: \"Application-specific password required\", for accounts with two-step verification. Also " ..
      "servers whose policy asks for SCRAM or OAuth in place of a plain password.",
    fix = "Make an app password or turn on OAuth 2.0 in the mail program. At other servers, pick a stronger " ..
      "mechanism from the AUTH line of the EHLO reply.",
    retry = "no",
    acts = "sender",
    commands = {"AUTH"},
    replies = {"534", "550", "554"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.8", "X.7.11", "X.7.26"},
    notes = {
      "Yahoo means something else at the end of data: 550 5.7.9 is mail that passes neither SPF nor DKIM, 554 5.7.9 " ..
        "a refusal by policy. Neither has to do with a login.",
    },
  },
  {
    code = "X.7.10",
    name = "Encryption needed",
    classes = {"5"},
    meaning = "The connection has to be encrypted before the server goes on.",
    when = "AUTH with PLAIN or LOGIN before STARTTLS, as at Dovecot's submission server. Also in non-delivery " ..
      "reports for REQUIRETLS mail, where no TLS session could be set up with any MX.",
    fix = "Set the mail program to STARTTLS on port 587 or to TLS from the start on port 465. For REQUIRETLS mail, " ..
      "probe each MX for STARTTLS and a valid certificate.",
    retry = "no",
    acts = "sending-admin",
    commands = {"AUTH", "STARTTLS"},
    replies = {"523"},
    standards = {{rfc = 5248, section = "2.4"}, {rfc = 8689, section = "4.2.1"}},
    status = "standard",
    see_also = {"X.7.11", "X.7.0", "X.7.30", "X.7.4"},
    notes = {
      "RFC 5248 pairs 523 with this code. Web lists that call 523 a message over the size limit have no standard " ..
        "behind them.",
      "Google documents 523 5.7.10 for commands that a client sends along with STARTTLS without waiting for its reply.",
    },
  },
  {
    code = "X.7.11",
    name = "Encryption required for this login method",
    classes = {"5"},
    meaning = "The chosen login mechanism may be used on an encrypted connection only.",
    when = "PLAIN or LOGIN without TLS, at old servers that list these mechanisms too early. Current servers hide " ..
      "them until STARTTLS is done.",
    fix = "Turn on STARTTLS or port 465 in the mail program, then log in again. As the server's administrator, " ..
      "offer AUTH only after TLS: smtpd_tls_auth_only=yes in Postfix.",
    retry = "no",
    acts = "sending-admin",
    commands = {"AUTH"},
    replies = {"538", "524"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.10", "X.7.9", "X.7.0"},
    notes = {
      "RFC 4954 keeps 538 for history only.",
      "RFC 5248 also pairs 524 with this code; OpenSMTPD sends 524 5.2.4 for something else, an alias expansion " ..
        "that cannot work.",
    },
  },
  {
    code = "X.7.12",
    name = "A password transition is needed",
    classes = {"4", "5"},
    meaning = "One login with the plain password is needed, so that the server can store what the wanted mechanism " ..
      "requires.",
    when = "AUTH with CRAM-MD5 or SCRAM after a change of the password store. Very few servers still send it.",
    fix = "Log in once with PLAIN over TLS; the other mechanism works from the next session on. If it does not, " ..
      "have the administrator set the password anew.",
    retry = "yes",
    acts = "sender",
    by_class = {
      ["5"] = {
        name = "Sender is outside the organisation",
        meaning = "The recipient takes mail from senders inside its own organisation only; a use of Microsoft's, " ..
          "not of the registry.",
        when = "Microsoft 365 and Exchange, for a mailbox or group that requires authenticated senders.",
        fix = "Ask the person by other means, so that the recipient's administrator allows senders from outside on " ..
          "that mailbox or group.",
        retry = "no",
        acts = "receiving-admin",
      },
    },
    replies = {"432", "422"},
    standards = {{rfc = 4954, section = "6"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.8", "X.7.9", "X.2.2"},
    notes = {
      "432 is the standard reply with it. RFC 5248 also lists 422, which web lists read as a full mailbox: 4.7.12 " ..
        "is about a password, 4.2.2 about a mailbox.",
      "Microsoft's 5.7.12 has nothing to do with passwords.",
    },
  },
  {
    code = "X.7.13",
    name = "User account disabled",
    classes = {"5"},
    meaning = "The password was right, but the account is shut and may not log in.",
    when = "An account that is unpaid, abused or broken into. Dovecot's submission server sends it where logins are " ..
      "disabled for the user.",
    fix = "Ask the administrator of that server why the account is shut and to open it again. If it was broken " ..
      "into, change the password and look through the mail log for what was sent.",
    retry = "no",
    acts = "sending-admin",
    commands = {"AUTH", "RCPT"},
    replies = {"525"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.8", "X.2.1", "X.7.14"},
    notes = {
      "Some hosts send 525 5.7.13 to RCPT, for a recipient whose account is disabled.",
      "Microsoft 365 uses 5.7.13 for a public folder that does not admit senders from outside.",
    },
  },
  {
    code = "X.7.14",
    name = "Trust relationship required",
    classes = {"5"},
    meaning = "The submission server needs an arranged trust with another server to fetch the content. At Gmail the " ..
      "number asks the user to sign in with a web browser.",
    when = "BURL towards an IMAP server that does not trust the submission host. Far more often Gmail at AUTH: " ..
      "\"Please log in via your web browser\".",
    fix = "For BURL, set up the account by which the submission server logs in to the IMAP server. For Gmail, sign " ..
      "in with a browser from the same network, settle the security warning, and use an app password or OAuth 2.0.",
    retry = "no",
    acts = "sending-admin",
    commands = {"BURL", "AUTH"},
    replies = {"534", "554", "535"},
    standards = {{rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.7.8", "X.6.6", "X.7.9"},
    notes = {
      "RFC 4468 had this meaning under X.7.8; RFC 5248 moved it here.",
    },
  },
}
