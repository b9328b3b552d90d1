local args = manifest {
  summary = "ask DNS as a mail server does, with DNSSEC's verdict on each answer",
  arguments = {{name = "name", help = "a domain, host, or address (whose name is asked for)"},
    {name = "types", many = true, optional = true, offers = {"A", "AAAA", "CAA", "CNAME", "DNSKEY", "DS", "MX", "NS", "PTR", "SOA", "SRV", "TLSA", "TXT"},
      help = "types of records, such as MX or TLSA (who takes the mail, and at which addresses)"}},
  options = {
    "resolver", "recursive", "trust-anchor",
  },
  permission = "safe",
  examples = {"ehlo dns example.org", "ehlo dns example.org TXT CAA", "ehlo dns _25._tcp.mx.example.org TLSA", "ehlo dns 192.0.2.25",
    "ehlo dns --resolver 192.0.2.53 --format json example.org MX"},
}

local trouble = require "ehlo.trouble"
local questions = require "ehlo.dns_questions"

require("ehlo.probing").set_up(args)

local types, address = {}, questions.is_address(args.name)
for i, word in ipairs(args.types or {}) do
  types[i] = dns.type(word) or trouble.usage("\"%s\" is no type of record: use one such as MX, A, TXT or TLSA.", report.escape(word))
  if address and types[i] ~= "PTR" then trouble.usage("an address is asked for its name (PTR) only.") end
end
if #types == 0 and address then types = {"PTR"} end

local items, failed = questions.ask_all(args.name, types, args.timeout), false
if #types == 0 then items[1] = questions.mail(args.name, args.timeout) end
for _, answer in ipairs(questions.conclude(items)) do failed = failed or (answer.status ~= "found" and answer.status ~= "no-data") end
return {kind = "dns", items = items, exit = failed and 10 or 0}
