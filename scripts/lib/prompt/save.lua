-- Owns: turning a session at the prompt into a script that does the same. Callers: the prompt.
local redact = require "ehlo.redact"
local trouble = require "ehlo.trouble"
local save = {}

local HEAD = "#!/usr/bin/env -S ehlo run\n-- A session of ehlo "

local function quoted(text) return (("%q"):format(text):gsub("\\\n", "\\n")) end

-- An entry of the session's log as the line of a script.
local function script_line(entry)
  if entry.command then
    local args = {quoted(entry.command)}
    for _, word in ipairs(entry.args) do args[#args + 1] = quoted(word) end
    return ("_run(%s)"):format(table.concat(args, ", "))
  end
  local source = entry.source:gsub("^%s*=", "return "):gsub("%s+$", "")
  local expression = source:match("^%s*return%f[^%w_](.*)$") or source
  if load("return " .. expression) then
    expression = expression:match("^%s*(.-)%s*;?%s*$")
    return "_show(" .. expression .. (expression:find("--", 1, true) and "\n)" or ")")
  end
  if not load(source .. "\n;do end") then return "_show((function() " .. source .. "\nend)())" end
  return source:match("^%s*%(") and ";" .. source or source
end

local MOST_LOCALS = 150 -- a function of Lua's has no more than 200

-- At the prompt a local lives on as a global: where a script would have too many, it is one there as well.
local function as_global(line)
  return (line:gsub("^%s*local%s+function%f[^%w_]", "function"):gsub("^%s*local%s+([%a_][%w_%s,]*=)", "%1"))
end

local function lines_of(session)
  local lines, notes, locals = {}, {secret = false}, 0
  for i, entry in ipairs(session.log) do
    local line, changed = redact.script(script_line(entry))
    if line:match("^%s*local%f[^%w_]") then locals = locals + 1 end
    if locals > MOST_LOCALS then line = as_global(line) end
    if changed then
      notes.secret = true
    elseif require("ehlo.history").secret(line) then
      line = "-- left out: line " .. i .. " of the session, which seems to hold a secret"
      notes.left_out = (notes.left_out or 0) + 1
    end
    lines[i] = line
  end
  return lines, notes
end

-- Leave that the session was given beyond what every run has.
local function given()
  local words = {}
  for _, kind in ipairs(shell.allowed()) do
    if kind ~= "safe" and kind ~= "recipient" then words[#words + 1] = "--allow " .. kind .. " " end
  end
  return table.concat(words)
end

local function head(path, notes)
  local about = codes.about()
  local run = ("ehlo run %s%s"):format(given(), path)
  local text = ("%s%s, saved %s.\n-- Catalogue: %s, version %d. Run it again with: %s\n"):format(HEAD, shell.version,
    os.date("!%Y-%m-%d %H:%MZ"), about.name, about.version, run)
  if notes.secret then text = text .. "-- Its secret is read from the variable EHLO_SECRET of the environment.\n" end
  return text .. 'local _show, _run, print = require("ehlo.saved").functions()\n\n', run
end

-- A file that somebody else wrote is not ours to replace.
local function check_free(path)
  local file = io.open(path, "rb")
  if not file then return end
  local text = file:read(#HEAD)
  file:close()
  if text ~= HEAD then trouble.fail("%s exists and is no saved session: give another name.", report.escape(path)) end
end

function save.run(session, path)
  if path == "" then trouble.usage("save: give a file: :save morning.lua") end
  if #session.log == 0 then trouble.fail("nothing has run yet that could be saved.") end
  local lines, notes = lines_of(session)
  local text, run = head(path, notes)
  check_free(path)
  local file, message = io.open(path, "wb")
  if not file then trouble.fail("the session could not be saved: %s", report.escape(message)) end
  local written, why = file:write(text, table.concat(lines, "\n"), "\n")
  local closed, late = file:close()
  if not (written and closed) then trouble.fail("the session could not be saved whole: %s", why or late) end
  local n = #lines - (notes.left_out or 0)
  io.write(("%d %s saved; run it with: %s\n"):format(n, n == 1 and "line" or "lines", report.escape(run)))
  if notes.secret then io.write("The secret was not saved: set EHLO_SECRET before it runs.\n") end
  if notes.left_out then io.write(("%d left out: it seems to hold a secret.\n"):format(notes.left_out)) end
end

return save
