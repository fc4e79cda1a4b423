"""A page's end of the live connection, as static/js/live does it: acknowledges, sees gaps, comes back, sends again."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from portal.idempotency.keys import new_key

ACK_EVERY = 128
Address = str | Callable[[], str]


class Tab:
    """Follows one topic over one socket at a time. `heard` are the numbers it showed, in their order."""

    def __init__(
        self,
        address: Address,
        cookie: str,
        topic: str,
        *,
        since: int = 0,
        catch_up: bool = True,
        away: Callable[[], float] = lambda: random.uniform(0.05, 0.5),
    ) -> None:
        self.address, self.cookie, self.topic, self.away = address, cookie, topic, away
        self.last = since
        self.catch_up = catch_up  # the control: without it, gaps are not seen
        self.heard: list[int] = []
        self.other: deque[dict[str, Any]] = deque(maxlen=5000)  # frames without a number
        self.codes: list[int] = []
        self.opened = 0
        self.afresh = False  # told to fetch the whole; the head that follows says up to where
        self.fetched: list[int] = []  # the numbers that this covered
        self.answers: dict[str, dict[str, Any]] = {}
        self.outbox: dict[str, dict[str, Any]] = {}
        self.socket: ClientConnection | None = None
        self.ready = asyncio.Event()  # subscribed, on the socket of now
        self.task = asyncio.create_task(self._live())

    async def send(self, name: str, **data: Any) -> str:
        """Send a command, now or as soon as there is a socket. Returns its key."""
        frame = {"do": "command", "name": name, "key": new_key(), "data": data}
        self.outbox[frame["key"]] = frame
        if self.socket is not None:
            with suppress(ConnectionClosed):
                await self.socket.send(json.dumps(frame))
        return str(frame["key"])

    async def until(self, condition: Callable[[Tab], bool], seconds: float = 20) -> bool:
        """Wait; whether it came true."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition(self):
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True

    async def cut(self) -> None:
        """Lose the connection without a word."""
        if self.socket is not None:
            self.socket.transport.abort()

    async def close(self) -> None:
        """Close the tab."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    async def _live(self) -> None:
        while 4001 not in self.codes:
            address = self.address() if callable(self.address) else self.address
            with suppress(OSError, InvalidHandshake, TimeoutError):
                async with connect(
                    address,
                    origin="http://localhost",
                    additional_headers={"Cookie": self.cookie},
                    compression=None,
                    open_timeout=10,
                    close_timeout=1,
                ) as socket:
                    await self._talk(socket)
            self.socket = None
            self.ready.clear()
            await asyncio.sleep(self.away())

    async def _talk(self, socket: ClientConnection) -> None:
        self.opened += 1
        frames = 0
        try:
            await self._subscribe(socket)
            self.socket = socket
            for frame in tuple(self.outbox.values()):
                await socket.send(json.dumps(frame))
            async for text in socket:
                frames += 1
                if frames % ACK_EVERY == 0:
                    await socket.send(json.dumps({"do": "ack", "frames": frames}))
                await self._hear(socket, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.codes.append(socket.close_code or 1006)

    async def _subscribe(self, socket: ClientConnection) -> None:
        await socket.send(json.dumps({"do": "subscribe", "topic": self.topic, "since": self.last}))

    async def _hear(self, socket: ClientConnection, frame: dict[str, Any]) -> None:
        if "key" in frame:
            if "again" in frame:
                await asyncio.sleep(frame["again"])
                await socket.send(json.dumps(self.outbox[frame["key"]]))
                return
            self.outbox.pop(frame["key"], None)
            self.answers[frame["key"]] = frame
            return
        number, head = frame.get("number"), frame.get("head")
        if head is not None:
            self.ready.set()
        if frame.get("resync"):
            self.afresh = True
        elif number is None and head is None:
            self.other.append(frame)
        elif head is not None:
            await self._compare(socket, head)
        elif number == self.last + 1 or (not self.catch_up and number > self.last):
            self.last = number
            self.heard.append(number)
        elif number > self.last and self.catch_up:
            await self._subscribe(socket)

    async def _compare(self, socket: ClientConnection, head: int) -> None:
        if self.afresh:
            self.fetched.extend(range(self.last + 1, head + 1))
            self.last, self.afresh = max(self.last, head), False
        elif head > self.last and self.catch_up:
            await self._subscribe(socket)
