-- Does your mail program come back as it should? A server on this machine puts every mail off for a number of times, and judges the client.
-- Run: ehlo run examples/retry-logic.lua [--port N] [--times N] [--least SECONDS], then send a mail through it.
local args = manifest {
  summary = "put a client off a few times, and judge how it comes back",
  options = {
    {name = "port", value = "N", type = "count", max = 65535, help = "listen on this port (one that is free)"},
    {name = "times", value = "N", type = "count", help = "put it off so many times (2)"},
    {name = "least", value = "SECONDS", type = "seconds", help = "the shortest pause between tries that is polite (30)"},
  },
  examples = {"ehlo run examples/retry-logic.lua --port 2525 --times 3"},
}
local times, least = args.times or 2, args.least or 30
local PATIENCE = 60 -- seconds for the rest of the session that was let in
local tries, let_in, done = {}, nil, false

local server = assert(smtp.listen {port = args.port, rcpt = function(session, recipient)
  tries[#tries + 1] = {at = os.time(), helo = session.helo, recipient = recipient}
  if #tries <= times then return "450 4.2.0 Please come back later" end
  let_in = os.time()
  return "250 2.1.5 Ok"
end, quit = function()
  done = let_in ~= nil
  return nil -- the usual answer
end})
print(("send a mail to anybody through %s:%d"):format(server.address, server.port))
io.stdout:flush()

while not done and not (let_in and os.time() - let_in > PATIENCE) do task.sleep(0.1) end
server:close()

local good = true
local function judge(right, text)
  good = good and right
  print((right and "good  " or "bad   ") .. text)
end
judge(true, ("it came back %d times"):format(times))
for i = 2, #tries do
  local pause = tries[i].at - tries[i - 1].at
  judge(pause >= least, ("try %d came %d s after the one before"):format(i, pause))
  judge(tries[i].recipient == tries[1].recipient, ("try %d was for the same recipient"):format(i))
end
return good and 0 or 1
