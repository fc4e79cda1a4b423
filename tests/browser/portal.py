"""The portal that the browser tests visit: all of `make run` in a process of its own, on a database of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 180
STOP_SECONDS = 15
# What would make it another portal than the one that anybody gets who types `make run`.
UNWANTED = {
    "ALLOWED_HOSTS", "BEHIND_PROXY", "DEBUG", "DEMONSTRATION", "EMAIL_FROM", "EMAIL_URL", "LOG_LEVEL", "NETWORK_NAME",
    "PROXY_COUNT", "PUBLIC_ADDRESS", "REDIS_URL", "SECRET_KEY", "SECRET_KEY_FILE", "TESTING",
}  # fmt: skip


@contextmanager
def running(database: str, directory: Path) -> Iterator[str]:
    """The address of a portal with the demonstration network; it stops at the end, whatever happens."""
    port = _free_port()
    log = directory / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "trial"],
            cwd=PROJECT,
            env={
                **{name: value for name, value in os.environ.items() if name not in UNWANTED},
                "DJANGO_SETTINGS_MODULE": "portal.settings",
                "TRIAL": "1",
                "PORT": str(port),
                "DATABASE_URL": database,
                "PLENARY_DATA": str(directory / "data"),
                "MAKELEVEL": "1",  # it ends with the process that started it, however that one ends
            },
            stdout=written,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(process, port, log)
            yield f"http://localhost:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    said = log.read_text(encoding="utf-8", errors="replace")
    assert "Traceback" not in said, said[-4000:]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)
        try:
            connection.request("GET", "/accounts/login/", headers={"Host": f"localhost:{port}"})
            status = connection.getresponse().status
        except OSError:
            time.sleep(0.2)
        else:
            assert status == 200, log.read_text(encoding="utf-8")
            return
        finally:
            connection.close()
    raise AssertionError(f"No portal after {START_SECONDS} seconds:\n{log.read_text(encoding='utf-8')}")
