"""A portal of its own for a drill: the demonstration network on an embedded database in a directory that goes again."""

from __future__ import annotations

import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from portal.database.embedded import Cluster
from tests.deploy.proxy import free_port

PROJECT = Path(__file__).resolve().parent.parent
FORM = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class Portal:
    """A data directory, and how to run commands and the trial's server on it."""

    data: Path
    port: int = field(default_factory=free_port)
    secrets: dict[str, str] = field(
        default_factory=lambda: {name: secrets.token_urlsafe(50) for name in ("SECRET_KEY", "FACTOR_KEY")}
    )
    more: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the trial's server listens."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes run with."""
        kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
        return {
            **kept, "TRIAL": "1", "PLENARY_DATA": str(self.data), "PORT": str(self.port), "LOG_LEVEL": "ERROR",
            "DJANGO_SETTINGS_MODULE": "portal.settings", **self.secrets, **self.more,
        }  # fmt: skip

    def run(self, *command: str, limit_file_size: int | None = None) -> subprocess.CompletedProcess[str]:
        """A command of manage.py to its end, whatever that is."""
        prefix = ["/bin/sh", "-c", f'ulimit -f {limit_file_size}; exec "$@"', "sh"] if limit_file_size else []
        return subprocess.run(
            [*prefix, sys.executable, "manage.py", *command],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, timeout=1800,
        )  # fmt: skip

    def must(self, *command: str) -> str:
        """The same, for what has to succeed."""
        done = self.run(*command)
        if done.returncode:
            raise AssertionError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def fill(self) -> None:
        """Tables and the demonstration network."""
        self.must("migrate", "--verbosity=0")
        self.must("demonstration")

    @contextmanager
    def serving(self) -> Iterator[subprocess.Popen[bytes]]:
        """The trial's server, until the block ends."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "trial"],
            cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 180
            while True:
                with suppress(httpx.HTTPError):
                    if httpx.get(f"{self.address}/accounts/login/", timeout=30).status_code == 200:
                        break
                if process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError("The portal did not start.")
                time.sleep(0.2)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


@contextmanager
def portal() -> Iterator[Portal]:
    """A portal in a directory of its own; nothing is left of it."""
    with tempfile.TemporaryDirectory(prefix="drill-") as name:
        directory = Path(name)
        directory.chmod(0o711)  # the database's own user passes through
        made = Portal(directory / "data")
        try:
            yield made
        finally:
            Cluster(made.data).stop(now=True)


def browser(address: str, **options: Any) -> httpx.Client:
    """A client that keeps its cookies."""
    return httpx.Client(base_url=address, timeout=60, **options)


def post(client: httpx.Client, page: str, data: dict[str, str], form: str = "") -> httpx.Response:
    """Fetch a page, and send the (last) form on it that holds `form` with all its hidden fields."""
    text = client.get(page).text
    forms = [part for part in text.split("<form")[1:] if form in part]
    fields = dict(FORM.findall(forms[-1].split("</form")[0])) if forms else {}
    origin = str(client.base_url).rstrip("/")
    return client.post(page, data={**fields, **data}, headers={"Origin": origin, "Referer": f"{origin}{page}"})


def sign_in(client: httpx.Client, address: str, password: str, code: str = "") -> bool:
    """Sign in, with a code where one is asked for. Returns whether that led in."""
    answer = post(client, "/accounts/login/", {"login": address, "password": password}, form='name="password"')
    if "/2fa/" in answer.headers.get("location", ""):
        answer = post(client, "/accounts/2fa/authenticate/", {"code": code}, form='name="code"')
    return answer.status_code == 302 and client.get("/").status_code == 200
