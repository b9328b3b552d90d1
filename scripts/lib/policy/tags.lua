-- Owns: lists of tags, "v=1; a=b" (RFC 6376 section 3.2), as DKIM, ARC and DMARC write them. Callers: the policies beside it.
local tags = {}

local BYTES, MOST = 1 << 16, 200

local function trim(text) return text:match("^%s*(.-)%s*$") end

-- Each tag as it stands in the text: name, value, and where the value begins and ends with the blanks around it; what is no tag has no value.
local function each(text)
  local at, size = 1, #text
  return function()
    while at <= size do
      local stop = text:find(";", at, true) or size + 1
      local from, spec = at, text:sub(at, stop - 1)
      at = stop + 1
      local equals = spec:find("=", 1, true)
      if equals then return trim(spec:sub(1, equals - 1)), trim(spec:sub(equals + 1)), from + equals, stop - 1 end
      if spec:find("%S") then return trim(spec) end
    end
  end
end

local function wrong(name, value, seen)
  if name == "" or not name:match("^%a[%w_]*$") then return ("\"%s\" is no name of a tag"):format(name) end
  if seen[name] then return ("the tag %s is there twice"):format(name) end
  if value:find("[%z\1-\8\11\12\14-\31\127]") then return ("the tag %s has control characters in it"):format(name) end
end

-- The values by name, and the list {name, value} in their order; or nil and what is wrong.
function tags.parse(text)
  if #text > BYTES then return nil, ("it has more than %d bytes"):format(BYTES) end
  local values, list = {}, {}
  for name, value in each(text) do
    if not value then return nil, ("\"%s\" is no tag: a name, =, and a value"):format(name:sub(1, 60)) end
    value = value:gsub("\r\n", "")
    local problem = wrong(name, value, values)
    if problem then return nil, problem end
    if #list == MOST then return nil, ("it has more than %d tags"):format(MOST) end
    values[name] = value
    list[#list + 1] = {name = name, value = value}
  end
  return values, list
end

-- The text with nothing as the value of a tag: that is how a signature is signed itself.
function tags.without_value(text, wanted)
  for name, _, from, to in each(text) do
    if name == wanted then return text:sub(1, from - 1) .. text:sub(to + 1) end
  end
  return text
end

-- A value without any blanks in it, as of base64.
function tags.bare(value) return (value:gsub("%s+", "")) end

-- "a : b:c" as a list.
function tags.list(value, separator)
  local items = {}
  for item in (value .. separator):gmatch("([^" .. separator .. "]*)" .. separator) do
    item = trim(item)
    if item ~= "" then items[#items + 1] = item end
  end
  return items
end

-- A number of at most twelve digits, as DKIM's times and lengths.
function tags.number(value)
  if value and value:match("^%d+$") and #value <= 12 then return math.tointeger(tonumber(value)) end
end

return tags
