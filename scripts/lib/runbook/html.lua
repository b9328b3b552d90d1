-- Owns: a runbook's outcome as one HTML page that asks nobody for anything: verdict, first cause, matrix, timeline, steps. Callers: the
-- view of runbooks.
local html = {}

local BRIEF = 12 -- bytes of a cell that stays on a line

local function escape(text) return report.escape_html(report.escape(text)) end

local tones = {pass = "good", warn = "warn", fail = "bad", skip = "", unknown = "warn"}

local function pill(verdict)
  local tone = tones[verdict]
  return ('<span class="pill%s">%s</span>'):format(tone ~= "" and " tone " .. tone or "", require("ehlo.view.runbook").signs[verdict])
end

local function facts_of(step)
  local rows = {}
  for _, fact in ipairs(require("ehlo.view.runbook").facts(step)) do
    local seen = fact[1] == "Seen" or fact[1] == ""
    rows[#rows + 1] = ("<dt>%s</dt><dd>%s</dd>"):format(fact[1], seen and "<code>" .. escape(fact[2]) .. "</code>" or escape(fact[2]))
  end
  return #rows > 0 and "<dl>" .. table.concat(rows) .. "</dl>" or ""
end

local function command_of(step) return step.next and "<pre><code>" .. escape(step.next) .. "</code></pre>" or "" end

local function cause_of(r)
  local step = r.first_cause
  if not step then return "" end
  local expected = require("ehlo.view.runbook").expected(step)
  return ('<section class="callout %s"><h2>%s</h2><p><strong>%s</strong></p>%s%s%s</section>\n'):format(tones[step.verdict],
    r.verdict == "unknown" and "Not known" or "First cause", escape(step.text), expected and "<p>Expected: " .. escape(expected) .. "</p>" or "",
    facts_of(step), command_of(step))
end

-- On a telephone each row is a block, its cells one below the other behind their heads.
local function table_of(heads, rows, class)
  local out = {'<div class="sheet"><table class="dense stack ', class or "", '"><thead><tr>'}
  for _, head in ipairs(heads) do out[#out + 1] = "<th>" .. escape(head) .. "</th>" end
  out[#out + 1] = "</tr></thead><tbody>"
  for _, row in ipairs(rows) do
    out[#out + 1] = row.class and ('<tr class="%s">'):format(row.class) or "<tr>"
    for i, head in ipairs(heads) do
      local of = i > 1 and head ~= "" and (' data-of="%s"'):format(escape(head)) or ""
      local text = row[i] or ""
      out[#out + 1] = ("<td%s%s>%s</td>"):format(of, #text <= BRIEF and text ~= "" and ' class="brief"' or "", escape(text))
    end
    out[#out + 1] = "</tr>\n"
  end
  out[#out + 1] = "</tbody></table></div>\n"
  return table.concat(out)
end

local function matrix_of(r)
  if not r.matrix then return "" end
  local heads, rows = require("ehlo.matrix").texts(r.matrix)
  for i, row in ipairs(r.matrix.rows) do rows[i].class = row.differs and "odd" or nil end
  return "<h2>Hosts, addresses and phases</h2>\n" .. table_of(heads, rows, "matrix")
end

-- A bar lies where its step ran, in hundredths of the whole; on a telephone its title stands above it.
local function bar_of(step, whole)
  local began, width = 100 * math.min(step.began / whole, 1), 100 * math.min(step.seconds / whole, 1)
  return ('<li class="%s"><span>%s</span><svg aria-hidden="true"><rect x="%.2f%%" width="%.2f%%" height="100%%" rx="3"/></svg>'
    .. '<span class="quiet">%.3f s</span></li>\n'):format(tones[step.verdict], escape(step.title), math.min(began, 99), math.max(math.min(width,
    100 - began), 0.6), step.seconds)
end

local function timeline_of(r)
  local whole = math.max(r.seconds, 0.001)
  local out = {('<h2>Timeline</h2>\n<p class="quiet">When each of the %d steps ran, within %.3f seconds</p>\n<ol class="sheet timeline">\n')
    :format(#r.steps, r.seconds)}
  for i, step in ipairs(r.steps) do out[i + 1] = bar_of(step, whole) end
  out[#out + 1] = "</ol>\n"
  return table.concat(out)
end

local function step_of(step, told)
  local more = facts_of(step) .. command_of(step)
  if step.table then
    local heads, rows = require("ehlo.view.runbook").table_of(step)
    more = more .. table_of(heads, rows, "inner")
  end
  local open = step.table or not told and (step.verdict == "fail" or step.verdict == "warn")
  local text = escape(step.text)
  if more ~= "" then text = ("%s<details%s><summary>more</summary>%s</details>"):format(text, open and " open" or "", more) end
  return ('<tr><td>%s</td><th scope="row">%s</th><td>%s</td></tr>\n'):format(pill(step.verdict), escape(step.title), text)
end

local function steps_of(r)
  local out = {'<h2>Steps</h2>\n<div class="sheet"><table class="dense steps stack"><thead><tr><th>Verdict</th><th>Step</th><th>Result</th></tr>'
    .. "</thead><tbody>\n"}
  for _, step in ipairs(r.steps) do out[#out + 1] = step_of(step, step == r.first_cause) end
  out[#out + 1] = "</tbody></table></div>\n"
  return table.concat(out)
end

function html.write(r)
  local view, page = require "ehlo.view.runbook", require "ehlo.html"
  local body = {"<h1>", escape(r.subject or r.title), "</h1>\n", '<p class="quiet">', escape(r.subject and r.title or r.name),
    r.answers and ": " .. escape(r.answers) or "", "</p>\n", '<p class="lede ', tones[r.verdict], '">', view.words[r.verdict], ": ",
    escape(r.text), "</p>\n", cause_of(r), matrix_of(r), timeline_of(r), steps_of(r), "<footer>", escape(view.counted(r)),
    (", in %.2f s, on %s. "):format(r.seconds, os.date("!%Y-%m-%d at %H:%M UTC", r.started)), "Made by ehlo ", shell.version,
    ": <code>ehlo ", r.command:find("[/.]") and "run " or "", escape(r.command), r.subject and " " .. escape(r.subject) or "", "</code></footer>\n"}
  return page.page(report.escape(view.heading(r)), report.escape(view.words[r.verdict] .. ": " .. r.text), table.concat(body))
end

return html
