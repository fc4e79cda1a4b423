"""The shipped nginx configuration in front of a portal of production, for tests and drills."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PROJECT = Path(__file__).resolve().parents[2]
HOST = "localhost"
NO_NGINX = "nginx is not installed (on Debian: apt install nginx-light)"


def nginx() -> str | None:
    """The program; None where there is none."""
    places = [shutil.which("nginx"), "/usr/sbin/nginx", str(PROJECT / ".venv" / "nginx" / "usr" / "sbin" / "nginx")]
    return next((place for place in places if place and Path(place).exists()), None)


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Deployed:
    """A portal behind nginx."""

    http: int
    https: int
    webs: list[int]
    directory: Path
    environment: dict[str, str]

    @property
    def address(self) -> str:
        """As PUBLIC_ADDRESS says."""
        return f"https://{HOST}:{self.https}"

    @property
    def trust(self) -> ssl.SSLContext:
        """Trusts the certificate made for this."""
        return ssl.create_default_context(cafile=str(self.directory / "certificate.pem"))

    def connect(self, *, source: str = "", timeout: float = 30) -> ssl.SSLSocket:
        """A TLS connection, from the address `source` of this machine (127.0.0.2) where one is given."""
        plain = socket.create_connection(
            ("127.0.0.1", self.https), timeout=timeout, source_address=(source, 0) if source else None
        )
        return self.trust.wrap_socket(plain, server_hostname=HOST)

    @property
    def access_log(self) -> str:
        """What nginx noted."""
        return (self.directory / "plenary-access.log").read_text(encoding="utf-8")


@contextmanager
def deployed(
    directory: Path, environment: Mapping[str, str], *, webs: int = 1, worker: bool = False
) -> Iterator[Deployed]:
    """Web processes with the settings of production and `environment`, behind nginx, until the block ends; with
    `worker` also what does the jobs, and the static files as they are in production."""
    portal = Deployed(free_port(), free_port(), [free_port() for _ in range(webs)], directory, {})
    _certificate(directory)
    (directory / "static" / "css").mkdir(parents=True)
    configuration = subprocess.run(
        [
            sys.executable, "deploy/nginx.py", "--host", HOST, "--http", f"127.0.0.1:{portal.http}",
            "--https", f"127.0.0.1:{portal.https}",
            *(part for web in portal.webs for part in ("--upstream", f"127.0.0.1:{web}")),
            "--certificate", str(directory / "certificate.pem"), "--key", str(directory / "key.pem"),
            "--static", str(directory / "static"), "--logs", str(directory), "--acme", str(directory),
            "--standalone", str(directory), *(["--user", "root"] if os.geteuid() == 0 else []),
        ],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (directory / "nginx.conf").write_text(configuration, encoding="utf-8")
    portal.environment |= {
        **_clean(),
        "SECRET_KEY": "a key for tests of the shipped proxy, long enough for production",
        "ALLOWED_HOSTS": HOST,
        "PUBLIC_ADDRESS": portal.address,
        "BEHIND_PROXY": "1",
        "PLENARY_DATA": str(directory),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "LOG_LEVEL": "CRITICAL",
        **environment,
    }
    commands = [
        *([sys.executable, "manage.py", "serve", "--port", str(web)] for web in portal.webs),
        *([[sys.executable, "manage.py", "procrastinate", "worker"]] if worker else []),
        [
            str(nginx()), "-e", str(directory / "start-error.log"), "-p", str(directory),
            "-c", str(directory / "nginx.conf"),
        ],
    ]  # fmt: skip
    if worker:
        subprocess.run(
            [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"],
            cwd=PROJECT, env=portal.environment, check=True,
        )  # fmt: skip
    processes = [
        subprocess.Popen(command, cwd=PROJECT, env=portal.environment, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        _wait(portal, processes)
        yield portal
    finally:
        for process in reversed(processes):
            process.terminate()
        for process in processes:
            process.wait(timeout=20)


def _clean() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}


def _wait(portal: Deployed, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + 60
    for port in (*portal.webs, portal.https):
        while True:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            ended = [process.args for process in processes if process.poll() is not None]
            if ended or time.monotonic() > deadline:
                log = portal.directory / "start-error.log"
                raise AssertionError(f"{ended} ended; {log.read_text() if log.exists() else ''}")
            time.sleep(0.05)


def _certificate(directory: Path) -> None:
    """A certificate for localhost that signs itself, valid for a day."""
    directory.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (directory / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (directory / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
