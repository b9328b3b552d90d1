-- Owns: what the words of the compare command stand for: codes, hosts, files, or values at the prompt. Callers: the compare command.
local trouble = require "ehlo.trouble"
local compare_words = {}

local function looks_like_code(word)
  if word:match("^%d+%.%d+%.%d+%.%d+") then return false end -- an IPv4 address
  return word:match("^%s*[%-+]?%d[%d%.%s/]*$") ~= nil or word:match("^%s*$") ~= nil or word:match("^[%-+]?%d+%.%d+%.%d+$") ~= nil
end

local function looks_like_file(word)
  return word == "-" or word:find("/", 1, true) ~= nil or word:find("%.json$") ~= nil or word:find("%.ndjson$") ~= nil
end

-- What a word at the prompt names: a session, a probe's record and the like, else nil.
local function value_of(word)
  local value = word:match("^[%a_][%w_]*$") and rawget(_G, word)
  return value and type(value) ~= "function" and require("ehlo.pretty").record_of(value) and value or nil
end

local function what(word)
  if looks_like_code(word) then return "code" end
  if looks_like_file(word) then return "file" end
  return value_of(word) and "value" or "host"
end

local function all_codes(args)
  for _, word in ipairs(args.things) do
    if what(word) ~= "code" then return false end
  end
  return true
end

-- Where only the exit status is wanted, nothing is shown.
local function ended(args, record)
  record.exit = args.exit_code and #record.comparison.differences > 0 and 1 or 0
  record.shown = args.exit_code and args.quiet
  return record
end

local function compare_codes(args)
  local comparison, message = codes.compare(table.unpack(args.things))
  if not comparison then trouble.usage("%s", message) end
  return ended(args, {kind = "comparison", comparison = comparison})
end

local makers = {}

function makers.code(word)
  local entry, message = codes.lookup(word)
  if not entry then trouble.usage("%s", message) end
  return require("ehlo.compare_inputs").value(entry)
end

function makers.file(word)
  local item, why = require("ehlo.compare_inputs").file(word)
  if not item then trouble.usage("%s cannot be compared: %s.", report.escape(word), why) end
  return item
end

function makers.value(word) return require("ehlo.compare_inputs").value(value_of(word)) end

-- Mixtures that cannot be meant are told before anything is probed.
local function check_mixture(kinds, things)
  for i, kind in ipairs(kinds) do
    for k = 1, i - 1 do
      local pair = kinds[k] .. " " .. kind
      if pair == "code host" or pair == "host code" then
        trouble.usage("compare: \"%s\" is a %s and \"%s\" a %s: give codes, or hosts.", report.escape(things[k]), kinds[k],
          report.escape(things[i]), kind)
      end
    end
  end
end

local function probe_hosts(args, kinds)
  local hosts = {}
  for i, kind in ipairs(kinds) do
    if kind == "host" then hosts[#hosts + 1] = {at = i, target = args.things[i]} end
  end
  local found = {}
  if #hosts == 0 then return found end
  local probing = require "ehlo.probing"
  local settings = {targets = {hosts[1].target}}
  for key, value in pairs(args) do settings[key] = value end
  probing.set_up(settings)
  local probe = probing.prober(settings)
  local _, errors = task.map(hosts, function(host)
    local record, why = probe(host.target)
    if not record then trouble.usage("%s", why) end
    local item = require("ehlo.compare_inputs").value(record)
    item.label = host.target
    found[host.at] = item
    return true
  end, {concurrency = #hosts})
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
  return found
end

-- The record of the command.
function compare_words.record(args)
  local comparing, inputs = require "ehlo.comparing", require "ehlo.compare_inputs"
  if all_codes(args) then return compare_codes(args) end
  if #args.things > comparing.MOST then trouble.usage("compare: at most %d things can be compared.", comparing.MOST) end
  local kinds, items = {}, {}
  for i, word in ipairs(args.things) do kinds[i] = what(word) end
  check_mixture(kinds, args.things)
  for i, word in ipairs(args.things) do
    if makers[kinds[i]] then items[i] = makers[kinds[i]](word) end
  end
  for i, item in pairs(probe_hosts(args, kinds)) do items[i] = item end
  local ready, why = inputs.ready(items)
  if not ready then trouble.usage("compare: %s.", why) end
  local comparison = comparing.compare(ready)
  return ended(args, {kind = "differences", comparison = comparison, verbose = args.verbose})
end

return compare_words
