-- Owns: the matrix of probes: a row for each host and address, a column for each phase, what differs from the rest first. Callers: the
-- record of a runbook and what draws it.
local matrix = {}

matrix.columns = {"connect", "greeting", "tls", "rcpt"}

-- A cell of a phase that was reached: its time, or the reply.
local cells = {}

function cells.connect(r) return r.timing.connect and ("%.3f"):format(r.timing.connect) end
function cells.greeting(r) return r.timing.greeting and ("%.3f"):format(r.timing.greeting) end
function cells.tls(r)
  if not r.tls then return nil end
  return (r.tls.version or ""):gsub("^TLSv", "") .. (r.tls.trusted and " ok" or " not trusted")
end
function cells.rcpt(r)
  for _, exchange in ipairs(r.exchanges or {}) do
    if exchange.phase == "rcpt" and exchange.reply then
      return exchange.reply.code .. (exchange.reply.enhanced and " " .. exchange.reply.enhanced or "")
    end
  end
end

local order = {dns = 0, connect = 1, greeting = 2, ehlo = 3, starttls = 3, tls = 3, auth = 4, mail = 4, rcpt = 4}

-- The column in which a probe ended: what went wrong stands there.
local function ended_in(r)
  if r.outcome == "ready" then return nil end
  return math.max(order[r.phase] or 1, 1)
end

local short = {
  ["timed-out"] = "timeout", ["dns-failed"] = "no address", ["refused-temporarily"] = "put off", ["refused-permanently"] = "refused",
  ["no-mail-service"] = "no mail",
}

local function trouble_of(r)
  local reply = r.reply
  if reply and reply.code and reply.code >= 400 then return reply.code .. (reply.enhanced and " " .. reply.enhanced or "") end
  return require("ehlo.view.probe").is_tlsa_failure(r) and "no DANE answer" or short[r.outcome] or r.outcome
end

local function row_of(r)
  local row = {host = r.host or r.target, address = r.address or report.null, port = r.port, outcome = r.outcome, cells = {}}
  local stop = ended_in(r)
  for i, column in ipairs(matrix.columns) do
    local text = (not stop or i <= stop) and cells[column](r) or nil
    if i == stop and (not text or column ~= "rcpt") then text = trouble_of(r) end
    row.cells[i] = text or report.null
  end
  return row
end

-- What is compared: the outcome, and TLS and RCPT as they came; times always differ.
local function likeness(row)
  local tls, rcpt = row.cells[3], row.cells[4]
  return table.concat({row.outcome, tls == report.null and "" or tls, rcpt == report.null and "" or rcpt}, "\0")
end

local function mark(rows)
  local counts, most = {}, nil
  for _, row in ipairs(rows) do
    local key = likeness(row)
    counts[key] = (counts[key] or 0) + 1
    if not most or counts[key] > counts[most] or counts[key] == counts[most] and row.outcome == "ready" then most = key end
  end
  for i, row in ipairs(rows) do row.differs, row.at = likeness(row) ~= most, i end
end

-- {columns, rows} of records of smtp.probe; nil of none. A row differs where most of the others are unlike it.
function matrix.of(records)
  if #records == 0 then return nil end
  local rows, asked = {}, false
  for i, r in ipairs(records) do
    rows[i] = row_of(r)
    asked = asked or rows[i].cells[4] ~= report.null
  end
  mark(rows)
  table.sort(rows, function(a, b)
    if a.differs ~= b.differs then return a.differs end
    return a.at < b.at
  end)
  local columns = {table.unpack(matrix.columns, 1, asked and 4 or 3)}
  for _, row in ipairs(rows) do
    row.at = nil
    if not asked then row.cells[4] = nil end
  end
  return {columns = columns, rows = rows}
end

-- The heads and the rows of texts, for whoever draws it.
function matrix.texts(m)
  local heads = {"host", "address", table.unpack(m.columns)}
  local rows = {}
  for i, row in ipairs(m.rows) do
    rows[i] = {row.host, row.address == report.null and "" or row.address}
    for k = 1, #m.columns do rows[i][k + 2] = row.cells[k] == report.null and "" or row.cells[k] end
    if row.differs then rows[i][#heads + 1] = "<- differs" end
  end
  if #m.rows > 1 then heads[#heads + 1] = "" end
  return heads, rows
end

return matrix
