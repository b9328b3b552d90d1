-- Owns: colour with taste, and width. Callers: views, the prompt. Colour is never the only sign of anything.
local style = {}

local codes = {
  bold = "1", dim = "2", accent = "1;36", good = "1;32", warn = "1;33", bad = "1;31",
}

local function wanted(when)
  if when == "always" then return true end
  if when == "never" then return false end
  local no = os.getenv("NO_COLOR")
  if no and no ~= "" then return false end
  local force = os.getenv("CLICOLOR_FORCE")
  if force and force ~= "" and force ~= "0" then return true end
  return terminal.is_tty(1) and os.getenv("TERM") ~= "dumb"
end

-- "auto", "always" or "never".
function style.set(when)
  style.colour = wanted(when)
end

local function measure()
  local columns = math.tointeger(tonumber(os.getenv("COLUMNS") or ""))
  if not columns or columns < 20 then columns = terminal.width() or 80 end
  return math.max(30, math.min(columns, 400)) - (rawget(style, "margin") or 0)
end

for name, code in pairs(codes) do
  style[name] = function(text)
    if not style.colour or text == "" then return text end
    return "\27[" .. code .. "m" .. text .. "\27[0m"
  end
end

local by_class = {
  ["positive-completion"] = "good", ["positive-intermediate"] = "good", ["success"] = "good",
  ["transient-negative"] = "warn", ["persistent-transient-failure"] = "warn",
  ["permanent-negative"] = "bad", ["permanent-failure"] = "bad",
  ["ready"] = "good", ["refused-temporarily"] = "warn", ["no-mail-service"] = "warn",
}

-- Colours by an outcome or a class; an outcome that is not named here is trouble.
function style.verdict(word, text) return style[by_class[word] or "bad"](text) end

function style.pad(text, columns)
  local width = report.width(text)
  return width < columns and text .. (" "):rep(columns - width) or text
end

-- Wrapped to `columns`, further lines indented by `indent` (a string).
function style.wrap(text, columns, indent)
  return table.concat(report.wrap(text, math.max(columns, 10)), "\n" .. (indent or ""))
end

-- The middle dot where the terminal can show it.
local dot
function style.dot()
  dot = dot or (terminal.utf8() and "\u{b7}" or "-")
  return dot
end

-- Columns to use: measured again at each reading, since terminals change their size.
setmetatable(style, {__index = function(_, key)
  if key == "width" then return measure() end
end})

style.set("auto")
return style
