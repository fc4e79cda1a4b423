"""Reads about a person's notifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db.models import Count, Q, QuerySet, Subquery
from django.utils import timezone

from portal.live.models import Topic
from portal.notifications.models import MailKey, MailSettings, Notification, Preference, ReturnedMail
from portal.registry import NotificationKind, Text, announced

if TYPE_CHECKING:
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
    unread = Notification.objects.filter(person_id=person.pk, read_at__isnull=True).order_by().values("person_id")
    head = Topic.objects.filter(name=f"inbox:{person.pk}").values("head")
    row = (
        get_user_model()
        .objects.filter(pk=person.pk)
        .annotate(bell_unread=Subquery(unread.annotate(n=Count("pk")).values("n")), bell_head=Subquery(head))
        .values_list("bell_unread", "bell_head")
        .first()
    )
    unread_number, head_number = row or (0, 0)
    return Bell(person.pk, unread_number or 0, head_number or 0)


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


ALL: Final = ""
"""The kind under which a person's choice about all kinds is kept."""


def wanting_mail(person_ids: Sequence[int], *, kind: NotificationKind) -> set[int]:
    """Those of the people to whom `kind` is mailed: by their own choice, else by the kind's default. One query."""
    chosen = Preference.objects.filter(person_id__in=person_ids, kind__in=(kind.name, ALL))
    choices = {
        (person_id, name): mailed for person_id, name, mailed in chosen.values_list("person_id", "kind", "mailed")
    }
    return {
        person_id
        for person_id in person_ids
        if choices.get((person_id, ALL), True) and choices.get((person_id, kind.name), kind.mailed)
    }


def mailed_kinds(person: User) -> dict[str, bool]:
    """For every announced kind, whether it is mailed to `person`, and under ALL whether any is."""
    choices = dict(Preference.objects.filter(person_id=person.pk).values_list("kind", "mailed"))
    kinds = {kind.name: choices.get(kind.name, kind.mailed) for kind in announced.notification_kinds}
    return {ALL: choices.get(ALL, True), **kinds}


def is_discreet(person: User) -> bool:
    """Whether mails to `person` say only that something awaits: as they chose, else as somebody advises for them."""
    chosen = MailSettings.objects.filter(person_id=person.pk).values_list("discreet", flat=True).first()
    return is_discretion_advised(person) if chosen is None else chosen


def is_discretion_advised(person: User) -> bool:
    """Whether some app knows a reason why mails to `person` had better say nothing."""
    return any(discretion.advised(person) for discretion in announced.mail_discretions)


def is_held(person_id: int) -> bool:
    """Whether some app holds that person's mails back now, because their account is locked for example."""
    return not all(gate.may_mail(person_id) for gate in announced.mail_gates)


def mail_key_of(person: User) -> MailKey | None:
    """The key that mails to `person` are encrypted to, usable or not."""
    return MailKey.objects.filter(person_id=person.pk).first()


def returned_mails() -> QuerySet[ReturnedMail]:
    """Addresses that take no mail, latest first: those still in use, and those of people who were invited."""
    in_use = Q(person__isnull=True) | Q(person__is_active=True)
    return ReturnedMail.objects.filter(in_use).select_related("person")


def returned_to(person: User) -> ReturnedMail | None:
    """What is known of mails to the present address of `person` that came back."""
    return ReturnedMail.objects.filter(email=person.email.lower()).first()
