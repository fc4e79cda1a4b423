"""How much a person is told from one place, and what becomes of it when they leave there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from portal.live.services import publish, publish_each
from portal.notifications.models import Notification, ScopeLevel
from portal.notifications.policies import can_hear_from, unheard
from portal.notifications.selectors import around
from portal.registry import Level

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def scope_level_set(actor: User, *, scope: str, level: Level | None) -> None:
    """Choose how much `actor` is told from a place; None: no longer choose there, so that what is around it counts.

    It stays chosen also where it is what would count anyway, for that may change. Raises LookupError where they may
    not hear. It is not recorded: what somebody wants to read is nobody's business.
    """
    if not can_hear_from(actor.pk, scope) or not scope:
        raise LookupError(f"nothing is to be heard from {scope!r}")
    if level is None:
        ScopeLevel.objects.filter(person=actor, scope=scope).delete()
    else:
        ScopeLevel.objects.update_or_create(person=actor, scope=scope, defaults={"level": Level(level)})


@transaction.atomic
def scope_forget(person: User, *, scope: str) -> int:
    """Take back all that `person` was told from a place and from those within it; for whoever leaves it.

    In the caller's transaction it goes out of the inbox, and out of mails and digests that were not sent yet. What they
    chose there is forgotten too. Returns how many lines of the inbox went. LookupError for an unannounced family.
    """
    around(scope)
    places = (
        Notification.objects.filter(person_id=person.pk).exclude(scope="").order_by().values_list("scope", flat=True)
    )
    chosen = ScopeLevel.objects.filter(person_id=person.pk).values_list("scope", flat=True)
    within = [place for place in {*places.distinct(), *chosen} if scope in _around(place)]
    ScopeLevel.objects.filter(person_id=person.pk, scope__in=within).delete()
    gone, _rows = Notification.objects.filter(person_id=person.pk, scope__in=within).delete()
    if gone:
        publish(f"inbox:{person.pk}", kind="notification.forgotten")
    return gone


@transaction.atomic
def unheard_forget(person: User) -> int:
    """Take back what `person` was told from places where they may hear no more, where nobody did as they left.

    Asks each family of places once. Returns how many lines of the inbox went.
    """
    pairs = {(person.pk, scope) for scope in _scopes().filter(person_id=person.pk).values_list("scope", flat=True)}
    return _forget(unheard(pairs))


def unheard_forget_all() -> int:
    """The same for everybody, a thousand pairs of person and place at a time, each in a transaction of its own."""
    gone = 0
    chosen = ScopeLevel.objects.order_by().values_list("person_id", "scope")
    pairs = list(_scopes().values_list("person_id", "scope").union(chosen))
    for start in range(0, len(pairs), 1000):
        with transaction.atomic():
            gone += _forget(unheard(pairs[start : start + 1000]))
    return gone


def _scopes() -> QuerySet[Notification]:
    return Notification.objects.exclude(scope="").order_by().distinct()


def _forget(pairs: Collection[tuple[int, str]]) -> int:
    by_scope = defaultdict(set)
    for person_id, scope in pairs:
        by_scope[scope].add(person_id)
    gone = 0
    people: set[int] = set()
    for scope, person_ids in by_scope.items():
        ScopeLevel.objects.filter(scope=scope, person_id__in=person_ids).delete()
        went, _rows = Notification.objects.filter(scope=scope, person_id__in=person_ids).delete()
        gone += went
        people |= person_ids if went else set()
    if people:
        publish_each({f"inbox:{person_id}": {} for person_id in people}, kind="notification.forgotten")
    return gone


def _around(scope: str) -> list[str]:
    """As `around`; of a family that is gone nothing is known but the place itself."""
    try:
        return around(scope)
    except LookupError:
        return [scope]
