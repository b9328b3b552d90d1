-- Owns: a piece of Lua from the prompt: whether it is whole, making it run, telling what went wrong and where.
-- Callers: the prompt.
local style = require "ehlo.style"
local chunk = {}

-- What each chunk read, by its name, so that an error in a function of an earlier one can still show its line.
local sources = {}
local count = 0

-- The parser says where it stopped; at the end of the text more may come. Two of its messages say the same in error.
local function unfinished(message)
  return message:match("<eof>$") and not message:match("break outside") and not message:match("no visible label")
end

-- Top-level locals live on as globals: the chunk calls this last, and finds them on its stack.
local function keep_locals()
  for i = 1, 250 do
    local name, value = debug.getlocal(2, i)
    if not name then return end
    if not name:match("^%(") then rawset(_G, name, value) end
  end
end

local function load_keeping(source, name)
  if not source:find("%f[%w_]local%f[^%w_]") then return nil end
  return load(source .. "\n;(...)()", name, "t")
end

-- Returns the function, and what to call it with if anything; or nil, "more"; or nil, "error", message.
function chunk.compile(source)
  count = count + 1
  local name = "=[" .. count .. "]"
  local forced = source:match("^%s*=(.*)$")
  local made, message = load("return " .. (forced or source), name, "t")
  local expression = made ~= nil
  if not made then
    local as_expression = message
    if not forced then made, message = load(source, name, "t") end
    if not made and (unfinished(message) or unfinished(as_expression)) then
      count = count - 1
      return nil, "more"
    end
  end
  sources["[" .. count .. "]"] = forced or source
  sources["[" .. (count - 200) .. "]"] = nil
  if not made then return nil, "error", message end
  local keeping = not expression and load_keeping(source, name)
  if keeping then return keeping, keep_locals end
  return made
end

local function line_of(text, number)
  local at = 0
  for line in (text .. "\n"):gmatch("(.-)\n") do
    at = at + 1
    if at == number then return line end
  end
end

local function file_line(path, number)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read(1 << 20) or ""
  file:close()
  return line_of(text, number)
end

local function place(name, number)
  local source = sources[name]
  if not source then return ("%s, line %d:"):format(name, number), file_line(name, number) end
  local here = name == "[" .. count .. "]"
  if not here then return ("line %d of something typed before:"):format(number), line_of(source, number) end
  local several = source:find("\n.")
  return several and ("line %d:"):format(number) or nil, line_of(source, number)
end

-- A line that is no Lua, and begins with a word that is nearly a command.
function chunk.nearly_command(source)
  local first = source:match("^%s*(%a[%w_%-]*)%f[%s\0]")
  if not first or rawget(_G, first) ~= nil then return nil end
  local near = require("ehlo.trouble").nearest(first, require("ehlo.command").names())
  return near and ("no command \"%s\". Did you mean: %s?"):format(first, near) or nil
end

-- The words for an error: what happened, where, and the line itself.
function chunk.trouble(value)
  local pretty = require "ehlo.pretty"
  if type(value) ~= "string" then
    local message = type(value) == "table" and rawget(value, "message")
    if type(message) == "string" then return style.bad(pretty.escape(message)) end
    return style.bad("error value: ") .. pretty.text(value)
  end
  local name, number, message = value:match("^([^\n]-):(%d+): (.*)$")
  if not name then return style.bad(pretty.escape(value)) end
  local where, line = place(name, math.tointeger(number) or 0)
  local text = style.bad((where and report.escape(where) .. " " or "") .. pretty.escape(message))
  if line then text = text .. ("\n  %s | %s"):format(number, report.escape(line)) end
  return text
end

return chunk
