"""Who may read which notification: everyone their own, nobody another's. Who is told from where: who may hear there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from portal.notifications.models import Notification, ScopeLevel
from portal.notifications.selectors import ALL, family_of, is_held, levels_at, levels_of, mailed_kinds, reaches
from portal.registry import NotificationKind, announced

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


def can_hear_from(person_id: int, scope: str) -> bool:
    """Whether a person may be told what comes from a place now; "" is from nowhere, which everyone may.

    False for a place of no announced family, whatever text it is: the app that could know is gone.
    """
    return not unheard([(person_id, scope)])


def levels_visible_to(actor: User) -> QuerySet[ScopeLevel]:
    """The levels that `actor` set at places where they may still hear."""
    chosen = ScopeLevel.objects.filter(person_id=actor.pk).order_by("scope")
    silent = unheard([(actor.pk, scope) for scope in chosen.values_list("scope", flat=True)])
    return chosen.exclude(scope__in=[scope for _person_id, scope in silent])


def reached_from(scope: str, person_ids: Collection[int], *, kind: NotificationKind) -> set[int]:
    """Those of the people who are told of `kind` from a place: they may hear there, and their level lets it through."""
    heard = hearing(person_ids, scope)
    return {pk for pk, level in levels_of(heard, scope).items() if reaches(level, kind)}


def is_reached(person_id: int, scope: str, *, kind: NotificationKind) -> bool:
    """Whether a person is told of `kind` from a place, or from nowhere, now; asked again before each mail."""
    try:
        return not scope or person_id in reached_from(scope, [person_id], kind=kind)
    except LookupError:  # the app that could know is gone
        return False


def still_wanted(person: User, notifications: Iterable[Notification]) -> list[Notification]:
    """Those of a person's notifications that go into a mail now: of a kind that they want mailed, and from places where
    they may hear and chose a level that it reaches. The same few queries however many there are.
    """
    mailed = mailed_kinds(person)
    wanted = [one for one in notifications if mailed[ALL] and mailed.get(one.kind)]
    pairs = {(person.pk, one.scope) for one in wanted}
    heard = pairs - unheard(pairs)
    levels = levels_at(person.pk, {scope for _person_id, scope in heard if scope})
    kinds = announced.notification_kinds
    return [
        one
        for one in wanted
        if (person.pk, one.scope) in heard and (not one.scope or reaches(levels[one.scope], kinds[one.kind]))
    ]


def hearing(person_ids: Collection[int], scope: str) -> set[int]:
    """Those of the people who may be told what comes from a place. LookupError for one of no announced family."""
    family, key = family_of(scope)
    return {person_id for person_id, _key in family.heard([(person_id, key) for person_id in person_ids])}


def unheard(pairs: Collection[tuple[int, str]]) -> set[tuple[int, str]]:
    """Those of `pairs` of person and place in which the person may not be told; each family is asked once."""
    asked, silent = defaultdict(set), set()
    for person_id, scope in pairs:
        try:
            family, key = family_of(scope)
        except LookupError:
            silent |= {(person_id, scope)} if scope else set()
        else:
            asked[family.name].add((person_id, key))
    for name, of_family in asked.items():
        heard = announced.notification_scopes[name].heard(of_family)
        silent |= {(person_id, f"{name}:{key}") for person_id, key in of_family - heard}
    return silent
