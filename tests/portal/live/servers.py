"""Web processes for tests and drills of the live floor: the real application on daphne and on uvicorn."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.deploy.proxy import PROJECT, free_port

START_SECONDS, STOP_SECONDS = 60, 20


@dataclass
class Web:
    """One web process."""

    kind: str
    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def socket_address(self) -> str:
        """Where its sockets are."""
        return f"ws://127.0.0.1:{self.port}/live/"

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def resident(self) -> int:
        """Bytes of memory."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()


def command(kind: str, port: int) -> list[str]:
    """How a web process is started; as `docs/operations.md` says, but for the address."""
    if kind == "daphne":
        return [sys.executable, "manage.py", "serve", "--port", str(port)]
    return [
        sys.executable, "-m", "uvicorn", "portal.asgi:application", "--port", str(port), "--lifespan", "off",
        "--ws-per-message-deflate", "false", "--no-access-log", "--log-level", "warning",
    ]  # fmt: skip


def environment(directory: Path, redis_url: str = "", **more: str) -> dict[str, str]:
    """Production with the stage, on the database of the tests, which knows their sessions."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.portal.live.stage.settings",
        "PYTHONPATH": str(PROJECT),
        "TRIAL": "1",
        "DEMONSTRATION": "0",
        "PLENARY_DATA": str(directory),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "FACTOR_KEY": settings.FACTOR_KEY,
        "REDIS_URL": redis_url,
        "LOG_LEVEL": "WARNING",
        **more,
    }


def database_url() -> str:
    """The address of the database that the tests use now."""
    known = connection.settings_dict
    user, password = quote(known["USER"] or "", safe=""), quote(known["PASSWORD"] or "", safe="")
    place = f":{known['PORT'] or 5432}/{quote(known['NAME'])}?host={quote(known['HOST'] or '', safe='/')}"
    return f"postgresql://{user}{':' if password else ''}{password}@{place}"


@contextmanager
def serving(kind: str, directory: Path, given: Mapping[str, str]) -> Iterator[Web]:
    """A web process, until the block ends. What it says goes into a file beside it."""
    port = free_port()
    log = directory / f"{kind}-{port}.log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            command(kind, port), cwd=PROJECT, env=dict(given), stdout=written, stderr=subprocess.STDOUT
        )
    web = Web(kind, port, process, log)
    try:
        _wait(web)
        yield web
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                web.kill()


@contextmanager
def serving_each(kinds: list[str], directory: Path, given: Mapping[str, str]) -> Iterator[list[Web]]:
    """Several of them, side by side."""
    with ExitStack() as stack:
        yield [stack.enter_context(serving(kind, directory, given)) for kind in kinds]


def _wait(web: Web) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", web.port)) == 0:
                return
        if web.process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(web.log.read_text(encoding="utf-8", errors="replace")[-4000:])
        time.sleep(0.05)
