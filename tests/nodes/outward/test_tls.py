# SPDX-License-Identifier: Apache-2.0
"""The certificate is that of the name, although the connection goes to an address."""

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from ortaq.nodes.outward.errors import CertificateRefused
from tests.nodes.outward.hosts import asking, host, saying

NAME = "heritage.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for NAME that nobody else has signed."""
    key = ed25519.Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, None)
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return file


def serving(certificate: Path, names: list[str]) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: names.append(name)
    return context


def believing(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=certificate.read_text().partition("-----END PRIVATE KEY-----\n")[2])


def test_name_is_what_is_asked_for_and_what_is_checked(certificate: Path) -> None:
    names: list[str] = []
    with host(saying(b"x"), serving(certificate, names)) as port, asking(tls=believing(certificate)) as ask:
        assert ask.get(f"https://{NAME}:{port}/").body == b"x"
        with pytest.raises(CertificateRefused, match=r"evil\.example"):
            ask.get(f"https://evil.example:{port}/")
        with pytest.raises(CertificateRefused):
            ask.get(f"https://127.0.0.1:{port}/")
    assert names[:2] == [NAME, "evil.example"]


def test_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with (
        host(saying(b"x"), serving(certificate, [])) as port,
        asking() as ask,
        pytest.raises(CertificateRefused, match="self"),
    ):
        ask.get(f"https://{NAME}:{port}/")
