#!/usr/bin/env -S ehlo run
-- What our logs said in the last days, by cause, and whom to remind: ehlo run examples/logs.lua [DAYS [FILE...]]
local days, paths = tonumber((...)) or 1, {select(2, ...)}
if #paths == 0 then paths = {"/var/log/mail.log"} end

local tally = mail.tally()
local log = mail.log {tally = tally, since = os.time() - days * 86400}
for _, path in ipairs(paths) do
  local source <close> = assert(mail.open(path))
  local piece = source:read()
  log:begin(piece or "", path, source.kind)
  while piece do
    log:feed(piece, "count")
    piece = source:read()
  end
  log:finish("count")
end

local rows, later = tally:rows()
table.sort(rows, function(a, b) return a.count > b.count end)
for _, row in ipairs(rows) do
  if not row.inbound and row.count > 0 then
    table.sort(row.places, function(a, b) return a.count > b.count end)
    print(("%6d  %s  retry: %s  acts: %s  mostly at %s"):format(row.count, row.cause, row.retry, row.acts, row.places[1].name or "unknown"))
  end
end
print(("%6d  went out later"):format(later))
