"""A scheduler with TLS and its workers, as somebody else would have started them."""

from __future__ import annotations

import datetime as dt
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dask
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

ROOT = Path(__file__).parent.parent


def certificate(folder: Path) -> dict[str, str]:
    """A certificate that signs itself, as the settings of Dask's that let all roles use it."""
    folder.mkdir(exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dask")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    encoding = serialization.Encoding.PEM
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, form, plain))
    (folder / "cert.pem").write_bytes(made.public_bytes(encoding))
    tls = "distributed.comm.tls"
    roles = ("client", "scheduler", "worker")
    files = {"cert": "cert.pem", "key": "key.pem"}
    return {f"{tls}.ca-file": str(folder / "cert.pem")} | {
        f"{tls}.{role}.{kind}": str(folder / file) for role in roles for kind, file in files.items()
    }


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
        return port


class Elsewhere:
    """A scheduler at an `address`, whose processes write into the file `log`."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        """Start the scheduler, with more environment than this process has."""
        self.address = f"tls://127.0.0.1:{free_port()}"
        self.log = folder / "log.txt"
        self._folder = folder
        paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
        self._environment = {**os.environ, **environment, "PYTHONPATH": paths}
        self._started: list[subprocess.Popen[bytes]] = []
        self._start("scheduler", "--host", self.address)

    def start_worker(self, name: str, threads: int = 1) -> subprocess.Popen[bytes]:
        """A worker that has one of the resource that has its name."""
        options = ["--nthreads", str(threads), "--no-nanny", "--name", name]
        return self._start("worker", self.address, *options, "--resources", f"{name}=1")

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", *words, "--no-dashboard"]
        address = ["--dashboard-address", "127.0.0.1:0"]
        with self.log.open("a") as log:
            process = subprocess.Popen(
                [*command, *address], cwd=self._folder, env=self._environment,
                stdout=log, stderr=log,
            )  # fmt: skip
        self._started.append(process)
        return process

    def stop(self) -> None:
        """End the workers, and then the scheduler."""
        for process in reversed(self._started):
            process.terminate()
            process.wait()


@contextmanager
def elsewhere(folder: Path, **environment: str) -> Iterator[Elsewhere]:
    """A scheduler whose certificates this process has as well."""
    settings = certificate(folder / "certificates")
    names = {name: f"DASK_{name.replace('.', '__').replace('-', '_').upper()}" for name in settings}
    named = {names[name]: value for name, value in settings.items()}
    cluster = Elsewhere(folder, {**named, **environment})
    try:
        with dask.config.set(settings):
            yield cluster
    finally:
        cluster.stop()
