-- Owns: the text of a DMARC record (RFC 7489 section 6.3, RFC 9091) and what is wrong with it. Callers: policy.dmarc, tests.
-- A broken tag does not break the record: receivers leave it out, and so does this, with a word about it.
local tags = require "ehlo.policy.tags"
local dmarc_record = {}

local RECORD = "RFC 7489 section 6.3"
local MOST = 50 -- tags, and addresses in one of them

local policies = {none = true, quarantine = true, reject = true}
local modes = {r = "relaxed", s = "strict"}

local function is_policy(value) return policies[value:lower()] and value:lower() end
local function is_mode(value) return modes[value:lower()] end
local function is_number(value, most)
  local number = tags.number(value)
  return number and number <= most and number
end

-- Each tag: how its value is read (nil where it is none), and what stands in for it.
local known = {
  p = {is_policy}, sp = {is_policy}, np = {is_policy}, adkim = {is_mode, "relaxed"}, aspf = {is_mode, "relaxed"},
  pct = {function(value) return is_number(value, 100) end, 100}, ri = {function(value) return is_number(value, 1 << 32) end, 86400},
  fo = {function(value) return value:lower():match("^[01ds%s:]+$") and tags.list(value:lower(), ":") end},
  rf = {function(value) return value:lower():match("^[%w%-%s:]+$") and value:lower() end},
  psd = {function(value) return value:lower():match("^[ynu]$") end}, t = {function(value) return value:lower():match("^[yn]$") end},
}

-- Whether receivers take a TXT record for one of DMARC.
function dmarc_record.is(text) return text:match("^v%s*=%s*DMARC1%s*;") ~= nil or text:match("^v%s*=%s*DMARC1%s*$") ~= nil end

-- "mailto:a@b!10m": {uri, address, domain, limit}, or nil and why not.
local function uri_of(text)
  local uri, limit = text:match("^(.-)!(%d+[kmgtKMGT]?)$")
  uri = uri or text
  local address = uri:lower():match("^mailto:") and uri:sub(8)
  if not address then
    return nil, uri:match("^%a[%w+.-]*:") and "receivers send reports to mailto: addresses only" or "an address for reports begins with mailto:"
  end
  address = address:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end):match("^[^?]*")
  local domain = address:match("^[^@%s]+@([^@%s]+)$")
  if not domain then return nil, "it is no mailbox" end
  return {uri = uri, address = address, domain = domain:lower():gsub("%.$", ""), limit = limit and limit:lower()}
end

local function tell(out, problem)
  if #out.problems < MOST then out.problems[#out.problems + 1] = problem end
end

local function read_uris(out, name, value)
  local list = {}
  for _, item in ipairs(tags.list(value, ",")) do
    local uri, why = uri_of(item)
    if uri and #list < MOST then list[#list + 1] = uri end
    if not uri then
      tell(out, {id = "dmarc-report-address", level = "warn", evidence = ("%s=%s"):format(name, item), reference = RECORD,
        text = ("An address for reports (%s=) cannot be used: %s."):format(name, why), fix = "Write it as mailto:ADDRESS, with commas between several."})
    end
  end
  return #list > 0 and list or nil
end

local function misread(out, name, value)
  local fatal = name == "p" or name == "sp"
  tell(out, {id = "dmarc-syntax", level = fatal and "fail" or "warn", evidence = ("%s=%s"):format(name, value), reference = RECORD,
    text = ("The tag %s has no value that DMARC knows%s."):format(name, fatal and ", so receivers apply no policy" or ", so receivers leave it out"),
    fix = "Correct it; `ehlo help dmarc` lists what there is."})
end

local function take(out, name, value)
  if name == "v" then return end
  if name == "rua" or name == "ruf" then
    out[name] = read_uris(out, name, value)
    return
  end
  local row = known[name]
  if not row then
    tell(out, {id = "dmarc-unknown-tag", level = "info", text = "A tag is none of DMARC's: receivers leave it out.",
      evidence = ("%s=%s"):format(name, value), reference = RECORD})
    return
  end
  local read = row[1](value)
  if read then
    out[name] = read
  else
    misread(out, name, value)
  end
end

-- Not a problem of one tag.
local function judge_whole(out)
  local function add(id, level, text, fix) tell(out, {id = id, level = level, text = text, fix = fix, reference = RECORD}) end
  if not out.p and not out.tags.p then
    add("dmarc-no-policy", "fail", "The record has no p=, which says what is to become of mail that fails.",
      "Add p=none, p=quarantine or p=reject behind v=DMARC1.")
  elseif out.order[2] ~= "p" then
    add("dmarc-order", "info", "p= is not the second tag, as the standard of 2015 has it: old readers may not take the record.", "Put p= behind v=DMARC1.")
  end
  if not out.p or out.tags.sp and not out.sp then -- RFC 7489 section 6.6.3: then it is p=none, if reports are wanted
    out.usable, out.p, out.sp = out.rua ~= nil, out.rua and "none" or nil, nil
  end
end

-- The record: p, sp, np, adkim, aspf, pct, ri, fo, rua, ruf, text; problems: a list of findings; usable: whether receivers apply it.
function dmarc_record.parse(text)
  local out = {text = text, problems = {}, tags = {}, order = {}, usable = true}
  for item in (text:sub(1, 1 << 16) .. ";"):gmatch("([^;]*);") do
    local name, value = item:match("^%s*([%w_-]+)%s*=%s*(.-)%s*$")
    name = name and name:lower()
    if not name and item:find("%S") then
      tell(out, {id = "dmarc-syntax", level = "warn", text = "A part of the record is no tag: receivers leave it out.",
        evidence = item:sub(1, 100), fix = "Tags are name=value, with semicolons between them.", reference = RECORD})
    elseif name and out.tags[name] then
      tell(out, {id = "dmarc-tag-twice", level = "warn", evidence = item:sub(1, 100), fix = "Leave one of them.",
        text = ("The tag %s is there twice: readers differ on which counts."):format(name), reference = RECORD})
    elseif name and #out.order < MOST then
      out.tags[name], out.order[#out.order + 1] = value, name
      take(out, name, value)
    end
  end
  judge_whole(out)
  for name, row in pairs(known) do
    if out[name] == nil then out[name] = row[2] end
  end
  return out
end

return dmarc_record
