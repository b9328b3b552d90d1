-- Owns how a transcript looks: when, who said it (C the client, S the server, as in RFC 5321), and what. Callers: the renderer, for
-- records of kind "transcript"; a probe of which more is asked.
local view = {}

local marks = {sent = "C:", received = "S:", noted = "--"}

-- Entries of a transcript, onto a page.
function view.add(p, entries)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local rows = {}
  for _, entry in ipairs(entries) do
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
end

function view.text(record)
  local p = require("ehlo.page").new()
  view.add(p, record.entries)
  return p:finish()
end

function view.json(record)
  return {report.json({transcript = record.entries})}
end

return view
