-- Owns: the start-up files: init.lua and init.d/*.lua of the configuration folder, which the prompt reads before the first line.
-- Callers: the prompt. Commands and scripts do not read them, so that a script does the same for everybody.
local startup = {}

function startup.folder()
  local config = os.getenv("XDG_CONFIG_HOME")
  if config and config:match("^/") then return config .. "/ehlo" end -- the XDG rules: a relative path does not count
  local home = os.getenv("HOME")
  return home and home:match("^/") and home .. "/.config/ehlo" or nil
end

local function exists(path)
  local file, _, number = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil or (number ~= 2 and number ~= 20) -- no such file; a part of the path is no folder
end

-- What there is to read, in order: init.lua, then those of init.d by name.
function startup.files()
  local place = startup.folder()
  if not place then return {} end
  local files, names = {}, terminal.files(place .. "/init.d")
  if exists(place .. "/init.lua") then files[1] = place .. "/init.lua" end
  table.sort(names)
  for _, name in ipairs(names) do files[#files + 1] = place .. "/init.d/" .. name end
  return files
end

local function message_of(path, problem)
  local trouble = require "ehlo.trouble"
  local value = problem.value
  local text = trouble.is(value) and value.message or tostring(value)
  text = text:match("[^\n]*")
  if not text:find(path, 1, true) then text = path .. ": " .. text end
  return report.escape(text)
end

-- Runs them all; one that is broken, or that Ctrl-C ends, is told of in one line and keeps nothing else from being read.
function startup.run(editor, say)
  for _, path in ipairs(startup.files()) do
    local ok, problem = editor.call(function()
      local made, message = loadfile(path, "t")
      if not made then error(message, 0) end
      made()
    end)
    if not ok then
      local told, text = editor.call(function() return problem and message_of(path, problem) or report.escape(path) .. ": interrupted" end)
      say(told and text or path .. " failed")
    end
  end
end

return startup
