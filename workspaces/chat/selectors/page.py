"""What the page of a room shows, beside the frame of its group."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Final

from django.db.models import F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.live import presence
from portal.live.models import Topic as LiveTopic
from portal.notifications.selectors import LevelChoice, level_choice
from workspaces.chat import policies
from workspaces.chat.models import Decision, Message, Room, Topic
from workspaces.chat.selectors.here import SHOWN, here_now
from workspaces.chat.selectors.messages import PER_PAGE, Place, Window, window
from workspaces.chat.selectors.rooms import with_room
from workspaces.chat.selectors.topics import hide_people, people_beside
from workspaces.groups.models import Workspace
from workspaces.groups.registry import sections
from workspaces.groups.selectors.frame import there_in
from workspaces.groups.selectors.participation import place_in

FILES: Final = "files"
"""The section of a group whose side stands beside the messages, where an app announces one of this name."""


def room_context(
    reader: User,
    room: Room,
    topics: list[Topic],
    topic: Topic | None,
    place: Place,
    *,
    mark: int | None = None,
    size: int = PER_PAGE,
) -> dict[str, Any]:
    """Messages, who is here and what may be done, beside `topics` (from `topics_beside`, as `topic`); `mark` where the
    unread rule is to stand, if not at the reader's own."""
    part = part_context(reader, room, topic, place, mark=mark, size=size, beside=topics)
    return part | {
        "topics": topics,
        "is_writing": _("%(name)s is writing…"),  # the browser puts in the name
        "unread_topics": len([one for one in topics if one.unread and one != topic]),  # type: ignore[attr-defined]
        "unread_above": _unread_above(topic, part["window"]) if mark is None and place == Place() else None,
        "may_open": policies.can_open(reader, room),
        "may_keep_room": policies.can_keep(reader, room),
        "may_change_topic": topic is not None and policies.can_change_topic(reader, topic),
        "topic_choice": _level_choice(reader, room, topic),
        **_counts(room),
        **_files(reader, room),
    }


def _level_choice(reader: User, room: Room, topic: Topic | None) -> LevelChoice | None:
    """How much the reader is told of this topic, if not as much as of the group; None for who is told of nothing."""
    if topic is None or room.workspace is None or place_in(reader, room.workspace) is None:
        return None
    places = {topic.scope: topic, room.workspace.scope: room.workspace}
    if not all(hasattr(one, "own_level") for one in places.values()):
        return level_choice(reader, topic.scope)
    chosen = {scope: level for scope, one in places.items() if (level := getattr(one, "own_level", None))}
    return level_choice(reader, topic.scope, chosen=chosen)


def part_context(
    reader: User,
    room: Room,
    topic: Topic | None,
    place: Place,
    *,
    mark: int | None = None,
    size: int = PER_PAGE,
    beside: Collection[Topic] = (),
) -> dict[str, Any]:
    """The messages alone, and who of their authors is here; `beside` are topics whose people the page names too."""
    shown = None
    if topic is not None:
        named, own_mark = [*beside, topic], topic.mark  # type: ignore[attr-defined]  # an annotation
        mark = own_mark if mark is None else mark
        shown = window(reader, topic, place, size=size, mark=mark, besides=people_beside(named))
        hide_people(reader, room, named, shown.hidden)
    return {
        "room": room,
        "topic": topic,
        "window": shown,
        "today": timezone.localdate(),
        "unread": getattr(topic, "unread", 0),
        "unread_since": getattr(topic, "mark_at", None),
        "may_post": topic is not None and policies.can_post(reader, topic),
        **here_context(reader, room),
    }


def _unread_above(topic: Topic | None, shown: Window | None) -> int | None:
    """How many new messages stand before those that are shown, where there are any."""
    if topic is None or shown is None or topic.mark is None or not shown.older:  # type: ignore[attr-defined]
        return None
    if shown.first <= topic.mark + 1:  # type: ignore[attr-defined]
        return None
    here = sum(1 for one in shown.messages if not one.own and not one.message.is_deleted)
    return max(0, topic.unread - here) or None  # type: ignore[attr-defined]


_COUNTED: Final = ("live_number", "decisions", "closed", "pinned")
"""In the order of `_numbers`."""


def with_counts(workspaces: QuerySet[Workspace]) -> QuerySet[Workspace]:
    """Each with its room and with what `_counts` asks."""
    return with_room(workspaces).annotate(
        **{f"room_{name}": one for name, one in _numbers("room__pk", "key").items()},
    )


def _counts(room: Room) -> dict[str, int]:
    """How far its live topic has come, how many decisions, closed topics and pinned messages there are; one query where
    the group was read without that."""
    if room.workspace is not None and hasattr(room.workspace, "room_live_number"):
        return {name: getattr(room.workspace, f"room_{name}") for name in _COUNTED}
    if room.pk is None:
        return dict.fromkeys(_COUNTED, 0)
    rows = Room.objects.filter(pk=room.pk).values_list(*_numbers("pk", "key").values())
    return dict(zip(_COUNTED, rows[0], strict=True))


def _numbers(room: str, key: str) -> dict[str, Coalesce]:
    """The counts, where `room` and `key` lead to the room and its key."""
    decided = Decision.objects.filter(message__room_id=OuterRef(room)).exclude(state=Decision.State.WITHDRAWN)
    closed = Topic.objects.filter(room_id=OuterRef(room), closed_at__isnull=False, merged_into__isnull=True)
    pinned = Message.objects.filter(policies.unexpired(), room_id=OuterRef(room), pinned_at__isnull=False)
    heads = LiveTopic.objects.filter(name=Concat(Value("chat:"), OuterRef(key)))
    return {
        "live_number": Coalesce(Subquery(heads.values("head")), 0),
        "decisions": _counted(decided),
        "closed": _counted(closed),
        "pinned": _counted(pinned),
    }


def _counted(rows: QuerySet[Any, Any]) -> Coalesce:
    # Not Count, which groups: one number for all rows.
    counted = rows.order_by().annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("n")
    return Coalesce(Subquery(counted), 0)


def here_context(reader: User, room: Room) -> dict[str, Any]:
    """Who is here now, of how many, and who takes part: asked when the page shows it, one query for each of both."""
    seen = cache(lambda: _seen(reader, room))
    return {
        "here": cache(lambda: here_now(room, seen()[0])),
        "here_ids": lambda: seen()[0],
        "not_named": lambda: max(0, len(seen()[0]) - SHOWN),
        "of_all": lambda: seen()[1],
        "who": lambda: seen()[2],
    }


def _seen(reader: User, room: Room) -> tuple[set[int], int, list[str]]:
    """The ids of those who are here and let it be seen, how many there are in all, and the words on who takes part."""
    if room.workspace is None:
        people = room.companions.filter(left_at__isnull=True, person__presence_visible=True)
        return presence.present(people.values_list("person_id", flat=True)), 0, []
    there = there_in(reader, room.workspace)
    ids = presence.present(there.seen_ids)
    if ids and is_secretariat(reader):  # who sees people at risk, but not in a group that they only visit
        ids -= policies.people_hidden_from(reader, room.workspace, ids)
    return ids, there.people or 0, there.sentences


def _files(reader: User, room: Room) -> dict[str, Any]:
    """The side of the section that keeps files, where one is announced."""
    section = sections.get(FILES)
    if section is None or section.side is None or room.workspace is None:
        return {"files_template": ""}
    values = section.side(reader, room.workspace)
    if values is None:
        return {"files_template": ""}
    return {"files_template": section.side_template, "files_side": values, "files_url": section.url(room.workspace)}
