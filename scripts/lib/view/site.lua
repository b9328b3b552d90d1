-- Owns: what is said once a site is written. Callers: the renderer, for records of kind "site".
local view = {}

function view.text(record)
  local made, p = record.made, require("ehlo.page").new()
  p:text(("%d pages written, %.1f MB in all%s."):format(made.pages, made.bytes / 1e6,
    made.removed > 0 and ("; %d old ones removed"):format(made.removed) or ""))
  p:text("Open " .. record.folder .. "/index.html in a browser; any static web server can serve it.", 2)
  return p:finish()
end

function view.json(record)
  local made = record.made
  return report.json(setmetatable({folder = record.folder, pages = made.pages, files = made.files, bytes = made.bytes, removed = made.removed},
    {__order = {"folder", "pages", "files", "bytes", "removed"}}))
end

return view
