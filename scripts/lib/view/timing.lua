-- Owns how the times of a session look: a line, in the order of time, in milliseconds. Callers: the renderer, for records of kind
-- "timing"; the prompt.
local words = require "ehlo.words"
local view = {}

-- "dns 3.2   connect 11.9   total 98.9 ms", as pieces.
local function pieces(timing)
  local parts = {}
  for _, step in ipairs(words.steps) do
    if timing[step] then parts[#parts + 1] = ("%s %.1f"):format(step == "ehlo_tls" and "ehlo over tls" or step, timing[step] * 1000) end
  end
  parts[#parts] = parts[#parts] .. " ms"
  return parts
end

function view.line(timing) return table.concat(pieces(timing), "   ") end

function view.text(record)
  local p = require("ehlo.page").new()
  local line = ""
  for _, piece in ipairs(pieces(record.timing)) do
    if line ~= "" and #line + 3 + #piece > p.width then
      p:line(line)
      line = ""
    end
    line = line == "" and piece or line .. "   " .. piece
  end
  p:line(line)
  return p:finish()
end

function view.json(record)
  return {report.json(record.timing)}
end

return view
