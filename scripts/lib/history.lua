-- Owns: what was typed, across sessions: one entry a line of the file, whatever its own lines. Callers: the prompt.
local history = {}

local keep = 2000

function history.path()
  local place = require("ehlo.xdg").home("state")
  return place and place .. "/history" or nil
end

function history.encode(entry)
  return (entry:gsub("\\", "\\\\"):gsub("\n", "\\n"):gsub("\r", "\\r"))
end

function history.decode(line)
  return (line:gsub("\\(.)", function(c) return c == "n" and "\n" or c == "r" and "\r" or c end))
end

-- Lines that seem to hold a secret stay in memory and out of the file.
function history.secret(entry)
  local lower = entry:lower()
  return lower:find("passw?%w*[\"'%]]*%s*[=,:]") ~= nil or lower:find("[:.]%s*auth%s*[%({]") ~= nil or lower:find("secret") ~= nil
end

local function read_all(path)
  local lines, file = {}, io.open(path, "rb")
  if not file then return lines end
  local text = file:read("a") or "" -- nil where it is a folder
  for line in text:gmatch("[^\n]+") do lines[#lines + 1] = line end
  file:close()
  return lines
end

-- Fills the editor from the file, and shortens the file when it has grown to twice what is kept.
function history.load(editor)
  local path = history.path()
  if not path then return end
  local lines = read_all(path)
  local first = math.max(1, #lines - keep + 1)
  for i = first, #lines do editor.history_add(history.decode(lines[i])) end
  if #lines > 2 * keep then editor.replace(path, table.concat(lines, "\n", first) .. "\n") end
  history.last = lines[#lines] and history.decode(lines[#lines])
end

-- What the file holds, oldest first.
function history.entries()
  local path = history.path()
  local entries = path and read_all(path) or {}
  for i, line in ipairs(entries) do entries[i] = history.decode(line) end
  return entries
end

-- Stores an entry at once, so that no end of the session loses it. A leading space, or the entry before once more: not stored.
function history.add(editor, entry)
  if entry:match("^%s") or entry == "" or entry == history.last then return true end
  history.last = entry
  editor.history_add(entry)
  local path = history.path()
  if not path or history.secret(entry) then return true end
  return editor.append(path, history.encode(entry) .. "\n")
end

return history
