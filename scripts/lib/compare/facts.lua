-- Owns: what there is to compare in one record: a list of facts {field, label, type, value}, without noise. Callers: comparing.
-- Records are plain tables as JSON has them, without null, and may come from anywhere.
local mask = require "ehlo.compare.mask"
local facts = {}

local function adder(list, own)
  return function(field, label, kind, value, more)
    if value == nil then return end
    local fact = {field = field, label = label, type = kind, value = kind == "text" and tostring(value) or value, own = own}
    for name, each in pairs(more or {}) do fact[name] = each end
    list[#list + 1] = fact
  end
end

-- The value of a fact as it is compared: without what says nothing. Asked for only where the values themselves differ.
function facts.key(fact)
  if fact.key ~= nil then return fact.key end
  local key, own = fact.value, fact.own or {}
  if fact.type == "text" and not fact.exact then
    key = mask.text(key, own)
  elseif fact.type == "set" then
    key = {}
    for i, each in ipairs(fact.value) do key[i] = mask.text(each, own) end
  end
  fact.key = key
  return key
end

local function text(value) return type(value) == "string" and value or nil end
local function table_of(value) return type(value) == "table" and value or {} end

local function texts(list, key)
  local out = {}
  for _, each in ipairs(table_of(list)) do
    local value = key and type(each) == "table" and each[key] or not key and each
    if type(value) == "string" or math.type(value) == "integer" then out[#out + 1] = tostring(value) end
  end
  return out
end

-- ---- probes and sessions ----

local replies = {{"greeting", "greeting"}, {"starttls", "STARTTLS reply"}, {"auth", "AUTH reply"}, {"mail", "MAIL reply"}, {"rcpt", "RCPT reply"},
  {"data", "DATA reply"}, {"rset", "RSET reply"}, {"quit", "QUIT reply"}}

-- "450-4.2.0 a\r\n450 4.2.0 b", with the line ends escaped, as "450 4.2.0 a b".
local function unfolded(said)
  local lines = {}
  for line in (said:gsub("\\r\\n", "\n") .. "\n"):gmatch("(.-)\r?\n") do
    if line ~= "" then lines[#lines + 1] = #lines > 0 and line:gsub("^%d%d%d[ %-]", "") or line:gsub("^(%d%d%d)%-", "%1 ") end
  end
  return table.concat(lines, " ")
end

local function said_in(transcript, phase)
  local out = {}
  for _, step in ipairs(table_of(transcript)) do
    if type(step) == "table" and step.phase == phase and step.direction == "received" and text(step.text) then
      out[#out + 1] = unfolded(step.text)
    end
  end
  return #out > 0 and table.concat(out, " / ") or nil
end

local function capabilities(record)
  local list = {}
  for keyword, parameters in pairs(table_of(record.capabilities)) do
    if type(keyword) == "string" then
      list[#list + 1] = keyword .. (text(parameters) and parameters ~= "" and " " .. parameters or "")
    end
  end
  table.sort(list)
  return list
end

local function add_tls(add, tls)
  add("tls.version", "TLS version", "text", text(tls.version) or "none")
  if not text(tls.version) then return end
  local part = {part = "tls"}
  add("tls.cipher", "TLS cipher", "text", text(tls.cipher), part)
  add("tls.group", "TLS group", "text", text(tls.group), part)
  add("tls.alpn", "ALPN", "text", text(tls.alpn), part)
  if type(tls.trusted) == "boolean" then add("tls.trusted", "certificate trusted", "boolean", tls.trusted, part) end
  local leaf = table_of(tls.chain)[1]
  if type(leaf) ~= "table" then return end
  local own = {part = "tls", group = "certificate"}
  add("tls.certificate.subject", "certificate subject", "text", text(leaf.subject), own)
  add("tls.certificate.issuer", "certificate issuer", "text", text(leaf.issuer), own)
  add("tls.certificate.names", "certificate names", "set", texts(leaf.names), own)
  add("tls.certificate.key", "certificate key", "text", text(leaf.key), own)
  add("tls.certificate.signature", "certificate signature", "text", text(leaf.signature), own)
  if math.type(leaf.not_after) == "integer" then add("tls.certificate.expires", "certificate expiry", "date", leaf.not_after, own) end
  add("tls.certificate.sha256", "certificate fingerprint", "text", text(leaf.sha256),
    {part = "tls", group = "certificate", weak = true, exact = true})
end

local function outcome(record)
  if not text(record.outcome) then return nil end
  local ok, verdict = pcall(require("ehlo.view.probe").verdict, record)
  return ((ok and verdict or record.outcome):gsub("^ready: .*", "ready"))
end

-- Names in any text by which the server or the client is meant.
local function names_in(record, keys)
  local list = {}
  for _, key in ipairs(keys) do
    local name = text(record[key])
    list[#list + 1] = name and (name:match("^([^:]+):%d+$") or name)
  end
  return list
end

local function probe(record)
  local own = {server = names_in(record, {"host", "target", "address"}), client = names_in(record, {"helo", "source_ptr", "source"})}
  local list = {}
  local add = adder(list, own)
  add("outcome", "outcome", "text", outcome(record))
  add("address", "address", "text", text(record.address), {names = true, exact = true})
  if math.type(record.port) == "integer" then add("port", "port", "number", record.port, {names = true}) end
  for _, row in ipairs(replies) do add("replies." .. row[1], row[2], "text", said_in(record.transcript, row[1]), {needs_all = true}) end
  add("capabilities", "capabilities", "set", capabilities(record))
  if record.helo_fallback == true then add("helo_fallback", "EHLO", "text", "refused; HELO was used") end
  add_tls(add, table_of(record.tls))
  add("findings", "findings", "set", texts(record.findings, "word"))
  add("anomalies", "anomalies", "set", texts(record.anomalies))
  for _, row in ipairs {{"source", "client address"}, {"source_ptr", "client name"}, {"helo", "EHLO name"}} do
    add(row[1], row[2], "text", text(record[row[1]]), {exact = true})
  end
  return list
end

-- ---- anything else ----

-- Whatever else a record holds of these is of the run and not of what was looked at.
local noise = {}
for word in ([[ehlo id at seconds timing time times date started ended finished elapsed duration ttl transcript trace queue_id
  session pid input target host subject file path source_port client_port not_before checked generated run took
  exit]]):gmatch("%S+") do
  noise[word] = true
end
facts.noise = noise

local names = {"name", "id", "word", "target", "host", "address", "recipient", "subject", "zone", "field"}

-- What tells the objects of a list apart, or nil.
local function key_of(list)
  for _, name in ipairs(names) do
    local seen, whole = {}, true
    for _, each in ipairs(list) do
      local value = type(each) == "table" and each[name]
      if type(value) ~= "string" and math.type(value) ~= "integer" or seen[value] then whole = false break end
      seen[value] = true
    end
    if whole then return name end
  end
  return nil
end

local function label_of(path)
  return (path:gsub("_", " "))
end

local function sorted(object)
  local keys = {}
  for key in pairs(object) do
    if type(key) == "string" then keys[#keys + 1] = key end
  end
  table.sort(keys)
  return keys
end

local walk

local function standards(list)
  local out = {}
  for i, each in ipairs(list) do out[i] = require("ehlo.words").standard(each) end
  return out
end

local function is_standard(each) return type(each) == "table" and math.type(each.rfc) == "integer" and (each.section == nil or text(each.section)) end

local function walk_list(add, list, path)
  if is_standard(list[1]) then
    local ok, said = pcall(standards, list)
    return add(path, label_of(path), "set", ok and said or {})
  end
  if type(list[1]) ~= "table" then return add(path, label_of(path), "set", texts(list)) end
  local name = key_of(list)
  if (name == "id" or name == "word") then return add(path, label_of(path), "set", texts(list, name)) end
  for i, each in ipairs(list) do
    local key = name and tostring(each[name]) or tostring(i)
    walk(add, each, path .. "." .. key, name)
  end
end

-- What follows from the verdict is no difference of its own.
local follows = {fix = true, reference = true}

function walk(add, value, path, known)
  if type(value) == "string" then
    return add(path, label_of(path), "text", value, {group = path == "verdict" and "verdict" or nil})
  end
  if type(value) == "number" then return add(path, label_of(path), "number", value) end
  if type(value) == "boolean" then return add(path, label_of(path), "boolean", value) end
  if type(value) ~= "table" then return end
  if #value > 0 then return walk_list(add, value, path) end
  for _, key in ipairs(sorted(value)) do
    if path == "" and value.verdict and follows[key] and text(value[key]) then
      add(key, key, "text", value[key], {group = "verdict", weak = true})
    elseif not noise[key] and key ~= known then
      walk(add, value[key], path == "" and key or path .. "." .. key)
    end
  end
end

-- Of a reply that went to one recipient, what is said of that recipient is what is said of the reply.
local function flat(record)
  local recipients = table_of(record.recipients)
  if #recipients ~= 1 or type(recipients[1]) ~= "table" then return record end
  local out = {message = record.message, kind = record.kind}
  for key, value in pairs(recipients[1]) do out[key] = value end
  return out
end

local function any(record)
  local list = {}
  local own = {server = {text(record.host) or text(record.subject) or text(record.target)}}
  walk(adder(list, own), record, "")
  return list
end

local order = {verdict = 1, outcome = 1, cause = 2, code = 3, enhanced = 4, summary = 5}

-- What a reader wants first comes first; the rest is in the order of its names.
local function first_things_first(list)
  for i, fact in ipairs(list) do fact.rank = (order[fact.field:match("[^.]+$")] or 9) * 1000000 + i end
  table.sort(list, function(a, b) return a.rank < b.rank end)
  return list
end

-- The facts of a record of that kind.
function facts.of(kind, record)
  if kind == "probe" then return probe(record) end
  if kind == "runbook" then
    local list = {}
    require("ehlo.compare.runbook").add(adder(list, {server = {text(record.subject)}}), record)
    return list
  end
  return first_things_first(any(kind == "explanation" and flat(record) or record))
end

return facts
