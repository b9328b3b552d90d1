-- Owns: what the small commands about a domain share: reading its name, and their exit status. Callers: commands.
local trouble = require "ehlo.trouble"
local domain = {}

-- The domain of a word that may be a mailbox; raises wrong usage for what is none.
function domain.of(word)
  local name = word:gsub("^.*@", ""):gsub("%.$", ""):lower()
  if name == "" or #name > 253 or name:find("[%s%c/:%[%]]") or name:find("..", 1, true) or name:match("%.%d+$") then
    trouble.usage("\"%s\" is no domain.", report.escape(word))
  end
  return name
end

-- 1 where anything failed, else 0.
function domain.exit(items)
  for _, r in ipairs(items) do
    for _, finding in ipairs(r.findings) do
      if finding.level == "fail" then return 1 end
    end
  end
  return 0
end

return domain
