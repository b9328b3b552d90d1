-- Owns: one mail out of a file or standard input, for runbooks that look at a single one. Callers: runbooks.
local trouble = require "ehlo.trouble"
local one_mail = {}

local MOST = 64 * 1024 * 1024

local function bytes_of(path)
  local file, why = io.stdin, nil
  if path ~= "-" then file, why = io.open(path, "rb") end
  local bytes = file and file:read(MOST + 1)
  if file and file ~= io.stdin then file:close() end
  if why then trouble.usage("the mail cannot be read: %s.", report.escape(why)) end
  if bytes and #bytes > MOST then trouble.usage("%s: more than 64 MiB is no single mail.", report.escape(path)) end
  return bytes or ""
end

-- Its bytes, and what mail.read tells of them. Wrong usage where there is no mail.
function one_mail.read(path)
  local bytes = bytes_of(path)
  bytes = bytes:gsub("^From [^\r\n]*\r?\n", "") -- the mark of an mbox is no header
  local told, why = mail.read(bytes)
  if not told or #told.headers == 0 then
    trouble.usage("%s holds no mail: %s.", report.escape(path), why or "it has no headers")
  end
  return bytes, told
end

return one_mail
