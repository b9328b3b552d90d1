-- Owns: what `ehlo explain` was handed: words, files or a pipe; telling what each is, and giving it to the module that reads it.
-- Callers: the command explain.
--
-- A reader is a function(source, sink, args). It calls sink:add(item) for each result: {input, kind, message, explanations}.
local trouble = require "ehlo.trouble"
local inputs = {}

-- kind of a source: the module in scripts/lib whose function `read` takes it. What has none here is read as a reply.
inputs.readers = {mail = "mails", mbox = "mails", folder = "mails"}

local TEXT_MAX = 1 << 20

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

local sink = {}
sink.__index = sink

function sink:add(item) self.items[#self.items + 1] = item end

local function add_reply(text, name, out, args)
  local explanation, message = codes.explain(text, {phase = args.phase})
  if not explanation then trouble.usage("%s", message) end
  out:add {input = name or text, kind = "reply", explanation = explanation}
end

local function read_source(path, out, args)
  local source, message = mail.open(path, {follow = args.follow})
  if not source then trouble.fail("explain: %s: %s.", report.escape(path), report.escape(message)) end
  local reader = inputs.readers[source.kind]
  if reader then
    require("ehlo." .. reader).read(source, out, args)
  else
    local parts, total = {}, 0
    for piece in function() return total < TEXT_MAX and source:read() or nil end do
      parts[#parts + 1], total = piece, total + #piece
    end
    add_reply(table.concat(parts), nil, out, args)
  end
  source:close()
end

-- The record of everything that was handed in.
function inputs.explain(args)
  local out = setmetatable({items = {}}, sink)
  local paths = paths_of(args.input)
  if paths then
    for _, path in ipairs(paths) do read_source(path, out, args) end
  else
    add_reply(table.concat(args.input, " "), nil, out, args)
  end
  return {kind = "explanation", items = out.items}
end

return inputs
