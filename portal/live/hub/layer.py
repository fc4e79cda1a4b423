"""How a hub hears those of other processes, and speaks to them: by the channel layer, in a group for each topic.

What is lost there is found in the rows or said again, so nothing here raises, and nothing waits long for a layer that
does not answer: what there is to say meanwhile is dropped.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final

from channels.layers import InMemoryChannelLayer, get_channel_layer

log = logging.getLogger(__name__)

HUBS: Final = "hubs"  # the topic of what hubs tell each other
PATIENCE_SECONDS: Final = 1.0
AWAY_SECONDS: Final = 2.0  # after it did not answer, so long nobody asks
SAID_SECONDS: Final = 30.0  # between two lines in the log about the same absence

Work = Callable[[], Coroutine[Any, Any, None]]


def group_of(topic: str) -> str:
    """The layer's name for a topic; layers allow letters, digits, hyphen, underscore and full stop."""
    return "live." + topic.replace(":", ".")


def several_processes() -> bool:
    """Whether there may be others."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


class Absence:
    """Whether the layer is away, as far as is known; says so, not once for each message."""

    def __init__(self) -> None:
        self.until = self.said = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self.until

    def noted(self, error: BaseException) -> None:
        """It did not answer."""
        now = time.monotonic()
        self.until = now + AWAY_SECONDS
        if now - self.said > SAID_SECONDS:
            self.said = now
            log.warning("The channel layer does not answer; readers catch up from the rows: %r", error)


class Ears:
    """The hub's place on the layer."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.several = several_processes()
        self.wanted: set[str] = set()
        self.joined: set[str] = set()
        self.channel = ""
        self.absence = Absence()
        self._work: deque[tuple[Work, asyncio.Future[None]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def join(self, topic: str) -> None:
        """Hear of a topic from now on; while the layer is away, from its return on."""
        self.wanted.add(topic)
        if self.several and self.channel and topic not in self.joined and not self.absence:
            await asyncio.wait({self._do(lambda: self._join(topic))}, timeout=PATIENCE_SECONDS)

    def leave(self, topic: str) -> None:
        """Hear no more of it."""
        self.wanted.discard(topic)
        if topic in self.joined:
            self.joined.discard(topic)
            self._do(lambda: self._leave(topic))

    def join_missing(self) -> None:
        """Join what could not be joined while the layer was away."""
        if self.several and self.channel and not self.absence:
            for topic in self.wanted - self.joined:
                self._do(lambda topic=topic: self._join(topic))  # type: ignore[misc]  # the default binds it

    def tell(self, topic: str, message: Mapping[str, Any]) -> None:
        """Say something to the other hubs that hear of `topic`."""
        if self.several and not self.absence:
            self._do(lambda: get_channel_layer().group_send(group_of(topic), {**message, "hub": self.id}))

    async def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Give what others say to `hear`, for ever."""
        while True:
            try:
                if not self.channel:
                    self.channel = await asyncio.wait_for(get_channel_layer().new_channel("hub"), 5 * PATIENCE_SECONDS)
                    self.joined.clear()
                    self.join_missing()
                message = await get_channel_layer().receive(self.channel)
                if message.get("hub") != self.id:
                    hear(message)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.absence.noted(error)
                await asyncio.sleep(1)

    def _do(self, work: Work) -> asyncio.Future[None]:
        """Do it after what was to be done before."""
        done = asyncio.get_running_loop().create_future()
        self._work.append((work, done))
        if self._worker is None:
            self._worker = asyncio.create_task(self._do_all())
        return done

    async def _do_all(self) -> None:
        try:
            while self._work:
                work, done = self._work.popleft()
                try:
                    await asyncio.wait_for(work(), PATIENCE_SECONDS)
                except Exception as error:
                    self._fail(error)
                finally:
                    if not done.done():
                        done.set_result(None)
        finally:
            self._worker = None

    def _fail(self, error: Exception) -> None:
        self.absence.noted(error)
        for _work, done in self._work:
            done.set_result(None)
        self._work.clear()
        # Which of them were joined and left is not known any more: all that is wanted is joined again.
        self.joined.clear()

    async def _join(self, topic: str) -> None:
        if topic in self.joined or topic not in self.wanted:
            return
        await get_channel_layer().group_add(group_of(topic), self.channel)
        if topic in self.wanted:
            self.joined.add(topic)
        else:
            await self._leave(topic)

    async def _leave(self, topic: str) -> None:
        if topic not in self.wanted:
            await get_channel_layer().group_discard(group_of(topic), self.channel)
