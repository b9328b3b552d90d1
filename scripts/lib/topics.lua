-- Owns: the pages of the manual, a page a topic: finding and reading them. Callers: help, apropos, completion, the tests of their examples.
local topics = {}

local read

local function words_of(text) return (text:lower():gsub("[%s_]+", "-")) end

-- A page in parts: {kind = "text" | "heading" | "item" | "code" | "row" (of a table: text and command), text =, network = needs what the tests do not have}.
local function parts_of(body)
  local parts, network = {}, false
  local function last(kind) return parts[#parts] and parts[#parts].kind == kind and parts[#parts].open and parts[#parts] end
  for line in (body .. "\n"):gmatch("(.-)\n") do
    local code = line:match("^    (.*)$")
    local what, command = line:match("^| (.-) | `(.-)` |$")
    if what then
      parts[#parts + 1] = {kind = "row", text = what, command = command}
    elseif line:match("^|") then -- the head of a table says what its rows show
      parts[#parts].open = false
    elseif line:match("^<!%-%-") then
      network = true
    elseif code then
      local part = last("code")
      if part then
        part.text = part.text .. ("\n"):rep(1 + (part.blank or 0)) .. code
      else
        parts[#parts + 1] = {kind = "code", text = code, open = true, network = network}
      end
      parts[#parts].blank, network = 0, false
    elseif line == "" then
      if parts[#parts] and parts[#parts].kind ~= "code" then parts[#parts].open = false end
      if last("code") then parts[#parts].open = false end
    else
      local kind, text = "text", line
      if line:match("^## ") then kind, text = "heading", line:sub(4) end
      if line:match("^%- ") then kind, text = "item", line:sub(3) end
      local part = kind == "text" and (last("text") or last("item"))
      if part then part.text = part.text .. " " .. text:match("^%s*(.*)$") else parts[#parts + 1] = {kind = kind, text = text, open = true} end
    end
  end
  return parts
end

local function page_of(name)
  local text = shell.chunk("manual/" .. name)()
  local head, title, body = text:match("^<!%-%-(.-)%-%->\n# ([^\n]+)\n(.*)$")
  local page = {name = name, title = title, summary = head:match("`help [^`]+`: (.-)%.%f[%s]"), source = text, also = {}, see = {}}
  for word in ((head:match("Also found as: (.-)%.%s*$") or "") .. ","):gmatch("%s*(.-)%s*,") do
    if word ~= "" then page.also[#page.also + 1] = word end
  end
  local see = body:match("\nSee also: ([^\n]+)%s*$")
  if see then body = body:gsub("\nSee also: [^\n]+%s*$", "") end
  for word in ((see or "") .. ","):gmatch("%s*(.-)%s*,") do
    if word ~= "" then page.see[#page.see + 1] = word end
  end
  page.parts = parts_of(body)
  return page
end

-- All pages, in the order of their names.
function topics.all()
  if not read then
    read = {}
    for _, name in ipairs(shell.names("manual/")) do read[#read + 1] = page_of(name) end
    table.sort(read, function(a, b) return a.name < b.name end)
  end
  return read
end

function topics.names()
  local names = {}
  for _, page in ipairs(topics.all()) do names[#names + 1] = page.name end
  return names
end

-- The page of a topic, by its name or another that it goes by; nil where there is none.
function topics.find(word)
  word = words_of(word)
  for _, page in ipairs(topics.all()) do
    if page.name == word or words_of(page.title) == word then return page end
    for _, other in ipairs(page.also) do
      if words_of(other) == word then return page end
    end
  end
  return nil
end

return topics
