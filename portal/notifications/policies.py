"""Who may read which notification: everyone their own, nobody another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.notifications.models import Notification
from portal.notifications.selectors import is_held

if TYPE_CHECKING:
    from portal.accounts.models import User


def can_see_notification(actor: User | AnonymousUser, notification: Notification) -> bool:
    """Whether `actor` may read it; half of `visible_to`."""
    return not isinstance(actor, AnonymousUser) and actor.is_active and notification.person_id == actor.pk


def visible_to(actor: User | AnonymousUser) -> QuerySet[Notification]:
    """The notifications that `actor` may read, latest first."""
    if isinstance(actor, AnonymousUser) or not actor.is_active:
        return Notification.objects.none()
    return Notification.objects.filter(person_id=actor.pk)


def can_hear_inbox(person: User, key: str) -> bool:
    """Whether `person` may listen to the live topic `inbox:<key>`: only their own."""
    return person.is_active and key == str(person.pk)


def can_stop_mails_of(person_id: int) -> bool:
    """Whether a link in a mail still stops that person's mails: not while others hold their mails back."""
    return not is_held(person_id)
