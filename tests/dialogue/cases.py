# Where the cases come from: a file each in cases/, and the matrix of one good dialogue with every fault in every phase.
#
# A case file has three parts, each begun by its word on a line of its own:
#
#   probe      options of `ehlo probe`, one line (may be empty)
#   server     the dialogue: see fake_server.py
#   result     one fact a line: outcome, phase, code, anomalies (those of all replies, "none" for none), findings, failure,
#              shows TEXT (somewhere in the text page), hides TEXT, sent VERB... (all that the client sent), within SECONDS
#
# Lines before `probe` tell the story. "only whole" among them: not to be run byte by byte, for the reason given there.
import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
EXITS = {"ready": 0, "dns-failed": 10, "unreachable": 11, "timed-out": 12, "not-smtp": 13, "tls-not-offered": 14,
         "tls-failed": 15, "tls-untrusted": 16, "protocol-violation": 17, "blocked-locally": 18,
         "refused-temporarily": 20, "refused-permanently": 21, "no-mail-service": 22}


@dataclasses.dataclass
class Case:
    name: str
    options: list
    steps: list
    result: list # of (fact, value)
    whole_only: bool = False


def read(path):
    parts = {"story": [], "probe": [], "server": [], "result": []}
    part = "story"
    for line in path.read_text().splitlines():
        if line in parts:
            part = line
        else:
            parts[part].append(line)
    result = [tuple((line.split(" ", 1) + [""])[:2]) for line in parts["result"] if line.strip()]
    return Case(path.stem, " ".join(parts["probe"]).split(), parts["server"], result,
                any(line.startswith("only whole") for line in parts["story"]))


# One good dialogue: (phase as timed, phase as reported, what the server waits for, its answer).
GOOD = [
    ("greeting", "greeting", None, ["send 220 mx.example.org ESMTP"]),
    ("ehlo", "ehlo", "EHLO *", ["send 250-mx.example.org", "send 250-PIPELINING", "send 250 STARTTLS"]),
    ("starttls", "starttls", "STARTTLS", ["send 220 2.0.0 Ready"]),
    ("tls", "tls", None, ["tls"]),
    ("ehlo_tls", "ehlo", "EHLO *", ["send 250-mx.example.org", "send 250 PIPELINING"]),
    ("mail", "mail", "MAIL FROM:<>", ["send 250 2.1.0 Ok"]),
    ("rcpt", "rcpt", "RCPT TO:<user@example.org>", ["send 250 2.1.5 Ok"]),
    ("rset", "rset", "RSET", ["send 250 2.0.0 Ok"]),
    ("quit", "quit", "QUIT", ["send 221 2.0.0 Bye"]),
]
PHASES = [row[0] for row in GOOD]
TO = ["--to", "user@example.org"]

# What may go wrong in a phase: (name, steps in place of the answer, options, {timed phase: (outcome, more facts)}); the key
# None is every phase that is not named, and a phase whose value is None is left out.
QUIT_IS_NO_MATTER = ("ready", [])
FAULTS = [
    ("421", ["send 421 4.3.2 mx.example.org closing", "close"], [],
     {None: ("refused-temporarily", [("code", "421")]), "tls": None, "quit": QUIT_IS_NO_MATTER}),
    ("421-tls-demanded", ["send 421 mx.example.org busy", "close"], ["--tls", "encrypt"],
     {None: ("refused-temporarily", [("code", "421")]), "tls": None, "quit": QUIT_IS_NO_MATTER}),
    ("421-kept-open", ["send 421-4.3.2 busy", "send 421 4.3.2 come back", "silence"], [],
     {None: ("refused-temporarily", [("code", "421")]), "tls": None, "quit": QUIT_IS_NO_MATTER}),
    ("close", ["close"], [], {None: ("unreachable", []), "tls": ("tls-failed", []), "quit": QUIT_IS_NO_MATTER}),
    # at the greeting it may be met while the connection is still being made
    ("reset", ["reset"], [], {None: ("unreachable", []), "greeting": ("unreachable", [("phase", "")]),
                              "tls": ("tls-failed", []), "quit": QUIT_IS_NO_MATTER}),
    ("silence", ["silence"], ["--timeout", "2"],
     {None: ("timed-out", [("within", "8")]), "quit": QUIT_IS_NO_MATTER}),
    ("cut-off", ["raw 250-half a rep", "close"], [],
     {None: ("protocol-violation", [("anomalies", "cut-off")]), "tls": None,
      "quit": ("ready", [("anomalies", "cut-off")])}),
    ("cut-off-code", ["raw 25", "close"], [],
     {None: ("protocol-violation", [("anomalies", "cut-off")]), "tls": None,
      "quit": ("ready", [("anomalies", "cut-off")])}),
    ("mixed-codes", ["send 250-one", "send 550 two"], [],
     {None: ("protocol-violation", [("anomalies", "mixed-codes")]), "tls": None,
      "quit": ("ready", [("anomalies", "mixed-codes")])}),
    ("first-digit-9", ["send 999 what"], [],
     {None: ("protocol-violation", [("anomalies", "first-digit")]), "tls": None,
      "quit": ("ready", [("anomalies", "first-digit")])}),
    ("endless-lines", ["endless 250-more\\r\\n"], [],
     {None: ("protocol-violation", [("anomalies", "too-many-lines"), ("within", "8")]), "tls": None, "quit": None}),
    ("endless-line", ["raw 250 ", "endless x"], [],
     {None: ("protocol-violation", [("anomalies", "overlong-line"), ("within", "8")]), "tls": None, "quit": None}),
    ("drip", ["drip 0.05 250-x\\r\\n"], ["--timeout", "2"],
     {None: ("timed-out", [("within", "8")]), "tls": None, "quit": None}),
    ("refused-for-now", ["send 451 4.3.0 Try later", "polite"], [],
     {None: ("refused-temporarily", [("code", "451")]), "starttls": None, "tls": None, "rset": None,
      "quit": QUIT_IS_NO_MATTER}),
    ("refused-for-good", ["send 554 5.7.1 No", "polite"], [],
     {None: ("refused-permanently", [("code", "554")]), "ehlo": None, "starttls": None, "tls": None, "ehlo_tls": None,
      "rset": None, "quit": QUIT_IS_NO_MATTER}),
    ("starttls-refused", ["send 454 4.7.0 TLS not available"], ["--tls", "encrypt"],
     {"starttls": ("tls-failed", [("code", "454")])}),
    ("starttls-refused-for-good", ["send 554 5.7.0 No"], ["--tls", "encrypt"],
     {"starttls": ("tls-failed", [("code", "554")])}),
    ("starttls-354", ["send 354 go"], ["--tls", "encrypt"], {"starttls": ("tls-failed", [])}),
    ("no-handshake", ["await", "raw \\x15\\x03\\x01\\x00\\x02\\x02\\x28", "close"], [], {"tls": ("tls-failed", [])}),
]


def matrix():
    for name, steps, options, expected in FAULTS:
        for at, (timed, phase, _, _) in enumerate(GOOD):
            wanted = expected.get(timed, expected.get(None))
            if wanted is None:
                continue
            outcome, facts = wanted
            dialogue = []
            for row in GOOD[:at]:
                dialogue += ([f"expect {row[2]}"] if row[2] else []) + row[3]
            dialogue += ([f"expect {GOOD[at][2]}"] if GOOD[at][2] else []) + steps
            where = [] if ("phase", "") in facts else [("phase", "rcpt" if outcome == "ready" else phase)]
            facts = [each for each in facts if each[1]]
            yield Case(f"{name}-at-{timed}", TO + options, dialogue, [("outcome", outcome)] + where + facts)


def all_cases():
    return [read(path) for path in sorted((HERE / "cases").glob("*.txt"))] + list(matrix())
