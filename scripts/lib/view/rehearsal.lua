-- Owns: the list of rehearsal scenarios. Callers: render.
local view = {}

local function rows(record, form)
  local lines = {}
  for i, row in ipairs(record.items) do lines[i] = form:format(row.name, row.summary, row.outcome) end
  return lines
end

function view.text(record)
  local lines, wide = {}, 0
  for _, row in ipairs(record.items) do wide = math.max(wide, #row.name) end
  for i, row in ipairs(record.items) do lines[i] = report.pad(row.name, wide + 2) .. row.summary end
  return table.concat(lines, "\n") .. "\n\nStart one with: ehlo rehearse SCENARIO"
end

function view.markdown(record)
  local lines = rows(record, "| %s | %s | %s |")
  return "| Scenario | What it plays | Outcome of a probe |\n|---|---|---|\n" .. table.concat(lines, "\n")
end

function view.json(record)
  local list = {}
  for i, row in ipairs(record.items) do
    list[i] = ('{"scenario":"%s","summary":"%s","outcome":"%s"}'):format(row.name, row.summary, row.outcome)
  end
  return list
end

return view
