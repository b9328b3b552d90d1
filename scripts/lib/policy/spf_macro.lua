-- Owns: SPF's macros (RFC 7208 section 7): reading a macro-string into parts, and putting values in. Callers: spf_parse.lua, spf_check.lua.
local macro = {}

local NAME = 253 -- bytes of a name at most
local LETTERS = "slodiphv" -- c, r and t beside them in explanations only
local simple = {["%"] = "%", ["_"] = " ", ["-"] = "%20"}

-- "%{" letter, digits, "r", delimiters "}" at `at`: the part and where it ends; nil and why not.
local function read_expand(text, at, letters)
  local letter, digits, reverse, delimiters, stop = text:match("^%%{(%a)(%d*)([rR]?)([%.%-%+,/_=]*)}()", at)
  if not letter then return nil, ("\"%s\" is no macro"):format(text:match("^%%{[^}]*}?", at)) end
  if not letters:find(letter:lower(), 1, true) then return nil, ("there is no macro %%{%s} here"):format(letter) end
  local count = digits ~= "" and tonumber(digits) or nil
  if count == 0 then return nil, "a macro cannot keep 0 parts" end
  return {letter = letter:lower(), escaped = letter:match("%u") ~= nil, count = count, reverse = reverse ~= "",
    delimiters = delimiters ~= "" and delimiters or "."}, stop
end

-- A list of parts: strings, and tables {letter, escaped, count, reverse, delimiters}; nil and why not.
function macro.parse(text, explanation)
  local parts, at = {}, 1
  local letters = explanation and LETTERS .. "crt" or LETTERS
  while at <= #text do
    local literal = text:match(explanation and "^[ -$&-~]+" or "^[!-$&-~]+", at)
    local kind = text:sub(at + 1, at + 1)
    if literal then
      parts[#parts + 1], at = literal, at + #literal
    elseif text:sub(at, at) ~= "%" then
      return nil, ("a byte that no term may hold stands at its place %d"):format(at)
    elseif kind == "{" then
      local part, stop = read_expand(text, at, letters)
      if not part then return nil, stop end
      parts[#parts + 1], at = part, stop
    elseif simple[kind] then
      parts[#parts + 1], at = {text = simple[kind]}, at + 2
    else
      return nil, "a % begins a macro such as %{i}, or stands in %%, %_ or %-"
    end
  end
  return parts
end

local function split(value, delimiters)
  local out = {}
  local set = "[" .. delimiters:gsub("%p", "%%%0") .. "]"
  local at = 1
  while true do
    local from = value:find(set, at)
    out[#out + 1] = value:sub(at, (from or 0) - 1)
    if not from then return out end
    at = from + 1
  end
end

local function transformed(value, part)
  local pieces = split(value, part.delimiters)
  if part.reverse then
    for i = 1, #pieces // 2 do pieces[i], pieces[#pieces + 1 - i] = pieces[#pieces + 1 - i], pieces[i] end
  end
  local from = part.count and math.max(#pieces - part.count + 1, 1) or 1
  return table.concat(pieces, ".", from)
end

local function url_escaped(value)
  return (value:gsub("[^%w%-%._~]", function(c) return ("%%%02X"):format(c:byte()) end))
end

-- The text, with values(letter) for each macro.
function macro.expand(parts, values)
  local out = {}
  for i, part in ipairs(parts) do
    if type(part) == "string" then
      out[i] = part
    elseif part.text then
      out[i] = part.text
    else
      local value = transformed(values(part.letter), part)
      out[i] = part.escaped and url_escaped(value) or value
    end
  end
  return table.concat(out)
end

-- A name: no dot at its end, and as many labels from the right as fit (section 7.3).
function macro.name(text)
  text = text:gsub("%.$", "")
  while #text > NAME do
    local rest = text:match("^[^.]*%.(.*)$")
    if not rest then return text:sub(-NAME) end
    text = rest
  end
  return text
end

-- Whether a value is asked for by one of these letters.
function macro.uses(parts, letters)
  for _, part in ipairs(parts or {}) do
    if type(part) == "table" and part.letter and letters:find(part.letter, 1, true) then return true end
  end
  return false
end

-- Is a domain-spec's end right: a macro, or a dot and a last label that is no number (section 7.1)?
function macro.ends_well(parts)
  local last = parts[#parts]
  if type(last) ~= "string" then return last ~= nil end
  local label = last:match("%.([%w%-]+)%.?$")
  if not label or label:sub(1, 1) == "-" or label:sub(-1) == "-" then return false end
  return label:find("[%a%-]") ~= nil
end

return macro
