#!/usr/bin/python3
# A greylist in Postfix's policy protocol (SMTPD_POLICY_README), run by its spawn: greylist.py FOLDER. Who comes for the first time is put off;
# who comes again, from the same address with the same sender and recipient, gets through.
import hashlib
import pathlib
import sys

FIRST, AGAIN = "action=450 4.2.0 Greylisted, please try again later", "action=dunno"


def requests(lines):
    request = {}
    for line in lines:
        name, mark, value = line.rstrip("\n").partition("=")
        if mark:
            request[name] = value
        else:
            yield request
            request = {}


for each in requests(sys.stdin):
    triplet = "\0".join(each.get(name, "") for name in ("client_address", "sender", "recipient"))
    met = pathlib.Path(sys.argv[1]) / hashlib.sha256(triplet.encode()).hexdigest()
    print(AGAIN if met.exists() else FIRST, end="\n\n", flush=True)
    met.touch()
