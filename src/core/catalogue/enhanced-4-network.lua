-- Owns the enhanced codes X.4.*: network and routing between the two hosts, DNS included.
-- Only the builder (src/core/catalogue/build.lua) reads it, as text in an empty environment.
-- Facts: RFC 2852, 3463, 4468, 5248 and 7208, IANA's registry, and the habits of common MTAs and large providers.
return {
  {
    code = "X.4.0",
    name = "Other or undefined network or routing status",
    meaning = "Something in the network or the routing holds the mail up, and no finer code fits.",
    when = "Queues of Exchange, as 451 4.4.0 DNS query failed or 451 4.4.0 Primary target IP address responded " ..
      "with, where the true cause follows.",
    fix = "Read the rest of the line, which holds the cause. Then try the MX look-up and port 25 from the sending " ..
      "host itself, while the queue retries.",
    retry = "yes",
    acts = "sending-admin",
    classes = {"2", "4", "5"},
    replies = {"451", "554", "421"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.4.1", "X.4.4", "X.4.6", "X.3.0"},
    by_class = {
      ["2"] = {
        meaning = "The message went on over the network without trouble.",
        when = "Hardly ever, for servers report plain success as 2.0.0.",
        fix = "Nothing to repair: to follow the message, look into the log of the next host.",
        acts = "nobody",
        retry = "no",
      },
      ["5"] = {
        meaning = "The message cannot be routed, and no finer code fits.",
        when = "Postfix with 554 5.4.0 too many hops, which is a loop; elsewhere a failed route that software could " ..
          "not name better.",
        fix = "Count the Received lines in the bounced message: a pattern that repeats names the hosts that pass it " ..
          "in circles. Otherwise check the domain's MX and the transport or connector that serves it.",
        acts = "sending-admin",
        retry = "no",
      },
    },
  },
  {
    code = "X.4.1",
    name = "No answer from host",
    meaning = "The next host could not be reached: it refused the connection, timed out or stayed silent.",
    when = "The sender's own log and queue. Postfix writes dsn=4.4.1 with Connection timed out, Connection refused " ..
      "or No route to host.",
    fix = "From the sending machine, try port 25 of every MX host over IPv4 and IPv6. If no host on the internet " ..
      "answers, your provider blocks port 25; if only this one is silent, tell its admin by another way.",
    retry = "yes",
    acts = "network",
    classes = {"4", "5"},
    replies = {"451", "550"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}, {rfc = 4468, section = "6"}},
    status = "standard",
    see_also = {"X.4.2", "X.4.3", "X.4.4", "X.1.1"},
    by_class = {
      ["5"] = {
        meaning = "Delivery has been given up: from Microsoft 365 it says that the recipient or the domain is not " ..
          "known there, from others that the host never answered.",
        when = "Microsoft 365, as 550 5.4.1 Recipient address rejected: Access denied for an address that is not in " ..
          "the directory, or Relay Access Denied for a domain that it does not serve.",
        fix = "Check the spelling of the address first. If it is right, the Microsoft 365 admin looks for the " ..
          "mailbox in the directory and for the domain among the accepted domains. With other software, try the MX " ..
          "hosts on port 25.",
        acts = "sender",
        retry = "no",
      },
    },
    notes = {
      "RFC 3463 calls this code useful only as a transient error; Microsoft 365 sends it as 550 and means an " ..
        "unknown address.",
      "RFC 4468 has 451 4.4.1 for a BURL whose IMAP server cannot be reached.",
    },
  },
  {
    code = "X.4.2",
    name = "Bad connection",
    meaning = "A connection was made, but it broke or ran out of time before the mail was handed over.",
    when = "Postfix logs dsn=4.4.2 with lost connection or timed out; as a server it says 421 4.4.2 Error: timeout " ..
      "exceeded to an idle client.",
    fix = "See at which command it breaks: in the middle of large mails suspect MTU or a firewall that inspects " ..
      "SMTP, before the greeting suspect load or a block. Capture one session with tcpdump.",
    retry = "yes",
    acts = "network",
    classes = {"4", "5"},
    commands = {"any"},
    replies = {"421", "451"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.4.1", "X.4.5", "X.3.2", "421"},
    by_class = {
      ["5"] = {
        meaning = "The connection to the next host kept breaking until the sender gave up.",
        when = "Gateways that turn repeated breaks into a final failure, against RFC 3463.",
        fix = "Find the last broken session in the sending log and test the path before you send again: packet " ..
          "size, firewall, TLS.",
        acts = "sending-admin",
        retry = "no",
      },
    },
    notes = {
      "Exchange and Microsoft 365 say 421 4.4.2 Message submission rate when a client submits too fast: send fewer " ..
        "messages a minute.",
      "Where the connection breaks after end of data, the message may have arrived, and the retry can deliver it " ..
        "twice.",
    },
  },
  {
    code = "X.4.3",
    name = "Directory server failure",
    meaning = "A look-up that the mail depends on failed: DNS, LDAP or another directory gave no usable answer.",
    when = "Postfix logs dsn=4.4.3 when name servers are silent or report SERVFAIL; receivers say 451 4.4.3 when an " ..
      "SPF check ends in a temporary error.",
    fix = "Query the failed name through your resolver and through another one. If only yours fails, restart or " ..
      "replace it; if both fail, the zone's owner must repair name servers or DNSSEC.",
    retry = "yes",
    acts = "sending-admin",
    classes = {"4", "5"},
    replies = {"451", "450", "550"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}, {rfc = 7208, section = "8.6"}},
    status = "standard",
    see_also = {"X.4.4", "X.1.2", "X.7.24"},
    by_class = {
      ["5"] = {
        meaning = "A look-up failed, and the server made that failure final.",
        when = "Few servers: RFC 5248 pairs the code with 550, though RFC 3463 calls it useful only as a transient " ..
          "error.",
        fix = "Find out which name could not be looked up and have it repaired. Then send the message again, for " ..
          "nothing in it was at fault.",
        acts = "sending-admin",
        retry = "no",
      },
    },
  },
  {
    code = "X.4.4",
    name = "Unable to route",
    meaning = "No next hop could be found for the recipient's domain.",
    when = "A domain that does not exist, or a relay rule that names a dead host. Postfix logs dsn=5.4.4 Host or " ..
      "domain name not found, Exchange SMTPSEND.DNS.NonExistentDomain.",
    fix = "Correct a misspelt domain. Otherwise look up its MX, A and AAAA records, then the transport table, smart " ..
      "host or send connector that applies to it.",
    retry = "no",
    acts = "sender",
    classes = {"4", "5"},
    replies = {"554", "550", "450", "451"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.1.2", "X.4.1", "X.4.3", "X.1.10"},
    by_class = {
      ["4"] = {
        meaning = "No route to the recipient's domain could be found for now.",
        when = "Postfix with 450 4.4.4 Unable to look up mail exchanger; Outlook.com for a hosted tenant without " ..
          "mail-enabled subscriptions.",
        fix = "Query the domain's MX and its name servers. For the Outlook.com text, the tenant's admin must " ..
          "license mailboxes or point the MX elsewhere.",
        acts = "receiving-admin",
        retry = "yes",
      },
    },
  },
  {
    code = "X.4.5",
    name = "Mail system congestion",
    meaning = "The mail system has more mail than it can move, and asks you to come back later.",
    when = "Load limits of busy hosts. Sendmail says 452 4.4.5 when its disk is short of space.",
    fix = "Let the queue retry, with fewer connections to that host meanwhile. If the host is yours, look at load, " ..
      "queue length and free disk space.",
    retry = "yes",
    acts = "receiving-admin",
    classes = {"4", "5"},
    replies = {"451", "452", "550"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.3.1", "X.3.2", "X.7.28"},
    by_class = {
      ["5"] = {
        name = "Sending limit used up",
        meaning = "The sending account has used up its quota, and the server takes no more mail from it for now.",
        when = "Gmail with 550 5.4.5 Daily user sending limit exceeded, a use of the code that RFC 3463 does not know.",
        fix = "Wait a day for the limit to reset. Look for a stolen password or a script that sends too much, and " ..
          "move bulk mail to a service made for it.",
        acts = "sender",
        retry = "no",
      },
    },
    notes = {
      "RFC 3463 calls this code useful only as a transient error.",
    },
  },
  {
    code = "X.4.6",
    name = "Routing loop detected",
    meaning = "The message goes in circles and has passed through too many hosts.",
    when = "Two forwards that point at each other, or an MX host that does not know the domain as its own. Postfix " ..
      "logs dsn=5.4.6 with loops back to myself; Sendmail, Gmail, qmail and Exchange say 554.",
    fix = "Read the Received lines of the bounce from the bottom up: the first host that comes twice sends the mail " ..
      "back. Remove its forward, or add the domain to its local domains.",
    retry = "no",
    acts = "sending-admin",
    classes = {"4", "5"},
    commands = {"end-of-data"},
    replies = {"554"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}},
    status = "standard",
    see_also = {"X.4.0", "X.3.5", "X.4.4"},
    by_class = {
      ["4"] = {
        meaning = "A loop was found, and the server keeps the mail until somebody breaks it.",
        when = "Rare, for most servers return looping mail at once.",
        fix = "Break the loop before the mail grows too old: find in the Received lines which host sends it back, " ..
          "and correct the forward or the MX there.",
        acts = "sending-admin",
        retry = "yes",
      },
    },
    notes = {
      "RFC 3463 calls this code useful only as a transient error, but a loop does not mend itself, and nearly all " ..
        "servers say 554 5.4.6.",
      "Other codes for the same trouble are 5.4.0 from Postfix for too many hops and 5.4.14 from Microsoft 365.",
    },
  },
  {
    code = "X.4.7",
    name = "Delivery time expired",
    meaning = "The message waited longer than allowed, and delivery has been given up.",
    when = "Bounces at the end of the queue lifetime: five days with Postfix and Sendmail, one or two with " ..
      "Microsoft 365 and Exchange, whose text is Message expired.",
    fix = "Search the sending log for the last error before this one and mend that: an unreachable host, a failed " ..
      "look-up, a deferral. Then send the message again.",
    retry = "unclear",
    acts = "sending-admin",
    classes = {"4", "5"},
    replies = {"550"},
    standards = {{rfc = 3463, section = "3.5"}, {rfc = 5248, section = "2.4"}, {rfc = 2852, section = "4.1.3"}},
    status = "standard",
    see_also = {"X.4.1", "X.4.3", "X.2.2"},
    by_class = {
      ["4"] = {
        acts = "sending-admin",
        retry = "unclear",
      },
      ["5"] = {
        meaning = "The time that the sender allowed for delivery has run out, and the message is returned.",
        when = "Mail with a BY parameter in return mode, or a queue lifetime that ended at an MTA which calls this " ..
          "permanent.",
        fix = "Mend what made the mail wait, as the log shows it, or allow more time in the BY parameter. Then send " ..
          "it again.",
        acts = "sending-admin",
        retry = "no",
      },
    },
    notes = {
      "Microsoft documents 550 4.4.7, where the two codes contradict each other: trust the first digit of the " ..
        "reply. That server has stopped trying, so wait for nothing.",
      "With the DELIVERBY extension, 4.4.7 marks a notice of delay in notify mode: the mail goes on trying.",
      "RFC 3463 asks for the code of the real problem in place of this one, where it is known.",
    },
  },
}
