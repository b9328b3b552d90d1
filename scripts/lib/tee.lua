-- Owns: listening to what is written to standard output and standard error, for the log and for :watch. Callers: the prompt.
-- While nobody listens, nothing of it is in place.
local tee = {}

local listeners, originals = {}, nil

local function tell(...)
  local swallowed = false
  for _, listen in pairs(listeners) do
    if listen(...) then swallowed = true end
  end
  return swallowed
end

local function install()
  local methods = debug.getmetatable(io.stdout).__index
  originals = {methods = methods, file = methods.write, io = io.write}
  methods.write = function(file, ...)
    if (file == io.stdout or file == io.stderr) and tell(...) then return file end
    return originals.file(file, ...)
  end
  io.write = function(...) return io.output():write(...) end
end

local function remove()
  originals.methods.write, io.write = originals.file, originals.io
  originals = nil
end

-- Calls `listen` with all that is written, until it is set to nil; where it returns true the terminal does not get it.
function tee.set(name, listen)
  listeners[name] = listen
  if next(listeners) and not originals then install() end
  if not next(listeners) and originals then remove() end
end

-- Writes without telling anybody.
function tee.raw(file, text)
  local write = originals and originals.file or file.write
  write(file, text)
  file:flush()
end

function tee.is_set(name) return listeners[name] ~= nil end

return tee
