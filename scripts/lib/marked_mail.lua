-- Owns: a test message that can be known again, and waiting for it in a Maildir. Callers: the send runbook.
local marked_mail = {}

local LOOK = 0.25 -- seconds between two looks into the Maildir
local HEAD = 65536 -- bytes of a mail in which its own headers must be

-- Enough of chance that no two tests of a day are alike.
function marked_mail.mark()
  return ("ehlo-%x-%06x%06x"):format(os.time(), math.random(0, 0xffffff), math.random(0, 0xffffff))
end

local function date()
  local days, months = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}, {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
  local t = os.date("!*t")
  return ("%s, %d %s %d %02d:%02d:%02d +0000"):format(days[t.wday], t.day, months[t.month], t.year, t.hour, t.min, t.sec)
end

-- fields: mark, from, to, host (our name), subject. Headers say what it is, so that nobody answers it and a filter can know it.
function marked_mail.text(fields)
  return table.concat({
    "Date: " .. date(), "From: " .. fields.from, "To: " .. fields.to, "Subject: " .. (fields.subject or "Test of mail delivery") .. " [" .. fields.mark .. "]",
    ("Message-ID: <%s@%s>"):format(fields.mark, fields.host), "Auto-Submitted: auto-generated", "X-Ehlo-Mark: " .. fields.mark,
    "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "",
    "This message tests whether mail reaches " .. fields.to .. ". Somebody sent it by hand, from " .. fields.host .. ".",
    "It needs no answer and may be deleted.", "", "Mark: " .. fields.mark, "",
  }, "\r\n")
end

local function head_of(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local bytes = file:read(HEAD) or ""
  file:close()
  return bytes
end

local folders = {"new", "cur"}

-- The paths of what lies in a Maildir now.
local function paths_in(maildir)
  local found = {}
  for _, folder in ipairs(folders) do
    for _, name in ipairs(mail.list(maildir .. "/" .. folder) or {}) do found[#found + 1] = ("%s/%s/%s"):format(maildir, folder, name) end
  end
  return found
end

function marked_mail.is_maildir(path) return (mail.list(path .. "/new")) ~= nil end

-- The mail with this mark, as bytes, and its path; nil where it did not come within so many seconds.
function marked_mail.wait(maildir, mark, seconds)
  local ends, seen = shell.clock() + seconds, {}
  while true do
    for _, path in ipairs(paths_in(maildir)) do
      if not seen[path] then
        seen[path] = true
        local bytes = head_of(path)
        if bytes:find("\nX-Ehlo-Mark: " .. mark, 1, true) then return bytes, path end
      end
    end
    if shell.clock() >= ends then return nil end
    task.sleep(LOOK)
  end
end

return marked_mail
