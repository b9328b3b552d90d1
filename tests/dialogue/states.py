# Each state of a session times each class of reply: what the server does there, and what must come of it.
#
# The ends follow from rules, not from what the program says. A probe: a 2yz goes on, a 421 refuses for now wherever it
# comes, another 4yz or 5yz refuses in its phase, what is no reply of SMTP is a violation, silence is timed-out, and an
# end before any byte is unreachable. What differs from that is said in the state's own row. A verb of a script: every
# complete reply is its value, whatever the code; all else is nil and a failure of the class that a probe would end in.
from dataclasses import dataclass, field

PROBE = {
    "2yz expected": "ready", "2yz of another code": "ready", "3yz": "protocol-violation", "4yz": "refused-temporarily",
    "421": "refused-temporarily", "5yz": "refused-permanently", "1yz": "protocol-violation",
    "digit beyond 5": "protocol-violation", "digit 0": "protocol-violation", "no code": "protocol-violation",
    "empty line": "protocol-violation", "silence": "timed-out", "close": "unreachable", "reset": "unreachable",
}
CLASSES = list(PROBE)

# What the server does, and the code where that is a reply.
ANSWERS = {
    "2yz of another code": (["send 299 2.0.0 Strange"], 299),
    "3yz": (["send 354 Go on"], 354),
    "4yz": (["send 451 4.3.0 Later"], 451),
    "421": (["send 421 4.3.2 Closing", "close"], 421),
    "5yz": (["send 554 5.7.1 No"], 554),
    "1yz": (["send 120 Wait"], None),
    "digit beyond 5": (["send 650 What"], None),
    "digit 0": (["send 050 What"], None),
    "no code": (["send Hello there"], None),
    "empty line": (["send "], None),
    "silence": (["silence"], None),
    "close": (["close"], None),
    "reset": (["reset"], None),
}

# What decides in a phase of its own only for a 421, for what is no reply, and for an end: the rest is a courtesy.
COURTESY = {"3yz": "ready", "4yz": "ready", "5yz": "ready"}
NO_MATTER = {each: "ready" for each in CLASSES}
ALIEN = {"no code": "not-smtp", "empty line": "not-smtp"} # nothing has shown yet that a mail server is there
TLS_REFUSED = {"3yz": "tls-failed", "4yz": "tls-failed", "5yz": "tls-failed"}


@dataclass
class State:
    name: str
    phase: str
    before: list          # of the dialogue up to the command
    command: str          # that the client sends, as a glob; "" for none
    good: list            # steps of the expected answer, and what must follow it
    code: int = 0         # of the expected answer, as a verb's value
    options: dict = field(default_factory=dict) # of the probe
    ends: dict = field(default_factory=dict)    # where they differ
    leave: str = ""       # that the state needs: the script has every leave
    verbs: bool = False   # a session of verbs (states.lua), in place of a probe
    codes: dict = field(default_factory=dict)   # of the verb's value, where another than the answer's
    after: dict = field(default_factory=dict)   # steps that follow an answer, where "polite" is wrong


GREETING = ["send 220 mx.example.org ESMTP"]
EHLO = [*GREETING, "expect EHLO *", "send 250-mx.example.org", "send 250-AUTH CRAM-MD5 PLAIN", "send 250 STARTTLS"]
SECURED = [*EHLO, "expect STARTTLS", "send 220 2.0.0 Ready", "tls", "expect EHLO *", "send 250-mx.example.org",
           "send 250 AUTH CRAM-MD5 PLAIN"]
MAIL = ["expect MAIL FROM:<*>", "send 250 2.1.0 Ok"]
RCPT = ["expect RCPT TO:<user@example.org>", "send 250 2.1.5 Ok"]
MESSAGE = ["expect Subject: x", "expect ", "expect ..dot", "expect ."]
REPLIES = ("2yz of another code", "3yz", "4yz", "5yz")
REST = ["send 250 2.0.0 Ok"]
TO = {"to": "user@example.org"}
LOGIN = {**TO, "mechanism": "CRAM-MD5"}
CHALLENGE = "send 334 PDEuMkBteC5leGFtcGxlLm9yZz4="

PROBED = [
    State("greeting", "greeting", [], "", GREETING, ends=ALIEN),
    State("EHLO", "ehlo", GREETING, "EHLO *", ["send 250 mx.example.org"], ends={"5yz": "ready"}),
    State("HELO", "ehlo", [*GREETING, "expect EHLO *", "send 502 5.5.1 What"], "HELO *", ["send 250 mx.example.org"],
          ends={"close": "refused-permanently", "reset": "refused-permanently"}), # the 502 was its answer
    State("STARTTLS", "starttls", EHLO, "STARTTLS", ["send 220 2.0.0 Ready", "tls"], options={"tls": "encrypt"},
          ends=TLS_REFUSED, after={"2yz of another code": ["tls", "polite"]}),
    State("STARTTLS that nobody needs", "starttls", EHLO, "STARTTLS", ["send 220 2.0.0 Ready", "tls"],
          ends={"3yz": "ready", "4yz": "ready", "5yz": "ready"},
          after={"2yz of another code": ["tls", "polite"]}),
    State("EHLO inside TLS", "ehlo", SECURED[:-3], "EHLO *", ["send 250 mx.example.org"]),
    State("AUTH", "auth", SECURED, "AUTH CRAM-MD5", [CHALLENGE, "expect *", "send 235 2.7.0 Welcome"], options=LOGIN, leave="login"),
    State("AUTH after the response", "auth", [*SECURED, "expect AUTH CRAM-MD5", CHALLENGE], "*",
          ["send 235 2.7.0 Welcome"], options=LOGIN, leave="login"),
    State("AUTH with the response in it", "auth", SECURED, "AUTH PLAIN *", ["send 235 2.7.0 Welcome"],
          options={**TO, "mechanism": "PLAIN"}, leave="login"),
    State("MAIL", "mail", EHLO, MAIL[0][len("expect "):], ["send 250 2.1.0 Ok"], options={**TO, "tls": "none"}),
    State("RCPT", "rcpt", [*EHLO, *MAIL], RCPT[0][len("expect "):], ["send 250 2.1.5 Ok"],
          options={**TO, "tls": "none"}),
    State("RSET", "rset", [*EHLO, *MAIL, *RCPT], "RSET", ["send 250 2.0.0 Ok"], options={**TO, "tls": "none"},
          ends=COURTESY),
    State("QUIT", "ehlo", EHLO, "QUIT", ["send 221 2.0.0 Bye"], options={"tls": "none"}, ends=NO_MATTER),
]

SPOKEN = [
    State("LHLO", "ehlo", GREETING, "LHLO *", ["send 250 mx.example.org"], 250, verbs=True),
    State("XCLIENT", "command", EHLO, "XCLIENT *", ["send 220 mx.example.org ESMTP"], 220, verbs=True, ends=COURTESY),
    State("DATA", "data", [*EHLO, *MAIL, *RCPT], "DATA", ["send 354 Go on", *MESSAGE, "send 250 2.6.0 Kept"], 250,
          leave="send", verbs=True, after={"3yz": [*MESSAGE, "send 250 2.6.0 Kept", "polite"]}, ends={"3yz": "ready"},
          codes={"3yz": 250}),
    State("after the dot", "data", [*EHLO, *MAIL, *RCPT, "expect DATA", "send 354 Go on", *MESSAGE[:-1]], ".",
          ["send 250 2.6.0 Kept"], 250, leave="send", verbs=True),
    State("BDAT", "data", [*EHLO, *MAIL, *RCPT, "expect BDAT 7"], "chunk", ["send 250 2.0.0 Ok"], 250, leave="send", verbs=True),
    State("BDAT LAST", "data", [*EHLO, *MAIL, *RCPT, "expect BDAT 7 LAST"], "chunk", ["send 250 2.6.0 Kept"], 250,
          leave="send", verbs=True),
    State("VRFY", "command", EHLO, "VRFY user", ["send 252 2.5.0 Perhaps"], 252, leave="intrusive", verbs=True, ends=COURTESY),
    State("EXPN", "command", EHLO, "EXPN list", ["send 250 2.1.5 <user@example.org>"], 250, leave="intrusive", verbs=True, ends=COURTESY),
    State("NOOP", "command", EHLO, "NOOP", ["send 250 2.0.0 Ok"], 250, verbs=True, ends=COURTESY),
    State("HELP", "command", EHLO, "HELP", ["send 214 2.0.0 Help yourself"], 214, verbs=True, ends=COURTESY),
    State("MAIL among three commands at once", "mail", [*EHLO, "expect RSET", MAIL[0], "send 250 2.0.0 Ok"], "NOOP",
          ["send 250 2.1.0 Ok", *REST], 250, verbs=True, codes={"421": 0},
          after={each: [*REST, "polite"] for each in REPLIES}),
]
STATES = [*PROBED, *SPOKEN]


@dataclass
class Cell:
    state: State
    reply: str  # the class
    steps: list # of the server
    end: str    # outcome
    phase: str  # "" where the end has none to tell
    code: int = 0 # of a verb's value; 0: nil


def cell(state, reply):
    steps, code = ANSWERS.get(reply, (state.good, state.code))
    dialogue = [*state.before, *([f"expect {state.command}"] if state.command else [])]
    dialogue += steps + state.after.get(reply, ["polite"])
    end = state.ends.get(reply, PROBE[reply])
    phase = state.phase if end not in ("ready", "tls-not-offered") else ""
    return Cell(state, reply, dialogue, end, phase, state.codes.get(reply, code) or 0)
