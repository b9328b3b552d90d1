#!/usr/bin/env python3
"""Runs a command in a world of signed names (tests/world); ends with the command's status. Where it is, the environment says."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "world"))
import world

sys.exit(world.main())
