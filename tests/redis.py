"""A Redis of a test's own, started, killed and stopped as the test says; nothing of it is kept."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.deploy.proxy import free_port

PLACE = Path(__file__).resolve().parent.parent / ".venv" / "redis"
NO_REDIS = "Redis is not installed (on Debian: apt install redis-server, or REDIS_SERVER=/path/to/it)"


def redis_server() -> str | None:
    """The program; None where there is none."""
    places = [os.environ.get("REDIS_SERVER"), shutil.which("redis-server"), str(PLACE / "usr" / "bin" / "redis-server")]
    return next((place for place in places if place and Path(place).exists()), None)


@dataclass
class Redis:
    """One server on a port that stays its own."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """As REDIS_URL says."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        program = redis_server()
        assert program is not None, NO_REDIS
        libraries = ":".join(str(path) for path in Path(program).parents[1].glob("lib/*-linux-gnu"))
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            env={**os.environ, "LD_LIBRARY_PATH": libraries} if libraries else None,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while self.say("PING") != "+PONG":
            assert time.monotonic() < deadline, "Redis did not start"
            time.sleep(0.02)

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def pause(self, *, on: bool) -> None:
        """Let it hang, or go on: connections stand and nothing answers."""
        if self.process is not None:
            self.process.send_signal(signal.SIGSTOP if on else signal.SIGCONT)

    def say(self, command: str) -> str:
        """The first line of its answer to a command; "" where it does not answer."""
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port), timeout=1)) as to:
                to.sendall(f"{command}\r\n".encode())
                return to.recv(200).decode().splitlines()[0]
        except (OSError, IndexError):
            return ""


@contextmanager
def running() -> Iterator[Redis]:
    """A server, until the block ends."""
    redis = Redis()
    redis.start()
    try:
        yield redis
    finally:
        redis.pause(on=False)
        redis.kill()
