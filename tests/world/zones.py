"""The zones of a world: files for nsd with a root of our own above them, signed by ldns-signzone, right or in some way wrong.

Callers: world.py. A zone's text is what stands below its SOA and NS, with names relative to it:  "mx A 192.0.2.25".
"""
import dataclasses
import datetime
import subprocess

HEAD = "$ORIGIN {origin}\n$TTL {ttl}\n@ SOA ns.root. hostmaster.root. 2026112901 7200 3600 1209600 {negative}\n@ NS ns.root.\n"
ALGORITHM = "ECDSAP256SHA256"


@dataclasses.dataclass
class Zone:
    text: str = ""
    signed: bool = True       # False: the parent proves that it is not
    ttl: int = 300
    negative: int = 60        # for how long a denial holds
    nsec3: bool = False
    # What is wrong with it.
    expired: bool = False     # its signatures ended yesterday
    forged: tuple = ()        # (old, new): replaced in the signed file, so that the signature of that record does not fit
    bare: bool = False        # the parent vouches for its keys (DS), yet nothing is signed
    served_by: str = "nsd"    # or a fault of faulty.py: "silent", "refused", "servfail"


def parent_of(name, names):
    """The nearest name above that is a zone; "." in the end."""
    labels = name.rstrip(".").split(".")
    for i in range(1, len(labels)):
        above = ".".join(labels[i:]) + "."
        if above in names:
            return above
    return "."


def complete(zones):
    """Full names with a dot at the end, and every zone that is missing between them and the root, which is signed."""
    made = {name.rstrip(".") + ".": zone if isinstance(zone, Zone) else Zone(zone) for name, zone in zones.items()}
    for name in list(made):
        top = name.rstrip(".").split(".")[-1] + "."
        made.setdefault(top, Zone())
    made.setdefault(".", Zone("ns.root. A 127.0.0.1"))
    return made


def run(folder, *command):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
    return done.stdout.strip()


def make_key(folder, name):
    """One key that signs everything; its base name. Beside it lies NAME.ds."""
    return run(folder, "ldns-keygen", "-k", "-a", ALGORITHM, name)


def sign(folder, file, zone, key):
    now = datetime.datetime.now(datetime.timezone.utc)
    begins, ends = (now - datetime.timedelta(days=each) for each in ((9, 1) if zone.expired else (1, -9)))
    run(folder, "ldns-signzone", *(["-n"] if zone.nsec3 else []), "-i", f"{begins:%Y%m%d%H%M%S}",
        "-e", f"{ends:%Y%m%d%H%M%S}", "-f", file + ".signed", file, key)
    return file + ".signed"


def write(folder, zones):
    """Writes all zones, children first, and gives {name: file} and the line of the root's trust anchor."""
    files, below, anchor = {}, {name: "" for name in zones}, ""
    for name in sorted(zones, key=lambda each: (each == ".", -each.count("."))):
        zone = zones[name]
        file = ("root" if name == "." else name.rstrip(".")) + ".zone"
        text = HEAD.format(origin=name, ttl=zone.ttl, negative=zone.negative) + zone.text + "\n" + below[name]
        (folder / file).write_text(text)
        delegation = f"{name} NS ns.root.\n"
        if zone.signed:
            key = make_key(folder, name)
            vouched = (folder / f"{key}.ds").read_text()
            delegation += vouched
            if not zone.bare:
                file = sign(folder, file, zone, key)
            if name == ".":
                anchor = vouched
        if zone.forged:
            signed = (folder / file).read_text()
            if zone.forged[0] not in signed:
                raise ValueError(f"{name} holds no {zone.forged[0]} to forge")
            (folder / file).write_text(signed.replace(*zone.forged))
        files[name] = file
        if name != ".":
            below[parent_of(name, zones)] += delegation
    return files, anchor
