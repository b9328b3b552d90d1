-- Owns: turning a command's record into what was asked for, and getting it out. Callers: the program, the prompt.
local trouble = require "ehlo.trouble"
local render = {}

local formats = {"text", "json", "ndjson", "markdown", "html", "junit", "tap", "nagios", "prometheus"}

local function view_of(record)
  if type(record) ~= "table" or not record.kind then return require "ehlo.view.table" end
  return require("ehlo.view." .. record.kind)
end

local function objects(view, record)
  local made = view.json(record)
  return type(made) == "table" and made or {made}
end

-- Every object says which version of the form it is of, and whose it is where somebody gave it an id.
function render.enveloped(object, id)
  local brace = object:find("{", 1, true) or 0
  local empty = object:find("^%s*}", brace + 1)
  return '{"ehlo":1' .. (id and (',"id":' .. report.json(id)) or "") .. (empty and "" or ",") .. object:sub(brace + 1)
end

local writers = {}
for _, form in ipairs(formats) do
  writers[form] = function(view, record) return view[form](record) end
end
function writers.json(view, record)
  local list = objects(view, record)
  if #list == 1 then return render.enveloped(list[1]) end
  return '{"ehlo":1,"results":[' .. table.concat(list, ",") .. "]}"
end
function writers.ndjson(view, record)
  local list = objects(view, record)
  for i, object in ipairs(list) do list[i] = render.enveloped(object) end
  return table.concat(list, "\n")
end

local function offered(view)
  local list = {}
  for _, form in ipairs(formats) do
    local needs = form == "ndjson" and "json" or form
    if view[needs] then list[#list + 1] = form end
  end
  return list
end

-- The text of a record in a format; raises wrong usage for one that its view does not offer.
function render.text(record, format)
  local view = view_of(record)
  format = format or "text"
  local write = writers[format]
  if not write or not view[format == "ndjson" and "json" or format] then
    trouble.usage("--format %s is not offered here: use %s.", report.escape(format), require("ehlo.options").list(offered(view)))
  end
  local text = write(view, record)
  return (view.exact or text:sub(-1) == "\n") and text or text .. "\n"
end

-- A reader that went away is no news.
local function write_out(file, text)
  local ok, message, number = file:write(text)
  if ok then ok, message, number = file:flush() end
  if not ok and number == 32 then trouble.leave(0) end
  if not ok then trouble.fail("the result could not be written: %s", message) end
end

local function opened(options)
  if not options.output or options.output == "-" then return io.stdout end
  local file, message = io.open(options.output, "wb")
  if not file then trouble.fail("the result could not be written: %s", report.escape(message)) end
  return file
end

-- Prints a record by the options format and output; `page`, if given, writes what goes to standard output.
function render.show(record, options, page)
  options = options or {}
  local text = render.text(record, options.format)
  local file = opened(options)
  if page and file == io.stdout then return page(text) end
  write_out(file, text)
  if file ~= io.stdout then file:close() end
end

-- The exit status of a record in a format: monitors have their own.
function render.exit(record, format)
  if type(record) ~= "table" or not record.kind or record.shown then return type(record) == "table" and record.exit or nil end
  local view = view_of(record)
  return view.exit and view.exit(record, format) or record.exit
end

-- For results that are written one by one: object(json, id) writes a line at once, write(text) any text, close() ends it.
function render.stream(options)
  local file, stream = opened(options or {}), {}
  function stream:object(json, id) write_out(file, render.enveloped(json, id) .. "\n") end
  function stream:write(text) write_out(file, text) end
  function stream:close()
    if file ~= io.stdout then file:close() end
  end
  return stream
end

return render
