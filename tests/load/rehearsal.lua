-- Owns: the rehearsal server for test_load.py: prints its port, and serves until it is ended. Run: ehlo run rehearsal.lua
local server = assert(smtp.listen())
print(server.port)
io.stdout:flush()
server:wait()
