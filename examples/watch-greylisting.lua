#!/usr/bin/env -S ehlo run
-- How long does a host keep strangers waiting? Asks again and again, from the same address with the same sender, as a queue does.
-- Run: ehlo run examples/watch-greylisting.lua HOST MAILBOX [SECONDS BETWEEN TRIES [TRIES]]
local host, mailbox, pause, most = ...
pause, most = tonumber(pause) or 60, tonumber(most) or 15
assert(host and mailbox, "HOST and MAILBOX are needed")

local began
for try = 1, most do
  local r = assert(smtp.probe(host, {to = mailbox, from = "probe@example.net"}))
  began = began or r.started
  print(("try %d: %s  %s"):format(try, r.outcome, r.reply and report.escape(tostring(r.reply)) or ""))
  if r.outcome ~= "refused-temporarily" then
    print(r.outcome == "ready" and ("let in after %d tries and %.0f s"):format(try, r.started - began) or "this is no greylisting")
    return r.exit
  end
  if try < most then task.sleep(pause) end
end
print(("not let in after %d tries"):format(most))
return 20
