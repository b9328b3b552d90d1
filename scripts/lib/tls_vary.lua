-- Owns: the handshake with a mail server tried again and again with one thing changed, and what that tells. Callers: the tls runbook.
local vary = {}

-- What a sender of today does, and one thing at a time that is otherwise.
local USUAL = {tls_min = "TLSv1.2", tls_security = 2}
local CHANGES = {
  {"as senders do today", {}}, {"TLS 1.3 only", {tls_min = "TLSv1.3"}}, {"TLS 1.2 only", {tls_max = "TLSv1.2"}}, {"old versions too", {tls_min = "TLSv1"}},
  {"security level 1", {tls_security = 1}}, {"security level 0", {tls_security = 0}}, {"old versions, level 0", {tls_min = "TLSv1", tls_security = 0}},
  {"group X25519", {tls_groups = "X25519"}}, {"group P-256", {tls_groups = "P-256"}}, {"group P-384", {tls_groups = "P-384"}},
  {"another SNI", {sni = "other.invalid"}}, {"IPv4 only", {family = "ipv4"}, for_names = true}, {"IPv6 only", {family = "ipv6"}, for_names = true},
}

local judge = require "ehlo.tls_judge"

-- Whether it went through (nil: it never came to that), what came of it, and the trust.
local function outcome_of(record, why)
  if not record then return false, why end
  if not judge.tells(record) then return nil, require("ehlo.view.probe").verdict(record) end
  if not judge.had_tls(record) then return false, require("ehlo.view.probe").verdict(record) end
  local words = {record.tls.version, record.tls.group or "", record.tls.cipher}
  return true, table.concat(words, " "), record.tls.trusted and "trusted" or record.tls.verdicts[1].word
end

local function options_of(change)
  local set = {}
  for _, part in ipairs {USUAL, change[2]} do
    for key, value in pairs(part) do set[key] = value end
  end
  return set
end

-- A step's result. probe(options) makes one try; is_name: the server has a name, and so perhaps two families.
function vary.run(probe, is_name)
  local rows, usual, helps, breaks, working, unknown, trust = {}, nil, {}, {}, 0, 0, nil
  for i, change in ipairs(CHANGES) do
    if not change.for_names or is_name then -- an address has one family only
      local works, text, trusted = outcome_of(probe(options_of(change)))
      if trusted and trusted ~= trust then text = text .. ", " .. trusted end -- told again only where it changes
      trust = trusted or trust
      if i == 1 then usual = works elseif works ~= nil and works ~= usual then table.insert(works and helps or breaks, change[1]) end
      if works == nil then unknown = unknown + 1 end
      working = working + (works and 1 or 0)
      rows[#rows + 1] = {works and "works" or works == nil and "?" or "fails", change[1], text}
    end
  end
  local result = {table = {heads = {"", "change", "what came"}, rows = rows}, metrics = {variants_that_work = working}}
  if usual == nil or unknown > 0 and not usual and not helps[1] then
    result.unknown, result.doubt = ("%d of %d tries never came to TLS"):format(unknown, #rows), true
  elseif usual then
    result.pass = "it works as senders do it today" .. (breaks[1] and "; it does not with: " .. table.concat(breaks, ", ") or "")
      .. (unknown > 0 and ("; %d tries never came to TLS"):format(unknown) or "")
  elseif helps[1] then
    result.fail = "it works only with: " .. table.concat(helps, ", ")
    result.fix = "The first of these names what the server lacks; its admin repairs that, for few senders will change for it."
  else
    result.fail = "nothing that was changed makes it work"
  end
  return result
end

return vary
