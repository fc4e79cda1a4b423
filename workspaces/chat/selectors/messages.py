"""Messages as pages show them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from memberships.organisations.models import Organisation
from portal.accounts.models import User
from portal.ui.formats import local
from portal.ui.marks import language_mark
from workspaces.chat import policies
from workspaces.chat.models import Mention, Message, Position, Reaction, Room, Topic
from workspaces.chat.rendering import plain, rendered
from workspaces.groups.registry import attachments

PER_PAGE: Final = 50
PER_PAGE_LOW: Final = 20


@dataclass(frozen=True)
class Sign:
    """One kind of reaction to a message."""

    sign: str
    label: str
    count: int
    own: bool


@dataclass
class Shown:
    """A message as one reader, or one audience, is shown it. Of whom it hides neither name nor organisation is said."""

    message: Message
    hidden: bool = False
    hides_answered: bool = False  # whom it answers is not named
    hides_proposer: bool = False  # the organisation that proposes it is not named
    signs: list[Sign] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    opens_day: date | None = None  # the first one of a day, in the reader's time zone
    first_unread: bool = False
    own: bool = False

    @cached_property
    def html(self) -> SafeString:
        """What it says, and at its end in which language, where that is not the page's."""
        made = rendered(self.message.body, self.message.names)  # type: ignore[attr-defined]  # an annotation
        if not self.foreign or not made:
            return made
        mark = language_mark(self.message.language)
        if made.rstrip().endswith("</p>"):
            return mark_safe(f"{made.rstrip().removesuffix('</p>')} {mark}</p>")  # noqa: S308 - both are made by us
        return made + mark

    @property
    def foreign(self) -> bool:
        """Whether it is said to be in another language than the page."""
        return bool(self.message.language) and self.message.language != get_language()

    @property
    def reply(self) -> str:
        """The beginning of what it answers."""
        answered = self.message.reply_to
        return plain(answered.body)[:120] if answered is not None and answered.body else ""

    @property
    def decision(self) -> Any:
        """What it proposes to decide, with `agree` and `object`, the numbers of organisations; or None."""
        decision = policies.decision_of(self.message)
        if decision is not None:
            decision.agree, decision.object = self.message.agree, self.message.object  # type: ignore[attr-defined]
        return decision


def whole() -> QuerySet[Message]:
    """Messages with all that showing one takes: who, for whom, what they answer, whom they call, what they propose."""
    named = Mention.objects.filter(message_id=OuterRef("pk")).order_by("pk")
    names = named.annotate(called=Coalesce("person__name", "organisation__name", "organisation__acronym"))
    taken = Position.objects.filter(decision__message_id=OuterRef("pk")).order_by().values("decision_id")
    counted = taken.annotate(n=Count("pk")).values("n")
    return (
        Message.objects.filter(policies.unexpired())
        .select_related("author", "acting_for", "deleted_by", "reply_to__author", "decision__proposed_for", "topic")
        .annotate(
            names=ArraySubquery(names.exclude(called=None).values("called")),
            agree=Coalesce(_number(counted.filter(stance=Position.Stance.AGREES)), 0),
            object=Coalesce(_number(counted.filter(stance=Position.Stance.OBJECTS)), 0),
        )
    )


def _with_signs(messages: QuerySet[Message], reader: User) -> QuerySet[Message]:
    """Each with what `_signs` asks."""
    counted: QuerySet[Any, Any] = _counted_signs(Reaction.objects.filter(message_id=OuterRef("pk")), reader)
    told = counted.annotate(told=JSONObject(sign="sign", n="n", mine="mine")).values("told")
    return messages.annotate(counted_signs=ArraySubquery(told))


def _number(rows: QuerySet[Any, Any]) -> Any:
    return Subquery(rows, output_field=IntegerField())


@dataclass
class Window:
    """Some messages of a topic, one after the other, and whether there are others before and after."""

    messages: list[Shown]
    older: bool
    newer: bool
    hidden: Collection[int] = frozenset()  # the people whom the reader is not shown, of those who were asked about

    @property
    def first(self) -> int:
        """The number of the first one."""
        return self.messages[0].message.number if self.messages else 0

    @property
    def last(self) -> int:
        """The number of the last one."""
        return self.messages[-1].message.number if self.messages else 0


@dataclass(frozen=True)
class Place:
    """Which part of a topic is asked for: the end of it, what is before or after a message, or what is around one."""

    before: int | None = None
    after: int | None = None
    around: int | None = None


def window(
    reader: User,
    topic: Topic,
    place: Place,
    *,
    size: int = PER_PAGE,
    mark: int | None = None,
    besides: Collection[int] = (),
) -> Window:
    """The part of the topic that `place` asks for; `mark` is how far the reader has read it. `besides` are people whom
    the page names besides, so that all are asked about at once.

    One query (two around a message), one more where there are files, and one for who only visits an open group.
    """
    rows = _with_signs(whole().filter(topic_id=topic.pk), reader)
    if place.after is not None:
        found = list(rows.filter(number__gt=place.after).order_by("number")[: size + 1])
        part, older, newer = found[:size], True, len(found) > size
    elif place.around is not None:
        before = list(rows.filter(number__lt=place.around).order_by("-number")[: size // 2 + 1])
        after = list(rows.filter(number__gte=place.around).order_by("number")[: size // 2 + 1])
        part = [*reversed(before[: size // 2]), *after[: size // 2]]
        older, newer = len(before) > size // 2, len(after) > size // 2
    else:
        rows = rows.filter(number__lt=place.before) if place.before is not None else rows
        found = list(rows.order_by("-number")[: size + 1])
        part, older, newer = found[:size][::-1], len(found) > size, place.before is not None
    hidden = _hidden(part, topic.room, reader, "", besides)
    messages = shown(part, topic.room, reader=reader, hidden=hidden)
    return Window(_laid_out(messages, reader, mark), older, newer, hidden)


def _laid_out(messages: list[Shown], reader: User, mark: int | None) -> list[Shown]:
    """Say where a day begins, and where the new ones do."""
    before: Message | None = None
    marked = mark is None
    for one in messages:
        message, day = one.message, local(one.message.at).date()
        if before is None or local(before.at).date() != day:
            one.opens_day = day
        if not marked and mark is not None and message.number > mark and not one.own and not message.is_deleted:
            one.first_unread = marked = True
        before = message
    return messages


def shown(
    messages: Sequence[Message],
    room: Room,
    *,
    reader: User | None = None,
    audience: str = "",
    hidden: Collection[int] | None = None,
    bare: bool = False,
) -> list[Shown]:
    """`messages` (from `whole`) as `reader` is shown them, or all of an audience where there is no reader.

    `audience` "reader" are those who read in an open group without a place there. `hidden` are the people who are not
    shown, where they are known. `bare`: without signs and files.
    """
    for message in messages:
        message.room = message.topic.room = room
    signs = _signs(messages, reader) if not bare else {}
    files = _files(messages, room, reader) if not bare else {}
    if hidden is None:
        hidden = _hidden(messages, room, reader, audience)
    visitor: User | AnonymousUser | None = reader or (AnonymousUser() if audience == "reader" else None)

    def is_hidden(organisation: Organisation | None) -> bool:
        if room.workspace is None or visitor is None:
            return False
        return policies.hides_organisation(visitor, room.workspace, organisation)

    return [
        Shown(
            message=message,
            hidden=message.author_id in hidden or is_hidden(message.acting_for),
            hides_answered=message.reply_to is not None and message.reply_to.author_id in hidden,
            hides_proposer=_proposes(message) and is_hidden(message.decision.proposed_for),
            signs=signs.get(message.pk, []),
            files=[files[number] for number in message.files if number in files],
            own=reader is not None and message.author_id == reader.pk,
        )
        for message in messages
    ]


def _proposes(message: Message) -> bool:
    return policies.decision_of(message) is not None


def _counted_signs(reactions: QuerySet[Any, Any], reader: User | None) -> QuerySet[Any, Any]:
    own = Q(person_id=reader.pk) if reader is not None else Q(pk__in=[])
    grouped = reactions.order_by().values("message_id", "sign")
    counted: QuerySet[Any, Any] = grouped.annotate(n=Count("pk"), mine=Count("pk", filter=own))
    return counted


def _signs(messages: Sequence[Message], reader: User | None) -> dict[int, list[Sign]]:
    """The reactions, counted once each, in the order in which signs are offered; one query for those messages that
    were read without them."""
    rows = [{**row, "message_id": one.pk} for one in messages for row in getattr(one, "counted_signs", ())]
    if unasked := [one.pk for one in messages if not hasattr(one, "counted_signs")]:
        rows += _counted_signs(Reaction.objects.filter(message_id__in=unasked), reader)
    order = {value: place for place, value in enumerate(Reaction.Sign.values)}
    found: dict[int, list[Sign]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: order.get(row["sign"], 99)):
        label = str(Reaction.Sign(row["sign"]).label) if row["sign"] in order else row["sign"]
        found[row["message_id"]].append(Sign(row["sign"], label, row["n"], bool(row["mine"])))
    return found


def _files(messages: Sequence[Message], room: Room, reader: User | None) -> Mapping[int, str]:
    numbers = sorted({number for message in messages for number in message.files})
    keeper = next(iter(attachments), None)
    if not numbers or keeper is None or room.workspace is None:
        return {}
    return keeper.render(reader, room.workspace, numbers, get_language() or "en")


def _hidden(
    messages: Sequence[Message], room: Room, reader: User | None, audience: str, besides: Collection[int] = ()
) -> set[int]:
    if room.workspace is None:
        return set()
    authors = {*besides, *(message.author_id for message in messages)}
    authors |= {message.reply_to.author_id for message in messages if message.reply_to is not None}
    if reader is not None:
        return policies.people_hidden_from(reader, room.workspace, authors)
    return policies.people_hidden_from(AnonymousUser(), room.workspace, authors) if audience == "reader" else set()


def message_in(room: Room, number: int) -> Message | None:
    """The message with that number, as `whole`; None where there is none (any more). Asks no rights."""
    found = whole().filter(room_id=room.pk, number=number).first()
    if found is not None:
        found.room = room
        found.topic.room = room
    return found


def pinned_in(room: Room) -> QuerySet[Message]:
    """The pinned messages, latest pin first."""
    return whole().filter(room_id=room.pk, pinned_at__isnull=False).order_by("-pinned_at")
