-- Owns: what was typed, across sessions: one entry a line of the file, whatever its own lines. Callers: the prompt.
local history = {}

local READ, KEPT = 2 << 20, 4 << 20 -- bytes: what a prompt reads of the file, and from where on it is shortened to that
local LONGEST = 1 << 16             -- bytes of an entry

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

local secrets = {
  "passw?%w*[\"'%]]*%s*[=,:]", "[:.]%s*auth%s*[%({]", "secret", "auth%s+plain", "auth%s+login", "auth%s+xoauth2", "auth%s+oauthbearer", "bearer%s",
  "token[\"'%]]*%s*[=:]", "api_?key[\"'%]]*%s*[=:]",
}

-- Lines that seem to hold a secret stay in memory and out of the file.
function history.secret(entry)
  local lower = entry:lower()
  for _, pattern in ipairs(secrets) do
    if lower:find(pattern) then return true end
  end
  return false
end

-- What can be an entry: a file may have been damaged, or may never have been a history.
local function sound(line)
  return #line <= LONGEST and not line:find("\0", 1, true) and utf8.len(line) ~= nil
end

local function read_entries(editor)
  local path = history.path()
  if not path then return {} end
  local text, why, number = editor.tail(path, READ)
  if not text then
    local told = number ~= 2 and {message = ("the history cannot be read (%s): %s"):format(why, report.escape(path)), whole = true}
    return {}, told or nil
  end
  local entries, damaged = {}, 0
  for line in text:gmatch("[^\n]+") do
    if sound(line) then entries[#entries + 1] = history.decode(line) else damaged = damaged + 1 end
  end
  if damaged == 0 then return entries end
  local lines = damaged == 1 and "a damaged line" or damaged .. " damaged lines"
  return entries, {message = ("the history holds %s, left out here: %s"):format(lines, report.escape(path))}
end

-- Fills the editor from the file. Returns what is wrong with the file, {message =, whole = nothing could be read}, or nil.
function history.load(editor)
  local entries, damage = read_entries(editor)
  for _, entry in ipairs(entries) do editor.history_add(entry) end
  history.last = entries[#entries]
  if #entries > 0 then editor.shorten(history.path(), KEPT, READ) end
  return damage
end

-- What the file holds, oldest first.
function history.entries()
  return (read_entries(require "ehlo.line_editor"))
end

local function hosts_of(entry, add)
  for call in entry:gmatch("%f[%w_](%a+%.%a+%s*%(?%s*[\"'][^\"']+)[\"']") do
    local module, host = call:match("^(%a+)%..-[\"'](.*)$")
    if module == "smtp" or module == "dns" then add(host) end
  end
  local command, rest = entry:match("^(%a[%w_%-]*)%s+([^(=].*)$")
  if not command or command == "run" or command == "explain" then return end
  for word in rest:gmatch("%S+") do
    if not word:match("^%-") and not word:find("[@/=\"'(,]") then add(word) end
  end
end

-- Hosts that were talked to or asked about, the latest first.
function history.hosts()
  local entries, hosts, seen = history.entries(), {}, {}
  local function add(host)
    local name = host:match("^[%w%.%-:%[%]_]+$") and not host:match("^[%d.]+$") or host:match("^%d+%.%d+%.%d+%.%d+:?%d*$")
    if not name or not host:find("%.") or seen[host] then return end
    seen[host] = true
    hosts[#hosts + 1] = host
  end
  for i = #entries, 1, -1 do hosts_of(entries[i], add) end
  return hosts
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
