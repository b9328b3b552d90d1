-- Owns: what saved sessions call, so that their lines do what they did at the prompt. Callers: scripts that :save wrote.
local saved = {}

local function show(...)
  require("ehlo.prompt.result").values({}, table.pack(...))
end

local function run(name, ...)
  local record, options = require("ehlo.command").run(name, {...})
  require("ehlo.prompt.result").record({}, record, options)
end

-- What shows values, what runs a command, and the prompt's print.
function saved.functions() return show, run, require("ehlo.pretty").print end

return saved
