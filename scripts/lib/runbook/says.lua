-- Owns: results of steps made of what the bindings give: a failure, a refusing reply, a probe's record, a policy's verdict. Callers: the
-- runbook module, for runbooks.
local says = {}

local HUNG_UP = "Try again. Where the server ends the session each time, its log says why; ask its admin, and name the time."

local verdicts = {"pass", "warn", "fail", "skip", "unknown"}

-- A verdict in `more` takes the place of the one that the result has; true in place of a text leaves the text.
local function merged(result, more)
  local text = result.text
  for _, word in ipairs(verdicts) do text = text or result[word] end
  for _, word in ipairs(verdicts) do
    if more and more[word] then
      for _, each in ipairs(verdicts) do result[each] = nil end
      result.verdict, result.text = nil, nil
    end
  end
  for key, value in pairs(more or {}) do result[key] = value end
  for _, word in ipairs(verdicts) do
    if result[word] == true then result[word] = text end
  end
  return result
end

-- The lines of a session as evidence: what we said and what came, the last `most` of them.
function says.dialogue(session, most)
  local lines, transcript = {}, session.transcript or {}
  local marks = {sent = "> ", received = "< "}
  for _, entry in ipairs(transcript) do
    if marks[entry.direction] then lines[#lines + 1] = marks[entry.direction] .. entry.text end
  end
  return {table.unpack(lines, math.max(1, #lines - (most or 12) + 1))}
end

-- The reply by which the server ended a session, a 421 most often: it says more than that the connection is gone.
local function last_word(err)
  local last
  for _, exchange in ipairs(err and err.session and err.session.exchanges or {}) do
    if exchange.reply then last = exchange end
  end
  if last and last.reply.code >= 400 and (err.class or ""):find("^refused%-") then return last.reply, last.phase end
end

-- nil, message, err of a binding: the world said no. `more` adds to the result or replaces parts of it.
function says.failure(message, err, more)
  local result = {fail = message, cause = err and err.class, fix = err and require("ehlo.view.probe").fix(err.class)}
  local session = err and err.session
  if session then result.evidence = says.dialogue(session) end
  if session and session.banner and result.cause == "unreachable" then result.fix = HUNG_UP end
  local reply, phase = last_word(err)
  if reply then
    local e = reply:explain()
    result.fail = ("the server says at %s: %s"):format(require("ehlo.words").phase(phase), (tostring(reply):gsub("\n.*", "")))
    result.cause, result.acts, result.fix = e.cause ~= "unclear" and e.cause or result.cause, e.acts, e.fix
  end
  return merged(result, more)
end

-- A reply that refuses: fail, with what the catalogue knows of it.
function says.refused(text, reply, more)
  local e = reply:explain()
  local cause = e.cause ~= "unclear" and e.cause or nil
  local result = {fail = text, evidence = tostring(reply), cause = cause, acts = e.acts, fix = e.fix, next = "ehlo " .. (reply.enhanced or reply.code)}
  return merged(result, more)
end

-- A session behind EHLO; nil and a step's result where it does not come so far. options: as smtp.connect has them.
function says.session(target, options, more)
  local session, message, err = smtp.connect(target, options)
  if not session then return nil, says.failure(message, err, more) end
  local reply, why, trouble = session:ehlo()
  if not reply then return nil, says.failure(why, trouble, more) end
  if reply.code == 250 then return session end
  session:close()
  return nil, says.refused("EHLO is refused: " .. tostring(reply):gsub("\n.*", ""), reply, more)
end

local good = {ready = "pass", ["refused-temporarily"] = "warn"}

-- The cause of a probe that is not ready: what the reply means, or the fault of the certificate in RFC 8460's words, or the outcome.
local function cause_of(record, e)
  if record.outcome == "ready" then return nil end
  if e and e.cause and e.cause ~= "unclear" then return e.cause end
  return record.outcome == "tls-untrusted" and record.failure and record.failure.reason or record.outcome
end

-- The record of smtp.probe: pass where it is ready, warn where it was put off, else fail.
function says.probed(record, more)
  local view = require "ehlo.view.probe"
  local e = view.explained(record)
  local result = {
    verdict = good[record.outcome] or "fail", text = view.verdict(record), evidence = record.reply and tostring(record.reply) or nil,
    cause = cause_of(record, e), acts = e and e.acts,
    fix = e and e.fix or view.fix(record), next = record.outcome ~= "ready" and view.next(record) or nil, probes = {record},
  }
  return merged(result, more)
end

local rank = {info = 1, warn = 2, fail = 3}
local by_level = {warn = "warn", fail = "fail"}
local by_verdict = {temperror = "unknown", unknown = "unknown", fail = "fail", permerror = "fail", invalid = "fail", listed = "fail"}

-- A policy's record: its worst finding decides, and where there is none its verdict. A look-up that failed leaves the whole unknown.
function says.policy(record, more)
  local worst
  for _, finding in ipairs(record.findings or {}) do
    if finding.level ~= "info" and (not worst or rank[finding.level] > rank[worst.level]) then worst = finding end
  end
  local told = worst or record
  local verdict = worst and by_level[worst.level] or by_verdict[record.verdict] or "pass"
  if verdict ~= "fail" and by_verdict[record.verdict] == "unknown" then verdict = "unknown" end
  local result = {
    verdict = verdict, doubt = verdict == "unknown" or nil, text = told.text or told.summary, evidence = told.evidence or record.evidence,
    cause = worst and worst.id, fix = told.fix or record.fix, reference = told.reference or record.reference, findings = record.findings,
    keep = record,
  }
  return merged(result, more)
end

return says
