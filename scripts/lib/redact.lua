-- Owns: taking secrets out of what a person typed, before it is kept anywhere. Callers: the log, saved sessions.
local redact = {}

local NAMES = {"secret", "passw%w*", "passphrase", "token", "pass"}

-- Calls f(before, literal) for each literal that is given to something with a secret's name; what it returns takes their place.
local function each(text, f)
  for _, name in ipairs(NAMES) do
    for _, quote in ipairs {'"', "'"} do
      text = text:gsub("(%f[%w_]" .. name .. "[\"']?%]?%s*=%s*)(" .. quote .. "[^" .. quote .. "\n]*" .. quote .. ")", f)
    end
  end
  return text
end

-- The text with secrets starred out, and a list of them.
function redact.line(text)
  local found = {}
  local starred = each(text, function(before, literal)
    if #literal > 2 then found[#found + 1] = literal:sub(2, -2) end
    return before .. '"***"'
  end)
  starred = starred:gsub("([Aa][Uu][Tt][Hh]%s+[%w%-]+%s+)([%w+/=]+)", "%1***")
  return starred, found
end

-- The same for a script: the secret comes from the environment. Returns the text and whether anything was changed.
function redact.script(text)
  local changed = false
  local made = each(text, function(before)
    changed = true
    return before .. 'os.getenv("EHLO_SECRET")'
  end)
  return made, changed
end

return redact
