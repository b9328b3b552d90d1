local args = manifest {
  summary = "run a Lua script, with everything of ehlo at hand",
  arguments = {{name = "file", help = "script; - is standard input"}},
  rest = true,
  examples = {"ehlo run checklist.lua", "ehlo run checklist.lua example.org --verbose", "echo 'print(codes.lookup(\"521\"))' | ehlo run -"},
}

local result, values = require("ehlo.command").run_file(args.file, args.rest)
if type(result) == "table" and not result.shown then
  local render = require "ehlo.render"
  render.show(result, values)
  return {shown = true, exit = render.exit(result, values and values.format)}
end
return result
