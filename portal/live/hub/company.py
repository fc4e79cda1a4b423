"""Who has a topic open, shown to its readers; and who is typing there.

Each hub tells the others who is with it, and gives a sign of life. Of one that falls silent nobody is shown any more,
so a killed process leaves no ghosts. No database, no cache: what is lost is said again with the next heartbeat.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from portal.live import limits
from portal.live.fragments import Look, has_presence, present_html, told_of
from portal.live.frames import Frame
from portal.live.hub.layer import HUBS
from portal.live.hub.reader import Reader
from portal.live.hub.room import Room
from portal.live.threads import reading

if TYPE_CHECKING:
    from portal.live.hub.core import Hub

NOBODY: frozenset[int] = frozenset()


class Company:
    """The company that readers of this process see."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.alive: dict[str, float] = {}  # other hubs, and when they were heard
        self.elsewhere: dict[str, dict[str, frozenset[int]]] = {}  # people by topic and hub
        self.told: dict[str, frozenset[int]] = {}  # what the other hubs know of ours, by topic
        self.shown: dict[str, frozenset[int]] = {}
        self.named: dict[str, dict[str, frozenset[int]]] = {}  # of whom each audience of a topic was told
        self.newcomers: dict[str, set[Reader]] = {}
        self.stale: set[str] = set()
        self.showing: set[str] = set()

    def opened(self, room: Room, reader: Reader) -> None:
        """`reader` has the topic open, and is to be shown who else has."""
        if not has_presence(room.topic):
            return
        self.newcomers.setdefault(room.topic, set()).add(reader)
        if room.topic not in self.shown:
            self.hub.ears.tell(room.topic, {"type": "live.who", "topic": room.topic})
        self.changed(room.topic)

    def emptied(self, topic: str) -> None:
        """The last reader here has gone."""
        for known in (self.shown, self.named, self.newcomers, self.elsewhere):
            known.pop(topic, None)
        if self.told.pop(topic, NOBODY):
            self._tell(topic, NOBODY)

    def changed(self, topic: str) -> None:
        """Somebody came or went, here or elsewhere. Shown at most four times a second, in large rooms less often."""
        if not has_presence(topic):
            return
        self.stale.add(topic)
        if topic not in self.showing:
            self.showing.add(topic)
            self.hub.beside(self._show(topic))

    def hear(self, message: Mapping[str, Any]) -> None:
        """What another hub says."""
        topic, hub = message["topic"], message["hub"]
        self.alive[hub] = self._now()
        match message["type"]:
            case "live.who" if topic in self.hub.rooms:
                self.told.pop(topic, None)
                self.changed(topic)
            case "live.present" if topic in self.hub.rooms:
                self.elsewhere.setdefault(topic, {})[hub] = frozenset(message["ids"])
                self.changed(topic)

    def pulse(self) -> None:
        """Give a sign of life, and bury the hubs that gave none."""
        if not self.hub.ears.several:
            return
        self.hub.ears.tell(HUBS, {"type": "live.pulse", "topic": HUBS})
        dead = {hub for hub, at in self.alive.items() if self._now() - at > limits.SILENT_SECONDS}
        for hub in dead:
            del self.alive[hub]
        for topic, hubs in self.elsewhere.items():
            if [hubs.pop(hub) for hub in dead & hubs.keys()]:
                self.changed(topic)

    def say_again(self) -> None:
        """At each heartbeat: what the others may not have heard, for the layer was away."""
        self.told.clear()
        for topic in tuple(self.shown):
            self.changed(topic)

    async def _show(self, topic: str) -> None:
        try:
            while topic in self.stale:
                self.stale.discard(topic)
                room = self.hub.rooms.get(topic)
                if room is None:
                    return
                self._tell_others(room)
                await self._show_once(room)
                await asyncio.sleep(max(limits.COALESCE_SECONDS, len(room.looks) / 1000))
        finally:
            self.showing.discard(topic)

    def _tell_others(self, room: Room) -> None:
        ours = _people(room)
        if self.hub.ears.several and ours != self.told.get(room.topic, NOBODY):
            self.told[room.topic] = ours
            self._tell(room.topic, ours)

    def _tell(self, topic: str, people: Collection[int]) -> None:
        self.hub.ears.tell(topic, {"type": "live.present", "topic": topic, "ids": sorted(people)})

    async def _show_once(self, room: Room) -> None:
        topic, ids = room.topic, _people(room).union(*self.elsewhere.get(room.topic, {}).values())
        newcomers = self.newcomers.pop(topic, set())
        readers = set(room.looks) if ids != self.shown.get(topic) else newcomers & room.looks.keys()
        self.shown[topic] = ids
        if not readers:
            return
        looks = {room.looks[reader] for reader in readers}
        named, frames = await reading(_frames, topic, sorted(ids), looks)
        self.named.setdefault(topic, {}).update(named)
        for reader in readers:
            look = room.looks.get(reader)
            if look in frames:  # who sees it otherwise since is a newcomer again
                reader.put_latest(frames[look], "present")

    def is_told_of(self, room: Room, reader: Reader, person_id: int) -> bool:
        """Whether `reader` was told that this person is there."""
        return person_id in self.named.get(room.topic, {}).get(room.looks[reader].audience, NOBODY)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class Typing:
    """Who is typing, told to those who were told that they are there. Lost where nobody listens at that moment."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.typed: dict[tuple[int, str], float] = {}
        self.said: dict[str, float] = {}

    def typing(self, reader: Reader, topic: str) -> None:
        """`reader` says that they type. At most once in three seconds, and of nobody who hides."""
        room, owner, now = self.hub.rooms.get(topic), reader.owner, asyncio.get_running_loop().time()
        if room is None or reader not in room.looks or not has_presence(topic) or not owner.visible or owner.held:
            return
        if now - self.typed.get((owner.person_id, topic), -limits.TYPING_SECONDS) < limits.TYPING_SECONDS:
            return
        self.typed[owner.person_id, topic] = now
        message = {"type": "live.typing", "topic": topic, "person": owner.person_id, "name": owner.name}
        self.hear(message)
        self.hub.ears.tell(topic, message)

    def hear(self, message: Mapping[str, Any]) -> None:
        """Somebody types, here or elsewhere."""
        topic, person, now = message["topic"], message["person"], asyncio.get_running_loop().time()
        room = self.hub.rooms.get(topic)
        if room is None or now - self.said.get(topic, 0) < 1 / limits.TYPING_A_SECOND:
            return
        self.said[topic] = now
        data = {"person": person, "name": message["name"]}
        frame = Frame({"topic": topic, "kind": "typing", "data": data}, topic=topic)
        for reader in tuple(room.looks):
            if reader.owner.person_id != person and self.hub.company.is_told_of(room, reader, person):
                reader.put_if_idle(frame)

    def forget(self) -> None:
        """From time to time: what limits nobody any more."""
        now = asyncio.get_running_loop().time()
        self.typed = {who: at for who, at in self.typed.items() if now - at < limits.TYPING_SECONDS}
        self.said = {topic: at for topic, at in self.said.items() if topic in self.hub.rooms}


def _people(room: Room) -> frozenset[int]:
    return frozenset(reader.owner.person_id for reader in room.looks if reader.owner.visible)


def _frames(topic: str, ids: list[int], looks: Collection[Look]) -> tuple[dict[str, frozenset[int]], dict[Look, Frame]]:
    """Who is there, for each audience and each look. The numbers have an end, what the HTML shows is its author's."""
    named = {audience: told_of(topic, ids, audience) for audience in {look.audience for look in looks}}
    frames = {}
    for look in looks:
        told = named[look.audience]
        data = {"ids": told[: limits.PRESENT_IDS], "count": len(told)}
        html = {"present": present_html(topic, told, look)}
        frames[look] = Frame({"topic": topic, "kind": "present", "data": data, "html": html}, topic=topic)
    return {audience: frozenset(told) for audience, told in named.items()}, frames
