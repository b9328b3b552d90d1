-- Owns: what explain does with a stream of replies, one after the other in a file or a pipe. Callers: explain's inputs.
-- Memory does not grow with the stream: replies become lines of JSON at once, or are counted.
local replies = {}

local PIECE, FEW = 1 << 18, 4096

-- What is short goes to the sink one by one, which shows a few each by itself.
local function show_few(bytes, sink)
  local rest = bytes
  while rest ~= "" do
    local one = rest:match("^%s*(%d%d%d%-.-\n%d%d%d [^\n]*)\n*") or rest:match("^%s*([^\n]*)\n*")
    local _, stop = rest:find(one, 1, true)
    rest = rest:sub(stop + 1):gsub("^%s+", "")
    local explanation = codes.explain(one)
    if explanation then sink:add {input = one, kind = "reply", explanation = explanation} end
  end
end

function replies.read(source, sink)
  local kept, ended = "", false
  local first = true
  repeat
    local piece, message = source:read(PIECE)
    if message then sink:damaged(source.path, message) end
    ended = piece == nil
    kept = kept .. (piece or "")
    if first and ended and not sink.streams and #kept < FEW then return show_few(kept, sink) end
    if sink.streams or not first or ended or #kept > PIECE / 4 then
      first = false
      local lines, used, n = mail.replies(kept, ended, not sink.streams and sink:tally() or nil)
      kept = kept:sub(used + 1)
      if sink.streams then sink:lines(lines) else sink:counted(n) end
    end
  until ended
end

return replies
