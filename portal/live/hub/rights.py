"""Rights on open sockets: asked again as soon as this process hears of a change, and before anything more is sent."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from django.utils.translation import override

from portal.live import limits
from portal.live.frames import Frame, not_there
from portal.live.hub.reader import Owner, Reader
from portal.live.reading import Standing, standing
from portal.live.threads import reading

if TYPE_CHECKING:
    from portal.live.hub.core import Hub

log = logging.getLogger(__name__)


class Rights:
    """What the people with sockets here may hear."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.asking: dict[Owner, asyncio.Task[None]] = {}

    def changed(self, person_id: int, number: int) -> None:
        """The rights of a person changed, or one of their sessions ended. Whoever is not here is forgotten."""
        owner = self.hub.owners.get(person_id)
        if owner is not None and (owner.rights_number is None or number > owner.rights_number):
            owner.version += 1
            self._ask(owner)

    async def ask_again(self, owner: Owner) -> None:
        """Ask for the rights now, and wait until they are known."""
        owner.version += 1
        await asyncio.shield(self._ask(owner))

    def ask_some(self) -> None:
        """At each heartbeat: those who were not asked for long. What ends by the calendar is announced by nobody."""
        now = asyncio.get_running_loop().time()
        late = [owner for owner in self.hub.owners.values() if now - owner.asked_at > limits.RIGHTS_AGAIN_SECONDS]
        share = 1 + int(len(self.hub.owners) * limits.HEARTBEAT_SECONDS / limits.RIGHTS_AGAIN_SECONDS)
        for owner in sorted(late, key=lambda owner: owner.asked_at)[:share]:
            owner.version += 1
            self._ask(owner)

    def _ask(self, owner: Owner) -> asyncio.Task[None]:
        task = self.asking.get(owner)
        if task is None:
            task = self.asking[owner] = self.hub.beside(self._asked(owner))
        return task

    async def _asked(self, owner: Owner) -> None:
        try:
            while owner.held and owner.sockets:
                await self._ask_once(owner)
        finally:
            del self.asking[owner]

    async def _ask_once(self, owner: Owner) -> None:
        version, sockets = owner.version, tuple(owner.sockets)
        topics = set().union(*(reader.topics for reader in sockets))
        try:
            found = await reading(standing, owner.person_id, [reader.session_key for reader in sockets], topics)
        except Exception:
            log.exception("The rights of a person could not be asked; nothing is sent to them until they are")
            await asyncio.sleep(1)
            return
        owner.rights_number = max(found.rights_number, owner.rights_number or 0)
        seen_otherwise, owner.visible, owner.name = found.visible != owner.visible, found.visible, found.name
        for reader in sockets:
            self._apply(reader, found)
        owner.asked_at = asyncio.get_running_loop().time()
        owner.checked = version
        self.hub.here.look_at(owner)
        for topic in topics if seen_otherwise else ():
            self.hub.company.changed(topic)
        for reader in owner.sockets:
            reader.wake()

    def _apply(self, reader: Reader, found: Standing) -> None:
        """Close the socket of an ended session; take topics away that may no longer be read, and tell the reader."""
        if reader.session_key not in found.sessions:
            reader.close(limits.SESSION_ENDED)
            return
        for topic in tuple(reader.topics & found.asked):
            audience = found.audiences.get(topic)
            if audience is None:
                reader.forget(topic)
                self.hub.unsubscribe(reader, topic)
                with override(reader.language):
                    reader.put(Frame({"topic": topic, "gone": not_there()}))
            else:
                self._sees(reader, topic, audience)

    def _sees(self, reader: Reader, topic: str, audience: str) -> None:
        """Where somebody now reads a topic as another audience, what waits for them was made for the old one."""
        room = self.hub.rooms[topic]
        look = room.looks.get(reader) or (room.coming[reader].look if reader in room.coming else None)
        if look is None or look.audience == audience:
            return  # or it is being asked at this moment, by whoever subscribes
        lowest = reader.forget(topic)
        since = room.last if lowest is None else lowest - 1
        room.unsettle(reader)
        self.hub.beside(self._again(reader, topic, since))

    async def _again(self, reader: Reader, topic: str, since: int | None) -> None:
        await self.hub.subscribe(reader, topic, since)
