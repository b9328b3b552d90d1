# What every server of the tests is started with: free ports, certificates, its configuration from a template, a process.
import pathlib
import random
import shutil
import socket
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1] / "build/servers/root" # where the packages lie unpacked
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"

# Who may log in, and with what; the token that says so is made anew each time.
USER, SECRET = "user", "c4nary-Hunter2!"


def free_ports(count):
    """Ports nobody listens on, from below the range that outgoing connections take."""
    ports = []
    while len(ports) < count:
        port = random.randint(12000, 30000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
    return ports


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def sign(folder, name, subject, use, names=None):
    """A key and a certificate for it that the CA of the folder signed."""
    openssl("req", *KEY, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.csr", "-subj", f"/CN={subject}")
    alternatives = f"subjectAltName={names}\n" if names else ""
    (folder / f"{name}.ext").write_text(f"{alternatives}basicConstraints=critical,CA:FALSE\nextendedKeyUsage={use}\n")
    openssl("x509", "-req", "-in", folder / f"{name}.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key",
            "-CAcreateserial", "-days", "20", "-extfile", folder / f"{name}.ext", "-out", folder / f"{name}.pem")


KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def make_certificates(folder):
    """A CA; of it a certificate for localhost and mx.example.org, and one for the user; and one for the user that signed itself."""
    folder.mkdir()
    for name, subject in (("ca", "Test CA"), ("self", USER)):
        openssl("req", "-x509", *KEY, "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem", "-days", "30",
                "-subj", f"/CN={subject}")
    sign(folder, "mx", "mx.example.org", "serverAuth", "DNS:mx.example.org,DNS:localhost,IP:127.0.0.1")
    sign(folder, "user", USER, "clientAuth")
    shutil.chown(folder / "mx.key", "mail", "mail")


def fill(template, path, values):
    text = (HERE / "templates" / template).read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", str(value))
    path.write_text(text)


def folder_of_mail(*folders):
    for each in folders:
        each.mkdir(exist_ok=True)
        shutil.chown(each, "mail", "mail")


def spawn(command, environment, output):
    with open(output, "wb") as log:
        return subprocess.Popen([str(each) for each in command], env={"PATH": PATH, **environment},
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/")
