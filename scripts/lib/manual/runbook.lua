-- Owns: the manual's rows on runbooks. Callers: the manual.
local MORE = {"more", "table", "fields of the result to add or to replace, such as {fix = \"...\"}"}
local RESULT = "a step's result: verdict, text, evidence, cause, acts, fix, next"
local BOOK = "local args = {manifest = {name = \"try\", summary = \"a try\"}}\nlocal book = runbook.new(args)\n"

local function of(name, summary, arguments, returns, errors, example)
  return {name = name, summary = summary, arguments = arguments, returns = returns, errors = errors, example = example}
end

return {
  of("runbook.new", "begins a runbook: steps are added to it, then it is run.",
    {{"args", "table", "what manifest{...} returned"}, {"options", "table", "subject (what is looked at), timeout of the whole in seconds, "
      .. "verdicts (what pass, warn, fail and unknown mean here, in words)"}},
    "a book", "raises where args come from no manifest", BOOK .. "print(book.title)"),
  of("book:step", "adds a step; it begins when the steps that it needs have passed, and beside those that need nothing of each other.",
    {{"step", "table", "name, title, run (a function that gets what the needed steps kept, by their names), needs and after (names of steps "
      .. "above: those must have passed, or only ended), because (steps whose failure explains this one's), severity (high, normal or low), "
      .. "permission (skipped without that leave), reference"}},
    "the step", "raises for what cannot be meant", BOOK .. "book:step {name = \"sum\", run = function() return {pass = \"4\", keep = 4} end}\n"
      .. "book:step {name = \"more\", needs = {\"sum\"}, run = function(found) return {pass = tostring(found.sum + 1)} end}"),
  of("book:run", "runs all steps.", {},
    "a record {kind, verdict, text, exit, first_cause, steps, counts, matrix, seconds, started}, which the program shows by --format",
    "raises where there are no steps; a step that raises is unknown, and the others go on",
    BOOK .. "book:step {name = \"one\", run = function() return {pass = \"fine\"} end}\nprint(book:run().verdict)"),
  of("runbook.failure", "a result of what a binding refused: nil, message, err.",
    {{"message", "string", "what it said"}, {"err", "table", "class, session"}, MORE}, RESULT .. "; the verdict is fail", "none",
    "print(runbook.failure(\"it timed out\", {class = \"timed-out\"}).fix)"),
  {
    name = "runbook.session", summary = "a session behind EHLO, or why there is none, as a step tells it.",
    arguments = {{"target", "string", "host, host:port or address"}, {"options", "table", "as smtp.connect has them"}, MORE},
    returns = "a session; or nil and a result, whose verdict is fail", errors = "none", network = true,
    example = "local s, why = runbook.session(\"mx.example.org\")\nprint(s and s.capabilities.SIZE or why.fail)",
  },
  {
    name = "runbook.refused", summary = "a result of a reply that refuses, with what the catalogue knows of it.",
    arguments = {{"text", "string", "what it means here"}, {"reply", "reply", "the reply"}, MORE}, returns = RESULT .. "; the verdict is fail",
    errors = "none", network = true,
    example = "local s = assert(smtp.connect(\"mx.example.org\"))\nprint(runbook.refused(\"RSET is refused\", s:rset()).fix)",
  },
  {
    name = "runbook.probed", summary = "a result of a probe: pass where it is ready, warn where it was put off, else fail. All such records "
      .. "together are the matrix of hosts, addresses and phases.",
    arguments = {{"record", "record", "of smtp.probe"}, MORE}, returns = RESULT .. ", probes", errors = "none", network = true,
    example = "print(runbook.probed(smtp.probe(\"mx.example.org\")).verdict)",
  },
  of("runbook.policy", "a result of a policy's record: its worst finding decides.",
    {{"record", "table", "summary, findings, evidence, fix, reference"}, MORE}, RESULT .. ", findings; keeps the record", "none",
    "print(runbook.policy({summary = \"the record is sound\", findings = {}}).text)"),
  {
    name = "runbook.dialogue", summary = "the lines of a session as evidence: > what was sent, < what came.",
    arguments = {{"session", "session", "or a probe's record"}, {"most", "integer", "the last so many lines, 12 unless told"}},
    returns = "a list of strings", errors = "none", network = true,
    example = "for _, line in ipairs(runbook.dialogue(smtp.probe(\"mx.example.org\"))) do print(line) end",
  },
}
