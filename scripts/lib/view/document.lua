-- Owns how a document is printed: as it is, byte for byte, whatever form was asked for. Callers: the renderer, for records of kind
-- "document".
local document = {exact = true} -- signed as it is, and not with a line end more

function document.text(record) return record.text end

return document
