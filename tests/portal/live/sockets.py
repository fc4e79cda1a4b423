"""A browser's socket against the real application, with no server between."""

from __future__ import annotations

import asyncio
import json
from contextvars import Context
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from portal.accounts.models import User
from portal.asgi import application
from portal.live.services import publish

PATIENCE = 60  # seconds; of a machine that does other things as well, for what comes at once on one that does not
HEARTBEAT = {"topic", "head"}

in_thread = database_sync_to_async


class Closed(Exception):
    """The application closed the socket; `code` says with what."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Nothing(AssertionError):
    """Something should have come, and did not."""


class Socket:
    """One socket of one tab."""

    def __init__(self, cookie: str, origin: str, path: str) -> None:
        headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", cookie.encode()))
        headers.append((b"user-agent", b"Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"))
        self.scope = {
            "type": "websocket", "path": path, "query_string": b"", "headers": headers, "subprotocols": [],
            "client": ["203.0.113.7", 50_000],
        }  # fmt: skip
        self.inbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.outbox: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        running = application(self.scope, self.inbox.get, self.outbox.put)
        self.task = asyncio.create_task(running, context=Context())
        self.taken = 0

    @classmethod
    async def of(cls, person: User | None, *, origin: str = "http://testserver", cookie: str = "") -> Socket:
        """A socket that is open; Closed where it is refused."""
        if person is not None and not cookie:
            cookie = await in_thread(cookie_of)(person)
        socket = cls(cookie, origin, "/live/")
        await socket.inbox.put({"type": "websocket.connect"})
        first = await socket._output()
        if first["type"] != "websocket.accept":
            raise Closed(first.get("code", 1000))
        return socket

    async def say(self, frame: dict[str, Any] | str | bytes) -> None:
        """Send a frame."""
        if isinstance(frame, bytes):
            await self.inbox.put({"type": "websocket.receive", "bytes": frame})
        else:
            text = frame if isinstance(frame, str) else json.dumps(frame)
            await self.inbox.put({"type": "websocket.receive", "text": text})

    async def hear(self, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next frame. Raises Closed, and Nothing where none comes."""
        message = await self._output(seconds)
        if message["type"] == "websocket.close":
            raise Closed(message["code"])
        self.taken += 1
        frame: dict[str, Any] = json.loads(message["text"])
        return frame

    async def frames(self, count: int) -> list[dict[str, Any]]:
        """The next frames, so many."""
        return [await self.hear() for _ in range(count)]

    async def subscribe(self, topic: str, since: int | None = None) -> list[dict[str, Any]]:
        """Listen, and what comes up to the answer: the head number, or that there is nothing to hear."""
        await self.say({"do": "subscribe", "topic": topic} | ({} if since is None else {"since": since}))
        found = [await self.hear()]
        while not (found[-1]["topic"] == topic and found[-1].keys() & {"head", "gone"}):
            found.append(await self.hear())
        return found

    async def news(self) -> dict[str, Any]:
        """The next frame that is no heartbeat: on a busy machine some of these come in the middle of a test."""
        while (frame := await self.hear()).keys() == HEARTBEAT:
            pass
        return frame

    async def is_quiet(self, seconds: float = 0.4) -> bool:
        """Whether nothing but heartbeats comes for a while."""
        try:
            while (await self.hear(seconds)).keys() == HEARTBEAT:
                pass
        except Nothing:
            return True
        return False

    async def closing_code(self) -> int:
        """What the socket is closed with, whatever comes before."""
        try:
            while True:
                await self.hear()
        except Closed as closed:
            return closed.code

    async def leave(self) -> None:
        """Close the tab."""
        await self.inbox.put({"type": "websocket.disconnect", "code": 1001})
        await asyncio.wait_for(asyncio.shield(self.task), PATIENCE)

    async def _output(self, seconds: float = PATIENCE) -> dict[str, Any]:
        try:
            return await asyncio.wait_for(self.outbox.get(), seconds)
        except TimeoutError:
            raise Nothing from None


def cookie_of(person: User) -> str:
    """The cookie of a new session."""
    client = Client()
    client.force_login(person)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def published(topic: str, kind: str = "thing.changed", **payload: Any) -> int:
    """The number of a new event."""
    return (await in_thread(publish)(topic, kind=kind, payload=payload)).number
