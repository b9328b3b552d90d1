-- Mails from strangers: whatever the bytes, a mail is read in bounded time and memory, and named for something.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local folder = os.getenv("EHLO_TESTS") .. "/mails/"

local kinds = {bounce = true, ["delivery-notice"] = true, ["feedback-report"] = true, ["auto-reply"] = true, mail = true}

-- The checker of memory keeps what was freed, so it says nothing about how much is needed.
local function is_checked()
  local file = assert(io.open("/proc/self/maps"))
  local checked = file:read("a"):find("libasan", 1, true) ~= nil
  file:close()
  return checked
end

local SECONDS, LARGE, MULTIPLE = 4, is_checked() and 1 << 18 or 1 << 20, 48

-- KiB: "VmRSS" is what is in use now, "VmHWM" the most that was, which begins anew with begin_anew.
local function memory(what)
  local file = assert(io.open("/proc/self/status"))
  local kib = file:read("a"):match(what .. ":%s*(%d+)")
  file:close()
  return tonumber(kib)
end

local function begin_anew()
  collectgarbage()
  local file = assert(io.open("/proc/self/clear_refs", "w"))
  file:write("5")
  file:close()
  return memory("VmRSS")
end

local function look(bytes)
  local told = mail.explain(bytes)
  if told then assert(kinds[told.kind], told.kind) end
  local line = mail.explain(bytes, "fuzz")
  assert((told == nil) == (line == nil))
  if line then assert(line:sub(-1) == "\n" and select(2, line:gsub("\n", "")) == 1 and not line:find("[%z\1-\9\11-\31]")) end
  return told
end

local head = "From: MAILER-DAEMON@x.example\nTo: a@b.example\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
local report = head .. "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"

local function nested(each, n)
  local parts = {head}
  for i = 1, n do parts[#parts + 1] = each:format(i, i) end
  return table.concat(parts)
end

local function numbered(each, n)
  local parts = {}
  for i = 1, n do parts[i] = each:format(i) end
  return table.concat(parts)
end

local hostile = {
  ["one address again and again"] = head .. "\n" .. ("a@b.example:\n"):rep(LARGE // 13),
  ["at signs"] = head .. "\n" .. ("@"):rep(LARGE),
  ["an endless local part"] = head .. "\n" .. ("a"):rep(LARGE) .. "@b.example",
  ["codes only"] = head .. "\n" .. ("550 5.1.1 "):rep(LARGE // 10),
  ["separators only"] = head .. "\n" .. ("-- original message\n"):rep(LARGE // 20),
  ["multiparts within multiparts"] = nested('Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n', 20000),
  ["messages within messages"] = nested("Content-Type: message/rfc822\n\n", 20000),
  ["more parts than anybody reads"] = head .. "Content-Type: multipart/mixed; boundary=b\n\n" .. ("--b\n\n"):rep(LARGE // 5),
  ["headers only"] = head .. ("X: y\n"):rep(LARGE // 5),
  ["encoded words only"] = head .. "Subject: " .. ("=?utf-8?Q?=41?=\n "):rep(LARGE // 18),
  ["a status of thousands"] = report .. ("Final-Recipient: rfc822; a@b.example\nStatus: 5.1.1\n\n"):rep(LARGE // 52),
  ["escapes that never end"] = report .. "Final-Recipient: utf-8; " .. ("\\x{"):rep(LARGE // 3),
  ["tags that never end"] = head .. "Content-Type: text/html\n\n" .. ("<style"):rep(LARGE // 6),
  ["JSON that never ends"] = head .. '\n{"notificationType":"' .. ("\\"):rep(LARGE),
  ["a transcript that never ends"] = head .. "\n<a@b.example>\n<c@d.example>\n" .. (">>> RCPT TO:<a@b.example>\n<<< 550 no\n"):rep(LARGE // 40),
  ["NUL bytes"] = head .. "\n" .. ("\0"):rep(LARGE),
  ["line ends"] = ("\n"):rep(LARGE),
  ["carriage returns"] = head .. "\n" .. ("\r"):rep(LARGE),
  ["headers of many names"] = head .. numbered("X-%d: y\n", LARGE // 12),
  ["one encoded word"] = head .. "Subject: =?utf-8?B?" .. ("QUFB"):rep(LARGE // 4) .. "?=\n\n",
  ["encoded words of a charset that grows"] = head .. "Subject: " .. ("=?iso-8859-1?Q?" .. ("\xe9"):rep(60) .. "?=\n "):rep(LARGE // 80),
  ["one line of header, folded"] = head .. "Subject: " .. ("a\n "):rep(LARGE // 3),
  ["parameters only"] = head .. "Content-Type: multipart/report" .. ("; a=b"):rep(LARGE // 5) .. "\n\n",
  ["parameters in pieces"] = head .. "Content-Type: text/plain" .. numbered("; name*%d=x", LARGE // 14) .. "\n\n",
  ["base64 of escapes"] = head .. "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" .. ("Jmx0OyZs"):rep(LARGE // 8),
  ["quoted printable of line ends"] = head .. "Content-Transfer-Encoding: quoted-printable\n\n" .. ("=0A"):rep(LARGE // 3),
  ["soft line ends"] = head .. "Content-Transfer-Encoding: quoted-printable\n\n" .. ("=\n"):rep(LARGE // 2),
  ["a charset that grows"] = head .. "Content-Type: text/plain; charset=koi8-r\n\n" .. ("\xe1"):rep(LARGE),
  ["a status within a status"] = report .. nested("Content-Type: message/delivery-status\n\n", 20000),
  ["uuencoded"] = head .. "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n" .. ("M" .. ("!"):rep(60) .. "\n"):rep(LARGE // 62),
  ["addresses only"] = head .. "X-Failed-Recipients: " .. numbered("a%d@b.example,\n ", LARGE // 20) .. "\n\n",
  ["recipients of a status, all different"] = report .. numbered("Final-Recipient: rfc822; a%d@b.example\nStatus: 5.1.1\n\n", LARGE // 58),
  ["a saying of a megabyte"] = report .. "Final-Recipient: rfc822; a@b.example\nDiagnostic-Code: smtp; 550 5.1.1 " .. ("no "):rep(LARGE // 3),
}

t.test("a hostile mail of a megabyte takes neither long nor more than a fixed multiple of its size", function()
  look(head .. "\nwarm") -- the module's own memory is no mail's
  local before = begin_anew() -- once, for what a mail left in the heap would hide what the next one takes
  for name, bytes in pairs(hostile) do
    for what, run in pairs {explain = look, read = mail.read} do
      begin_anew()
      local began = os.clock()
      run(bytes)
      local took, grew = os.clock() - began, memory("VmHWM") - before
      assert(took < 20, ("%s: %s took %.1f s"):format(name, what, took))
      assert(grew < MULTIPLE * LARGE / 1024 or is_checked(), ("%s: %s took %d KiB"):format(name, what, grew))
    end
  end
end)

-- Xorshift, so that a failure comes again with its seed.
local function generator(seed)
  local state = seed
  return function(n)
    state = state ~ (state << 13)
    state = state ~ (state >> 7)
    state = state ~ (state << 17)
    return (state >> 11) % n
  end
end

local tokens = {
  "\n\n", "\r\n", "\r", "\0", "--b\n", "Content-Type: message/rfc822\n\n", "Content-Transfer-Encoding: base64\n", "charset=iso-2022-jp",
  "Final-Recipient: rfc822; x@y.example\n", "Action: delayed\n", "Status: 4.0.0\n", "Diagnostic-Code: smtp; 550 5.1.1 no\n", "550 5.7.1 ",
  "<a@b.example>:\n",
  "said: 421-4.7.0 ", "> ", "=?utf-8?B?/w==?=", "\xff\xfe", "\27[31m", "\\x{110000}", "(state 14)", ">>> RCPT TO:<", "{\"notificationType\":",
}

local function mutate(bytes, other, random)
  for _ = 1, 1 + random(6) do
    local at, len, how = random(#bytes + 1), random(200), random(6)
    if how == 0 then
      bytes = bytes:sub(1, at) .. bytes:sub(at + len)
    elseif how == 1 then
      bytes = bytes:sub(1, at) .. string.char(random(256)) .. bytes:sub(at + 2)
    elseif how == 2 then
      bytes = bytes:sub(1, at) .. tokens[1 + random(#tokens)] .. bytes:sub(at + 1)
    elseif how == 3 then
      bytes = bytes:sub(1, at) .. other:sub(random(#other + 1))
    elseif how == 4 then
      bytes = bytes:sub(1, at) .. bytes:sub(at - len) -- said twice
    else
      bytes = bytes:gsub("\n", ({"\r\n", "\r", "\n\n"})[1 + random(3)])
    end
    bytes = bytes:sub(1, 1 << 16)
  end
  return bytes
end

t.test("no damage makes a mail crash the reader", function()
  local samples = {}
  local names = assert(mail.list(folder))
  table.sort(names)
  for _, name in ipairs(names) do
    local file = assert(io.open(folder .. name, "rb"))
    samples[#samples + 1] = file:read("a")
    file:close()
  end
  local seed, ended, n = 20261103, os.clock() + SECONDS, 0
  while os.clock() < ended do
    local random = generator(seed + n)
    local bytes = mutate(samples[1 + random(#samples)], samples[1 + random(#samples)], random)
    local ok, message = pcall(look, bytes)
    assert(ok, ("seed %d: %s"):format(seed + n, message))
    if n % 16 == 0 then assert(pcall(mail.read, bytes)) end
    n = n + 1
  end
  assert(n > 50, "too slow: " .. n)
end)

t.finish()
