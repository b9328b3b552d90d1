"""Cases of SPF in the form of the openspf suite, for the tests beside it: their zones as name_server.py reads them, and what ehlo makes of
the cases of one scenario, beside a name server of its own."""
import json
import os
import pathlib
import subprocess
import tempfile

import name_server

HERE = pathlib.Path(__file__).resolve().parent


def zones_of(data):
    """A record of SPF stands for one of TXT as well, where the name has no TXT of its own ("NONE" counts)."""
    zones = {}
    for name, items in data.items():
        own = any(isinstance(item, dict) and "TXT" in item for item in items)
        out = zones.setdefault(str(name).lower(), [])
        for item in items:
            if item == {"TXT": "NONE"}:
                continue
            out.append(item)
            if isinstance(item, dict) and "SPF" in item and not own:
                out.append({"TXT": item["SPF"] or [""]})
        out[:] = [item for item in out if item != {"SPF": []}]
    return zones


SILENCE, PATIENCE = 6, 60 # seconds: until a case gives up that is to meet silence, and until one that is not may, however busy the machine


def run(ehlo, cases, zones):
    """cases: a dict of name: {host, helo, mailfrom}. A dict of name: what ehlo says."""
    asked = [{"name": name, "ip": str(case["host"]), "helo": str(case["helo"]), "from": str(case["mailfrom"] or ""), "receiver": case.get("receiver"),
              "timeout": SILENCE if case.get("result") == "temperror" else PATIENCE} for name, case in cases.items()]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file, name_server.NameServer(zones) as server:
        json.dump(asked, file)
        file.flush()
        done = subprocess.run([ehlo, "run", str(HERE / "spf_suite.lua"), file.name], capture_output=True, text=True, timeout=300, check=False,
                              env=dict(os.environ, EHLO_TEST_RESOLVER=server.address))
    if done.returncode != 0:
        raise AssertionError(f"{done.returncode}: {done.stderr}")
    return {row["name"]: row for row in json.loads(done.stdout)}
