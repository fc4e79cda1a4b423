"""A reader's conversations as lines of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import User
from workspaces.chat.models import Room, Topic
from workspaces.chat.selectors.topics import unread_by_conversation


@dataclass(frozen=True)
class Line:
    """One conversation: with whom, how much of it is new, when something was last written."""

    room: Room
    others: list[User]
    unread: int
    last_at: datetime


def lines_of(reader: User, rooms: Sequence[Room]) -> list[Line]:
    """The lines of these rooms (from `rooms.conversations_of`), in their order. Two queries."""
    unread = unread_by_conversation(reader, [room.pk for room in rooms])
    last = dict(Topic.objects.filter(room__in=rooms).values_list("room_id", "last_at"))
    return [
        Line(
            room=room,
            others=[one.person for one in room.companions.all() if one.person_id != reader.pk],
            unread=unread.get(room.pk, 0),
            last_at=last.get(room.pk, room.opened_at),
        )
        for room in rooms
    ]
