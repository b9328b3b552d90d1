-- Owns: running cases of SPF given as JSON, and writing what came of each as JSON: ehlo run spf_suite.lua CASES. Callers: the tests of
-- SPF in Python. A case: {name, ip, helo, from, receiver, timeout}.
local path = ...
local file = assert(io.open(path, "rb"))
local cases = require("ehlo.json").read(file:read("a"))
file:close()

assert(smtp.resolver {server = os.getenv("EHLO_TEST_RESOLVER"), trust_anchor = "", hosts = ""})
local results, errors = task.map(cases, function(case)
  local r = policy.spf {ip = case.ip, helo = case.helo, from = case.from, receiver = case.receiver, timeout = case.timeout}
  return {name = case.name, result = r.result, explanation = r.explanation, mechanism = r.mechanism, lookups = r.lookups,
    void_lookups = r.void_lookups, summary = r.summary}
end, {concurrency = 20})
for i, message in pairs(errors or {}) do io.stderr:write(cases[i].name, ": ", tostring(message), "\n") end
if errors then os.exit(1) end
print(report.json(results))
