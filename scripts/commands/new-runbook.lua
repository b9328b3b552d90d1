local args = manifest {
  summary = "begin a runbook of your own: a commented script that runs at once",
  arguments = {{name = "name", help = "name for it: letters, digits, - and _"}},
  examples = {"ehlo new-runbook our-mx", "ehlo our-mx mx.example.org"},
}

local trouble = require "ehlo.trouble"
local command = require "ehlo.command"

local name = args.name
if not name:match("^[%w][%w_%-]*$") then
  trouble.usage("new-runbook: \"%s\" can be no command's name: use letters, digits, - and _.", report.escape(name))
end
if name:match("^%d") then trouble.usage("new-runbook: \"%s\" would be taken for a code: begin with a letter.", name) end
if command.is_ours(name) then trouble.usage("new-runbook: \"%s\" is a command of ehlo's own: take another name.", name) end
local folder = command.folder()
if not folder then trouble.fail("There is no home folder to write to: set HOME or XDG_CONFIG_HOME.") end

local path = folder .. "/" .. name .. ".lua"
local file, why, number = io.open(path, "rb")
if file then file:close() end
if file then trouble.fail("%s is there already, and stays as it is: take another name.", report.escape(path)) end
if number ~= 2 then trouble.fail("%s could not be written: %s", report.escape(path), why) end -- 2: no such file
local ok, message = require("ehlo.store").write(path, require("ehlo.new_runbook").text(name))
if not ok then trouble.fail("%s could not be written: %s", report.escape(path), message) end
io.write(("%s\nEdit it, then run it: ehlo %s mx.example.org\n"):format(report.escape(path), name))
return {shown = true, exit = 0}
