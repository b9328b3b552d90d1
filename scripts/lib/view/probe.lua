-- Owns how a probe looks: whom it talked to, the timeline, the verdict with its reason, and what to do next.
-- Callers: the renderer, for records of kind "probe".
local words = require "ehlo.words"

local probe = {}

-- Each outcome in words, and what to do where no reply explains it.
local outcomes = {
  ["ready"] = {"ready", "every step that was asked for succeeded"},
  ["dns-failed"] = {"the name was not resolved",
    fix = "Check the name. If it is right, ask another name server; a domain without a host of its own has MX hosts."},
  ["tlsa-failed"] = {"whether it has DANE cannot be told",
    fix = "The name servers of its zone must answer questions for TLSA, too, if only with a denial. Senders that do DANE wait until they do."},
  ["unreachable"] = {"unreachable",
    fix = "Check host and port, and whether a firewall, yours or theirs, stands between: many networks block port 25."},
  ["timed-out"] = {"timed out",
    fix = "Nothing came before the deadline. Try again with more time, or over the other address family."},
  ["not-smtp"] = {"not SMTP", fix = "Another service answers there. Check the port; port 465 wants --implicit-tls."},
  ["tls-not-offered"] = {"TLS not offered",
    fix = "The server takes mail in plain text only, or something between hides its STARTTLS. Their admin can offer it."},
  ["tls-failed"] = {"TLS failed", fix = "The server offers STARTTLS but does not carry it through. Their mail admin acts."},
  ["tls-untrusted"] = {"TLS works, its certificate is not trusted",
    fix = "Their mail admin renews or replaces the certificate. Mail sent without demanding trust still goes through."},
  ["protocol-violation"] = {"protocol violation",
    fix = "What the server sent breaks SMTP's rules, so it was not taken for an answer. Their mail admin acts."},
  ["blocked-locally"] = {"blocked on this side",
    fix = "Port 25 is closed from here to hosts that are known to answer. Ask your provider to open it, or use a relay."},
  ["refused-temporarily"] = {"refused temporarily"},
  ["refused-permanently"] = {"refused permanently"},
  ["no-mail-service"] = {"this host takes no mail"},
}

-- The host's addresses were found (they stand in the transcript), and DNS failed with its TLSA records.
function probe.is_tlsa_failure(r)
  return r.outcome == "dns-failed" and r.transcript ~= nil and r.transcript[1] ~= nil
end

local function row_of(r) return outcomes[probe.is_tlsa_failure(r) and "tlsa-failed" or r.outcome] end

-- What to do about an outcome that no reply explains, or nil. `r`: its record, or the outcome; nil where there is neither.
function probe.fix(r)
  local row = outcomes[r]
  if r ~= nil and type(r) ~= "string" then row = row_of(r) end
  return row and row.fix
end

-- The mailbox that was asked for, or nil.
local function mailbox(r)
  for _, exchange in ipairs(r.exchanges or {}) do
    local to = exchange.phase == "rcpt" and (exchange.sent or ""):match("^RCPT TO:<(.-)>")
    if to then return words.quote(to) end
  end
end

-- Options that make the next probe the same one.
local function asked(r)
  local to = mailbox(r)
  return to and " --to " .. to or ""
end

local function target(r)
  return words.quote(report.escape(r.target or r.host or r.address or "HOST"))
end

local next_commands = {
  ["unreachable"] = function(r)
    local family = (r.address or ""):find(":", 1, true) and "ipv4" or "ipv6"
    return r.host and ("ehlo probe --family %s%s %s"):format(family, asked(r), target(r))
  end,
  ["timed-out"] = function(r)
    return ("ehlo probe --timeout 300%s %s"):format(asked(r), target(r))
  end,
  ["not-smtp"] = function(r)
    return ("ehlo probe --implicit-tls %s"):format(target(r))
  end,
  ["tls-not-offered"] = function(r)
    return ("ehlo probe --tls may%s %s"):format(asked(r), target(r))
  end,
  ["tls-failed"] = function(r)
    return ("ehlo probe --tls none%s %s"):format(asked(r), target(r))
  end,
  ["tls-untrusted"] = function(r)
    return ("ehlo probe --tls may%s %s"):format(asked(r), target(r))
  end,
}

-- The command that goes on from this probe, or nil.
function probe.next(r)
  local make = next_commands[r.outcome]
  if make then return make(r) end
  if r.explanation and r.explanation.cause == "greylisted" and mailbox(r) then
    return ("ehlo greylist --host %s %s"):format(target(r), mailbox(r))
  end
  if r.reply and r.outcome ~= "ready" then return "ehlo " .. (r.reply.enhanced or r.reply.code) end
  if r.outcome == "ready" and asked(r) == "" and r.tls and r.timing.starttls then return "ehlo tls " .. target(r) end
end

local function needs_phase(outcome)
  return not outcome:find("^tls%-") and outcome ~= "dns-failed" and outcome ~= "ready" and outcome ~= "blocked-locally"
end

-- What the reply means, where it was the reply that decided: a success that lacks STARTTLS explains nothing.
function probe.explained(r)
  local reply = r.reply
  if not reply or r.outcome == "ready" or r.outcome == "protocol-violation" or r.outcome == "not-smtp" then return nil end
  return (reply.code or 0) >= 400 and r.explanation or nil
end

-- "refused temporarily at RCPT: greylisted", in words that need no colour.
function probe.verdict(r)
  local row = row_of(r) or {r.outcome}
  local text = row[1]
  if r.phase and needs_phase(r.outcome) then text = text .. " at " .. words.phase(r.phase) end
  local e = probe.explained(r)
  local cause = e and e.cause
  if r.outcome == "ready" then
    return text .. ": " .. row[2]
  elseif r.failure and r.failure.text and not cause then
    return text .. ": " .. r.failure.text
  elseif cause and cause ~= "unclear" then
    return text .. ": " .. cause:gsub("%-", " ")
  end
  return text
end

local function head(p, r)
  local style = require "ehlo.style"
  local where = r.address and r.address ~= r.host and r.address or nil
  local name = report.escape(r.host or r.target or "")
  if not r.host and r.address then name, where = report.escape(r.address), nil end
  local line = style.bold(name) .. (where and "  " .. report.escape(where) or "")
  if r.port then line = line .. " port " .. math.tointeger(r.port) end
  p:line(line)
  if not r.source then return p:blank() end
  local ptr = r.source_ptr or "no PTR name"
  p:text(("from %s (%s)%s"):format(r.source, ptr, type(r.helo) == "string" and ", EHLO " .. r.helo or ""), 0, style.dim)
  p:blank()
end

local function paint_of(event)
  local style = require "ehlo.style"
  if not event.code then return nil end
  local first = event.code // 100
  if first == 4 then return style.warn end
  if first == 5 then return style.bad end
end

-- Capabilities wrap between entries, never within one.
local function wrap_entries(text, width)
  local lines, line = {}, ""
  for entry in (text .. "  "):gmatch("(.-)%s%s+") do
    if line ~= "" and report.width(line) + 2 + report.width(entry) > width then
      lines[#lines + 1], line = line, ""
    end
    line = line == "" and entry or line .. "  " .. entry
  end
  lines[#lines + 1] = line
  return table.concat(lines, "\n")
end

local function add_timeline(p, r)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local events = require("ehlo.timeline").events(r)
  local rows, widest = {}, 0
  for _, event in ipairs(events) do
    widest = math.max(widest, report.width(event.phase))
  end
  local width = math.min(style.width, 120)
  local room = math.max(width - 8 - 2 - widest - 2, 10)
  for i, event in ipairs(events) do
    local text = {}
    for line in event.text:gmatch("[^\n]+") do
      text[#text + 1] = report.escape(line)
    end
    local shown = table.concat(text, "\n")
    if event.capabilities then shown = wrap_entries(shown, room) end
    rows[i] = {event.at and ("%8.3f"):format(event.at) or "", report.escape(event.phase), shown,
      paint = {style.dim, nil, paint_of(event)}}
  end
  p:lines(columns.lines(rows, 3, {widths = {8, widest, room}, gap = 2, right = {true}}))
  if #rows > 0 then p:blank() end
end

probe.head, probe.timeline = head, add_timeline -- a session's are the same

local function add_findings(p, r)
  for i, finding in ipairs(r.findings or {}) do
    p:row(i == 1 and "Found" or "", finding.text or finding.word)
  end
  local anomalies = r.anomalies or {}
  if #anomalies > 0 then p:row("Odd", table.concat(anomalies, ", ")) end
end

local function add_verdict(p, r)
  local style = require "ehlo.style"
  for i, line in ipairs(report.wrap(report.escape(probe.verdict(r)), p.prose - 2)) do
    p:line((i > 1 and "  " or "") .. style.verdict(r.outcome, line))
  end
  local e = probe.explained(r)
  if r.outcome ~= "ready" then
    if e then
      p:text(((e.meaning or "") .. " " .. (e.fix or "")):match("^%s*(.-)%s*$"), 2)
      p:row("Acts", words.acts[e.acts] or e.acts)
    elseif probe.fix(r) then
      p:text(probe.fix(r), 2)
    end
  end
  add_findings(p, r)
  local command = probe.next(r)
  if command then p:command("Next", command) end
end

-- TLS with its chain, and what was said byte for byte.
local function add_more(p, r)
  if r.tls and r.tls.chain then
    require("ehlo.view.tls").add(p, r.tls)
    p:blank()
  end
  if r.transcript and r.transcript[1] then
    require("ehlo.view.transcript").add(p, r.transcript)
    p:blank()
  end
end

-- One probe, onto a page.
function probe.add(p, r, verbose)
  head(p, r)
  add_timeline(p, r)
  if verbose then add_more(p, r) end
  add_verdict(p, r)
end

local function add_summary(p, items)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local rows, ready = {}, 0
  for i, r in ipairs(items) do
    if r.outcome == "ready" then ready = ready + 1 end
    rows[i] = {report.escape(r.target or r.host or ""), report.escape(probe.verdict(r)), paint = {nil, function(text)
      return style.verdict(r.outcome, text)
    end}}
  end
  p:lines(columns.lines(rows, 2, {width = p.prose, indent = 2, flexible = {true, true}, clip = {[2] = true}}))
  p:blank()
  p:line(("%d of %d ready"):format(ready, #items))
end

function probe.text(record)
  local style = require "ehlo.style"
  local p = require("ehlo.page").new()
  for i, r in ipairs(record.items) do
    if i > 1 then
      p:blank()
      p:line(style.dim(("-"):rep(math.min(p.prose, 60))))
      p:line("")
    end
    probe.add(p, r, record.verbose)
  end
  if #record.items > 1 then
    p:blank()
    p:line(style.dim(("-"):rep(math.min(p.prose, 60))))
    p:line("")
    add_summary(p, record.items)
  end
  if record.note then
    p:blank()
    p:text(record.note)
  end
  return p:finish()
end

local function fenced(lines)
  local fence = "```"
  for _, line in ipairs(lines) do
    while line:find(fence, 1, true) do
      fence = fence .. "`"
    end
  end
  return fence .. "\n" .. table.concat(lines, "\n") .. "\n" .. fence
end

function probe.markdown(record)
  local markdown = require "ehlo.markdown"
  local out = {}
  for _, r in ipairs(record.items) do
    local lines = {}
    for _, event in ipairs(require("ehlo.timeline").events(r)) do
      local text = report.escape((event.text:gsub("\n", " / ")))
      local at = event.at and ("%.3f"):format(event.at) or ""
      lines[#lines + 1] = ("%8s  %-9s %s"):format(at, report.escape(event.phase), text):gsub("%s+$", "")
    end
    out[#out + 1] = "# " .. markdown.escape(r.target or r.host or "")
    out[#out + 1] = "**" .. markdown.escape(words.capital(words.sentence(probe.verdict(r)))) .. "**"
    local e = probe.explained(r)
    if e then
      out[#out + 1] = markdown.escape((e.meaning or "") .. " " .. (e.fix or ""))
    end
    if #lines > 0 then out[#out + 1] = fenced(lines) end
    for _, finding in ipairs(r.findings or {}) do
      out[#out + 1] = "- " .. markdown.escape(finding.text or finding.word)
    end
  end
  if record.note then out[#out + 1] = markdown.escape(record.note) end
  return table.concat(out, "\n\n") .. "\n"
end

function probe.json(record)
  local list = {}
  for i, r in ipairs(record.items) do
    list[i] = report.json(r)
  end
  return list
end

return probe
