"""Who is online. Of those who hide it nothing is kept and nothing said.

It lies in the cache (`portal.live.presence`), where pages read it too and where it fades by itself: of a killed process
nobody stays. What is said of it goes to the readers of `person:<id>`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from portal.live import presence
from portal.live.frames import Frame
from portal.live.hub.layer import HUBS
from portal.live.hub.reader import Owner, Reader
from portal.live.threads import reading

if TYPE_CHECKING:
    from portal.live.hub.core import Hub

ANSWER_SECONDS: Final = 0.5  # how long other processes have to say that somebody is with them
HERE, OFFLINE = "here", "offline"


class Here:
    """The people of one process, and what is said of those whose pages are open in it."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.people: set[int] = set()  # who is online by this process, or was a moment ago
        self.states: dict[str, str] = {}  # topic `person:<id>`, and what its readers were told last
        self.still: set[int] = set()  # who is with another process, as it has just said

    def look_at(self, owner: Owner) -> None:
        """Somebody came, or changed whether they let themselves be seen."""
        if owner.visible and owner.sockets and owner.person_id not in self.people:
            self.people.add(owner.person_id)
            self.hub.beside(self._say_here(owner.person_id))
        elif not owner.visible and owner.person_id in self.people:
            self.people.discard(owner.person_id)
            self.hub.beside(self._say_offline(owner.person_id))

    def left(self, owner: Owner) -> None:
        """A socket was closed. Who opens another page within a few seconds never looked gone."""
        if owner.person_id in self.people and self.hub.loop is not None:
            self.hub.loop.call_later(presence.GRACE_SECONDS, self._look_for, owner.person_id)

    def opened(self, reader: Reader, topic: str) -> None:
        """Tell a new reader of `person:<id>` whether that person is here now."""
        if topic.startswith("person:"):
            self.hub.beside(self._show_to(reader, topic))

    def emptied(self, topic: str) -> None:
        """Nobody here follows that person any more."""
        self.states.pop(topic, None)

    def hear(self, message: Mapping[str, Any]) -> None:
        """What another process says."""
        match message["type"]:
            case "live.presence":
                self._say(message["about"], message["state"])
            case "live.left":
                owner = self.hub.owners.get(message["person"])
                if owner is not None and owner.visible and owner.sockets:
                    still = {"type": "live.still", "topic": HUBS, "person": owner.person_id}
                    self.hub.ears.tell(HUBS, still)
            case "live.still":
                self.still.add(message["person"])

    async def refresh(self) -> None:
        """From time to time: keep what fades, and find what faded without a word."""
        await reading(presence.mark, tuple(self.people))
        topics = [topic for topic in self.hub.rooms if topic.startswith("person:")]
        here = await reading(presence.present, [_person(topic) for topic in topics])
        for topic in topics:
            self._say(topic, HERE if _person(topic) in here else OFFLINE)

    def _look_for(self, person_id: int) -> None:
        owner = self.hub.owners.get(person_id)
        if person_id in self.people and (owner is None or not owner.sockets):
            self.people.discard(person_id)
            self.hub.beside(self._say_offline(person_id))

    async def _say_here(self, person_id: int) -> None:
        await reading(presence.mark, [person_id])
        self._tell(person_id, HERE)

    async def _say_offline(self, person_id: int) -> None:
        if self.hub.ears.several:
            self.still.discard(person_id)
            self.hub.ears.tell(HUBS, {"type": "live.left", "topic": HUBS, "person": person_id})
            await asyncio.sleep(ANSWER_SECONDS)
        if person_id in self.still or person_id in self.people:
            return
        await reading(presence.clear, person_id)
        self._tell(person_id, OFFLINE)

    def _tell(self, person_id: int, state: str) -> None:
        topic = f"person:{person_id}"
        self._say(topic, state)
        self.hub.ears.tell(topic, {"type": "live.presence", "topic": topic, "about": topic, "state": state})

    def _say(self, topic: str, state: str) -> None:
        room = self.hub.rooms.get(topic)
        if room is None or self.states.get(topic) == state:
            return
        self.states[topic] = state
        for reader in tuple(room.looks):
            reader.put_latest(_frame(topic, state), "presence")

    async def _show_to(self, reader: Reader, topic: str) -> None:
        here = await reading(presence.present, [_person(topic)])
        state = self.states[topic] = HERE if here else OFFLINE
        if topic in reader.topics:
            reader.put_latest(_frame(topic, state), "presence")


def _person(topic: str) -> int:
    return int(topic.partition(":")[2])


def _frame(topic: str, state: str) -> Frame:
    return Frame({"topic": topic, "kind": "presence", "data": {"state": state}}, topic=topic)
