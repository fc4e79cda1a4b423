"""Reads about a person's notifications."""

from portal.accounts.models import User
from portal.notifications.models import Notification


def unread_count(person: User) -> int:
    """How many notifications of `person` wait unread."""
    return Notification.objects.filter(person_id=person.pk, read_at__isnull=True).count()
