"""One hub per process: it hears what is published and puts it into each local reader's queue.

Why not one group membership a socket: measured, a hub delivers seven times as much for a ninth of the work
(`docs/live.md`). All methods run on the server's event loop unless they say otherwise.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextvars import Context
from typing import Any

from portal.live import limits
from portal.live.fragments import Look, Told
from portal.live.frames import Frame, head_frame
from portal.live.hub.company import Company, Typing
from portal.live.hub.here import Here
from portal.live.hub.layer import HUBS, Ears
from portal.live.hub.reader import Owner, Reader
from portal.live.hub.rights import Rights
from portal.live.hub.room import Room
from portal.live.reading import Replay, admitted, heads_of, living_sessions, replayed
from portal.live.threads import reading

log = logging.getLogger(__name__)


class Hub:
    """The readers of this process and what they listen to."""

    def __init__(self) -> None:
        self._begin(None)

    def _begin(self, loop: asyncio.AbstractEventLoop | None) -> None:
        self.loop = loop
        self.ears = Ears()
        self.rooms: dict[str, Room] = {}
        self.owners: dict[int, Owner] = {}
        self.sockets: set[Reader] = set()
        self.here = Here(self)
        self.company = Company(self)
        self.typing = Typing(self)
        self.rights = Rights(self)
        self.tasks: list[asyncio.Task[None]] = []
        self.passing: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen, once for each event loop; called by the first socket."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self._begin(loop)
        self.tasks = [asyncio.create_task(self._keep_time())]
        if self.ears.several:
            await self.ears.join(HUBS)
            self.tasks.append(asyncio.create_task(self.ears.listen(self.hear)))

    def beside(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Do `work` beside the rest. The event loop keeps tasks by weak references only, so they are held here."""
        # In a context of its own: a publisher's belongs to the thread that is still busy with its request.
        task = asyncio.get_running_loop().create_task(work, context=Context())
        self.passing.add(task)
        task.add_done_callback(self._passed)
        return task

    def _passed(self, task: asyncio.Task[None]) -> None:
        self.passing.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("Something beside the live events failed", exc_info=task.exception())

    # Sockets

    async def enter(self, person_id: int, session_key: str, language: str = "en") -> Reader:
        """Take in a new socket. Its session is asked for once more: it may have ended since the handshake."""
        await self.start()
        owner = self.owners.setdefault(person_id, Owner(person_id))
        reader = Reader(owner, session_key, language)
        owner.sockets.add(reader)
        self.sockets.add(reader)
        try:
            await self.ears.join(f"rights:{person_id}")
            await self.rights.ask_again(owner)
        except BaseException:  # the client has left meanwhile
            self.leave(reader)
            raise
        return reader

    def leave(self, reader: Reader) -> None:
        """Forget a closed socket."""
        self.sockets.discard(reader)
        for topic in tuple(reader.topics):
            self.unsubscribe(reader, topic)
        owner = reader.owner
        owner.sockets.discard(reader)
        if not owner.sockets and self.owners.get(owner.person_id) is owner:
            del self.owners[owner.person_id]
            self.ears.leave(f"rights:{owner.person_id}")
        self.here.left(owner)

    # Topics

    async def subscribe(self, reader: Reader, topic: str, since: int | None) -> bool:
        """Let `reader` hear `topic`, from after `since` on where that is given. False where they may not.

        It listens first and reads then, so nothing falls between the two; what it has read and hears again is left out.
        """
        if reader not in self.sockets:
            return True  # closed meanwhile
        room = self._room(topic)
        coming = room.unsettle(reader)
        reader.topics.add(topic)
        await self.ears.join(topic)
        while True:
            version = reader.owner.version
            audience, replay = await reading(admitted, reader.owner.person_id, topic, since, reader.language)
            if room.coming.get(reader) is not coming:
                return True  # unsubscribed meanwhile, or subscribed anew
            if audience is None:
                self.unsubscribe(reader, topic)
                return False
            if version == reader.owner.version:
                break
        await self._settle(room, reader, Look(reader.language, audience), replay, missing=since is not None)
        return True

    async def _settle(self, room: Room, reader: Reader, look: Look, replay: Replay, *, missing: bool) -> None:
        room.begin(replay.head)
        coming = room.coming[reader]
        coming.look = look
        self._put_replay(reader, room.topic, replay)
        while missing and coming.unseen > replay.head:  # passed on to the others before it was known what this one sees
            replay = await reading(replayed, room.topic, replay.head, look)
            if room.coming.get(reader) is not coming:
                return
            self._put_replay(reader, room.topic, replay)
        await room.reach(replay.head, reader)
        if room.coming.get(reader) is not coming:
            return
        for frame in coming.after(replay.head):
            reader.put(frame)
        room.settle(reader, look)
        reader.put(head_frame(room.topic, room.last or 0))
        self.here.opened(reader, room.topic)
        self.company.opened(room, reader)

    def _put_replay(self, reader: Reader, topic: str, replay: Replay) -> None:
        if replay.afresh:
            reader.put(Frame({"topic": topic, "resync": True}, topic=topic))
        for content in replay.frames:
            reader.put(Frame(content, topic=topic, number=content["number"]))

    def unsubscribe(self, reader: Reader, topic: str) -> None:
        """Stop; the last reader of a topic takes the process out of its group."""
        reader.topics.discard(topic)
        room = self.rooms.get(topic)
        if room is None:
            return
        room.leave(reader)
        if not room.readers:
            del self.rooms[topic]
            self.here.emptied(topic)
            self.company.emptied(topic)
            self.ears.leave(topic)
        else:
            self.company.changed(topic)

    def _room(self, topic: str) -> Room:
        room = self.rooms.get(topic)
        if room is None:
            room = self.rooms[topic] = Room(topic, self.beside)
        return room

    # Messages

    def post(self, message: Mapping[str, Any]) -> None:
        """Hand over a message of this process. From any thread."""
        if self.loop is not None and self.loop.is_running():
            self.loop.call_soon_threadsafe(self.hear, message, context=Context())

    def post_to_others(self, message: Mapping[str, Any]) -> bool:
        """Hand it over to the hubs of other processes. From any thread; False where this hub does not run."""
        if self.loop is None or not self.loop.is_running():
            return False
        self.loop.call_soon_threadsafe(self.ears.tell, message["topic"], message, context=Context())
        return True

    def hear(self, message: Mapping[str, Any]) -> None:
        """Something was published, here or in another process."""
        topic = message.get("topic", "")
        match message["type"]:
            case "live.event":
                if topic.startswith("rights:"):
                    self.rights.changed(int(topic.partition(":")[2]), message["number"])
                if (room := self.rooms.get(topic)) is not None:
                    told = Told(message["kind"], message["data"], message.get("number"))
                    room.announce(told) if told.number is None else room.hear(told)
            case "live.typing":
                self.typing.hear(message)
            case "live.presence" | "live.left" | "live.still":
                self.here.hear(message)
            case _:
                self.company.hear(message)

    # Time

    async def _keep_time(self) -> None:
        """Each second; see the figures in `limits` for what happens how often."""
        seconds = 0
        while True:
            await asyncio.sleep(1)
            seconds += 1
            for reader in tuple(self.sockets):
                reader.look_at_the_clock()
            try:
                await self._at(seconds)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("What a hub does from time to time failed; it will be done again")

    async def _at(self, seconds: int) -> None:
        if self.ears.several and seconds % limits.HEADS_SECONDS == 0:
            self.ears.join_missing()
            await self.compare()
        if seconds % limits.PULSE_SECONDS == 0:
            self.company.pulse()
        if seconds % limits.PRESENCE_SECONDS == 0:
            await self.here.refresh()
        if seconds % limits.HEARTBEAT_SECONDS == 0:
            await self.beat()

    async def compare(self) -> None:
        """Look into the rows for events that nobody told us of."""
        lasts = {topic: room.last for topic, room in self.rooms.items()}
        rights = [f"rights:{person_id}" for person_id in self.owners]
        heads = await reading(heads_of, [*lasts, *rights])
        for topic, head in heads.items():
            if topic in self.rooms and topic in lasts:
                self.rooms[topic].compare(head, lasts[topic])
            if topic.startswith("rights:"):
                self.rights.changed(int(topic.partition(":")[2]), head)

    async def beat(self) -> None:
        """Close the sockets of ended sessions, and tell every reader the head numbers: a lost event is noticed."""
        sockets = tuple(self.sockets)
        alive = await reading(living_sessions, [reader.session_key for reader in sockets])
        for reader in sockets:
            if reader.session_key not in alive:
                reader.close(limits.SESSION_ENDED)
        await self.compare()
        for room in tuple(self.rooms.values()):
            if room.last is None:
                continue
            frame = head_frame(room.topic, room.last)
            for reader in tuple(room.looks):
                reader.put(frame)
            await asyncio.sleep(0)  # others come in between
        self.rights.ask_some()
        self.company.say_again()
        self.typing.forget()
