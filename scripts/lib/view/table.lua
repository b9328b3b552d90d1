-- Owns: showing a record of a person's own script, which has no view: as text its fields, as JSON the table. Callers: render.
local view = {}

local function plain(value)
  if type(value) == "table" then return report.json(value) end
  return report.escape(tostring(value))
end

function view.text(record)
  if type(record) ~= "table" then return plain(record) end
  local keys, widest, lines = {}, 0, {}
  for key in pairs(record) do
    if key ~= "exit" then keys[#keys + 1] = tostring(key) end
  end
  table.sort(keys)
  for _, key in ipairs(keys) do widest = math.max(widest, report.width(key)) end
  for _, key in ipairs(keys) do
    local value = record[key]
    if value == nil then value = record[tonumber(key)] end
    lines[#lines + 1] = report.escape(key) .. (" "):rep(widest - report.width(key) + 2) .. plain(value)
  end
  return table.concat(lines, "\n")
end

function view.json(record)
  if type(record) ~= "table" or #record > 0 then return report.json({result = record}) end
  return report.json(record)
end

return view
