-- Owns: help as text: the list of commands, one command, one binding. Callers: render.
local style = require "ehlo.style"
local options = require "ehlo.options"
local view = {}

local function rows(list, indent)
  local widest, lines = 0, {}
  for _, row in ipairs(list) do widest = math.max(widest, report.width(row[1])) end
  local room = style.width - widest - indent - 2
  for _, row in ipairs(list) do
    local pad = (" "):rep(indent)
    if room < 24 then
      lines[#lines + 1] = pad .. row[1]
      lines[#lines + 1] = pad .. "    " .. style.wrap(row[2], style.width - indent - 4, pad .. "    ")
    else
      lines[#lines + 1] = pad .. style.pad(row[1], widest) .. "  "
        .. style.wrap(row[2], math.min(room, 88), (" "):rep(indent + widest + 2))
    end
  end
  return table.concat(lines, "\n")
end

local function option_rows(list)
  local made = {}
  for _, row in ipairs(list) do
    made[#made + 1] = {(row.short and "-" .. row.short .. ", " or "    ") .. "--" .. row.name .. (row.value and " " .. row.value or ""), row.help}
  end
  return made
end

local function usage(manifest)
  local words = {"ehlo", manifest.name, manifest.rest and "" or "[OPTIONS]"}
  for _, argument in ipairs(manifest.arguments or {}) do
    local word = argument.name:upper():gsub("S$", argument.many and "" or "S") .. (argument.many and "..." or "")
    words[#words + 1] = argument.optional and "[" .. word .. "]" or word
  end
  if manifest.rest then words[#words + 1] = "[ARGUMENTS...]" end
  return (table.concat(words, " "):gsub("%s+", " "))
end

local on_anyway = {safe = true, recipient = true}

-- What it answers, and the leave without which it does nothing.
local function about(manifest)
  local list, kinds = {}, {}
  if manifest.answers then list[1] = {"Answers", manifest.answers} end
  for _, kind in ipairs(require("ehlo.manifest").permissions(manifest)) do
    if not on_anyway[kind] then kinds[#kinds + 1] = kind end
  end
  if kinds[1] then list[#list + 1] = {"Needs", ("--allow %s, your leave (ehlo help permissions)"):format(table.concat(kinds, ","))} end
  return #list > 0 and "\n" .. rows(list, 2) or nil
end

-- Examples first: most people come for one. `brief`: without what all commands share.
local function command_text(manifest, brief)
  local out = {style.bold("ehlo " .. manifest.name) .. "  " .. style.wrap(manifest.summary, style.width - #manifest.name - 7, "  "), ""}
  for _, example in ipairs(manifest.examples or {}) do out[#out + 1] = "    " .. example end
  if #(manifest.examples or {}) > 0 then out[#out + 1] = "" end
  out[#out + 1] = "Usage: " .. usage(manifest)
  if #(manifest.arguments or {}) > 0 then
    local list = {}
    for _, argument in ipairs(manifest.arguments) do list[#list + 1] = {argument.name:upper(), argument.help or ""} end
    out[#out + 1] = "\n" .. rows(list, 2)
  end
  out[#out + 1] = about(manifest)
  if manifest.options then out[#out + 1] = "\nOptions\n" .. rows(option_rows(manifest.options), 2) end
  if not brief then out[#out + 1] = "\nShared by all commands\n" .. rows(option_rows(options.shared), 2) end
  return table.concat(out, "\n")
end

local families = {
  {"command", "Commands"}, {"runbook", "Runbooks: checks in steps that end in the first cause"}, {"own", "Yours"},
}

-- All commands, by where they come from; the summaries line up through all of them.
local function command_rows(list)
  local family, all, out = require("ehlo.command").family, {}, {}
  for _, row in ipairs(families) do
    for _, manifest in ipairs(list) do
      if family(manifest.name) == row[1] then all[#all + 1] = {manifest.name, manifest.summary, heading = row[2]} end
    end
  end
  local widest = 0
  for _, row in ipairs(all) do widest = math.max(widest, #row[1]) end
  local heading
  for _, row in ipairs(all) do
    if row.heading ~= heading then
      out[#out + 1], heading = (heading and "\n" or "") .. row.heading, row.heading
    end
    out[#out + 1] = rows({{style.pad(row[1], widest), row[2]}}, 2)
  end
  return table.concat(out, "\n")
end

local function list_text(list, topics)
  return table.concat({
    style.bold("ehlo") .. "  what mail servers say, what it means, and what to do",
    "",
    "    ehlo 521                                   one code",
    "    ehlo compare 211 521                       codes side by side",
    "    ehlo explain '550 5.1.1 no such user'      a reply",
    "    ehlo probe --to user@example.org HOST      a server, step by step",
    "    ehlo                                       the prompt; -q: without a greeting; --no-init: without start-up files",
    "",
    command_rows(list),
    "",
    "Topics",
    "  " .. style.wrap(table.concat(topics, ", "), math.min(style.width, 88) - 2, "  "),
    "",
    "Scripts of your own in " .. report.escape(require("ehlo.command").folder() or "~/.config/ehlo/scripts") .. " are commands too.",
    "The prompt reads init.lua and init.d/*.lua of " .. report.escape(require("ehlo.startup").folder() or "~/.config/ehlo") .. " first.",
    "More: ehlo help COMMAND or TOPIC, ehlo help codes.lookup, ehlo apropos WORD, ehlo tour; at the prompt :help",
  }, "\n")
end

-- A page of the manual.
local function topic_text(page)
  local p = require("ehlo.page").new()
  p:text(page.title, 0, style.bold)
  local before
  for _, part in ipairs(page.parts) do
    local text = part.text:gsub("`([^`]*)`", "%1")
    if not (part.kind == before and (before == "item" or before == "row")) then p:blank() end
    if part.kind == "code" then
      for line in (part.text .. "\n"):gmatch("(.-)\n") do p:line("    " .. style.accent(report.escape(line))) end
    elseif part.kind == "row" then
      p:text(text, 0)
      p:line("    " .. style.accent(part.command))
    elseif part.kind == "item" then
      p:row("-", text, nil, 0, 2)
    else
      p:text(text, 0, part.kind == "heading" and style.bold or nil)
    end
    before = part.kind
  end
  if #page.see > 0 then
    p:blank()
    p:text("See also: " .. table.concat(page.see, ", "), 0, style.dim)
  end
  return p:finish()
end

-- What was found: a name and what it is, a line each.
local function found_text(record)
  local made = {}
  for _, row in ipairs(record.found) do made[#made + 1] = {row.name, (row.summary:gsub("`([^`]*)`", "%1"))} end
  if #made == 0 then return ("Nothing found for \"%s\". Try fewer or shorter words."):format(report.escape(record.query or "")) end
  local text = rows(made, 0)
  return record.query and text .. "\n\n" .. style.dim("Each has its page: help NAME") or text
end

local function object_text(record)
  local methods = {}
  for _, row in ipairs(record.rows) do methods[#methods + 1] = {row.name, row.summary} end
  local out = {style.bold("a " .. record.object)}
  if #record.fields > 0 then out[#out + 1] = "\nFields: " .. style.wrap(table.concat(record.fields, ", "), math.min(style.width, 88) - 8, "  ") end
  out[#out + 1] = "\n" .. rows(methods, 0)
  if record.rows[1] and record.rows[1].example then out[#out + 1] = "\n    " .. record.rows[1].example:gsub("\n", "\n    ") end
  return table.concat(out, "\n")
end

local function binding_text(list)
  local out = {}
  for _, row in ipairs(list) do
    local names, details = {}, {}
    for _, argument in ipairs(row.arguments or {}) do
      names[#names + 1] = argument[1]
      details[#details + 1] = {argument[1], (argument[2] or "") .. (argument[3] and ": " .. argument[3] or "")}
    end
    out[#out + 1] = style.bold(row.name) .. "(" .. table.concat(names, ", ") .. ")"
    if row.summary then out[#out + 1] = "  " .. style.wrap(row.summary, style.width - 2, "  ") end
    if #details > 0 then out[#out + 1] = rows(details, 4) end
    for _, part in ipairs {{"returns", row.returns}, {"errors", row.errors}} do
      if part[2] then out[#out + 1] = "  " .. part[1] .. "  " .. style.wrap(part[2], style.width - 12, "           ") end
    end
    if row.example then out[#out + 1] = "    " .. row.example:gsub("\n", "\n    ") end
    out[#out + 1] = ""
  end
  return table.concat(out, "\n")
end

-- The prompt: what can be typed there. The rows are those of the colon commands.
local function prompt_text(list)
  local typed = {
    {"521", "what a code means; 5.7.1 and 550/5.1.1 as well"},
    {"compare 211 521", "any command, as in the shell; help lists them"},
    {"x = codes.lookup \"521\"", "Lua; the value of an expression is shown, and kept as _ (before it _2, then _3)"},
    {"= x.meaning", "a leading = forces Lua where a line looks like a command"},
    {"codes.lookup?", "help on one thing; apropos WORD finds more"},
  }
  local made = {}
  for _, row in ipairs(list) do made[#made + 1] = {":" .. row.name .. (row.takes and " " .. row.takes or ""), row.help} end
  return table.concat({rows(typed, 0), "", rows(made, 0), "",
    style.wrap("A local at the top level stays for the session, as a global. The last error is _err. Tab completes, Ctrl-R searches the "
      .. "history, Ctrl-C ends what runs, Ctrl-D leaves.", math.min(style.width, 100), "")}, "\n")
end

function view.text(record)
  if record.colon then return prompt_text(record.colon) end
  if record.page then return topic_text(record.page) .. (record.manifest and "\n" .. command_text(record.manifest, true) or "") end
  if record.found then return found_text(record) end
  if record.note then return record.note end
  if record.object then return object_text(record) end
  if record.commands then return list_text(record.commands, record.topics) end
  if record.manifest then return command_text(record.manifest) end
  return binding_text(record.rows)
end

-- Topics only: their pages are Markdown as they stand.
function view.markdown(record)
  if not record.page then require("ehlo.trouble").usage("help: only topics have a page in Markdown.") end
  return (record.page.source:gsub("^<!%-%-.-%-%->\n", ""):gsub("<!%-%-.-%-%->\n\n", ""))
end

return view
