-- Owns: what `ehlo explain` was handed: words, files or a pipe; telling what each is, and giving it to the module that reads it.
-- Callers: the command explain.
--
-- A reader is a function(source, sink, args). It calls sink:add(item) for each result: {input, kind, message, explanations}.
local trouble = require "ehlo.trouble"
local inputs = {}

-- kind of a source: the module in scripts/lib whose function `read` takes it. What has none here is read as a reply.
inputs.readers = {replies = "replies", log = "logs", queue = "logs", mail = "mails", mbox = "mails", folder = "mails"}

local TEXT_MAX, LINES_MAX, LENGTH_MAX = 1 << 20, 8, 2000

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- "550" and "5.1.1" are codes, whatever lies in the folder.
local function is_code(word) return word:match("^[2-5]%d%d$") or word:match("^[245]%.%d+%.%d+$") end

local endings = {eml = true, msg = true, mbox = true, log = true, gz = true, bz2 = true, xz = true, zst = true, txt = true}

-- A word that can only be meant as a file: with a slash, or an ending that mails and logs have.
local function looks_like_path(word)
  if word:find("%s") or word:match("^%a+://") or word:match("^[2-5]%d%d") then return false end
  return word:find("/", 1, true) ~= nil or endings[word:match("%.(%w+)$") or ""] == true
end

-- The words as a list of paths, or nil where they are a text.
local function paths_of(words)
  local found, missing = 0, nil
  for _, word in ipairs(words) do
    if word == "-" or not is_code(word) and exists(word) then
      found = found + 1
    else
      missing = missing or word
    end
  end
  if not missing then return words end
  if found > 0 and looks_like_path(words[1]) or #words == 1 and looks_like_path(missing) then
    trouble.usage("explain: there is no file %s.", report.escape(missing))
  end
  return nil
end

-- Rotated logs, oldest first: what is said of a message begins in the older one.
local function in_order(paths)
  if #paths < 2 then return paths end
  local rows = {}
  for i, path in ipairs(paths) do
    local source = path ~= "-" and mail.open(path)
    local changed = source and source.kind == "log" and source.changed or math.maxinteger
    rows[i] = {path = path, changed = changed, place = i}
    if source then source:close() end
  end
  table.sort(rows, function(a, b)
    if a.changed ~= b.changed then return a.changed < b.changed end
    return a.place < b.place
  end)
  local list = {}
  for i, row in ipairs(rows) do list[i] = row.path end
  return list
end

local function explained(text, args)
  local explanation, message = codes.explain(text, {phase = args.phase})
  if not explanation then trouble.usage("%s", message) end
  return explanation
end

local function add_reply(text, sink, args)
  sink:add {input = text, kind = "reply", explanation = explained(text, args)}
end

-- A line or a few may be something that nobody has seen yet; a page without a code, or bytes, are something else.
local function is_no_reply(text, explanation)
  local nothing = explanation.evidence_kind == "digits" and not explanation.code and not explanation.enhanced
  local _, lines = text:gsub("\n", "")
  local long, binary = #text > LENGTH_MAX, text:find("\0", 1, true) ~= nil
  return nothing and (lines > LINES_MAX or long or binary) or long and binary
end

local function read_text(source, sink, args, alone)
  local parts, total = {}, 0
  local name = source.path == "-" and "standard input" or report.escape(source.path)
  for piece, message in function() if total < TEXT_MAX then return source:read() end end do
    if message then sink:damaged(source.path, message) end
    parts[#parts + 1], total = piece, total + #piece
  end
  local text = table.concat(parts):gsub("^\xEF\xBB\xBF", "")
  if text:find("^\xFF\xFE") or text:find("^\xFE\xFF") then
    trouble.usage("explain: %s is UTF-16: turn it into UTF-8 first, with iconv -f UTF-16 -t UTF-8.", name)
  end
  if not text:find("%S") then trouble.usage("explain: %s is empty: there is nothing to explain.", name) end
  local explanation = explained(text, args)
  if not is_no_reply(text, explanation) then return sink:add {input = text, kind = "reply", explanation = explanation} end
  local message = ("%s is neither a reply nor a log, a queue listing or a mail that is known here"):format(name)
  if alone then trouble.usage("explain: %s.", message) end
  io.stderr:write("ehlo: explain: ", message, "\n")
end

-- What is told of begins before it fails: of a journal so much more is read, in seconds, to know the senders.
local LEAD = 3600

-- The files' way to be named for the journal of this machine.
local JOURNAL = "--journal"

local function open(path, args)
  local since = args.since and math.max(0, require("ehlo.logs").since(args.since) - LEAD)
  if path == JOURNAL and args.journal then return mail.open {journal = true, follow = args.follow, since = since} end
  return mail.open(path, {follow = args.follow, since = since})
end

local function read_source(path, sink, args, alone)
  local source, message = open(path, args)
  if not source then trouble.fail("explain: %s: %s.", report.escape((path:gsub("^%-%-", ""))), report.escape(message)) end
  local reader = inputs.readers[source.kind]
  if args.follow and (source.kind == "empty" or source.kind == "reply") then reader = "logs" end
  if reader then
    require("ehlo." .. reader).read(source, sink, args)
  elseif alone or source.kind ~= "empty" then
    read_text(source, sink, args, alone)
  end
  source:close()
end

-- Where it can only be a reply the module that reads logs is left alone.
local function is_log(text) return not text:match("^%s*[2-5]%d%d[ %-/]") and text:find("%d%d:%d%d", 1) ~= nil and mail.kind(text) == "log" end

local function check(args, paths)
  if args.journal and #args.input > 0 then trouble.usage("explain: --journal reads the journal of this machine, and no other input with it.") end
  if args.journal and args.live then trouble.usage("explain: --live takes one bounce, not --journal.") end
  if not args.journal and #args.input == 0 then trouble.usage("explain: give INPUT: a reply, files or folders, or --journal.") end
  if args.follow and (not paths or #paths ~= 1) then
    trouble.usage("explain: --follow takes one log, as a file, - for standard input or --journal.")
  end
  if args.queue_id and not args.queue_id:match("^[%w-]+$") then
    trouble.usage("explain: --queue-id takes a queue id as the log has it, not \"%s\".", report.escape(args.queue_id))
  end
end

local function read_all(paths, sink, args)
  for _, path in ipairs(in_order(paths)) do read_source(path, sink, args, #paths == 1) end
end

-- One bounce, to be asked for again: what the file's own forms of output are does not matter then.
local function explain_live(paths, args)
  local sink = require("ehlo.results").new {quiet = args.quiet}
  if paths then read_all(paths, sink, args) end
  shell.allow("recipient")
  return require("ehlo.explain_live").run(sink.count == 1 and sink.items[1] or nil, args)
end

-- The record of everything that was handed in.
function inputs.explain(args)
  local paths = args.journal and {JOURNAL} or paths_of(args.input)
  check(args, paths)
  if args.live then return explain_live(paths, args) end
  local sink = require("ehlo.results").new(args)
  sink.paths = paths
  if paths then
    read_all(paths, sink, args)
  else
    local text = table.concat(args.input, " ")
    if not text:find("\n", 1, true) then text = text:gsub("\r", "\n") end
    if is_log(text) then
      require("ehlo.logs").text(text, sink, args)
    else
      add_reply(text, sink, args)
    end
  end
  if args.queue_id then return require("ehlo.logs").story(sink, args) end
  return sink:finish()
end

return inputs
