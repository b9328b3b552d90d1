-- Owns: what the command dkim was handed, a key's name or a mail, and what it answers. Callers: scripts/commands/dkim.lua.
local trouble = require "ehlo.trouble"
local command = {}

local MOST = 64 << 20 -- bytes of a mail

local function read(path)
  local source, why = mail.open(path)
  if not source then trouble.usage("dkim: %s: %s", report.escape(path), report.escape(why)) end
  local parts, size = {}, 0
  repeat
    local part = source:read(1 << 20)
    parts[#parts + 1], size = part, size + #(part or "")
  until not part or size > MOST
  source:close()
  if size > MOST then trouble.usage("dkim: %s: a mail of at most %d MiB can be read.", report.escape(path), MOST >> 20) end
  return table.concat(parts)
end

local function of_mail(args)
  local options = {ip = args.ip, from = args.from, helo = args.helo, timeout = args.timeout}
  local ok, r, why = pcall(policy.message, read(args.words[1]), options)
  if not ok then -- what is wrong with an option is for the person; anything else is a fault
    local told = type(r) == "string" and r:match("policy%.%w+: (.*)$") or error(r, 0)
    trouble.usage("dkim: %s", report.escape(told))
  end
  if not r then trouble.usage("dkim: %s: %s", report.escape(args.words[1]), why) end
  local items = {r.spf}
  items[#items + 1] = r.dkim
  if r.arc.verdict ~= "none" then items[#items + 1] = r.arc end
  items[#items + 1] = r.dmarc or r
  return {kind = "policy", items = items, exit = r.dkim.verdict == "pass" and 0 or 1}
end

local function of_key(args)
  if args.ip or args.from or args.helo then trouble.usage("dkim: --ip, --from and --helo are for a mail, not for a key.") end
  local r = policy.dkim_key(args.words[1], args.words[2], {timeout = args.timeout})
  r.exit = (r.verdict == "present" or r.verdict == "testing") and 0 or 1
  return r
end

function command.dkim(args)
  if #args.words == 1 then return of_mail(args) end
  if #args.words == 2 then return of_key(args) end
  trouble.usage("dkim: give one file, or a selector and a domain.")
end

return command
