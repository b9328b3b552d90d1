-- Owns: where in a line of Lua a person stands: in which string, which call and which of its arguments, which table. Callers: completion.
local context = {}

-- The end of the string that begins at `i`, or nil where it is open.
local function string_end(text, i)
  local quote = text:sub(i, i)
  i = i + 1
  while i <= #text do
    local c = text:sub(i, i)
    if c == quote then return i end
    i = i + (c == "\\" and 2 or 1)
  end
  return nil
end

-- The name right before a bracket or a string: what is called.
local function callee(text, i)
  return text:sub(1, i - 1):match("([%a_][%w_.:]*)%s*$")
end

local closers = {[")"] = "(", ["}"] = "{", ["]"] = "["}

local function pop(stack, opener)
  for k = #stack, 1, -1 do
    if stack[k].opener == opener then
      for _ = k, #stack do table.remove(stack) end
      return
    end
  end
end

-- What encloses the end of the text: {quote, quoted (its text so far), frames}. A frame: opener, callee, index (of the argument), at.
function context.of(text)
  local stack, i = {}, 1
  while i <= #text do
    local c = text:sub(i, i)
    if c == '"' or c == "'" then
      local stop = string_end(text, i)
      if not stop then return {quote = c, quoted = text:sub(i + 1), at = i, frames = stack} end
      i = stop
    elseif text:find("^%-%-", i) then
      return {comment = true, frames = stack}
    elseif c == "(" or c == "{" or c == "[" then
      stack[#stack + 1] = {opener = c, callee = callee(text, i), index = 1, at = i}
    elseif closers[c] then
      pop(stack, closers[c])
    elseif c == "," and stack[#stack] then
      stack[#stack].index = stack[#stack].index + 1
    end
    i = i + 1
  end
  return {frames = stack}
end

-- The call that the place belongs to: the name, the number of the argument, and whether it is inside a table given as that.
function context.call(where, text)
  local top, under = where.frames[#where.frames], where.frames[#where.frames - 1]
  if where.quote then
    local name = callee(text, where.at)
    local sugar = name and text:sub(where.at - 1, where.at - 1):match("[%w_%s]") and not text:sub(1, where.at - 1):match("[=,(]%s*$")
    if sugar and not top then return name, 1, false end
  end
  if not top or top.opener == "[" then return nil end
  if top.opener == "(" then return top.callee, top.index, false end
  if top.callee then return top.callee, 1, true end -- f{...}
  if under and under.opener == "(" then return under.callee, under.index, true end
  return nil
end

return context
