-- Owns: showing any value as what it is: an entry as a card, a comparison in columns, a session as a timeline, a list of records as a
-- table. Callers: the prompt, tostring of our objects. Whatever a value holds, what comes out is safe on a terminal.
local style = require "ehlo.style"
local draw = require "ehlo.pretty_draw"
local pretty = {}

-- Text of several lines: line ends and tabs stay, every other control byte is shown.
function pretty.escape(text)
  local lines = {}
  for line in (text .. "\n"):gmatch("(.-)\r?\n") do lines[#lines + 1] = line:gsub("[^\t]+", report.escape) end
  if lines[#lines] == "" and #lines > 1 then lines[#lines] = nil end
  return table.concat(lines, "\n")
end

local ours = {"ehlo.entry", "ehlo.comparison", "ehlo.explanation", "ehlo.record", "ehlo.session", "ehlo.reply", "ehlo.task"}

-- Which of our objects a value is, or nil. Known by its metatable itself: a name could be anybody's.
function pretty.kind_of(value)
  local meta = debug.getmetatable(value)
  if type(meta) ~= "table" then return nil end
  local registry = debug.getregistry()
  for _, name in ipairs(ours) do
    if rawequal(rawget(registry, name), meta) then return name end
  end
  return nil
end
local kind_of = pretty.kind_of

-- Objects of ours, and the record that shows them.
local records = {
  ["ehlo.entry"] = function(value) return {kind = "card", items = {value}} end,
  ["ehlo.comparison"] = function(value) return {kind = "comparison", comparison = value} end,
  ["ehlo.explanation"] = function(value) return {kind = "explanation", items = {{input = value.text, explanation = value}}} end,
  ["ehlo.record"] = function(value) return {kind = "probe", items = {value}} end,
  ["ehlo.session"] = function(value) return {kind = "session", session = value} end,
  ["ehlo.reply"] = function(value) return {kind = "reply", reply = value} end,
}

-- The same inside a table: a few words.
local short = {
  ["ehlo.entry"] = function(value) return (value.code or value.id or "") .. " " .. (value.name or value.text or "") end,
  ["ehlo.comparison"] = function(value) return "comparison: " .. (value.headline or "") end,
  ["ehlo.explanation"] = function(value) return value.cause and "explanation: " .. value.cause or "explanation: no trouble" end,
  ["ehlo.session"] = function(value) return ("session with %s port %s"):format(value.host or value.address or "?", value.port or "?") end,
  ["ehlo.reply"] = function(value)
    local text = tostring(value)
    return text:match("^[^\r\n]*") .. (text:find("\n.") and " ..." or "")
  end,
}

local function is_policy(value)
  local meta = type(value) == "table" and debug.getmetatable(value)
  return meta and rawget(meta, "__name") == "ehlo.policy" and type(rawget(value, "verdict")) == "string"
end

local function object_text(value)
  if is_policy(value) then return ("%s of %s: %s"):format(value.policy, value.subject, value.verdict) end
  local kind = kind_of(value)
  if not kind then return nil end
  local make = short[kind] or tostring
  local ok, text = pcall(make, value)
  return ok and text or kind
end

-- One of our objects as a row of a table.
local rows = {
  ["ehlo.record"] = function(r)
    local reply = r.reply
    return setmetatable({target = r.target, outcome = r.outcome, phase = r.phase, reply = reply and reply.code, address = r.address,
      seconds = tonumber(("%.3f"):format(r.timing and r.timing.total or 0))},
      {__order = {"target", "address", "outcome", "phase", "reply", "seconds"}})
  end,
  ["ehlo.reply"] = function(r)
    return setmetatable({code = r.code, enhanced = r.enhanced, text = r.text, seconds = tonumber(("%.3f"):format(r.seconds or 0))},
      {__order = {"code", "enhanced", "text", "seconds"}})
  end,
}

-- One step of a session, with its times to the millisecond.
local function exchange_row(step)
  local row = {at = step.at and tonumber(("%.3f"):format(step.at)), phase = step.phase, sent = step.sent, reply = step.reply,
    seconds = step.seconds and tonumber(("%.3f"):format(step.seconds))}
  return setmetatable(row, {__order = {"at", "phase", "sent", "reply", "seconds"}})
end

local function is_exchange(value)
  return type(value) == "table" and not debug.getmetatable(value) and type(rawget(value, "phase")) == "string"
    and kind_of(rawget(value, "reply")) == "ehlo.reply"
end

local function row_of(value)
  local make = rows[kind_of(value) or ""]
  if make then return make(value) end
  if is_policy(value) then
    return setmetatable({policy = value.policy, subject = value.subject, verdict = value.verdict}, {__order = {"policy", "subject", "verdict"}})
  end
  return is_exchange(value) and exchange_row(value) or value
end

local function all(list, test)
  if type(list) ~= "table" or rawlen(list) == 0 or next(list, rawlen(list)) ~= nil then return false end
  for i = 1, rawlen(list) do
    if not test(rawget(list, i)) then return false end
  end
  return true
end

local function transcript_entry(each)
  return type(each) == "table" and type(each.direction) == "string" and type(each.text) == "string" and type(each.at) == "number"
end

-- Tables of ours that are known by what they hold, and the record that shows them.
local shapes = {
  {is = function(value) return all(value, function(each) return kind_of(each) == "ehlo.entry" end) end,
    record = function(value) return {kind = "search", items = value} end},
  {is = function(value) return all(value, transcript_entry) end, record = function(value) return {kind = "transcript", entries = value} end},
  {is = function(value) return type(value.chain) == "table" and type(value.version) == "string" and type(value.verdicts) == "table" end,
    record = function(value) return {kind = "tls", tls = value} end},
  {is = function(value) return type(value.canonical) == "string" and type(value.aliases) == "table" and type(value.type) == "string" end,
    record = function(value) return {kind = "dns", items = {require("ehlo.dns_questions").of_list(value)}} end},
  {is = function(value) return type(value.domain) == "string" and type(value.hosts) == "table" and type(value.findings) == "table" end,
    record = function(value) return {kind = "dns", items = {require("ehlo.dns_questions").of_mail(value)}} end},
  {is = function(value)
    if type(value.total) ~= "number" then return false end
    for key, seconds in next, value do
      if type(seconds) ~= "number" or not require("ehlo.words").timing[key] then return false end
    end
    return true
  end, record = function(value) return {kind = "timing", timing = value} end},
}

-- The record by which a value is shown, or nil. What a command returned is one.
local function record_of(value)
  local make = records[kind_of(value) or ""]
  if make then return make(value) end
  if type(value) ~= "table" then return nil end
  if type(rawget(value, "kind")) == "string" and (rawget(value, "items") or rawget(value, "comparison") or rawget(value, "manifest")
    or rawget(value, "policy") or rawget(value, "probes") or value.kind == "runbook" or value.kind == "help") then
    return value
  end
  if debug.getmetatable(value) then return nil end
  for _, shape in ipairs(shapes) do
    if shape.is(value) then return shape.record(value) end
  end
  return nil
end

pretty.record_of = record_of

local function rendered(value)
  local ok, text = pcall(function()
    local record = record_of(value)
    return record and require("ehlo.render").text(record)
  end)
  return ok and text and text:gsub("\n+$", "") or nil
end

-- What a script's own type shows of itself: __pretty gives a text or another value; else __tostring.
local function custom(value)
  local meta = debug.getmetatable(value)
  if type(value) == "string" or type(meta) ~= "table" then return nil end
  local own = rawget(meta, "__pretty")
  if own then
    local ok, made = pcall(own, value)
    if ok and type(made) == "string" then return pretty.escape(made) end
    if ok and not rawequal(made, value) and not (type(made) == "table" and debug.getmetatable(made) == meta) then
      return (pretty.text(made))
    end
  end
  if rawget(meta, "__tostring") then
    local ok, text = pcall(tostring, value)
    if ok then return pretty.escape(text) end
  end
  return nil
end

-- Inside of a table, only what a script's own type says of itself has a shape.
local function nested(value)
  local meta = type(value) == "table" and debug.getmetatable(value)
  if type(meta) ~= "table" or not rawget(meta, "__pretty") then return nil end
  return custom(value)
end

local function grid_of(value)
  local grid = require "ehlo.grid"
  local columns = grid.columns(value, row_of, object_text)
  return columns and grid, columns
end

-- The text for one value, without an end of line, and how it was cut, if it was. options: how (the setting x), from, limits.
function pretty.text(value, options)
  options = options or {}
  local how = options.how or require("ehlo.settings").get("x")
  if how ~= "on" or options.from then
    local whole = rendered(value)
    if whole then return whole end
  end
  if type(value) == "string" and value:find("\n.") then return pretty.escape(value) end
  if how == "on" and not options.from then
    local list = pretty.fields(value)
    if list then return table.concat(require("ehlo.grid").vertical(list), "\n") end
  end
  local own = custom(value)
  if own then return own end
  local grid, columns = grid_of(value)
  if grid then
    local text, left = grid.text(value, columns, {how = how, from = options.from, row_of = row_of, object = object_text})
    return text, {cut = left > 0, left = left}
  end
  return draw.text(value, {object = object_text, shaped = nested, from = options.from, limits = options.limits})
end

-- A table's or an object's fields as pairs of name and text, or nil.
function pretty.fields(value)
  local meta = debug.getmetatable(value)
  local list = {}
  local function add(key, field)
    list[#list + 1] = {type(key) == "string" and report.escape(key) or draw.inline({limits = draw.limits, object = object_text}, key),
      type(field) == "string" and report.escape(field) or (draw.text(field, {object = object_text, shaped = nested}):gsub("\n%s*", " "))}
  end
  if kind_of(value) and rawget(meta, "__pairs") then
    for key, field in pairs(value) do add(key, field) end
    return list
  end
  if type(value) ~= "table" or next(value) == nil or rawlen(value) > 0 then return nil end
  if not draw.plain(value) and not record_of(value) then return nil end
  for _, key in ipairs(draw.keys(value, 0)) do add(key, rawget(value, key)) end
  return list
end

-- The last value that was shown, and how far: for :more and :x.
pretty.last = {}

local function remember(value, cut)
  pretty.last = {value = value, cut = cut, from = 1}
end

-- The text for the results of a call, or nil where there is nothing to show. `values` comes from table.pack.
function pretty.results(values)
  if values.n == 0 then return nil end
  if values.n >= 2 and values[1] == nil and type(values[2]) == "string" then
    return require("ehlo.trouble_view").refused(values[2], values[3])
  end
  local texts, single = {}, true
  for i = 1, values.n do
    local cut
    texts[i], cut = pretty.text(values[i])
    if i == 1 then remember(values[1], cut) end
    single = single and not texts[i]:find("\n", 1, true)
  end
  return table.concat(texts, single and "  " or "\n")
end

-- What :more prints: the items after those that were shown, or all of what was cut further in; nil where nothing was.
function pretty.more()
  local last = pretty.last
  if not last.cut or not last.cut.cut then return nil end
  local text, cut
  if last.cut.left and last.cut.left > 0 then
    local step = grid_of(last.value) and require("ehlo.grid").rows or draw.limits.items
    last.from = last.from + step
    text, cut = pretty.text(last.value, {from = last.from})
  else
    text, cut = pretty.text(last.value, {limits = draw.generous, how = "auto"})
  end
  last.cut = cut
  return text
end

-- Prints values the way the prompt does; saved sessions call it.
function pretty.show(...)
  local text = pretty.results(table.pack(...))
  if text then require("ehlo.programs").page(text .. "\n") end
  return ...
end

-- What `print` is at the prompt: nothing that a server sent reaches the terminal as it came.
function pretty.print(...)
  local pieces = table.pack(...)
  for i = 1, pieces.n do
    local value, kind = pieces[i], kind_of(pieces[i])
    local paged = kind and records[kind] and kind ~= "ehlo.session" and kind ~= "ehlo.reply"
    pieces[i] = paged and (pretty.text(value, {how = "auto"})) or pretty.escape(tostring(value))
  end
  io.write(table.concat(pieces, "\t"), "\n")
end

return pretty
