-- Owns: a runbook's outcome as Markdown, to paste into a ticket or a wiki. Callers: the view of runbooks.
local markdown = {}

local function fenced(lines)
  local fence, shown = "```", {}
  for i, line in ipairs(lines) do
    shown[i] = report.escape(line)
    while line:find(fence, 1, true) do fence = fence .. "`" end
  end
  return fence .. "\n" .. table.concat(shown, "\n") .. "\n" .. fence
end

local function cause_of(out, step)
  local view, escape = require "ehlo.view.runbook", require("ehlo.markdown").escape
  out[#out + 1] = step.verdict == "unknown" and "## Not known" or "## First cause"
  out[#out + 1] = "**" .. escape(step.text) .. "**"
  if view.expected(step) then out[#out + 1] = "Expected: " .. escape(step.title) end
  if #step.evidence > 0 then out[#out + 1] = fenced(step.evidence) end
  local list = {}
  for _, fact in ipairs(view.facts(step)) do
    if fact[1] ~= "Seen" and fact[1] ~= "" then list[#list + 1] = ("- %s: %s"):format(fact[1], escape(fact[2])) end
  end
  if #list > 0 then out[#out + 1] = table.concat(list, "\n") end
  if step.next then out[#out + 1] = "    " .. report.escape(step.next) end
end

function markdown.write(r)
  local view, writer = require "ehlo.view.runbook", require "ehlo.markdown"
  local escape = writer.escape
  local out = {"# " .. escape(view.heading(r))}
  if r.answers then out[#out + 1] = "*" .. escape(r.answers) .. "*" end
  out[#out + 1] = "**" .. escape(require("ehlo.words").capital(view.words[r.verdict])) .. "**: " .. escape(r.text)
  if r.first_cause then cause_of(out, r.first_cause) end
  if r.matrix then
    out[#out + 1] = "## Hosts"
    out[#out + 1] = writer.table(require("ehlo.matrix").texts(r.matrix))
  end
  out[#out + 1] = "## Steps"
  local rows = {}
  for i, step in ipairs(view.folded(r)) do rows[i] = {view.signs[step.verdict], step.title, step.text, ("%.3f s"):format(step.seconds)} end
  out[#out + 1] = writer.table({"", "Step", "Result", "Time"}, rows)
  for _, step in ipairs(r.steps) do
    if step.table then
      out[#out + 1] = "### " .. escape(step.title)
      out[#out + 1] = writer.table(view.table_of(step))
    end
  end
  out[#out + 1] = escape(("%s, in %.2f s, %s"):format(view.counted(r), r.seconds, require("ehlo.runbook.json").time(r.started)))
  return table.concat(out, "\n\n") .. "\n"
end

return markdown
