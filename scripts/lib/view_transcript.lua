-- Owns how a transcript looks: when, who said it (C the client, S the server, as in RFC 5321), and what. Callers: the renderer, for
-- records of kind "transcript".
local view = {}

local marks = {sent = "C:", received = "S:", noted = "--"}

function view.text(record)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local p = require("ehlo.page").new()
  local rows = {}
  for _, entry in ipairs(record.entries) do
    local at, mark = ("%8.3f"):format(entry.at), marks[entry.direction] or "??"
    local noted = entry.direction == "noted"
    -- the record's texts are escaped already, line ends included
    for line in (entry.text:gsub("\\r\\n", "\n"):gsub("\r\n", "\n") .. "\n"):gmatch("(.-)\n") do
      local text = noted and (entry.phase or "") .. ": " .. line or line
      rows[#rows + 1] = {at, mark, report.escape(text), paint = {style.dim, entry.direction == "sent" and style.accent or style.bold,
        noted and style.dim or nil}}
      at, mark = "", mark
    end
  end
  p:lines(columns.lines(rows, 3, {widths = {8, 2, math.max(style.width - 14, 16)}, gap = 2, right = {true}}))
  return p:finish()
end

function view.json(record)
  return {report.json({transcript = record.entries})}
end

return view
