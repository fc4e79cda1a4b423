"""Topics, and what is new in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Count,
    DateTimeField,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from portal.accounts.models import User
from portal.notifications.selectors import own_level
from workspaces.chat.models import Companion, Message, Room, Topic
from workspaces.chat.policies import people_hidden_from, unexpired
from workspaces.groups.models import Workspace
from workspaces.groups.selectors.participation import place_in, places_of

COUNTED: Final = 100
"""New messages of one topic are counted up to here, and said to be "99+"."""
RECENT: Final = 300
"""So many of the latest messages of a room count where all that is new in it is summed up."""
ALL: Final = Q()
"""A conversation concerns its companions from its beginning."""
LISTED: Final = 50
"""So many open topics are listed beside the messages; the others are found by the search and among the closed."""
_OPEN: Final = Q(merged_into__isnull=True, closed_at__isnull=True)


def topics_of(reader: User, room: Room, *, is_open: bool = True) -> QuerySet[Topic]:
    """The topics of a room, each with `unread` for the reader, and `last_by`, who wrote in it last."""
    rows = Topic.objects.filter(room_id=room.pk, merged_into__isnull=True, closed_at__isnull=is_open)
    return _lines(rows, reader).order_by("-is_pinned", "-last_at", "-pk")


def _lines(topics: QuerySet[Topic], reader: User) -> QuerySet[Topic]:
    latest = Message.objects.filter(topic_id=OuterRef("pk")).order_by("-number")
    return (
        with_unread(topics, reader)
        .annotate(last_author_id=Subquery(latest.values("author_id")[:1]))
        .annotate(last_by=Subquery(latest.values("author__name")[:1]))
    )


def topics_beside(reader: User, room: Room, number: int | None = None) -> tuple[list[Topic], Topic | None]:
    """The open topics that are listed beside the messages, and the one that is shown: that with the number, be it
    closed or a signpost, or the latest open one where none is asked for. None where there is none. One query.

    Each has `own_level`: how much the reader wants to be told of it, where they said so.
    """
    scope = Concat(Value(f"room:{room.key}."), Cast(OuterRef("number"), CharField()))
    of_room = Topic.objects.filter(room_id=room.pk).annotate(own_level=own_level(reader, scope))
    rows = of_room.filter(_OPEN | Q(number=number)) if number is not None else of_room.filter(_OPEN)
    shown_first = Case(When(number=number or 0, then=0), default=1)
    found = list(
        _lines(rows, reader)
        .select_related("opened_by", "merged_into")
        .order_by(shown_first, "-is_pinned", "-last_at", "-pk")[: LISTED + 1]
    )
    for one in found:
        one.room = room
    listed = [one for one in found if one.is_open]
    listed.sort(key=lambda one: (one.is_pinned, one.last_at, one.pk), reverse=True)
    if number is None:
        return listed[:LISTED], max(listed, key=lambda one: (one.last_at, one.pk), default=None)
    return listed[:LISTED], next((one for one in found if one.number == number), None)


def shown_topic(reader: User, room: Room, number: int | None = None) -> Topic | None:
    """The topic with the number, or the one of a conversation, with what is new in it; None where there is none."""
    rows = Topic.objects.filter(room_id=room.pk)
    rows = rows if number is None else rows.filter(number=number)
    found = with_unread(rows, reader).select_related("opened_by", "merged_into").first()
    if found is not None:
        found.room = room
    return found


def people_beside(topics: Collection[Topic]) -> set[int]:
    """Who opened the topics and who wrote in them last."""
    writers: set[int] = {writer for one in topics if (writer := getattr(one, "last_author_id", None)) is not None}
    return writers | {one.opened_by_id for one in topics}


def hide_people(reader: User, room: Room, topics: Collection[Topic], hidden: Collection[int] | None = None) -> None:
    """Take out of `topics` the names that `reader`, who has no place in the group, is not told. `hidden` are those
    people, where they are known; otherwise one query."""
    if room.workspace is None or place_in(reader, room.workspace) is not None:
        return
    if hidden is None:
        hidden = people_hidden_from(reader, room.workspace, people_beside(topics))
    for one in topics:
        one.hides_opener = one.opened_by_id in hidden  # type: ignore[attr-defined]  # for the template
        if getattr(one, "last_author_id", None) in hidden:
            one.last_by = ""  # type: ignore[attr-defined]  # an annotation


def with_unread(topics: QuerySet[Topic], reader: User) -> QuerySet[Topic]:
    """Each with `unread`: how many messages are new to the reader, and `mark`, how far they have read (or None).

    No more than `COUNTED` of a topic are counted: nobody wants to know how many of a hundred thousand are new, and
    counting them would take a second for each page.
    """
    always, never = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    took_part = [When(room__workspace_id=place.workspace_id, then=place.since) for place in places_of(reader).values()]
    marked = topics.annotate(
        own=FilteredRelation("marks", condition=Q(marks__person_id=reader.pk)),
        mark=F("own__number"),
        mark_at=F("own__at"),
    ).annotate(
        read_to=Coalesce("own__number", 0),
        new_since=Case(
            When(Q(own__number__isnull=False) | Q(room__workspace__isnull=True), then=Value(always)),
            *took_part,
            default=Value(never),
            output_field=DateTimeField(),
        ),
    )
    new = (
        Message.objects.filter(unexpired(), topic_id=OuterRef("pk"), deleted_at__isnull=True)
        .filter(number__gt=OuterRef("read_to"), at__gt=OuterRef("new_since"))
        .exclude(author_id=reader.pk)
        .order_by("-number")
    )
    numbers = ArraySubquery(new.values("number")[:COUNTED])
    return marked.annotate(unread=Func(numbers, function="CARDINALITY", output_field=IntegerField()))


def _unread(reader: User, since: Q) -> QuerySet[Message]:
    """What others wrote after the reader's mark in its topic, or, where there is none, `since`. Of each room only the
    newest: sums look no further back, see `with_unread`."""
    return (
        Message.objects.filter(unexpired(), deleted_at__isnull=True, number__gt=F("room__message_head") - RECENT)
        .exclude(author_id=reader.pk)
        .alias(own=FilteredRelation("topic__marks", condition=Q(topic__marks__person_id=reader.pk)))
        .filter(Q(own__number__lt=F("number")) | (Q(own__number__isnull=True) & since))
        .order_by()
    )


def unread_in_groups(reader: User, workspaces: Collection[int]) -> QuerySet[Message]:
    """The messages in open topics of these groups that are new to the reader, each with `of_workspace`.

    Where the reader has opened a topic, those after that; else those since the reader takes part. Whoever reads in an
    open group without a place there has nothing to catch up with until they have opened a topic.
    """
    since = Q(pk__in=[])
    for place in places_of(reader).values():
        since |= Q(room__workspace_id=place.workspace_id, at__gt=place.since)
    new = _unread(reader, since).filter(
        room__workspace_id__in=workspaces, topic__closed_at__isnull=True, topic__merged_into__isnull=True
    )
    return new.annotate(of_workspace=F("room__workspace_id"))


def unread_by_conversation(reader: User, room_ids: Collection[int]) -> Mapping[int, int]:
    """How many messages are new to the reader, by conversation; one query."""
    counted = _unread(reader, ALL).filter(room_id__in=room_ids).values("room_id").annotate(n=Count("pk"))
    return dict(counted.values_list("room_id", "n"))


def unread_in_conversations(reader: User) -> Subquery:
    """How many messages in the reader's conversations are new to them, as an expression for the rail."""
    own = Companion.objects.filter(person_id=reader.pk, left_at__isnull=True)
    new = _unread(reader, ALL).filter(room_id__in=own.values("room_id"), room__workspace__isnull=True)
    return Subquery(new.annotate(n=Func(F("pk"), function="COUNT", output_field=IntegerField())).values("n"))


def news_of(reader: User, workspace: Workspace, since: datetime) -> list[Topic]:
    """The topics of the group with something new to the reader that was written after `since`, latest first, a handful;
    one query."""
    rows = Topic.objects.filter(_OPEN, room__workspace_id=workspace.pk, last_at__gt=since).select_related("room")
    topics = list(_lines(rows, reader).order_by("-last_at")[:LISTED])
    for topic in topics:
        topic.room.workspace = workspace
    return [topic for topic in topics if topic.unread][:5]  # type: ignore[attr-defined]  # an annotation


def activity(workspace_ids: Sequence[int], since: datetime) -> Mapping[int, int]:
    """How many messages were written in each group since then; a bare number, for who may not read them."""
    rows = Message.objects.filter(room__workspace_id__in=workspace_ids, at__gt=since).order_by()
    return dict(rows.values("room__workspace_id").annotate(n=Count("pk")).values_list("room__workspace_id", "n"))
