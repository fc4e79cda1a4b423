"""Who may lock another's account, and who may undo it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.access.policies import is_secretariat
from portal.accounts.models import AccountRecovery, Lockdown, User
from portal.registry import announced

Reader = User | AnonymousUser

PROPOSAL_HOLDS: Final = timedelta(days=7)
"""After that the second person would confirm what the first knew a week ago."""


def can_keep(actor: Reader, person: User) -> bool:
    """Whether `actor` may lock the account of `person`, see that it is locked, and take part in undoing it.

    The Secretariat, and whom an app announces (administrators, for their colleagues); nobody for themselves.
    """
    return isinstance(actor, User) and actor.pk != person.pk and kept_by(actor).filter(pk=person.pk).exists()


def kept_by(actor: Reader) -> QuerySet[User]:
    """The people whose accounts `actor` may lock; the other half of `can_keep`."""
    if not isinstance(actor, User) or not actor.is_active:
        return User.objects.none()
    others = User.objects.filter(erased_at__isnull=True).exclude(pk=actor.pk)
    if is_secretariat(actor):
        return others
    kept = Q(pk__in=())
    for keeper in announced.lockdown_keepers:
        kept |= Q(pk__in=keeper.kept_by(actor).values("pk"))
    return others.filter(kept)


def keepers_of(person: User) -> QuerySet[User]:
    """Those beside the Secretariat who are told that the account of `person` is locked."""
    keepers = Q(pk__in=())
    for keeper in announced.lockdown_keepers:
        keepers |= Q(pk__in=keeper.keepers_of(person).values("pk"))
    return User.objects.filter(keepers, is_active=True).exclude(pk=person.pk)


def can_see_lockdown(actor: Reader, lockdown: Lockdown) -> bool:
    """Whether `actor` may know of this lock-down; half of `lockdowns_visible_to`."""
    return can_keep(actor, lockdown.person)


def lockdowns_visible_to(actor: Reader) -> QuerySet[Lockdown]:
    """The lock-downs that `actor` may know of, past ones too."""
    return Lockdown.objects.filter(person__in=kept_by(actor).values("pk"))


def has_proposal(lockdown: Lockdown) -> bool:
    """Whether somebody has proposed to undo it, lately, and may still do so."""
    if lockdown.proposed_by is None or lockdown.proposed_at is None:
        return False
    return lockdown.proposed_at > timezone.now() - PROPOSAL_HOLDS and can_keep(lockdown.proposed_by, lockdown.person)


def can_propose_unlocking(actor: Reader, lockdown: Lockdown) -> bool:
    """Whether `actor` may be the first of the two."""
    return lockdown.is_open and not has_proposal(lockdown) and can_keep(actor, lockdown.person)


def can_confirm_unlocking(actor: Reader, lockdown: Lockdown) -> bool:
    """Whether `actor` may be the second of the two: somebody else than the first, one of them of the Secretariat.

    Administrators of one organisation may sit in the same raided office; the Secretariat sits elsewhere.
    """
    first = lockdown.proposed_by
    return (
        lockdown.is_open
        and first is not None
        and first.pk != actor.pk
        and has_proposal(lockdown)
        and can_keep(actor, lockdown.person)
        and (is_secretariat(actor) or is_secretariat(first))
    )


def can_start_recovery(actor: Reader, person: User) -> bool:
    """Whether `actor` may begin to let `person` back in whose second factors are lost: the Secretariat, for others."""
    return is_secretariat(actor) and actor.pk != person.pk and person.is_active


def can_confirm_recovery(actor: Reader, recovery: AccountRecovery) -> bool:
    """Whether `actor` may be the second of two: of the Secretariat, and neither who started it nor who it is for."""
    others = {recovery.started_by_id, recovery.person_id}
    return is_secretariat(actor) and recovery.state == "started" and actor.pk not in others


def can_cancel_recovery(actor: Reader, recovery: AccountRecovery) -> bool:
    """Whether `actor` may end it before it did anything: anyone of the Secretariat, and the person it is for."""
    is_running = recovery.state in {"started", "confirmed", "open"}
    return is_running and (is_secretariat(actor) or actor.pk == recovery.person_id)


def recoveries_visible_to(actor: Reader) -> QuerySet[AccountRecovery]:
    """The recoveries that `actor` may know of: the Secretariat all, others their own."""
    if is_secretariat(actor):
        return AccountRecovery.objects.all()
    return AccountRecovery.objects.filter(person_id=actor.pk or 0)
