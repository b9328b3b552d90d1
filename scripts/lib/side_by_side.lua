-- Owns how things are set side by side: columns where there is room, stacked where there is not; a table in HTML. Callers: the views of
-- comparisons, of codes and of records. What is given to it is escaped here.
local side_by_side = {}

-- Whether n columns fit a terminal of that width.
function side_by_side.fits(width, n)
  return width >= 16 + 28 * n
end

local function in_columns(p, heads, rows)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local n = #heads
  local head = {"", paint = {}}
  for i, each in ipairs(heads) do head[i + 1], head.paint[i + 1] = report.escape(each[1]), each[2] end
  local list, flexible = {head}, {}
  for i = 2, n + 1 do flexible[i] = true end
  for _, row in ipairs(rows) do
    local shown = {paint = {style.dim}}
    for i = 1, n + 1 do shown[i] = report.escape(row[i] or "") end
    shown[1] = table.concat(report.wrap(shown[1], math.max(p.table // 3, 16)), "\n") -- values need the room more than their names
    list[#list + 1] = shown
  end
  local widths = columns.widths(list, n + 1, {width = p.table, flexible = flexible, equal = true, gap = 3})
  local total = widths[1]
  for i = 2, n + 1 do total = total + widths[i] + 3 end
  for i, row in ipairs(list) do
    -- prose of several lines in a cell needs air around it
    local lines = columns.lines({row}, n + 1, {width = p.table, widths = widths, gap = 3})
    if i > 2 and (#lines > 2 or p.tall) then p:blank() end
    p.tall = #lines > 2 and i > 1
    p:lines(lines)
    if i == 1 then p:line(style.dim(("-"):rep(total))) end
  end
end

local function stacked(p, heads, rows, label_width)
  local style = require "ehlo.style"
  for i, head in ipairs(heads) do
    p:text(head[1], 0, head[2])
    for _, row in ipairs(rows) do
      local label = report.escape(row[1])
      local long = label_width and report.width(label) > label_width - 2 -- it has a line of its own then
      if long then p:text(label, 2, style.dim) end
      p:row(long and "" or label, row[i + 1], nil, 2, label_width)
    end
    if i < #heads then p:line(style.dim(("-"):rep(math.min(p.prose, 24)))) end
  end
end

-- Short values stand beside each other where there is little room as well.
local function all_short(width, heads, rows)
  local total = 0
  for i = 0, #heads do
    local widest = i > 0 and report.width(report.escape(heads[i][1])) + 3 or 0
    for _, row in ipairs(rows) do widest = math.max(widest, report.width(report.escape(row[i + 1] or "")) + (i > 0 and 3 or 0)) end
    total = total + widest
  end
  return total <= width
end

-- heads: {text, paint} each; rows: {label, value...}; p.table is the width to fill.
function side_by_side.add(p, heads, rows, label_width)
  local width = require("ehlo.style").width
  if side_by_side.fits(width, #heads) or all_short(math.min(width, p.table), heads, rows) then return in_columns(p, heads, rows) end
  stacked(p, heads, rows, label_width)
end

-- heads: {text, class}; rows: {label, value...}.
function side_by_side.html(heads, rows)
  local safe = require("ehlo.html").escape
  local out = {'<div class="sheet">\n<table class="compare stack" style="--n:' .. #heads .. '">\n<thead><tr>',
    '<th scope="col"><span class="skip">Aspect</span></th>'}
  for _, head in ipairs(heads) do out[#out + 1] = ('<th scope="col"><b>%s</b></th>'):format(safe(head[1])) end
  out[#out + 1] = "</tr></thead>\n<tbody>\n"
  for _, row in ipairs(rows) do
    out[#out + 1] = '<tr><th scope="row">' .. safe(row[1]) .. "</th>"
    for i, head in ipairs(heads) do
      out[#out + 1] = ('<td class="%s" data-of="%s">%s</td>'):format(head[2] or "", safe(head[1]), safe(row[i + 1] or ""))
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody>\n</table>\n</div>"
  return table.concat(out)
end

return side_by_side
