local args = manifest {
  summary = "what a domain asks of its senders by MTA-STS, and where it wants reports (TLS-RPT)",
  arguments = {{name = "domain", help = "mail domain"}},
  options = {
    {name = "ca-file", value = "FILE", help = "trust these certificates (PEM) in place of the system's"},
    {name = "resolver", value = "ADDRESS", help = "ask this name server, ADDRESS or ADDRESS:PORT"},
    {name = "recursive", help = "ask the name servers of the world from the root on, and no resolver"},
    {name = "trust-anchor", value = "FILE", help = "the keys that DNSSEC begins with (the root's)"},
  },
  examples = {"ehlo mta-sts example.org", "ehlo mta-sts --format json example.org"},
}

require("ehlo.probing").set_up(args)
local domain = require("ehlo.policy.domain").of(args.domain)
local items = {policy.mta_sts(domain, {ca_file = args.ca_file, timeout = args.timeout}), policy.tls_rpt(domain, {timeout = args.timeout})}
return {kind = "policy", items = items, exit = require("ehlo.policy.domain").exit(items)}
