"""One open socket as the hub sees it, and the person behind it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from portal.live import limits
from portal.live.frames import Frame

Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Owner:
    """A person with sockets in this process.

    `version` counts the changes of their rights that this process heard of, `checked` is the one up to which they were
    asked again. Nothing is sent to the person while the two differ.
    """

    def __init__(self, person_id: int, *, visible: bool = False, name: str = "") -> None:
        self.person_id = person_id
        self.visible = visible  # whether they let others see them online
        self.name = name
        self.sockets: set[Reader] = set()
        self.version = self.checked = 0
        self.rights_number: int | None = None  # head of `rights:<id>`; None until it was read
        self.asked_at = 0.0

    @property
    def held(self) -> bool:
        """Whether their rights have to be asked again before anything more is sent."""
        return self.version != self.checked


class Reader:
    """One open socket: what it listens to, what waits to be sent, and what was sent and is not acknowledged.

    Servers differ in what they do for a client that does not read (daphne takes everything into its memory), so what
    is on its way is limited here: by the frames and bytes that the client has not acknowledged.
    """

    def __init__(self, owner: Owner, session_key: str, language: str) -> None:
        self.owner = owner
        self.session_key = session_key
        self.language = language
        self.topics: set[str] = set()
        self.queue: deque[Frame] = deque()
        self.late: dict[tuple[str, str], Frame] = {}
        self.flight: deque[Frame] = deque()
        self.flight_bytes = 0
        self.sent = self.acknowledged = 0
        self.closing: int | None = None
        self.stalled = 0  # seconds for which nothing of the queue moved
        self._sent_before = 0
        self._wanted: asyncio.Future[None] | None = None

    # What the hub does

    def put(self, frame: Frame) -> None:
        """Queue a frame. Who is too far behind is closed, and comes back for the rest."""
        if self.closing is not None:
            return
        self.queue.append(frame)
        if len(self.queue) > limits.QUEUE_FRAMES:
            self.close(limits.TRY_AGAIN_LATER)
        elif self._wanted is not None:
            self.wake()

    def put_latest(self, frame: Frame, kind: str) -> None:
        """Queue what a later one of its kind replaces: to a reader who has more to do only the last one is sent."""
        if not self.queue:
            self.put(frame)
        elif self.closing is None:
            self.late[frame.topic, kind] = frame

    def put_if_idle(self, frame: Frame) -> None:
        """Queue what is worth nothing later, unless the reader has enough to do."""
        if not self.queue and len(self.flight) < limits.WINDOW_FRAMES // 2:
            self.put(frame)

    def close(self, code: int) -> None:
        """Have the socket closed with `code` as the next thing it does."""
        if self.closing is None:
            self.closing = code
            self.queue.clear()
            self.late.clear()
            self.wake()

    def close_after(self, frame: Frame, code: int) -> None:
        """Say one last thing, then close."""
        if self.closing is None:
            self.close(code)
            self.queue.append(frame)

    def forget(self, topic: str) -> int | None:
        """Take the events of `topic` out of the queue. Returns the lowest number among them, None where none waited."""
        numbers = [frame.number for frame in self.queue if frame.topic == topic and frame.number is not None]
        self.queue = deque(frame for frame in self.queue if frame.topic != topic)
        self.late = {place: frame for place, frame in self.late.items() if place[0] != topic}
        return min(numbers, default=None)

    def look_at_the_clock(self) -> None:
        """Once a second: close the socket when its queue does not move."""
        if not self.queue or self.sent != self._sent_before or self.owner.held:
            self.stalled, self._sent_before = 0, self.sent
            return
        self.stalled += 1
        if self.stalled >= limits.PATIENCE_SECONDS:
            self.close(limits.TRY_AGAIN_LATER)

    def wake(self) -> None:
        """Let the writer look at the queue."""
        wanted, self._wanted = self._wanted, None
        if wanted is not None and not wanted.done():
            wanted.set_result(None)

    # What the socket does

    def acknowledge(self, *, topic: str = "", number: int = 0, frames: int | None = None) -> None:
        """The client has taken everything up to a frame: the one with this number in the topic, or the so manieth.

        What was never sent cannot be acknowledged.
        """
        if frames is not None:
            taken = min(frames, self.sent) - self.acknowledged
        else:
            known = (one.topic == topic and one.number is not None and one.number <= number for one in self.flight)
            taken = max((place for place, found in enumerate(known, start=1) if found), default=0)
        for _ in range(taken):
            self.flight_bytes -= self.flight.popleft().size
        if taken > 0:
            self.acknowledged += taken
            self.wake()

    async def write(self, send: Send) -> int:
        """Send what is queued, as the window allows, until the socket is to be closed. Returns the closing code."""
        while True:
            while self.queue and self.closing is None and self._may_send():
                await self._send_next(send)
                if not self.queue and self.late:
                    self.queue.extend(self.late.values())
                    self.late.clear()
            if self.closing is not None:
                for frame in tuple(self.queue):
                    await send(frame.message)
                return self.closing
            self._wanted = asyncio.get_running_loop().create_future()
            await self._wanted

    def _may_send(self) -> bool:
        if self.owner.held or len(self.flight) >= limits.WINDOW_FRAMES:
            return False
        return not self.flight or self.flight_bytes + self.queue[0].size <= limits.WINDOW_BYTES

    async def _send_next(self, send: Send) -> None:
        frame = self.queue.popleft()
        self.flight.append(frame)
        self.flight_bytes += frame.size
        self.sent += 1
        await send(frame.message)
