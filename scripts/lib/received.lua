-- Owns: what a Received line says of one hop (RFC 5321 4.4, and how servers really write it), and the way of a mail put together of them.
-- Callers: the headers runbook, scripts of others by require "ehlo.received".
local mail_date = require "ehlo.mail_date"
local is_ip = require("ehlo.types").known.ip.is
local received = {}

local LONGEST, DEEPEST = 8192, 200 -- bytes of a line that are looked at, hops of a mail

-- The text without what stands in brackets of comments, and those comments in their order.
local function without_comments(text)
  local plain, comments, depth, comment = {}, {}, 0, {}
  for piece in text:gmatch("[^()]*[()]?") do
    local words, bracket = piece:match("^([^()]*)([()]?)$")
    if depth == 0 then plain[#plain + 1] = words else comment[#comment + 1] = words end
    if bracket == "(" then
      if depth > 0 then comment[#comment + 1] = "(" else plain[#plain + 1] = " \1 " end
      depth = depth + 1
    elseif bracket == ")" and depth > 0 then
      depth = depth - 1
      if depth > 0 then
        comment[#comment + 1] = ")"
      else
        comments[#comments + 1], comment = table.concat(comment), {}
      end
    end
  end
  return table.concat(plain), comments
end

-- The address that a comment or a literal names: [192.0.2.1], [IPv6:2001:db8::1], or bare.
local function address_in(text)
  for literal in text:gmatch("%[(.-)%]") do
    local bare = literal:gsub("^[Ii][Pp][Vv]6:", "")
    if is_ip(bare) then return bare end
  end
  for word in text:gmatch("[%x.:]+") do
    if word:find("[.:].*[.:]") and is_ip(word) then return word end
  end
end

local clauses = {from = true, by = true, via = true, with = true, id = true, ["for"] = true}

-- The words behind each clause, with the comments that follow them.
local function clauses_of(text)
  local plain, comments = without_comments(text)
  local found, about, current, n = {}, {}, nil, 0
  for word in plain:gmatch("%S+") do
    if word == "\1" then
      n = n + 1
      if current then about[current] = (about[current] and about[current] .. " " or "") .. (comments[n] or "") end
    elseif clauses[word:lower()] and not found[word:lower()] then
      current = word:lower()
    elseif current then
      found[current] = (found[current] and found[current] .. " " or "") .. word
    end
  end
  return found, about
end

local function name_in(comment)
  local name = comment and comment:match("^%s*([%w_][%w_%-%.]*%.[%w_%-]+)%f[^%w_%-.]")
  return name and not is_ip(name) and name or nil
end

-- One line: {from, helo, name, address, by, with, id, for_, time, offset, tls, text}; what it does not say is nil.
function received.read(text)
  text = text:sub(1, LONGEST):gsub("%s+", " ")
  local body, date = text:match("^(.*);([^;]*)$")
  local found, about = clauses_of(body or text)
  local time, offset = mail_date.read(date or "")
  local helo = found.from and found.from:match("^%S+")
  local told = about.from and about.from:match("[Hh][Ee][Ll][Oo][= ]([^%s)]+)")
  local tls = text:match("TLSv?%d[%d._]*") or text:match("version=(TLS[%w_.]+)")
  local with = found.with and found.with:gsub("%s*tls%s.*$", "")
  return {
    helo = told or helo, name = name_in(about.from) or helo and not helo:find("^%[") and helo or nil,
    address = address_in((about.from or "") .. " " .. (helo or "")),
    by = found.by and found.by:match("^%S+"), with = with, id = found.id and found.id:match("^%S+"),
    for_ = found["for"] and found["for"]:match("<?([^<>%s]+@[^<>%s]+)>?"), time = time, offset = offset,
    tls = tls, text = text,
  }
end

-- The way of a mail, from the first server to the last: hops with `delay`, the seconds since the hop before (nil where a date is missing).
function received.path(headers)
  local hops = {}
  for _, header in ipairs(headers) do
    if header.name:lower() == "received" and #hops < DEEPEST then table.insert(hops, 1, received.read(header.value)) end
  end
  for i = 2, #hops do
    if hops[i].time and hops[i - 1].time then hops[i].delay = hops[i].time - hops[i - 1].time end
  end
  return hops
end

return received
