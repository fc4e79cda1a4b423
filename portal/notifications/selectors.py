"""Reads about a person's notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.notifications.models import Notification

if TYPE_CHECKING:
    from portal.accounts.models import User


def unread_count(person: User) -> int:
    """How many notifications of `person` wait unread."""
    return Notification.objects.filter(person_id=person.pk, read_at__isnull=True).count()
