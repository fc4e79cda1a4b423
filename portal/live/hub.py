"""One hub per process: it hears what is published and puts it into each local reader's queue.

Why not one group membership a socket: measured, a hub delivers seven times as much for a ninth of the work
(`docs/live.md`). All methods run on the server's event loop unless they say otherwise.
"""

import asyncio
import json
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from contextvars import Context
from typing import Any

from channels.db import database_sync_to_async as in_thread
from channels.layers import InMemoryChannelLayer, get_channel_layer

from portal.live import presence
from portal.live.reading import Right, heads_of, living_sessions, rights_left

log = logging.getLogger(__name__)

QUEUE_FRAMES = 256  # a reader who is further behind is closed (1013) and catches up from the rows
HEARTBEAT_SECONDS = 25
TRY_AGAIN_LATER = 1013
SESSION_ENDED = 4001


def group_of(topic: str) -> str:
    """The layer's name for a topic; layers allow letters, digits, hyphen, underscore and full stop."""
    return "live." + topic.replace(":", ".")


class Reader:
    """One open socket: who, in which session, what it listens to, and what waits to be sent to it."""

    def __init__(self, person_id: int, session_key: str, visible: bool) -> None:
        self.person_id = person_id
        self.session_key = session_key
        self.visible = visible  # whether its owner lets others see them online
        self.topics: set[str] = set()
        self.queue: asyncio.Queue[str | int] = asyncio.Queue(QUEUE_FRAMES)

    def put(self, frame: str) -> None:
        """Queue a frame; a full queue is emptied and replaced by a close, for the rows will tell the rest."""
        try:
            self.queue.put_nowait(frame)
        except asyncio.QueueFull:
            self.close(TRY_AGAIN_LATER)

    def close(self, code: int) -> None:
        """Have the socket closed with `code` as the next thing it does."""
        while not self.queue.empty():
            self.queue.get_nowait()
        self.queue.put_nowait(code)


class Hub:
    """The readers of this process and what they listen to."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.readers: dict[str, set[Reader]] = defaultdict(set)
        self.sockets: set[Reader] = set()
        self.tasks: list[asyncio.Task[None]] = []
        self.passing: set[asyncio.Task[None]] = set()
        self.channel = ""

    @property
    def layer(self) -> Any:
        return get_channel_layer()

    async def start(self) -> None:
        """Listen, once for each event loop; called by the first socket."""
        loop = asyncio.get_running_loop()
        if self.loop is loop:
            return
        self.loop, self.readers, self.sockets = loop, defaultdict(set), set()
        self.tasks = [asyncio.create_task(self._beat())]
        if not isinstance(self.layer, InMemoryChannelLayer):
            self.channel = await self.layer.new_channel("hub")
            self.tasks.append(asyncio.create_task(self._listen()))

    async def join(self, reader: Reader) -> None:
        """Take in a new socket. It hears of changes of its owner's rights without asking."""
        await self.start()
        first = not any(other.person_id == reader.person_id and other.visible for other in self.sockets)
        self.sockets.add(reader)
        await self.subscribe(reader, f"rights:{reader.person_id}")
        if reader.visible:
            await asyncio.to_thread(presence.mark, [reader.person_id])
            if first:
                await self.tell_presence(reader.person_id, "here")

    async def leave(self, reader: Reader) -> None:
        """Forget a closed socket. Who opens another page within a few seconds never looked gone."""
        self.sockets.discard(reader)
        for topic in list(reader.topics):
            await self.unsubscribe(reader, topic)
        if reader.visible and self.loop is not None:
            self.loop.call_later(presence.GRACE_SECONDS, self._run, self._gone, reader.person_id)

    def _run(self, work: Callable[[Any], Coroutine[Any, Any, None]], about: Any) -> None:
        """Do `work` beside the rest. The event loop keeps tasks by weak references only, so they are held here."""
        task = asyncio.get_running_loop().create_task(work(about))
        self.passing.add(task)
        task.add_done_callback(self.passing.discard)

    async def _gone(self, person_id: int) -> None:
        if not any(other.person_id == person_id and other.visible for other in self.sockets):
            await asyncio.to_thread(presence.clear, person_id)
            await self.tell_presence(person_id, "offline")

    async def subscribe(self, reader: Reader, topic: str) -> None:
        """Let `reader` hear `topic`; who may was asked before."""
        first = not self.readers[topic]
        self.readers[topic].add(reader)
        reader.topics.add(topic)
        if first and self.channel:
            await self.layer.group_add(group_of(topic), self.channel)

    async def unsubscribe(self, reader: Reader, topic: str) -> None:
        """Stop; the last reader of a topic takes the process out of its group."""
        reader.topics.discard(topic)
        self.readers[topic].discard(reader)
        if not self.readers[topic]:
            del self.readers[topic]
            if self.channel:
                await self.layer.group_discard(group_of(topic), self.channel)

    async def tell_presence(self, person_id: int, state: str) -> None:
        """Say that a person came or went. It has no number and no row: nothing is lost if nobody hears it."""
        topic = f"person:{person_id}"
        message = {"type": "live.event", "topic": topic, "kind": "presence", "data": {"state": state}}
        if self.channel:
            with suppress(Exception):
                await self.layer.group_send(group_of(topic), message)
        else:
            self.deliver(message)

    def post(self, message: dict[str, Any]) -> None:
        """Hand over a message from any thread of this process."""
        if self.loop is not None and self.loop.is_running():
            # In a context of its own: the publisher's belongs to the thread that is still busy with its request.
            self.loop.call_soon_threadsafe(self.deliver, message, context=Context())

    def deliver(self, message: dict[str, Any]) -> None:
        """Serialise once, queue for every local reader of the topic."""
        topic = message["topic"]
        if topic.startswith("rights:"):
            self._run(self.check_rights, tuple(self.readers.get(topic, ())))
            return
        frame = json.dumps({key: value for key, value in message.items() if key != "type"})
        for reader in tuple(self.readers.get(topic, ())):
            reader.put(frame)

    async def check_rights(self, readers: Collection[Reader]) -> None:
        """Drop the subscriptions that no longer hold, and tell the reader; close sockets of ended sessions."""
        alive = await in_thread(living_sessions)([reader.session_key for reader in readers])
        for reader in tuple(readers):
            if reader.session_key not in alive:
                reader.close(SESSION_ENDED)
                continue
            asked = [Right(reader.person_id, topic) for topic in reader.topics if not topic.startswith("rights:")]
            kept = await in_thread(rights_left)(asked)
            for right in asked:
                if right not in kept:
                    await self.unsubscribe(reader, right.topic)
                    reader.put(json.dumps({"topic": right.topic, "gone": ""}))

    async def _listen(self) -> None:
        while True:
            try:
                self.deliver(await self.layer.receive(self.channel))
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("The channel layer does not answer; trying again")
                await asyncio.sleep(1)

    async def _beat(self) -> None:
        """Tell every reader the head numbers, so that a lost hint is noticed; close sockets of ended sessions."""
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self.beat()
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("A heartbeat failed; the next one comes")

    async def beat(self) -> None:
        """One heartbeat."""
        sockets = tuple(self.sockets)
        alive = await in_thread(living_sessions)([reader.session_key for reader in sockets])
        heads = await in_thread(heads_of)(list(self.readers))
        await asyncio.to_thread(presence.mark, [reader.person_id for reader in sockets if reader.visible])
        for reader in sockets:
            if reader.session_key not in alive:
                reader.close(SESSION_ENDED)
                continue
            for topic in reader.topics & heads.keys():
                reader.put(json.dumps({"topic": topic, "head": heads[topic]}))


hub = Hub()
