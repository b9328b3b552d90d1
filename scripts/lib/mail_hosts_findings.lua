-- Owns: what is wrong with the mail hosts of a domain, a row a finding. Callers: mail_hosts.
local findings = {}

local of_finding = {__order = {"id", "level", "text", "evidence", "fix", "reference"}}

local function host_rows(result, f)
  for _, host in ipairs(result.hosts) do f(host) end
end

-- Each adds to the list what it sees. `null` is the root among the MX records, where it is there.
local checks = {}

function checks.null_mx(result, null, add)
  if not null then return end
  if result.kind == "mx" then
    add {id = "null-mx-with-others", level = "fail", text = result.domain .. " says that it takes no mail (null MX), and names hosts that take it.",
      evidence = ("MX %d ."):format(null.preference), fix = "Remove the record \".\", or else all others.", reference = "RFC 7505 section 3"}
  end
  if null.preference ~= 0 then
    add {id = "null-mx-preference", level = "warn", text = "The null MX has a preference other than 0.",
      evidence = ("MX %d ."):format(null.preference), fix = "Write it as \"MX 0 .\".", reference = "RFC 7505 section 3"}
  end
end

function checks.implicit(result, _, add)
  if result.kind == "implicit" then
    add {id = "implicit-mx", level = "warn", text = result.domain .. " has no MX record: senders deliver to the address of the name itself.",
      evidence = result.hosts[1].addresses[1] and "its address is " .. result.hosts[1].addresses[1].address,
      fix = "Name the host that takes the mail in an MX record, or publish \"MX 0 .\" where none does.", reference = "RFC 5321 section 5.1"}
  elseif result.kind == "none" then
    add {id = "no-mail-hosts", level = "fail", text = result.domain .. " has neither MX records nor an address: no mail can be delivered to it.",
      fix = "Publish an MX record, or \"MX 0 .\" where no mail is wanted.", reference = "RFC 5321 section 5.1"}
  end
end

function checks.domain_alias(result, _, add)
  if not result.canonical then return end
  add {id = "domain-is-alias", level = "info", text = ("%s is an alias (CNAME): mail goes where %s wants it."):format(result.domain, result.canonical),
    evidence = "CNAME " .. result.canonical, reference = "RFC 5321 section 5.1"}
end

function checks.alias(result, _, add)
  if result.kind ~= "mx" then return end
  host_rows(result, function(host)
    if not host.canonical then return end
    add {id = "mx-is-alias", level = "warn", text = ("The MX host %s is an alias (CNAME), which an MX must not name."):format(host.host),
      evidence = ("%s CNAME %s"):format(host.host, host.aliases[1].host), fix = ("Name %s in the MX record."):format(host.canonical),
      reference = "RFC 2181 section 10.3"}
  end)
end

local reasons = {
  ["ip-literal"] = {"mx-is-address", "The MX record names the address %s in place of a host.", "Give the server a name, and name that.",
    "RFC 5321 section 2.3.5"},
  nxdomain = {"mx-dangling", "The MX host %s does not exist.", "Remove the record, or create the host: whoever registers the name gets the mail.",
    "RFC 5321 section 5.1"},
  ["no-address"] = {"mx-no-address", "The MX host %s has no address.", "Give it an A or AAAA record, or remove it from the MX records.",
    "RFC 5321 section 5.1"},
  bogus = {"mx-bogus", "The addresses of the MX host %s fail validation by DNSSEC: senders that validate cannot reach it.",
    "Have the zone signed anew, or the DS record in its parent corrected.", "RFC 4035 section 5"},
  loop = {"mx-loop", "The aliases (CNAME) of the MX host %s lead in a circle.", "Give the host an address of its own.", "RFC 2181 section 10.3"},
  limit = {"mx-too-many", "There are so many MX hosts that %s was not looked up.", "Name fewer hosts.", "RFC 5321 section 5.1"},
}
local failed = {"mx-lookup-failed", "The addresses of the MX host %s cannot be looked up: its name servers fail, or stay silent.",
  "Look at the name servers of its zone.", "RFC 5321 section 5.1"}

local function say_reason(host, reason, message, add)
  local row = reasons[reason] or failed
  add {id = row[1], level = "fail", text = row[2]:format(host.host), evidence = message, fix = row[3], reference = row[4]}
end

-- Hosts without any address, and those of whose two questions one failed.
function checks.unusable(result, _, add)
  local past = false -- said once
  host_rows(result, function(host)
    if host.reason == "limit" then
      if past then return end
      past = true
    end
    if host.reason then return say_reason(host, host.reason, host.message, add) end
    for _, failure in ipairs(host.failures or {}) do
      if failure.reason ~= "nxdomain" then say_reason(host, failure.reason, failure.message, add) end
    end
  end)
end

local inner = {loopback = "fail", private = "warn", ["link-local"] = "fail", reserved = "fail", multicast = "fail"}

-- Names below a top level that nobody lists are a site's own: there, addresses of its own are what one expects.
function checks.addresses(result, _, add)
  local _, listed = dns.public_suffix(result.domain)
  if not listed then return end
  host_rows(result, function(host)
    for _, each in ipairs(host.addresses) do
      local kind = dns.address_kind(each.address)
      if inner[kind] then
        add {id = "mx-not-public", level = inner[kind],
          text = ("The MX host %s has an address that nobody outside can reach (%s)."):format(host.host, kind),
          evidence = ("%s has the address %s"):format(host.host, each.address), fix = "Publish public addresses only, or answer by view.",
          reference = "RFC 6890 section 2.2"}
      end
    end
  end)
end

function checks.twice(result, _, add)
  local seen = {}
  host_rows(result, function(host)
    local name = host.host:lower()
    if seen[name] then
      add {id = "mx-twice", level = "warn", text = ("The MX host %s is named twice, with preference %d and %d."):format(host.host, seen[name], host.preference),
        fix = "Keep the record with the lower preference: senders try it no sooner for the other."}
    end
    seen[name] = seen[name] or host.preference
  end)
end

-- RFC 1123 2.1: letters, digits and hyphens.
function checks.names(result, _, add)
  host_rows(result, function(host)
    if host.reason == "ip-literal" or host.host:find("^[%w-]+[%w.-]*$") then return end
    add {id = "mx-odd-name", level = "warn", text = ("%s is no name that a host may have: many senders refuse it."):format(host.host),
      fix = "Use letters, digits and hyphens only.", reference = "RFC 5321 section 2.3.5"}
  end)
end

-- A resolver that keeps DNSSEC back: nothing can be told secure, and nothing bogus.
function findings.of_resolver()
  local resolver = dns.resolver()
  if resolver.validates ~= false then return nil end
  return setmetatable({id = "resolver-not-validating", level = "warn",
    text = "The resolver in use does not hand on what DNSSEC needs: nothing that it says can be told genuine from forged.",
    evidence = table.concat(resolver.servers, ", "), fix = "Name another with --resolver, or ask the world itself with --recursive.",
    reference = "RFC 4035 section 3.2"}, of_finding)
end

local ORDER = {"null_mx", "implicit", "domain_alias", "alias", "unusable", "addresses", "twice", "names"}

function findings.of(result, null)
  local list = {}
  local function add(finding) list[#list + 1] = setmetatable(finding, of_finding) end
  for _, name in ipairs(ORDER) do checks[name](result, null, add) end
  list[#list + 1] = findings.of_resolver()
  return list
end

return findings
