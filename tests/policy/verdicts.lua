-- Owns: what a policy says of mails, one JSON line a file: `ehlo run verdicts.lua POLICY FILE...`. Callers: tests/policy/test_*.py.
local files = {...}
local name = table.remove(files, 1)
assert(smtp.resolver {server = os.getenv("EHLO_TEST_RESOLVER"), trust_anchor = "", hosts = ""})
for _, path in ipairs(files) do
  local file = assert(io.open(path, "rb"))
  local r = assert(policy[name](file:read("a")))
  file:close()
  print(report.json(r))
end
