"""Carrying messages to the hubs: to the one in this process directly, to those of others through the channel layer.

What it carries are hints. Whoever misses one finds the event in the rows, so nothing here ever fails a write, and
nobody waits long for a layer that does not answer.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Final

from channels.layers import InMemoryChannelLayer, get_channel_layer

from portal.live.hub import group_of, hub

log = logging.getLogger(__name__)

PATIENCE_SECONDS: Final = 1.0
QUIET_SECONDS: Final = 30.0  # between two lines in the log about the same absence


def send(message: Mapping[str, Any]) -> None:
    """Tell all hubs. From any thread but an event loop's; never raises."""
    hub.post(message)
    if isinstance(get_channel_layer(), InMemoryChannelLayer):
        return
    message = {**message, "hub": hub.id}
    try:
        if hub.running:
            hub.run_soon(_carry(message))
        else:
            _carrier.carry(message)
    except Exception as error:
        _absence.noted(error)


async def _carry(message: Mapping[str, Any]) -> None:
    try:
        await get_channel_layer().group_send(group_of(message["topic"]), message)
    except Exception as error:
        _absence.noted(error)


class _Absence:
    """Says that the layer is away, not once for each message."""

    def __init__(self) -> None:
        self.said = 0.0

    def noted(self, error: BaseException) -> None:
        if time.monotonic() - self.said > QUIET_SECONDS:
            self.said = time.monotonic()
            log.warning("The channel layer does not answer; readers catch up from the rows: %r", error)


class _Carrier:
    """An event loop in a thread of its own, for processes without a hub: web processes under WSGI, workers, commands.

    The layer keeps a connection for each loop. Such a process may end right after the write, so the write waits for
    the message to leave, for a moment; not at all while the layer is away.
    """

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.process = 0
        self.lock = threading.Lock()
        self.away_until = 0.0

    def carry(self, message: Mapping[str, Any]) -> None:
        sent: Future[None] = asyncio.run_coroutine_threadsafe(_carry(message), self._started())
        if time.monotonic() < self.away_until:
            return
        try:
            sent.result(PATIENCE_SECONDS)
        except TimeoutError as error:
            self.away_until = time.monotonic() + 5 * PATIENCE_SECONDS
            _absence.noted(error)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self.lock:
            if self.loop is None or self.process != os.getpid():  # a fork takes the object along and not the thread
                self.loop, self.process = asyncio.new_event_loop(), os.getpid()
                threading.Thread(target=self.loop.run_forever, name="live-carrier", daemon=True).start()
            return self.loop


_absence: Final = _Absence()
_carrier: Final = _Carrier()
