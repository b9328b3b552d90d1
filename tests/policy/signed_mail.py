"""Mails of our own, signed by dkimpy: keys, their records, and signatures with whatever tags a case wants, chains of ARC.
Callers: tests/policy, tests/runbooks."""
import base64
import hashlib
import subprocess
import tempfile
import time

import dkim
import nacl.encoding
import nacl.signing

NOW = int(time.time())
DOMAIN = "example.org"

BODY = b"Hello  there,\r\n\r\nthe meeting is at ten. \r\n.\r\nFrom us all\r\n\r\n\r\n"
HEADER = (b"From: Sender <sender@example.org>\r\nTo: receiver@example.net\r\nSubject: A meeting\r\n  at ten\r\n"
          b"Date: Sun, 29 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
          b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n")
MAIL = HEADER + b"\r\n" + BODY
NAMES = [b"from", b"to", b"subject", b"date", b"message-id", b"content-transfer-encoding"]


def rsa(bits):
    """(private key as PEM, p= of its record)."""
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", file.name, str(bits)], check=True, capture_output=True)
        public = subprocess.run(["openssl", "rsa", "-in", file.name, "-pubout", "-outform", "DER"], check=True, capture_output=True)
        with open(file.name, "rb") as pem:
            return pem.read(), base64.b64encode(public.stdout).decode()


def bare(key):
    """p= of an RSA key in the form of PKCS #1, without the envelope that DKIM wants."""
    public = subprocess.run(["openssl", "rsa", "-RSAPublicKey_out", "-outform", "DER"], input=key, check=True, capture_output=True)
    return base64.b64encode(public.stdout).decode()


def ed25519():
    key = nacl.signing.SigningKey.generate()
    return key.encode(nacl.encoding.Base64Encoder), key.verify_key.encode(nacl.encoding.Base64Encoder).decode()


def sign(mail, key, selector, **tags):
    """The mail with a signature on top. Tags replace those of an ordinary one; None leaves one out. names, form, algorithm: of the signer."""
    names, form = tags.pop("names", NAMES), tags.pop("form", "relaxed/simple")
    algorithm = tags.pop("algorithm", "rsa-sha256").encode()
    made = dkim.DKIM(mail, signature_algorithm=algorithm)
    canon = dkim.CanonicalizationPolicy.from_c_value(form.encode())
    private = (nacl.signing.SigningKey(key, encoder=nacl.encoding.Base64Encoder) if algorithm.startswith(b"ed25519")
               else dkim.parse_pem_private_key(key))
    body = tags.pop("body", None)
    body = canon.canonicalize_body(made.body if body is None else body)
    made.hasher = dkim.HASH_ALGORITHMS[algorithm]
    if tags.get("l") is not None:
        body = body[:int(tags["l"])]
    fields = {"v": "1", "a": algorithm.decode(), "c": form, "d": DOMAIN, "i": f"@{DOMAIN}", "q": "dns/txt", "s": selector, "t": str(NOW - 60),
              "h": b" : ".join(names).decode(), "bh": base64.b64encode(made.hasher(body).digest()).decode(), **tags}
    listed = [(name.encode(), value.encode()) for name, value in fields.items() if value is not None] + [(b"b", b"0" * 60)]
    made.include_headers = tuple(names)
    return b"DKIM-Signature: " + made.gen_header(listed, tuple(names), canon, b"DKIM-Signature", private) + mail


def seal(mail, domain, key, result=None):
    """The mail with one more set of ARC; what it says of ARC is `result`, or what the number of sets asks for."""
    had = mail.count(b"ARC-Seal:")
    found = result or ("pass" if had else "none")
    header = (f"Authentication-Results: {domain}; spf=pass smtp.mailfrom=sender@example.org;\r\n dkim=pass header.d=example.org; "
              f"arc={found}\r\n").encode()
    made = dkim.arc_sign(header + mail, b"arc", domain.encode(), key, domain.encode(), include_headers=[b"from", b"subject", b"to"])
    assert made, "dkimpy sealed nothing"
    return b"".join(made) + mail


def hash_of(body):
    """bh= of a body that is canonical already."""
    return base64.b64encode(hashlib.sha256(body).digest()).decode()
