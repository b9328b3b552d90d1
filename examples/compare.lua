#!/usr/bin/env -S ehlo run
-- Every temporary reply that asks the sending side to act, with what to do: ehlo run examples/compare.lua [CODE CODE]
local a, b = ...
if a and b then
  print(codes.compare(a, b))
  return
end
for entry in codes.each() do
  if entry.kind == "reply" and entry.class == "transient-negative" and entry.acts == "sending-admin" then
    print(entry.code, entry.name)
    print("", entry.fix)
  end
end
