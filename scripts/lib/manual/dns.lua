-- Owns: the manual's rows on `dns`. Callers: scripts/lib/manual.lua, which says what a row is.
local FAILS = "nil, message, err where the world said no; err.class is the outcome, err.phase where it happened"
local TIMEOUT = {"options", "table", "timeout in seconds; 12 unless told"}
local RECORDS = "a list of records {name, ttl, secure, rdata, ...}; empty where the name has none. The list itself has secure (true where "
  .. "DNSSEC proves it), type, canonical (the name at the end of the aliases) and aliases, a list of {name, host, ttl, secure}"
local NO_RECORDS = "nil, message, err: err.class dns-failed, err.reason nxdomain (with err.secure, canonical, aliases), servfail, bogus, refused, "
  .. "timeout, loop (aliases in a circle), malformed, name (no name that DNS could hold) or resolver"

local function dns(name, gives)
  return {
    name = "dns." .. name, summary = "asks for the " .. name:upper() .. " records of a name: " .. gives .. ".",
    arguments = {{"name", "string", "the name to ask for"}, TIMEOUT}, returns = RECORDS, errors = NO_RECORDS, network = true,
    example = ("for _, r in ipairs(dns.%s(\"example.org\") or {}) do print(r.name, r.ttl, r.secure) end"):format(name),
  }
end

return {
  dns("a", "IPv4 addresses, as address"),
  dns("aaaa", "IPv6 addresses, as address"),
  dns("mx", "who takes the mail, as preference and host"),
  dns("txt", "texts, SPF and DMARC among them, as text"),
  dns("ns", "the zone's servers, as host"),
  dns("cname", "the name that this one stands for, as host"),
  dns("tlsa", "what DANE pins, as usage, selector, matching and data"),
  dns("caa", "who may issue certificates, as tag, value, flags and critical"),
  dns("soa", "the head of the zone, as primary, mailbox, serial, refresh, retry, expire and minimum"),
  dns("srv", "where a service is, as priority, weight, port and host"),
  dns("ds", "the fingerprints of a child zone's keys, as key_tag, algorithm, digest_type and digest"),
  dns("dnskey", "the keys of a zone, as flags, protocol, algorithm, key (base64) and key_tag"),
  {
    name = "dns.ptr", summary = "asks for the name of an address.", arguments = {{"address", "string", "IPv4 or IPv6"}, TIMEOUT},
    returns = RECORDS, errors = NO_RECORDS .. "; raises for what is no address", network = true,
    example = "for _, r in ipairs(dns.ptr(\"192.0.2.1\") or {}) do print(r.host) end",
  },
  {
    name = "dns.query", summary = "asks for records of any known type.",
    arguments = {{"name", "string", "the name to ask for"}, {"type", "string", "\"A\", \"AAAA\", \"CAA\", \"CNAME\", \"DNSKEY\", \"DS\", "
      .. "\"MX\", \"NS\", \"PTR\", \"SOA\", \"SRV\", \"TLSA\" or \"TXT\""}, TIMEOUT},
    returns = RECORDS .. "; rdata holds the bytes", errors = NO_RECORDS, network = true,
    example = "for _, r in ipairs(dns.query(\"example.org\", \"MX\") or {}) do print(r.ttl, r.host) end",
  },
  {
    name = "dns.mail_hosts", summary = "who takes the mail of a domain: MX hosts in order, with every address, and what is wrong with them.",
    arguments = {{"domain", "string", "a mail domain"}, {"options", "table", "timeout in seconds of each look-up; 12 unless told"}},
    returns = "a record: domain, kind (mx, implicit where the domain's own address takes it, null where it refuses mail, none), secure, canonical, "
      .. "hosts {host, preference, secure, canonical, addresses {address, secure, ttl}, reason and message where there is none}, "
      .. "findings {id, level, text, evidence, fix, reference}",
    errors = NO_RECORDS .. "; raises for wrong options", network = true,
    example = "for _, h in ipairs((dns.mail_hosts(\"example.org\") or {hosts = {}}).hosts) do print(h.preference, h.host, #h.addresses) end",
  },
  {
    name = "dns.public_suffix", summary = "the part of a name that registries hand out below, by the public suffix list.",
    arguments = {{"name", "string", "a name of a domain or host, in Unicode too"}},
    returns = "the suffix, such as \"co.uk\", and whether the list has a rule for its top level", errors = "nil, message, err for what is no name",
    example = "print(dns.public_suffix(\"mail.example.co.uk\"))",
  },
  {
    name = "dns.organisational_domain", summary = "the domain that somebody registered, of which a name is a part: what DMARC compares.",
    arguments = {{"name", "string", "a name of a domain or host, in Unicode too"}},
    returns = "the domain, such as \"example.co.uk\"; the name itself where it is a public suffix", errors = "nil, message, err for what is no name",
    example = "print(dns.organisational_domain(\"mail.example.co.uk\"))",
  },
  {
    name = "dns.ascii", summary = "a name as DNS has it: labels beyond ASCII in the form of IDNA 2008 (xn--), in small letters, without a final dot.",
    arguments = {{"name", "string", "a name of a domain or host"}}, returns = "the name", errors = "nil, message, err for what is no name",
    example = "print(dns.ascii(\"MX.Example.ORG.\"))",
  },
  {
    name = "dns.type", summary = "a type of record by its usual name.", arguments = {{"word", "string", "such as \"mx\" or \"TYPE257\""}},
    returns = "the name, such as \"MX\", TYPE and a number where it has none; nil for what is no type", errors = "none",
    example = "print(dns.type(\"TYPE257\"))",
  },
  {
    name = "dns.address_kind", summary = "where an address belongs.", arguments = {{"address", "string", "IPv4 or IPv6"}},
    returns = "public, loopback, private, link-local, documentation, multicast or reserved", errors = "raises for what is no address",
    example = "print(dns.address_kind(\"10.0.0.1\"))",
  },
  {
    name = "dns.resolver", summary = "whom questions go to.", arguments = {},
    returns = "servers (a list of ADDRESS:PORT), recursive, and validates, which is known after the first question", errors = "none",
    example = "print(table.concat(dns.resolver().servers, \" \"))",
  },
  {
    name = "dns.addresses", summary = "the addresses of a host in the order in which a probe tries them, the hosts file included.",
    arguments = {{"name", "string", "a host"}, TIMEOUT}, returns = "a list of addresses", errors = FAILS, network = true,
    example = "print(table.concat(dns.addresses(\"mx.example.org\") or {}, \" \"))",
  },
}
