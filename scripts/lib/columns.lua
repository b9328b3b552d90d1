-- Owns tables of text whose columns line up, cells wrapped where space is short.
-- Callers: the views.
local columns = {}

local function natural(rows, n)
  local widths = {}
  for i = 1, n do
    widths[i] = 0
  end
  for _, row in ipairs(rows) do
    for i = 1, n do
      for line in tostring(row[i] or ""):gmatch("[^\n]+") do
        widths[i] = math.max(widths[i], report.width(line))
      end
    end
  end
  return widths
end

-- Shares `room` among the flexible columns: none gets more than it needs nor less than `least`, and what one leaves goes to the others.
local function share(widths, flexible, room, least)
  local open = {}
  for i = 1, #widths do
    if flexible[i] then open[#open + 1] = i end
  end
  table.sort(open, function(a, b)
    return widths[a] < widths[b]
  end)
  for k, i in ipairs(open) do
    local part = room // (#open - k + 1)
    widths[i] = math.max(math.min(widths[i], part), least or 4)
    room = room - widths[i]
  end
end

-- The widest word of each column: narrower than that, a name or an address breaks in its middle.
local function words_of(rows, n)
  local least = {}
  for i = 1, n do
    least[i] = 0
    for _, row in ipairs(rows) do
      for word in tostring(row[i] or ""):gmatch("%S+") do least[i] = math.max(least[i], report.width(word)) end
    end
  end
  return least
end

-- Where some column is narrower than its widest word and there is room for the words of all, each gets that, and a share of what is left.
local function keep_words(widths, least, full, flexible, room)
  local broken = false
  for i in ipairs(widths) do
    if flexible[i] then room, broken = room - least[i], broken or widths[i] < least[i] end
  end
  if not broken or room < 0 then return not broken end
  local more = {}
  for i in ipairs(widths) do more[i] = full[i] - least[i] end
  share(more, flexible, room, 0)
  for i in ipairs(widths) do
    if flexible[i] then widths[i] = least[i] + more[i] end
  end
  return true
end

-- options: width, indent (columns), gap, flexible = {[i] = true}, right = {[i] = true}, equal (flexible columns alike). Also
-- returns whether no word is broken.
function columns.widths(rows, n, options)
  local gap = options.gap or 2
  local widths = natural(rows, n)
  local room = options.width - (options.indent or 0) - gap * (n - 1)
  local flexible = options.flexible or {}
  for i = 1, n do
    if not flexible[i] then room = room - widths[i] end
  end
  if options.equal then
    local widest = 0
    for i = 1, n do
      if flexible[i] then widest = math.max(widest, widths[i]) end
    end
    for i = 1, n do
      if flexible[i] then widths[i] = widest end
    end
  end
  local full, shrunk = {table.unpack(widths)}, false
  share(widths, flexible, room)
  for i = 1, n do shrunk = shrunk or widths[i] < full[i] end
  return widths, not shrunk or options.equal or keep_words(widths, words_of(rows, n), full, flexible, room)
end

local function cut(text, width)
  if report.width(text) <= width then return text end
  local out, used = {}, 0
  for _, point in utf8.codes(text) do
    local char = utf8.char(point)
    local wide = report.width(char)
    if used + wide > width - 3 then break end
    out[#out + 1], used = char, used + wide
  end
  return table.concat(out):gsub("%s+$", "") .. "..."
end
columns.cut = cut

local function cell_lines(text, width, clip)
  if clip then return {cut(text, width)} end
  local lines = {}
  for paragraph in (text .. "\n"):gmatch("([^\n]*)\n") do
    for _, line in ipairs(report.wrap(paragraph, math.max(width, 1))) do
      lines[#lines + 1] = line
    end
  end
  return lines
end

local function pad(text, width, right)
  local space = (" "):rep(width - report.width(text))
  return right and space .. text or text .. space
end

local function plain(s)
  return s
end

-- Appends the lines of one row to `out`. `row.paint[i]` colours a cell after it has been padded.
local function add_row(out, row, widths, options)
  local cells, height = {}, 1
  for i, width in ipairs(widths) do
    cells[i] = cell_lines(tostring(row[i] or ""), width, options.clip and options.clip[i])
    height = math.max(height, #cells[i])
  end
  local left, gap = (" "):rep(options.indent or 0), (" "):rep(options.gap or 2)
  for k = 1, height do
    local parts = {}
    for i, width in ipairs(widths) do
      local text = cells[i][k] or ""
      local paint = row.paint and row.paint[i] or plain
      local shown = pad(text, width, options.right and options.right[i])
      -- colour the text and not the space around it
      parts[i] = text == "" and shown or shown:gsub("^(%s*)(.-)(%s*)$", function(before, body, after)
        return before .. paint(body) .. after
      end)
    end
    out[#out + 1] = (left .. table.concat(parts, gap)):gsub("%s+$", "")
  end
end

-- The lines of a table. rows: lists of texts, each with an optional `paint`.
function columns.lines(rows, n, options)
  local out = {}
  local widths = options.widths or columns.widths(rows, n, options)
  for _, row in ipairs(rows) do
    add_row(out, row, widths, options)
  end
  return out
end

return columns
