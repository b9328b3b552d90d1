local args = manifest {
  summary = "what a domain asks of its senders by MTA-STS, and where it wants reports (TLS-RPT)",
  arguments = {{name = "domain", help = "mail domain"}},
  options = {
    "ca-file", "resolver", "recursive", "trust-anchor",
  },
  examples = {"ehlo mta-sts example.org", "ehlo mta-sts --format json example.org"},
}

require("ehlo.probing").set_up(args)
local domain = require("ehlo.policy.domain").of(args.domain)
local items = {policy.mta_sts(domain, {ca_file = args.ca_file, timeout = args.timeout}), policy.tls_rpt(domain, {timeout = args.timeout})}
return {kind = "policy", items = items, exit = require("ehlo.policy.domain").exit(items)}
