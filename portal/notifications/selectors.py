"""Reads about a person's notifications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.notifications.models import Notification, Preference
from portal.registry import NotificationKind, Text, announced

if TYPE_CHECKING:
    from portal.accounts.models import User


def unread_count(person: User) -> int:
    """How many notifications of `person` wait unread."""
    return Notification.objects.filter(person_id=person.pk, read_at__isnull=True).count()


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


def wanting_mail(person_ids: Sequence[int], *, kind: NotificationKind) -> set[int]:
    """Those of the people to whom `kind` is mailed: by their own choice, else by the kind's default. One query."""
    chosen = Preference.objects.filter(person_id__in=person_ids, kind=kind.name).values_list("person_id", "mailed")
    choices = dict(chosen)
    return {person_id for person_id in person_ids if choices.get(person_id, kind.mailed)}


def mailed_kinds(person: User) -> dict[str, bool]:
    """For every announced kind, whether it is mailed to `person`."""
    choices = dict(Preference.objects.filter(person_id=person.pk).values_list("kind", "mailed"))
    return {kind.name: choices.get(kind.name, kind.mailed) for kind in announced.notification_kinds}
