-- Owns the closed word lists of the catalogue and what the digits of a code derive.
-- The builder's other modules read it; core has the same lists where it needs them (src/core/cause.c).
local words = {}

local function set(list)
  local known = {}
  for _, word in ipairs(list) do
    known[word] = true
  end
  return known
end

words.retry = set {"yes", "no", "unclear"}
words.acts = set {"sender", "recipient", "sending-admin", "receiving-admin", "forwarder", "network", "nobody"}
words.status = set {"standard", "obsolete", "nonstandard"}
words.direction = set {"local", "remote"}
words.commands = set {
  "greeting", "any", "EHLO", "HELO", "LHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "end-of-data", "BDAT", "BURL",
  "RSET", "VRFY", "EXPN", "HELP", "NOOP", "QUIT", "ETRN", "ATRN", "TURN",
}

words.reply_class = {
  ["2"] = "positive-completion",
  ["3"] = "positive-intermediate",
  ["4"] = "transient-negative",
  ["5"] = "permanent-negative",
}
words.enhanced_class = {
  ["2"] = "success",
  ["4"] = "persistent-transient-failure",
  ["5"] = "permanent-failure",
}
words.reply_category = {
  ["0"] = "syntax",
  ["1"] = "information",
  ["2"] = "connections",
  ["3"] = "unspecified",
  ["4"] = "unspecified",
  ["5"] = "mail system",
}
words.enhanced_category = {
  ["0"] = "other or undefined",
  ["1"] = "addressing",
  ["2"] = "mailbox",
  ["3"] = "mail system",
  ["4"] = "network and routing",
  ["5"] = "mail delivery protocol",
  ["6"] = "message content or media",
  ["7"] = "security or policy",
}
words.class_retry = {["2"] = "no", ["3"] = "no", ["4"] = "yes", ["5"] = "no"}

-- The causes, each with the name that a code gets which only phrases of that cause carry.
words.cause = {
  ["mailbox-unknown"] = "No such mailbox",
  ["mailbox-moved"] = "Mailbox has moved",
  ["mailbox-disabled"] = "Mailbox disabled",
  ["mailbox-full"] = "Mailbox full",
  ["recipient-restricted"] = "Recipient takes mail from few",
  ["address-syntax"] = "Address malformed",
  ["domain-unknown"] = "Domain unknown",
  ["domain-refuses-mail"] = "Domain takes no mail",
  ["dns-failure"] = "DNS look-up failed",
  ["connection-failed"] = "No connection",
  ["timeout"] = "Timeout",
  ["delivery-expired"] = "Delivery time ran out",
  ["mail-loop"] = "Mail loop",
  ["relay-denied"] = "Relaying denied",
  ["sender-invalid"] = "Sender address invalid",
  ["sender-domain-unknown"] = "Sender's domain unknown",
  ["sender-not-permitted"] = "Sender not permitted",
  ["sender-blocked"] = "Sender blocked",
  ["sender-account-blocked"] = "Sender's account blocked",
  ["ip-blocklisted"] = "Client address on a blocklist",
  ["domain-blocklisted"] = "Domain on a blocklist",
  ["url-blocklisted"] = "Link on a blocklist",
  ["reputation"] = "Poor reputation",
  ["no-ptr"] = "No matching reverse DNS",
  ["helo-invalid"] = "HELO name refused",
  ["spf-fail"] = "SPF failed",
  ["spf-error"] = "SPF record broken",
  ["dkim-fail"] = "DKIM failed",
  ["dmarc-fail"] = "DMARC failed",
  ["arc-fail"] = "ARC failed",
  ["mail-unauthenticated"] = "Mail not authenticated",
  ["spam-content"] = "Content looks like spam",
  ["virus-found"] = "Virus found",
  ["attachment-refused"] = "Attachment refused",
  ["content-malformed"] = "Message malformed",
  ["message-too-large"] = "Message too large",
  ["smtputf8-required"] = "SMTPUTF8 required",
  ["greylisted"] = "Greylisted",
  ["rate-limited"] = "Rate limited",
  ["recipient-rate-limited"] = "Recipient's rate limited",
  ["sending-quota-exceeded"] = "Sending quota exceeded",
  ["server-busy"] = "Server busy",
  ["too-many-recipients"] = "Too many recipients",
  ["storage-full"] = "Storage full",
  ["server-fault"] = "Fault of the server",
  ["tls-required"] = "TLS required",
  ["tls-unavailable"] = "TLS unavailable",
  ["tls-failed"] = "TLS failed",
  ["tls-untrusted"] = "TLS not trusted",
  ["login-required"] = "Login required",
  ["login-failed"] = "Login failed",
  ["login-unavailable"] = "Login unavailable",
  ["command-disabled"] = "Command disabled",
  ["protocol-error"] = "Protocol error",
  ["policy"] = "Refused by policy",
  ["accepted-unverified"] = "Accepted, not verified",
  ["unclear"] = "Cause unclear",
}

-- The category of a code, and the class of a reply.
function words.derived(kind, code)
  if kind == "reply" then
    return {category = words.reply_category[code:sub(2, 2)] or "unspecified", class = words.reply_class[code:sub(1, 1)]}
  end
  return {category = words.enhanced_category[code:match("^.%.(%d+)")] or "unregistered"}
end

words.builtin_origin = "built-in"

-- The origins of what is laid over something else: "built-in, organisation acme", each once.
function words.origins(below, above)
  local list, seen = {}, {}
  for _, origins in ipairs {below or words.builtin_origin, above} do
    for origin in origins:gmatch("[^,]+") do
      origin = origin:gsub("^ ", "")
      if not seen[origin] then list[#list + 1] = origin end
      seen[origin] = true
    end
  end
  return table.concat(list, ", ")
end

return words
