"""SMTP servers of the program's own (smtp.listen) on addresses of loopback, for tests of a domain with several hosts. Callers: test_probe_mx.py.
"""
import pathlib
import subprocess
import tempfile

SCRIPT = """
local servers = {%s}
for _, row in ipairs(servers) do
  local ok, why = smtp.listen(row)
  if not ok then io.stderr:write(row.address, ": ", why, "\\n") os.exit(1) end
  kept = kept or {}
  table.insert(kept, ok)
end
print("ready")
io.stdout:flush()
kept[1]:wait()
"""


class MailHouse:
    """servers: rows of Lua, as smtp.listen takes them. They end with this object."""

    def __init__(self, program, servers):
        with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as file:
            file.write(SCRIPT % ",\n".join(servers))
        self.script = pathlib.Path(file.name)
        self.process = subprocess.Popen([program, "run", file.name], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        if self.process.stdout.readline() != "ready\n":
            self.close()
            raise RuntimeError("the servers did not start")

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.script.unlink()
