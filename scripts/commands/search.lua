local args = manifest {
  summary = "find codes and sayings of servers by words",
  arguments = {{name = "words", many = true, help = "word or two, such as quota"}},
  options = {{name = "limit", short = "n", value = "N", type = "count", max = 500, help = "at most so many (20)"}},
  examples = {"ehlo search quota", "ehlo search greylist --limit 5", "ehlo search gmail unauthenticated"},
}

local query = table.concat(args.words, " ")
local items = codes.search(query, {limit = args.limit or 20})
return {kind = "search", query = query, items = items, exit = #items == 0 and 1 or 0}
