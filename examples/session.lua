#!/usr/bin/env -S ehlo run
-- Speaks to a server line by line: ehlo run examples/session.lua HOST[:PORT] MAILBOX
local host, mailbox = ...
local s, trouble = smtp.connect(host, {timeout = 20})
if not s then
  print(trouble)
  return 1
end
print(s:ehlo())
if s.capabilities.STARTTLS then
  print(s:starttls())
  print(s.tls.version, s.tls.trusted and "trusted" or "not trusted")
  s:ehlo()
end
s:mail("")
local reply = s:rcpt(mailbox or "postmaster")
print(reply, reply:explain().cause)
s:rset()
s:quit()
return reply.code // 100 == 2 and 0 or 1
