-- Owns: what steps say of a server's TLS: its certificate, how long that is good, which versions are spoken. Callers: the tls and submission
-- runbooks.
local judge = {}

function judge.had_tls(record) return record.tls ~= nil and record.tls.version ~= nil end

-- The server turned us away for now, before TLS: that says nothing of its TLS.
function judge.is_put_off(record) return record.outcome == "refused-temporarily" and not judge.had_tls(record) end

-- Whether a probe came far enough to tell of TLS at all.
function judge.tells(record) return judge.had_tls(record) or record.phase == "tls" end

-- Whether the certificate is trusted. `by_dane`: DNS vouches for it, so that senders who look there do.
function judge.certificate(tls, by_dane)
  local worst, all = tls.verdicts[1], {}
  for i, each in ipairs(tls.verdicts) do all[i] = each.word .. ": " .. each.text end
  if worst and by_dane then
    return {warn = "by DANE only, as senders that do not look at DNS see it: " .. worst.text, evidence = all}
  elseif worst then
    return {fail = worst.text, cause = worst.word, evidence = all, acts = "receiving-admin", next = "ehlo help certificates"}
  end
  return {pass = (tls.chain[1].subject or "a certificate") .. ", by " .. (tls.chain[1].issuer or "an unnamed issuer")}
end

local function days_of(n) return ("%d day%s"):format(n, n == 1 and "" or "s") end

-- How long it is good: a warning where that is less than so many days.
function judge.expiry(tls, least, by_dane)
  local leaf, cause = tls.chain[1], "certificate-expired"
  local seconds = leaf.not_after - os.time()
  local days = math.floor(seconds / 86400)
  local metrics = {days_left = days}
  if seconds < 0 then
    local text = ("expired %s ago"):format(days_of(-seconds // 86400))
    -- A key that DNS names is good whatever its certificate's dates say (RFC 7672 section 3.1.1).
    if by_dane then return {warn = text .. ", which DANE does not mind", cause = cause, fix = "Renew it.", metrics = metrics} end
    return {fail = text, cause = cause, fix = "Renew it.", metrics = metrics}
  end
  local text = ("%s left, until %s"):format(days_of(days), os.date("!%Y-%m-%d", leaf.not_after // 1))
  if days < least then return {warn = text, fix = "Renew it now, and see why that did not happen by itself.", metrics = metrics} end
  return {pass = text, metrics = metrics}
end

local VERSIONS = {{"TLSv1.3", good = true}, {"TLSv1.2", good = true}, {"TLSv1.1"}, {"TLSv1"}}

-- Each version by itself. probe(options) makes one try.
function judge.versions(probe)
  local rows, good, old, unknown = {}, {}, {}, {}
  for i, each in ipairs(VERSIONS) do
    local version = each[1]
    local record = probe {tls_min = version, tls_max = version}
    local spoken, tells = judge.had_tls(record), judge.tells(record)
    if spoken or not tells then table.insert(not tells and unknown or each.good and good or old, version) end
    rows[i] = {version, spoken and "yes" or tells and "no" or "?", spoken and record.tls.cipher or require("ehlo.view.probe").verdict(record)}
  end
  local result = {table = {heads = {"version", "", "cipher, or why not"}, rows = rows}}
  if unknown[1] and not old[1] then
    result.unknown = "nothing could be seen of " .. table.concat(unknown, ", ") .. (good[1] and "; spoken: " .. table.concat(good, " and ") or "")
    result.doubt, result.fix = true, "See below what came in place of TLS; where the server put this machine off, try again later."
  elseif not good[1] then
    result.fail = old[1] and "only " .. table.concat(old, " and ") or "none is spoken"
    result.fix = "Update the server's TLS library: today's senders speak TLS 1.2 and 1.3 only."
  elseif old[1] then
    result.warn = table.concat(old, " and ") .. " as well, which nothing should speak any more"
    result.fix = "Turn them off (Postfix: smtpd_tls_protocols = >=TLSv1.2), unless old machines of your own still send through here."
  else
    result.pass = table.concat(good, " and ")
  end
  return result
end

return judge
