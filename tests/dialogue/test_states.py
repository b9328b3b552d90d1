#!/usr/bin/env python3
# Each state of a session times each class of reply, whole and in one-byte pieces: the table is in states.py. One process
# of the client talks to many servers at once. Some cells alone: test_states.py WORDS of the state's name or the class.
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cases
import states
from fake_server import FakeServer
from test_dialogue import PROGRAM, make_tls

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 130 # sessions, each with a thread and a port of its own
DEADLINE = 3  # seconds: where the server is silent


def instruction(number, cell, server):
    options = " ".join(f"{key}={value}" for key, value in cell.state.options.items())
    deadline = DEADLINE if cell.reply == "silence" else 0
    return f"{number}\t{server.port}\t{deadline}\t{cell.state.name}\t{options}\n"


def run(cells, piece, tls, folder):
    """What the client makes of each cell, by its number; and the servers."""
    servers = [FakeServer(each.steps, piece, tls, f"{each.state.name}, {each.reply}", each.state.leave) for each in cells]
    path = pathlib.Path(folder) / "cells"
    path.write_text("".join(instruction(*each) for each in zip(range(len(cells)), cells, servers)))
    environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
    environment.update(PATH=os.environ["PATH"], HOME=folder, LC_ALL="C.UTF-8")
    ran = subprocess.run([PROGRAM, "run", HERE / "states.lua", path], capture_output=True, env=environment,
                         stdin=subprocess.DEVNULL, timeout=120)
    for each in servers:
        each.join()
    if ran.returncode or ran.stderr:
        raise SystemExit(f"the client ended with {ran.returncode}: {ran.stderr.decode(errors='replace')[:4000]}")
    results = [json.loads(line) for line in ran.stdout.decode().splitlines()]
    return {each["id"]: each for each in results}, servers


def check_value(cell, result):
    """A verb of a script."""
    if result.get("code") != (cell.code or None):
        yield f"gives {result.get('code')}, not {cell.code or None} ({result.get('message')})"
    if cell.code and cell.reply != "421" and result.get("after") != 250:
        yield f"the next command got {result.get('after')}"
    if cell.code:
        return
    if (result.get("class"), result.get("phase")) != (cell.end, cell.phase):
        yield f"fails as {result.get('class')} in {result.get('phase')}, not {cell.end} in {cell.phase}"
    if not result.get("closed"):
        yield "the session is open still"


def check(cell, result, server):
    if server.trouble:
        yield server.trouble
    if "raised" in result:
        yield f"raised {result['raised']}"
        return
    end, phase = result.get("outcome"), result.get("outcome_phase")
    if end != cell.end:
        yield f"ends as {end}, not {cell.end} ({result.get('message')})"
    elif cell.phase and phase != cell.phase and (cell.state.name, cell.reply, phase) != ("greeting", "reset", "connect"):
        yield f"ends in {phase}, not {cell.phase}"
    if cell.state.verbs:
        yield from check_value(cell, result)
    elif result.get("exit") != cases.EXITS[cell.end]:
        yield f"exits with {result.get('exit')}"
    if end == "ready" and cell.state in states.PROBED and cell.state.phase == "auth" and cell.reply[0] != "2":
        yield "is ready without a login"


def troubles_of(cells, piece, tls, folder):
    """A list for each cell. Where only time is wrong, it is looked at once more, with little beside it."""
    found = []
    for at in range(0, len(cells), AT_ONCE):
        batch = cells[at:at + AT_ONCE]
        results, servers = run(batch, piece, tls, folder)
        found += [list(check(each, results[number], servers[number])) for number, each in enumerate(batch)]
    late = [number for number, each in enumerate(cells) if found[number] and each.reply == "silence"]
    if late and AT_ONCE >= len(late) != len(cells):
        for number, again in zip(late, troubles_of([cells[each] for each in late], piece, tls, folder)):
            found[number] = again
    return found


def main(words):
    cells = [states.cell(state, reply) for state in states.STATES for reply in states.CLASSES]
    cells = [each for each in cells if all(word in f"{each.state.name} {each.reply}" for word in words)]
    cells.sort(key=lambda each: each.reply != "silence") # so that those wait together
    folder = tempfile.mkdtemp(prefix="ehlo-states-")
    troubles = []
    try:
        tls = make_tls(folder)
        for piece in (None, 1):
            for each, found in zip(cells, troubles_of(cells, piece, tls, folder)):
                troubles += [f"{each.state.name}, {each.reply}, {'byte by byte' if piece else 'whole'}: {trouble}"
                             for trouble in found]
    finally:
        shutil.rmtree(folder)
    print("\n".join([*troubles, f"{len(states.STATES)} states, {len(cells)} cells, {len(troubles)} troubles"]))
    return 1 if troubles or not cells else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
