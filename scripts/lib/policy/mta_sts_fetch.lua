-- Owns: fetching the policy of MTA-STS by the rules of RFC 8461 section 3.3: over HTTPS from mta-sts.DOMAIN, with a certificate that
-- is trusted, no redirect, plain text, 64 KB at most. Each way of failing has a finding of its own. Callers: policy.mta_sts.
local fetch = {}

local SECONDS, LARGEST = 60, 64 * 1024
local PATH = "/.well-known/mta-sts.txt"
local BY = "RFC 8461 section 3.3"

-- What stands in the way, by the error of http.get: id of the finding, what to say, what to do. Transient ones say nothing of the policy.
local troubles = {
  trust = {"mta-sts-certificate", "the certificate of %s is not trusted", "Renew the certificate of %s, or give it one that names it."},
  tls = {"mta-sts-tls-failed", "%s does not carry TLS through", "Offer TLS 1.2 or newer on port 443 of %s."},
  connect = {"mta-sts-unreachable", "%s cannot be reached", "Run a web server on port 443 of %s, open to everybody.", transient = true},
  closed = {"mta-sts-unreachable", "%s hangs up", "Look into the log of the web server at %s.", transient = true},
  timeout = {"mta-sts-timed-out", "%s does not answer in time", "Make the web server at %s answer within seconds.", transient = true},
  limit = {"mta-sts-too-large", "%s sends more than 64 KB", "Serve a policy of a few lines at %s."},
}
local OTHER = {"mta-sts-fetch-failed", "%s does not answer as a web server does", "Look into the web server at %s."}

local function fail(r, id, text, more)
  more = more or {}
  r:finding {id = id, level = more.level or "fail", text = text .. ".", evidence = more.evidence, fix = more.fix, reference = more.reference or BY}
  return nil, more.transient
end

-- The name of the web server does not resolve: it does not exist, or nobody knows.
local function no_address(r, host)
  local list, message, err = dns.addresses(host)
  r:note("ADDRESS " .. host, list and table.concat(list, ", ") or message)
  local reason = err and err.reason
  if reason == "nxdomain" or reason == "no-address" or reason == "no-data" then
    return fail(r, "mta-sts-host-missing", ("%s has no address, so that the policy cannot be fetched"):format(host),
      {evidence = message, fix = ("Publish A and AAAA records of a web server at %s, or take the TXT record away."):format(host)})
  end
  return fail(r, "mta-sts-host-unknown", ("the address of %s could not be looked up"):format(host),
    {evidence = message, transient = true, fix = "Look into the name servers of the domain; senders keep the policy that they have."})
end

local function not_fetched(r, host, message, err)
  if err.error == "dns" then return no_address(r, host) end
  local row = troubles[err.error] or OTHER
  return fail(r, row[1], row[2]:format(host), {evidence = message, fix = row[3]:format(host), transient = row.transient})
end

local function judge_status(r, host, response)
  local status = response.status
  if status >= 300 and status < 400 then
    return fail(r, "mta-sts-redirect", ("%s redirects, and senders must not follow"):format(host), {
      evidence = ("%d to %s"):format(status, response.headers.location or "nowhere"),
      fix = ("Serve the policy itself at https://%s%s."):format(host, PATH)})
  end
  return fail(r, "mta-sts-status", ("%s answers with status %d, and only 200 counts"):format(host, status), {transient = status >= 500,
    fix = ("Serve the policy at https://%s%s."):format(host, PATH)})
end

-- A body, or nil and whether the trouble may pass. `r` gets a line of trace, and findings.
function fetch.policy(r, domain, options)
  local host = "mta-sts." .. (dns.ascii(domain) or domain) -- of a URL and of certificates
  local url = "https://" .. host .. PATH
  local began = shell.clock()
  local response, message, err = http.get(url,
    {redirects = false, max_size = LARGEST, timeout = options.timeout or SECONDS, ca_file = options.ca_file})
  if message and message:sub(1, #url + 2) == url .. ": " then message = message:sub(#url + 3) end
  local told = response and ("%d, %s, %d bytes"):format(response.status, response.headers["content-type"] or "no type", #response.body)
  r:note("GET " .. url, told or message, {seconds = shell.clock() - began})
  r.url = url
  if not response then return not_fetched(r, host, message, err) end
  if response.status ~= 200 then return judge_status(r, host, response) end
  local kind = (response.headers["content-type"] or ""):lower():match("^%s*([^;%s]*)")
  if kind ~= "text/plain" then
    local shown = kind == "" and "no type at all" or kind
    return fail(r, "mta-sts-content-type", ("%s serves its policy as %s, and only text/plain counts"):format(host, shown),
      {evidence = response.headers["content-type"],
      fix = "Serve mta-sts.txt as text/plain.", reference = "RFC 8461 section 3.2"})
  end
  return response.body
end

return fetch
