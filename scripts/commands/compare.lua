local args = manifest {
  summary = "set codes side by side: what differs, what they share, which one when",
  arguments = {{name = "codes", many = true, min = 2, help = "codes such as 211 521"}},
  examples = {"ehlo compare 211 521", "ehlo compare 421 450 451", "ehlo compare 5.7.1 5.7.26 --format markdown",
    "ehlo compare 211 521 --format html --output page.html"},
}

local trouble = require "ehlo.trouble"

local comparison, message = codes.compare(table.unpack(args.codes))
if not comparison then trouble.usage("%s", message) end
return {kind = "comparison", comparison = comparison}
