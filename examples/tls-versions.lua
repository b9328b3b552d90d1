-- Which versions of TLS does a server take? One session for each, with that version alone.
-- Run: ehlo run examples/tls-versions.lua HOST[:PORT]...
local args = manifest {
  summary = "try each version of TLS by itself",
  arguments = {{name = "hosts", many = true, help = "host or host:port"}},
  examples = {"ehlo run examples/tls-versions.lua mx.example.org"},
}

local exit = 0
for _, host in ipairs(args.hosts) do
  print(report.escape(host))
  for _, version in ipairs {"TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"} do
    local r, why = smtp.probe(host, {tls = "encrypt", tls_min = version, tls_max = version})
    assert(r, why)
    local taken = r.tls and r.tls.version == version
    if taken and version < "TLSv1.2" then exit = 1 end -- RFC 8996 retired these two
    print(("  %-8s  %s"):format(version, taken and r.tls.cipher or r.outcome))
  end
end
return exit
