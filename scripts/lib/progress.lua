-- Owns: telling a person at a terminal how far a long piece of work is: one line on standard error that is written over. Callers: commands.
-- Nothing is said in the first half second, nor where standard error is no terminal.
local progress = {}
progress.__index = progress

local QUIET_SECONDS, EVERY_SECONDS = 0.5, 0.1

-- What is counted ("probed"), and of how many; nil where nobody knows.
function progress.new(verb, total, quiet)
  local shows = not quiet and terminal.is_tty(2) and os.getenv("TERM") ~= "dumb"
  return setmetatable({verb = verb, total = total, done = 0, shows = shows, began = shell.clock(), last = 0}, progress)
end

function progress:step()
  self.done = self.done + 1
  if not self.shows then return end
  local now = shell.clock()
  if now - self.began < QUIET_SECONDS or now - self.last < EVERY_SECONDS then return end
  self.last = now
  io.stderr:write("\r", self.total and ("%d of %d %s"):format(self.done, self.total, self.verb) or ("%d %s"):format(self.done, self.verb),
    "\27[K")
  io.stderr:flush()
end

-- The line goes away: what follows is the result.
function progress:finish()
  if self.last == 0 then return end
  io.stderr:write("\r\27[K")
  self.last = 0
end

return progress
