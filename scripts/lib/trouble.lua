-- Owns: the two ways in which a command ends early: wrong usage (exit 2) and what the world refused (exit 1). Callers: every script.
-- Both are raised as tables that the program shows as one clear line.
local trouble = {}

local meta = {__tostring = function(t) return t.message end}

-- trouble.usage("...", ...): the person wrote something that cannot be meant.
function trouble.usage(format, ...)
  error(setmetatable({message = format:format(...), exit = 2}, meta), 0)
end

-- trouble.fail("...", ...): all was well written, and it did not work.
function trouble.fail(format, ...)
  error(setmetatable({message = format:format(...), exit = 1}, meta), 0)
end

-- Ends a script early with an exit status and nothing to say.
function trouble.leave(status)
  error(setmetatable({exit = status}, meta), 0)
end

function trouble.is(value) return getmetatable(value) == meta end

local at_interrupt

-- What is left to say when somebody ends the run before its time: `say(exit)` is called once it is over.
function trouble.when_interrupted(say)
  at_interrupt = say
  shell.heed_sigterm()
end

function trouble.say_interrupted(exit)
  if at_interrupt then at_interrupt(exit) end
  at_interrupt = nil
end

-- The nearest of `names` to `word`, or nil: at most two slips, fewer for short words.
function trouble.nearest(word, names)
  local best, best_distance = nil, #word <= 3 and 2 or 3
  for _, name in ipairs(names) do
    local distance = trouble.distance(word, name)
    if distance < best_distance then best, best_distance = name, distance end
  end
  return best
end

-- Edits (insert, drop, change, swap neighbours) from one word to the other.
function trouble.distance(a, b)
  local rows = {}
  for i = 0, #a do rows[i] = {[0] = i} end
  for j = 0, #b do rows[0][j] = j end
  for i = 1, #a do
    for j = 1, #b do
      local same = a:byte(i) == b:byte(j)
      local best = math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (same and 0 or 1))
      if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
        best = math.min(best, rows[i - 2][j - 2] + 1)
      end
      rows[i][j] = best
    end
  end
  return rows[#a][#b]
end

return trouble
