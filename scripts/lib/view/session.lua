-- Owns how an open session looks: whom it talks to, what happened when, what the server can do, where it stands. Callers: the renderer,
-- for records of kind "session"; the prompt.
local words = require "ehlo.words"
local view = {}

-- Whether it is open, and how it is protected, in words.
function view.state(s)
  local tls = s.tls
  local list = {s.closed and "closed" or "open"}
  if tls then list[#list + 1] = (tls.version or "TLS") .. (tls.trusted and "" or ", not trusted") end
  if not tls and not s.closed then list[#list + 1] = "in plain text" end
  return table.concat(list, ", ")
end

-- One line: whom it talks to, how long the greeting took, and the greeting.
function view.line(s)
  local style = require "ehlo.style"
  local host = tostring(s.host or s.address or s.target or "?")
  if host:find(":", 1, true) then host = "[" .. host .. "]" end
  local seconds = s.timing and s.timing.greeting
  local parts = {style.bold(report.escape(host) .. ":" .. (s.port or 25))}
  if seconds then parts[#parts + 1] = style.dim(("greeting %.2f s"):format(seconds)) end
  local greeting = s.exchanges and s.exchanges[1] and s.exchanges[1].reply
  parts[#parts + 1] = report.escape((tostring(greeting or s.banner or ""):match("^[^\r\n]*")))
  return table.concat(parts, "  ")
end

function view.text(record)
  local s = record.session
  local probe = require "ehlo.view.probe"
  local p = require("ehlo.page").new()
  probe.head(p, s)
  probe.timeline(p, s)
  p:row("State", view.state(s), nil, 2)
  for i, finding in ipairs(s.findings or {}) do p:row(i == 1 and "Found" or "", finding.text or finding.word) end
  local anomalies = s.anomalies or {}
  if #anomalies > 0 then p:row("Odd", words.join(anomalies)) end
  return p:finish()
end

function view.json(record)
  return {report.json(record.session)}
end

return view
