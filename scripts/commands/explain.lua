local args = manifest {
  summary = "what a server's reply means: cause, whether to retry, who must act",
  arguments = {{name = "reply", many = true, help = "reply, such as '550 5.1.1 <a@b>: no such user', or - for standard input"}},
  options = {{name = "phase", value = "PHASE",
    values = {"greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "quit"}, help = "the command that it answered"}},
  examples = {"ehlo explain '550 5.1.1 <a@example.org>: no such user'", "ehlo explain 5.7.26", "ehlo explain - < reply.txt"},
}

local trouble = require "ehlo.trouble"

local input = table.concat(args.reply, " ")
if input == "-" then input = io.read(1 << 20) or "" end
local explanation, message = codes.explain(input, {phase = args.phase})
if not explanation then trouble.usage("%s", message) end
return {kind = "explanation", items = {{input = input, explanation = explanation}}}
