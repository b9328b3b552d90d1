-- Owns: what an idle session holds. Run: ehlo run tests/bench/hold.lua [COUNT [PORT [tls|plain [HOST]]]]; without HOST every session has
-- an address of its own.
local count, port, tls, host = ...
count = tonumber(count) or 5000
local options = {port = tonumber(port) or 25, tls = tls == "tls" and "encrypt" or "none", per_address = 0, rate = 0}

local function resident()
  collectgarbage()
  for line in io.lines("/proc/self/status") do
    local kilobytes = line:match("^VmRSS:%s+(%d+)")
    if kilobytes then return tonumber(kilobytes) end
  end
end

local sessions = {}
local function open(i)
  local session, trouble = smtp.connect(host or ("127.1.%d.%d"):format(i // 250 + 1, i % 250 + 1), options)
  assert(session, trouble)
  assert(session:ehlo())
  if tls == "tls" then
    assert(session:starttls())
    assert(session:ehlo())
  end
  sessions[i] = session
end
open(0) -- what is set up once is not an idle session's
local before = resident()
for i = 1, count do open(i) end
print(("%.2f KB each"):format((resident() - before) / count))
