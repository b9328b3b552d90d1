local args = manifest {
  summary = "what there is, and how each thing is used",
  arguments = {{name = "topic", optional = true, many = true, help = "command, topic, function, option or code"}},
  options = {{name = "search", help = "find pages by words; all of them must occur"}},
  examples = {"ehlo help", "ehlo help probe", "ehlo help greylisting", "ehlo help codes.lookup", "ehlo help 521",
    "ehlo help --search certificate"},
}

local help = require "ehlo.help"
local topic = table.concat(args.topic, " ")
if not args.search then return help.find(topic) end
local found = help.search(topic)
return {kind = "help", found = found, query = topic, exit = #found == 0 and 1 or 0}
