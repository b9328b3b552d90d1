-- Owns: where a command's secret comes from: a file, the environment, a netrc file or the person; never an argument, which every
-- process on the machine can read. Callers: commands that log in.
local trouble = require "ehlo.trouble"
local secret = {}

local function read_file(path, option)
  local file, message = io.open(path, "rb")
  local text = file and file:read("a")
  if file then file:close() end
  if not text then trouble.usage("%s: %s", option, report.escape(message or "cannot be read")) end
  return text
end

-- "host:port", "[address]:port" or a bare one: the host.
function secret.host(target)
  return target:match("^%[(.-)%]") or target:match("^([^:]*):%d+$") or target
end

-- The words of a netrc file: blanks part them, quotes hold them together, # begins a comment at the start of a word.
local function words(text)
  local list, at = {}, 1
  while true do
    at = text:find("%S", at)
    if not at then return list end
    local first = text:sub(at, at)
    if first == "#" then
      at = text:find("\n", at, true) or #text + 1
    elseif first == '"' then
      local word = {}
      at = at + 1
      while at <= #text and text:sub(at, at) ~= '"' do
        if text:sub(at, at) == "\\" then at = at + 1 end
        word[#word + 1] = text:sub(at, at)
        at = at + 1
      end
      at = at + 1
      list[#list + 1] = table.concat(word)
    else
      local word = text:match("^%S+", at)
      at = at + #word
      if word == "macdef" then at = select(2, text:find("\n%s*\n", at)) or #text + 1 else list[#list + 1] = word end
    end
  end
end

-- The password of the first entry for host and user; an entry without a login is for any.
function secret.netrc(text, host, user)
  local list, entry, found = words(text), nil, nil
  local function close()
    if entry and entry.password and not found and (entry.any or entry.host == host:lower()) and (not entry.login or entry.login == user) then
      found = entry.password
    end
  end
  local i = 1
  while i <= #list do
    local word = list[i]
    if word == "machine" or word == "default" then
      close()
      entry = {any = word == "default", host = word == "machine" and (list[i + 1] or ""):lower() or nil}
    elseif entry and (word == "login" or word == "password") then
      entry[word] = list[i + 1]
    end
    i = i + (word == "default" and 1 or 2)
  end
  close()
  return found
end

local function from_file(path)
  local line = read_file(path, "--secret-file"):match("^([^\r\n]*)")
  if line == "" then trouble.usage("--secret-file: the first line of %s is empty.", report.escape(path)) end
  return function() return line end
end

local function from_environment(name)
  local value = os.getenv(name)
  if not value or value == "" then trouble.usage("--secret-env: there is no variable %s, or it is empty.", report.escape(name)) end
  return function() return value end
end

local function from_netrc(path, user)
  local text = read_file(path, "--netrc")
  return function(target)
    local host = secret.host(target)
    return secret.netrc(text, host, user)
      or trouble.usage("--netrc: %s has no password of %s at %s.", report.escape(path), report.escape(user), report.escape(host))
  end
end

local function from_person(user)
  if not terminal.is_tty(0) then
    trouble.usage("--auth: there is no terminal to ask for the secret: use --secret-file, --secret-env or --netrc.")
  end
  local answer = terminal.secret(("Secret of %s: "):format(report.escape(user)))
  if not answer or answer == "" then trouble.fail("No secret was given: nothing was done.") end
  return function() return answer end
end

-- From a command's arguments: a function that gives the auth table for a target, or nil where no login was asked for.
function secret.reader(args)
  local given = {}
  for _, key in ipairs {"secret_file", "secret_env", "netrc"} do
    if args[key] then given[#given + 1] = "--" .. key:gsub("_", "-") end
  end
  if not args.auth then
    if args.mechanism then given[#given + 1] = "--mechanism" end
    if given[1] then trouble.usage("%s goes with --auth USER.", given[1]) end
    return nil
  end
  if #given > 1 then trouble.usage("%s and %s: give one place for the secret.", given[1], given[2]) end
  local get = args.mechanism == "EXTERNAL" and function() return nil end
    or args.secret_file and from_file(args.secret_file)
    or args.secret_env and from_environment(args.secret_env)
    or args.netrc and from_netrc(args.netrc, args.auth)
    or from_person(args.auth)
  return function(target) return {user = args.auth, mechanism = args.mechanism, secret = get(target)} end
end

return secret
