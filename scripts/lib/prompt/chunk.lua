-- Owns: a piece of Lua from the prompt: whether it is whole, making it run, telling what went wrong and where.
-- Callers: the prompt.
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

chunk.keep_locals = keep_locals

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

-- Whether a line ends in ; so that its value is not shown. A comment may hold one.
function chunk.silent(source)
  return source:find(";%s*$") ~= nil and not source:match("[^\n]*$"):find("--", 1, true)
end

-- A file's chunk, whose locals stay; nil where it has a manifest, and is to be run as a command.
-- Raises what is wrong with it.
function chunk.file(path)
  local file, message = io.open(path, "rb")
  local text = file and file:read("a")
  if file then file:close() end
  if not text then require("ehlo.trouble").fail("%s", report.escape(message or path .. " cannot be read")) end
  text = text:gsub("^#[^\n]*", "")
  if text:find("%f[%w_]manifest%s*[{(]") then return nil end
  local made, why = load(text, "@" .. path, "t")
  if not made then error(why, 0) end
  local keeping = text:find("%f[%w_]local%f[^%w_]") and load(text .. '\n;require("ehlo.prompt.chunk").keep_locals()', "@" .. path, "t")
  return keeping or made
end

-- What was typed under the name of a message's place, and whether that is the latest; nil where the name is a file's.
function chunk.source(name)
  return sources[name], name == "[" .. count .. "]"
end

-- `name = expression`, one name: the name, and a function that gives the expression's values; else nil. Where a call says
-- nil, message, the message is not lost that way.
function chunk.assignment(source)
  local head, name, expression = source:match("^((%s*[%a_][%w_]*)%s*=)(.*)$")
  if not head then head, name, expression = source:match("^(%s*local%s+([%a_][%w_]*)%s*=)(.*)$") end
  if not head or expression:match("^=") or not expression:find("%(") then return nil end
  local made = load("return " .. expression, "=[" .. count .. "]", "t")
  return made and name:match("[%a_][%w_]*") or nil, made
end

-- A line that is no Lua, and begins with a word that is nearly a command.
function chunk.nearly_command(source)
  local first = source:match("^%s*(%a[%w_%-]*)%f[%s\0]")
  if not first or rawget(_G, first) ~= nil then return nil end
  local near = require("ehlo.trouble").nearest(first, require("ehlo.command").names())
  return near and ("no command \"%s\". Did you mean: %s?"):format(first, near) or nil
end

return chunk
