local args = manifest {
  summary = "five minutes through all of it, on this machine alone",
  options = {
    {name = "fast", help = "do not wait for Enter between the steps"},
    {name = "again", help = "begin anew, wherever it was left"},
    {name = "save", value = "SCRIPT", help = "the script that the last step writes (ehlo-tour.lua)"},
  },
  examples = {"ehlo tour", "ehlo tour --fast", "ehlo tour --again --save tour.lua"},
}

local steps = require "ehlo.tour_steps"
local style = require "ehlo.style"
local tee = require "ehlo.tee"
local prompt = require "ehlo.prompt"
local page = require "ehlo.page"

local script = args.save or "ehlo-tour.lua"
local waits = not args.fast and terminal.is_tty(0) and terminal.is_tty(1)
local session = {log = {}}

local home = require("ehlo.xdg").home("cache")
local kept = home and home .. "/tour"

-- Where the tour was left: the number of the step that comes next.
local function left_at()
  local file = kept and waits and not args.again and io.open(kept, "rb")
  local text = file and file:read(4)
  if file then file:close() end
  local step = math.tointeger(tonumber(text or ""))
  return step and steps[step] and step or 1
end

local function keep(step)
  if kept and waits then require("ehlo.store").write(kept, tostring(step)) end
end

-- Nobody at a terminal asked for a file: it is written only where --save names it.
local saves = args.save ~= nil or terminal.is_tty(0) and terminal.is_tty(1)

local function typed(line) return (line:gsub("^:save FILE$", ":save " .. script)) end

-- What later steps build on, without a word.
local function catch_up(last)
  tee.set("tour", function() return true end)
  local ok, problem = pcall(function()
    for i = 1, last do
      for _, line in ipairs(steps[i].setup and steps[i].lines or {}) do prompt.perform(session, line) end
    end
  end)
  tee.set("tour", nil)
  if not ok then error(problem, 0) end
end

local function show(i, step)
  local p = page.new()
  p:line("")
  p:title(("%d of %d  %s"):format(i, #steps, step.title), "", style.accent)
  p:text(step.text:gsub("`", ""), 2)
  p:line("")
  io.write(table.concat(p, "\n"), "\n")
  for _, line in ipairs(step.lines) do
    io.write(style.bold("> "), typed(line), "\n")
    io.stdout:flush()
    if saves or not line:find("^:save") then
      prompt.perform(session, typed(line))
    else
      io.write("Nothing is written without a terminal, unless --save SCRIPT names the file.\n")
    end
  end
  io.stdout:flush()
end

-- Whether the person goes on.
local function goes_on()
  if not waits then return true end
  io.write("\n", style.dim("Enter goes on, q leaves: "))
  io.stdout:flush()
  local answer = io.read()
  return answer ~= nil and not answer:lower():match("^%s*q")
end

local function farewell()
  local p = page.new()
  p:line("")
  p:text("That was the tour. Next:")
  p:commands {saves and "ehlo run " .. script or "ehlo tour --save " .. script, "ehlo help probe", "ehlo help", "ehlo"}
  io.write(p:finish())
end

require("ehlo.programs").direct = true -- Enter goes on here, not in a pager
local first = left_at()
if first > 1 then
  io.write(("Going on at step %d; ehlo tour --again begins anew.\n"):format(first))
  catch_up(first - 1)
end
for i = first, #steps do
  keep(i)
  show(i, steps[i])
  if i < #steps and not goes_on() then
    keep(i + 1)
    io.write("ehlo tour goes on from here.\n")
    if server then server:close() end
    return {shown = true, exit = 0}
  end
end
if kept then os.remove(kept) end
farewell()
return {shown = true, exit = 0}
