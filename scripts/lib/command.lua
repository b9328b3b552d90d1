-- Owns: finding, listing and running commands: ours, which are bundled, and the person's own, which lie in their scripts folder. Callers:
-- the program, the prompt, help.
local trouble = require "ehlo.trouble"
local options = require "ehlo.options"
local command = {}

-- Where a person keeps scripts of their own.
function command.folder()
  local config = require("ehlo.xdg").home("config")
  return config and config .. "/scripts" or nil
end

local function own_names()
  local folder, names = command.folder(), {}
  for _, file in ipairs(folder and terminal.files(folder) or {}) do names[#names + 1] = (file:gsub("%.lua$", "")) end
  return names
end

local function set_environment(chunk, env)
  if debug.getupvalue(chunk, 1) == "_ENV" then debug.setupvalue(chunk, 1, env) end
  return chunk
end

-- The chunk of a command, or nil. Ours come first, so that no file can take the place of a command by accident.
local function chunk_of(name)
  if not name:match("^[%w][%w_%-]*$") then return nil end
  local chunk = shell.chunk("commands/" .. name) or shell.chunk("runbooks/" .. name)
  if chunk then return chunk end
  local folder = command.folder()
  if not folder then return nil end
  local path = folder .. "/" .. name .. ".lua"
  local file = io.open(path, "rb")
  if not file then return nil end
  file:close()
  local loaded, message = loadfile(path, "t")
  if not loaded then trouble.fail("%s", report.escape(message)) end
  return loaded
end

function command.exists(name) return chunk_of(name) ~= nil end

-- Whether the name is that of a bundled command or runbook.
function command.is_ours(name) return shell.chunk("commands/" .. name) ~= nil or shell.chunk("runbooks/" .. name) ~= nil end

-- Where a name comes from: "command", "runbook" or "own".
function command.family(name)
  return shell.chunk("commands/" .. name) and "command" or shell.chunk("runbooks/" .. name) and "runbook" or "own"
end

-- All names, sorted, each once.
function command.names()
  return require("ehlo.words").union {shell.names("commands/"), shell.names("runbooks/"), own_names()}
end

local listing = {}

-- What a command says of itself: it is run up to its manifest, sees nothing else, and not for long.
function command.manifest(name)
  local ok, chunk = pcall(chunk_of, name)
  if not ok then return {name = name, summary = "cannot be loaded: ehlo " .. name .. " says why"} end
  if not chunk then return nil end
  local found, declared
  local function stop(manifest)
    found, declared = manifest, true
    error(listing, 0)
  end
  set_environment(chunk, {manifest = stop})
  local runner = coroutine.create(chunk)
  -- Past the limit every instruction raises, so that nothing in the script can catch its way on.
  debug.sethook(runner, function()
    debug.sethook(runner, function() error("its manifest takes too long", 0) end, "", 1)
    error("its manifest takes too long", 0)
  end, "", 100000)
  coroutine.resume(runner)
  if not declared then return {name = name, summary = "a plain script"} end
  local why = require("ehlo.manifest").trouble(found)
  if why then return {name = name, summary = "its manifest is wrong: " .. why} end
  found.name = name
  return found
end

-- Leave that a script, or an option that was given, needs. What may hurt or annoy is never taken for granted: the person gives it.
local function check_leave(what, row)
  local missing, has = {}, {}
  for _, kind in ipairs(shell.allowed()) do has[kind] = true end
  for _, kind in ipairs(require("ehlo.manifest").permissions(row)) do
    if not has[kind] then missing[#missing + 1] = kind end
  end
  if #missing == 0 then return end
  trouble.usage("%s needs your leave: add --allow %s (ehlo help permissions says what that means).", what, table.concat(missing, ","))
end

local function check_leaves(manifest, values)
  check_leave(manifest.name, manifest)
  for _, row in ipairs(manifest.options or {}) do
    if values[(row.name:gsub("%-", "_"))] then check_leave("--" .. row.name, row) end
  end
end

local function check_manifest(manifest)
  local why = require("ehlo.manifest").trouble(manifest)
  if why then error(why, 3) end
end

-- What the options of all commands do, but for those that a view heeds.
function command.apply_shared(values)
  for _, kind in ipairs(values.allow or {}) do shell.allow(kind) end
  if values.color then require("ehlo.style").set(values.color) end
end

-- Runs a chunk as a command: its manifest reads the arguments. Returns what the chunk returned and the option values.
local function run_chunk(name, chunk, args)
  local values = {}
  local env = setmetatable({}, {__index = _G})
  function env.manifest(manifest)
    check_manifest(manifest)
    manifest.name = manifest.name or name
    local read, plain = options.read(manifest, args)
    command.apply_shared(read)
    if read.help then
      require("ehlo.render").show({kind = "help", manifest = manifest}, read)
      trouble.leave(0)
    end
    values = options.assign(manifest, read, plain)
    check_leaves(manifest, values)
    values.manifest = manifest
    return values
  end
  set_environment(chunk, env)
  local result = chunk(table.unpack(args))
  return result, values
end

-- Returns the command's record and its options. Unknown names raise wrong usage, with the nearest name.
function command.run(name, args)
  local chunk = chunk_of(name)
  if not chunk then
    local near = trouble.nearest(name, command.names())
    trouble.usage("no command \"%s\".%s", report.escape(name), near and (" Did you mean: " .. near .. "?") or " See: ehlo help")
  end
  return run_chunk(name, chunk, args)
end

-- A script by its path ("-": standard input), with the same rules; without a manifest its arguments are `...`.
function command.run_file(path, args)
  local chunk, message
  if path == "-" then
    local text = io.read("a")
    chunk, message = load(text:gsub("^#[^\n]*", ""), "=stdin", "t")
  else
    chunk, message = loadfile(path, "t")
  end
  if not chunk then trouble.fail("%s", report.escape(message)) end
  return run_chunk(path, chunk, args)
end

return command
