"""Carrying messages to the hubs: to the one in this process directly, to those of others through the channel layer.

What it carries are hints. Whoever misses one finds the event in the rows, so nothing here ever fails a write, and
nobody waits long for a layer that does not answer.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Mapping
from typing import Any, Final

from channels.layers import get_channel_layer

from portal.live.hub import Absence, group_of, hub, several_processes

PATIENCE_SECONDS: Final = 1.0


def send(message: Mapping[str, Any]) -> None:
    """Tell all hubs. From any thread but an event loop's; never raises."""
    hub.post(message)
    if several_processes() and not hub.post_to_others(message):
        carrier.carry(message)


class _Carrier:
    """An event loop in a thread of its own, for processes without a hub: web processes under WSGI, workers, commands.

    The layer keeps a connection for each loop. Such a process may end right after the write, so the write waits for
    the message to leave, for a moment; not at all while the layer is away.
    """

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.process = 0
        self.lock = threading.Lock()
        self.thread: threading.Thread
        self.absence = Absence()

    def carry(self, message: Mapping[str, Any]) -> None:
        """Send it, or drop it."""
        if self.absence:
            return
        try:
            work = asyncio.wait_for(self._sent(message), PATIENCE_SECONDS)
            asyncio.run_coroutine_threadsafe(work, self._started()).result(2 * PATIENCE_SECONDS)
        except Exception as error:
            self.absence.noted(error)

    async def _sent(self, message: Mapping[str, Any]) -> None:
        await get_channel_layer().group_send(group_of(message["topic"]), dict(message))

    def _started(self) -> asyncio.AbstractEventLoop:
        with self.lock:
            if self.loop is None or self.process != os.getpid():  # a fork takes the object along and not the thread
                self.loop, self.process = asyncio.new_event_loop(), os.getpid()
                self.thread = threading.Thread(target=self.loop.run_forever, name="live-carrier", daemon=True)
                self.thread.start()
                atexit.register(self.close)
            return self.loop

    def close(self) -> None:
        """Let go of the layer's connection, which closes with the loop. At the end of the process."""
        with self.lock:
            loop, self.loop = self.loop, None
            atexit.unregister(self.close)
        if loop is not None and self.process == os.getpid():
            loop.call_soon_threadsafe(loop.stop)
            self.thread.join(PATIENCE_SECONDS)
            if not loop.is_running():
                loop.close()


carrier: Final = _Carrier()
