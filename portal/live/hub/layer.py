"""How a hub hears those of other processes: one channel of the channel layer, in the group of each of its topics."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from channels.layers import InMemoryChannelLayer, get_channel_layer

log = logging.getLogger(__name__)

HUBS: Final = "hubs"  # the topic of what hubs tell each other


def group_of(topic: str) -> str:
    """The layer's name for a topic; layers allow letters, digits, hyphen, underscore and full stop."""
    return "live." + topic.replace(":", ".")


class Ears:
    """The hub's place on the layer. Nothing here raises: without the layer a hub lives from the rows."""

    def __init__(self) -> None:
        self.id = uuid.uuid4().hex[:12]
        self.wanted: set[str] = set()
        self.joined: set[str] = set()
        self.channel = ""

    @property
    def several(self) -> bool:
        """Whether there may be other processes."""
        return not isinstance(get_channel_layer(), InMemoryChannelLayer)

    async def join(self, topic: str) -> None:
        """Hear of a topic from now on, or, while the layer is away, from its return on."""
        self.wanted.add(topic)
        if self.several:
            await self._join(topic)

    async def leave(self, topic: str) -> None:
        """Hear no more of it."""
        self.wanted.discard(topic)
        if topic in self.joined:
            self.joined.discard(topic)
            await self._leave(topic)

    async def join_missing(self) -> None:
        """Join what could not be joined while the layer was away."""
        for topic in self.wanted - self.joined:
            if not await self._join(topic):
                return

    async def tell(self, topic: str, message: Mapping[str, Any]) -> None:
        """Say something to the other hubs that hear of `topic`. It is lost while the layer is away."""
        if not self.several:
            return
        try:
            await get_channel_layer().group_send(group_of(topic), {**message, "hub": self.id})
        except Exception:
            log.debug("The channel layer does not answer", exc_info=True)

    async def listen(self, hear: Callable[[Mapping[str, Any]], None]) -> None:
        """Give what others say to `hear`, for ever."""
        while True:
            try:
                if not self.channel:
                    await self._open()
                message = await get_channel_layer().receive(self.channel)
                if message.get("hub") != self.id:
                    hear(message)
            except asyncio.CancelledError:
                raise
            except Exception:
                log.exception("The channel layer does not answer; trying again")
                await asyncio.sleep(1)

    async def _open(self) -> None:
        self.channel = await get_channel_layer().new_channel("hub")
        self.joined.clear()
        await self.join_missing()

    async def _join(self, topic: str) -> bool:
        if topic in self.joined:
            return True
        if not self.channel:
            return False
        try:
            await get_channel_layer().group_add(group_of(topic), self.channel)
        except Exception:
            log.debug("The channel layer does not answer", exc_info=True)
            return False
        if topic in self.wanted:
            self.joined.add(topic)
        else:
            await self._leave(topic)
        return True

    async def _leave(self, topic: str) -> None:
        try:
            await get_channel_layer().group_discard(group_of(topic), self.channel)
        except Exception:
            log.debug("The channel layer does not answer", exc_info=True)
