-- Owns: running the two programs that a person names: the pager and the editor. Callers: the prompt, what shows values, help.
-- Their texts lie in a file that only its owner reads, for the time that they run; Ctrl-C is theirs meanwhile.
local programs = {waited = 0}

local function private_file(text)
  local path = os.tmpname() -- made by mkstemp: mode 0600
  local file, message = io.open(path, "wb")
  local ok = file and file:write(text)
  if file and not file:close() then ok = nil end
  if ok then return path end
  os.remove(path)
  return nil, message or "it could not be written"
end

-- Runs a shell's command line; true where it ended well. The time that a person spends in it is no time of ours.
local function run(line)
  require("ehlo.prompt.waiting").hide()
  local begun = shell.clock()
  io.stdout:flush()
  local ok, how, number = os.execute(line)
  programs.waited = programs.waited + shell.clock() - begun
  return ok, how, number
end

local function lines_on_screen(text)
  local columns, lines = terminal.width() or 80, 0
  for line in text:gmatch("([^\n]*)\n") do
    local width = #line <= columns and #line or report.width(line)
    lines = lines + math.max(1, (width + columns - 1) // columns)
  end
  return lines
end

-- `programs.direct`, while it is set, keeps the pager away.
local function overflows(text)
  if programs.direct then return false end
  if os.getenv("TERM") == "dumb" or require("ehlo.settings").get("pager") == "off" then return false end
  if require("ehlo.tee").is_set("watch") then return false end
  if not (terminal.is_tty(0) and terminal.is_tty(1)) then return false end
  local height = terminal.height()
  return height and lines_on_screen(text) >= height
end

-- Writes a text to standard output: through the pager where that is a terminal and the text is longer than it. A pager that fails
-- loses nothing. Returns what io.write returns.
function programs.page(text)
  if not overflows(text) then return io.write(text) end
  local pager = os.getenv("PAGER")
  if not pager or pager:match("^%s*$") then pager = "less -FRX" end
  local path = private_file(text)
  if not path then return io.write(text) end
  local ok, how = run("(" .. pager .. "\n) < " .. path)
  os.remove(path)
  if ok or how == "signal" then return true end
  return io.write(text)
end

-- Lets the person edit a text; returns it as it is then, or nil and why not.
function programs.edit(text)
  local editor = os.getenv("VISUAL")
  if not editor or editor:match("^%s*$") then editor = os.getenv("EDITOR") end
  if not editor or editor:match("^%s*$") then editor = "vi" end
  local path, message = private_file(text)
  if not path then return nil, message end
  local ok, how, number = run(editor .. " " .. path)
  local file = ok and io.open(path, "rb")
  local edited = file and file:read("a")
  if file then file:close() end
  os.remove(path)
  if edited then return edited end
  return nil, ("the editor \"%s\" ended with %s %s"):format(report.escape(editor), how or "status", number or "?")
end

return programs
