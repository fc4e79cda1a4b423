"""One thing after the other, in the order in which they were asked for."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from typing import Any

log = logging.getLogger(__name__)


class InTurn:
    """Runs what is added, one after the other; has a task only while there is something to run."""

    def __init__(self) -> None:
        self._waiting: deque[Coroutine[Any, Any, None]] = deque()
        self._task: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` after all that was added before."""
        self._waiting.append(work)
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    def stop(self) -> None:
        """Drop what was not begun, and break off what was: for commands only the waiting, they end in their thread."""
        for work in self._waiting:
            work.close()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        try:
            while self._waiting:
                try:
                    await self._waiting.popleft()
                except Exception:
                    log.exception("Something that a live socket asked for failed")
        finally:
            self._task = None
