"""The socket edge: one socket a tab at /live/, JSON text frames, as `docs/live.md` describes."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.live import presence
from portal.live.hub import Reader, hub
from portal.live.models import Event
from portal.live.reading import may_read, missed

if TYPE_CHECKING:
    from portal.accounts.models import User

UNREADABLE, TOO_LARGE, TOO_MANY, UNKNOWN = 4010, 4011, 4012, 4013
FRAME_CHARACTERS = 16_000
TOPICS_AT_MOST = 200


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Subscribes a signed-in person to topics they may read, and passes on what the hub queues for them."""

    channel_layer_alias = None  # the hub holds the process's one channel
    reader: Reader | None = None
    writer: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Signed in, or refused before the handshake ends."""
        person: User | AnonymousUser = self.scope.get("user") or AnonymousUser()
        if isinstance(person, AnonymousUser) or not person.is_active:
            await self.close()
            return
        self.reader = Reader(person.pk, self.scope["session"].session_key or "", person.presence_visible)
        self.language = person.language
        await self.accept()
        await hub.join(self.reader)
        self.writer = asyncio.create_task(self.write(self.reader))
        # Signed out between reading the session and joining the hub: nobody told this socket.
        await hub.check_rights([self.reader])

    async def disconnect(self, code: int) -> None:
        """Leave the hub, whatever ended the socket."""
        if self.writer is not None:
            self.writer.cancel()
        if self.reader is not None:
            await hub.leave(self.reader)

    async def write(self, reader: Reader) -> None:
        """Send what is queued; a number in the queue closes the socket with that code."""
        with suppress(asyncio.CancelledError):
            while True:
                frame = await reader.queue.get()
                if isinstance(frame, int):
                    await self.close(code=frame)
                    return
                await self.send(text_data=frame)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """One frame from the client. What cannot be read is answered once, then the socket is closed."""
        if self.reader is None:
            return
        if text_data is None or len(text_data) > FRAME_CHARACTERS:
            await self.refuse(TOO_LARGE)
            return
        try:
            frame = json.loads(text_data)
            topic, since = frame.get("topic"), frame.get("since")
        except (ValueError, AttributeError, RecursionError):
            await self.refuse(UNREADABLE)
            return
        if not isinstance(topic, str) or not 0 < len(topic) <= 100 or not topic.isascii():
            await self.refuse(UNREADABLE)
        elif frame.get("do") == "subscribe":
            await self.subscribe(self.reader, topic, since if isinstance(since, int) and since >= 0 else None)
        elif frame.get("do") == "unsubscribe":
            await hub.unsubscribe(self.reader, topic)
        elif frame.get("do") != "ack":
            await self.refuse(UNKNOWN)

    async def subscribe(self, reader: Reader, topic: str, since: int | None) -> None:
        """Listen first, then replay: an event in between comes twice and the client drops it by its number."""
        if len(reader.topics) >= TOPICS_AT_MOST:
            await self.refuse(TOO_MANY)
            return
        if not await database_sync_to_async(self.allowed)(reader.person_id, topic):
            with override(self.language):
                reader.put(json.dumps({"topic": topic, "gone": _("This is no longer here for you.")}))
            return
        await hub.subscribe(reader, topic)
        await self.replay(reader, topic, since)
        if topic.startswith("person:"):
            await self.show_presence(reader, topic)

    async def replay(self, reader: Reader, topic: str, since: int | None) -> None:
        """Send what the client has not seen, or ask it to fetch afresh."""
        if since is None:
            return
        found: tuple[int, list[Event]] | None = await database_sync_to_async(missed)(topic, since)
        if found is None:
            reader.put(json.dumps({"topic": topic, "resync": True}))
            return
        for event in found[1]:
            frame = {"topic": topic, "number": event.number, "kind": event.kind, "data": event.payload}
            reader.put(json.dumps(frame))

    async def show_presence(self, reader: Reader, topic: str) -> None:
        """Tell whether the person of `topic` is here now."""
        person_id = int(topic.partition(":")[2])
        here = await asyncio.to_thread(presence.present, [person_id])
        state = "here" if here else "offline"
        reader.put(json.dumps({"topic": topic, "kind": "presence", "data": {"state": state}}))

    @staticmethod
    def allowed(person_id: int, topic: str) -> bool:
        """Whether the person, read afresh, may listen."""
        person = get_user_model().objects.filter(pk=person_id, is_active=True).first()
        return person is not None and may_read(person, topic)

    async def refuse(self, code: int) -> None:
        """Say once that the frame was not understood, then close."""
        with override(self.language):
            await self.send(text_data=json.dumps({"error": _("This message was not understood."), "code": code}))
        await self.close(code=code)
