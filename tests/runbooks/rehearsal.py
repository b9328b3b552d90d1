"""A world for runbooks: rehearsal servers on loopback that answer as a test tells them. Callers: the test files of this folder.

Each runbook is run as a person would, in a process of its own; its outcome is read from JSON.
"""
import json
import os
import pathlib
import subprocess
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "commands"))
from program import PROGRAM, Case  # noqa: E402

SERVE = """
local options = {%s}
local ports = {}
for i, each in ipairs(options) do
  ports[i] = assert(smtp.listen(each))
  io.write(ports[i].port, "\\n")
end
io.flush()
io.read()
"""

SERVE = SERVE.replace("io.read()", "while task.read_line() do end")


BOUNCE = """From: MAILER-DAEMON@mx.example.net
To: news@example.net
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

%s
--b--
"""
RECIPIENT = "Final-Recipient: rfc822; %s\nAction: failed\nStatus: %s\nDiagnostic-Code: smtp; %s\n"


def bounce(*recipients):
    """A bounce as RFC 3464 has it. Each of the recipients: address, status, and what the server said."""
    return BOUNCE % "\n".join(RECIPIENT % each for each in recipients)


class Rehearsal(Case):
    def servers(self, *options):
        """Ports of rehearsal servers, each described as smtp.listen takes it."""
        path = self.write("world.lua", SERVE % ", ".join("{" + each + "}" for each in options))
        server = subprocess.Popen([PROGRAM, "run", "--allow", "send,login,intrusive", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  env=self.environment())
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait, 60)
        self.addCleanup(server.stdin.close)
        return [int(server.stdout.readline()) for _ in options]

    def server(self, options=""):
        return f"127.0.0.1:{self.servers(options)[0]}"

    def outcome(self, *args, status=None, **more):
        """What a runbook says, from its JSON."""
        r = self.ehlo(*args, "--format", "json", **more)
        self.assertIn(r.status, (0, 1), r.err)
        self.assertEqual(r.err, "")
        found = json.loads(r.out)
        self.assertEqual(found["exit"], r.status)
        if status is not None:
            self.assertEqual(r.status, status, r.out)
        found["by_name"] = {step["name"]: step for step in found["steps"]}
        for step in found["steps"]:
            if step["next"]:
                self.assertKnown(step["next"])
        return found

    def own(self, name, text):
        """A runbook in the person's scripts folder."""
        return self.write(f".config/ehlo/scripts/{name}.lua", text)

    def assertVerdicts(self, found, **wanted):
        got = {name: found["by_name"][name.replace("_", "-")]["verdict"] for name in wanted}
        texts = {name: found["by_name"][name.replace("_", "-")]["text"] for name in wanted}
        self.assertEqual(got, wanted, texts)


def have(program):
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in os.environ["PATH"].split(":"))
