# The certificates of the table: one that is right, and one for each way of being wrong. Made anew for each run.
import pathlib
import ssl
import subprocess

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
RIGHT_NAME = "IP:127.0.0.1"

# name: who signs it, its subjectAltName, from when and until when.
ISSUED = {
    "right": ("ca", RIGHT_NAME, "20200101000000Z", "20991231000000Z"),
    "wrong-host": ("ca", "DNS:elsewhere.example.org", "20200101000000Z", "20991231000000Z"),
    "expired": ("ca", RIGHT_NAME, "20200101000000Z", "20210101000000Z"),
    "unknown-ca": ("other", RIGHT_NAME, "20200101000000Z", "20991231000000Z"),
}
CONFIG = """[ca]
default_ca = only
[only]
database = {0}/{1}.index
serial = {0}/{1}.serial
new_certs_dir = {0}
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
"""


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def sign_itself(folder, name, subject, names):
    openssl("req", "-x509", *KEY, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", "-days", "30",
            "-subj", f"/CN={subject}", *names)


def issue(folder, name, issuer, alternative, start, end):
    openssl("req", *KEY, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr", "-subj", f"/CN={name}",
            "-addext", f"subjectAltName={alternative}")
    openssl("ca", "-batch", "-notext", "-config", folder / f"{issuer}.cnf", "-cert", folder / f"{issuer}.pem",
            "-keyfile", folder / f"{issuer}.key", "-startdate", start, "-enddate", end,
            "-in", folder / f"{name}.csr", "-out", folder / f"{name}.pem")


def make_authority(folder, name):
    sign_itself(folder, name, name, [])
    (folder / f"{name}.cnf").write_text(CONFIG.format(folder, name))
    (folder / f"{name}.index").write_text("")
    (folder / f"{name}.serial").write_text("1000\n")


def make(folder):
    """A server context for each name; `ca.pem` in the folder is what the probe trusts."""
    folder = pathlib.Path(folder)
    for issuer in ("ca", "other"):
        make_authority(folder, issuer)
    sign_itself(folder, "self-signed", "self", ["-addext", f"subjectAltName={RIGHT_NAME}"])
    for name, row in ISSUED.items():
        issue(folder, name, *row)
    contexts = {}
    for name in ("self-signed", *ISSUED):
        contexts[name] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexts[name].load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return contexts
