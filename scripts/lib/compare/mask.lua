-- Owns: what in a text says nothing when two are compared: the server's own names, the client's address, dates, ids of queues and
-- sessions. Callers: compare/facts.
local mask = {}

local function plain(text) return (text:gsub("%W", "%%%0")) end

-- Replaces a name where it stands by itself, in any case of letters.
local function replace(text, name, with)
  if type(name) ~= "string" or #name < 3 then return text end
  local out, at, lower, wanted = {}, 1, text:lower(), plain(name:lower())
  while true do
    local first, last = lower:find("%f[%w]" .. wanted .. "%f[^%w]", at)
    if not name:find("^%w") then first, last = lower:find(wanted, at) end
    if not first then break end
    out[#out + 1] = text:sub(at, first - 1) .. with
    at = last + 1
  end
  return #out == 0 and text or table.concat(out) .. text:sub(at)
end

local dates = {
  "%f[%a]%u%l%l, %d%d? %u%l%l %d%d%d%d %d%d:%d%d:?%d?%d? ?[%+%-]?%d*", -- RFC 5322
  "%f[%a]%u%l%l %u%l%l +%d%d? %d%d:%d%d:%d%d %d%d%d%d", -- ctime
  "%f[%d]%d%d%d%d%-%d%d%-%d%d[T ]%d%d:%d%d:%d%d%.?%d*Z?[%+%-]?%d*:?%d*", -- RFC 3339
}

-- How long something took, or has left.
local spans = {"%f[%d]%d+%.?%d* m?s%f[%W]", "%f[%d]%d+%.?%d* seconds?%f[%W]", "%f[%d]%d+ days? left", "%f[%d]%d+ days? ago"}

local names = {"([Qq]ueued as )[%w%-]+", "(%f[%a]id[= ])[%w%-]+", "(%f[%a]ID[= ])[%w%-]+"}

-- A word made by a machine: letters and digits in turn, again and again.
local function is_id(word)
  if #word < 11 or not word:find("^[%w%-_]+$") then return false end
  local turns, last = 0, nil
  for char in word:gmatch("%w") do
    local digit = char:find("%d") ~= nil
    if last ~= nil and digit ~= last then turns = turns + 1 end
    last = digit
  end
  return turns >= 5
end

local MOST = 4096 -- longer texts are compared as they are

-- The text as it is compared. own: {server = names, client = names} of the record that it is from.
function mask.text(text, own)
  if #text > MOST then return text end
  local out = text
  for _, name in ipairs(own.client or {}) do out = replace(out, name, "<client>") end
  for _, name in ipairs(own.server or {}) do out = replace(out, name, "<host>") end
  out = out:gsub("(<client>%]?):%d+", "%1")
  for _, pattern in ipairs(dates) do out = out:gsub(pattern, "<date>") end
  for _, pattern in ipairs(spans) do out = out:gsub(pattern, "<time>") end
  for _, pattern in ipairs(names) do out = out:gsub(pattern, "%1<id>") end
  return (out:gsub("[%w%-_]+", function(word) return is_id(word) and "<id>" or nil end))
end

return mask
