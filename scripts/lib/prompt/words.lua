-- Owns: what a typed line is: a command, a code, a reply, Lua. Callers: the prompt, completion.
local words = {}

-- Splits a line as a shell does: quotes and backslashes, nothing else. Returns the list, or nil and what is wrong.
function words.split(line)
  local list, i, current = {}, 1, nil
  while i <= #line do
    local c = line:sub(i, i)
    if c:match("%s") then
      if current then list[#list + 1] = current end
      current = nil
      i = i + 1
    elseif c == "'" then
      local stop = line:find("'", i + 1, true)
      if not stop then return nil, "a ' opens and does not close" end
      current = (current or "") .. line:sub(i + 1, stop - 1)
      i = stop + 1
    elseif c == '"' then
      local text, stop = words.quoted(line, i + 1)
      if not text then return nil, 'a " opens and does not close' end
      current = (current or "") .. text
      i = stop + 1
    elseif c == "\\" then
      if i == #line then return nil, "a \\ stands at the end, with nothing behind it" end
      current = (current or "") .. line:sub(i + 1, i + 1)
      i = i + 2
    else
      current = (current or "") .. c
      i = i + 1
    end
  end
  if current then list[#list + 1] = current end
  return list
end

-- The text of a double-quoted piece that begins at `i`, and where its closing quote is.
function words.quoted(line, i)
  local out = {}
  while i <= #line do
    local c = line:sub(i, i)
    if c == '"' then return table.concat(out), i end
    if c == "\\" and line:sub(i + 1, i + 1):match('["\\$`]') then
      i = i + 1
      c = line:sub(i, i)
    end
    out[#out + 1] = c
    i = i + 1
  end
  return nil
end

-- A command's name, where the line is one: the name, then the end, or a space and none of = ( . : , [
function words.command(line)
  local name, rest = line:match("^%s*(%a[%w_%-]*)(.*)$")
  if not name or line:find("\n.") then return nil end
  local after = rest:match("^%s+(.?)")
  if rest ~= "" and (not after or after:find("^[=(.:,%[]")) then return nil end
  if not require("ehlo.command").exists(name) then return nil end
  return name
end

local code_forms = {
  "^%d%d%d$", "^%d%.%d+%.%d+$", "^%d%d%d/%d%.%d+%.%d+$", "^%d%d%d%s+%d%.%d+%.%d+$",
}

-- A lone code, as the code command takes it, or nil.
function words.code(line)
  local text = line:match("^%s*(.-)%s*$")
  for _, form in ipairs(code_forms) do
    if text:match(form) then return (text:gsub("%s+", "/")) end
  end
  return nil
end

-- A server's reply, pasted as it stands. Only asked where the line is no Lua.
function words.reply(line)
  local text = line:match("^%s*(.-)%s*$")
  return text:match("^[2345]%d%d[ %-]%S") and text or nil
end

return words
