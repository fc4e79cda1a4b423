"""One topic in this process: its readers, and its events in their order.

Layers lose messages, and two publishers may be overtaken by each other. A room therefore counts: it passes on the event
after the last one and no other. What is missing it reads from the rows, once for all its readers.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any

from portal.live import limits
from portal.live.fragments import Look, Told, contents, has_fragment
from portal.live.frames import Frame
from portal.live.hub.coming import Coming
from portal.live.hub.reader import Reader
from portal.live.reading import missed, told_of
from portal.live.threads import reading

log = logging.getLogger(__name__)

Start = Callable[[Coroutine[Any, Any, None]], object]
Shown = Mapping[Look, list[Frame]]


class Room:
    """The readers of one topic. `start` runs a coroutine beside the rest."""

    def __init__(self, topic: str, start: Start) -> None:
        self.topic = topic
        self.start = start
        self.settled: dict[Look, set[Reader]] = {}
        self.looks: dict[Reader, Look] = {}
        self.coming: dict[Reader, Coming] = {}
        self.last: int | None = None  # number of the latest event passed on; None until the rows were asked
        self.head = 0  # the latest event known of
        self.waiting: dict[int, Told] = {}
        self.busy = False
        self.moved: asyncio.Event | None = None
        self.announced: dict[str, Told] = {}
        self._announcing = False

    # Readers

    def __contains__(self, reader: Reader) -> bool:
        return reader in self.looks or reader in self.coming

    @property
    def readers(self) -> list[Reader]:
        """All of them, those included who are still catching up."""
        return [*self.looks, *self.coming]

    def settle(self, reader: Reader, look: Look) -> None:
        """`reader` has caught up and hears what comes from now on."""
        self.coming.pop(reader, None)
        self.looks[reader] = look
        self.settled.setdefault(look, set()).add(reader)

    def unsettle(self, reader: Reader) -> Coming:
        """`reader` catches up: what comes meanwhile is kept for it."""
        self.leave(reader)
        coming = self.coming[reader] = Coming()
        return coming

    def leave(self, reader: Reader) -> None:
        """`reader` hears nothing more."""
        if self.coming.pop(reader, None) is not None:
            self._move()
        look = self.looks.pop(reader, None)
        if look is not None:
            self.settled[look].discard(reader)
            if not self.settled[look]:
                del self.settled[look]

    # Events

    def begin(self, head: int) -> None:
        """The rows were asked for the first time: what comes now has a number above `head`."""
        if self.last is None:
            self.last = head
            self._work()

    def hear(self, told: Told) -> None:
        """An event was published."""
        number = told.number or 0
        if self.last is not None and number <= self.last:
            return
        self.head = max(self.head, number)
        if number == (self.last or 0) + 1 and self.last is not None and not self.busy and not has_fragment(told.kind):
            self._pass_on(number, self._plain([told]))
            return
        self.waiting[number] = told
        self._work()

    def compare(self, head: int, last: int | None) -> None:
        """The rows say that `head` is the latest event; `last` was passed on when they were asked."""
        if self.last is None or last is None:
            return
        if head < last:  # the database is an older copy
            self.last = self.head = head
            self.waiting.clear()
            self._say_afresh()
        elif head > self.last:
            self.head = max(self.head, head)
            self._work()

    async def reach(self, head: int, reader: Reader) -> None:
        """Wait until the others have heard what a coming `reader` has read from the rows."""
        self.head = max(self.head, head)
        self._work()
        while reader in self.coming and (self.last or 0) < head:
            self.moved = self.moved or asyncio.Event()
            await self.moved.wait()

    def _move(self) -> None:
        """Let those who wait for something to change here look."""
        if self.moved is not None:
            self.moved.set()
            self.moved = None

    def _work(self) -> None:
        if self.last is not None and not self.busy and self.head > self.last:
            self.busy = True
            self.start(self._pass_on_in_order())

    async def _pass_on_in_order(self) -> None:
        while self.last is not None and self.head > self.last:
            try:
                batch = await self._batch()
                if batch:
                    shown = await self._shown(batch)
                    self._pass_on(batch[-1].number or 0, shown)
            except Exception:
                log.exception("Events of %s could not be passed on; they are looked for again", self.topic)
                await asyncio.sleep(1)
        self.busy = False

    async def _batch(self) -> list[Told]:
        batch = self._next()
        if not batch:
            await asyncio.sleep(limits.REORDER_SECONDS)
            batch = self._next() or await self._from_the_rows()
        return batch

    def _next(self) -> list[Told]:
        """The events that come next, as far as they are here."""
        batch, number = [], (self.last or 0) + 1
        while number in self.waiting:
            batch.append(self.waiting.pop(number))
            number += 1
        return batch

    async def _from_the_rows(self) -> list[Told]:
        """The events that were missed; [] where there are too many, and the readers fetch afresh."""
        last = self.last or 0
        found = await reading(missed, self.topic, last)
        if found is None:
            self.last = self.head
            self.waiting.clear()
            self._say_afresh()
            return []
        head, events = found
        self.waiting = {number: told for number, told in self.waiting.items() if number > head}
        if not events:  # a hint without a row; where one comes after all, the next hint or heartbeat finds it
            self.head = last
            self.waiting.clear()
        return told_of(events)

    async def _shown(self, batch: list[Told]) -> Shown:
        """The frames of `batch` for each look among the readers; rendered in a thread where there is HTML."""
        if not any(has_fragment(told.kind) for told in batch):
            return self._plain(batch)
        made: dict[Look, list[dict[str, Any]]] = {}
        # Who settles while it is rendered may bring a look of their own.
        while missing := self._wanted_looks() - made.keys():
            made |= await reading(_rendered, self.topic, batch, missing)
        return {look: [self._frame(content) for content in found] for look, found in made.items()}

    def _wanted_looks(self) -> set[Look]:
        coming = {coming.look for coming in self.coming.values() if coming.look is not None}
        return coming | self.settled.keys()

    def _plain(self, batch: list[Told]) -> Shown:
        frames = [self._frame(content) for content in contents(self.topic, batch, Look("", ""))]
        return dict.fromkeys(self._wanted_looks(), frames)

    def _frame(self, content: dict[str, Any]) -> Frame:
        return Frame(content, topic=self.topic, number=content.get("number"))

    def _pass_on(self, number: int, shown: Shown) -> None:
        """Queue frames for everybody. From here to the end nothing waits, so nobody settles in between."""
        self.last = number
        for look, readers in self.settled.items():
            for frame in shown[look]:
                for reader in tuple(readers):
                    reader.put(frame)
        for coming in self.coming.values():
            coming.keep(number, shown)
        self._move()

    def _say_afresh(self) -> None:
        frame = Frame({"topic": self.topic, "resync": True}, topic=self.topic)
        for reader in self.readers:
            reader.put(frame)
        self._move()

    # What has no number

    def announce(self, told: Told) -> None:
        """The latest of each kind is said, at most every quarter of a second."""
        self.announced[told.kind] = told
        if not self._announcing:
            self._announcing = True
            self.start(self._announce())

    async def _announce(self) -> None:
        try:
            while self.announced:
                batch, self.announced = list(self.announced.values()), {}
                shown = await self._shown(batch)
                for look, readers in self.settled.items():
                    for told, frame in zip(batch, shown[look], strict=True):
                        for reader in tuple(readers):
                            reader.put_latest(frame, told.kind)
                await asyncio.sleep(limits.COALESCE_SECONDS)
        except Exception:
            log.exception("Announcements of %s could not be made", self.topic)
        finally:
            self._announcing = False


def _rendered(topic: str, batch: list[Told], looks: Collection[Look]) -> dict[Look, list[dict[str, Any]]]:
    return {look: contents(topic, batch, look) for look in looks}
