-- Owns: holding TLSA records against the certificates that a host shows: which match, which are about a key that is still to come or gone,
-- and whether the next change of keys would go well. Callers: policy.dane with live.
local tlsa = require "ehlo.policy.tlsa"
local live = {}

local MOST = 16 -- addresses of one host

local function probe_all(r, options)
  local list = {table.unpack(r.addresses, 1, MOST)}
  return task.map(list, function(address)
    return smtp.probe(("%s:%d"):format(r.base, r.port),
      {tls = "dane", address = address, domain = r.domain, ca_file = options.ca_file, timeout = options.timeout})
  end, {concurrency = 4})
end

local function same(a, b) return a.usage == b.usage and a.selector == b.selector and a.matching == b.matching and a.data == b.data end

-- Which certificate of which address each record is about.
local function mark(r, probes)
  for _, each in ipairs(r.records) do
    if each.usable then each.matches = false end
    for _, probe in ipairs(probes) do
      for _, pin in ipairs(probe.tls and probe.tls.tlsa or {}) do
        if same(pin, each) and pin.depth then each.matches, each.depth = true, pin.depth end
      end
    end
  end
end

local function add_trouble(r, probe)
  local outcome = probe.outcome
  local at = ("%s (%s)"):format(r.base, probe.address or "no address")
  local text = probe.failure and probe.failure.text or outcome
  if outcome == "tls-not-offered" then
    r:finding {id = "dane-no-starttls", level = "fail", evidence = text, text = at .. " does not offer STARTTLS, which its TLSA records promise.",
      fix = "Turn TLS on, or take the TLSA records away.", reference = "RFC 7672 section 2.2"}
  elseif outcome == "tls-untrusted" then
    r:finding {id = "dane-no-match", level = "fail", evidence = text,
      text = at .. " shows a certificate that no TLSA record names: senders that do DANE hold mail back.",
      fix = "Publish a record of the present key, and take away the old one when its time to live has passed.", reference = "RFC 7672 section 8.1"}
  else
    r:finding {id = "dane-not-seen", level = "fail", evidence = text, text = ("%s could not be asked for its certificate: %s."):format(at, outcome),
      fix = ("Look at it: ehlo probe --tls may %s:%d"):format(r.base, r.port)}
    return "unknown"
  end
  return "fail"
end

-- Records that are about no certificate of today, and whether one is there for the next.
local function judge_rollover(r)
  local now, other = 0, nil
  for _, each in ipairs(r.records) do
    if each.matches then now = now + 1 elseif each.usable then other = other or each end
  end
  if now == 0 then return end
  if other then
    r.rollover = "ready"
    r:finding {id = "dane-rollover", level = "info", evidence = tlsa.text(other),
      text = "A TLSA record is about a certificate that is not in use: that of the next key, or one that is gone.",
      fix = "Take it away if the key is gone; keep it if the key is to come."}
    return
  end
  r.rollover = "unprepared"
  for _, each in ipairs(r.records) do
    if each.matches and each.usage == 2 then return end -- a new key below the same issuer needs no new record
  end
  r:finding {id = "dane-no-next", level = "info", text = "Only the present key has a TLSA record: the next one needs its own before it is used.",
    fix = "Make the next key now and publish its record beside; change over when the time to live has passed.", reference = "RFC 7672 section 8.1"}
end

-- The verdict, now that the certificates were seen. Records that SMTP cannot use demand TLS and no certificate (RFC 7672 section 2.2).
function live.judge(r, verdict, demand, options)
  local probes = probe_all(r, options)
  r.live = {}
  local seen = demand == "dane" and "match" or verdict
  for i, probe in ipairs(probes) do
    local leaf = probe.tls and probe.tls.chain and probe.tls.chain[1]
    r.live[i] = {address = probe.address, outcome = probe.outcome, subject = leaf and leaf.subject, sha256 = leaf and leaf.sha256}
    local told = probe.outcome == "ready" and demand == "dane" and "the certificate matches"
      or probe.outcome .. (probe.failure and ": " .. probe.failure.text or "")
    r:note(("SMTP %s port %d"):format(probe.address or r.base, r.port), told, {seconds = probe.timing.total})
    if probe.outcome ~= "ready" then
      local worse = add_trouble(r, probe)
      if seen ~= "fail" then seen = worse end
    end
  end
  if demand == "dane" then
    mark(r, probes)
    judge_rollover(r)
  end
  return #probes > 0 and seen or verdict
end

return live
