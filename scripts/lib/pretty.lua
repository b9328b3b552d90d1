-- Owns: showing any value as what it is: an entry as a card, a comparison in columns, a table with its keys in order.
-- Callers: the prompt. Whatever a value holds, what comes out is safe on a terminal.
local style = require "ehlo.style"
local pretty = {}

local limits = {depth = 5, items = 60, string = 2000, total = 4000}

local function lines_escaped(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do lines[#lines + 1] = line:gsub("[^\t]+", report.escape) end
  if lines[#lines] == "" and #lines > 1 then lines[#lines] = nil end
  return table.concat(lines, "\n")
end

-- Text of several lines: line ends and tabs stay, every other control byte is shown.
pretty.escape = lines_escaped

local short = {["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\0"] = "\\0", ["\""] = "\\\"", ["\\"] = "\\\\"}

local function quoted(text)
  local more = #text > limits.string and (" ... %d more bytes"):format(#text - limits.string) or ""
  if more ~= "" then text = text:sub(1, limits.string) end
  local body = text:gsub("[%c\"\\]", function(c) return short[c] or ("\\x%02X"):format(c:byte()) end)
  if not utf8.len(body) then
    body = body:gsub("[\x80-\xff]", function(c) return ("\\x%02X"):format(c:byte()) end)
  end
  return '"' .. report.escape(body):gsub("\\\\", "\\") .. '"' .. more
end

local function number(value)
  if value ~= value then return "nan" end
  return tostring(value)
end

local ours = {"ehlo.entry", "ehlo.comparison", "ehlo.explanation", "ehlo.record", "ehlo.session", "ehlo.reply", "ehlo.task"}

-- Which of our objects a value is, or nil. Known by its metatable itself: a name could be anybody's.
local function kind_of(value)
  local meta = debug.getmetatable(value)
  if type(meta) ~= "table" then return nil end
  local registry = debug.getregistry()
  for _, name in ipairs(ours) do
    if rawequal(rawget(registry, name), meta) then return name end
  end
  return nil
end
pretty.kind_of = kind_of

-- Objects of ours, and the record that shows them.
local records = {
  ["ehlo.entry"] = function(value) return {kind = "card", items = {value}} end,
  ["ehlo.comparison"] = function(value) return {kind = "comparison", comparison = value} end,
  ["ehlo.explanation"] = function(value) return {kind = "explanation", items = {{input = value.text, explanation = value}}} end,
  ["ehlo.record"] = function(value) return {kind = "probe", items = {value}} end,
}

local function order(a, b)
  local ta, tb = type(a), type(b)
  if ta ~= tb then return ta == "number" or (tb ~= "number" and ta < tb) end
  if ta == "number" or ta == "string" then return a < b end
  return tostring(a) < tostring(b)
end

local function sorted_keys(value, length)
  local keys, n = {}, 0
  for key in next, value do
    local inside = math.type(key) == "integer" and key >= 1 and key <= length
    if not inside then
      n = n + 1
      keys[n] = key
    end
  end
  table.sort(keys, order)
  return keys
end

local reserved = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while]])
  :gmatch("%a+") do reserved[word] = true end

local inline

local function key_text(state, key)
  if type(key) == "string" and key:match("^[%a_][%w_]*$") and not reserved[key] then return key end
  if type(key) == "table" then return "[" .. tostring(key) .. "]" end
  return "[" .. inline(state, key) .. "]"
end

local function function_text(value)
  local info = debug.getinfo(value, "S")
  if info.what == "C" then return "function (built in)" end
  return ("function (%s:%d)"):format(report.escape(info.short_src), info.linedefined)
end

-- Anything but a plain table, on one line.
function inline(_, value)
  local kind = type(value)
  if kind == "string" then return quoted(value) end
  if kind == "number" then return number(value) end
  if kind == "nil" or kind == "boolean" then return tostring(value) end
  if kind == "function" then return function_text(value) end
  local ok, text = pcall(tostring, value)
  text = ok and text or kind_of(value) or kind
  return report.escape((text:match("[^\n]*")))
end

local function plain_table(value)
  local meta = debug.getmetatable(value)
  return type(value) == "table" and not (type(meta) == "table" and (rawget(meta, "__tostring") or records[kind_of(value)]))
end

local draw

local function parts_of(state, value, depth)
  local parts, length = {}, rawlen(value)
  local shown = 0
  local function add(text)
    shown = shown + 1
    state.drawn = state.drawn + 1
    parts[shown] = text
  end
  local keys = sorted_keys(value, length)
  for i = 1, length do
    if shown >= limits.items or state.drawn > limits.total then break end
    add(draw(state, rawget(value, i), depth + 1))
  end
  for _, key in ipairs(keys) do
    if shown >= limits.items or state.drawn > limits.total then break end
    add(key_text(state, key) .. " = " .. draw(state, rawget(value, key), depth + 1))
  end
  local left = length + #keys - shown
  return parts, left
end

local function join(parts, left, depth)
  local more = left > 0 and ("... %d more"):format(left) or nil
  local columns, width, single = style.width - 2 * depth, 4, true
  for _, part in ipairs(parts) do
    width = width + report.width(part) + 2
    single = single and not part:find("\n", 1, true)
  end
  if single and width + (more and #more or 0) <= columns then
    if more then parts[#parts + 1] = more end
    return "{" .. table.concat(parts, ", ") .. "}"
  end
  local indent = ("  "):rep(depth + 1)
  local text = "{\n" .. indent .. table.concat(parts, ",\n" .. indent)
  if more then text = text .. ",\n" .. indent .. more end
  return text .. "\n" .. ("  "):rep(depth) .. "}"
end

function draw(state, value, depth)
  if not plain_table(value) then return inline(state, value) end
  if state.open[value] then return "{... the table itself ...}" end
  if next(value) == nil then return "{}" end
  if depth >= limits.depth then return "{...}" end
  state.open[value] = true
  local parts, left = parts_of(state, value, depth)
  state.open[value] = nil
  return join(parts, left, depth)
end

local function is_record(value)
  return type(value) == "table" and type(rawget(value, "kind")) == "string"
    and (rawget(value, "items") or rawget(value, "comparison") or rawget(value, "manifest"))
end

local function as_record(value)
  local make = records[kind_of(value) or ""]
  if not make and not is_record(value) then return nil end
  local ok, text = pcall(function() return require("ehlo.render").text(make and make(value) or value) end)
  return ok and text:gsub("\n+$", "") or nil
end

-- The text for one value, without an end of line.
function pretty.text(value)
  local whole = as_record(value)
  if whole then return whole end
  if type(value) == "string" and value:find("\n.") then return lines_escaped(value) end
  local meta = debug.getmetatable(value)
  if type(value) ~= "string" and type(meta) == "table" and rawget(meta, "__tostring") then
    local ok, text = pcall(tostring, value)
    if ok then return lines_escaped(text) end
  end
  return draw({open = {}, drawn = 0}, value, 0)
end

local function trouble_text(values)
  return style.bad("nil") .. "  " .. lines_escaped(values[2])
end

-- The text for the results of a call, or nil where there is nothing to show. `values` comes from table.pack.
function pretty.results(values)
  if values.n == 0 then return nil end
  if values.n >= 2 and values[1] == nil and type(values[2]) == "string" then return trouble_text(values) end
  local texts, single = {}, true
  for i = 1, values.n do
    texts[i] = pretty.text(values[i])
    single = single and not texts[i]:find("\n", 1, true)
  end
  return table.concat(texts, single and "  " or "\n")
end

-- Prints values the way the prompt does; saved sessions call it.
function pretty.show(...)
  local text = pretty.results(table.pack(...))
  if text then io.write(text, "\n") end
  return ...
end

-- What `print` is at the prompt: nothing that a server sent reaches the terminal as it came.
function pretty.print(...)
  local pieces = table.pack(...)
  for i = 1, pieces.n do
    local value = pieces[i]
    pieces[i] = kind_of(value) and pretty.text(value) or lines_escaped(tostring(value))
  end
  io.write(table.concat(pieces, "\t"), "\n")
end

return pretty
