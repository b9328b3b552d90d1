-- Owns: how the probe command goes through its targets: one, several that are shown together, or a stream with a line each. Callers:
-- the probe command.
local trouble = require "ehlo.trouble"
local probing = {}

local GREYLISTED = "refused-temporarily"

-- The options of smtp.probe that the command line gives, under the names of both.
function probing.options(args)
  local same = {"to", "from", "helo", "tls", "implicit_tls", "tls_min", "tls_max", "alpn", "ca_file", "certificate", "key", "family", "source",
    "timeout", "sni", "lmtp", "xclient", "proxy_source", "proxy_destination", "per_address", "rate"}
  local options = {mail = args.mail_parameters, rcpt = args.rcpt_parameters, proxy = args.proxy and math.tointeger(args.proxy:sub(2))}
  for _, key in ipairs(same) do options[key] = args[key] end
  if args.lmtp then options.port = 24 end
  if args.pipe then
    options.pipe = {}
    for word in args.pipe:gmatch("%S+") do table.insert(options.pipe, word) end
    if not options.pipe[1] then trouble.usage("--pipe needs the path of a program.") end
    if #args.targets > 1 then trouble.usage("--pipe talks to one program: leave the targets away.") end
    if not args.targets[1] then args.targets[1] = "program" end
  elseif not args.targets[1] then
    trouble.usage("probe: give a host, host:port or address; - reads them from standard input.")
  end
  return options
end

-- The resolver and the witnesses that the command line names.
function probing.set_up(args)
  if args.resolver or args.recursive or args.trust_anchor then
    local ok, why = smtp.resolver {server = args.resolver, recursive = args.recursive, trust_anchor = args.trust_anchor}
    if not ok then trouble.usage("--resolver %s: %s", report.escape(args.resolver or ""), why) end
  end
  if args.witness then
    local ok, why = smtp.witnesses(args.witness[1] == "none" and {} or args.witness)
    if not ok then trouble.usage("--witness: %s", why) end
  end
end

-- What is of no use, or means nothing, where the target is a domain.
local function check_domain(args)
  for _, name in ipairs {"pipe", "auth", "retry_greylisted", "sni"} do
    if args[name] then trouble.usage("--%s is about one host, and --mx about all hosts of a domain.", (name:gsub("_", "-"))) end
  end
end

-- A function that probes one target: a record, or nil and why it cannot be probed at all.
function probing.prober(args)
  if args.mx then
    check_domain(args)
    local options = probing.options(args)
    return function(target) return smtp.probe_mx(target, options) end
  end
  local options, auth_of = probing.options(args), require("ehlo.secret").reader(args)
  return function(target)
    if not auth_of then return smtp.probe(target, options) end
    local with = {auth = auth_of(target)}
    for key, value in pairs(options) do with[key] = value end
    return smtp.probe(target, with)
  end
end

local function is_greylisted(record)
  return record.outcome == GREYLISTED and record.explanation and record.explanation.cause == "greylisted"
end

-- A target that puts off strangers: come back once, as a mail server would, and say what changed.
local function come_back(probe, first, args)
  if terminal.is_tty(2) and not args.quiet then
    io.stderr:write(("%s: greylisted; trying again in %g s\n"):format(report.escape(first.target), args.retry_greylisted))
  end
  task.sleep(args.retry_greylisted)
  local second = probe(first.target)
  local verdict = second.outcome == "ready" and "it was then accepted: nothing stands in the way of a server that retries"
    or is_greylisted(second) and "it is greylisted still: wait longer, or retry from the very same address"
    or "the outcome is now " .. second.outcome
  return second, ("Greylisted at first; tried again after %g s: %s."):format(args.retry_greylisted, verdict)
end

local function must(record, why)
  if not record then trouble.usage("%s", why) end
  return record
end

local function all_ready(items)
  for _, record in ipairs(items) do
    if record.outcome ~= "ready" then return false end
  end
  return true
end

-- Everything is probed, then shown together.
function probing.together(args)
  local probe = probing.prober(args)
  local next_item, list = require("ehlo.targets").each(args.targets), {}
  for item in next_item do
    if item.wrong then trouble.usage("%s.", item.wrong) end
    list[#list + 1] = item.target
  end
  if #list == 1 then
    local items, note = {must(probe(list[1]))}, nil
    if args.retry_greylisted and is_greylisted(items[1]) then items[2], note = come_back(probe, items[1], args) end
    return {kind = args.mx and "mx_probe" or "probe", items = items, note = note, verbose = args.verbose, exit = items[#items].exit}
  end
  local progress = require("ehlo.progress").new("probed", #list, args.quiet)
  local items, errors = task.map(list, function(target)
    local record = must(probe(target))
    progress:step()
    return record
  end, {concurrency = args.concurrency or 1})
  progress:finish()
  if errors then
    local _, first = next(errors)
    error(first, 0)
  end
  return {kind = args.mx and "mx_probe" or "probe", items = items, verbose = args.verbose, exit = all_ready(items) and 0 or 1}
end

local function unusable(item, why)
  return report.json(setmetatable({target = item.target, outcome = report.null, exit = 2, error = why},
    {__order = {"target", "outcome", "exit", "error"}}))
end

local function cut_off(item, exit)
  return report.json(setmetatable({target = item.target, outcome = "cancelled", exit = exit}, {__order = {"target", "outcome", "exit"}}))
end

-- One object a target, written as soon as it is known, in the order of the answers. What was under way when somebody ended the run is
-- marked as cancelled, so that every target that was taken up has its line.
function probing.stream(args)
  local render = require "ehlo.render"
  local probe, next_item = probing.prober(args), require("ehlo.targets").each(args.targets)
  local out, under_way, ready = render.stream(args), {}, true
  local progress = require("ehlo.progress").new("probed", nil, args.quiet)
  trouble.when_interrupted(function(exit)
    for item in pairs(under_way) do out:object(cut_off(item, exit), item.id) end
  end)
  local function worker()
    for item in next_item do
      under_way[item] = true
      local record, why
      if item.wrong then why = item.wrong else record, why = probe(item.target) end
      ready = ready and record ~= nil and record.outcome == "ready"
      under_way[item] = nil
      out:object(record and report.json(record) or unusable(item, why), item.id)
      progress:step()
    end
  end
  local workers = {}
  for i = 1, args.concurrency or 1 do workers[i] = task.spawn(worker) end
  for _, each in ipairs(workers) do
    local _, why, err = each:wait()
    if err then error(why, 0) end
  end
  progress:finish()
  out:close()
  return {shown = true, exit = ready and 0 or 1}
end

return probing
