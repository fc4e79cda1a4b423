"""A server that speaks S3 in a child process, with a private bucket, and a wire to it that can be cut."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

import boto3

from tests.deploy.proxy import free_port

NAME = "plenary-files"
KEY, SECRET = "a-key-of-tests", "the-secret-of-tests"


@dataclass
class BucketServer:
    """One server on a port that stays its own; what it holds is gone when it ends."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    def start(self, *, strict: bool = False) -> None:
        """Start it with the bucket, empty; `strict`: from then on it knows nobody's key."""
        # One request more makes the bucket.
        variables = {"INITIAL_NO_AUTH_ACTION_COUNT": "1"} if strict else {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)],
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                break
            assert time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
        self.client().create_bucket(Bucket=NAME)

    def kill(self) -> None:
        """End it as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def variables(self, **more: str) -> dict[str, str]:
        """As the environment says it."""
        url = f"s3://{NAME}?endpoint={self.endpoint}"
        return {"FILES_URL": url, "FILES_KEY_ID": KEY, "FILES_SECRET_KEY": SECRET, **more}

    def client(self) -> Any:
        """For looking into the bucket from beside."""
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )

    def names(self) -> set[str]:
        """What is in it."""
        return {found["Key"] for found in self.client().list_objects_v2(Bucket=NAME).get("Contents", ())}


def storages(endpoint: str, static: dict[str, Any]) -> dict[str, Any]:
    """STORAGES as the settings make them of FILES_URL."""
    options = {"bucket_name": NAME, "endpoint_url": endpoint, "region_name": "us-east-1", "addressing_style": None}
    options |= {"access_key": KEY, "secret_key": SECRET}
    return {"default": {"BACKEND": "portal.files.bucket.BucketStorage", "OPTIONS": options}, "staticfiles": static}


class Wire:
    """A way to the server through which only so many bytes of each connection pass, up or down; then it is cut."""

    def __init__(self, port: int, *, up: int = 1 << 40, down: int = 1 << 40) -> None:
        self.target, self.up, self.down = port, up, down

    def __enter__(self) -> Self:
        self.server = socket.create_server(("127.0.0.1", 0))
        self.thread = threading.Thread(target=self._accept)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(timeout=10)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def _accept(self) -> None:
        passing: list[threading.Thread] = []
        with suppress(OSError):
            while True:
                ours, _client = self.server.accept()
                theirs = socket.create_connection(("127.0.0.1", self.target))
                for source, sink, most in ((ours, theirs, self.up), (theirs, ours, self.down)):
                    passing.append(threading.Thread(target=self._pass, args=(source, sink, most)))
                    passing[-1].start()
        for one in passing:
            one.join(timeout=10)

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket, most: int) -> None:
        with suppress(OSError):
            while most > 0 and (piece := source.recv(min(65_536, most))):
                sink.sendall(piece)
                most -= len(piece)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        source.close()
        sink.close()
