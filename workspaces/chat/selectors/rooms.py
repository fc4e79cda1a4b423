"""Finding rooms."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.models import User
from workspaces.chat import policies
from workspaces.chat.models import Companion, Room
from workspaces.groups.live import workspace_of
from workspaces.groups.models import Workspace


def with_room(workspaces: QuerySet[Workspace]) -> QuerySet[Workspace]:
    """Each with its room, for `room_of`."""
    return workspaces.select_related("room")


def room_of(workspace: Workspace) -> Room:
    """The room of the group; one that is not kept yet where nobody has opened a topic in it. One query where the group
    was read without it."""
    try:
        found = workspace.room
    except Room.DoesNotExist:
        found = Room(key=workspace.key)
    found.workspace = workspace
    return found


def room_by_key(key: str) -> Room | None:
    """The room called `key` outside the database; of a group also while nothing was said in it. Asks no rights."""
    if not 0 < len(key) <= 12 or not key.isascii() or not key.isalnum():
        return None
    found = Room.objects.select_related("workspace").filter(key=key).first()
    if found is not None:
        return found
    workspace = workspace_of(key)
    return Room(key=workspace.key, workspace=workspace) if workspace is not None else None


def conversation_by_key(key: str) -> Room | None:
    """The conversation called `key`. Asks no rights."""
    return Room.objects.filter(key=key, workspace__isnull=True).first()


def companions_of(room: Room) -> QuerySet[Companion]:
    """Who is or was in a conversation, in the order of their coming."""
    return Companion.objects.filter(room_id=room.pk).select_related("person").order_by("pk")


def others_in(room: Room, reader: User) -> list[Companion]:
    """The companions but for the reader."""
    return [one for one in companions_of(room) if one.person_id != reader.pk]


def conversations_of(reader: User) -> QuerySet[Room]:
    """The conversations that `reader` may read, each with `topics` of one, the latest first."""
    rooms = policies.rooms_readable_by(reader).filter(workspace__isnull=True)
    return rooms.prefetch_related("companions__person").order_by("-topics__last_at", "-pk")
