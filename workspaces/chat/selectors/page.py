"""What the page of a room shows, beside the frame of its group."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import Count, IntegerField, QuerySet, Subquery
from django.db.models import Window as Over
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.live import presence
from portal.live.selectors import head
from workspaces.chat import policies
from workspaces.chat.models import Decision, Message, Room, Topic
from workspaces.chat.selectors.here import here_now
from workspaces.chat.selectors.messages import PER_PAGE, Place, Window, window
from workspaces.chat.selectors.topics import LISTED, hide_people, topics_of, with_unread
from workspaces.groups.registry import sections
from workspaces.groups.selectors.participation import current_participations

FILES: Final = "files"
"""The section of a group whose side stands beside the messages, where an app announces one of this name."""


def room_context(
    reader: User, room: Room, topic: Topic | None, place: Place, *, mark: int | None = None, size: int = PER_PAGE
) -> dict[str, Any]:
    """Topics, messages, who is here and what may be done; `mark` where the unread rule is to stand, if not at the
    reader's own."""
    topics = list(topics_of(reader, room)[:LISTED]) if room.of_group else []
    for one in topics:
        one.room = room
    chosen = _with_mark(reader, room, topic, topics)
    hide_people(reader, room, [*topics, *([chosen] if chosen is not None else [])])
    shown = None
    if chosen is not None:
        shown = window(reader, chosen, place, size=size, mark=chosen.mark if mark is None else mark)  # type: ignore[attr-defined]
    return {
        "room": room,
        "topics": topics,
        "topic": chosen,
        "window": shown,
        "today": timezone.localdate(),
        "is_writing": _("%(name)s is writing…"),  # the browser puts in the name
        "unread": getattr(chosen, "unread", 0),
        "unread_since": getattr(chosen, "mark_at", None),
        "unread_topics": len([one for one in topics if one.unread and one != chosen]),  # type: ignore[attr-defined]
        "unread_above": _unread_above(chosen, shown) if mark is None and place == Place() else None,
        "may_post": chosen is not None and policies.can_post(reader, chosen),
        "may_open": policies.can_open(reader, room),
        "may_keep_room": policies.can_keep(reader, room),
        "may_change_topic": chosen is not None and policies.can_change_topic(reader, chosen),
        "live_number": head(room.live_topic),
        **_counts(room),
        **here_context(reader, room),
        **_files(reader, room),
    }


def _with_mark(reader: User, room: Room, topic: Topic | None, topics: list[Topic]) -> Topic | None:
    """The topic with `mark` and `unread`; read again only where it is not among those that are listed."""
    if topic is None:
        return None
    found = next((one for one in topics if one.pk == topic.pk), None)
    found = found or with_unread(Topic.objects.filter(pk=topic.pk), reader).get()
    found.room = room
    return found


def _unread_above(topic: Topic | None, shown: Window | None) -> int | None:
    """How many new messages stand before those that are shown, where there are any."""
    if topic is None or shown is None or topic.mark is None or not shown.older:  # type: ignore[attr-defined]
        return None
    if shown.first <= topic.mark + 1:  # type: ignore[attr-defined]
        return None
    here = sum(1 for one in shown.messages if not one.own and not one.message.is_deleted)
    return max(0, topic.unread - here) or None  # type: ignore[attr-defined]


def _counts(room: Room) -> dict[str, int]:
    """How many decisions, closed topics and pinned messages there are; one query."""
    if room.pk is None:
        return {"decisions": 0, "closed": 0, "pinned": 0}
    decided = Decision.objects.filter(message__room_id=room.pk).exclude(state=Decision.State.WITHDRAWN)
    closed = Topic.objects.filter(room_id=room.pk, closed_at__isnull=False, merged_into__isnull=True)
    pinned = Message.objects.filter(policies.unexpired(), room_id=room.pk, pinned_at__isnull=False)
    rows = [rows.order_by().values("pk") for rows in (decided, closed, pinned)]
    names = ("decisions", "closed", "pinned")
    counted = Room.objects.filter(pk=room.pk).annotate(
        **{name: _counted(one) for name, one in zip(names, rows, strict=True)}
    )
    found = counted.values(*names).get()
    return {name: found[name] for name in names}


def _counted(rows: QuerySet[Any, Any]) -> Coalesce:
    counted = rows.annotate(n=Over(Count("pk"))).values("n")[:1]
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def here_context(reader: User, room: Room) -> dict[str, Any]:
    """Who is here now, of how many. Of people who hide it nobody is told."""
    if room.workspace is None:
        people = room.companions.filter(left_at__isnull=True, person__presence_visible=True)
        ids = presence.present(people.values_list("person_id", flat=True))
        return {"here": here_now(room, ids), "here_ids": ids, "of_all": 0}
    there = current_participations().filter(workspace_id=room.workspace.pk)
    rows = list(there.values_list("person_id", "person__presence_visible"))
    ids = presence.present([person_id for person_id, visible in rows if visible])
    ids -= policies.people_hidden_from(reader, room.workspace, ids) if ids else set()
    return {"here": here_now(room, ids), "here_ids": ids, "of_all": len(rows)}


def _files(reader: User, room: Room) -> dict[str, Any]:
    """The side of the section that keeps files, where one is announced."""
    section = sections.get(FILES)
    if section is None or section.side is None or room.workspace is None:
        return {"files_template": ""}
    values = section.side(reader, room.workspace)
    if values is None:
        return {"files_template": ""}
    return {"files_template": section.side_template, "files_side": values, "files_url": section.url(room.workspace)}
