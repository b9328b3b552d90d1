-- Owns: the tests of http.get against servers that behave and servers that do not. Callers: ctest, beside http_server.py.
local t = dofile(os.getenv("EHLO_TESTS") .. "/lua/harness.lua")
local test, equal, truthy, raises = t.test, t.equal, t.truthy, t.raises

local plain, secure, expired = os.getenv("EHLO_HTTP"), os.getenv("EHLO_HTTPS"), os.getenv("EHLO_HTTPS_EXPIRED")
local ca, file = os.getenv("EHLO_HTTP_CA"), os.getenv("EHLO_HTTP_FILE")
local named, hosts = os.getenv("EHLO_HTTPS_NAMED"), os.getenv("EHLO_HTTP_HOSTS")
local BODY = "twelve bytes"

local function refused(class, pattern, url, options)
  local response, message, err = http.get(url, options)
  equal(response, nil, url)
  equal(err.class, class, message)
  truthy(message:find(pattern), message)
  truthy(message:find(url, 1, true), message)
  return err
end

test("a response has status, headers, body, url and seconds", function()
  local r = truthy(http.get(plain .. "/plain"))
  equal(r.status, 200)
  equal(r.body, BODY)
  equal(r.url, plain .. "/plain")
  equal(r.headers["content-length"], "12")
  equal(r.headers["x-two"], "a, b")
  truthy(r.seconds > 0 and r.seconds < 60, "seconds")
end)

test("a refusal of the server is a response too", function()
  local r = truthy(http.get(plain .. "/missing"))
  equal(r.status, 404)
  equal(r.body, "no such thing")
end)

test("a redirect is the response where none is to be followed", function()
  local r = truthy(http.get(plain .. "/round", {redirects = false}))
  equal(r.status, 301)
  equal(r.headers.location, "/round")
  raises("redirects", function() http.get(plain .. "/round", {redirects = "no"}) end)
end)

test("what has not changed is not sent again", function()
  local r = truthy(http.get(plain .. "/tagged"))
  equal(r.headers.etag, '"one"')
  local again = truthy(http.get(plain .. "/tagged", {etag = r.headers.etag}))
  equal(again.status, 304)
  equal(again.body, "")
end)

test("headers, etag and last_modified go out as fields", function()
  local r = truthy(http.get(plain .. "/echo", {headers = {["X-Mine"] = "yes"}, etag = '"a"', last_modified = "then"}))
  for _, line in ipairs {"x%-mine: yes", 'if%-none%-match: "a"', "if%-modified%-since: then", "user%-agent: ehlo/"} do
    truthy(r.body:find(line), line)
  end
end)

test("a fetch goes on from where it was", function()
  local r = truthy(http.get(plain .. "/ranged", {resume_from = 7, etag = '"one"'}))
  equal(r.status, 206)
  equal(r.body, BODY:sub(8))
  equal(truthy(http.get(plain .. "/ranged", {resume_from = 7, etag = '"two"'})).status, 200)
end)

test("what came before the connection broke is in err.body", function()
  local err = refused("unreachable", "closed with 88 bytes", plain .. "/cut")
  equal(err.body, BODY)
  equal(err.headers["content-length"], "100")
end)

test("a compressed body is unpacked", function()
  equal(truthy(http.get(plain .. "/packed")).body, BODY:rep(1000))
end)

test("every way of sending too much ends at the limit", function()
  for _, path in ipairs {"/endless", "/bomb", "/nothing-for-ever", "/large"} do
    refused("protocol-violation", "larger than 100000 bytes", plain .. path, {max_size = 100000, timeout = 30})
  end
  for _, path in ipairs {"/endless-header", "/endless-continue"} do
    refused("protocol-violation", "header is larger", plain .. path, {timeout = 30})
  end
end)

test("the deadline ends what is silent and what is slow", function()
  refused("timed-out", "not done in 0.2 s", plain .. "/silent", {timeout = 0.2})
  equal(refused("timed-out", "not done in 0.2 s", plain .. "/slow", {timeout = 0.2}).body, BODY)
end)

test("only https is fetched, save from this machine itself", function()
  refused("syntax", "only https", "http://example.org/")
  refused("syntax", "only https", "http://192.0.2.1/")
  refused("syntax", "only https", "ftp://127.0.0.1/")
  refused("syntax", "no URL", "not a url")
  equal(truthy(http.get("file://" .. file)).body, BODY)
  refused("unreachable", "open file", "file://" .. file .. ".none")
end)

test("whether a URL is fetched can be asked beforehand", function()
  for _, url in ipairs {"https://example.org/a", "file:///a", "http://127.0.0.1:8080/", "http://localhost/", "http://[::1]/a"} do
    equal(http.allowed(url), true, url)
  end
  for _, url in ipairs {"http://example.org/", "http://127.0.0.1.example.org/", "http://[2001:db8::1]/", "ftp://127.0.0.1/", ""} do
    equal(http.allowed(url), nil, url)
  end
end)

test("a URL with a password in it is refused, and not repeated", function()
  local _, message, err = http.get("https://user:c4nary@127.0.0.1/")
  equal(err.class, "syntax")
  truthy(not message:find("c4nary"), message)
end)

test("a certificate must be signed by whom we trust, for that name, and in time", function()
  equal(truthy(http.get(secure .. "/plain", {ca_file = ca})).body, BODY)
  refused("tls-untrusted", "certificate", secure .. "/plain")
  refused("tls-untrusted", "expired", expired .. "/plain", {ca_file = ca})
  refused("tls-untrusted", "", (secure:gsub("127.0.0.1", "localhost")) .. "/plain", {ca_file = ca})
  refused("tls-failed", "", plain:gsub("http", "https") .. "/plain")
end)

test("names are resolved by our own resolver, and the certificate must be for the name", function()
  local port = named:match(":(%d+)$")
  assert(smtp.resolver {server = "127.0.0.1:9", trust_anchor = "", hosts = hosts})
  local r = truthy(http.get("https://elsewhere.example.org:" .. port .. "/plain", {ca_file = ca}))
  equal(r.body, BODY)
  refused("tls-untrusted", "", "https://other.example.org:" .. port .. "/plain", {ca_file = ca})
  refused("tls-untrusted", "", named .. "/plain", {ca_file = ca})
end)

test("the resolver is not taken away from who waits for it", function()
  local asks = {
    task.spawn(function() return dns.a("away.example.org") end),
    task.spawn(function() return http.get("https://away.example.org/") end),
  }
  local ok, _, err = smtp.resolver {server = "127.0.0.1:9"}
  equal(ok, nil)
  equal(err.class, "busy")
  for _, each in ipairs(asks) do task.cancel(each) end
  truthy(smtp.resolver {server = "127.0.0.1:9", trust_anchor = "", hosts = hosts})
end)

test("redirects are followed, a few, and stay with https", function()
  equal(truthy(http.get(plain .. "/to?" .. plain .. "/plain")).url, plain .. "/plain")
  equal(truthy(http.get(plain .. "/to?/plain")).body, BODY)
  equal(truthy(http.get(plain .. "/to?" .. secure .. "/plain", {ca_file = ca})).url, secure .. "/plain")
  refused("protocol-violation", "more than 5 times", plain .. "/round")
end)

test("a redirect never leaves https and never reaches a file", function()
  for _, target in ipairs {plain .. "/plain", "http://example.org/", "file://" .. file, "ftp://127.0.0.1/"} do
    refused("protocol-violation", "may only lead to https", secure .. "/to?" .. target, {ca_file = ca})
  end
  refused("protocol-violation", "may only lead to https", plain .. "/to?file://" .. file)
  refused("syntax", "only https", plain .. "/to?http://192.0.2.1/")
end)

test("a server that is not there is unreachable, a name that is not there a failure of DNS", function()
  refused("unreachable", "connect", "http://127.0.0.1:1/")
  refused("dns-failed", "", "https://no..name/")
end)

test("progress is told of, with the total where it is known", function()
  local last, total = 0, nil
  truthy(http.get(plain .. "/large", {on_progress = function(now, all)
    truthy(now >= last, "it grows")
    last, total = now, all
  end}))
  truthy(last > 0, "told at least once")
  equal(total, 4 << 20)
end)

test("tasks wait for their fetches side by side", function()
  local bodies = task.map({"/plain", "/packed", "/large"}, function(path)
    return #truthy(http.get(plain .. path, {on_progress = function() end})).body
  end)
  equal(bodies[1], 12)
  equal(bodies[2], 12000)
  equal(bodies[3], 4 << 20)
end)

test("a task that is cancelled gives its fetch up", function()
  local one = task.spawn(function() return http.get(plain .. "/silent") end)
  task.cancel(one)
  equal(one:status(), "cancelled")
  local result, message, err = task.deadline(0.1, function() return http.get(plain .. "/silent") end)
  equal(result, nil)
  equal(err.class, "timed-out", message)
  equal(truthy(http.get(plain .. "/plain")).body, BODY)
end)

test("an error of on_progress is the caller's, and ends the fetch", function()
  raises("my own", http.get, plain .. "/large", {on_progress = function() error("my own") end})
end)

test("wrong arguments raise", function()
  raises("unknown option 'max_sise'; did you mean 'max_size'", http.get, plain, {max_sise = 1})
  raises("max_size", http.get, plain, {max_size = 0})
  raises("timeout", http.get, plain, {timeout = -1})
  raises("line break", http.get, plain, {headers = {A = "b\r\nC: d"}})
  raises("line break", http.get, plain, {etag = "b\nC: d"})
  raises("no name of a field", http.get, plain, {headers = {["A B"] = "c"}})
  raises("NUL", http.get, "http://127.0.0.1\0/")
end)

return t.finish()
