# The table: each way of misbehaving around STARTTLS is a row.
#
# A row says where the server departs from good manners ("EHLO", and "tls EHLO" for inside of TLS), and what the
# probe, which demands TLS, must make of it. INJECTED stands in every answer that must not be believed; EARLY in one
# that came before its command when the server's bytes arrive as written, and may come after it when they drip.
# `dripped` are the ends that are right as well when the bytes come one at a time, where it is the network that
# decides what was early. An end with a | is either: the bytes may come before the next command or after it.
from dataclasses import dataclass, field

from server import BARE, CLOSE, LISTEN, SILENCE

EXITS = {"ready": 0, "unreachable": 11, "timed-out": 12, "not-smtp": 13, "tls-not-offered": 14, "tls-failed": 15,
         "tls-untrusted": 16, "protocol-violation": 17, "refused-temporarily": 20, "refused-permanently": 21}

GOOD = {
    "greeting": ["220 mx.example.org ESMTP\r\n"],
    "EHLO": ["250-mx.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"],
    "HELO": ["250 mx.example.org\r\n"],
    "STARTTLS": ["220 2.0.0 Go ahead\r\n"],
    "tls EHLO": ["250-mx.example.org\r\n250-SIZE 1000000\r\n250 AUTH PLAIN\r\n"],
    "tls STARTTLS": ["503 5.5.1 TLS is active\r\n"],
    "AUTH": ["235 2.7.0 Welcome\r\n"],
    "MAIL": ["250 2.1.0 Ok\r\n"],
    "RCPT": ["250 2.1.5 Ok\r\n"],
    "RSET": ["250 2.0.0 Ok\r\n"],
    "QUIT": ["221 2.0.0 Bye\r\n", CLOSE],
}


@dataclass
class Row:
    name: str
    end: str # outcome and phase
    departs: dict = field(default_factory=dict)
    dripped: tuple = ()
    certificate: str = "right"
    level: str = "encrypt"
    finding: str = ""
    without_login: str = "" # the end of a probe that does not log in, where it is another
    private: bool = True # has something to say that nobody else may hear: a login, a sender, a recipient

    def answers(self):
        return {**GOOD, **self.departs}


READY = "ready rcpt"
NOT_OFFERED = "tls-not-offered starttls"
REFUSED = "tls-failed starttls"
BROKEN = "tls-failed tls"
INJECTION = "protocol-violation starttls"

ANY_ORDER = (READY, BROKEN, INJECTION, REFUSED, NOT_OFFERED)

CAPABLE = "250-mx.example.org\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"
BARREN = "250-mx.example.org\r\n250 AUTH PLAIN LOGIN\r\n"
UNTRUE = "250-INJECTED\r\n250-AUTH PLAIN\r\n250 INJECTED\r\n"
EARLY = "250-EARLY\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n"
NO_EHLO = {"EHLO": ["502 5.5.1 Not here\r\n"]}


def greeting(name, end, *acts, **more):
    return Row(f"greeting {name}", end, {"greeting": list(acts)}, **more)


def ehlo(name, end, *acts, **more):
    return Row(f"EHLO {name}", end, {"EHLO": list(acts)}, **more)


def helo(name, end, *acts, **more):
    return Row(f"HELO {name}", end, {**NO_EHLO, "HELO": list(acts)}, **more)


def starttls(name, end, *acts, **more):
    return Row(f"STARTTLS {name}", end, {"STARTTLS": list(acts)}, **more)


def rset(name, end, *acts, **more):
    return Row(f"RSET {name}", end, {"RSET": list(acts)}, **more)


def quit_in_clear(name, *acts):
    return Row(f"QUIT in the clear, {name}", REFUSED,
               {"STARTTLS": ["454 4.7.0 Not now\r\n"], "QUIT": list(acts)})


def quit_in_tls(name, *acts):
    return Row(f"QUIT inside TLS, {name}", READY, {"QUIT": list(acts)})


GREETING = [
    greeting("followed by an answer to EHLO", READY, "220 mx\r\n" + EARLY, dripped=ANY_ORDER),
    greeting("followed by answers to all that could come", READY, "220 mx\r\n" + EARLY + "220 EARLY\r\n" + EARLY,
             dripped=ANY_ORDER),
    Row("greeting that says TLS is there already", NOT_OFFERED,
        {"greeting": ["220 mx ESMTP TLS is active, go on\r\n"], "EHLO": [BARREN]}),
    greeting("that closes for mail", "refused-permanently greeting", "554 5.7.1 No\r\n"),
    greeting("that is busy", "refused-temporarily greeting", "421 4.3.2 Later\r\n", CLOSE),
    greeting("that asks for data", "protocol-violation greeting", "354 Go ahead\r\n"),
    greeting("cut off", "protocol-violation greeting", "220-mx\r\n220-", CLOSE),
    greeting("that never comes", "unreachable greeting", CLOSE),
    greeting("in mixed codes", "protocol-violation greeting", "220-mx\r\n554 No\r\n"),
    greeting("of another code", READY, "250 mx\r\n"),
]

EHLO = [
    ehlo("without STARTTLS", NOT_OFFERED, BARREN),
    ehlo("in one line", NOT_OFFERED, "250 mx.example.org\r\n"),
    ehlo("with STARTTLS as the name of the host only", NOT_OFFERED, "250-STARTTLS\r\n250 AUTH PLAIN\r\n"),
    ehlo("with STARTTLS crossed out", NOT_OFFERED, "250-mx\r\n250-XXXXXXXA\r\n250 AUTH PLAIN\r\n"),
    ehlo("with STARTTLS behind a control byte", NOT_OFFERED, "250-mx\r\n250-\x1b[2KSTARTTLS\r\n250 AUTH PLAIN\r\n"),
    ehlo("busy", "refused-temporarily ehlo", "421 4.3.2 Later\r\n", CLOSE),
    ehlo("refused for now", "refused-temporarily ehlo", "451 4.3.0 Later\r\n"),
    ehlo("that asks for data", "protocol-violation ehlo", "354 Go ahead\r\n"),
    ehlo("with another positive code", READY, "220-mx\r\n220-AUTH PLAIN\r\n220 STARTTLS\r\n"),
    ehlo("cut off after STARTTLS", "protocol-violation ehlo", "250-mx\r\n250-STARTTLS\r\n250-AU", CLOSE),
    ehlo("in mixed codes", "protocol-violation ehlo", "250-mx\r\n250-STARTTLS\r\n550 No\r\n"),
    ehlo("that never comes, and an end", "unreachable ehlo", CLOSE),
    ehlo("that never comes", "timed-out ehlo", SILENCE),
    ehlo("with a line beyond bounds", "protocol-violation ehlo",
         "250-mx\r\n250-" + "A" * 5000 + "\r\n250 STARTTLS\r\n"),
    ehlo("twice, the second without STARTTLS", READY, CAPABLE + "250 EARLY\r\n", dripped=(READY, BROKEN, INJECTION)),
    ehlo("and the go-ahead at once", READY, CAPABLE + "220 EARLY\r\n", dripped=(READY, BROKEN, INJECTION)),
    ehlo("and then plain data", "protocol-violation ehlo", CAPABLE[:-len("250 STARTTLS\r\n")] + "AUTH PLAIN\r\n"),
]

HELO = [
    helo("accepted", NOT_OFFERED, "250 mx.example.org\r\n"),
    helo("with extensions in several lines", NOT_OFFERED, CAPABLE),
    helo("with STARTTLS in its text", NOT_OFFERED, "250 mx STARTTLS\r\n"),
    helo("refused too", "refused-permanently ehlo", "502 5.5.1 Not here\r\n"),
    helo("busy", "refused-temporarily ehlo", "421 4.3.2 Later\r\n", CLOSE),
    helo("that asks for data", "protocol-violation ehlo", "354 Go ahead\r\n"),
    helo("cut off", "protocol-violation ehlo", "250-mx\r\n25", CLOSE),
    helo("that never comes", "timed-out ehlo", SILENCE),
]

STARTTLS = [
    starttls("refused for now", REFUSED, "454 4.7.0 TLS not available\r\n"),
    starttls("unknown", REFUSED, "500 5.5.1 What?\r\n"),
    starttls("not built in", REFUSED, "502 5.5.1 Not here\r\n"),
    starttls("refused for good", REFUSED, "554 5.7.3 No\r\n"),
    starttls("that asks for data", REFUSED, "354 Go ahead\r\n"),
    starttls("busy", "refused-temporarily starttls", "421 4.7.0 Later\r\n", CLOSE),
    starttls("in mixed codes", INJECTION, "220-Go\r\n454 No\r\n"),
    starttls("cut off", INJECTION, "220-Go\r\n220", CLOSE),
    starttls("that never comes", "timed-out starttls", SILENCE),
    starttls("that never comes, and an end", "unreachable starttls", CLOSE),
    starttls("in several lines", READY, "220-Go\r\n220 ahead\r\n"),
    starttls("first digit out of range", INJECTION, "120 Go\r\n"),
    starttls("refused by what looks like capabilities", REFUSED, "554-STARTTLS\r\n554 AUTH PLAIN\r\n"),
]

RSET = [
    rset("refused for good", READY, "502 5.5.1 No\r\n"),
    rset("refused for now", READY, "451 4.3.0 Later\r\n"),
    rset("busy", "refused-temporarily rset", "421 4.3.2 Later\r\n", CLOSE),
    rset("that asks for data", READY, "354 Go ahead\r\n"),
    rset("cut off", "protocol-violation rset", "250-Ok\r\n25", CLOSE),
    rset("in mixed codes", "protocol-violation rset", "250-Ok\r\n550 No\r\n"),
    rset("that never comes, and an end", "unreachable rset", CLOSE),
    rset("that never comes", "timed-out rset", SILENCE),
]

QUIT = [
    quit_in_clear("refused", "502 5.5.1 Stay\r\n"),
    quit_in_clear("answered with a new greeting", "221 Bye\r\n220 INJECTED\r\n" + UNTRUE),
    quit_in_clear("answered with a go-ahead", "220 Go ahead\r\n"),
    quit_in_clear("never answered", SILENCE),
    quit_in_tls("refused", "502 5.5.1 Stay\r\n"),
    quit_in_tls("cut off", "221-By", CLOSE),
    quit_in_tls("not answered", CLOSE),
    quit_in_tls("answered in mixed codes", "221-Bye\r\n550 No\r\n"),
]

NEGOTIATION = [
    Row("good manners", READY),
    Row("good manners, and nothing to ask", "ready ehlo", private=False),
    Row("go-ahead, then answers in the clear", INJECTION, {"STARTTLS": ["220 Go\r\n", LISTEN, UNTRUE, SILENCE]}),
    Row("go-ahead, then an end", BROKEN, {"STARTTLS": ["220 Go\r\n", LISTEN, CLOSE]}),
    Row("go-ahead, then silence", "timed-out tls", {"STARTTLS": ["220 Go\r\n", LISTEN, SILENCE]}),
    Row("go-ahead, then a refusal in the clear", INJECTION,
        {"STARTTLS": ["220 Go\r\n", LISTEN, "454 4.7.0 INJECTED\r\n", SILENCE]}),
    Row("go-ahead, then an alert", BROKEN,
        {"STARTTLS": ["220 Go\r\n", LISTEN, "\x15\x03\x03\x00\x02\x02\x28", SILENCE]}),
    Row("STARTTLS offered again inside TLS", READY, {"tls EHLO": [CAPABLE]}),
    Row("other capabilities inside TLS", READY,
        {"EHLO": ["250-mx\r\n250-INJECTED\r\n250-AUTH PLAIN INJECTED\r\n250 STARTTLS\r\n"]}),
    Row("login offered in the clear and not inside TLS", "refused-permanently auth", {"tls EHLO": ["250 mx\r\n"]},
        without_login=READY),
    Row("EHLO refused inside TLS", "refused-permanently ehlo", {"tls EHLO": ["502 5.5.1 Not here\r\n"]}),
    Row("EHLO inside TLS met by an end", "unreachable ehlo", {"tls EHLO": [CLOSE]}),
    Row("login refused inside TLS", "refused-permanently auth", {"AUTH": ["535 5.7.8 No\r\n"]},
        without_login=READY),
]

BUFFERING = [
    starttls("and answers in the same segment", INJECTION, "220 Go\r\n" + UNTRUE, dripped=(INJECTION, BROKEN)),
    starttls("twice", INJECTION, "220 Go\r\n220 INJECTED\r\n", dripped=(INJECTION, BROKEN)),
    starttls("and a refusal in the same segment", INJECTION, "220 Go\r\n454 INJECTED\r\n",
             dripped=(INJECTION, BROKEN)),
    starttls("and half a line before the handshake", INJECTION, "220 Go\r\n250-INJ", dripped=(INJECTION, BROKEN)),
    starttls("and a lone line end", INJECTION, "220 Go\r\n\r\n", dripped=(INJECTION, BROKEN)),
    starttls("and a NUL", INJECTION, "220 Go\r\n\0", dripped=(INJECTION, BROKEN)),
    starttls("and answers in a segment of their own", INJECTION, "220 Go\r\n", LISTEN, UNTRUE),
    starttls("and half a line in the handshake", INJECTION, "220 Go\r\n", LISTEN, "250-INJ"),
    starttls("behind a line end of LF alone, with answers", INJECTION, "220 Go\n" + UNTRUE,
             dripped=(INJECTION, BROKEN)),
    Row("answers in the clear after the handshake", "tls-failed ehlo|tls-failed tls",
        {"secured": [BARE, UNTRUE, SILENCE]}),
    Row("half a line in the clear after the handshake", "tls-failed ehlo|tls-failed tls",
        {"secured": [BARE, "250-INJECTED", SILENCE]}),
    Row("answers in the clear after the handshake, and nothing to ask", "tls-failed ehlo|tls-failed tls",
        {"secured": [BARE, UNTRUE, SILENCE]}, private=False),
    Row("an end after the handshake", "unreachable ehlo", {"secured": [CLOSE]}),
    Row("an end after the handshake, and nothing to ask", "unreachable ehlo", {"secured": [CLOSE]}, private=False),
    Row("an answer in the clear to EHLO inside TLS", "tls-failed ehlo", {"tls EHLO": [BARE, UNTRUE, SILENCE]}),
]


def certificate(name, finding):
    return [Row(f"certificate {name}, verified", "tls-untrusted tls", level="verify", certificate=name,
                finding=finding),
            Row(f"certificate {name}, not looked at", READY, certificate=name, finding=finding)]


CERTIFICATES = [
    Row("certificate that is right, verified", READY, level="verify"),
    *certificate("self-signed", "certificate-not-trusted"),
    *certificate("wrong-host", "certificate-host-mismatch"),
    *certificate("expired", "certificate-expired"),
    *certificate("unknown-ca", "certificate-not-trusted"),
]

ROWS = [*GREETING, *EHLO, *HELO, *STARTTLS, *RSET, *QUIT, *NEGOTIATION, *BUFFERING, *CERTIFICATES]
