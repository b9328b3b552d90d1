-- Owns: showing what the actions of `ehlo catalogue` gave. Callers: render.
local columns = require "ehlo.columns"
local style = require "ehlo.style"
local view = {}

local function changes_text(changes)
  local count = {added = 0, changed = 0, withdrawn = 0}
  for _, row in ipairs(changes) do count[row.change] = count[row.change] + 1 end
  return ("%d added, %d changed, %d withdrawn"):format(count.added, count.changed, count.withdrawn)
end

local paint = {added = "good", changed = "warn", withdrawn = "bad"}

local function changes_lines(changes)
  local rows = {}
  for i, row in ipairs(changes) do
    rows[i] = {row.change, (row.kind == "phrase" and "phrase " or "") .. report.escape(row.code), table.concat(row.fields, ", "),
      paint = {style[paint[row.change]]}}
  end
  return #rows > 0 and columns.lines(rows, 3, {width = math.max(style.width, 40), indent = 2, flexible = {[3] = true}}) or {}
end

local function in_force(version)
  return version and ("version %d stays in force"):format(version) or "nothing of it is in force yet"
end

local status = {}
function status.current(r)
  local stale = r.expired and (" It expired at %s, and its publisher offers nothing newer."):format(r.expired) or ""
  return ("version %d is current.%s"):format(r.version, stale)
end
function status.newer(r)
  local what = r.changes and (": " .. changes_text(r.changes)) or ""
  return ("version %d would take the place of %s%s."):format(r.version, r.previous and "version " .. r.previous or "none", what)
end
function status.updated(r)
  return ("version %d is in force%s: %s."):format(r.version, r.previous and " in place of version " .. r.previous or "", changes_text(r.changes))
end
status["set-aside"] = function(r)
  return ("version %d was rolled back from, and there is nothing newer; %s."):format(r.offered, in_force(r.version))
end
function status.damaged(r) return ("version %d is damaged here; an update repairs it."):format(r.version) end
function status.repaired(r) return ("version %d was damaged here, and is whole again."):format(r.version) end
function status.refused(r) return ("%s; %s."):format(report.escape((r.message:gsub("%.$", ""))), in_force(r.version)) end

-- What became of one source, in a line.
function view.line(r) return ("catalogue %s: %s"):format(report.escape(r.name), status[r.status](r)) end

local forms = {}

function forms.update(record)
  local lines = {}
  for _, r in ipairs(record.items) do
    if r.status ~= "refused" then
      lines[#lines + 1] = view.line(r)
      if r.status == "newer" and r.changes then table.move(changes_lines(r.changes), 1, #r.changes, #lines + 1, lines) end
    end
  end
  return lines
end

function forms.add(record)
  local r = record.items[1]
  return {("catalogue %s %s, signed with %d key%s. Fetch it with: ehlo catalogue update %s"):format(r.name,
    r.added and "is added" or "was there; its keys are renewed", #r.keys, #r.keys == 1 and "" or "s", r.name)}
end

local function expiry(r) return r.expires and r.expires .. (r.expired and style.warn(" (expired)") or "") or "" end

-- A source has no version of its own; an edition of ours that is older than ours lies there and does not answer.
local function version_of(r)
  if r.path then return r.version and tostring(r.version) or "" end
  if not r.version then return "none yet" end
  return r.version .. (r.in_force == false and " (passed over)" or "")
end

function forms.list(record)
  local built = require("ehlo.layer_files").about()
  local rows = {{"name", "version", "expires", "from"}, {"built-in", tostring(built.version), built.expires, "this program"}}
  rows[1].paint = {style.dim, style.dim, style.dim, style.dim}
  for _, r in ipairs(record.items) do
    rows[#rows + 1] = {r.name, version_of(r), expiry(r), r.trouble or r.path or r.url or "no source is configured"}
  end
  for _, row in ipairs(rows) do row[4] = report.escape(row[4]) end
  return columns.lines(rows, 4, {width = math.max(style.width, 60), flexible = {[4] = true}})
end

function forms.show(record)
  local r = record.items[1]
  local lines = {}
  local function add(label, value)
    if value ~= nil and value ~= "" then lines[#lines + 1] = ("%-10s %s"):format(label, report.escape(tostring(value))) end
  end
  add("name", r.name)
  add("document", r.document)
  add("url", r.url or "none is configured")
  add("trouble", r.trouble)
  add("keys", table.concat(r.keys, " "))
  add("version", r.version or "none yet: ehlo catalogue update " .. r.name)
  add("entries", r.entries)
  add("issued", r.issued)
  add("expires", r.expires and r.expires .. (r.expired and " (expired)" or ""))
  add("received", r.received)
  add("signed by", r.signed_by)
  add("comment", r.comment)
  add("previous", r.previous)
  add("folder", r.folder)
  return lines
end

function forms.diff(record)
  local r = record.items[1]
  local lines = {("catalogue %s: version %d to %d: %s."):format(report.escape(r.name), r.old, r.new, changes_text(r.changes))}
  return table.move(changes_lines(r.changes), 1, #r.changes, 2, lines)
end

function forms.rollback(record)
  local r = record.items[1]
  return {("catalogue %s: version %d is in force again; version %d is kept, and the same command brings it back."):format(r.name,
    r.version, r.previous)}
end

function forms.remove(record) return {("catalogue %s is removed."):format(record.items[1].name)} end

function forms.verify(record)
  local r = record.items[1]
  return {("%s: catalogue %s, version %d, %d %s, signed with the key %s (%s).%s"):format(report.escape(r.file), report.escape(r.name),
    r.version, r.entries, r.entries == 1 and "entry" or "entries", r.key, report.escape(r.comment), r.expired and " It expired at " .. r.expires .. "." or "")}
end

function view.text(record)
  return table.concat(forms[record.form](record), "\n")
end

-- What each form tells, in this order; what is absent is null.
local facts = {
  update = {"name", "url", "status", "version", "previous", "offered", "changes", "expired", "message"},
  add = {"name", "url", "keys", "ca_file", "added"},
  list = {"name", "layer", "url", "path", "keys", "version", "expires", "expired", "previous", "received", "signed_by", "comment",
    "document", "folder", "trouble"},
  show = {"name", "document", "url", "keys", "version", "issued", "expires", "expired", "entries", "previous", "received", "signed_by",
    "comment", "folder", "trouble"},
  diff = {"name", "old", "new", "changes"},
  rollback = {"name", "version", "previous"},
  remove = {"name"},
  verify = {"file", "name", "version", "issued", "expires", "expired", "entries", "key", "comment"},
}

function view.json(record)
  local list = {}
  for i, item in ipairs(record.items) do
    for _, row in ipairs(item.changes or {}) do setmetatable(row, {__order = {"change", "kind", "code", "fields"}}) end
    list[i] = report.json(setmetatable(item, {__order = facts[record.form]}))
  end
  return list
end

return view
