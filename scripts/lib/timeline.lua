-- Owns the timeline of a session: what happened when, as rows of time, step and text.
-- Callers: the probe's view, the prompt's view of a session. It returns plain text; whoever shows it colours it.
local timeline = {}

local rank = {dns = 1, connect = 2, greeting = 3, tls = 6}

local function ended(r, phase)
  local order = {"dns", "connect", "greeting", "ehlo", "starttls", "tls"}
  local total = 0
  for _, name in ipairs(order) do
    total = total + (r.timing and r.timing[name] or 0)
    if name == phase then return total end
  end
end

local function leaf_text(r)
  local tls = r.tls
  local parts = {}
  for _, part in ipairs {tls.version or false, tls.group or false, tls.cipher or false} do
    if part then parts[#parts + 1] = part end
  end
  local leaf = tls.chain and tls.chain[1]
  local text = table.concat(parts, "  ")
  if not leaf then return text end
  local name = leaf.names and leaf.names[1] or leaf.subject or "certificate without a name"
  if leaf.not_after then
    local days = math.floor((leaf.not_after - (r.started or os.time())) / 86400)
    name = name .. (days < 0 and (", expired %d days ago"):format(-days) or (", %d days left"):format(days))
  end
  return text .. "   " .. name .. (tls.trusted == false and " (not trusted)" or "")
end

local function dns_text(r, note)
  local address = note or r.address or ""
  local kind = address:match("^[%x:%.]+") or ""
  local text = kind == "" and address or (kind:find(":", 1, true) and "AAAA " or "A ") .. address
  return r.dns_secure and text .. "  " .. r.dns_secure or text
end

local function add_notes(r, events)
  local seen = {}
  for _, entry in ipairs(r.transcript or {}) do
    local phase = entry.phase
    if entry.direction == "noted" and (phase == "dns" or phase == "connect" or phase == "tls") then
      seen[phase] = true
      local text = entry.text or ""
      if phase == "dns" then text = dns_text(r, text) end
      if phase == "connect" and text == "connected" then text = "" end
      if phase == "tls" and r.tls then text = leaf_text(r) end
      events[#events + 1] = {at = entry.at, phase = phase, text = text, rank = rank[phase]}
    end
  end
  for _, phase in ipairs {"dns", "connect", "tls"} do
    if not seen[phase] and r.timing and r.timing[phase] and not (r.failure and r.failure.phase == phase) then
      local text = phase == "dns" and dns_text(r) or phase == "tls" and r.tls and leaf_text(r) or ""
      events[#events + 1] = {at = ended(r, phase), phase = phase, text = text, rank = rank[phase]}
    end
  end
end

-- "SIZE 1000" and "size  1000" are one capability.
local function folded(line)
  return (line:upper():gsub("%s+", " "))
end

local function capabilities(reply)
  local list = {}
  for i = 2, #(reply.lines or {}) do
    list[#list + 1] = reply.lines[i]
  end
  return list
end

local function missing(from, other)
  local has, list = {}, {}
  for _, line in ipairs(other) do
    has[folded(line)] = true
  end
  for _, line in ipairs(from) do
    if not has[folded(line)] then list[#list + 1] = line end
  end
  return list
end

-- What the second EHLO says, told by what it changes.
local function again(before, now)
  local gone, new = missing(before, now), missing(now, before)
  if #gone == 0 and #new == 0 then return "as before" end
  local text = "as before"
  if #gone > 0 then text = text .. ", without " .. table.concat(gone, ", ") end
  if #new > 0 then text = text .. ", with " .. table.concat(new, ", ") end
  return text, #gone + #new <= 4
end

local function ehlo_text(reply, state)
  local list = capabilities(reply)
  local before = state.capabilities
  state.capabilities = list
  if before then
    local text, short = again(before, list)
    if short or text == "as before" then return text end
  end
  if #list == 0 then return reply.code .. " " .. (reply.lines[1] or "") end
  return table.concat(list, "  ")
end

local function verb(exchange)
  local word = (exchange.sent or ""):match("^%a+")
  if exchange.phase == "ehlo" or exchange.phase == "ehlo_tls" or exchange.phase == "command" then
    return word and word:lower() or exchange.phase:gsub("_tls$", "")
  end
  return exchange.phase
end

local function reply_text(reply)
  local lines = reply.lines or {reply.text}
  local first = reply.code .. " " .. (lines[1] or "")
  return #lines > 1 and first .. "\n" .. table.concat(lines, "\n", 2) or first
end

local function add_exchanges(r, events)
  local state = {}
  for _, exchange in ipairs(r.exchanges or {}) do
    local reply = exchange.reply
    -- what got no reply comes last: nothing is asked after it
    local event = {at = exchange.at, key = exchange.at or math.huge, phase = verb(exchange), rank = 5}
    event.code = reply and reply.code
    if not reply then
      event.text = "no complete reply"
      event.at = r.timing and r.timing.total
    elseif reply.code == 250 and exchange.phase:find("^ehlo") and #(reply.lines or {}) > 1 then
      event.text = ehlo_text(reply, state)
      event.capabilities = true
    else
      event.text = reply_text(reply)
    end
    events[#events + 1] = event
  end
end

-- {at = seconds or nil, phase =, text =, code =} in the order of time.
function timeline.events(r)
  local events = {}
  add_notes(r, events)
  add_exchanges(r, events)
  for i, event in ipairs(events) do
    event.index, event.key = i, event.key or event.at or 0
  end
  table.sort(events, function(a, b)
    if a.key ~= b.key then return a.key < b.key end
    if a.rank ~= b.rank then return a.rank < b.rank end
    return a.index < b.index
  end)
  return events
end

return timeline
