-- Owns: where a person's files belong, by the XDG rules: a relative path in the environment does not count. Callers: whoever keeps files.
local xdg = {}

local homes = {
  config = {"XDG_CONFIG_HOME", "/.config"},
  data = {"XDG_DATA_HOME", "/.local/share"},
  state = {"XDG_STATE_HOME", "/.local/state"},
  cache = {"XDG_CACHE_HOME", "/.cache"},
}

local function absolute(path) return path and path:match("^/") and path or nil end

-- The person's own folder of ours for "config", "data", "state" or "cache"; nil where there is no home.
function xdg.home(kind)
  local row = homes[kind]
  local folder = absolute(os.getenv(row[1]))
  local home = absolute(os.getenv("HOME"))
  folder = folder or (home and home .. row[2])
  return folder and folder .. "/ehlo" or nil
end

-- Our folders of the machine's configuration, the least important first.
function xdg.machine()
  local folders = {}
  local list = os.getenv("XDG_CONFIG_DIRS")
  for folder in (list and list ~= "" and list or "/etc/xdg"):gmatch("[^:]+") do
    if absolute(folder) then table.insert(folders, 1, folder .. "/ehlo") end
  end
  return folders
end

return xdg
