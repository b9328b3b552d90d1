-- Owns: how the probes of a mail domain look: a line an address, those that differ first, then the verdict, what was found and what to do.
-- Callers: the renderer, for records of kind "mx_probe": one, or several in `items`.
local probe = require "ehlo.view.probe"
local view = {}

local function items_of(record) return record.items or {record} end

local SHOWN = 5 -- faults and findings of single probes on the page

local function plural(n, one, many) return ("%d %s"):format(n, n == 1 and one or many or one .. "s") end

-- --- the cells of a line ---

local column_of = {dns = "connect", connect = "connect", greeting = "greeting", ehlo = "greeting", starttls = "tls", tls = "tls"}
local short = {["timed-out"] = "timeout", ["dns-failed"] = "no address", ["blocked-locally"] = "blocked", ["not-smtp"] = "not SMTP",
  ["tls-not-offered"] = "not offered", ["tls-failed"] = "failed", ["protocol-violation"] = "broken", cancelled = "cancelled"}
local of_verdict = {["certificate-expired"] = "expired", ["certificate-host-mismatch"] = "other name", ["certificate-not-trusted"] = "not trusted",
  ["tlsa-invalid"] = "no TLSA match", ["dane-required"] = "no DANE"}

local function reply_text(reply) return reply.enhanced and ("%d %s"):format(reply.code, reply.enhanced) or tostring(reply.code) end

-- What ended it, in the column where it ended.
local function trouble_text(r)
  if r.outcome == "unreachable" then return r.failure and r.failure.reason or "unreachable" end
  if r.outcome:find("^refused") and r.reply then return reply_text(r.reply) end
  return probe.is_tlsa_failure(r) and "no DANE answer" or short[r.outcome] or r.outcome
end

local function seconds(timing, key) return timing[key] and ("%.3f"):format(timing[key]) or "" end

local function tls_text(r)
  local tls = r.tls
  if not tls then return r.timing.ehlo and "none" or "" end
  local first = tls.verdicts and tls.verdicts[1]
  return ((tls.version or "TLS"):gsub("^TLSv", "")) .. " " .. (tls.trusted and "ok" or first and of_verdict[first.word] or "not trusted")
end

local function rcpt_text(r)
  for _, exchange in ipairs(r.exchanges or {}) do
    if exchange.phase == "rcpt" and exchange.reply then return reply_text(exchange.reply) end
  end
  return ""
end

local function cells_of(r)
  local timing = r.timing or {}
  local cells = {connect = seconds(timing, "connect"), greeting = seconds(timing, "greeting"), tls = tls_text(r), rcpt = rcpt_text(r)}
  if r.outcome == "ready" then return cells end
  local column = column_of[r.phase] or "rcpt"
  if column ~= "tls" or not r.tls then cells[column] = trouble_text(r) end
  if column == "connect" or column == "greeting" then cells.tls = "" end
  return cells
end

-- --- those that differ ---

local function signature(r)
  local tls = r.tls
  return table.concat({r.outcome, tostring(r.phase), tls and tostring(tls.trusted) or "-", rcpt_text(r)}, "|")
end

-- The probes, the odd ones out first, and which they are. Where most are no better than the others, nothing stands out.
local function sorted(probes)
  local count, most, commonest = {}, 0, nil
  for _, r in ipairs(probes) do
    local key = signature(r)
    count[key] = (count[key] or 0) + 1
    if count[key] > most or count[key] == most and r.outcome == "ready" then most, commonest = count[key], key end
  end
  local list, odd, usual = {}, {}, {}
  for _, r in ipairs(probes) do
    if signature(r) == commonest then
      usual[#usual + 1] = r
    else
      list[#list + 1], odd[r] = r, true
    end
  end
  table.move(usual, 1, #usual, #list + 1, list)
  return list, odd
end

local DIFFERS = "<- differs"

local function paint_of(r)
  local style = require "ehlo.style"
  return function(text) return style.verdict(r.outcome, text) end
end

local function rows_of(result)
  local list, odd = sorted(result.probes)
  local asked = false
  for _, r in ipairs(list) do asked = asked or rcpt_text(r) ~= "" end
  local style = require "ehlo.style"
  local head = {"host", "address", "connect", "greeting", "tls"}
  if asked then head[6] = "rcpt" end
  local n = #head + (next(odd) and 1 or 0)
  if n > #head then head[n] = "" end
  head.paint = {}
  for i = 1, n do head.paint[i] = style.dim end
  local rows = {head}
  for i, r in ipairs(list) do
    local cells, paint = cells_of(r), r.outcome ~= "ready" and paint_of(r) or nil
    local row = {report.escape(r.host or r.target or ""), report.escape(r.address or ""), cells.connect, cells.greeting, report.escape(cells.tls)}
    if asked then row[6] = report.escape(cells.rcpt) end
    row.paint = {[3] = paint, [4] = paint, [5] = paint, [6] = asked and paint or nil}
    if next(odd) then row[n], row.paint[n] = odd[r] and DIFFERS or "", style.accent end
    rows[i + 1] = row
  end
  return rows, n
end

-- The lines of the table. Where it would be too wide the mark and the gaps shrink, and after that names and addresses wrap.
local function table_lines(result, width)
  local columns = require "ehlo.columns"
  local rows, n = rows_of(result)
  local total = 2
  for _, each in ipairs(columns.widths(rows, n, {width = 1000})) do total = total + each + 2 end
  local wide = total - 2 > width
  for _, row in ipairs(wide and rows or {}) do
    if row[n] == DIFFERS then row[n] = "<-" end
  end
  return columns.lines(rows, n, {width = width, indent = 2, flexible = {true, true}, gap = wide and 1 or 2})
end

-- --- the page ---

local function head_text(result)
  local mx = result.mx
  if not mx then return result.target end
  local addresses = 0
  for _, host in ipairs(mx.hosts) do addresses = addresses + #host.addresses end
  local parts = {mx.kind == "implicit" and "no MX, its own address" or plural(#mx.hosts, "MX host"), plural(addresses, "address", "addresses")}
  if mx.kind == "null" or mx.kind == "none" then parts = {mx.kind == "null" and "null MX" or "no MX, no address"} end
  local text = result.target .. ": " .. table.concat(parts, ", ")
  if result.mta_sts then text = text .. "; MTA-STS " .. result.mta_sts.verdict end
  local levels = {}
  for _, host in ipairs(mx.hosts) do
    if host.tls == "dane" then levels.dane = (levels.dane or 0) + 1 end
  end
  return text .. (levels.dane and (levels.dane == #mx.hosts and "; DANE" or ("; DANE at %d of %d"):format(levels.dane, #mx.hosts)) or "")
end

local function faults_of(result)
  local n = 0
  for _, finding in ipairs(result.findings) do
    if finding.level ~= "info" then n = n + 1 end
  end
  for _, r in ipairs(result.probes) do
    if r.outcome ~= "ready" then n = n + 1 end
  end
  return n
end

-- The record that decided, where one did.
local function decisive(result)
  for _, r in ipairs(result.probes) do
    if r.outcome == result.outcome and r.phase == result.phase then return r end
  end
end

-- What went wrong, without the address that it begins with: so that several that failed alike are told once.
local function without_address(r)
  local text = probe.verdict(r)
  local lead = ("%s port %s: "):format(r.address or "", r.port or "")
  local from, to = text:find(lead, 1, true)
  return from and text:sub(1, from - 1) .. text:sub(to + 1) or text
end

local function place(r) return r.address and ("%s (%s)"):format(r.host or r.target, r.address) or r.host or r.target end

function view.verdict(result)
  if result.outcome == "ready" then
    local faults = faults_of(result)
    return "ready" .. (faults > 0 and ", with " .. plural(faults, "fault") or ": every address answers as it was asked")
  end
  if result.outcome == "no-mail-service" and result.failure then return result.failure.text end
  if result.failure then return ((probe.verdict {outcome = result.outcome, failure = result.failure})) end
  local r = decisive(result)
  return r and ("%s: %s"):format(place(r), without_address(r)) or result.outcome
end

-- Those that are not ready, grouped by what went wrong; the one that decided is in the verdict already.
local function add_troubles(p, result)
  local groups, order, told = {}, {}, decisive(result)
  for _, r in ipairs((sorted(result.probes))) do
    local text = without_address(r)
    if r.outcome ~= "ready" and r ~= told then
      if not groups[text] then groups[text], order[#order + 1] = {}, text end
      table.insert(groups[text], place(r))
    end
  end
  for i, text in ipairs(order) do
    if i > SHOWN then break end
    local alike = told and told.outcome ~= "ready" and text == without_address(told)
    local places = table.concat(groups[text], ", ")
    p:row(i == 1 and "Fault" or "", alike and "the same at " .. places or places .. ": " .. text)
  end
end

local function add_findings(p, result)
  local seen, shown = {}, 0
  for _, finding in ipairs(result.findings) do
    p:row("Found", finding.text)
    p:row("Do", finding.fix)
  end
  for _, r in ipairs(result.probes) do
    for _, finding in ipairs(r.findings or {}) do
      local text = ("%s: %s"):format(r.host or r.target, finding.text or finding.word)
      if not seen[text] then shown = shown + 1 end
      if not seen[text] and shown <= SHOWN then p:row("Found", text) end
      seen[text] = true
    end
  end
  if shown > SHOWN then p:row("Found", ("%d more of its kind (--format json has all)"):format(shown - SHOWN)) end
end

-- The probe of that address alone, with all its steps.
local function again(r, result)
  local families = {}
  for _, host in ipairs(result.mx.hosts) do
    for _, each in ipairs(host.host == r.host and host.addresses or {}) do
      families[each.address:find(":", 1, true) and "ipv6" or "ipv4"] = true
    end
  end
  local family = families.ipv4 and families.ipv6 and r.address and (" --family " .. (r.address:find(":", 1, true) and "ipv6" or "ipv4")) or ""
  return ("ehlo probe%s %s"):format(family, require("ehlo.words").quote(report.escape(r.target or r.host)))
end

local function next_command(result)
  for _, r in ipairs((sorted(result.probes))) do
    if r.outcome ~= "ready" then return again(r, result) end
  end
  if result.outcome == "ready" then return "ehlo mta-sts " .. result.target:gsub(":%d+$", "") end
end

function view.add(p, result)
  local style = require "ehlo.style"
  for i, line in ipairs(report.wrap(report.escape(head_text(result)), p.prose - 2)) do p:line(i == 1 and style.bold(line) or "  " .. line) end
  p:blank()
  if #result.probes > 0 then
    p:lines(table_lines(result, p.width))
    p:blank()
  end
  for i, line in ipairs(report.wrap(report.escape(view.verdict(result)), p.prose - 2)) do
    p:line((i > 1 and "  " or "") .. style.verdict(result.outcome, line))
  end
  add_troubles(p, result)
  add_findings(p, result)
  local command = next_command(result)
  if command then p:command("Next", command) end
end

local function add_summary(p, items)
  local columns, style = require "ehlo.columns", require "ehlo.style"
  local rows, ready = {}, 0
  for i, result in ipairs(items) do
    if result.outcome == "ready" then ready = ready + 1 end
    rows[i] = {report.escape(result.target), report.escape(view.verdict(result)), paint = {nil, paint_of(result)}}
  end
  p:line(style.dim(("-"):rep(math.min(p.prose, 60))))
  p:line("")
  p:lines(columns.lines(rows, 2, {width = p.prose, indent = 2, flexible = {true, true}, clip = {[2] = true}}))
  p:blank()
  p:line(("%d of %d ready"):format(ready, #items))
end

function view.text(record)
  local p, items = require("ehlo.page").new(), items_of(record)
  for i, result in ipairs(items) do
    if i > 1 then p:blank() end
    view.add(p, result)
  end
  if #items > 1 then
    p:blank()
    add_summary(p, items)
  end
  return p:finish()
end

function view.markdown(record)
  local markdown = require "ehlo.markdown"
  local out = {}
  for _, result in ipairs(items_of(record)) do
    out[#out + 1] = "# " .. markdown.escape(head_text(result))
    out[#out + 1] = "**" .. markdown.escape(require("ehlo.words").capital(require("ehlo.words").sentence(view.verdict(result)))) .. "**"
    local rows = {}
    for i, r in ipairs((sorted(result.probes))) do
      local cells = cells_of(r)
      rows[i] = {r.host or r.target, r.address or "", cells.connect, cells.greeting, cells.tls, cells.rcpt}
    end
    if #rows > 0 then out[#out + 1] = markdown.table({"Host", "Address", "Connect", "Greeting", "TLS", "RCPT"}, rows) end
    local lines = {}
    for i, finding in ipairs(result.findings) do lines[i] = "- " .. markdown.escape(finding.text .. (finding.fix and " " .. finding.fix or "")) end
    if #lines > 0 then out[#out + 1] = table.concat(lines, "\n") end
  end
  return table.concat(out, "\n\n") .. "\n"
end

function view.json(record)
  local list = {}
  for i, result in ipairs(items_of(record)) do list[i] = report.json(result) end
  return list
end

return view
