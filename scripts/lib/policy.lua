-- Owns: the table `policy`: what a domain says of its mail, read and judged. Callers: scripts, commands, the prompt.
-- Each function's module in scripts/lib/policy is opened at its first call, so that touching the table costs nothing.
local policy = {}

-- A function, and the module that has it under the same name.
local rows = {
  {"spf", "spf"}, {"spf_record", "spf"}, {"fcrdns", "host"}, {"helo", "host"}, {"dnsbl", "dnsbl"},
  {"dmarc", "dmarc"}, {"mta_sts", "mta_sts"}, {"tls_rpt", "tls_rpt"}, {"dane", "dane"},
  {"dkim", "dkim"}, {"dkim_key", "dkim_key"}, {"arc", "arc"}, {"authentication_results", "authentication_results"},
  {"message", "message"},
}

local bundled = {}
for _, module in ipairs(shell.names("lib/policy/")) do bundled[module] = true end

for _, row in ipairs(rows) do
  local name, module = row[1], row[2]
  if bundled[module] then
    policy[name] = function(...) return require("ehlo.policy." .. module)[name](...) end
  end
end

return policy
