-- Owns: what the words of the compare command stand for: codes, hosts, files, or values at the prompt. Callers: the compare command.
local trouble = require "ehlo.trouble"
local compare_words = {}

local function looks_like_code(word)
  if word:match("^%d+%.%d+%.%d+%.%d+") then return false end -- an IPv4 address
  return word:match("^%s*[%-+]?%d[%d%.%s/]*$") ~= nil or word:match("^%s*$") ~= nil or word:match("^[%-+]?%d+%.%d+%.%d+$") ~= nil
end

-- "550 5.1.1 no such user": a reply as a server sent it.
local function looks_like_reply(word) return word:match("^[2-5]%d%d[ %-].*%a") ~= nil end

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
  if looks_like_reply(word) then return "reply" end
  if looks_like_file(word) then return "file" end
  return value_of(word) and "value" or "host"
end

local function all_codes(args)
  if #args.things < 2 then return false end
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
  return require("ehlo.compare.inputs").value(entry)
end

function makers.reply(word)
  local item = require("ehlo.compare.inputs").value(codes.explain(word))
  item.label = word
  return item
end

function makers.file(word)
  local item, why = require("ehlo.compare.inputs").file(word)
  if not item then trouble.usage("%s cannot be compared: %s.", report.escape(word), why) end
  return item
end

function makers.value(word) return require("ehlo.compare.inputs").value(value_of(word)) end

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

-- Every address of every MX host of a domain, the most preferred first: {target, address, label}.
local function mail_hosts(word)
  local domain, port = word:match("^(.-):(%d+)$")
  local found, why = dns.mail_hosts(domain or word)
  if not found then trouble.fail("%s: %s", report.escape(word), why) end
  local list = {}
  for _, host in ipairs(found.hosts) do
    for _, each in ipairs(host.addresses or {}) do
      local name = host.host:gsub("%.$", "")
      list[#list + 1] = {target = port and name .. ":" .. port or name, address = each.address,
        label = #host.addresses > 1 and name .. " " .. each.address or name}
    end
  end
  if #list == 0 then trouble.fail("%s: no host with an address takes its mail.", report.escape(word)) end
  return list
end

-- What is to be probed, in the order of the items.
local function targets_of(args, kinds)
  local list = {}
  for i, kind in ipairs(kinds) do
    if kind == "host" then
      local word = args.things[i]
      for _, each in ipairs(args.mx and mail_hosts(word) or {{target = word, label = word}}) do
        each.at, list[#list + 1] = i, each
      end
    end
  end
  return list
end

local function with_address(options, address)
  local own = {address = address}
  for key, value in pairs(options) do own[key] = value end
  return own
end

-- The items of the hosts that the command line names, all probed at once: lists by the place of the word that asked for them.
local function probe_hosts(args, kinds)
  local probing, found = require "ehlo.probing", {}
  local settings = setmetatable({targets = {"host"}}, {__index = args})
  probing.set_up(settings)
  local hosts = targets_of(args, kinds)
  if #hosts > require("ehlo.comparing").MOST then trouble.usage("compare: at most %d things can be compared.", require("ehlo.comparing").MOST) end
  local options = probing.options(settings)
  local items, errors = task.map(hosts, function(host)
    local record, why = smtp.probe(host.target, with_address(options, host.address))
    if not record then trouble.usage("%s", why) end
    local item = require("ehlo.compare.inputs").value(record)
    item.label = host.label
    if host.address then item.identity = host.label end
    return item
  end, {concurrency = math.max(#hosts, 1)})
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
  for i, host in ipairs(hosts) do
    found[host.at] = found[host.at] or {}
    table.insert(found[host.at], items[i])
  end
  return found
end

-- The record of the command.
function compare_words.record(args)
  local comparing, inputs = require "ehlo.comparing", require "ehlo.compare.inputs"
  if #args.things < 2 and not args.mx then trouble.usage("compare: give at least 2 things: codes, hosts, or files that ehlo wrote.") end
  if all_codes(args) then return compare_codes(args) end
  if #args.things > comparing.MOST then trouble.usage("compare: at most %d things can be compared.", comparing.MOST) end
  local kinds, made = {}, {}
  for i, word in ipairs(args.things) do kinds[i] = what(word) end
  check_mixture(kinds, args.things)
  for i, word in ipairs(args.things) do
    if makers[kinds[i]] then made[i] = {makers[kinds[i]](word)} end
  end
  local items, probed = {}, probe_hosts(args, kinds)
  for i = 1, #args.things do table.move(made[i] or probed[i], 1, #(made[i] or probed[i]), #items + 1, items) end
  if #items < 2 then trouble.usage("compare: %s is one thing: give another to set beside it.", report.escape(items[1].label)) end
  local ready, why = inputs.ready(items)
  if not ready then trouble.usage("compare: %s.", why) end
  local comparison = comparing.compare(ready)
  return ended(args, {kind = "differences", comparison = comparison, verbose = args.verbose})
end

return compare_words
