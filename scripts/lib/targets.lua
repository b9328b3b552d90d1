-- Owns: the targets of a command that takes many: from its arguments, and for "-" a line each from standard input, read as they are
-- needed. A line is a target, or an object {"id": ..., "target": ...}; empty lines and those that begin with # are passed over.
-- Callers: commands.
local targets = {}

local function item_of(line)
  if not line:match("^{") then return {target = line} end
  local object, why = require("ehlo.json").read(line)
  if type(object) ~= "table" or type(object.target) ~= "string" then
    return {target = line, wrong = "an object of a line needs a \"target\"" .. (why and (": " .. why) or "")}
  end
  local id = object.id
  if type(id) ~= "string" and type(id) ~= "number" then id = nil end
  return {target = object.target, id = id}
end

-- The next line that names a target, or nil at the end of the input. One that is too long is a target that cannot be used.
local function read_item()
  while true do
    local line, why, err = task.read_line()
    if not line and err and err.class == "syntax" then return {target = "", wrong = why} end
    if not line and why then require("ehlo.trouble").fail("%s", why) end
    if not line then return nil end
    line = line:match("^%s*(.-)%s*$")
    if line ~= "" and not line:match("^#") then return item_of(line) end
  end
end

-- A function that gives the next item {target, id, wrong} at each call, nil when there are no more. Callers may be several tasks.
function targets.each(words)
  local at = 1
  return function()
    while words[at] do
      if words[at] ~= "-" then
        at = at + 1
        return {target = words[at - 1]}
      end
      local here = at
      local item = read_item()
      if item then return item end
      if at == here then at = at + 1 end -- another task may have met the end before
    end
  end
end

return targets
