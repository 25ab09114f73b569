"""Servers on loopback for tests: one that takes mail, and one that takes what is posted."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as each:
        each.bind((HOST, 0))
        port: int = each.getsockname()[1]
        return port


def write_certificate(folder: Path) -> Path:
    """A certificate for loopback that is signed by itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now, address = datetime.now(UTC), x509.IPAddress(ip_address(HOST))
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = folder / "certificate.pem"
    file.write_bytes(
        certificate.public_bytes(pem) + key.private_bytes(pem, plain, serialization.NoEncryption())
    )
    return file


@dataclass
class MailServer:
    """What a mail server has taken, and where it is."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    refusal: str = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the name that the server calls
        """Take a mail, or refuse it."""
        if self.refusal:
            return self.refusal
        read = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(read)  # type: ignore[arg-type]  # what the policy makes
        return "250 OK"

    def authenticate(self, server: Any, session: Any, *rest: Any) -> AuthResult:
        """Let in who knows the password."""
        given = rest[-1]
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"open sesame", handled=False)


@contextmanager
def mail_server(security: str, certificate: Path | None = None) -> Iterator[MailServer]:
    """A mail server with `none`, `starttls` or `ssl`; with the latter two it asks for a login."""
    taken = MailServer(free_port())
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    options: dict[str, Any] = {}
    if security != "none":
        options = {"authenticator": taken.authenticate, "auth_required": True}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    if security == "ssl":
        options |= {"ssl_context": context, "auth_require_tls": False}
    controller = Controller(taken, hostname=HOST, port=taken.port, **options)
    controller.start()
    try:
        yield taken
    finally:
        controller.stop()


class WebServer(ThreadingHTTPServer):
    """What has been posted; answers with the codes in `answers`, then with 200."""

    def __init__(self) -> None:
        """Listen at a port that is free."""
        super().__init__((HOST, 0), _Handler)
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = []

    @property
    def url(self) -> str:
        """Where to post to."""
        return f"http://{HOST}:{self.server_address[1]}/hook/s3cr3t"


class _Handler(BaseHTTPRequestHandler):
    server: WebServer

    def do_POST(self) -> None:
        """Take what is posted."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.bodies.append(json.loads(body))
        self.server.headers.append(dict(self.headers))
        code = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(code)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def web_server() -> Iterator[WebServer]:
    """A server that takes what is posted to it."""
    with WebServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
