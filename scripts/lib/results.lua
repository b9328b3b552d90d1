-- Owns: what becomes of results as they come in: a page for a few, a table for many, or JSON that goes out at once. Callers: explain's
-- inputs and the readers that they choose.
local render = require "ehlo.render"
local results = {}

local KEEP = 3 -- so many are shown each by itself

local sink = {}
sink.__index = sink
sink.keeps = KEEP

-- args: the option values of the command.
function results.new(args)
  local self = setmetatable({args = args, format = args.format or "text", count = 0, items = {}, others = {}}, sink)
  self.streams = self.format == "json" or self.format == "ndjson"
  return self
end

-- Where results are counted.
function sink:tally()
  self.counts = self.counts or mail.tally()
  return self.counts
end

local function write(self, text)
  self.stream = self.stream or render.stream(self.args)
  self.stream:write(text)
end

-- One object: lines go out as they come, an array begins with the second.
local function write_object(self, object)
  if self.format == "ndjson" then return write(self, render.enveloped(object) .. "\n") end
  if self.count == 1 then
    self.first = object
  else
    if self.first then write(self, '{"ehlo":1,"results":[' .. self.first) end
    self.first = nil
    write(self, "," .. object)
  end
end

-- NDJSON that is made already, `n` lines of it.
function sink:lines(text)
  if text == "" then return end
  if self.format == "ndjson" then return write(self, text) end
  for object in text:gmatch('{"ehlo":1,([^\n]*)\n') do
    self.count = self.count + 1
    write_object(self, "{" .. object)
  end
end

local arrived = {delivered = true, relayed = true, expanded = true}

-- A notice that a mail arrived names recipients as well, and is no failure.
local function count_explanations(self, item)
  local failed = 0
  for _, e in ipairs(item.explanations or {item.explanation}) do
    if item.kind ~= "delivery-notice" and not arrived[e.action] then
      self:tally():add(e, {address = e.address, input = item.input, text = e.said})
      failed = failed + 1
    end
  end
  if item.kind ~= "bounce" and item.explanations and failed == 0 then
    self.others[item.kind] = (self.others[item.kind] or 0) + 1
  end
end

-- item: {input, kind, message, explanation or explanations}. `counted`: the tally has it already.
function sink:add(item, counted)
  self.count = self.count + 1
  if self.streams then
    for _, object in ipairs(require("ehlo.view.explanation").json {items = {item}}) do write_object(self, object) end
    return
  end
  if self.args.follow then return write(self, require("ehlo.view.tally").line(item) .. "\n") end
  if self.count <= KEEP then self.items[self.count] = item end
  if counted then return end
  if self.count <= KEEP then
    self.waiting = self.waiting or {}
    table.insert(self.waiting, item)
    return
  end
  self:count_waiting()
  count_explanations(self, item)
end

-- More have come than are shown: those that were kept are counted.
function sink:count_waiting()
  for _, each in ipairs(self.waiting or {}) do count_explanations(self, each) end
  self.waiting = nil
end

-- A mail of that kind, whose recipients the tally has already.
function sink:counted_mail(kind, recipients)
  self:count_waiting()
  self.count = self.count + 1
  if kind ~= "bounce" and recipients == 0 then self.others[kind] = (self.others[kind] or 0) + 1 end
end

-- Of what is damaged the part before is told all the same, and the exit status says that it is not all.
function sink:damaged(path, message)
  io.stderr:write("ehlo: explain: ", report.escape(path), ": ", report.escape(message), "\n")
  self.exit = 1
end

-- So many more were counted, and nothing else.
function sink:counted(n) self.count = self.count + n end

-- Whether items are wanted still, or a count will do.
function sink:wants_items() return not self.streams and (self.args.follow or self.count <= KEEP) end

local function end_stream(self)
  if self.format == "json" then
    local summary = self.counts and require("ehlo.view.tally").summary_json(self.counts)
    if self.first then
      write(self, render.enveloped(self.first) .. "\n")
    elseif self.count == 0 then
      write(self, '{"ehlo":1,"results":[]' .. (summary and ',"summary":' .. summary or "") .. "}\n")
    else
      write(self, "]" .. (summary and ',"summary":' .. summary or "") .. "}\n")
    end
  end
  if self.stream then self.stream:close() end
  return {shown = true, exit = self.exit}
end

-- The record of all that came.
function sink:finish()
  if self.streams then return end_stream(self) end
  if self.args.follow then return {shown = true, exit = self.exit} end
  if self.count > 0 and self.count <= KEEP then return {kind = "explanation", items = self.items, exit = self.exit} end
  return {kind = "tally", counts = self:tally(), others = self.others, paths = self.paths, exit = self.exit, verbose = self.args.verbose}
end

return results
