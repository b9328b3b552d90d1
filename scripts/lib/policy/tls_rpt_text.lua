-- Owns: the TXT record of TLS-RPT (RFC 8460 section 3) as text: where reports go. Nothing is asked here. Callers: policy.tls_rpt, the
-- tests.
local fields = require "ehlo.policy.fields"
local text = {}

local function undo(value)
  return (value:gsub("%%(%x%x)", function(digits) return string.char(tonumber(digits, 16)) end))
end

local schemes = {}

-- RFC 6068: what stands behind a "?" (a subject, say) is no part of the mailbox.
function schemes.mailto(rest)
  local mailbox = undo(rest:match("^[^?]*"))
  local domain = mailbox:match("^[^%s@]+@([%w%-%.]+)$")
  if not domain then return nil, ("\"%s\" is no mailbox"):format(mailbox) end
  return {mailbox = mailbox, domain = domain:lower()}
end

function schemes.https(rest)
  local host = rest:match("^//([%w%-%.]+)") or rest:match("^//(%[[%x:%.]+%])")
  if not host then return nil, ("\"https:%s\" names no host"):format(rest) end
  return {domain = host:lower()}
end

-- One place for reports: {uri, scheme, mailbox, domain}, or {uri, wrong}.
function text.place(uri)
  local scheme, rest = uri:match("^(%a[%w+.-]*):(.*)$")
  local read = scheme and schemes[scheme:lower()]
  if not read then
    return {uri = uri, wrong = scheme and ("%s: is neither mailto: nor https:"):format(scheme) or "it does not begin with mailto: or https:"}
  end
  local place, why = read(rest)
  if not place then return {uri = uri, wrong = why} end
  place.uri, place.scheme = uri, scheme:lower()
  return place
end

-- The places of a record that fields.choose took, or nil and why there are none. A comma parts them; one within must be written %2C.
function text.places(record)
  local list, why = fields.read(record)
  if not list then return nil, why end
  local rua = fields.first(list, "rua")
  if not rua then return nil, "it has no rua, so that nobody gets a report" end
  local places = {}
  for uri in (rua .. ","):gmatch("([^,]*),") do
    uri = uri:match("^%s*(.-)%s*$")
    if uri ~= "" then places[#places + 1] = text.place(uri) end
  end
  if #places == 0 then return nil, "its rua is empty" end
  return places
end

return text
