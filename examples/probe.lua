#!/usr/bin/env -S ehlo run
-- Probes one host and prints what matters: ehlo run examples/probe.lua HOST[:PORT] [MAILBOX]
local host, mailbox = ...
local r = assert(smtp.probe(host, {to = mailbox}))
print(r.target, r.outcome, r.reply and tostring(r.reply) or r.failure and r.failure.text or "")
for _, c in ipairs(r.capability_list) do print("capability", c.keyword, c.params) end
if r.tls then print("tls", r.tls.version, r.tls.cipher, r.tls.chain[1] and r.tls.chain[1].subject) end
for _, f in ipairs(r.findings) do print("finding", f.word, f.text) end
if r.explanation then print("cause", r.explanation.cause, r.explanation.meaning) end
return r.exit
