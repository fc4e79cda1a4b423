"""What the inbox and the bell show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.db.models import Count, Subquery
from django.utils import timezone

from portal.live.models import Topic
from portal.notifications.models import Notification
from portal.registry import Text, announced

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from portal.accounts.models import User


def unread_count(person: User) -> int:
    """How many notifications of `person` wait unread."""
    return Notification.objects.filter(person_id=person.pk, read_at__isnull=True).count()


@dataclass(frozen=True)
class Bell:
    """What the bell in the top bar shows: how many wait unread, and how far the live topic of the inbox had come."""

    person_id: int
    unread: int
    head: int


def bell_of(person: User) -> Bell:
    """The bell of `person`, in one query, so that it costs every page the same as a bare number."""
    return bell_and(person, [])[0]


def bell_and(person: User, besides: Sequence[Combinable]) -> tuple[Bell, list[int]]:
    """The bell of `person`, and the numbers that `besides` make, all in one query."""
    unread = Notification.objects.filter(person_id=person.pk, read_at__isnull=True).order_by().values("person_id")
    head = Topic.objects.filter(name=f"inbox:{person.pk}").values("head")
    row = (
        get_user_model()
        .objects.filter(pk=person.pk)
        .annotate(bell_unread=Subquery(unread.annotate(n=Count("pk")).values("n")), bell_head=Subquery(head))
        .values_list("bell_unread", "bell_head", *besides)
        .first()
    )
    unread_number, head_number, *numbers = row or (0, 0, *(0 for _one in besides))
    return Bell(person.pk, unread_number or 0, head_number or 0), [number or 0 for number in numbers]


@dataclass(frozen=True)
class Line:
    """One line of the inbox, in the active language."""

    notification: Notification
    label: Text
    sentence: Text


def line_of(notification: Notification) -> Line:
    """What a notification says. One whose app is gone, or whose payload it no longer reads, says only that it was."""
    kind = announced.notification_kinds.get(notification.kind)
    if kind is None:
        return Line(notification, "", notification.kind)
    try:
        sentence = kind.sentence(notification.payload)
    except (KeyError, TypeError, ValueError, AttributeError):  # written by an earlier version
        sentence = kind.label
    return Line(notification, kind.label, sentence)


def lines_of(notifications: Iterable[Notification]) -> list[Line]:
    """The inbox's lines for `notifications`, in their order."""
    return [line_of(notification) for notification in notifications]


@dataclass(frozen=True)
class Day:
    """The lines of one day in the reader's time zone."""

    day: date
    lines: list[Line]

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()


def days_of(lines: Iterable[Line]) -> list[Day]:
    """The lines by day of the active time zone, in their order."""
    grouped = groupby(lines, key=lambda line: timezone.localdate(line.notification.at))
    return [Day(day, list(of_day)) for day, of_day in grouped]
