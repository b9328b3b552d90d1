"""The zones that several tests share: domains whose mail is set up well, and one for each way in which it can be set up badly.

Callers: world.py by hand, tests/lua/dns_server.py, tests/world/test_*.py.
"""
from zones import Zone

MAIL = "@ MX 10 mx\n@ MX 20 backup\nmx A 192.0.2.25\nmx AAAA 2001:db8::25\nbackup A 192.0.2.26\n"

ZONES = {
    "example.org": MAIL + """
@ TXT "v=spf1 mx -all" "" " tail"
@ CAA 0 issue "ca.example.net"
@ CAA 128 iodef "mailto:security@example.org"
www CNAME mx
far CNAME www
alias-of-nothing CNAME gone.example.org.
circle CNAME round
round CNAME circle
_submissions._tcp SRV 0 1 465 mx
_25._tcp.mx TLSA 3 1 1 8cb0fc6c527506a053f4f14c8464bebbd6dede2738d11468dd953d7d6a3021f1
empty-below.x A 192.0.2.1
""",
    "cases.example.org": """
good MX 10 mx.example.org.
null MX 0 .
null-preference MX 10 .
null-mixed MX 0 .
null-mixed MX 10 mx.example.org.
implicit A 192.0.2.30
none TXT "no mail here"
alias CNAME good
mx-alias MX 10 www.example.org.
literal MX 10 192.0.2.25.
private MX 10 inside
inside A 10.0.0.5
loopback MX 10 here
here A 127.0.0.1
dangling MX 10 gone
no-address MX 10 none
bogus MX 10 mx.forged.example.
servfail MX 10 mx.servfail.example.
circle MX 10 circle.example.org.
twice MX 10 mx.example.org.
twice MX 20 mx.example.org.
odd MX 10 mail_1
mail_1 A 192.0.2.31
insecure MX 10 mx.plain.example.
half MX 10 mx.half
mx.half A 192.0.2.32
""",
    "many.example.org": "".join(f"@ MX {i} h{i}\n" for i in range(103)) + "* A 192.0.2.40\n",
    "corp.example": "@ MX 10 mx\nmx A 10.0.0.1",
    "plain.example": Zone(MAIL, signed=False),
    "third.example": Zone(MAIL, nsec3=True),
    "expired.example": Zone(MAIL, expired=True),
    "forged.example": Zone(MAIL, forged=("192.0.2.25", "192.0.2.66")),
    "bare.example": Zone(MAIL, bare=True),
    "silent.example": Zone(MAIL, served_by="silent"),
    "refused.example": Zone(MAIL, served_by="refused"),
    "servfail.example": Zone(MAIL, served_by="servfail"),
    "2.0.192.in-addr.arpa": "25 PTR mx.example.org.\n26 PTR backup.example.org.\n27 PTR mx.example.org.\n27 PTR www.example.org.",
}
