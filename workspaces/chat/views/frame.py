"""What every page of a room has around it: the group's frame, or the conversation's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from memberships.people.selectors import acting_for_of
from portal.accounts.models import User
from workspaces.chat.models import Room
from workspaces.chat.selectors.rooms import others_in
from workspaces.groups.selectors.frame import group_frame


def framed(reader: User, room: Room) -> dict[str, Any]:
    """The context around a page of the room."""
    if room.workspace is not None:
        return {"room": room, **group_frame(reader, room.workspace, current="chat")}
    return {"room": room, "others": others_in(room, reader)}


def preferred(request: HttpRequest) -> int | None:
    """The organisation that the reader has chosen in the top bar."""
    acting = acting_for_of(request)
    return acting.organisation.pk if acting is not None else None


def number_in(request: HttpRequest, name: str) -> int | None:
    """A whole number of the address, or None for anything else."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None
