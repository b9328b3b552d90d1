local args = manifest {
  summary = "what a reply code or enhanced status code means, and what to do",
  arguments = {{name = "codes", many = true, help = "code such as 521, 5.7.1 or 550/5.1.1"}},
  examples = {"ehlo 521", "ehlo 5.7.1", "ehlo code 550/5.1.1", "ehlo code 421 450 --format json"},
}

local trouble = require "ehlo.trouble"

local items = {}
for _, text in ipairs(args.codes) do
  local found = table.pack(codes.lookup(text))
  if not found[1] then trouble.usage("%s", found[2]) end
  for i = 1, found.n do items[#items + 1] = found[i] end
end
return {kind = "card", items = items, verbose = args.verbose}
