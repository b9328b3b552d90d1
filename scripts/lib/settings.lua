-- Owns: what a person can set for a session at the prompt: a row a setting. Callers: the prompt, what shows values, start-up files.
local trouble = require "ehlo.trouble"
local settings = {}

settings.rows = {
  {name = "x", values = {"auto", "on", "off"}, help = "records one below the other: auto is where their table would be too wide"},
  {name = "timing", values = {"auto", "on", "off"}, help = "how long a line took: auto is after waiting for servers"},
  {name = "pager", values = {"auto", "off"}, help = "long results through $PAGER (less -FRX where that is not set)"},
  {name = "color", values = {"auto", "always", "never"}, help = "colour; NO_COLOR counts for auto",
    apply = function(value) require("ehlo.style").set(value) end},
  {name = "errverbose", values = {"off", "on"}, help = "each error with its traceback, and what the server was told and said"},
}

local values = {}

local function row_of(name)
  local names = {}
  for i, row in ipairs(settings.rows) do
    if row.name == name then return row end
    names[i] = row.name
  end
  local near = trouble.nearest(name, names)
  trouble.usage("no setting \"%s\".%s", report.escape(name), near and (" Did you mean: " .. near .. "?") or " See :set")
end

-- The value of a setting; raises wrong usage for one that is not there.
function settings.get(name)
  local row = row_of(name)
  return values[name] or row.values[1]
end

-- Sets it; raises wrong usage for a value that it does not take.
function settings.set(name, value)
  local row = row_of(name)
  for _, word in ipairs(row.values) do
    if word == value then
      values[name] = value
      if row.apply then row.apply(value) end
      return
    end
  end
  trouble.usage("%s takes %s, not \"%s\".", name, require("ehlo.options").list(row.values), report.escape(tostring(value)))
end

return settings
