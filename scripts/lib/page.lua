-- Owns a page of terminal text under construction: lines, paragraphs, labelled rows with a hanging indent.
-- Callers: the views. Everything that is given to it is escaped here, once.
local style = require "ehlo.style"

local page = {}
page.__index = page

local PROSE = 88 -- lines longer than this are hard to read, however wide the terminal
local LABEL = 9

function page.new()
  return setmetatable({width = math.max(style.width, 20), prose = math.max(math.min(style.width, PROSE), 20)}, page)
end

local function safe(s)
  return report.escape(tostring(s))
end

local function plain(s)
  return s
end

-- A line that is already escaped and coloured.
function page:line(s)
  self[#self + 1] = s
end

function page:lines(list)
  for _, line in ipairs(list) do
    self[#self + 1] = line
  end
end

function page:blank()
  if #self > 0 and self[#self] ~= "" then self[#self + 1] = "" end
end

-- A title with words at the right edge; below it where they do not fit.
function page:title(left, right, paint_left, paint_right, width)
  left, right = safe(left), safe(right or "")
  paint_left, paint_right = paint_left or style.bold, paint_right or plain
  local space = (width or self.prose) - report.width(left) - report.width(right)
  if right == "" or space < 2 then
    for i, line in ipairs(report.wrap(left, self.prose)) do
      self:line((i > 1 and "  " or "") .. paint_left(line))
    end
    if right == "" then return end
    for _, line in ipairs(report.wrap(right, self.prose - 2)) do
      self:line("  " .. paint_right(line))
    end
  else
    self:line(paint_left(left) .. (" "):rep(space) .. paint_right(right))
  end
end

function page:text(s, indent, paint)
  indent, paint = indent or 0, paint or plain
  for _, line in ipairs(report.wrap(safe(s), self.prose - indent)) do
    self:line((" "):rep(indent) .. paint(line))
  end
end

-- "  Label    text": the text hangs under itself. On a narrow terminal the indent shrinks with it.
function page:row(label, s, paint, indent, label_width)
  if not s or s == "" then return end
  indent, paint = indent or 2, paint or plain
  local hang = indent + (label_width or LABEL)
  local first = (" "):rep(indent) .. label
  first = first .. (" "):rep(math.max(hang - report.width(first), 1))
  for i, line in ipairs(report.wrap(safe(s), self.prose - hang)) do
    local lead = (" "):rep(hang)
    if i == 1 then lead = (" "):rep(indent) .. style.dim(label) .. first:sub(indent + #label + 1) end
    self:line(lead .. paint(line))
  end
end

-- Two short rows in one line, where they fit: "Retry    no          Acts     sender".
function page:pair(left, left_text, right, right_text, paint)
  if not left_text or left_text == "" then return self:row(right, right_text) end
  local first, second = safe(left_text), right_text and safe(right_text) or ""
  local indent, column = 2, 2 + LABEL + 26
  if second == "" or report.width(first) > 24 or column + LABEL + report.width(second) > self.prose then
    self:row(left, left_text, paint)
    return self:row(right, right_text)
  end
  local function label(text)
    return style.dim(text) .. (" "):rep(math.max(LABEL - #text, 1))
  end
  local gap = (" "):rep(column - indent - LABEL - report.width(first))
  self:line((" "):rep(indent) .. label(left) .. (paint or plain)(first) .. gap .. label(right) .. second)
end

-- A command to paste: never wrapped by us, since a broken line could not be pasted.
function page:command(label, command)
  local hang = label and 2 + LABEL or 2
  local lead = label and "  " .. style.dim(label) .. (" "):rep(hang - 2 - #label) or "  "
  self:line(lead .. style.accent(safe(command)))
end

-- Commands in one line where they fit, else one a line.
function page:commands(list)
  local shown, total = {}, 2
  for i, command in ipairs(list) do
    shown[i] = style.accent(safe(command))
    total = total + report.width(safe(command)) + 4
  end
  if total <= self.prose then
    self:line("  " .. table.concat(shown, "    "))
  else
    for _, command in ipairs(shown) do
      self:line("  " .. command)
    end
  end
end

function page:finish()
  while self[#self] == "" do
    self[#self] = nil
  end
  return table.concat(self, "\n") .. "\n"
end

return page
