#!/usr/bin/env -S ehlo run
-- Sorts a Maildir of bounces by what is to be done: ehlo run examples/sort-bounces.lua MAILDIR [--move]
-- It prints a list for each of: fix ours, tell the sender, wait, remove the address. With --move the mails go to the Maildir's
-- subfolders .fix-ours, .tell-the-sender, .wait and .remove-the-address, which must be there.
local args = {...}
local maildir, move = args[1], args[2] == "--move"
if not maildir or args[2] and not move then
  io.stderr:write("Usage: ehlo run examples/sort-bounces.lua MAILDIR [--move]\n")
  return 2
end

local piles = {"fix ours", "tell the sender", "wait", "remove the address"}
local rank = {["fix ours"] = 4, ["remove the address"] = 3, ["tell the sender"] = 2, wait = 1}

local function pile_of(e)
  if e.acts == "sending-admin" then return "fix ours" end
  if e.suppress == "yes" then return "remove the address" end
  if e.retry == "yes" or e.action == "delayed" then return "wait" end
  return "tell the sender"
end

-- A mail to several goes where it is needed most.
local function most_urgent(explanations)
  local best, reason
  for _, e in ipairs(explanations) do
    local pile = pile_of(e)
    if not best or rank[pile] > rank[best] then best, reason = pile, e end
  end
  return best, reason
end

local function read(path)
  local file, message = io.open(path, "rb")
  if not file then return nil, message end
  local bytes = file:read(1 << 20)
  file:close()
  return bytes or ""
end

local found, left, troubles = {}, 0, 0
for _, pile in ipairs(piles) do found[pile] = {} end

local function sort(folder, name)
  local path = maildir .. "/" .. folder .. "/" .. name
  local told = mail.explain(assert(read(path)))
  local pile, reason
  if told and told.kind == "bounce" then pile, reason = most_urgent(told.explanations) end
  if not pile then
    left = left + 1
    return
  end
  table.insert(found[pile], ("%s  %s  %s"):format(reason.address or "?", reason.cause, path))
  if not move then return end
  local target = ("%s/.%s/%s/%s"):format(maildir, pile:gsub(" ", "-"), folder, name)
  local ok, message = os.rename(path, target)
  if ok then return end
  io.stderr:write(report.escape(message), ". Make the folders first, as Maildirs with cur, new and tmp.\n")
  troubles = troubles + 1
end

for _, folder in ipairs {"new", "cur"} do
  local names, message = mail.list(maildir .. "/" .. folder)
  if not names then
    io.stderr:write(report.escape(maildir), " is no Maildir: ", message, "\n")
    return 1
  end
  table.sort(names)
  for _, name in ipairs(names) do sort(folder, name) end
end

for _, pile in ipairs(piles) do
  print(("%s: %d"):format(pile, #found[pile]))
  for _, line in ipairs(found[pile]) do print("  " .. report.escape(line)) end
end
print("left alone, for they are no bounces: " .. left)
return troubles == 0 and 0 or 1
