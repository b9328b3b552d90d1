-- Owns how an explained reply looks: the reply, its cause, why, what to do, and what that rests on.
-- Callers: the renderer, for records of kind "explanation"; the probe's view takes its rows.
local words = require "ehlo.words"

local explanation = {}

-- The command that goes on from here, or nil.
function explanation.next(e)
  local code = e.enhanced or e.code
  return code and "ehlo code " .. code
end

local function list(values, separator)
  return values and #values > 0 and table.concat(values, separator or ", ") or nil
end

-- Rows in the order of a bounce: {label, text}.
function explanation.rows(e)
  local rows = {}
  local function add(label, text)
    if text and text ~= "" then rows[#rows + 1] = {label, text} end
  end
  add("Why", e.meaning)
  for _, verdict in ipairs(e.verdicts or {}) do
    add("", verdict)
  end
  add("Do", e.fix)
  if e.action == "failed" and e.retry == "yes" then add("", "This mail has left the queue: to try again means to send it anew.") end
  add("About", list(e.about))
  add("Tag", e.tag)
  add("See", list(e.links, " "))
  add("Address", e.cause and e.suppress and words.address(e.suppress, e.cause))
  local known = e.evidence and e.evidence:match("^Known by (.*)") -- the row's label says the sentence's first words already
  add(known and "Known by" or "Evidence", known or e.evidence)
  add("Beware", e.contradiction)
  return rows
end

local tones = {yes = "warn", no = "bad", unclear = "warn"}

local function tone(e)
  local style = require "ehlo.style"
  local first = e.code and e.code // 100 or tonumber((e.enhanced or "0"):sub(1, 1))
  if first == 2 or first == 3 then return style.good end
  return style[tones[e.retry] or "warn"]
end

local function add_answer(p, e, command)
  p:pair("Cause", e.cause, "Provider", e.provider, tone(e))
  p:pair("Retry", e.retry, "Acts", words.acts[e.acts] or e.acts)
  for _, row in ipairs(explanation.rows(e)) do
    p:row(row[1], row[2])
  end
  command = command or explanation.next(e)
  if command then p:command("Next", command) end
end

local LINES, LENGTH = 20, 2000 -- of a text that are shown again

local function add_one(p, item)
  if item.explanations then return require("ehlo.bounce_page").add(p, item, add_answer) end
  local style = require "ehlo.style"
  local n = 0
  for line in (item.input or ""):gmatch("[^\r\n]+") do
    n = n + 1
    if n <= LINES then p:text(line:sub(1, LENGTH), 2, style.bold) end
  end
  if n > LINES then p:text(("and %d more line%s"):format(n - LINES, n == LINES + 1 and "" or "s"), 2) end
  p:blank()
  add_answer(p, item.explanation)
end

function explanation.text(record)
  local p = require("ehlo.page").new()
  for i, item in ipairs(record.items) do
    if i > 1 then p:blank() end
    add_one(p, item)
  end
  return p:finish()
end

-- What was said and what it means, of replies and of each recipient of a mail; one sentence for a mail that is no bounce.
local function pairs_of(record)
  local list = {}
  for _, item in ipairs(record.items) do
    local kind = require("ehlo.bounce_page").kinds[item.kind]
    if kind then list[#list + 1] = {(item.message or {}).subject, nil, kind} end
    if not item.explanations then list[#list + 1] = {item.input, item.explanation} end
    for _, e in ipairs(item.explanations or {}) do list[#list + 1] = {("To: %s\n%s"):format(e.address or "", e.said or ""), e} end
  end
  return list
end

local function markdown_rows(e)
  local rows = {{"Cause", e.cause}, {"Retry", e.retry}, {"Acts", words.acts[e.acts] or e.acts}}
  if e.provider then rows[#rows + 1] = {"Provider", e.provider} end
  for _, row in ipairs(explanation.rows(e)) do rows[#rows + 1] = row end
  return rows
end

function explanation.markdown(record)
  local markdown = require "ehlo.markdown"
  local out = {}
  for _, pair in ipairs(pairs_of(record)) do
    local words_said, e, kind = pair[1], pair[2], pair[3]
    for line in (words_said or ""):gmatch("[^\r\n]+") do
      out[#out + 1] = "    " .. report.escape(line)
    end
    out[#out + 1] = ""
    out[#out + 1] = kind or markdown.table({"", "Explanation"}, markdown_rows(e))
    out[#out + 1] = ""
  end
  return table.concat(out, "\n")
end

function explanation.json(record)
  local results = {}
  for i, item in ipairs(record.items) do
    results[i] = report.json(setmetatable({
      input = item.input,
      kind = item.kind or "reply",
      message = item.message and setmetatable(item.message, {__order = {"from", "to", "subject", "reporter"}}) or report.null,
      recipients = item.explanations or {item.explanation},
    }, {__order = {"input", "kind", "message", "recipients"}}))
  end
  return results
end

return explanation
