"""A small daemon that speaks clamd's INSTREAM as its manual says, over a real socket."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.portal.files.corpus import EICAR


@dataclass
class Clamd:
    """Listens until the end of the `with`; `most` is its StreamMaxLength, `mute` answers nothing."""

    path: Path | None = None
    most: int = 25_000_000
    mute: bool = False
    heard: list[int] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.server = socket.socket(socket.AF_UNIX if self.path else socket.AF_INET)
        self.server.bind(str(self.path) if self.path else ("127.0.0.1", 0))
        self.server.listen()
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(timeout=10)

    @property
    def address(self) -> str:
        """For CLAMD_URL."""
        return f"unix://{self.path}" if self.path else f"tcp://127.0.0.1:{self.server.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                connection, _client = self.server.accept()
            except OSError:
                return
            with connection, suppress(OSError, EOFError):
                connection.sendall(self._answer(connection))

    def _answer(self, connection: socket.socket) -> bytes:
        if self._exactly(connection, 10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND\0"
        content = b""
        while length := struct.unpack("!L", self._exactly(connection, 4))[0]:
            if len(content) + length > self.most:
                return b"INSTREAM size limit exceeded. ERROR\0"
            content += self._exactly(connection, length)
        self.heard.append(len(content))
        if self.mute:
            return b""
        return b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0"

    @staticmethod
    def _exactly(connection: socket.socket, length: int) -> bytes:
        found = b""
        while len(found) < length:
            piece = connection.recv(length - len(found))
            if not piece:
                raise EOFError
            found += piece
        return found
