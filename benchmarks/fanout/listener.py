"""A socket that costs as little as it can: it looks for the time in what it hears, and acknowledges."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from array import array
from dataclasses import dataclass, field

ACK_EVERY = 128
MARK = b'"id":'


@dataclass
class Heard:
    """What all sockets of one run heard. Times in milliseconds, from the command to its arrival."""

    times: array[float] = field(default_factory=lambda: array("d"))
    counting: bool = False
    open: int = 0
    lost_connections: int = 0


class Listener(asyncio.Protocol):
    """One WebSocket (RFC 6455), without extensions."""

    def __init__(self, address: str, path: str, cookie: str, heard: Heard | None, first: str = "") -> None:
        self.address, self.path, self.cookie = address, path, cookie
        self.heard, self.first = heard, first
        self.buffer, self.standing, self.frames = b"", False, 0
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            f"GET {self.path} HTTP/1.1\r\nHost: {self.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nOrigin: http://localhost\r\n"
            f"Cookie: {self.cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(ConnectionError("refused"))
        elif self.heard is not None:
            self.heard.lost_connections += 1

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data
        if not self.standing:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.buffer = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.transport.close()
                return
            self.standing = True
            if self.first:
                self.say(self.first)
            else:
                self.ready.set_result(None)
        self.buffer = self._take(data)

    def _take(self, data: bytes) -> bytes:
        """Whole frames out of `data`; what is left of it."""
        place, end = 0, len(data)
        while end - place >= 2:
            size, begin = data[place + 1] & 0x7F, place + 2
            if size >= 126:
                width = 2 if size == 126 else 8
                if end - begin < width:
                    break
                size, begin = int.from_bytes(data[begin : begin + width], "big"), begin + width
            if end - begin < size:
                break
            self._frame(data[place] & 0x0F, data[begin : begin + size])
            place = begin + size
        return data[place:]

    def _frame(self, kind: int, content: bytes) -> None:
        if kind == 9:  # ping
            self.say(content, 10)
        elif kind == 8:
            self.transport.close()
        elif kind == 1:
            self.frames += 1
            if self.frames % ACK_EVERY == 0:
                self.say(f'{{"do":"ack","frames":{self.frames}}}')
            if not self.ready.done():
                self.ready.set_result(None)
            if self.heard is not None and self.heard.counting:
                self._note(content)

    def _note(self, content: bytes) -> None:
        begin = content.find(MARK)
        if begin >= 0 and self.heard is not None:
            begin += len(MARK)
            end = begin
            while content[end : end + 1].isdigit():
                end += 1
            self.heard.times.append((time.monotonic_ns() - int(content[begin:end])) / 1e6)

    def say(self, content: str | bytes, kind: int = 1) -> None:
        """Send a frame."""
        data = content.encode() if isinstance(content, str) else content
        mask, size = os.urandom(4), len(data)
        head = bytes([0x80 | kind, 0x80 | size]) if size < 126 else bytes([0x80 | kind, 0xFE]) + size.to_bytes(2, "big")
        key = (mask * (size // 4 + 1))[:size]
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big") if size else b""
        self.transport.write(head + mask + masked)


async def listening(address: str, path: str, cookie: str, heard: Heard | None, first: str = "") -> Listener:
    """A socket that stands, and has had its first answer where it said something."""
    host, port = address.split(":")
    _transport, listener = await asyncio.get_running_loop().create_connection(
        lambda: Listener(address, path, cookie, heard, first), host, int(port)
    )
    await asyncio.wait_for(listener.ready, 30)
    if heard is not None:
        heard.open += 1
    return listener
