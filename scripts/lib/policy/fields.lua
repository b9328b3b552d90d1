-- Owns: reading TXT records that are a version and a list of name=value fields, as those of MTA-STS and TLS-RPT are. Callers: the policy
-- modules that read such records.
local fields = {}

-- Of all TXT records at a name those that a reader of `version` looks at ("v=STSv1;" begins them), and those that were surely meant to be
-- such: another case, blanks in front, no semicolon.
function fields.choose(records, version)
  local chosen, near = {}, {}
  local loose = version:lower()
  for _, record in ipairs(records) do
    local text = record.text or ""
    if text:match("^v[ \t]*=[ \t]*" .. version .. "[ \t]*;") then
      chosen[#chosen + 1] = text
    elseif text:lower():match("^[%s\"]*v[%s]*=[%s]*" .. loose) then
      near[#near + 1] = text
    end
  end
  return chosen, near
end

-- The fields behind the version, in order: a list of {name, value}; nil and why where it cannot be read. What the RFCs call an extension
-- has a name of at most 32 letters, digits, "_", "-" and ".".
function fields.read(text)
  local list = {}
  local rest = (text:match("^[^;]*;(.*)$") or ""):gsub("[ \t]*;?[ \t]*$", "")
  for part in (rest == "" and "" or rest .. ";"):gmatch("([^;]*);") do
    local trimmed = part:match("^[ \t]*(.-)[ \t]*$")
    if trimmed == "" then return nil, "there is nothing between two of its semicolons" end
    local name, value = trimmed:match("^([%w][%w_%-%.]*)[ \t]*=[ \t]*(.*)$")
    if not name or #name > 32 then return nil, ("\"%s\" in it is no name=value"):format(trimmed) end
    list[#list + 1] = {name = name, value = value}
  end
  return list
end

-- The first field of a name: where one comes twice, the others do not count.
function fields.first(list, name)
  for _, field in ipairs(list) do
    if field.name == name then return field.value end
  end
end

return fields
