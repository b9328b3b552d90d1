-- Owns writing JSON in a stable order: two spaces, keys in the order given. Callers: the builder.
local json = {}

local escapes = {['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t"}

local function quoted(text)
  return '"' .. text:gsub('[%c"\\\x7f]', function(c)
    return escapes[c] or ("\\u%04x"):format(c:byte())
  end) .. '"'
end

local write

local function write_list(list, indent, out)
  local flat = true
  for _, item in ipairs(list) do
    flat = flat and type(item) ~= "table" and #tostring(item) < 20
  end
  out[#out + 1] = "["
  for k, item in ipairs(list) do
    out[#out + 1] = (k > 1 and (flat and ", " or ",") or "") .. (flat and "" or "\n" .. indent .. "  ")
    write(item, indent .. "  ", out)
  end
  out[#out + 1] = (flat or #list == 0) and "]" or "\n" .. indent .. "]"
end

-- An object is {{key, value}, ...} with the field `object` set: tables have no order of their own.
local function write_object(object, indent, out)
  out[#out + 1] = "{"
  for k, pair in ipairs(object) do
    out[#out + 1] = (k > 1 and "," or "") .. "\n" .. indent .. "  " .. quoted(pair[1]) .. ": "
    write(pair[2], indent .. "  ", out)
  end
  out[#out + 1] = "\n" .. indent .. "}"
end

function write(value, indent, out)
  if type(value) == "string" then
    out[#out + 1] = quoted(value)
  elseif type(value) ~= "table" then
    out[#out + 1] = tostring(value)
  elseif value.object then
    write_object(value, indent, out)
  else
    write_list(value, indent, out)
  end
end

function json.text(value)
  local out = {}
  write(value, "", out)
  out[#out + 1] = "\n"
  return table.concat(out)
end

return json
