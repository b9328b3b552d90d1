-- Owns how TLS looks: what was agreed, what is to be said against it, and the chain as a tree, from the server's own certificate to
-- whoever vouches for it. Callers: the renderer, for records of kind "tls"; a probe of which more is asked.
local view = {}

local DAY = 86400

local function day(seconds)
  return os.date("!%Y-%m-%d", math.floor(seconds))
end

local function span(certificate, now)
  local from, to = certificate.not_before, certificate.not_after
  if not from or not to then return nil end
  local days = math.floor((to - now) / DAY)
  local left
  if now < from then
    left = "not valid yet"
  elseif days < 0 then
    left = ("expired %d %s ago"):format(-days, days == -1 and "day" or "days")
  else
    left = ("%d %s left"):format(days, days == 1 and "day" or "days")
  end
  return day(from) .. " to " .. day(to) .. ", " .. left
end

local function issuer(certificate)
  if certificate.issuer and certificate.issuer == certificate.subject then return certificate.issuer .. " (itself)" end
  return certificate.issuer
end

local function certificate_rows(certificate, now)
  local key = certificate.key
  if key and certificate.signature then key = key .. ", signed with " .. certificate.signature end
  return {
    {"names", table.concat(certificate.names or {}, ", ")}, {"issuer", issuer(certificate)}, {"key", key},
    {"valid", span(certificate, now)}, {"sha256", certificate.sha256},
  }
end

local function add_chain(p, chain, now)
  local style = require "ehlo.style"
  local utf8 = terminal.utf8()
  local stem, corner = utf8 and "\u{2502} " or "| ", utf8 and "\u{2514}\u{2500} " or "`- "
  for i, certificate in ipairs(chain) do
    local lead = i == 1 and "  " or (" "):rep(2 + 3 * (i - 2)) .. corner
    p:line(lead .. style.bold(report.escape(certificate.subject or "a certificate without a name")))
    local under = (" "):rep(report.width(lead)) .. (chain[i + 1] and stem or "  ")
    local room = math.max(p.width - report.width(under) - 8, 12)
    for _, row in ipairs(certificate_rows(certificate, now)) do
      for k, line in ipairs(row[2] and row[2] ~= "" and report.wrap(report.escape(row[2]), room) or {}) do
        p:line(under .. (k == 1 and style.dim(style.pad(row[1], 8)) or (" "):rep(8)) .. line)
      end
    end
  end
end

-- What a session's TLS is, onto a page.
function view.add(p, tls)
  local style = require "ehlo.style"
  local agreed = {}
  for _, fact in ipairs {tls.version or false, tls.group or false, tls.cipher or false} do
    if fact then agreed[#agreed + 1] = fact end
  end
  local verdict = tls.trusted and "trusted" or "not trusted"
  p:title(table.concat(agreed, "  "), verdict, style.bold, tls.trusted and style.good or style.bad)
  for _, each in ipairs(tls.verdicts) do p:text(each.text or each.word, 2) end
  local rows = {{"SNI", tls.sni}, {"ALPN", tls.alpn}, {"Resumed", tls.resumed and "yes" or nil}}
  for _, row in ipairs(rows) do p:row(row[1], row[2]) end
  p:blank()
  add_chain(p, tls.chain, tls.now or os.time())
end

function view.text(record)
  local p = require("ehlo.page").new()
  view.add(p, record.tls)
  return p:finish()
end

function view.json(record)
  return {report.json(record.tls)}
end

return view
