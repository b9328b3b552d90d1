-- Owns: the line at the prompt that says that it waits, and for how long: on a terminal, from 300 ms on, gone before anything else is
-- written. Callers: the prompt.
local tee = require "ehlo.tee"
local waiting = {}

local PATIENCE, STEP = 0.3, 0.5

local state

local function erase(mine)
  if not mine.shown then return end
  mine.shown = false
  tee.raw(io.stderr, "\r\27[K")
end

local function show(mine)
  if mine.held then return end
  local text = ("waiting, %.0f s; Ctrl-C ends it"):format(shell.clock() - mine.begun)
  mine.shown = true
  tee.raw(io.stderr, "\r" .. require("ehlo.style").dim(text) .. "\27[K")
end

-- Lines that can wait for a server: where nothing of the network was touched yet, it is not opened for the others.
local function may_wait(source)
  return rawget(_G, "task") ~= nil or source:find("%f[%w_]probe%f[^%w_]") or source:find("%f[%w_]smtp%.") or source:find("%f[%w_]dns%.")
end

function waiting.begin(source)
  waiting.stop()
  if not (terminal.is_tty(1) and terminal.is_tty(2)) or os.getenv("TERM") == "dumb" or not may_wait(source) then return end
  local ok, tasks = pcall(function() return _G.task end)
  if not ok or type(tasks) ~= "table" then return end
  local mine = {begun = shell.clock()}
  state = mine
  mine.task = tasks.spawn(function()
    tasks.sleep(PATIENCE)
    while state == mine do
      show(mine)
      tasks.sleep(STEP)
    end
  end)
  -- a line that is not at its end, or that its writer writes over, is not ours to touch
  tee.set("waiting", function(...)
    erase(mine)
    local last = select("#", ...) > 0 and tostring((select(-1, ...))) or ""
    if last ~= "" then mine.held = last:sub(-1) ~= "\n" end
  end)
end

-- Before another program gets the terminal.
function waiting.hide()
  if state then erase(state) end
end

function waiting.stop()
  local mine = state
  if not mine then return end
  state = nil
  tee.set("waiting", nil)
  erase(mine)
  mine.task:cancel()
end

return waiting
