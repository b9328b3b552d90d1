-- Owns: the log of a session at the prompt: what was typed and what came, in a file of its owner's, without secrets. Callers: the prompt.
local redact = require "ehlo.redact"
local tee = require "ehlo.tee"
local trouble = require "ehlo.trouble"
local log = {}

local state -- {path, editor, secrets, buffer}

local function plain(text)
  for secret in pairs(state.secrets) do
    local at, out, from = 1, {}, text:find(secret, 1, true)
    while from do
      out[#out + 1] = text:sub(at, from - 1) .. "***"
      at = from + #secret
      from = text:find(secret, at, true)
    end
    text = table.concat(out) .. text:sub(at)
  end
  return (redact.line(text:gsub("\27%[[%d;?]*[%a]", "")))
end

local function write(text)
  local ok, why = state.editor.append(state.path, text)
  if ok then return end
  local path = state.path
  log.stop()
  io.stderr:write(("the log cannot be written (%s), and is off: %s\n"):format(why, report.escape(path)))
end

-- Whole lines only: a secret must not slip through in two pieces.
local function listen(...)
  for i = 1, select("#", ...) do state.buffer = state.buffer .. tostring((select(i, ...))) end
  local whole = state.buffer:match("^.*\n")
  if not whole then return false end
  state.buffer = state.buffer:sub(#whole + 1)
  local text = plain(whole)
  write(text)
  return false
end

function log.path() return state and state.path end

function log.start(session, path)
  if state then trouble.fail("the log goes to %s already; :log off ends it.", report.escape(state.path)) end
  local file = io.open(path, "rb")
  if file then
    file:close()
    trouble.fail("%s exists: give the log a name of its own.", report.escape(path))
  end
  local head = ("-- A log of ehlo %s, begun %s.\n"):format(shell.version, os.date("!%Y-%m-%d %H:%MZ"))
  local ok, why = session.editor.append(path, head)
  if not ok then trouble.fail("%s cannot be written: %s", report.escape(path), why) end
  state = {path = path, editor = session.editor, secrets = {}, buffer = ""}
  tee.set("log", listen)
end

function log.stop()
  local stopped = state
  tee.set("log", nil)
  if state and state.buffer ~= "" then
    local rest = plain(state.buffer) .. "\n"
    state.buffer = ""
    write(rest)
  end
  state = nil
  return stopped
end

-- A line that is about to run.
function log.typed(source)
  if not state then return end
  local text, secrets = redact.line(source)
  for _, secret in ipairs(secrets) do
    if #secret >= 4 then state.secrets[secret] = true end
  end
  if text == source and require("ehlo.history").secret(source) then text = "-- (a line that holds a secret)" end
  write("> " .. text:gsub("\n", "\n>> ") .. "\n")
end

return log
