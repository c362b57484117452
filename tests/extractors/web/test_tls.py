from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from extractors.web import errors
from extractors.web.fetch import Request
from models.records import Response

if TYPE_CHECKING:
    from tests.extractors.web.conftest import FaultServer, Makers


def certificate(folder: Path, host: str, days: int = 1) -> Path:
    """A self-signed certificate with its key, for an address, from a day ago until in `days` days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}-{days}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


def serve(make: Makers, path: Path) -> FaultServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = make.server(context)
    server.on("/page", make.reply(b"<p>hej"))
    return server


def test_a_certificate_that_nobody_vouches_for_is_refused(make: Makers, tmp_path: Path) -> None:
    server = serve(make, certificate(tmp_path, "127.0.0.1"))
    with pytest.raises(errors.CertificateError):
        make.fetcher().fetch(Request(f"{server.root}/page"))
    assert server.hits == []


@pytest.mark.parametrize(("host", "days"), [("127.0.0.9", 1), ("127.0.0.1", -1)])
def test_a_trusted_certificate_for_another_host_or_time_is_refused(
    make: Makers, tmp_path: Path, host: str, days: int
) -> None:
    path = certificate(tmp_path, host, days)
    server = serve(make, path)
    with pytest.raises(errors.CertificateError):
        make.fetcher(certificates=str(path)).fetch(Request(f"{server.root}/page"))
    assert server.hits == []


def test_a_good_certificate_passes(make: Makers, tmp_path: Path) -> None:
    path = certificate(tmp_path, "127.0.0.1")
    server = serve(make, path)
    response = make.fetcher(certificates=str(path)).fetch(Request(f"{server.root}/page"))
    assert isinstance(response, Response)
    assert response.body == b"<p>hej"


def test_tls_spoken_to_a_server_without_it_is_no_certificate_error(make: Makers) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        answering = threading.Thread(target=answer_in_plain, args=(listening, 4))
        answering.start()
        with pytest.raises(errors.Unreachable, match="TLS"):
            make.fetcher().fetch(Request(f"https://127.0.0.1:{port}/"))
        answering.join()


def answer_in_plain(listening: socket.socket, times: int) -> None:
    for _ in range(times):
        connection, _ = listening.accept()
        with connection:
            connection.recv(1)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(1 << 16)
