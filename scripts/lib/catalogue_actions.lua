-- Owns: what each action of `ehlo catalogue` does with its arguments. Callers: the command. A row: how many items it takes, which
-- options it knows, and what it runs; `run` gives the command's record.
local trouble = require "ehlo.trouble"
local actions = {}

local function worked(value, message, err)
  if value then return value end
  trouble[err.class == "syntax" and "usage" or "fail"]("%s.", (message:gsub("%.$", "")))
end

local rows = {}
local UNASKED = 3 -- a timer must tell "there is a newer one" from "nobody could be asked"

function rows.update(args, catalogue)
  if args.check and args.dry_run then trouble.usage("--check and --dry-run: give one of them.") end
  local options = {dry_run = args.dry_run, check = args.check, quiet = args.quiet, timeout = args.timeout}
  local results = worked(catalogue.update(args.items[1], options))
  if #results == 0 then trouble.fail("no catalogue is configured to come from anywhere: ehlo catalogue add URL --key KEY") end
  local exit, silent = 0, not args.format or args.format == "text"
  for _, result in ipairs(results) do
    if result.status == "refused" then io.stderr:write(require("ehlo.view.catalogue").line(result), "\n") end
    if result.status == "refused" then exit = args.check and UNASKED or 1 end
    if args.check and exit == 0 and (result.status == "newer" or result.status == "damaged") then exit = 1 end
    silent = silent and (result.status == "refused" or (args.quiet and not args.dry_run))
  end
  return {kind = "catalogue", form = "update", items = results, exit = exit, shown = silent}
end

function rows.add(args, catalogue)
  local source = worked(catalogue.add(args.items[1], {keys = args.key, name = args.items[2], ca_file = args.ca_file}))
  return {kind = "catalogue", form = "add", items = {source}}
end

-- What is configured or has landed, and what others laid beside it.
function rows.list(_, catalogue)
  local items, answers = catalogue.list(), {}
  local layers = catalogue.layers()
  for _, layer in ipairs(layers) do
    if layer.layer == "downloaded" then answers[layer.name] = true end
  end
  for _, row in ipairs(items) do
    row.layer, row.in_force = "downloaded", answers[row.name] or false
  end
  for _, layer in ipairs(layers) do
    if layer.layer ~= "downloaded" and layer.path then
      items[#items + 1] = {
        layer = layer.layer, name = layer.name, version = layer.version, expires = layer.expires, expired = layer.stale, path = layer.path,
        in_force = true,
      }
    end
  end
  return {kind = "catalogue", form = "list", items = items}
end

function rows.show(args, catalogue)
  return {kind = "catalogue", form = "show", items = {worked(catalogue.show(args.items[1]))}}
end

function rows.diff(args, catalogue)
  local items = args.items
  if not items[1] then items = {require("ehlo.catalogue_landed").names()[1] or trouble.fail("there is no catalogue.")} end
  return {kind = "catalogue", form = "diff", items = {worked(catalogue.diff(items[1], items[2]))}}
end

function rows.rollback(args, catalogue)
  return {kind = "catalogue", form = "rollback", items = {worked(catalogue.rollback(args.items[1]))}}
end

function rows.remove(args, catalogue)
  worked(catalogue.remove(args.items[1]))
  return {kind = "catalogue", form = "remove", items = {{name = args.items[1]}}}
end

function rows.verify(args, catalogue)
  local found = worked(catalogue.verify(args.items[1], {keys = args.key}))
  found.file = args.items[1]
  return {kind = "catalogue", form = "verify", items = {found}}
end

-- A document is itself the result: no envelope, whatever form was asked for.
local function document_of(args, text)
  if args.format == "json" then args.format = nil end
  return {kind = "document", text = text}
end

function rows.build(args, catalogue) return document_of(args, worked(catalogue.build(args.items[1]))) end

function rows.export(args, catalogue) return document_of(args, worked(catalogue.export(args.items[1]))) end

-- What an action takes: how many items, at least and at most, in words, and which options.
local takes = {
  update = {0, 1, "[NAME]", {dry_run = true, check = true}},
  add = {1, 2, "URL --key KEY [NAME]", {key = true, ca_file = true}},
  list = {0, 0, "", {}},
  show = {1, 1, "NAME", {}},
  diff = {0, 2, "[NAME] or OLD.json NEW.json", {}},
  rollback = {0, 1, "[NAME]", {}},
  remove = {1, 1, "NAME", {}},
  verify = {1, 1, "FILE [--key KEY]", {key = true}},
  build = {1, 1, "DIR -o catalogue.json", {}},
  export = {0, 1, "[NAME] [-o catalogue.json]", {}},
}

local function check(args)
  local row = takes[args.action]
  if #args.items < row[1] or #args.items > row[2] then
    trouble.usage("use it so: ehlo catalogue %s %s", args.action, row[3])
  end
  for _, option in ipairs {"key", "ca_file", "dry_run", "check"} do
    if args[option] and not row[4][option] then
      trouble.usage("--%s is not for: ehlo catalogue %s", option:gsub("_", "-"), args.action)
    end
  end
end

function actions.run(args)
  local row = rows[args.action]
  if not row then
    local names = {}
    for name in pairs(rows) do names[#names + 1] = name end
    local near = trouble.nearest(args.action, names)
    trouble.usage("no action \"%s\".%s", report.escape(args.action), near and (" Did you mean: " .. near .. "?") or " See: ehlo catalogue --help")
  end
  check(args)
  return row(args, require "ehlo.catalogue")
end

return actions
