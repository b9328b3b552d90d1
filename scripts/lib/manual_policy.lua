-- Owns: the manual's rows on `policy`. Callers: scripts/lib/manual.lua, which says what a row is.
local RECORD = "a record: policy, subject, verdict, summary, fix, evidence, reference, trace {what, answer, seconds, secure, depth}, "
  .. "findings {id, level, text, evidence, fix, reference}"

local function of_policy(name, summary, arguments, own, example, errors)
  return {
    name = "policy." .. name, summary = summary, arguments = arguments, returns = RECORD .. (own and "; " .. own or ""),
    errors = errors or "raises for arguments that cannot be meant; what DNS refuses is part of the record", network = true, example = example,
  }
end

return {
}
