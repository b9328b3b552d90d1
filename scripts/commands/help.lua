local args = manifest {
  summary = "what there is, and how each thing is used",
  arguments = {{name = "topic", optional = true, help = "command, binding or code"}},
  examples = {"ehlo help", "ehlo help probe", "ehlo help codes.lookup", "ehlo help 521"},
}

local trouble = require "ehlo.trouble"
local command = require "ehlo.command"

local topic = args.topic
if not topic then
  local list = {}
  for _, name in ipairs(command.names()) do list[#list + 1] = command.manifest(name) end
  return {kind = "help", commands = list}
end
if command.exists(topic) then return {kind = "help", manifest = command.manifest(topic)} end
if topic:match("^%d") then return (command.run("code", {topic})) end

local manual = require "ehlo.manual"
local rows, names = {}, command.names()
for _, row in ipairs(manual) do
  if row.name == topic or row.name:match("^(.-)[.:]") == topic then rows[#rows + 1] = row end
  names[#names + 1] = row.name
end
if #rows == 0 then
  local near = trouble.nearest(topic, names)
  trouble.usage("no help on \"%s\".%s", report.escape(topic), near and (" Did you mean: " .. near .. "?") or " See: ehlo help")
end
return {kind = "help", rows = rows}
