"""The wall as ASGI: in front of the whole application, on whichever server runs it."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from portal.edge import limits
from portal.edge.addresses import AtOnce, Rate, counted_address
from portal.edge.refusals import BrokenOff, refusal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

TOO_LARGE: Final = 1009  # RFC 6455, 7.4.1
TRY_LATER: Final = 1013  # IANA's registry of close codes

NO_BODY: Final = frozenset({204, 304})
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

logger = logging.getLogger(__name__)


class _Refused(Exception):
    """The body broke a limit; `status` is what to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Guard:
    """Limits what requests and sockets cost before the application `inner` sees them."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner
        self.requests = AtOnce(limits.REQUESTS_PER_ADDRESS)
        self.sockets = AtOnce(limits.SOCKETS_PER_ADDRESS)
        self.handshakes = Rate(limits.HANDSHAKES_BURST, limits.HANDSHAKES_A_SECOND)
        self.guesses = Rate(limits.GUESSES_BURST, limits.GUESSES_A_SECOND)
        self.waiting = AtOnce(limits.GUESSES_WAITING_PER_ADDRESS)
        self.places: tuple[asyncio.AbstractEventLoop, asyncio.Semaphore] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] == "http":
            await self.page(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.socket(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request: refused by its head, or passed on with its body counted."""
        answer = _Answer(scope, send)
        address = counted_address(scope.get("client"), _header(scope, b"x-forwarded-for"))
        allowed = limits.allowance(
            scope["method"], scope["path"], session=limits.says_it_has_a_session(_header(scope, b"cookie"))
        )
        status = _wrong_head(scope, allowed.body)
        if status is None and allowed.guess and not self.guesses.allows(address):
            status = 429
        if status is not None:
            await answer.refuse(status)
            return
        with self.requests.one(address) as free:
            if not free:
                await answer.refuse(429)
                return
            queue = address if allowed.guess else None
            await self._pass_on(scope, _Body(receive, allowed).receive, answer, queue=queue)

    async def _pass_on(self, scope: Scope, receive: Receive, answer: _Answer, *, queue: str | None) -> None:
        try:
            if queue is not None:
                await self._in_turn(scope, receive, answer, queue)
            else:
                await self.inner(scope, receive, answer.send)
        except _Refused as refused:
            await answer.refuse(refused.status)
        except Exception as error:
            await self._fault(answer, error)
            if not answer.finished:
                raise BrokenOff from error
        if answer.short:
            raise BrokenOff

    @staticmethod
    async def _fault(answer: _Answer, error: Exception) -> None:
        if isinstance(error, OSError):
            logger.error("A body could not be taken in.", exc_info=error)
            await answer.refuse(507 if error.errno in NO_ROOM else 500)
        else:
            # Django answers for its own faults; this is for what fails around it (ASVS 5.0, 16.5.4).
            logger.error("A request failed outside the application's own handling.", exc_info=error)
            await answer.refuse(500)

    async def _in_turn(self, scope: Scope, receive: Receive, answer: _Answer, address: str) -> None:
        """Posts to open pages take places, a few in all; who waits too long, or stands too far back, tries again."""
        places = self._places()
        if places.locked():
            await self._wait_for_a_place(places, address)
        else:
            await places.acquire()  # at once
        try:
            await self.inner(scope, receive, answer.send)
        finally:
            places.release()

    async def _wait_for_a_place(self, places: asyncio.Semaphore, address: str) -> None:
        with self.waiting.one(address) as free:
            if not free or self.waiting.now.total() > limits.GUESSES_WAITING:
                raise _Refused(503)
            try:
                await asyncio.wait_for(places.acquire(), limits.GUESS_PATIENCE_SECONDS)
            except TimeoutError:
                raise _Refused(503) from None

    def _places(self) -> asyncio.Semaphore:
        """The places of this event loop: tests have one each."""
        loop = asyncio.get_running_loop()
        if self.places is None or self.places[0] is not loop:
            self.places = loop, asyncio.Semaphore(limits.GUESSES_AT_ONCE)
        return self.places[1]

    async def socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket: its handshake limited by address and by session, its frames by size."""
        address = counted_address(scope.get("client"), _header(scope, b"x-forwarded-for"))
        cookie = hashlib.blake2b(_header(scope, b"cookie"), digest_size=12).hexdigest()
        with self.sockets.one(address) as free:
            allowed = free and self.handshakes.allows(address) and self.handshakes.allows(f"cookie {cookie}")
            if not allowed or _wrong_head(scope, limits.NOWHERE) is not None:
                await send({"type": "websocket.close", "code": TRY_LATER})
                return

            async def small() -> Message:
                message = await receive()
                text, data = message.get("text") or "", message.get("bytes") or b""
                if len(data) > limits.FRAME_BYTES or len(text) > limits.FRAME_BYTES:
                    await send({"type": "websocket.close", "code": TOO_LARGE})
                    return {"type": "websocket.disconnect", "code": TOO_LARGE}
                return message

            await self.inner(scope, small, send)


class SocketsPerPerson:
    """Stands inside Channels' authentication: nobody keeps more than so many sockets open in one process."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner
        self.open = AtOnce(limits.SOCKETS_PER_PERSON)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket. People who are not signed in are left to the application, which refuses them."""
        person = scope.get("user") or AnonymousUser()
        if person.pk is None:
            await self.inner(scope, receive, send)
            return
        with self.open.one(str(person.pk)) as free:
            if free:
                await self.inner(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": TRY_LATER})


class _Body:
    """Counts a body as it comes: its bytes, and whether they come fast enough."""

    def __init__(self, receive: Receive, allowed: limits.Allowance) -> None:
        self._receive, self.most, self.seconds = receive, allowed.body, allowed.seconds
        self.bytes, self.began, self.complete = 0, time.monotonic(), False

    async def receive(self) -> Message:
        """The next message. Raises _Refused with 413 or 408."""
        if self.complete:
            return await self._receive()  # waits for the end of the connection, as long as it takes
        message = await self._in_time()
        self.bytes += len(message.get("body", b""))
        if self.bytes > self.most:
            raise _Refused(413)
        if time.monotonic() - self.began > self.seconds or self.bytes < self._due():
            raise _Refused(408)
        self.complete = not message.get("more_body", False)
        return message

    async def _in_time(self) -> Message:
        patience = limits.BODY_GRACE_SECONDS + self.bytes / limits.BODY_BYTES_A_SECOND
        left = min(patience, self.seconds) - (time.monotonic() - self.began)
        try:
            return await asyncio.wait_for(self._receive(), max(left, 0.01))
        except TimeoutError:
            raise _Refused(408) from None

    def _due(self) -> float:
        return limits.due_bytes(time.monotonic() - self.began)


class _Answer:
    """What goes back; a refusal only where nothing has gone yet, and no end where bytes lack that were announced."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._send, self.begun, self.finished, self.short = send, False, False, False
        self._lacking = 0
        self.language = _header(scope, b"accept-language").decode("latin-1")
        self.head = scope["method"] == "HEAD"

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self._lacking = 0 if self.head else _length_of(message)
        elif message["type"] == "http.response.body":
            self._lacking -= len(message.get("body", b""))
            if not message.get("more_body", False):
                self.short = self._lacking > 0
                if self.short:
                    return
                self.finished = True
        await self._send(message)

    async def refuse(self, status: int) -> None:
        if self.begun:
            return
        headers, body = refusal(status, self.language, secure=settings.SECURE)
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": b"" if self.head else body})


def _header(scope: Scope, name: bytes) -> bytes:
    """All values of one header, with commas between them as they may always be joined (RFC 9110, 5.2)."""
    return b", ".join(value for key, value in scope["headers"] if key == name)


def _length_of(start: Message) -> int:
    """How many bytes of body an answer announces; 0 where it says nothing or has none (RFC 9110, 8.6)."""
    said = next((value for name, value in start.get("headers", ()) if name.lower() == b"content-length"), b"0")
    return 0 if start["status"] in NO_BODY or not said.isdigit() else int(said)


def _wrong_head(scope: Scope, most: int) -> int | None:
    """The status that the head of a request deserves; None where nothing is wrong with it."""
    headers = scope["headers"]
    if len(headers) > limits.HEAD_LINES or sum(len(name) + len(value) for name, value in headers) > limits.HEAD_BYTES:
        return 431
    if scope["type"] == "http" and scope["method"] not in limits.METHODS:
        return 405
    length = _header(scope, b"content-length")
    if not length:
        return None
    if not length.isdigit() or len(length) > 15:
        return 400
    return 413 if int(length) > most else None
