-- Owns: a list of records as a table whose columns line up, or one below the other where that is too wide. Callers: pretty.
local style = require "ehlo.style"
local draw = require "ehlo.pretty_draw"
local grid = {}

local MOST_COLUMNS, MOST_IN_CELL, LONGEST = 30, 8, 400

grid.rows = 60 -- so many at once; :more shows the next

local function scalar(value)
  local kind = type(value)
  return kind == "string" or kind == "number" or kind == "boolean"
end

local function short_list(value)
  local meta = type(value) == "table" and debug.getmetatable(value)
  if type(value) ~= "table" or meta then return false end
  local n = rawlen(value)
  if n == 0 or n > MOST_IN_CELL then return next(value) == nil end
  for i = 1, n do
    if not scalar(rawget(value, i)) then return false end
  end
  return next(value, n) == nil
end

local function fits_cell(value, object)
  return scalar(value) or short_list(value) or (object(value) ~= nil)
end

-- The columns of a list of records, in order, or nil where it is no such list. `row_of` may turn an object into a plain table.
function grid.columns(list, row_of, object)
  if type(list) ~= "table" or debug.getmetatable(list) or rawlen(list) == 0 or next(list, rawlen(list)) ~= nil then return nil end
  local seen, columns, numbered = {}, {}, rawlen(list) >= 2
  local order
  for i = 1, rawlen(list) do
    local row = row_of(rawget(list, i))
    if type(row) ~= "table" or rawlen(row) > 0 then return nil end
    local meta = debug.getmetatable(row)
    if meta and not rawget(meta, "__order") then return nil end
    order = order or meta and rawget(meta, "__order")
    for key, value in next, row do
      if type(key) ~= "string" or not fits_cell(value, object) then return nil end
      if not seen[key] then columns[#columns + 1] = key end
      seen[key] = true
    end
    if #columns > MOST_COLUMNS then return nil end
  end
  if #columns == 0 or (#columns == 1 and not numbered) then return nil end
  if order then
    columns = {}
    for _, key in ipairs(order) do columns[#columns + 1] = seen[key] and key or nil end
  else
    table.sort(columns)
  end
  return columns
end

-- A value as the text of a cell: strings without quotes, on one line.
function grid.cell(value, object)
  if value == nil then return "" end
  if type(value) == "string" then
    if #value > LONGEST then return draw.string(value, LONGEST):sub(2):gsub('"( %.%.%. %d+ more bytes)$', "%1") end
    return report.escape(value)
  end
  if type(value) == "number" then return draw.number(value) end
  if type(value) == "boolean" then return tostring(value) end
  local shown = object(value)
  if shown then return report.escape(shown) end
  local parts = {}
  for i, inner in ipairs(value) do parts[i] = grid.cell(inner, object) end
  return table.concat(parts, ", ")
end

local function cells_of(list, columns, row_of, object, from, last)
  local rows = {}
  for i = from, last do
    local record, row = row_of(list[i]), {paint = {}}
    for k, key in ipairs(columns) do row[k] = grid.cell(rawget(record, key), object) end
    rows[#rows + 1] = row
  end
  return rows
end

local function numeric(list, columns, row_of)
  local right = {}
  for k, key in ipairs(columns) do
    right[k] = true
    for _, each in ipairs(list) do
      local value = rawget(row_of(each), key)
      if value ~= nil and type(value) ~= "number" then
        right[k] = nil
        break
      end
    end
  end
  return right
end

local function across(rows, columns, right, clip)
  local head, rule = {paint = {}}, {paint = {}}
  for k, key in ipairs(columns) do
    head[k], head.paint[k] = report.escape(key), style.dim
    rule[k] = ""
  end
  table.insert(rows, 1, head)
  local flexible = {}
  for k in ipairs(columns) do flexible[k] = clip and true or nil end
  local lines = require("ehlo.columns").lines(rows, #columns,
    {width = clip and style.width or math.huge, right = right, flexible = flexible, clip = flexible})
  table.remove(rows, 1)
  return lines
end

local function widest(lines)
  local most = 0
  for _, line in ipairs(lines) do most = math.max(most, report.width((line:gsub("\27%[[%d;]*m", "")))) end
  return most
end

-- Pairs of name and text, one below the other; texts wrap under themselves.
function grid.vertical(pairs_list)
  local width, lines = 0, {}
  for _, pair in ipairs(pairs_list) do width = math.max(width, math.min(report.width(pair[1]), 24)) end
  for _, pair in ipairs(pairs_list) do
    local room = math.max(style.width - width - 2, 12)
    for i, line in ipairs(report.wrap(pair[2], room)) do
      lines[#lines + 1] = ((i == 1 and style.dim(style.pad(pair[1], width)) or (" "):rep(width)) .. "  " .. line):gsub("%s+$", "")
    end
  end
  return lines
end

local function below(rows, columns, first)
  local lines = {}
  for i, row in ipairs(rows) do
    local title = ("-- %d "):format(first + i - 1)
    lines[#lines + 1] = style.dim(title .. ("-"):rep(math.max(math.min(style.width, 60) - #title, 2)))
    local list = {}
    for k, key in ipairs(columns) do
      if row[k] ~= "" then list[#list + 1] = {report.escape(key), row[k]} end
    end
    for _, line in ipairs(grid.vertical(list)) do lines[#lines + 1] = line end
  end
  return lines
end

-- The text of a list of records from record `from` on, and how many are left. how: "auto", "on" (below each other) or "off".
function grid.text(list, columns, options)
  local from = options.from or 1
  local last = math.min(#list, from + grid.rows - 1)
  local rows = cells_of(list, columns, options.row_of, options.object, from, last)
  local lines
  if options.how ~= "on" then
    local right = numeric(list, columns, options.row_of)
    lines = across(rows, columns, right, false)
    if widest(lines) > style.width then
      lines = options.how == "off" and across(rows, columns, right, true) or nil
    end
  end
  lines = lines or below(rows, columns, from)
  local left = #list - last
  if left > 0 then lines[#lines + 1] = style.dim(("... %d more"):format(left)) end
  return table.concat(lines, "\n"), left
end

return grid
