local args = manifest {
  summary = "find help by words: commands, topics, functions, codes",
  arguments = {{name = "words", many = true, help = "word or two, such as certificate"}},
  examples = {"ehlo apropos certificate", "ehlo apropos rate limit"},
}

local query = table.concat(args.words, " ")
local found = require("ehlo.help").search(query)
return {kind = "help", found = found, query = query, exit = #found == 0 and 1 or 0}
