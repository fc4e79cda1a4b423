"""Who may read what is held about a person, and who may erase them."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.access.policies import is_secretariat
from portal.accounts.models import User
from portal.privacy.models import ErasureRequest

Reader = User | AnonymousUser


def can_read_held(actor: Reader, person: User) -> bool:
    """Whether `actor` may read all that is held about `person`, and take it along: only they themselves."""
    return isinstance(actor, User) and actor.is_active and actor.pk == person.pk


def can_ask(actor: Reader, person: User) -> bool:
    """Whether `actor` may ask for `person` to be erased after the days of grace: only they themselves."""
    return isinstance(actor, User) and actor.is_active and actor.pk == person.pk


def can_erase(actor: Reader, person: User) -> bool:
    """Whether `actor` may erase `person` at once: the Secretariat, anybody but themselves."""
    return is_secretariat(actor) and actor.pk != person.pk and person.erased_at is None


def can_see_request(actor: Reader, request: ErasureRequest) -> bool:
    """Whether `actor` may know of that wish: the Secretariat. Its owner holds a link instead, their account is closed.

    Half of `visible_to`.
    """
    return is_secretariat(actor) and request.is_open


def visible_to(actor: Reader) -> QuerySet[ErasureRequest]:
    """The open wishes that `actor` may know of; the other half of `can_see_request`."""
    if not is_secretariat(actor):
        return ErasureRequest.objects.none()
    return ErasureRequest.objects.filter(withdrawn_at__isnull=True, carried_out_at__isnull=True)
