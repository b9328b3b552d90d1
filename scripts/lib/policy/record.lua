-- Owns: how a policy is looked into: questions within limits, the trace of them, findings, and the record that comes of it all.
-- Callers: the modules beside it. A record under way has the methods below; finish() leaves a plain table for scripts and views.
local record = {}

local TIMEOUT, LONGEST = 30, 12 -- seconds for the whole, and for one question
local LOOKUPS, TRACE, ANSWER = 200, 2000, 2048 -- questions, lines of the trace, bytes of an answer in it

local ORDER = {"kind", "policy", "subject", "verdict", "summary", "fix", "evidence", "reference", "findings", "trace"}
local levels = {fail = 1, warn = 2, info = 3}
local of_trace = {__order = {"what", "answer", "seconds", "secure", "depth"}}
local of_finding = {__order = {"id", "level", "text", "evidence", "fix", "reference"}}

local under_way = {}

local function state_of(r) return getmetatable(r).state end

-- fields: policy, subject, timeout and lookups (limits of the whole); all others stay in the record.
function record.new(fields)
  local r = {kind = "policy", findings = {}, trace = {}}
  local state = {depth = 0, asked = 0, lookups = fields.lookups or LOOKUPS, ends = shell.clock() + (fields.timeout or TIMEOUT)}
  for key, value in pairs(fields) do
    if key ~= "timeout" and key ~= "lookups" then r[key] = value end
  end
  return setmetatable(r, {__index = under_way, state = state})
end

-- A line of the trace; more: seconds, secure, depth (that of the moment).
-- What somebody publishes may be long, or come a thousand times.
local function bounded(text)
  if type(text) ~= "string" or #text <= ANSWER then return text end
  return (text:sub(1, ANSWER):gsub("[\xC0-\xFF][\x80-\xBF]*$", "")) .. " ..."
end

function under_way:note(what, answer, more)
  more = more or {}
  local line = {what = what, answer = bounded(answer), seconds = more.seconds, secure = more.secure,
    depth = more.depth or state_of(self).depth}
  if #self.trace < TRACE then self.trace[#self.trace + 1] = setmetatable(line, of_trace) end
  return line
end

-- What f notes stands one step further in.
function under_way:inside(f, ...)
  local state = state_of(self)
  state.depth = state.depth + 1
  local results = table.pack(f(...))
  state.depth = state.depth - 1
  return table.unpack(results, 1, results.n)
end

-- A record for a task of its own, with the limits of this one; join() puts what it noted behind what is here.
function under_way:branch()
  local of = state_of(self)
  local r = {trace = {}, findings = {}}
  return setmetatable(r, {__index = under_way, state = {depth = of.depth, asked = of.asked, lookups = of.lookups, ends = of.ends}})
end

function under_way:join(branch)
  for _, line in ipairs(branch.trace) do self.trace[#self.trace + 1] = line end
  for _, finding in ipairs(branch.findings) do self:finding(finding) end
end

-- {id, level (fail, warn, info), text, evidence, fix, reference}. The same again (id and evidence) is said once.
function under_way:finding(finding)
  assert(levels[finding.level] and finding.id and finding.text, "a finding has an id, a level and a text")
  finding.evidence = bounded(finding.evidence)
  for _, other in ipairs(self.findings) do
    if other.id == finding.id and other.evidence == finding.evidence then return other end
  end
  self.findings[#self.findings + 1] = setmetatable(finding, of_finding)
  return finding
end

local function quoted(r) return '"' .. (r.text or "") .. '"' end
local function host(r) return r.host end
local function address(r) return r.address end
local shown = {
  txt = quoted, a = address, aaaa = address, ptr = host, ns = host, cname = host,
  mx = function(r) return ("%d %s"):format(r.preference or 0, r.host or "?") end,
  tlsa = function(r) return ("%d %d %d %s"):format(r.usage or -1, r.selector or -1, r.matching or -1, r.data or "") end,
}

local reasons = {
  nxdomain = "the name does not exist", ["no-data"] = "no such record", timeout = "no answer in time", servfail = "server failure",
  refused = "refused", bogus = "bogus: the signatures do not hold", name = "no name that DNS could hold", malformed = "a malformed answer",
  loop = "its aliases lead in a circle", resolver = "the resolver could not be used",
  limit = "not asked: too many questions already",
}

-- What was answered, in the words of the trace.
function record.answer(type, list, message, err)
  if not list then return reasons[err and err.reason or ""] or message end
  if #list == 0 then return reasons["no-data"] end
  local parts = {}
  for i = 1, math.min(#list, 20) do parts[i] = (shown[type] or function() return "a record" end)(list[i]) end
  if #list > 20 then parts[#parts + 1] = ("and %d more"):format(#list - 20) end
  return table.concat(parts, ", ")
end

local function not_asked(state, name)
  if state.asked >= state.lookups then return name .. ": too many questions", {class = "dns-failed", phase = "dns", reason = "limit"} end
  if shell.clock() >= state.ends then return name .. ": no time is left", {class = "dns-failed", phase = "dns", reason = "timeout"} end
end

-- Asks dns.TYPE(name), and notes what came: a list, or nil, message, err. options: timeout; show(list), in place of the trace's own words.
function under_way:lookup(type, name, options)
  local state = state_of(self)
  local began, list = shell.clock(), nil
  local message, err = not_asked(state, name)
  if not message then
    state.asked = state.asked + 1
    local timeout = math.max(math.min(options and options.timeout or LONGEST, state.ends - began), 0.001)
    list, message, err = dns[type](name, {timeout = timeout})
  end
  local answer = list and #list > 0 and options and options.show and options.show(list) or record.answer(type, list, message, err)
  local secure = list and (list.secure or list[1] and list[1].secure)
  if err and err.reason == "nxdomain" then secure = err.secure end
  self:note(type:upper() .. " " .. name, answer, {seconds = shell.clock() - began, secure = secure})
  return list, message, err
end

-- The worst first, else as they came.
local function in_order(findings)
  local place = {}
  for i, finding in ipairs(findings) do place[finding] = levels[finding.level] * 1000000 + i end
  table.sort(findings, function(a, b) return place[a] < place[b] end)
end

-- As the other objects: what it is as text is its page.
local function page(r) return (require("ehlo.render").text(r):gsub("\n$", "")) end

-- Ends it: result has verdict, summary, and perhaps fix, evidence, reference and fields of its own.
function under_way:finish(result)
  for key, value in pairs(result) do self[key] = value end
  self.evidence = bounded(self.evidence)
  in_order(self.findings)
  return setmetatable(self, {__order = ORDER, __name = "ehlo.policy", __tostring = page})
end

-- What to do first: the fix of the gravest finding that has one.
function record.first_fix(r)
  for _, level in ipairs {"fail", "warn"} do
    for _, finding in ipairs(r.findings) do
      if finding.level == level and finding.fix then return finding.fix end
    end
  end
end

-- What a script passed: raises for unknown keys, naming them.
function record.check_options(given, known, what)
  if given == nil then return {} end
  if type(given) ~= "table" then error(("%s: a table was expected, not a %s"):format(what, type(given)), 3) end
  for key in pairs(given) do
    if not known[key] then error(("%s: unknown option \"%s\""):format(what, report.escape(tostring(key))), 3) end
  end
  return given
end

return record
