-- Owns: JSON that a program would get, on lines of its own for a person. Callers: the prompt.
local json_lines = {}

-- The end of the string that begins at `i`.
local function string_end(text, i)
  repeat
    i = text:find('["\\]', i + 1)
    local escaped = text:sub(i, i) == "\\"
    if escaped then i = i + 1 end
  until not escaped
  return i
end

-- The same JSON, a member a line, two spaces a level; it must be whole, as ours is.
function json_lines.of(text)
  local out, depth, i = {}, 0, 1
  local function line() out[#out + 1] = "\n" .. ("  "):rep(depth) end
  while true do
    local stop
    i = text:find("%S", i)
    if not i then return table.concat(out) end
    local c = text:sub(i, i)
    if c == '"' then
      stop = string_end(text, i)
    elseif c == "{" or c == "[" then
      stop = text:match("^.%s*[%]}]()", i)
      stop = stop and stop - 1 or i
    elseif c == "}" or c == "]" then
      depth = depth - 1
      line()
      stop = i
    else
      stop = text:match("^[^%s%[%]{},:\"]+()", i)
      stop = stop and stop - 1 or i
    end
    out[#out + 1] = text:sub(i, stop)
    if (c == "{" or c == "[") and stop == i then depth = depth + 1 end
    if c == "," or (c == "{" or c == "[") and stop == i then line() end
    if c == ":" then out[#out + 1] = " " end
    i = stop + 1
  end
end

return json_lines
