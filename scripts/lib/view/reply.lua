-- Owns how a reply looks: the server's lines, and below a refusal what it means. Callers: the renderer, for records of kind "reply".
local view = {}

local function paint_of(code)
  local style = require "ehlo.style"
  local first = code // 100
  if first == 4 then return style.warn end
  return first >= 5 and style.bad or nil
end

function view.text(record)
  local reply = record.reply
  local p = require("ehlo.page").new()
  p.prose = p.width
  for line in tostring(reply):gmatch("[^\r\n]+") do p:text(line, 0, paint_of(reply.code)) end
  local anomalies = reply.anomalies or {}
  if #anomalies > 0 then p:row("Odd", table.concat(anomalies, ", ")) end
  if reply.code >= 400 then
    p.prose = math.min(p.prose, 88)
    local e = reply:explain()
    p:text((e.meaning or "") .. " " .. (e.fix or ""), 2)
  end
  return p:finish()
end

function view.json(record)
  return {report.json(record.reply)}
end

return view
