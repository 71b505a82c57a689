"""Certificates for tests, as an operator would make them with openssl.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import hashlib
import ssl
import subprocess
from pathlib import Path

LOCAL = "DNS:localhost,IP:127.0.0.1,IP:::1"


def openssl(*arguments, cwd=None, **options):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False, cwd=cwd, **options)
    if done.returncode != 0:
        raise RuntimeError(f"openssl {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


class Authority:
    """A CA in a folder of its own, and what it signs."""

    def __init__(self, folder, name="Test CA"):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate = self.folder / "ca.pem"
        self.key = self.folder / "ca.key"
        (self.folder / "index.txt").write_text("")
        (self.folder / "ca.conf").write_text(
            "[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nnew_certs_dir = .\nrand_serial = yes\n"
            "certificate = ca.pem\nprivate_key = ca.key\ndefault_md = sha256\npolicy = any\nunique_subject = no\n"
            "[any]\ncommonName = supplied\n")
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30,
                "-keyout", self.key, "-out", self.certificate, "-subj", f"/CN={name}",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def sign(self, name, names=LOCAL, client=False, start="20200101000000Z", end="20980101000000Z"):
        """(certificate, key) for the common name; a server's, or a client's."""
        stem = f"{name.replace('/', '-')}-{len(list(self.folder.glob('*.csr')))}"
        key, request, certificate, extensions = (self.folder / f"{stem}.{end_}" for end_ in ("key", "csr", "pem", "ext"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", request,
                "-subj", f"/CN={name}")
        usage = "clientAuth" if client else "serverAuth"
        extensions.write_text(f"basicConstraints = critical,CA:FALSE\nextendedKeyUsage = {usage}\n" +
                              ("" if client else f"subjectAltName = {names}\n"))
        openssl("ca", "-batch", "-notext", "-config", "ca.conf", "-in", request.name, "-out", certificate.name,
                "-extfile", extensions.name, "-startdate", start, "-enddate", end, cwd=self.folder)
        key.chmod(0o600)
        return certificate, key

    def sign_expired(self, name="localhost", **rest):
        return self.sign(name, start="20200101000000Z", end="20210101000000Z", **rest)

    def revoke(self, certificate):
        """The file of revoked certificates, that one among them."""
        openssl("ca", "-batch", "-config", "ca.conf", "-revoke", Path(certificate).name, cwd=self.folder)
        return self.list_revoked()

    def list_revoked(self):
        openssl("ca", "-batch", "-config", "ca.conf", "-gencrl", "-crldays", 30, "-out", "crl.pem", cwd=self.folder)
        return self.folder / "crl.pem"

    def context(self, certificate=None, key=None):
        """A client that trusts this authority alone."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        if certificate is not None:
            context.load_cert_chain(str(certificate), str(key))
        return context


def fingerprint(certificate):
    """SHA-256 of the certificate, as people compare it."""
    text = Path(certificate).read_text(encoding="ascii")
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(text)).hexdigest().upper()
    return ":".join(digest[i:i + 2] for i in range(0, len(digest), 2))
