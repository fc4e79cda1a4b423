"""Letting someone back in whose second factors are all lost: two of the Secretariat, and a time to object.

One of the Secretariat starts it with a reason, another one confirms it within `CONFIRM_WITHIN`. The person is told of
each step at their address and in the inbox, where devices that are signed in show it, and can stop it, as can anyone of
the Secretariat. After `OBJECTION` a link goes to their address. It asks for the password, which neither of the two
knows, takes the lost factors away and signs in, so that new ones can be set. A password reset alone never does that.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.access.refusal import Refused
from portal.accounts import policies
from portal.accounts.known_devices import devices_forget
from portal.accounts.models import AccountRecovery, User
from portal.accounts.services.sessions import sessions_end_others
from portal.accounts.tasks import recovery_mail
from portal.accounts.tokens import new_seed, token_hash, token_of
from portal.audit.services import record
from portal.live.services import publish
from portal.notifications.services import notify

CONFIRM_WITHIN: Final = timedelta(days=7)
OBJECTION: Final = timedelta(hours=24)
LINK_WORKS: Final = timedelta(days=3)


class RecoveryClosed(Exception):
    """This step cannot be taken any more, or not yet. `state` as `AccountRecovery.state`, or "unknown"."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


@transaction.atomic
def recovery_start(actor: User, *, person: User, reason: str) -> AccountRecovery:
    """Be the first of the two. Raises Refused, also where one runs already."""
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if not policies.can_start_recovery(actor, person):
        raise Refused(_("Only the Secretariat can recover the account of somebody else."))
    now = timezone.now()
    running = AccountRecovery.objects.filter(person=person, cancelled_at__isnull=True, finished_at__isnull=True)
    running.filter(expires_at__lte=now).update(cancelled_at=now)
    if running.exists():
        raise Refused(_("A recovery of this account runs already."))
    seed = new_seed()
    recovery = AccountRecovery.objects.create(
        person=person,
        reason=reason,
        started_by=actor,
        expires_at=now + CONFIRM_WITHIN,
        cancel_hash=token_hash(token_of(seed)),
    )
    record(actor, verb="recovery.started", target=person)
    _tell(recovery, "started", seed)
    return recovery


@transaction.atomic
def recovery_confirm(actor: User, *, recovery: AccountRecovery) -> AccountRecovery:
    """Be the second of the two; the time to object begins. Raises Refused, and RecoveryClosed where it has ended."""
    recovery = _locked(recovery.pk)
    if recovery.state != "started":
        raise RecoveryClosed(recovery.state)
    if not policies.can_confirm_recovery(actor, recovery):
        raise Refused(_("A second person of the Secretariat confirms, who did not start it and whom it is not for."))
    now, seed, link_seed = timezone.now(), new_seed(), new_seed()
    recovery.confirmed_by, recovery.confirmed_at = actor, now
    recovery.opens_at = now + OBJECTION
    recovery.expires_at = recovery.opens_at + LINK_WORKS
    recovery.cancel_hash, recovery.link_hash = token_hash(token_of(seed)), token_hash(token_of(link_seed))
    recovery.save()
    record(actor, verb="recovery.confirmed", target=recovery.person)
    _tell(recovery, "confirmed", seed)
    later = recovery_mail.configure(schedule_at=recovery.opens_at)
    later.defer(recovery_id=recovery.pk, step="open", seed=link_seed)
    return recovery


@transaction.atomic
def recovery_cancel(actor: User, *, recovery: AccountRecovery) -> AccountRecovery:
    """End it. Raises Refused, and RecoveryClosed where it has ended."""
    recovery = _locked(recovery.pk)
    if recovery.state not in {"started", "confirmed", "open"}:
        raise RecoveryClosed(recovery.state)
    if not policies.can_cancel_recovery(actor, recovery):
        raise Refused(_("Only the Secretariat and the person themselves can stop a recovery."))
    return _cancel(recovery, actor)


@transaction.atomic
def recovery_cancel_by_link(token: str) -> AccountRecovery:
    """End it for whoever reads the person's mail and did not ask for it. Raises RecoveryClosed."""
    found = AccountRecovery.objects.filter(cancel_hash=token_hash(token)).values_list("pk", flat=True).first()
    if found is None:
        raise RecoveryClosed("unknown")
    recovery = _locked(found)
    if recovery.state not in {"started", "confirmed", "open"}:
        raise RecoveryClosed(recovery.state)
    return _cancel(recovery, recovery.person)


@transaction.atomic
def recovery_finish(token: str, *, person: User) -> AccountRecovery:
    """Take the lost factors away from `person`, who has the link and just gave the password. Raises RecoveryClosed.

    All sessions end and no browser is known any more: who found the old factors may have used them.
    """
    recovery = recovery_with(token)
    if recovery is None or recovery.person_id != person.pk:
        raise RecoveryClosed("unknown")
    recovery = _locked(recovery.pk)
    if recovery.state != "open" or not person.is_active:
        raise RecoveryClosed(recovery.state)
    recovery.finished_at = timezone.now()
    recovery.save(update_fields=["finished_at"])
    Authenticator.objects.filter(user_id=person.pk).delete()
    devices_forget(person)
    sessions_end_others(person, session_key="")
    record(person, verb="recovery.finished", target=person)
    publish(f"rights:{person.pk}", kind="rights.changed")
    _tell(recovery, "finished")
    return recovery


def recovery_with(token: str) -> AccountRecovery | None:
    """The recovery that a link belongs to, in whatever state."""
    return AccountRecovery.objects.select_related("person").filter(link_hash=token_hash(token)).first()


def recovery_to_cancel(token: str) -> AccountRecovery | None:
    """The recovery that the link for stopping it belongs to, in whatever state."""
    return AccountRecovery.objects.select_related("person").filter(cancel_hash=token_hash(token)).first()


def _locked(pk: int) -> AccountRecovery:
    return AccountRecovery.objects.select_for_update(of=("self",)).select_related("person").get(pk=pk)


def _cancel(recovery: AccountRecovery, actor: User) -> AccountRecovery:
    recovery.cancelled_at, recovery.cancelled_by = timezone.now(), actor
    recovery.save(update_fields=["cancelled_at", "cancelled_by"])
    record(actor, verb="recovery.cancelled", target=recovery.person)
    _tell(recovery, "cancelled")
    return recovery


def _tell(recovery: AccountRecovery, step: str, seed: str = "") -> None:
    """At the address, and in the inbox of devices that are signed in."""
    recovery_mail.defer(recovery_id=recovery.pk, step=step, seed=seed)
    notify([recovery.person], kind="account.recovery", payload={"step": step}, url=reverse("accounts:security"))
