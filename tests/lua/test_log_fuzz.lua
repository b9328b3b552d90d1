-- Owns: logs and listings that were damaged in every way, by a seeded generator: nothing may crash or hang the readers, and how the bytes
-- are cut into pieces may not matter.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy = t.test, t.equal, t.truthy

local names = {"postfix.log", "exim.log", "sendmail.log", "opensmtpd.log", "qmail.log", "qmail-syslog.log", "rfc5424.log", "journal.json",
  "journal.export", "postqueue.json", "mailq.txt", "mailq-sendmail.log", "exim-bp.txt"}

local function slurp(name)
  local file = assert(io.open(os.getenv("EHLO_TESTS") .. "/logs/" .. name, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local NOW = 1796000000 -- two reads would else differ where a second passed between them
local samples = {}
for i, name in ipairs(names) do samples[i] = slurp(name) end

local marks = {"<", ">", "[", "]", "(", ")", ": ", "; from=<", " said: ", "status=", "\\n", "\0", "\255", "=", ", ", "\"", "/", "_", " rejected ",
  "{", "\n", "\r", " ", "550", "]: ", " (in reply to ", "@4", "F=<", "H="}

-- One change of a text: bytes dropped, doubled, changed, put in, or a piece of another sample.
local changes = {
  function(s, at) return s:sub(1, at) .. s:sub(at + math.random(1, 40)) end,
  function(s, at) return s:sub(1, at) .. s:sub(at - math.random(0, 40)) end,
  function(s, at) return s:sub(1, at - 1) .. string.char(math.random(0, 255)) .. s:sub(at + 1) end,
  function(s, at) return s:sub(1, at) .. marks[math.random(#marks)] .. s:sub(at + 1) end,
  function(s, at)
    local other = samples[math.random(#samples)]
    local from = math.random(#other)
    return s:sub(1, at) .. other:sub(from, from + math.random(200)) .. s:sub(at + 1)
  end,
  function(s, at) return s:sub(1, at) .. marks[math.random(#marks)]:rep(math.random(3000)) .. s:sub(at + 1) end,
}

local function damaged(text)
  for _ = 1, math.random(1, 6) do
    if #text == 0 then return text end
    text = changes[math.random(#changes)](text, math.random(#text))
  end
  return text
end

local function read(text, first, step)
  local log, out = mail.log {tally = mail.tally(), now = NOW}, {}
  log:begin(first, "fuzz", "log")
  for at = 1, #text, step do out[#out + 1] = log:feed(text:sub(at, at + step - 1), "ndjson") end
  out[#out + 1] = log:finish("ndjson")
  return table.concat(out)
end

test("damaged logs are read alike, however they are cut", function()
  math.randomseed(20261103)
  local deadline = os.clock() + 4
  local n = 0
  while os.clock() < deadline do
    local sample = samples[math.random(#samples)]
    local text = damaged(sample)
    local whole = read(text, sample, #text + 1)
    equal(read(text, sample, math.random(1, 300)), whole)
    equal(whole:find("[\0-\9\11-\31\127]"), nil, "JSON holds no control byte")
    n = n + 1
  end
  truthy(n > 20, "too few were tried: " .. n)
end)

test("tables and stories of damaged logs are made without an error", function()
  math.randomseed(20261104)
  local deadline = os.clock() + 2
  while os.clock() < deadline do
    local sample = samples[math.random(#samples)]
    local text = damaged(sample)
    local log = mail.log {queue_id = "A1B2C3D4E5"}
    log:begin(text, "fuzz", mail.kind(text))
    for _, item in ipairs(log:feed(text)) do truthy(item.log.event) end
    log:finish()
  end
end)

test("random bytes are no log", function()
  math.randomseed(20261105)
  for _ = 1, 200 do
    local bytes = {}
    for i = 1, math.random(2000) do bytes[i] = string.char(math.random(0, 255)) end
    local text = table.concat(bytes)
    truthy(mail.kind(text))
    equal(read(text, text, 100), "")
  end
end)

test("ages in a listing count from the moment that was named, and are exact", function()
  local function delay(now)
    local log, text = mail.log {now = now}, slurp("postqueue.json")
    log:begin(text, "q", "queue")
    return tonumber((log:feed(text, "ndjson") .. log:finish("ndjson")):match('"delay":([%d.e+]+)'))
  end
  equal(delay(NOW + 7) - delay(NOW), 7)
  t.raises("'now' is seconds", function() mail.log {now = -1} end)
end)

test("open messages are forgotten, the oldest first, and memory has an end", function()
  local log = mail.log()
  log:begin("", "many", "log")
  local lines = {}
  for n = 1, 150000 do
    lines[#lines + 1] = ("Nov  3 04:05:06 h postfix/qmgr[1]: 4ZfQ%08d: from=<a%d@b.example>, size=1, nrcpt=1 (queue active)\n"):format(n, n)
    if #lines == 10000 then
      log:feed(table.concat(lines), "count")
      lines = {}
    end
  end
  local function sender(n)
    local line = ("Nov  3 04:05:06 h postfix/smtp[1]: 4ZfQ%08d: to=<x@y.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (no)\n"):format(n)
    return log:feed(line)[1].message.from
  end
  equal(sender(150000), "a150000@b.example")
  equal(sender(60000), "a60000@b.example")
  equal(sender(1), nil)
end)

os.exit(t.finish())
