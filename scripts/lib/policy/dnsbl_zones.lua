-- Owns: the blocklists that are asked: few, well known, free to ask in small numbers. Callers: dnsbl.lua.
-- A row: zone, name, of (ip or domain), delist, codes (what an answer means), bits (the same for answers of which each bit of the last
-- number means something), errors (answers that refuse us), test (a domain that is always listed; RFC 5782's TEST where absent).
-- Sources: the lists' own pages on how to read their answers.
local zones = {}

local SBL = "a source of spam (SBL)"
local XBL = "an infected or hacked machine (XBL)"

zones.asked = {
  {
    zone = "zen.spamhaus.org", name = "Spamhaus ZEN", of = "ip", delist = "https://check.spamhaus.org/", six = true,
    codes = {
      ["127.0.0.2"] = SBL, ["127.0.0.3"] = "a sender of unwanted bulk (CSS)", ["127.0.0.4"] = XBL, ["127.0.0.5"] = XBL, ["127.0.0.6"] = XBL,
      ["127.0.0.7"] = XBL, ["127.0.0.9"] = "a network run by criminals (DROP)",
      ["127.0.0.10"] = "a network that should not send mail itself, as its provider says (PBL)",
      ["127.0.0.11"] = "a network that should not send mail itself (PBL)",
    },
  },
  {
    zone = "bl.spamcop.net", name = "SpamCop", of = "ip", delist = "https://www.spamcop.net/bl.shtml",
    codes = {["127.0.0.2"] = "reported by people who got spam from it"},
  },
  {
    zone = "b.barracudacentral.org", name = "Barracuda", of = "ip", delist = "https://www.barracudacentral.org/lookups",
    codes = {["127.0.0.2"] = "a poor reputation with Barracuda"},
  },
  {
    zone = "psbl.surriel.com", name = "PSBL", of = "ip", delist = "https://psbl.org/", codes = {["127.0.0.2"] = "it sent to a spam trap"},
  },
  {
    zone = "dbl.spamhaus.org", name = "Spamhaus DBL", of = "domain", delist = "https://check.spamhaus.org/", test = "dbltest.com",
    errors = {["127.0.1.255"] = "it lists domains, and was asked for an address"},
    codes = {
      ["127.0.1.2"] = "a spam domain", ["127.0.1.4"] = "a phishing domain", ["127.0.1.5"] = "a malware domain", ["127.0.1.6"] = "a botnet's domain",
      ["127.0.1.102"] = "an honest domain abused for spam", ["127.0.1.103"] = "an honest redirector abused for spam",
      ["127.0.1.104"] = "an honest domain abused for phishing", ["127.0.1.105"] = "an honest domain abused for malware",
      ["127.0.1.106"] = "an honest domain abused by a botnet",
    },
  },
  {
    zone = "multi.surbl.org", name = "SURBL", of = "domain", delist = "https://surbl.org/surbl-analysis", test = "surbl-org-permanent-test-point.com",
    bits = {[8] = "phishing", [16] = "malware", [64] = "abuse in mails", [128] = "a cracked site"},
  },
}

-- What answers, or has answered, for everything since it closed.
zones.closed = {
  ["dnsbl.sorbs.net"] = "closed in 2024", ["dnsbl.njabl.org"] = "closed in 2013", ["dnsbl.ahbl.org"] = "closed in 2015",
  ["relays.ordb.org"] = "closed in 2006",
}

-- The rows for an address or a domain.
function zones.of(kind)
  local list = {}
  for _, row in ipairs(zones.asked) do
    if row.of == kind then list[#list + 1] = row end
  end
  return list
end

-- The row of a zone; one that is unknown is taken by the common rules.
function zones.row(zone, kind)
  for _, row in ipairs(zones.asked) do
    if row.zone == zone and row.of == kind then return row end
  end
  return {zone = zone, name = zone, of = kind, codes = {}}
end

return zones
