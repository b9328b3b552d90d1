-- Owns how a policy looks: the verdict, why, the trace as a tree, what was found and what to do. Callers: the renderer, for records of
-- kind "policy": one, or several in `items`.
local words = require "ehlo.words"
local view = {}

local names = {spf = "SPF", dmarc = "DMARC", mta_sts = "MTA-STS", tls_rpt = "TLS-RPT", dane = "DANE", dkim = "DKIM", dkim_key = "DKIM key",
  arc = "ARC", authentication_results = "Authentication results", fcrdns = "Reverse DNS", helo = "EHLO name", dnsbl = "Blocklists", message = "Mail"}

local tones = {}
for tone, list in pairs {good = "pass valid match clean present", warn = "none neutral softfail temperror testing unknown partial unusable",
  bad = "fail permerror listed invalid"} do
  for word in list:gmatch("%S+") do tones[word] = tone end
end

local of_level = {fail = "bad", warn = "warn", info = "dim"}

local function items_of(record) return record.items or {record} end

-- Verdicts of a policy's own are as good as the worst that was found.
local function tone_of(r)
  if tones[r.verdict] then return tones[r.verdict] end
  local worst = "good"
  for _, finding in ipairs(r.findings) do
    if finding.level == "fail" then return "bad" end
    if finding.level == "warn" then worst = "warn" end
  end
  return worst
end

local function title_of(r) return (names[r.policy] or r.policy) .. "  " .. r.subject end

local function answer_of(line)
  local text = line.answer or ""
  if line.secure == true then text = text .. " (secure)" end
  if line.seconds and line.seconds >= 1 then text = ("%s (%.1f s)"):format(text, line.seconds) end
  return report.escape(text)
end

-- The column where answers begin: right of nearly every question, and never past the middle.
local function answers_at(trace, prose)
  local widest = 0
  for _, line in ipairs(trace) do
    local width = 4 + 2 * line.depth + report.width(report.escape(line.what))
    if width <= prose // 2 then widest = math.max(widest, width) end
  end
  return math.max(widest, 11) + 2
end

local function add_trace(p, trace)
  local style = require "ehlo.style"
  local column = answers_at(trace, p.prose)
  for _, line in ipairs(trace) do
    local lead, text = (" "):rep(math.min(4 + 2 * line.depth, p.prose // 2)), answer_of(line)
    local what, answer = report.wrap(report.escape(line.what), p.prose - #lead), text ~= "" and report.wrap(text, p.prose - column) or {}
    local width = #lead + report.width(what[#what])
    for i, part in ipairs(what) do
      local beside = i == #what and width + 2 <= column and #answer > 0 and (" "):rep(column - width) .. style.dim(table.remove(answer, 1)) or ""
      p:line(lead .. part .. beside)
    end
    for _, part in ipairs(answer) do p:line((" "):rep(column) .. style.dim(part)) end
  end
end

-- What is to be done altogether is not said beside the finding as well.
local function add_finding(p, finding, fix)
  local style = require "ehlo.style"
  p:row(words.capital(finding.level), finding.text, style[of_level[finding.level]])
  p:row("Seen", finding.evidence, nil, 4, 7)
  if finding.fix ~= fix then p:row("Do", finding.fix, nil, 4, 7) end
  p:row("By", finding.reference, style.dim, 4, 7)
end

local SHOWN = 40 -- networks in the text; JSON has all

-- What a policy has to show beside the rest: a row of a label and a text.
local own = {}

function own.spf(r)
  local list = {}
  for _, row in ipairs(r.networks or {}) do
    if row.result == "pass" then list[#list + 1] = row.network end
  end
  local more = #list - SHOWN
  return "Lets", table.concat(list, ", ", 1, math.min(#list, SHOWN)) .. (more > 0 and (", and %d more (--format json has all)"):format(more) or "")
end

local function add_own(p, r)
  if own[r.policy] then p:row(own[r.policy](r)) end
end

local function add_one(p, r)
  local style = require "ehlo.style"
  p:title(title_of(r), r.verdict, style.bold, style[tone_of(r)])
  p:blank()
  p:row("Says", r.summary)
  p:row("Seen", r.evidence)
  p:row("By", r.reference, style.dim)
  add_own(p, r)
  if #r.trace > 0 then
    p:blank()
    p:line("  " .. style.dim("How"))
    add_trace(p, r.trace)
  end
  if #r.findings > 0 then p:blank() end
  for _, finding in ipairs(r.findings) do add_finding(p, finding, r.fix) end
  if not r.fix then return end
  p:blank()
  p:row("Do", r.fix)
end

function view.text(record)
  local p = require("ehlo.page").new()
  for i, r in ipairs(items_of(record)) do
    if i > 1 then p:blank() end
    add_one(p, r)
  end
  return p:finish()
end

local function markdown_of(r)
  local markdown = require "ehlo.markdown"
  local out = {"# " .. markdown.escape(title_of(r) .. ": " .. r.verdict), "", markdown.escape(r.summary), ""}
  local function add(...) for _, line in ipairs {...} do out[#out + 1] = line end end
  if r.evidence then add("Seen: " .. markdown.escape(r.evidence), "") end
  if r.reference then add("By " .. markdown.escape(r.reference), "") end
  local label, text
  if own[r.policy] then label, text = own[r.policy](r) end
  if text and text ~= "" then add(label .. ": " .. markdown.escape(text), "") end
  if r.fix then add("**To do:** " .. markdown.escape(r.fix), "") end
  local rows = {}
  for i, f in ipairs(r.findings) do rows[i] = {f.level, f.text, f.evidence, f.fix, f.reference} end
  if #rows > 0 then add("## Found", "", markdown.table({"", "What", "Seen", "To do", "By"}, rows), "") end
  if #r.trace > 0 then add("## How", "") end
  for _, line in ipairs(r.trace) do
    add(("  "):rep(line.depth) .. "- " .. markdown.escape(line.what) .. (line.answer and ": " .. markdown.escape(line.answer) or ""))
  end
  return table.concat(out, "\n"):gsub("\n+$", "")
end

function view.markdown(record)
  local pages = {}
  for i, r in ipairs(items_of(record)) do pages[i] = markdown_of(r) end
  return table.concat(pages, "\n\n") .. "\n"
end

function view.json(record)
  local list = {}
  for i, r in ipairs(items_of(record)) do list[i] = report.json(r) end
  return list
end

return view
