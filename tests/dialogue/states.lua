-- Owns: the client's side of each state: probes, and verbs of a script. Run by test_states.py with a list of what to do, a
-- line each: id, port, deadline in seconds or 0, state, options. It prints a line of JSON for each.
shell.allow("send")
shell.allow("login")
shell.allow("intrusive")

local function begun(target, options)
  local s = assert(smtp.connect(target, options))
  assert(s:ehlo())
  return s
end

local function with_recipient(target, options)
  local s = begun(target, options)
  assert(s:mail("") and s:rcpt("user@example.org"))
  return s
end

-- Each gives the session, and what its last verb gave.
local verbs = {
  ["LHLO"] = function(...)
    local s = assert(smtp.connect(...))
    return s, s:lhlo()
  end,
  ["XCLIENT"] = function(...)
    local s = begun(...)
    return s, s:xclient {ADDR = "192.0.2.1"}
  end,
  ["DATA"] = function(...)
    local s = with_recipient(...)
    return s, s:data("Subject: x\n\n.dot\n")
  end,
  ["BDAT"] = function(...)
    local s = with_recipient(...)
    return s, s:bdat("chunk\r\n")
  end,
  ["BDAT LAST"] = function(...)
    local s = with_recipient(...)
    return s, s:bdat("chunk\r\n", true)
  end,
  ["MAIL among three commands at once"] = function(...)
    local s = begun(...)
    local list, message, err = s:pipeline {"RSET", "MAIL FROM:<>", "NOOP"}
    return s, list and list[2], message, err
  end,
}
verbs["after the dot"] = verbs.DATA
for name, verb in pairs {VRFY = "vrfy", EXPN = "expn", NOOP = "noop", HELP = "help"} do
  verbs[name] = function(...)
    local s = begun(...)
    return s, s[verb](s, name == "VRFY" and "user" or name == "EXPN" and "list" or nil)
  end
end

local function spoken(state, target, options)
  local s, reply, message, err = verbs[state](target, {tls = "none", timeout = options.timeout})
  local after = reply and s:noop()
  local result = {code = reply and reply.code, message = message, class = err and err.class, phase = err and err.phase,
    closed = s.closed, outcome = s.outcome, outcome_phase = s.phase, after = after and after.code}
  s:close()
  return result
end

local function probed(target, options)
  local mechanism = options.mechanism
  options.mechanism = nil
  if mechanism then options.auth = {mechanism = mechanism, user = "user", secret = "c4nary"} end
  local r = smtp.probe(target, options)
  return {outcome = r.outcome, exit = r.exit, outcome_phase = r.phase, message = r.failure and r.failure.text,
    code = r.reply and r.reply.code, helo = r.helo_fallback}
end

local function read_options(text)
  local options = {}
  for key, value in text:gmatch("(%w+)=(%S+)") do options[key] = value end
  return options
end

local tasks = {}
for line in io.lines((...)) do
  local id, port, deadline, state, rest = line:match("^(%d+)\t(%d+)\t([%d.]+)\t([^\t]+)\t(.*)$")
  local options = read_options(rest)
  options.timeout = tonumber(deadline) > 0 and tonumber(deadline) or nil
  tasks[#tasks + 1] = {id = tonumber(id), state = state, target = "127.0.0.1:" .. port, options = options}
end
local results, errors = task.map(tasks, function(each)
  local result = (verbs[each.state] and spoken or probed)(verbs[each.state] and each.state or each.target,
    verbs[each.state] and each.target or each.options, each.options)
  result.id = each.id
  return result
end, {concurrency = #tasks})
for i, each in ipairs(tasks) do
  local result = results[i] or {id = each.id, raised = tostring(errors and errors[i])}
  print(report.json(result))
end
