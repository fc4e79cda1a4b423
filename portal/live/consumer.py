"""The socket edge: one socket a tab at /live/, JSON text frames, as `docs/live.md` describes.

A plain ASGI application: Channels' own consumer asks a thread to look after database connections before each message,
which takes more time than the message itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.audit.origin import Origin, coarse_network, device_family
from portal.edge.addresses import Rate, counted_address
from portal.idempotency.keys import UnusableKey
from portal.live import limits
from portal.live.commands import AGAIN, AGAIN_SECONDS, REFUSED, Answer, Sender, SessionOver, perform, too_often
from portal.live.frames import Frame, Wrong, not_there, read
from portal.live.hub import Reader, hub
from portal.live.in_turn import InTurn
from portal.live.refusals import socket_refused
from portal.live.threads import writing

if TYPE_CHECKING:
    from portal.accounts.models import User

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Any], Awaitable[None]]

log = logging.getLogger(__name__)


async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """One socket, from its handshake to its end: signed in, or refused before the handshake is over."""
    await receive()  # that somebody connects
    person: User | AnonymousUser = scope.get("user") or AnonymousUser()
    if isinstance(person, AnonymousUser) or not person.is_active:
        await send({"type": "websocket.close"})
        return
    await send({"type": "websocket.accept"})
    reader = await hub.enter(person.pk, scope["session"].session_key or "", person.language)
    await LiveConsumer(scope, reader).run(receive, send)


class LiveConsumer:
    """Subscribes a person to topics they may read, does their commands, and passes on what the hub queues for them."""

    def __init__(self, scope: Scope, reader: Reader) -> None:
        self.reader = reader
        self.sender = Sender(reader.owner.person_id, reader.session_key, reader.language, _origin(scope))
        self.frames = Rate(limits.FRAMES_BURST, limits.FRAMES_A_SECOND)
        self.subscriptions = InTurn()
        self.commands = InTurn()
        self.notes = InTurn()  # not stopped at the end: leaving at once keeps nothing out of the record

    async def run(self, receive: Receive, send: Send) -> None:
        """Until the client leaves or the hub closes."""
        writer = asyncio.create_task(self.write(send))
        try:
            while (message := await receive())["type"] != "websocket.disconnect":
                if self.reader.closing is None:
                    self.receive(message.get("text"))
        finally:
            writer.cancel()
            self.subscriptions.stop()
            self.commands.stop()
            hub.leave(self.reader)

    async def write(self, send: Send) -> None:
        """Send what is queued, at last the code with which the hub closes."""
        # Servers raise, each something else, when the client has gone and they have not told us yet.
        with suppress(OSError, RuntimeError):
            code = await self.reader.write(send)
            hub.leave(self.reader)
            try:
                await send({"type": "websocket.close", "code": code})
            except Exception:
                # daphne as it comes refuses 1013 (`portal.edge.server` does not); better another code than none.
                await send({"type": "websocket.close"})

    def receive(self, text: str | None) -> None:
        """One frame from the client. What cannot be read is answered once, then the socket is closed.

        But for a command whose content no text can keep: it is refused by its key, or it would come again for ever.
        """
        try:
            if not self.frames.allows(""):
                raise Wrong(limits.TOO_OFTEN)
            self.take(read(text))
        except Wrong as wrong:
            if not wrong.key:
                self.refuse(wrong.code)
                return
            with override(self.reader.language):
                sentence = _("This holds a character that no text can keep. Write it anew without it.")
            self.reader.put(Frame(Answer(REFUSED, sentence).frame(wrong.key)))

    def take(self, frame: dict[str, Any]) -> None:
        """What a readable frame asks for. Acknowledgements wait for nothing, the rest for its turn."""
        topic: str = frame.get("topic", "")
        match frame["do"]:
            case "ack":
                self.reader.acknowledge(topic=topic, number=frame.get("number", 0), frames=frame.get("frames"))
            case "subscribe":
                self.subscriptions.add(self.subscribe(topic, frame.get("since")))
            case "unsubscribe":
                self.subscriptions.add(self.unsubscribe(topic))
            case "typing":
                hub.typing.typing(self.reader, topic)
            case "command":
                self.command(frame["name"], frame["key"], frame.get("data", {}))

    async def subscribe(self, topic: str, since: int | None) -> None:
        """Answer in the same words, after the same time, whether the topic may not be read or does not exist."""
        if topic not in self.reader.topics and len(self.reader.topics) >= limits.TOPICS_AT_MOST:
            self.refuse(limits.TOO_MANY)
            return
        began = time.monotonic()
        try:
            allowed = await hub.subscribe(self.reader, topic, since)
        except Exception:
            log.exception("A live topic could not be read; the client comes back for it")
            self.reader.close(limits.TRY_AGAIN_LATER)
            return
        if not allowed:
            await asyncio.sleep(max(0.0, limits.REFUSAL_SECONDS - (time.monotonic() - began)))
            with override(self.reader.language):
                self.reader.put(Frame({"topic": topic, "gone": not_there()}))
            self.note_refusal(topic)

    def note_refusal(self, topic: str) -> None:
        """Have it recorded after the answer and beside what comes next, so that neither tells anything by its time."""
        self.notes.add(writing(socket_refused, self.sender, topic))

    async def unsubscribe(self, topic: str) -> None:
        """In its turn, so that it undoes what was asked before it."""
        hub.unsubscribe(self.reader, topic)

    def command(self, name: str, key: str, data: dict[str, Any]) -> None:
        """Have a command done in its turn, or ask to come again with it."""
        again = too_often(self.reader.owner.person_id, name)
        if again or len(self.commands) >= limits.COMMANDS_WAITING:
            self.reader.put(Frame(Answer(AGAIN, again or AGAIN_SECONDS).frame(key)))
        else:
            self.commands.add(self.perform(name, key, data))

    async def perform(self, name: str, key: str, data: dict[str, Any]) -> None:
        """Do a command in a thread, and answer."""
        try:
            answer = await writing(perform, self.sender, name, key, data)
        except UnusableKey:
            self.refuse(limits.UNREADABLE)
        except SessionOver:
            self.reader.close(limits.SESSION_ENDED)
        else:
            self.reader.put(Frame(answer.frame(key)))

    def refuse(self, code: int) -> None:
        """Say once that the frame was not understood, then close."""
        with override(self.reader.language):
            self.reader.close_after(Frame({"error": _("This message was not understood."), "code": code}), code)


def _origin(scope: Scope) -> Origin:
    """Where a socket comes from, as coarsely as the record keeps it."""
    headers = {name: value.decode("latin-1") for name, value in scope.get("headers", [])}
    address = counted_address(scope.get("client"), headers.get(b"x-forwarded-for", "").encode("latin-1"))
    return Origin(coarse_network(address), device_family(headers.get(b"user-agent", "")))
