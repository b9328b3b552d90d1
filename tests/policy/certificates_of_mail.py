"""Certificates for the SMTP servers of test_probe_mx.py, by the authority of its web server."""
import hashlib
import subprocess

from policy_web import ALWAYS


def make(web):
    """hosts.pem for the hosts of hosts.example; the SHA-256 of the key of self-signed.pem, as a TLSA record has it."""
    web.issue_for("hosts", "DNS:*.hosts.example", *ALWAYS)
    public = subprocess.run(["openssl", "x509", "-in", web.folder / "self-signed.pem", "-noout", "-pubkey"], check=True, capture_output=True)
    key = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public.stdout, check=True, capture_output=True).stdout
    return hashlib.sha256(key).hexdigest()
