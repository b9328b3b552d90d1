-- Owns: mboxes, folders and growing logs that were damaged by a seeded generator: mails are found wherever the bytes are cut and however
-- lines end, and of a file that grows, is rotated or cut off nothing is lost.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local mails = require "ehlo.mails"
local test, equal, truthy = t.test, t.equal, t.truthy
local SECONDS = 2

local function slurp(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

local function spew(path, text, how)
  local file = assert(io.open(path, how or "wb"))
  assert(file:write(text))
  file:close()
end

local folder = os.getenv("EHLO_TESTS") .. "/mails/"
local samples = {}
for _, name in ipairs(assert(mail.list(folder))) do
  if name:find("%.eml$") then samples[#samples + 1] = {name = name, text = slurp(folder .. name):gsub("\r\n?", "\n")} end
end
table.sort(samples, function(a, b) return a.name < b.name end)

local marks = {"\n\n", "\n\nFrom ", "From x@y.example Tue Nov  3 04:05:06 2026\n", "\n", "\0", "\255", ">From ", ": ", "12:34", " ", "F"}

local function damaged(text)
  for _ = 1, math.random(0, 4) do
    local at, how = math.random(#text), math.random(4)
    if how == 1 then
      text = text:sub(1, at) .. text:sub(at + math.random(60))
    elseif how == 2 then
      text = text:sub(1, at) .. marks[math.random(#marks)] .. text:sub(at + 1)
    elseif how == 3 then
      text = text:sub(1, at) .. text:sub(at, at + math.random(20)):rep(math.random(60)) .. text:sub(at + 1)
    else
      text = text:sub(1, at) .. text:sub(math.max(1, at - math.random(300)))
    end
  end
  return text
end

local function an_mbox(n)
  local parts = {}
  for i = 1, n do
    parts[i] = "From MAILER-DAEMON Tue Nov  3 04:05:06 2026\n" .. samples[math.random(#samples)].text:gsub("%s*$", "\n"):gsub("\n+From ", "\n>From ")
  end
  return table.concat(parts, "\n")
end

-- What is read of it, `step` bytes at a time, as a list.
local function split(text, step)
  local at, found = 1, {}
  local function read()
    if at > #text then return nil end
    at = at + step
    return text:sub(at - step, at - 1)
  end
  for bytes in mails.of_mbox {read = read} do found[#found + 1] = bytes end
  return found
end

local function for_a_while(seed, run)
  math.randomseed(seed)
  local ended = os.time() + SECONDS
  repeat run() until os.time() >= ended
end

test("an mbox gives the mails that went into it", function()
  for_a_while(20261130, function()
    local n = math.random(9)
    local text = an_mbox(n)
    local found = split(text, math.random(1, 4000))
    equal(#found, n)
    equal(table.concat(found, "\n"), text)
  end)
end)

test("a damaged mbox loses no byte, and gives the same mails wherever it is cut and however its lines end", function()
  for_a_while(20261201, function()
    local text = damaged(an_mbox(math.random(4))):gsub("\r", "")
    local whole = split(text, #text)
    equal(table.concat(whole, "\n"), text)
    local pieces = split(text, math.random(1, 700))
    equal(table.concat(pieces, "\1"), table.concat(whole, "\1"))
    for _, line_end in ipairs {"\r\n", "\r"} do
      local copy = split(text:gsub("\n", line_end), math.random(1, 700))
      equal((table.concat(copy, "\1"):gsub(line_end, "\n")), table.concat(whole, "\1"))
    end
  end)
end)

local function told_of(path)
  local source, lines = assert(mail.open(path)), {}
  local readers = {log = "logs", queue = "logs", replies = "replies"}
  local tally = mail.tally()
  local sink = {streams = true, count = 0, tally = function() return tally end, lines = function(_, text) lines[#lines + 1] = text end}
  require("ehlo." .. (readers[source.kind] or "mails")).read(source, sink, {quiet = true})
  source:close()
  return table.concat(lines)
end

local function without_names(lines) return (lines:gsub('{"ehlo":1,"input":".-","kind"', '{"kind"')) end

test("a Maildir tells what its mails tell one by one, in the order of their names, however their lines end", function()
  local place = os.tmpname()
  os.remove(place)
  for_a_while(20261202, function()
    assert(os.execute("mkdir -p '" .. place .. "/cur' '" .. place .. "/new'"))
    local answers, seed = {}, math.random(1 << 30)
    for number, line_end in ipairs {"\n", "\r\n", "\r"} do
      math.randomseed(seed)
      local alone = {}
      for i = 1, 5 do
        local path = ("%s/%s/%d.host:2,S"):format(place, i < 4 and "cur" or "new", i)
        local sample = samples[math.random(#samples)].text
        spew(path, (sample:gsub("\n", line_end)))
        alone[i] = told_of(path)
      end
      answers[number] = without_names(told_of(place))
      equal(answers[number], without_names(table.concat(alone)))
    end
    equal(answers[2], answers[1])
    equal(answers[3], answers[1])
    assert(os.execute("rm -r '" .. place .. "'"))
  end)
end)

test("logs, listings and replies give the same answers whether their lines end in LF, CRLF or CR", function()
  local logs, path = os.getenv("EHLO_TESTS") .. "/logs/", os.tmpname()
  local texts = {"550 5.1.1 no such user\n450 4.2.0 Greylisted\n550-5.7.1 one\n550 5.7.1 two\n"}
  for _, name in ipairs(assert(mail.list(logs))) do
    if name ~= "expected.tsv" then texts[#texts + 1] = slurp(logs .. name):gsub("\r", "") end
  end
  truthy(#texts > 12)
  for _, text in ipairs(texts) do
    local answers = {}
    for i, line_end in ipairs {"\n", "\r\n", "\r"} do
      spew(path, (text:gsub("\n", line_end)))
      answers[i] = without_names(told_of(path):gsub('"delay":[%d.]+', "")):gsub("\\r\\n", "\\n")
    end
    truthy(answers[1]:find('"recipients":[{', 1, true), text)
    equal(answers[2], answers[1])
    equal(answers[3], answers[1])
  end
  os.remove(path)
end)

-- A file as a mail server and logrotate treat it; `expected` is all that was ever written.
local function grown_log(path)
  local log = {expected = {}, size = 0}
  function log.append()
    local text = ("%d "):format(math.random(1000)):rep(math.random(0, 400)) .. "\n"
    spew(path, text, "ab")
    log.expected[#log.expected + 1], log.size = text, log.size + #text
  end
  function log.rotate()
    os.rename(path, path .. ".1")
    spew(path, "")
    log.size = 0
  end
  function log.cut_off()
    if log.size == 0 then return end
    spew(path, "")
    log.size = 0
  end
  return log
end

local function drain(source, out)
  repeat
    local piece = source:read(math.random(1, 3000))
    out[#out + 1] = piece
  until piece == "" or not piece
end

test("of a log that grows, is rotated and cut off again and again every byte is read once", function()
  local path, most = os.tmpname(), 0
  for_a_while(20261203, function()
    spew(path, "a line\n")
    local log, out = grown_log(path), {}
    log.size = 7
    local source = assert(mail.open(path, {follow = true}))
    for _ = 1, math.random(30) do
      drain(source, out)
      local what = math.random(6)
      if what == 1 then log.rotate() elseif what == 2 then log.cut_off() drain(source, out) end
      for _ = 1, math.random(0, 2) do log.append() end
    end
    drain(source, out)
    source:close()
    equal(table.concat(out), "a line\n" .. table.concat(log.expected))
    most = math.max(most, #log.expected)
  end)
  truthy(most > 10)
  os.remove(path)
  os.remove(path .. ".1")
end)

os.exit(t.finish())
