"""Certificates for the SMTP servers of test_probe_mx.py, by the authority of its web server."""
import hashlib
import subprocess

from policy_web import ALWAYS


def key_digest(pem):
    """The SHA-256 of a certificate's key, as a TLSA record has it."""
    public = subprocess.run(["openssl", "x509", "-in", pem, "-noout", "-pubkey"], check=True, capture_output=True)
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public.stdout, check=True, capture_output=True).stdout
    return hashlib.sha256(key).hexdigest()


def make(web):
    """hosts.pem for the hosts of hosts.example; the digest of the key of self-signed.pem."""
    web.issue_for("hosts", "DNS:*.hosts.example", *ALWAYS)
    return key_digest(web.folder / "self-signed.pem")
