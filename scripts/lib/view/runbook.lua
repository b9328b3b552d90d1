-- Owns how a runbook's outcome looks as text: each step with its sign, then the verdict, the first cause, and what to do. The other forms
-- have a file each. Callers: the renderer, for records of kind "runbook".
local words = require "ehlo.words"

local view = {}

local SHORTEST = 14 -- of names and addresses in the matrix: shorter pieces are hard to read

-- Readable without colour; the words are as short as they line up.
view.signs = {pass = "ok", warn = "WARN", fail = "FAIL", skip = "skip", unknown = "?"}
view.tones = {pass = "good", warn = "warn", fail = "bad", skip = "dim", unknown = "warn"}

-- "failed: it does not work"
view.words = {pass = "passed", warn = "passed, with a warning", fail = "failed", unknown = "not known"}

function view.heading(r) return r.title .. (r.subject and ": " .. r.subject or "") end

function view.counted(r)
  local list = {}
  for _, word in ipairs {"fail", "warn", "unknown", "skip", "pass"} do
    if r.counts[word] > 0 then
      list[#list + 1] = r.counts[word] .. " " .. ({fail = "failed", warn = "with a warning", unknown = "not known", skip = "skipped",
        pass = "passed"})[word]
    end
  end
  return table.concat(list, ", ")
end

-- What was to hold, by a step's title; nil where that says no more than its text.
function view.expected(step) return step.title ~= step.text and step.title or nil end

-- The first cause in one line.
function view.cause(step) return step.text .. (view.expected(step) and (" (expected: %s)"):format(step.title) or "") end

-- A measure as monitors read it.
function view.measure(value) return value == math.floor(value) and ("%.0f"):format(value) or ("%.6f"):format(value) end

-- Label and text of what a step tells beyond its verdict, in the order in which they are read.
function view.facts(step)
  local list = {}
  local function add(label, text) if text and text ~= "" then list[#list + 1] = {label, text} end end
  for i, line in ipairs(step.evidence or {}) do add(i == 1 and "Seen" or "", line) end
  add("Cause", step.cause)
  add("Acts", step.acts and (words.acts[step.acts] or step.acts))
  add("Do", step.fix)
  add("See", step.reference)
  return list
end

-- The steps as rows {verdict, title, text, seconds}; those that one and the same step kept from being tried are one row, where the first
-- of them stands.
function view.folded(r)
  local kept, rows = {}, {}
  for _, step in ipairs(r.steps) do
    local of = step.blocked_by
    if of then kept[of] = (kept[of] or 0) + 1 end
  end
  for _, step in ipairs(r.steps) do
    local of = step.blocked_by
    local title = (kept[of] or 1) > 1 and ("%d steps that depend on it"):format(kept[of]) or step.title
    if not of or kept[of] then rows[#rows + 1] = {verdict = step.verdict, title = title, text = step.text, seconds = step.seconds} end
    if of then kept[of] = nil end
  end
  return rows
end

-- A step's own table, as heads and rows of texts.
function view.table_of(step)
  local rows = {}
  for i, row in ipairs(step.table.rows or {}) do
    rows[i] = {}
    for k = 1, #step.table.heads do rows[i][k] = row[k] == nil and "" or tostring(row[k]) end
  end
  return step.table.heads, rows
end

-- Where words would break: the last column, the longest mostly, stands below the others, in its own line.
local function draw_below(p, rows, n)
  local columns, flexible = require "ehlo.columns", {}
  for i = 1, n - 1 do flexible[i] = true end
  local widths = columns.widths(rows, n - 1, {width = p.width, indent = 2, flexible = flexible})
  for i, row in ipairs(rows) do
    p:lines(columns.lines({row}, n - 1, {width = p.width, indent = 2, widths = widths}))
    if i > 1 and row[n] ~= "" then p:text(row[n], 6) end
  end
end

local function draw(p, heads, rows, how)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local all = {{table.unpack(heads)}}
  all[1].paint = {}
  local flexible = {}
  for i = 1, #heads do all[1].paint[i], flexible[i] = style.dim, true end
  for i, row in ipairs(rows) do
    all[i + 1] = {}
    for k = 1, #heads do all[i + 1][k] = report.escape(row[k] or "") end
  end
  local options = {width = p.width, indent = 2, flexible = how and how.flexible or flexible, gap = how and how.gap}
  local whole
  options.widths, whole = columns.widths(all, #heads, options)
  if not whole and not how then return draw_below(p, all, #heads) end
  p:lines(columns.lines(all, #heads, options))
end

-- Where there is no room for columns: a line for each address, and below it what came in each phase.
local function list_matrix(p, heads, rows)
  for _, row in ipairs(rows) do
    local cells = {}
    for i = 3, #heads do
      if heads[i] ~= "" and (row[i] or "") ~= "" then cells[#cells + 1] = heads[i] .. " " .. row[i] end
    end
    p:text(report.escape(row[1] .. " " .. row[2] .. (heads[#heads] == "" and row[#heads] and " " .. row[#heads] or "")), 2)
    p:text(report.escape(table.concat(cells, ", ")), 4)
  end
end

-- Where it is too wide the mark and the gaps shrink, and after that names and addresses wrap, down to what can be read.
local function draw_matrix(p, matrix)
  local columns = require "ehlo.columns"
  local heads, rows = require("ehlo.matrix").texts(matrix)
  local widths, total, needed = columns.widths({{table.unpack(heads)}, table.unpack(rows)}, #heads, {width = 1000}), 0, 0
  for i, each in ipairs(widths) do
    total = total + each + 2
    needed = needed + (i <= 2 and math.min(each, SHORTEST) or i == #heads and 2 or each) + 1
  end
  if needed + 2 > p.width then return list_matrix(p, heads, rows) end
  local tight = total > p.width
  if tight then
    for _, row in ipairs(rows) do row[#heads] = row[#heads] and row[#heads]:gsub("^<%- differs$", "<-") end
  end
  draw(p, heads, rows, {flexible = {true, true}, gap = tight and 1 or 2})
end

local function add_steps(p, r)
  local style, columns = require "ehlo.style", require "ehlo.columns"
  local rows = {}
  for i, step in ipairs(r.verbose and r.steps or view.folded(r)) do
    local paint = style[view.tones[step.verdict]]
    local tone = step.verdict ~= "pass" and paint or nil
    rows[i] = {view.signs[step.verdict], report.escape(step.title), report.escape(step.text),
      paint = {paint, tone, step.verdict == "skip" and style.dim or nil}}
  end
  p:lines(columns.lines(rows, 3, {width = math.min(p.width, 120), indent = 2, flexible = {[2] = true, [3] = true}}))
end

local function add_details(p, step, verbose)
  for _, fact in ipairs(view.facts(step)) do p:row(fact[1], fact[2], nil, 2, 13) end
  if step.next and verbose then p:command("Next", step.next) end
end

local function add_extras(p, r, verbose)
  for _, step in ipairs(r.steps) do
    if step.table then
      p:blank()
      p:text(step.title, 2)
      draw(p, view.table_of(step))
    end
    if verbose and #view.facts(step) > 0 then
      p:blank()
      p:text(step.title, 2)
      add_details(p, step, true)
    end
  end
end

local function add_cause(p, r)
  local step = r.first_cause
  if not step then return end
  p:row(r.verdict == "unknown" and "Not known" or "First cause", step.text, nil, 2, 13)
  p:row("Expected", view.expected(step), nil, 2, 13)
  add_details(p, step)
  if step.next then p:line("  " .. require("ehlo.style").dim("Next") .. (" "):rep(9) .. require("ehlo.style").accent(report.escape(step.next))) end
end

function view.text(r)
  local style = require "ehlo.style"
  local p = require("ehlo.page").new()
  p:text(view.heading(r), 0, style.bold)
  if r.answers then p:text(r.answers, 0, style.dim) end
  p:blank()
  if r.matrix then
    draw_matrix(p, r.matrix)
    p:blank()
  end
  add_steps(p, r)
  add_extras(p, r, r.verbose)
  p:blank()
  p:text(view.words[r.verdict] .. ": " .. r.text, 0, style[view.tones[r.verdict]])
  add_cause(p, r)
  p:text(("%s, in %.2f s"):format(view.counted(r), r.seconds), 2, style.dim)
  return p:finish()
end

-- The other forms, each in a file of its own, opened when it is asked for.
for _, form in ipairs {"json", "markdown", "html", "junit", "tap", "nagios", "prometheus"} do
  view[form] = function(r) return require("ehlo.runbook." .. form).write(r) end
end

-- The exit status by the form: monitors have their own.
function view.exit(r, format)
  return format == "nagios" and require("ehlo.runbook.nagios").exit(r) or r.exit
end

return view
