"""Who may read the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.access.policies import is_secretariat
from portal.audit.models import Entry

if TYPE_CHECKING:
    from portal.accounts.models import User


def can_read(actor: User | AnonymousUser, entry: Entry) -> bool:
    """Whether `actor` may read this entry: the Secretariat reads all, everyone what they did themselves."""
    return is_secretariat(actor) or (actor.is_active and actor.pk is not None and entry.actor_id == actor.pk)


def visible_to(actor: User | AnonymousUser) -> QuerySet[Entry]:
    """The other half of `can_read`."""
    if is_secretariat(actor):
        return Entry.objects.all()
    if actor.is_active and actor.pk is not None:
        return Entry.objects.filter(actor_id=actor.pk)
    return Entry.objects.none()
