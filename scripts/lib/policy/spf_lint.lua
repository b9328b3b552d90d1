-- Owns: what is unwise or wrong in an SPF record by its text alone, as findings with what to do. Callers: spf.lua, spf_audit.lua.
local ip = require "ehlo.policy.ip"
local lint = {}

local LONG = 450 -- bytes of a record that still fit a small answer (RFC 7208 section 3.4)
local WIDE = {ip4 = 8, ip6 = 16} -- shorter networks are hardly anybody's own

local function find_all(record)
  for i, term in ipairs(record.terms) do
    if term.name == "all" and not term.modifier then return term, i end
  end
end

-- Each check: f(record, say, own), own where the record is the domain's and not an include's.
local checks = {}

function checks.syntax(record, say)
  for _, mistake in ipairs(record.errors) do
    say {id = "spf-syntax", level = "fail", text = ("The record of %s is wrong at \"%s\" (place %d): %s."):format(record.domain, mistake.term,
      mistake.at, mistake.text), evidence = record.text, reference = "RFC 7208 section 12",
      fix = "Mend the term: one mistake makes receivers reject the whole record (permerror)."}
  end
end

function checks.all(record, say, own)
  local all = find_all(record)
  if all and all.result == "pass" then
    say {id = "spf-all-pass", level = "fail", text = ("The record of %s lets the whole internet send (\"%s\")."):format(record.domain, all.text),
      evidence = all.text, fix = own and "End it in -all or ~all." or "Take this include out, or have its owner end the record in -all."}
  end
  if not own then return end
  if all and all.result == "neutral" then
    say {id = "spf-all-neutral", level = "warn", text = "The record ends in ?all: about all other senders it says nothing, so that it protects nobody.",
      evidence = all.text, fix = "End it in ~all while you watch reports, then in -all."}
  elseif not all and not record.redirect and #record.errors == 0 then
    say {id = "spf-no-all", level = "warn", text = "The record has neither all nor redirect: senders that it does not list are neutral, as with ?all.",
      evidence = record.text, fix = "End it in ~all while you watch reports, then in -all.", reference = "RFC 7208 section 4.7"}
  end
end

function checks.after_all(record, say)
  local all, place = find_all(record)
  local late = {}
  for i = place and place + 1 or #record.terms + 1, #record.terms do
    if not record.terms[i].modifier then late[#late + 1] = record.terms[i].text end
  end
  if #late > 0 then
    say {id = "spf-unreachable", level = "warn", text = ("In the record of %s nobody reads what stands behind \"%s\"."):format(record.domain, all.text),
      evidence = table.concat(late, " "), fix = "Move these terms before it, or take them out.", reference = "RFC 7208 section 5.1"}
  end
  if all and record.redirect then
    say {id = "spf-redirect-beside-all", level = "warn", text = ("In the record of %s, \"%s\" is ignored, since \"%s\" decides."):format(record.domain,
      record.redirect.text, all.text), evidence = record.redirect.text, fix = "Take one of the two out.", reference = "RFC 7208 section 6.1"}
  end
end

function checks.ptr(record, say)
  for _, term in ipairs(record.terms) do
    if term.name == "ptr" then
      say {id = "spf-ptr", level = "warn", text = ("The record of %s uses ptr, which is slow, unreliable and ignored by some receivers."):format(
        record.domain), evidence = term.text, fix = "Name the addresses with ip4, ip6, a or mx.", reference = "RFC 7208 section 5.5"}
    end
  end
end

function checks.twice(record, say)
  local seen = {}
  for _, term in ipairs(record.terms) do
    local key = term.text:lower():gsub("^%+", "")
    if seen[key] then
      say {id = term.name == "include" and "spf-duplicate-include" or "spf-duplicate-term", level = "warn",
        text = ("\"%s\" stands twice in the record of %s%s."):format(term.text, record.domain, term.domain and ", and costs look-ups twice" or ""),
        evidence = term.text, fix = "Take one of the two out."}
    end
    seen[key] = true
  end
end

function checks.wide(record, say)
  for _, term in ipairs(record.terms) do
    if WIDE[term.name] and term.prefix < WIDE[term.name] and term.result == "pass" then
      say {id = "spf-wide-network", level = "fail", text = ("The record of %s lets all of %s send."):format(record.domain,
        ip.network(term.network, term.prefix)), evidence = term.text, fix = "Name the networks that are your own."}
    end
  end
end

function checks.long(record, say, own)
  if own and #record.text > LONG then
    say {id = "spf-record-long", level = "warn", text = ("The record has %d bytes: with the domain's other texts its answer may not fit a packet, and some "
      .. "receivers get no answer then."):format(#record.text), evidence = ("%d bytes"):format(#record.text),
      fix = ("Keep it below %d bytes: join networks, or move some to an include."):format(LONG), reference = "RFC 7208 section 3.4"}
  end
end

function checks.modifiers(record, say, own)
  for _, term in ipairs(own and record.terms or {}) do
    if term.unknown then
      say {id = "spf-unknown-modifier", level = "info", text = ("\"%s\" is no modifier that SPF knows: it is ignored."):format(term.text),
        evidence = term.text, fix = "A mechanism has a colon and no equals sign: ip4:192.0.2.1", reference = "RFC 7208 section 6"}
    end
  end
end

local order = {"syntax", "all", "after_all", "ptr", "twice", "wide", "long", "modifiers"}

-- Findings on a parsed record go to r; own: it is the domain's own record, or what that is redirected to.
function lint.record(r, record, own)
  for _, name in ipairs(order) do
    checks[name](record, function(finding) r:finding(finding) end, own)
  end
end

-- What stopped an evaluation, as a finding.
local fixes = {
  ["spf-too-many-lookups"] = "Take includes out that nobody uses, and put ip4 and ip6 in place of a and mx.",
  ["spf-too-many-void-lookups"] = "Take the terms out whose names do not exist any more.",
  ["spf-too-many-names"] = "Name the hosts' networks with ip4 and ip6.",
  ["spf-several-records"] = "Join them to one record; every text that begins with v=spf1 counts.",
  ["spf-include-none"] = "Take the include out, or mend its name: it makes the whole record fail (permerror).",
  ["spf-redirect-none"] = "Mend the name behind redirect=, or take it out.",
  ["spf-syntax"] = "Mend the term: one mistake makes receivers reject the whole record (permerror).",
  ["spf-dns"] = "Look at the name servers of that domain; receivers put the mail off meanwhile.",
  ["spf-loop"] = "Take the include out that leads back.",
}

function lint.stopped(r, why)
  local place = why.term and ("%s: \"%s\""):format(why.domain, why.term) or why.domain or why.name
  r:finding {id = why.id, level = why.result == "temperror" and "warn" or "fail", text = why.text:sub(1, 1):upper() .. why.text:sub(2) .. ".",
    evidence = why.evidence or place, fix = fixes[why.id], reference = why.reference}
end

return lint
