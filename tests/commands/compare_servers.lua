-- Two rehearsal servers that differ in one thing, probed and set side by side. Arguments: certificate, key, another certificate, its key.
-- Prints a line for each pair: what it is, and what differs. Callers: test_compare_records.py.
local certificate, key, other, other_key = ...
local GREETING = "220 mx.example.org ESMTP"

local function options(change)
  local o = {tls = {certificate = certificate, key = key}, greeting = GREETING}
  for name, value in pairs(change) do o[name] = value end
  return o
end

local pairs_of_servers = {
  {"nothing", {}},
  {"a capability", {ehlo = {"PIPELINING", "SIZE 1000", "STARTTLS"}}, {ehlo = {"PIPELINING", "SIZE 1000", "STARTTLS", "DSN"}}},
  {"size", {ehlo = {"SIZE 1000", "STARTTLS"}}, {ehlo = {"SIZE 2000", "STARTTLS"}}},
  {"order of capabilities", {ehlo = {"DSN", "PIPELINING", "STARTTLS"}}, {ehlo = {"PIPELINING", "STARTTLS", "DSN"}}},
  {"tls version", {tls = {certificate = certificate, key = key, max = "TLSv1.2"}}},
  {"no tls", {tls = false}},
  {"certificate", {tls = {certificate = other, key = other_key}}},
  {"rcpt", {rcpt = "250 2.1.5 Fine"}},
  {"refusal", {rcpt = "550 5.1.1 No such user"}},
  {"banner", {greeting = "220 mx.example.org ESMTP Exim"}},
  {"date in the banner", {greeting = GREETING .. " Sun, 29 Nov 2026 10:00:00 +0000"}, {greeting = GREETING .. " Mon, 30 Nov 2026 11:10:10 +0000"}},
  {"id in the banner", {greeting = GREETING .. " d75a77b69052e"}, {greeting = GREETING .. " a1b2c3d4e5f6a"}},
  {"anomaly", {rcpt = {raw = "250 2.1.5 Ok\n"}}},
}

for _, row in ipairs(pairs_of_servers) do
  local records = {}
  for i = 1, 2 do
    local change = row[i + 1] or {}
    local server = assert(smtp.listen(options(change)))
    records[i] = assert(smtp.probe("127.0.0.1:" .. server.port, {to = "user@example.org", timeout = 30}))
    server:close()
  end
  local c, labels = report.compare(records[1], records[2]), {}
  for i, difference in ipairs(c.differences) do labels[i] = difference.field end
  print(row[1] .. ": " .. table.concat(labels, " "))
end
