-- Owns: what explain does with mails: one, those of an mbox, those of a folder. Callers: explain's inputs.
-- An mbox is read piece by piece, so that its size does not matter; of one mail no more than MAIL_MAX bytes are looked at.
local trouble = require "ehlo.trouble"
local mails = {}

local MAIL_MAX = 1 << 20
local PIECE = 1 << 16
local TAIL = 8 -- bytes that may be the beginning of a separator
local LOOK = 400 -- bytes behind a separator that show whether it is one

-- Lines of JSON go out many at a time.
local waiting = {size = 0}

local function flush(sink)
  if waiting.size > 0 then sink:lines(table.concat(waiting)) end
  waiting = {size = 0}
end

local function warn(input, message)
  io.stderr:write("ehlo: explain: ", report.escape(input), ": ", report.escape(message), "\n")
end

local function add_line(line, sink)
  waiting[#waiting + 1], waiting.size = line, waiting.size + #line
  if waiting.size >= PIECE then flush(sink) end
end

local function add(bytes, input, sink)
  local told, message = mail.explain(bytes, sink.streams and input or nil)
  if not told then return warn(input, message) end
  if sink.streams then return add_line(told, sink) end
  told.input = input
  sink:add(told)
end

local function read_one(source, sink)
  local parts, total = {}, 0
  -- a small file is read at once, into no more room than it needs
  local size = source.regular and not source.compression and source.size or MAIL_MAX
  while total < math.min(size, MAIL_MAX) do
    local piece, message = source:read(math.min(size, PIECE))
    if message then sink:damaged(source.path, message) end
    if not piece then break end
    parts[#parts + 1], total = piece, total + #piece
  end
  add(table.concat(parts), source.path, sink)
end

-- The separator is an empty line and "From sender date"; lines end in LF, CRLF or CR.
local function separator_of(bytes)
  local line_end = bytes:match("[\r\n]+") or "\n"
  local one = line_end:sub(1, 2) == "\r\n" and "\r\n" or line_end:sub(1, 1)
  return one .. one .. "From ", #one
end

-- "From " also begins sentences: a date must follow, and on the next line a field.
local function is_envelope(bytes, at)
  local line, rest = bytes:sub(at, at + LOOK - 1):match("^From ([^\r\n]*)\r?\n?([^\r\n]*)")
  return line ~= nil and line:find("%d:%d%d") ~= nil and (rest:find("^[%w_-]+:") or rest:find("^>From ")) ~= nil
end

-- What was read of an mbox and not yet given out. `first` is where the current mail begins, `from` where the search goes on.
local box = {}
box.__index = box

-- Reads on. What was given out goes, and of a mail beyond the maximum all but what may begin a separator.
function box:more()
  local piece, message = self.source:read()
  if message then self.trouble(message) end
  if not piece then self.ended = true return end
  local rest = self.kept:sub(self.first)
  if #rest >= MAIL_MAX + TAIL then rest = rest:sub(1, MAIL_MAX) .. rest:sub(-TAIL) end
  self.from = math.max(1, math.min(self.from - self.first + 1, #rest - TAIL))
  self.kept, self.first = rest .. piece, 1
  self.separator, self.width = separator_of(self.kept)
end

-- Gives the current mail out, which ends before `stop`; the next one begins at `start`.
function box:take(stop, start)
  local found = self.kept:sub(self.first, math.min(stop - 1, self.first + MAIL_MAX - 1))
  self.first, self.from = start, start
  return found ~= "" and found or nil
end

function box:next()
  while true do
    local at = self.separator and self.kept:find(self.separator, self.from, true)
    if at and (#self.kept - at >= LOOK + 2 * self.width or self.ended) then
      local start = at + 2 * self.width
      if is_envelope(self.kept, start) then return self:take(at + self.width, start) end
      self.from = at + 1
    elseif self.ended then
      return self:take(#self.kept + 1, #self.kept + 1)
    else
      self.from = at or math.max(self.from, #self.kept - TAIL)
      self:more()
    end
  end
end

-- An iterator over the mails of a source; `trouble(message)` is told where it is damaged.
function mails.of_mbox(source, trouble_of)
  local it = setmetatable({source = source, trouble = trouble_of, kept = "", first = 1, from = 1}, box)
  return function() return it:next() end
end

local function read_mbox(source, sink)
  local first, n = nil, 0
  for bytes in mails.of_mbox(source, function(message) sink:damaged(source.path, message) end) do
    n = n + 1
    sink.told:step()
    if n == 1 then
      first = bytes
    else
      if n == 2 then add(first, source.path .. ":1", sink) first = nil end
      add(bytes, ("%s:%d"):format(source.path, n), sink)
    end
  end
  if first then add(first, source.path, sink) end
end

local read_folder

local function read_path(path, sink, args)
  local source, message = mail.open(path)
  if not source then
    return warn(path, message)
  end
  if source.kind == "folder" then
    read_folder(source, sink, args)
  elseif source.kind == "mbox" then
    read_mbox(source, sink)
  elseif source.kind == "log" or source.kind == "queue" then
    flush(sink)
    require("ehlo.logs").read(source, sink, args)
  else
    read_one(source, sink)
  end
  source:close()
end

-- Most files of a folder are small mails, whose lines are made without reading them here.
local function read_file(path, sink, args)
  if sink.streams then
    local line = mail.explain_file(path)
    if line then return add_line(line, sink) end
  elseif sink.count > sink.keeps and not args.follow then
    local kind, recipients = mail.explain_file(path, sink:tally())
    if kind then return sink:counted_mail(kind, recipients) end
  end
  read_path(path, sink, args)
end

-- A Maildir has its mails in cur and new; any other folder is taken as it is.
function read_folder(source, sink, args)
  local names, message = mail.list(source.path)
  if not names then trouble.fail("explain: %s: %s.", report.escape(source.path), report.escape(message)) end
  local is_maildir = {}
  for _, name in ipairs(names) do is_maildir[name] = true end
  if is_maildir.cur and is_maildir.new then names = {"cur", "new"} end
  table.sort(names)
  local folder = source.path:gsub("/$", "") .. "/"
  local holds_mails = #names > 0 and names[1] ~= "cur"
  if holds_mails then sink.told.total = (sink.told.total or 0) + #names end
  for _, name in ipairs(names) do
    read_file(folder .. name, sink, args)
    if holds_mails then sink.told:step() end
  end
end

local readers = {mail = read_one, mbox = read_mbox, folder = read_folder}

function mails.read(source, sink, args)
  waiting = {size = 0} -- what an interrupted run left is nobody's
  sink.told = require("ehlo.progress").new("mails read", nil, args.quiet)
  readers[source.kind](source, sink, args)
  sink.told:finish()
  flush(sink)
end

return mails
