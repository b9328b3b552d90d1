-- Owns: setting two or more records side by side: which facts differ, which they share, and what was left out as noise. Callers: the
-- compare command, report.compare.
local facts = require "ehlo.compare.facts"
local words = require "ehlo.words"
local comparing = {}

comparing.MOST = 16
local NAMED = 6 -- so many differences are named in the first sentence

local left_out = {
  probe = {"times", "the transcript's moments", "the certificate's first day"},
  other = {"times", "ids", "traces", "client ports"},
}

local function list_key(list)
  local copy = table.move(list, 1, #list, 1, {})
  table.sort(copy)
  return table.concat(copy, "\0")
end

local function equal(a, b, kind)
  if kind == "set" then return #a == #b and list_key(a) == list_key(b) end
  return a == b
end

-- Whether two facts are the same, and whether that is so only for what was left out of them.
local function same(a, b)
  if not a or not b then return not a and not b, false end
  if a.type ~= b.type then return false, false end
  if equal(a.value, b.value, a.type) then return true, false end
  local alike = equal(facts.key(a), facts.key(b), a.type)
  return alike, alike
end

-- The facts of all items by their fields, and the fields in the order in which they come.
local function by_field(lists)
  local fields, seen, maps = {}, {}, {}
  for i, list in ipairs(lists) do
    maps[i] = {}
    for _, fact in ipairs(list) do
      maps[i][fact.field] = fact
      if not seen[fact.field] then
        seen[fact.field] = fact
        fields[#fields + 1] = fact.field
      end
    end
  end
  return fields, maps, seen
end

local function row_of(field, maps, any)
  local row = {field = field, label = any.label, type = any.type, part = any.part, group = any.group, weak = any.weak, about = any.about,
    needs_all = any.needs_all, values = {}, facts = {}, same = true, missing = false}
  for i, map in ipairs(maps) do
    row.facts[i] = map[field] or false
    row.missing = row.missing or not map[field]
    row.values[i] = map[field] and map[field].value or report.null
    if i > 1 then
      local alike, masked = same(map[field], maps[1][field])
      row.same, row.masked = row.same and alike, row.masked or masked
    end
  end
  return row
end

-- Elements that not every item has, in the order in which they were met; and those that all have.
local function split_set(row)
  local count, order = {}, {}
  for _, fact in ipairs(row.facts) do
    local here = {}
    for i, key in ipairs(fact and facts.key(fact) or {}) do
      if not here[key] then
        here[key] = true
        if not count[key] then order[#order + 1] = {key, fact.value[i]} end
        count[key] = (count[key] or 0) + 1
      end
    end
  end
  local shared = {}
  for _, each in ipairs(order) do
    if count[each[1]] == #row.facts then shared[#shared + 1] = each[2] end
  end
  row.only = {}
  for i, fact in ipairs(row.facts) do
    row.only[i] = {}
    for k, key in ipairs(fact and facts.key(fact) or {}) do
      if count[key] < #row.facts then table.insert(row.only[i], fact.value[k]) end
    end
  end
  row.shared = shared
end

local date_format = "!%Y-%m-%dT%H:%M:%SZ"

-- A moment in RFC 3339; one that no calendar has stays a number.
local function moment(value)
  if math.type(value) ~= "integer" then return value end
  local ok, said = pcall(os.date, date_format, value)
  return ok and said or value
end

local function difference(row)
  local made = {field = row.field, label = row.label, type = row.type, values = row.values, about = row.about}
  local order = {"about", "field", "label", "type", "values"}
  if row.type == "set" then
    split_set(row)
    for i, value in ipairs(made.values) do made.values[i] = value == report.null and {} or value end
    made.only = row.only
    order[#order + 1] = "only"
    if #row.values == 2 then
      made.removed, made.added = row.only[1], row.only[2]
      order = {"about", "field", "label", "type", "values", "only", "removed", "added"}
    end
  end
  local a, b = row.values[1], row.values[2]
  if #row.values == 2 and row.type == "date" and type(a) == "number" and type(b) == "number" then
    made.change = b - a
    order[#order + 1] = "change"
  end
  if row.type == "date" then
    for i, value in ipairs(row.values) do made.values[i] = moment(value) end
  end
  return setmetatable(made, {__order = order})
end

-- Where one has no TLS, that is the difference, and no cipher or certificate is one more.
local function stands_alone(row, rows)
  if row.part ~= "tls" or not row.missing then return true end
  local prefix = row.field:match("^(.*)tls%.") or ""
  local version = rows[prefix .. "tls.version"]
  return not (version and not version.same)
end

local function say(c)
  local subjects = {}
  for i, item in ipairs(c.items) do subjects[i] = item.label end
  local who = #subjects == 2 and words.join(subjects) or ("All %d"):format(#subjects)
  local n = #c.differences
  if n == 0 then
    c.headline = "no difference"
    c.summary = ("%s do not differ in anything that was compared."):format(who)
    return
  end
  local named = {}
  for i = 1, math.min(n, NAMED) do named[i] = c.differences[i].label end
  if n > NAMED then named[NAMED] = ("%d more"):format(n - NAMED + 1) end
  c.headline = n == 1 and "1 difference" or n .. " differences"
  c.summary = ("%s differ in %s: %s."):format(#subjects == 2 and who or "They", n == 1 and "one thing" or n .. " things", words.join(named))
end

-- The one item from which all others differ, and nothing but it does; or nil.
local function odd_one(c)
  local odd
  for _, difference in ipairs(c.differences) do
    local groups, firsts = {}, {}
    for i, value in ipairs(difference.values) do
      local key = type(value) == "table" and list_key(value) or tostring(value)
      groups[key] = (groups[key] or 0) + 1
      firsts[key] = i
    end
    local single, shared
    for key, count in pairs(groups) do
      if count == 1 then single = single and 0 or firsts[key] else shared = (shared or 0) + 1 end
    end
    if not single or single == 0 or shared ~= 1 or odd and odd ~= single then return nil end
    odd = single
  end
  return odd
end

local meta = {__order = {"kind", "items", "headline", "differences", "common", "left_out", "masked", "one_sided", "summary", "when_to_use"}}
function meta.__tostring(c) return (require("ehlo.view.differences").text({comparison = c}):gsub("\n$", "")) end
function meta.__pretty(c) return tostring(c) end
comparing.meta = meta

local function add_common(c, row)
  local first = row.facts[1]
  if row.weak or not first or row.type == "set" and #first.value == 0 then return end
  if row.type ~= "set" or row.same then
    local value = first.value
    if row.type == "date" then value = moment(value) elseif row.masked then value = facts.key(first) end
    table.insert(c.common, {field = row.field, label = row.label, value = value})
  elseif #row.shared > 0 then
    table.insert(c.common, {field = row.field, label = row.label, value = row.shared})
  end
end

-- Whether all items are of the same thing, so that where it lies is a fact and not its name.
local function same_thing(items)
  for _, item in ipairs(items) do
    if item.identity ~= items[1].identity then return false end
  end
  return true
end

-- Whether every item has a result about this at all; which ones do not is a fact of its own.
local function all_have(items, about)
  for _, item in ipairs(items) do
    if not item.about[about] then return false end
  end
  return true
end

local function gather(fields, maps, any, items)
  local one_thing = same_thing(items)
  local rows, groups = {}, {}
  for _, field in ipairs(fields) do
    local fact = any[field]
    if (one_thing or not fact.names) and (not fact.about or all_have(items, fact.about)) then
      local row = row_of(field, maps, fact)
      rows[#rows + 1], rows[field] = row, row
      if row.group and not row.weak and not row.same then groups[row.group] = true end
    end
  end
  return rows, groups
end

-- Of several results, those that every item has and that do not differ.
local function untouched(c, items)
  local touched = {}
  for _, row in ipairs(c.differences) do touched[row.about or ""] = true end
  c.unchanged = {}
  for _, part in ipairs(items[1].parts) do
    if not touched[part.name] and all_have(items, part.name) then table.insert(c.unchanged, part.name) end
  end
end

-- items: {label, kind, identity, facts} each. The comparison: {kind, items, differences, common, left_out, masked, headline, summary}.
function comparing.compare(items)
  local lists, shown = {}, {}
  for i, item in ipairs(items) do
    lists[i] = item.facts
    shown[i] = setmetatable({label = item.label, kind = item.kind, identity = item.identity, source = item.source},
      {__order = {"label", "kind", "identity", "source"}})
  end
  local c = setmetatable({kind = items[1].kind, items = shown, differences = {}, common = {}, masked = {}, one_sided = {}}, meta)
  c.left_out = left_out[c.kind] or left_out.other
  local fields, maps, any = by_field(lists)
  local rows, groups = gather(fields, maps, any, items)
  for _, row in ipairs(rows) do
    if row.same then
      if row.masked then table.insert(c.masked, row.label) end
      add_common(c, row)
    elseif row.needs_all and row.missing then
      table.insert(c.one_sided, row.label)
    elseif stands_alone(row, rows) and not (row.weak and groups[row.group]) then
      table.insert(c.differences, difference(row))
      if row.type == "set" then add_common(c, row) end
    end
  end
  say(c)
  local odd = #items > 2 and #c.differences > 0 and odd_one(c)
  if odd then
    c.summary = c.summary:gsub("^They differ", function() return ("%s differs from the others"):format(c.items[odd].label) end)
  end
  if items[1].several then untouched(c, items) end
  return c
end

-- report.compare: two or more live values. What cannot be compared is the script's mistake.
function comparing.values(...)
  local inputs, given, items = require "ehlo.compare.inputs", table.pack(...), {}
  for i = 1, math.max(given.n, 2) do
    local item, why = inputs.value(given[i])
    if not item then error(("bad argument #%d to 'compare' (%s)"):format(i, why), 2) end
    items[i] = item
  end
  if #items > comparing.MOST then error(("at most %d values can be compared"):format(comparing.MOST), 2) end
  local ready, why = inputs.ready(items)
  if not ready then error("bad arguments to 'compare' (" .. why .. ")", 2) end
  return comparing.compare(ready)
end

return comparing
