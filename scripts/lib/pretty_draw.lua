-- Owns: any Lua value as text that could be typed: tables with their keys in order, cycles by number, long ones cut. Callers: pretty.
-- Whatever a value holds, what comes out is safe on a terminal.
local style = require "ehlo.style"
local draw = {}

draw.limits = {depth = 6, items = 60, string = 2000, total = 4000}
-- For those who ask for more.
draw.generous = {depth = 40, items = 2000, string = 1000000, total = 60000}

local short = {["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t", ["\0"] = "\\0", ["\""] = "\\\"", ["\\"] = "\\\\"}

-- The first `length` bytes, less what would be half a character.
local function first_bytes(text, length)
  for back = 0, 3 do
    local c = text:byte(length - back + 1)
    if not c or c < 0x80 or c >= 0xC0 then return text:sub(1, length - back) end
  end
  return text:sub(1, length)
end

function draw.string(text, limit)
  limit = limit or draw.limits.string
  local more = ""
  if #text > limit then
    local whole = #text
    text = first_bytes(text, limit)
    more = (" ... %d more bytes"):format(whole - #text)
  end
  local body = text:gsub("[%c\"\\]", function(c) return short[c] or ("\\x%02X"):format(c:byte()) end)
  if not utf8.len(body) then
    body = body:gsub("[\x80-\xff]", function(c) return ("\\x%02X"):format(c:byte()) end)
  end
  return '"' .. report.escape(body):gsub("\\\\", "\\") .. '"' .. more
end

-- With as many digits as it takes to read the same number back.
function draw.number(value)
  if math.type(value) == "integer" then return tostring(value) end
  if value ~= value then return "nan" end
  if value == math.huge or value == -math.huge then return value > 0 and "inf" or "-inf" end
  local text
  for digits = 14, 17 do
    text = ("%%.%dg"):format(digits):format(value)
    if tonumber(text) == value then break end
  end
  return text:find("[.e]") and text or text .. ".0"
end

local function order(a, b)
  local ta, tb = type(a), type(b)
  if ta ~= tb then return ta == "number" or (tb ~= "number" and ta < tb) end
  if ta == "number" or ta == "string" then return a < b end
  return tostring(a) < tostring(b)
end

-- The keys outside 1 to `length`, in order.
function draw.keys(value, length)
  local keys = {}
  for key in next, value do
    local inside = math.type(key) == "integer" and key >= 1 and key <= length
    if not inside then keys[#keys + 1] = key end
  end
  if not pcall(table.sort, keys, order) then return keys end -- a NaN has no place
  return keys
end

local reserved = {}
for word in ([[and break do else elseif end false for function goto if in local nil not or repeat return then true until while]])
  :gmatch("%a+") do reserved[word] = true end

local function function_text(value)
  local info = debug.getinfo(value, "S")
  if info.what == "C" then return "function (built in)" end
  return ("function (%s:%d)"):format(report.escape(info.short_src), info.linedefined)
end

-- Anything but a plain table, on one line. `state.object` names objects of ours.
function draw.inline(state, value)
  local kind = type(value)
  if kind == "string" then return draw.string(value, state.limits.string) end
  if kind == "number" then return draw.number(value) end
  if kind == "nil" or kind == "boolean" then return tostring(value) end
  if kind == "function" then return function_text(value) end
  local text = state.object and state.object(value)
  if not text then
    local ok, made = pcall(tostring, value)
    text = ok and made or kind
  end
  return report.escape((text:match("[^\n]*")))
end

local function key_text(state, key)
  if type(key) == "string" and key:match("^[%a_][%w_]*$") and not reserved[key] then return key end
  if type(key) == "table" then return "[" .. report.escape(("%p"):format(key)) .. "]" end
  return "[" .. draw.inline(state, key) .. "]"
end

-- A table without a shape of its own.
function draw.plain(value)
  if type(value) ~= "table" then return false end
  local meta = debug.getmetatable(value)
  return not (type(meta) == "table" and (rawget(meta, "__tostring") or rawget(meta, "__pretty")))
end

-- The tables that contain themselves, somewhere below.
local function cycles(root, limits)
  local marked, open, done, seen = {}, {}, {}, 0
  local function walk(value, depth)
    if not draw.plain(value) then return end
    if open[value] then
      marked[value] = true
      return
    end
    if done[value] or depth > limits.depth or seen > limits.total then return end
    seen = seen + 1
    open[value] = true
    for _, inner in next, value do walk(inner, depth + 1) end
    open[value], done[value] = nil, true
  end
  walk(root, 0)
  return marked
end

local function parts_of(state, value, depth, from)
  local parts, length = {}, rawlen(value)
  local limits, scalars = state.limits, true
  local keys = draw.keys(value, length)
  local last = math.min(length + #keys, from + limits.items - 1)
  for i = from, last do
    if state.drawn > limits.total then
      last = i - 1
      break
    end
    state.drawn = state.drawn + 1
    local key = keys[i - length]
    local inner = rawget(value, i <= length and i or key)
    scalars = scalars and i <= length and type(inner) ~= "table"
    local text = draw.value(state, inner, depth + 1)
    parts[#parts + 1] = i <= length and text or key_text(state, key) .. " = " .. text
  end
  return parts, length + #keys - last, scalars
end

-- Short pieces one after the other, as many as fit a line.
local function filled(parts, indent)
  local lines, line = {}, ""
  for _, part in ipairs(parts) do
    if line ~= "" and report.width(line) + report.width(part) + 2 + #indent > style.width then
      lines[#lines + 1], line = line, ""
    end
    line = line == "" and part or line .. ", " .. part
  end
  lines[#lines + 1] = line
  return table.concat(lines, ",\n" .. indent)
end

local function join(parts, left, depth, scalars)
  if left > 0 then parts[#parts + 1] = ("... %d more"):format(left) end
  local width, single = 4, true
  for _, part in ipairs(parts) do
    width = width + report.width(part) + 2
    single = single and not part:find("\n", 1, true)
  end
  if single and width <= style.width - 2 * depth then return "{" .. table.concat(parts, ", ") .. "}" end
  local indent = ("  "):rep(depth + 1)
  local body = single and scalars and filled(parts, indent) or table.concat(parts, ",\n" .. indent)
  return "{\n" .. indent .. body .. "\n" .. ("  "):rep(depth) .. "}"
end

function draw.value(state, value, depth)
  local shaped = state.shaped and state.shaped(value)
  if shaped then return (shaped:gsub("\n", "\n" .. ("  "):rep(depth))) end
  if not draw.plain(value) then return draw.inline(state, value) end
  if state.open[value] then return state.number[value] and ("<ref %d>"):format(state.number[value]) or "{...}" end
  if next(value) == nil then return "{}" end
  if depth >= state.limits.depth then
    state.cut = true
    return "{...}"
  end
  local mark = ""
  if state.cyclic[value] then
    state.numbers = state.numbers + 1
    state.number[value] = state.numbers
    mark = ("<%d> "):format(state.numbers)
  end
  state.open[value] = true
  local parts, left, scalars = parts_of(state, value, depth, depth == 0 and state.from or 1)
  state.open[value] = nil
  if left > 0 then
    state.cut = true
    if depth == 0 then state.left = left end
  end
  return mark .. join(parts, left, depth, scalars)
end

-- The text of a value, and how it was cut: {cut =, left = items of the table itself}. options: object, shaped (functions that give the
-- text of what has a shape of its own, or nil), limits, from (the item to begin with).
function draw.text(value, options)
  local state = {open = {}, number = {}, numbers = 0, drawn = 0, limits = options.limits or draw.limits, from = options.from or 1,
    object = options.object, shaped = options.shaped}
  state.cyclic = cycles(value, state.limits)
  local text = draw.value(state, value, 0)
  return text, {cut = state.cut, left = state.left}
end

return draw
