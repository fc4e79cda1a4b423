"""daphne with the wall in front of its memory.

daphne (4.2) takes a whole body, into memory or on the disk, before the application hears of the request, and then
reads all of it into the application's queue; it takes an answer as fast as the application makes it and keeps in memory
what the reader has not taken; it waits for a request's headers as long as a byte comes each minute; and answers of its
own carry none of our headers. What it does limit: the headers' size (16 kB, by Twisted), frames (1 MiB), the handshake
of a socket (5 s).
"""

from __future__ import annotations

from daphne.server import Server  # isort: skip - first of all: importing it decides on Twisted's event loop

import asyncio
import logging
import time
from collections import Counter
from functools import partial
from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from django.conf import settings
from twisted.internet import reactor
from twisted.internet.protocol import connectionDone
from twisted.web import http

from portal.edge import limits
from portal.edge.refusals import BrokenOff, raw_refusal, refusal

logger = logging.getLogger(__name__)

LINGER_SECONDS = 2.0
LOOK_SECONDS = 2.0
BEHIND_SECONDS = 0.02


_later: Any = reactor.callLater  # declared without its first argument


class Request(WebRequest):  # type: ignore[misc]  # daphne has no types
    """One request, whose body is counted as it arrives."""

    received = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """All headers are here and nothing of the body: the one moment to say no for free."""
        super().gotLength(length)
        self.channel.head_is_here(self, length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Some of the body. Beyond the limit nothing is kept."""
        self.received += len(data)
        if self.received > self.channel.most:
            self.channel.refuse(413)
            return
        try:
            super().handleContentChunk(data)
        except OSError:
            logger.exception("There is no room for a body that comes; look at the disk of TMPDIR")
            self.channel.refuse(507)

    def process(self) -> Any:
        """The request is complete. A socket's handshake leaves the hands of HTTP here."""
        if self.channel.refused:
            return None
        self.channel.request_is_here()
        self.requestHeaders.removeHeader(b"daphne-root-path")  # nobody tells us under which path we are
        return super().process()

    def check_timeouts(self) -> None:
        """Close what takes too long. An answer that has begun may take as long as its reader's line is slow."""
        if not self._response_started or self.duration() > limits.LARGE_BODY_SECONDS:
            super().check_timeouts()

    def cut(self) -> None:
        """End the connection in the middle of the answer, once what was written of it has left."""
        if self.channel is not None and not self.finished:
            self.channel.loseConnection()

    @property
    def is_behind(self) -> bool:
        """Whether the reader has not yet taken what was answered so far."""
        return self.channel is not None and not self.finished and bool(self.channel._waitingForTransport)

    def basic_error(self, status: int, status_text: bytes, body: object) -> None:
        """daphne's own answers, in the form of ours."""
        headers, text = refusal(status, self.channel.language, secure=settings.SECURE)
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": text})


class Messages(asyncio.Queue[dict[str, Any]]):
    """What the application is told of one request.

    daphne puts the whole body here at once. Its pieces are left where they are, in the request's file, until the
    application asks for them.
    """

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._request = request

    def _put(self, item: dict[str, Any]) -> None:
        body = item.get("body")
        if body:
            item = {**item, "body": None, "place": (self._request.content.tell() - len(body), len(body))}
        super()._put(item)

    def _get(self) -> dict[str, Any]:
        item = super()._get()
        if (place := item.pop("place", None)) is not None:
            content = self._request.content
            if content is None or content.closed:
                return {"type": "http.disconnect"}
            content.seek(place[0])
            item["body"] = content.read(place[1])
        return item


class Channel(http.HTTPChannel):
    """One connection. Unfinished requests have a deadline, and each address only so many of them."""

    maxHeaders = limits.HEAD_LINES  # noqa: N815 - Twisted's name
    totalHeadersSize = limits.HEAD_BYTES  # noqa: N815 - Twisted's name
    MAX_LENGTH = limits.HEAD_BYTES
    most = 0
    seconds = 0.0
    language = ""
    _counted = ""
    _began: float | None = None
    refused = False
    _look: Any = None
    _body: Request | None = None

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        super().connectionMade()  # type: ignore[no-untyped-call]
        self._request_begins()  # a connection that says nothing is one that takes long

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.refused:
            return
        if self._began is None and not self.requests:
            self._request_begins()
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        if not self.refused:
            super().lineReceived(line)  # type: ignore[no-untyped-call]

    def rawDataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if not self.refused:
            super().rawDataReceived(data)

    def lineLengthExceeded(self, line: bytes) -> None:  # noqa: N802 - Twisted's name
        self.refuse(431)

    def head_is_here(self, request: Request, length: int | None) -> None:
        """Measure the head; from now on the clock is the body's."""
        cookies = b"; ".join(request.requestHeaders.getRawHeaders(b"cookie", []))
        self.language = b",".join(request.requestHeaders.getRawHeaders(b"accept-language", [])).decode("latin-1")
        twisted: Any = self  # which declares these two otherwise than it fills them
        method, address = twisted._command.decode("latin-1"), twisted._path.decode("latin-1")
        allowed = limits.allowance(method, address.partition("?")[0], session=limits.says_it_has_a_session(cookies))
        self.most, self.seconds = allowed.body, allowed.seconds
        if length is not None and length > allowed.body:
            self.refuse(413)
            return
        self._body, self._began = request, time.monotonic()

    def request_is_here(self) -> None:
        """The whole request has arrived: no deadline of ours any more."""
        self._body = self._began = None
        self._stop_looking()
        self._count_no_longer()

    def refuse(self, status: int) -> None:
        """Answer, stop listening, and let go of the connection soon."""
        if self.refused:
            return
        self.refused = True
        self._stop_looking()
        transport: Any = self.transport
        if transport is None:
            return
        transport.write(raw_refusal(status, self.language, secure=settings.SECURE))
        # Closing at once would throw the answer away with what the client is still sending (RFC 9112, 9.6).
        for request in self.requests:
            request.content.close() if request.content else None
        transport.loseWriteConnection()
        _later(LINGER_SECONDS, self._abort)

    def connectionLost(self, reason: Any = connectionDone) -> None:  # noqa: N802 - Twisted's name
        self._stop_looking()
        self._count_no_longer()
        super().connectionLost(reason)  # type: ignore[no-untyped-call]

    def _respondToBadRequestAndDisconnect(self) -> None:  # noqa: N802 - Twisted's name
        size = self._receivedHeaderSize > self.totalHeadersSize or self._receivedHeaderCount > self.maxHeaders
        self.refuse(431 if size else 400)

    def _send100Continue(self) -> None:  # noqa: N802 - Twisted's name
        if not self.refused:
            super()._send100Continue()  # type: ignore[no-untyped-call]

    def _request_begins(self) -> None:
        self._stop_looking()
        self._count_no_longer()
        self._began = time.monotonic()
        self._counted = "" if settings.BEHIND_PROXY else self._address()
        if self._counted:
            self.unfinished[self._counted] += 1
            if self.unfinished[self._counted] > limits.UNFINISHED_PER_ADDRESS:
                self.refuse(503)
                return
        self._look = _later(LOOK_SECONDS, self._look_again)

    def _look_again(self) -> None:
        """A deadline that moves with what has come."""
        self._look = None
        if self._began is None:
            return
        seconds = time.monotonic() - self._began
        if self._body is None:
            late = seconds > limits.HEAD_SECONDS
        else:
            late = seconds > self.seconds or self._body.received < limits.due_bytes(seconds)
        if late:
            self.refuse(408)
        else:
            self._look = _later(LOOK_SECONDS, self._look_again)

    def _stop_looking(self) -> None:
        if self._look is not None:
            self._look.cancel()
            self._look = None

    def _count_no_longer(self) -> None:
        if self._counted:
            self.unfinished[self._counted] -= 1
            if self.unfinished[self._counted] <= 0:
                del self.unfinished[self._counted]
            self._counted = ""

    def _abort(self) -> None:
        transport: Any = self.transport
        if transport is not None:
            transport.abortConnection()

    def _address(self) -> str:
        transport: Any = self.transport
        return str(getattr(transport.getPeer(), "host", ""))  # a Unix socket's peer has none

    @property
    def unfinished(self) -> Counter[str]:
        """Of this server: how many unfinished requests each address has."""
        counted: Counter[str] = self.factory.unfinished
        return counted


def _channel(*arguments: Any, **named: Any) -> Any:
    return http._GenericHTTPChannelProtocol(Channel(*arguments, **named))  # type: ignore[no-untyped-call]


class Factory(HTTPFactory):  # type: ignore[misc]  # daphne has no types
    """Makes our channels with our requests."""

    protocol = staticmethod(_channel)

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.timeOut = limits.IDLE_SECONDS
        self.unfinished: Counter[str] = Counter()

    def buildProtocol(self, address: Any) -> Any:  # noqa: N802 - Twisted's name
        """A new connection."""
        protocol = super().buildProtocol(address)
        protocol.requestFactory = Request
        return protocol


class Socket(WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    """One WebSocket, closed with the code that the application says.

    Autobahn lets nobody say 1013 (try again later), which IANA registered after autobahn's list was made, nor 1009:
    daphne then fails, and the socket stays open with nobody behind it.
    """

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - daphne's name
        """Close it."""
        self.sendCloseFrame(code=1000 if code is None else code, isReply=False)


class LimitedServer(Server):  # type: ignore[misc]  # daphne has no types
    """daphne's server, with the figures of `limits`."""

    def __init__(self, application: Any, **options: Any) -> None:
        super().__init__(
            application,
            **{
                "server_name": "Plenary",
                "http_timeout": limits.ANSWER_SECONDS,
                "websocket_max_frame_size": limits.FRAME_BYTES,
                "websocket_max_message_size": limits.FRAME_BYTES,
                "request_buffer_size": 65_536,
                # Pages that are still being made when it ends get this long.
                "application_close_timeout": 5,
                **options,
            },
        )

    @property
    def http_factory(self) -> Factory:
        """What daphne listens with."""
        return self._http_factory

    @http_factory.setter
    def http_factory(self, made: HTTPFactory) -> None:
        # daphne's `run` makes its own and offers no other place to give another.
        self._http_factory = Factory(self)

    def create_application(self, protocol: Any, scope: Any) -> Any:
        """As daphne's own, but for the queue of a request, which leaves the body on the disk."""
        if not isinstance(protocol, Request):
            return super().create_application(protocol, scope)
        messages = Messages(protocol)
        scope.setdefault("asgi", {"version": "3.0"})
        send = partial(self.handle_reply, protocol)
        running = self._run(protocol, scope, messages.get, send)
        if protocol not in self.connections:
            running.close()
            return None
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(running)
        return messages

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Pass a part of an answer on; and wait before the next one where the reader is slower than the application."""
        await super().handle_reply(protocol, message)
        if isinstance(protocol, Request) and message.get("more_body"):
            while protocol.is_behind:  # noqa: ASYNC110 - nobody says when there is room again
                await asyncio.sleep(BEHIND_SECONDS)

    @property
    def ws_factory(self) -> WebSocketFactory:
        """What makes daphne's sockets."""
        return self._ws_factory

    @ws_factory.setter
    def ws_factory(self, made: WebSocketFactory) -> None:
        made.protocol = Socket
        self._ws_factory = made

    async def _run(self, request: Request, scope: Any, receive: Any, send: Any) -> None:
        """The application. An answer that it had to break off ends its connection, as ASGI has no word for that."""
        try:
            await self.application(scope=scope, receive=receive, send=send)
        except BrokenOff:
            request.cut()
