-- Owns: policy.dnsbl: whether blocklists name an address or a domain, by the rules that keep from false listings (RFC 5782 section 5, and
-- the habits of lists that refuse or have closed). Callers: policy.lua.
local ip = require "ehlo.policy.ip"
local record = require "ehlo.policy.record"
local zones = require "ehlo.policy.dnsbl_zones"
local dnsbl = {}

local LOCAL = {{"10.0.0.0", 8}, {"172.16.0.0", 12}, {"192.168.0.0", 16}, {"100.64.0.0", 10}, {"169.254.0.0", 16}, {"fc00::", 7}, {"fe80::", 10}}
local TESTS = {ip = {"2.0.0.127", "1.0.0.127"}, domain = {"TEST", "INVALID"}} -- always listed, never listed
local TESTS_SIX = {ip.reversed(ip.read("::ffff:127.0.0.2")), ip.reversed(ip.read("::ffff:127.0.0.1"))}

local function bits_of(row, last)
  local out = {}
  for bit = 0, 7 do
    if last & (1 << bit) ~= 0 then out[#out + 1] = row.bits[1 << bit] end
  end
  return #out > 0 and table.concat(out, ", ") or nil
end

-- What an answer means: "listed" or "refused", and the words for it.
local function read_answer(row, address)
  local bytes = ip.read(address)
  if bytes:byte(1) ~= 127 then return "refused", ("%s is no answer of a blocklist: somebody rewrites answers, or the list is gone"):format(address) end
  if row.errors and row.errors[address] then return "refused", row.errors[address] end
  if address == "127.0.0.1" then return "refused", "127.0.0.1 means that the query was refused" end
  if address:find("^127%.255%.255%.") then
    return "refused", ("%s means that the query was refused: %s"):format(address, address == "127.255.255.252" and "the zone's name is wrong"
      or address == "127.255.255.255" and "too many queries" or "a public resolver asked, or one that is not registered")
  end
  return "listed", row.codes and row.codes[address] or row.bits and bits_of(row, bytes:byte(4)) or ("listed as %s"):format(address)
end

-- One question: "listed", "clean" or "unknown", the words for it, and the answers.
local function ask(r, row, labels)
  local list, message, err = r:lookup("a", labels .. "." .. row.zone)
  if not list and err.reason ~= "nxdomain" then return "unknown", message end
  local answers, meanings, why = {}, {}, nil
  if list then table.sort(list, function(a, b) return a.rdata < b.rdata end) end
  for _, each in ipairs(list or {}) do
    local kind, words = read_answer(row, each.address)
    answers[#answers + 1] = each.address
    if kind == "listed" then meanings[#meanings + 1] = words else why = why or words end
  end
  if why then return "unknown", why, answers end
  return #answers > 0 and "listed" or "clean", meanings, answers
end

-- Does the list work for us? Nil where it does, else why not.
local function sick(r, row, six)
  local tests = six and TESTS_SIX or TESTS[row.of]
  local status, why = ask(r, row, row.test or tests[1])
  if status == "unknown" then return why end
  if status == "clean" then
    return six and "it lists no IPv6 addresses" or "its test entry is not listed: the list is empty, gone, or does not answer this resolver"
  end
  status, why = ask(r, row, tests[2])
  if status == "unknown" then return why end
  if status == "listed" then return "it lists what no list may: everything is listed, and nothing is meant by it" end
end

local function reason(r, row, labels)
  local list = r:lookup("txt", labels .. "." .. row.zone)
  return list and list[1] and list[1].text or nil
end

-- One list asked about one thing; r is a branch of the record.
local function ask_zone(r, row, labels, six)
  local result = {zone = row.zone, name = row.name, delist = row.delist, answers = {}, meanings = {}}
  local line = r:note(row.zone)
  local status, words, answers = r:inside(ask, r, row, labels)
  result.answers = answers or {}
  if status == "unknown" then
    result.why = words
  else
    result.meanings = words
    result.why = r:inside(sick, r, row, six)
  end
  result.status = result.why and "unknown" or status
  if result.status == "listed" then result.reason = r:inside(reason, r, row, labels) end
  line.answer = result.status .. (result.why and ": " .. result.why or #result.meanings > 0 and ": " .. table.concat(result.meanings, "; ") or "")
  return result
end

local function find(r, row)
  if zones.closed[row.zone] then
    r:finding {id = "dnsbl-closed", level = "warn", text = ("%s is %s: whatever it answers means nothing."):format(row.zone, zones.closed[row.zone]),
      evidence = row.zone, fix = "Take it out of your mail server's configuration."}
  end
  if row.status == "listed" then
    r:finding {id = "dnsbl-listed", level = "fail", text = ("%s is on %s: %s."):format(r.subject, row.name, table.concat(row.meanings, "; ")),
      evidence = table.concat(row.answers, ", ") .. (row.reason and ", \"" .. row.reason .. "\"" or ""), reference = row.zone,
      fix = "Find and stop the cause first; then ask for removal" .. (row.delist and ": " .. row.delist or ".")}
  elseif row.status == "unknown" then
    r:finding {id = "dnsbl-unknown", level = "info", text = ("What %s says could not be told: %s."):format(row.name, row.why), evidence = row.zone,
      fix = "Ask through a resolver of your own, not a public one, or look at the list's page" .. (row.delist and ": " .. row.delist or ".")}
  end
end

local function counted(n, what) return ("%d %s%s"):format(n, what, n == 1 and "" or "s") end

local function finish(r)
  local count = {listed = 0, clean = 0, unknown = 0}
  local names = {}
  for _, row in ipairs(r.lists) do
    count[row.status] = count[row.status] + 1
    if row.status == "listed" then names[#names + 1] = row.name end
    find(r, row)
  end
  local unknown = count.unknown > 0 and (" %s could not be asked."):format(counted(count.unknown, "list")) or ""
  if count.listed > 0 then
    return r:finish {verdict = "listed", summary = ("%s is on %s.%s"):format(r.subject, require("ehlo.words").join(names), unknown),
      fix = "Find and stop the cause first: lists that are asked before keep the address longer. Then ask each for removal."}
  end
  if count.clean == 0 then return r:finish {verdict = "unknown", summary = ("Nothing can be said of %s:%s"):format(r.subject, unknown)} end
  local where = count.clean == 1 and "not on the one list" or ("on none of the %d lists"):format(count.clean)
  return r:finish {verdict = "clean", summary = ("%s is %s that answered.%s"):format(r.subject, where, unknown)}
end

local function rows_of(wanted, kind)
  if wanted == nil then return zones.of(kind) end
  if type(wanted) ~= "table" then error("policy.dnsbl: \"zones\" is a list of names", 3) end
  local rows = {}
  for i, each in ipairs(wanted) do
    if type(each) == "string" then each = zones.row(each:lower():gsub("%.$", ""), kind) end
    if type(each) ~= "table" or type(each.zone) ~= "string" then error("policy.dnsbl: \"zones\" is a list of names", 3) end
    rows[i] = setmetatable({name = each.name or each.zone, of = kind}, {__index = each})
  end
  return rows
end

local function is_local(bytes)
  for _, network in ipairs(LOCAL) do
    if ip.inside(bytes, ip.read(network[1]), network[2]) then return true end
  end
  return false
end

-- The labels that are put before a list's zone; a name that the DNS cannot hold raises.
local function labels_of(subject, bytes)
  if bytes then return ip.reversed(bytes) end
  local name = subject:gsub("%.$", ""):lower()
  if not name:match("^[%w_\128-\255][%w_%-%.\128-\255]*$") or name:find("..", 1, true) or #name > 200 then
    error("policy.dnsbl: an IP address or a domain is wanted", 3)
  end
  return name
end

-- Whether blocklists name an address or a domain. options: zones (names, or rows as dnsbl_zones.lua has them), timeout.
function dnsbl.dnsbl(subject, options)
  if type(subject) ~= "string" then error("policy.dnsbl: an IP address or a domain is wanted", 2) end
  options = record.check_options(options, {zones = true, timeout = true}, "policy.dnsbl")
  local bytes = ip.read(subject)
  bytes = bytes and ip.unmapped(bytes)
  local rows = rows_of(options.zones, bytes and "ip" or "domain")
  local r = record.new {policy = "dnsbl", subject = bytes and ip.text(bytes) or subject, timeout = options.timeout, lists = {}}
  if bytes and is_local(bytes) then
    return r:finish {verdict = "unknown", summary = ("%s is an address of a private network: no list has it. Ask about the one that the world sees.")
      :format(r.subject)}
  end
  local labels = labels_of(subject, bytes)
  local jobs = {}
  for i, row in ipairs(rows) do jobs[i] = {row = row, branch = r:branch()} end
  local results, errors = task.map(jobs, function(job)
    return ask_zone(job.branch, job.row, labels, bytes and #bytes == 16)
  end, {concurrency = 8})
  if errors then error(errors[next(errors)], 0) end
  for _, job in ipairs(jobs) do r:join(job.branch) end
  r.lists = results
  return finish(r)
end

return dnsbl
