-- Owns the words that people see in place of the catalogue's own: who acts, kinds of replies, phases, field names.
-- Callers: the views.
local words = {}

words.acts = {
  sender = "sender",
  recipient = "recipient",
  ["sending-admin"] = "your mail admin",
  ["receiving-admin"] = "their mail admin",
  forwarder = "the forwarder",
  network = "network admin",
  nobody = "nobody",
}

words.class = {
  ["positive-completion"] = "success",
  ["positive-intermediate"] = "go on",
  ["transient-negative"] = "temporary",
  ["permanent-negative"] = "permanent",
  success = "success",
  ["persistent-transient-failure"] = "temporary",
  ["permanent-failure"] = "permanent",
}

-- How a class is coloured; the word itself always stands there as well.
words.tone = {success = "good", ["go on"] = "good", temporary = "warn", permanent = "bad"}

words.command = {any = "any command", ["end-of-data"] = "end of data"}

-- The catalogue's field names, as labels of a row.
words.field = {
  class = "Class",
  category = "Subject",
  name = "Name",
  meaning = "Says",
  when = "Seen",
  fix = "Do",
  retry = "Retry",
  acts = "Acts",
  commands = "Where",
  enhanced = "With",
  replies = "With",
  pairs = "With",
  standards = "Standard",
  status = "Status",
  see_also = "See",
  notes = "Note",
  phrases = "Phrases",
}

-- The same in a page for reading at leisure.
words.heading = {
  class = "Class",
  category = "Subject",
  name = "Name",
  meaning = "What it says",
  when = "When you see it",
  fix = "What to do",
  retry = "Try again?",
  acts = "Who acts",
  commands = "Where it appears",
  enhanced = "Comes with",
  replies = "Comes with",
  pairs = "Comes with",
  standards = "Standards",
  status = "Status",
  see_also = "See also",
  notes = "Notes",
  phrases = "Said by software",
  origin = "Whose words",
}

local suppress = {
  yes = "take it off the list",
  no = "keep it: the mailbox was never the trouble",
  ["after-repeats"] = "take it off the list if this keeps coming back",
}

function words.address(suppress_word, cause)
  if suppress_word == "no" and cause == "unclear" then return "keep it until the reason is known" end
  if suppress_word == "no" and cause and cause:find("^mailbox%-") then return "keep it" end
  return suppress[suppress_word]
end

local phases = {greeting = "the greeting", connect = "connect", dns = "the name look-up", tls = "the TLS handshake"}

function words.phase(phase)
  return phases[phase] or phase:upper()
end

-- What the timing of a session tells, in the order of time.
words.steps = {"dns", "connect", "greeting", "ehlo", "starttls", "tls", "ehlo_tls", "auth", "mail", "rcpt", "rset", "data", "command",
  "quit", "total"}
words.timing = {}
for _, step in ipairs(words.steps) do words.timing[step] = true end

-- A value of a comparison, as people say it.
function words.value(field, value)
  if field == "acts" then return words.acts[value] or value end
  if field == "commands" then return (value:gsub("%f[%w]any%f[%W]", words.command.any)) end
  if field == "class" then return words.class[value] or value end
  return value
end

function words.commands(list)
  local out = {}
  for i, command in ipairs(list or {}) do
    out[i] = words.command[command] or command
  end
  return out
end

function words.capital(s)
  return (s:gsub("^%l", string.upper))
end

function words.sentence(s)
  return s:find("[.!?]$") and s or s .. "."
end

-- A list in prose: "a, b and c".
function words.join(list, last)
  if #list < 2 then return list[1] or "" end
  local between = ", "
  for _, each in ipairs(list) do -- a comma within would read as the end of one
    if each:find(",", 1, true) then between = "; " end
  end
  return table.concat(list, between, 1, #list - 1) .. (between == "; " and "; " or " ") .. (last or "and") .. " " .. list[#list]
end

function words.standard(standard)
  local section = standard.section
  local text = standard.rfc and "RFC " .. math.tointeger(standard.rfc) or ""
  if not section or section == "" then return text end
  return text .. (section:find(",", 1, true) and " sections " or " section ") .. section
end

function words.standards(list)
  local out = {}
  for i, standard in ipairs(list or {}) do
    out[i] = words.standard(standard)
  end
  return out
end

-- One word for a POSIX shell, so that a proposed command can be pasted.
function words.quote(s)
  if s:find("^[%w%._%-@:/%+=,%%]+$") then return s end
  return "'" .. s:gsub("'", "'\\''") .. "'"
end

-- What stands in any of several lists of names: sorted, each once.
function words.union(lists)
  local all, seen = {}, {}
  for _, list in ipairs(lists) do
    for _, name in ipairs(list) do
      if not seen[name] then all[#all + 1] = name end
      seen[name] = true
    end
  end
  table.sort(all)
  return all
end

return words
