-- Owns: options that several commands take alike: a manifest names one by its word, options = {"resolver", ...}. Callers: the check of
-- manifests.
return {
  resolver = {name = "resolver", value = "ADDRESS", help = "ask this name server, ADDRESS or ADDRESS:PORT"},
  recursive = {name = "recursive", help = "ask the name servers of the world from the root on, and no resolver"},
  ["trust-anchor"] = {name = "trust-anchor", value = "FILE", help = "the keys that DNSSEC begins with (the root's)"},
  ["ca-file"] = {name = "ca-file", value = "FILE", type = "file", help = "trust these certificates (PEM) in place of the system's"},
  tls = {name = "tls", value = "LEVEL", values = {"none", "may", "encrypt", "verify", "dane"},
    help = "none, may, encrypt, verify or dane, as Postfix means them (may; for ehlo check dane)"},
  helo = {name = "helo", value = "NAME", help = "the name that EHLO presents (this machine's)"},
  family = {name = "family", value = "FAMILY", values = {"ipv4", "ipv6"}, help = "ipv4 or ipv6 only"},
  source = {name = "source", value = "ADDRESS", type = "ip", help = "connect from this address"},
}
